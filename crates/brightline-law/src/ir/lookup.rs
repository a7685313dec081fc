//! What a name means in a pack, on the resolved law.
//!
//! A name is looked up in the pack itself, then in the packs above it, innermost first.

use super::{
    ActId, ActName, AgencyId, Corpus, FactId, PackId, PaperId, ProvisionId, RecordId, Section,
    SectionId, Statement, StatementId,
};

impl Corpus {
    /// Returns the pack of this name.
    #[must_use]
    pub fn pack(&self, name: &str) -> Option<PackId> {
        self.packs.iter().position(|pack| pack.id == name).and_then(number).map(PackId)
    }

    /// Returns the pack itself, then the packs above it, innermost first.
    pub fn visible(&self, pack: PackId) -> impl Iterator<Item = PackId> + '_ {
        let parents = self.packs.get(pack.index()).map_or(&[][..], |pack| &pack.parents);
        std::iter::once(pack).chain(parents.iter().rev().copied())
    }

    /// Returns whether `pack` is `top` or one of the packs below it.
    #[must_use]
    pub fn at_or_below(&self, pack: PackId, top: PackId) -> bool {
        self.visible(pack).any(|visible| visible == top)
    }

    /// Returns how many nodes a law may compile to.
    #[must_use]
    pub fn node_count_max(&self) -> usize {
        self.node_limit.unwrap_or(crate::NODE_COUNT_MAX)
    }

    /// Returns the statements that bind an agency on an act on some day, in the order of the text.
    pub fn bound(
        &self,
        agency: AgencyId,
        act: ActId,
    ) -> impl Iterator<Item = (StatementId, &Statement)> {
        let ids = self.bound.get(&(agency, act)).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.statements.get(id.index()).map(|found| (*id, found)))
    }

    /// Returns the acts on which some statement of any day binds an agency, sorted.
    pub fn acts_bound(&self, agency: AgencyId) -> impl Iterator<Item = ActId> {
        let all = (agency, ActId(0))..=(agency, ActId(u32::MAX));
        self.bound.range(all).map(|((_, act), _)| *act)
    }

    /// Finds again which statements bind whom on what.
    pub(super) fn index_statements(&mut self) {
        self.bound.clear();
        for (index, statement) in (0..).zip(&self.statements) {
            for &agency in &statement.agencies {
                for &act in &statement.acts {
                    let ids = self.bound.entry((agency, act)).or_default();
                    if ids.last() != Some(&StatementId(index)) {
                        ids.push(StatementId(index));
                    }
                }
            }
        }
    }

    /// Returns the fact that a name means in a pack.
    #[must_use]
    pub fn fact(&self, pack: PackId, name: &str) -> Option<FactId> {
        self.innermost(pack, &self.facts, |fact| (fact.name == name).then_some(fact.pack))
            .map(FactId)
    }

    /// Returns the record that a name means in a pack, one of them or the list.
    #[must_use]
    pub fn record(&self, pack: PackId, name_or_plural: &str) -> Option<RecordId> {
        let called = |name: &str, plural: &str| name == name_or_plural || plural == name_or_plural;
        self.innermost(pack, &self.records, |r| called(&r.name, &r.plural).then_some(r.pack))
            .map(RecordId)
    }

    /// Returns the agency that a name means in a pack.
    #[must_use]
    pub fn agency(&self, pack: PackId, name: &str) -> Option<AgencyId> {
        self.innermost(pack, &self.agencies, |agency| (agency.name == name).then_some(agency.pack))
            .map(AgencyId)
    }

    /// Returns the act or acts that a name means in a pack.
    #[must_use]
    pub fn act_name(&self, pack: PackId, name: &str) -> Option<&ActName> {
        let index =
            self.innermost(pack, &self.act_names, |act| (act.name == name).then_some(act.pack))?;
        self.act_names.get(index as usize)
    }

    /// Returns the paper that a name means in a pack.
    #[must_use]
    pub fn paper(&self, pack: PackId, name: &str) -> Option<PaperId> {
        self.innermost(pack, &self.papers, |paper| (paper.name == name).then_some(paper.pack))
            .map(PaperId)
    }

    /// Returns the names of facts and lists that a request to this pack may give.
    pub fn fact_names(&self, pack: PackId) -> impl Iterator<Item = &str> {
        let sees = move |other: PackId| self.visible(pack).any(|visible| visible == other);
        let facts = self.facts.iter().filter(move |fact| sees(fact.pack));
        let sees = move |other: PackId| self.visible(pack).any(|visible| visible == other);
        let records = self.records.iter().filter(move |record| sees(record.pack));
        facts.map(|fact| fact.name.as_str()).chain(records.map(|record| record.plural.as_str()))
    }

    /// Returns the names of acts that a request to this pack may ask for.
    pub fn act_names_visible(&self, pack: PackId) -> impl Iterator<Item = &str> {
        let sees = move |other: PackId| self.visible(pack).any(|visible| visible == other);
        self.act_names.iter().filter(move |act| sees(act.pack)).map(|act| act.name.as_str())
    }

    /// Returns the names of agencies that a request to this pack may be put to.
    pub fn agency_names(&self, pack: PackId) -> impl Iterator<Item = &str> {
        let sees = move |other: PackId| self.visible(pack).any(|visible| visible == other);
        self.agencies.iter().filter(move |agency| sees(agency.pack)).map(|a| a.name.as_str())
    }

    /// Returns the names of papers that a request to this pack may list.
    pub fn paper_names(&self, pack: PackId) -> impl Iterator<Item = &str> {
        let sees = move |other: PackId| self.visible(pack).any(|visible| visible == other);
        self.papers.iter().filter(move |paper| sees(paper.pack)).map(|p| p.name.as_str())
    }

    /// Returns the id of a whole section: `us-ny-nyc/9-131`.
    #[must_use]
    pub fn section_id(&self, section: SectionId) -> String {
        let Some(section) = self.sections.get(section.index()) else {
            return String::new();
        };
        let pack = self.packs.get(section.pack.index()).map_or("", |pack| pack.id.as_str());
        format!("{pack}/{}", section.short)
    }

    /// Returns the id of a leaf of a provision: `us-ny-nyc/9-131(b)(1)(ii)`.
    /// An empty label is the provision itself.
    #[must_use]
    pub fn leaf_id(&self, provision: ProvisionId, label: &str) -> String {
        match self.provisions.get(provision.index()) {
            Some(provision) if label.is_empty() => provision.id.clone(),
            Some(provision) => join(&self.section_id(provision.section), label),
            None => String::new(),
        }
    }

    /// Returns the citation of a leaf of a provision: `NYC Admin. Code § 9-131(b)(1)(ii)`.
    #[must_use]
    pub fn leaf_citation(&self, provision: ProvisionId, label: &str) -> String {
        let Some(provision) = self.provisions.get(provision.index()) else {
            return String::new();
        };
        match self.sections.get(provision.section.index()) {
            Some(section) if !label.is_empty() => cite(section, label),
            _ => provision.citation.clone(),
        }
    }

    /// The first of the entries of the nearest pack; `named` gives the pack of an entry that has
    /// the name.
    fn innermost<T>(
        &self,
        pack: PackId,
        list: &[T],
        named: impl Fn(&T) -> Option<PackId>,
    ) -> Option<u32> {
        let mut nearest: Option<(usize, usize)> = None;
        for (index, entry) in list.iter().enumerate() {
            let Some(own) = named(entry) else { continue };
            let distance = self.visible(pack).position(|visible| visible == own);
            if let Some(distance) = distance
                && nearest.is_none_or(|(other, _)| distance < other)
            {
                nearest = Some((distance, index));
            }
        }
        number(nearest?.1)
    }
}

/// Puts a label behind the id of its section.
pub(super) fn join(section: &str, label: &str) -> String {
    let gap = if label.starts_with('(') || section.ends_with('/') { "" } else { " " };
    if label.is_empty() { section.to_owned() } else { format!("{section}{gap}{label}") }
}

/// Returns the citation of a label of a section; words beside the outline markers are left out.
pub(super) fn cite(section: &Section, label: &str) -> String {
    let mut cited = section.citation.clone();
    if label.starts_with('(') {
        let groups = label.split_inclusive(')').filter_map(|part| part.split_once('('));
        for (_, group) in groups {
            cited.push('(');
            cited.push_str(group);
        }
    }
    cited
}

fn number(index: usize) -> Option<u32> {
    u32::try_from(index).ok()
}
