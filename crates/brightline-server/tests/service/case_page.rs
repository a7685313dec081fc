//! The page of a request: several acts on one form, and what a form that is refused shows again.

use axum::http::StatusCode;
use brightline_server::Role;

use crate::counter::{AGENCY, taken_in_with};
use crate::desk::{Caller, Desk, between};
use crate::text;

/// A request that was taken in, and somebody who looks at its page.
struct Open {
    desk: Desk,
    caller: Caller,
    place: String,
}

impl Open {
    async fn by(roles: &[Role]) -> Self {
        Self::of(AGENCY, roles).await
    }

    async fn of(agency: &str, roles: &[Role]) -> Self {
        let mut desk = Desk::open().await;
        let caller = desk.somebody("olga", roles, agency).await;
        let place = taken_in_with(&mut desk, &caller, &["I-247A", "I-247X"]).await;
        Self { desk, caller, place }
    }

    async fn page(&mut self) -> String {
        text(self.desk.get(&self.place, Some(&self.caller)).await).await
    }

    /// Sends a form of the page as it is now.
    async fn send(&mut self, form: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let page = self.page().await;
        let version = between(&page, "name=\"version\" value=\"", "\"").to_owned();
        self.send_seen(&version, form, fields).await
    }

    async fn send_seen(
        &mut self,
        version: &str,
        form: &str,
        fields: &[(&str, &str)],
    ) -> (StatusCode, String) {
        let token = self.caller.form_token.clone();
        let mut all = vec![("form_token", token.as_str()), ("version", version)];
        all.extend(fields);
        let path = format!("{}/{form}", self.place);
        let response = self.desk.post_form(&path, Some(&self.caller), &all).await;
        (response.status(), text(response).await)
    }
}

/// The acts of the form, by their names.
fn acts(page: &str) -> Vec<String> {
    let parts = page.split("type=\"radio\" id=\"did.").skip(1);
    let names = parts.filter_map(|it| it.split_once("-done\"").map(|(name, _)| name.to_owned()));
    let mut names: Vec<String> = names.filter(|it| !it.contains('"')).collect();
    names.dedup();
    names
}

#[tokio::test]
async fn what_was_done_with_several_acts_is_one_form() {
    let mut open = Open::by(&[Role::Officer]).await;
    let names = acts(&open.page().await);
    assert!(names.len() > 2, "{names:?}");
    let told: Vec<String> = names.iter().map(|it| format!("did.{it}")).collect();
    let common = [("how", "released"), ("when", "2025-01-20T18:00"), ("note", "At the gate.")];

    let none: Vec<_> = told.iter().map(|it| (it.as_str(), "later")).chain(common).collect();
    let (status, page) = open.send("acts", &none).await;
    assert_eq!(status, 422);
    assert!(page.contains("Choose for at least one of them whether it was done or not."));
    assert!(page.contains("value=\"released\"") && page.contains("At the gate.</textarea>"));

    let (first, rest) = told.split_first().expect("acts");
    let (last, between) = rest.split_last().expect("acts");
    let mut some = vec![(first.as_str(), "refrained"), (last.as_str(), "later")];
    some.extend(between.iter().map(|it| (it.as_str(), "done")).chain(common));
    let (status, page) = open.send("acts", &some).await;
    assert_eq!(status, 303, "{page}");
    let page = open.page().await;
    assert_eq!(acts(&page), [names[names.len() - 1].clone()], "one is left");
    assert_eq!(page.matches("It was recorded what was done").count(), told.len() - 1);
    assert_eq!(page.matches("Not done: released").count(), 1);
    assert!(page.contains("Departure:"), "what was done against the answer says so");
}

#[tokio::test]
async fn an_act_of_another_request_records_nothing_at_all() {
    let mut open = Open::by(&[Role::Officer]).await;
    let names = acts(&open.page().await);
    let own = format!("did.{}", names[0]);
    let fields = [
        (own.as_str(), "done"),
        ("did.no_act", "done"),
        ("how", "released"),
        ("when", "2025-01-20T18:00"),
    ];
    assert_eq!(open.send("acts", &fields).await.0, 422);
    assert!(open.page().await.contains("Nothing is recorded yet."));
}

/// The page with a form refused: what was typed stands there, the message at its field, and the
/// summary leads to the field.
fn require_shown_again(page: &str, typed: &[&str], (place, words): (&str, &str)) {
    for it in typed {
        assert!(page.contains(it), "{it}: {page}");
    }
    assert!(page.contains("<title>Error: "));
    assert!(page.contains(&format!("<a href=\"#{place}\">{words}</a>")), "{place}: {page}");
    assert!(page.contains(&format!("<p class=\"wrong\" id=\"{place}-wrong\">{words}</p>")));
    let field = between(page, &format!(" id=\"{place}\""), ">");
    assert!(field.contains(&format!("aria-invalid=\"true\" aria-describedby=\"{place}-wrong")));
}

