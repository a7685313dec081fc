//! Limits on what is read. A line may be of any length.

/// A file longer than this many bytes is not read.
pub const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Lines nested deeper than this are not read, nor are conditions within conditions.
pub const NESTING_DEPTH_MAX: usize = 32;

/// Spaces per level of an outline.
pub const INDENT_SPACES: usize = 2;
