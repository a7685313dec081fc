//! Papers made by the tests, read back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod apart;
mod fixtures;
mod forms;
mod hostile;
mod letters;
mod mail;
mod scan;
mod texts;
