//! The law of all packs, ready to answer.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use brightline_law::clock::Day;
use brightline_law::determination::Determination;
use brightline_law::diagnostic::{Diagnostic, Severity, line_of};
use brightline_law::facts::Facts;
use brightline_law::ir::{Condition, ConditionKind, Corpus, Operand, PackId};
use brightline_law::{Checked, Law, Scope, words};
use rustc_hash::FxHasher;

use crate::answer;
use crate::brief::{Brief, Outcomes};
use crate::direct::Direct;
use crate::intake::{Names, Taken, take_in};
use crate::packs::Packs;
use crate::policy;
use crate::refusal::{Fault, Refusal, RefusalKind};
use crate::request::Request;
use crate::response::Response;
use crate::witness;

/// Compiled laws kept ready; when there are more, all are dropped and compiled again.
const LAWS_MAX: usize = 4096;

/// Roles with which the office itself connects a right: none is given by the way of a vocabulary.
const HOUSE_ROLES: [&str; 9] = [
    "administrator",
    "auditor",
    "author",
    "counsel",
    "officer",
    "publisher",
    "records_officer",
    "supervisor",
    "system",
];

type Laws = HashMap<Scope, Arc<Law>, BuildHasherDefault<FxHasher>>;

/// The packs, read and resolved, with the laws compiled so far.
///
/// It is read by any number of threads at once; none waits for another.
pub struct Library {
    packs: Packs,
    corpus: Corpus,
    diagnostics: Vec<Diagnostic>,
    has_errors: bool,
    laws: ArcSwap<Laws>,
    /// By pack, once asked for.
    digests: BTreeMap<String, OnceLock<String>>,
    direct: Direct,
}

impl Library {
    /// Reads and resolves packs; laws are compiled when they are first asked for.
    #[must_use]
    pub fn open(packs: Packs) -> Self {
        let Checked { corpus, diagnostics } = brightline_law::read(&packs.sources);
        let has_errors = diagnostics.iter().any(|it| it.severity == Severity::Error);
        let digests = packs.ids().map(|id| (id.to_owned(), OnceLock::new())).collect();
        let (laws, direct) = (ArcSwap::default(), Direct::of(&corpus));
        Self { packs, corpus, diagnostics, has_errors, laws, digests, direct }
    }

    /// Returns the packs as they were loaded.
    #[must_use]
    pub fn packs(&self) -> &Packs {
        &self.packs
    }

    /// Returns the digest of a pack and of those above it; see [`Packs::digest`].
    #[must_use]
    pub fn digest(&self, id: &str) -> Option<String> {
        let known = self.digests.get(id)?;
        Some(known.get_or_init(|| self.packs.digest(id).unwrap_or_default()).clone())
    }

    /// Returns the resolved law.
    #[must_use]
    pub fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// Returns the roles that the vocabulary names as finders of facts, each with its words.
    ///
    /// Those that the office knows by itself, such as counsel, are held by the role of an account;
    /// the others have to be given to an account by name.
    #[must_use]
    pub fn finder_roles(&self) -> BTreeMap<&str, &str> {
        let all = self.corpus.roles.iter().map(|it| (it.name.as_str(), it.words.as_str()));
        all.filter(|(name, _)| !HOUSE_ROLES.contains(name)).collect()
    }

    /// Looks whether these can be given to an account as roles of the vocabulary.
    ///
    /// # Errors
    ///
    /// Names each that the vocabulary does not have, or that is a role of the office itself.
    pub fn require_finder_roles<'n>(
        &self,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<(), Refusal> {
        let known = self.finder_roles();
        let mut faults = Vec::new();
        for name in names.into_iter().filter(|name| !known.contains_key(name)) {
            let fault = Fault::new("roles", format!("the vocabulary has no role `{name}`"));
            faults.push(match HOUSE_ROLES.contains(&name) {
                true => fault.help("it is a role of the office; give it as such"),
                false => fault.names(name, known.keys().copied()),
            });
        }
        if faults.is_empty() { Ok(()) } else { Err(Refusal::request(faults)) }
    }

    /// Looks whether agencies, each as `JURISDICTION/AGENCY`, are ones that the law knows; `*` in
    /// the place of either is any.
    ///
    /// # Errors
    ///
    /// Names each that it does not, with the nearest that it does.
    pub fn require_agencies<'n>(
        &self,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<(), Refusal> {
        let mut faults = Vec::new();
        for name in names {
            let (jurisdiction, agency) = name.split_once('/').unwrap_or((name, "*"));
            if name.contains('*') {
                continue;
            }
            let Some(pack) = self.corpus.pack(jurisdiction) else {
                let fault = format!("`{name}`: there is no jurisdiction `{jurisdiction}`");
                let ids = self.corpus.packs.iter().map(|pack| pack.id.as_str());
                faults.push(Fault::new("agencies", fault).names(jurisdiction, ids));
                continue;
            };
            if !self.corpus.agency_names(pack).any(|known| known == agency) {
                let fault = format!("`{name}`: `{jurisdiction}` has no agency `{agency}`");
                let fault = Fault::new("agencies", fault);
                faults.push(fault.names(agency, self.corpus.agency_names(pack)));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Refusal::request(faults)) }
    }

