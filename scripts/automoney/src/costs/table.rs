//! The report as sections of a name and columns of figures: what the terminal and the page both show.

use rust_decimal::Decimal;
use shared::services::costs::{CostReport, Figures};

/// A part of the report: rows of a name and its figures under one head.
pub(super) struct Section {
    pub(super) title: &'static str,
    /// What the rows are named after, then what the figures are.
    pub(super) head: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
}

/// What `Figures` are called, in the order of [`shown`].
const FIGURES: [&str; 9] = [
    "attempts",
    "failures",
    "reused",
    "input",
    "cache write",
    "cached",
    "output",
    "tokens",
    "USD",
];

/// The sentences above the sections.
pub(super) fn summary(report: &CostReport) -> Vec<String> {
    let (total, today) = (&report.total, &report.today);
    let rate = total
        .cache_hit_rate_pct
        .map_or_else(|| "no model answered".to_owned(), |rate| format!("{rate} %"));
    let above = match report.days_above_budget.as_slice() {
        [] => "no day was above it".to_owned(),
        days => {
            let days: Vec<String> = days.iter().map(ToString::to_string).collect();
            format!("above it: {}", days.join(", "))
        }
    };
    vec![
        format!(
            "{} to {}: {} USD, {} tokens, {} executions, {} attempts, {} failures",
            report.first_day,
            report.last_day,
            usd(total.figures.cost_usd),
            total.figures.tokens_used,
            total.executions,
            total.figures.attempts,
            total.figures.failures,
        ),
        format!("answers used again: {rate}"),
        format!("budget {} USD a day: {above}", usd(report.daily_budget_usd)),
        format!(
            "today {}: {} USD settled, {} USD reserved, of at most {} USD",
            today.day,
            usd(today.settled_usd),
            usd(today.reserved_usd),
            usd(today.cap_usd),
        ),
        format!(
            "unsettled on days that ended: {} USD reserved, cost not known",
            usd(report.unsettled_usd)
        ),
    ]
}

/// The sections, in the order they are shown.
pub(super) fn sections(report: &CostReport) -> Vec<Section> {
    let agents = report.by_agent.iter();
    let models = report.by_model.iter();
    let strategies = report.by_strategy.iter();
    let days = report.by_day.iter();
    vec![
        Section {
            title: "By agent",
            head: head(&["agent", "executions"], &[]),
            rows: agents
                .map(|of| row([of.agent.to_owned(), of.executions.to_string()], &of.figures, &[]))
                .collect(),
        },
        Section {
            title: "By model",
            head: head(&["model"], &[]),
            rows: models
                .map(|of| row([model(&of.provider, &of.model)], &of.figures, &[]))
                .collect(),
        },
        Section {
            title: "By strategy",
            head: head(&["strategy", "executions"], &[]),
            rows: strategies
                .map(|of| {
                    row(
                        [of.strategy_id.clone(), of.executions.to_string()],
                        &of.figures,
                        &[],
                    )
                })
                .collect(),
        },
        sources(report),
        Section {
            title: "By day",
            head: head(&["day", "executions"], &["reserved"]),
            rows: days
                .map(|of| {
                    let names = [of.day.to_string(), of.executions.to_string()];
                    row(names, &of.figures, &[of.reserved_usd])
                })
                .collect(),
        },
    ]
}

fn sources(report: &CostReport) -> Section {
    Section {
        title: "By source",
        head: vec!["source", "calls", "failures"],
        rows: report
            .by_source
            .iter()
            .map(|of| {
                vec![
                    of.data_source.clone(),
                    of.calls.to_string(),
                    of.failures.to_string(),
                ]
            })
            .collect(),
    }
}

/// `rules` is provider and model alike.
fn model(provider: &str, model: &str) -> String {
    if provider == model {
        model.to_owned()
    } else {
        format!("{provider} {model}")
    }
}

fn head(names: &[&'static str], more: &[&'static str]) -> Vec<&'static str> {
    [names, &FIGURES, more].concat()
}

fn row<const N: usize>(names: [String; N], figures: &Figures, more: &[Decimal]) -> Vec<String> {
    let more = more.iter().copied().map(usd);
    names.into_iter().chain(shown(figures)).chain(more).collect()
}

fn shown(figures: &Figures) -> [String; FIGURES.len()] {
    [
        figures.attempts.to_string(),
        figures.failures.to_string(),
        figures.cache_hits.to_string(),
        figures.input_tokens.to_string(),
        figures.cache_write_tokens.to_string(),
        figures.cached_tokens.to_string(),
        figures.output_tokens.to_string(),
        figures.tokens_used.to_string(),
        usd(figures.cost_usd),
    ]
}

/// Never rounded: cents are too coarse for a call.
fn usd(amount: Decimal) -> String {
    amount.normalize().to_string()
}

/// The report for a terminal.
pub(super) fn text(report: &CostReport) -> String {
    let mut text = summary(report).join("\n") + "\n";
    for section in sections(report) {
        let rows = if section.rows.is_empty() {
            "  nothing\n".to_owned()
        } else {
            aligned(&section)
        };
        text.extend(["\n", section.title, "\n", &rows]);
    }
    text
}

/// Names to the left, figures to the right, each column as wide as its widest cell.
fn aligned(section: &Section) -> String {
    let head = section.head.iter().map(ToString::to_string).collect();
    let lines: Vec<Vec<String>> = std::iter::once(head)
        .chain(section.rows.iter().cloned())
        .collect();
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..section.head.len()).map(width).collect();
    let shown = |line: &Vec<String>| {
        let cells = line.iter().zip(&widths).enumerate();
        let cells: Vec<String> = cells
            .map(|(column, (cell, width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            })
            .collect();
        format!("  {}\n", cells.join("  "))
    };
    lines.iter().map(shown).collect()
}
