//! Runs every fuzz target for some seconds with inputs made from a seed.
//!
//! `smoke [--seconds N] [--seed N] [TARGET..]`; an input that breaks a property is written to
//! `artifacts/`, and `smoke --input FILE TARGET` runs it again.

use std::panic::catch_unwind;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use brightline_fuzz::bytes::Random;
use brightline_fuzz::{Inputs, TARGETS, Target, seeds};

const INPUT_BYTES_MAX: usize = 4096;

struct Options {
    seconds: u64,
    seed: u64,
    input: Option<String>,
    targets: Vec<&'static Target>,
}

fn main() -> ExitCode {
    let Some(options) = options() else {
        eprintln!("usage: smoke [--seconds N] [--seed N] [--input FILE] [TARGET..]");
        return ExitCode::from(2);
    };
    let texts = seeds::texts();
    for target in &options.targets {
        let good = match &options.input {
            Some(path) => std::fs::read(path).is_ok_and(|bytes| holds(target, &bytes)),
            None => smoke(target, &options, &texts),
        };
        if !good {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn options() -> Option<Options> {
    let mut options = Options { seconds: 2, seed: 1, input: None, targets: Vec::new() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => options.seconds = words.next()?.parse().ok()?,
            "--seed" => options.seed = words.next()?.parse().ok()?,
            "--input" => options.input = Some(words.next()?),
            name => options.targets.push(TARGETS.iter().find(|target| target.name == name)?),
        }
    }
    if options.targets.is_empty() {
        for target in TARGETS {
            match target.open {
                Some(why) => println!("{:32} left out: {why}", target.name),
                None => options.targets.push(target),
            }
        }
    }
    Some(options)
}

fn smoke(target: &Target, options: &Options, texts: &[String]) -> bool {
    let mut random = Random(options.seed);
    let end = Instant::now() + Duration::from_secs(options.seconds);
    let mut count = 0_u64;
    while Instant::now() < end {
        let input = match target.inputs {
            Inputs::Text => text(&mut random, texts),
            Inputs::Choices => bytes(&mut random),
        };
        if !holds(target, &input) {
            return false;
        }
        count += 1;
    }
    println!(
        "{:32} {count:>8} inputs in {} s, seed {}",
        target.name, options.seconds, options.seed
    );
    true
}

fn holds(target: &Target, input: &[u8]) -> bool {
    let run = target.run;
    if catch_unwind(|| run(input)).is_ok() {
        return true;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts");
    let path = folder.join(target.name);
    let kept = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, input));
    match kept {
        Ok(()) => eprintln!("error: {}: see {}", target.name, path.display()),
        Err(error) => eprintln!("error: {}: the input cannot be kept: {error}", target.name),
    }
    false
}

fn bytes(random: &mut Random) -> Vec<u8> {
    let length = random.below(300);
    (0..length).map(|_| random.draw() as u8).collect()
}

/// Takes a piece of a text, and cuts, doubles, swaps or replaces some of it.
fn text(random: &mut Random, texts: &[String]) -> Vec<u8> {
    let mut input = piece(random, texts);
    for _ in 0..random.below(6) {
        let (from, to) = (random.below(input.len() + 1), random.below(input.len() + 1));
        let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 40));
        match random.below(5) {
            0 => drop(input.drain(from..to)),
            1 => {
                let copy = input[from..to].to_vec();
                input.splice(from..from, copy);
            }
            2 => drop(input.splice(from..to, bytes(random))),
            3 => drop(input.splice(from..from, word(random, texts))),
            _ => {
                if let Some(byte) = input.get_mut(from) {
                    *byte = *random_of(random, b"\n \"(),-`\t0az\xff");
                }
            }
        }
    }
    input
}

/// A whole seed, or some of its lines.
fn piece(random: &mut Random, texts: &[String]) -> Vec<u8> {
    if texts.is_empty() {
        return bytes(random);
    }
    let text = random_of(random, texts).as_bytes();
    if random.below(2) == 0 && text.len() <= INPUT_BYTES_MAX {
        return text.to_vec();
    }
    let start = line_start(text, random.below(text.len()));
    let end = text.len().min(start + random.below(INPUT_BYTES_MAX));
    let mut input = b"```law\n".to_vec();
    input.extend(&text[start..end]);
    input
}

fn line_start(text: &[u8], at: usize) -> usize {
    text[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |found| found + 1)
}

fn word(random: &mut Random, texts: &[String]) -> Vec<u8> {
    if texts.is_empty() {
        return Vec::new();
    }
    let words: Vec<&str> = random_of(random, texts).split_whitespace().collect();
    let found = if words.is_empty() { "" } else { *random_of(random, &words) };
    format!(" {found} ").into_bytes()
}

fn random_of<'a, T>(random: &mut Random, of: &'a [T]) -> &'a T {
    &of[random.below(of.len())]
}
