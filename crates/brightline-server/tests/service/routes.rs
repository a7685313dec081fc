//! One file a resource, as the addresses are.

mod decide;
mod openapi;
