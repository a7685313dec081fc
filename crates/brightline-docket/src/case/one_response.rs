//! A response that many hold: it stands in an entry, in the state of its case and in the answer to
//! the caller, and is never copied for that. It is written and read as a response is.

use std::sync::Arc;

use brightline_desk::Response;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) fn serialize<S: Serializer>(
    response: &Arc<Response>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    response.as_ref().serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Arc<Response>, D::Error> {
    Response::deserialize(deserializer).map(Arc::new)
}
