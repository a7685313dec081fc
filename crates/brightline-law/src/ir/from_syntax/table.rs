//! Tables of offenses.

use super::names::{Space, Target};
use super::{Entry, Resolver, id};
use crate::TableSource;
use crate::clock::Day;
use crate::diagnostic::{Diagnostic, nearest};
use crate::ir::{PackId, Table, TableId, TableRow};
use crate::syntax::ast::{self, Item, Spelled};

impl<'a> Resolver<'a> {
    /// Reads the tables that packs name.
    pub(super) fn tables(&mut self, entries: &[Entry<'_>]) {
        for entry in entries {
            if let Item::Table(table) = entry.item {
                self.table(entry.pack, table);
            }
        }
    }

    fn table(&mut self, pack: PackId, item: &ast::Table) {
        let table = TableId(id(self.corpus.tables.len()));
        if !self.declare(pack, Space::Table, &item.name, Target::Table(table)) {
            return;
        }
        let source = self.csv(pack, &item.file);
        let rows = source.map_or_else(Vec::new, |source| self.rows(item, source));
        let columns = source.map_or_else(Vec::new, |source| source.header.clone());
        self.corpus.tables.push(Table { pack, name: item.name.text.clone(), columns, rows });
    }

    /// Returns the CSV file of this name in a pack; reports a file that is not there.
    pub(super) fn csv(&mut self, pack: PackId, file: &Spelled) -> Option<&'a TableSource> {
        let sources = self.sources;
        let tables = sources.packs.get(pack.index()).map_or(&[][..], |pack| &pack.tables);
        let found = tables.iter().find(|table| table.path == file.text);
        if found.is_none() {
            let message = format!("the pack has no file `{}`", file.text);
            let near = nearest(&file.text, tables.iter().map(|table| table.path.as_str()));
            self.report(Diagnostic::error("L125", file.span, message).suggest(near));
        }
        found
    }

    /// Returns the index of a column; reports a file without it.
    pub(super) fn column(
        &mut self,
        source: &TableSource,
        name: &str,
        file: &Spelled,
    ) -> Option<usize> {
        let found = source.header.iter().position(|column| column == name);
        if found.is_none() {
            let message = format!("`{}` has no column `{name}`", source.path);
            let near = nearest(name, &source.header);
            let near = near.map_or_else(String::new, |near| format!("; it has `{near}`"));
            let help = format!("its first line must name a column `{name}`{near}");
            self.report(Diagnostic::error("L126", file.span, message).help(help));
        }
        found
    }

    fn rows(&mut self, item: &ast::Table, source: &TableSource) -> Vec<TableRow> {
        let mut rows: Vec<(u32, TableRow)> = Vec::new();
        let Some(key) = self.column(source, "offense", &item.file) else {
            return Vec::new();
        };
        let position = |name: &str| source.header.iter().position(|column| column == name);
        let (from, until) = (position("from"), position("until"));
        for (line, cells) in &source.rows {
            let row = read_row(source, cells, (key, from, until));
            match row {
                Ok((offense, from, until)) => {
                    let offense = self.corpus.offenses.insert(offense);
                    let row = TableRow { offense, from, until, cells: cells.clone() };
                    self.check_row_twice(item, source, (*line, &row), &rows);
                    rows.push((*line, row));
                }
                Err(why) => self.bad_row(&source.path, *line, &why, &item.file),
            }
        }
        rows.into_iter().map(|(_, row)| row).collect()
    }

    pub(super) fn bad_row(&mut self, path: &str, line: u32, why: &str, file: &Spelled) {
        self.error("L127", file.span, format!("line {line} of `{path}` {why}"));
    }

    fn check_row_twice(
        &mut self,
        item: &ast::Table,
        source: &TableSource,
        (line, row): (u32, &TableRow),
        before: &[(u32, TableRow)],
    ) {
        let same = |other: &TableRow| {
            other.offense == row.offense
                && other.from <= row.until
                && row.from <= other.until
                && same_cells(source, &other.cells, &row.cells)
        };
        if let Some((first, _)) = before.iter().find(|(_, other)| same(other)) {
            let name = self.corpus.offenses.name(row.offense);
            let path = &source.path;
            let message = format!("lines {first} and {line} of `{path}` are the same: {name}");
            self.report(Diagnostic::warning("L128", item.file.span, message).help("remove one"));
        }
    }
}

/// Returns the offense of a row and the days on which the row holds.
fn read_row<'c>(
    source: &TableSource,
    cells: &'c [String],
    (key, from, until): (usize, Option<usize>, Option<usize>),
) -> Result<(&'c str, Day, Day), String> {
    let offense = cells.get(key).filter(|cell| !cell.trim().is_empty());
    let offense = offense.ok_or("names no offense")?;
    let from = cell_day(cells, from)?.unwrap_or(Day::MIN);
    let until = cell_day(cells, until)?.unwrap_or(Day::MAX);
    if cells.len() != source.header.len() {
        return Err("has not as many cells as the header".to_owned());
    }
    if until < from {
        return Err(format!("ends on {until}, before it begins on {from}"));
    }
    Ok((offense, from, until))
}

/// Returns whether two rows say the same, the days on which they hold left aside.
fn same_cells(source: &TableSource, left: &[String], right: &[String]) -> bool {
    let columns = source.header.iter().zip(left.iter().zip(right));
    columns
        .filter(|(column, _)| !matches!(column.as_str(), "offense" | "from" | "until"))
        .all(|(_, (left, right))| left == right)
}

/// Returns the day in a cell; none where the cell or the column is missing.
fn cell_day(cells: &[String], column: Option<usize>) -> Result<Option<Day>, String> {
    let cell = column.and_then(|column| cells.get(column)).map(|cell| cell.trim());
    match cell.filter(|cell| !cell.is_empty()) {
        None => Ok(None),
        Some(cell) => Day::parse(cell).map(Some).map_err(|error| format!("has a bad day: {error}")),
    }
}
