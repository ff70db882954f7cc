//! `automoney replay EXECUTION`: proves a past decision, and asks another model on request.

use std::fmt::Write as _;

use shared::config::{Environment, Section};
use shared::domain::models::{Provider, Rung};
use shared::llm::Models;
use shared::services::replay::{self, Figures, OtherModel, ReplayError, Replayed};
use shared::telemetry::{self, Format};
use tracing::Level;
use uuid::Uuid;

use crate::start::{self, StartError};

/// The most tokens that a model may answer with which is not on the ladder.
const MAX_OUTPUT_TOKENS: u32 = 2048;

/// Why an execution was not replayed, or not proven.
#[derive(Debug, thiserror::Error)]
pub enum ReplayCommandError {
    /// It cannot begin.
    #[error(transparent)]
    Start(#[from] StartError),
    /// It cannot be replayed.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// Nobody knows who serves the model.
    #[error("{0:?} is not on the ladder; name who serves it, as in anthropic/{0} or openai/{0}")]
    Model(String),
    /// Nobody can be asked there.
    #[error("there is no key for {0}: set CLAUDE_API_KEY or OPENAI_API_KEY")]
    NoKey(Provider),
    /// It came out differently.
    #[error("{0} parts of the record came out differently")]
    NotProven(usize),
    /// The outcome cannot be shown.
    #[error("the outcome cannot be shown")]
    Json(#[from] serde_json::Error),
}

/// Replays an execution and prints what came of it; fails when it is not proven.
pub async fn run(
    environment: &Environment,
    id: Uuid,
    model: Option<&str>,
    as_json: bool,
) -> Result<(), ReplayCommandError> {
    telemetry::init(Format::Text, Level::WARN, std::io::stderr);
    let sections = [
        Section::Database,
        Section::Cache,
        Section::Sources,
        Section::Models,
        Section::Budget,
    ];
    let app = start::app(environment, &sections).await?;
    let other = model.map(|name| rung(&app.models, name)).transpose()?;
    let replayed = replay::replay(&app, id, other.as_ref()).await?;
    if as_json {
        println!("{}", serde_json::to_string_pretty(&replayed)?);
    } else {
        print!("{}", text(&replayed));
    }
    if replayed.is_proven() {
        Ok(())
    } else {
        Err(ReplayCommandError::NotProven(replayed.differences.len()))
    }
}

/// The rung of that name, or one made of `provider/model`.
fn rung(models: &Models, name: &str) -> Result<Rung, ReplayCommandError> {
    if let Some(known) = models.configured_rungs().iter().find(|rung| rung.model == name) {
        return Ok(known.clone());
    }
    let named = name.split_once('/').and_then(|(provider, model)| {
        let provider = Provider::ALL
            .into_iter()
            .find(|known| known.as_str() == provider)?;
        Some((provider, model))
    });
    let (provider, model) = named.ok_or_else(|| ReplayCommandError::Model(name.to_owned()))?;
    if !models
        .configured_rungs()
        .iter()
        .any(|rung| rung.provider == provider)
    {
        return Err(ReplayCommandError::NoKey(provider));
    }
    Ok(Rung {
        provider,
        model: model.to_owned(),
        max_output_tokens: MAX_OUTPUT_TOKENS,
        effort: None,
    })
}

// Writing into a String cannot fail, here and below.
fn text(replayed: &Replayed) -> String {
    let mut page = String::new();
    let verdict = if replayed.is_proven() {
        "proven: everything came out the same"
    } else {
        "NOT proven"
    };
    let _ = writeln!(
        page,
        "{} as of {} ({})\n  recorded    {}\n  recomputed  {}\n  {verdict}",
        replayed.strategy_id,
        replayed.as_of,
        replayed.execution_id,
        line(&replayed.recorded),
        line(&replayed.recomputed),
    );
    for difference in &replayed.differences {
        let _ = writeln!(
            page,
            "  {}: {} is recorded, {} came out",
            difference.path,
            part(difference.recorded.as_ref()),
            part(difference.recomputed.as_ref())
        );
    }
    if let Some(other) = &replayed.other_model {
        other_model(&mut page, other);
    }
    page
}

fn part(value: Option<&serde_json::Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), ToString::to_string)
}

fn other_model(page: &mut String, other: &OtherModel) {
    let _ = writeln!(page, "\nWith {}: {}", other.model, line(&other.figures));
    for answer in &other.agents {
        let score = |score: Option<shared::domain::agents::Score>| {
            score.map_or_else(|| "no answer".to_owned(), |score| score.to_string())
        };
        let _ = writeln!(
            page,
            "  {:<8} {} (${}) instead of {} (${}){}",
            answer.agent.as_str(),
            score(answer.score),
            answer.cost_usd.normalize(),
            score(answer.recorded_score),
            answer.recorded_cost_usd.normalize(),
            answer
                .why_not
                .as_ref()
                .map_or_else(String::new, |why| format!(": {why}")),
        );
    }
}

fn line(figures: &Figures) -> String {
    match figures.signal.as_str() {
        Some(signal) => format!("conviction {}   signal {signal}", figures.conviction),
        None => "no decision".to_owned(),
    }
}
