//! The answer to a request without its reasons: the outcomes alone.

use brightline_law::clock::Day;
use brightline_law::facts::Facts;
use brightline_law::ir::Corpus;
use brightline_law::{Law, Outcome, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::intake::Taken;
use crate::library::Library;
use crate::refusal::Refusal;
use crate::response::PackStamp;

/// The outcomes of a request; its fields are those of [`crate::Response`], which tells why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Brightline outcomes")]
pub struct Brief {
    /// The pack of the agency's law.
    pub jurisdiction: String,
    /// The agency that is asked.
    pub agency: String,
    /// The day of the act, `2025-03-04`.
    pub on: String,
    /// The law as it was known on this day; absent: all that the packs know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_on: Option<String>,
    /// The pack of the agency's own policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The law that decided.
    pub pack: PackStamp,
    /// One for each act asked; acts that include others are spelled out.
    pub determinations: Vec<ActOutcome>,
    /// What the reader should know of the request as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// The outcome of one act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActOutcome {
    /// The act's name.
    pub act: String,
    /// The outcome, as [`crate::ActDetermination::outcome`].
    pub outcome: String,
    /// The outcomes still possible; one unless open.
    pub possible: Vec<String>,
}

/// The outcomes of one act that are still possible; at least one.
pub(crate) enum Outcomes {
    One(Outcome),
    Several(Vec<Outcome>),
}

impl Outcomes {
    /// Decides an act; none where the facts cannot all be true together.
    pub(crate) fn of(law: &Law, corpus: &Corpus, facts: &Facts) -> Option<Self> {
        if let Some(outcome) = law.decide(corpus, facts) {
            return Some(Self::One(outcome));
        }
        let possible = law.possible(corpus, facts);
        (!possible.is_empty()).then_some(Self::Several(possible))
    }

    pub(crate) fn possible(&self) -> &[Outcome] {
        match self {
            Self::One(outcome) => std::slice::from_ref(outcome),
            Self::Several(outcomes) => outcomes,
        }
    }

    pub(crate) fn outcome(&self) -> Outcome {
        match self.possible() {
            [only] => *only,
            _ => Outcome::Open,
        }
    }
}

impl Brief {
    /// Decides a request that was taken in.
    pub(crate) fn of(library: &Library, taken: &Taken) -> Result<Self, Refusal> {
        let Taken { jurisdiction, agency, at, .. } = *taken;
        let corpus = library.corpus();
        let pack_id = |index: usize| corpus.packs.get(index).map(|pack| pack.id.clone());
        let id = pack_id(jurisdiction.index()).unwrap_or_default();
        let name = corpus.agencies.get(agency.index()).map(|agency| agency.name.clone());
        let mut determinations = Vec::with_capacity(taken.acts.len());
        for &act in &taken.acts {
            let scope = Scope { jurisdiction, agency, act, at };
            let outcomes = library.outcomes(scope, &taken.facts)?;
            determinations.push(ActOutcome {
                act: corpus.acts.get(act.index()).map(|act| act.name.clone()).unwrap_or_default(),
                outcome: outcomes.outcome().name().to_owned(),
                possible: outcomes.possible().iter().map(|it| it.name().to_owned()).collect(),
            });
        }
        Ok(Self {
            jurisdiction: id.clone(),
            agency: name.unwrap_or_default(),
            on: at.on.to_string(),
            known_on: (at.known != Day::MAX).then(|| at.known.to_string()),
            policy: taken.policy.and_then(|policy| pack_id(policy.index())),
            pack: PackStamp { digest: library.digest(&id).unwrap_or_default(), id },
            determinations,
            notes: taken.notes.clone(),
        })
    }
}
