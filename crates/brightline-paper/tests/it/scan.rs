//! Scanned pages: read where the program is installed, told plainly where it is not.

use std::process::Command;

use brightline_paper::{Limits, Origin, Papers, read};
use lopdf::{Dictionary, Stream, dictionary};

use crate::fixtures::{Sheet, bytes, detainer_text, document, pdf};
use crate::forms::{proposed, value};

/// A page that is one picture.
fn picture_page(width: i64, height: i64, pixels: Vec<u8>) -> Vec<u8> {
    let mut scan = document(&[Sheet::default()]);
    let page = scan.page_iter().next().unwrap();
    let mut picture = Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => width, "Height" => height,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
        },
        pixels,
    );
    picture.compress().unwrap();
    let picture = scan.add_object(picture);
    let content = Stream::new(Dictionary::new(), b"q 612 0 0 792 0 0 cm /Im Do Q".to_vec());
    let content = scan.add_object(content);
    let dictionary = scan.get_dictionary_mut(page).unwrap();
    dictionary.set("Contents", content);
    dictionary.set("Resources", dictionary! { "XObject" => dictionary! { "Im" => picture } });
    bytes(&mut scan)
}

#[test]
fn a_scan_is_told_plainly_where_no_program_reads_it() {
    let file = picture_page(20, 20, vec![255; 400]);
    let limits = Limits { ocr_program: "no-such-program".to_owned(), ..Limits::default() };
    let reading = read(&file, &Papers::embedded().unwrap(), &limits).unwrap();
    assert_eq!(reading.origin, Origin::PictureOnly);
    assert!(reading.notes[0].contains("`no-such-program`"), "{:?}", reading.notes);
    assert!(reading.fields.is_empty() && reading.proposals.is_empty());
}

/// Draws a page as a gray picture at 200 dots an inch; none where the program is not installed.
fn drawn(file: &[u8]) -> Option<(i64, i64, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.pdf");
    std::fs::write(&path, file).unwrap();
    let map =
        Command::new("pdftoppm").args(["-gray", "-r", "200"]).arg(&path).output().ok()?.stdout;
    let mut head =
        map.splitn(4, |it| *it == b'\n').map(|it| String::from_utf8_lossy(it).into_owned());
    assert_eq!(head.next().as_deref(), Some("P5"));
    let sides = head.next()?;
    let (width, height) = sides.split_once(' ')?;
    let (width, height): (usize, usize) = (width.parse().ok()?, height.parse().ok()?);
    let pixels = map[map.len() - width * height..].to_vec();
    Some((i64::try_from(width).ok()?, i64::try_from(height).ok()?, pixels))
}

/// A detainer as a scanner sees it; none, and said so, where nothing here could read it.
fn scanned() -> Option<(i64, i64, Vec<u8>)> {
    let installed = Command::new("tesseract").arg("--version").output().is_ok();
    let drawn = drawn(&pdf(&[detainer_text()])).filter(|_| installed);
    if drawn.is_none() {
        println!("skipped: pdftoppm or tesseract is not installed");
    }
    drawn
}

#[test]
fn a_scan_is_read_where_the_program_is_installed() {
    let Some((width, height, pixels)) = scanned() else {
        return;
    };
    let file = picture_page(width, height, pixels);
    let reading = read(&file, &Papers::embedded().unwrap(), &Limits::default()).unwrap();
    assert_eq!(reading.origin, Origin::Scan);
    assert_eq!(reading.papers[0].name.as_deref(), Some("I-247A"), "{reading:#?}");
    assert_eq!(value(&reading, "date_of_birth"), "1990-01-02");
    assert_eq!(value(&reading, "subject_id"), "300000001");
    assert_eq!(proposed(&reading, "release_due"), Some("2025-03-04T17:40"));
    assert!(reading.notes.iter().any(|it| it.contains("letter by letter")));
    assert!(!format!("{reading:?}").contains("NOWHERELAND"));
}

/// The page laid askew on the scanner, by so many degrees; what is beside it is white.
fn askew(width: i64, height: i64, pixels: &[u8], degrees: f64) -> Vec<u8> {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let (middle, center) = (width as f64 / 2.0, height as f64 / 2.0);
    let dot = |at: i64| {
        let (x, y) = ((at % width) as f64 - middle, (at / width) as f64 - center);
        let from = (x * cosine + y * sine + middle, y * cosine - x * sine + center);
        let (across, down) = (from.0.round() as i64, from.1.round() as i64);
        let is_inside = (0..width).contains(&across) && (0..height).contains(&down);
        if is_inside { pixels[usize::try_from(down * width + across).unwrap()] } else { 255 }
    };
    (0..width * height).map(dot).collect()
}

#[test]
fn a_page_that_lay_askew_is_read_as_well() {
    let Some((width, height, pixels)) = scanned() else {
        return;
    };
    for degrees in [-2.0, -0.7, 0.4, 1.5] {
        let file = picture_page(width, height, askew(width, height, &pixels, degrees));
        let reading = read(&file, &Papers::embedded().unwrap(), &Limits::default()).unwrap();
        let name = reading.papers[0].name.as_deref();
        assert_eq!(name, Some("I-247A"), "{degrees} degrees\n{reading:#?}");
        assert_eq!(value(&reading, "date_of_birth"), "1990-01-02", "{degrees} degrees");
        assert_eq!(value(&reading, "subject_id"), "300000001", "{degrees} degrees");
        assert_eq!(proposed(&reading, "release_due"), Some("2025-03-04T17:40"), "{degrees}");
    }
}

#[test]
fn a_box_that_cannot_be_read_is_not_called_empty() {
    let notes = |page: Sheet| {
        read(&pdf(&[page]), &Papers::embedded().unwrap(), &Limits::default()).unwrap().notes
    };
    let mut page = detainer_text();
    for (.., text) in &mut page.lines {
        *text = text.replace("[X]", "[ ]").replace("Statements", "[ ] Statements");
    }
    let told = notes(page);
    assert!(told.iter().any(|it| it.starts_with("no box")), "all are read and empty: {told:?}");
    // As readers of scans see a tick: something before the words, and nobody knows what.
    let mut page = detainer_text();
    for (.., text) in &mut page.lines {
        *text = text.replace("[X]", "\u{a5}").replace("[ ]", "");
    }
    let told = notes(page);
    assert!(told.iter().any(|it| it.contains("not every box could be read")), "{told:?}");
    assert!(!told.iter().any(|it| it.contains("ticked")), "{told:?}");
}
