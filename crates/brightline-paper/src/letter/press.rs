//! Blocks set as a tagged PDF.

use std::num::NonZeroU16;

use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata, TextDirection};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, Node, SpanTag, TableHeaderScope,
    Tag, TagGroup, TagTree,
};
use krilla::{Document, SerializeSettings};

use crate::beside::{Beside, WordingError};
use crate::letter::compose::{Block, Page, compose};
use crate::letter::fill::without_marks;
use crate::letter::fonts::Fonts;
use crate::letter::layout::{Line, Shaper, Style};
use crate::letter::wording::Wordings;
use crate::letter::{CaseLetter, LetterError, LetterKind};

/// Letter paper, in points.
const PAGE: (f32, f32) = (612.0, 792.0);
const MARGIN: f32 = 72.0;
/// Above the first line, and what stays free below the last.
const EDGE: f32 = 60.0;
const FOOT: f32 = 36.0;
/// The height of a line in parts of the size of its letters; tall scripts need as much.
const LEADING: f32 = 1.45;
const BODY: f32 = 10.5;
const INDENT: f32 = 18.0;

/// Sets letters, with the wordings and fonts that it was opened with.
pub struct Press {
    wordings: Wordings,
    fonts: Fonts,
}

impl Press {
    /// Opens the wordings beside the packs, and the fonts of this machine.
    ///
    /// # Errors
    ///
    /// When a wording is broken.
    pub fn open(beside: &Beside) -> Result<Self, WordingError> {
        Ok(Self { wordings: Wordings::of(beside)?, fonts: Fonts::open() })
    }

    /// Returns the languages of a notice in a jurisdiction: code, own name, whether a person
    /// checked the wording.
    #[must_use]
    pub fn languages(&self, kind: LetterKind, packs: &[String]) -> Vec<(String, String, bool)> {
        let head = self.wordings.head(packs);
        let listed = head.map_or_else(|| vec!["en".to_owned()], |it| it.languages.clone());
        let known = listed.into_iter().filter_map(|locale| {
            let wording = self.wordings.get(packs, kind.word(), &locale)?;
            let is_reviewed = wording.drafted == crate::letter::wording::Drafted::Reviewed;
            Some((locale, wording.language.clone(), is_reviewed))
        });
        known.collect()
    }

    /// Returns a letter before it is set, for a preview.
    ///
    /// # Errors
    ///
    /// When there is no wording of it in this language.
    pub fn page(
        &self,
        kind: LetterKind,
        locale: &str,
        case: &CaseLetter,
    ) -> Result<Page, LetterError> {
        compose(kind, locale, case, &self.wordings)
    }

    /// Sets a letter as a tagged PDF, by PDF/UA-1 and PDF/A-2a.
    ///
    /// # Errors
    ///
    /// When there is no wording of it in this language, or no font for a letter of it.
    pub fn letter(
        &self,
        kind: LetterKind,
        locale: &str,
        case: &CaseLetter,
    ) -> Result<Vec<u8>, LetterError> {
        let page = self.page(kind, locale, case)?;
        let faces = self.fonts.faces.iter().filter_map(crate::letter::fonts::Face::shaper);
        let shaper = Shaper::new(faces.collect(), locale, page.is_rtl);
        let mut sheets =
            Sheets { shaper: &shaper, is_rtl: page.is_rtl, marks: Vec::new(), top: EDGE, sheet: 0 };
        let groups =
            page.blocks.iter().map(|it| sheets.block(it)).collect::<Result<Vec<_>, _>>()?;
        self.print(&page, &shaper, &sheets, groups)
    }

    fn print(
        &self,
        page: &Page,
        shaper: &Shaper<'_>,
        sheets: &Sheets<'_, '_>,
        groups: Vec<Group>,
    ) -> Result<Vec<u8>, LetterError> {
        let mut document = Document::new_with(settings()?);
        let count = sheets.sheet + 1;
        let mut placed: Vec<Option<Identifier>> = Vec::new();
        placed.resize_with(sheets.marks.len(), || None);
        for sheet in 0..count {
            let size = PageSettings::from_wh(PAGE.0, PAGE.1);
            let size = size.ok_or_else(|| LetterError::Unset("the size of a page".to_owned()))?;
            let mut sheet_page = document.start_page_with(size);
            let mut surface = sheet_page.surface();
            surface.set_fill(Some(ink(0)));
            let here = sheets.marks.iter().zip(&mut placed).filter(|(it, _)| it.sheet == sheet);
            for (mark, slot) in here {
                *slot = self.draw(&mut surface, mark);
            }
            let foot = page.footer.replace("{pages}", &count.to_string());
            let foot = foot.replace("{page}", &(sheet + 1).to_string());
            self.foot(&mut surface, shaper, &foot)?;
            surface.finish();
            sheet_page.finish();
        }
        let mut tree = TagTree::new().with_lang(Some(page.locale.clone()));
        for group in groups {
            tree.push(group.node(&mut placed));
        }
        document.set_tag_tree(tree);
        let mut outline = Outline::new();
        let start = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
        outline.push_child(OutlineNode::new(page.title.clone(), start));
        document.set_outline(outline);
        document.set_metadata(metadata(page)?);
        document.finish().map_err(|error| LetterError::Unset(format!("{error:?}")))
    }

