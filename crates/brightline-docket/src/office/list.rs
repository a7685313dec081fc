//! Lists of cases and tasks, a page at a time: fast at any length, and no personal data.

use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::Office;
use super::summary::NEVER;
use crate::case::Actor;
use crate::error::Error;
use crate::store::Slot;

/// Cases of one page.
const PAGE_MAX: u32 = 200;

/// In which order cases are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// What is due first; what is not due at all, last.
    #[default]
    Due,
    /// The newest first.
    Received,
}

/// Which cases are listed; what is left out does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// One agency, as `jurisdiction/agency`; left out: all that the actor may see.
    pub agency: Option<String>,
    /// Where they stand, by the name of the stage.
    pub stage: Option<String>,
    /// Only those in which something is left to do.
    pub open_only: bool,
    /// An act among theirs.
    pub act: Option<String>,
    /// Where the person is, or where the agents are.
    pub facility: Option<String>,
    /// Who sees to them.
    pub assigned: Option<String>,
    /// How the reference begins.
    pub reference: Option<String>,
    /// Due before this instant, in microseconds since 1970 in UTC.
    pub due_before: Option<i64>,
    /// Only those with a departure.
    pub departures_only: bool,
    /// The order.
    pub order: Order,
    /// How many; at most 200, and 50 where it is 0.
    pub limit: u32,
}

/// Where a page ended, to go on from there; its text is opaque.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    key: i64,
    id: i64,
}

impl Cursor {
    /// Reads the text of [`Cursor::to_text`].
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let parsed = text.split_once('.').and_then(|(key, id)| {
            let number = |it: &str| i64::from_str_radix(it, 36).ok();
            Some(Self { key: number(key)?, id: number(id)? })
        });
        parsed.ok_or_else(|| Error::invalid("cursor", "this is no place in a list"))
    }

    /// Returns the text that stands for it in a link.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}.{}", base36(self.key), base36(self.id))
    }
}

fn base36(number: i64) -> String {
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    loop {
        let digit = u32::try_from(rest % 36).unwrap_or(0);
        digits.push(char::from_digit(digit, 36).unwrap_or('0'));
        rest /= 36;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        digits.push('-');
    }
    digits.iter().rev().collect()
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one begins, if there is more.
    pub next: Option<Cursor>,
}

/// A case as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseSummary {
    /// The reference.
    pub reference: String,
    /// The agency, as `jurisdiction/agency`.
    pub agency: String,
    /// How many changes there were.
    pub version: u64,
    /// Where it stands.
    pub stage: String,
    /// When it arrived, in microseconds since 1970 in UTC.
    pub received_at: i64,
    /// When it last changed.
    pub changed_at: i64,
    /// When the next task is due, or the clock of the case ends.
    pub due_at: Option<i64>,
    /// It is the clock of the case that ends then, and no task that is due.
    pub is_clock: bool,
    /// How it came.
    pub channel: String,
    /// Where the person is, or where the agents are.
    pub facility: String,
    /// Who sees to it.
    pub assigned: String,
    /// Each act with its outcome.
    pub acts: Vec<(String, String)>,
    /// How many facts can still change an answer.
    pub open_facts: u64,
    /// How many acts departed from the determination.
    pub departures: u64,
}

/// A task as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskSummary {
    /// The case.
    pub reference: String,
    /// The agency, as `jurisdiction/agency`.
    pub agency: String,
    /// The task.
    pub task: String,
    /// Who sees to it.
    pub owner: String,
    /// When it is due, in microseconds since 1970 in UTC.
    pub due_at: Option<i64>,
    /// It was brought before somebody.
    pub is_escalated: bool,
}

const COLUMNS: &str = "c.id, c.reference, c.agency, c.version, c.stage, c.received_at, \
     c.changed_at, c.due_at, c.channel, c.facility, c.assigned, c.acts, c.open_facts, \
     c.departures, \
     (SELECT MIN(t.due_at) FROM tasks t WHERE t.case_id = c.id AND t.stage = 'open')";

/// Statement text with its values, numbered as they come.
#[derive(Default)]
struct Sql {
    text: String,
    slots: Vec<Slot>,
}

impl Sql {
    /// Adds text, in which each `?` is the place of one value.
    fn add<const N: usize>(&mut self, text: &str, slots: [Slot; N]) {
        let mut slots = slots.into_iter();
        for piece in text.split_inclusive('?') {
            match piece.strip_suffix('?') {
                Some(before) => {
                    self.slots.extend(slots.next());
                    self.text.push_str(&format!("{before}${}", self.slots.len()));
                }
                None => self.text.push_str(piece),
            }
        }
    }

    async fn rows(self, office: &Office) -> Result<Vec<AnyRow>, Error> {
        let mut query = sqlx::query(AssertSqlSafe(self.text));
        for slot in self.slots {
            query = match slot {
                Slot::Number(it) => query.bind(it),
                Slot::Text(it) => query.bind(it),
                Slot::Bytes(it) => query.bind(it),
            };
        }
        Ok(query.fetch_all(office.store().read()).await?)
    }
}

