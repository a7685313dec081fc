//! The page of the people, as an administrator uses it.

use brightline_server::Role;

use crate::desk::{Caller, Desk, PASSWORD, between};
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

/// Presses a button of the page about an account.
async fn press(
    desk: &mut Desk,
    admin: &Caller,
    (what, name): (&str, &str),
    fields: &[(&str, &str)],
) -> (u16, String) {
    let all: Vec<(&str, &str)> =
        [("do", what), ("name", name)].into_iter().chain(fields.iter().copied()).collect();
    invite(desk, admin, &all).await
}

async fn is_signed_in(desk: &mut Desk, caller: &Caller) -> bool {
    desk.get("/api/v1/account", Some(caller)).await.status() == 200
}

fn notice(page: &str) -> &str {
    between(page, "<div class=\"notice\" role=\"status\">", "</div>")
}

#[tokio::test]
async fn an_account_is_locked_and_released_on_the_page_and_the_log_tells_by_whom() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let officer = desk.somebody("olga", &[Role::Officer], "us-ny-nyc/doc").await;
    let (status, page) = press(&mut desk, &admin, ("lock", "olga"), &[]).await;
    assert_eq!(status, 200);
    assert!(notice(&page).contains("Some One (olga) is signed out"), "{}", notice(&page));
    assert!(page.contains("<details open><summary>Change the account of Some One (olga)"));
    assert!(page.contains("value=\"release\">Release olga</button>"));
    assert!(!is_signed_in(&mut desk, &officer).await);
    assert!(page.contains("<a href=\"#of-olga\">Some One (olga)</a>"), "it is told at the top");
    let (status, page) = press(&mut desk, &admin, ("release", "olga"), &[]).await;
    assert_eq!(status, 200);
    assert!(!page.contains("#of-olga"));
    assert!(notice(&page).contains("Some One (olga) can sign in again."));
    assert!(page.contains("value=\"lock\">Lock olga</button>"));
    desk.sign_in_again("olga").await;
    let events = text(desk.get("/api/v1/account-events", Some(&admin)).await).await;
    for what in ["locked", "released"] {
        let told = format!("\"by\":\"admin\",\"account\":\"olga\",\"what\":\"{what}\"");
        assert!(events.contains(&told), "{told} in: {events}");
    }
    let (status, _) = press(&mut desk, &admin, ("lock", "nobody"), &[]).await;
    assert_eq!(status, 404);
    let (status, page) = press(&mut desk, &admin, ("burn", "olga"), &[]).await;
    assert_eq!(status, 422);
    assert!(page.contains("Nothing was changed"));
}

#[tokio::test]
async fn five_failed_tries_are_released_on_the_page() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    desk.person("olga", &[Role::Officer], "us-ny-nyc/doc").await;
    for _ in 0..5 {
        let wrong = [("name", "olga"), ("password", "a wrong password"), ("code", "000000")];
        desk.post_form("/sign-in", None, &wrong).await;
    }
    let page = text(desk.get("/people", Some(&admin)).await).await;
    assert!(page.contains("<strong class=\"late\">Locked</strong>"));
    assert_eq!(press(&mut desk, &admin, ("release", "olga"), &[]).await.0, 200);
    desk.sign_in_again("olga").await;
}

#[tokio::test]
async fn roles_and_agencies_are_changed_on_the_page() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let officer = desk.somebody("olga", &[Role::Officer], "us-ny-nyc/doc").await;
    let fields = [
        ("role", "officer"),
        ("role", "supervisor"),
        ("agency", "us-ny-nyc/doc"),
        ("more", "the department of correction, commonwealth of massachusetts"),
    ];
    let (status, page) = press(&mut desk, &admin, ("roles", "olga"), &fields).await;
    assert_eq!(status, 200, "{page}");
    assert!(notice(&page).contains("Some One (olga) from now on: officer, supervisor. For: "));
    let own = text(desk.get("/api/v1/account", Some(&officer)).await).await;
    assert!(own.contains("\"roles\":[\"officer\",\"supervisor\"]"), "{own}");
    assert!(own.contains("[\"us-ma/department_of_correction\",\"us-ny-nyc/doc\"]"), "{own}");
    for (wrong, why) in [
        (&[("role", "officer")][..], "Choose the agency for which the person works."),
        (&[("agency", "us-ny-nyc/doc")][..], "Choose what the person may do."),
        (&[("role", "officer"), ("more", "The Moon")][..], "There is no agency “The Moon”."),
    ] {
        let (status, page) = press(&mut desk, &admin, ("roles", "olga"), wrong).await;
        assert_eq!(status, 422);
        assert!(page.contains(why), "{why} in: {page}");
        assert!(page.contains("<details open><summary>Change the account of Some One (olga)"));
    }
    let again = text(desk.get("/api/v1/account", Some(&officer)).await).await;
    assert_eq!(own, again, "nothing was changed by what was wrong");
}

