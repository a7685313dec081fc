//! Files as editors name them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use lsp_types::Uri;

/// What need not be written in hexadecimal.
const PLAIN: &[u8] = b"-._~/!$&'()*+,;=:@";

/// Returns the file that a URI names; none for anything but files.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let path = rest.get(rest.find('/')?..)?;
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// Returns the URI of a file.
pub(super) fn uri_of(path: &Path) -> Option<Uri> {
    let mut text = String::from("file://");
    for byte in path.to_str()?.bytes() {
        if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    Uri::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{path_of, uri_of};

    #[test]
    fn a_path_comes_back() {
        let path = Path::new("/laws of the city/§ 1 100%.law.md");
        let uri = uri_of(path).unwrap();
        assert_eq!(uri.as_str(), "file:///laws%20of%20the%20city/%C2%A7%201%20100%25.law.md");
        assert_eq!(path_of(&uri).unwrap(), path);
    }
}
