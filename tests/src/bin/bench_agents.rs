//! Benchmark: three agents ask their models side by side.
//!
//! Once with a provider that takes 300 ms for each answer: the whole must take little longer than one
//! of them. Once with one that answers at once: what is left is our own work (reserving, asking,
//! settling, keeping the answer). Beside both, in the same run: the same three questions sent by
//! themselves, side by side and one after the other, without anything written down.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use futures_util::future::join_all;
use shared::clock::Stopwatch;
use shared::domain::market::Timeframe;
use shared::llm::{Prompt, Question};
use shared::services::analyse::{Analysts, Occasion, by_rules};
use shared::services::gather::{KnownAt, MarketAt};
use standin::{Fault, Service};
use tests::bundle::Bundle;

/// How long a provider thinks, milliseconds.
const THINKS_MS: u64 = 300;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
struct Options {
    /// Rounds; the medians are printed.
    #[arg(long, default_value_t = 21)]
    rounds: usize,
}

#[tokio::main]
async fn main() -> ExitCode {
    match measure(Options::parse().rounds).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench_agents: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(rounds: usize) -> Result<(), Failure> {
    let bundle = Bundle::with().models("1000").start().await;
    bundle.collect().await;
    let as_of = "2024-03-01T12:00:00Z".parse()?;
    let market = KnownAt::read(bundle.app(), as_of).await?;
    let market = market.market(bundle.app(), Timeframe::H4).await?;

    for thinks_ms in [THINKS_MS, 0] {
        let mut measured = [Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..rounds {
            // The first round's connections and caches are everybody's.
            let order = bundle.upstream();
            order.mend();
            order.fail(Service::Anthropic, &Fault::Slow(thinks_ms), 100);
            measured[0].push(agents(&bundle, &market).await?);
            measured[1].push(questions(&bundle, &market, true).await?);
            measured[2].push(questions(&bundle, &market, false).await?);
        }
        println!("\nthree agents, a provider that takes {thinks_ms} ms an answer, {rounds} rounds, medians");
        let [agents, side_by_side, in_turn] = measured.map(median);
        for (name, value) in [
            ("the agents, everything written down", agents),
            ("baseline: the same questions alone, side by side", side_by_side),
            ("baseline: the same questions alone, in turn", in_turn),
            ("our own, an agent's call", (agents - side_by_side) / 3.0),
        ] {
            println!("{name:<52}{value:>9.1} ms");
        }
    }
    Ok(())
}

/// The three agents as a run asks them, none of whose answers is known yet.
async fn agents(bundle: &Bundle, market: &MarketAt) -> Result<f64, Failure> {
    let client = bundle.database().client().await;
    client.batch_execute("TRUNCATE model_answers").await?;
    let app = bundle.app();
    let occasion = Occasion {
        execution_id: app.ids.next(),
        strategy_id: "swing-4h",
        market,
    };
    let watch = Stopwatch::start();
    let analysed = Analysts::new(app, None).analyse(app, &occasion).await?;
    let took = watch.elapsed();
    let answered = analysed
        .answers
        .all()
        .into_iter()
        .filter(|answer| answer.model_answer.is_some());
    if answered.count() != 3 {
        return Err("a model did not answer".into());
    }
    Ok(milliseconds(took))
}

/// The same three questions, and nothing else.
async fn questions(bundle: &Bundle, market: &MarketAt, side_by_side: bool) -> Result<f64, Failure> {
    let models = &bundle.app().models;
    let rung = models
        .configured_rungs()
        .first()
        .ok_or("no model is configured")?;
    let questions: Vec<Question> = by_rules(market)
        .iter()
        .filter_map(Prompt::of)
        .map(|prompt| Question {
            rung: rung.clone(),
            prompt,
            patience: Duration::from_secs(10),
        })
        .collect();
    let watch = Stopwatch::start();
    let attempted = if side_by_side {
        join_all(questions.iter().map(|question| models.ask(question))).await
    } else {
        let mut attempted = Vec::new();
        for question in &questions {
            attempted.push(models.ask(question).await);
        }
        attempted
    };
    let took = watch.elapsed();
    for one in attempted {
        one.answer?;
    }
    Ok(milliseconds(took))
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
