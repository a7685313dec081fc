//! What the page of the people shows: accounts, links that wait, roles and agencies to choose.

use brightline_desk::Library;

use crate::accounts::{Account, Role, Waiting};
use crate::pages::requests::agency_words;
use crate::pages::sent::Sent;
use crate::pages::times;
use crate::pages::words::say;

const MICROSECONDS: i64 = 1_000_000;

/// Somebody who has an account.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) person: String,
    pub(super) roles: String,
    pub(super) agencies: String,
    pub(super) is_locked: bool,
    /// Password and second factor are void until the holder chooses new ones.
    pub(super) is_void: bool,
    /// It is the account of whoever looks at the page.
    pub(super) is_own: bool,
    /// Its actions are shown: something is to be done with it, or was tried.
    pub(super) is_open: bool,
    pub(super) role_choices: Vec<Choice>,
    pub(super) agency_choices: Vec<Choice>,
    /// What was typed as a further agency.
    pub(super) more: String,
}

impl Person {
    /// Returns whether an administrator can let this person in again.
    pub(super) fn waits_for_release(&self) -> bool {
        self.is_locked && !self.is_void
    }
}

/// Somebody who was given a link.
pub(super) struct Invited {
    pub(super) digest: String,
    pub(super) name: String,
    pub(super) person: String,
    pub(super) roles: String,
    pub(super) agencies: String,
    pub(super) until: String,
}

/// Something to choose.
pub(in crate::pages) struct Choice {
    pub(in crate::pages) value: String,
    pub(in crate::pages) words: String,
    pub(in crate::pages) is_taken: bool,
}

/// Shows an account to an administrator: `own` is the account of hers, `voided` are those without
/// a password, and `sent` is what was wrong, if it was about this account.
pub(super) fn person(
    library: &Library,
    account: &Account,
    (own, voided, sent): (&str, &[String], &Sent),
) -> Person {
    let is_asked = !sent.one("do").is_empty() && sent.one("name") == account.name;
    let is_typed = is_asked && sent.one("do") == "roles";
    let is_void = voided.contains(&account.name);
    let takes = |role: &str| match is_typed {
        true => sent.has("role", role),
        false => account.roles.iter().any(|it| it.name() == role),
    };
    let agency = |key: &String| Choice {
        value: key.clone(),
        words: agencies_in_words(library, std::slice::from_ref(key)),
        is_taken: !is_typed || sent.has("agency", key),
    };
    Person {
        name: account.name.clone(),
        person: account.person.clone(),
        roles: roles_in_words(account.role_names()),
        agencies: agencies_in_words(library, &account.agencies),
        is_locked: account.is_locked,
        is_void,
        is_own: account.name == own,
        is_open: is_asked || (account.is_locked && !is_void),
        role_choices: roles(takes),
        agency_choices: account.agencies.iter().map(agency).collect(),
        more: if is_typed { sent.one("more").to_owned() } else { String::new() },
    }
}

/// Shows who was given a link, with the time in a zone.
pub(super) fn invited(library: &Library, waiting: Waiting, zone: &str) -> Invited {
    let Waiting { digest, account, until } = waiting;
    Invited {
        digest,
        roles: roles_in_words(account.role_names().into_iter()),
        agencies: agencies_in_words(library, &account.agencies),
        until: times::shown(until * MICROSECONDS, zone),
        person: match (account.person.is_empty(), account.name.is_empty()) {
            (true, true) => say("people-first"),
            (true, false) => account.name.clone(),
            _ => account.person,
        },
        name: account.name,
    }
}

/// All roles of the service, some of them taken.
pub(super) fn roles(takes: impl Fn(&str) -> bool) -> Vec<Choice> {
    let choice = |role: Role| Choice {
        value: role.name().to_owned(),
        words: say(&format!("role-{}", role.name())),
        is_taken: takes(role.name()),
    };
    Role::ALL.into_iter().map(choice).collect()
}

pub(super) fn roles_in_words(names: impl Iterator<Item = String>) -> String {
    names.map(|it| it.replace('_', " ")).collect::<Vec<_>>().join(", ")
}

pub(super) fn agencies_in_words(library: &Library, keys: &[String]) -> String {
    let words = keys.iter().map(|key| match key.as_str() {
        "*" => say("all-agencies"),
        key => agency_words(library.corpus(), key),
    });
    words.collect::<Vec<_>>().join("; ")
}

/// The agencies of every place that has some of its own.
pub(in crate::pages) fn places(library: &Library, sent: &Sent) -> Vec<(String, Vec<Choice>)> {
    let corpus = library.corpus();
    let mut places = Vec::new();
    for pack in &corpus.packs {
        let Some(id) = corpus.pack(&pack.id) else { continue };
        let found = brightline_law::agencies(corpus, id).into_iter();
        let named = found.filter_map(|it| corpus.agencies.get(it.index()));
        let mut choices: Vec<Choice> = named
            .map(|it| {
                let value = format!("{}/{}", pack.id, it.name);
                let is_taken = sent.has("agency", &value);
                // Agencies of two places often have one name; a closed list shows this alone.
                Choice { words: agency_words(corpus, &value), is_taken, value }
            })
            .collect();
        choices.sort_by(|one, other| one.words.cmp(&other.words));
        if !choices.is_empty() {
            places.push((pack.title.clone(), choices));
        }
    }
    places
}
