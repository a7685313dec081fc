//! `prove`: claims, for every possible request and every edition.

use brightline_desk::{Fault, Library, Packs};
use brightline_law::clock::Day;
use brightline_law::ir::{Claim, Corpus};
use brightline_law::{Counterexample, Proof, SourceFile, facts_text, prove};
use clap::Args;
use serde_json::{Value, json};

use crate::Global;
use crate::human::determination::outcome_words;
use crate::human::paragraph::hanging;
use crate::output::{self, STRONG, styled};
use crate::trouble::{Ending, Trouble};

const EXAMPLES: &str = "Examples:
  brightline prove                                   every claim of every pack
  brightline prove --pack us-ny-nyc \"never without a judge's warrant\"
  brightline prove --pack us-ny-nyc \"doc must not honor_detainer when not judicial_warrant\" \\
      --from 2015-01-01";

const TITLE: &str = "the claim asked";

/// Prove claims for every possible request in every edition, or show a request for which they fail
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Prove {
    /// The title of a claim, or a statement as a claim is written; left out, all claims
    #[arg(value_name = "CLAIM")]
    claim: Option<String>,
    /// The pack
    #[arg(long, value_name = "PACK")]
    pack: Option<String>,
    /// For a statement: the first day
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// For a statement: the last day
    #[arg(long, value_name = "DATE", requires = "from")]
    until: Option<String>,
}

impl Prove {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let packs = global.load()?;
        if let Some(id) = self.pack.as_ref().filter(|id| packs.pack(id).is_none()) {
            let fault = Fault::new("", format!("there is no pack `{id}`"));
            return Err(Trouble::of(fault.names(id, packs.ids())));
        }
        let titled = Library::open(packs);
        let corpus = titled.corpus();
        let is_title = |claim: &Claim| self.claim.as_ref().is_none_or(|it| *it == claim.title);
        if corpus.claims.iter().any(|claim| self.is_in_pack(corpus, claim) && is_title(claim)) {
            return self.prove_all(global, &titled, is_title);
        }
        let Some(statement) = &self.claim else {
            return Err(Trouble::bad_input("there are no claims in these packs"));
        };
        let Some(pack) = &self.pack else {
            let titles = corpus.claims.iter().map(|claim| claim.title.as_str());
            let fault = Fault::new("", format!("there is no claim `{statement}`"));
            let fault =
                fault.help("for a statement, name the pack whose words it uses: --pack PACK");
            return Err(Trouble::of(fault.nearest(statement, titles)));
        };
        self.check_period(corpus, pack)?;
        let asked = self.with_statement(titled.packs(), pack, statement);
        if titled.sound(pack).is_ok() && asked.sound(pack).is_err() {
            let own = corpus.claims.iter().filter(|claim| self.is_in_pack(corpus, claim));
            let titles = own.map(|claim| claim.title.as_str());
            let message = format!("`{statement}` is neither a claim of `{pack}` nor a statement");
            let fault = Fault::new("", message).nearest(statement, titles);
            return Err(Trouble::of(match fault.help {
                Some(_) => fault,
                None => fault
                    .help("a statement is written as in a claim: AGENCY must not ACT when FACT"),
            }));
        }
        self.prove_all(global, &asked, |claim| claim.title == TITLE)
    }

    /// Of days before its record begins a pack says nothing, so nothing holds or fails there.
    fn check_period(&self, corpus: &Corpus, pack: &str) -> Result<(), Trouble> {
        let begins = corpus.pack(pack).and_then(|id| corpus.packs.get(id.index()));
        let begins = begins.map(|pack| pack.recorded_from);
        for (place, text) in [("--from", &self.from), ("--until", &self.until)] {
            let day = text.as_deref().map(Day::parse).transpose();
            let day = day.map_err(|error| Trouble::of(Fault::new(place, error.to_string())))?;
            if let (Some(day), Some(begins)) = (day, begins)
                && day < begins
            {
                let message = format!("`{pack}` records the law only from {begins} on");
                return Err(Trouble::of(Fault::new(place, message)));
            }
        }
        Ok(())
    }

    fn is_in_pack(&self, corpus: &Corpus, claim: &Claim) -> bool {
        let id = corpus.packs.get(claim.pack.index()).map(|pack| pack.id.as_str());
        self.pack.as_deref().is_none_or(|wanted| id == Some(wanted))
    }

    /// Reads the packs once more with the statement as a page of its own.
    fn with_statement(&self, packs: &Packs, pack: &str, statement: &str) -> Library {
        let period = match (&self.from, &self.until) {
            (Some(from), Some(until)) => format!("  from {from} until {until}\n"),
            (Some(from), None) => format!("  from {from}\n"),
            _ => String::new(),
        };
        let text = format!(
            "```law\nvocabulary \"Asked\"\n\nclaim \"{TITLE}\"\n{period}  {statement}\n```\n"
        );
        let mut packs = packs.clone();
        for it in packs.sources.packs.iter_mut().filter(|it| it.id == pack) {
            it.files.push(SourceFile { path: format!("{pack}/asked.law.md"), text: text.clone() });
        }
        Library::open(packs)
    }

    fn prove_all(
        &self,
        global: &Global,
        library: &Library,
        is_wanted: impl Fn(&Claim) -> bool,
    ) -> Result<Ending, Trouble> {
        let corpus = library.corpus();
        for pack in library.packs().ids() {
            if self.pack.as_deref().is_none_or(|wanted| wanted == pack) {
                library.sound(pack)?;
            }
        }
        let claims = corpus.claims.iter().filter(|it| self.is_in_pack(corpus, it) && is_wanted(it));
        let mut ending = Ending::Done;
        let mut documents = Vec::new();
        for claim in claims {
            let proof = prove(corpus, claim);
            match &proof {
                Proof::Holds { .. } => {}
                Proof::Fails(_) => ending = Ending::Negative,
                Proof::TooLarge(error) => return Err(Trouble::internal(error.to_string())),
            }
            if global.json {
                documents.push(document(library, claim, &proof));
            } else {
                output::text(&paragraph(library, claim, &proof));
            }
        }
        if global.json {
            output::json(&documents)?;
        }
        Ok(ending)
    }
}

