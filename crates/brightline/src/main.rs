//! The program of the desk.

use std::process::ExitCode;

fn main() -> ExitCode {
    brightline::main()
}
