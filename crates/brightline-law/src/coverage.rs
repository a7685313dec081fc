//! Coverage: what of each pack is encoded, how it was read, and which lines its examples try.
//!
//! An example tries a line when the line decides in it: the condition that the line stands in
//! comes out known, and would not without the line. A line that decided both as yes and as no has
//! been tried both ways. An unsettled point decides both ways at once where the condition comes out
//! one way under some of its readings and the other way under the rest.

use std::collections::BTreeMap;

use crate::diagnostic::Span;
use crate::facts::Facts;
use crate::ir::{
    AsKnown, Condition, ConditionKind, Corpus, Duty, Example, Mark, PackId, ProvisionId, RecordId,
    SectionId, Then, UnsettledKind,
};
use crate::law::truth::{Gauge, Row, joined};
use crate::law::{Scope, applies, in_stack, sentence};

/// An outline that names more open points than these is tried for the first of them.
const POINT_COUNT_MAX: usize = 6;

/// What of a pack is encoded, and what its examples try.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// The pack.
    pub pack: PackId,
    /// Provisions that state, define, oblige or are unsettled, and rest on text read as it stands.
    pub encoded: Vec<ProvisionId>,
    /// Provisions that rest on text not read whole.
    pub partial: Vec<ProvisionId>,
    /// Provisions that decide nothing on purpose: notes, consequences.
    pub metadata: Vec<ProvisionId>,
    /// Sections without provisions, recorded for their notes.
    pub metadata_sections: Vec<SectionId>,
    /// Lines `not encoded`.
    pub not_encoded: Vec<NotEncoded>,
    /// Number of duty statements.
    pub duty_count: usize,
    /// The lines of all conditions, in the order of the text.
    pub leaves: Vec<CoveredLeaf>,
    /// Every source of the pack in the order of its manifest, then what names none.
    pub sources: Vec<CoveredSource>,
}

/// A source of a pack, and what rests on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoveredSource {
    /// Which: index into the pack's references; absent: provisions that name no source.
    pub reference: Option<usize>,
    /// How it was read, with what rests on it so; empty where nothing names it.
    pub read: BTreeMap<Mark, Resting>,
}

/// How much of a pack rests on a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Resting {
    /// Number of provisions.
    pub provision_count: usize,
    /// Number of sections that have notes only.
    pub section_count: usize,
}

/// A line `not encoded`, which leaves the answer unsettled where it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotEncoded {
    /// Its provision.
    pub provision: ProvisionId,
    /// Its citation: `NYC Admin. Code § 9-131(b)(1)(ii)`.
    pub citation: String,
    /// What it is about.
    pub about: String,
}

/// A line of a condition, and how examples try it.
#[derive(Debug, Clone)]
pub struct CoveredLeaf {
    /// Its provision.
    pub provision: ProvisionId,
    /// Its citation.
    pub citation: String,
    /// In words.
    pub words: String,
    /// Where it is written.
    pub span: Span,
    /// As what its truth was known in some example.
    pub known: Sides,
    /// As what it decided in some example.
    pub decided: Sides,
}

/// The truth values that were seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sides {
    /// Seen as yes.
    pub yes: bool,
    /// Seen as no.
    pub no: bool,
}

impl Sides {
    /// Returns whether both were seen.
    #[must_use]
    pub fn both(self) -> bool {
        self.yes && self.no
    }

    /// Returns whether one was seen.
    #[must_use]
    pub fn any(self) -> bool {
        self.yes || self.no
    }

    fn add(&mut self, truth: bool) {
        self.yes |= truth;
        self.no |= !truth;
    }
}

