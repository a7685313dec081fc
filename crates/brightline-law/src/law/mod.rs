//! Law: what is in force for one agency and one act on one day, compiled to a diagram.
//!
//! ```text
//! Corpus ─ formula ─ space (atoms, rolls) ─ effects ─► diagram ─┬─ determine: known facts
//!                                                               ├─ residual:  unknown facts
//!                                                               └─ prove, diff: all facts
//! ```

mod atom;
mod bulk;
mod chart;
mod classes;
mod closure;
mod column;
mod columns;
mod compare;
mod decide;
mod determine;
mod difference;
mod effects;
mod explain;
mod formula;
mod game;
mod limits;
mod looked_at;
mod matter;
mod members;
mod overview;
mod owed;
mod path;
mod pattern;
mod planes;
mod points;
mod probe;
mod program;
mod question;
mod reading;
mod residual;
mod rests;
mod retold;
mod roll;
mod roll_call;
mod roster;
mod segments;
pub(crate) mod sentence;
mod sheet;
mod space;
mod sufficient;
mod telling;
mod tree;
pub(crate) mod truth;
mod view;
mod witness;
mod words;

use crate::diagram::{Flat, NodeId, Overflow, Variable};
use crate::ir::{ActId, AgencyId, AsKnown, Condition, Corpus, PackId, Statement, StatementId};
use atom::{Atom, Context};
use decide::Ready;
use effects::{Answers, Saying};
use formula::{Formula, Lowering};
use members::Members;
use roll::Roll;
use space::Space;

pub(crate) use atom::Allowed;
pub use bulk::BlockOutcomes;
pub use chart::{Chart, ChartNode};
pub use column::Column;
pub use columns::RequestColumns;
pub(crate) use compare::{Version, changing, diff_laws, left_out};
pub(crate) use difference::differences;
pub(crate) use effects::Answer;
pub(crate) use formula::first_day_without;
pub(crate) use path::{Found, Path};
pub use planes::BLOCK_ROWS;

/// A law may compile to so many nodes; more is a diagnostic that names the provisions to split.
pub const NODE_COUNT_MAX: usize = 400_000;

/// A law that is too large names so many provisions.
const PROVISIONS_NAMED_MAX: usize = 8;

/// From so many nodes on, the order of the text is improved by sifting.
const SIFTED_FROM: usize = 4_000;

/// What is asked: which pack, which agency, which act, on which day, as known when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// The pack; its parents' law counts too.
    pub jurisdiction: PackId,
    /// The agency.
    pub agency: AgencyId,
    /// The act.
    pub act: ActId,
    /// The day of the act, and the day as of which the law is known.
    pub at: AsKnown,
}

/// The law of a scope is too large for one diagram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLarge {
    /// The limit.
    pub node_count_max: usize,
    /// The provisions that apply, by id, the longest first: split or simplify these.
    pub provisions: Vec<String>,
}

impl std::fmt::Display for TooLarge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let named = self.provisions.iter().take(PROVISIONS_NAMED_MAX);
        let named: Vec<String> = named.map(|id| format!("`{id}`")).collect();
        let others = self.provisions.len() - named.len();
        let max = self.node_count_max;
        write!(f, "the law of this act needs more than {max} nodes; split {}", named.join(", "))?;
        if others > 0 { write!(f, " or the {others} others that apply") } else { Ok(()) }
    }
}

impl std::error::Error for TooLarge {}

