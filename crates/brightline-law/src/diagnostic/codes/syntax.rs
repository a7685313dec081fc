//! L0xx: lines, outlines and statements.

use super::Code;

/// The codes of this group.
pub(super) const CODES: &[Code] = &[
    Code {
        id: "L001",
        title: "the file is too long",
        explanation: r#"A file of more than 4 MiB is not read.
Statutes are short; a file of that size is a table or an accident, and reading it would tie up the
server.

Put lists into CSV tables, and split the text into several `*.law.md` files of the same pack.
"#,
    },
    Code {
        id: "L002",
        title: "a block is not closed",
        explanation: r#"A `law` block runs from its opening fence to a closing fence of the
same marks.
Without the closing fence everything down to the end of the file counts as law, prose included.

Add the closing line.
It has at least as many marks as the opening line and nothing else.

Wrong:

````text
~~~ law
rule (a)
  doc must not hold_person
````

Right:

````text
~~~ law
rule (a)
  doc must not hold_person
~~~
````
"#,
    },
    Code {
        id: "L003",
        title: "a line is indented with a tab",
        explanation: r#"Which line belongs to which is said by indentation alone.
A tab is as wide as the reader's editor makes it, so it could be read in two ways.

Indent with two spaces for each level.

Wrong:

```law
rule (a)
	doc must not hold_person
```

Right:

```law
rule (a)
  doc must not hold_person
```
"#,
    },
    Code {
        id: "L004",
        title: "lines do not line up",
        explanation: r#"Lines that belong to one line are indented by the same number of spaces.
Where they are not, a reader could take a condition to belong to another list than the engine does.

Line them up, or indent the line further if it belongs to the line above it.

Wrong:

```law
rule (a)
  doc must not hold_person when any of
      judicial_warrant
    criminal_process
```

Right:

```law
rule (a)
  doc must not hold_person when any of
    judicial_warrant
    criminal_process
```
"#,
    },
    Code {
        id: "L005",
        title: "unusual indentation",
        explanation: r#"Each level is indented by two spaces, and the outermost by none.
Other widths are read, but make outlines hard to compare.

Run `brightline fmt`.

Wrong:

```law
rule (a)
     doc must not hold_person
```

Right:

```law
rule (a)
  doc must not hold_person
```
"#,
    },
    Code {
        id: "L006",
        title: "lines are nested too deep",
        explanation: r#"An outline has at most 32 levels.
No statute is tabulated so deep; a reader could not follow it either.

Give a part of the condition a name of its own with `define`, and use the name.

Right:

```law
define held_for_court
  when any of
    criminal_process
    sentence_unserved

rule (a)
  doc must not hold_person when held_for_court
```
"#,
    },
    Code {
        id: "L007",
        title: "a fence inside a block",
        explanation: r#"A line of three or more backticks or tildes opens or closes a block.
Inside a `law` block it most likely means that the block above was closed with the wrong marks.

Close the block with the same marks that opened it.

Wrong:

````text
~~~ law
rule (a)
```
~~~
````

Right:

````text
~~~ law
rule (a)
~~~
````
"#,
    },
    Code {
        id: "L008",
        title: "quoted text is not closed",
        explanation: r#"Quoted text begins and ends on one line.
The line is not read, for nobody can say where the text was meant to end.

Put `"` at the end.
A quote inside the text is written `\"`.

Wrong:

```law
paper "I-200" "Warrant for Arrest of Alien
```

Right:

```law
paper "I-200" "Warrant for Arrest of Alien"
```
"#,
    },
    Code {
        id: "L009",
        title: "a block that is almost marked `law`",
        explanation: r#"Only blocks with the info string `law`, in lower case, are read.
A block marked `Law` looks like law to a reader and says nothing to the engine.

Write `law`, or another word altogether if the block is not meant to be read.

Wrong:

````text
~~~ Law
rule (a)
~~~
````

Right:

````text
~~~ law
rule (a)
~~~
````
"#,
    },
    Code {
        id: "L010",
        title: "the line starts with an unknown word",
        explanation: r#"Every line starts with a word that says what it is, and each item
has its own list of such words.
The word at the start of this line is not among them.

Look for a misspelling, or for a line that is indented too little or too far.

Wrong:

```law
rule (a)
  plian "Nobody is held."
  doc must not hold_person
```

Right:

```law
rule (a)
  plain "Nobody is held."
  doc must not hold_person
```
"#,
    },
    Code {
        id: "L011",
        title: "something else was expected",
        explanation: r#"The line is understood up to the marked place; what stands there
cannot follow.

The message says what could.

Wrong:

```law
rule (a)
  doc may hold_person only wehn judicial_warrant
```

Right:

```law
rule (a)
  doc may hold_person only when judicial_warrant
```
"#,
    },
    Code {
        id: "L012",
        title: "the line goes on too long",
        explanation: r#"The line could have ended before the marked place, and what follows
belongs to nothing.

A line is one statement: put the rest on a line of its own, or leave it out.

Wrong:

```law
rule (a)
  doc must not hold_person overnight
```

Right:

```law
rule (a)
  doc must not hold_person
```
"#,
    },
    Code {
        id: "L013",
        title: "nothing can stand under a line",
        explanation: r#"A line that is indented belongs to the line above it.
The line above takes no lines.

Take the indentation back if the line belongs further out; write `all of` or `any of` above it if
it is one of several conditions.

Wrong:

```law
rule (a)
  doc must not hold_person
    when judicial_warrant
      criminal_process
```

Right:

```law
rule (a)
  doc must not hold_person
    when all of
      judicial_warrant
      criminal_process
```
"#,
    },
    Code {
        id: "L014",
        title: "a list without lines",
        explanation: r#"`all of`, `any of` and `none of` end their line, and their
conditions stand on the lines under them, indented.
A list of nothing would be true or false for no reason that a reader could see.

Wrong:

```law
rule (a)
  doc must not hold_person when any of
  judicial_warrant
```

Right:

```law
rule (a)
  doc must not hold_person when any of
    judicial_warrant
    criminal_process
```
"#,
    },
    Code {
        id: "L015",
        title: "not a name",
        explanation: r#"Names are lower-case letters, digits and `_`, and start with a letter.
So a name is never taken for a marker, a date or a citation.

A marker before a condition is parted from it by a space.

Wrong:

```law
rule (a)
  DOC must not hold-person
```

Right:

```law
rule (a)
  doc must not hold_person
```
"#,
    },
    Code {
        id: "L016",
        title: "a word of the language as a name",
        explanation: r#"Words such as `when`, `all` and `not` build statements.
As names they would make lines that can be read in two ways.

Choose another name.

Wrong:

```law
fact never is yes or no
```

Right:

```law
fact never_charged is yes or no
```
"#,
    },
    Code {
        id: "L017",
        title: "no such day or time",
        explanation: r#"The calendar has no such day, or the clock no such time.

Dates are year, month and day, with zeros: `2014-02-07`.

Wrong:

```law
rule (a)
  in force from 2015-02-29
  doc must not hold_person
```

Right:

```law
rule (a)
  in force from 2015-02-28
  doc must not hold_person
```
"#,
    },
    Code {
        id: "L018",
        title: "the number is too large",
        explanation: r#"The number is larger than anything the engine counts.

Look for a missing space or a date without its dashes.

Wrong:

```law
fact judicial_warrant is yes or no
  cost 20141214201412142014
```

Right:

```law
fact judicial_warrant is yes or no
  cost 5
```
"#,
    },
    Code {
        id: "L019",
        title: "said twice",
        explanation: r#"This can be said once only; the first stands, and the second is not read.

Leave one of them out.
Two conditions that must both hold stand under one `when all of`.

Wrong:

```law
rule (a)
  doc must not hold_person
  when judicial_warrant
  when criminal_process
```

Right:

```law
rule (a)
  doc must not hold_person
  when all of
    judicial_warrant
    criminal_process
```
"#,
    },
    Code {
        id: "L020",
        title: "something is missing",
        explanation: r#"The item lacks a part without which it says nothing: a definition
its condition, an unsettled point its readings, an example its `then`.

Add it.

Wrong:

```law
define held_for_court
```

Right:

```law
define held_for_court
  when criminal_process
```
"#,
    },
    Code {
        id: "L021",
        title: "conditions joined by `and` or `or`",
        explanation: r#"There is no `and` or `or` between conditions.
`a and b or c` can be read in two ways, and cases have turned on which; a list shows it.

Write `all of` or `any of`, and each condition on a line of its own.

Wrong:

```law
rule (a)
  doc must not hold_person when judicial_warrant and criminal_process
```

Right:

```law
rule (a)
  doc must not hold_person when all of
    judicial_warrant
    criminal_process
```
"#,
    },
    Code {
        id: "L022",
        title: "words of authority that cannot be used so",
        explanation: r#"`may not` can mean that something is forbidden or that it need not be done.
`may only` leaves open what it narrows, and `only when` makes sense after `may` alone.

Write `must not` for a ban, `has no authority to` for a lack of power, `does not require` for
relief from a duty, and `may … only when …` for a permission with a condition.

Wrong:

```law
rule (a)
  doc may not hold_person
```

Right:

```law
rule (a)
  doc must not hold_person
```
"#,
    },
    Code {
        id: "L023",
        title: "the line is out of place",
        explanation: r#"The line can be said, but not here: a property of the whole
instrument under a single rule, or a condition before the statement that it narrows.

Move it.

Wrong:

```law
rule (a)
  except when judicial_warrant
  doc must not hold_person
```

Right:

```law
rule (a)
  doc must not hold_person
  except when judicial_warrant
```
"#,
    },
];
