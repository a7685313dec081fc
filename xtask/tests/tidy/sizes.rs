//! 100 columns, 70 lines a function, 700 lines a file.

use crate::lexer::{Kind, only};
use crate::tree::{File, Tree};

const COLUMNS_MAX: usize = 100;
const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 700;

pub fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for file in tree.rust() {
        faults.extend(long_lines(file));
        if file.is_source() {
            faults.extend(long_functions(file));
            let lines = file.text.lines().count();
            if lines > FILE_LINES_MAX {
                faults.push(format!("{}: {lines} lines", file.path));
            }
        }
    }
    faults
}

fn long_lines(file: &File) -> Vec<String> {
    let long = |line: &str| line.chars().count() > COLUMNS_MAX && !line.contains("://");
    let lines = file.text.lines().enumerate().filter(|(_, line)| long(line));
    lines.map(|(at, _)| format!("{}:{}: over {COLUMNS_MAX} columns", file.path, at + 1)).collect()
}

fn long_functions(file: &File) -> Vec<String> {
    let code = only(&file.text, Kind::Code);
    let mut faults = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let starts = code[..at].ends_with(|it: char| it.is_whitespace() || it == '(');
        if !starts {
            continue;
        }
        let lines = body_lines(&code[at..]);
        if lines > FUNCTION_LINES_MAX {
            let line = code[..at].matches('\n').count() + 1;
            faults.push(format!("{}:{line}: a function of {lines} lines", file.path));
        }
    }
    faults
}

/// Lines from `fn` to the brace that closes its body; 0 for a declaration.
fn body_lines(code: &str) -> usize {
    let (mut depth, mut braces) = (0_i32, 0_i32);
    for (at, it) in code.char_indices() {
        match it {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ';' if depth == 0 && braces == 0 => return 0,
            '{' => braces += 1,
            '}' if braces == 1 => return code[..at].matches('\n').count() + 1,
            '}' => braces -= 1,
            _ => {}
        }
    }
    0
}
