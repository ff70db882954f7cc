//! `agent-scores`: the newest scores, their history, one execution in full.
//!
//! Computes nothing: scores are made by `run-strategies`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::app::App;
use shared::config::Section;
use shared::domain::strategy::StrategyId;
use shared::domain::tier::Tier;
use shared::domain::wire::Utc;
use shared::http::{
    ApiError, ApiResult, Caller, Cursor, Envelope, Page, PageLimit, Path, Prefetch, Prefetched, Query,
    RateClass,
};
use shared::lambda::{Effect, Function, Trigger};
use shared::services::scores::{self, FullExecution, NewestScores, PastScores};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "agent-scores",
    trigger: Trigger::Http,
    sections: &[Section::Database, Section::Cache, Section::Http, Section::Auth],
    effect: Effect::Exempt,
};

/// The newest scores are fetched together with the caller's admission: one round trip for the
/// route that is asked most.
pub const PREFETCH: &[Prefetch] = &[Prefetch {
    route: "/api/v1/agents/scores",
    key: wanted_scores,
}];

/// The routes of this function.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(newest))
        .routes(routes!(history))
        .routes(routes!(execution))
}

/// Which strategy.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ScoresQuery {
    /// A strategy's id; hodl-wave when left out.
    #[param(value_type = Option<String>, example = "hodl-wave")]
    strategy_id: Option<StrategyText>,
}

/// A strategy's id as a parameter.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
struct StrategyText(StrategyId);

impl<'de> Deserialize<'de> for StrategyText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let text = String::deserialize(deserializer)?;
        let named = text.parse().map(Self);
        named.map_err(|_| {
            D::Error::custom("must be 1 to 40 lower-case letters, digits and hyphens, such as hodl-wave")
        })
    }
}

fn strategy_or_default(named: Option<StrategyText>) -> StrategyId {
    named.map_or_else(StrategyId::hodl_wave, |StrategyText(id)| id)
}

/// The cache key of the scores a request will want; nothing when the query is not a plain one.
fn wanted_scores(uri: &axum::http::Uri) -> Option<String> {
    let id = match uri.query() {
        None | Some("") => StrategyId::hodl_wave(),
        Some(query) => query.strip_prefix("strategy_id=")?.parse().ok()?,
    };
    Some(scores::cache_key(&id).to_string())
}

/// Newest execution of a strategy: the agents' scores, the decision, what stops orders.
///
/// Public, 60 requests an hour per address; signed in 60, 600 or 3,000 by plan. A skipped execution
/// has no decision and shows the last one. Before the first execution: 404 that says when it is due.
#[utoipa::path(
    get,
    path = "/api/v1/agents/scores",
    tag = "agents",
    params(ScoresQuery),
    responses((status = 200, body = shared::http::openapi::Success<NewestScores>), (status = 404, description = "No such strategy, or no execution yet.")),
    extensions(("x-rate-limit" = json!(RateClass::Scores)))
)]
async fn newest(
    State(app): State<App>,
    Query(query): Query<ScoresQuery>,
    prefetched: Prefetched,
) -> ApiResult<NewestScores> {
    let strategy = strategy_or_default(query.strategy_id);
    let remembered = match &prefetched {
        Prefetched::NotAsked => None,
        Prefetched::Absent => Some(None),
        Prefetched::Found(bytes) => Some(Some(bytes.as_ref())),
    };
    Ok(Envelope::ok(scores::newest(&app, &strategy, remembered).await?))
}

/// Which past executions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct HistoryQuery {
    /// A strategy's id; hodl-wave when left out.
    #[param(value_type = Option<String>, example = "hodl-wave")]
    strategy_id: Option<StrategyText>,
    /// Executions a page, 1 to 100.
    #[serde(default)]
    #[param(inline)]
    limit: PageLimit<20, 100>,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Past executions of a strategy, newest first: of seven days, with a paid plan all.
#[utoipa::path(
    get,
    path = "/api/v1/agents/scores/history",
    tag = "agents",
    params(HistoryQuery),
    responses((status = 200, body = shared::http::openapi::Success<Page<PastScores>>), (status = 404, description = "No such strategy.")),
    extensions(("x-rate-limit" = json!(RateClass::PublicRead)))
)]
async fn history(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<HistoryQuery>,
) -> ApiResult<Page<PastScores>> {
    let strategy = strategy_or_default(query.strategy_id);
    let filters = ("scores/history", &strategy);
    let before: Utc = match &query.cursor {
        Some(cursor) => cursor.open_time(&filters)?,
        None => jiff::Timestamp::MAX.into(),
    };
    let tier = caller.user().map_or(Tier::Free, |user| user.tier);
    let rows = scores::history(&app, &strategy, tier, before.into(), query.limit.rows()).await?;
    let page = Page::of(
        rows,
        query.limit.items(),
        &filters,
        |past| past.as_of,
        |past| past,
    )?;
    Ok(Envelope::ok(page))
}

/// One execution with everything that made it: inputs, components, weights, factors, attempts.
#[utoipa::path(
    get,
    path = "/api/v1/agents/executions/{id}",
    tag = "agents",
    params(("id" = Uuid, Path, description = "The execution's id.")),
    responses((status = 200, body = shared::http::openapi::Success<FullExecution>), (status = 404, description = "No such execution.")),
    extensions(("x-rate-limit" = json!(RateClass::PublicRead)))
)]
async fn execution(State(app): State<App>, Path(id): Path<String>) -> ApiResult<FullExecution> {
    let id = id
        .parse()
        .map_err(|_| ApiError::parameter("id", "be a UUID, as `execution_id` shows it"))?;
    Ok(Envelope::ok(scores::execution(&app, id).await?))
}
