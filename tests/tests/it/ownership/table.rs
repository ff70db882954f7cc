//! Every route, how to ask it for what is somebody else's, and what must hold then.

use serde_json::{Value, json};
use tests::people::Person;

use super::probe::Shown;
use super::world::Names;

/// A request but for its method.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) path: String,
    pub(super) body: Option<Value>,
}

fn get(path: impl Into<String>) -> Call {
    Call {
        path: path.into(),
        body: None,
    }
}

fn with(path: impl Into<String>, body: Value) -> Call {
    Call {
        path: path.into(),
        body: Some(body),
    }
}

/// What must hold for everybody but the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Shows what belongs to nobody: to everybody, and alike whatever is asked for exists or not for a user.
    Public,
    /// 401 without the role, 403 with another one.
    Admin,
}

impl Rule {
    pub(super) const fn needs_a_token(self) -> bool {
        !matches!(self, Self::Public)
    }

    /// Checks Bob's two answers: to names that are Ann's, and to names of nothing.
    pub(super) fn holds(self, what: &str, of_hers: &Shown, of_nobody: &Shown) {
        match self {
            Self::Public => {
                for answer in [of_hers, of_nobody] {
                    let is_fine = answer.is_success() || matches!(answer.status, 400 | 404);
                    assert!(is_fine, "{what}: {answer:?}");
                }
            }
            Self::Admin => {
                assert_eq!(of_hers.status, 403, "{what}: {of_hers:?}");
                cannot_tell(what, of_hers, of_nobody);
            }
        }
    }
}

/// Nobody can tell from an answer whether what was asked for is somebody else's or nothing at all.
fn cannot_tell(what: &str, of_hers: &Shown, of_nobody: &Shown) {
    assert!(
        !of_hers.is_told_apart_from(of_nobody),
        "{what} tells what exists:\n{of_hers:?}\n{of_nobody:?}"
    );
}

/// A route's row.
pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) route: &'static str,
    pub(super) rule: Rule,
    /// The requests, with names that are Ann's or nobody's, on behalf of this person.
    pub(super) calls: fn(&Names, &Person) -> Vec<Call>,
}

const fn row(
    method: &'static str,
    route: &'static str,
    rule: Rule,
    calls: fn(&Names, &Person) -> Vec<Call>,
) -> Row {
    Row {
        method,
        route,
        rule,
        calls,
    }
}

/// All of them.
pub(super) const ROWS: &[Row] = &[
    row("GET", "/api/v1/admin/costs", Rule::Admin, |_, _| {
        vec![get("/api/v1/admin/costs"), get("/api/v1/admin/costs?days=0")]
    }),
    row("GET", "/api/v1/admin/jobs", Rule::Admin, |_, _| {
        vec![get("/api/v1/admin/jobs")]
    }),
    row("GET", "/api/v1/admin/locks", Rule::Admin, |_, _| {
        vec![get("/api/v1/admin/locks")]
    }),
    row("PUT", "/api/v1/admin/locks/{reason}", Rule::Admin, |_, _| {
        let lock = json!({ "detail": "not mine to set" });
        vec![
            with("/api/v1/admin/locks/operator", lock.clone()),
            with("/api/v1/admin/locks/budget", lock),
        ]
    }),
    row("DELETE", "/api/v1/admin/locks/{reason}", Rule::Admin, |_, _| {
        vec![get("/api/v1/admin/locks/operator")]
    }),
    row("GET", "/api/v1/agents/scores", Rule::Public, |names, _| {
        vec![
            get("/api/v1/agents/scores"),
            get(format!("/api/v1/agents/scores?strategy_id={}", names.strategy)),
        ]
    }),
    row(
        "GET",
        "/api/v1/agents/scores/history",
        Rule::Public,
        |names, _| {
            vec![get(format!(
                "/api/v1/agents/scores/history?strategy_id={}",
                names.strategy
            ))]
        },
    ),
    row(
        "GET",
        "/api/v1/agents/executions/{id}",
        Rule::Public,
        |names, _| {
            let ids = [names.user, names.session, names.subscription, names.decision];
            ids.map(|id| get(format!("/api/v1/agents/executions/{id}")))
                .into()
        },
    ),
    row("GET", "/api/v1/market/{symbol}", Rule::Public, |_, _| {
        vec![get("/api/v1/market/BTCUSDT")]
    }),
    row("GET", "/api/v1/market/{symbol}/candles", Rule::Public, |_, _| {
        vec![get("/api/v1/market/BTCUSDT/candles")]
    }),
    row(
        "GET",
        "/api/v1/market/{symbol}/indicators",
        Rule::Public,
        |_, _| vec![get("/api/v1/market/BTCUSDT/indicators")],
    ),
    row("GET", "/api/v1/market/{symbol}/quality", Rule::Public, |_, _| {
        vec![get("/api/v1/market/BTCUSDT/quality")]
    }),
    row("GET", "/health", Rule::Public, |_, _| vec![get("/health")]),
    row("GET", "/health/live", Rule::Public, |_, _| {
        vec![get("/health/live")]
    }),
    row("GET", "/health/ready", Rule::Public, |_, _| {
        vec![get("/health/ready")]
    }),
    row("GET", "/docs", Rule::Public, |_, _| vec![get("/docs")]),
    row("GET", "/openapi.json", Rule::Public, |_, _| {
        vec![get("/openapi.json")]
    }),
];