impl Office {
    /// Lists cases that the actor may see; nothing of this is personal data.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &Filter,
        after: Option<&Cursor>,
    ) -> Result<Page<CaseSummary>, Error> {
        let limit = if filter.limit == 0 { 50 } else { filter.limit.min(PAGE_MAX) };
        let way = match &filter.reference {
            Some(start) if self.are_few(start).await? => Way::References,
            _ => Way::Order,
        };
        let mut found: Vec<(i64, i64, CaseSummary)> = Vec::new();
        for agency in self.agencies_of(actor, filter.agency.as_deref()).await? {
            let sql = select((&agency, way), filter, after, i64::from(limit) + 1);
            for row in sql.rows(self).await? {
                let summary = summary(&row)?;
                let key = match filter.order {
                    Order::Due => row.try_get(7)?,
                    Order::Received => summary.received_at,
                };
                found.push((key, row.try_get(0)?, summary));
            }
        }
        found.sort_by_key(|(key, id, _)| (*key, *id));
        if filter.order == Order::Received {
            found.reverse();
        }
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let next = found.last().filter(|_| more).map(|(key, id, _)| Cursor { key: *key, id: *id });
        Ok(Page { items: found.into_iter().map(|it| it.2).collect(), next })
    }

    /// Returns whether few references begin so.
    async fn are_few(&self, start: &str) -> Result<bool, Error> {
        let mut sql = Sql::default();
        let range = [start.into(), after_all(start).into(), (FEW_MAX + 1).into()];
        sql.add(
            "SELECT COUNT(*) FROM \
             (SELECT 1 FROM cases WHERE reference >= ? AND reference < ? LIMIT ?) few",
            range,
        );
        let rows = sql.rows(self).await?;
        let count = rows.first().map_or(Ok(0), |row| row.try_get::<i64, _>(0))?;
        Ok(count <= FEW_MAX)
    }

    /// Lists open tasks that the actor may see, what is due first.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn tasks(
        &self,
        actor: &Actor,
        owner: Option<&str>,
        due_before: Option<i64>,
    ) -> Result<Vec<TaskSummary>, Error> {
        let mut tasks = Vec::new();
        for agency in self.agencies_of(actor, None).await? {
            let mut sql = Sql::default();
            sql.add(
                "SELECT c.reference, t.agency, t.task, t.owner, t.due_at, t.escalated FROM tasks t \
                 JOIN cases c ON c.id = t.case_id \
                 WHERE t.agency = ? AND t.stage = 'open' AND t.due_at < ?",
                [agency.into(), due_before.unwrap_or(NEVER).into()],
            );
            if let Some(owner) = owner {
                sql.add(" AND t.owner = ?", [owner.into()]);
            }
            sql.add(" ORDER BY t.due_at, t.case_id LIMIT ?", [i64::from(PAGE_MAX).into()]);
            for row in sql.rows(self).await? {
                let due_at = row.try_get::<i64, _>(4)?;
                tasks.push(TaskSummary {
                    reference: row.try_get(0)?,
                    agency: row.try_get(1)?,
                    task: row.try_get(2)?,
                    owner: row.try_get(3)?,
                    due_at: (due_at != NEVER).then_some(due_at),
                    is_escalated: row.try_get::<i64, _>(5)? != 0,
                });
            }
        }
        tasks.sort_by_key(|task| task.due_at.unwrap_or(NEVER));
        Ok(tasks)
    }

    /// The agencies to look in: those of the actor, narrowed to one where one is named.
    pub(super) async fn agencies_of(
        &self,
        actor: &Actor,
        only: Option<&str>,
    ) -> Result<Vec<String>, Error> {
        if let Some(only) = only {
            let sees = actor.sees(only);
            return Ok(sees.then(|| only.to_owned()).into_iter().collect());
        }
        if !actor.agencies.contains("*") {
            return Ok(actor.agencies.iter().cloned().collect());
        }
        // From name to name in the index: a list of all distinct values would read every case.
        let mut agencies: Vec<String> = Vec::new();
        loop {
            let last = agencies.last().cloned().unwrap_or_default();
            let mut sql = Sql::default();
            sql.add(
                "SELECT agency FROM cases WHERE agency > ? ORDER BY agency LIMIT 1",
                [last.into()],
            );
            match sql.rows(self).await?.first() {
                Some(row) => agencies.push(row.try_get(0)?),
                None => return Ok(agencies),
            }
        }
    }
}

/// How the cases of a list are come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// In the order asked for, until a page is full.
    Order,
    /// By their references, and then put in order.
    References,
}

/// So many cases are put in order by themselves.
const FEW_MAX: i64 = 1000;

/// What follows on all that begins so.
fn after_all(start: &str) -> String {
    format!("{start}~")
}

