//! Following strategies, and what a user is shown of it: on real sockets, as signed-in users.

mod curves;
mod history;
mod kept;
mod lifecycle;
mod limits;
mod refusals;
mod stop;
mod strategies;
mod trades;

use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use shared::db::admin::ensure_partitions;
use shared::db::market_data;
use shared::domain::market::{Asset, Candle, Timeframe};
use shared::services::trade;
use tests::actors::Actor;
use tests::bundle::{Answer, Bundle};
use tests::paper::{self, Order};

const SUBSCRIPTION: &str = "/api/v1/strategies/hodl-wave/subscription";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Moves the time to `to`.
fn travel(bundle: &Bundle, to: &str) {
    bundle.advance(at(to).duration_since(bundle.now()));
}

/// A candle that ended at a time with this price.
async fn closed(bundle: &Bundle, (asset, timeframe): (Asset, Timeframe), end: &str, price: &str) {
    let price: Decimal = price.parse().unwrap();
    let open_time = at(end) - timeframe.duration();
    let db = &bundle.app().db;
    ensure_partitions(db, timeframe, open_time, at(end))
        .await
        .unwrap();
    let candle = Candle::new(open_time, [price; 4], Decimal::ONE).unwrap();
    let candles = [(candle, false)];
    market_data::upsert(db, (asset, timeframe), &candles, "binance", bundle.now())
        .await
        .unwrap();
}

/// Decides as of a time with the strategy's own weights and everybody's, and trades it, two minutes
/// later.
async fn decided(bundle: &Bundle, as_of: &str, order: Order) {
    decided_by(bundle, "hodl-wave", as_of, order).await;
}

async fn decided_by(bundle: &Bundle, strategy: &str, as_of: &str, order: Order) {
    let to = at(as_of) + SignedDuration::from_mins(2);
    bundle.advance(to.duration_since(bundle.now()));
    let id = strategy.parse().unwrap();
    let db = &bundle.app().db;
    let strategy = shared::db::strategies::find(db, &id).await.unwrap().unwrap();
    paper::decide(bundle.app(), &strategy, at(as_of), order)
        .await
        .unwrap();
    trade::pending(bundle.app(), None).await.unwrap();
}

async fn follow(who: &Actor<'_>, capital: &str) -> Answer {
    who.send(Method::POST, SUBSCRIPTION, json!({ "capital": capital }))
        .await
}

async fn change(who: &Actor<'_>, body: Value) -> Answer {
    who.send(Method::PATCH, SUBSCRIPTION, body).await
}

/// The data of an answer that must be a success.
fn data(answer: &Answer) -> Value {
    let body = answer.json();
    assert_eq!(body["success"], true, "{body}");
    body["data"].clone()
}

async fn shown(who: &Actor<'_>, path: &str) -> Value {
    data(&who.get(path).await)
}

/// Status, code and message of a refusal.
fn refused(answer: &Answer) -> (u16, String, String) {
    let (code, message) = answer.refusal();
    (answer.status.as_u16(), code, message)
}

async fn execute(bundle: &Bundle, sql: &str) {
    bundle.database().client().await.batch_execute(sql).await.unwrap();
}

async fn assert_adds_up(bundle: &Bundle) {
    let client = bundle.database().client().await;
    assert_eq!(paper::violations(&client).await, Vec::<String>::new());
}

/// An amount out of an answer.
fn amount(value: &Value) -> Decimal {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no amount"))
        .parse()
        .unwrap()
}

/// The rows of a CSV file, each a list of fields; RFC 4180.
fn parsed(body: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(body).unwrap();
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut is_quoted = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if is_quoted && rest.peek() == Some(&'"') => {
                rest.next();
                field.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut field)),
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            other => field.push(other),
        }
    }
    assert!(row.is_empty() && field.is_empty(), "the last line has no end");
    rows
}

fn is_ok(answer: &Answer) -> bool {
    answer.status == StatusCode::OK
}
