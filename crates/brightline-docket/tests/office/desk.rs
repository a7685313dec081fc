//! An office for tests: a small pack, people with roles, a clock that is moved by hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use brightline_desk::{PackFiles, Packs};
use brightline_docket::{
    Actor, Asked, Evidence, FactSet, Keys, NewCase, Office, OfficeParts, OfficeRules, Subject,
    Teller,
};
use serde_json::{Value, json};

use crate::places::Place;

pub const JAIL: &str = "zz-office/jail";
pub const HOUR: i64 = 3_600_000_000;
/// 2025-03-04 15:00 in UTC, ten in the morning in the office.
pub const MORNING: i64 = 1_741_100_400_000_000;

/// An office with what the test holds of it.
pub struct Desk {
    pub office: Office,
    pub clock: Arc<AtomicI64>,
    pub key_file: PathBuf,
}

impl Desk {
    pub async fn open(place: &Place) -> Self {
        Self::open_with(place, RULES).await
    }

    pub async fn open_with(place: &Place, rules: &str) -> Self {
        let key_file = place.folder().join("master.keys");
        let keys = match key_file.exists() {
            true => Keys::open(&key_file, None),
            false => Keys::create(&key_file, None),
        };
        let clock = Arc::new(AtomicI64::new(MORNING));
        let ticking = Arc::clone(&clock);
        let parts = OfficeParts {
            store: place.open().await,
            built_in: pack_files(),
            keys: keys.unwrap(),
            rules: OfficeRules::parse(rules).unwrap(),
            clock: Arc::new(move || ticking.fetch_add(1, Ordering::Relaxed)),
        };
        let office = Office::open(parts).await.unwrap();
        Self { office, clock, key_file }
    }

    pub fn pass(&self, hours: i64) {
        self.clock.fetch_add(hours * HOUR, Ordering::Relaxed);
    }
}

pub const RULES: &str = r#"
[[procedure]]
agency = "*"
acts = ["*"]
signed_by = ["counsel"]
escalate_hours = 4
escalate_to = "supervisor"

[[record_class]]
name = "requests"
agency = "*"
years = 6
schedule = "a schedule of the test"
"#;

pub fn pack_files() -> PackFiles {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs");
    Packs::files_of_directory(&folder).unwrap()
}

pub fn person(name: &str, roles: &[&str]) -> Actor {
    Actor {
        account: name.to_lowercase(),
        person: format!("person-{}", name.to_lowercase()),
        name: name.to_owned(),
        roles: roles.iter().map(|it| (*it).to_owned()).collect(),
        agencies: std::iter::once(JAIL.to_owned()).collect(),
    }
}

pub fn officer() -> Actor {
    person("Osei", &["custody_officer"])
}

pub fn counsel() -> Actor {
    person("Lindqvist", &["counsel"])
}

pub fn records_officer() -> Actor {
    person("Moreau", &["records_officer"])
}

pub fn asked(papers: &[&str]) -> Asked {
    Asked {
        jurisdiction: "zz-office".into(),
        agency: "jail".into(),
        on: "2025-03-04".into(),
        known_on: None,
        policy: None,
        papers: Some(papers.iter().map(|it| (*it).to_owned()).collect()),
        acts: None,
    }
}

pub fn new_case(papers: &[&str], facts: Vec<FactSet>) -> NewCase {
    NewCase {
        asked: asked(papers),
        subject: Some(Subject { name: "Jane Q. Doe".into(), ..Subject::default() }),
        facts,
        channel: "form".into(),
        facility: "north".into(),
        documents: BTreeMap::new(),
    }
}

pub fn fact(name: &str, value: Value, evidence: Evidence) -> FactSet {
    FactSet { fact: name.into(), value, evidence, seen: None, settles: None }
}

pub fn told(name: &str, value: Value) -> FactSet {
    fact(name, value, Evidence::Told(Teller::Agency))
}

pub fn found(name: &str, value: bool) -> FactSet {
    let value = json!({"value": value, "by": "counsel", "reason": "weighed on the papers"});
    fact(name, value, Evidence::Told(Teller::Agency))
}
