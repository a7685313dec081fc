//! What every staff page needs: who looks at it, what they may do, under which law and when.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use brightline_desk::Library;
use brightline_docket::{Actor, CaseView, Letterhead, Office};
use brightline_paper::{Press, Reader};

use super::times;
use crate::access::{Action, Principal};
use crate::accounts::{Account, Accounts};
use crate::problem::{Kind, Problem};
use crate::service::Service;

/// Why a page reads a case, as the record keeps it.
pub(super) const WHY: &str = "work on the case";

/// Somebody at a staff page.
pub(super) struct Staff {
    service: Service,
    principal: Principal,
    name: String,
    form_token: String,
}

/// The frame around a staff page.
pub(super) struct Frame {
    /// The person's name, as it is shown.
    pub(super) person: String,
    /// What forms send back.
    pub(super) form_token: String,
    /// The laws in force: title and a short digest.
    pub(super) laws: Vec<(String, String)>,
    /// The time of the page, in the zone of its law.
    pub(super) as_of: String,
    /// What the menu offers.
    pub(super) may_receive: bool,
    pub(super) may_list: bool,
    pub(super) may_search: bool,
    pub(super) may_sign: bool,
    pub(super) may_manage: bool,
    /// The entry of the menu that this page belongs to.
    pub(super) here: &'static str,
}

impl FromRequestParts<Service> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        let principal = parts.extensions.get::<Principal>().cloned();
        let principal = principal.unwrap_or(Principal::Nobody);
        let Principal::Account { account, form_token } = &principal else {
            return Err(Problem::new(Kind::NotPermitted, "this page is for people"));
        };
        let (name, form_token) = (account.person.clone(), form_token.clone());
        Ok(Self { service: service.clone(), principal, name, form_token })
    }
}

impl Staff {
    pub(super) fn office(&self) -> Result<&Office, Problem> {
        self.service.office()
    }

    pub(super) fn accounts(&self) -> Result<&Accounts, Problem> {
        self.service.accounts()
    }

    /// Returns the name of the account.
    pub(super) fn account(&self) -> &str {
        self.principal.name()
    }

    pub(super) fn library(&self) -> std::sync::Arc<Library> {
        self.service.library()
    }

    pub(super) fn actor(&self) -> Result<Actor, Problem> {
        self.principal.actor()
    }

    /// Returns the account of whoever looks at the page.
    pub(super) fn own_account(&self) -> Result<&Account, Problem> {
        match &self.principal {
            Principal::Account { account, .. } => Ok(account),
            _ => Err(Problem::new(Kind::NotPermitted, "this page is for people")),
        }
    }

    /// Returns what reads papers, if something does.
    pub(super) fn reader(&self) -> Option<Reader> {
        self.service.settings().reader.clone()
    }

    /// Returns what sets letters; nothing where a wording is broken.
    pub(super) fn press(&self) -> Option<&Press> {
        self.service.press()
    }

    /// Returns where an agency is reached, as it stands in its letters.
    pub(super) async fn letterhead(&self, agency: &str) -> Result<Option<Letterhead>, Problem> {
        self.service.letterhead(agency).await
    }

    pub(super) fn agencies(&self) -> &[String] {
        self.principal.agencies()
    }

    /// Returns the person's roles in words.
    pub(super) fn roles(&self) -> String {
        let Principal::Account { account, .. } = &self.principal else { return String::new() };
        let names = account.roles.iter().map(|role| role.name().replace('_', " "));
        names.collect::<Vec<_>>().join(", ")
    }

    /// Returns the person's agencies in words.
    pub(super) fn agencies_in_words(&self) -> String {
        let library = self.library();
        let corpus = library.corpus();
        let words = self.agencies().iter().map(|key| super::requests::agency_words(corpus, key));
        words.collect::<Vec<_>>().join("; ")
    }

    /// Returns whether this person may do something for an agency.
    pub(super) fn may(&self, action: Action, agency: &str) -> bool {
        self.service.access().may(&self.principal, action, agency)
    }

    /// Refuses what this person may do for other agencies only.
    pub(super) fn require(&self, action: Action, agency: &str) -> Result<(), Problem> {
        self.service.require_agency(&self.principal, action, agency)
    }

    fn may_somewhere(&self, action: Action) -> bool {
        self.service.access().may_somewhere(&self.principal, action)
    }

    /// Reads a case, which is recorded.
    pub(super) async fn case(&self, reference: &str) -> Result<CaseView, Problem> {
        let view = self.office()?.case(&self.actor()?, reference, WHY).await?;
        self.require(Action::ReadCase, &view.agency())?;
        Ok(view)
    }

    /// Returns who works with the requests of an agency, by the name of the account.
    pub(super) async fn colleagues(&self, agency: &str) -> Result<Vec<Account>, Problem> {
        Ok(self.accounts()?.colleagues(agency).await?)
    }

    /// Returns the zone of an agency's law; that of the first agency where none is named.
    pub(super) fn zone(&self, agency: Option<&str>) -> String {
        let agency = agency.or_else(|| self.agencies().first().map(String::as_str));
        let id = agency.and_then(|it| it.split_once('/')).map_or("", |(id, _)| id);
        let library = self.library();
        let pack = library.corpus().packs.iter().find(|pack| pack.id == id);
        pack.map_or_else(|| "UTC".to_owned(), |pack| pack.zone.clone())
    }

    /// Returns the frame of a page about all the person's agencies.
    pub(super) fn frame(&self, here: &'static str) -> Result<Frame, Problem> {
        let ids = self.agencies().iter().filter_map(|it| it.split_once('/'));
        let ids: std::collections::BTreeSet<&str> = ids.map(|(id, _)| id).collect();
        let library = self.library();
        let packs = library.corpus().packs.iter().filter(|pack| ids.contains(pack.id.as_str()));
        let laws = packs.map(|pack| {
            let digest = library.digest(&pack.id).unwrap_or_default();
            (pack.title.clone(), short(&digest))
        });
        let now = self.office()?.now();
        Ok(Frame {
            person: self.name.clone(),
            form_token: self.form_token.clone(),
            laws: laws.collect(),
            as_of: times::shown(now, &self.zone(None)),
            may_receive: self.may_somewhere(Action::Receive),
            may_list: self.may_somewhere(Action::ListCases),
            may_search: self.may_somewhere(Action::SearchCases),
            may_sign: self.may_somewhere(Action::Sign),
            may_manage: self.may_somewhere(Action::ManageAccounts),
            here,
        })
    }

    /// Returns the frame of a page about one case: under the law that decided it.
    pub(super) fn frame_of(&self, view: &CaseView) -> Result<Frame, Problem> {
        let mut frame = self.frame("requests")?;
        if let Some(decided) = &view.decided {
            let stamp = &decided.response.pack;
            let library = self.library();
            let pack = library.corpus().packs.iter().find(|pack| pack.id == stamp.id);
            let title = pack.map_or_else(|| stamp.id.clone(), |pack| pack.title.clone());
            frame.laws = vec![(title, short(&stamp.digest))];
            frame.as_of = times::shown(decided.at, &decided.zone);
        }
        Ok(frame)
    }
}

/// The first letters of a digest tell versions apart.
fn short(digest: &str) -> String {
    digest.trim_start_matches("sha256:").chars().take(10).collect()
}
