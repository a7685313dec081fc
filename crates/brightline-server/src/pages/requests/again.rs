//! A form of the case page that was refused: what was typed into it, and what is wrong with it.

use crate::pages::sent::Sent;

/// Something that is wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// The field, by its name; empty: none in particular.
    pub(super) field: String,
    /// A sentence.
    pub(super) words: String,
}

impl Wrong {
    pub(super) fn new(field: &str, words: String) -> Self {
        Self { field: field.to_owned(), words }
    }
}

/// A form that was refused, as the page shows it again; the default is that none was.
#[derive(Debug, Clone, Default)]
pub(super) struct Again {
    /// The form, by its name.
    form: &'static str,
    /// Of which act or duty it is, where there is one form for each; else empty.
    of: String,
    wrong: Vec<Wrong>,
    sent: Sent,
}

impl Again {
    pub(super) fn new((form, of): (&'static str, &str), wrong: Vec<Wrong>, sent: Sent) -> Self {
        Self { form, of: of.to_owned(), wrong, sent }
    }

    /// Returns whether nothing was refused.
    pub(super) fn is_empty(&self) -> bool {
        self.wrong.is_empty()
    }

    /// Returns every mistake.
    pub(super) fn all(&self) -> &[Wrong] {
        &self.wrong
    }

    /// Returns what one form shows again; nothing where it is not the one that was refused.
    pub(super) fn form<'a>(&'a self, form: &'a str, of: &'a str) -> Form<'a> {
        let is_this = !self.is_empty() && self.form == form && self.of == of;
        Form { form, of, again: is_this.then_some(self) }
    }

    /// Returns the place of a field on the page: where the summary of mistakes leads.
    pub(super) fn place(&self, field: &str) -> String {
        place(self.form, &self.of, field)
    }
}

/// The place of a field on the page. A duty has marks in its name that no address can hold.
fn place(form: &str, of: &str, field: &str) -> String {
    let plain = |it: char| if it.is_ascii_alphanumeric() { it } else { '_' };
    let of: String = of.chars().map(plain).collect();
    match of.is_empty() {
        true => format!("{form}-{field}"),
        false => format!("{form}-{field}-{of}"),
    }
}

/// One form of the page, with what was typed into it if it was refused.
pub(super) struct Form<'a> {
    form: &'a str,
    of: &'a str,
    again: Option<&'a Again>,
}

impl Form<'_> {
    /// Returns the place of a field on the page.
    pub(super) fn place(&self, field: &str) -> String {
        place(self.form, self.of, field)
    }

    /// Returns whether it was refused.
    pub(super) fn is_refused(&self) -> bool {
        self.again.is_some()
    }

    /// Returns what was typed into a field.
    pub(super) fn typed(&self, field: &str) -> &str {
        self.again.map_or("", |it| it.sent.one(field))
    }

    /// Returns what was typed into a field, or what stands in it at first.
    pub(super) fn typed_or<'t>(&'t self, field: &str, first: &'t str) -> &'t str {
        self.again.map_or(first, |it| it.sent.one(field))
    }

    /// Returns what is wrong with a field; nothing: nothing.
    pub(super) fn wrong(&self, field: &str) -> Option<&str> {
        let wrong = self.again.iter().flat_map(|it| &it.wrong).find(|it| it.field == field);
        wrong.map(|it| it.words.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_form_that_was_refused_shows_what_was_typed() {
        let sent = Sent::of(vec![("reason".into(), "No exception fits.".into())]);
        let wrong = vec![Wrong::new("citation", "Say on what you rest it.".into())];
        let again = Again::new(("decide", "keep"), wrong, sent);
        let form = again.form("decide", "keep");
        assert_eq!((form.is_refused(), form.typed("reason")), (true, "No exception fits."));
        assert_eq!(form.wrong("citation"), Some("Say on what you rest it."));
        assert_eq!(form.wrong("reason"), None);
        let other = again.form("decide", "tell");
        assert_eq!((other.is_refused(), other.typed("reason")), (false, ""));
        assert_eq!(other.typed_or("reason", "first"), "first");
        assert_eq!(again.place("citation"), "decide-citation-keep");
    }

    #[test]
    fn the_place_of_a_field_can_stand_in_an_address() {
        assert_eq!(
            place("duties", "zz/9(c)#give_copy", "evidence"),
            "duties-evidence-zz_9_c__give_copy"
        );
        assert!(Again::default().form("acts", "").wrong("how").is_none());
    }
}
