//! What a database says when it cannot work, in words for whoever runs it.

use sqlx::error::DatabaseError;

/// SQLSTATE has five characters; SQLite's numbers are shorter.
const SQLSTATE_BYTES: usize = 5;

/// The last byte of SQLite's number says what kind of error it is.
fn sqlite(found: &dyn DatabaseError) -> Option<u32> {
    let code = found.code()?;
    let number = (code.len() < SQLSTATE_BYTES).then(|| code.parse::<u32>().ok())?;
    number.map(|number| number & 0xff)
}

fn postgres(found: &dyn DatabaseError) -> Option<String> {
    found.code().filter(|code| code.len() == SQLSTATE_BYTES).map(|code| code.into_owned())
}

/// Returns whether the database says that what it holds is damaged.
pub(crate) fn is_damage(found: &dyn DatabaseError) -> bool {
    matches!(sqlite(found), Some(11 | 26))
        || matches!(postgres(found).as_deref(), Some("XX001" | "XX002"))
}

/// Returns whether a commit failed before anything of it was written for good: SQLite found no room
/// for it, may not write, or another process holds the file.
pub(crate) fn is_before_commit(error: &sqlx::Error) -> bool {
    let found = error.as_database_error();
    matches!(found.and_then(sqlite), Some(5 | 8 | 13))
}

/// Returns what can be done, where the error is one of the disk, of the way to the database or of
/// another process.
pub(crate) fn help(error: &sqlx::Error) -> Option<&'static str> {
    let sqlx::Error::Database(found) = error else {
        let is_unreached = matches!(
            error,
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Protocol(_)
        );
        return is_unreached.then_some(
            "the database cannot be reached; when it is back, the work goes on by itself",
        );
    };
    if let Some(state) = postgres(found.as_ref()) {
        return match state.as_str() {
            "53100" => Some("the disk of the database is full; make room, and the work goes on"),
            "53300" => Some("the database has no connection left; see who holds them"),
            "25006" => Some("the database is read-only: a standby, or set so"),
            "57P01" | "57P02" | "57P03" => {
                Some("the database is being stopped or started; try again in a few seconds")
            }
            _ => None,
        };
    }
    let by_number = match sqlite(found.as_ref())? {
        5 | 6 => "another process holds the file for too long; see which one",
        8 => "the disk or the file is read-only, or belongs to another account",
        10 => "the disk does not do what it is told; see the log of the machine",
        13 => "the disk is full; make room, and the work goes on by itself",
        14 => "the file or its folder cannot be opened: missing, read-only, or another account's",
        _ => return None,
    };
    Some(by_number)
}
