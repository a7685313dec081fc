# Words of the staff pages that the program chooses between; sentences stand in web/templates.

### Outcomes of an act

outcome-required = Required
outcome-permitted = Allowed
outcome-prohibited = Not allowed
outcome-not_barred = Not barred
outcome-not_required = Not required
outcome-no_authority = No legal authority
outcome-silent = This law does not say
outcome-unsettled = Not settled – counsel decides
outcome-conflict = Conflict – counsel decides
outcome-open = Still open

### What is lawful meanwhile

safe-do = Do it. That is lawful whatever the open facts turn out to be; leaving it undone is not.
safe-refrain = Do not do it. That is lawful in every case; doing it is not known to be.
safe-either = Doing it and not doing it are both lawful, whatever the open facts turn out to be.
safe-ask_counsel = Ask counsel before anything is done. Neither way is known to be lawful in every case.

### The clock, by the fact with which it begins

clock-release_due-must = The person must be released by { $time }.
clock-release_due-meanwhile = Until this is settled, release the person by { $time }: holding longer is not known to be lawful.
clock-release_due-ask = Release is due { $time }. Ask counsel before then.
clock-release_due-unlimited = Release is due { $time }.
clock-release_due-unknown = It is not known when release is due, and the clock begins then. Find out the time.
clock-release_due-listed-must = The person must be released by then.
clock-release_due-listed-unlimited = Release is due then.
clock-other-must = { $act }: it must end by { $time }.

### Where a request stands

stage-open = Facts are needed
stage-decided = Answered, not yet put forward
stage-proposed = Waits for a signature
stage-returned = Sent back
stage-signed = Signed
stage-done = Done, not yet closed
stage-closed = Closed
stage-sealed = Sealed

### How a request comes

channel-form = A form on paper
channel-fax = Fax
channel-mail = Mail or email
channel-phone = A phone call
channel-door = Somebody at the door
channel-system = Another system

### Who told a fact, and what it was seen on

source-system = Looked up in our own systems
source-told-agency = Told by somebody of this agency
source-told-other_agency = Told by another agency of the place
source-told-requester = Told by whoever made the request
source-told-person = Told by the person
source-told-persons_lawyer = Told by the person’s lawyer
source-told-family = Told by the family
source-told-by_judge = Told by a court
source-paper = Seen on a paper: { $paper }
source-named-system = Looked up: { $name }

paper-signed-by = signed by { $who }
picture-none = { $why }. Compare with the paper in your hand.

### Answers

row = { $list }, number { $number }
answer-yes = Yes
answer-no = No
answer-unknown = I don’t know
answer-none = None
answer-rows = { $count ->
    [one] One entered
   *[other] { $count } entered
  }
answer-not-asked = Not asked yet
answer-conflicting = Two sources differ

### What an answer changed

saved-changed = Saved. Changed: { $what }.
saved-nothing-yet = Saved. Nothing changed yet.
saved-nothing = Saved. Nothing changed.
saved-clock = Saved. { $sentence }
saved-changed-clock = Saved. Changed: { $what }. { $sentence }
changed-outcome = { $act } is now { $outcome }
changed-open = { $act } is open again, and may come out { $possible }
changed-possible = { $act } is still open, and may now come out { $possible }

### What happened in a case

event-received = The request was taken in
event-facts_set = Answers were recorded
event-asked_changed = What is asked was changed
event-determined = The law was applied to what was known
event-proposed = The answer was put forward for signature
event-signed = The answer was signed
event-sent_back = The answer was sent back
event-overridden = A person decided an act, beside what the rules say
event-done = It was recorded what was done
event-assigned = The request was given to somebody
event-task_assigned = A duty was given to somebody
event-task_done = A duty was ticked off
event-task_escalated = A late duty was brought before somebody
event-reopened = The request was taken up again
event-corrected = An entry was corrected
event-closed = The request was closed
event-hold_placed = A hold was placed on the record
event-hold_lifted = A hold on the record ended
event-read = The record was read
event-officers_noted = Names of officers were sealed
event-officers_read = The sealed names were read

read-times = { $count ->
    [one] Read once
   *[other] Read { $count } times
  }
