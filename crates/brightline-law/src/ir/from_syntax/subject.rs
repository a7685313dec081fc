//! Agencies and acts as statements name them.

use std::collections::BTreeSet;

use super::names::{Space, Target};
use super::{Place, Resolver, id};
use crate::diagnostic::Diagnostic;
use crate::ir::{ActId, AgencyId, GroupId, PackId};
use crate::syntax::ast::{Spelled, Subjects};

impl Resolver<'_> {
    /// Returns the agencies meant: groups expanded, carve-outs taken out, sorted.
    /// No names at all: those that the section binds.
    pub(super) fn agencies(&mut self, place: Place<'_>, subjects: &Subjects) -> Vec<AgencyId> {
        let mut agencies = BTreeSet::new();
        for name in &subjects.names {
            if name.text == "the agency" {
                agencies.extend(self.bound(place, name));
            } else {
                agencies.extend(self.subject(place.pack, name));
            }
        }
        for name in &subjects.except {
            for agency in self.subject(place.pack, name) {
                agencies.remove(&agency);
            }
        }
        agencies.into_iter().collect()
    }

    /// Returns the agencies that the section binds; reports a section that binds nobody.
    pub(super) fn bound(&mut self, place: Place<'_>, used: &Spelled) -> Vec<AgencyId> {
        match place.binds {
            Some(agencies) => agencies.to_vec(),
            None => {
                let message = "nothing here says which agency is meant";
                let help = "write `binds …` under the section header";
                self.report(Diagnostic::error("L114", used.span, message).help(help));
                Vec::new()
            }
        }
    }

    /// Returns the agencies that one name means: an agency, or the members of a group at or below
    /// the pack.
    pub(super) fn subject(&mut self, pack: PackId, name: &Spelled) -> Vec<AgencyId> {
        let text = name.text.strip_prefix("every ").unwrap_or(&name.text);
        let plain = Spelled { text: text.to_owned(), span: name.span };
        match self.look_up(pack, Space::Subject, &plain).map(|declared| declared.target) {
            Some(Target::Agency(agency)) => vec![agency],
            Some(Target::Group(group)) => self.members(pack, group),
            _ => Vec::new(),
        }
    }

    fn members(&self, pack: PackId, group: GroupId) -> Vec<AgencyId> {
        let agencies = self.corpus.agencies.iter().enumerate();
        agencies
            .filter(|(_, agency)| {
                agency.groups.contains(&group) && self.corpus.at_or_below(agency.pack, pack)
            })
            .map(|(index, _)| AgencyId(id(index)))
            .collect()
    }

    /// Returns the acts meant, included acts expanded, sorted.
    pub(super) fn acts(&mut self, pack: PackId, names: &[Spelled]) -> Vec<ActId> {
        let mut acts = BTreeSet::new();
        for name in names {
            acts.extend(self.act(pack, name));
        }
        acts.into_iter().collect()
    }

    /// Returns the acts that one name means.
    pub(super) fn act(&mut self, pack: PackId, name: &Spelled) -> Vec<ActId> {
        let Some(declared) = self.look_up(pack, Space::Act, name) else {
            return Vec::new();
        };
        match declared.target {
            Target::Act(index) => {
                self.corpus.act_names.get(index).map_or_else(Vec::new, |act| act.acts.clone())
            }
            _ => Vec::new(),
        }
    }

    /// Returns the one act that a name means; reports a name for several.
    pub(super) fn one_act(&mut self, pack: PackId, name: &Spelled) -> Option<ActId> {
        let acts = self.act(pack, name);
        match acts.as_slice() {
            [] => None,
            [act] => Some(*act),
            [first, ..] => {
                let several: Vec<String> = (acts.iter())
                    .filter_map(|act| self.corpus.acts.get(act.index()))
                    .map(|act| format!("`{}`", act.name))
                    .collect();
                let message = format!("`{}` names several acts, and here one is needed", name.text);
                let help = format!("name one of {}", several.join(", "));
                self.report(Diagnostic::error("L138", name.span, message).help(help));
                Some(*first)
            }
        }
    }
}
