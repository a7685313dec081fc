//! The policy, its inputs, and the same by hand.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Outcome;
use crate::table::Table;

/// Days within which a conviction is recent.
pub const WINDOW: i64 = 1826;
/// Section: one input at a time, both acts, the input parsed before.
pub const TYPED: &str = "both acts, input ready";
/// Section: from the text of a request.
pub const JSON: &str = "both acts, from JSON text";
/// Section: with what explains the answer.
pub const EXPLAINED: &str = "both acts, explained";
/// Section: from policy text to ready.
pub const START: &str = "policy read and made ready";

/// Bit 0: the hold is permitted; bit 1: so is the notification.
pub type Answer = u8;

/// A conviction as the inputs have it.
#[derive(Deserialize)]
pub struct Conviction {
    /// Which section.
    pub section: String,
    /// How long ago.
    pub days_ago: i64,
}

/// One input.
#[derive(Deserialize)]
pub struct Input {
    pub agency: String,
    pub judicial_warrant: bool,
    pub terrorist_match: bool,
    pub reentered_after_removal: bool,
    pub civil_enforcement: bool,
    pub convictions: Vec<Conviction>,
}

/// All that a race needs.
pub struct Race {
    /// Where the policies are.
    pub folder: PathBuf,
    /// The sections that qualify, in order.
    pub listed: Vec<String>,
    pub qualifying: HashSet<String>,
    /// The inputs as text.
    pub lines: Vec<String>,
    pub inputs: Vec<Input>,
    /// The right answers.
    pub answers: Vec<Answer>,
}

impl Race {
    /// Reads the inputs and works out the right answers.
    pub fn read(folder: &Path) -> Outcome<Self> {
        let listed: Vec<String> =
            serde_json::from_str(&std::fs::read_to_string(folder.join("qualifying.json"))?)?;
        let qualifying: HashSet<String> = listed.iter().cloned().collect();
        let lines = read_lines(&folder.join("inputs.jsonl"))?;
        let inputs: Vec<Input> =
            lines.iter().map(|line| serde_json::from_str(line)).collect::<Result<_, _>>()?;
        let answers = inputs.iter().map(|input| by_hand(input, &qualifying)).collect();
        Ok(Self { folder: folder.to_owned(), listed, qualifying, lines, inputs, answers })
    }

    /// Returns the text of a policy.
    pub fn text(&self, path: &str) -> Outcome<String> {
        let place = self.folder.join(path);
        std::fs::read_to_string(&place).map_err(|e| format!("{}: {e}", place.display()).into())
    }

    /// The days since the latest qualifying conviction: what a host finds for engines that cannot.
    pub fn latest(&self, input: &Input) -> Option<i64> {
        let listed = input.convictions.iter().filter(|it| self.qualifying.contains(&it.section));
        listed.map(|it| it.days_ago).min()
    }
}

/// Reads a file line by line.
pub fn read_lines(path: &Path) -> Outcome<Vec<String>> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// The policy in Rust.
fn by_hand(input: &Input, qualifying: &HashSet<String>) -> Answer {
    let mut latest = i64::MAX;
    for conviction in &input.convictions {
        if qualifying.contains(&conviction.section) {
            latest = latest.min(conviction.days_ago);
        }
    }
    let cause = input.judicial_warrant && (latest <= WINDOW || input.terrorist_match)
        || input.agency == "NYPD" && input.reentered_after_removal && latest != i64::MAX;
    u8::from(cause) | u8::from(cause || !input.civil_enforcement) << 1
}

/// The rows of the policy by hand.
pub fn rows(race: &Race, table: &mut Table) {
    let name = ("by hand", "a Rust function, a hash set of texts");
    let decide = |input: &Input| by_hand(input, &race.qualifying);
    table.run(TYPED, name, &race.answers, |at| decide(&race.inputs[at]));
    table.run(JSON, name, &race.answers, |at| {
        serde_json::from_str(&race.lines[at]).map_or(u8::MAX, |input: Input| decide(&input))
    });
}
