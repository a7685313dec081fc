//! The forms of what the docket reads, for the description of the interface.

use utoipa::ToSchema;

/// What is asked, of whom, on which day.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(crate) struct AskedForm {
    /// The pack of the agency's law.
    jurisdiction: String,
    /// The agency.
    agency: String,
    /// The day of the act, `2025-03-04`.
    on: String,
    /// The law as known on this day.
    known_on: Option<String>,
    /// The pack of the agency's own policy.
    policy: Option<String>,
    /// What was presented; left out, it is unknown.
    papers: Option<Vec<String>>,
    /// The acts; left out, what the papers ask for.
    acts: Option<Vec<String>>,
}

/// The person whom a request is about.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(crate) struct SubjectForm {
    /// The name.
    name: String,
    /// The day of birth.
    born: Option<String>,
    /// The number in the agency's book.
    booking: Option<String>,
    /// The number on the request's papers.
    file_number: Option<String>,
}

/// One fact as somebody sets it.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(crate) struct FactForm {
    /// The fact or list, by its name.
    fact: String,
    /// Its value, as a request gives it.
    value: serde_json::Value,
    /// What it rests on.
    evidence: EvidenceForm,
    /// When the evidence was seen, as a civil day or time of the place.
    seen: Option<String>,
    /// Why this one holds against others that differ.
    settles: Option<String>,
}

/// What a fact rests on.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(rename_all = "snake_case")]
pub(crate) enum EvidenceForm {
    /// It was seen on a paper.
    Paper(String),
    /// A system says so.
    System(String),
    /// Somebody told it.
    Told(TellerForm),
}

/// Who told a fact; there is no field for a name.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(rename_all = "snake_case")]
pub(crate) enum TellerForm {
    /// The person whom the request is about.
    Person,
    /// Their lawyer.
    PersonsLawyer,
    /// Their family.
    Family,
    /// Somebody of the agency.
    Agency,
    /// Somebody of another agency of the place.
    OtherAgency,
    /// Whoever made the request.
    Requester,
    /// A court.
    Court,
}