fn select((agency, way): (&str, Way), filter: &Filter, after: Option<&Cursor>, limit: i64) -> Sql {
    let mut sql = Sql::default();
    let is_received = way == Way::Order && filter.order == Order::Received;
    let by_act = filter.act.as_ref().filter(|_| is_received);
    if let Some(act) = by_act {
        sql.add(
            &format!(
                "SELECT {COLUMNS} FROM case_acts a JOIN cases c ON c.id = a.case_id \
                 WHERE a.agency = ? AND a.act = ?"
            ),
            [agency.into(), act.as_str().into()],
        );
    } else {
        // An agency that is not named as such keeps SQLite from walking in the order asked for past
        // every case that is not meant: all orders begin with the agency.
        let own = match way {
            Way::Order => "c.agency",
            Way::References => "c.agency || ''",
        };
        sql.add(&format!("SELECT {COLUMNS} FROM cases c WHERE {own} = ?"), [agency.into()]);
        if let Some(act) = &filter.act {
            sql.add(
                " AND EXISTS (SELECT 1 FROM case_acts a WHERE a.case_id = c.id AND a.act = ?)",
                [act.as_str().into()],
            );
        }
    }
    if filter.open_only {
        sql.add(" AND c.is_open = 1", []);
    }
    let texts = [
        (" AND c.stage = ?", &filter.stage),
        (" AND c.facility = ?", &filter.facility),
        (" AND c.assigned = ?", &filter.assigned),
    ];
    for (text, value) in texts {
        if let Some(value) = value {
            sql.add(text, [value.as_str().into()]);
        }
    }
    if let Some(start) = &filter.reference {
        let range = [start.as_str().into(), after_all(start).into()];
        sql.add(" AND c.reference >= ? AND c.reference < ?", range);
    }
    if let Some(before) = filter.due_before {
        sql.add(" AND c.due_at < ?", [before.into()]);
    }
    if filter.departures_only {
        sql.add(" AND c.departures > 0", []);
    }
    in_order(&mut sql, filter.order, by_act.is_some(), after);
    sql.add(" LIMIT ?", [limit.into()]);
    sql
}

fn in_order(sql: &mut Sql, order: Order, by_act: bool, after: Option<&Cursor>) {
    let (key, id) = match (order, by_act) {
        (Order::Due, _) => ("c.due_at", "c.id"),
        (Order::Received, false) => ("c.received_at", "c.id"),
        (Order::Received, true) => ("a.received_at", "a.case_id"),
    };
    let (sign, way) = match order {
        Order::Due => (">", ""),
        Order::Received => ("<", " DESC"),
    };
    if let Some(after) = after {
        sql.add(&format!(" AND ({key}, {id}) {sign} (?, ?)"), [after.key.into(), after.id.into()]);
    }
    sql.add(&format!(" ORDER BY {key}{way}, {id}{way}"), []);
}

pub(super) fn columns() -> &'static str {
    COLUMNS
}

pub(super) fn summary(row: &AnyRow) -> Result<CaseSummary, Error> {
    let acts: String = row.try_get(11)?;
    let pair = |it: &str| it.split_once('=').map(|(act, out)| (act.to_owned(), out.to_owned()));
    let due_at = row.try_get::<i64, _>(7)?;
    let task_due_at = row.try_get::<Option<i64>, _>(14)?;
    Ok(CaseSummary {
        is_clock: due_at < task_due_at.unwrap_or(NEVER),
        reference: row.try_get(1)?,
        agency: row.try_get(2)?,
        version: row.try_get::<i64, _>(3)?.unsigned_abs(),
        stage: row.try_get(4)?,
        received_at: row.try_get(5)?,
        changed_at: row.try_get(6)?,
        due_at: (due_at != NEVER).then_some(due_at),
        channel: row.try_get(8)?,
        facility: row.try_get(9)?,
        assigned: row.try_get(10)?,
        acts: acts.split(' ').filter_map(pair).collect(),
        open_facts: row.try_get::<i64, _>(12)?.unsigned_abs(),
        departures: row.try_get::<i64, _>(13)?.unsigned_abs(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Filter, Order, Way, select};

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is_one() {
        let cursor = Cursor { key: i64::MAX, id: 0 };
        assert_eq!(Cursor::parse(&cursor.to_text()).unwrap(), cursor);
        for text in ["", "1", "1.", "x y.2", "1.2.3"] {
            assert!(Cursor::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn values_are_numbered_as_they_come() {
        let act = Some("lend".to_owned());
        let filter = Filter { act, stage: Some("open".into()), ..Filter::default() };
        let after = Cursor { key: 1, id: 2 };
        let own = ("zz/library", Way::Order);
        let sql = select(own, &filter, Some(&after), 51);
        assert!(sql.text.contains("c.agency = $1"), "{}", sql.text);
        assert!(sql.text.ends_with("(c.due_at, c.id) > ($4, $5) ORDER BY c.due_at, c.id LIMIT $6"));
        assert_eq!(sql.slots.len(), 6);
        let newest = Filter { order: Order::Received, ..filter };
        assert!(select(own, &newest, None, 51).text.contains("FROM case_acts a"));
        let few = select(("zz/library", Way::References), &newest, None, 51);
        assert!(few.text.contains("FROM cases c WHERE c.agency || '' = $1"), "{}", few.text);
    }
}
