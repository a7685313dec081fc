//! Builds again when a pack changes: the packs are embedded in the library.

fn main() {
    println!("cargo:rerun-if-changed=../../packs");
    println!("cargo:rerun-if-changed=build.rs");
}
