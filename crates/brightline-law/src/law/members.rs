//! Which offenses are in which table on the day: two bits for every node of the offense tree.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::clock::Day;
use crate::ir::{AsOf, Corpus, Member, MemberId, Offense, OffenseNode, TableRow};

/// Membership of an offense in a table; open while the offense is not exact enough to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Membership {
    In,
    Out,
    Open,
}

/// The membership questions of a corpus, answered for the day of the act.
#[derive(Debug, Clone, Default)]
pub(crate) struct Members {
    /// By membership question; made when first asked for, since a law asks few.
    sets: Vec<OnceLock<NodeSet>>,
    /// The day of the act.
    on: Option<Day>,
    /// In a comparison the day of the act before; its questions have numbers past the others'.
    before: Option<Day>,
    /// The day that records are not later than.
    day: Option<Day>,
}

#[derive(Debug, Clone, Default)]
struct NodeSet {
    /// The node, or one above it, is a row.
    covered: Vec<u64>,
    /// A node below it is a row.
    above: Vec<u64>,
}

impl NodeSet {
    fn build(corpus: &Corpus, member: &Member, day: Day) -> Self {
        let count = corpus.offenses.len();
        let mut set = Self { covered: vec![0; count / 64 + 1], above: vec![0; count / 64 + 1] };
        for row in rows(corpus, member, day) {
            put(&mut set.covered, row.offense);
            let mut node = row.offense;
            while node != OffenseNode::ROOT {
                node = corpus.offenses.parent(node);
                put(&mut set.above, node);
            }
        }
        for index in 1..count {
            let node = OffenseNode(u32::try_from(index).unwrap_or(u32::MAX));
            if has(&set.covered, corpus.offenses.parent(node)) {
                put(&mut set.covered, node);
            }
        }
        set
    }

    fn membership(&self, offense: Offense) -> Membership {
        if has(&self.covered, offense.node) {
            Membership::In
        } else if offense.whole
            && offense.node != OffenseNode::ROOT
            && has(&self.above, offense.node)
        {
            Membership::Open
        } else {
            Membership::Out
        }
    }
}

fn put(bits: &mut [u64], node: OffenseNode) {
    if let Some(word) = bits.get_mut(node.0 as usize / 64) {
        *word |= 1 << (node.0 % 64);
    }
}

fn has(bits: &[u64], node: OffenseNode) -> bool {
    bits.get(node.0 as usize / 64).is_some_and(|word| word >> (node.0 % 64) & 1 == 1)
}

fn rows<'c>(
    corpus: &'c Corpus,
    member: &'c Member,
    day: Day,
) -> impl Iterator<Item = &'c TableRow> {
    let table = corpus.tables.get(member.table.index());
    table.into_iter().flat_map(|table| &table.rows).filter(move |row| {
        let wanted = member.filter.as_ref().is_none_or(|(column, cells)| {
            row.cells.get(*column).is_some_and(|cell| cells.contains(cell))
        });
        wanted && row.from <= day && day <= row.until
    })
}

impl Members {
    /// Returns the memberships as they stand on `day`.
    pub(crate) fn on(corpus: &Corpus, day: Day) -> Self {
        let sets = vec![OnceLock::new(); corpus.members.len()];
        Self { sets, on: Some(day), before: None, day: Some(day) }
    }

    /// Returns the memberships of one request as they stand on two days; its records are not later
    /// than either.
    pub(crate) fn on_two_days(corpus: &Corpus, [before, after]: [Day; 2]) -> Self {
        let sets = vec![OnceLock::new(); corpus.members.len() * 2];
        Self { sets, on: Some(after), before: Some(before), day: Some(before.min(after)) }
    }

    /// Returns the questions of the day of the act whose tables do not stand alike on two days.
    pub(crate) fn changing(corpus: &Corpus, [before, after]: [Day; 2]) -> BTreeSet<MemberId> {
        let changes = |member: &Member| {
            let stand = |day: Day| rows(corpus, member, day).map(|row| row.offense);
            member.as_of == AsOf::ActDate && before != after && stand(before).ne(stand(after))
        };
        let members = (0..).map(MemberId).zip(&corpus.members);
        members.filter(|(_, member)| changes(member)).map(|(id, _)| id).collect()
    }

    /// Returns the question that asks the same of the day before.
    pub(crate) fn as_before(corpus: &Corpus, asked: MemberId) -> MemberId {
        let shifted = u32::try_from(asked.index() + corpus.members.len());
        shifted.map_or(asked, MemberId)
    }

    /// Returns the question behind a number, and whether it asks of the day before.
    pub(crate) fn question(corpus: &Corpus, asked: MemberId) -> (Option<&Member>, bool) {
        let count = corpus.members.len();
        match asked.index().checked_sub(count) {
            Some(index) => (corpus.members.get(index), true),
            None => (corpus.members.get(asked.index()), false),
        }
    }

    /// Returns the day of the act.
    pub(crate) fn day(&self) -> Day {
        self.day.unwrap_or(Day::MAX)
    }

    /// Returns whether the offense is in the table, for members that do not read a date operand.
    pub(crate) fn membership(
        &self,
        corpus: &Corpus,
        member: MemberId,
        offense: Offense,
    ) -> Membership {
        let (question, is_before) = Self::question(corpus, member);
        let on = if is_before { self.before } else { self.on };
        let (Some(set), Some(asked), Some(on)) = (self.sets.get(member.index()), question, on)
        else {
            return Membership::Out;
        };
        let made = set.get_or_init(|| match asked.as_of {
            AsOf::ActDate => NodeSet::build(corpus, asked, on),
            AsOf::Day(fixed) => NodeSet::build(corpus, asked, fixed),
            AsOf::Operand(_) => NodeSet::default(),
        });
        made.membership(offense)
    }
}

/// Returns whether the offense is in the table as it stood on a day of the record.
pub(crate) fn membership_on(
    corpus: &Corpus,
    member: &Member,
    offense: Offense,
    day: Day,
) -> Membership {
    NodeSet::build(corpus, member, day).membership(offense)
}
