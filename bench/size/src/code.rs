//! A made code of law: sections with their own facts, terms and acts, enacted and amended on
//! several days. Nothing in it is real; its proportions are those of the packs.
//!
//! A section has ten facts, ten terms defined from them and forty rules: most on its own acts, the
//! others on acts of two other sections. Every tenth section also asks for a list of earlier cases.

use std::fmt::Write as _;

use brightline_law::{PackSource, SourceFile, SourceReference, Sources, TableSource};

const SECTIONS: usize = 200;
const TERMS: usize = 10;
const RULES: usize = 40;
/// Yes-or-no facts of a section; a choice, a number and a date come to ten.
const PLAIN_FACTS: usize = 7;
const GROUPS: [&str; 3] = ["office", "field_office", "board"];
const AGENCIES: usize = 10;
/// Rows of the table of grave cases.
const GRAVE: usize = 300;
/// Days on which sections were enacted or amended.
const DAYS: [&str; 8] = [
    "2001-01-01",
    "2004-07-01",
    "2009-01-01",
    "2012-03-15",
    "2015-09-01",
    "2018-01-01",
    "2021-10-01",
    "2024-04-01",
];

/// Random numbers from a seed: SplitMix64.
pub struct Random(u64);

impl Random {
    /// Starts at a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }
}

/// Makes the code of a seed: one pack.
pub fn sources(seed: u64) -> Sources {
    let mut random = Random::new(seed);
    let mut files = vec![file("vocabulary", vocabulary())];
    for section in 1..=SECTIONS {
        files.push(file(&format!("{section:03}"), text_of(section, &mut random)));
    }
    let rows = (0..GRAVE).map(|row| (row as u32 + 2, vec![grave(row)])).collect();
    let table = TableSource {
        path: "grave-cases.csv".to_owned(),
        header: vec!["offense".to_owned()],
        rows,
    };
    pack(files, vec![table])
}

/// Makes a law on one act whose diagram passes the limit in every order of its facts.
///
/// Each rule bans the act on three facts of sixty, taken at random: no order keeps them together.
pub fn past_the_limit(seed: u64) -> Sources {
    let mut random = Random::new(seed);
    let mut text =
        String::from("```law\nvocabulary \"A tangle\"\n\nagency bureau \"the bureau\"\n");
    text.push_str("\nact publish \"publish the list\"\n\n");
    for fact in 0..60 {
        let _ = writeln!(text, "fact point_{fact} is yes or no\n  ask \"Is point {fact} met?\"");
    }
    text.push_str("```\n\n```law\nsection \"Tangled Code § 1\" as 1\n");
    text.push_str("  title \"The list\"\n  enacted by \"Act 1\"\n");
    text.push_str("  in force from 2001-01-01\n  binds bureau\n  source made read\n\n");
    for rule in 1..=120 {
        let _ = writeln!(text, "rule ({rule})\n  bureau must not publish when all of");
        for _ in 0..3 {
            let _ = writeln!(text, "    point_{}", random.below(60));
        }
        text.push('\n');
    }
    text.push_str("```\n");
    pack(vec![file("tangle", text)], Vec::new())
}

fn pack(files: Vec<SourceFile>, tables: Vec<TableSource>) -> Sources {
    let reference = SourceReference {
        id: "made".to_owned(),
        title: "Made up".to_owned(),
        read: "2026-11-24".to_owned(),
        ..SourceReference::default()
    };
    let pack = PackSource {
        id: "code".to_owned(),
        title: "A made code".to_owned(),
        zone: "America/New_York".to_owned(),
        recorded_from: Some(DAYS[0].to_owned()),
        references: vec![reference],
        files,
        tables,
        ..PackSource::default()
    };
    Sources { packs: vec![pack] }
}

fn file(name: &str, text: String) -> SourceFile {
    SourceFile { path: format!("code/{name}.law.md"), text }
}

fn grave(row: usize) -> String {
    format!("MC CC {}.{:02}", 100 + row / 20 * 5, row % 20 * 5)
}

fn vocabulary() -> String {
    let mut text = String::from("# Words of the code\n\n```law\nvocabulary \"Words\"\n\n");
    for group in GROUPS {
        let _ = writeln!(text, "group {group} \"{}\"", group.replace('_', " "));
    }
    for agency in 0..AGENCIES {
        let group = GROUPS[usize::from(agency > 3) + usize::from(agency > 7)];
        let _ = writeln!(text, "agency agency_{agency} \"agency {agency}\"\n  is {group}");
    }
    for section in 1..=SECTIONS {
        for act in ["grant", "open"] {
            let _ = writeln!(text, "act {act}_{section} \"{act} what {section} is about\"");
        }
        for fact in 0..PLAIN_FACTS {
            let _ = writeln!(text, "fact f{section}_{fact} is yes or no");
            let _ = writeln!(text, "  ask \"Is point {fact} of section {section} met?\"");
        }
        let _ = writeln!(text, "fact kind_{section} is one of");
        for value in 0..4 {
            let _ = writeln!(text, "  k{section}_{value} \"kind {value} of section {section}\"");
        }
        let _ = writeln!(text, "fact count_{section} is a number");
        let _ = writeln!(text, "fact day_{section} is a date");
    }
    text.push_str("\nrecord case listed as cases\n  charge is an offense\n  day is a date\n");
    text.push_str("  sealed is yes or no\n");
    text.push_str("\ntable grave_cases from \"grave-cases.csv\"\n```\n");
    text
}

