//! The habits of the house, checked. Every fault is listed with its place.

mod citations;
mod glossary;
mod language;
mod layering;
mod lexer;
mod markdown;
mod purity;
mod reachable;
mod sizes;
mod tree;
mod words;

use tree::Tree;

/// Fails with all faults at once.
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_crate_uses_only_what_lies_below_it() {
    assert_none(&layering::faults(&Tree::read()));
}

#[test]
fn the_law_crate_is_a_pure_function() {
    assert_none(&purity::faults(&Tree::read()));
}

#[test]
fn lines_functions_and_files_are_short() {
    assert_none(&sizes::faults(&Tree::read()));
}

#[test]
fn names_and_words_are_the_right_ones() {
    assert_none(&words::faults(&Tree::read()));
}

#[test]
fn every_rust_file_is_reached() {
    assert_none(&reachable::faults(&Tree::read()));
}

#[test]
fn pages_have_one_title_short_lines_and_live_links() {
    assert_none(&markdown::faults(&Tree::read()));
}

#[test]
fn every_public_type_of_the_law_crate_is_in_the_glossary() {
    assert_none(&glossary::faults(&Tree::read()));
}

#[test]
fn no_rust_names_an_agency_an_act_or_a_section() {
    assert_none(&citations::faults(&Tree::read()));
}

#[test]
fn every_code_and_every_construct_has_a_language_test() {
    assert_none(&language::faults(&Tree::read()));
}
