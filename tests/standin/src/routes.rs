//! The services' answers, in their own shapes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State as Extract};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::clock::Clock;
use crate::faults::Faults;
use crate::feed::{CandleRow, Feed, Interval};
use crate::google::{self, Google};
use crate::models::{self, Models};
use crate::weight::Weight;
use crate::{Service, series};

const DAY_MS: i64 = 86_400_000;

/// What the routes share.
#[derive(Debug)]
pub(crate) struct State {
    feed: Feed,
    clock: Clock,
    faults: Faults,
    weight: Weight,
    models: Models,
    google: Google,
    /// What CoinGecko tells of a symbol in place of the exchange's price.
    coingecko_prices: Mutex<HashMap<String, Decimal>>,
}

impl State {
    pub(crate) fn new(feed: Feed, clock: Clock) -> Self {
        Self {
            feed,
            clock,
            faults: Faults::default(),
            weight: Weight::default(),
            models: Models::default(),
            google: Google::default(),
            coingecko_prices: Mutex::default(),
        }
    }

    pub(crate) const fn feed(&self) -> &Feed {
        &self.feed
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    pub(crate) const fn faults(&self) -> &Faults {
        &self.faults
    }

    pub(crate) const fn weight(&self) -> &Weight {
        &self.weight
    }

    pub(crate) const fn models(&self) -> &Models {
        &self.models
    }

    pub(crate) const fn google(&self) -> &Google {
        &self.google
    }

    pub(crate) fn order_coingecko_price(&self, symbol: &str, price: Option<Decimal>) {
        let mut prices = self
            .coingecko_prices
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match price {
            Some(price) => prices.insert(symbol.to_owned(), price),
            None => prices.remove(symbol),
        };
    }
}

pub(crate) type Shared = Arc<State>;
type Parameters = Query<HashMap<String, String>>;

/// All services, each below its prefix.
pub(crate) fn router(state: Shared) -> Router {
    let binance = Router::new()
        .route("/api/v3/klines", get(klines))
        .route("/api/v3/ticker/24hr", get(ticker))
        .route("/api/v3/time", get(time));
    let coingecko = Router::new().route("/api/v3/simple/price", get(coingecko));
    let glassnode = Router::new().route("/v1/metrics/{*path}", get(glassnode));
    let charts = Router::new().route("/charts/{name}", get(chart));
    let fred = Router::new().route("/fred/series/observations", get(fred));
    let sentiment = Router::new().route("/fng/", get(fear_greed));
    let services = [
        (Service::Binance, binance),
        (Service::CoinGecko, coingecko),
        (Service::Glassnode, glassnode),
        (Service::BlockchainInfo, charts),
        (Service::Fred, fred),
        (Service::FearGreed, sentiment),
        (Service::Google, google::routes()),
    ];
    let mut all = Router::new();
    for (service, routes) in services {
        let layered = routes.layer(from_fn_with_state((state.clone(), service), attended));
        all = all.nest(&format!("/{}", service.prefix()), layered);
    }
    // Models hear the question first: what they were asked is kept, whatever becomes of it.
    for (service, path) in models::PATHS {
        let ask = move |Extract(state): Extract<Shared>, headers: HeaderMap, body: Bytes| async move {
            models::attend(&state, (service, path), &headers, &body).await
        };
        all = all.route(&format!("/{}{path}", service.prefix()), post(ask));
    }
    all.with_state(state)
}

/// Fails a request when that was ordered; tells with every answer of Binance what it weighed.
async fn attended(
    Extract((state, service)): Extract<(Shared, Service)>,
    request: Request,
    next: Next,
) -> Response {
    let used_weight =
        (service == Service::Binance).then(|| state.weight.count(request.uri().path(), state.clock.now_ms()));
    let failing = match state.faults.next(service, &request.uri().to_string()) {
        Some(fault) => fault.answer(service).await.ok(),
        None => None,
    };
    let mut response = match failing {
        Some(response) => response,
        None => next.run(request).await,
    };
    if let Some(used) = used_weight {
        let headers = response.headers_mut();
        headers.insert("x-mbx-used-weight-1m", HeaderValue::from(used));
    }
    response
}

pub(crate) fn labelled(source: &'static str, body: &Value) -> Response {
    (
        [
            ("x-automoney-source", source),
            ("content-type", "application/json"),
        ],
        body.to_string(),
    )
        .into_response()
}

pub(crate) fn refused(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, [("content-type", "application/json")], body.to_string()).into_response()
}

fn is_known(symbol: &str) -> bool {
    matches!(symbol, "BTCUSDT" | "ETHUSDT")
}

fn invalid_symbol() -> Response {
    refused(400, &json!({"code": -1121, "msg": "Invalid symbol."}))
}