fn paragraph(library: &Library, claim: &Claim, proof: &Proof) -> String {
    let found = match proof {
        Proof::Holds { law_count } => {
            let head = format!("{} ", styled(STRONG, "holds"));
            let laws = if *law_count == 1 { "law" } else { "laws" };
            let text = format!("{} ({law_count} {laws} searched whole)", claim.title);
            return hanging(&head, 6, &text);
        }
        Proof::Fails(found) => found,
        Proof::TooLarge(error) => return hanging("", 2, &error.to_string()),
    };
    let mut text = hanging(&format!("{} ", styled(STRONG, "fails")), 6, &claim.title);
    let corpus = library.corpus();
    let (agency, act) = names(corpus, found);
    let outcome = outcome_words(found.outcome.name());
    let facts = facts_text::lines(corpus, &found.facts);
    let such = if facts.is_empty() { "always".to_owned() } else { facts.join("; ") };
    let line = format!("on {}, {agency}: {outcome} {act}, such as: {such}", found.scope.at.on);
    text.push_str(&hanging("      ", 6, &line));
    text
}

fn names<'c>(corpus: &'c Corpus, found: &Counterexample) -> (&'c str, &'c str) {
    let agency = corpus.agencies.get(found.scope.agency.index());
    let act = corpus.acts.get(found.scope.act.index());
    (agency.map_or("", |it| it.words.as_str()), act.map_or("", |it| it.words.as_str()))
}

fn document(library: &Library, claim: &Claim, proof: &Proof) -> Value {
    let pack = library.corpus().packs.get(claim.pack.index()).map(|pack| pack.id.as_str());
    match proof {
        Proof::Fails(found) => json!({
            "pack": pack, "claim": claim.title, "holds": false,
            "outcome": found.outcome.name(),
            "request": library.witness(found.scope, &found.facts),
        }),
        Proof::Holds { law_count } => {
            json!({"pack": pack, "claim": claim.title, "holds": true, "laws": law_count})
        }
        Proof::TooLarge(error) => {
            json!({"pack": pack, "claim": claim.title, "error": error.to_string()})
        }
    }
}
