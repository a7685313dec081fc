package bl

QUALIFYING

default unless_ok := false
unless_ok if {
	input.judicial_warrant
	recent
}
unless_ok if {
	input.judicial_warrant
	input.terrorist_match
}
unless_ok if {
	input.agency == "NYPD"
	input.reentered_after_removal
	ever
}
recent if {
	some c in input.convictions
	c.section in qualifying
	c.days_ago <= 1826
}
ever if {
	some c in input.convictions
	c.section in qualifying
}
default hold := "forbidden"
hold := "permitted" if unless_ok
default notify_release := "forbidden"
notify_release := "permitted" if unless_ok
notify_release := "permitted" if not input.civil_enforcement

decision := {"hold": hold, "notify_release": notify_release}
