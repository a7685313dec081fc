//! The agency's own policy: what it prohibits is a fact of the request.

use brightline_law::facts::{Facts, Value};
use brightline_law::ir::{Corpus, FactId, PackId};
use brightline_law::{Law, Outcome, Scope};

use crate::intake::Taken;
use crate::refusal::{Fault, Refusal, RefusalKind};

/// Settles each fact `policy_prohibits_ACT` by the agency's own policy.
///
/// The policy pack is compiled for the agency by itself, without the packs above it; when it
/// prohibits the act for some facts or for all, the fact is yes, and otherwise no.
/// A law that speaks of a policy that prohibits an act means one that does so at all, so that
/// the facts of the person at hand do not matter.
pub(crate) fn settle(corpus: &Corpus, taken: &mut Taken, policy: PackId) -> Result<(), Refusal> {
    let mut alone = corpus.clone();
    if let Some(pack) = alone.packs.get_mut(policy.index()) {
        pack.parents.clear();
    }
    let mut faults = Vec::new();
    for (at, fact) in corpus.facts.iter().enumerate() {
        let (Some(act), Ok(id)) = (fact.policy_prohibits, u32::try_from(at)) else {
            continue;
        };
        let scope = Scope { jurisdiction: policy, agency: taken.agency, act, at: taken.at };
        let law = Law::compile(&alone, scope).map_err(|error| Refusal {
            kind: RefusalKind::Program,
            faults: vec![Fault::new("policy", error.to_string())],
        })?;
        let found = law.determine(&alone, &Facts::unknown(&alone));
        let prohibits = Value::Bool(found.possible.contains(&Outcome::Prohibited));
        let given = taken.facts.value(FactId(id));
        if given.is_known() && given != prohibits {
            let message = "the policy pack says otherwise than the request";
            faults.push(Fault::new(format!("facts.{}", fact.name), message));
        }
        taken.facts.set(FactId(id), prohibits);
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::request(faults)) }
}