/// The law in force in a scope, compiled.
pub struct Law {
    pub(crate) scope: Scope,
    pub(crate) space: Space,
    pub(crate) rolls: Vec<Roll>,
    pub(crate) members: Members,
    pub(crate) sayings: Vec<Saying>,
    pub(crate) answers: Answers,
    /// The answer for all facts, readings settled, impossible facts marked.
    pub(crate) root: NodeId,
    /// The answer with the readings still open.
    pub(crate) unread: NodeId,
    /// Guards of further conditions asked for (claims).
    pub(crate) asked: Vec<NodeId>,
    flat: Flat,
    ready: Ready,
    presumptions: determine::Presumptions,
    /// What is told of each atom.
    named: Vec<telling::Named>,
    /// The atoms, those whose facts cost most first.
    dearest_first: Vec<usize>,
    /// The duties that may follow.
    duties: Vec<owed::OpenDuty>,
    /// What every explanation tells of provisions suspended or void.
    suspensions: Vec<String>,
    /// Explanations told of late.
    retold: retold::Retold,
    /// The variables the answer depends on.
    support: Vec<Variable>,
    /// The names of the facts and lists that it looks at.
    looked_at: std::sync::OnceLock<std::collections::BTreeSet<String>>,
}

/// Returns whether a statement binds the agency on the act that day.
pub(crate) fn applies(corpus: &Corpus, scope: Scope, statement: &Statement) -> bool {
    let bound = statement.acts.contains(&scope.act) && statement.agencies.contains(&scope.agency);
    bound
        && corpus.provisions.get(statement.provision.index()).is_some_and(|provision| {
            in_stack(corpus, scope.jurisdiction, provision.pack)
                && provision.validity.applies(scope.at, scope.agency, scope.act)
        })
}

/// Returns the statements that bind the agency on the act that day, in the order of the text.
pub(crate) fn applied(
    corpus: &Corpus,
    scope: Scope,
) -> impl Iterator<Item = (StatementId, &Statement)> {
    let bound = corpus.bound(scope.agency, scope.act);
    bound.filter(move |(_, statement)| applies(corpus, scope, statement))
}

/// Returns whether a pack is the jurisdiction's own or one above it.
pub(crate) fn in_stack(corpus: &Corpus, jurisdiction: PackId, pack: PackId) -> bool {
    let parents = corpus.packs.get(jurisdiction.index()).map(|pack| &pack.parents);
    pack == jurisdiction || parents.is_some_and(|parents| parents.contains(&pack))
}

/// Returns the acts on which some statement in force binds the agency, sorted.
#[must_use]
pub fn ruled_acts(
    corpus: &Corpus,
    jurisdiction: PackId,
    agency: AgencyId,
    at: AsKnown,
) -> Vec<ActId> {
    let is_ruled = |act: &ActId| {
        applied(corpus, Scope { jurisdiction, agency, act: *act, at }).next().is_some()
    };
    corpus.acts_bound(agency).filter(is_ruled).collect()
}

impl Law {
    /// Compiles the law in force in a scope.
    ///
    /// # Errors
    ///
    /// When it needs more than [`NODE_COUNT_MAX`] nodes.
    pub fn compile(corpus: &Corpus, scope: Scope) -> Result<Self, TooLarge> {
        Self::compile_without(corpus, scope, &[])
    }

    /// Compiles the law in force in a scope, some instruments left out: by short name, by citation
    /// or by what enacted them.
    ///
    /// # Errors
    ///
    /// When it needs more than [`NODE_COUNT_MAX`] nodes.
    pub fn compile_without(
        corpus: &Corpus,
        scope: Scope,
        instruments: &[String],
    ) -> Result<Self, TooLarge> {
        let left_out = left_out(corpus, instruments);
        let lowered = effects::lower(Lowering::without(corpus, scope, &left_out));
        Self::build(corpus, scope, &lowered, (&[], true)).map_err(|e| too_large(corpus, scope, e))
    }

    /// Compiles the law together with the guards of further conditions, without what only
    /// explanations need.
    pub(crate) fn compile_asking(
        corpus: &Corpus,
        scope: Scope,
        asked: &[&Condition],
    ) -> Result<Self, TooLarge> {
        let lowered = effects::lower(Lowering::new(corpus, scope));
        let made = Self::build(corpus, scope, &lowered, (asked, false));
        made.map_err(|e| too_large(corpus, scope, e))
    }

