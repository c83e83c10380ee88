//! The summary as text: how it ended, then every issue, every actor's gains, every measure.
//!
//! Widths count characters, which is right for the names the scenario language allows.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::digits::{decimals, grouped, percent, rounded};
use crate::model::{Role, Variable};
use crate::simulation::Ended;
use crate::summary::{Confidence, Estimate, Interval, Share, Store, Summary, View, level_labels};

/// Listed numbers are shown one by one up to here, and as a line of statistics beyond.
const LISTED: usize = 12;
const WIDEST_BAR: usize = 40;
/// Lines are broken for no page narrower than this.
const NARROWEST: usize = 76;

/// How the text may look.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The columns of the terminal.
    pub width: usize,
    /// Whether to use colour.
    pub colour: bool,
}

/// The readable summary of one variant.
pub fn terminal(summary: &Summary, variables: &[Variable], look: Look) -> String {
    let mut page = Page::new(summary, variables, look);
    page.endings(summary);
    page.section("Issues", &[Role::Issue]);
    page.section(
        "Utilities and gains, in points",
        &[Role::Utility, Role::Gain],
    );
    page.section("Measures", &[Role::Measure]);
    page.section("Files signed", &[Role::Signed]);
    page.section("Events, how often", &[Role::Event]);
    page.section("Refused at home, how often", &[Role::Rejected]);
    page.blockers();
    page.section("Signals seen", &[Role::Signal]);
    page.section("Likelihood of observations", &[Role::Likelihood]);
    page.text
}

/// The text so far, and the widths it keeps to.
struct Page<'s> {
    text: String,
    look: Look,
    entries: Vec<(&'s Variable, View<'s>)>,
    played: u64,
    plays: u32,
    label: usize,
}

