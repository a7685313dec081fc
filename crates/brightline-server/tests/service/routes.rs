//! One file a resource, as the addresses are.

mod bulk;
mod bulk_arrow;
mod decide;
mod openapi;
