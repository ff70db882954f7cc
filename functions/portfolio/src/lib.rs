//! `portfolio`: what a user has now, and had over time.
//!
//! Changes nothing: `strategies` does, and the trades of decisions do.

use axum::extract::State;
use serde::Deserialize;
use shared::app::App;
use shared::config::Section;
use shared::domain::money::Money;
use shared::domain::strategy::StrategyId;
use shared::http::{
    ApiError, ApiResult, Cell, Csv, Envelope, JsonOrCsv, Query, RateClass, Rfc3339, SignedIn, TableResult,
};
use shared::lambda::{Effect, Function, Trigger};
use shared::services::history::{self, History, Interval, Wanted};
use shared::services::portfolio::{self, ShownPortfolio};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "portfolio",
    trigger: Trigger::Http,
    sections: &[Section::Database, Section::Cache, Section::Http, Section::Auth],
    effect: Effect::Exempt,
};

/// The routes of this function.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(now))
        .routes(routes!(over_time))
}

/// Free cash, subscriptions, holdings, and what they are worth at the last closed prices.
#[utoipa::path(
    get,
    path = "/api/v1/portfolio",
    tag = "portfolio",
    responses((status = 200, body = shared::http::openapi::Success<ShownPortfolio>)),
    security(("bearer" = [])),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn now(State(app): State<App>, SignedIn(user): SignedIn) -> ApiResult<ShownPortfolio> {
    Ok(Envelope::ok(portfolio::read(&app, user.id).await?))
}

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Json,
    Csv,
}

/// Which part of the past.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct HistoryQuery {
    /// What was put into this strategy alone; the whole portfolio when left out.
    #[param(value_type = Option<String>, example = "hodl-wave")]
    strategy_id: Option<String>,
    /// Not before this, RFC 3339. The plan free shows seven days.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Rfc3339>,
    /// Not after this, RFC 3339; now when left out.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Rfc3339>,
    /// `day`: a point at each 00:00 UTC. `execution`: also one at each time as of which a strategy decided.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "day")]
    interval: Interval,
    /// `json`, or `csv` for the points as a file.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "json")]
    format: Format,
}

impl HistoryQuery {
    fn wanted(&self) -> Result<Wanted, ApiError> {
        let strategy = self.strategy_id.as_deref().map(str::parse::<StrategyId>);
        let wanted = Wanted {
            strategy: strategy.transpose().map_err(|_| {
                ApiError::parameter(
                    "strategy_id",
                    "be 1 to 40 lower-case letters, digits and hyphens, such as hodl-wave",
                )
            })?,
            from: self.from.map(|Rfc3339(from)| from),
            to: self.to.map(|Rfc3339(to)| to),
            interval: self.interval,
        };
        if let (Some(from), Some(to)) = (wanted.from, wanted.to)
            && from > to
        {
            return Err(ApiError::parameter("from", "not be after `to`"));
        }
        Ok(wanted)
    }
}

/// The equity curve with the same money in BTC beside it, drawdown, Sharpe, Sortino, win rate.
///
/// At most 5,000 points. Statistics are of the days in the span; what cannot be told is null.
#[utoipa::path(
    get,
    path = "/api/v1/portfolio/history",
    tag = "portfolio",
    params(HistoryQuery),
    responses(
        (status = 200, content(
            (shared::http::openapi::Success<History> = "application/json"),
            (String = "text/csv")
        )),
        (status = 404, description = "No such strategy, or it was never followed.")
    ),
    security(("bearer" = [])),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn over_time(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Query(query): Query<HistoryQuery>,
) -> TableResult<History> {
    let history = history::read(&app, user.id, query.wanted()?).await?;
    Ok(match query.format {
        Format::Json => JsonOrCsv::Json(Envelope::ok(history)),
        Format::Csv => JsonOrCsv::Csv(table(&history)),
    })
}

fn table(history: &History) -> Csv {
    let mut table = Csv::new(
        "portfolio-history.csv",
        &["at", "kind", "equity", "cash", "benchmark", "drawdown_pct"],
    );
    for point in &history.points {
        table.push([
            Cell::exact(&point.at),
            Cell::text(point.kind.as_str()),
            Cell::maybe(point.equity.map(Money::value)),
            Cell::exact(&point.cash.value()),
            Cell::maybe(point.benchmark.map(Money::value)),
            Cell::maybe(point.drawdown_pct),
        ]);
    }
    table
}
