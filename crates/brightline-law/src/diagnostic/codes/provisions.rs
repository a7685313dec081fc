//! L120 to L139: provisions, priorities, tables, calendars and readings.

use super::Code;

/// The codes of this group.
pub(super) const CODES: &[Code] = &[
    Code {
        id: "L120",
        title: "two versions of a provision on one day",
        explanation: r#"Two rules, or two duties, with the same label under the same short name are
versions of one provision.
These two are in force on the same day; both apply, and both are cited in the same way.

End one before the other begins, or give them different labels, such as `(b)(2) end`.

Wrong:

```law
rule (a)
  doc must not hold_person

rule (a)
  doc must not notify_release
```

Right:

```law
rule (a)
  doc must not hold_person

rule (b)
  doc must not notify_release
```
"#,
    },
    Code {
        id: "L121",
        title: "no such provision",
        explanation: r#"A reference is a label of the same section (`(b)(1)`), a provision of this
pack or of a pack above (`9-131(b)(1)`), a full identifier (`us-ny-nyc/9-131(b)(1)`), `this
section`, or `every rule of PACK`.
It means all provisions below it as well, in all their versions.
After `because` it may go down to a leaf.

Correct the reference.

Wrong:

```law
rule (a)
  doc must not hold_person

rule (b)
  despite (c)
  doc may hold_person when judicial_warrant
```

Right:

```law
rule (a)
  doc must not hold_person

rule (b)
  despite (a)
  doc may hold_person when judicial_warrant
```
"#,
    },
    Code {
        id: "L122",
        title: "no rule is meant",
        explanation: r#"Priority and `does not bar` are about rules: what permits, requires or
forbids an act.
A definition, an unsettled point or a duty does none of that, so there is nothing to set aside.

Name the rule that uses it.

Wrong:

```law
define held (a)
  when person_in_jail

rule (b)
  despite (a)
  doc must not hold_person
```

Right:

```law
define held (a)
  when person_in_jail

rule (b)
  doc must not hold_person when held
```
"#,
    },
    Code {
        id: "L123",
        title: "a circle of priorities",
        explanation: r#"Each of these rules takes the effect of the next away, and the last that of
the first.
Which of them has effect could not be said.

Remove `despite` or `subject to` from one of them; read the text again for which one yields.

Wrong:

```law
rule (a)
  despite (b)
  doc may hold_person when judicial_warrant

rule (b)
  despite (a)
  doc must not hold_person
```

Right:

```law
rule (a)
  despite (b)
  doc may hold_person when judicial_warrant

rule (b)
  doc must not hold_person
```
"#,
    },
    Code {
        id: "L124",
        title: "a priority without effect",
        explanation: r#"A rule takes effect away from another one on the acts of which both speak.
These two speak of no act in common, so the line does nothing.

Remove it, or name the act in the rule.

Wrong:

```law
rule (a)
  doc must not notify_release

rule (b)
  despite (a)
  doc may hold_person when judicial_warrant
```

Right:

```law
rule (a)
  doc must not hold_person

rule (b)
  despite (a)
  doc may hold_person when judicial_warrant
```
"#,
    },
    Code {
        id: "L125",
        title: "no such file",
        explanation: r#"Tables and calendars are CSV files that lie beside the `*.law.md` files of
the pack.
There is no such file.

Correct the name, or add the file.

Wrong:

```law
table serious_crimes from "serious-crime.csv"
```

Right:

```law
table serious_crimes from "serious-crimes.csv"
```
"#,
    },
    Code {
        id: "L126",
        title: "no such column",
        explanation: r#"The first line of a CSV file names its columns.
A table needs the column `offense`, a calendar needs `date` and `name`, and `where` asks for a
column that the table has.

Correct the name, or add the column.

Wrong:

```law
rule (a)
  doc may hold_person when some conviction where offense in listed_crimes where clas is "A felony"
```

Right:

```law
rule (a)
  doc may hold_person when some conviction where offense in listed_crimes where class is "A felony"
```
"#,
    },
    Code {
        id: "L127",
        title: "a row that cannot be read",
        explanation: r#"A row has as many cells as the first line names columns, an offense or a
day in its key column, and days such as `2014-12-14`, or nothing, in `from` and `until`.

Correct the row; the line is named.

Wrong:

```csv
offense,class,from
NY PL 160.15,B felony,1/1/2014
```

Right:

```csv
offense,class,from
NY PL 160.15,B felony,2014-01-01
```
"#,
    },
    Code {
        id: "L128",
        title: "the same row twice",
        explanation: r#"Two rows say the same of the same offense for the same days.
One of them was meant to be another, or is left over.

Remove or correct one.

Wrong:

```csv
offense,class
NY PL 160.15,B felony
NY PL 160.15,B felony
```

Right:

```csv
offense,class
NY PL 160.15,B felony
```
"#,
    },
    Code {
        id: "L129",
        title: "a calendar with a hole",
        explanation: r#"A calendar covers the years from its first to its last day; in other years
nothing is counted.
A list without any days, or without a day in a year between the first and the last, would count
holidays as working days in silence.

Add the days that are missing.

Wrong:

```csv
date,name
2023-07-04,Independence Day
2025-07-04,Independence Day
```

Right:

```csv
date,name
2023-07-04,Independence Day
2024-07-04,Independence Day
2025-07-04,Independence Day
```
"#,
    },
    Code {
        id: "L130",
        title: "a calendar that cannot be made",
        explanation: r#"`is A and B` and `is A or B` make a calendar of two others.
Neither may be made of the calendar itself, nor be unsettled: the days of an unsettled calendar
depend on who reads it.

Name calendars that stand on their own.

Wrong:

```law
calendar both_lists "days on both lists" is federal_holidays and both_lists
```

Right:

```law
calendar both_lists "days on both lists" is federal_holidays and state_holidays
```
"#,
    },
    Code {
        id: "L131",
        title: "a fact that may never be asked",
        explanation: r#"`never ask` forbids facts: they can be neither asked, stored nor imported.
A pack that declares such a fact, or sees one in a pack above, would ask for it.

Remove the fact, and say the rule without it.

Wrong:

```law
never ask nationality
  by "Admin. Code § 10-178"
fact nationality is yes or no
```

Right:

```law
never ask nationality
  by "Admin. Code § 10-178"
```
"#,
    },
    Code {
        id: "L132",
        title: "a unit that cannot be counted here",
        explanation: r#"Dates are counted in years, months, weeks and days; limits in hours or
days; deadlines in hours, days, working days or weeks.

Write the span in a unit that fits.

Wrong:

```law
rule (a)
  doc may hold_person when instant_arrest more than 48 hours before act_date
```

Right:

```law
rule (a)
  doc may hold_person when instant_arrest more than 2 days before act_date
```
"#,
    },
    Code {
        id: "L133",
        title: "no such reading",
        explanation: r#"`safe` marks the reading of an unsettled point under which nobody is
wronged; it names one of the readings above it.

Correct the name.

Wrong:

```law
unsettled counted "does the day itself count?"
  reading day_counts "the day counts"
    when instant_arrest at least 5 years before act_date
  reading day_does_not "the day does not count"
    when instant_arrest more than 5 years before act_date
  safe day_count
```

Right:

```law
unsettled counted "does the day itself count?"
  reading day_counts "the day counts"
    when instant_arrest at least 5 years before act_date
  reading day_does_not "the day does not count"
    when instant_arrest more than 5 years before act_date
  safe day_counts
```
"#,
    },
    Code {
        id: "L134",
        title: "text of no provision",
        explanation: r#"`not encoded` stands for text that exists in a provision and is not
encoded; the user is told of which one.
A claim and an `impossible` are no provisions.

Leave it out here; where the provision is encoded, both ways are tried by themselves.

Wrong:

```law
impossible when all of
  person_in_jail
  not encoded "the exceptions"
```

Right:

```law
impossible when all of
  person_in_jail
  not judicial_warrant
```
"#,
    },
    Code {
        id: "L135",
        title: "an example without a day",
        explanation: r#"What the law says depends on the day of the act.

Write `on DATE` under the title.

Wrong:

```law
rule (a)
  doc must not hold_person

example "nobody is held"
  then doc must not hold_person
```

Right:

```law
rule (a)
  doc must not hold_person

example "nobody is held"
  on 2020-01-01
  then doc must not hold_person
```
"#,
    },
    Code {
        id: "L136",
        title: "a limit of nothing",
        explanation: r#"`for at most …` and `until …` limit what may or must be done.
A prohibition has nothing to limit; an exception to it is written with `except when`.

Put the limit under the permission.

Wrong:

```law
rule (a)
  doc must not hold_person
  for at most 48 hours, from release_due
```

Right:

```law
rule (a)
  doc may hold_person
  for at most 48 hours, from release_due
```
"#,
    },
    Code {
        id: "L137",
        title: "given twice",
        explanation: r#"An example gives each fact, each list and each field of a row once.
Of two values one would be lost in silence.

Remove one of the two.

Wrong:

```law
rule (a)
  doc must not hold_person

example "nobody is held"
  on 2020-01-01
  given
    judicial_warrant
    not judicial_warrant
  then doc must not hold_person
```

Right:

```law
rule (a)
  doc must not hold_person

example "nobody is held"
  on 2020-01-01
  given
    not judicial_warrant
  then doc must not hold_person
```
"#,
    },
    Code {
        id: "L138",
        title: "several acts where one is needed",
        explanation: r#"Some acts include others, and their name means all of those.
What starts a duty is one act.

Name one of the acts that are included.

Wrong:

```law
duty (f)
  doc must tell_person "tell the person"
  after honor_detainer was done
```

Right:

```law
duty (f)
  doc must tell_person "tell the person"
  after notify_release was done
```
"#,
    },
    Code {
        id: "L139",
        title: "more is displaced than is named",
        explanation: r#"A rule that stands before another one does so on every act of which both
speak.
`preempts` here names only some of the acts of its own rule, and a rule that it displaces speaks of
the others as well: these would be displaced too.

Write a rule of its own for the acts whose rules are preempted.

Wrong:

```law
rule (a)
  doc must not hold_person, notify_release

rule (b)
  preempts every rule of us-ny-nyc that prohibits hold_person
  doc may hold_person, notify_release when judicial_warrant
```

Right:

```law
rule (a)
  doc must not hold_person, notify_release

rule (b)
  preempts every rule of us-ny-nyc that prohibits hold_person
  doc may hold_person when judicial_warrant

rule (c)
  doc may notify_release when judicial_warrant
```
"#,
    },
];