/// Returns the coverage of every pack.
#[must_use]
pub fn coverage(corpus: &Corpus) -> Vec<Coverage> {
    let outlines = Outline::all(corpus);
    let mut found: BTreeMap<Place, (Sides, Sides)> = BTreeMap::new();
    for example in &corpus.examples {
        if let Ok(facts) = example.given.facts(corpus) {
            try_lines(corpus, &outlines, (example, &facts), &mut found);
        }
    }
    let packs = (0u32..).map(PackId).take(corpus.packs.len());
    packs.map(|pack| of_pack(corpus, pack, &outlines, &found)).collect()
}

/// A line: where it is written.
type Place = (ProvisionId, Span);

/// Whose condition it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Statement(usize),
    Term(usize),
    Point(usize),
    Duty(usize),
}

/// A condition that is written as one outline.
struct Outline<'c> {
    owner: Owner,
    provision: ProvisionId,
    /// The record that its lines speak of.
    record: Option<RecordId>,
    condition: &'c Condition,
}

impl<'c> Outline<'c> {
    fn all(corpus: &'c Corpus) -> Vec<Self> {
        let mut found = Vec::new();
        for (index, statement) in corpus.statements.iter().enumerate() {
            let owner = (Owner::Statement(index), statement.provision);
            Self::push(owner, None, &statement.condition, &mut found);
        }
        for (index, term) in corpus.terms.iter().enumerate() {
            for version in &term.versions {
                let owner = (Owner::Term(index), version.provision);
                Self::push(owner, term.record, &version.condition, &mut found);
            }
        }
        for (index, point) in corpus.unsettled.iter().enumerate() {
            if let UnsettledKind::Written(readings) = &point.kind {
                for reading in readings {
                    let owner = (Owner::Point(index), point.provision);
                    Self::push(owner, point.record, reading, &mut found);
                }
            }
        }
        for (index, duty) in corpus.duties.iter().enumerate() {
            Self::push((Owner::Duty(index), duty.provision), None, &duty.condition, &mut found);
        }
        found.sort_by_key(|outline| outline.condition.span);
        found
    }

    /// Adds a condition, and the lists under `some RECORD where` as outlines of their own.
    fn push(
        (owner, provision): (Owner, ProvisionId),
        record: Option<RecordId>,
        condition: &'c Condition,
        found: &mut Vec<Self>,
    ) {
        found.push(Self { owner, provision, record, condition });
        for leaf in leaves(condition) {
            let mut inner = leaf;
            while let ConditionKind::Not(body) = &inner.kind {
                inner = body;
            }
            if let ConditionKind::Count { record, body, .. } = &inner.kind
                && leaves(body).len() > 1
            {
                Self::push((owner, provision), Some(*record), body, found);
            }
        }
    }
}

/// Returns the lines of a condition: what is neither a list nor a negation, and is written alone.
fn leaves(condition: &Condition) -> Vec<&Condition> {
    match &condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) if !is_one_line(condition, parts) => {
            parts.iter().flat_map(leaves).collect()
        }
        ConditionKind::Not(inner) => leaves(inner),
        _ => vec![condition],
    }
}

/// A comparison such as `exactly` is several tests written as one line.
fn is_one_line(condition: &Condition, parts: &[Condition]) -> bool {
    !parts.is_empty() && parts.iter().all(|part| part.span == condition.span)
}

fn is_tried(corpus: &Corpus, leaf: &Condition) -> bool {
    match &leaf.kind {
        ConditionKind::Always | ConditionKind::Never => false,
        ConditionKind::Unsettled(point) => {
            let point = corpus.unsettled.get(point.index());
            point.is_some_and(|point| matches!(point.kind, UnsettledKind::Written(_)))
        }
        _ => true,
    }
}

