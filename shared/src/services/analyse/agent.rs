//! One agent: whether a model is asked, and who has the last word.

use rust_decimal::Decimal;
use serde_json::json;

use super::ladder::{Answered, Climb};
use super::time::TimeLeft;
use super::{Analysts, Occasion, Subject};
use crate::app::App;
use crate::clock::Stopwatch;
use crate::db::DbError;
use crate::db::attempts::Attempt;
use crate::db::model_answers::{self, ModelAnswer};
use crate::domain::agents::{Analysis, Basis, Outcome, Score, may_stand_in};
use crate::domain::models::{Blended, Rung};
use crate::domain::voices::{AgentAnswer, AnsweredBy, Silence, SilenceCause, Spoken, Voice};
use crate::llm::Prompt;

/// An earlier answer with what it was made of.
struct Earlier {
    basis: Basis,
    spoken: Spoken,
}

impl Analysts {
    /// An agent's answer to what its rules say, and the row of the log that its execution records.
    pub(super) async fn answer(
        &self,
        app: &App,
        occasion: &Occasion<'_>,
        analysis: Analysis,
    ) -> Result<(AgentAnswer, Option<Attempt>), DbError> {
        let watch = Stopwatch::start();
        let as_of = occasion.as_of();
        let voice = self.voice(app, occasion, &analysis).await?;
        let answer = AgentAnswer::new(analysis, voice, as_of);
        let attempt = (answer.answered_by != AnsweredBy::Model).then(|| row(app, &answer, watch));
        Ok((answer, attempt))
    }

    async fn voice(&self, app: &App, occasion: &Occasion<'_>, analysis: &Analysis) -> Result<Voice, DbError> {
        let as_of = occasion.as_of();
        let asked = Basis::of(analysis, as_of).zip(Prompt::of(analysis));
        let Some((basis, prompt)) = asked.filter(|_| app.models.is_configured()) else {
            return Ok(Voice::Rules);
        };
        let subject = Subject::of(analysis.agent, occasion.market);
        let earlier = earlier(app, &subject).await?;
        if let Some(earlier) = &earlier
            && earlier.spoken.prompt_version == prompt.version
            && earlier.basis.still_stands(analysis.agent, &basis)
        {
            return Ok(Voice::EarlierAnswer(earlier.spoken.clone()));
        }
        let silence = match self.known_silence(&subject) {
            Some(silence) => silence,
            None => match self.ask(app, occasion, &subject, (&basis, &prompt)).await? {
                Ok(spoken) => return Ok(Voice::Model(spoken)),
                Err(silence) => silence,
            },
        };
        Ok(
            match earlier.filter(|earlier| may_stand_in(earlier.spoken.as_of, as_of)) {
                Some(earlier) => Voice::LastResult(earlier.spoken, silence),
                None => Voice::RulesFallback(silence),
            },
        )
    }

    async fn ask(
        &self,
        app: &App,
        occasion: &Occasion<'_>,
        subject: &Subject,
        (basis, prompt): (&Basis, &Prompt),
    ) -> Result<Result<Spoken, Silence>, DbError> {
        let climb = Climb {
            app,
            occasion,
            agent: subject.agent,
            prompt,
            rungs: app.models.configured_rungs(),
            run_id: self.run_id,
            time: self.time(app).of_agent(app.models.limits()),
        };
        let spoken = climb.speak(basis).await?;
        match &spoken {
            Ok(spoken) => keep(app, occasion, subject, basis, spoken).await?,
            Err(silence) => self.note_silence(*subject, silence),
        }
        Ok(spoken)
    }
}

/// What one model alone says about an analysis. Nothing of it is kept but the attempts.
pub async fn ask_one(
    app: &App,
    occasion: &Occasion<'_>,
    analysis: &Analysis,
    rung: &Rung,
) -> Result<Result<Spoken, Silence>, DbError> {
    let Some((basis, prompt)) = Basis::of(analysis, occasion.as_of()).zip(Prompt::of(analysis)) else {
        return Ok(Err(Silence {
            cause: SilenceCause::ModelsDown,
            detail: "not asked: the agent abstains".to_owned(),
        }));
    };
    let limits = app.models.limits();
    let climb = Climb {
        app,
        occasion,
        agent: analysis.agent,
        prompt: &prompt,
        rungs: std::slice::from_ref(rung),
        run_id: occasion.execution_id,
        time: TimeLeft::begin(limits, None).of_agent(limits),
    };
    climb.speak(&basis).await
}

