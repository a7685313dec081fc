//! A service with accounts in a folder of its own, a clock that is moved by hand, and callers.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, header};
use brightline_docket::{LogKeeper, Office};
use brightline_server::{Accounts, Clock, DataFolder, NewAccount, Role, Service, Settings, serve};
use sqlx::{Connection, Row};
use tempfile::TempDir;
use totp_rs::{Builder, Secret};

use crate::{call, json, settings, text};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A service, and the time.
pub(crate) struct Desk {
    pub(crate) router: Router,
    service: Service,
    pub(crate) accounts: Accounts,
    seconds: Arc<AtomicI64>,
    office: Office,
    seeds: BTreeMap<String, String>,
    folder: TempDir,
    store: Option<String>,
}

/// Somebody who can sign in: the name, and the key of the authenticator.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) seed: String,
}

/// Somebody who is signed in.
pub(crate) struct Caller {
    pub(crate) cookie: String,
    pub(crate) form_token: String,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        Self::with(settings()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        Self::with_both(settings, "").await
    }

    /// Opens a service with something more in the settings of its office.
    pub(crate) async fn with_rules(rules: &str) -> Self {
        Self::with_both(settings(), rules).await
    }

    async fn with_both(settings: Settings, rules: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let seconds = Arc::new(AtomicI64::new(1_700_000_000));
        let told = Arc::clone(&seconds);
        let clock = Clock::telling(move || told.load(Ordering::Relaxed) * 1_000_000);
        let data = DataFolder::at(folder.path().join("data"));
        assert!(data.is_new());
        data.create(None).expect("the folder can be made");
        assert!(data.create(None).is_err(), "nothing is overwritten");
        let file = folder.path().join("data/office.toml");
        let text = std::fs::read_to_string(&file).unwrap_or_default() + rules;
        std::fs::write(file, text).expect("the settings can be written");
        let store = database().await;
        let accounts = data.open(store.as_deref(), clock).await.expect("the folder opens");
        let built_in = brightline_desk::Packs::embedded_files();
        let office = data.office(&accounts, built_in).await.expect("the office opens");
        let (log_folder, log_home) = (Some(data.log_folder()), Some(data.ledger()));
        let settings = Settings { log_folder, log_home, ..settings };
        let service = Service::new(settings, office.clone(), accounts.clone());
        let service = service.expect("the policies can be read");
        let router = service.router();
        let seeds = BTreeMap::new();
        Self { router, service, accounts, seconds, office, seeds, folder, store }
    }

    /// Lets the service run as it does for real, with all that it does by itself.
    pub(crate) fn serve(&self) {
        let serving = serve(self.service.clone(), |_| {}, std::future::pending());
        tokio::spawn(async move { serving.await.expect("it can listen") });
    }

    /// Publishes the log until what is returned is dropped.
    pub(crate) fn keep_log(&self) -> LogKeeper {
        DataFolder::at(self.data_folder()).keep_log(&self.office).expect("the key of the log")
    }

    pub(crate) fn data_folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn office(&self) -> &Office {
        &self.office
    }

    /// Opens the accounts as another process does.
    pub(crate) async fn open_accounts_again(&self) {
        self.try_to_open_again().await.expect("the folder opens again");
    }

    pub(crate) async fn try_to_open_again(&self) -> Result<Accounts, brightline_server::Error> {
        let data = DataFolder::at(self.data_folder());
        data.open(self.store.as_deref(), Clock::of_the_machine()).await
    }

    /// Returns the one number of a query.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let row = sqlx::query(sql).fetch_one(self.office.store().read()).await.expect("a row");
        row.try_get(0).expect("a number")
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Returns the code that the authenticator shows now.
    pub(crate) fn code(&self, seed: &str) -> String {
        let seed = Secret::try_from_base32(seed).expect("base 32");
        let totp = Builder::new().with_secret(seed).build().expect("a generator");
        let now = u64::try_from(self.seconds.load(Ordering::Relaxed)).expect("after 1970");
        totp.generate(now).to_string()
    }

    pub(crate) async fn get(&mut self, path: &str, caller: Option<&Caller>) -> Response<Body> {
        let request = Request::get(path);
        let request = match caller {
            Some(caller) => request.header(header::COOKIE, &caller.cookie),
            None => request,
        };
        call(&mut self.router, request.body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post_form(
        &mut self,
        path: &str,
        caller: Option<&Caller>,
        fields: &[(&str, &str)],
    ) -> Response<Body> {
        let request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = match caller {
            Some(caller) => request.header(header::COOKIE, &caller.cookie),
            None => request,
        };
        let form = serde_urlencoded::to_string(fields).expect("a form");
        call(&mut self.router, request.body(Body::from(form)).expect("a request")).await
    }

    pub(crate) async fn post(&mut self, path: &str, caller: &Caller, body: &str) -> Response<Body> {
        let request = Request::post(path)
            .header(header::COOKIE, &caller.cookie)
            .header("x-form-token", &caller.form_token)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()));
        call(&mut self.router, request.expect("a request")).await
    }

