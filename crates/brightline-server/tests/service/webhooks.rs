//! Webhooks, delivered to a system on this machine.

use std::net::SocketAddr;
use std::time::Duration;

use brightline_server::{Role, Settings};
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::desk::{Caller, Desk};
use crate::receiver::{Received, Receiver};
use crate::{json as body_of, settings};

const AGENCY: &str = "us-ny-nyc/doc";

fn arriving(agency: &str) -> String {
    json!({
        "asked": {"jurisdiction": "us-ny-nyc", "agency": agency, "on": "2025-01-20",
                  "papers": ["I-247A", "I-200"], "acts": ["hold_past_release"]},
        "subject": {"name": "Canary Longfeather"},
        "channel": "form",
    })
    .to_string()
}

/// A desk whose service delivers to a receiver; and an administrator.
async fn desk_for(receiver: &Receiver) -> (Desk, Caller) {
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let roots = Some(receiver.roots());
    let mut desk =
        Desk::with(Settings { address, webhooks_inside: true, roots, ..settings() }).await;
    desk.serve();
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    (desk, admin)
}

async fn register(desk: &mut Desk, admin: &Caller, url: &str, kinds: &[&str]) -> Vec<u8> {
    let form = json!({"name": "jail", "url": url, "agencies": [AGENCY], "kinds": kinds});
    let made = desk.post("/api/v1/webhooks", admin, &form.to_string()).await;
    assert_eq!(made.status(), 201);
    let made = body_of(made).await;
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    BASE64.decode(secret.strip_prefix("whsec_").expect("a prefix").as_bytes()).expect("base 64")
}

async fn state(desk: &mut Desk, admin: &Caller) -> Value {
    body_of(desk.get("/api/v1/webhooks", Some(admin)).await).await[0].clone()
}

/// Waits until the hook is in a state.
async fn wait_for_state(desk: &mut Desk, admin: &Caller, wanted: &str) -> Value {
    for _ in 0..600 {
        let state = state(desk, admin).await;
        if state["state"] == wanted {
            return state;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    state(desk, admin).await
}

/// Checks a signature as a receiver does that was written by others.
fn is_signed(message: &Received, secret: &[u8]) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key");
    mac.update(message.head("webhook-id").as_bytes());
    mac.update(b".");
    mac.update(message.head("webhook-timestamp").as_bytes());
    mac.update(b".");
    mac.update(&message.body);
    let wanted = format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()));
    message.head("webhook-signature") == wanted
}

#[tokio::test]
async fn messages_come_in_order_and_signed_and_say_nothing_of_a_person() {
    let receiver = Receiver::open(&[]).await;
    let (mut desk, admin) = desk_for(&receiver).await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let other = desk.somebody("other", &[Role::Officer], "us-ny-nyc/nypd").await;
    let before = desk.post("/api/v1/cases", &officer, &arriving("doc")).await;
    assert_eq!(before.status(), 201);
    let secret = register(&mut desk, &admin, &receiver.url(), &["received", "determined"]).await;
    let foreign = desk.post("/api/v1/cases", &other, &arriving("nypd")).await;
    assert_eq!(foreign.status(), 201);
    let made = desk.post("/api/v1/cases", &officer, &arriving("doc")).await;
    let made = body_of(made).await;
    let again = desk.post("/api/v1/cases", &officer, &arriving("doc")).await;
    assert_eq!(again.status(), 201);
    let messages = receiver.wait_for(4).await;
    assert_eq!(messages.len(), 4, "of two cases, received and determined");
    let bodies: Vec<Value> =
        messages.iter().map(|it| serde_json::from_slice(&it.body).expect("JSON")).collect();
    assert_eq!(bodies[0]["type"], "case.received");
    assert_eq!(bodies[1]["type"], "case.determined");
    assert_eq!(bodies[0]["data"]["reference"], made["reference"], "from the registration on");
    let places: Vec<u64> = bodies.iter().filter_map(|it| it["data"]["position"].as_u64()).collect();
    assert!(places.is_sorted() && places.len() == 4, "{places:?}");
    for (message, body) in messages.iter().zip(&bodies) {
        assert!(is_signed(message, &secret));
        assert!(!is_signed(message, b"another secret"));
        assert_eq!(message.path, "/hook?of=brightline");
        assert_eq!(message.head("webhook-id"), format!("evt_{}", body["data"]["position"]));
        assert_eq!(body["data"]["agency"], AGENCY);
        assert!(!body.to_string().contains("Longfeather"));
    }
    let state = wait_for_state(&mut desk, &admin, "delivering").await;
    assert_eq!(state["failures"], 0);
    assert!(!state.to_string().contains("whsec_"), "a secret is shown once");
}