#[tokio::test]
async fn findings_that_somebody_makes_stay_when_roles_change() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let officer = desk.somebody("olga", &[Role::Officer], "us-ny-nyc/doc").await;
    let roles = r#"{"roles": ["officer", "custody_officer"], "agencies": ["us-ny-nyc/doc"]}"#;
    let changed = desk.post("/api/v1/accounts/olga/roles", &admin, roles).await;
    assert_eq!(changed.status(), 204);
    let fields = [("role", "supervisor"), ("agency", "us-ny-nyc/doc")];
    assert_eq!(press(&mut desk, &admin, ("roles", "olga"), &fields).await.0, 200);
    let own = text(desk.get("/api/v1/account", Some(&officer)).await).await;
    assert!(own.contains("\"roles\":[\"supervisor\",\"custody_officer\"]"), "{own}");
}

#[tokio::test]
async fn no_administrator_locks_herself_out_or_takes_the_last_one_away() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let page = text(desk.get("/people", Some(&admin)).await).await;
    assert!(page.contains("You cannot lock your own account"));
    assert!(!page.contains("value=\"lock\"") && !page.contains("value=\"reset\""));
    for what in ["lock", "reset"] {
        let (status, page) = press(&mut desk, &admin, (what, "admin"), &[]).await;
        assert_eq!(status, 422);
        let why = "Nobody can lock or reset the own account. Another administrator can.";
        assert!(page.contains(why), "{page}");
        let path = format!("/api/v1/accounts/admin/{what}");
        assert_eq!(desk.post(&path, &admin, "").await.status(), 409);
    }
    let auditor = [("role", "auditor")];
    let (status, page) = press(&mut desk, &admin, ("roles", "admin"), &auditor).await;
    assert_eq!(status, 422);
    assert!(page.contains("Nobody would be left who can manage accounts."), "{page}");
    let other = desk.somebody("other", &[Role::Administrator], "").await;
    assert_eq!(press(&mut desk, &other, ("lock", "admin"), &[]).await.0, 200);
    let (status, _) = press(&mut desk, &other, ("roles", "other"), &auditor).await;
    assert_eq!(status, 422, "whoever is locked is not left");
    assert_eq!(press(&mut desk, &other, ("release", "admin"), &[]).await.0, 200);
    let (status, _) = press(&mut desk, &other, ("roles", "other"), &auditor).await;
    assert_eq!(status, 200, "somebody else is left");
    desk.accounts.lock("admin", "command line").await.expect("whoever has the machine may");
}

#[tokio::test]
async fn a_new_link_voids_the_old_password_even_if_the_account_is_released() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let person = desk.person("olga", &[Role::Officer], "us-ny-nyc/doc").await;
    let (status, page) = press(&mut desk, &admin, ("reset", "olga"), &[]).await;
    assert_eq!(status, 201);
    assert!(notice(&page).contains("<dd>The Department of Correction, City of New York</dd>"));
    assert!(page.contains("Needs a new password"));
    let first = between(&page, "class=\"key-link\" href=\"/set-up/", "\"").to_owned();
    assert_eq!(press(&mut desk, &admin, ("release", "olga"), &[]).await.0, 200);
    let code = desk.code(&person.seed);
    let fields = [("name", "olga"), ("password", PASSWORD), ("code", &code)];
    let response = desk.post_form("/sign-in", None, &fields).await;
    assert_eq!(response.status(), 422, "what was lost opens nothing");
    let (_, page) = press(&mut desk, &admin, ("reset", "olga"), &[]).await;
    let second = between(&page, "class=\"key-link\" href=\"/set-up/", "\"").to_owned();
    assert_eq!(desk.get(&format!("/set-up/{first}"), None).await.status(), 404);
    let again = desk.enrol(&second, "olga").await;
    desk.sign_in(&again).await;
}