/// Adds what one example tries, for each agency and act that it asks about.
fn try_lines(
    corpus: &Corpus,
    outlines: &[Outline<'_>],
    (example, facts): (&Example, &Facts),
    found: &mut BTreeMap<Place, (Sides, Sides)>,
) {
    let at = AsKnown { on: example.on, known: example.known };
    let outcomes = example.then.iter().filter_map(|then| match then {
        Then::Outcome(expected) => Some(expected),
        _ => None,
    });
    for expected in outcomes {
        for &agency in &expected.agencies {
            for &act in &expected.acts {
                let scope = Scope { jurisdiction: example.pack, agency, act, at };
                let gauge = Gauge::new(corpus, scope, facts);
                let owners = owners_in(corpus, scope, outlines);
                let here = outlines.iter().filter(|outline| {
                    owners.contains(&outline.owner) && in_force(corpus, scope, outline)
                });
                for outline in here {
                    match outline.record {
                        None => try_outline(&gauge, outline, None, found),
                        Some(record) => {
                            for row in gauge.rows(record) {
                                try_outline(&gauge, outline, Some((record, row)), found);
                            }
                        }
                    }
                }
            }
        }
    }
}

fn in_force(corpus: &Corpus, scope: Scope, outline: &Outline<'_>) -> bool {
    let provision = corpus.provisions.get(outline.provision.index());
    provision.is_some_and(|provision| provision.validity.in_force(scope.at))
}

/// The statements and duties that apply in a scope, with the terms and points they rest on.
fn owners_in(corpus: &Corpus, scope: Scope, outlines: &[Outline<'_>]) -> Vec<Owner> {
    let mut owners: Vec<Owner> = Vec::new();
    for (index, statement) in corpus.statements.iter().enumerate() {
        if applies(corpus, scope, statement) {
            owners.push(Owner::Statement(index));
        }
    }
    for (index, duty) in corpus.duties.iter().enumerate() {
        if follows(corpus, scope, duty) {
            owners.push(Owner::Duty(index));
        }
    }
    let mut done = 0;
    while let Some(owner) = owners.get(done).copied() {
        done += 1;
        for outline in outlines.iter().filter(|it| it.owner == owner) {
            if in_force(corpus, scope, outline) {
                rests_on(outline.condition, &mut owners);
            }
        }
    }
    owners
}

fn follows(corpus: &Corpus, scope: Scope, duty: &Duty) -> bool {
    let bound = duty.agencies.contains(&scope.agency)
        && (duty.on.is_empty() || duty.on.contains(&scope.act));
    bound
        && corpus.provisions.get(duty.provision.index()).is_some_and(|provision| {
            in_stack(corpus, scope.jurisdiction, provision.pack)
                && provision.validity.applies(scope.at, scope.agency, scope.act)
        })
}

fn rests_on(condition: &Condition, owners: &mut Vec<Owner>) {
    let mut add = |owner: Owner| {
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    };
    match &condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) => {
            parts.iter().for_each(|part| rests_on(part, owners));
        }
        ConditionKind::Not(inner) | ConditionKind::Count { body: inner, .. } => {
            rests_on(inner, owners);
        }
        ConditionKind::Term(term) => add(Owner::Term(term.index())),
        ConditionKind::Unsettled(point) => add(Owner::Point(point.index())),
        _ => {}
    }
}

fn try_outline(
    gauge: &Gauge<'_>,
    outline: &Outline<'_>,
    row: Row<'_>,
    found: &mut BTreeMap<Place, (Sides, Sides)>,
) {
    let lines = leaves(outline.condition);
    let truths: Vec<Option<bool>> = lines.iter().map(|leaf| gauge.truth(leaf, row)).collect();
    let is_open =
        |at, leaf: &Condition| truths.get(at) == Some(&None) && gauge.is_unsettled(leaf, row);
    let points = Point::of(&lines, is_open);
    for read in readings(&points, &truths) {
        let comes_to = |lines: &[Option<bool>]| truth_of(outline.condition, lines, &mut 0);
        let whole = comes_to(&read);
        for (index, (leaf, truth)) in lines.iter().zip(&truths).enumerate() {
            let Some(truth) = *truth else { continue };
            let (known, decided) = found.entry((outline.provision, leaf.span)).or_default();
            known.add(truth);
            if whole.is_some() && comes_to(&with(&read, index, None)).is_none() {
                decided.add(truth);
            }
        }
        for (index, leaf) in points.iter().flat_map(|point| &point.lines) {
            let turned = read.get(*index).copied().flatten().map(|truth| !truth);
            let other = comes_to(&with(&read, *index, turned));
            if whole.is_some() && other.is_some() && whole != other {
                let place = (outline.provision, leaf.span);
                found.entry(place).or_default().1 = Sides { yes: true, no: true };
            }
        }
    }
}

