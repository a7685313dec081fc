//! `cargo xtask deps`: licenses, duplicates, origins, and a reason for every direct dependency.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::cargo::{cargo, printed, root};
use crate::license::is_allowed;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
const REASONS: &str = "docs/dependencies.md";
/// The workspace, and the fuzzers beside it.
const MANIFESTS: [&str; 2] = ["Cargo.toml", "fuzz/Cargo.toml"];

/// What stands apart and users never run: a reason is asked for, and nothing is downloaded.
const BENCHES: [&str; 3] =
    ["bench/peers/Cargo.toml", "bench/peers/axiom/Cargo.toml", "bench/size/Cargo.toml"];

/// What `deny.toml` asks for.
struct Terms {
    targets: Vec<String>,
    licenses: Vec<String>,
    duplicates: BTreeSet<String>,
}

/// Checks all dependencies against `deny.toml` and `docs/dependencies.md`.
///
/// # Errors
///
/// Returns a message that lists every fault.
pub fn run() -> Result<(), String> {
    let terms = terms()?;
    let mut faults = Vec::new();
    let mut direct = BTreeSet::new();
    for manifest in MANIFESTS {
        let metadata = metadata(manifest, &terms.targets)?;
        check_packages(&metadata, &terms, &mut faults);
        direct.extend(direct_dependencies(&metadata));
    }
    for manifest in BENCHES {
        direct.extend(named_dependencies(manifest)?);
    }
    faults.extend(reason_faults(&direct)?);
    faults.sort();
    faults.dedup();
    if faults.is_empty() {
        println!("{} direct dependencies, each with its reason", direct.len());
        return Ok(());
    }
    Err(format!("dependencies:\n  {}", faults.join("\n  ")))
}

fn terms() -> Result<Terms, String> {
    let text = read("deny.toml")?;
    let table: toml::Table = text.parse().map_err(|error| format!("deny.toml: {error}"))?;
    let words = |section: &str, key: &str| -> Vec<String> {
        let list = table.get(section).and_then(|section| section.get(key));
        let list = list.and_then(toml::Value::as_array).cloned().unwrap_or_default();
        list.iter().filter_map(name_of).collect()
    };
    Ok(Terms {
        targets: words("graph", "targets"),
        licenses: words("licenses", "allow"),
        duplicates: words("bans", "skip").into_iter().collect(),
    })
}

/// Reads `"name"` or `{ crate = "name", reason = "…" }`, without a version.
fn name_of(value: &toml::Value) -> Option<String> {
    let text = value.as_str().or_else(|| value.get("crate")?.as_str())?;
    Some(text.split('@').next().unwrap_or(text).to_owned())
}

fn metadata(manifest: &str, targets: &[String]) -> Result<Value, String> {
    let words = ["metadata", "--format-version", "1", "--locked", "--manifest-path", manifest];
    let mut command = cargo(&words);
    for target in targets {
        command.args(["--filter-platform", target]);
    }
    let text = printed(&mut command)?;
    serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))
}

fn check_packages(metadata: &Value, terms: &Terms, faults: &mut Vec<String>) {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let used = used_ids(metadata);
    for package in list(metadata, "packages") {
        let (name, version) = (text(package, "name"), text(package, "version"));
        if !used.contains(text(package, "id")) {
            continue;
        }
        versions.entry(name).or_default().insert(version);
        let license = text(package, "license");
        if !is_allowed(license, &terms.licenses) {
            faults.push(format!("{name} {version}: license `{license}` is not allowed"));
        }
        let source = text(package, "source");
        if !source.is_empty() && source != REGISTRY {
            faults.push(format!("{name} {version}: comes from `{source}`"));
        }
    }
    for (name, versions) in versions {
        if versions.len() > 1 && !terms.duplicates.contains(name) {
            let versions: Vec<&str> = versions.into_iter().collect();
            faults.push(format!("{name}: occurs in versions {}", versions.join(", ")));
        }
    }
}

/// The packages that the targets of `deny.toml` really build.
fn used_ids(metadata: &Value) -> BTreeSet<&str> {
    let nodes = metadata.get("resolve").map(|resolve| list(resolve, "nodes")).unwrap_or_default();
    nodes.iter().map(|node| text(node, "id")).collect()
}

fn direct_dependencies(metadata: &Value) -> BTreeSet<String> {
    list(metadata, "packages")
        .iter()
        .filter(|package| text(package, "source").is_empty())
        .flat_map(|package| list(package, "dependencies"))
        .filter(|dependency| !text(dependency, "source").is_empty())
        .map(|dependency| text(dependency, "name").to_owned())
        .collect()
}

/// Reads the dependencies of a manifest that come from a registry.
fn named_dependencies(manifest: &str) -> Result<BTreeSet<String>, String> {
    let text = read(manifest)?;
    let table: toml::Table = text.parse().map_err(|error| format!("{manifest}: {error}"))?;
    let found = table.get("dependencies").and_then(toml::Value::as_table);
    let found = found.into_iter().flatten();
    let own = |value: &toml::Value| value.get("path").is_some();
    Ok(found.filter(|(_, value)| !own(value)).map(|(name, _)| name.clone()).collect())
}

/// Compares the direct dependencies with the rows ``| `name` | … |`` of the page of reasons.
fn reason_faults(direct: &BTreeSet<String>) -> Result<Vec<String>, String> {
    let page = read(REASONS)?;
    let named: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name.to_owned())
        .collect();
    let missing = direct.difference(&named).map(|name| format!("{REASONS}: no line for `{name}`"));
    let stale = named.difference(direct).map(|name| format!("{REASONS}: `{name}` is not used"));
    Ok(missing.chain(stale).collect())
}

fn read(path: &str) -> Result<String, String> {
    std::fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
