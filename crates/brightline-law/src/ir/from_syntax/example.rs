//! Examples and claims: what a pack expects of itself.

use std::collections::BTreeSet;

use super::condition::{Context, leaf};
use super::names::{Space, Target};
use super::property::Common;
use super::reference::covers;
use super::section::Header;
use super::{Entry, Resolver};
use crate::Outcome;
use crate::clock::{Day, Moment};
use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::ir::{
    Claim, Condition, ConditionKind, Example, Expected, ProvisionId, Then, UnsettledKind,
};
use crate::syntax::ast::{self, Item, OutcomeExpr, Spelled};

impl Resolver<'_> {
    /// Resolves examples and claims, when all else is there.
    pub(super) fn examples(&mut self, entries: &[Entry<'_>], headers: &[Header<'_>]) {
        let leaves = self.leaves();
        for entry in entries {
            let header = entry.section.and_then(|section| headers.get(section.index()));
            let Some(header) = header else { continue };
            match entry.item {
                Item::Example(example) => self.example(header, &leaves, example),
                Item::Claim(claim) => self.claim(header, &leaves, claim),
                _ => {}
            }
        }
    }

    fn example(&mut self, header: &Header<'_>, leaves: &BTreeSet<String>, item: &ast::Example) {
        let on = match &item.on {
            Some(on) => self.day(on),
            None => {
                let message = "this example does not say on which day";
                let help = "write `on DATE` under it";
                self.report(Diagnostic::error("L135", item.span, message).help(help));
                None
            }
        };
        let known = item.known_on.as_ref().map_or(Some(Day::MAX), |known| self.day(known));
        let given = self.given(header.pack, &item.given);
        let mut then = Vec::new();
        for line in &item.then {
            then.extend(self.then(header, leaves, (line, item.span)));
        }
        let (Some(on), Some(known)) = (on, known) else {
            return;
        };
        let (pack, title, span) = (header.pack, item.title.text.clone(), item.span);
        self.corpus.examples.push(Example { pack, title, on, known, given, then, span });
    }

    fn then(
        &mut self,
        header: &Header<'_>,
        leaves: &BTreeSet<String>,
        (line, span): (&ast::Then, Span),
    ) -> Option<Then> {
        match line {
            ast::Then::Outcome(outcome) => {
                Some(Then::Outcome(self.expected(header, leaves, outcome)))
            }
            ast::Then::Ask(names) => {
                let mut asked = Vec::new();
                for name in names.iter().filter(|name| name.text != "nothing") {
                    asked.extend(self.asked(header, name));
                }
                asked.sort_unstable();
                asked.dedup();
                let span = names.first().map_or(span, |name| name.span);
                Some(Then::Ask(asked, span))
            }
            ast::Then::Limit(moment) => match Moment::parse(&moment.text) {
                Ok(_) => Some(Then::Limit(moment.text.clone(), moment.span)),
                Err(error) => {
                    self.error("L109", moment.span, error.to_string());
                    None
                }
            },
            ast::Then::Owe { duty, by } => {
                let by = match by {
                    Some(by) => Some(self.day(by)?),
                    None => None,
                };
                let found = self.duties_named(header.pack, Some(header.section), duty);
                let owed = Then::Owe { duty: duty.text.clone(), by, span: duty.span };
                (!found.is_empty()).then_some(owed)
            }
        }
    }

    /// Returns the name under which a fact or a list is asked for.
    fn asked(&mut self, header: &Header<'_>, name: &Spelled) -> Option<String> {
        let found = self.look_up(header.pack, Space::Condition, name)?;
        match found.target {
            Target::Fact(_) => Some(name.text.clone()),
            Target::Record(record) => {
                self.corpus.records.get(record.index()).map(|record| record.plural.clone())
            }
            _ => {
                self.wrong(name, found, "a fact or a list");
                None
            }
        }
    }

    fn expected(
        &mut self,
        header: &Header<'_>,
        leaves: &BTreeSet<String>,
        written: &OutcomeExpr,
    ) -> Expected {
        // The parser knows the words for outcomes.
        let outcomes = written.outcomes.iter();
        let outcomes = outcomes.filter_map(|outcome| Outcome::from_name(&outcome.text)).collect();
        let because =
            written.because.iter().filter_map(|r| self.because(header, leaves, r)).collect();
        let context = Context::outside(header.pack, Some(header.section));
        let parts = (written.when.as_ref(), written.except.as_slice());
        let condition = if written.when.is_none() && written.except.is_empty() {
            leaf("", ConditionKind::Always, written.span)
        } else {
            self.folded(context, ("", written.span), parts)
        };
        Expected {
            agencies: self.agencies(header.place(), &written.subjects),
            acts: self.acts(header.pack, &written.acts),
            outcomes,
            because,
            condition,
            span: written.span,
        }
    }

    /// Returns the full id of a provision or leaf; reports one that is not there.
    fn because(
        &mut self,
        header: &Header<'_>,
        leaves: &BTreeSet<String>,
        reference: &Spelled,
    ) -> Option<String> {
        let text = reference.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let ids = self.ids(header.pack, Some(header.section), &text);
        let found = ids.iter().find(|id| leaves.iter().any(|leaf| covers(id, leaf))).cloned();
        if found.is_none() {
            let message = format!("no provision and no leaf is `{text}`");
            let full = ids.first().map_or("", String::as_str);
            let near = nearest(full, leaves);
            let prefix = full.strip_suffix(text.as_str()).unwrap_or("");
            let near = near.map(|near| near.strip_prefix(prefix).unwrap_or(&near).to_owned());
            self.report(Diagnostic::error("L121", reference.span, message).suggest(near));
        }
        found
    }

    fn claim(&mut self, header: &Header<'_>, leaves: &BTreeSet<String>, item: &ast::Claim) {
        let section = header.common.validity(&Common::default());
        let (from, until) = self.period(&item.period);
        let known = item.known_on.as_ref().and_then(|known| self.day(known));
        let mut statements = Vec::new();
        for statement in &item.statements {
            statements.push(self.expected(header, leaves, statement));
        }
        self.corpus.claims.push(Claim {
            pack: header.pack,
            title: item.title.text.clone(),
            from: from.unwrap_or(section.from),
            until: until.unwrap_or(section.until),
            known: known.unwrap_or(Day::MAX),
            statements,
            span: item.span,
        });
    }

    /// Returns the ids of all provisions and of all that is cited inside them.
    fn leaves(&self) -> BTreeSet<String> {
        let mut leaves: BTreeSet<String> =
            self.corpus.provisions.iter().map(|provision| provision.id.clone()).collect();
        for statement in &self.corpus.statements {
            self.cited(statement.provision, &statement.condition, &mut leaves);
        }
        for version in self.corpus.terms.iter().flat_map(|term| &term.versions) {
            self.cited(version.provision, &version.condition, &mut leaves);
        }
        for point in &self.corpus.unsettled {
            if let UnsettledKind::Written(readings) = &point.kind {
                for reading in readings {
                    self.cited(point.provision, reading, &mut leaves);
                }
            }
        }
        for duty in &self.corpus.duties {
            self.cited(duty.provision, &duty.condition, &mut leaves);
        }
        leaves
    }

    fn cited(&self, provision: ProvisionId, condition: &Condition, leaves: &mut BTreeSet<String>) {
        leaves.insert(self.corpus.leaf_id(provision, &condition.label));
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                for part in parts {
                    self.cited(provision, part, leaves);
                }
            }
            ConditionKind::Not(body) | ConditionKind::Count { body, .. } => {
                self.cited(provision, body, leaves);
            }
            _ => {}
        }
    }
}
