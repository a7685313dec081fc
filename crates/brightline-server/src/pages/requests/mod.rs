//! Requests: taken in, listed, looked for, shown, acted on.

mod act;
mod again;
mod case;
mod duty;
mod filter;
mod find;
mod letter;
mod list;
mod new;
mod picture;
mod read;

pub(super) use act::{assign, close, decide, duty, propose, record, reopen, send_back, sign};
pub(super) use case::case;
pub(super) use filter::{remove as remove_filter, save as save_filter};
pub(super) use find::{find, look};
pub(super) use letter::{letter, preview};
pub(super) use list::{Row, list, queue, row};
pub(super) use new::{agency_words, new, receive};
pub(super) use picture::picture;
pub(super) use read::read;