impl State {
    fn source_of(&self, symbol: &str) -> &'static str {
        if self.feed.is_from_file(symbol) {
            "csv"
        } else {
            "sample"
        }
    }

    /// The newest candle that has opened, and the change over 24 hours in percent.
    fn last_day(&self, symbol: &str) -> Option<(CandleRow, Decimal)> {
        let now = self.clock.now_ms();
        let last = self.feed.newest(symbol, now)?;
        let earlier = self.feed.newest(symbol, now - DAY_MS).unwrap_or(last);
        let change = (last.close - earlier.close) * Decimal::ONE_HUNDRED / earlier.close;
        Some((last, change.round_dp(3)))
    }

    /// CoinGecko's price: the exchange's, unless another one was ordered.
    fn coingecko_price(&self, symbol: &str, of_exchange: Decimal) -> Decimal {
        let ordered = self
            .coingecko_prices
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        ordered.get(symbol).copied().unwrap_or(of_exchange)
    }
}

async fn klines(Extract(state): Extract<Shared>, Query(parameters): Parameters) -> Response {
    let symbol = parameters.get("symbol").map_or("", String::as_str);
    if !is_known(symbol) {
        return invalid_symbol();
    }
    let Some(interval) = parameters.get("interval").and_then(|name| Interval::named(name)) else {
        return refused(400, &json!({"code": -1120, "msg": "Invalid interval."}));
    };
    let number = |name: &str| parameters.get(name).and_then(|text| text.parse::<i64>().ok());
    let now = state.clock.now_ms();
    let limit = usize::try_from(number("limit").unwrap_or(500))
        .unwrap_or(500)
        .clamp(1, 1000);
    let to = number("endTime").unwrap_or(i64::MAX);
    let rows = if let Some(from) = number("startTime") {
        state.feed.candles(symbol, interval, (from, to), now, limit)
    } else {
        let mut all = state.feed.candles(symbol, interval, (0, to), now, usize::MAX);
        all.split_off(all.len().saturating_sub(limit))
    };
    let rows: Vec<Value> = rows.iter().map(|row| kline(row, interval)).collect();
    labelled(state.source_of(symbol), &Value::Array(rows))
}

fn kline(row: &CandleRow, interval: Interval) -> Value {
    let text = |figure: Decimal| figure.to_string();
    json!([
        row.open_time_ms,
        text(row.open),
        text(row.high),
        text(row.low),
        text(row.close),
        text(row.volume),
        row.open_time_ms + interval.ms() - 1,
        text((row.volume * row.close).round_dp(8)),
        308,
        text((row.volume / Decimal::TWO).round_dp(8)),
        text((row.volume * row.close / Decimal::TWO).round_dp(8)),
        "0"
    ])
}

async fn ticker(Extract(state): Extract<Shared>, Query(parameters): Parameters) -> Response {
    let symbol = parameters.get("symbol").map_or("", String::as_str);
    if !is_known(symbol) {
        return invalid_symbol();
    }
    let Some((last, change)) = state.last_day(symbol) else {
        return invalid_symbol();
    };
    let body = json!({
        "symbol": symbol,
        "priceChangePercent": change.to_string(),
        "lastPrice": last.close.to_string(),
        "volume": last.volume.to_string(),
        "openTime": state.now_ms() - DAY_MS,
        "closeTime": state.now_ms(),
    });
    labelled(state.source_of(symbol), &body)
}

async fn time(Extract(state): Extract<Shared>) -> Response {
    labelled("sample", &json!({"serverTime": state.clock.now_ms()}))
}

/// Each coin that is known, with what was asked for; figures are JSON numbers.
async fn coingecko(Extract(state): Extract<Shared>, Query(parameters): Parameters) -> Response {
    let given = |name: &str| parameters.get(name).map_or("", String::as_str);
    if given("vs_currencies") != "usd" {
        return refused(422, &json!({"error": "Missing parameter vs_currencies"}));
    }
    let symbols = given("ids")
        .split(',')
        .filter_map(|id| Some((id, symbol_of(id)?)));
    let now = state.clock.now_ms().div_euclid(1000);
    let mut coins = Map::new();
    for (id, symbol) in symbols.clone() {
        let Some((last, change)) = state.last_day(symbol) else {
            continue;
        };
        let price = state.coingecko_price(symbol, last.close);
        let mut told = json!({"usd": number(price)});
        if given("include_24hr_change") == "true" {
            told["usd_24h_change"] = number(change);
        }
        if given("include_last_updated_at") == "true" {
            told["last_updated_at"] = json!(now);
        }
        coins.insert(id.to_owned(), told);
    }
    let is_from_file = symbols
        .into_iter()
        .any(|(_, symbol)| state.feed.is_from_file(symbol));
    let source = if is_from_file { "csv" } else { "sample" };
    labelled(source, &Value::Object(coins))
}

/// A figure of the market as a JSON number: it has few enough digits to be the same one there.
fn number(figure: Decimal) -> Value {
    figure.to_string().parse().map_or(Value::Null, Value::Number)
}

