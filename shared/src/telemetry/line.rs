//! How one event becomes one line.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::Value;
use tracing::Level;

use super::SERVICE;
use super::fields::Fields;

/// Names the line itself uses; a field that is called so is written with a `_` behind.
const RESERVED: &[&str] = &["level", "message", "service", "target", "timestamp"];

/// What makes up a line.
pub(super) struct Event<'a> {
    pub(super) at: Timestamp,
    pub(super) level: Level,
    pub(super) target: &'a str,
    pub(super) message: &'a str,
    pub(super) fields: &'a Fields,
}

/// One JSON object, the fixed keys first. JSON's escapes keep any value inside its line.
pub(super) fn json(event: &Event<'_>) -> String {
    let mut line = format!(
        r#"{{"timestamp":"{:.3}","level":"{}","service":"{SERVICE}","target":{},"message":{}"#,
        event.at,
        name(event.level),
        Value::from(event.target),
        Value::from(event.message),
    );
    for (key, value) in event.fields.iter() {
        let tail = if RESERVED.contains(&key) { "_" } else { "" };
        // Writing into a String cannot fail.
        let _ = write!(line, ",{}:{value}", Value::from(format!("{key}{tail}")));
    }
    line.push_str("}\n");
    line
}

/// A line for people: time, level, message, then the fields.
pub(super) fn text(event: &Event<'_>) -> String {
    let time = event.at.strftime("%H:%M:%S%.3f");
    let mut line = format!("{time} {:<5} {}", name(event.level), printable(event.message));
    for (key, value) in event.fields.iter() {
        let _ = match value {
            Value::String(value) => write!(line, " {key}={}", printable(value)),
            Value::Array(chain) => write!(line, " {key}={}", printable(&joined(chain))),
            other => write!(line, " {key}={other}"),
        };
    }
    line.push('\n');
    line
}

fn joined(chain: &[Value]) -> String {
    let parts: Vec<_> = chain
        .iter()
        .map(|part| part.as_str().unwrap_or_default())
        .collect();
    parts.join(": ")
}

/// Without control characters: they could start a new line or steer the terminal.
fn printable(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut out, character| {
            if character.is_control() {
                out.extend(character.escape_default());
            } else {
                out.push(character);
            }
            out
        })
}

const fn name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR",
        Level::WARN => "WARN",
        Level::INFO => "INFO",
        Level::DEBUG => "DEBUG",
        Level::TRACE => "TRACE",
    }
}