read-people = { $count ->
    [one] by 1 person
   *[other] by { $count } people
  }

### Why a request is taken up again

reopen-new_facts = Something became known
reopen-correction = Something was wrong
reopen-challenge = The person or their lawyer objects
reopen-court_order = A court ordered it

### Departures

departs-against_outcome = The answer said otherwise.
departs-not_safe = Nothing was settled, and this was not what is safe meanwhile.
departs-unsigned = The signature that the procedure asks for was not there.

### What was done

did-done = Done
did-refrained = Not done

### Why a duty is not owed

dropped-answer_changed = No longer owed: the answer changed.
dropped-act_not_done = Not due: it would begin with this, which was not done: { $act }.
dropped-not_come_to = Not due: when the request was closed, it had not come to that.

### How the text of a provision was read

mark-read = { "" }
mark-partly-read = read in part
mark-secondary = known from a secondary source
mark-recalled = from memory, to be checked
mark-analysis = our own reading

rule-mark-read = The text was read.
rule-mark-partlyread = The text was read in part.
rule-mark-secondary = The text is known from a secondary source.
rule-mark-recalled = The text is from memory and has to be checked.
rule-mark-analysis = This is our own reading.
rule-unverified = Not verified: { $what }.
rule-partial = Not read whole: { $why }.
rule-defines = What “{ $word }” means
basis-partial = rests on text not read whole

### What an act may not outlast, and readings of the law

decided-by = { $who } decided this: { $outcome }. { $rules }
computed-open = The rules left it open.
computed-unsettled = The rules do not settle it.
computed-conflict = The rules contradict each other here.
computed-silent = The rules do not say.
computed-same = The rules say the same.
computed-otherwise = By the rules alone it is: { $outcome }.
decided-because = { $reason } ({ $citation })
limit = { $what } ({ $citation }): { $ends }.
limit-ends = ends { $time }
limit-end-unknown = when it ends is known once it is known when it begins
limit-counting = { $end }, counting { $reading }
limit-safe = { $end } (the safe reading)
reading-point = { $question } If { $words } ({ $citation })

### The rulebook

nothing-here = Nothing is here
rules-no-pack = There is no pack of this name.
rules-no-day = A day is written as in 2025-03-04.
rules-no-agency = The pack knows no agency of this name.
rules-no-decision = No rule in force that day binds this agency on this act.
rules-no-provision = The rulebook has no provision of this address.
rules-not-compiled = The law of that day cannot be put together for this agency and this act.

### Agents at the door

door-none = There is no page for the door of this address. Start again at /door.
door-where = Where are you?
door-where-hint = Officers are here and ask for something. Choose your place, and keep the page that follows as a bookmark.
door-agency = For whom do you work?
door-paper = What do they show you?
door-paper-hint = Look at the top of the paper and at who signed it. You do not have to judge whether it is valid.
door-reached = Your agency: { $where }

### Lists

filter-all = All open
filter-mine = Given to me
filter-due = Due within 24 hours
filter-open = Facts are needed
filter-decided = Ready to put forward
filter-proposed = Waiting for a signature
filter-returned = Sent back
filter-signed = Signed, not yet done
filter-departures = With departures
filter-closed = Closed

### Time

no-time = no time set
time-over = –
time-minutes-left = { $count ->
    [one] in { $count } minute
   *[other] in { $count } minutes
  }
time-minutes-late = { $count ->
    [one] { $count } minute late
   *[other] { $count } minutes late
  }
time-hours-left = { $count ->
    [one] in { $count } hour
   *[other] in { $count } hours
  }
time-hours-late = { $count ->
    [one] { $count } hour late
   *[other] { $count } hours late
  }
time-days-left = { $count ->
    [one] in { $count } day
   *[other] in { $count } days
  }
time-days-late = { $count ->
    [one] { $count } day late
   *[other] { $count } days late
  }

### What was read of a paper

