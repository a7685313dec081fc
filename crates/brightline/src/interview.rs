//! The interview: one question at a time, the most decisive first, until the answer is settled.
//!
//! What is answered goes into the request as if it had been written there; a question whose
//! answer is not known is never asked again.
//! Answers are lines of standard input, from a terminal or not.

mod place;
mod reply;

use std::io::{BufRead as _, IsTerminal as _};

use brightline_desk::{ActDetermination, Json, Library, QuestionEntry, Request, Response};
use brightline_law::Outcome;
use brightline_law::determination::{Determination, Slot};
use brightline_law::ir::Corpus;

use crate::human::determination::headline;
use crate::human::paragraph::hanging;
use crate::human::question::{details, line};
use crate::output::{STRONG, WRONG, styled};
use crate::trouble::Trouble;
use reply::{Reply, Take};

const WELCOME: &str = "\
Answer with the number of an answer or as the question says.
An empty line shows help, `?` says that you don't know, `b` goes back, `q` stops.\n";

/// An interview about one request.
pub(crate) struct Interview<'l> {
    library: &'l Library,
    request: Request<'static>,
    say: fn(&str),
    asked: usize,
    last: Option<Slot>,
    settled: Vec<String>,
    /// How things stood before each answer.
    past: Vec<Past>,
}

/// How an interview stood before an answer was given.
struct Past {
    request: Request<'static>,
    last: Option<Slot>,
    settled: Vec<String>,
}

/// Where a request stands.
struct Stand {
    determinations: Vec<Determination>,
    response: Response,
}

/// A question and the acts that still turn on it.
struct Asked {
    slot: Slot,
    entry: QuestionEntry,
    acts: Vec<String>,
}

impl<'l> Interview<'l> {
    /// Returns an interview that has not begun; `say` shows a text.
    pub(crate) fn new(library: &'l Library, request: Request<'static>, say: fn(&str)) -> Self {
        let (last, settled, past) = (None, Vec::new(), Vec::new());
        Self { library, request, say, asked: 0, last, settled, past }
    }

