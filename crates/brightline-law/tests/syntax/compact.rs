//! Prints the tree of a file shortly: no places, no fields that say nothing.
//!
//! Reads the `Debug` text of the tree, so it needs no code for each type.

use brightline_law::syntax::ast::Document;

/// Returns each item of the document in short.
pub fn compact(document: &Document) -> Vec<String> {
    document.items.iter().map(|item| Reader { rest: &format!("{item:?}") }.value()).collect()
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest.starts_with(text);
        if found {
            self.rest = &self.rest[text.len()..];
        }
        found
    }

    fn word(&mut self) -> &'t str {
        let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'));
        let (word, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }

    /// Reads a value and returns it in short; empty when it says nothing.
    fn value(&mut self) -> String {
        if self.rest.starts_with('"') {
            return self.text();
        }
        if self.eat("[") {
            let list = self.list("]").join(", ");
            return if list.is_empty() { list } else { format!("[{list}]") };
        }
        if self.eat("(") {
            return format!("({})", self.list(")").join(" "));
        }
        let word = self.word();
        if self.eat(" {") {
            return self.fields(word);
        }
        if self.eat("(") {
            let inside = self.list(")").join(" ");
            return match (word, inside.as_str()) {
                ("Some", "false") => "no".to_owned(),
                ("Some", _) => inside,
                _ => format!("{word}({inside})"),
            };
        }
        if word == "None" { String::new() } else { word.to_owned() }
    }

    fn text(&mut self) -> String {
        let mut escaped = true;
        let end = self.rest.find(|c: char| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let (text, rest) = self.rest.split_at(end.unwrap() + 1);
        self.rest = rest;
        text.trim_matches('"').to_owned()
    }

    fn list(&mut self, close: &str) -> Vec<String> {
        let mut values = Vec::new();
        while !self.eat(close) {
            values.push(self.value());
            self.eat(", ");
        }
        values
    }

    fn fields(&mut self, type_name: &str) -> String {
        let mut fields = Vec::new();
        let mut only_text = String::new();
        while !self.eat(" }") {
            self.eat(",");
            self.eat(" ");
            let name = self.word();
            self.eat(": ");
            let value = self.value();
            if type_name == "Spelled" && name == "text" {
                only_text = value;
            } else if name != "span" && !value.is_empty() && value != "false" {
                let plain = matches!(name, "kind" | "names" | "date");
                fields.push(if plain { value } else { format!("{name}: {value}") });
            }
        }
        match type_name {
            "Spelled" => only_text,
            "Condition" | "Property" | "Subjects" | "DateExpr" if fields.len() == 1 => {
                fields.join("")
            }
            _ => format!("{type_name}{{{}}}", fields.join(", ")),
        }
    }
}
