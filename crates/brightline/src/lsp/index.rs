//! What every name in the packs stands for: declared where, used where.

use std::collections::BTreeMap;

use brightline_law::Sources;
use brightline_law::diagnostic::Span;
use brightline_law::ir::{Corpus, PackId, RecordId};
use brightline_law::syntax::ast::{Document, Spelled};
use brightline_law::syntax::{NameKind, NameUse, names};

/// What is put before an act to name the fact that the agency's own rules forbid it.
const POLICY_FACT: &str = "policy_prohibits_";

/// Something with a name that packs declare.
#[derive(Debug)]
pub(super) struct Symbol {
    pub(super) kind: NameKind,
    pub(super) pack: PackId,
    pub(super) name: String,
    /// The record that a field or a term is of.
    pub(super) record: Option<RecordId>,
    /// For a value its fact, for a reading its point.
    pub(super) owner: Option<usize>,
    /// Several for a term with versions.
    pub(super) declared: Vec<Span>,
    pub(super) uses: Vec<Span>,
}

/// What stands at a place.
#[derive(Debug, Clone)]
pub(super) enum Meant {
    /// A declared name.
    Symbol(usize),
    /// Something named without being declared: a provision, a pack, a source, or nothing known.
    Other(NameKind, String),
}

/// A name where it stands.
#[derive(Debug)]
pub(super) struct Mention {
    pub(super) span: Span,
    pub(super) pack: PackId,
    pub(super) declares: bool,
    pub(super) meant: Meant,
}

/// All names of all packs.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) symbols: Vec<Symbol>,
    mentions: Vec<Mention>,
}

/// What tells one declared name from another.
type Key = (NameKind, PackId, Option<RecordId>, Option<usize>, String);

struct Builder<'c> {
    corpus: &'c Corpus,
    known: BTreeMap<Key, usize>,
    index: Index,
}

impl Index {
    /// Returns the index of documents, each beside the index of its pack.
    pub(super) fn of(sources: &Sources, corpus: &Corpus, documents: &[(usize, Document)]) -> Self {
        let mut builder = Builder { corpus, known: BTreeMap::new(), index: Self::default() };
        let mut uses: Vec<(PackId, NameUse<'_>)> = Vec::new();
        for (pack, document) in documents {
            let pack = PackId(u32::try_from(*pack).unwrap_or(u32::MAX));
            for name in names(document) {
                if name.declares && !is_of_text(name.kind) {
                    builder.declare(pack, &name);
                } else {
                    uses.push((pack, name));
                }
            }
        }
        for (pack, name) in uses {
            builder.mention(pack, &name);
        }
        let texts: Vec<&str> = sources.files().map(|file| file.text.as_str()).collect();
        builder.index.take_off_quotes(&texts);
        builder.index
    }

    /// Returns the name at a place; one that ends there counts too.
    pub(super) fn at(&self, file: u32, byte: u32) -> Option<&Mention> {
        let here = self.mentions.iter().filter(|mention| {
            let span = mention.span;
            span.file == file && span.start <= byte && byte <= span.end
        });
        here.min_by_key(|mention| {
            let span = mention.span;
            (span.end - span.start, u32::MAX - span.start)
        })
    }

    /// Returns the symbol of a mention.
    pub(super) fn symbol(&self, mention: &Mention) -> Option<&Symbol> {
        match mention.meant {
            Meant::Symbol(symbol) => self.symbols.get(symbol),
            Meant::Other(..) => None,
        }
    }

    fn take_off_quotes(&mut self, texts: &[&str]) {
        let is_quoted = |span: &Span| {
            let text = texts.get(span.file as usize);
            let text = text.and_then(|text| text.get(span.start as usize..span.end as usize));
            text.is_some_and(|text| text.len() >= 2 && text.starts_with('"'))
        };
        let inner = |span: &mut Span| {
            if is_quoted(span) {
                span.start += 1;
                span.end -= 1;
            }
        };
        // An offense is given as a text, which is no name.
        self.mentions.retain(|mention| {
            let is_value = matches!(mention.meant, Meant::Other(NameKind::Value, _));
            !(is_value && is_quoted(&mention.span))
        });
        for symbol in &mut self.symbols {
            symbol.declared.iter_mut().chain(&mut symbol.uses).for_each(inner);
        }
        for mention in &mut self.mentions {
            inner(&mut mention.span);
        }
    }
}

/// Names that follow the text of the law, or stand in a manifest.
fn is_of_text(kind: NameKind) -> bool {
    matches!(kind, NameKind::Provision | NameKind::Section | NameKind::Pack | NameKind::Source)
}

impl Builder<'_> {
    fn record(&self, pack: PackId, name: &NameUse<'_>) -> Option<RecordId> {
        self.corpus.record(pack, &name.record?.text)
    }

    fn declare(&mut self, pack: PackId, name: &NameUse<'_>) {
        let record = self.record(pack, name).filter(|_| is_said_of_records(name.kind));
        let owner = name.owner.and_then(|owner| {
            let kinds = [NameKind::Condition, NameKind::Calendar];
            kinds.iter().find_map(|kind| self.own((*kind, pack, record, None, owner.text.clone())))
        });
        let key = (name.kind, pack, record, owner, name.name.text.clone());
        let next = self.index.symbols.len();
        let symbol = *self.known.entry(key).or_insert(next);
        if symbol == next {
            self.index.symbols.push(Symbol {
                kind: name.kind,
                pack,
                name: name.name.text.clone(),
                record,
                owner,
                declared: Vec::new(),
                uses: Vec::new(),
            });
        }
        if let Some(symbol) = self.index.symbols.get_mut(symbol) {
            symbol.declared.push(name.name.span);
        }
        self.push(pack, name.name.span, true, Meant::Symbol(symbol));
    }