    /// Returns whether a pack, or one above it, declares a fact or a list of this name.
    ///
    /// `true` where there is no such pack: nothing is known to be wrong with the name.
    #[must_use]
    pub fn declares(&self, pack: &str, name: &str) -> bool {
        let names = Names::of(&self.corpus, pack);
        names.is_none_or(|names| names.fact(name).is_some() || names.list(name).is_some())
    }

    /// Returns whether the law of a place forbids on a day that a fact is asked or stored.
    #[must_use]
    pub fn forbids(&self, pack: &str, name: &str, on: Day) -> bool {
        let names = Names::of(&self.corpus, pack);
        let mut periods = names.into_iter().flat_map(|names| names.forbidden(name));
        periods.any(|it| it.from <= on && on <= it.until)
    }

    /// Answers a request.
    ///
    /// # Errors
    ///
    /// When something is wrong with the request, or a pack that it needs has errors.
    pub fn answer(&self, request: &Request<'_>) -> Result<Response, Refusal> {
        let taken = self.take_in(request)?;
        let determinations = self.determine(&taken)?;
        Ok(self.response(&taken, &determinations))
    }

    /// Answers a request in JSON, in JSON: as [`Self::answer`] does, and faster.
    ///
    /// # Errors
    ///
    /// When something is wrong with the request, or a pack that it needs has errors.
    pub fn answer_json(&self, text: &str) -> Result<String, Refusal> {
        let taken = self.take_in_json(text)?;
        let determinations = self.determine(&taken)?;
        written(&self.response(&taken, &determinations))
    }

    /// Answers a request with the outcomes alone: no reason, no question, nothing that follows.
    ///
    /// # Errors
    ///
    /// When something is wrong with the request, or a pack that it needs has errors.
    pub fn brief(&self, request: &Request<'_>) -> Result<Brief, Refusal> {
        Brief::of(self, &self.take_in(request)?)
    }

    /// Answers a request in JSON with the outcomes alone, in JSON: as [`Self::brief`] does.
    ///
    /// A request with nothing odd about it is read straight into typed facts and decided without
    /// an allocation but that of the answer.
    ///
    /// # Errors
    ///
    /// When something is wrong with the request, or a pack that it needs has errors.
    pub fn brief_json(&self, text: &str) -> Result<String, Refusal> {
        match self.direct.brief(self, text) {
            Some(json) => Ok(json),
            None => written(&self.brief(&Request::read(text)?)?),
        }
    }

    /// Takes in a request in JSON: as [`Request::read`] and [`Self::take_in`] do, and faster.
    ///
    /// # Errors
    ///
    /// When something is wrong with the request, or a pack that it needs has errors.
    pub fn take_in_json(&self, text: &str) -> Result<Taken, Refusal> {
        match self.direct.take_in(self, text) {
            Some(taken) => Ok(taken),
            None => self.take_in(&Request::read(text)?),
        }
    }

    /// Returns whether a request in JSON has nothing odd about it, so that it is read fast.
    #[must_use]
    pub fn is_plain(&self, text: &str) -> bool {
        self.direct.take_in(self, text).is_some()
    }

    /// Looks up the names and types the values of a request.
    ///
    /// # Errors
    ///
    /// When something is wrong with the request, or a pack that it needs has errors.
    pub fn take_in(&self, request: &Request<'_>) -> Result<Taken, Refusal> {
        for id in request.jurisdiction.iter().chain(&request.policy) {
            self.sound(id)?;
        }
        let mut taken = take_in(&self.corpus, request)?;
        if let Some(policy) = taken.policy {
            policy::settle(&self.corpus, &mut taken, policy)?;
        }
        Ok(taken)
    }

