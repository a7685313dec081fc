//! The rulebook: every provision as a page, and every decision as a table and a drawing.
//!
//! It is public: it needs nobody to be signed in, keeps nothing, and says the same to everybody.

mod decision;
mod drawing;
mod index;
mod provision;
mod source;
mod ways;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use brightline_desk::Library;
use brightline_law::clock::Day;
use brightline_law::ir::{AsKnown, PackId};

use super::message;
use super::words::say;
use crate::access::Action;
use crate::routes::Table;
use crate::service::Service;

const STYLE: &str = include_str!("../../../../../web/style/rules.css");

/// Adds the pages of the rulebook.
pub(super) fn add_to(table: Table) -> Table {
    table
        .page(("/rules", &["GET"]), get(index::all), Action::ReadRules)
        .page(("/rules/{pack}", &["GET"]), get(index::pack), Action::ReadRules)
        .page(("/rules/{pack}/{*part}", &["GET"]), get(provision::show), Action::ReadRules)
        .page(("/decisions/{pack}/{agency}", &["GET"]), get(decision::agency), Action::ReadRules)
        .page(("/decisions/{pack}/{agency}/{act}", &["GET"]), get(decision::act), Action::ReadRules)
        .page(("/rules.css", &["GET"]), get(style), Action::ReadRules)
}

async fn style() -> Response {
    super::asset("text/css; charset=utf-8", STYLE)
}

/// What stands behind the question mark of an address.
type Asked = BTreeMap<String, String>;

/// The law, a pack of it, and the days that were asked for.
struct Place {
    library: Arc<Library>,
    pack: PackId,
    id: String,
    title: String,
    at: AsKnown,
    /// The day of the address, or today.
    on: String,
    /// `?on=…` as links carry it; empty where the address named no day.
    query: String,
}

impl Place {
    /// Returns the day as people write it.
    fn day(&self) -> String {
        super::times::civil(&self.on)
    }

    /// Finds a pack and the days; or says what is wrong.
    fn of(service: &Service, id: &str, asked: &Asked) -> Result<Self, Box<Response>> {
        let library = service.library();
        let corpus = library.corpus();
        let (Some(pack), Some(source)) = (corpus.pack(id), library.packs().pack(id)) else {
            return Err(nothing("rules-no-pack"));
        };
        let named = asked.get("on").map(String::as_str).filter(|it| !it.is_empty());
        let today = super::times::today(&source.zone);
        let on = named.unwrap_or(&today).to_owned();
        let day = Day::parse(&on).ok();
        let known = asked.get("known").map_or(Some(Day::MAX), |it| Day::parse(it).ok());
        let (Some(day), Some(known)) = (day, known) else {
            return Err(nothing("rules-no-day"));
        };
        let query = named.map(|it| format!("?on={it}")).unwrap_or_default();
        let (id, title) = (source.id.clone(), source.title.clone());
        let at = AsKnown { on: day, known };
        Ok(Self { pack, id, title, at, on, query, library })
    }
}

/// The page that says that nothing is here, and why, by its key in the catalog.
fn nothing(why: &str) -> Box<Response> {
    Box::new(message(StatusCode::NOT_FOUND, &say("nothing-here"), &say(why)))
}
