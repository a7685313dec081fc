//! Pages drawn as pictures by a program of the system, within the process that reads papers and
//! under its limits.

use std::fmt;
use std::io::{self, Read as _, Write};
use std::process::{Command, Stdio};
use std::thread;

use crate::limits::Limits;
use crate::ocr::wait;
use crate::papers::{FieldForm, Papers};
use crate::reading::{Keep, Origin, Place, Reading};

/// More pages are not drawn: a form has three.
const PAGES_MAX: u32 = 4;
/// A picture of a page that is larger is left out: 4 MiB.
const PICTURE_BYTES_MAX: usize = 4 << 20;
/// How wide a picture is, in pixels: fine print can be read.
const WIDTH: &str = "1000";
/// Every PNG begins so.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// What is written in place of pictures where no program draws them.
const NO_PROGRAM: &[u8] = b"no program";
/// What is written in place of pictures that might show what may not be recorded.
const NOT_COVERED: &[u8] = b"not covered";
/// A page as it is drawn, before it is packed, is never longer: 16 MiB.
const DRAWN_BYTES_MAX: u64 = 16 << 20;
/// What is covered is gray, so that it is seen that something stands there.
const COVER: u8 = 0x99;

/// Why pages were not drawn; the text is for the person who handed the paper in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDrawn {
    /// No program on this machine draws pages.
    NoProgram,
    /// What may not be recorded could not be found on it, and so could not be covered.
    NotCovered,
    /// The file could not be drawn within the limits.
    Failed,
}

impl fmt::Display for NotDrawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoProgram => {
                "the page cannot be shown, because the program `pdftoppm` (Debian's package \
                 `poppler-utils`) is not installed"
            }
            Self::NotCovered => {
                "the page is not shown, because what the law forbids to record could not be \
                 covered on it for certain"
            }
            Self::Failed => "the page could not be drawn",
        })
    }
}

impl std::error::Error for NotDrawn {}

/// Draws the first pages of a PDF that was read: the length of each picture in four bytes, then its
/// bytes. What the reading may not give out is covered.
pub(crate) fn draw(
    file: &[u8],
    (reading, papers): (&Reading, &Papers),
    limits: &Limits,
    to: &mut impl Write,
) -> io::Result<()> {
    let Some(covers) = covers(reading, papers) else { return to.write_all(NOT_COVERED) };
    for (page, size) in (1..=PAGES_MAX).zip(&reading.sizes) {
        let drawn = match one(file, page, limits) {
            Ok(drawn) => drawn,
            Err(_) if page == 1 => return to.write_all(NO_PROGRAM),
            Err(_) => return Ok(()),
        };
        let Some(mut sheet) = Sheet::of(&drawn) else { return Ok(()) };
        for place in covers.iter().filter(|it| it.page == page) {
            sheet.cover(place, *size);
        }
        let Some(picture) = sheet.png().filter(|it| it.len() <= PICTURE_BYTES_MAX) else {
            return Ok(());
        };
        let length = u32::try_from(picture.len()).unwrap_or_default();
        to.write_all(&length.to_be_bytes())?;
        to.write_all(&picture)?;
    }
    Ok(())
}

/// Returns the places that have to be covered; nothing where they cannot all be known: then no page
/// is drawn.
fn covers(reading: &Reading, papers: &Papers) -> Option<Vec<Place>> {
    if reading.papers.is_empty() || reading.origin == Origin::PictureOnly {
        return None;
    }
    for paper in &reading.papers {
        let form = papers.get(paper.name.as_deref()?)?;
        let is_found = |field: &&FieldForm| {
            field.keep != Keep::Never || reading.origin == Origin::Form || !field.printed.is_empty()
        };
        if !form.fields.iter().all(|field| is_found(&field)) {
            return None;
        }
    }
    let kept_back = reading.fields.iter().filter(|it| it.filled && it.keep != Keep::Yes);
    kept_back.map(|field| field.place).collect()
}

/// A page as the program draws it: gray, a byte a dot.
struct Sheet {
    width: usize,
    height: usize,
    dots: Vec<u8>,
}

impl Sheet {
    /// Reads the binary form of a portable graymap: `P5`, width, height, 255, dots.
    fn of(file: &[u8]) -> Option<Self> {
        let mut rest = file.strip_prefix(b"P5")?;
        let mut numbers = [0usize; 3];
        for number in &mut numbers {
            rest = rest.trim_ascii_start();
            let end = rest.iter().position(|it| !it.is_ascii_digit())?;
            let (digits, after) = rest.split_at(end);
            *number = std::str::from_utf8(digits).ok()?.parse().ok()?;
            rest = after;
        }
        let [width, height, most] = numbers;
        let dots = rest.get(1..)?;
        let is_whole = most == 255 && width > 0 && dots.len() == width.checked_mul(height)?;
        is_whole.then(|| Self { width, height, dots: dots.to_vec() })
    }

