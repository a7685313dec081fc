//! Packs and the packs above them.

use std::collections::BTreeMap;

use super::{Resolver, id};
use crate::clock::{Day, Zone};
use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::ir::{Pack, PackId};
use crate::sources::PackSource;

impl Resolver<'_> {
    /// Makes the packs, in the order of the sources.
    pub(super) fn packs(&mut self) {
        let sources = self.sources;
        let mut by_id: BTreeMap<&str, PackId> = BTreeMap::new();
        for (index, source) in sources.packs.iter().enumerate() {
            let pack = PackId(id(index));
            if by_id.contains_key(source.id.as_str()) {
                let message = format!("two packs are called `{}`", source.id);
                let help = "give one of them another `id` in its pack.toml";
                let span = self.pack_span(index);
                self.report(Diagnostic::error("L102", span, message).help(help));
            } else {
                by_id.insert(&source.id, pack);
            }
            let made = self.pack(index, source);
            self.corpus.packs.push(made);
        }
        let direct: Vec<Vec<PackId>> = (sources.packs.iter().enumerate())
            .map(|(index, source)| self.direct_parents(index, source, &by_id))
            .collect();
        for index in 0..sources.packs.len() {
            let pack = PackId(id(index));
            let above = self.above(pack, &direct);
            if let Some(slot) = self.corpus.packs.get_mut(index) {
                slot.parents = above;
            }
        }
    }

    fn pack(&mut self, index: usize, source: &PackSource) -> Pack {
        let span = self.pack_span(index);
        let zone = if source.zone.is_empty() { "UTC" } else { source.zone.as_str() };
        if let Err(error) = Zone::named(zone) {
            let message = format!("the pack `{}` names no zone: {error}", source.id);
            self.error("L104", span, message);
        }
        let recorded_from = match source.recorded_from.as_deref().map(Day::parse) {
            Some(Ok(day)) => day,
            Some(Err(error)) => {
                let message = format!("`recorded_from` of the pack `{}`: {error}", source.id);
                self.error("L104", span, message);
                Day::MIN
            }
            None => Day::MIN,
        };
        Pack {
            id: source.id.clone(),
            title: source.title.clone(),
            parents: Vec::new(),
            zone: zone.to_owned(),
            recorded_from,
            references: source.references.clone(),
        }
    }

    fn direct_parents(
        &mut self,
        index: usize,
        source: &PackSource,
        by_id: &BTreeMap<&str, PackId>,
    ) -> Vec<PackId> {
        let mut parents = Vec::new();
        for name in &source.parents {
            match by_id.get(name.as_str()) {
                Some(parent) => parents.push(*parent),
                None => {
                    let message = format!(
                        "the pack `{}` names `{name}` as a parent; there is no such pack",
                        source.id
                    );
                    let near = nearest(name, by_id.keys());
                    let span = self.pack_span(index);
                    self.report(Diagnostic::error("L101", span, message).suggest(near));
                }
            }
        }
        parents
    }

    /// Returns all packs above one, outermost first; a pack that is above itself is reported.
    fn above(&mut self, pack: PackId, direct: &[Vec<PackId>]) -> Vec<PackId> {
        let mut above: Vec<PackId> = Vec::new();
        let mut pending: Vec<PackId> = direct.get(pack.index()).cloned().unwrap_or_default();
        pending.reverse();
        // The innermost comes first here, and a pack comes before those above it.
        let mut at = 0;
        while let Some(&next) = pending.get(at) {
            at += 1;
            if next == pack {
                let name = self.corpus.packs.get(pack.index()).map_or("", |p| p.id.as_str());
                let message = format!("the pack `{name}` is above itself");
                let help = "`parents` lists the packs above, never one below";
                let span = self.pack_span(pack.index());
                self.report(Diagnostic::error("L103", span, message).help(help));
                continue;
            }
            if !above.contains(&next) {
                above.push(next);
                pending.extend(direct.get(next.index()).into_iter().flatten().rev());
            }
        }
        above.reverse();
        above
    }

    /// Returns where findings about a pack's manifest are shown: at the start of its first file.
    pub(super) fn pack_span(&self, index: usize) -> Span {
        let before = self.sources.packs.iter().take(index).map(|pack| pack.files.len()).sum();
        Span { file: id(before), start: 0, end: 0 }
    }
}