    /// Asks until nothing that can be known can change the answer, and returns the request.
    pub(crate) fn run(mut self) -> Result<Request<'static>, Trouble> {
        let mut stand = self.stand(&self.request)?;
        (self.say)(WELCOME);
        loop {
            self.tell_settled(&stand);
            let Some(asked) = self.next(&stand) else {
                break;
            };
            match self.ask(&asked)? {
                Some(next) => stand = next,
                None => break,
            }
        }
        (self.say)("\n");
        Ok(self.request)
    }

    fn corpus(&self) -> &'l Corpus {
        self.library.corpus()
    }

    fn stand(&self, request: &Request<'_>) -> Result<Stand, Trouble> {
        let taken = self.library.take_in(request)?;
        let determinations = self.library.determine(&taken)?;
        let response = self.library.response(&taken, &determinations);
        Ok(Stand { determinations, response })
    }

    /// Says which acts have come to be settled.
    fn tell_settled(&mut self, stand: &Stand) {
        for found in &stand.response.determinations {
            let is_open = found.outcome == Outcome::Open.name();
            if !is_open && !self.settled.contains(&found.act) {
                self.settled.push(found.act.clone());
                (self.say)(&format!("\n{}", headline(found)));
            }
        }
    }

    /// The next question: one more of the row just asked about, or else the most decisive one of
    /// the first act that is open.
    fn next(&self, stand: &Stand) -> Option<Asked> {
        let all = stand.determinations.iter().zip(&stand.response.determinations);
        let questions = all.flat_map(|(found, entry)| found.questions.iter().zip(&entry.questions));
        let open: Vec<_> = questions
            .filter(|(question, _)| {
                !place::is_answered(self.corpus(), &self.request, &question.slot)
            })
            .collect();
        let same_row = open.iter().find(|(question, _)| self.is_of_last_row(&question.slot));
        let (question, entry) = same_row.or_else(|| open.first())?;
        let turns_on = |found: &&ActDetermination| found.questions.iter().any(|it| it == *entry);
        let acts = stand.response.determinations.iter().filter(turns_on);
        Some(Asked {
            slot: question.slot.clone(),
            entry: (*entry).clone(),
            acts: acts.map(|found| found.words.clone()).collect(),
        })
    }

    fn is_of_last_row(&self, slot: &Slot) -> bool {
        match (&self.last, slot) {
            (Some(Slot::Field(record, row, _)), Slot::Field(same_record, same_row, _)) => {
                record == same_record && row == same_row
            }
            (Some(Slot::List(record)), Slot::Field(same_record, ..)) => record == same_record,
            _ => false,
        }
    }

    /// Asks one question until it is answered; returns where the request then stands, or nothing
    /// when the person stops.
    fn ask(&mut self, asked: &Asked) -> Result<Option<Stand>, Trouble> {
        self.asked += 1;
        self.show(asked);
        loop {
            let Some(text) = self.read_line()? else {
                return Ok(None);
            };
            let json = match reply::read(&asked.entry, &text) {
                Reply::Stop => return Ok(None),
                Reply::Help => {
                    self.help(asked);
                    continue;
                }
                Reply::Back => match self.go_back() {
                    true => return self.stand(&self.request).map(Some),
                    false => {
                        self.wrong("This is the first question.");
                        continue;
                    }
                },
                Reply::NotUnderstood(message) => {
                    self.wrong(&message);
                    continue;
                }
                Reply::Answer(json) => json,
            };
            let is_known = json.get("unknown").is_none();
            let json = match self.reasoned(asked, json, is_known)? {
                Some(json) => json,
                None => return Ok(None),
            };
            let mut request = self.request.clone();
            place::give(self.corpus(), &mut request, &asked.slot, json);
            match self.stand(&request) {
                Ok(stand) => {
                    let request = std::mem::replace(&mut self.request, request);
                    let last = self.last.replace(asked.slot.clone());
                    self.past.push(Past { request, last, settled: self.settled.clone() });
                    return Ok(Some(stand));
                }
                Err(trouble) => {
                    for fault in &trouble.faults {
                        let help = fault.help.as_ref().map(|help| format!("; {help}"));
                        self.wrong(&format!("{}{}", fault.message, help.unwrap_or_default()));
                    }
                }
            }
        }
    }

    /// Takes the last answer back; false when none was given.
    fn go_back(&mut self) -> bool {
        let Some(past) = self.past.pop() else {
            return false;
        };
        self.request = past.request;
        self.last = past.last;
        self.settled = past.settled;
        self.asked = self.asked.saturating_sub(2);
        true
    }

    /// A finding is answered with who found it and why.
    fn reasoned(
        &mut self,
        asked: &Asked,
        json: Json<'static>,
        is_known: bool,
    ) -> Result<Option<Json<'static>>, Trouble> {
        if !asked.entry.finding || !is_known {
            return Ok(Some(json));
        }
        let by = match asked.entry.found_by.as_slice() {
            [only] => only.clone(),
            roles => match self.pick_role(roles)? {
                Some(role) => role,
                None => return Ok(None),
            },
        };
        let Some(reason) = self.line_for("Why? (a sentence)", reply::reason)? else {
            return Ok(None);
        };
        let finding = [("value", json), ("by", Json::text(&by)), ("reason", Json::text(&reason))];
        Ok(Some(Json::object(finding)))
    }

    fn pick_role(&mut self, roles: &[String]) -> Result<Option<String>, Trouble> {
        let mut prompt = "Who found it?".to_owned();
        for (at, role) in roles.iter().enumerate() {
            prompt.push_str(&format!("\n    {}  {}", at + 1, role.replace('_', " ")));
        }
        self.line_for(&prompt, |text| reply::role(roles, text))
    }

    fn line_for(
        &mut self,
        prompt: &str,
        take: impl Fn(&str) -> Take,
    ) -> Result<Option<String>, Trouble> {
        (self.say)(&format!("{prompt}\n"));
        loop {
            let Some(text) = self.read_line()? else {
                return Ok(None);
            };
            match take(&text) {
                Take::Text(text) => return Ok(Some(text)),
                Take::Stop => return Ok(None),
                Take::Again(message) => self.wrong(message),
            }
        }
    }

    fn show(&self, asked: &Asked) {
        let head = format!("\n{}", styled(STRONG, &format!("{}. ", self.asked)));
        let mut text = hanging(&head, 3, &line(&asked.entry));
        for detail in details(&asked.entry) {
            text.push_str(&hanging("   ", 5, &detail));
        }
        if !asked.acts.is_empty() {
            let acts = asked.acts.join("; ");
            text.push_str(&hanging("   ", 5, &format!("Turns on it: {acts}.")));
        }
        text.push_str(&reply::answers(&asked.entry));
        (self.say)(&text);
    }

    fn help(&self, asked: &Asked) {
        (self.say)(&hanging("  ", 2, reply::form(&asked.entry)));
        let help = "`?`: you don't know; it is not asked again, and counts neither way. `b`: back, \
                    to the question before. `q`: stop, and see what stands. Only what can still \
                    change the answer is asked.";
        (self.say)(&hanging("  ", 2, help));
        (self.say)(&reply::answers(&asked.entry));
    }

    fn wrong(&self, message: &str) {
        (self.say)(&hanging(&format!("  {} ", styled(WRONG, "?")), 4, message));
    }

    /// Reads a line; none at the end of the input. What does not come from a terminal is shown.
    fn read_line(&self) -> Result<Option<String>, Trouble> {
        (self.say)("> ");
        let stdin = std::io::stdin();
        let mut text = String::new();
        let read = stdin.lock().read_line(&mut text);
        let count = read.map_err(|error| Trouble::bad_input(error.to_string()))?;
        let text = text.trim().to_owned();
        if count == 0 || !stdin.is_terminal() {
            (self.say)(&format!("{text}\n"));
        }
        Ok((count > 0).then_some(text))
    }
}
