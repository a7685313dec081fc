//! L101 to L119: packs, names, types and what they mean.

use super::Code;

/// The codes of this group.
pub(super) const CODES: &[Code] = &[
    Code {
        id: "L101",
        title: "no such pack",
        explanation: r#"A pack names another one that is not among the packs that were loaded: as a
parent in `pack.toml`, or after `every rule of`.
Without it names cannot be looked up, and priorities would be lost in silence.

Correct the name, or load that pack as well.

Wrong:

```law
rule (a)
  despite every rule of us-ny-nyk
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
        id: "L102",
        title: "two packs of one name",
        explanation: r#"Provisions are known by the name of their pack: `us-ny-nyc/9-131(b)(1)`.
With two packs of one name nobody could tell which provision is meant.

Give one of them another `id` in its `pack.toml`.

Wrong:

```toml
id = "us-ny"   # in us-ny/pack.toml
id = "us-ny"   # in us-nj/pack.toml
```

Right:

```toml
id = "us-ny"   # in us-ny/pack.toml
id = "us-nj"   # in us-nj/pack.toml
```
"#,
    },
    Code {
        id: "L103",
        title: "a pack above itself",
        explanation: r#"`parents` lists the packs above a pack, outermost first.
A pack that is above itself, by way of others or at once, leaves no order in which to look up a
name.

Remove the pack below from the list of the pack above.

Wrong:

```toml
id = "us"
parents = ["us-ny"]   # and us-ny names us
```

Right:

```toml
id = "us"
parents = []
```
"#,
    },
    Code {
        id: "L104",
        title: "a value of the manifest cannot be used",
        explanation: r#"`zone` is the IANA name of a time zone, and `recorded_from` is a day such
as `2014-12-14`.
Deadlines are counted in that zone, and days before `recorded_from` are not answered.

Correct the value in `pack.toml`.

Wrong:

```toml
zone = "New York"
```

Right:

```toml
zone = "America/New_York"
```
"#,
    },
    Code {
        id: "L105",
        title: "a name declared twice",
        explanation: r#"In one pack a name means one thing.
Two declarations would make the meaning of a rule depend on the order of the files.
A pack may give a name of a pack above it a meaning of its own; that is no second declaration.

Remove one of the two, or rename it.
`act_date` is the day of the act and can never be declared.

Wrong:

```law
fact bail_met is yes or no
fact bail_met is a date
```

Right:

```law
fact bail_met is yes or no
fact bail_met_on is a date
```
"#,
    },
    Code {
        id: "L106",
        title: "a name that means nothing",
        explanation: r#"The name is declared neither in this pack nor in a pack above it.
Most often it is misspelled; the nearest name is shown with its place.

Correct it, or declare it.

Wrong:

```law
rule (a)
  doc must not hold_person when judical_warrant
```

Right:

```law
rule (a)
  doc must not hold_person when judicial_warrant
```
"#,
    },
    Code {
        id: "L107",
        title: "the name of something else",
        explanation: r#"The name is declared, but stands for another kind of thing than is needed
here: a fact where an act is needed, an act where a fact is.

Look up what the line wants, and name such a thing.

Wrong:

```law
rule (a)
  doc must not judicial_warrant
```

Right:

```law
rule (a)
  doc must not hold_person when judicial_warrant
```
"#,
    },
    Code {
        id: "L108",
        title: "a source that the pack does not list",
        explanation: r#"`source` says where the text was read, by the name under which `pack.toml`
lists it.
A reader of a determination follows it to the text.

Correct the name, or add a `[[source]]` to `pack.toml`.

Wrong:

```law
section "Admin. Code § 2" as 2
  source ll-58-2041 read
```

Right:

```law
section "Admin. Code § 2" as 2
  source ll-58-2014 read
```
"#,
    },
    Code {
        id: "L109",
        title: "no such day or time",
        explanation: r#"The calendar has no such day, or the day no such minute.
Days are written `2014-12-14` and lie between 1900 and 2200; times are written `2014-12-14 18:00`.

Correct it.

Wrong:

```law
rule (a)
  doc may hold_person
  for at most 48 hours, from release_due

example "48 hours and no longer"
  on 2026-03-08
  given
    release_due is "2026-03-08 18:00"
  then limit "2026-03-10 25:00"
```

Right:

```law
rule (a)
  doc may hold_person
  for at most 48 hours, from release_due

example "48 hours and no longer"
  on 2026-03-08
  given
    release_due is "2026-03-08 18:00"
  then limit "2026-03-10 18:00"
```
"#,
    },
    Code {
        id: "L110",
        title: "a period without days",
        explanation: r#"The last day lies before the first one, so the provision would never apply.
A provision is in force only while its section is: a period outside of the section's has no days
either.

Correct one of the days.

Wrong:

```law
section "Admin. Code § 2" as 2
  in force from 2019-01-01 until 2014-01-01
```

Right:

```law
section "Admin. Code § 2" as 2
  in force from 2014-01-01 until 2019-01-01
```
"#,
    },
    Code {
        id: "L111",
        title: "outside of any section",
        explanation: r#"Rules, definitions, unsettled points, duties, examples and claims belong to
an instrument: it gives them their citation and their dates.
Each file has headers of its own; the header of another file does not reach over.

Write a header above the item.

Wrong:

```law
rule (a)
  doc must not hold_person
```

Right:

```law
section "Admin. Code § 2" as 2

rule (a)
  doc must not hold_person
```
"#,
    },
    Code {
        id: "L112",
        title: "a line that cannot stand here",
        explanation: r#"Most properties may stand only once, and priorities belong to rules alone.
Of two lines one would be lost in silence; a priority of a definition or a duty would do nothing.

Move the line, or remove the second one.
Another version of a text is another header with the same short name and dates of its own.

Wrong:

```law
section "Admin. Code § 2" as 2
  in force from 2014-12-14
  in force from 2019-01-01
```

Right:

```law
section "Admin. Code § 2" as 2
  in force from 2014-12-14 until 2018-12-31

section "Admin. Code § 2" as 2
  in force from 2019-01-01
```
"#,
    },
    Code {
        id: "L113",
        title: "a section without a short name",
        explanation: r#"The short name is part of the identifier of each provision:
`us-ny-nyc/9-131(b)(1)`.
Vocabularies do without one as long as they hold no rules and no duties.

Write `as NAME` behind the citation.

Wrong:

```law
section "Admin. Code § 2"

rule (a)
  doc must not hold_person
```

Right:

```law
section "Admin. Code § 2" as 2

rule (a)
  doc must not hold_person
```
"#,
    },
    Code {
        id: "L114",
        title: "nobody is bound",
        explanation: r#"`the agency` means those whom the section binds, and so does a statement
without a subject, such as `(a) does not bar …`.
This section binds nobody.

Write `binds …` under its header, or name the agency in the statement.

Wrong:

```law
section "Admin. Code § 2" as 2

rule (a)
  the agency must not hold_person
```

Right:

```law
section "Admin. Code § 2" as 2
  binds doc

rule (a)
  the agency must not hold_person
```
"#,
    },
    Code {
        id: "L115",
        title: "another type is needed",
        explanation: r#"A yes-or-no fact is said as it is, a choice is compared with `is`, dates
with `before` and `after`, numbers with `at least` and the like, offenses with `in`.
Only yes-or-no facts are answered by papers or presumed.

Write the comparison that fits the type of the fact.

Wrong:

```law
rule (a)
  doc must not hold_person when purpose
```

Right:

```law
rule (a)
  doc must not hold_person when purpose is civil_enforcement
```
"#,
    },
    Code {
        id: "L116",
        title: "a value that it never has",
        explanation: r#"A choice has the values that are listed where it is declared; a column of a
table has those that stand in its cells; a date, a time and a number have their own form.
A condition on another value would never hold.

Correct the value.

Wrong:

```law
rule (a)
  doc must not hold_person when purpose is civil_enforcment
```

Right:

```law
rule (a)
  doc must not hold_person when purpose is civil_enforcement
```
"#,
    },
    Code {
        id: "L117",
        title: "of which record?",
        explanation: r#"Fields of a record, and terms defined `of` it, are said of one entry of the
list.
Here no entry is meant.

Say of which: `some conviction where …`, `every conviction is …`, or define a term `of` the record.

Wrong:

```law
rule (a)
  doc may hold_person when youthful_offender
```

Right:

```law
rule (a)
  doc may hold_person when some conviction where youthful_offender
```
"#,
    },
    Code {
        id: "L118",
        title: "a circle of definitions",
        explanation: r#"A term rests on the terms that it names, and `required by` and its
relatives rest on other rules.
When a term rests on itself, by way of others or at once, it has no meaning.

Say one of them without the others.

Wrong:

```law
define local_case
  when open_case

define open_case
  when local_case
```

Right:

```law
define local_case
  when open_case

define open_case
  when judicial_warrant
```
"#,
    },
    Code {
        id: "L119",
        title: "two meanings on one day",
        explanation: r#"Several definitions of one name are its versions, one after the other.
These two are in force on the same day, so the name would mean two things.

End one before the other begins.

Wrong:

```law
define held
  when judicial_warrant

define held
  in force from 2019-01-01
  when person_in_jail
```

Right:

```law
define held
  in force until 2018-12-31
  when judicial_warrant

define held
  in force from 2019-01-01
  when person_in_jail
```
"#,
    },
];
