//! PDFs, opened under limits.

mod form;
mod picture;
mod text;

use std::time::Instant;

use lopdf::{Dictionary, Document, Error, LoadOptions, Object};

pub(crate) use self::form::Input;
pub(crate) use self::picture::Picture;
use crate::limits::Limits;
use crate::refused::Refused;
use crate::words::Segment;

/// The header may stand this far into the file.
const HEADER_WITHIN: usize = 1024;
/// A page smaller or larger than this is shown as a letter page: in points.
const SIDE_MAX: f32 = 14_400.0;
const LETTER: (f32, f32) = (612.0, 792.0);

/// A PDF that was opened.
pub(crate) struct Opened {
    /// The fields of its form.
    pub(crate) inputs: Vec<Input>,
    /// The text of its pages, line by line.
    pub(crate) segments: Vec<Segment>,
    /// Width and height of each page, in points.
    pub(crate) sizes: Vec<(f32, f32)>,
    /// The largest picture of each page that has one and no text.
    pub(crate) pictures: Vec<(u32, Picture)>,
    pub(crate) started: Instant,
}

impl Opened {
    pub(crate) fn is_pictures_only(&self) -> bool {
        self.inputs.is_empty() && self.segments.is_empty() && !self.pictures.is_empty()
    }
}

pub(crate) fn is_pdf(bytes: &[u8]) -> bool {
    let head = bytes.get(..HEADER_WITHIN.min(bytes.len())).unwrap_or_default();
    head.windows(5).any(|it| it == b"%PDF-")
}

/// What may still be unpacked, and until when.
pub(crate) struct Budget<'a> {
    limits: &'a Limits,
    left: usize,
    started: Instant,
}

impl Budget<'_> {
    pub(crate) fn take(&mut self, bytes: usize) -> Result<(), Refused> {
        self.left = self.left.checked_sub(bytes).ok_or(Refused::Unpacks)?;
        self.in_time()
    }

    pub(crate) fn stream_max(&self) -> usize {
        self.limits.stream_bytes_max.min(self.left)
    }

    pub(crate) fn in_time(&self) -> Result<(), Refused> {
        if self.started.elapsed() > self.limits.time_max {
            return Err(Refused::TooSlow);
        }
        Ok(())
    }

    pub(crate) fn fields_max(&self) -> usize {
        self.limits.fields_max
    }
}

pub(crate) fn open(bytes: &[u8], limits: &Limits) -> Result<Opened, Refused> {
    let started = Instant::now();
    let mut budget = Budget { limits, left: limits.total_bytes_max, started };
    let document = load(bytes, limits)?;
    budget.in_time()?;
    if document.objects.len() > limits.objects_max {
        return Err(Refused::TooMany);
    }
    let pages: Vec<_> = document.page_iter().take(limits.pages_max + 1).collect();
    match pages.len() {
        0 => return Err(Refused::NoPage),
        count if count > limits.pages_max => return Err(Refused::TooManyPages),
        _ => {}
    }
    let sizes: Vec<_> = pages.iter().map(|&page| size(&document, page)).collect();
    let inputs = form::inputs(&document, &pages, &sizes, &budget)?;
    let mut segments = Vec::new();
    let mut pictures = Vec::new();
    for ((number, &page), size) in (1..).zip(&pages).zip(&sizes) {
        let found = text::segments(&document, page, number, *size, &mut budget)?;
        if found.is_empty()
            && let Some(picture) = picture::largest(&document, page, &mut budget)?
        {
            pictures.push((number, picture));
        }
        segments.extend(found);
    }
    Ok(Opened { inputs, segments: crate::words::in_lines(segments), sizes, pictures, started })
}

fn load(bytes: &[u8], limits: &Limits) -> Result<Document, Refused> {
    let options = LoadOptions::with_max_decompressed_size(limits.stream_bytes_max);
    let document =
        Document::load_mem_with_options(bytes, options).map_err(|error| match error {
            Error::InvalidPassword
            | Error::Decryption(_)
            | Error::UnsupportedSecurityHandler(_) => Refused::Locked,
            error => of_error(&error),
        })?;
    if document.is_encrypted() {
        return Err(Refused::Locked);
    }
    Ok(document)
}

pub(crate) fn of_error(error: &Error) -> Refused {
    match error {
        Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. }) => Refused::Unpacks,
        Error::ReferenceLimit | Error::RecursionLimit | Error::ReferenceCycle(_) => {
            Refused::Hostile
        }
        _ => Refused::Damaged,
    }
}

/// Returns the value of a key, through references.
pub(crate) fn entry<'a>(
    document: &'a Document,
    dictionary: &'a Dictionary,
    key: &[u8],
) -> Option<&'a Object> {
    let object = dictionary.get(key).ok()?;
    document.dereference(object).ok().map(|it| it.1)
}

pub(crate) fn numbers(document: &Document, object: &Object) -> Vec<f32> {
    let Ok(array) = object.as_array() else {
        return Vec::new();
    };
    let number = |it| document.dereference(it).ok()?.1.as_float().ok();
    array.iter().filter_map(number).collect()
}

fn size(document: &Document, page: lopdf::ObjectId) -> (f32, f32) {
    let mut at = document.get_dictionary(page).ok();
    for _ in 0..16 {
        let Some(dictionary) = at else {
            break;
        };
        if let Some(found) = entry(document, dictionary, b"MediaBox") {
            if let [left, bottom, right, top] = numbers(document, found)[..] {
                let (width, height) = ((right - left).abs(), (top - bottom).abs());
                let is_sound = |it: f32| it.is_finite() && it > 1.0 && it < SIDE_MAX;
                if is_sound(width) && is_sound(height) {
                    return (width, height);
                }
            }
            break;
        }
        at = entry(document, dictionary, b"Parent").and_then(|it| it.as_dict().ok());
    }
    LETTER
}
