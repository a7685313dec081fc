//! Roles, groups, agencies, acts, papers, facts and records.

use super::names::{ACT_DATE, Space, Target};
use super::{Entry, Resolver, id};
use crate::clock::Day;
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{
    Act, ActId, ActName, Agency, AgencyId, Fact, FactId, Forbidden, GroupId, Kind, Named, PackId,
    Paper, PaperId, Record, RecordId, RoleId,
};
use crate::syntax::ast::{self, FactKind, Item, Spelled};

/// Minutes that finding out a fact takes when the pack does not say.
const COST_DEFAULT_MINUTES: u32 = 5;

impl Resolver<'_> {
    /// Declares what can be asked, by whom and of whom.
    pub(super) fn vocabulary(&mut self, entries: &[Entry<'_>]) {
        for entry in entries {
            match entry.item {
                Item::Name(item) => self.named(entry.pack, item),
                Item::Paper(paper) => self.paper(entry.pack, paper),
                Item::Act(act) => self.single_acts(entry.pack, act),
                _ => {}
            }
        }
        for entry in entries {
            match entry.item {
                Item::Agency(agency) => self.agency(entry.pack, agency),
                Item::Act(act) => self.act_name(entry.pack, act),
                Item::Fact(fact) => self.fact(entry.pack, fact),
                Item::Record(record) => self.record(entry.pack, record),
                Item::NeverAsk(never) => self.never_ask(entry.pack, never),
                _ => {}
            }
        }
        self.check_forbidden(entries);
    }

    fn named(&mut self, pack: PackId, item: &ast::NameItem) {
        let name = item.name.text.clone();
        let words = words(&item.name, item.words.as_ref());
        let named = Named { pack, name, words };
        if item.keyword.text == "role" {
            let role = RoleId(id(self.corpus.roles.len()));
            if self.declare(pack, Space::Role, &item.name, Target::Role(role)) {
                self.corpus.roles.push(named);
            }
        } else {
            let group = GroupId(id(self.corpus.groups.len()));
            if self.declare(pack, Space::Subject, &item.name, Target::Group(group)) {
                self.corpus.groups.push(named);
            }
        }
    }

    fn paper(&mut self, pack: PackId, item: &ast::Paper) {
        let paper = PaperId(id(self.corpus.papers.len()));
        if self.declare(pack, Space::Paper, &item.name, Target::Paper(paper)) {
            let name = item.name.text.clone();
            let title =
                item.title.as_ref().map_or_else(|| name.clone(), |title| title.text.clone());
            let signed_by = item.signed_by.as_ref().map(|by| by.text.clone());
            self.corpus.papers.push(Paper { pack, name, title, signed_by });
        }
    }

    fn agency(&mut self, pack: PackId, item: &ast::Agency) {
        let mut groups = Vec::new();
        for name in &item.groups {
            let Some(found) = self.look_up(pack, Space::Subject, name) else {
                continue;
            };
            match found.target {
                Target::Group(group) => groups.push(group),
                _ => self.wrong(name, found, "a group"),
            }
        }
        groups.sort_unstable();
        groups.dedup();
        let agency = AgencyId(id(self.corpus.agencies.len()));
        if self.declare(pack, Space::Subject, &item.name, Target::Agency(agency)) {
            let name = item.name.text.clone();
            let words = words(&item.name, item.words.as_ref());
            self.corpus.agencies.push(Agency { pack, name, words, groups });
        }
    }

    /// Declares the acts that include no others: those without a list, and those that a list
    /// gives words for.
    fn single_acts(&mut self, pack: PackId, item: &ast::Act) {
        if item.includes.is_empty() {
            self.single_act(pack, &item.name, item.words.as_ref());
        }
        for (name, words) in &item.includes {
            if words.is_some() {
                self.single_act(pack, name, words.as_ref());
            }
        }
    }

    fn single_act(&mut self, pack: PackId, name: &Spelled, said: Option<&Spelled>) {
        let act = ActId(id(self.corpus.acts.len()));
        let index = self.corpus.act_names.len();
        if !self.declare(pack, Space::Act, name, Target::Act(index)) {
            return;
        }
        let (name, words) = (name.text.clone(), words(name, said));
        self.corpus.acts.push(Act { pack, name: name.clone(), words: words.clone() });
        let asked_by = Vec::new();
        self.corpus.act_names.push(ActName { pack, name, words, acts: vec![act], asked_by });
    }

    /// Declares the names of several acts, and the papers that ask for acts.
    fn act_name(&mut self, pack: PackId, item: &ast::Act) {
        let asked_by = self.papers(pack, &item.asked_by);
        if item.includes.is_empty() {
            let found = self.names.own(pack, Space::Act, &item.name.text, None);
            if let Some(Target::Act(index)) = found.map(|found| found.target)
                && let Some(name) = self.corpus.act_names.get_mut(index)
            {
                name.asked_by.extend(asked_by);
            }
            return;
        }
        let mut acts = Vec::new();
        for (name, said) in &item.includes {
            if said.is_none() && self.find(pack, Space::Act, &name.text).is_none() {
                self.single_act(pack, name, None);
            }
            acts.extend(self.act(pack, name));
        }
        acts.sort_unstable();
        acts.dedup();
        let index = self.corpus.act_names.len();
        if self.declare(pack, Space::Act, &item.name, Target::Act(index)) {
            let name = item.name.text.clone();
            let words = words(&item.name, item.words.as_ref());
            self.corpus.act_names.push(ActName { pack, name, words, acts, asked_by });
        }
    }

    /// Returns the papers of these names; reports those that no pack knows.
    pub(super) fn papers(&mut self, pack: PackId, names: &[Spelled]) -> Vec<PaperId> {
        let mut papers = Vec::new();
        for name in names {
            if let Some(Target::Paper(paper)) =
                self.look_up(pack, Space::Paper, name).map(|found| found.target)
            {
                papers.push(paper);
            }
        }
        papers
    }

    fn roles(&mut self, pack: PackId, names: &[Spelled]) -> Vec<RoleId> {
        let mut roles = Vec::new();
        for name in names {
            if let Some(Target::Role(role)) =
                self.look_up(pack, Space::Role, name).map(|found| found.target)
            {
                roles.push(role);
            }
        }
        roles
    }

    fn fact(&mut self, pack: PackId, item: &ast::Fact) {
        let fact = self.typed_fact(pack, item);
        let found = FactId(id(self.corpus.facts.len()));
        if self.declare(pack, Space::Condition, &item.name, Target::Fact(found)) {
            self.corpus.facts.push(fact);
        }
    }

    fn typed_fact(&mut self, pack: PackId, item: &ast::Fact) -> Fact {
        let kind = self.kind(&item.kind);
        let yes_with = self.papers(pack, &item.yes_with);
        let open_with = self.papers(pack, &item.open_with);
        let only_yes_no = !yes_with.is_empty() || !open_with.is_empty() || item.presumed.is_some();
        if only_yes_no && kind != Kind::YesNo {
            let message = format!("`{}` is not yes or no", item.name.text);
            let help = "`yes with paper`, `open with paper` and `presumed` are for yes-or-no facts";
            self.report(Diagnostic::error("L115", item.name.span, message).help(help));
        }
        let ask = match &item.ask {
            Some(ask) => ask.text.clone(),
            None => question(&item.name.text),
        };
        Fact {
            pack,
            name: item.name.text.clone(),
            words: item.words.as_ref().map_or_else(String::new, |words| words.text.clone()),
            kind,
            ask,
            hint: item.hint.as_ref().map(|hint| hint.text.clone()),
            cost: item.cost.unwrap_or(COST_DEFAULT_MINUTES),
            found_by: self.roles(pack, &item.found_by),
            finding: item.finding,
            standard: item.standard.as_ref().map(|standard| standard.text.clone()),
            presumed: item.presumed.as_ref().map(|(value, by)| (*value, by.text.clone())),
            yes_with,
            open_with,
            policy_prohibits: None,
        }
    }

    fn kind(&mut self, kind: &FactKind) -> Kind {
        match kind {
            FactKind::YesNo => Kind::YesNo,
            FactKind::OneOf(values) => {
                for (index, (value, _)) in values.iter().enumerate() {
                    let before = values.iter().take(index);
                    let twice = before.map(|(name, _)| name).find(|name| name.text == value.text);
                    if let Some(first) = twice {
                        self.declared_twice(value, first.span);
                    }
                }
                let named = |(value, said): &(Spelled, Option<Spelled>)| {
                    (value.text.clone(), words(value, said.as_ref()))
                };
                Kind::OneOf(values.iter().map(named).collect())
            }
            FactKind::Date => Kind::Date,
            FactKind::Time => Kind::Time,
            FactKind::Number => Kind::Number { days: false },
            FactKind::NumberOfDays => Kind::Number { days: true },
            FactKind::Offense => Kind::Offense,
        }
    }

    fn record(&mut self, pack: PackId, item: &ast::Record) {
        let record = RecordId(id(self.corpus.records.len()));
        let target = Target::Record(record);
        if !self.declare(pack, Space::Condition, &item.name, target) {
            return;
        }
        if item.plural.text != item.name.text {
            self.declare(pack, Space::Condition, &item.plural, target);
        }
        let mut fields: Vec<Fact> = Vec::new();
        for field in &item.fields {
            if let Some(first) = fields.iter().position(|known| known.name == field.name.text) {
                let first = self.names.fields.get(&(record, id(first))).copied();
                self.declared_twice(&field.name, first.unwrap_or(field.name.span));
                continue;
            }
            if field.name.text == ACT_DATE {
                self.reserved(&field.name);
                continue;
            }
            self.names.fields.insert((record, id(fields.len())), field.name.span);
            let fact = self.typed_fact(pack, field);
            fields.push(fact);
        }
        let found_by = self.roles(pack, &item.found_by);
        self.corpus.records.push(Record {
            pack,
            name: item.name.text.clone(),
            plural: item.plural.text.clone(),
            ask: item.ask.as_ref().map_or_else(|| question(&item.plural.text), |a| a.text.clone()),
            hint: item.hint.as_ref().map(|hint| hint.text.clone()),
            cost: item.cost.unwrap_or(COST_DEFAULT_MINUTES),
            found_by,
            fields,
        });
    }

    fn never_ask(&mut self, pack: PackId, item: &ast::NeverAsk) {
        let (from, until) = self.period(&item.period);
        for name in &item.names {
            self.corpus.forbidden.push(Forbidden {
                pack,
                name: name.text.clone(),
                by: item.by.as_ref().map_or_else(String::new, |by| by.text.clone()),
                from: from.unwrap_or(Day::MIN),
                until: until.unwrap_or(Day::MAX),
                date_unverified: item.period.date_unverified,
            });
        }
    }

    /// Reports facts, records and fields with a name that a pack above or below forbids.
    fn check_forbidden(&mut self, entries: &[Entry<'_>]) {
        for entry in entries {
            match entry.item {
                Item::Fact(fact) => self.forbidden(entry.pack, &fact.name, entries),
                Item::Record(record) => {
                    self.forbidden(entry.pack, &record.name, entries);
                    self.forbidden(entry.pack, &record.plural, entries);
                    for field in &record.fields {
                        self.forbidden(entry.pack, &field.name, entries);
                    }
                }
                _ => {}
            }
        }
    }

    fn forbidden(&mut self, pack: PackId, name: &Spelled, entries: &[Entry<'_>]) {
        let ban = entries.iter().find_map(|entry| {
            let Item::NeverAsk(never) = entry.item else {
                return None;
            };
            let related = self.corpus.at_or_below(pack, entry.pack)
                || self.corpus.at_or_below(entry.pack, pack);
            let ban = never.names.iter().find(|banned| related && banned.text == name.text)?;
            Some((ban.span, never.by.as_ref().map(|by| by.text.clone())))
        });
        if let Some((span, by)) = ban {
            self.report_forbidden(name, span, by);
        }
    }

    fn report_forbidden(&mut self, name: &Spelled, ban: Span, by: Option<String>) {
        let by = by.map_or_else(String::new, |by| format!(" by {by}"));
        let message = format!("`{}` may never be asked", name.text);
        let diagnostic = Diagnostic::error("L131", name.span, message)
            .label("declared here")
            .also(ban, format!("forbidden{by}"))
            .help("remove it: what is forbidden can be neither asked nor stored");
        self.report(diagnostic);
    }
}

/// Returns the words given, or the name in plain words.
pub(super) fn words(name: &Spelled, said: Option<&Spelled>) -> String {
    said.map_or_else(|| name.text.replace('_', " "), |said| said.text.clone())
}

/// Returns a question made from a name, where the pack asks none.
fn question(name: &str) -> String {
    let mut plain = name.replace('_', " ");
    if let Some(first) = plain.get(..1) {
        let upper = first.to_uppercase();
        plain.replace_range(..1, &upper);
    }
    plain.push('?');
    plain
}
