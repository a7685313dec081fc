//! The names in reach of a pack: its own and those of the packs above it.

use brightline_law::ir::{ActName, Corpus, FactId, Forbidden, PackId, PaperId, RecordId, RoleId};

/// A corpus as seen from one pack.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'c> {
    pub(crate) corpus: &'c Corpus,
    pub(crate) pack: PackId,
}

impl<'c> Names<'c> {
    /// The names in reach of the pack of this id, where there is one.
    pub(crate) fn of(corpus: &'c Corpus, pack: &str) -> Option<Self> {
        corpus.pack(pack).map(|pack| Self { corpus, pack })
    }

    /// The pack itself, then those above it, nearest first.
    pub(crate) fn chain(self) -> impl Iterator<Item = PackId> + 'c {
        self.corpus.visible(self.pack)
    }

    fn reaches(self, pack: PackId) -> bool {
        self.corpus.at_or_below(self.pack, pack)
    }

    pub(crate) fn pack_id(self) -> &'c str {
        self.corpus.packs.get(self.pack.index()).map_or("", |pack| pack.id.as_str())
    }

    pub(crate) fn act_names(self) -> impl Iterator<Item = &'c ActName> {
        self.corpus.act_names.iter().filter(move |act| self.reaches(act.pack))
    }

    /// The acts that a paper asks for.
    pub(crate) fn asked_by(self, paper: PaperId) -> impl Iterator<Item = &'c ActName> {
        self.act_names().filter(move |act| act.asked_by.contains(&paper))
    }

    pub(crate) fn fact(self, name: &str) -> Option<FactId> {
        self.corpus.fact(self.pack, name)
    }

    /// A list by the name under which requests give it: `convictions`.
    pub(crate) fn list(self, plural: &str) -> Option<RecordId> {
        let found = self.corpus.record(self.pack, plural)?;
        let record = self.corpus.records.get(found.index())?;
        (record.plural == plural).then_some(found)
    }

    pub(crate) fn role(self, name: &str) -> Option<RoleId> {
        let roles = &self.corpus.roles;
        self.chain().find_map(|pack| {
            let at = roles.iter().position(|it| it.pack == pack && it.name == name)?;
            u32::try_from(at).ok().map(RoleId)
        })
    }

    pub(crate) fn roles(self) -> impl Iterator<Item = &'c str> {
        let all = self.corpus.roles.iter();
        all.filter(move |role| self.reaches(role.pack)).map(|role| role.name.as_str())
    }

    pub(crate) fn role_names(self, roles: &'c [RoleId]) -> impl Iterator<Item = &'c str> {
        let all = &self.corpus.roles;
        roles.iter().filter_map(|role| all.get(role.index())).map(|role| role.name.as_str())
    }

    /// The declarations that forbid a name, of whatever period.
    pub(crate) fn forbidden(self, name: &str) -> impl Iterator<Item = &'c Forbidden> {
        let all = self.corpus.forbidden.iter();
        all.filter(move |it| it.name == name && self.reaches(it.pack))
    }
}