    fn draw(&self, surface: &mut Surface<'_>, mark: &Mark) -> Option<Identifier> {
        match &mark.kind {
            MarkKind::Line(line) => {
                let tag = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                self.runs(surface, line, mark);
                surface.end_tagged();
                Some(tag)
            }
            MarkKind::Rule(width) => {
                let artifact = Artifact::new(ArtifactType::Other, None);
                surface.start_tagged(ContentTag::Artifact(artifact));
                let mut path = PathBuilder::new();
                path.move_to(mark.left, mark.foot);
                path.line_to(mark.left + width, mark.foot);
                path.line_to(mark.left + width, mark.foot + 0.8);
                path.line_to(mark.left, mark.foot + 0.8);
                path.close();
                if let Some(path) = path.finish() {
                    surface.draw_path(&path);
                }
                surface.end_tagged();
                None
            }
        }
    }

    fn runs(&self, surface: &mut Surface<'_>, line: &Line, mark: &Mark) {
        let mut left = mark.left;
        for run in &line.runs {
            if let Some(face) = self.fonts.faces.get(run.face) {
                let start = Point::from_xy(left, mark.foot);
                let font = face.font.clone();
                surface.draw_glyphs(start, &run.glyphs, font, &run.text, mark.size, false);
            }
            left += run.width;
        }
    }

    fn foot(
        &self,
        surface: &mut Surface<'_>,
        shaper: &Shaper<'_>,
        text: &str,
    ) -> Result<(), LetterError> {
        let style = Style { size: 8.5, is_bold: false, width: PAGE.0 - 2.0 * MARGIN };
        surface.start_tagged(ContentTag::Artifact(Artifact::new(ArtifactType::Other, None)));
        for line in shaper.lines(text, style)?.into_iter().take(1) {
            let left = (PAGE.0 - line.width) / 2.0;
            let mark = Mark::line(0, left, PAGE.1 - FOOT, style.size, line);
            if let MarkKind::Line(line) = &mark.kind {
                self.runs(surface, line, &mark);
            }
        }
        surface.end_tagged();
        Ok(())
    }
}

fn settings() -> Result<SerializeSettings, LetterError> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .with_archival_validator(Archival::A2_A)
        .finish()
        .map_err(|error| LetterError::Unset(format!("{error:?}")))?;
    Ok(SerializeSettings { configuration, enable_tagging: true, ..SerializeSettings::default() })
}

fn metadata(page: &Page) -> Result<Metadata, LetterError> {
    let day: jiff::civil::Date = page
        .date
        .parse()
        .map_err(|_| LetterError::Unset(format!("`{}` is not a day", page.date)))?;
    let part = |it: i8| u8::try_from(it).unwrap_or(1);
    let date = DateTime::new(u16::try_from(day.year()).unwrap_or(0));
    let direction =
        if page.is_rtl { TextDirection::RightToLeft } else { TextDirection::LeftToRight };
    Ok(Metadata::new()
        .title(page.title.clone())
        .language(page.locale.clone())
        .creator("Brightline".to_owned())
        .creation_date(date.month(part(day.month())).day(part(day.day())))
        .text_direction(direction))
}

fn ink(gray: u8) -> Fill {
    Fill {
        paint: rgb::Color::new(gray, gray, gray).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::default(),
    }
}

/// Something drawn on a sheet.
struct Mark {
    sheet: usize,
    left: f32,
    foot: f32,
    size: f32,
    kind: MarkKind,
}

enum MarkKind {
    Line(Line),
    /// A rule of this width.
    Rule(f32),
}

impl Mark {
    fn line(sheet: usize, left: f32, foot: f32, size: f32, line: Line) -> Self {
        Self { sheet, left, foot, size, kind: MarkKind::Line(line) }
    }
}

/// A part of the tree of tags, with the marks that belong to it.
enum Group {
    Paragraph(Vec<usize>),
    Heading(NonZeroU16, String, Vec<usize>),
    List(Vec<(Vec<usize>, Vec<usize>)>),
    Rows(Vec<(Vec<usize>, Vec<usize>)>),
}

impl Group {
    fn node(self, placed: &mut [Option<Identifier>]) -> Node {
        let mut take = |marks: Vec<usize>| -> Vec<Node> {
            let found = marks.into_iter().filter_map(|at| placed.get_mut(at)?.take());
            found.map(Node::from).collect()
        };
        match self {
            Self::Paragraph(marks) => TagGroup::with_children(Tag::P, take(marks)).into(),
            Self::Heading(level, title, marks) => {
                TagGroup::with_children(Tag::Hn(level, Some(title)), take(marks)).into()
            }
            Self::List(items) => {
                let mut list = TagGroup::new(Tag::L(ListNumbering::Disc));
                for (bullet, body) in items {
                    let mut item = TagGroup::new(Tag::LI);
                    item.push(TagGroup::with_children(Tag::Lbl, take(bullet)));
                    item.push(TagGroup::with_children(Tag::LBody, take(body)));
                    list.push(item);
                }
                list.into()
            }
            Self::Rows(rows) => {
                let mut table = TagGroup::new(Tag::Table);
                for (name, value) in rows {
                    let mut row = TagGroup::new(Tag::TR);
                    let head = Tag::TH(TableHeaderScope::Row);
                    row.push(TagGroup::with_children(head, take(name)));
                    row.push(TagGroup::with_children(Tag::TD, take(value)));
                    table.push(row);
                }
                table.into()
            }
        }
    }
}