    /// Paints over a place, and a little around it.
    fn cover(&mut self, place: &Place, (points, _): (f32, f32)) {
        let scale = self.width as f32 / points.max(1.0);
        let from = |at: f32| (at * scale).max(0.0) as usize;
        let to = |at: f32, most: usize| ((at * scale).ceil().max(0.0) as usize).min(most);
        let columns = from(place.left - 2.0)..to(place.left + place.width + 4.0, self.width);
        let rows = from(place.top - 2.0)..to(place.top + place.height + 3.0, self.height);
        for row in self.dots.chunks_mut(self.width).skip(rows.start).take(rows.len()) {
            if let Some(dots) = row.get_mut(columns.clone()) {
                dots.fill(COVER);
            }
        }
    }

    fn png(&self) -> Option<Vec<u8>> {
        let (width, height) = (u32::try_from(self.width).ok()?, u32::try_from(self.height).ok()?);
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&self.dots).ok()?;
        writer.finish().ok()?;
        Some(file)
    }
}

/// Draws one page; nothing where it cannot be drawn in time.
///
/// # Errors
///
/// When the program cannot be started.
fn one(file: &[u8], page: u32, limits: &Limits) -> io::Result<Vec<u8>> {
    let page = page.to_string();
    let mut child = Command::new("pdftoppm")
        .args(["-gray", "-singlefile", "-scale-to-x", WIDTH, "-scale-to-y", "-1"])
        .args(["-f", &page, "-l", &page, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let input = file.to_vec();
    let (mut stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let writer = thread::spawn(move || stdin.as_mut().map(|it| it.write_all(&input).is_ok()));
    let reader = thread::spawn(move || {
        let mut drawn = Vec::new();
        let read = stdout.map(|it| it.take(DRAWN_BYTES_MAX).read_to_end(&mut drawn));
        read.and_then(Result::ok).map(|_| drawn)
    });
    let in_time = wait(&mut child, limits.time_max);
    drop(writer.join());
    let drawn = reader.join().ok().flatten().unwrap_or_default();
    Ok(if in_time { drawn } else { Vec::new() })
}

/// Takes apart what [`draw`] wrote.
pub(crate) fn pictures(mut answer: &[u8]) -> Result<Vec<Vec<u8>>, NotDrawn> {
    match answer {
        NO_PROGRAM => return Err(NotDrawn::NoProgram),
        NOT_COVERED => return Err(NotDrawn::NotCovered),
        _ => {}
    }
    let mut pictures = Vec::new();
    while let Some((length, rest)) = answer.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let Some((picture, rest)) = rest.split_at_checked(length) else { break };
        if !picture.starts_with(PNG) {
            break;
        }
        pictures.push(picture.to_vec());
        answer = rest;
    }
    if pictures.is_empty() { Err(NotDrawn::Failed) } else { Ok(pictures) }
}

#[cfg(test)]
mod tests {
    use super::{COVER, NO_PROGRAM, NotDrawn, PNG, Sheet, pictures};
    use crate::reading::Place;

    #[test]
    fn what_is_covered_cannot_be_seen_and_the_rest_can() {
        let file = [b"P5\n4 3\n255\n".as_slice(), &[1; 12]].concat();
        let mut sheet = Sheet::of(&file).unwrap();
        let place = Place { page: 1, left: 202.0, top: 202.0, width: 90.0, height: 90.0 };
        sheet.cover(&place, (400.0, 300.0));
        let expected = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, COVER, 1];
        assert_eq!(sheet.dots, expected);
        assert!(sheet.png().unwrap().starts_with(PNG));
        assert!(Sheet::of(b"P5 4 3 255 short").is_none());
        assert!(Sheet::of(b"P6\n1 1\n255\nxxx").is_none());
    }

    #[test]
    fn what_is_no_picture_is_not_shown() {
        let frame = |bytes: &[u8]| {
            let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
            [length.as_slice(), bytes].concat()
        };
        let picture = [PNG, b"rest"].concat();
        assert_eq!(pictures(NO_PROGRAM), Err(NotDrawn::NoProgram));
        assert_eq!(pictures(b""), Err(NotDrawn::Failed));
        assert_eq!(pictures(&frame(b"<svg onload=1>")), Err(NotDrawn::Failed));
        let two = [frame(&picture), frame(&picture)].concat();
        assert_eq!(pictures(&two), Ok(vec![picture.clone(), picture.clone()]));
        let cut = [frame(&picture), vec![0, 0, 1, 0, 7]].concat();
        assert_eq!(pictures(&cut), Ok(vec![picture]));
    }
}
