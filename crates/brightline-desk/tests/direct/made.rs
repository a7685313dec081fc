//! Made-up requests: mostly right, some of them wrong in every way that requests are.

use brightline_law::ir::{Corpus, Fact, Kind, OffenseNode, PackId, Record};

/// Numbers that look random and are the same every time.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn of<'a, T: ?Sized>(&mut self, several: &[&'a T]) -> &'a T {
        several[self.below(several.len())]
    }
}

/// Fields, values or nothing, with white space between them.
fn joined(parts: &[String], chance: &mut Chance) -> String {
    let gap = chance.of(&[", ", ",", ",\n   ", "\t,\r\n"]);
    parts.join(gap)
}

pub fn request(corpus: &Corpus, chance: &mut Chance) -> String {
    let number = chance.below(corpus.packs.len());
    let pack = PackId(u32::try_from(number).unwrap());
    let agencies: Vec<&str> = corpus.agency_names(pack).collect();
    let agency = if agencies.is_empty() { "nobody" } else { chance.of(&agencies) };
    let mut fields = vec![
        format!(r#""jurisdiction": "{}""#, corpus.packs[number].id),
        format!(r#""agency": "{agency}""#),
        format!(
            r#""on": "{}""#,
            chance.of(&["2025-03-04", "2026-11-20", "2019-02-28", "2010-1-1"])
        ),
    ];
    if chance.one_in(6) {
        fields.push(format!(r#""known_on": "{}""#, chance.of(&["2026-01-01", "2020-01-01"])));
    }
    let names = |of: Vec<&str>, chance: &mut Chance| -> Vec<String> {
        let count = chance.below(3);
        let odd = chance.one_in(12).then(|| r#""hold""#.to_owned());
        let named =
            (0..count).filter_map(|_| Some(format!("\"{}\"", of.get(chance.below(of.len()))?)));
        named.chain(odd).collect()
    };
    if !chance.one_in(3) {
        let papers = names(corpus.paper_names(pack).collect(), chance);
        fields.push(format!(r#""papers": [{}]"#, joined(&papers, chance)));
    }
    if !chance.one_in(4) {
        let acts = names(corpus.act_names_visible(pack).collect(), chance);
        fields.push(format!(r#""acts": [{}]"#, joined(&acts, chance)));
    }
    let facts = facts(corpus, pack, chance);
    fields.push(format!(r#""facts": {{ {} }}"#, joined(&facts, chance)));
    if chance.one_in(20) {
        fields.swap(0, 3);
    }
    format!("{{{}}}", joined(&fields, chance))
}

fn facts(corpus: &Corpus, pack: PackId, chance: &mut Chance) -> Vec<String> {
    let all: Vec<&str> = corpus.fact_names(pack).collect();
    let mut facts = Vec::new();
    for _ in 0..chance.below(8) {
        let name = if chance.one_in(60) { "no_such_fact" } else { chance.of(&all) };
        let fact = corpus.fact(pack, name).map(|id| &corpus.facts[id.index()]);
        let record = corpus.record(pack, name).map(|id| &corpus.records[id.index()]);
        let value = match (fact, record) {
            (Some(fact), _) => answer(corpus, fact, chance),
            (None, Some(record)) => list(corpus, record, chance),
            (None, None) => "true".to_owned(),
        };
        facts.push(format!("\"{name}\": {value}"));
    }
    facts
}

fn list(corpus: &Corpus, record: &Record, chance: &mut Chance) -> String {
    let rows: Vec<String> = (0..chance.below(4))
        .map(|_| {
            let fields = record.fields.iter().filter(|_| !chance.one_in(3)).collect::<Vec<_>>();
            let fields = fields
                .into_iter()
                .map(|field| format!("\"{}\": {}", field.name, answer(corpus, field, chance)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        })
        .collect();
    let rows = format!("[{}]", joined(&rows, chance));
    match chance.below(8) {
        0 => format!("{{\"known\": {rows}}}"),
        1 => r#"{"unknown": "not asked"}"#.to_owned(),
        _ => rows,
    }
}

fn answer(corpus: &Corpus, fact: &Fact, chance: &mut Chance) -> String {
    if chance.one_in(12) {
        let reason = chance.of(&["not asked", "not known", "declined", "lost"]);
        return format!("{{\"unknown\": \"{reason}\"}}");
    }
    if chance.one_in(80) {
        return "null".to_owned();
    }
    let value = value(corpus, &fact.kind, chance);
    let is_wrapped = fact.finding != chance.one_in(15);
    if !is_wrapped {
        return value;
    }
    let role = fact.found_by.first().map(|role| corpus.roles[role.index()].name.as_str());
    let by = format!(r#""by": "{}""#, role.unwrap_or("counsel"));
    let reason = chance.of(&[r#""reason": "seen""#, r#""reason": " ""#, r#""reason": "ça va""#]);
    let mut parts = vec![format!("\"value\": {value}"), by, reason.to_owned()];
    if chance.one_in(4) {
        parts.swap(0, 2);
    }
    if chance.one_in(10) {
        parts.pop();
    }
    format!("{{{}}}", parts.join(", "))
}

fn value(corpus: &Corpus, kind: &Kind, chance: &mut Chance) -> String {
    let odd = chance.one_in(50);
    match kind {
        Kind::YesNo => chance.of(&["true", "false"]).to_owned(),
        Kind::OneOf(_) if odd => r#""other""#.to_owned(),
        Kind::OneOf(choices) => format!("\"{}\"", choices[chance.below(choices.len())].0),
        Kind::Number { .. } if odd => chance.of(&["-1", "1.0", "1000001", "007"]).to_owned(),
        Kind::Number { .. } => chance.below(2_000).to_string(),
        Kind::Date if odd => chance.of(&[r#""2023-02-29""#, r#""2030-01-01""#, "1"]).to_owned(),
        Kind::Date | Kind::Time => {
            let year = 1990 + chance.below(35);
            let (month, day) = (1 + chance.below(12), 1 + chance.below(29));
            let time = if *kind == Kind::Date { "" } else { chance.of(&[" 18:00", "T07:30", ""]) };
            format!("\"{year}-{month:02}-{day:02}{time}\"")
        }
        Kind::Offense => format!("\"{}\"", offense(corpus, chance)),
    }
}

/// The name of an offense, listed or not, whole or in part, in whatever letters.
pub fn offense(corpus: &Corpus, chance: &mut Chance) -> String {
    let node = 1 + chance.below(corpus.offenses.len() - 1);
    let name = corpus.offenses.name(OffenseNode(u32::try_from(node).unwrap())).to_owned();
    let shorter = || name.rsplit_once(' ').map_or("NY PL", |(law, _)| law).to_owned();
    let name = match chance.below(16) {
        0 => format!("{}(9)(z)", name),
        1 => format!("{} 999.99", shorter()),
        2 => format!("{} 999.99(2)", shorter()),
        3 => format!("{name}-a"),
        4 => format!("110/{name}"),
        5 => format!(" {name}"),
        6 => name.replace(' ', "  "),
        7 => format!("{name} (b)"),
        8 => shorter(),
        9 => format!("{}X 100.00", shorter()),
        _ => name,
    };
    match chance.below(3) {
        0 => name.to_lowercase(),
        1 => name.to_uppercase(),
        _ => name,
    }
}