    /// Changes something that was seen in a version.
    pub(crate) async fn post_seen(
        &mut self,
        path: &str,
        caller: &Caller,
        tag: &str,
        body: &str,
    ) -> Response<Body> {
        let request = Request::post(path)
            .header(header::COOKIE, &caller.cookie)
            .header("x-form-token", &caller.form_token)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, tag)
            .body(Body::from(body.to_owned()));
        call(&mut self.router, request.expect("a request")).await
    }

    pub(crate) async fn delete(&mut self, path: &str, caller: &Caller) -> Response<Body> {
        let request = Request::delete(path)
            .header(header::COOKIE, &caller.cookie)
            .header("x-form-token", &caller.form_token)
            .body(Body::empty());
        call(&mut self.router, request.expect("a request")).await
    }

    /// Opens an account by its link, through the page.
    pub(crate) async fn enrol(&mut self, link: &str, name: &str) -> Person {
        let path = format!("/set-up/{link}");
        let page = text(self.get(&path, None).await).await;
        let seed = between(&page, "<code class=\"key\">", "</code>").replace(' ', "");
        let sealed = between(&page, "name=\"seed\" value=\"", "\"").to_owned();
        let code = self.code(&seed);
        let fields = [
            ("name", name),
            ("person", &format!("Some One ({name})")),
            ("password", PASSWORD),
            ("again", PASSWORD),
            ("seed", &sealed),
            ("code", &code),
        ];
        let response = self.post_form(&path, None, &fields).await;
        assert_eq!(response.status(), 200);
        self.wait(60);
        self.seeds.insert(name.to_owned(), seed.clone());
        Person { name: name.to_owned(), seed }
    }

    /// Signs somebody in.
    pub(crate) async fn sign_in(&mut self, person: &Person) -> Caller {
        self.wait(60);
        let code = self.code(&person.seed);
        let fields = [("name", person.name.as_str()), ("password", PASSWORD), ("code", &code)];
        let response = self.post_form("/sign-in", None, &fields).await;
        assert_eq!(response.status(), 303, "{}", text(response).await);
        let cookie = response.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();
        let mut caller = Caller { cookie, form_token: String::new() };
        let own = json(self.get("/api/v1/account", Some(&caller)).await).await;
        caller.form_token = own["form_token"].as_str().expect("a token").to_owned();
        caller
    }

    /// Signs somebody in whose account was made here.
    pub(crate) async fn sign_in_again(&mut self, name: &str) -> Caller {
        let seed = self.seeds.get(name).expect("an account").clone();
        self.sign_in(&Person { name: name.to_owned(), seed }).await
    }

    /// Changes what is stored, as a fault would.
    pub(crate) async fn run_sql(&self, sql: &'static str) {
        let mut writing = self.office.store().write().await.expect("a transaction");
        sqlx::query(sql).execute(&mut *writing).await.expect("the statement runs");
        writing.commit().await.expect("it is durable");
    }

    /// Returns whether the files of the folder hold a word.
    pub(crate) fn store_contains(&self, word: &str) -> bool {
        let data = self.folder.path().join("data");
        let files = std::fs::read_dir(data).expect("the folder").filter_map(Result::ok);
        let bytes = files.filter_map(|file| std::fs::read(file.path()).ok());
        bytes.into_iter().any(|it| it.windows(word.len()).any(|at| at == word.as_bytes()))
    }

    /// Makes an account and signs it in.
    pub(crate) async fn somebody(&mut self, name: &str, roles: &[Role], agency: &str) -> Caller {
        let person = self.person(name, roles, agency).await;
        self.sign_in(&person).await
    }

    /// Makes an account.
    pub(crate) async fn person(&mut self, name: &str, roles: &[Role], agency: &str) -> Person {
        let agencies = agency.split_whitespace().map(str::to_owned).collect();
        let (name, person) = (name.to_owned(), String::new());
        let (roles, finders) = (roles.to_vec(), vec![]);
        let new = NewAccount { name: name.clone(), person, roles, finders, agencies };
        let link = self.accounts.invite(&new, "test").await.expect("a link");
        self.enrol(&link, &name).await
    }
}

/// Returns a fresh database where the tests are to run on PostgreSQL, or none: a file is used.
async fn database() -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    std::env::var_os("BRIGHTLINE_TEST_ON_POSTGRES")?;
    let server = std::env::var("BRIGHTLINE_TEST_POSTGRES").expect("a server");
    sqlx::any::install_default_drivers();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("service_{}_{number}", std::process::id());
    let mut connection = sqlx::AnyConnection::connect(&server).await.expect("connected");
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&mut connection).await.expect("a database");
    let (base, query) = server.split_once('?').map_or((server.as_str(), ""), |it| it);
    let (base, _) = base.rsplit_once('/').expect("a database in the address");
    let mark = if query.is_empty() { "" } else { "?" };
    Some(format!("{base}/{name}{mark}{query}"))
}

pub(crate) fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let rest = page.split_once(before).map_or("", |(_, rest)| rest);
    rest.split_once(after).map_or("", |(found, _)| found)
}