    fn mention(&mut self, pack: PackId, name: &NameUse<'_>) {
        let Spelled { text, span } = name.name;
        if self.find(pack, name).is_none() && self.is_act_by_inclusion(pack, name) {
            return self.declare(pack, name);
        }
        let (found, span) = match self.find(pack, name) {
            Some(symbol) => (Some(symbol), *span),
            None => self.policy_fact(pack, name),
        };
        if let Some(symbol) = found {
            if let Some(symbol) = self.index.symbols.get_mut(symbol) {
                symbol.uses.push(span);
            }
            self.push(pack, span, false, Meant::Symbol(symbol));
        } else if text != "the agency" {
            // A duty may be named by its label.
            let kind = match name.kind {
                NameKind::Duty => NameKind::Provision,
                kind => kind,
            };
            self.push(pack, span, name.declares, Meant::Other(kind, text.clone()));
        }
    }

    fn push(&mut self, pack: PackId, span: Span, declares: bool, meant: Meant) {
        self.index.mentions.push(Mention { span, pack, declares, meant });
    }

    fn own(&self, key: Key) -> Option<usize> {
        self.known.get(&key).copied()
    }

    /// Returns what a name means: in its pack, then in the packs above it, the nearest first.
    fn find(&self, pack: PackId, name: &NameUse<'_>) -> Option<usize> {
        if is_of_text(name.kind) {
            return None;
        }
        let record = self.record(pack, name);
        let text = &name.name.text;
        match name.owner {
            None => self.look_up((name.kind, pack), record, text),
            Some(owner) => {
                let condition = (NameKind::Condition, pack);
                let calendar = (NameKind::Calendar, pack);
                let owner = self
                    .look_up(condition, record, &owner.text)
                    .or_else(|| self.look_up(calendar, None, &owner.text))?;
                let of = self.index.symbols.get(owner)?;
                self.own((name.kind, of.pack, of.record, Some(owner), text.clone()))
            }
        }
    }

    fn look_up(
        &self,
        (kind, pack): (NameKind, PackId),
        record: Option<RecordId>,
        text: &str,
    ) -> Option<usize> {
        let of_record = record.filter(|_| is_said_of_records(kind));
        let ways = of_record.map(Some).into_iter().chain([None]);
        ways.into_iter().find_map(|record| {
            let mut packs = self.corpus.visible(pack);
            packs.find_map(|pack| self.own((kind, pack, record, None, text.to_owned())))
        })
    }

    /// An act that is included without words, and declared nowhere else, is declared by that.
    fn is_act_by_inclusion(&self, pack: PackId, name: &NameUse<'_>) -> bool {
        let found = self.corpus.act_name(pack, &name.name.text);
        name.kind == NameKind::Act && found.is_some_and(|act| act.pack == pack)
    }

    /// Returns the act that `policy_prohibits_ACT` speaks of, and where its name stands in it.
    fn policy_fact(&self, pack: PackId, name: &NameUse<'_>) -> (Option<usize>, Span) {
        let Spelled { text, span } = name.name;
        let act = text.strip_prefix(POLICY_FACT).filter(|_| name.kind == NameKind::Condition);
        let Some(act) = act else { return (None, *span) };
        let length = u32::try_from(act.len()).unwrap_or_default();
        let inner = Span { start: span.end.saturating_sub(length), ..*span };
        (self.look_up((NameKind::Act, pack), None, act), inner)
    }
}

/// Names that a record can have of its own: its fields with their values, terms said of it.
fn is_said_of_records(kind: NameKind) -> bool {
    matches!(kind, NameKind::Condition | NameKind::Value | NameKind::Reading)
}

#[cfg(test)]
mod tests {
    use brightline_desk::Packs;
    use brightline_law::read;
    use brightline_law::syntax::parse;

    use super::{Index, Meant, is_of_text};

    /// What the resolver accepts, the index knows.
    #[test]
    fn every_name_of_the_packs_is_declared_somewhere() {
        let sources = Packs::embedded().unwrap().sources;
        let checked = read(&sources);
        let mut documents = Vec::new();
        for (pack, source) in sources.packs.iter().enumerate() {
            for file in &source.files {
                let number = u32::try_from(documents.len()).unwrap();
                documents.push((pack, parse(number, &file.text).document));
            }
        }
        let index = Index::of(&sources, &checked.corpus, &documents);
        let texts: Vec<&str> = sources.files().map(|file| file.text.as_str()).collect();
        let reported = |span: brightline_law::diagnostic::Span| {
            let mut labels = checked.diagnostics.iter().flat_map(|it| &it.labels);
            labels.any(|label| label.span.file == span.file)
        };
        for mention in &index.mentions {
            let span = mention.span;
            let text = &texts[span.file as usize][span.start as usize..span.end as usize];
            match &mention.meant {
                Meant::Symbol(symbol) => assert_eq!(index.symbols[*symbol].name, text),
                Meant::Other(kind, _) => {
                    let is_literal = ["act_date", "yes", "no"].contains(&text)
                        || text.starts_with(|it: char| it.is_ascii_digit());
                    let known = is_of_text(*kind) || is_literal || reported(span);
                    assert!(known, "{text} at {span:?}");
                }
            }
        }
    }
}