#[tokio::test]
async fn whoever_has_a_link_is_listed_until_it_is_used_or_taken_back() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let page = text(desk.get("/people", Some(&admin)).await).await;
    assert!(!page.contains("Who has a link"), "nobody has");
    let fields = [("person", "Ivan"), ("name", "ivan"), ("role", "auditor")];
    let (_, page) = invite(&mut desk, &admin, &fields).await;
    let link = between(&page, "class=\"key-link\" href=\"", "\"").to_owned();
    let row = between(&page, "People with a link", "</table>");
    assert!(row.contains("<th scope=\"row\" data-label=\"Name\">Ivan</th>"), "{row}");
    assert!(!row.contains(link.trim_start_matches("/set-up/")), "the link is not shown again");
    let digest = between(row, "name=\"link\" value=\"", "\"").to_owned();
    let (status, page) = invite(&mut desk, &admin, &[("do", "withdraw"), ("link", &digest)]).await;
    assert_eq!(status, 200);
    assert!(notice(&page).contains("The link was taken back.") && !page.contains("Ivan"));
    assert_eq!(desk.get(&link, None).await.status(), 404);
    let events = text(desk.get("/api/v1/account-events", Some(&admin)).await).await;
    let told = "\"by\":\"admin\",\"account\":\"ivan\",\"what\":\"withdrawn\"";
    assert!(events.contains(told), "{events}");
    for gone in [digest.as_str(), "not hexadecimal"] {
        let (status, page) = invite(&mut desk, &admin, &[("do", "withdraw"), ("link", gone)]).await;
        assert_eq!(status, 422);
        assert!(page.contains("This link was used or withdrawn already."));
    }
}

#[tokio::test]
async fn of_two_links_for_one_name_only_the_last_opens_it() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let fields = [("person", "Ivan"), ("name", "ivan"), ("role", "auditor")];
    let (_, page) = invite(&mut desk, &admin, &fields).await;
    let first = between(&page, "class=\"key-link\" href=\"/set-up/", "\"").to_owned();
    let (_, page) = invite(&mut desk, &admin, &fields).await;
    let second = between(&page, "class=\"key-link\" href=\"/set-up/", "\"").to_owned();
    assert_eq!(desk.get(&format!("/set-up/{first}"), None).await.status(), 404);
    desk.enrol(&second, "ivan").await;
}

#[tokio::test]
async fn a_lock_voids_a_link_that_would_open_the_account_again() {
    let mut desk = Desk::open().await;
    desk.person("olga", &[Role::Officer], "us-ny-nyc/doc").await;
    let link = desk.accounts.reset("olga", "command line").await.expect("a link");
    desk.accounts.lock("olga", "command line").await.expect("locked");
    assert_eq!(desk.get(&format!("/set-up/{link}"), None).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_administrators_do_not_take_each_other_away_at_once() {
    let mut desk = Desk::open().await;
    for name in ["ada", "eve"] {
        desk.person(name, &[Role::Administrator], "").await;
    }
    for _ in 0..10 {
        let pairs = [("ada", "eve"), ("eve", "ada")];
        let locks = pairs.map(|(name, by)| {
            let accounts = desk.accounts.clone();
            tokio::spawn(async move { accounts.lock(name, by).await })
        });
        let mut done = 0;
        for lock in locks {
            done += u32::from(lock.await.expect("it ends").is_ok());
        }
        assert_eq!(done, 1, "one of both stays");
        for name in ["ada", "eve"] {
            desk.accounts.release(name, "command line").await.expect("released");
        }
    }
}
