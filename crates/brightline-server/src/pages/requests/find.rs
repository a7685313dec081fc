//! Looking for a request by a name or number: posted, with a reason, and recorded without its
//! words.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::list::{Row, row};
use crate::pages::sent::Sent;
use crate::pages::staff::{Frame, Staff};
use crate::pages::{page, refused};
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "find.html")]
struct Find {
    frame: Frame,
    fault: String,
    words: String,
    why: String,
    rows: Option<Vec<Row>>,
    is_cut: bool,
}

pub(in crate::pages) async fn find(staff: Staff) -> Result<Response, Problem> {
    let frame = staff.frame("find")?;
    let (fault, words, why) = (String::new(), String::new(), String::new());
    let template = Find { frame, fault, words, why, rows: None, is_cut: false };
    Ok(page(StatusCode::OK, &template))
}

pub(in crate::pages) async fn look(staff: Staff, sent: Sent) -> Result<Response, Problem> {
    let now = staff.office()?.now();
    let (words, why) = (sent.one("words").to_owned(), sent.one("why").to_owned());
    let frame = staff.frame("find")?;
    let mut template = Find { frame, fault: String::new(), words, why, rows: None, is_cut: false };
    match staff.office()?.find(&staff.actor()?, &template.words, &template.why).await {
        Ok(found) => {
            template.rows = Some(found.items.iter().map(|it| row(&staff, it, now)).collect());
            template.is_cut = found.is_cut;
            Ok(page(StatusCode::OK, &template))
        }
        Err(error) => {
            template.fault = refused::sentences(&error).ok_or_else(|| Problem::from(error))?;
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &template))
        }
    }
}
