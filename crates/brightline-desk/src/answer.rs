//! From determinations to the response: ids become names, days become text.

use brightline_law::Outcome;
use brightline_law::clock::Day;
use brightline_law::determination::{
    Basis, Determination, Due, DutyOwed, DutyReading, LimitOwed, Question, QuestionOrder,
    ReadingOutcome, Reason, Safe, Slot, TakenReading,
};
use brightline_law::ir::{Corpus, Fact, Kind, RoleId};

use crate::intake::Taken;
use crate::library::Library;
use crate::response::{
    ActDetermination, BasisEntry, ChoiceEntry, DutyEntry, DutyReadingEntry, LimitEndEntry,
    LimitEntry, OrderEntry, PackStamp, QuestionEntry, ReadingEntry, ReasonEntry, Response,
    TakenReadingEntry,
};

pub(crate) fn response(
    library: &Library,
    taken: &Taken,
    determinations: &[Determination],
) -> Response {
    let corpus = library.corpus();
    let pack_id = |index: usize| corpus.packs.get(index).map(|pack| pack.id.clone());
    let jurisdiction = pack_id(taken.jurisdiction.index()).unwrap_or_default();
    let agency = corpus.agencies.get(taken.agency.index());
    Response {
        agency: agency.map(|agency| agency.name.clone()).unwrap_or_default(),
        on: taken.at.on.to_string(),
        known_on: (taken.at.known != Day::MAX).then(|| taken.at.known.to_string()),
        policy: taken.policy.and_then(|policy| pack_id(policy.index())),
        pack: PackStamp {
            digest: library.digest(&jurisdiction).unwrap_or_default(),
            id: jurisdiction.clone(),
        },
        jurisdiction,
        determinations: determinations.iter().map(|it| determination(corpus, it)).collect(),
        notes: taken.notes.clone(),
    }
}

fn determination(corpus: &Corpus, found: &Determination) -> ActDetermination {
    let act = corpus.acts.get(found.act.index());
    ActDetermination {
        act: act.map(|act| act.name.clone()).unwrap_or_default(),
        words: act.map(|act| act.words.clone()).unwrap_or_default(),
        outcome: name(found.outcome),
        possible: found.possible.iter().copied().map(name).collect(),
        basis: found.basis.iter().map(basis).collect(),
        reasons: found.reasons.iter().map(reason).collect(),
        explanation: found.explanation.clone(),
        safe: safe(found.safe).to_owned(),
        questions: found.questions.iter().map(|it| question(corpus, it)).collect(),
        order: order(found.order),
        limits: found.limits.iter().map(limit).collect(),
        duties: found.duties.iter().map(duty).collect(),
        readings: found.readings.iter().map(reading).collect(),
        notes: found.notes.clone(),
    }
}

fn name(outcome: Outcome) -> String {
    outcome.name().to_owned()
}

fn safe(safe: Safe) -> &'static str {
    match safe {
        Safe::Do => "do",
        Safe::Refrain => "refrain",
        Safe::Either => "either",
        Safe::AskCounsel => "ask_counsel",
    }
}

fn basis(basis: &Basis) -> BasisEntry {
    BasisEntry {
        id: basis.id.clone(),
        citation: basis.citation.clone(),
        url: basis.url.clone(),
        effect: name(basis.effect),
        certain: basis.certain,
        mark: basis.mark.name().to_owned(),
        partial: basis.partial,
    }
}

fn reason(reason: &Reason) -> ReasonEntry {
    ReasonEntry {
        fact: reason.fact.clone(),
        sentence: reason.sentence.clone(),
        presumed: reason.presumed,
    }
}

fn question(corpus: &Corpus, question: &Question) -> QuestionEntry {
    let (kind, choices) = kind(corpus, &question.slot);
    QuestionEntry {
        fact: question.path.clone(),
        ask: question.ask.clone(),
        kind: kind.to_owned(),
        choices,
        hint: question.hint.clone(),
        cost_minutes: question.cost_minutes,
        found_by: roles(corpus, &question.found_by),
        finding: question.finding,
        standard: question.standard.clone(),
        asked_by: question.asked_by.clone(),
    }
}

