//! Paragraphs broken at the width of a page.

/// Lines are broken before this column.
pub(crate) const COLUMNS: usize = 92;

/// Returns a paragraph: the head, then the text, further lines indented by so many spaces.
pub(crate) fn hanging(head: &str, indent: usize, text: &str) -> String {
    let mut paragraph = String::from(head);
    let mut column = columns(head);
    let mut is_first_word = true;
    for word in text.split_whitespace() {
        let width = columns(word);
        if !is_first_word && column + 1 + width > COLUMNS {
            paragraph.push('\n');
            paragraph.push_str(&" ".repeat(indent));
            column = indent;
            is_first_word = true;
        }
        if !is_first_word {
            paragraph.push(' ');
            column += 1;
        }
        paragraph.push_str(word);
        column += width;
        is_first_word = false;
    }
    paragraph.push('\n');
    paragraph
}

/// Returns how many columns a text takes; escape sequences of styles take none.
fn columns(text: &str) -> usize {
    let mut columns = 0;
    let mut in_escape = false;
    for letter in text.chars() {
        match (in_escape, letter) {
            (false, '\u{1b}') => in_escape = true,
            (false, _) => columns += 1,
            (true, 'm') => in_escape = false,
            (true, _) => {}
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, hanging};

    #[test]
    fn further_lines_hang_under_the_first() {
        let text = "word ".repeat(40);
        let paragraph = hanging("  - ", 4, &text);
        assert!(paragraph.lines().all(|line| line.len() <= COLUMNS));
        assert!(paragraph.lines().skip(1).all(|line| line.starts_with("    word")));
    }

    #[test]
    fn styles_take_no_columns() {
        let head = "\u{1b}[1mhead\u{1b}[0m ";
        assert_eq!(hanging(head, 2, "text"), format!("{head}text\n"));
    }
}
