//! Where agencies are reached, written on a page and used at once.

use axum::http::header;
use brightline_docket::{Actor, Event, House, Readable};
use brightline_server::Role;
use serde_json::json;

use crate::desk::{Caller, Desk, between};
use crate::text;

const AGENCY: &str = "us-ny-nyc/doc";
/// Made up: no street, office or number of it exists.
const HEAD: [(&str, &str); 5] = [
    ("agency", AGENCY),
    ("address", "1 Example Street\r\n\r\n Sampleton, NY 00000 \r\n"),
    ("contact", "Office of the General Counsel"),
    ("telephone", "555-0100"),
    ("email", "counsel@doc.example"),
];

async fn write(desk: &mut Desk, admin: &Caller, fields: &[(&str, &str)]) -> (u16, String) {
    let token = ("form_token", admin.form_token.as_str());
    let all: Vec<(&str, &str)> = [token].into_iter().chain(fields.iter().copied()).collect();
    let response = desk.post_form("/letterheads", Some(admin), &all).await;
    (response.status().as_u16(), text(response).await)
}

/// The page for the door of the agency.
async fn door(desk: &mut Desk) -> String {
    text(desk.get(&format!("/door/{AGENCY}/0"), None).await).await
}

/// Takes a request in; returns the address of its page.
async fn received(desk: &mut Desk, officer: &Caller) -> String {
    let case = json!({
        "asked": {"jurisdiction": "us-ny-nyc", "agency": "doc", "on": "2023-11-14",
                  "papers": ["I-247A"], "acts": ["hold_past_release"]},
        "subject": {"name": "Canary Longfeather"},
        "channel": "form",
    });
    let made = desk.post("/api/v1/cases", officer, &case.to_string()).await;
    let path = made.headers()[header::LOCATION].to_str().expect("text").to_owned();
    path.replace("/api/v1/cases", "/requests")
}

#[tokio::test]
async fn what_is_written_stands_in_letters_and_at_the_door_at_once() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let officer = desk.somebody("olga", &[Role::Officer], AGENCY).await;
    let case = received(&mut desk, &officer).await;
    let page = text(desk.get(&case, Some(&officer)).await).await;
    assert!(page.contains("The letters carry no address yet."));
    assert!(!door(&mut desk).await.contains("555-0100"));
    let home = text(desk.get("/", Some(&admin)).await).await;
    let link = "<a href=\"/letterheads?agency=us-ny-nyc/doc#form\">The Department of Correction, ";
    assert!(home.contains(link), "{home}");
    assert!(!text(desk.get("/", Some(&officer)).await).await.contains(link), "it is not hers");
    let list = text(desk.get("/letterheads", Some(&admin)).await).await;
    assert!(list.contains("Not set yet"), "the agency of an account is listed");
    let (status, page) = write(&mut desk, &admin, &HEAD).await;
    assert_eq!(status, 200);
    let notice = between(&page, "<div class=\"notice\" role=\"status\">", "</div>");
    assert!(notice.contains("Saved for The Department of Correction, City of New York."));
    let row = between(&page, "data-label=\"Reached at\">", "</tr>");
    let said = "1 Example Street<br>Sampleton, NY 00000<br>Office of the General Counsel, \
                555-0100, counsel@doc.example<br>";
    assert!(row.starts_with(said), "{row}");
    assert!(row.contains("data-label=\"Written by\">admin, Nov 14, 2023"), "{row}");
    assert!(door(&mut desk).await.contains("555-0100"));
    assert!(!text(desk.get("/", Some(&admin)).await).await.contains(link), "it is written");
    let page = text(desk.get(&case, Some(&officer)).await).await;
    assert!(!page.contains("The letters carry no address yet."));
    let preview = format!("{case}/letters/reply/preview");
    let letter = text(desk.get(&preview, Some(&officer)).await).await;
    for part in ["1 Example Street", "Sampleton, NY 00000", "555-0100"] {
        assert!(letter.contains(part), "{part} in: {letter}");
    }
    let form = text(desk.get("/letterheads?agency=us-ny-nyc/doc", Some(&admin)).await).await;
    assert!(form.contains("value=\"555-0100\"") && form.contains("Sampleton, NY 00000\n"));
}

