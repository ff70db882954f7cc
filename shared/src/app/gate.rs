//! Which requests are let in now: what the HTTP layer asks, answered by the mode of operation.

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::json;

use super::{App, Modes};
use crate::clock::Clock;
use crate::domain::modes::{Access, Closure, Mode, Outcome, access};
use crate::http::{ApiError, Asked, Gate, Left, Pass, Refusal};

struct ModeGate {
    modes: Modes,
    clock: Clock,
}

impl App {
    /// What decides which requests are let in.
    pub fn gate(&self) -> impl Gate + use<> {
        ModeGate {
            modes: self.modes.clone(),
            clock: self.clock.clone(),
        }
    }
}

impl Gate for ModeGate {
    fn admit<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Result<(), ApiError>> {
        Box::pin(async move {
            if access(asked.method, asked.route) == Access::Always {
                return Ok(());
            }
            let now = self.clock.now();
            let setting = self.modes.current(now).await;
            setting
                .refusal(asked.method, asked.route, now)
                .map_or(Ok(()), |closure| Err(closure.into()))
        })
    }

    fn enter(&self, asked: Asked<'_>) -> Result<Pass, ApiError> {
        match access(asked.method, asked.route) {
            // These do without a write where there can be none.
            Access::Always | Access::ShowsMode | Access::Reads | Access::Refreshes => return Ok(Pass::free()),
            Access::SetsMode | Access::SignsIn | Access::Writes => {}
        }
        let turn = self.modes.enter(self.clock.now())?;
        let (modes, clock) = (self.modes.clone(), self.clock.clone());
        Ok(Pass::watched(move |left| {
            let outcome = match left {
                Left::Done => Outcome::Done,
                Left::Refused => Outcome::Refused,
                Left::Unclear => Outcome::Unclear,
            };
            modes.leave(turn, outcome, clock.now());
        }))
    }
}

impl From<Closure> for ApiError {
    fn from(closure: Closure) -> Self {
        let refusal = Refusal::from(closure.message()).with_details(json!(closure));
        let retry_after = Duration::from_secs(closure.retry_after_seconds);
        match closure.mode {
            Mode::Maintenance => Self::Maintenance { refusal, retry_after },
            Mode::ReadOnly | Mode::Normal => Self::ReadOnly {
                refusal,
                retry_after,
                source: None,
            },
        }
    }
}
