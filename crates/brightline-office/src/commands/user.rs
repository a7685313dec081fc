//! `user`: accounts of the service, from the command line of its machine.

use brightline::{Ending, Global, Trouble, output};
use brightline_desk::{Fault, Library};
use brightline_server::{Account, Accounts, NewAccount, Role};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::commands::serve::{Place, threads};

const EXAMPLES: &str = "Examples:
  brightline user add jdoe --person \"Jane Doe\" --role officer --agency us-ny-nyc/doc
  brightline user list
  brightline user lock jdoe
  brightline user reset jdoe";

/// Who the record says has done it.
const BY: &str = "command line";

/// Manage the accounts of the service
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct User {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    verb: Verb,
}

/// What to do with accounts
#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a link by which somebody opens an account
    Add(Add),
    /// List all accounts
    List,
    /// Lock an account and end its sessions
    Lock(Named),
    /// Release an account that was locked
    Release(Named),
    /// Void password and second factor, and make a link to choose new ones
    Reset(Named),
}

/// A new account
#[derive(Debug, Args)]
struct Add {
    /// The name to sign in with
    #[arg(value_name = "NAME")]
    name: String,
    /// The person, as under a letter
    #[arg(long, value_name = "PERSON")]
    person: String,
    /// What the person may do; may be repeated
    #[arg(long, value_name = "ROLE", required = true)]
    role: Vec<String>,
    /// For which agency, as JURISDICTION/AGENCY; may be repeated
    #[arg(long, value_name = "AGENCY")]
    agency: Vec<String>,
}

/// An account
#[derive(Debug, Args)]
struct Named {
    /// The name of the account
    #[arg(value_name = "NAME")]
    name: String,
}

impl User {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        threads()?.block_on(async {
            let accounts = self.place.open().await?;
            match &self.verb {
                Verb::Add(add) => {
                    // What is in force in the store may be another law than the program's own.
                    let office =
                        self.place.folder().office(&accounts, global.pack_files()?).await?;
                    let account = add.account(&office.library())?;
                    link(global, &accounts.invite(&account, BY).await?)
                }
                Verb::List => list(global, &accounts).await,
                Verb::Lock(Named { name }) => {
                    accounts.lock(name, BY).await?;
                    said(global, name, "is locked, and its sessions have ended")
                }
                Verb::Release(Named { name }) => {
                    accounts.release(name, BY).await?;
                    said(global, name, "can sign in again")
                }
                Verb::Reset(named) => link(global, &accounts.reset(&named.name, BY).await?),
            }
        })?;
        Ok(Ending::Done)
    }
}

impl Add {
    fn account(&self, library: &Library) -> Result<NewAccount, Trouble> {
        let roles: Vec<Role> = self.role.iter().filter_map(|name| Role::named(name)).collect();
        let mut finders = self.role.clone();
        finders.retain(|name| Role::named(name).is_none());
        if !finders.is_empty() {
            require_roles(library, &finders)?;
        }
        library.require_agencies(self.agency.iter().map(String::as_str))?;
        if self.agency.is_empty()
            && let Some(role) = roles.iter().find(|role| role.is_of_an_agency())
        {
            let fault = Fault::new("", format!("the role `{role}` is held for an agency"));
            return Err(Trouble::of(fault.help("name it: --agency JURISDICTION/AGENCY")));
        }
        let (name, person) = (self.name.clone(), self.person.clone());
        Ok(NewAccount { name, person, roles, finders, agencies: self.agency.clone() })
    }
}

/// A role that is none of the service is one of the packs' vocabulary.
fn require_roles(library: &Library, names: &[String]) -> Result<(), Trouble> {
    let known: Vec<&str> = library.finder_roles().into_keys().collect();
    match names.iter().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let all = Role::ALL.map(Role::name).into_iter().chain(known);
            let fault = Fault::new("", format!("there is no role `{name}`"));
            Err(Trouble::of(fault.names(name, all)))
        }
    }
}

fn said(global: &Global, name: &str, what: &str) -> Result<(), Trouble> {
    match global.json {
        true => output::json(&json!({ "name": name })),
        false => {
            output::text(&format!("the account {name} {what}\n"));
            Ok(())
        }
    }
}

fn link(global: &Global, link: &str) -> Result<(), Trouble> {
    let path = format!("/set-up/{link}");
    if global.json {
        return output::json(&json!({ "path": path }));
    }
    output::text(&format!("the link works once, for 72 hours, on the service:\n  {path}\n"));
    Ok(())
}

async fn list(global: &Global, accounts: &Accounts) -> Result<(), Trouble> {
    let accounts = accounts.list().await?;
    if global.json {
        return output::json(&accounts.iter().map(document).collect::<Vec<_>>());
    }
    if accounts.is_empty() {
        output::text("there are no accounts yet\n");
    }
    for account in &accounts {
        let roles: Vec<String> = account.role_names().collect();
        let locked = if account.is_locked { "  locked" } else { "" };
        let (roles, agencies) = (roles.join(" "), account.agencies.join(" "));
        output::text(&format!(
            "{:20} {:24} {roles}  {agencies}{locked}\n",
            account.name, account.person
        ));
    }
    Ok(())
}

fn document(account: &Account) -> serde_json::Value {
    let roles: Vec<String> = account.role_names().collect();
    json!({ "name": account.name, "person": account.person, "roles": roles,
            "agencies": account.agencies, "locked": account.is_locked })
}
