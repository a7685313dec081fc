//! How much of a paper is read at most.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a paper may cost; whatever is beyond is refused with a word on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The longest file, in bytes.
    pub bytes_max: usize,
    /// The most pages.
    pub pages_max: usize,
    /// The most objects in a PDF.
    pub objects_max: usize,
    /// The longest that one compressed stream may become, in bytes.
    pub stream_bytes_max: usize,
    /// The longest that all streams that are read may become together, in bytes.
    pub total_bytes_max: usize,
    /// The most fields of a form.
    pub fields_max: usize,
    /// The most memory of the process that reads, in bytes; only where it reads apart.
    pub memory_bytes_max: u64,
    /// The longest that reading may take.
    pub time_max: Duration,
    /// The program that reads scanned pages; empty for none.
    pub ocr_program: String,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes_max: 20 << 20,
            pages_max: 40,
            objects_max: 50_000,
            stream_bytes_max: 16 << 20,
            total_bytes_max: 64 << 20,
            fields_max: 2_000,
            memory_bytes_max: 1 << 30,
            time_max: Duration::from_secs(30),
            ocr_program: "tesseract".to_owned(),
        }
    }
}
