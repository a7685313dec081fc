//! The chronicle of the house: what happened to accounts and to the law, in one transaction with
//! what it tells of.

use std::collections::BTreeSet;

use brightline_docket::{AccountEvent, Event, Haste, House, Readable};
use brightline_ledger::SignerKey;
use sqlx::Row;

use crate::audit::audited;
use crate::desk::{Desk, officer, pack_files, person};
use crate::places::{Place, on_both};

#[test]
fn what_happens_to_accounts_is_recorded_and_nothing_of_it_stands_readable() {
    on_both(|place| async move {
        let Desk { office, key_file, .. } = Desk::open(&place).await;
        let admin = person("Novak", &["administrator"]);
        let names = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>();
        let events = [
            (
                admin.clone(),
                AccountEvent::Invited {
                    roles: names(&["officer", "custody_officer"]),
                    agencies: names(&["zz-office/jail"]),
                },
            ),
            (officer(), AccountEvent::SignedIn { by: "password".into() }),
            (officer(), AccountEvent::SignInRefused { why: "code".into() }),
            (
                admin,
                AccountEvent::RolesChanged {
                    roles: names(&["supervisor"]),
                    agencies: names(&["zz-office/jail"]),
                },
            ),
        ];
        let mut positions = Vec::new();
        for (actor, what) in &events {
            let entry = House::Account { account: "canary-longfeather".into(), what: what.clone() };
            positions.push(office.note(actor, entry).await.unwrap());
        }
        assert_eq!(positions, [0, 1, 2, 3]);
        let auditor = person("Ito", &["auditor"]);
        for (found, (actor, what)) in
            office.inspect(&auditor, 0, 9).await.unwrap().into_iter().zip(&events)
        {
            assert_eq!((found.case_id, found.kind.as_str()), (0, "account"));
            let Readable::Whole(entry) = found.body else { panic!("{:?}", found.body) };
            let Event::House(House::Account { account, what: told }) = entry.event else {
                panic!("{:?}", entry.event)
            };
            assert_eq!((account.as_str(), &told), ("canary-longfeather", what));
            assert_eq!(entry.by.account, actor.account);
        }
        for row in
            sqlx::query("SELECT body FROM entries").fetch_all(office.store().read()).await.unwrap()
        {
            let body: Vec<u8> = row.get(0);
            assert!(!body.windows(6).any(|it| it == b"canary"));
        }
        let audited = audited(&place.url, &key_file).await;
        assert!(audited.holds(), "{:?}", audited.faults);
    });
}

#[test]
fn a_release_is_kept_and_told_of_in_one_transaction() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let place = Place::sqlite();
        let Desk { office, key_file, .. } = Desk::open(&place).await;
        let mut files = pack_files();
        files.get_mut("zz-office/office.law.md").unwrap().extend(b"\nA note.\n");
        let forbid = "CREATE TRIGGER forbid BEFORE INSERT ON entries \
                      BEGIN SELECT RAISE(ABORT, 'no entry today'); END";
        let statement = |sql: &'static str| {
            let store = office.store().clone();
            async move {
                let mut writing = store.write().await.unwrap();
                sqlx::query(sql).execute(&mut *writing).await.unwrap();
                writing.commit().await.unwrap();
            }
        };
        let releases = async || {
            let sql = "SELECT COUNT(*), SUM(number) FROM releases";
            let row = sqlx::query(sql).fetch_one(office.store().read()).await.unwrap();
            (row.get::<i64, _>(0), row.get::<i64, _>(1))
        };
        let author = person("Eze", &["author"]);
        statement(forbid).await;
        office.propose_release(&author, &files, "a note").await.unwrap_err();
        assert_eq!(releases().await, (1, 0), "the law of the program alone");
        statement("DROP TRIGGER forbid").await;
        let release = office.propose_release(&author, &files, "a note").await.unwrap();
        statement(forbid).await;
        let signer = SignerKey::generate("office.example/law").unwrap();
        let publisher = person("Hale", &["publisher"]);
        let publish =
            || office.publish_release(&publisher, &release.digest, Haste::Ordinary, &signer);
        publish().await.unwrap_err();
        assert_eq!(releases().await, (2, 0), "proposed, and not in force");
        statement("DROP TRIGGER forbid").await;
        assert_eq!(publish().await.unwrap().number, 1);
        let audited = audited(&place.url, &key_file).await;
        assert!(audited.holds(), "{:?}", audited.faults);
    });
}

#[test]
fn the_law_of_the_program_is_published_again_by_two_people_or_not_at_all() {
    on_both(|place| async move {
        let Desk { office, key_file, .. } = Desk::open(&place).await;
        let built_in = office.releases().await.unwrap().remove(0).digest;
        let signer = SignerKey::generate("office.example/law").unwrap();
        let publisher = person("Hale", &["publisher"]);
        let publish = || office.publish_release(&publisher, &built_in, Haste::Ordinary, &signer);
        assert!(publish().await.unwrap_err().is_conflict(), "nobody proposed it");
        let author = person("Eze", &["author"]);
        office.propose_release(&author, &pack_files(), "back to it").await.unwrap();
        let published = publish().await.unwrap();
        assert_eq!((published.number, published.author.as_str()), (1, "eze"));
        let audited = audited(&place.url, &key_file).await;
        assert!(audited.holds(), "{:?}", audited.faults);
    });
}

#[test]
fn a_role_of_the_vocabulary_is_given_by_name_and_a_role_of_the_office_is_not() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let library = office.library();
        assert!(library.finder_roles().contains_key("custody_officer"));
        assert!(!library.finder_roles().contains_key("counsel"), "held by the role of an account");
        library.require_finder_roles(["custody_officer"]).unwrap();
        let refusal = library.require_finder_roles(["custody_oficer", "publisher"]).unwrap_err();
        let helps: Vec<&str> = refusal.faults.iter().filter_map(|it| it.help.as_deref()).collect();
        assert_eq!(helps[1], "it is a role of the office; give it as such");
        assert!(helps[0].contains("custody_officer"), "{helps:?}");
    });
}