/// The sheets as they fill.
struct Sheets<'a, 'b> {
    shaper: &'b Shaper<'a>,
    is_rtl: bool,
    marks: Vec<Mark>,
    top: f32,
    sheet: usize,
}

impl Sheets<'_, '_> {
    fn block(&mut self, block: &Block) -> Result<Group, LetterError> {
        let wide = PAGE.0 - 2.0 * MARGIN;
        let body = Style { size: BODY, is_bold: false, width: wide };
        match block {
            Block::Letterhead(name, lines) => {
                let mut marks =
                    self.text(name, Style { size: 15.0, is_bold: true, ..body }, 0.0)?;
                for line in lines {
                    marks.extend(self.text(line, Style { size: 9.5, ..body }, 0.0)?);
                }
                self.rule(wide);
                Ok(Group::Paragraph(marks))
            }
            Block::Title(text) => {
                self.heading(1, text, Style { size: 14.0, is_bold: true, ..body })
            }
            Block::Heading(text) => {
                self.space(5.0);
                self.keep(60.0);
                self.heading(2, text, Style { size: 11.5, is_bold: true, ..body })
            }
            Block::Notice(text) => {
                let marks = self.text(text, Style { is_bold: true, ..body }, 0.0)?;
                self.space(6.0);
                Ok(Group::Paragraph(marks))
            }
            Block::Paragraph(text) => {
                let marks = self.text(text, body, 0.0)?;
                self.space(6.0);
                Ok(Group::Paragraph(marks))
            }
            Block::List(items) => {
                let body = Style { width: wide - INDENT, ..body };
                let mut groups = Vec::with_capacity(items.len());
                for item in items {
                    self.keep(BODY * LEADING);
                    let (top, sheet) = (self.top, self.sheet);
                    let bullet = self.text("•", body, 4.0)?;
                    (self.top, self.sheet) = (top, sheet);
                    groups.push((bullet, self.text(item, body, INDENT)?));
                    self.space(2.0);
                }
                self.space(5.0);
                Ok(Group::List(groups))
            }
            Block::Rows(rows) => {
                let name_width = 150.0;
                let mut groups = Vec::with_capacity(rows.len());
                for (name, value) in rows {
                    self.keep(2.0 * BODY * LEADING);
                    let (top, sheet) = (self.top, self.sheet);
                    let narrow = Style { width: name_width - 10.0, is_bold: true, ..body };
                    let head = self.text(name, narrow, 0.0)?;
                    let (after, after_sheet) = (self.top, self.sheet);
                    (self.top, self.sheet) = (top, sheet);
                    let rest = Style { width: wide - name_width, ..body };
                    groups.push((head, self.text(value, rest, name_width)?));
                    if self.sheet == after_sheet {
                        self.top = self.top.max(after);
                    }
                    self.space(2.0);
                }
                self.space(5.0);
                Ok(Group::Rows(groups))
            }
        }
    }

    fn heading(&mut self, level: u16, text: &str, style: Style) -> Result<Group, LetterError> {
        let marks = self.text(text, style, 0.0)?;
        self.space(4.0);
        let level = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
        Ok(Group::Heading(level, without_marks(text), marks))
    }

    /// Places the lines of a text, and returns their marks.
    fn text(&mut self, text: &str, style: Style, indent: f32) -> Result<Vec<usize>, LetterError> {
        let mut marks = Vec::new();
        for line in self.shaper.lines(text, style)? {
            let height = style.size * LEADING;
            self.keep(height);
            let left =
                if self.is_rtl { PAGE.0 - MARGIN - indent - line.width } else { MARGIN + indent };
            let foot = self.top + style.size;
            marks.push(self.marks.len());
            self.marks.push(Mark::line(self.sheet, left, foot, style.size, line));
            self.top += height;
        }
        Ok(marks)
    }

    fn rule(&mut self, width: f32) {
        self.space(3.0);
        let kind = MarkKind::Rule(width);
        let (sheet, foot) = (self.sheet, self.top);
        self.marks.push(Mark { sheet, left: MARGIN, foot, size: 0.0, kind });
        self.space(12.0);
    }

    /// Goes on to the next sheet where there is no room.
    fn keep(&mut self, height: f32) {
        if self.top + height > PAGE.1 - EDGE {
            self.sheet += 1;
            self.top = EDGE;
        }
    }

    fn space(&mut self, height: f32) {
        self.top += height;
    }
}
