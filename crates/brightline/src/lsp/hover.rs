//! What the word under the cursor stands for: in the words of the pack, with citation and dates.

use brightline_law::ir::{
    Condition, ConditionKind, Corpus, Fact, Kind, Mark, PackId, Provision, ProvisionId, Record,
    RoleId, Term, Unsettled, UnsettledKind,
};
use brightline_law::syntax::NameKind;
use brightline_law::words;
use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind};

use super::definition::{provisions_meant, section_at};
use super::desk::Spot;
use super::index::{Index, Meant, Symbol};

/// A list of agencies or rows is shown up to here.
const SHOWN_MAX: usize = 12;

/// Returns what is known of the name at a place.
pub(super) fn hover(spot: &Spot<'_>) -> Option<Hover> {
    let reading = spot.reading;
    let mention = reading.index.at(spot.file, spot.byte32())?;
    let corpus = &reading.corpus;
    let text = match (&mention.meant, reading.index.symbol(mention)) {
        (_, Some(symbol)) => of_symbol(corpus, &reading.index, symbol)?,
        (Meant::Other(NameKind::Condition, name), _) if name == "act_date" => {
            "**act_date**: the day of the act".to_owned()
        }
        (Meant::Other(NameKind::Pack, name), _) => of_pack(corpus, name)?,
        (Meant::Other(NameKind::Source, name), _) => of_source(corpus, mention.pack, name)?,
        (Meant::Other(NameKind::Section, _), _) => of_section(corpus, mention.span)?,
        (Meant::Other(NameKind::Provision, name), _) => {
            let ids = match mention.declares {
                true => declared_at(corpus, mention.span),
                false => provisions_meant(corpus, (mention.pack, mention.span), name),
            };
            let shown = ids.iter().take(SHOWN_MAX).filter_map(|id| provision(corpus, *id));
            shown.collect::<Vec<_>>().join("\n\n---\n\n")
        }
        _ => return None,
    };
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: text });
    (!matches!(&contents, HoverContents::Markup(it) if it.value.is_empty()))
        .then(|| Hover { contents, range: Some(spot.range(mention.span)) })
}

/// Returns what a symbol is, as Markdown; completion shows it too.
pub(super) fn of_symbol(corpus: &Corpus, index: &Index, symbol: &Symbol) -> Option<String> {
    let (pack, name) = (symbol.pack, symbol.name.as_str());
    match symbol.kind {
        NameKind::Condition => of_condition(corpus, symbol),
        NameKind::Act => {
            let act = corpus.act_name(pack, name)?;
            let mut lines = vec![format!("**{name}**: act: {}", act.words)];
            if act.acts.len() > 1 {
                let acts = act.acts.iter().filter_map(|id| corpus.acts.get(id.index()));
                lines.extend(acts.map(|act| format!("- `{}`: {}", act.name, act.words)));
            }
            Some(lines.join("\n"))
        }
        NameKind::Subject => of_subject(corpus, symbol),
        NameKind::Value | NameKind::Reading => {
            let owner = index.symbols.get(symbol.owner?)?;
            let words = words_of(corpus, owner, name)?;
            Some(format!("**{name}** of `{}`: {words}", owner.name))
        }
        NameKind::Duty => {
            let named = |acts: &[(String, String)]| acts.iter().any(|(known, _)| known == name);
            let duty = corpus.duties.iter().find(|duty| named(&duty.acts))?;
            let words = duty.acts.iter().find(|(known, _)| known == name).map(|(_, it)| it)?;
            let citation = &corpus.provisions.get(duty.provision.index())?.citation;
            Some(format!("**{name}**: duty under {citation}: {words}"))
        }
        _ => of_listed(corpus, symbol),
    }
}