    fn build(
        corpus: &Corpus,
        scope: Scope,
        lowered: &[effects::Lowered],
        (asked, explained): (&[&Condition], bool),
    ) -> Result<Self, Overflow> {
        let members = Members::on(corpus, scope.at.on);
        let context = Context { corpus, members: &members };
        let mut lowering = Lowering::new(corpus, scope);
        let asked: Vec<Formula> = asked.iter().map(|c| lowering.formula(c)).collect();
        let mut formulas: Vec<&Formula> = Vec::new();
        for (_, formula, read) in lowered {
            formulas.extend([formula, read]);
        }
        formulas.extend(&asked);
        let impossible = impossible(corpus, scope, &formulas);
        formulas.extend(&impossible);
        let mut space = Space::of(&context, &formulas, corpus.node_count_max())?;
        let rolls = Roll::all(&context, &space, corpus.node_count_max())?;
        let mut sayings = effects::sayings(corpus, &mut space, lowered)?;
        let mut answers = Answers::default();
        let combined = effects::combine(&mut space, &sayings, &mut answers)?;
        let settled = effects::settle_readings(&mut space, combined, &mut answers)?;
        let domain = domain(&mut space, &rolls, &impossible)?;
        let nowhere = space.diagram.terminal(0);
        let root = space.diagram.ite(domain, settled, nowhere)?;
        let (root, combined, domain) =
            sift_if_large(&mut space, [root, combined, domain], &mut sayings)?;
        if explained {
            effects::prepare(corpus, scope, &mut space, domain, &mut sayings)?;
        }
        let asked: Result<Vec<NodeId>, Overflow> =
            asked.iter().map(|formula| space.guard(formula)).collect();
        let asked = asked?;
        let flat = Flat::new(&space.diagram, root);
        let support = space.diagram.support(root);
        let mut law = Self {
            scope,
            space,
            rolls,
            members,
            sayings,
            answers,
            root,
            unread: combined,
            asked,
            flat,
            ready: Ready::default(),
            presumptions: determine::Presumptions::of(corpus),
            named: Vec::new(),
            dearest_first: Vec::new(),
            duties: Vec::new(),
            suspensions: Vec::new(),
            retold: retold::Retold::default(),
            support,
            looked_at: std::sync::OnceLock::new(),
        };
        if explained {
            law.make_ready(corpus);
        }
        Ok(law)
    }

    /// Prepares what every determination needs: atoms made ready, guards flattened, duties found.
    fn make_ready(&mut self, corpus: &Corpus) {
        let context = Context { corpus, members: &self.members };
        let outcomes = self.answers.outcomes();
        let on = self.scope.at.on;
        self.ready = Ready::of(&context, (&self.space, self.root), &self.rolls, &outcomes, on);
        let mut roots = vec![self.root];
        for saying in &self.sayings {
            roots.extend([saying.holds, saying.grants, saying.bars]);
            roots.extend(saying.tree.iter().flat_map(tree::Tree::guards));
        }
        self.space.flatten(&roots);
        self.tell(corpus);
        self.duties = owed::OpenDuty::all(corpus, self.scope, &self.members);
        self.suspensions = self.suspension_notes(corpus);
    }

    pub(crate) fn context<'a>(&'a self, corpus: &'a Corpus) -> Context<'a> {
        Context { corpus, members: &self.members }
    }

    /// Returns the scope that was compiled.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Returns how many nodes the diagram of the answer has.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.flat.node_count()
    }

    /// Returns the outcomes that some request can have, sorted.
    #[must_use]
    pub fn outcomes(&self) -> Vec<crate::Outcome> {
        let payloads = self.space.diagram.terminals(self.root);
        let mut outcomes: Vec<crate::Outcome> =
            payloads.iter().filter_map(|payload| self.answers.get(*payload).outcome()).collect();
        outcomes.sort_unstable();
        outcomes.dedup();
        outcomes
    }

    pub(crate) fn all_allowed(&self) -> Vec<Allowed> {
        self.space.atoms.iter().map(Atom::all).collect()
    }

    /// Returns where a guard holds under some reading.
    pub(crate) fn without_readings(&mut self, guard: NodeId) -> Result<NodeId, Overflow> {
        let mut made = guard;
        for (index, atom) in self.space.atoms.iter().enumerate() {
            if let Atom::Reading(..) = atom {
                let variable = Variable(u32::try_from(index).unwrap_or(u32::MAX));
                made = self
                    .space
                    .diagram
                    .merge_over(made, variable, &mut |payloads| u32::from(payloads.contains(&1)))?;
            }
        }
        Ok(made)
    }
}