side-judge = Signed by a judge or clerk of a court
side-officer = Signed by an immigration officer or another official, not by a judge of a court
side-mixed = Marks of both a judge’s and an officer’s paper: have counsel look at it
side-unclear = It does not show who signs it
origin-form = Read from the fields of the form.
origin-text = Read from the text of the pages.
origin-scan = Read letter by letter from pictures of pages. Compare it with care.
origin-picture = The pages are pictures, and no program that reads them is installed: type in what they say.
field-sealed = written; not shown, because it names an officer
field-never = written; not read, because the law forbids to record it

### Letters

letter-reply = Reply to the agency that asked
letter-person = Notice to the person
letter-counsel = Notice to counsel
letter-log = Copy for the agency’s log
letter-place = { $count } entries of this request are in the log
letter-duty-perhaps = { $duty }, if it comes to that
letter-duty-by = by { $time }
letter-unreviewed = draft wording

### What is wrong with what was typed

fault-decide-reason = Say why you decide so.
fault-decide-citation = Say on what you rest it.
fault-did = Choose for at least one of them whether it was done or not.
fault-how = Say in a word what was done.
fault-when = Enter the day and the time when it was done.
fault-evidence = Say what shows that it was done.
fault-send-back = Say what has to be done first.
fault-assign-to = Choose somebody of the agency.
fault-assign-note = Say why you give it to them.
fault-reopen = Choose why it is taken up again.
fault-reopen-note = Say what happened.
fault-note = Say what was wrong.
fault-no-right = Give at least one right answer.
fault-of-question = { $question } { $fault }
fault-no-reader = This service reads no papers. Type the request in.
fault-papers = Tick what was presented, or that you do not know it yet.
fault-rows = Enter at least one row, or say that there is none.
fault-reason = A finding is weighed: write in a sentence why you find so.
fault-role = This has to be found by somebody with another role.
fault-yes-no = Choose yes or no, or say that you don’t know.
fault-number = Enter a whole number, such as 3.
fault-missing-choice = Choose an answer, or say that you don’t know.
fault-missing-date = Enter the day, or say that you don’t know.
fault-missing-time = Enter the day and the time, or say that you don’t know.
fault-missing-offense = Enter the law and the section, or say that you don’t know.
fault-missing-number = Enter a number, or say that you don’t know.

fault-person-role = Choose what the person may do.
fault-person-agency = Choose the agency for which the person works.
fault-letterhead-file = The settings of this service, office.toml, say where this agency is reached. It is changed there.
fault-people-button = Choose what to do with one of the buttons.
fault-agency-unknown = There is no agency “{ $words }”. Type part of its name, then choose it from the list.

### Accounts

go-start = To the start
sign-in = Sign in
passkey-unused = not yet
passkey-no-place = Passkeys are not set up for this service: its administrator has to say under which address people reach it.
passkey-no-password = The provider of your organization signs you in, with the factors that it asks for; passkeys belong there.
all-agencies = all agencies
no-agency = no agency
letterhead-done = Saved for { $agency }. The next letter and the pages for the door show it.
letterhead-by-file = office.toml
people-first = The first administrator
people-not-invited = Nobody was invited
people-not-changed = Nothing was changed
people-locked = { $person } is signed out, and cannot sign in until you release the account.
people-released = { $person } can sign in again.
people-changed = Changed. { $person } from now on: { $roles }. For: { $agencies }.
people-withdrawn = The link was taken back. It opens nothing any more.
role-officer = Officer: takes requests in, answers questions, records what was done
role-supervisor = Supervisor: an officer who also gives requests to colleagues and corrects entries
role-counsel = Counsel: looks at the answers and signs them, or sends them back
role-author = Author: writes rules and puts them forward
role-publisher = Publisher: publishes rules that somebody else put forward
role-auditor = Auditor: reads the record and its proofs
role-records_officer = Records officer: keeps, seals and destroys records as the schedule says
role-administrator = Administrator: invites people and locks accounts; sees no request

set-up-done-title = Your account is open
set-up-done = Sign in with the next code that your authenticator shows: each is good once. The link no longer works.
set-up-dead-title = This link does not work
set-up-dead = It was used, is too old, or is none of ours. Ask an administrator for another.
sign-in-refused = The name, the password, the code or the passkey is wrong, or the account is locked. A code is good once: if you used this one already, wait for the next. After five failed tries within 15 minutes an account is locked until an administrator releases it.
