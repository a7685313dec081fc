//! The text of a page, with its places.

use std::collections::BTreeMap;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Encoding, Object, ObjectId};

use crate::pdf::{Budget, entry, numbers, of_error};
use crate::refused::Refused;
use crate::words::Segment;

/// Forms within forms go no deeper.
const FORMS_DEPTH_MAX: usize = 6;
const SEGMENTS_MAX: usize = 60_000;
/// The width of a letter whose font does not say, in parts of its size.
const USUAL_WIDTH: f32 = 0.5;

/// A matrix of six numbers, as PDF writes them.
#[derive(Debug, Clone, Copy)]
struct Matrix([f32; 6]);

impl Matrix {
    const ONE: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    fn of(operands: &[Object]) -> Option<Self> {
        let mut numbers = [0.0; 6];
        for (number, operand) in numbers.iter_mut().zip(operands) {
            *number = operand.as_float().ok().filter(|it| it.is_finite())?;
        }
        (operands.len() == 6).then_some(Self(numbers))
    }

    /// Does this one first, then the other.
    fn then(self, next: Self) -> Self {
        let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (self.0, next.0);
        Self([
            a * g + b * i,
            a * h + b * j,
            c * g + d * i,
            c * h + d * j,
            e * g + f * i + k,
            e * h + f * j + l,
        ])
    }

    fn moved(x: f32, y: f32) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }
}

struct Face<'a> {
    encoding: Option<Encoding<'a>>,
    first: i64,
    widths: Vec<f32>,
    bytes_a_letter: usize,
}

/// What is drawn: operations, and what they name.
struct Drawing<'a, 'b> {
    content: &'b [u8],
    fonts: BTreeMap<Vec<u8>, &'a Dictionary>,
    resources: Option<&'a Dictionary>,
    depth: usize,
}

struct State<'a> {
    document: &'a Document,
    page: u32,
    height: f32,
    segments: Vec<Segment>,
    matrix: Matrix,
    stack: Vec<Matrix>,
    text: Matrix,
    line: Matrix,
    leading: f32,
    size: f32,
    face: Option<Vec<u8>>,
}

pub(crate) fn segments(
    document: &Document,
    page: ObjectId,
    number: u32,
    size: (f32, f32),
    budget: &mut Budget<'_>,
) -> Result<Vec<Segment>, Refused> {
    let content = document
        .get_page_content_with_limit(page, budget.stream_max())
        .map_err(|error| of_error(&error))?;
    budget.take(content.len())?;
    let mut state = State {
        document,
        page: number,
        height: size.1,
        segments: Vec::new(),
        matrix: Matrix::ONE,
        stack: Vec::new(),
        text: Matrix::ONE,
        line: Matrix::ONE,
        leading: 0.0,
        size: 10.0,
        face: None,
    };
    let drawing = Drawing {
        content: &content,
        fonts: document.get_page_fonts(page).unwrap_or_default(),
        resources: page_resources(document, page),
        depth: FORMS_DEPTH_MAX,
    };
    state.run(&drawing, budget)?;
    Ok(state.segments)
}

pub(crate) fn page_resources(document: &Document, page: ObjectId) -> Option<&Dictionary> {
    let mut at = document.get_dictionary(page).ok();
    for _ in 0..16 {
        let dictionary = at?;
        let found = entry(document, dictionary, b"Resources").and_then(|it| it.as_dict().ok());
        if found.is_some() {
            return found;
        }
        at = entry(document, dictionary, b"Parent").and_then(|it| it.as_dict().ok());
    }
    None
}

impl<'a> State<'a> {
    fn run(&mut self, drawing: &Drawing<'a, '_>, budget: &mut Budget<'_>) -> Result<(), Refused> {
        let Ok(content) = Content::decode(drawing.content) else {
            return Ok(());
        };
        let max = budget.stream_max();
        let faces: BTreeMap<&[u8], Face<'a>> = drawing
            .fonts
            .iter()
            .map(|(name, font)| (name.as_slice(), face(self.document, font, max)))
            .collect();
        for (count, operation) in content.operations.iter().enumerate() {
            if count % 1024 == 0 {
                budget.in_time()?;
            }
            if self.segments.len() > SEGMENTS_MAX {
                return Err(Refused::TooMany);
            }
            if operation.operator == "Do" {
                self.form(operation, drawing, budget)?;
            } else {
                self.step(operation, &faces);
            }
        }
        Ok(())
    }

    fn form(
        &mut self,
        operation: &Operation,
        outer: &Drawing<'a, '_>,
        budget: &mut Budget<'_>,
    ) -> Result<(), Refused> {
        let found = || {
            let name = operation.operands.first()?.as_name().ok()?;
            let objects = entry(self.document, outer.resources?, b"XObject")?.as_dict().ok()?;
            let stream = entry(self.document, objects, name)?.as_stream().ok()?;
            let kind = entry(self.document, &stream.dict, b"Subtype")?.as_name().ok()?;
            (kind == b"Form").then_some(stream)
        };
        let Some(stream) = found() else {
            return Ok(());
        };
        if outer.depth == 0 {
            return Err(Refused::Hostile);
        }
        let content = stream
            .get_plain_content_with_limit(budget.stream_max())
            .map_err(|error| of_error(&error))?;
        budget.take(content.len().max(64))?;
        let own = entry(self.document, &stream.dict, b"Resources").and_then(|it| it.as_dict().ok());
        let listed = own.and_then(|it| entry(self.document, it, b"Font")).map(Object::as_dict);
        let mut fonts = BTreeMap::new();
        for (name, font) in listed.and_then(Result::ok).into_iter().flat_map(Dictionary::iter) {
            if let Some(font) =
                self.document.dereference(font).ok().and_then(|it| it.1.as_dict().ok())
            {
                fonts.insert(name.clone(), font);
            }
        }
        let kept = self.matrix;
        if let Some(matrix) = entry(self.document, &stream.dict, b"Matrix")
            && let Ok(matrix) = <[f32; 6]>::try_from(numbers(self.document, matrix))
        {
            self.matrix = Matrix(matrix).then(kept);
        }
        let resources = own.or(outer.resources);
        let inner = Drawing { content: &content, fonts, resources, depth: outer.depth - 1 };
        self.run(&inner, budget)?;
        self.matrix = kept;
        Ok(())
    }