fn roles(corpus: &Corpus, roles: &[RoleId]) -> Vec<String> {
    let names = roles.iter().filter_map(|role| corpus.roles.get(role.index()));
    names.map(|role| role.name.clone()).collect()
}

fn kind(corpus: &Corpus, slot: &Slot) -> (&'static str, Vec<ChoiceEntry>) {
    let fact: Option<&Fact> = match slot {
        Slot::Fact(fact) => corpus.facts.get(fact.index()),
        Slot::Field(record, _, field) => {
            corpus.records.get(record.index()).and_then(|record| record.fields.get(*field))
        }
        Slot::List(_) => None,
    };
    let words = match fact.map(|fact| &fact.kind) {
        None => "list",
        Some(Kind::YesNo) => "yes or no",
        Some(Kind::Date) => "date",
        Some(Kind::Time) => "time",
        Some(Kind::Number { days: true }) => "number of days",
        Some(Kind::Number { days: false }) => "number",
        Some(Kind::Offense) => "offense",
        Some(Kind::OneOf(choices)) => {
            let entry = |(value, words): &(String, String)| ChoiceEntry {
                value: value.clone(),
                words: words.clone(),
            };
            return ("choice", choices.iter().map(entry).collect());
        }
    };
    (words, Vec::new())
}

fn order(order: QuestionOrder) -> OrderEntry {
    match order {
        QuestionOrder::None => OrderEntry::None,
        QuestionOrder::Optimal { cost_millis } => OrderEntry::Optimal { cost_millis },
        QuestionOrder::Bounded { cost_millis, bound_millis } => {
            OrderEntry::Bounded { cost_millis, bound_millis }
        }
    }
}

fn limit(limit: &LimitOwed) -> LimitEntry {
    let ends = limit.ends.iter().map(|end| LimitEndEntry {
        reading: (!end.reading.is_empty()).then(|| end.reading.clone()),
        end: end.end.map(|end| end.to_string()),
        clock_change_minutes: end.clock_change_minutes,
        safe: end.safe,
        not_covered: end.not_covered.clone(),
    });
    LimitEntry {
        words: limit.words.clone(),
        citation: limit.citation.clone(),
        ends: ends.collect(),
        certain: limit.certain,
    }
}

fn duty(duty: &DutyOwed) -> DutyEntry {
    DutyEntry {
        act: duty.name.clone(),
        words: duty.words.clone(),
        id: duty.id.clone(),
        citation: duty.citation.clone(),
        when: duty.when.clone(),
        by: duty.by.map(|due| match due {
            Due::Day(day) => day.to_string(),
            Due::Moment(moment) => moment.to_string(),
        }),
        window: duty.window.map(|(first, last)| (first.to_string(), last.to_string())),
        to: duty.to.clone(),
        contains: duty.contains.clone(),
        certain: duty.certain,
        mark: duty.mark.name().to_owned(),
        partial: duty.partial,
        recurring: duty.recurring,
        after_act: duty.after_act.clone(),
        readings: duty.readings.iter().map(duty_reading).collect(),
    }
}

fn duty_reading(reading: &DutyReading) -> DutyReadingEntry {
    DutyReadingEntry {
        reading: taken_reading(&reading.taken),
        owed: reading.owed,
        safe: reading.safe,
    }
}

fn reading(reading: &ReadingOutcome) -> ReadingEntry {
    let taken = reading.readings.iter().map(taken_reading);
    ReadingEntry { readings: taken.collect(), outcome: name(reading.outcome), safe: reading.safe }
}

fn taken_reading(taken: &TakenReading) -> TakenReadingEntry {
    TakenReadingEntry {
        id: taken.id.clone(),
        citation: taken.citation.clone(),
        question: taken.question.clone(),
        reading: taken.reading.clone(),
    }
}
