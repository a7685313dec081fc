//! What every name means in one pack, looked up beforehand.

use brightline_law::clock::Day;
use brightline_law::ir::{
    ActId, AgencyId, Corpus, Fact, FactId, PackId, PaperId, Record, RecordId, RoleId,
};

use super::names::Names;
use crate::intake::{self, add_new};

/// So many papers can be told apart; where there are more, every request is read carefully.
const PAPER_COUNT_MAX: usize = 64;
/// So many fields of a record.
pub(super) const FIELD_COUNT_MAX: usize = 64;

/// A set of papers, one bit each.
pub(super) type Papers = u64;

/// What the names of a request mean in one pack.
/// Names of which something is to be said are left out.
pub(super) struct Index {
    pub(super) pack: PackId,
    /// The pack and all above it record the law from this day on.
    pub(super) recorded_from: Day,
    pub(super) agencies: Names<AgencyId>,
    pub(super) papers: Names<PaperId>,
    pub(super) acts: Names<Box<[ActId]>>,
    pub(super) facts: Names<Known>,
    pub(super) roles: Names<RoleId>,
    /// By record.
    pub(super) fields: Vec<Names<usize>>,
    /// By paper: what it asks for.
    pub(super) asked_by: Vec<Vec<ActId>>,
    /// The facts that papers settle.
    pub(super) settled: Vec<Settled>,
    /// `{"jurisdiction":"…","agency":`.
    pub(super) opening: String,
    /// `,"pack":{…}`.
    pub(super) stamp: String,
}

/// What a name among the facts means.
#[derive(Clone, Copy)]
pub(super) enum Known {
    Fact(FactId),
    List(RecordId),
}

/// A fact that papers settle.
pub(super) struct Settled {
    pub(super) fact: FactId,
    pub(super) yes_with: Papers,
    pub(super) open_with: Papers,
}

/// Returns the bit of a paper.
pub(super) fn bit(paper: PaperId) -> Papers {
    1u64.checked_shl(paper.0).unwrap_or(0)
}

impl Index {
    /// Returns the index of a pack; none where there is too much in it.
    pub(super) fn of(corpus: &Corpus, pack: PackId, stamp: String) -> Option<Self> {
        if corpus.papers.len() > PAPER_COUNT_MAX {
            return None;
        }
        let names = intake::Names { corpus, pack };
        let chain = names.chain().filter_map(|id| corpus.packs.get(id.index()));
        let recorded_from = chain.map(|pack| pack.recorded_from).max()?;
        let id = serde_json::to_string(names.pack_id()).ok()?;
        let mut asked_by = Vec::new();
        for paper in 0..u32::try_from(corpus.papers.len()).ok()? {
            let mut acts = Vec::new();
            names.asked_by(PaperId(paper)).for_each(|act| add_new(&mut acts, &act.acts));
            asked_by.push(acts);
        }
        let acts = corpus.act_names_visible(pack);
        let acts_of = |name: &str| Some(corpus.act_name(pack, name)?.acts.clone().into());
        Some(Self {
            pack,
            recorded_from,
            agencies: map(corpus.agency_names(pack), |name| corpus.agency(pack, name))?,
            papers: map(corpus.paper_names(pack), |name| corpus.paper(pack, name))?,
            acts: map(acts, acts_of)?,
            facts: map(corpus.fact_names(pack), |name| known(names, name))?,
            roles: map(names.roles(), |name| names.role(name))?,
            fields: corpus
                .records
                .iter()
                .map(|record| fields(names, record))
                .collect::<Option<_>>()?,
            asked_by,
            settled: corpus.facts.iter().enumerate().filter_map(settled).collect(),
            opening: format!("{{\"jurisdiction\":{id},\"agency\":"),
            stamp,
        })
    }
}

fn map<'n, T>(
    names: impl Iterator<Item = &'n str>,
    meaning: impl Fn(&'n str) -> Option<T>,
) -> Option<Names<T>> {
    Names::of(names.filter_map(|name| Some((name, meaning(name)?))))
}

fn is_free(names: intake::Names<'_>, name: &str) -> bool {
    names.forbidden(name).next().is_none()
}

fn known(names: intake::Names<'_>, name: &str) -> Option<Known> {
    if !is_free(names, name) {
        return None;
    }
    match names.fact(name) {
        Some(fact) => Some(Known::Fact(fact)),
        None => names.list(name).map(Known::List),
    }
}

fn fields(names: intake::Names<'_>, record: &Record) -> Option<Names<usize>> {
    let fields = record.fields.iter().map(|field| field.name.as_str());
    let place = |name: &str| {
        let at = record.fields.iter().position(|field| field.name == name);
        at.filter(|at| *at < FIELD_COUNT_MAX && is_free(names, name))
    };
    map(fields, place)
}

fn settled((at, fact): (usize, &Fact)) -> Option<Settled> {
    if fact.yes_with.is_empty() && fact.open_with.is_empty() {
        return None;
    }
    let set = |papers: &[PaperId]| papers.iter().fold(0, |set, paper| set | bit(*paper));
    Some(Settled {
        fact: FactId(u32::try_from(at).ok()?),
        yes_with: set(&fact.yes_with),
        open_with: set(&fact.open_with),
    })
}
