//! Text that stands somewhere on a page, and how it is compared.

/// A piece of text on a page, all on one line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Segment {
    /// The page, from 1.
    pub(crate) page: u32,
    /// From the left edge of the page, in points.
    pub(crate) left: f32,
    /// From the top edge of the page to the foot of the letters, in points.
    pub(crate) foot: f32,
    /// In points.
    pub(crate) width: f32,
    /// The size of the letters, in points.
    pub(crate) size: f32,
    pub(crate) text: String,
    /// How sure the reader is of the letters, of 100.
    pub(crate) sure: u8,
}

impl Segment {
    pub(crate) fn right(&self) -> f32 {
        self.left + self.width
    }
}

/// Sorts into lines from the top, and joins what belongs together.
pub(crate) fn in_lines(mut segments: Vec<Segment>) -> Vec<Segment> {
    segments.retain(|it| !it.text.trim().is_empty());
    segments.sort_by(|one, other| {
        let foot = |it: &Segment| (it.foot / 3.0).round();
        (one.page.cmp(&other.page))
            .then(foot(one).total_cmp(&foot(other)))
            .then(one.left.total_cmp(&other.left))
    });
    let mut lines: Vec<Segment> = Vec::with_capacity(segments.len());
    for segment in segments {
        match lines.last_mut() {
            Some(last) if continues(last, &segment) => {
                let gap = segment.left - last.right();
                let apart = gap > 0.12 * last.size && !last.text.ends_with(' ');
                if apart && !segment.text.starts_with(' ') {
                    last.text.push(' ');
                }
                last.text.push_str(&segment.text);
                last.width = (segment.right() - last.left).max(last.width);
                last.sure = last.sure.min(segment.sure);
            }
            _ => lines.push(segment),
        }
    }
    lines
}

fn continues(last: &Segment, next: &Segment) -> bool {
    let size = last.size.max(next.size).max(1.0);
    last.page == next.page
        && (last.foot - next.foot).abs() < 0.4 * size
        && next.left - last.right() < 1.2 * size
        && next.left >= last.left
}

/// Returns text in lower case with single spaces, for comparison.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.extend(word.chars().flat_map(char::to_lowercase).map(|it| match it {
            '’' | '‘' => '\'',
            '–' | '—' | '‑' => '-',
            other => other,
        }));
    }
    plain
}

/// Returns the letters and digits of a name alone, in lower case.
pub(crate) fn bare(name: &str) -> String {
    name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns where a phrase begins and ends in plain text; `%` stands for a digit.
///
/// A phrase that begins or ends with a letter or digit does so at the edge of a word. Letters that
/// look alike to whoever reads a scan are taken for each other: `1-247A` is `I-247A`.
pub(crate) fn find(text: &str, phrase: &str) -> Option<(usize, usize)> {
    let starts = text.char_indices().map(|(at, _)| at);
    starts
        .filter_map(|start| Some((start, match_at(text, start, phrase)?)))
        .find(|&(start, end)| at_edges(text, start, end, phrase))
}

fn match_at(text: &str, start: usize, phrase: &str) -> Option<usize> {
    let mut rest = text.get(start..)?.char_indices();
    let mut end = start;
    for wanted in phrase.chars() {
        let (at, found) = rest.next()?;
        if !fits(found, wanted) {
            return None;
        }
        end = start + at + found.len_utf8();
    }
    Some(end)
}

fn fits(found: char, wanted: char) -> bool {
    match wanted {
        '%' => found.is_ascii_digit(),
        'i' | 'l' | '1' => matches!(found, 'i' | 'l' | '1' | '|'),
        'o' | '0' => matches!(found, 'o' | '0'),
        _ => found == wanted,
    }
}

fn at_edges(text: &str, start: usize, end: usize, phrase: &str) -> bool {
    let wordy = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
    let before = text.get(..start).and_then(|it| it.chars().next_back());
    let after = text.get(end..).and_then(|it| it.chars().next());
    let opens = phrase.chars().next().is_some_and(|it| it.is_alphanumeric() || it == '%');
    let closes = phrase.chars().next_back().is_some_and(|it| it.is_alphanumeric() || it == '%');
    !(opens && wordy(before) || closes && wordy(after))
}