#[tokio::test]
async fn what_does_not_arrive_is_sent_again_and_redirects_are_not_followed() {
    let receiver = Receiver::open(&[500, 307]).await;
    let (mut desk, admin) = desk_for(&receiver).await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    let secret = register(&mut desk, &admin, &receiver.url(), &["determined"]).await;
    let made = desk.post("/api/v1/cases", &officer, &arriving("doc")).await;
    assert_eq!(made.status(), 201);
    receiver.wait_for(1).await;
    let failing = wait_for_state(&mut desk, &admin, "failing").await;
    assert_eq!(
        (&failing["failures"], &failing["last_fault"]),
        (&json!(1), &json!("it answered 500"))
    );
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(receiver.received().len(), 1, "it waits before it tries again");
    desk.wait(5);
    receiver.wait_for(2).await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    desk.wait(30);
    let messages = receiver.wait_for(3).await;
    let delivering = wait_for_state(&mut desk, &admin, "delivering").await;
    assert_eq!(delivering["failures"], 0);
    assert_eq!(messages.len(), 3);
    for message in &messages {
        assert_eq!(message.path, "/hook?of=brightline");
        assert_eq!(message.head("webhook-id"), messages[0].head("webhook-id"));
        assert_eq!(message.body, messages[0].body);
        assert!(is_signed(message, &secret));
    }
}

#[tokio::test]
async fn a_hook_that_is_gone_is_given_up_until_somebody_resumes_it() {
    let receiver = Receiver::open(&[410]).await;
    let (mut desk, admin) = desk_for(&receiver).await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    register(&mut desk, &admin, &receiver.url(), &["determined"]).await;
    desk.post("/api/v1/cases", &officer, &arriving("doc")).await;
    let dead = wait_for_state(&mut desk, &admin, "dead").await;
    assert_eq!(dead["state"], "dead", "{dead}");
    desk.wait(7 * 24 * 3600);
    let admin = desk.sign_in_again("admin").await;
    assert_eq!(receiver.received().len(), 1);
    let resumed = desk.post("/api/v1/webhooks/jail/resume", &admin, "").await;
    assert_eq!(resumed.status(), 204);
    let messages = receiver.wait_for(2).await;
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[1].body, messages[0].body, "nothing is left out");
}

#[tokio::test]
async fn a_hook_inside_a_network_is_out_of_reach_unless_the_settings_say_so() {
    let receiver = Receiver::open(&[]).await;
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let roots = Some(receiver.roots());
    let mut desk = Desk::with(Settings { address, roots, ..settings() }).await;
    desk.serve();
    let admin = desk.somebody("admin", &[Role::Administrator], "").await;
    let officer = desk.somebody("officer", &[Role::Officer], AGENCY).await;
    for wrong in ["http://jail.example/", "https://me:secret@jail.example/", "jail"] {
        let form = json!({"name": "jail", "url": wrong, "agencies": [AGENCY]});
        let refused = desk.post("/api/v1/webhooks", &admin, &form.to_string()).await;
        assert_eq!(refused.status(), 422, "{wrong}");
        assert_eq!(body_of(refused).await["errors"][0]["pointer"], "/url");
    }
    let good = "https://jail.example/hook";
    for (url, agency, kind, pointer, wanted) in [
        (good, AGENCY, "determind", "/kinds/0", "did you mean `determined`?"),
        (good, "us-ny-nyc/dox", "determined", "/agencies", "`doc`"),
        ("https://127.0.0.1/hook", AGENCY, "determined", "/url", ""),
        ("https://[fd00::1]/hook", AGENCY, "determined", "/url", ""),
    ] {
        let form = json!({"name": "jail", "url": url, "agencies": [agency], "kinds": [kind]});
        let refused = desk.post("/api/v1/webhooks", &admin, &form.to_string()).await;
        assert_eq!(refused.status(), 422, "{form}");
        let error = body_of(refused).await["errors"][0].clone();
        assert_eq!(error["pointer"], pointer);
        assert!(error["help"].as_str().unwrap_or_default().contains(wanted), "{error}");
    }
    register(&mut desk, &admin, &receiver.url(), &[]).await;
    desk.post("/api/v1/cases", &officer, &arriving("doc")).await;
    let failing = wait_for_state(&mut desk, &admin, "failing").await;
    let fault = failing["last_fault"].as_str().expect("a fault");
    assert!(fault.contains("inside a network"), "{fault}");
    assert_eq!(receiver.received().len(), 0);
    let removed = desk.delete("/api/v1/webhooks/jail", &admin).await;
    assert_eq!(removed.status(), 204);
    assert_eq!(state(&mut desk, &admin).await, Value::Null);
}
