//! The page of the people, as an administrator uses it.

use brightline_server::Role;

use crate::desk::{Caller, Desk, between};
use crate::text;

async fn invite(desk: &mut Desk, admin: &Caller, fields: &[(&str, &str)]) -> (u16, String) {
    let token = ("form_token", admin.form_token.as_str());
    let all: Vec<(&str, &str)> = [token].into_iter().chain(fields.iter().copied()).collect();
    let response = desk.post_form("/people", Some(admin), &all).await;
    (response.status().as_u16(), text(response).await)
}

#[tokio::test]
async fn agencies_of_one_name_are_told_apart_by_their_place() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let page = text(desk.get("/people", Some(&admin)).await).await;
    let of_city = between(&page, "<option value=\"us-ny-nyc/doc\">", "</option>");
    let of_state = between(&page, "<option value=\"us-ma/department_of_correction\">", "</option>");
    assert_eq!(of_city, "The Department of Correction, City of New York");
    assert_eq!(of_state, "The Department of Correction, Commonwealth of Massachusetts");
}

#[tokio::test]
async fn whoever_made_a_link_is_told_for_whom_as_what_and_for_which_agency() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let fields = [
        ("person", "Olga Officer"),
        ("name", "olga"),
        ("role", "officer"),
        ("role", "records_officer"),
        ("agency", "us-ny-nyc/doc"),
    ];
    let (status, page) = invite(&mut desk, &admin, &fields).await;
    assert_eq!(status, 201);
    let notice = between(&page, "<div class=\"notice\" role=\"status\">", "</div>");
    let said = ["A link for Olga Officer", "<dd>olga</dd>", "<dd>officer, records officer</dd>"];
    for part in said.into_iter().chain(["<dd>The Department of Correction, City of New York</dd>"])
    {
        assert!(notice.contains(part), "{part} in: {notice}");
    }
    let form = between(&page, "<form method=\"post\" action=\"/people\"", "</form>");
    assert!(form.contains("<option value=\"us-ny-nyc/doc\" selected>"), "the next is of it, too");
    assert!(!form.contains(" checked") && !form.contains("Olga"), "{form}");
}
