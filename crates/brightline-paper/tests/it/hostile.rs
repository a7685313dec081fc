//! Files that are broken or mean harm are refused with a clear word.

use brightline_paper::{Limits, Papers, Refused, read};
use lopdf::{
    Dictionary, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary,
};

use crate::fixtures::{Sheet, bytes, detainer_form, document, pdf};

fn refused(file: &[u8]) -> Refused {
    refused_under(file, &Limits::default())
}

fn refused_under(file: &[u8], limits: &Limits) -> Refused {
    let refused = read(file, &Papers::embedded().unwrap(), limits).unwrap_err();
    assert!(!refused.to_string().is_empty() && !refused.help().is_empty());
    refused
}

#[test]
fn what_is_no_paper_is_refused() {
    assert_eq!(refused(b""), Refused::Empty);
    assert_eq!(refused(b"\x89PNG\r\n\x1a\n and so on"), Refused::NoPaper);
    assert_eq!(refused(b"just a note"), Refused::NoPaper);
}

#[test]
fn a_damaged_file_is_refused() {
    let whole = pdf(&[detainer_form()]);
    assert_eq!(refused(&whole[..40]), Refused::Damaged);
    assert_eq!(refused(b"%PDF-1.7\nnothing of the kind\n%%EOF"), Refused::Damaged);
}

#[test]
fn a_locked_file_is_refused() {
    let mut locked = document(&[detainer_form()]);
    locked.trailer.set(
        "ID",
        Object::Array(vec![Object::string_literal("one"), Object::string_literal("two")]),
    );
    let version = EncryptionVersion::V2 {
        document: &locked,
        owner_password: "owner",
        user_password: "secret",
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    locked.encrypt(&state).unwrap();
    assert_eq!(refused(&bytes(&mut locked)), Refused::Locked);
}

#[test]
fn too_long_too_many_pages_and_no_page_are_refused() {
    let limits = Limits { bytes_max: 100, ..Limits::default() };
    assert_eq!(refused_under(&pdf(&[detainer_form()]), &limits), Refused::TooLong);
    let many: Vec<Sheet> = (0..41).map(|_| Sheet::default()).collect();
    assert_eq!(refused(&pdf(&many)), Refused::TooManyPages);
    assert_eq!(refused(&pdf(&[])), Refused::NoPage);
}

#[test]
fn a_bomb_is_refused_before_it_unpacks() {
    let mut bomb = document(&[Sheet::default()]);
    let page = bomb.page_iter().next().unwrap();
    let mut content = Stream::new(Dictionary::new(), vec![b' '; 32 << 20]);
    content.compress().unwrap();
    let content = bomb.add_object(content);
    bomb.get_dictionary_mut(page).unwrap().set("Contents", content);
    let file = bytes(&mut bomb);
    assert!(file.len() < 64 << 10);
    assert_eq!(refused(&file), Refused::Unpacks);
}

#[test]
fn many_small_bombs_are_refused_together() {
    let sheets: Vec<Sheet> = (0..8).map(|_| Sheet::default()).collect();
    let mut bomb = document(&sheets);
    let mut content = Stream::new(Dictionary::new(), vec![b' '; 12 << 20]);
    content.compress().unwrap();
    let content = bomb.add_object(content);
    for page in bomb.page_iter().collect::<Vec<_>>() {
        bomb.get_dictionary_mut(page).unwrap().set("Contents", content);
    }
    assert_eq!(refused(&bytes(&mut bomb)), Refused::Unpacks);
}

#[test]
fn a_form_that_contains_itself_is_refused() {
    let mut loops = document(&[Sheet::default()]);
    let field = loops.new_object_id();
    let looped = dictionary! { "T" => Object::string_literal("a"), "Kids" => vec![field.into()] };
    loops.objects.insert(field, Object::Dictionary(looped));
    let form = dictionary! { "Fields" => vec![field.into()] };
    loops.catalog_mut().unwrap().set("AcroForm", form);
    assert_eq!(refused(&bytes(&mut loops)), Refused::Hostile);
}

#[test]
fn a_drawing_that_contains_itself_is_refused() {
    let mut loops = document(&[Sheet::default()]);
    let page = loops.page_iter().next().unwrap();
    let drawing = loops.new_object_id();
    let resources = dictionary! { "XObject" => dictionary! { "X" => drawing } };
    let own = dictionary! { "Subtype" => "Form", "Resources" => resources.clone() };
    loops.objects.insert(drawing, Object::Stream(Stream::new(own, b"/X Do /X Do".to_vec())));
    let content = loops.add_object(Stream::new(Dictionary::new(), b"/X Do".to_vec()));
    let dictionary = loops.get_dictionary_mut(page).unwrap();
    dictionary.set("Contents", content);
    dictionary.set("Resources", resources);
    assert_eq!(refused(&bytes(&mut loops)), Refused::Hostile);
}

#[test]
fn deep_nesting_does_not_bring_the_reader_down() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let file = format!(
        "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/X {deep}>>\nendobj\n\
         trailer\n<</Root 1 0 R>>\n%%EOF"
    );
    assert!(matches!(refused(file.as_bytes()), Refused::Damaged | Refused::NoPage));
}

#[test]
fn a_page_tree_that_contains_itself_has_no_end_of_pages_and_is_refused() {
    let mut loops = document(&[Sheet::default()]);
    let tree = loops.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap();
    loops.get_dictionary_mut(tree).unwrap().set("Kids", vec![tree.into(), tree.into()]);
    assert_eq!(refused(&bytes(&mut loops)), Refused::NoPage);
}

#[test]
fn a_form_with_too_many_fields_is_refused() {
    let mut sheet = Sheet::default();
    for at in 0..2_100 {
        sheet = sheet.text(&format!("field {at}"), "");
    }
    assert_eq!(refused(&pdf(&[sheet])), Refused::TooMany);
}