#[tokio::test]
async fn the_log_keeps_what_was_written_and_by_whom() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    write(&mut desk, &admin, &HEAD).await;
    let nothing = [("agency", AGENCY), ("address", " \n ")];
    assert_eq!(write(&mut desk, &admin, &nothing).await.0, 200);
    assert!(!door(&mut desk).await.contains("555-0100"), "a head that says nothing is gone");
    let auditor = Actor {
        account: "auditor".to_owned(),
        person: String::new(),
        name: String::new(),
        roles: std::iter::once("auditor".to_owned()).collect(),
        agencies: std::iter::once("*".to_owned()).collect(),
    };
    let entries = desk.office().inspect(&auditor, 0, 1000).await.expect("the entries");
    let noted = entries.into_iter().filter_map(|it| match it.body {
        Readable::Whole(entry) => match entry.event {
            Event::House(House::Noted { what, detail }) => Some((entry.by.account, what, detail)),
            _ => None,
        },
        _ => None,
    });
    let noted: Vec<_> = noted.collect();
    assert_eq!(noted.len(), 2);
    assert_eq!((noted[0].0.as_str(), noted[0].1.as_str()), ("admin", "letterhead changed"));
    assert_eq!(noted[0].2["address"], "1 Example Street\nSampleton, NY 00000");
    assert_eq!((noted[1].2["agency"].as_str(), noted[1].2["telephone"].as_str()), (AGENCY, ""));
}

#[tokio::test]
async fn what_would_not_fit_a_letter_is_refused_and_stays_typed() {
    let mut desk = Desk::open().await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let long = "x".repeat(101);
    let seven = "a\nb\nc\nd\ne\nf\ng";
    for (field, value, why) in [
        ("contact", long.as_str(), "A line is longer than 100 characters."),
        ("address", seven, "The address has more than 6 lines."),
    ] {
        let fields = [("agency", AGENCY), ("telephone", "555-0100"), (field, value)];
        let (status, page) = write(&mut desk, &admin, &fields).await;
        assert_eq!(status, 422);
        assert!(page.contains(why), "{why} in: {page}");
        assert!(page.contains("value=\"555-0100\""));
    }
    for unknown in ["us-ny-nyc/dox", "*", "", "nowhere"] {
        let (status, _) = write(&mut desk, &admin, &[("agency", unknown)]).await;
        assert_eq!(status, 404, "{unknown}");
    }
    assert!(!door(&mut desk).await.contains("555-0100"), "nothing was kept");
}

#[tokio::test]
async fn the_settings_stand_above_the_page_for_the_agency_that_they_name() {
    let all = "[[letterhead]]\nagency = \"*\"\ntelephone = \"555-0111\"\n";
    let mut desk = Desk::with_rules(all).await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    assert!(door(&mut desk).await.contains("555-0111"));
    assert_eq!(write(&mut desk, &admin, &HEAD).await.0, 200);
    assert!(door(&mut desk).await.contains("555-0100"), "the page stands above what is of all");

    let own = format!("[[letterhead]]\nagency = \"{AGENCY}\"\ntelephone = \"555-0122\"\n");
    let mut desk = Desk::with_rules(&own).await;
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let (status, page) = write(&mut desk, &admin, &HEAD).await;
    assert_eq!(status, 422);
    assert!(page.contains("The settings of this service, office.toml, say where"), "{page}");
    assert!(door(&mut desk).await.contains("555-0122"));
    let form = text(desk.get("/letterheads?agency=us-ny-nyc/doc", Some(&admin)).await).await;
    assert!(!form.contains("name=\"telephone\""), "there is nothing to fill in");
    assert!(form.contains("data-label=\"Written by\">office.toml"));
}
