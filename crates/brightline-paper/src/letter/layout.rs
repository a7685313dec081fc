//! Lines: text is cut into runs of one font and direction, shaped, and broken to a width.

use std::ops::Range;

use krilla::text::{GlyphId, KrillaGlyph};
use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};
use unicode_linebreak::{BreakOpportunity, linebreaks};

use crate::letter::LetterError;
use crate::letter::fill::is_mark;

/// Glyphs of one font and direction.
pub(super) struct Run {
    pub(super) face: usize,
    pub(super) text: String,
    pub(super) glyphs: Vec<KrillaGlyph>,
    /// In points.
    pub(super) width: f32,
}

/// A line, its runs in the order in which they stand from the left.
pub(super) struct Line {
    pub(super) runs: Vec<Run>,
    pub(super) width: f32,
}

/// What the lines of a text have in common.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// In points.
    pub(super) size: f32,
    pub(super) is_bold: bool,
    /// The width of a line, in points.
    pub(super) width: f32,
}

/// Shapes text with the fonts at hand.
pub(super) struct Shaper<'a> {
    faces: Vec<rustybuzz::Face<'a>>,
    locale: &'a str,
    is_rtl: bool,
}

impl<'a> Shaper<'a> {
    pub(super) fn new(faces: Vec<rustybuzz::Face<'a>>, locale: &'a str, is_rtl: bool) -> Self {
        Self { faces, locale, is_rtl }
    }

    /// Breaks a text into lines.
    pub(super) fn lines(&self, text: &str, style: Style) -> Result<Vec<Line>, LetterError> {
        // A text goes the way of its first letter: a name or an English line stays in order.
        let bidi = BidiInfo::new(text, None);
        let mut lines = Vec::new();
        for paragraph in &bidi.paragraphs {
            for range in self.breaks(text, &paragraph.range, style)? {
                let inside = text.get(range.clone()).unwrap_or_default();
                let space = inside.get(inside.trim_end().len()..).unwrap_or_default();
                let space = self.width(space, style)?;
                let (levels, visual) = bidi.visual_runs(paragraph, range);
                let mut runs = Vec::new();
                for run in visual {
                    let is_rtl = levels.get(run.start).is_some_and(Level::is_rtl);
                    let text = text.get(run).unwrap_or_default();
                    let mut shaped = self.runs(text, is_rtl, style)?;
                    if is_rtl {
                        shaped.reverse();
                    }
                    runs.extend(shaped);
                }
                let width: f32 = runs.iter().map(|it| it.width).sum();
                // The space at the end stays, as readers part words by it; it does not count.
                let space = if paragraph.level.is_rtl() { 0.0 } else { space };
                lines.push(Line { runs, width: width - space });
            }
        }
        Ok(lines)
    }

    /// Where lines begin and end; the space at an end belongs to the line before.
    fn breaks(
        &self,
        text: &str,
        paragraph: &Range<usize>,
        style: Style,
    ) -> Result<Vec<Range<usize>>, LetterError> {
        let whole = text.get(paragraph.clone()).unwrap_or_default();
        let mut lines = Vec::new();
        let (mut start, mut end, mut used) = (0, 0, 0.0);
        for (at, opportunity) in linebreaks(whole) {
            let word = whole.get(end..at).unwrap_or_default();
            let full = self.width(word, style)?;
            let ink = self.width(word.trim_end(), style)?;
            if used > 0.0 && used + ink > style.width {
                lines.push(start..end);
                (start, used) = (end, 0.0);
            }
            used += full;
            if ink > style.width {
                let cuts = self.cuts(word, style)?;
                for cut in cuts {
                    lines.push(start..end + cut);
                    start = end + cut;
                }
                used = self.width(whole.get(start..at).unwrap_or_default(), style)?;
            }
            end = at;
            if opportunity == BreakOpportunity::Mandatory && at < whole.len() {
                lines.push(start..end);
                (start, used) = (end, 0.0);
            }
        }
        if start < end {
            lines.push(start..end);
        }
        let moved = |it: Range<usize>| it.start + paragraph.start..it.end + paragraph.start;
        Ok(lines.into_iter().map(moved).collect())
    }

