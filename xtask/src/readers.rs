//! Programs and fonts that tests of papers and letters use: a second reader of PDF that also draws
//! pages, a reader of scans, fonts for every language of the notices. From Debian's packages.

use std::path::Path;

use crate::debian;

/// What shows that a package is there, and the package.
const WANTED: [(&str, &str); 4] = [
    ("/usr/bin/pdftoppm", "poppler-utils"),
    ("/usr/bin/tesseract", "tesseract-ocr"),
    ("/usr/share/fonts/truetype/noto", "fonts-noto-core"),
    ("/usr/share/fonts/opentype/noto", "fonts-noto-cjk"),
];

/// Installs what is missing.
///
/// # Errors
///
/// Names the packages that are missing and cannot be installed; the tests that need them say that
/// they were skipped.
pub fn install() -> Result<(), String> {
    let missing: Vec<&str> = WANTED
        .iter()
        .filter(|(path, _)| !Path::new(path).exists())
        .map(|(_, name)| *name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let told = |error: String| {
        let reason = error.lines().next().unwrap_or_default().to_owned();
        format!("{} ({reason})", missing.join(", "))
    };
    debian::install(&missing).map_err(told)
}
