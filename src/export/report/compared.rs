//! Protocols side by side: shares and means under each, and how they differ from those of the baseline.

use anstyle::Style;

use super::Look;
use super::digits::{decimals, rounded};
use crate::analysis::Contrast;
use crate::model::Role;

/// What is shown, section by section; everything else stands in `paired.csv`.
const SECTIONS: [(&str, &[Option<Role>]); 5] = [
    ("How it ended", &[None]),
    ("Issues", &[Some(Role::Issue)]),
    (
        "Utilities and gains",
        &[Some(Role::Utility), Some(Role::Gain)],
    ),
    ("Measures", &[Some(Role::Measure)]),
    ("Files signed", &[Some(Role::Signed)]),
];

/// Each protocol with its contrasts, the baseline first.
pub fn compared(rows: &[(&str, &[Contrast])], look: Look) -> String {
    let Some((baseline, first)) = rows.first() else {
        return String::new();
    };
    let names = rows.iter().map(|(name, _)| name.chars().count());
    let titles = SECTIONS.iter().map(|(title, _)| title.chars().count());
    let label = 2 + names.chain(titles).max().unwrap_or(0);
    let mut page = Page {
        text: String::new(),
        label,
        look,
    };
    for (title, roles) in SECTIONS {
        let columns: Vec<Column> = (0..first.len())
            .filter(|column| roles.contains(&first[*column].role))
            .filter_map(|column| Column::new(rows, column))
            .collect();
        let mut rest = columns.as_slice();
        while !rest.is_empty() {
            let fit = page.fit(rest);
            page.block(title, baseline, rows, &rest[..fit]);
            rest = &rest[fit..];
        }
    }
    page.text
}

/// One statistic: its heading, and a cell for every protocol.
struct Column {
    heading: String,
    values: Vec<String>,
    differences: Vec<String>,
}

impl Column {
    /// None for a level or an ending that no run has shown.
    fn new(rows: &[(&str, &[Contrast])], column: usize) -> Option<Column> {
        let contrast = &rows[0].1[column];
        let Contrast {
            variable,
            statistic,
            ..
        } = contrast;
        let level = statistic
            .strip_prefix("share(")
            .and_then(|rest| rest.strip_suffix(')'));
        let cells = || rows.iter().map(|(_, contrasts)| &contrasts[column]);
        let seen = |contrast: &Contrast| contrast.value.value > 0.0;
        if level.is_some() && !cells().any(seen) {
            return None;
        }
        let heading = match (level, contrast.role) {
            (Some(level), None) => level.to_string(),
            (Some(level), _) => format!("{variable} {level}"),
            (None, _) if statistic == "mean_level" => format!("{variable} (level)"),
            (None, _) => variable.clone(),
        };
        let is_share = statistic.starts_with("share");
        Some(Column {
            heading: heading.replace(char::is_control, " "),
            values: cells().map(|cell| value(cell, is_share)).collect(),
            differences: cells().map(|cell| difference(cell, is_share)).collect(),
        })
    }

    fn width(&self) -> usize {
        let cells = self.values.iter().chain(&self.differences);
        let cells = cells
            .chain([&self.heading])
            .map(|cell| cell.chars().count());
        cells.max().unwrap_or(0)
    }
}

/// Shares in percent, everything to the digits its error supports.
fn value(contrast: &Contrast, is_share: bool) -> String {
    let scale = if is_share { 100.0 } else { 1.0 };
    let half = scale * contrast.value.interval.half_width();
    let text = rounded(scale * contrast.value.value, decimals(half));
    match is_share && contrast.n[0] > 0 {
        true => format!("{text} %"),
        false => text,
    }
}

/// `+1.2 (0.4)`; the error is left out where there is none.
fn difference(contrast: &Contrast, is_share: bool) -> String {
    let scale = if is_share { 100.0 } else { 1.0 };
    let half = scale * contrast.difference.interval.half_width();
    let digits = decimals(half);
    let text = rounded(scale * contrast.difference.value, digits);
    let is_more = !text.starts_with('-') && text.contains(|c: char| ('1'..='9').contains(&c));
    let sign = if is_more { "+" } else { "" };
    match digits {
        Some(_) => {
            let error = rounded(scale * contrast.difference.std_error, digits.map(|d| d + 1));
            format!("{sign}{text} ({error})")
        }
        None => format!("{sign}{text}"),
    }
}

/// The text so far, and the widths it keeps to.
struct Page {
    text: String,
    label: usize,
    look: Look,
}

impl Page {
    /// How many columns stand side by side; at least one.
    fn fit(&self, columns: &[Column]) -> usize {
        let mut room = self.look.width.saturating_sub(self.label);
        let fit = columns.iter().take_while(|column| {
            let needed = column.width() + 2;
            let fits = needed <= room;
            room = room.saturating_sub(needed);
            fits
        });
        fit.count().max(1)
    }

    fn block(
        &mut self,
        title: &str,
        baseline: &str,
        rows: &[(&str, &[Contrast])],
        columns: &[Column],
    ) {
        let bold = self.styled(
            &format!("{title:<room$}", room = self.label),
            Style::new().bold(),
        );
        let headings = columns
            .iter()
            .map(|column| (&column.heading, column.width()));
        let headings: String = headings
            .map(|(heading, width)| format!("  {heading:>width$}"))
            .collect();
        let headings = self.styled(&headings, Style::new().dimmed());
        self.line(&format!("\n{bold}{headings}"));
        self.cells(rows, 0, columns, |column| &column.values);
        if rows.len() > 1 {
            let less = format!("difference from {baseline} (standard error)");
            let less = self.styled(&less, Style::new().dimmed());
            self.line(&format!("  {less}"));
            self.cells(rows, 1, columns, |column| &column.differences);
        }
    }

    fn cells(
        &mut self,
        rows: &[(&str, &[Contrast])],
        from: usize,
        columns: &[Column],
        of: impl Fn(&Column) -> &Vec<String>,
    ) {
        for (row, (name, _)) in rows.iter().enumerate().skip(from) {
            let mut line = format!("  {name:<room$}", room = self.label - 2);
            for column in columns {
                let width = column.width();
                line.push_str(&format!("  {:>width$}", of(column)[row]));
            }
            self.line(&line);
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn styled(&self, text: &str, style: Style) -> String {
        match self.look.colour {
            true => format!("{style}{text}{style:#}"),
            false => text.to_string(),
        }
    }
}