/// Returns what a role, paper, table or calendar is.
fn of_listed(corpus: &Corpus, symbol: &Symbol) -> Option<String> {
    let (pack, name) = (symbol.pack, symbol.name.as_str());
    match symbol.kind {
        NameKind::Role => {
            let role = corpus.roles.iter().find(|it| it.pack == pack && it.name == name)?;
            Some(format!("**{name}**: role: {}", role.words))
        }
        NameKind::Paper => {
            let paper = corpus.papers.get(corpus.paper(pack, name)?.index())?;
            let signed = paper.signed_by.as_ref().map(|by| format!("\n\nsigned by {by}"));
            Some(format!("**{name}**: {}{}", paper.title, signed.unwrap_or_default()))
        }
        NameKind::Table => {
            let table = corpus.tables.iter().find(|it| it.pack == pack && it.name == name)?;
            let columns = table.columns.join(", ");
            let rows = match table.rows.len() {
                1 => "1 offense".to_owned(),
                many => format!("{many} offenses"),
            };
            Some(format!("**{name}**: table of {rows}\n\ncolumns: {columns}"))
        }
        NameKind::Calendar => {
            let calendar = corpus.calendars.iter().find(|it| it.pack == pack && it.name == name)?;
            let mut lines = vec![format!("**{name}**: calendar: {}", calendar.words)];
            lines.extend(calendar.question.iter().map(|it| format!("\nunsettled: {it}")));
            Some(lines.join("\n"))
        }
        _ => None,
    }
}

/// Returns one line on a symbol, for lists.
pub(super) fn brief(corpus: &Corpus, index: &Index, symbol: &Symbol) -> Option<String> {
    if let (NameKind::Value | NameKind::Reading, Some(owner)) = (symbol.kind, symbol.owner) {
        return words_of(corpus, index.symbols.get(owner)?, &symbol.name);
    }
    let text = of_symbol(corpus, index, symbol)?;
    let line = text.lines().next()?;
    Some(line.split_once("**: ").map_or(line, |(_, rest)| rest).to_owned())
}

fn words_of(corpus: &Corpus, owner: &Symbol, name: &str) -> Option<String> {
    let found = |list: &[(String, String)]| {
        list.iter().find(|(known, _)| known == name).map(|(_, words)| words.clone())
    };
    if let Some(Kind::OneOf(values)) = fact(corpus, owner).map(|fact| &fact.kind) {
        return found(values);
    }
    found(&unsettled(corpus, owner)?.readings)
}

fn of_condition(corpus: &Corpus, symbol: &Symbol) -> Option<String> {
    if let Some(fact) = fact(corpus, symbol) {
        return Some(of_fact(corpus, fact));
    }
    let record = corpus.records.iter().find(|record| {
        record.pack == symbol.pack && [&record.name, &record.plural].contains(&&symbol.name)
    });
    if let (Some(record), None) = (record, symbol.record) {
        return Some(of_record(corpus, record));
    }
    if let Some(term) = term(corpus, symbol) {
        let versions = term.versions.iter().filter_map(|version| {
            let mut text = head(corpus, corpus.provisions.get(version.provision.index())?);
            text.push_str("\n\n");
            outline(corpus, &version.condition, 0, &mut text);
            Some(text)
        });
        let versions: Vec<String> = versions.collect();
        let of = term.record.and_then(|record| corpus.records.get(record.index()));
        let of = of.map(|record| format!(" of {}", record.name)).unwrap_or_default();
        let words = match term.words.as_str() {
            "" => String::new(),
            words => format!(": {words}"),
        };
        let versions = versions.join("\n\n");
        return Some(format!("**{}**: defined{of}{words}\n\n{versions}", term.name));
    }
    of_unsettled(corpus, unsettled(corpus, symbol)?)
}

/// Returns the fact or field that a symbol stands for.
pub(super) fn fact<'c>(corpus: &'c Corpus, symbol: &Symbol) -> Option<&'c Fact> {
    match symbol.record {
        Some(record) => {
            let fields = &corpus.records.get(record.index())?.fields;
            fields.iter().find(|field| field.name == symbol.name)
        }
        None => {
            let mut facts = corpus.facts.iter();
            facts.find(|fact| fact.pack == symbol.pack && fact.name == symbol.name)
        }
    }
}

fn term<'c>(corpus: &'c Corpus, symbol: &Symbol) -> Option<&'c Term> {
    corpus.terms.iter().find(|term| {
        term.name == symbol.name && (term.pack, term.record) == (symbol.pack, symbol.record)
    })
}

fn unsettled<'c>(corpus: &'c Corpus, symbol: &Symbol) -> Option<&'c Unsettled> {
    corpus.unsettled.iter().find(|point| {
        let pack = corpus.provisions.get(point.provision.index()).map(|it| it.pack);
        let is_written = matches!(point.kind, UnsettledKind::Written(_));
        is_written
            && point.name == symbol.name
            && (pack, point.record) == (Some(symbol.pack), symbol.record)
    })
}

