//! L2xx: the law as a whole.

use super::Code;

/// The codes of this group.
pub(super) const CODES: &[Code] = &[];
