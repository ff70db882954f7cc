//! What one run did, as text for people. Only shows; everything in it is in the `--json` output too.

use std::fmt::Write as _;

use serde_json::Value;

use super::outcome::{Hole, Outcome, Scored};

/// Holes that are listed one by one; of more only the number is told.
const LISTED: usize = 10;

/// The whole report.
pub(super) fn text(outcome: &Outcome) -> String {
    let mut page = format!("AutoMoney, {}: {}\n\nCollected\n", outcome.time, outcome.market);
    for ran in &outcome.collected {
        collected(&mut page, &ran.result);
    }
    holes(&mut page, &outcome.holes);
    for scored in &outcome.strategies {
        strategy(&mut page, scored);
    }
    page
}

// Writing into a String cannot fail, here and below.
fn collected(page: &mut String, result: &Value) {
    for series in array(&result["series"]) {
        let name = match series["metric"].as_str() {
            Some(metric) => metric.replace('_', " "),
            None => format!("{}USDT {}", word(&series["asset"]), word(&series["timeframe"])),
        };
        if series["is_offered"] == Value::Bool(false) {
            let _ = writeln!(page, "  {name:<24} not offered");
            continue;
        }
        let rows = &series["rows"];
        let _ = writeln!(
            page,
            "  {name:<24} {:>6} received, {} new, {} changed",
            series["received"], rows["inserted"], rows["updated"]
        );
    }
    for failure in array(&result["failures"]) {
        let _ = writeln!(
            page,
            "  {:<24} failed: {}",
            word(&failure["what"]),
            word(&failure["why"])
        );
    }
}

fn holes(page: &mut String, holes: &[Hole]) {
    if holes.is_empty() {
        return;
    }
    let _ = writeln!(
        page,
        "\nMissing at the exchange ({}); read as flat candles, marked, never stored",
        holes.len()
    );
    for hole in holes.iter().take(LISTED) {
        let file = hole
            .file_time
            .map(|time| format!("  ({time} in the file)"))
            .unwrap_or_default();
        let _ = writeln!(
            page,
            "  {} {}  {}{file}",
            hole.symbol, hole.timeframe, hole.open_time
        );
    }
    if holes.len() > LISTED {
        let _ = writeln!(page, "  … and {} more", holes.len() - LISTED);
    }
}

fn strategy(page: &mut String, scored: &Scored) {
    let _ = writeln!(
        page,
        "\n{} ({}), as of {}",
        scored.name, scored.strategy_id, scored.as_of
    );
    for agent in ["macro", "onchain", "ta"] {
        let answer = &scored.agents[agent];
        match answer["outcome"]["score"].as_f64() {
            Some(score) => {
                let _ = writeln!(
                    page,
                    "  {agent:<8} {score:+.4}   confidence {}{}",
                    answer["confidence"],
                    by(answer)
                );
            }
            None => {
                let _ = writeln!(
                    page,
                    "  {agent:<8} no answer: {}",
                    word(&answer["outcome"]["reason"])
                );
            }
        }
        for component in array(&answer["components"]) {
            self::component(page, component);
        }
    }
    match scored.decision.as_object() {
        Some(decision) => {
            let _ = writeln!(
                page,
                "  conviction {}   signal {}   position {}\n  {}",
                decision["conviction_score"],
                word(&decision["signal"]),
                decision["recommended_position"],
                word(&decision["reasoning"])
            );
        }
        None => {
            let _ = writeln!(
                page,
                "  {}",
                scored.skip_reason.as_deref().unwrap_or("No decision.")
            );
        }
    }
    for lock in array(&scored.locks) {
        let _ = writeln!(
            page,
            "  lock {}: {}",
            word(&lock["reason"]),
            word(&lock["detail"])
        );
    }
}

/// Who answered, where that is more than the rules alone.
fn by(answer: &Value) -> String {
    let model = word(&answer["model"]);
    match answer["answered_by"].as_str() {
        Some("model") => format!("   by {model}"),
        Some("earlier_answer") => format!("   by {model}, an earlier answer{}", age(answer)),
        Some("last_result") => format!("   last result of {model}{}", age(answer)),
        Some("rules_fallback") => "   rules, no model answered".to_owned(),
        _ => String::new(),
    }
}

/// How old a model's answer is; nothing when it is about the same time. Executions stand on whole hours.
fn age(answer: &Value) -> String {
    match answer["model_answer"]["age_seconds"].as_i64() {
        None | Some(0) => String::new(),
        Some(seconds) => format!(", {} h old", seconds / 3600),
    }
}

fn component(page: &mut String, component: &Value) {
    let input = word(&component["input"]).replace('_', " ");
    let name = match component["asset"].as_str() {
        Some(asset) => format!("{asset} {input}"),
        None => input,
    };
    let share = component["share"].as_f64().unwrap_or_default() * 100.0;
    match (component["score"].as_f64(), component["figure"].as_f64()) {
        (Some(score), Some(figure)) => {
            let _ = writeln!(
                page,
                "    {name:<24} {share:>3.0} %  {score:+.4}  {:<8} {figure:.4} ({}, {})",
                word(&component["signal"]),
                word(&component["freshness"]),
                word(&component["observed_at"])
            );
        }
        _ => {
            let _ = writeln!(page, "    {name:<24} {share:>3.0} %  missing");
        }
    }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::domain::voices::AnsweredBy;

    use super::*;

    fn shown(answered_by: AnsweredBy, age_seconds: Option<i64>) -> String {
        let answer = json!({
            "outcome": { "status": "answered", "score": 0.1653 },
            "confidence": 0.65,
            "model": "a-model",
            "answered_by": answered_by,
            "model_answer": age_seconds.map(|age_seconds| json!({ "age_seconds": age_seconds })),
        });
        let scored = Scored {
            strategy_id: "hodl-wave".to_owned(),
            name: "HODL Wave".to_owned(),
            as_of: jiff::Timestamp::UNIX_EPOCH.into(),
            agents: json!({ "ta": answer }),
            decision: Value::Null,
            skip_reason: None,
            locks: Value::Null,
        };
        let mut page = String::new();
        strategy(&mut page, &scored);
        let line = page.lines().find(|line| line.starts_with("  ta"));
        line.expect("the agent's line").to_owned()
    }

    #[test]
    fn an_agents_line_says_who_answered_when_it_was_not_the_rules_alone() {
        const BARE: &str = "  ta       +0.1653   confidence 0.65";
        let four_hours = Some(4 * 3600);
        for (answered_by, age_seconds, by) in [
            (AnsweredBy::Rules, None, ""),
            (AnsweredBy::Model, Some(0), "   by a-model"),
            (
                AnsweredBy::EarlierAnswer,
                Some(0),
                "   by a-model, an earlier answer",
            ),
            (
                AnsweredBy::EarlierAnswer,
                four_hours,
                "   by a-model, an earlier answer, 4 h old",
            ),
            (
                AnsweredBy::LastResult,
                four_hours,
                "   last result of a-model, 4 h old",
            ),
            (AnsweredBy::RulesFallback, None, "   rules, no model answered"),
        ] {
            assert_eq!(shown(answered_by, age_seconds), format!("{BARE}{by}"));
        }
    }
}
