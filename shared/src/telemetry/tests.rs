//! What a line looks like, and what never gets into one.

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

use super::{Format, Lines, levels};
use crate::config::{Config, Environment, Section};
use crate::secrets::EnvironmentSecrets;

/// Keeps what is written.
#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'writer> MakeWriter<'writer> for Page {
    type Writer = Self;

    fn make_writer(&'writer self) -> Self {
        self.clone()
    }
}

fn logged(format: Format, level: Level, work: impl FnOnce()) -> String {
    let page = Page::default();
    let subscriber = tracing_subscriber::registry()
        .with(Lines::new(format, page.clone()))
        .with(levels(level));
    tracing::subscriber::with_default(subscriber, work);
    let bytes = page.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

fn lines(level: Level, work: impl FnOnce()) -> Vec<Value> {
    let text = logged(Format::Json, level, work);
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[derive(Debug, thiserror::Error)]
#[error("the candles of {symbol} cannot be stored")]
struct Outer {
    symbol: &'static str,
    source: io::Error,
}

fn error() -> Outer {
    Outer {
        symbol: "BTCUSDT",
        source: io::Error::other("connection cut"),
    }
}

#[test]
fn an_event_is_one_flat_object_with_the_fields_of_its_spans() {
    let found = lines(Level::INFO, || {
        let invocation = tracing::info_span!(
            "invocation",
            request_id = "r-1",
            function = "market",
            cold_start = true
        );
        let _invocation = invocation.enter();
        let request = tracing::info_span!(
            "request",
            route = "/x",
            status = tracing::field::Empty,
            user_id = "u-1"
        );
        let _request = request.enter();
        request.record("status", 200);
        tracing::info!(duration_ms = 12, route = "/y", "answered");
    });

    let mut line = found.into_iter().next().unwrap();
    let time = line["timestamp"].take();
    let time = time.as_str().unwrap();
    assert_eq!(time.len(), "2026-03-01T12:00:00.000Z".len(), "{time}");
    assert!(time.parse::<jiff::Timestamp>().is_ok());
    let expected = json!({
        "timestamp": null, "level": "INFO", "service": "automoney", "target": "shared::telemetry::tests",
        "message": "answered", "request_id": "r-1", "function": "market", "cold_start": true,
        "route": "/y", "status": 200, "user_id": "u-1", "duration_ms": 12,
    });
    assert_eq!(line, expected);
}

#[test]
fn an_error_is_written_with_its_whole_chain_and_always_as_a_list() {
    let error = error();
    let found = lines(Level::INFO, || {
        tracing::error!(error = &error as &dyn std::error::Error, "run failed");
        tracing::error!(error = %error, "run failed");
        tracing::error!(error = "said so", "run failed");
    });

    let chain = json!(["the candles of BTCUSDT cannot be stored", "connection cut"]);
    assert_eq!(found[0]["error"], chain);
    assert_eq!(
        found[1]["error"],
        json!(["the candles of BTCUSDT cannot be stored"])
    );
    assert_eq!(found[2]["error"], json!(["said so"]));
}

#[test]
fn a_wrapper_that_only_repeats_its_cause_is_left_out_of_the_chain() {
    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Wrapper(#[source] Outer);

    let chain = super::chain(&Wrapper(error()));

    assert_eq!(
        chain,
        ["the candles of BTCUSDT cannot be stored", "connection cut"]
    );
}

#[test]
fn no_value_can_break_a_line_or_steer_a_terminal() {
    let nasty = "a\nb\r\u{1b}[31m\"}\u{0}\u{2028}{\"level\":\"FORGED\"";
    let write = || tracing::info!(agent = nasty, list = ?[nasty], "{nasty}");

    let found = lines(Level::INFO, write);
    let text = logged(Format::Text, Level::INFO, write);

    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["level"], "INFO");
    assert_eq!(found[0]["agent"], nasty);
    assert_eq!(found[0]["message"], nasty);
    assert_eq!(text.matches('\n').count(), 1);
    assert!(
        text.trim_end().chars().all(|character| !character.is_control()),
        "{text:?}"
    );
}

#[test]
fn a_field_cannot_take_the_place_of_a_fixed_key() {
    let found = logged(Format::Json, Level::INFO, || {
        tracing::info!(level = 3, timestamp = "now", "x");
    });

    let line: Value = serde_json::from_str(&found).unwrap();
    assert_eq!((&line["level"], &line["level_"]), (&json!("INFO"), &json!(3)));
    assert_eq!(found.matches("\"timestamp\":").count(), 1);
}

#[test]
fn the_level_and_the_origin_decide_what_is_written() {
    let write = || {
        tracing::debug!("ours, debug");
        tracing::info!("ours, info");
        tracing::debug!(target: "aws_smithy_runtime::client", "theirs, debug");
        tracing::info!(target: "hyper_util::client", "theirs, info");
        tracing::warn!(target: "redis::aio", "theirs, warning");
        tracing::error!(target: "lambda_runtime::layers::panic", "what the runner already wrote");
    };
    let messages = |level| {
        let found = lines(level, write);
        found
            .iter()
            .map(|line| line["message"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };

    assert_eq!(
        messages(Level::DEBUG),
        ["ours, debug", "ours, info", "theirs, warning"]
    );
    assert_eq!(messages(Level::INFO), ["ours, info", "theirs, warning"]);
    assert_eq!(messages(Level::ERROR), Vec::<String>::new());
}

#[tokio::test]
async fn no_secret_of_a_configuration_is_written_even_at_the_finest_level() {
    let environment = Environment::from([
        (
            "DATABASE_URL",
            "postgres://automoney:S3cret-pg@db.internal/automoney",
        ),
        ("REDIS_URL", "rediss://default:S3cret-redis@cache.internal:6379"),
        ("JWT_SECRET", "S3cret-jwt-0123456789-0123456789-0123456789"),
        ("COINGECKO_API_KEY", "S3cret-coingecko"),
        ("FRED_API_KEY", "S3cret-fred"),
        ("GLASSNODE_API_KEY", "S3cret-glassnode"),
        ("CLAUDE_API_KEY", "S3cret-claude"),
        ("OPENAI_API_KEY", "S3cret-openai"),
        ("GOOGLE_CLIENT_ID", "automoney"),
        ("GOOGLE_CLIENT_SECRET", "S3cret-google"),
        ("GOOGLE_REDIRECT_URIS", "https://app.example.com/signin"),
    ]);
    let config = Config::load(&environment, &Section::ALL, &EnvironmentSecrets)
        .await
        .unwrap();

    let found = [Format::Json, Format::Text].map(|format| {
        logged(format, Level::TRACE, || {
            tracing::trace!(
                ?config,
                ?environment,
                token = "S3cret-token",
                password = "S3cret-password",
                "starting"
            );
            tracing::trace!("{config:#?}");
        })
    });

    for text in found {
        assert!(!text.contains("S3cret"), "{text}");
        assert!(text.contains("[not written]"));
        assert_eq!(text.lines().count(), 2);
    }
}

#[test]
fn text_lines_are_short_and_name_their_fields() {
    let error = error();
    let text = logged(Format::Text, Level::INFO, || {
        tracing::warn!(
            symbol = "BTCUSDT",
            tries = 3,
            error = &error as &dyn std::error::Error,
            "gave up"
        );
    });

    let (_, rest) = text.split_once(' ').unwrap();
    let expected = "WARN  gave up symbol=BTCUSDT tries=3 error=the candles of BTCUSDT cannot be stored: connection cut\n";
    assert_eq!(rest, expected);
}

#[test]
fn logging_can_be_started_any_number_of_times() {
    super::init(Format::Json, Level::ERROR, std::io::stdout);
    super::init(Format::Text, Level::ERROR, std::io::stdout);
}

#[test]
fn a_metric_is_a_line_of_its_own_at_every_level_and_nothing_at_a_terminal() {
    let work = || {
        let span = tracing::info_span!("task", request_id = "r-1");
        let _inside = span.enter();
        super::metric(
            "ModelSpendUsd",
            "12.3400".parse().unwrap(),
            "test",
            "2026-03-01T12:00:00Z".parse().unwrap(),
        );
        tracing::info!(automoney_metric = 1, "no metric");
    };

    let found = lines(Level::ERROR, work);
    let [line] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(line["ModelSpendUsd"], json!(12.34));
    assert_eq!(line["Environment"], "test");
    assert_eq!(line["_aws"]["Timestamp"], json!(1_772_366_400_000_i64));
    assert_eq!(line["level"], "INFO");
    assert_eq!(lines(Level::INFO, work).len(), 2);
    assert_eq!(logged(Format::Text, Level::INFO, work).lines().count(), 1);
}
