//! Facts that are missing, null or known to be unknown, on the real law of New York City.
//!
//! The four cases are those on which policy engines were compared: fed a null, one permits the
//! hold in silence and two forbid it.
//! Here a missing fact is unknown and never false: an answer is given only where it is the same
//! whatever the fact turns out to be, and otherwise the fact is asked for.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use brightline_desk::{ActDetermination, Library, Packs, Refusal, Request};

/// The answers to a request whose facts end with these.
struct Asked {
    library: Library,
    act: &'static str,
    facts: &'static str,
}

impl Asked {
    fn new(act: &'static str, facts: &'static str) -> Self {
        Self { library: Library::open(Packs::embedded().unwrap()), act, facts }
    }

    fn with(&self, more: &str) -> Result<ActDetermination, Refusal> {
        let text = format!(
            r#"{{"jurisdiction": "us-ny-nyc", "agency": "doc", "on": "2017-03-01",
                "acts": ["{}"], "facts": {{{}{more}}}}}"#,
            self.act, self.facts
        );
        let request = Request::read(&text)?;
        let mut response = self.library.answer(&request)?;
        Ok(response.determinations.remove(0))
    }

    /// The fact can change the answer, and is asked for.
    fn is_open(&self, more: &str, fact: &str) {
        let found = self.with(more).unwrap();
        assert_eq!(found.outcome, "open", "{more}");
        assert!(found.possible.len() > 1, "{:?}", found.possible);
        assert!(found.questions.iter().any(|asked| asked.fact == fact), "{:?}", found.questions);
    }

    fn is_settled(&self, more: &str, outcome: &str) {
        let found = self.with(more).unwrap();
        assert_eq!(found.outcome, outcome, "{more}: {:?}", found.questions);
        assert!(found.questions.is_empty(), "{:?}", found.questions);
    }

    fn is_refused(&self, more: &str, place: &str) {
        let refusal = self.with(more).unwrap_err();
        let places: Vec<&str> = refusal.faults.iter().map(|fault| fault.place.as_str()).collect();
        assert_eq!(places, [place]);
        assert!(refusal.faults[0].message.starts_with("null does not say"), "{refusal}");
    }
}

/// A: a judge's warrant, no conviction; whether the watch list shows a match is not known.
#[test]
fn a_match_that_is_not_known_leaves_the_hold_open() {
    let asked = Asked::new("hold_past_release", r#""judicial_warrant": true, "convictions": []"#);
    asked.is_open("", "terrorist_database_match");
    asked.is_open(
        r#", "terrorist_database_match": {"unknown": "not known"}"#,
        "terrorist_database_match",
    );
    asked.is_refused(r#", "terrorist_database_match": null"#, "facts.terrorist_database_match");
    asked.is_settled(r#", "terrorist_database_match": true"#, "permitted");
    asked.is_settled(r#", "terrorist_database_match": false"#, "prohibited");
}

/// B: the same with a recent conviction that counts: permitted, whatever the watch list shows.
#[test]
fn a_match_that_is_not_known_does_not_matter_beside_a_conviction_that_counts() {
    let asked = Asked::new(
        "hold_past_release",
        r#""judicial_warrant": true, "instant_arrest": "2017-02-20",
           "convictions": [{"offense": "NY PL 160.15", "judgment_date": "2016-05-01",
             "grade": "felony", "youthful_offender": false, "juvenile_delinquent": false}]"#,
    );
    asked.is_settled("", "permitted");
    let unknown = r#", "terrorist_database_match": {"unknown": "not found"}"#;
    asked.is_settled(unknown, "permitted");
    asked.is_settled(r#", "terrorist_database_match": false"#, "permitted");
    asked.is_refused(r#", "terrorist_database_match": null"#, "facts.terrorist_database_match");
}

/// C: nothing else permits the telling; whether it serves civil enforcement is not known.
#[test]
fn a_purpose_that_is_not_known_leaves_the_telling_open() {
    let by = r#""by": "counsel", "reason": "read""#;
    let finding =
        |value: bool| format!(r#", "unrelated_to_civil_enforcement": {{"value": {value}, {by}}}"#);
    let asked = Asked::new(
        "share_release_information",
        r#""from_immigration_authority": true, "from_federal_agency": true,
           "convictions": [], "terrorist_database_match": false, "information_is_public": false,
           "required_by_law": {"value": false, "by": "counsel", "reason": "a request"}"#,
    );
    asked.is_open("", "unrelated_to_civil_enforcement");
    asked.is_open(
        r#", "unrelated_to_civil_enforcement": {"unknown": "not asked"}"#,
        "unrelated_to_civil_enforcement",
    );
    asked.is_refused(
        r#", "unrelated_to_civil_enforcement": null"#,
        "facts.unrelated_to_civil_enforcement",
    );
    asked.is_settled(&finding(false), "prohibited");
    assert_ne!(asked.with(&finding(true)).unwrap().outcome, "prohibited");
}

/// D: a judge's warrant and no match; the convictions are not known.
#[test]
fn convictions_that_are_not_known_leave_the_hold_open() {
    let asked = Asked::new(
        "hold_past_release",
        r#""judicial_warrant": true, "terrorist_database_match": false,
           "instant_arrest": "2017-02-20""#,
    );
    asked.is_open("", "convictions");
    asked.is_open(r#", "convictions": {"unknown": "not found"}"#, "convictions");
    asked.is_open(r#", "convictions": {"known": []}"#, "convictions");
    asked.is_refused(r#", "convictions": null"#, "facts.convictions");
    asked.is_settled(r#", "convictions": []"#, "prohibited");
}
