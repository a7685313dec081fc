//! Who calls.

use brightline_docket::Actor;

use crate::accounts::Account;
use crate::problem::{Kind, Problem};

/// Who calls, as far as the service knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// Nobody who has shown anything.
    Nobody,
    /// A person with a session.
    Account {
        /// The account.
        account: Account,
        /// What forms and calls of this session send back.
        form_token: String,
    },
    /// Another system, with a token.
    Token {
        /// The name of the token.
        name: String,
        /// The names of the actions it is for.
        scopes: Vec<String>,
        /// For which agencies, as `JURISDICTION/AGENCY`.
        agencies: Vec<String>,
    },
}

impl Principal {
    /// Returns the agencies whose cases this caller may have to do with.
    #[must_use]
    pub fn agencies(&self) -> &[String] {
        match self {
            Self::Nobody => &[],
            Self::Account { account, .. } => &account.agencies,
            Self::Token { agencies, .. } => agencies,
        }
    }

    /// Returns the caller as the office records them.
    pub(crate) fn actor(&self) -> Result<Actor, Problem> {
        let agencies = self.agencies().iter().cloned().collect();
        match self {
            Self::Nobody => Err(Problem::new(Kind::SignInFirst, "nobody is signed in")),
            Self::Account { account, .. } => Ok(Actor {
                account: account.name.clone(),
                person: account.person.clone(),
                name: account.person.clone(),
                roles: account.role_names().collect(),
                agencies,
            }),
            Self::Token { name, .. } => Ok(Actor {
                account: format!("token {name}"),
                person: format!("token {name}"),
                name: name.clone(),
                roles: std::iter::once("system".to_owned()).collect(),
                agencies,
            }),
        }
    }

    /// Returns the name under which the caller's doings are recorded.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Nobody => "",
            Self::Account { account, .. } => &account.name,
            Self::Token { name, .. } => name,
        }
    }
}
