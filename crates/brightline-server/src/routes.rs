//! The table of routes; one file a resource. Each route names the action that its caller needs.

mod account_events;
mod accounts;
mod bulk;
mod cases;
mod changes;
mod decide;
mod decisions;
mod document;
mod forms;
mod health;
mod records;
mod releases;
mod standing;
mod tokens;
mod webhooks;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::routing::MethodRouter;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::access::{Action, guard, guard_form};
use crate::problem::{Kind, Problem};
use crate::service::Service;
use crate::{log_files, openapi, openid, pages};

/// A route and what its caller must be permitted to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteEntry {
    /// The template of the address.
    pub path: String,
    /// The methods that it answers.
    pub methods: Vec<&'static str>,
    /// What its caller does.
    pub action: Action,
    /// A page for people, or a resource for programs.
    pub is_page: bool,
}

/// All routes, each behind its guard.
pub(crate) struct Table {
    pub(crate) router: OpenApiRouter<Service>,
    pub(crate) entries: Vec<RouteEntry>,
}

/// Returns every route.
pub(crate) fn table() -> Table {
    let table = Table { router: OpenApiRouter::with_openapi(openapi::head()), entries: Vec::new() };
    let table = table
        .resource(routes!(decide::decide), Action::Decide)
        .resource(routes!(bulk::decide_bulk), Action::Decide)
        .resource(routes!(document::openapi_json), Action::ReadDescription)
        .resource(routes!(health::health), Action::ReadHealth)
        .resource(routes!(health::ready), Action::ReadHealth)
        .resource(routes!(health::metrics), Action::ReadMetrics)
        .resource(routes!(standing::read), Action::ReadStanding)
        .resource(routes!(accounts::own), Action::ReadOwnAccount)
        .resource(routes!(accounts::list), Action::ManageAccounts)
        .resource(routes!(accounts::invite), Action::ManageAccounts)
        .resource(routes!(accounts::lock), Action::ManageAccounts)
        .resource(routes!(accounts::release), Action::ManageAccounts)
        .resource(routes!(accounts::reset), Action::ManageAccounts)
        .resource(routes!(accounts::link), Action::ManageAccounts)
        .resource(routes!(accounts::change_roles), Action::ManageAccounts)
        .resource(routes!(account_events::list), Action::ReadAccountEvents)
        .resource(routes!(tokens::list), Action::ManageTokens)
        .resource(routes!(tokens::issue), Action::ManageTokens)
        .resource(routes!(tokens::revoke), Action::ManageTokens)
        .resource(routes!(webhooks::list), Action::ManageWebhooks)
        .resource(routes!(webhooks::register), Action::ManageWebhooks)
        .resource(routes!(webhooks::remove), Action::ManageWebhooks)
        .resource(routes!(webhooks::resume), Action::ManageWebhooks);
    openid::add_to(log_files::add_to(pages::add_to(with_cases(table))))
}

/// Adds what is done with cases.
fn with_cases(table: Table) -> Table {
    table
        .resource(routes!(cases::receive), Action::Receive)
        .resource(routes!(cases::list), Action::ListCases)
        .resource(routes!(cases::search), Action::SearchCases)
        .resource(routes!(cases::read), Action::ReadCase)
        .resource(routes!(cases::tasks), Action::ListCases)
        .resource(routes!(changes::set_facts), Action::SetFacts)
        .resource(routes!(changes::propose), Action::Propose)
        .resource(routes!(changes::sign), Action::Sign)
        .resource(routes!(changes::send_back), Action::SendBack)
        .resource(routes!(changes::record_act), Action::RecordAct)
        .resource(routes!(changes::complete_duty), Action::CompleteDuty)
        .resource(routes!(changes::assign), Action::Assign)
        .resource(routes!(changes::reopen), Action::Reopen)
        .resource(routes!(changes::correct), Action::Correct)
        .resource(routes!(changes::close), Action::CompleteDuty)
        .resource(routes!(records::hold), Action::Hold)
        .resource(routes!(records::lift_hold), Action::Hold)
        .resource(routes!(records::seal), Action::Seal)
        .resource(routes!(records::proofs), Action::ReadProof)
        .resource(routes!(releases::list), Action::ReadDescription)
        .resource(routes!(releases::proposed), Action::ReadRelease)
        .resource(routes!(releases::read), Action::ReadRelease)
        .resource(routes!(releases::propose), Action::ProposeRelease)
        .resource(routes!(releases::publish), Action::PublishRelease)
        .resource(routes!(decisions::record), Action::RecordDecision)
        .resource(routes!(decisions::events), Action::ListCases)
}

/// Returns what each route asks of its caller, for whoever reviews or tests it.
#[must_use]
pub fn route_table() -> Vec<RouteEntry> {
    table().entries
}

impl Table {
    /// Adds a route for programs, which is described.
    pub(crate) fn resource(mut self, route: UtoipaMethodRouter<Service>, action: Action) -> Self {
        for (path, item) in &route.1.paths {
            let found = [
                ("GET", item.get.is_some()),
                ("POST", item.post.is_some()),
                ("PUT", item.put.is_some()),
                ("DELETE", item.delete.is_some()),
            ];
            let methods = found.into_iter().filter(|(_, is_there)| *is_there);
            let methods = methods.map(|(name, _)| name).collect();
            self.entries.push(RouteEntry { path: path.clone(), methods, action, is_page: false });
        }
        let route =
            route.layer(from_fn(move |request: Request, next: Next| guard(action, request, next)));
        Self { router: self.router.routes(route), entries: self.entries }
    }

    /// Adds a route for people.
    pub(crate) fn page(
        mut self,
        (path, methods): (&str, &[&'static str]),
        route: MethodRouter<Service>,
        action: Action,
    ) -> Self {
        let (path, methods) = (path.to_owned(), methods.to_vec());
        self.entries.push(RouteEntry { path: path.clone(), methods, action, is_page: true });
        let route = route
            .layer(from_fn(move |request: Request, next: Next| guard_form(action, request, next)));
        Self { router: self.router.route(&path, route), entries: self.entries }
    }
}

/// Answers where no route is.
pub(crate) async fn nothing_here() -> Problem {
    Problem::new(Kind::NotFound, "no page or resource has this address")
}
