//! Charts: the diagram of an answer in words, to be drawn and tabulated.

use std::collections::BTreeMap;

use super::effects::Answer;
use super::{Law, words};
use crate::Outcome;
use crate::diagram::NodeId;
use crate::ir::{Corpus, StatementId};

/// A law's diagram in words: every question at most once on each way, every way to one outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// The nodes; the first is where one begins.
    pub nodes: Vec<ChartNode>,
}

/// A node of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChartNode {
    /// A question: the answers in words, each with the node it leads to.
    Question {
        /// The statement that it is about; none where the answers say it all.
        about: Option<StatementId>,
        /// The answers.
        answers: Vec<(String, usize)>,
    },
    /// The outcome; several where it is not told further what leads to which.
    End(Vec<Outcome>),
}

impl Law {
    /// Returns the diagram of the answer in words; none where it has more nodes than `node_max`.
    ///
    /// Facts that cannot be so are left out.
    #[must_use]
    pub fn chart(&self, corpus: &Corpus, node_max: usize) -> Option<Chart> {
        let mut chart = Chart { nodes: Vec::new() };
        let mut places = BTreeMap::new();
        self.chart_node(corpus, self.root, (&mut chart, &mut places), node_max)?;
        Some(chart)
    }

    /// Adds a node and what it leads to; none where there are too many.
    fn chart_node(
        &self,
        corpus: &Corpus,
        id: NodeId,
        (chart, places): (&mut Chart, &mut BTreeMap<NodeId, usize>),
        node_max: usize,
    ) -> Option<usize> {
        if let Some(place) = places.get(&id) {
            return Some(*place);
        }
        if chart.nodes.len() >= node_max {
            return None;
        }
        if let Some(payload) = self.space.diagram.payload(id) {
            let outcome = self.answers.get(payload).outcome()?;
            let place = chart.nodes.len();
            chart.nodes.push(ChartNode::End(vec![outcome]));
            places.insert(id, place);
            return Some(place);
        }
        let ways = self.answers_in_words(corpus, id);
        if let [(_, only)] = ways.as_slice() {
            // One answer alone can be: there is nothing to ask.
            let place = self.chart_node(corpus, *only, (chart, places), node_max)?;
            places.insert(id, place);
            return Some(place);
        }
        let place = chart.nodes.len();
        chart.nodes.push(ChartNode::End(Vec::new()));
        places.insert(id, place);
        let mut answers = Vec::with_capacity(ways.len());
        for (words, next) in ways {
            answers.push((words, self.chart_node(corpus, next, (chart, places), node_max)?));
        }
        if let Some(node) = chart.nodes.get_mut(place) {
            *node = ChartNode::Question { about: None, answers };
        }
        Some(place)
    }

    /// The answers of a node in words, those together that lead to the same node.
    fn answers_in_words(&self, corpus: &Corpus, id: NodeId) -> Vec<(String, NodeId)> {
        let Some((variable, children)) = self.space.diagram.test(id) else {
            return Vec::new();
        };
        let mut groups: Vec<(NodeId, Vec<u16>)> = Vec::new();
        for (value, child) in (0u16..).zip(children) {
            let payload = self.space.diagram.payload(*child);
            if payload.is_some_and(|it| matches!(self.answers.get(it), Answer::Impossible)) {
                continue;
            }
            match groups.iter_mut().find(|(same, _)| same == child) {
                Some((_, values)) => values.push(value),
                None => groups.push((*child, vec![value])),
            }
        }
        let Some(atom) = self.space.atom(variable) else {
            return Vec::new();
        };
        let told = |values: &[u16]| words::atom(corpus, &self.space, atom, values);
        groups.into_iter().map(|(child, values)| (told(&values), child)).collect()
    }
}