    /// Where a word that is wider than a line is cut.
    fn cuts(&self, word: &str, style: Style) -> Result<Vec<usize>, LetterError> {
        let mut cuts = Vec::new();
        let mut used = 0.0;
        for (at, letter) in word.char_indices() {
            let width = self.width(letter.encode_utf8(&mut [0; 4]), style)?;
            if used + width > style.width && at > 0 {
                cuts.push(at);
                used = 0.0;
            }
            used += width;
        }
        Ok(cuts)
    }

    fn width(&self, text: &str, style: Style) -> Result<f32, LetterError> {
        Ok(self.runs(text, self.is_rtl, style)?.iter().map(|it| it.width).sum())
    }

    /// Cuts a text where its font changes, and shapes each part.
    fn runs(&self, text: &str, is_rtl: bool, style: Style) -> Result<Vec<Run>, LetterError> {
        let mut parts: Vec<(usize, String)> = Vec::new();
        for letter in text.chars().filter(|it| !is_mark(*it) && !it.is_control()) {
            let last = parts.last().map(|it| it.0);
            let face = self.face(letter, last, style.is_bold)?;
            match parts.last_mut() {
                Some((same, part)) if *same == face => part.push(letter),
                _ => parts.push((face, letter.to_string())),
            }
        }
        Ok(parts.into_iter().map(|(face, part)| self.shape(face, part, is_rtl, style)).collect())
    }

    /// The font of a letter: that of the letter before, if it has it; else the first that does.
    fn face(&self, letter: char, last: Option<usize>, is_bold: bool) -> Result<usize, LetterError> {
        let has =
            |at: &usize| self.faces.get(*at).is_some_and(|it| it.glyph_index(letter).is_some());
        let keeps = !letter.is_alphabetic();
        if let Some(last) = last.filter(|last| keeps && has(last)) {
            return Ok(last);
        }
        let scripts = 2..self.faces.len();
        let built_in = if is_bold { [1, 0] } else { [0, 1] };
        // A script that the built-in fonts only touch is set in a font of the system.
        let order: Vec<usize> = match u32::from(letter) {
            0x0590..=0x07ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff => {
                scripts.chain(built_in).collect()
            }
            _ => built_in.into_iter().chain(scripts).collect(),
        };
        order
            .into_iter()
            .find(has)
            .ok_or_else(|| LetterError::NoFont { letter, locale: self.locale.to_owned() })
    }

    fn shape(&self, face: usize, text: String, is_rtl: bool, style: Style) -> Run {
        let Some(shaper) = self.faces.get(face) else {
            return Run { face, text, glyphs: Vec::new(), width: 0.0 };
        };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.set_direction(if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.guess_segment_properties();
        buffer.set_direction(if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        let shaped = rustybuzz::shape(shaper, &[], buffer);
        let units = shaper.units_per_em() as f32;
        let infos = shaped.glyph_infos();
        let clusters: Vec<usize> = infos.iter().map(|it| it.cluster as usize).collect();
        let mut glyphs = Vec::with_capacity(infos.len());
        let mut width = 0.0;
        for (info, position) in infos.iter().zip(shaped.glyph_positions()) {
            let start = info.cluster as usize;
            let later = clusters.iter().copied().filter(|it| *it > start).min();
            let end = later.unwrap_or(text.len());
            let part = |it: i32| it as f32 / units;
            width += part(position.x_advance) * style.size;
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                part(position.x_advance),
                part(position.x_offset),
                part(position.y_offset),
                part(position.y_advance),
                start..end,
                None,
            ));
        }
        Run { face, text, glyphs, width }
    }
}
