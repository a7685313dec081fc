//! Fonts: two that are built in, and those of the system for scripts that they lack.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use krilla::text::Font;

/// Where systems keep fonts; the variable names another folder, which is looked at first.
const VARIABLE: &str = "BRIGHTLINE_FONTS";
const FOLDERS: [&str; 4] = [
    "/usr/local/share/fonts",
    "/usr/share/fonts",
    "/System/Library/Fonts/Supplemental",
    "/Library/Fonts",
];
const DEPTH_MAX: usize = 6;
/// A font that is longer is not opened: 64 MiB.
const FONT_BYTES_MAX: u64 = 64 << 20;

/// Files of the system, the first that is there of each row; a row stands before the fonts that
/// are built in where it is made for a script that those only touch.
const WANTED: [Wanted; 5] = [
    Wanted { files: &["NotoNaskhArabic-Regular.ttf", "NotoSansArabic-Regular.ttf"], index: 0 },
    Wanted { files: &["NotoSansHebrew-Regular.ttf", "NotoSerifHebrew-Regular.ttf"], index: 0 },
    Wanted { files: &["NotoSansBengali-Regular.ttf", "NotoSerifBengali-Regular.ttf"], index: 0 },
    Wanted { files: &["NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc"], index: 2 },
    Wanted { files: &["NotoSans-Regular.ttf", "LiberationSans-Regular.ttf"], index: 0 },
];

struct Wanted {
    files: &'static [&'static str],
    index: u32,
}

/// A font file in memory.
pub(super) struct Face {
    data: Arc<Vec<u8>>,
    index: u32,
    pub(super) font: Font,
}

impl Face {
    fn of(bytes: Vec<u8>, index: u32) -> Option<Self> {
        let data = Arc::new(bytes);
        let font = Font::new(Arc::clone(&data).into(), index)?;
        Some(Self { data, index, font })
    }

    pub(super) fn shaper(&self) -> Option<rustybuzz::Face<'_>> {
        rustybuzz::Face::from_slice(&self.data, self.index)
    }
}

/// The fonts of this machine.
pub(super) struct Fonts {
    /// The first is regular, the second bold; both are built in.
    pub(super) faces: Vec<Face>,
}

impl Fonts {
    /// Opens the fonts that are built in, and those of the system that are wanted.
    pub(super) fn open() -> Self {
        let built_in = [dejavu::sans::regular(), dejavu::sans::bold()];
        let mut faces: Vec<Face> =
            built_in.iter().filter_map(|it| Face::of(it.to_vec(), 0)).collect();
        let found = found();
        for wanted in &WANTED {
            let path = wanted.files.iter().find_map(|it| found.get(*it));
            let is_small =
                |path: &&PathBuf| fs::metadata(path).is_ok_and(|it| it.len() <= FONT_BYTES_MAX);
            let bytes = path.filter(is_small).and_then(|it| fs::read(it).ok());
            faces.extend(bytes.and_then(|it| Face::of(it, wanted.index)));
        }
        Self { faces }
    }
}

/// The font files of the system, by name.
fn found() -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    let own = std::env::var_os(VARIABLE).map(PathBuf::from);
    for folder in own.into_iter().chain(FOLDERS.iter().map(PathBuf::from)) {
        gather(&folder, DEPTH_MAX, &mut found);
    }
    found
}

fn gather(folder: &Path, depth: usize, found: &mut BTreeMap<String, PathBuf>) {
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()) {
        if path.is_dir() {
            if depth > 0 {
                gather(&path, depth - 1, found);
            }
        } else if let Some(name) = path.file_name().and_then(|it| it.to_str()) {
            found.entry(name.to_owned()).or_insert_with(|| path.clone());
        }
    }
}
