//! The picture of a scanned page, in a form that readers of pictures take.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use crate::pdf::text::page_resources;
use crate::pdf::{Budget, entry, of_error};
use crate::refused::Refused;

/// A picture that is larger is not read: in pixels.
const PIXELS_MAX: i64 = 60_000_000;

/// A picture as a file, and its width in pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) file: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Returns the largest picture of a page, if it is written in a way that is known.
pub(crate) fn largest(
    document: &Document,
    page: ObjectId,
    budget: &mut Budget<'_>,
) -> Result<Option<Picture>, Refused> {
    let objects = page_resources(document, page)
        .and_then(|it| entry(document, it, b"XObject"))
        .and_then(|it| it.as_dict().ok());
    let mut best: Option<(i64, &Stream)> = None;
    for (_, object) in objects.into_iter().flat_map(Dictionary::iter) {
        let stream = document.dereference(object).ok().and_then(|it| it.1.as_stream().ok());
        let Some(stream) = stream.filter(|it| name(document, it, b"Subtype") == Some(b"Image"))
        else {
            continue;
        };
        let area = whole(document, stream, b"Width")
            .checked_mul(whole(document, stream, b"Height"))
            .unwrap_or(i64::MAX);
        if area > best.map_or(0, |it| it.0) {
            best = Some((area, stream));
        }
    }
    match best {
        Some((area, _)) if area > PIXELS_MAX => Err(Refused::Unpacks),
        Some((_, stream)) => picture(document, stream, budget),
        None => Ok(None),
    }
}

fn picture(
    document: &Document,
    stream: &Stream,
    budget: &mut Budget<'_>,
) -> Result<Option<Picture>, Refused> {
    let sides = (
        u32::try_from(whole(document, stream, b"Width")),
        u32::try_from(whole(document, stream, b"Height")),
    );
    let (Ok(width), Ok(height)) = sides else {
        return Ok(None);
    };
    let filters = stream.filters().unwrap_or_default();
    let file = match filters.as_slice() {
        [b"DCTDecode"] | [b"JPXDecode"] => Some(stream.content.clone()),
        [b"CCITTFaxDecode"] => fax(document, stream, width, height),
        _ => {
            let max = budget.stream_max();
            let pixels = stream.get_plain_content_with_limit(max).map_err(|it| of_error(&it))?;
            map(document, stream, &pixels, (width, height))
        }
    };
    if let Some(file) = &file {
        budget.take(file.len())?;
    }
    Ok(file.map(|file| Picture { file, width, height }))
}

/// Plain pixels as a portable map; black and white, gray and color are known.
fn map(
    document: &Document,
    stream: &Stream,
    pixels: &[u8],
    (width, height): (u32, u32),
) -> Option<Vec<u8>> {
    let bits = whole(document, stream, b"BitsPerComponent");
    let mask = entry(document, &stream.dict, b"ImageMask").is_some();
    let colors = match entry(document, &stream.dict, b"ColorSpace") {
        Some(Object::Array(array)) => array.first().and_then(|it| it.as_name().ok()),
        Some(object) => object.as_name().ok(),
        None => None,
    };
    let row =
        |bits_a_pixel: u32| (width.checked_mul(bits_a_pixel)?.div_ceil(8)).checked_mul(height);
    let (head, length, flipped) = match (bits, colors) {
        (8, Some(b"DeviceGray" | b"CalGray")) => ("P5", row(8)?, false),
        (8, Some(b"DeviceRGB" | b"CalRGB")) => ("P6", row(24)?, false),
        // An embedded profile: as many channels as there are bytes.
        (8, Some(b"ICCBased")) if pixels.len() >= row(24)? as usize => ("P6", row(24)?, false),
        (8, Some(b"ICCBased")) => ("P5", row(8)?, false),
        // In a portable bit map one is black, here it is white.
        (1, _) => ("P4", row(1)?, !mask),
        _ => return None,
    };
    let pixels = pixels.get(..length as usize)?;
    let depth = if head == "P4" { "" } else { "255\n" };
    let mut file = format!("{head}\n{width} {height}\n{depth}").into_bytes();
    file.extend(pixels.iter().map(|it| if flipped { !it } else { *it }));
    Some(file)
}

/// A fax as a file of the tagged format, whose readers know it.
fn fax(document: &Document, stream: &Stream, width: u32, height: u32) -> Option<Vec<u8>> {
    let parameters = match entry(document, &stream.dict, b"DecodeParms") {
        Some(Object::Array(array)) => array.first().and_then(|it| it.as_dict().ok()),
        Some(object) => object.as_dict().ok(),
        None => None,
    };
    let of = |key: &[u8]| parameters.and_then(|it| entry(document, it, key));
    let k = of(b"K").and_then(|it| it.as_i64().ok()).unwrap_or(0);
    let black_is_one = of(b"BlackIs1").and_then(|it| it.as_bool().ok()).unwrap_or(false);
    if k >= 0 {
        return None;
    }
    let length = u32::try_from(stream.content.len()).ok()?;
    let mut file = Vec::with_capacity(stream.content.len() + 128);
    file.extend(b"II*\0\x08\0\0\0");
    let entries: [(u16, u16, u32); 8] = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, 1),
        (259, 3, 4),
        (262, 3, u32::from(black_is_one)),
        (273, 4, 8 + 2 + 8 * 12 + 4),
        (278, 4, height),
        (279, 4, length),
    ];
    file.extend(8u16.to_le_bytes());
    for (tag, kind, value) in entries {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(1u32.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    file.extend(&stream.content);
    Some(file)
}

fn whole(document: &Document, stream: &Stream, key: &[u8]) -> i64 {
    entry(document, &stream.dict, key).and_then(|it| it.as_i64().ok()).unwrap_or(0).max(0)
}

fn name<'a>(document: &'a Document, stream: &'a Stream, key: &[u8]) -> Option<&'a [u8]> {
    entry(document, &stream.dict, key).and_then(|it| it.as_name().ok())
}
