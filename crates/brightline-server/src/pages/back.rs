//! The page to which somebody comes back after signing in again.

use serde::Deserialize;

/// A longer address is not taken back.
const LETTERS_MAX: usize = 400;

/// Where to go back to, as addresses and forms carry it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    pub(crate) to: String,
}

impl Back {
    /// Returns the page to go back to; the first page where the address is not one of ours.
    pub(crate) fn place(&self) -> String {
        place(&self.to).unwrap_or_else(|| "/".to_owned())
    }
}

/// Returns an address of this service that begins with a page, as a query carries it; empty for the
/// first page and for what is no page.
pub(crate) fn query(to: &str) -> String {
    match place(to) {
        Some(place) if place != "/" => {
            format!("?{}", serde_urlencoded::to_string([("to", place)]).unwrap_or_default())
        }
        _ => String::new(),
    }
}

fn place(to: &str) -> Option<String> {
    let is_plain = to.len() <= LETTERS_MAX && to.bytes().all(|it| it.is_ascii_graphic());
    let is_ours = to.starts_with('/') && !to.starts_with("//") && !to.contains('\\');
    if !is_plain || !is_ours {
        return None;
    }
    let (path, query) = to.split_once('?').map_or((to, ""), |(path, query)| (path, query));
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let place = match parts.as_slice() {
        ["sign-in" | "sign-out" | "locked" | "set-up" | "api", ..] => return None,
        ["requests", "read" | "filters", ..] => "/requests/new".to_owned(),
        // What is only posted to leads back to the request.
        ["requests", reference, last] if !matches!(*last, "interview" | "correct") => {
            format!("/requests/{reference}")
        }
        _ if query.is_empty() => path.to_owned(),
        _ => format!("{path}?{query}"),
    };
    Some(place)
}

#[cfg(test)]
mod tests {
    use super::{Back, query};

    fn place(to: &str) -> String {
        Back { to: to.to_owned() }.place()
    }

    #[test]
    fn only_pages_of_ours_are_gone_back_to() {
        assert_eq!(place("/requests/DOC-1?x=1"), "/requests/DOC-1?x=1");
        for foreign in ["https://example.test/", "//example.test", "/\\example.test", "x", ""] {
            assert_eq!(place(foreign), "/", "{foreign}");
        }
        for door in ["/sign-in", "/locked?to=/x", "/api/v1/cases", "/set-up/abc"] {
            assert_eq!(place(door), "/", "{door}");
        }
        assert_eq!(query("/requests?show=due"), "?to=%2Frequests%3Fshow%3Ddue");
        assert_eq!(query("/"), "");
    }

    #[test]
    fn what_is_only_posted_to_leads_to_its_page() {
        assert_eq!(place("/requests/DOC-1/acts"), "/requests/DOC-1");
        assert_eq!(place("/requests/DOC-1/interview?fact=x"), "/requests/DOC-1/interview?fact=x");
        assert_eq!(place("/requests/read"), "/requests/new");
    }
}
