//! The table of routes; one file a resource.

mod decide;
mod document;
mod health;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::openapi;
use crate::problem::{Kind, Problem};
use crate::service::Service;

/// Returns every route with its description.
pub(crate) fn table() -> OpenApiRouter<Service> {
    OpenApiRouter::with_openapi(openapi::head())
        .routes(routes!(decide::decide))
        .routes(routes!(document::openapi_json))
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
}

/// Answers where no route is.
pub(crate) async fn nothing_here() -> Problem {
    Problem::new(Kind::NotFound, "no page or resource has this address")
}
