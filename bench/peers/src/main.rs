//! The race: Brightline and other engines on the same policy and the same inputs.
//!
//! `brightline-peers FOLDER [SECTION…]` reads what `generate.py` wrote into the folder and runs
//! the sections named, or all. Every row first answers all inputs; one wrong answer ends the run.

mod analysis;
mod brightline;
mod cedar;
mod columns;
mod many;
mod memory;
mod missing;
mod new_york;
mod policy;
mod rego;
mod table;
mod zen;

use std::error::Error;
use std::path::PathBuf;

use policy::Race;
use table::Table;

/// Whatever went wrong.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut words = std::env::args().skip(1);
    let folder = PathBuf::from(words.next().ok_or("name the folder that generate.py wrote")?);
    let wanted: Vec<String> = words.collect();
    if let [word, engine] = &wanted[..]
        && word == memory::WORD
    {
        return memory::of(&folder, engine);
    }
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    let mut table = Table::new();
    if is_wanted("policy") {
        let race = Race::read(&folder)?;
        println!(
            "{} inputs; {} holds and {} notifications permitted\n",
            race.inputs.len(),
            race.answers.iter().filter(|answer| *answer & 1 != 0).count(),
            race.answers.iter().filter(|answer| *answer & 2 != 0).count(),
        );
        policy::rows(&race, &mut table);
        brightline::rows(&race, &mut table)?;
        cedar::rows(&race, &mut table)?;
        rego::rows(&race, &mut table)?;
        zen::rows(&race, &mut table)?;
    }
    if is_wanted("columns") {
        columns::rows(&Race::read(&folder)?, &mut table)?;
    }
    if is_wanted("many") {
        many::rows(&Race::read(&folder)?, &mut table)?;
    }
    if is_wanted("new-york") {
        new_york::rows(&folder, &mut table)?;
    }
    if wanted.is_empty() {
        table.add_others(&folder)?;
    }
    table.print();
    if is_wanted("memory") {
        memory::show(&folder)?;
    }
    if is_wanted("missing") {
        missing::show(&folder)?;
    }
    if is_wanted("analysis") {
        analysis::show(&folder)?;
    }
    Ok(())
}
