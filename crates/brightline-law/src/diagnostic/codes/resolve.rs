//! L1xx: names, types and references.

use super::Code;

/// The codes of this group.
pub(super) const CODES: &[Code] = &[];
