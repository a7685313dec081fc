//! `cargo xtask bench`: runs the benchmarks and prints one line for each.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::Value;

use crate::cargo::{cargo, succeed, target};

/// One benchmark: its name, the median and its confidence interval, in nanoseconds.
struct Figure {
    name: String,
    median: f64,
    low: f64,
    high: f64,
    elements: Option<f64>,
}

/// Runs the benchmarks whose names contain the filter.
///
/// # Errors
///
/// Returns a message when they do not build or run.
pub fn run(filter: &[&str]) -> Result<(), String> {
    let start = SystemTime::now();
    let mut command = cargo(&["bench", "--workspace", "--locked", "--bench", "*", "--"]);
    command.arg("--noplot").args(filter);
    succeed(&mut command)?;
    let mut figures = Vec::new();
    collect(&target().join("criterion"), start, &mut figures);
    figures.sort_by(|left, right| left.name.cmp(&right.name));
    print(&figures);
    Ok(())
}

fn print(figures: &[Figure]) {
    println!("\n{:48} {:>12} {:>27} {:>14}", "benchmark", "median", "95 % interval", "per second");
    for figure in figures {
        let interval = format!("{} – {}", duration(figure.low), duration(figure.high));
        let rate = figure.elements.map_or_else(String::new, |elements| {
            format!("{:.1} M", elements / figure.median * 1_000.0)
        });
        let median = duration(figure.median);
        println!("{:48} {median:>12} {interval:>27} {rate:>14}", figure.name);
    }
}

/// Collects the results that this run wrote; older ones stand for benchmarks that are gone.
fn collect(folder: &Path, since: SystemTime, figures: &mut Vec<Figure>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    for path in folders.iter().filter(|path| path.is_dir()) {
        if path.file_name().is_some_and(|name| name == "new") {
            figures.extend(figure(path, since));
        } else {
            collect(path, since, figures);
        }
    }
}

fn figure(folder: &Path, since: SystemTime) -> Option<Figure> {
    let path = folder.join("estimates.json");
    if std::fs::metadata(&path).ok()?.modified().ok()? < since {
        return None;
    }
    let estimates = json(&path)?;
    let benchmark = json(&folder.join("benchmark.json"))?;
    let number = |pointer: &str| estimates.pointer(pointer).and_then(Value::as_f64);
    Some(Figure {
        name: benchmark.get("full_id")?.as_str()?.to_owned(),
        median: number("/median/point_estimate")?,
        low: number("/median/confidence_interval/lower_bound")?,
        high: number("/median/confidence_interval/upper_bound")?,
        elements: benchmark.pointer("/throughput/Elements").and_then(Value::as_f64),
    })
}

fn json(path: &Path) -> Option<Value> {
    serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
}

fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        it if it < 1e3 => format!("{it:.1} ns"),
        it if it < 1e6 => format!("{:.2} µs", it / 1e3),
        it if it < 1e9 => format!("{:.2} ms", it / 1e6),
        it => format!("{:.2} s", it / 1e9),
    }
}
