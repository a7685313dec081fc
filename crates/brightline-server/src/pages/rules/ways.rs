//! The ways through a chart: as a table by outcome, and as a drawing where it is small.

use std::collections::BTreeMap;

use brightline_law::ir::{Corpus, StatementId};
use brightline_law::{Chart, ChartNode, Outcome};

use super::drawing::{Drawing, draw};
use crate::pages::outcome::{Tag, capital};

/// A chart with more nodes is not drawn: nobody could read it.
pub(super) const NODES_DRAWN_MAX: usize = 40;
/// Of the ways to one outcome, more are not listed.
const WAYS_MAX: usize = 60;
/// More ways are not walked.
const WALKED_MAX: usize = 20_000;
/// So many ways are unfolded at once.
const PART_MAX: usize = 10;

/// A chart to be looked at.
pub(super) struct View {
    pub(super) groups: Vec<Group>,
    /// Some ways were not even walked.
    pub(super) is_cut: bool,
    /// None: it is too large.
    pub(super) drawing: Option<Drawing>,
}

/// A way through the decision: the answers on it, and the outcomes at its end.
struct Way {
    answers: Vec<String>,
    tags: Vec<Tag>,
}

/// The ways that end alike.
pub(super) struct Group {
    pub(super) tags: Vec<Tag>,
    pub(super) count: usize,
    /// There are more than are listed.
    pub(super) is_cut: bool,
    /// The answers that all of them share, told once.
    pub(super) shared: Vec<String>,
    pub(super) parts: Vec<Part>,
}

/// A few of the ways of a group, each with its other answers; numbered from 1.
pub(super) struct Part {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) ways: Vec<(usize, Vec<String>)>,
}

impl View {
    /// Lists the ways of a chart, and draws it where somebody could read that.
    pub(super) fn of(corpus: &Corpus, chart: &Chart) -> Self {
        let (ways, is_cut) = ways(corpus, chart);
        let is_small = chart.nodes.len() <= NODES_DRAWN_MAX;
        Self { groups: groups(ways), is_cut, drawing: is_small.then(|| draw(corpus, chart)) }
    }
}

impl Group {
    /// The outcomes in words.
    pub(super) fn words(&self) -> String {
        let words: Vec<&str> = self.tags.iter().map(|it| it.words.as_str()).collect();
        words.join(" or ")
    }
}

/// The citation of the provision that a question is about; empty: the answers say it all.
pub(super) fn about(corpus: &Corpus, about: Option<StatementId>) -> String {
    let statement = about.and_then(|it| corpus.statements.get(it.index()));
    let provision = statement.and_then(|it| corpus.provisions.get(it.provision.index()));
    provision.map(|it| it.citation.clone()).unwrap_or_default()
}

pub(super) fn tags(outcomes: &[Outcome]) -> Vec<Tag> {
    outcomes.iter().map(|it| Tag::of(it.name())).collect()
}

/// Puts the ways together that end alike: the outcome with the fewest ways first.
fn groups(ways: Vec<Way>) -> Vec<Group> {
    let mut groups: Vec<(Vec<Tag>, Vec<Vec<String>>)> = Vec::new();
    for way in ways {
        match groups.iter_mut().find(|(tags, _)| *tags == way.tags) {
            Some((_, all)) => all.push(way.answers),
            None => groups.push((way.tags, vec![way.answers])),
        }
    }
    groups.sort_by_key(|(_, all)| all.len());
    groups.into_iter().map(|(tags, all)| group(tags, &all)).collect()
}

fn group(tags: Vec<Tag>, all: &[Vec<String>]) -> Group {
    let (is_cut, all) = (all.len() > WAYS_MAX, all.get(..WAYS_MAX).unwrap_or(all));
    let in_all = |answer: &&String| all.iter().all(|it| it.contains(answer));
    let first = all.first().into_iter().flatten();
    // One way alone shares nothing: it is told as it is.
    let shared: Vec<String> = first.filter(|it| all.len() > 1 && in_all(it)).cloned().collect();
    let other = |way: &Vec<String>| -> Vec<String> {
        way.iter().filter(|it| !shared.contains(it)).cloned().collect()
    };
    let numbered: Vec<(usize, Vec<String>)> = (1..).zip(all.iter().map(other)).collect();
    let part = |ways: &[(usize, Vec<String>)]| Part {
        first: ways.first().map_or(0, |it| it.0),
        last: ways.last().map_or(0, |it| it.0),
        ways: ways.to_vec(),
    };
    let parts = numbered.chunks(PART_MAX).map(part).collect();
    Group { tags, count: all.len(), is_cut, parts, shared }
}

/// Every way through a chart: the answers on it, and the outcome; of each outcome one more than is
/// listed, so that a cut is seen. The second is whether some were not even walked.
fn ways(corpus: &Corpus, chart: &Chart) -> (Vec<Way>, bool) {
    let mut rows = Vec::new();
    let mut counts: BTreeMap<&[Outcome], usize> = BTreeMap::new();
    let mut open = vec![(0, Vec::new())];
    let mut walked = 0;
    while let Some((at, answers)) = open.pop() {
        match chart.nodes.get(at) {
            Some(ChartNode::End(outcomes)) => {
                walked += 1;
                if walked > WALKED_MAX {
                    return (rows, true);
                }
                let count = counts.entry(outcomes).or_default();
                *count += 1;
                if *count <= WAYS_MAX + 1 {
                    rows.push(Way { answers, tags: tags(outcomes) });
                }
            }
            Some(ChartNode::Question { about, answers: next }) => {
                let about = self::about(corpus, *about);
                for (words, place) in next.iter().rev() {
                    let mut longer: Vec<String> = answers.clone();
                    longer.push(capital(format!("{about} {words}").trim()));
                    open.push((*place, longer));
                }
            }
            None => {}
        }
    }
    (rows, false)
}
