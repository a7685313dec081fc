//! A query in SMT-LIB as text: declarations, names of parts, what is asserted.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Shorter expressions are repeated sooner than named.
const NAMED_FROM_BYTES: usize = 48;

/// The text of a query so far. Equal expressions get one name.
#[derive(Default)]
pub struct Script {
    text: String,
    names: BTreeMap<String, String>,
    /// Declared constants, in order.
    pub constants: Vec<String>,
}

impl Script {
    /// Declares a constant within bounds, once.
    pub fn integer(&mut self, name: &str, least: i64, most: i64) -> String {
        if self.declare(name, "Int") {
            let bounds = format!("(<= {} {name} {})", number(least), number(most));
            self.assert(&bounds);
        }
        name.to_owned()
    }

    /// Declares a truth value, once.
    pub fn truth(&mut self, name: &str) -> String {
        self.declare(name, "Bool");
        name.to_owned()
    }

    /// Returns whether it was not declared before.
    pub fn declare(&mut self, name: &str, sort: &str) -> bool {
        if self.constants.iter().any(|known| known == name) {
            return false;
        }
        self.constants.push(name.to_owned());
        let _ = writeln!(self.text, "(declare-const {name} {sort})");
        true
    }

    pub fn assert(&mut self, expression: &str) {
        let _ = writeln!(self.text, "(assert {expression})");
    }

    /// Gives a long expression a name, so that it is written once.
    pub fn named(&mut self, sort: &str, expression: String) -> String {
        if expression.len() < NAMED_FROM_BYTES {
            return expression;
        }
        if let Some(name) = self.names.get(&expression) {
            return name.clone();
        }
        let name = format!("e{}", self.names.len());
        let _ = writeln!(self.text, "(define-fun {name} () {sort} {expression})");
        self.names.insert(expression, name.clone());
        name
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A number as SMT-LIB writes it.
pub fn number(value: i64) -> String {
    if value < 0 { format!("(- {})", value.unsigned_abs()) } else { value.to_string() }
}

/// All of these.
pub fn all(parts: Vec<String>) -> String {
    join("and", "true", "false", parts)
}

/// One of these.
pub fn any(parts: Vec<String>) -> String {
    join("or", "false", "true", parts)
}

pub fn not(part: &str) -> String {
    match part {
        "true" => "false".to_owned(),
        "false" => "true".to_owned(),
        _ => format!("(not {part})"),
    }
}

fn join(word: &str, neutral: &str, absorbing: &str, mut parts: Vec<String>) -> String {
    parts.retain(|part| part != neutral);
    if parts.iter().any(|part| part == absorbing) {
        return absorbing.to_owned();
    }
    match parts.as_slice() {
        [] => neutral.to_owned(),
        [only] => only.clone(),
        _ => format!("({word} {})", parts.join(" ")),
    }
}
