//! What is kept of a request while it is answered, and the log line it ends in.
//!
//! Only labels and figures: no query, header, address or token can reach the log from here.

use http::{HeaderValue, Method, StatusCode};

use super::connection::RequestId;
use super::error::ApiError;
use super::limits::Admission;
use crate::clock::Stopwatch;
use crate::domain::identity::UserId;

/// The label of requests that no route takes: the log must not grow a label for each guess.
const UNMATCHED: &str = "unmatched";

/// What is kept of a request while it is answered.
pub(super) struct Visit {
    pub(super) watch: Stopwatch,
    pub(super) id: RequestId,
    pub(super) method: Method,
    pub(super) route: Option<String>,
    pub(super) origin: Option<HeaderValue>,
    pub(super) user: Option<UserId>,
    pub(super) admission: Option<Admission>,
    /// Whether this process had to count by itself.
    pub(super) limiter_down: bool,
}

impl Visit {
    /// One line a request. Only a fault of ours is an error; a part that is down is a warning; what
    /// the client did wrong is neither.
    pub(super) fn log(&self, function: &str, status: StatusCode, failure: Option<&ApiError>) {
        macro_rules! line {
            ($level:expr) => {
                tracing::event!(
                    $level,
                    request_id = self.id.0,
                    function,
                    route = self.route.as_deref().unwrap_or(UNMATCHED),
                    method = self.method.as_str(),
                    status = status.as_u16(),
                    duration_ms = self.watch.elapsed().as_secs_f64() * 1e3,
                    user_id = self.user.map(tracing::field::display),
                    code = failure.map(|error| error.code().as_str()),
                    error = failure.and_then(ApiError::chain),
                    limiter_down = self.limiter_down.then_some(true),
                    "request"
                )
            };
        }
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            line!(tracing::Level::ERROR);
        } else if status.is_server_error() {
            line!(tracing::Level::WARN);
        } else {
            line!(tracing::Level::INFO);
        }
    }
}