fn of_fact(corpus: &Corpus, fact: &Fact) -> String {
    let noun = if fact.finding { "finding" } else { "fact" };
    let mut lines = vec![format!("**{}**: {noun}, {}", fact.name, kind_words(&fact.kind))];
    if !fact.ask.is_empty() {
        lines.push(format!("> {}", fact.ask));
    }
    lines.extend(fact.hint.clone());
    if !fact.words.is_empty() {
        lines.push(format!("in reasons: {}", fact.words));
    }
    let minutes = if fact.cost == 1 { "minute" } else { "minutes" };
    let by = found_by(corpus, &fact.found_by);
    lines.push(format!("cost: {} {minutes}{by}", fact.cost));
    lines.extend(fact.standard.as_ref().map(|it| format!("standard: {it}")));
    lines.extend(
        fact.presumed
            .as_ref()
            .map(|(value, by)| format!("presumed {} by {by}", if *value { "yes" } else { "no" })),
    );
    if let Kind::OneOf(values) = &fact.kind {
        let values = values.iter().map(|(name, words)| format!("- `{name}`: {words}"));
        lines.push(values.collect::<Vec<_>>().join("\n"));
    }
    lines.join("\n\n")
}

fn of_record(corpus: &Corpus, record: &Record) -> String {
    let (name, plural) = (&record.name, &record.plural);
    let mut lines = vec![format!("**{name}**: record, listed as `{plural}`")];
    if !record.ask.is_empty() {
        lines.push(format!("> {}", record.ask));
    }
    lines.extend(record.hint.clone());
    lines.push(format!("cost: {} minutes{}", record.cost, found_by(corpus, &record.found_by)));
    let fields = record.fields.iter();
    let fields = fields.map(|field| format!("- `{}`: {}", field.name, kind_words(&field.kind)));
    lines.push(fields.collect::<Vec<_>>().join("\n"));
    lines.join("\n\n")
}

fn found_by(corpus: &Corpus, roles: &[RoleId]) -> String {
    let roles = roles.iter().filter_map(|role| corpus.roles.get(role.index()));
    let roles: Vec<&str> = roles.map(|role| role.words.as_str()).collect();
    match roles.is_empty() {
        true => String::new(),
        false => format!("; found by {}", roles.join(", ")),
    }
}

/// Returns the words for a type.
pub(super) fn kind_words(kind: &Kind) -> &'static str {
    match kind {
        Kind::YesNo => "yes or no",
        Kind::OneOf(_) => "one of",
        Kind::Date => "a date",
        Kind::Time => "a time",
        Kind::Number { days: true } => "a number of days",
        Kind::Number { days: false } => "a number",
        Kind::Offense => "an offense",
    }
}

fn of_unsettled(corpus: &Corpus, point: &Unsettled) -> Option<String> {
    let provision = corpus.provisions.get(point.provision.index())?;
    let mut text = format!("**{}**: unsettled: {}\n\n", point.name, point.question);
    text.push_str(&head(corpus, provision));
    if let Some(because) = &point.because {
        text.push_str(&format!("\n\nbecause {because}"));
    }
    for (at, (name, words)) in point.readings.iter().enumerate() {
        let safe = if point.safe == Some(at) { " (safe)" } else { "" };
        text.push_str(&format!("\n\nreading `{name}`{safe}: {words}\n\n"));
        if let UnsettledKind::Written(conditions) = &point.kind
            && let Some(condition) = conditions.get(at)
        {
            outline(corpus, condition, 0, &mut text);
        }
    }
    Some(text)
}

fn of_subject(corpus: &Corpus, symbol: &Symbol) -> Option<String> {
    let (pack, name) = (symbol.pack, &symbol.name);
    let mut agencies = corpus.agencies.iter();
    if let Some(agency) = agencies.find(|it| it.pack == pack && it.name == *name) {
        let groups = agency.groups.iter().filter_map(|group| corpus.groups.get(group.index()));
        let groups: Vec<&str> = groups.map(|group| group.words.as_str()).collect();
        let is = if groups.is_empty() { "" } else { "\n\nis " };
        return Some(format!("**{name}**: agency: {}{is}{}", agency.words, groups.join(", ")));
    }
    let at = corpus.groups.iter().position(|it| it.pack == pack && it.name == *name)?;
    let group = corpus.groups.get(at)?;
    let members = corpus.agencies.iter();
    let members = members.filter(|agency| agency.groups.iter().any(|it| it.index() == at));
    let members: Vec<String> = members.map(|agency| format!("- {}", agency.words)).collect();
    let (shown, more) = members.split_at(members.len().min(SHOWN_MAX));
    let mut text = format!("**{name}**: group: {}\n\n{}", group.words, shown.join("\n"));
    if !more.is_empty() {
        text.push_str(&format!("\n- and {} others", more.len()));
    }
    Some(text)
}