#[tokio::test]
async fn what_was_typed_into_a_form_that_is_refused_stands_there_again() {
    let mut open = Open::by(&[Role::Supervisor, Role::Counsel]).await;
    let names = acts(&open.page().await);
    let did = format!("did.{}", names[0]);
    let fields = [(did.as_str(), "refrained"), ("how", " "), ("when", ""), ("note", "By <night>")];
    let (status, page) = open.send("acts", &fields).await;
    assert_eq!(status, 422);
    let again = ["By &#60;night&#62;</textarea>", "value=\"refrained\" checked"];
    require_shown_again(&page, &again, ("acts-how", "Say in a word what was done."));
    require_shown_again(&page, &[], ("acts-when", "Enter the day and the time when it was done."));

    let fields = [("act", names[1].as_str()), ("outcome", "permitted"), ("citation", "Opinion 7")];
    let (status, page) = open.send("decide", &fields).await;
    assert_eq!(status, 422);
    let again = ["value=\"Opinion 7\"", "<option value=\"permitted\" selected>"];
    let place = format!("decide-reason-{}", names[1]);
    require_shown_again(&page, &again, (&place, "Say why you decide so."));
    assert_eq!(page.matches("Opinion 7").count(), 1, "only the act's own form shows it");

    let (status, page) = open.send("assign", &[("to", "nobody"), ("note", "Knows them.")]).await;
    assert_eq!(status, 422);
    let again = ["Knows them.</textarea>"];
    require_shown_again(&page, &again, ("assign-to", "Choose somebody of the agency."));

    let task = between(&open.page().await, "name=\"task\" value=\"", "\"").to_owned();
    let task = task.replace("&#38;", "&").replace("&#39;", "'");
    let (status, page) = open.send("duties", &[("task", &task), ("evidence", "  ")]).await;
    assert_eq!(status, 422);
    assert!(page.contains("Say what shows that it was done."));
    let long = "x".repeat(5000);
    let (status, page) = open.send("duties", &[("task", &task), ("evidence", &long)]).await;
    assert_eq!(status, 422);
    assert!(page.contains(&long) && page.contains("This is longer than 4000 bytes."));

    assert_eq!(open.send("propose", &[]).await.0, 303);
    let (status, page) = open.send("send-back", &[("note", " ")]).await;
    assert_eq!(status, 422);
    require_shown_again(&page, &[], ("send_back-note", "Say what has to be done first."));
}

#[tokio::test]
async fn what_was_typed_is_shown_where_somebody_was_faster() {
    let mut open = Open::by(&[Role::Supervisor]).await;
    let fields = [("to", "olga"), ("note", "Knows the facility <well>.")];
    assert_eq!(open.send_seen("1", "assign", &fields).await.0, 412);
    let (_, page) = open.send_seen("1", "assign", &fields).await;
    assert!(page.contains("What you typed") && page.contains("Knows the facility &#60;well&#62;."));
}

#[tokio::test]
async fn a_duty_that_never_began_says_so_and_what_it_did_not_come_to_is_told_before_closing() {
    let mut open = Open::of("us-ca/county_sheriff", &[Role::Officer]).await;
    let page = open.page().await;
    assert!(page.contains("Give the same notice in writing"));
    let told: Vec<String> = acts(&page).iter().map(|it| format!("did.{it}")).collect();
    let mut fields: Vec<_> = told.iter().map(|it| (it.as_str(), "refrained")).collect();
    fields.extend([("how", "released"), ("when", "2025-01-20T18:00")]);
    assert_eq!(open.send("acts", &fields).await.0, 303);
    let page = open.page().await;
    let never = "Not due: it would begin with this, which was not done: Notify federal immigration";
    assert!(page.contains(never), "{page}");
    let perhaps = between(&page, "If it comes to that</h3>", "</section>").to_owned();
    assert!(!perhaps.contains("Give the same notice"));

    for _ in 0..10 {
        let page = open.page().await;
        let owed = page.split("If it comes to that</h3>").next().unwrap_or_default();
        if !owed.contains("name=\"task\"") {
            break;
        }
        let task = between(owed, "name=\"task\" value=\"", "\"").replace("&#38;", "&");
        let fields = [("task", task.as_str()), ("evidence", "receipt 12")];
        assert_eq!(open.send("duties", &fields).await.0, 303);
    }
    let page = open.page().await;
    assert!(page.contains("With this you record that it did not come to:"), "{page}");
    assert_eq!(open.send("close", &[("note", "")]).await.0, 303);
    let page = open.page().await;
    assert!(page.contains("Not due: when the request was closed, it had not come to that."));
    assert!(!page.contains("If it comes to that"));
}

#[tokio::test]
async fn who_decided_what_and_who_read_it_is_told_in_plain_words() {
    let mut open = Open::by(&[Role::Supervisor, Role::Counsel]).await;
    let page = open.page().await;
    assert!(page.contains("by 1 person</summary>"), "reading is told");
    let name = acts(&page).pop().expect("an act");
    let card = |page: &str| {
        let from = page.find("<article").unwrap_or(0);
        let at = page[from..].find(&format!("value=\"{name}\"")).unwrap_or(0) + from;
        page[from..at].rsplit("<article").next().unwrap_or_default().to_owned()
    };
    let was = between(&card(&page), "</svg> ", "</span>").to_owned();
    assert_eq!(was, "This law does not say");
    let fields = [
        ("act", name.as_str()),
        ("outcome", "prohibited"),
        ("reason", "No exception fits."),
        ("citation", "Opinion 7"),
    ];
    assert_eq!(open.send("decide", &fields).await.0, 303);
    let page = open.page().await;
    let said = " decided this: Not allowed. The rules do not say.</p>";
    assert!(page.contains(said) && page.contains("No exception fits. (Opinion 7)"), "{page}");

    let other = open.desk.somebody("rita", &[Role::Officer], AGENCY).await;
    let page = text(open.desk.get(&open.place, Some(&other)).await).await;
    assert!(between(&page, "<details id=\"reads\"><summary>", "<").ends_with(" by 2 people"));
}