/// A diagram that grew past [`SIFTED_FROM`] nodes in the order of the text gets a better order.
fn sift_if_large(
    space: &mut Space,
    roots: [NodeId; 3],
    sayings: &mut [Saying],
) -> Result<(NodeId, NodeId, NodeId), Overflow> {
    let [root, combined, domain] = roots;
    if space.diagram.node_count(&[root, combined]) < SIFTED_FROM {
        return Ok((root, combined, domain));
    }
    let mut kept = roots.to_vec();
    kept.extend(sayings.iter().flat_map(|saying| [saying.holds, saying.grants, saying.bars]));
    space.sift(&mut kept)?;
    let mut kept = kept.into_iter();
    let mut next = || kept.next().unwrap_or(NodeId::FALSE);
    let moved = (next(), next(), next());
    for saying in sayings {
        (saying.holds, saying.grants, saying.bars) = (next(), next(), next());
    }
    Ok(moved)
}

/// Returns what is told of a law that outgrew its diagram: the longest provisions first.
pub(crate) fn too_large(corpus: &Corpus, scope: Scope, overflow: Overflow) -> TooLarge {
    let mut lengths: Vec<(usize, String)> = Vec::new();
    for (_, statement) in applied(corpus, scope) {
        let Some(provision) = corpus.provisions.get(statement.provision.index()) else {
            continue;
        };
        let length = Lowering::new(corpus, scope).formula(&statement.condition).length();
        match lengths.iter_mut().find(|(_, id)| *id == provision.id) {
            Some((known, _)) => *known += length,
            None => lengths.push((length, provision.id.clone())),
        }
    }
    lengths.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    let provisions = lengths.into_iter().map(|(_, id)| id).collect();
    TooLarge { node_count_max: overflow.node_count_max, provisions }
}

/// What the packs say is impossible, as far as it speaks of facts that the law asks for.
fn impossible(corpus: &Corpus, scope: Scope, formulas: &[&Formula]) -> Vec<Formula> {
    let mut named = Vec::new();
    for formula in formulas {
        formula::facts_named(formula, &mut named);
    }
    let mut lowering = Lowering::new(corpus, scope);
    let mut open: Vec<Formula> = corpus
        .impossible
        .iter()
        .filter(|(pack, _)| in_stack(corpus, scope.jurisdiction, *pack))
        .map(|(_, condition)| lowering.formula(condition))
        .collect();
    let mut kept = Vec::new();
    // One constraint can bring in facts that another speaks of.
    loop {
        let touches = |formula: &Formula| {
            let mut own = Vec::new();
            formula::facts_named(formula, &mut own);
            own.iter().any(|fact| named.contains(fact))
        };
        let Some(index) = open.iter().position(touches) else {
            return kept;
        };
        let formula = open.remove(index);
        formula::facts_named(&formula, &mut named);
        kept.push(formula);
    }
}

fn domain(space: &mut Space, rolls: &[Roll], impossible: &[Formula]) -> Result<NodeId, Overflow> {
    let mut domain = NodeId::TRUE;
    for roll in rolls {
        let lists = roll.domain(space)?;
        domain = space.diagram.and(domain, lists)?;
    }
    for formula in impossible {
        let holds = space.guard(formula)?;
        let fails = space.diagram.not(holds)?;
        domain = space.diagram.and(domain, fails)?;
    }
    Ok(domain)
}
