//! L2xx: the law as a whole.

use super::Code;

/// The codes of this group.
pub(super) const CODES: &[Code] = &[
    Code {
        id: "L201",
        title: "an example comes out differently",
        explanation: r#"An `example` is a worked request with the answer that the law should give.
The engine decided it and found another outcome, other questions, another limit or another basis.

Either the rule does not say what its author meant, or the example is wrong.
The help line shows the reasons of the outcome that was found; compare them with the text of the
provision before you change either.
"#,
    },
    Code {
        id: "L202",
        title: "the facts of an example contradict each other",
        explanation: r#"When an example lists `papers`, the papers settle the facts that the
vocabulary
derives from them.
A fact given by hand that says the opposite cannot stand beside them.

Leave out the papers, or the fact.
"#,
    },
    Code {
        id: "L203",
        title: "a claim does not hold",
        explanation: r#"A `claim` says what is true for every possible request in every edition of
its period.
The engine searched all of them and found one for which it is not; the help line shows it.

Read the request as a lawyer would: is the law so, and the claim too wide?
Then narrow the claim with `when` or with its period.
Or is the rule not what its author meant?
"#,
    },
    Code {
        id: "L204",
        title: "a requirement meets a prohibition",
        explanation: r#"For some request one provision requires the act and another forbids it, or
takes away the authority, and no provision says which prevails.
Such a request comes out as `conflict`.

If a text settles it, write so: `despite`, `subject to`, `preempts`.
If no text does, leave it: counsel decides, and the user is told.
"#,
    },
    Code {
        id: "L205",
        title: "a condition never makes a difference",
        explanation: r#"For this line there are no two possible requests that differ only in it
and end
differently.
It is covered by another line, or contradicts one.

Wrong:

```law
rule (a)
  doc must not notify_release when all of
    (1) judicial_warrant
    (2) any of
      (i) judicial_warrant
      (ii) terrorist_database_match
```

Here (2) says nothing: where (1) holds, (i) does.
"#,
    },
    Code {
        id: "L206",
        title: "the law of an act is too large",
        explanation: r#"The provisions on one act of one agency need a decision diagram with more
nodes
than the limit.
Usually one condition counts or combines many independent facts.

Split the provisions that the message names, or put the combination into a finding.
"#,
    },
    Code {
        id: "L207",
        title: "some requests are left without an answer",
        explanation: r#"A note, not an error: for some requests on this act no provision recorded
here
says anything, and the outcome is `silent`.
Law is often silent.
Read the request that is shown and ask whether the text really is.
"#,
    },
    Code {
        id: "L208",
        title: "a term has no version in force",
        explanation: r#"A rule that is in force on some day uses a defined term of which every
version is
out of force on that day.
The condition would silently never hold.

Give the definition dates that cover those of the rules that use it, or the rule its own earlier
words.
"#,
    },
];