fn of_pack(corpus: &Corpus, name: &str) -> Option<String> {
    let pack = corpus.packs.get(corpus.pack(name)?.index())?;
    Some(format!("**{}**: {}", pack.id, pack.title))
}

fn of_source(corpus: &Corpus, pack: PackId, name: &str) -> Option<String> {
    let references = &corpus.packs.get(pack.index())?.references;
    let source = references.iter().find(|source| source.id == name)?;
    let mut text = format!("**{name}**: {}", source.title);
    for (word, value) in [("", &source.url), ("read ", &source.read)] {
        if !value.is_empty() {
            text.push_str(&format!("\n\n{word}{value}"));
        }
    }
    Some(text)
}

fn of_section(corpus: &Corpus, span: brightline_law::diagnostic::Span) -> Option<String> {
    let section = corpus.sections.get(section_at(corpus, span)?.index())?;
    let title = section.title.as_ref().map(|title| format!(": {title}"));
    let mut lines = vec![format!("**{}**{}", section.citation, title.unwrap_or_default())];
    lines.extend(section.enacted_by.as_ref().map(|by| format!("Enacted by {by}.")));
    lines.extend(brightline_desk::in_force(corpus, &section.validity));
    lines.extend(section.notes.iter().map(|(keyword, note)| match note.is_empty() {
        true => keyword.clone(),
        false => format!("{keyword}: {note}"),
    }));
    Some(lines.join("\n\n"))
}

fn declared_at(corpus: &Corpus, span: brightline_law::diagnostic::Span) -> Vec<ProvisionId> {
    let ids = corpus.provisions.iter().zip((0u32..).map(ProvisionId));
    let here = ids.filter(|(provision, _)| provision.span == span);
    here.map(|(_, id)| id).collect()
}

/// Returns a provision: citation, dates, what it says, how it was read, its conditions.
fn provision(corpus: &Corpus, id: ProvisionId) -> Option<String> {
    let mut text = head(corpus, corpus.provisions.get(id.index())?);
    for statement in corpus.statements.iter().filter(|it| it.provision == id) {
        if !matches!(statement.condition.kind, ConditionKind::Always) {
            text.push_str("\n\nwhen\n\n");
            outline(corpus, &statement.condition, 0, &mut text);
        }
    }
    Some(text)
}

/// Returns what stands above a provision's conditions.
fn head(corpus: &Corpus, provision: &Provision) -> String {
    let mut lines = vec![format!("**{}**", provision.citation)];
    lines.extend(provision.plain.clone());
    lines.extend(brightline_desk::in_force(corpus, &provision.validity));
    let read = match provision.mark {
        Mark::Read => "read",
        Mark::PartlyRead => "partly read",
        Mark::Secondary => "known from a secondary source",
        Mark::Recalled => "recalled, not checked",
        Mark::Analysis => "our own reading",
    };
    let references = corpus.packs.get(provision.pack.index()).map(|pack| &pack.references);
    let source = references.and_then(|known| known.get(provision.reference?));
    lines.extend(source.map(|source| format!("Source: {}, {read}.", source.title)));
    lines.extend(provision.partial.iter().map(|(why, _)| format!("Not read whole: {why}.")));
    lines.extend(provision.unverified.iter().map(|what| format!("To be verified: {what}.")));
    lines.join("\n\n")
}

/// Adds a condition as a list.
fn outline(corpus: &Corpus, condition: &Condition, level: usize, text: &mut String) {
    let (words, parts): (String, &[Condition]) = match &condition.kind {
        ConditionKind::All(parts) => ("all of".to_owned(), parts),
        ConditionKind::Any(parts) => ("any of".to_owned(), parts),
        ConditionKind::Not(inner) => match &inner.kind {
            ConditionKind::Any(parts) => ("none of".to_owned(), parts),
            ConditionKind::All(parts) => ("not all of".to_owned(), parts),
            _ => (words::condition(corpus, condition), &[]),
        },
        _ => (words::condition(corpus, condition), &[]),
    };
    text.push_str(&format!("{}- {words}\n", "  ".repeat(level)));
    parts.iter().for_each(|part| outline(corpus, part, level + 1, text));
}