    fn step(&mut self, operation: &Operation, faces: &BTreeMap<&[u8], Face<'a>>) {
        let operands = operation.operands.as_slice();
        let number = |at: usize| operands.get(at).and_then(|it| it.as_float().ok()).unwrap_or(0.0);
        match operation.operator.as_str() {
            "q" if self.stack.len() < 256 => self.stack.push(self.matrix),
            "Q" => self.matrix = self.stack.pop().unwrap_or(self.matrix),
            "cm" => {
                if let Some(matrix) = Matrix::of(operands) {
                    self.matrix = matrix.then(self.matrix);
                }
            }
            "BT" => (self.text, self.line) = (Matrix::ONE, Matrix::ONE),
            "Tf" => {
                self.face = operands.first().and_then(|it| it.as_name().ok()).map(<[u8]>::to_vec);
                self.size = number(1);
            }
            "TL" => self.leading = number(0),
            "Tm" => {
                if let Some(matrix) = Matrix::of(operands) {
                    (self.text, self.line) = (matrix, matrix);
                }
            }
            "Td" => self.next_line(number(0), number(1)),
            "TD" => {
                self.leading = -number(1);
                self.next_line(number(0), number(1));
            }
            "T*" => self.next_line(0.0, -self.leading),
            "Tj" => self.show(operands, faces),
            "'" => {
                self.next_line(0.0, -self.leading);
                self.show(operands, faces);
            }
            "\"" => {
                self.next_line(0.0, -self.leading);
                self.show(operands.get(2..).unwrap_or_default(), faces);
            }
            "TJ" => {
                let pieces = operands.first().and_then(|it| it.as_array().ok());
                self.show(pieces.map_or(&[][..], Vec::as_slice), faces);
            }
            _ => {}
        }
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.line = Matrix::moved(x, y).then(self.line);
        self.text = self.line;
    }

    /// Shows strings; a number between them moves back by thousandths of the size.
    fn show(&mut self, pieces: &[Object], faces: &BTreeMap<&[u8], Face<'a>>) {
        let face = self.face.as_deref().and_then(|it| faces.get(it));
        let mut text = String::new();
        let mut advance = 0.0;
        for piece in pieces {
            if let Ok(bytes) = piece.as_str() {
                let decoded = face.and_then(|it| it.encoding.as_ref());
                let decoded = decoded.and_then(|it| it.bytes_to_string(bytes).ok());
                let decoded =
                    decoded.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned());
                text.extend(decoded.chars().filter(|it| !it.is_control()));
                advance += width(face, bytes);
            } else if let Ok(back) = piece.as_float() {
                if back < -180.0 && !text.ends_with(' ') {
                    text.push(' ');
                }
                advance -= back / 1000.0;
            }
        }
        let whole = self.text.then(self.matrix);
        let [a, b, _, d, x, y] = whole.0;
        let scale = (a * a + b * b).sqrt();
        let size = (self.size * d.abs().max(b.abs())).clamp(0.1, 500.0);
        let run = advance * self.size;
        if !text.trim().is_empty() && x.is_finite() && y.is_finite() {
            self.segments.push(Segment {
                page: self.page,
                left: x,
                foot: self.height - y,
                width: run * scale,
                size,
                text,
                sure: 100,
            });
        }
        self.text = Matrix::moved(run, 0.0).then(self.text);
    }
}

fn face<'a>(document: &'a Document, font: &'a Dictionary, max: usize) -> Face<'a> {
    let composite = entry(document, font, b"Subtype").and_then(|it| it.as_name().ok());
    let widths = entry(document, font, b"Widths").map(|it| numbers(document, it));
    let first = entry(document, font, b"FirstChar").and_then(|it| it.as_i64().ok());
    Face {
        encoding: font.get_font_encoding_with_limit(document, max).ok(),
        first: first.unwrap_or(0),
        widths: widths.unwrap_or_default(),
        bytes_a_letter: if composite == Some(b"Type0") { 2 } else { 1 },
    }
}

/// The width of a string in parts of the size.
fn width(face: Option<&Face<'_>>, bytes: &[u8]) -> f32 {
    let Some(face) = face.filter(|it| !it.widths.is_empty()) else {
        let letters = bytes.len() / face.map_or(1, |it| it.bytes_a_letter);
        return letters as f32 * USUAL_WIDTH;
    };
    let of = |byte: &u8| {
        let at = usize::try_from(i64::from(*byte) - face.first).ok()?;
        face.widths.get(at).copied()
    };
    bytes.iter().map(|byte| of(byte).map_or(USUAL_WIDTH, |it| it / 1000.0)).sum()
}