/// An unsettled point, or a term that rests on one, with the lines of an outline that name it.
struct Point<'l> {
    lines: Vec<(usize, &'l Condition)>,
}

impl<'l> Point<'l> {
    fn of(lines: &[&'l Condition], is_open: impl Fn(usize, &Condition) -> bool) -> Vec<Self> {
        let mut points: Vec<Self> = Vec::new();
        for (at, leaf) in lines.iter().enumerate().filter(|(at, leaf)| is_open(*at, leaf)) {
            let same = |point: &&mut Self| {
                point.lines.iter().any(|(_, known)| names_the_same(known, leaf))
            };
            match points.iter_mut().find(same) {
                Some(point) => point.lines.push((at, leaf)),
                None => points.push(Self { lines: vec![(at, leaf)] }),
            }
        }
        points.truncate(POINT_COUNT_MAX);
        points
    }
}

fn names_the_same(one: &Condition, other: &Condition) -> bool {
    match (&one.kind, &other.kind) {
        (ConditionKind::Unsettled(one), ConditionKind::Unsettled(other)) => one == other,
        (ConditionKind::Term(one), ConditionKind::Term(other)) => one == other,
        _ => one.span == other.span,
    }
}

/// The lines under every combination of readings of the points that are open.
fn readings(points: &[Point<'_>], truths: &[Option<bool>]) -> Vec<Vec<Option<bool>>> {
    let mut found = vec![truths.to_vec()];
    for point in points {
        let both = found.iter().flat_map(|lines| {
            [true, false].map(|truth| {
                let named = point.lines.iter();
                named.fold(lines.clone(), |lines, (index, _)| with(&lines, *index, Some(truth)))
            })
        });
        found = both.collect();
    }
    found
}

/// Returns the lines with one of them otherwise.
fn with(lines: &[Option<bool>], index: usize, truth: Option<bool>) -> Vec<Option<bool>> {
    let mut lines = lines.to_vec();
    if let Some(slot) = lines.get_mut(index) {
        *slot = truth;
    }
    lines
}

/// Returns what a condition comes to, given what its lines come to.
fn truth_of(condition: &Condition, lines: &[Option<bool>], at: &mut usize) -> Option<bool> {
    match &condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) if !is_one_line(condition, parts) => {
            let conjunction = matches!(condition.kind, ConditionKind::All(_));
            let parts: Vec<Option<bool>> =
                parts.iter().map(|part| truth_of(part, lines, at)).collect();
            joined(parts.into_iter(), conjunction)
        }
        ConditionKind::Not(inner) => truth_of(inner, lines, at).map(|truth| !truth),
        _ => {
            *at += 1;
            lines.get(*at - 1).copied().flatten()
        }
    }
}

