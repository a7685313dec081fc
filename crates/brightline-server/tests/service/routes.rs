//! One file a resource, as the addresses are.

mod bulk;
mod decide;
mod openapi;