/// The exchange's pair of one of CoinGecko's coins.
fn symbol_of(id: &str) -> Option<&'static str> {
    match id {
        "bitcoin" => Some("BTCUSDT"),
        "ethereum" => Some("ETHUSDT"),
        _ => None,
    }
}

async fn glassnode(
    Extract(state): Extract<Shared>,
    Path(path): Path<String>,
    Query(parameters): Parameters,
    headers: HeaderMap,
) -> Response {
    if !headers.contains_key("x-api-key") {
        return refused(401, &json!("invalid api key"));
    }
    if series::glassnode(&path, 0).is_none() {
        return refused(404, &json!("metric not found"));
    }
    let now_day = state.clock.now_ms().div_euclid(DAY_MS);
    let day = |name: &str, otherwise: i64| {
        parameters
            .get(name)
            .and_then(|text| text.parse::<i64>().ok())
            .map_or(otherwise, |second| second.div_euclid(86_400))
    };
    let points: Vec<Value> = (day("s", now_day - 365)..=day("u", now_day).min(now_day))
        .filter_map(|day| Some(json!({"t": day * 86_400, "v": series::glassnode(&path, day)?})))
        .collect();
    labelled("sample", &Value::Array(points))
}

async fn chart(Extract(state): Extract<Shared>, Path(name): Path<String>) -> Response {
    let today = state.clock.now_ms().div_euclid(DAY_MS);
    let points: Option<Vec<Value>> = (today - 60..today)
        .map(|day| Some(json!({"x": day * 86_400, "y": series::chart(&name, day)?})))
        .collect();
    match points {
        Some(values) => labelled(
            "sample",
            &json!({"status": "ok", "name": name, "unit": "", "period": "day", "values": values}),
        ),
        None => refused(404, &json!({"status": "not-found"})),
    }
}

async fn fred(Extract(state): Extract<Shared>, Query(parameters): Parameters) -> Response {
    let key = parameters.get("api_key").map_or("", String::as_str);
    if key.len() != 32 || !key.chars().all(|c| c.is_ascii_hexdigit()) {
        let message = "Bad Request.  The value for variable api_key is not a 32 character alpha-numeric lower-case string.";
        return refused(400, &json!({"error_code": 400, "error_message": message}));
    }
    let Some(series) = parameters.get("series_id").and_then(|id| series::fred(id)) else {
        return refused(
            400,
            &json!({"error_code": 400, "error_message": "Bad Request.  The series does not exist."}),
        );
    };
    let now = state.clock.now_ms();
    let since = parameters
        .get("observation_start")
        .and_then(|text| text.parse().ok());
    let since = since.unwrap_or(jiff::civil::date(2016, 1, 1));
    let today = series::date_of(now).to_string();
    let limit = parameters
        .get("limit")
        .and_then(|text| text.parse().ok())
        .unwrap_or(100_000);
    let rows = series.rows(since, now).into_iter().take(limit);
    let observations: Vec<Value> = rows
        .map(|(date, value)| {
            json!({"realtime_start": today, "realtime_end": today, "date": date.to_string(), "value": value})
        })
        .collect();
    let body = json!({
        "realtime_start": today, "realtime_end": today, "units": "lin", "file_type": "json",
        "order_by": "observation_date", "sort_order": "desc",
        "count": observations.len(), "offset": 0, "limit": limit, "observations": observations,
    });
    labelled("sample", &body)
}

async fn fear_greed(Extract(state): Extract<Shared>, Query(parameters): Parameters) -> Response {
    let now = state.clock.now_ms();
    let limit = parameters
        .get("limit")
        .and_then(|text| text.parse::<usize>().ok())
        .unwrap_or(1);
    let limit = if limit == 0 { usize::MAX } else { limit };
    let (source, days) = if let Some(days) = state.feed.sentiment(now) {
        ("csv", days)
    } else {
        // 2018-02-01, when the index began.
        let days = (17_563..=now.div_euclid(DAY_MS)).rev();
        (
            "sample",
            days.map(|day| (day * DAY_MS, series::fear_greed(day))).collect(),
        )
    };
    let data: Vec<Value> = days
        .into_iter()
        .take(limit)
        .enumerate()
        .map(|(index, (day, value))| {
            let mut entry = json!({
                "value": value.to_string(),
                "value_classification": classification(value),
                "timestamp": (day / 1000).to_string(),
            });
            if index == 0 {
                entry["time_until_update"] = json!(((day + DAY_MS - now) / 1000).max(0).to_string());
            }
            entry
        })
        .collect();
    labelled(
        source,
        &json!({"name": "Fear and Greed Index", "data": data, "metadata": {"error": null}}),
    )
}

const fn classification(value: u8) -> &'static str {
    match value {
        0..=24 => "Extreme Fear",
        25..=46 => "Fear",
        47..=54 => "Neutral",
        55..=75 => "Greed",
        _ => "Extreme Greed",
    }
}
