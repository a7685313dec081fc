//! Pictures of the pages of a paper that is being taken in: kept encrypted for an hour, shown to
//! whoever handed it in and to nobody else, and each time it is recorded.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use brightline_docket::AccountEvent;
use brightline_paper::NotDrawn;
use serde::{Deserialize, Serialize};

use crate::accounts::{Kept, random};
use crate::pages::outcome::capital;
use crate::pages::sent::Sent;
use crate::pages::staff::Staff;
use crate::pages::words::say_with;
use crate::problem::{Kind, Problem};

/// A page of the paper on the form.
pub(super) struct Shown {
    pub(super) page: u32,
    pub(super) address: String,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// The pictures of a paper as the form carries them from try to try: a name that was drawn by lot,
/// and the size of each page.
#[derive(Debug, Clone, Default)]
pub(super) struct Pictures {
    name: String,
    sizes: Vec<(u32, u32)>,
}

/// A picture as it is kept.
#[derive(Serialize, Deserialize)]
struct Picture {
    /// The SHA-256 of the paper.
    paper: String,
    /// In base 64.
    png: String,
}

impl Pictures {
    /// Keeps pictures for whoever handed the paper in.
    pub(super) async fn keep(
        staff: &Staff,
        paper: &str,
        pngs: &[Vec<u8>],
    ) -> Result<Self, Problem> {
        let name = data_encoding::HEXLOWER.encode(&random::<16>()?);
        let mut sizes = Vec::new();
        for (number, png) in (1u32..).zip(pngs) {
            let Some(size) = size(png) else { break };
            let picture =
                Picture { paper: paper.to_owned(), png: data_encoding::BASE64.encode(png) };
            let body = serde_json::to_vec(&picture).unwrap_or_default();
            let place = place(&name, number);
            staff.accounts()?.keep(staff.account(), (Kept::Picture, &place), &body).await?;
            sizes.push(size);
        }
        Ok(Self { name, sizes })
    }

    /// Reads what the form carries; nothing where it carries none.
    pub(super) fn of(sent: &Sent) -> Self {
        let mut parts = sent.one("pictures").split(' ');
        let name = parts.next().unwrap_or_default().to_owned();
        let is_name = !name.is_empty() && name.bytes().all(|it| it.is_ascii_hexdigit());
        let sizes = parts.filter_map(|part| {
            let (width, height) = part.split_once('x')?;
            Some((width.parse().ok()?, height.parse().ok()?))
        });
        if is_name { Self { name, sizes: sizes.take(9).collect() } } else { Self::default() }
    }

    /// Returns what the form carries.
    pub(super) fn text(&self) -> String {
        let sizes = self.sizes.iter().map(|(width, height)| format!(" {width}x{height}"));
        std::iter::once(self.name.clone()).chain(sizes).collect()
    }

    pub(super) fn shown(&self) -> Vec<Shown> {
        let pages = (1u32..).zip(&self.sizes).map(|(page, &(width, height))| Shown {
            page,
            address: format!("/requests/read/{}/{page}", self.name),
            width,
            height,
        });
        pages.collect()
    }

    /// Forgets the pictures: the paper was taken in.
    pub(super) async fn forget(&self, staff: &Staff) -> Result<(), Problem> {
        for (number, _) in (1u32..).zip(&self.sizes) {
            let place = place(&self.name, number);
            staff.accounts()?.forget(staff.account(), (Kept::Picture, &place)).await?;
        }
        Ok(())
    }
}

/// Says why there is no picture.
pub(super) fn sentence(error: NotDrawn) -> String {
    say_with("picture-none", "why", &capital(&error.to_string().replace('`', "")))
}

fn place(name: &str, page: u32) -> String {
    format!("{name} {page}")
}

/// Width and height stand at the beginning of every PNG.
fn size(png: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| {
        let bytes: [u8; 4] = png.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes))
    };
    Some((number(16)?, number(20)?))
}

/// Shows a page of the paper; that it was looked at is recorded first.
pub(in crate::pages) async fn picture(
    staff: Staff,
    Path((name, page)): Path<(String, u32)>,
) -> Result<Response, Problem> {
    let gone = || Problem::new(Kind::NotFound, "the picture is not kept any more");
    let kept = (Kept::Picture, place(&name, page));
    let body = staff.accounts()?.one_kept(staff.account(), (kept.0, &kept.1)).await?;
    let picture: Option<Picture> = body.and_then(|it| serde_json::from_slice(&it).ok());
    let picture = picture.ok_or_else(gone)?;
    let png = data_encoding::BASE64.decode(picture.png.as_bytes()).map_err(|_| gone())?;
    let seen = AccountEvent::PageSeen { paper: picture.paper, page };
    staff.accounts()?.note_own(staff.account(), seen).await?;
    let kind = HeaderValue::from_static("image/png");
    Ok(([(header::CONTENT_TYPE, kind)], png).into_response())
}
