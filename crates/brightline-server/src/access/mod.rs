//! Who may do what: policies in Cedar, asked before every route and again for every case.

mod action;
mod guard;
mod principal;

use std::collections::{HashMap, HashSet};
use std::str::FromStr;
use std::sync::{PoisonError, RwLock};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression, Schema,
};

pub use action::Action;
pub(crate) use guard::{cookie, cookie_named, guard, guard_form, session_cookie};
pub use principal::Principal;

/// The policies, as they stand beside the code.
pub const POLICIES: &str = include_str!("../../policies/service.cedar");
/// The kinds of principals, actions and resources that the policies speak of.
pub const SCHEMA: &str = include_str!("../../policies/service.cedarschema");

/// The policies, ready to be asked.
pub struct Access {
    authorizer: Authorizer,
    policies: PolicySet,
    schema: Schema,
    /// Answers given before: the policies do not change, so the same question has the same answer.
    answers: RwLock<HashMap<Question, bool>>,
}

/// All that an answer depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Question {
    kind: &'static str,
    name: String,
    /// Roles of an account, scopes of a token.
    may: Vec<String>,
    agencies: Vec<String>,
    action: Action,
    agency: String,
}

/// So many answers are kept before all are forgotten.
const ANSWERS_MAX: usize = 4096;

impl Access {
    /// Reads the policies.
    ///
    /// # Errors
    ///
    /// When they cannot be read; a test keeps that from happening.
    pub fn read() -> Result<Self, String> {
        let policies = PolicySet::from_str(POLICIES).map_err(|error| error.to_string())?;
        let (schema, _) =
            Schema::from_cedarschema_str(SCHEMA).map_err(|error| error.to_string())?;
        let answers = RwLock::default();
        Ok(Self { authorizer: Authorizer::new(), policies, schema, answers })
    }

    /// Returns whether somebody may do something for an agency.
    ///
    /// An action that concerns no agency ignores it.
    #[must_use]
    pub fn may(&self, principal: &Principal, action: Action, agency: &str) -> bool {
        let question = Question::of(principal, action, agency);
        let known = self.answers.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known.get(&question) {
            return *answer;
        }
        drop(known);
        let answer = self.ask(principal, action, agency).unwrap_or(false);
        let mut known = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= ANSWERS_MAX {
            known.clear();
        }
        known.insert(question, answer);
        answer
    }

    /// Returns whether somebody may do something for at least one agency.
    #[must_use]
    pub fn may_somewhere(&self, principal: &Principal, action: Action) -> bool {
        if !action.is_for_agency() {
            return self.may(principal, action, "");
        }
        principal.agencies().iter().any(|agency| self.may(principal, action, agency))
    }

    /// `None` where the question cannot even be asked: then the answer is no.
    fn ask(&self, principal: &Principal, action: Action, agency: &str) -> Option<bool> {
        let who = entity(principal)?;
        let resource = if action.is_for_agency() {
            uid("Agency", agency)?
        } else {
            uid("Service", "service")?
        };
        let name = RestrictedExpression::new_string(action.name().to_owned());
        let context = Context::from_pairs([("name".to_owned(), name)]).ok()?;
        let what = uid("Action", action.name())?;
        let request = Request::new(who.uid(), what, resource, context, Some(&self.schema)).ok()?;
        let entities = Entities::from_entities([who], Some(&self.schema)).ok()?;
        let response = self.authorizer.is_authorized(&request, &self.policies, &entities);
        Some(response.decision() == Decision::Allow)
    }
}

impl Question {
    fn of(principal: &Principal, action: Action, agency: &str) -> Self {
        let (kind, may) = match principal {
            Principal::Nobody => ("nobody", Vec::new()),
            Principal::Account { account, .. } => {
                ("account", account.roles.iter().map(|role| role.name().to_owned()).collect())
            }
            Principal::Token { scopes, .. } => ("token", scopes.clone()),
        };
        let (name, agencies) = (principal.name().to_owned(), principal.agencies().to_vec());
        Self { kind, name, may, agencies, action, agency: agency.to_owned() }
    }
}

