//! What an administrator does with accounts and links that are there.

use brightline_desk::Library;

use super::{Asked, Outcome, fault_of, roles_of, rows};
use crate::accounts::{Account, Error, NewAccount};
use crate::pages::sent::Sent;
use crate::pages::words::{say, say_of, say_with};

/// Does with an account what the button says.
pub(super) async fn take(asked: &Asked<'_>, what: &str) -> Result<Outcome, Error> {
    let Asked { accounts, by, sent, .. } = *asked;
    if what == "withdraw" {
        accounts.withdraw(sent.one("link"), by).await?;
        return Ok(Outcome::Done(say("people-withdrawn")));
    }
    let account = accounts.find(sent.one("name")).await?;
    let done = |key| Ok(Outcome::Done(say_with(key, "person", &account.person)));
    match what {
        "lock" => {
            accounts.lock(&account.name, by).await?;
            done("people-locked")
        }
        "release" => {
            accounts.release(&account.name, by).await?;
            done("people-released")
        }
        "reset" => {
            let link = accounts.reset(&account.name, by).await?;
            Ok(Outcome::Linked(as_before(account), link))
        }
        "roles" => change_roles(asked, account).await,
        _ => Ok(Outcome::Wrong(say("fault-people-button"))),
    }
}

fn as_before(account: Account) -> NewAccount {
    let Account { name, person, roles, finders, agencies, .. } = account;
    NewAccount { name, person, roles, finders, agencies }
}

/// Changes roles and agencies; findings that somebody makes for the vocabulary stay.
async fn change_roles(asked: &Asked<'_>, account: Account) -> Result<Outcome, Error> {
    let Asked { library, sent, .. } = *asked;
    let mut new = as_before(account);
    new.roles = roles_of(sent);
    new.agencies.retain(|it| sent.has("agency", it));
    if let Some(words) = sent.filled("more") {
        match agency_called(library, &words) {
            Some(key) => new.agencies.push(key),
            None => {
                return Ok(Outcome::Wrong(say_with("fault-agency-unknown", "words", &words)));
            }
        }
    }
    new.agencies.sort();
    new.agencies.dedup();
    if let Some(fault) = fault_of(&new.roles, &new.agencies) {
        return Ok(Outcome::Wrong(fault));
    }
    asked.accounts.change_roles(&new, asked.by).await?;
    let roles = rows::roles_in_words(new.role_names().into_iter());
    let agencies = match new.agencies.is_empty() {
        true => say("no-agency"),
        false => rows::agencies_in_words(library, &new.agencies),
    };
    let said = [("person", new.person.as_str()), ("roles", &roles), ("agencies", &agencies)];
    Ok(Outcome::Done(say_of("people-changed", &said)))
}

/// Returns the agency that is called so in the lists of the page.
fn agency_called(library: &Library, words: &str) -> Option<String> {
    let places = rows::places(library, &Sent::default());
    let mut choices = places.into_iter().flat_map(|(_, choices)| choices);
    choices.find(|it| it.words.eq_ignore_ascii_case(words)).map(|it| it.value)
}
