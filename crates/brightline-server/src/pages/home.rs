//! The first page after signing in.

use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use super::page;
use crate::access::Principal;
use crate::problem::{Kind, Problem};

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    name: &'a str,
    person: &'a str,
    roles: String,
    agencies: String,
    form_token: &'a str,
}

pub(super) async fn home(Extension(principal): Extension<Principal>) -> Result<Response, Problem> {
    let Principal::Account { account, form_token } = &principal else {
        return Err(Problem::new(Kind::NotPermitted, "this page is for people"));
    };
    let roles: Vec<String> = account.roles.iter().map(|it| it.name().replace('_', " ")).collect();
    let template = Home {
        name: &account.name,
        person: &account.person,
        roles: roles.join(", "),
        agencies: account.agencies.join(", "),
        form_token,
    };
    Ok(page(StatusCode::OK, &template))
}