fn uid(kind: &str, id: &str) -> Option<EntityUid> {
    let kind = EntityTypeName::from_str(kind).ok()?;
    Some(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

fn entity(principal: &Principal) -> Option<Entity> {
    let agencies = || {
        let uids = principal.agencies().iter().filter_map(|agency| uid("Agency", agency));
        RestrictedExpression::new_set(uids.map(RestrictedExpression::new_entity_uid))
    };
    let mut attributes = HashMap::new();
    let mut parents = HashSet::new();
    let uid = match principal {
        Principal::Nobody => uid("Nobody", "nobody")?,
        Principal::Account { account, .. } => {
            attributes.insert("agencies".to_owned(), agencies());
            parents.extend(account.roles.iter().filter_map(|role| uid("Role", role.name())));
            uid("Account", &account.name)?
        }
        Principal::Token { name, scopes, .. } => {
            let scopes = scopes.iter().cloned().map(RestrictedExpression::new_string);
            attributes.insert("agencies".to_owned(), agencies());
            attributes.insert("scopes".to_owned(), RestrictedExpression::new_set(scopes));
            uid("Token", name)?
        }
    };
    Entity::new(uid, attributes, parents).ok()
}

#[cfg(test)]
mod tests {
    use cedar_policy::{ValidationMode, Validator};

    use super::*;
    use crate::accounts::{Account, Role};

    fn account(roles: &[Role], agencies: &[&str]) -> Principal {
        let account = Account {
            name: "someone".to_owned(),
            person: "Some One".to_owned(),
            roles: roles.to_vec(),
            finders: vec![],
            agencies: agencies.iter().map(|it| (*it).to_owned()).collect(),
            is_locked: false,
        };
        Principal::Account { account, form_token: String::new() }
    }

    #[test]
    fn the_policies_fit_their_schema_and_name_every_action() {
        let access = Access::read().expect("the policies can be read");
        let validated = Validator::new(access.schema.clone())
            .validate(&access.policies, ValidationMode::Strict);
        let errors: Vec<String> = validated.validation_errors().map(ToString::to_string).collect();
        assert_eq!(errors, Vec::<String>::new());
        let known: std::collections::BTreeSet<String> =
            access.schema.actions().map(|uid| uid.id().unescaped().to_owned()).collect();
        let ours = Action::ALL.iter().map(|action| action.name().to_owned()).collect();
        assert_eq!(known, ours);
    }

    #[test]
    fn an_officer_works_for_the_own_agency_only() {
        let access = Access::read().expect("the policies can be read");
        let officer = account(&[Role::Officer], &["us-xx/one"]);
        assert!(access.may(&officer, Action::ReadCase, "us-xx/one"));
        assert!(!access.may(&officer, Action::ReadCase, "us-xx/two"));
        assert!(!access.may(&officer, Action::Sign, "us-xx/one"));
        assert!(!access.may(&officer, Action::ManageAccounts, ""));
        assert!(access.may_somewhere(&officer, Action::ListCases));
    }

    #[test]
    fn an_administrator_sees_no_case() {
        let access = Access::read().expect("the policies can be read");
        let administrator = account(&[Role::Administrator], &["us-xx/one"]);
        for action in Action::ALL.into_iter().filter(|action| action.is_for_agency()) {
            assert!(!access.may(&administrator, action, "us-xx/one"), "{}", action.name());
        }
        assert!(access.may(&administrator, Action::ManageAccounts, ""));
    }

    #[test]
    fn nobody_may_only_what_anyone_may() {
        let access = Access::read().expect("the policies can be read");
        for action in Action::ALL {
            let may = access.may(&Principal::Nobody, action, "us-xx/one");
            assert_eq!(may, action.is_open(&access), "{}", action.name());
        }
        assert!(!access.may(&Principal::Nobody, Action::SignOut, ""));
    }

    #[test]
    fn a_token_has_its_scopes_and_signs_nothing() {
        let access = Access::read().expect("the policies can be read");
        let token = Principal::Token {
            name: "jail".to_owned(),
            scopes: vec!["receive".to_owned(), "sign".to_owned()],
            agencies: vec!["us-xx/one".to_owned()],
        };
        assert!(access.may(&token, Action::Receive, "us-xx/one"));
        assert!(!access.may(&token, Action::Receive, "us-xx/two"));
        assert!(!access.may(&token, Action::ReadCase, "us-xx/one"), "it is no scope of its");
        assert!(!access.may(&token, Action::Sign, "us-xx/one"), "no token may");
    }
}
