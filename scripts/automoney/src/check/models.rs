//! The language models: who can be asked, at what price, and how much of the day's money is left.
//!
//! Asks no model, because that costs money: whether a provider takes its key shows with the next run.

use rust_decimal::Decimal;
use shared::app::App;
use shared::db::budget::{self, Spent};
use shared::domain::costs::utc_day;
use shared::domain::models::{PriceTable, Provider, Rung};
use shared::llm::committed_ladder;
use shared::telemetry;

use super::{Finding, Line};

/// One line for all models, one a rung where there is a key at all, one for the budget.
pub(super) async fn ready(app: &App) -> Vec<Line> {
    let mut lines = ladder(app);
    lines.push(("budget".to_owned(), today(app).await));
    lines
}

fn ladder(app: &App) -> Vec<Line> {
    let ladder = match committed_ladder() {
        Ok(ladder) => ladder,
        Err(error) => {
            let why = telemetry::chain(&error).join(": ");
            return vec![("models".to_owned(), Finding::Broken(why))];
        }
    };
    let with_key = app.models.configured_rungs();
    let mut lines = vec![("models".to_owned(), keys(with_key.len(), ladder.rungs().len()))];
    if with_key.is_empty() {
        return lines;
    }
    for (place, rung) in (1..).zip(ladder.rungs()) {
        let finding = self::rung(rung, with_key.contains(rung), app.models.prices());
        lines.push((format!("model {place}"), finding));
    }
    lines
}

fn keys(with_key: usize, all: usize) -> Finding {
    if with_key == 0 {
        Finding::Limited("no key: set CLAUDE_API_KEY; the rules answer alone".to_owned())
    } else {
        Finding::Works(format!(
            "{with_key} of {all} have a key; not asked, because that costs money"
        ))
    }
}

fn rung(rung: &Rung, has_key: bool, table: &PriceTable) -> Finding {
    let (model, provider) = (&rung.model, rung.provider);
    let priced = table.find(model);
    if !priced.is_known {
        return Finding::Broken(format!(
            "{model} of {provider} has no price and counts as the dearest: add it to shared/src/llm/prices.toml"
        ));
    }
    if !has_key {
        let variable = key_variable(provider);
        return Finding::Limited(format!(
            "{model} of {provider} is left out: no key, set {variable}"
        ));
    }
    Finding::Works(format!(
        "{model} of {provider} has a key; a million tokens cost {} USD in, {} USD out",
        priced.price.input, priced.price.output
    ))
}

const fn key_variable(provider: Provider) -> &'static str {
    match provider {
        Provider::Anthropic => "CLAUDE_API_KEY",
        Provider::OpenAi => "OPENAI_API_KEY",
    }
}

async fn today(app: &App) -> Finding {
    match budget::spent(&app.db, utc_day(app.clock.now())).await {
        Ok(spent) => left(spent, app.config.daily_cap_usd()),
        Err(error) => Finding::Broken(telemetry::chain(&error).join(": ")),
    }
}

fn left(spent: Spent, cap: Decimal) -> Finding {
    let text = format!(
        "{} of {} USD are spent today, {} USD of them reserved for calls that are not settled",
        spent.total().normalize(),
        cap.normalize(),
        spent.reserved.normalize()
    );
    if spent.total() < cap {
        Finding::Works(text)
    } else {
        Finding::Limited(format!(
            "{text}; no model is asked before the next UTC day, or a higher DAILY_LLM_BUDGET_USD"
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use shared::llm::committed_prices;

    use super::*;

    fn first_rung() -> Rung {
        committed_ladder().unwrap().rungs()[0].clone()
    }

    #[test]
    fn a_model_without_a_price_is_a_fault_and_one_without_a_key_is_a_limit() {
        let (rung, prices) = (first_rung(), committed_prices().unwrap());
        let other = prices.find(&rung.model).price;
        let without_it = PriceTable::new(BTreeMap::from([("another".to_owned(), other)])).unwrap();

        assert!(matches!(super::rung(&rung, true, &prices), Finding::Works(_)));
        assert!(matches!(super::rung(&rung, false, &prices), Finding::Limited(_)));
        assert!(matches!(
            super::rung(&rung, true, &without_it),
            Finding::Broken(_)
        ));
    }

    #[test]
    fn a_spent_day_is_a_limit_and_what_is_reserved_counts() {
        let spent = Spent {
            settled: Decimal::new(125, 1),
            reserved: Decimal::new(25, 1),
        };
        let Finding::Works(text) = left(spent, Decimal::from(16)) else {
            panic!("a dollar is left");
        };
        assert!(
            text.starts_with("15 of 16 USD are spent today, 2.5 USD of them reserved"),
            "{text}"
        );
        let none = left(spent, Decimal::from(15));
        assert!(matches!(none, Finding::Limited(text) if text.contains("DAILY_LLM_BUDGET_USD")));
    }
}
