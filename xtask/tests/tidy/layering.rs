//! Which crate may use which.

use crate::tree::Tree;

/// A crate and what it may use of ours; and of others, where that is limited.
struct Layer {
    name: &'static str,
    ours: &'static [&'static str],
    others: Option<&'static [&'static str]>,
}

const LAYERS: &[Layer] = &[
    Layer { name: "brightline-law", ours: &[], others: Some(&["jiff"]) },
    Layer { name: "brightline-ledger", ours: &[], others: None },
    Layer { name: "brightline-desk", ours: &["brightline-law"], others: None },
    Layer {
        name: "brightline-docket",
        ours: &["brightline-law", "brightline-ledger", "brightline-desk"],
        others: None,
    },
    Layer { name: "brightline-paper", ours: &["brightline-law"], others: None },
    Layer { name: "brightline-replay", ours: &["brightline-law"], others: None },
    Layer {
        name: "brightline-server",
        ours: &[
            "brightline-law",
            "brightline-ledger",
            "brightline-desk",
            "brightline-docket",
            "brightline-paper",
            "brightline-replay",
        ],
        others: None,
    },
    Layer {
        name: "brightline",
        ours: &[
            "brightline-law",
            "brightline-ledger",
            "brightline-desk",
            "brightline-paper",
            "brightline-replay",
        ],
        others: None,
    },
    Layer {
        name: "brightline-office",
        ours: &[
            "brightline",
            "brightline-desk",
            "brightline-docket",
            "brightline-ledger",
            "brightline-paper",
            "brightline-server",
        ],
        others: None,
    },
    Layer { name: "xtask", ours: &[], others: None },
];

/// A member of the workspace; the fuzzers and the comparisons stand beside it.
fn is_ours(path: &str) -> bool {
    path.starts_with("crates/") || path.starts_with("xtask/")
}

pub fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for file in tree.with("/Cargo.toml").filter(|file| is_ours(&file.path)) {
        let Ok(manifest) = file.text.parse::<toml::Table>() else {
            faults.push(format!("{}: cannot be read", file.path));
            continue;
        };
        let Some(name) = manifest.get("package").and_then(|package| package.get("name")) else {
            continue;
        };
        let name = name.as_str().unwrap_or_default();
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
            faults.push(format!("{}: `{name}` has no layer in the table of this test", file.path));
            continue;
        };
        faults.extend(layer_faults(&file.path, layer, &manifest));
    }
    faults
}

fn layer_faults(path: &str, layer: &Layer, manifest: &toml::Table) -> Vec<String> {
    let mut faults = Vec::new();
    for section in ["dependencies", "build-dependencies"] {
        let table = manifest.get(section).and_then(toml::Value::as_table);
        for name in table.into_iter().flat_map(toml::Table::keys).map(String::as_str) {
            let ours = LAYERS.iter().any(|layer| layer.name == name);
            let allowed = if ours {
                layer.ours.contains(&name)
            } else {
                layer.others.is_none_or(|others| others.contains(&name))
            };
            if !allowed {
                faults.push(format!("{path}: `{}` must not use `{name}`", layer.name));
            }
        }
    }
    faults
}
