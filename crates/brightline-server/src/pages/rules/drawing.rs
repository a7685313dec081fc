//! A chart as a drawing: nodes in layers from the left, each at its longest way from the start.

use brightline_law::{Chart, ChartNode};

use crate::pages::outcome::{Tag, capital};

const BOX_WIDTH: usize = 210;
const LINE_HEIGHT: usize = 17;
const GAP_ACROSS: usize = 46;
const GAP_DOWN: usize = 18;
const LETTERS_A_LINE: usize = 30;
const LINES_MAX: usize = 6;

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
    /// Each with the foot of its letters.
    pub(super) lines: Vec<(usize, String)>,
    /// Where it is an outcome.
    pub(super) tag: Option<Tag>,
}

/// A curve from the right edge of a line of a box to the left edge of another box.
pub(super) struct Way {
    pub(super) path: String,
}

/// Draws a chart.
///
/// A box of a question lists its answers; from each a curve leads on.
pub(super) fn draw(chart: &Chart) -> Drawing {
    let layers = layers(chart);
    let count = layers.iter().copied().max().unwrap_or(0) + 1;
    let mut tops = vec![GAP_DOWN; count];
    let mut boxes = Vec::with_capacity(chart.nodes.len());
    let mut exits: Vec<Vec<(usize, usize)>> = Vec::with_capacity(chart.nodes.len());
    for (node, layer) in chart.nodes.iter().zip(&layers) {
        let top = tops.get(*layer).copied().unwrap_or(GAP_DOWN);
        let (drawn, exit) = boxed(node, layer * (BOX_WIDTH + GAP_ACROSS) + 4, top);
        if let Some(next) = tops.get_mut(*layer) {
            *next = top + drawn.height + GAP_DOWN;
        }
        boxes.push(drawn);
        exits.push(exit);
    }
    let mut ways = Vec::new();
    for (from, exits) in boxes.iter().zip(&exits) {
        for (foot, to) in exits {
            if let Some(to) = boxes.get(*to) {
                ways.push(way((from.left + from.width, *foot), (to.left, to.top + to.height / 2)));
            }
        }
    }
    Drawing {
        width: count * (BOX_WIDTH + GAP_ACROSS),
        height: tops.into_iter().max().unwrap_or(0),
        boxes,
        ways,
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
            let ChartNode::Question(answers) = node else {
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

/// A box, and for each answer the height at which its curve begins and where it leads.
fn boxed(node: &ChartNode, left: usize, top: usize) -> (DrawnBox, Vec<(usize, usize)>) {
    let mut lines = Vec::new();
    let mut exits = Vec::new();
    let mut foot = top + 5;
    let mut tag = None;
    match node {
        ChartNode::End(outcome) => {
            let found = Tag::of(outcome.name());
            foot += LINE_HEIGHT;
            lines.push((foot, found.words.clone()));
            tag = Some(found);
        }
        ChartNode::Question(answers) => {
            for (words, next) in answers {
                let first = foot;
                for line in wrapped(&capital(words)) {
                    foot += LINE_HEIGHT;
                    lines.push((foot, line));
                }
                exits.push(((first + foot) / 2 + 5, *next));
                foot += 6;
            }
        }
    }
    (DrawnBox { left, top, width: BOX_WIDTH, height: foot + 10 - top, lines, tag }, exits)
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < LETTERS_A_LINE => {
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