impl Climb<'_> {
    async fn speak(&self, basis: &Basis) -> Result<Result<Spoken, Silence>, DbError> {
        Ok(self.climb().await?.map(|Answered { rung, model, answer }| {
            let score = answer.opinion.score;
            Spoken {
                provider: rung.provider.as_str().to_owned(),
                model,
                prompt_version: self.prompt.version.to_owned(),
                as_of: basis.as_of,
                score,
                counted: Blended::of(basis.rule_score, score).score,
                reasoning: answer.opinion.reasoning,
                raw: answer.raw,
            }
        }))
    }
}

/// The newest answer to an agent's questions that was known at T.
async fn earlier(app: &App, subject: &Subject) -> Result<Option<Earlier>, DbError> {
    let known =
        model_answers::find_newest_until(&app.db, subject.agent, subject.scope(), subject.as_of).await?;
    Ok(known.and_then(|known| {
        let (id, read) = (known.id, earlier_of(known));
        // An answer that this version cannot read is none: the next one takes its place.
        read.inspect_err(|error| tracing::error!(%id, error = error as &dyn std::error::Error, "a stored answer is passed over"))
            .ok()
    }))
}

fn earlier_of(known: ModelAnswer) -> Result<Earlier, DbError> {
    let unreadable = |error: &dyn std::fmt::Display| DbError::row("model answer", error.to_string());
    let score = |value| Score::new(value).map_err(|error| unreadable(&error));
    Ok(Earlier {
        basis: Basis {
            as_of: known.as_of,
            rule_score: score(known.rule_score)?,
            freshness: serde_json::from_value(known.freshness).map_err(|error| unreadable(&error))?,
            prices: serde_json::from_value(known.prices).map_err(|error| unreadable(&error))?,
        },
        spoken: Spoken {
            provider: known.provider,
            model: known.model,
            prompt_version: known.prompt_version,
            as_of: known.as_of,
            score: known.model_score,
            counted: score(known.score)?,
            reasoning: known.reasoning,
            raw: known.raw,
        },
    })
}

async fn keep(
    app: &App,
    occasion: &Occasion<'_>,
    subject: &Subject,
    basis: &Basis,
    spoken: &Spoken,
) -> Result<(), DbError> {
    let answer = ModelAnswer {
        id: app.ids.next(),
        agent: subject.agent,
        scope: subject.scope().to_owned(),
        as_of: subject.as_of,
        rule_score: basis.rule_score.value(),
        freshness: json!(basis.freshness),
        prices: json!(basis.prices),
        score: spoken.counted.value(),
        model_score: spoken.score,
        reasoning: spoken.reasoning.clone(),
        raw: spoken.raw.clone(),
        provider: spoken.provider.clone(),
        model: spoken.model.clone(),
        prompt_version: spoken.prompt_version.clone(),
        execution_id: occasion.execution_id,
        created_at: app.clock.now(),
    };
    model_answers::record(&app.db, &answer).await?;
    Ok(())
}

/// The row of an answer for which no model was paid.
fn row(app: &App, answer: &AgentAnswer, watch: Stopwatch) -> Attempt {
    // An answer that stands in is nothing that its model did now.
    let is_cache_hit = answer.answered_by == AnsweredBy::EarlierAnswer;
    let again = answer.model_answer.as_ref().filter(|_| is_cache_hit);
    let abstained = match &answer.analysis.outcome {
        Outcome::Abstained { reason } => Some(reason.clone()),
        Outcome::Answered { .. } => None,
    };
    let status = match answer.answered_by {
        _ if abstained.is_some() => "abstained",
        AnsweredBy::LastResult => "last_result",
        AnsweredBy::RulesFallback => "rules_fallback",
        AnsweredBy::Rules | AnsweredBy::Model | AnsweredBy::EarlierAnswer => "ok",
    };
    Attempt {
        id: app.ids.next(),
        agent: answer.agent(),
        provider: again.map_or_else(|| "rules".to_owned(), |part| part.provider.clone()),
        model: again.map_or_else(|| "rules".to_owned(), |part| part.model.clone()),
        prompt_version: again.map(|part| part.prompt_version.clone()),
        status: status.to_owned(),
        input_tokens: 0,
        cache_write_tokens: 0,
        cached_tokens: 0,
        output_tokens: 0,
        cost: Decimal::ZERO,
        latency_ms: watch.elapsed_ms(),
        is_cache_hit,
        error: abstained.or_else(|| answer.silence.as_ref().map(ToString::to_string)),
    }
}
