//! The text of a pack, as its authors wrote it.

use brightline_desk::Library;
use brightline_law::diagnostic::Span;

/// What stands in the source of a provision.
#[derive(Default)]
pub(super) struct Written {
    /// The paragraphs above the block.
    pub(super) prose: Vec<String>,
    /// The lines of the block.
    pub(super) code: String,
    /// The file.
    pub(super) file: String,
}

/// Returns what is written at a place: the block's lines from there on that belong to it, and the
/// paragraphs above the block.
pub(super) fn at(library: &Library, span: Span) -> Written {
    let Some(file) = library.packs().sources.files().nth(span.file as usize) else {
        return Written::default();
    };
    let text = file.text.as_str();
    let start =
        text.get(..span.start as usize).map_or(0, |it| it.rfind('\n').map_or(0, |at| at + 1));
    let code = belonging(text.get(start..).unwrap_or_default());
    let before = text.get(..start).unwrap_or_default();
    let fence = before.rfind("```law").unwrap_or(0);
    Written { prose: above(before.get(..fence).unwrap_or_default()), code, file: file.path.clone() }
}

/// The first line and those after it that are indented further.
fn belonging(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines();
    let Some(first) = lines.next() else {
        return String::new();
    };
    let mut code = vec![first];
    for line in lines {
        let goes_on = line.trim().is_empty() || indent(line) > indent(first);
        if line.starts_with("```") || !goes_on {
            break;
        }
        code.push(line);
    }
    code.join("\n").trim_end().to_owned()
}

/// The paragraphs between the heading, or the block before, and the block.
fn above(text: &str) -> Vec<String> {
    let from = text.rfind("\n#").map_or(0, |at| at + 1);
    let from = from.max(text.rfind("```").map_or(0, |at| at + 3));
    let part = text.get(from..).unwrap_or_default();
    let lines = part.lines().filter(|it| !it.starts_with('#'));
    let text = lines.collect::<Vec<_>>().join("\n");
    let paragraphs = text.split("\n\n").map(|it| it.split_whitespace().collect::<Vec<_>>());
    paragraphs.map(|it| it.join(" ")).filter(|it| !it.is_empty()).collect()
}
