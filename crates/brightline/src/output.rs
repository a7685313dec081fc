//! Standard output and standard error; colors only where a terminal shows them.

use std::fmt::Write as _;
use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::human::paragraph::hanging;
use crate::trouble::Trouble;

/// Heads of parts.
pub(crate) const STRONG: Style = Style::new().bold();
/// What is wrong.
pub(crate) const WRONG: Style = AnsiColor::Red.on_default().bold();
/// What helps.
pub(crate) const HELP: Style = AnsiColor::Cyan.on_default().bold();

/// Returns the text in a style, which falls away where there are no colors.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Prints a text. A reader that has gone away is no error.
pub fn text(text: &str) {
    let mut out = anstream::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints a text to standard error, where standard output is for a document.
pub fn aside(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// Prints one JSON document.
pub fn json(value: &impl Serialize) -> Result<(), Trouble> {
    let mut document = serde_json::to_string_pretty(value)
        .map_err(|error| Trouble::internal(error.to_string()))?;
    document.push('\n');
    text(&document);
    Ok(())
}

/// Prints why a command could not be done: to standard error, or as a JSON document.
pub fn trouble(trouble: &Trouble, as_json: bool) {
    if as_json {
        let _ = json(&serde_json::json!({ "errors": trouble.faults }));
        return;
    }
    let mut message = String::new();
    for fault in &trouble.faults {
        let error = styled(WRONG, "error");
        message.push_str(&hanging(&format!("{error}: "), 2, &fault.to_string()));
        if let Some(help) = &fault.help {
            let _ =
                write!(message, "{}", hanging(&format!("  {}: ", styled(HELP, "help")), 4, help));
        }
    }
    let _ = anstream::stderr().write_all(message.as_bytes());
}
