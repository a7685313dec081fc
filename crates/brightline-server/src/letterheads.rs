//! Where agencies are reached: as `office.toml` says, or as an administrator wrote it on the page.

use std::collections::BTreeMap;

use brightline_docket::{House, Letterhead, OfficeRules};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::accounts::{Accounts, Error};
use crate::problem::Problem;
use crate::service::Service;

/// A line of a letter's head is at most this long, in characters.
pub(crate) const LINE_LETTERS_MAX: usize = 100;
/// An address has at most this many lines.
pub(crate) const ADDRESS_LINES_MAX: usize = 6;

const COLUMNS: &str = "SELECT agency, name, address, contact, telephone, email, changed_at, \
                       changed_by FROM letterheads";

/// What an administrator wrote, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) head: Letterhead,
    /// In seconds since 1970.
    pub(crate) at: i64,
    /// The account.
    pub(crate) by: String,
}

/// Returns the letterhead that the settings give to this very agency: it stands whatever the page
/// says, as whoever has the machine put it there.
pub(crate) fn of_file<'r>(rules: &'r OfficeRules, agency: &str) -> Option<&'r Letterhead> {
    rules.letterhead(agency).filter(|it| it.agency == agency)
}

impl Service {
    /// Returns where an agency is reached: as the settings say of this very agency, else as the
    /// page does, else as the settings say of all.
    pub(crate) async fn letterhead(&self, agency: &str) -> Result<Option<Letterhead>, Problem> {
        let rules = self.office()?.rules();
        if let Some(head) = of_file(rules, agency) {
            return Ok(Some(head.clone()));
        }
        let written = self.accounts()?.letterhead(agency).await?.map(|it| it.head);
        Ok(written.or_else(|| rules.letterhead(agency).cloned()))
    }
}

impl Accounts {
    /// Returns what was written on the page, by agency.
    pub(crate) async fn letterheads(&self) -> Result<Vec<Written>, Error> {
        let query = format!("{COLUMNS} ORDER BY agency");
        let rows = sqlx::query(sqlx::AssertSqlSafe(query)).fetch_all(self.store().read()).await?;
        rows.iter().map(written).collect()
    }

    /// Returns what was written on the page for an agency.
    pub(crate) async fn letterhead(&self, agency: &str) -> Result<Option<Written>, Error> {
        let query = format!("{COLUMNS} WHERE agency = $1");
        let query = sqlx::query(sqlx::AssertSqlSafe(query)).bind(agency);
        let row = query.fetch_optional(self.store().read()).await?;
        row.as_ref().map(written).transpose()
    }

    /// Keeps where an agency is reached, from the next letter on; a head that says nothing is
    /// taken away. The log keeps what was written, and who wrote it.
    pub(crate) async fn write_letterhead(&self, head: &Letterhead, by: &str) -> Result<(), Error> {
        require_short(head)?;
        let mut writing = self.store().write().await?;
        let query = sqlx::query("DELETE FROM letterheads WHERE agency = $1");
        query.bind(head.agency.as_str()).execute(&mut *writing).await?;
        if !says_nothing(head) {
            let query = "INSERT INTO letterheads (agency, name, address, contact, telephone, \
                         email, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
            let inserted = sqlx::query(query)
                .bind(head.agency.as_str())
                .bind(head.name.as_str())
                .bind(head.address.join("\n"))
                .bind(head.contact.as_str())
                .bind(head.telephone.as_str())
                .bind(head.email.as_str())
                .bind(self.clock().seconds())
                .bind(by)
                .execute(&mut *writing)
                .await;
            inserted.map_err(|error| match Error::from(error) {
                taken if taken.is_conflict() => {
                    Error::conflict("somebody else changed it at the same moment")
                        .help("look at it, and change it again")
                }
                other => other,
            })?;
        }
        let noted = House::Noted { what: "letterhead changed".to_owned(), detail: detail(head) };
        self.write_lines(&mut writing, by, vec![noted]).await?;
        Ok(writing.commit().await?)
    }
}

fn written(row: &AnyRow) -> Result<Written, Error> {
    let address: String = row.try_get(2)?;
    Ok(Written {
        head: Letterhead {
            agency: row.try_get(0)?,
            name: row.try_get(1)?,
            address: address.lines().map(str::to_owned).collect(),
            contact: row.try_get(3)?,
            telephone: row.try_get(4)?,
            email: row.try_get(5)?,
        },
        at: row.try_get(6)?,
        by: row.try_get(7)?,
    })
}

fn says_nothing(head: &Letterhead) -> bool {
    head.name.is_empty() && head.address.is_empty() && head.reached().is_empty()
}

/// What the log says: all of it, so that a letter of any day can be told from a forged one.
fn detail(head: &Letterhead) -> BTreeMap<String, String> {
    let address = head.address.join("\n");
    let parts = [
        ("agency", &head.agency),
        ("name", &head.name),
        ("address", &address),
        ("contact", &head.contact),
        ("telephone", &head.telephone),
        ("email", &head.email),
    ];
    parts.into_iter().map(|(key, value)| (key.to_owned(), value.clone())).collect()
}

/// Refuses what would not fit the head of a letter.
fn require_short(head: &Letterhead) -> Result<(), Error> {
    let lines = [&head.name, &head.contact, &head.telephone, &head.email];
    let mut lines = lines.into_iter().chain(&head.address);
    let is_wrong =
        |it: &String| it.chars().count() > LINE_LETTERS_MAX || it.contains(char::is_control);
    if lines.any(is_wrong) {
        let message = format!("a line is longer than {LINE_LETTERS_MAX} characters");
        return Err(Error::conflict(message).help("shorten it, or part it in two"));
    }
    if head.address.len() > ADDRESS_LINES_MAX {
        let message = format!("the address has more than {ADDRESS_LINES_MAX} lines");
        return Err(Error::conflict(message).help("leave out what letters do not need"));
    }
    Ok(())
}
