//! `market`: prices, candles, indicator series of an asset, and how good its data is.
//!
//! Collects nothing and decides nothing; indicators run over all that is stored.

use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::app::App;
use shared::config::Section;
use shared::db::market_data::PageOf;
use shared::domain::market::{Asset, Timeframe};
use shared::domain::wire::Utc;
use shared::http::{ApiError, ApiResult, Cursor, Envelope, Page, PageLimit, Path, Query, RateClass, Rfc3339};
use shared::lambda::{Effect, Function, Trigger};
use shared::services::market::{self, MarketPrice, ShownCandle, ShownIndicators};
use shared::services::quality::{self, Quality};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "market",
    trigger: Trigger::Http,
    sections: &[Section::Database, Section::Cache, Section::Http, Section::Auth],
    effect: Effect::Exempt,
};

/// The routes of this function.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(price))
        .routes(routes!(candles))
        .routes(routes!(indicators))
        .routes(routes!(quality))
}

fn asset(symbol: &str) -> Result<Asset, ApiError> {
    let known = || Asset::ALL.map(Asset::symbol).join(", ");
    Asset::from_symbol(symbol).ok_or_else(|| ApiError::parameter("symbol", format!("be one of {}", known())))
}

/// Live price, last closed price and how fresh that is.
#[utoipa::path(
    get,
    path = "/api/v1/market/{symbol}",
    tag = "market",
    params(("symbol" = String, Path, description = "BTCUSDT or ETHUSDT.")),
    responses((status = 200, body = shared::http::openapi::Success<MarketPrice>)),
    extensions(("x-rate-limit" = json!(RateClass::PublicRead)))
)]
async fn price(State(app): State<App>, Path(symbol): Path<String>) -> ApiResult<MarketPrice> {
    Ok(Envelope::ok(market::price(&app, asset(&symbol)?).await?))
}

/// Which part of a series.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SeriesQuery {
    /// The length of a candle: 1h, 4h, 1d; indicators also 1w. 4h when left out.
    #[param(value_type = Option<String>, example = "4h")]
    timeframe: Option<String>,
    /// First open time, RFC 3339.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Rfc3339>,
    /// Last open time, RFC 3339.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Rfc3339>,
    /// Items a page, 1 to 1000.
    #[serde(default)]
    #[param(inline)]
    limit: PageLimit<100, 1000>,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// What tells one list from another: a cursor is good for one of them.
#[derive(Serialize)]
struct Filters<'a> {
    list: &'a str,
    asset: Asset,
    timeframe: Timeframe,
    from: Option<Utc>,
    to: Option<Utc>,
}

impl SeriesQuery {
    fn timeframe(&self, known: &[Timeframe]) -> Result<Timeframe, ApiError> {
        let Some(text) = self.timeframe.as_deref() else {
            return Ok(Timeframe::H4);
        };
        let found = known.iter().copied().find(|timeframe| timeframe.as_str() == text);
        let names: Vec<&str> = known.iter().map(|timeframe| timeframe.as_str()).collect();
        found.ok_or_else(|| ApiError::parameter("timeframe", format!("be one of {}", names.join(", "))))
    }

    fn filters<'a>(&self, list: &'a str, (asset, timeframe): (Asset, Timeframe)) -> Filters<'a> {
        let shown = |time: Option<Rfc3339>| time.map(|Rfc3339(time)| Utc::from(time));
        Filters {
            list,
            asset,
            timeframe,
            from: shown(self.from),
            to: shown(self.to),
        }
    }

    fn page(&self, filters: &Filters<'_>) -> Result<PageOf, ApiError> {
        let from = self.from.map_or(Timestamp::UNIX_EPOCH, |Rfc3339(from)| from);
        let to = self.to.map_or(FAR, |Rfc3339(to)| to);
        if from > to {
            return Err(ApiError::parameter("from", "not be after `to`"));
        }
        let before: Utc = match &self.cursor {
            Some(cursor) => cursor.open_time(filters)?,
            None => FAR.into(),
        };
        Ok(PageOf {
            from,
            to,
            before: before.into(),
            limit: self.limit.rows(),
        })
    }
}

/// After every candle and within what PostgreSQL can hold.
const FAR: Timestamp = Timestamp::constant(253_402_207_200, 0);

/// Closed candles, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/market/{symbol}/candles",
    tag = "market",
    params(("symbol" = String, Path, description = "BTCUSDT or ETHUSDT."), SeriesQuery),
    responses((status = 200, body = shared::http::openapi::Success<Page<ShownCandle>>)),
    extensions(("x-rate-limit" = json!(RateClass::PublicRead)))
)]
async fn candles(
    State(app): State<App>,
    Path(symbol): Path<String>,
    Query(query): Query<SeriesQuery>,
) -> ApiResult<Page<ShownCandle>> {
    let series = (asset(&symbol)?, query.timeframe(&Timeframe::STORED)?);
    let filters = query.filters("candles", series);
    let rows = market::list_candles(&app, series, query.page(&filters)?).await?;
    let page = Page::of(
        rows,
        query.limit.items(),
        &filters,
        |row| row.open_time,
        |row| row,
    )?;
    Ok(Envelope::ok(page))
}

/// Indicators after each closed candle, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/market/{symbol}/indicators",
    tag = "market",
    params(("symbol" = String, Path, description = "BTCUSDT or ETHUSDT."), SeriesQuery),
    responses((status = 200, body = shared::http::openapi::Success<Page<ShownIndicators>>)),
    extensions(("x-rate-limit" = json!(RateClass::PublicRead)))
)]
async fn indicators(
    State(app): State<App>,
    Path(symbol): Path<String>,
    Query(query): Query<SeriesQuery>,
) -> ApiResult<Page<ShownIndicators>> {
    let series = (asset(&symbol)?, query.timeframe(&Timeframe::ALL)?);
    let filters = query.filters("indicators", series);
    let rows = market::list_indicators(&app, series, query.page(&filters)?).await?;
    let page = Page::of(
        rows,
        query.limit.items(),
        &filters,
        |row| row.open_time,
        |row| row,
    )?;
    Ok(Envelope::ok(page))
}

/// Coverage and holes of the candles, and the age of every input against what is allowed.
#[utoipa::path(
    get,
    path = "/api/v1/market/{symbol}/quality",
    tag = "market",
    params(("symbol" = String, Path, description = "BTCUSDT or ETHUSDT.")),
    responses((status = 200, body = shared::http::openapi::Success<Quality>)),
    extensions(("x-rate-limit" = json!(RateClass::PublicRead)))
)]
async fn quality(State(app): State<App>, Path(symbol): Path<String>) -> ApiResult<Quality> {
    Ok(Envelope::ok(quality::of_asset(&app, asset(&symbol)?).await?))
}
