//! Logs: one line an event, JSON for machines or text for a terminal; and metrics among them.
//!
//! Fields of the spans around an event are laid flat into its line (`request_id`, `function`,
//! `cold_start`, `route`, `status`, `duration_ms`, `user_id` …), so that every line can be searched by them.
//! No value can break a line. Knows no noun of the domain and sends nothing over the network.

mod emf;
mod fields;
mod layer;
mod line;
mod panics;

#[cfg(test)]
mod tests;

pub use emf::metric;
pub use layer::{Format, Lines};

use std::error::Error;

use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

/// The `service` of every line.
pub const SERVICE: &str = "automoney";

/// Other people's crates, by the beginning of their targets. They never log below `warn`: some
/// write whole requests and answers at finer levels, and secrets travel in those.
const OUTSIDE: &[&str] = &[
    "aws_", "axum", "backon", "deadpool", "h2", "hyper", "lambda_", "redis", "reqwest", "rustls", "tokio",
    "tower",
];

/// The runtime's own line for an error of a handler; ours, with the whole chain, is written before.
const RUNTIME_ERRORS: &str = "lambda_runtime::layers::panic";

/// Starts logging for this process to `writer`, such as `std::io::stdout`. Only the first call has an
/// effect, so any door may call it.
pub fn init<W>(format: Format, level: Level, writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let subscriber = tracing_subscriber::registry()
        .with(Lines::new(format, writer))
        .with(levels(level));
    if tracing::subscriber::set_global_default(subscriber).is_ok() {
        panics::log_panics();
    }
}

/// What is logged when the least serious level is `level`.
pub fn levels(level: Level) -> Targets {
    let level = LevelFilter::from_level(level);
    let outside = OUTSIDE
        .iter()
        .map(|target| (*target, level.min(LevelFilter::WARN)));
    Targets::new()
        .with_default(level)
        .with_targets(outside)
        .with_target(RUNTIME_ERRORS, LevelFilter::OFF)
        // A metric is no message: no level leaves it out.
        .with_target(emf::TARGET, LevelFilter::INFO)
}

/// An error and all its causes, outermost first. A wrapper that only repeats its cause is left out.
pub fn chain(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut causes = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if causes.last() != Some(&text) {
            causes.push(text);
        }
        next = cause.source();
    }
    causes
}
