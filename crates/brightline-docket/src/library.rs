//! The law of all packs, ready to answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use brightline_law::determination::Determination;
use brightline_law::diagnostic::{Diagnostic, Severity};
use brightline_law::facts::Facts;
use brightline_law::ir::Corpus;
use brightline_law::{Checked, Law, Scope};

use crate::answer;
use crate::intake::{Taken, take_in};
use crate::packs::Packs;
use crate::policy;
use crate::refusal::{Fault, Refusal, RefusalKind};
use crate::request::Request;
use crate::response::Response;
use crate::witness;

/// Compiled laws kept ready; when there are more, all are dropped and compiled again.
const LAWS_MAX: usize = 4096;

/// The packs, read and resolved, with the laws compiled so far.
pub struct Library {
    packs: Packs,
    corpus: Corpus,
    diagnostics: Vec<Diagnostic>,
    laws: Mutex<BTreeMap<Scope, Arc<Law>>>,
    /// By pack, once asked for.
    digests: Mutex<BTreeMap<String, String>>,
}

impl Library {
    /// Reads and resolves packs; laws are compiled when they are first asked for.
    #[must_use]
    pub fn open(packs: Packs) -> Self {
        let Checked { corpus, diagnostics } = brightline_law::read(&packs.sources);
        Self { packs, corpus, diagnostics, laws: Mutex::default(), digests: Mutex::default() }
    }

    /// Returns the packs as they were loaded.
    #[must_use]
    pub fn packs(&self) -> &Packs {
        &self.packs
    }

    /// Returns the digest of a pack and of those above it; see [`Packs::digest`].
    #[must_use]
    pub fn digest(&self, id: &str) -> Option<String> {
        let mut known = self.digests.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(digest) = known.get(id) {
            return Some(digest.clone());
        }
        let digest = self.packs.digest(id)?;
        known.insert(id.to_owned(), digest.clone());
        Some(digest)
    }

    /// Returns the resolved law.
    #[must_use]
    pub fn corpus(&self) -> &Corpus {
        &self.corpus
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
                let message = "these facts cannot all be true together, the packs say";
                return Err(Refusal::request(vec![Fault::new("facts", message)]));
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

    fn law(&self, scope: Scope) -> Result<Arc<Law>, Refusal> {
        let kept = self.laws.lock().unwrap_or_else(PoisonError::into_inner).get(&scope).cloned();
        if let Some(law) = kept {
            return Ok(law);
        }
        let law = Law::compile(&self.corpus, scope).map_err(|error| {
            let name = self.corpus.acts.get(scope.act.index()).map_or("", |act| act.name.as_str());
            let faults = vec![Fault::new(name, error.to_string())];
            Refusal { kind: RefusalKind::Program, faults }
        })?;
        let law = Arc::new(law);
        let mut laws = self.laws.lock().unwrap_or_else(PoisonError::into_inner);
        if laws.len() >= LAWS_MAX {
            laws.clear();
        }
        laws.insert(scope, Arc::clone(&law));
        Ok(law)
    }

    /// Returns whether a pack and those above it have no errors: nothing is decided under others.
    ///
    /// # Errors
    ///
    /// Where there are errors: the first of each pack.
    pub fn sound(&self, id: &str) -> Result<(), Refusal> {
        let Some(pack) = self.packs.pack(id) else {
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
            let before = file.text.get(..span.start as usize).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            is_here.then(|| format!("{} in {}:{line}", diagnostic.message, file.path))
        })
    }
}
