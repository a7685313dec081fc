package ny

# NYC Admin. Code § 9-131 on 2017-03-01, by hand. Rego has no readings: the strictest and the most
# lenient are both worked out, and where they differ the answer is unsettled. That this is enough
# rests on our seeing that every reading only widens what is permitted; Rego does not check it.

felony(c) if data.crimes[c.offense].always
felony(c) if c.grade == "felony"

listed(c) if {
	data.crimes[c.offense].clause == "i"
	felony(c)
}
listed(c) if {
	data.crimes[c.offense].clause == "iii"
	felony(c)
}
listed(c) if {
	data.crimes[c.offense].clause in {"ii", "iv"}
	c.grade == "felony"
}
listed(c) if {
	data.inchoate[c.offense]
	data.crimes[c.object_offense].clause == "i"
}

listed_elsewhere(c) if {
	not startswith(c.offense, "NY ")
	c.over_one_year_in_both
	matched(c)
}

matched(c) if data.crimes[c.equivalent_offense]
matched(c) if {
	data.inchoate[c.equivalent_offense]
	data.crimes[c.object_offense].clause == "i"
}

youthful(c) if c.youthful_offender
youthful(c) if c.juvenile_delinquent

qualifying_strictly if {
	some c in input.convictions
	listed(c)
	not youthful(c)
	c.judgment_day > input.five_years_before - input.days_incarcerated_under_sentence
}

listed_leniently(c) if listed(c)
listed_leniently(c) if listed_elsewhere(c)

any_youthful if {
	some c in input.convictions
	youthful(c)
}

default convicted_strictly := false
convicted_strictly if {
	qualifying_strictly
	not any_youthful
}

default convicted_leniently := false
convicted_leniently if {
	some c in input.convictions
	listed_leniently(c)
	not youthful(c)
	c.judgment_day >= input.five_years_before - input.days_incarcerated
}

default warrant_strictly := false
warrant_strictly if {
	input.judicial_warrant
	not input.warrant_came_later
}
default warrant_leniently := false
warrant_leniently if warrant_strictly
warrant_leniently if {
	input.judicial_warrant
	input.presented_again_together
}

default person_strictly := false
person_strictly if convicted_strictly
person_strictly if input.terrorist_database_match
default person_leniently := false
person_leniently if convicted_leniently
person_leniently if input.terrorist_database_match

# (b)(1)
default permits_strictly := false
permits_strictly if {
	warrant_strictly
	person_strictly
}
default permits_leniently := false
permits_leniently if {
	warrant_leniently
	person_leniently
}

# (h)(1)
default may_be_told := false
may_be_told if not input.from_immigration_authority
may_be_told if input.unrelated_to_civil_enforcement
may_be_told if input.required_by_law
may_be_told if input.information_is_public

default told_strictly := false
told_strictly if may_be_told
told_strictly if person_strictly
default told_leniently := false
told_leniently if may_be_told
told_leniently if person_leniently

# AMB-4 and AMB-7
default relieved := false
relieved if input.bare_notice_request
relieved if person_leniently

# (d)
hold_of(permits) := "permitted" if permits
hold_of(permits) := "not barred" if {
	not permits
	input.required_by_federal_law
}
hold_of(permits) := "prohibited" if {
	not permits
	not input.required_by_federal_law
}

notice_of(permits, told, relief) := hold_of(permits) if input.required_by_federal_law
notice_of(permits, told, relief) := "prohibited" if {
	not input.required_by_federal_law
	not told
}
notice_of(permits, told, relief) := "permitted" if {
	not input.required_by_federal_law
	told
	permits
}
notice_of(permits, told, relief) := "not barred" if {
	not input.required_by_federal_law
	told
	not permits
	relief
}
notice_of(permits, told, relief) := "prohibited" if {
	not input.required_by_federal_law
	told
	not permits
	not relief
}

agreed(a, b) := a if a == b
agreed(a, b) := "unsettled" if a != b

decision := {
	"hold": agreed(hold_of(permits_strictly), hold_of(permits_leniently)),
	"notify": agreed(
		notice_of(permits_strictly, told_strictly, false),
		notice_of(permits_leniently, told_leniently, relieved),
	),
}
