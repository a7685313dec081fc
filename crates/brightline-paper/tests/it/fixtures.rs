//! Synthetic papers: no person, number or paper in them exists.

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary, text_string};

/// A page: text with its place from the upper left corner, and fields.
#[derive(Default)]
pub struct Sheet {
    pub lines: Vec<(f32, f32, String)>,
    pub inputs: Vec<(String, Value)>,
}

pub enum Value {
    Text(String),
    Check(bool),
}

impl Sheet {
    pub fn line(mut self, left: f32, top: f32, text: &str) -> Self {
        self.lines.push((left, top, text.to_owned()));
        self
    }

    pub fn text(mut self, name: &str, value: &str) -> Self {
        self.inputs.push((name.to_owned(), Value::Text(value.to_owned())));
        self
    }

    pub fn check(mut self, name: &str, ticked: bool) -> Self {
        self.inputs.push((name.to_owned(), Value::Check(ticked)));
        self
    }
}

/// The bytes of a PDF with these pages.
pub fn pdf(sheets: &[Sheet]) -> Vec<u8> {
    bytes(&mut document(sheets))
}

pub fn bytes(document: &mut Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

pub fn document(sheets: &[Sheet]) -> Document {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        "Encoding" => "WinAnsiEncoding",
    });
    let (mut kids, mut fields) = (Vec::new(), Vec::new());
    for sheet in sheets {
        let page = document.new_object_id();
        let widgets: Vec<Object> = (0..)
            .zip(&sheet.inputs)
            .map(|(at, (name, value))| widget(&mut document, page, at, name, value).into())
            .collect();
        fields.extend(widgets.iter().cloned());
        let content = document.add_object(Stream::new(Dictionary::new(), content(sheet)));
        let page_dictionary = dictionary! {
            "Type" => "Page", "Parent" => pages, "Contents" => content, "Annots" => widgets,
            "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        };
        document.objects.insert(page, Object::Dictionary(page_dictionary));
        kids.push(page.into());
    }
    let count = i64::try_from(sheets.len()).unwrap();
    let tree = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
    document.objects.insert(pages, Object::Dictionary(tree));
    let mut catalog = dictionary! { "Type" => "Catalog", "Pages" => pages };
    if !fields.is_empty() {
        catalog.set("AcroForm", dictionary! { "Fields" => fields });
    }
    let root = document.add_object(catalog);
    document.trailer.set("Root", root);
    document
}

fn widget(document: &mut Document, page: ObjectId, at: i64, name: &str, value: &Value) -> ObjectId {
    let top = 780 - 16 * at;
    let mut widget = dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "P" => page, "T" => text_string(name),
        "Rect" => vec![40.into(), (top - 12).into(), 300.into(), top.into()],
    };
    match value {
        Value::Text(text) => {
            widget.set("FT", "Tx");
            widget.set("V", text_string(text));
        }
        Value::Check(ticked) => {
            let state = if *ticked { "Yes" } else { "Off" };
            widget.set("FT", "Btn");
            widget.set("V", state);
            widget.set("AS", state);
        }
    }
    document.add_object(widget)
}

fn content(sheet: &Sheet) -> Vec<u8> {
    let mut operations = Vec::new();
    for (left, top, text) in &sheet.lines {
        let place = vec![(*left).into(), (792.0 - top).into()];
        operations.extend([
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F1".into(), 10.into()]),
            Operation::new("Td", place),
            Operation::new("Tj", vec![Object::string_literal(win_ansi(text))]),
            Operation::new("ET", vec![]),
        ]);
    }
    Content { operations }.encode().unwrap()
}

fn win_ansi(text: &str) -> Vec<u8> {
    text.chars().map(|it| u8::try_from(u32::from(it)).unwrap_or(b'?')).collect()
}

/// The first page of a detainer, filled as a form.
pub fn detainer_form() -> Sheet {
    detainer_words()
        .text("Subject ID", "300000001")
        .text("File No", "A000 000 001")
        .text("Date", "03/03/2025")
        .text("Name of Alien", "DOE, José Example")
        .text("Date of Birth", "01/02/1990")
        .text("Citizenship", "NOWHERELAND")
        .text("Sex", "X")
        .check("Final Order", true)
        .check("Pending Proceedings", false)
        .check("Biometric", false)
        .check("Statements", false)
        .check("Resume Custody", false)
        .check("Notify ICE", true)
        .text("Name and title of Immigration Officer", "PAT SAMPLE, Deportation Officer")
        .text("Local Booking Inmate No", "B-77")
        .text("Estimated release datetime", "3/4/2025 5:40 PM")
        .text("Served Date", "03/03/2025")
        .check("In person", true)
        .text("Hearing Room", "4B")
}

