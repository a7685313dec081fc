//! L1xx: names, types and references.

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
