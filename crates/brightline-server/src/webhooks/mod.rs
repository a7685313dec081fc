//! Webhooks: other systems are told what happened, in order, each message signed.
//!
//! The conventions are those of Standard Webhooks: `webhook-id`, `webhook-timestamp` and
//! `webhook-signature`.
//! A message says that something happened in which case, and nothing about a person; whoever may
//! know more asks for the case.
//! A message may come twice; its number is the same then.

mod courier;
mod hooks;
mod message;

pub(crate) use courier::Courier;
pub(crate) use hooks::{Hook, NewHook};