pub fn detainer_words() -> Sheet {
    Sheet::default()
        .line(150.0, 40.0, "DEPARTMENT OF HOMELAND SECURITY")
        .line(150.0, 54.0, "IMMIGRATION DETAINER - NOTICE OF ACTION")
        .line(40.0, 700.0, "(Signature of Immigration Officer)")
        .line(40.0, 770.0, "DHS Form I-247A (3/17)")
        .line(500.0, 770.0, "Page 1 of 3")
}

/// The same, without a form: the values are printed.
pub fn detainer_text() -> Sheet {
    detainer_words()
        .line(40.0, 80.0, "Subject ID: 300000001")
        .line(300.0, 80.0, "File No: A000 000 001")
        .line(40.0, 95.0, "Event #:")
        .line(90.0, 95.0, "EV-9")
        .line(300.0, 95.0, "Date: March 3, 2025")
        .line(40.0, 120.0, "Name of Alien: DOE, Jose Example")
        .line(40.0, 135.0, "Date of Birth: 01/02/1990  Citizenship: NOWHERELAND  Sex: X")
        .line(40.0, 160.0, "[X] A final order of removal against the alien;")
        .line(40.0, 175.0, "[ ] The pendency of ongoing removal proceedings against the alien;")
        .line(40.0, 190.0, "[ ] Biometric confirmation of the alien's identity and a records check")
        .line(40.0, 205.0, "Statements made by the alien to an immigration officer")
        .line(40.0, 640.0, "Local Booking/Inmate #: B-77")
        .line(300.0, 640.0, "Est. release date/time: 03/04/2025 17:40")
        .line(40.0, 655.0, "This form was served upon the alien on 03/03/2025")
}

/// The warrant of arrest that is attached to a detainer.
pub fn officer_warrant() -> Sheet {
    Sheet::default()
        .line(180.0, 40.0, "U.S. DEPARTMENT OF HOMELAND SECURITY")
        .line(230.0, 54.0, "Warrant for Arrest of Alien")
        .line(40.0, 90.0, "To: Any immigration officer authorized pursuant to sections 236 and 287")
        .line(40.0, 104.0, "of the Immigration and Nationality Act and part 287 of title 8")
        .line(40.0, 300.0, "(Signature of Authorized Immigration Officer)")
        .line(40.0, 770.0, "Form I-200 (Rev. 09/16)")
}

/// The warrant of removal, ordered by a judge and signed by an officer.
pub fn removal_warrant() -> Sheet {
    Sheet::default()
        .line(180.0, 40.0, "DEPARTMENT OF HOMELAND SECURITY")
        .line(200.0, 54.0, "WARRANT OF REMOVAL/DEPORTATION")
        .line(
            40.0,
            90.0,
            "To any immigration officer of the United States Department of Homeland Security:",
        )
        .line(
            40.0,
            120.0,
            "[ ] an immigration judge in exclusion, deportation, or removal proceedings",
        )
        .line(40.0, 134.0, "[X] a United States District or Magistrate Court Judge")
        .line(40.0, 300.0, "(Signature of immigration officer)")
        .line(40.0, 320.0, "(Title of immigration officer)")
        .line(40.0, 770.0, "ICE Form I-205 (8/07)")
}

/// A judge's warrant of arrest.
pub fn judge_warrant() -> Sheet {
    Sheet::default()
        .line(200.0, 40.0, "UNITED STATES DISTRICT COURT")
        .line(250.0, 54.0, "for the Eastern District of Example")
        .line(300.0, 90.0, "Case No. 1:25-mj-00123")
        .line(240.0, 120.0, "ARREST WARRANT")
        .line(40.0, 150.0, "To: Any authorized law enforcement officer")
        .line(
            40.0,
            170.0,
            "YOU ARE COMMANDED to arrest and bring before a United States magistrate judge",
        )
        .line(40.0, 400.0, "Issuing officer's signature")
        .line(40.0, 420.0, "R. Example, United States Magistrate Judge, Printed name and title")
        .line(40.0, 770.0, "AO 442 (Rev. 11/11) Arrest Warrant")
}