    /// Returns whether a fact or a list can change anything of the answer to a request.
    ///
    /// # Errors
    ///
    /// When a law is too large to be compiled.
    pub fn looks_at(&self, taken: &Taken, name: &str) -> Result<bool, Refusal> {
        let Taken { jurisdiction, agency, at, .. } = *taken;
        for &act in &taken.acts {
            if self.law(Scope { jurisdiction, agency, act, at })?.looks_at(&self.corpus, name) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Decides every act of a request.
    ///
    /// # Errors
    ///
    /// When the facts cannot all be true together, or a law is too large to be compiled.
    pub fn determine(&self, taken: &Taken) -> Result<Vec<Determination>, Refusal> {
        let Taken { jurisdiction, agency, at, .. } = *taken;
        let mut determinations = Vec::with_capacity(taken.acts.len());
        for &act in &taken.acts {
            let law = self.law(Scope { jurisdiction, agency, act, at })?;
            let found = law.determine(&self.corpus, &taken.facts);
            if found.possible.is_empty() {
                return Err(impossible(&self.corpus, jurisdiction, &taken.facts));
            }
            determinations.push(found);
        }
        Ok(determinations)
    }

    /// Returns the response of a request that was taken in and decided.
    #[must_use]
    pub fn response(&self, taken: &Taken, determinations: &[Determination]) -> Response {
        answer::response(self, taken, determinations)
    }

    /// Returns facts as a request that `decide` answers.
    #[must_use]
    pub fn witness(&self, scope: Scope, facts: &Facts) -> Request<'static> {
        witness::request(&self.corpus, scope, facts)
    }

    /// Decides one act, the outcome alone.
    pub(crate) fn outcomes(&self, scope: Scope, facts: &Facts) -> Result<Outcomes, Refusal> {
        let laws = self.laws.load();
        let found = match laws.get(&scope) {
            Some(law) => Outcomes::of(law, &self.corpus, facts),
            None => Outcomes::of(&*self.law(scope)?, &self.corpus, facts),
        };
        found.ok_or_else(|| impossible(&self.corpus, scope.jurisdiction, facts))
    }

    /// Returns the law of a scope: compiled when it is first asked for, and kept.
    ///
    /// # Errors
    ///
    /// When it is too large to be compiled.
    pub fn law(&self, scope: Scope) -> Result<Arc<Law>, Refusal> {
        if let Some(law) = self.laws.load().get(&scope) {
            return Ok(Arc::clone(law));
        }
        let law = Law::compile(&self.corpus, scope).map_err(|error| {
            let name = self.corpus.acts.get(scope.act.index()).map_or("", |act| act.name.as_str());
            let faults = vec![Fault::new(name, error.to_string())];
            Refusal { kind: RefusalKind::Program, faults }
        })?;
        let law = Arc::new(law);
        self.laws.rcu(|laws| {
            let mut laws = if laws.len() < LAWS_MAX { Laws::clone(laws) } else { Laws::default() };
            laws.insert(scope, Arc::clone(&law));
            laws
        });
        Ok(law)
    }

    /// Returns whether a pack and those above it have no errors: nothing is decided under others.
    ///
    /// # Errors
    ///
    /// Where there are errors: the first of each pack.
    pub fn sound(&self, id: &str) -> Result<(), Refusal> {
        let Some(pack) = self.packs.pack(id).filter(|_| self.has_errors) else {
            return Ok(());
        };
        let mut faults = Vec::new();
        for id in pack.parents.iter().chain(std::iter::once(&pack.id)) {
            let errors: Vec<String> = self.errors_of(id).collect();
            let Some(first) = errors.first() else {
                continue;
            };
            let count = match errors.len() {
                1 => "an error".to_owned(),
                many => format!("{many} errors"),
            };
            let fault = Fault::new("jurisdiction", format!("the pack `{id}` has {count}: {first}"));
            faults.push(fault.help(format!("run `brightline check {id}`")));
        }
        if faults.is_empty() { Ok(()) } else { Err(Refusal { kind: RefusalKind::Pack, faults }) }
    }

    /// The errors of one pack: place and message.
    fn errors_of(&self, id: &str) -> impl Iterator<Item = String> {
        let errors = self.diagnostics.iter().filter(|it| it.severity == Severity::Error);
        errors.filter_map(move |diagnostic| {
            let span = diagnostic.labels.first()?.span;
            let file = self.packs.sources.files().nth(span.file as usize)?;
            let is_here = file.path.split('/').next() == Some(id);
            let line = line_of(&file.text, span.start as usize);
            is_here.then(|| format!("{} in {}:{line}", diagnostic.message, file.path))
        })
    }
}

/// Says what the packs rule out, as far as every fact that it speaks of was given.
fn impossible(corpus: &Corpus, jurisdiction: PackId, facts: &Facts) -> Refusal {
    let message = "these facts cannot all be true together, the packs say";
    let fault = Fault::new("facts", message);
    let in_reach = corpus.impossible.iter();
    let in_reach = in_reach.filter(|(pack, _)| corpus.at_or_below(jurisdiction, *pack));
    let of_these = in_reach.filter(|(_, condition)| is_about(condition, facts));
    let ruled_out: Vec<String> =
        of_these.map(|(_, condition)| words::condition(corpus, condition)).collect();
    Refusal::request(vec![match ruled_out.is_empty() {
        true => fault,
        false => fault.help(format!("it cannot be that {}", ruled_out.join("; or that "))),
    }])
}

/// Returns whether a condition speaks of nothing but facts that are known.
fn is_about(condition: &Condition, facts: &Facts) -> bool {
    let known = |operand: &Operand| match operand {
        Operand::Fact(fact) => facts.value(*fact).is_known(),
        Operand::ActDate | Operand::Day(_) => true,
        Operand::Field(..) => false,
    };
    match &condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) => {
            parts.iter().all(|part| is_about(part, facts))
        }
        ConditionKind::Not(inner) => is_about(inner, facts),
        ConditionKind::Yes(of) | ConditionKind::OneOf(of, _) | ConditionKind::AtLeast(of, _) => {
            known(of)
        }
        ConditionKind::Before { left, right, .. } => known(left) && known(right),
        _ => false,
    }
}

fn written(answer: &impl serde::Serialize) -> Result<String, Refusal> {
    serde_json::to_string(answer).map_err(|error| {
        let faults = vec![Fault::new("", error.to_string())];
        Refusal { kind: RefusalKind::Program, faults }
    })
}