impl<'s> Page<'s> {
    fn new(summary: &'s Summary, variables: &'s [Variable], look: Look) -> Page<'s> {
        let entries: Vec<_> = variables.iter().zip(summary.views()).collect();
        let roles = [Role::Claim, Role::Quantity, Role::State, Role::Chance];
        let shown = entries.iter().filter(|(v, _)| !roles.contains(&v.role));
        let widest = shown.flat_map(|(variable, view)| {
            let labels = level_labels(&variable.kind, view.store);
            let labels = labels.iter().map(|label| width(label) + 2).max();
            [width(&variable.name), labels.unwrap_or(0)]
        });
        let label = widest
            .max()
            .unwrap_or(0)
            .clamp(12, look.width.saturating_sub(48).max(12));
        let text = String::new();
        Page {
            text,
            look,
            entries,
            played: summary.played(),
            plays: summary.plays(),
            label,
        }
    }

    /// How the runs ended; endings never seen share a line, unplayable runs have their own.
    fn endings(&mut self, summary: &Summary) {
        self.title("How it ended");
        let mut never = Vec::new();
        for ended in Ended::ALL {
            let share = summary.ended(ended);
            match ended {
                Ended::Unplayable => {}
                _ if share.count == 0 => never.push(ended.name()),
                _ => self.share(ended.name(), 2, share),
            }
        }
        if !never.is_empty() && self.played > 0 {
            let bound = self.never(self.played);
            let runs = format!(
                "  0 of {} runs: {};",
                grouped(self.played),
                never.join(", ")
            );
            let bound = format!("95 % upper bound {} %", percent(bound.high, bound.high));
            match runs.chars().count() + bound.len() < self.look.width.max(NARROWEST) {
                true => self.line(&format!("{runs} {bound}")),
                false => {
                    self.line(&runs);
                    self.line(&format!("    {bound}"));
                }
            }
        }
        if summary.unplayable() > 0 {
            let (count, runs) = (grouped(summary.unplayable()), grouped(summary.runs()));
            self.warn(&format!("  {count} of {runs} runs could not be played"));
            if let Some(first) = summary.unplayed().first() {
                self.warn(&format!("  first: run {}, {}", first.run, first.reason));
            }
        }
    }

    /// How often something can happen that none of so many runs has shown.
    fn never(&self, runs: u64) -> Interval {
        let none = Share {
            effect: f64::from(self.plays),
            ..Share::new(0, runs)
        };
        none.interval(Confidence::NINETY_FIVE)
    }

    /// Everything of some roles: levels one block each, flags line by line, numbers in a table.
    fn section(&mut self, title: &str, roles: &[Role]) {
        let shown = |(variable, _): &&(&Variable, View<'_>)| roles.contains(&variable.role);
        let entries: Vec<(&Variable, View<'_>)> =
            self.entries.iter().filter(shown).copied().collect();
        if entries.is_empty() {
            return;
        }
        self.line("");
        self.title(title);
        let mut numbers = Vec::new();
        for &(variable, view) in &entries {
            match view.store {
                Store::Values { values, .. } if values.len() > LISTED => {
                    numbers.push((variable, view));
                }
                Store::Number { .. } => numbers.push((variable, view)),
                Store::Level { .. } | Store::Values { .. } => self.levels(variable, view),
                Store::Flag { .. } if view.count() == self.played => {
                    self.share(&variable.name, 2, view.shares()[1]);
                }
                Store::Flag { .. } => self.levels(variable, view),
            }
        }
        if !numbers.is_empty() {
            self.numbers(&numbers);
        }
    }

    /// What stood in the way where nothing was signed; several things can, so shares add up to more.
    fn blockers(&mut self) {
        let shown = |(variable, _): &&(&Variable, View<'_>)| variable.role == Role::Blocked;
        let entries: Vec<_> = self.entries.iter().filter(shown).copied().collect();
        let Some(runs) = entries
            .first()
            .map(|(_, view)| view.count())
            .filter(|n| *n > 0)
        else {
            return;
        };
        self.line("");
        self.title(&format!(
            "In the way, in {} runs where nothing is signed",
            grouped(runs)
        ));
        for (variable, view) in entries {
            match view.shares().last() {
                Some(share) if share.count > 0 => {
                    let name = variable.name.trim_start_matches("blocked.");
                    self.share(name, 2, *share);
                }
                _ => {}
            }
        }
    }

    fn levels(&mut self, variable: &Variable, view: View<'_>) {
        let store = view.store;
        let mut heading = format!("  {}", plain(&variable.name));
        let n = store.count();
        if n != self.played {
            let _ = write!(heading, "  (in {} runs)", grouped(n));
        }
        if let Store::Values { .. } = store {
            let (mean, ends) = with_interval(view.mean());
            let gap = if ends.is_empty() { "" } else { " " };
            let median = rounded(store.ordered().quantile(0.5), None);
            let _ = write!(heading, "  mean {mean}{gap}{ends}, median {median}");
        }
        self.line(&heading);
        let labels = level_labels(&variable.kind, store);
        let mut never = Vec::new();
        for (label, share) in labels.iter().zip(view.shares()) {
            match share.count {
                0 if share.of > 0 => never.push(plain(label)),
                _ => self.share(label, 4, share),
            }
        }
        if !never.is_empty() {
            let bound = self.never(n).high;
            let bound = percent(bound, bound);
            self.line(&format!(
                "    never: {} (each below {bound} %)",
                never.join(", ")
            ));
        }
    }

    /// `shared   17.1 %  [16.4, 17.9]  ####`, or in words where no or every run says so.
    fn share(&mut self, label: &str, indent: usize, share: Share) {
        let (label, room) = (plain(label), self.label + 2 - indent);
        let start = format!("{:indent$}{label:<room$}", "");
        let within = share.interval(Confidence::NINETY_FIVE);
        let of = grouped(share.of);
        if share.of == 0 {
            self.line(&format!("{start}  does not apply to any run"));
        } else if share.count == 0 {
            let bound = percent(within.high, within.high);
            self.line(&format!(
                "{start}  0 of {of} runs; 95 % upper bound {bound} %"
            ));
        } else if share.count == share.of {
            let bound = percent(within.low, 1.0 - within.low);
            let bar = self.bar(1.0, 52);
            self.line(&format!(
                "{start}  {of} of {of} runs; 95 % lower bound {bound} %{bar}"
            ));
        } else {
            let half = within.half_width();
            let shown = |x| percent(x, half);
            let brackets = format!("[{}, {}]", shown(within.low), shown(within.high));
            let bar = self.bar(share.value(), 29);
            let value = shown(share.value());
            self.line(&format!("{start} {value:>7} %  {brackets:<16}{bar}"));
        }
    }

    /// A bar in what room is left beside `used` columns and the label.
    fn bar(&self, share: f64, used: usize) -> String {
        let room = self
            .look
            .width
            .saturating_sub(self.label + used + 2)
            .min(WIDEST_BAR);
        let eighths = (share * 8.0 * room as f64).round() as usize;
        let mut bar = "█".repeat(eighths / 8);
        bar.push_str(["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]);
        if bar.is_empty() {
            return bar;
        }
        format!("  {}", self.styled(&bar, AnsiColor::Cyan.on_default()))
    }

    /// A table of statistics; columns go, the least needed first, until it fits.
    fn numbers(&mut self, entries: &[(&Variable, View<'_>)]) {
        let mut columns: Vec<Vec<String>> = [
            "mean",
            "95 % interval",
            "sd",
            "p05",
            "median",
            "p95",
            "runs",
        ]
        .map(|name| vec![name.to_string()])
        .to_vec();
        for (_, view) in entries {
            for (column, cell) in columns.iter_mut().zip(cells(*view)) {
                column.push(cell);
            }
        }
        let breadth =
            |column: &Vec<String>| column.iter().map(|cell| width(cell)).max().unwrap_or(0);
        let room = self.look.width.saturating_sub(self.label + 2);
        let everywhere = entries.iter().all(|(_, view)| view.count() == self.played);
        let mut kept: Vec<usize> = (0..columns.len())
            .filter(|&c| c != 6 || !everywhere)
            .collect();
        for least in [6, 2, 3, 5, 4] {
            let total: usize = kept.iter().map(|&c| breadth(&columns[c]) + 2).sum();
            if total > room {
                kept.retain(|&c| c != least);
            }
        }
        let own = entries.iter().map(|(variable, _)| plain(&variable.name));
        let names = std::iter::once(String::new()).chain(own);
        for (row, name) in names.enumerate() {
            let mut line = format!("  {name:<room$}", room = self.label);
            for &c in &kept {
                let _ = write!(
                    line,
                    "  {:>room$}",
                    columns[c][row],
                    room = breadth(&columns[c])
                );
            }
            if row == 0 {
                line = self.styled(&line, Style::new().dimmed());
            }
            self.line(&line);
        }
    }

    fn title(&mut self, title: &str) {
        let title = self.styled(title, Style::new().bold());
        self.line(&title);
    }

    fn warn(&mut self, text: &str) {
        let text = self.styled(text, AnsiColor::Yellow.on_default());
        self.line(&text);
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

/// The cells of one row of the table of statistics, each to the digits its own error supports.
fn cells(view: View<'_>) -> [String; 7] {
    if view.count() == 0 {
        return ["-", "", "-", "-", "-", "-", "0"].map(str::to_string);
    }
    let ordered = view.ordered();
    // too few runs to bound a quantile: the error of the mean is the best guide there is
    let otherwise = decimals(view.mean().interval.half_width());
    let alone = |estimate: Estimate| {
        let half = estimate.interval.half_width();
        let digits = if half.is_nan() {
            otherwise
        } else {
            decimals(half)
        };
        rounded(estimate.value, digits)
    };
    let (mean, ends) = with_interval(view.mean());
    [
        mean,
        ends,
        alone(view.sd(&ordered)),
        alone(view.quantile(&ordered, 0.05)),
        alone(view.quantile(&ordered, 0.5)),
        alone(view.quantile(&ordered, 0.95)),
        grouped(view.count()),
    ]
}

/// A mean and `[its, ends]`, both to the digits the error supports; no ends without an error.
fn with_interval(mean: Estimate) -> (String, String) {
    let digits = decimals(mean.interval.half_width());
    let shown = |x| rounded(x, digits);
    let ends = digits.map_or(String::new(), |_| {
        format!(
            "[{}, {}]",
            shown(mean.interval.low),
            shown(mean.interval.high)
        )
    });
    (shown(mean.value), ends)
}

/// A name without line breaks or anything a terminal would obey.
fn plain(name: &str) -> String {
    name.replace(char::is_control, " ")
}

fn width(text: &str) -> usize {
    text.chars().count()
}
