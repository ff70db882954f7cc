//! A simulation for people, for spreadsheets, for programs.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use rust_decimal::Decimal;
use serde::Serialize;
use shared::domain::agents::AgentKind;
use shared::domain::equity::ShownPoint;
use shared::domain::money::Money;
use shared::domain::wire::Utc;
use shared::services::simulate::Simulation;

use crate::cli::SimulationFormat;

/// A simulation in a format, with what it read.
pub(super) fn text(
    simulation: &Simulation,
    market: &str,
    format: SimulationFormat,
) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Whole<'a> {
        market: &'a str,
        #[serde(flatten)]
        simulation: &'a Simulation,
    }
    Ok(match format {
        SimulationFormat::Table => table(simulation, market),
        SimulationFormat::Csv => csv(&simulation.equity),
        SimulationFormat::Json => {
            let mut text = serde_json::to_string_pretty(&Whole { market, simulation })?;
            text.push('\n');
            text
        }
    })
}

/// One line a boundary.
fn csv(points: &[ShownPoint]) -> String {
    let mut text = "at,equity,cash,benchmark,drawdown_pct\n".to_owned();
    for point in points {
        // Writing into a String cannot fail, here and below.
        let _ = writeln!(
            text,
            "{},{},{},{},{}",
            point.at,
            cell(point.equity.map(Money::value)),
            point.cash.value(),
            cell(point.benchmark.map(Money::value)),
            cell(point.drawdown_pct),
        );
    }
    text
}

/// Empty where it is not known.
fn cell<T: Display>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// What somebody wants to know comes last: it stays in sight.
fn table(simulation: &Simulation, market: &str) -> String {
    let mut page = String::new();
    trades(&mut page, simulation);
    days(&mut page, &simulation.equity);
    summary(&mut page, simulation, market);
    page
}

fn trades(page: &mut String, simulation: &Simulation) {
    let _ = writeln!(
        page,
        "{:<20}  {:<5} {:<4} {:>12} {:>14} {:>14} {:>10} {:>12} {:>14}",
        "trades", "asset", "side", "quantity", "fill", "value", "fee", "realised", "cash after"
    );
    for trade in &simulation.trades {
        let _ = writeln!(
            page,
            "{:<20}  {:<5} {:<4} {:>12} {:>14} {:>14} {:>10} {:>12} {:>14}",
            trade.as_of.to_string(),
            trade.asset.as_str(),
            trade.side,
            trade.quantity.value().normalize().to_string(),
            cents(trade.fill),
            cents(trade.value),
            cents(trade.fee),
            trade.realised.map_or_else(|| "-".to_owned(), cents),
            cents(trade.cash_after),
        );
    }
}

fn days(page: &mut String, points: &[ShownPoint]) {
    let _ = writeln!(
        page,
        "\n{:<20}  {:>14} {:>14} {:>14} {:>10}",
        "days", "equity", "cash", "BTC held", "drawdown %"
    );
    for point in points.iter().filter(|point| is_midnight(point)) {
        let _ = writeln!(
            page,
            "{:<20}  {:>14} {:>14} {:>14} {:>10}",
            point.at.to_string(),
            known(point.equity),
            cents(point.cash),
            known(point.benchmark),
            point
                .drawdown_pct
                .map_or_else(|| "?".to_owned(), |fall| fall.round_dp(2).to_string()),
        );
    }
}

fn is_midnight(point: &ShownPoint) -> bool {
    point.at.to_string().ends_with("T00:00:00Z")
}

fn summary(page: &mut String, simulation: &Simulation, market: &str) {
    let statistics = &simulation.statistics;
    let time = |time: Option<Utc>| time.map_or_else(|| "never".to_owned(), |time| time.to_string());
    let of = &simulation.weights;
    let weight = |agent| of.of(agent).normalize();
    let rows: Vec<(&str, String)> = vec![
        (
            "strategy",
            format!(
                "{} (macro {}, on-chain {}, technical {}), rules only: no model is asked",
                simulation.strategy_id,
                weight(AgentKind::Macro),
                weight(AgentKind::Onchain),
                weight(AgentKind::Ta)
            ),
        ),
        ("market", market.to_owned()),
        (
            "span",
            format!("{} to {}", time(simulation.from), time(simulation.to)),
        ),
        (
            "boundaries",
            format!("{} ({} skipped)", simulation.boundaries, simulation.skipped),
        ),
        ("signals", counts(&simulation.signals)),
        ("locked", counts(&simulation.blocked)),
        ("not placed", counts(&simulation.not_placed)),
        (
            "trades",
            format!("{} ({} sells)", simulation.trades.len(), statistics.sells),
        ),
        (
            "equity",
            format!(
                "{} became {} USD, {} %",
                cents(simulation.capital),
                known(simulation.final_equity),
                figure(statistics.return_pct)
            ),
        ),
        (
            "BTC held",
            format!("{} %", figure(simulation.benchmark_return_pct)),
        ),
        (
            "drawdown",
            format!("{} % at most", figure(statistics.max_drawdown_pct)),
        ),
        ("Sharpe", figure(statistics.sharpe)),
        ("Sortino", figure(statistics.sortino)),
        ("win rate", figure(statistics.win_rate)),
    ];
    page.push('\n');
    for (name, value) in rows {
        let _ = writeln!(page, "{name:<12} {value}");
    }
}

fn counts(counts: &BTreeMap<String, impl Display>) -> String {
    let named: Vec<String> = counts.iter().map(|(name, n)| format!("{name} {n}")).collect();
    if named.is_empty() {
        "none".to_owned()
    } else {
        named.join(", ")
    }
}

fn figure(value: Option<Decimal>) -> String {
    value.map_or_else(|| "not defined".to_owned(), |value| value.normalize().to_string())
}

fn known(value: Option<Money>) -> String {
    value.map_or_else(|| "?".to_owned(), cents)
}

/// To the cent; the exact figures are in the other formats.
fn cents(value: Money) -> String {
    let mut rounded = value.value().round_dp(2);
    rounded.rescale(2);
    rounded.to_string()
}
