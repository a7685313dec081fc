//! What papers look like, from the files beside the packs.

use serde::Deserialize;

use crate::beside::{Beside, WordingError};
use crate::condition::Condition;
use crate::reading::{FieldKind, Keep, Side};

/// Descriptions of papers: how each is known, its fields, and what they bear on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Papers {
    pub(crate) papers: Vec<PaperForm>,
    pub(crate) marks: Vec<Mark>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaperForm {
    /// The name in the vocabulary.
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) side: Side,
    /// Form numbers, in lower case.
    #[serde(default)]
    pub(crate) numbers: Vec<String>,
    /// Phrases that only this paper has, in lower case.
    #[serde(default)]
    pub(crate) phrases: Vec<String>,
    #[serde(default, rename = "field")]
    pub(crate) fields: Vec<FieldForm>,
    #[serde(default, rename = "propose")]
    pub(crate) proposals: Vec<ProposalForm>,
    #[serde(default, rename = "notice")]
    pub(crate) notices: Vec<NoticeForm>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldForm {
    pub(crate) name: String,
    pub(crate) label: String,
    #[serde(default)]
    pub(crate) kind: FieldKind,
    /// Names in the file's own form.
    #[serde(default)]
    pub(crate) names: Vec<String>,
    /// What is printed beside it.
    #[serde(default)]
    pub(crate) printed: Vec<String>,
    #[serde(default)]
    pub(crate) keep: Keep,
    /// A field of the person whom the request is about: `subject.name`.
    pub(crate) becomes: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposalForm {
    pub(crate) fact: String,
    #[serde(default)]
    pub(crate) any: Vec<String>,
    /// The answer, where a filled field means one.
    pub(crate) value: Option<String>,
    /// The field whose value is the answer.
    pub(crate) take: Option<String>,
    pub(crate) because: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct NoticeForm {
    #[serde(flatten)]
    pub(crate) when: Condition,
    pub(crate) says: String,
}

/// A mark of the side that signed a paper.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mark {
    pub(crate) side: Side,
    pub(crate) weight: u32,
    /// `top`: it counts in the upper third of a page alone.
    #[serde(default)]
    pub(crate) place: Option<String>,
    pub(crate) any: Vec<String>,
    pub(crate) says: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    paper: Vec<PaperForm>,
    #[serde(default)]
    mark: Vec<Mark>,
}

impl Papers {
    /// Returns the descriptions that were embedded when the program was built.
    ///
    /// # Errors
    ///
    /// When one of them is broken.
    pub fn embedded() -> Result<Self, WordingError> {
        Self::of(&Beside::embedded())
    }

    /// Reads the descriptions among the files beside the packs.
    ///
    /// # Errors
    ///
    /// When one of them is broken, or names a field that it does not have.
    pub fn of(beside: &Beside) -> Result<Self, WordingError> {
        let mut papers = Self::default();
        for (path, text) in beside.all("papers") {
            let file: File = toml::from_str(text)
                .map_err(|error| WordingError::new(path, error.message().replace('\n', "; ")))?;
            for paper in &file.paper {
                paper.check().map_err(|message| WordingError::new(path, message))?;
            }
            papers.papers.extend(file.paper);
            papers.marks.extend(file.mark);
        }
        Ok(papers)
    }

    /// Returns the names of the papers that are known, in the order of the files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.papers.iter().map(|it| it.name.as_str())
    }

    /// Returns the facts that are proposed by some paper, as often as they are.
    pub fn facts(&self) -> impl Iterator<Item = &str> {
        self.papers.iter().flat_map(|it| &it.proposals).map(|it| it.fact.as_str())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&PaperForm> {
        self.papers.iter().find(|it| it.name == name)
    }
}

impl PaperForm {
    fn check(&self) -> Result<(), String> {
        let has = |name: &str| self.fields.iter().any(|it| it.name == name);
        let notices = self.notices.iter().flat_map(|it| it.when.names());
        let proposals = self.proposals.iter().flat_map(|it| it.any.iter().chain(&it.take));
        for name in notices.chain(proposals.map(String::as_str)) {
            if !has(name) {
                return Err(format!("`{}` has no field `{name}`", self.name));
            }
        }
        for proposal in &self.proposals {
            if proposal.value.is_some() == proposal.take.is_some() {
                let fact = &proposal.fact;
                return Err(format!("`{fact}` is proposed by `value` or by `take`, one of them"));
            }
        }
        Ok(())
    }
}
