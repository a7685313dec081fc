//! The fields of a PDF's own form.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string};

use crate::pdf::{Budget, entry, numbers};
use crate::reading::Place;
use crate::refused::Refused;

const DEPTH_MAX: usize = 24;
/// A value that is longer is cut: no field of a form is.
const VALUE_CHARS_MAX: usize = 4_000;

/// A field with its value; a box says `yes` or `no`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Input {
    /// The last part of its name.
    pub(crate) name: String,
    /// What it says when pointed at.
    pub(crate) tip: Option<String>,
    pub(crate) is_check: bool,
    pub(crate) value: String,
    pub(crate) place: Option<Place>,
}

/// What a field inherits from those above it.
#[derive(Clone, Default)]
struct Above<'a> {
    name: String,
    kind: Option<&'a [u8]>,
    value: Option<&'a Object>,
    flags: i64,
    tip: Option<String>,
}

struct Walk<'a> {
    document: &'a Document,
    pages: BTreeMap<ObjectId, (u32, f32)>,
    seen: BTreeSet<ObjectId>,
    inputs: Vec<Input>,
    most: usize,
}

pub(crate) fn inputs(
    document: &Document,
    pages: &[ObjectId],
    sizes: &[(f32, f32)],
    budget: &Budget<'_>,
) -> Result<Vec<Input>, Refused> {
    let Some(form) = document.catalog().ok().and_then(|it| entry(document, it, b"AcroForm")) else {
        return Ok(Vec::new());
    };
    let Some(fields) = form.as_dict().ok().and_then(|it| entry(document, it, b"Fields")) else {
        return Ok(Vec::new());
    };
    let mut walk = Walk {
        document,
        pages: widget_pages(document, pages, sizes),
        seen: BTreeSet::new(),
        inputs: Vec::new(),
        most: budget.fields_max(),
    };
    for field in fields.as_array().into_iter().flatten() {
        walk.field(field, &Above::default(), DEPTH_MAX)?;
    }
    Ok(walk.inputs)
}

/// By widget: its page and the height of the page.
fn widget_pages(
    document: &Document,
    pages: &[ObjectId],
    sizes: &[(f32, f32)],
) -> BTreeMap<ObjectId, (u32, f32)> {
    let mut map = BTreeMap::new();
    for ((number, page), (_, height)) in (1..).zip(pages).zip(sizes) {
        let annotations = document.get_dictionary(*page).ok();
        let annotations = annotations.and_then(|it| entry(document, it, b"Annots"));
        for widget in annotations.and_then(|it| it.as_array().ok()).into_iter().flatten() {
            if let Ok(id) = widget.as_reference() {
                map.insert(id, (number, *height));
            }
        }
        map.insert(*page, (number, *height));
    }
    map
}

impl<'a> Walk<'a> {
    fn field(
        &mut self,
        object: &'a Object,
        above: &Above<'a>,
        depth: usize,
    ) -> Result<(), Refused> {
        let id = object.as_reference().ok();
        if depth == 0 || id.is_some_and(|id| !self.seen.insert(id)) {
            return Err(Refused::Hostile);
        }
        if self.inputs.len() >= self.most || self.seen.len() > 4 * self.most {
            return Err(Refused::TooMany);
        }
        let resolved = self.document.dereference(object).ok().and_then(|it| it.1.as_dict().ok());
        let Some(dictionary) = resolved else {
            return Ok(());
        };
        let own = self.own(dictionary, above);
        let kids = entry(self.document, dictionary, b"Kids").and_then(|it| it.as_array().ok());
        let kids: Vec<&Object> = kids.into_iter().flatten().collect();
        let named = |kid: &&&Object| {
            let kid = self.document.dereference(kid).ok().and_then(|it| it.1.as_dict().ok());
            kid.is_some_and(|it| it.has(b"T"))
        };
        if !kids.is_empty() && (own.kind.is_none() || kids.iter().any(|kid| named(&kid))) {
            for kid in kids {
                self.field(kid, &own, depth - 1)?;
            }
            return Ok(());
        }
        let widget = kids.first().and_then(|kid| {
            let id = kid.as_reference().ok();
            Some((id, self.document.dereference(kid).ok()?.1.as_dict().ok()?))
        });
        let (widget_id, widget) = widget.unwrap_or((id, dictionary));
        self.input(own, widget_id, widget);
        Ok(())
    }

    fn own(&self, dictionary: &'a Dictionary, above: &Above<'a>) -> Above<'a> {
        let text = |key: &[u8]| {
            let found = entry(self.document, dictionary, key)?;
            decode_text_string(found).ok()
        };
        let kind = entry(self.document, dictionary, b"FT").and_then(|it| it.as_name().ok());
        let flags = entry(self.document, dictionary, b"Ff").and_then(|it| it.as_i64().ok());
        Above {
            name: text(b"T").unwrap_or_else(|| above.name.clone()),
            kind: kind.or(above.kind),
            value: entry(self.document, dictionary, b"V").or(above.value),
            flags: flags.unwrap_or(above.flags),
            tip: text(b"TU").or_else(|| above.tip.clone()),
        }
    }

    fn input(&mut self, own: Above<'a>, id: Option<ObjectId>, widget: &'a Dictionary) {
        const PUSH_BUTTON: i64 = 1 << 16;
        let is_check = own.kind == Some(b"Btn");
        if is_check && own.flags & PUSH_BUTTON != 0 {
            return;
        }
        let value = if is_check {
            let state = own.value.or_else(|| entry(self.document, widget, b"AS"));
            let state = state.and_then(|it| it.as_name().ok());
            match state {
                Some(b"Off") | None => "no".to_owned(),
                Some(_) => "yes".to_owned(),
            }
        } else if own.kind == Some(b"Sig") {
            if own.value.is_some() { "signed".to_owned() } else { String::new() }
        } else {
            text_value(self.document, own.value)
        };
        let place = self.place(id, widget);
        self.inputs.push(Input { name: own.name, tip: own.tip, is_check, value, place });
    }

    fn place(&self, id: Option<ObjectId>, widget: &Dictionary) -> Option<Place> {
        let named = widget.get(b"P").and_then(Object::as_reference).ok();
        let &(page, page_height) =
            id.and_then(|it| self.pages.get(&it)).or_else(|| self.pages.get(&named?))?;
        let corners = numbers(self.document, entry(self.document, widget, b"Rect")?);
        let &[one, two, three, four] = corners.as_slice() else {
            return None;
        };
        Some(Place {
            page,
            left: one.min(three),
            top: page_height - two.max(four),
            width: (three - one).abs(),
            height: (four - two).abs(),
        })
    }
}

fn text_value(document: &Document, value: Option<&Object>) -> String {
    let text = match value {
        Some(Object::Array(several)) => {
            let texts = several.iter().filter_map(|it| document.dereference(it).ok());
            let texts = texts.filter_map(|it| decode_text_string(it.1).ok());
            texts.collect::<Vec<_>>().join(", ")
        }
        Some(Object::Name(name)) => String::from_utf8_lossy(name).into_owned(),
        Some(other) => decode_text_string(other).unwrap_or_default(),
        None => String::new(),
    };
    let kept = text.chars().map(|it| if it.is_control() { ' ' } else { it });
    kept.take(VALUE_CHARS_MAX).collect()
}
