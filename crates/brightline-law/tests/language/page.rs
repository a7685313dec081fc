//! A page: prose, headings, and blocks with their info strings.

use brightline_law::{
    NODE_COUNT_MAX, PackSource, SourceFile, SourceReference, Sources, TableSource,
};

/// Stands between the name of a block and a limit.
const WITHIN: &str = " within ";

/// A fenced block.
pub struct Block<'a> {
    pub info: &'a str,
    /// Index of the line of the opening fence.
    pub line: usize,
    pub body: String,
}

/// A heading with its blocks, and those above the first heading.
pub struct Test<'a> {
    pub title: &'a str,
    /// Line number of the heading.
    pub line: usize,
    page: &'a Page<'a>,
    shared: Vec<&'a Block<'a>>,
    own: Vec<&'a Block<'a>>,
}

/// A page cut into lines and blocks.
pub struct Page<'a> {
    lines: Vec<&'a str>,
    blocks: Vec<Block<'a>>,
}

impl<'a> Page<'a> {
    pub fn new(text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let mut blocks: Vec<Block<'a>> = Vec::new();
        let mut open: Option<(&str, Block<'a>)> = None;
        for (at, &line) in lines.iter().enumerate() {
            let ticks = line.len() - line.trim_start_matches('`').len();
            match open.take() {
                Some((fence, block)) if line == fence => blocks.push(block),
                Some((fence, mut block)) => {
                    block.body.push_str(line);
                    block.body.push('\n');
                    open = Some((fence, block));
                }
                None if ticks >= 3 => {
                    let block = Block { info: line[ticks..].trim(), line: at, body: String::new() };
                    open = Some((&line[..ticks], block));
                }
                None => {}
            }
        }
        Self { lines, blocks }
    }

    /// Returns one test for each heading of the second level that has law; for a page without
    /// such headings, one for the page.
    pub fn tests(&'a self) -> Vec<Test<'a>> {
        let inside = |at: usize| {
            let before = |block: &&Block<'_>| block.line < at;
            self.blocks.iter().rfind(before).is_some_and(|block| at <= self.end(block))
        };
        let is_heading = |at: &usize| self.lines[*at].starts_with("## ") && !inside(*at);
        let mut starts: Vec<usize> = (0..self.lines.len()).filter(is_heading).collect();
        let first = starts.first().copied().unwrap_or(self.lines.len());
        let whole = self.blocks.iter().all(|block| block.line < first || !is_result(block));
        if whole {
            starts = vec![0];
        }
        let shared: Vec<&Block<'_>> =
            self.blocks.iter().filter(|block| !whole && block.line < first).collect();
        let ends = starts.iter().skip(1).copied().chain([self.lines.len()]);
        let tests = starts.iter().zip(ends).map(|(&start, end)| {
            let within = |block: &&Block<'_>| (start..end).contains(&block.line);
            Test {
                title: self.lines[start].trim_start_matches('#').trim(),
                line: start + 1,
                page: self,
                shared: shared.clone(),
                own: self.blocks.iter().filter(within).collect(),
            }
        });
        tests.filter(|test| test.own.iter().any(|block| is_law(block))).collect()
    }

    fn end(&self, block: &Block<'_>) -> usize {
        block.line + block.body.lines().count() + 1
    }

    /// Returns the text of the page with the bodies of the blocks on these lines replaced.
    pub fn with(&self, bodies: &[(usize, String)]) -> String {
        let mut text = String::new();
        let mut at = 0;
        while at < self.lines.len() {
            text.push_str(self.lines[at]);
            text.push('\n');
            let body = bodies.iter().find(|(line, _)| *line == at);
            let block = self.blocks.iter().find(|block| block.line == at);
            if let (Some((_, body)), Some(block)) = (body, block) {
                text.push_str(body);
                at = self.end(block);
            } else {
                at += 1;
            }
        }
        text
    }
}

fn is_law(block: &Block<'_>) -> bool {
    block.info == "law" || block.info.starts_with("law ")
}

fn is_result(block: &Block<'_>) -> bool {
    ["expect", "errors"].iter().any(|info| is_called(block, info))
}

/// Whether a block is called so, its limit left aside.
fn is_called(block: &Block<'_>, info: &str) -> bool {
    let rest = block.info.strip_prefix(info);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(WITHIN))
}

impl<'a> Test<'a> {
    /// Returns the block with this info string.
    pub fn block(&self, info: &str) -> Option<&'a Block<'a>> {
        self.own.iter().copied().find(|block| is_called(block, info))
    }

    /// Returns how many nodes a law may have: what `errors within N nodes` says.
    pub fn node_count_max(&self) -> usize {
        let limit = self.block("errors").and_then(|block| block.info.split_once(WITHIN));
        let limit = limit.and_then(|(_, rest)| rest.strip_suffix(" nodes"));
        limit.map_or(NODE_COUNT_MAX, |count| count.parse().expect("a number of nodes"))
    }

    /// Returns the packs of the test. Every line stays on its line, so that places agree.
    pub fn sources(&self) -> Sources {
        let alone = self.own.iter().any(|block| block.info.starts_with("law in "));
        let shared = self.shared.iter().filter(|_| !alone);
        let blocks: Vec<&Block<'_>> = shared.chain(&self.own).copied().collect();
        let mut packs: Vec<PackSource> = Vec::new();
        for block in &blocks {
            if is_law(block) {
                let at = self.pack_of(block, &mut packs);
                self.write(block, &mut packs[at]);
            } else if let Some(name) = block.info.strip_prefix("csv ")
                && let Some(pack) = packs.last_mut()
            {
                pack.tables.push(table(name, block));
            }
        }
        Sources { packs }
    }

    /// Returns the index of the pack of a block, and makes the pack when it is new.
    fn pack_of(&self, block: &Block<'_>, packs: &mut Vec<PackSource>) -> usize {
        let words = block.info.strip_prefix("law in ").unwrap_or("test");
        let (id, parents) = words.split_once(" below ").unwrap_or((words, ""));
        if let Some(at) = packs.iter().position(|pack| pack.id == id) {
            return at;
        }
        let blank = self.page.lines.iter().map(|_| "\n").collect();
        // The tutorial writes its manifest into another block; this is what it lists.
        packs.push(PackSource {
            id: id.to_owned(),
            title: id.to_owned(),
            parents: parents.split(", ").filter(|it| !it.is_empty()).map(str::to_owned).collect(),
            zone: "America/New_York".to_owned(),
            recorded_from: Some("2000-01-01".to_owned()),
            references: vec![SourceReference {
                id: "code-12-3".to_owned(),
                ..SourceReference::default()
            }],
            files: vec![SourceFile { path: format!("{id}.law.md"), text: blank }],
            ..PackSource::default()
        });
        packs.len() - 1
    }

    fn write(&self, block: &Block<'_>, pack: &mut PackSource) {
        let Some(file) = pack.files.first_mut() else {
            return;
        };
        let mut lines: Vec<&str> = file.text.split('\n').collect();
        lines[block.line] = "```law";
        let end = self.page.end(block);
        for (at, line) in lines.iter_mut().enumerate().take(end).skip(block.line + 1) {
            *line = self.page.lines[at];
        }
        lines[end] = "```";
        file.text = lines.join("\n");
    }
}

fn table(name: &str, block: &Block<'_>) -> TableSource {
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<String>>();
    let mut lines = block.body.lines();
    let header = lines.next().map(cells).unwrap_or_default();
    let rows = lines.zip(2..).map(|(line, number)| (number, cells(line))).collect();
    TableSource { path: name.to_owned(), header, rows }
}
