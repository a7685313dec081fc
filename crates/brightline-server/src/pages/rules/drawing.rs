//! A chart as a drawing: questions in layers from the left, each at its longest way from the start.
//!
//! Outcomes stand below the answers that lead to them and not in boxes of their own: most lines
//! would go there, across everything else.

use std::collections::BTreeMap;

use brightline_law::ir::Corpus;
use brightline_law::{Chart, ChartNode, Outcome};

use super::ways::{about, tags};
use crate::pages::outcome::capital;

const BOX_WIDTH: usize = 190;
const LINE_HEIGHT: usize = 17;
const GAP_ACROSS: usize = 40;
const GAP_DOWN: usize = 18;
const GAP_WITHIN: usize = 6;
const LETTERS_A_LINE: usize = 27;
/// Bold letters are wider.
const BOLD_LETTERS_A_LINE: usize = 24;
const LINES_MAX: usize = 6;
/// The kinds of lines that are no outcome.
const ANSWER: &str = "answer";
const ABOUT: &str = "about";

/// A drawing, in pixels.
pub(super) struct Drawing {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) boxes: Vec<DrawnBox>,
    pub(super) ways: Vec<Way>,
}

/// A box with its lines of text.
pub(super) struct DrawnBox {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) lines: Vec<Line>,
}

/// A line of text, with the foot of its letters.
pub(super) struct Line {
    pub(super) foot: usize,
    pub(super) text: String,
    /// What kind of line: `answer`, `about`, or an outcome by its name.
    pub(super) kind: String,
}

/// A curve from the right edge of a line of a box to the left edge of another box.
pub(super) struct Way {
    pub(super) path: String,
}

/// Draws a chart.
///
/// A box of a question lists its answers, below what it is about; an answer is followed by its
/// outcome, or a curve leads on.
pub(super) fn draw(corpus: &Corpus, chart: &Chart) -> Drawing {
    let layers = layers(chart);
    let mut tops = Vec::new();
    let mut boxes = BTreeMap::new();
    let mut exits = Vec::new();
    for (place, (node, layer)) in chart.nodes.iter().zip(&layers).enumerate() {
        if place > 0 && matches!(node, ChartNode::End(_)) {
            continue;
        }
        if tops.len() <= *layer {
            tops.resize(layer + 1, GAP_DOWN);
        }
        let top = tops.get(*layer).copied().unwrap_or(GAP_DOWN);
        let mut pen = Pen::at(layer * (BOX_WIDTH + GAP_ACROSS) + 4, top);
        let leads_on = pen.write_node(corpus, chart, node);
        exits.extend(leads_on.into_iter().map(|(foot, to)| (place, foot, to)));
        let drawn = pen.boxed();
        if let Some(next) = tops.get_mut(*layer) {
            *next = top + drawn.height + GAP_DOWN;
        }
        boxes.insert(place, drawn);
    }
    let ways = exits.into_iter().filter_map(|(from, foot, to)| {
        let (from, to) = (boxes.get(&from)?, boxes.get(&to)?);
        Some(way((from.left + from.width, foot), (to.left, to.top + to.height / 2)))
    });
    Drawing {
        width: (tops.len() * (BOX_WIDTH + GAP_ACROSS)).saturating_sub(GAP_ACROSS) + 8,
        height: tops.into_iter().max().unwrap_or(0),
        ways: ways.collect(),
        boxes: boxes.into_values().collect(),
    }
}

/// By node: how many steps the longest way to it has.
fn layers(chart: &Chart) -> Vec<usize> {
    let mut layers = vec![0; chart.nodes.len()];
    // A way never returns: after as many rounds as there are nodes nothing moves any more.
    for _ in 0..chart.nodes.len() {
        let mut moved = false;
        for (at, node) in chart.nodes.iter().enumerate() {
            let own = layers.get(at).copied().unwrap_or(0);
            let ChartNode::Question { answers, .. } = node else {
                continue;
            };
            for (_, next) in answers {
                if let Some(layer) = layers.get_mut(*next).filter(|it| **it <= own) {
                    *layer = own + 1;
                    moved = true;
                }
            }
        }
        if !moved {
            break;
        }
    }
    layers
}

/// Writes a box, line by line.
struct Pen {
    left: usize,
    top: usize,
    foot: usize,
    lines: Vec<Line>,
}

impl Pen {
    fn at(left: usize, top: usize) -> Self {
        Self { left, top, foot: top + 5, lines: Vec::new() }
    }

    /// Writes a text below; returns the height of its middle.
    fn write(&mut self, text: &str, kind: &str) -> usize {
        let first = self.foot;
        let letters = if kind == ANSWER { LETTERS_A_LINE } else { BOLD_LETTERS_A_LINE };
        for text in wrapped(&capital(text), letters) {
            self.foot += LINE_HEIGHT;
            self.lines.push(Line { foot: self.foot, text, kind: kind.to_owned() });
        }
        (first + self.foot) / 2 + 5
    }

    fn write_outcomes(&mut self, outcomes: &[Outcome]) {
        for (place, tag) in tags(outcomes).into_iter().enumerate() {
            let before = if place == 0 { "\u{2192}" } else { "or" };
            self.write(&format!("{before} {}", tag.words), &tag.name);
        }
    }

    /// Writes a node; returns the heights from which curves lead on, each with its target.
    fn write_node(
        &mut self,
        corpus: &Corpus,
        chart: &Chart,
        node: &ChartNode,
    ) -> Vec<(usize, usize)> {
        let mut leads_on = Vec::new();
        match node {
            ChartNode::End(outcomes) => self.write_outcomes(outcomes),
            ChartNode::Question { about, answers } => {
                let about = self::about(corpus, *about);
                if !about.is_empty() {
                    self.write(&about, ABOUT);
                    self.foot += GAP_WITHIN;
                }
                for (words, next) in answers {
                    let middle = self.write(words, ANSWER);
                    match chart.nodes.get(*next) {
                        Some(ChartNode::End(outcomes)) => self.write_outcomes(outcomes),
                        _ => leads_on.push((middle, *next)),
                    }
                    self.foot += GAP_WITHIN;
                }
            }
        }
        leads_on
    }

    fn boxed(self) -> DrawnBox {
        let height = self.foot + 10 - self.top;
        DrawnBox { left: self.left, top: self.top, width: BOX_WIDTH, height, lines: self.lines }
    }
}

fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // The sign and the number of a section stay together.
    for word in text.replace("§ ", "§\u{a0}").split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > LINES_MAX {
        lines.truncate(LINES_MAX);
        if let Some(last) = lines.last_mut() {
            last.push_str(" …");
        }
    }
    lines
}

fn way((x, y): (usize, usize), (to_x, to_y): (usize, usize)) -> Way {
    let bend = GAP_ACROSS / 2;
    Way {
        path: format!(
            "M{x} {y}C{} {y} {} {to_y} {to_x} {to_y}",
            x + bend,
            to_x.saturating_sub(bend)
        ),
    }
}
