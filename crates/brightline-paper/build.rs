//! Gathers the descriptions of papers and the wordings of letters that stand beside the packs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const PACKS: &str = "../../packs";
/// Folders of a pack that are not law: papers, wordings of letters, the page for the door.
const FOLDERS: [&str; 3] = ["door", "letters", "papers"];

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed={PACKS}");
    println!("cargo:rerun-if-changed=build.rs");
    let mut list = String::from("&[\n");
    for pack in sorted(Path::new(PACKS))? {
        for folder in FOLDERS {
            let inside = pack.join(folder);
            if inside.is_dir() {
                add(&mut list, &inside)?;
            }
        }
    }
    list.push_str("]\n");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(out.join("beside_packs.rs"), list)
}

fn add(list: &mut String, folder: &Path) -> io::Result<()> {
    for file in sorted(folder)? {
        if file.extension().is_some_and(|it| it == "toml") {
            let whole = fs::canonicalize(&file)?;
            let name = file.strip_prefix(PACKS).unwrap_or(&file).display().to_string();
            let entry = format!("    ({name:?}, include_str!({:?})),", whole.display().to_string());
            writeln!(list, "{entry}").map_err(io::Error::other)?;
        }
    }
    Ok(())
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder)?.map(|it| Ok(it?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