fn of_pack(
    corpus: &Corpus,
    pack: PackId,
    outlines: &[Outline<'_>],
    found: &BTreeMap<Place, (Sides, Sides)>,
) -> Coverage {
    let mut coverage = Coverage {
        pack,
        encoded: Vec::new(),
        partial: Vec::new(),
        metadata: Vec::new(),
        metadata_sections: metadata_sections(corpus, pack),
        not_encoded: not_encoded(corpus, pack),
        duty_count: 0,
        leaves: Vec::new(),
        sources: sources(corpus, pack),
    };
    let ids = (0u32..).map(ProvisionId);
    for (provision, id) in corpus.provisions.iter().zip(ids).filter(|(it, _)| it.pack == pack) {
        let decides = outlines.iter().any(|outline| outline.provision == id)
            || corpus.calendars.iter().any(|calendar| calendar.span == provision.span);
        let list = if !decides {
            &mut coverage.metadata
        } else if provision.partial.is_some() {
            &mut coverage.partial
        } else {
            &mut coverage.encoded
        };
        list.push(id);
    }
    let is_own = |provision: ProvisionId| {
        corpus.provisions.get(provision.index()).is_some_and(|it| it.pack == pack)
    };
    coverage.duty_count = corpus.duties.iter().filter(|duty| is_own(duty.provision)).count();
    for outline in outlines.iter().filter(|outline| is_own(outline.provision)) {
        for leaf in leaves(outline.condition) {
            let known = coverage.leaves.iter().any(|it| it.span == leaf.span);
            if !known && is_tried(corpus, leaf) {
                coverage.leaves.push(covered(corpus, outline.provision, leaf, found));
            }
        }
    }
    coverage.leaves.sort_by_key(|leaf| leaf.span);
    coverage
}

/// The sources of a pack, and what rests on each.
fn sources(corpus: &Corpus, pack: PackId) -> Vec<CoveredSource> {
    let mut resting: BTreeMap<(Option<usize>, Mark), Resting> = BTreeMap::new();
    for provision in corpus.provisions.iter().filter(|it| it.pack == pack) {
        resting.entry((provision.reference, provision.mark)).or_default().provision_count += 1;
    }
    for id in metadata_sections(corpus, pack) {
        if let Some(section) = corpus.sections.get(id.index()) {
            resting.entry((section.reference, section.mark)).or_default().section_count += 1;
        }
    }
    let known = corpus.packs.get(pack.index()).map_or(0, |pack| pack.references.len());
    let mut found = Vec::new();
    for reference in (0..known).map(Some).chain([None]) {
        let own = resting.iter().filter(|((of, _), _)| *of == reference);
        let read: BTreeMap<Mark, Resting> = own.map(|((_, mark), count)| (*mark, *count)).collect();
        if reference.is_some() || !read.is_empty() {
            found.push(CoveredSource { reference, read });
        }
    }
    found
}

/// The sections that say something in notes or plain words, and have no provisions.
fn metadata_sections(corpus: &Corpus, pack: PackId) -> Vec<SectionId> {
    let sections = corpus.sections.iter().zip((0u32..).map(SectionId));
    let noted = sections.filter(|(section, id)| {
        let mut provisions = corpus.provisions.iter();
        let is_empty = !provisions.any(|provision| provision.section == *id);
        let says = section.plain.is_some() || !section.notes.is_empty();
        section.pack == pack && says && is_empty
    });
    noted.map(|(_, id)| id).collect()
}

fn covered(
    corpus: &Corpus,
    provision: ProvisionId,
    leaf: &Condition,
    found: &BTreeMap<Place, (Sides, Sides)>,
) -> CoveredLeaf {
    let (known, decided) = found.get(&(provision, leaf.span)).copied().unwrap_or_default();
    CoveredLeaf {
        provision,
        citation: corpus.leaf_citation(provision, &leaf.label),
        words: sentence::condition(corpus, leaf),
        span: leaf.span,
        known,
        decided,
    }
}

fn not_encoded(corpus: &Corpus, pack: PackId) -> Vec<NotEncoded> {
    let points = corpus.unsettled.iter();
    let points = points.filter(|point| matches!(point.kind, UnsettledKind::NotEncoded));
    let own = points.filter(|point| {
        corpus.provisions.get(point.provision.index()).is_some_and(|it| it.pack == pack)
    });
    own.map(|point| NotEncoded {
        provision: point.provision,
        citation: corpus.leaf_citation(point.provision, &point.name),
        about: point.question.clone(),
    })
    .collect()
}
