//! The files of the repository that people write.

use std::path::{Path, PathBuf};

/// Folders that nobody writes by hand, and the races, which are a workspace of their own.
const SKIPPED: [&str; 7] =
    [".git", "target", "node_modules", "corpus", "artifacts", "data", "bench"];

/// A file: its path from the root with `/`, and its text.
pub struct File {
    pub path: String,
    pub text: String,
}

/// All text files, sorted by path.
pub struct Tree {
    pub files: Vec<File>,
}

impl Tree {
    pub fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut paths = Vec::new();
        walk(&root, &mut paths);
        let mut files: Vec<File> = paths.iter().filter_map(|path| read(&root, path)).collect();
        files.sort_by(|left, right| left.path.cmp(&right.path));
        assert!(files.len() > 10, "the repository was not found");
        Self { files }
    }

    /// Files with this extension.
    pub fn with<'a>(&'a self, extension: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.ends_with(extension))
    }

    /// Rust files.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.with(".rs")
    }

    /// The text of one file; empty when it is not there.
    pub fn text(&self, path: &str) -> &str {
        self.files.iter().find(|file| file.path == path).map_or("", |file| file.text.as_str())
    }

    pub fn has(&self, path: &str) -> bool {
        self.files.iter().any(|file| file.path == path)
    }
}

impl File {
    /// The name without folders and extension.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    }

    /// Part of what a crate ships, not of its tests or benchmarks.
    pub fn is_source(&self) -> bool {
        self.path.contains("/src/") && self.stem() != "tests" && !self.path.contains("/src/tests/")
    }
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if SKIPPED.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() { walk(&path, paths) } else { paths.push(path) }
    }
}

fn read(root: &Path, path: &Path) -> Option<File> {
    let shown = path.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/");
    Some(File { path: shown, text: std::fs::read_to_string(path).ok()? })
}
