//! What of a pack is encoded, tried and seen, as it is written in JSON.

use brightline_law::ir::{Corpus, Pack, ProvisionId};
use brightline_law::{Coverage, CoveredSource, Sides};
use schemars::JsonSchema;
use serde::Serialize;

/// The coverage of one pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CoverageEntry {
    /// The pack.
    pub pack: String,
    /// Provisions that state, define, oblige or are unsettled, and rest on text read as it stands.
    pub encoded: Vec<ProvisionEntry>,
    /// Provisions that rest on text not read whole.
    pub partial: Vec<PartialEntry>,
    /// Provisions that decide nothing on purpose, such as notes.
    pub metadata: Vec<ProvisionEntry>,
    /// The citations of sections without provisions, recorded for their notes.
    pub metadata_sections: Vec<String>,
    /// Lines that are not encoded; where one matters, the answer is unsettled.
    pub not_encoded: Vec<NotEncodedEntry>,
    /// Number of duties.
    pub duties: usize,
    /// The lines of all conditions, in the order of the text.
    pub conditions: Vec<ConditionEntry>,
    /// Every source of the pack, in the order of its manifest; last, what names no source.
    pub sources: Vec<SourceEntry>,
}

/// A provision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProvisionEntry {
    /// `us-ny-nyc/9-131(b)(1)`.
    pub id: String,
    /// `NYC Admin. Code § 9-131(b)(1)`.
    pub citation: String,
}

/// A provision whose text was not read whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartialEntry {
    /// `us-fl/908.103`.
    pub id: String,
    /// `Fla. Stat. § 908.103`.
    pub citation: String,
    /// What was not read.
    pub reason: String,
}

/// A line that is not encoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotEncodedEntry {
    /// The provision in which it stands.
    pub provision: String,
    /// Its own citation.
    pub citation: String,
    /// What it is about.
    pub about: String,
}

/// A line of a condition, and how the examples try it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConditionEntry {
    /// The provision in which it stands.
    pub provision: String,
    /// Its own citation.
    pub citation: String,
    /// In words.
    pub words: String,
    /// As what it was known in some example: `yes`, `no`.
    pub known: Vec<String>,
    /// As what it decided in some example: `yes`, `no`.
    pub decided: Vec<String>,
}

/// A source: which text, where and when it was seen, and what rests on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SourceEntry {
    /// Its name in the pack; absent for provisions that name no source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What text it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where it was seen; absent where no address is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The day on which it was seen, `2026-11-24`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
    /// What it was read for, where no provision names it.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// How it was read, with how much rests on it so.
    pub read: Vec<ReadEntry>,
}

/// How a source was read, and how much rests on it so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReadEntry {
    /// `read`, `partly read`, `secondary`, `recalled` or `analysis`.
    pub mark: String,
    /// Number of provisions.
    pub provisions: usize,
    /// Number of sections that are recorded for their notes.
    pub sections: usize,
}

impl CoverageEntry {
    /// Returns the coverage of a pack as it is written in JSON.
    #[must_use]
    pub fn of(corpus: &Corpus, it: &Coverage) -> Self {
        let pack = corpus.packs.get(it.pack.index());
        let sections = it.metadata_sections.iter().filter_map(|id| corpus.sections.get(id.index()));
        Self {
            pack: pack.map(|pack| pack.id.clone()).unwrap_or_default(),
            encoded: provisions(corpus, &it.encoded),
            partial: partial(corpus, &it.partial),
            metadata: provisions(corpus, &it.metadata),
            metadata_sections: sections.map(|section| section.citation.clone()).collect(),
            not_encoded: not_encoded(corpus, it),
            duties: it.duty_count,
            conditions: conditions(corpus, it),
            sources: it.sources.iter().map(|of| source(pack, of)).collect(),
        }
    }
}

fn provisions(corpus: &Corpus, ids: &[ProvisionId]) -> Vec<ProvisionEntry> {
    let found = ids.iter().filter_map(|id| corpus.provisions.get(id.index()));
    let entry = |id: &String, citation: &String| ProvisionEntry {
        id: id.clone(),
        citation: citation.clone(),
    };
    found.map(|it| entry(&it.id, &it.citation)).collect()
}

fn partial(corpus: &Corpus, ids: &[ProvisionId]) -> Vec<PartialEntry> {
    let found = ids.iter().filter_map(|id| corpus.provisions.get(id.index()));
    let entries = found.map(|it| PartialEntry {
        id: it.id.clone(),
        citation: it.citation.clone(),
        reason: it.partial.as_ref().map(|(why, _)| why.clone()).unwrap_or_default(),
    });
    entries.collect()
}

fn id(corpus: &Corpus, provision: ProvisionId) -> String {
    corpus.provisions.get(provision.index()).map(|it| it.id.clone()).unwrap_or_default()
}

fn not_encoded(corpus: &Corpus, coverage: &Coverage) -> Vec<NotEncodedEntry> {
    let entries = coverage.not_encoded.iter().map(|line| NotEncodedEntry {
        provision: id(corpus, line.provision),
        citation: line.citation.clone(),
        about: line.about.clone(),
    });
    entries.collect()
}

fn conditions(corpus: &Corpus, coverage: &Coverage) -> Vec<ConditionEntry> {
    let entries = coverage.leaves.iter().map(|leaf| ConditionEntry {
        provision: id(corpus, leaf.provision),
        citation: leaf.citation.clone(),
        words: leaf.words.clone(),
        known: sides(leaf.known),
        decided: sides(leaf.decided),
    });
    entries.collect()
}

fn sides(sides: Sides) -> Vec<String> {
    let named = [(sides.yes, "yes"), (sides.no, "no")];
    named.into_iter().filter(|(seen, _)| *seen).map(|(_, name)| name.to_owned()).collect()
}

fn source(pack: Option<&Pack>, it: &CoveredSource) -> SourceEntry {
    let source = it.reference.and_then(|at| pack?.references.get(at));
    let said = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let read = it.read.iter().map(|(mark, resting)| ReadEntry {
        mark: mark.name().to_owned(),
        provisions: resting.provision_count,
        sections: resting.section_count,
    });
    SourceEntry {
        source: source.map(|it| it.id.clone()),
        title: source.map(|it| it.title.clone()),
        address: source.and_then(|it| said(&it.url)),
        seen: source.and_then(|it| said(&it.read)),
        purpose: source.and_then(|it| said(&it.purpose)),
        read: read.collect(),
    }
}
