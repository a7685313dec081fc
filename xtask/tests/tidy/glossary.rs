//! Every public type of the law crate is named, in backticks, by a heading of the glossary.

use std::collections::BTreeSet;

use crate::lexer::{Kind, only, without_tests};
use crate::markdown::prose;
use crate::tree::Tree;

const PAGE: &str = "docs/glossary.md";

pub fn faults(tree: &Tree) -> Vec<String> {
    let page = prose(tree.text(PAGE));
    let mut named = BTreeSet::new();
    let mut faults = Vec::new();
    for (at, line) in page.iter().filter(|(_, line)| line.starts_with('#')) {
        for name in line.split('`').skip(1).step_by(2) {
            if !named.insert(name.to_owned()) {
                faults.push(format!("{PAGE}:{at}: `{name}` is defined twice"));
            }
        }
    }
    let declared = declared(tree);
    let missing = declared.difference(&named);
    faults.extend(missing.map(|name| format!("{PAGE}: no heading names `{name}`")));
    let gone = named.difference(&declared);
    faults.extend(gone.map(|name| format!("{PAGE}: `{name}` is no public type")));
    faults
}

fn declared(tree: &Tree) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in tree.rust().filter(|it| it.path.starts_with("crates/brightline-law/src/")) {
        for line in only(without_tests(&file.text), Kind::Code).lines() {
            names.extend(type_name(line.trim_start()));
        }
    }
    names
}

fn type_name(line: &str) -> Option<String> {
    let line = line.strip_prefix("pub ")?;
    let rest =
        ["struct ", "enum ", "trait ", "type "].iter().find_map(|it| line.strip_prefix(it))?;
    let name = rest.split(|it: char| !it.is_alphanumeric()).next().unwrap_or_default();
    name.starts_with(|it: char| it.is_uppercase()).then(|| name.to_owned())
}