/// A section; two in five were amended, with the later text on the same page.
fn text_of(section: usize, random: &mut Random) -> String {
    let mut text = format!("# Section {section}\n\nMade up.\n");
    let from = random.below(DAYS.len() - 1);
    let group = GROUPS[random.below(GROUPS.len())];
    let _ = write!(
        text,
        "\n```law\nsection \"Made Code § {section}\" as {section}\n  title \"Section {section}\"\n  \
         enacted by \"Act {}\"\n  in force from {}\n  binds {group}\n  source made read\n\n",
        from + 1,
        DAYS[from],
    );
    let mut maker = Maker { section, with_cases: section.is_multiple_of(10), random };
    if maker.with_cases {
        maker.case_term(&mut text);
    }
    for term in usize::from(maker.with_cases)..TERMS {
        maker.term(&mut text, term);
    }
    let amended = section.is_multiple_of(5) || section.is_multiple_of(4);
    let change = amended.then(|| DAYS[from + 1 + maker.random.below(DAYS.len() - 1 - from)]);
    for rule in 0..RULES {
        maker.rule(&mut text, rule, group, change);
    }
    text.push_str("```\n");
    text
}

struct Maker<'r> {
    section: usize,
    with_cases: bool,
    random: &'r mut Random,
}

impl Maker<'_> {
    fn case_term(&mut self, text: &mut String) {
        let section = self.section;
        let _ = write!(
            text,
            "define grave_{section} of case (a)(1)\n  when all of\n    charge in grave_cases\n    \
             day less than {} years before day_{section}\n  except when sealed\n\n",
            3 + self.random.below(7),
        );
    }

    fn term(&mut self, text: &mut String, term: usize) {
        let section = self.section;
        let word = if self.random.below(2) == 0 { "all of" } else { "any of" };
        let _ = writeln!(text, "define t{section}_{term} (a)({})\n  when {word}", term + 1);
        for leaf in 0..2 + self.random.below(2) {
            let fact = (term + leaf * 3 + self.random.below(2)) % 10;
            let _ = writeln!(text, "    ({}) {}", roman(leaf), self.leaf(section, fact));
        }
        text.push('\n');
    }

    fn rule(&mut self, text: &mut String, rule: usize, group: &str, change: Option<&str>) {
        let section = self.section;
        // Three in four on the section's own act; the others on acts of its neighbors.
        let on = match rule % 4 {
            0..=2 => section,
            _ => (section + 1 + rule % 2) % SECTIONS + 1,
        };
        let _ = writeln!(text, "rule (b)({})", rule + 1);
        if let Some(day) = change {
            match rule % 4 {
                0 => {
                    let _ = writeln!(text, "  in force until {}", day_before(day));
                }
                1 => {
                    let _ = writeln!(text, "  in force from {day}");
                }
                _ => {}
            }
        }
        let act = format!("{}_{on}", ["grant", "open"][rule / 4 % 2]);
        let _ = match self.random.below(16) {
            0 => writeln!(text, "  every {group} may {act} only when any of"),
            1..=7 => writeln!(text, "  every {group} must not {act} when all of"),
            8..=14 => writeln!(text, "  every {group} may {act} when all of"),
            _ => writeln!(text, "  every {group} has no authority to {act} when all of"),
        };
        let mut free: Vec<usize> = (0..10).collect();
        for leaf in 0..3 + self.random.below(3) {
            let _ = writeln!(text, "    ({}) {}", roman(leaf), self.part(leaf, &mut free));
        }
        if self.random.below(4) == 0 {
            let fact = self.taken(&mut free);
            let _ = writeln!(text, "  except when {}", self.leaf(section, fact));
        }
        text.push('\n');
    }

    /// A condition of a rule: a term at first, then facts, none twice.
    fn part(&mut self, leaf: usize, free: &mut Vec<usize>) -> String {
        let section = self.section;
        match leaf {
            0 if self.with_cases && self.random.below(2) == 0 => {
                format!("some case is grave_{section}")
            }
            0 => {
                let first = usize::from(self.with_cases);
                format!("t{section}_{}", first + self.random.below(TERMS - first))
            }
            _ => {
                let fact = self.taken(free);
                self.leaf(section, fact)
            }
        }
    }

    fn taken(&mut self, free: &mut Vec<usize>) -> usize {
        let at = self.random.below(free.len());
        free.swap_remove(at)
    }

    fn leaf(&mut self, section: usize, fact: usize) -> String {
        let value = self.random.below(4);
        match fact {
            7 => format!("kind_{section} is k{section}_{value}"),
            8 => format!("count_{section} at least {}", 5 + value * 5),
            9 => format!("day_{section} before 20{}-01-01", 20 + value),
            _ if value == 0 => format!("not f{section}_{fact}"),
            _ => format!("f{section}_{fact}"),
        }
    }
}

fn roman(number: usize) -> &'static str {
    ["i", "ii", "iii", "iv", "v"].get(number).copied().unwrap_or("vi")
}

/// The day before one of [`DAYS`], which are all firsts of a month or the fifteenth.
fn day_before(day: &str) -> String {
    let found = brightline_law::clock::Day::parse(day).map(|day| day.plus_days(-1));
    found.map_or_else(|_| day.to_owned(), |day| day.to_string())
}
