//! Every route, how to ask it for what is somebody else's, and what must hold then.

use serde_json::{Value, json};
use tests::bundle::SIGN_IN_PAGE;

use super::probe::Shown;
use super::world::Names;

/// A request but for its method.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) path: String,
    pub(super) body: Option<Value>,
    /// What must hold instead of what its row says.
    pub(super) rule: Option<Rule>,
}

impl Call {
    fn must(mut self, rule: Rule) -> Self {
        self.rule = Some(rule);
        self
    }
}

fn get(path: impl Into<String>) -> Call {
    Call {
        path: path.into(),
        body: None,
        rule: None,
    }
}

fn with(path: impl Into<String>, body: Value) -> Call {
    Call {
        path: path.into(),
        body: Some(body),
        rule: None,
    }
}

/// A list, and the same list from where a page of these names ends.
fn pages(names: &Names, route: &str) -> Vec<Call> {
    let cursor = names.cursors.get(route).map(|cursor| format!("&cursor={cursor}"));
    vec![
        get(route),
        get(format!("{route}?limit=1{}", cursor.unwrap_or_default())).must(Rule::Page),
    ]
}

/// What must hold for everybody but the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Shows what belongs to nobody: to everybody, and alike whatever is asked for exists or not for a user.
    Public,
    /// 401 without the role, 403 with another one.
    Admin,
    /// 401 without a token; with one, the caller's own and nothing else.
    Own,
    /// 401 without a token; with one, the caller's own, or 400 because the cursor is of another list.
    Page,
    /// 401 without a token; with one, 404 for what is somebody else's as for what never was.
    Foreign,
    /// Takes a credential instead of a token, and answers alike to whatever is none.
    Credential,
    /// 401 without a token; with one, alike whether somebody else has what is asked for or nobody.
    Alike,
}

impl Rule {
    pub(super) const fn needs_a_token(self) -> bool {
        !matches!(self, Self::Public | Self::Credential)
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
            Self::Own => {
                for answer in [of_hers, of_nobody] {
                    assert!(answer.is_success(), "{what}: {answer:?}");
                }
            }
            Self::Page => {
                assert!(
                    of_hers.is_success() || of_hers.status == 400,
                    "{what}: {of_hers:?}"
                );
                assert!(of_nobody.is_success(), "{what}: {of_nobody:?}");
            }
            Self::Foreign => {
                assert_eq!(of_hers.status, 404, "{what}: {of_hers:?}");
                cannot_tell(what, of_hers, of_nobody);
            }
            Self::Credential => {
                assert!(matches!(of_hers.status, 200 | 401), "{what}: {of_hers:?}");
                cannot_tell(what, of_hers, of_nobody);
            }
            Self::Alike => {
                assert!(of_hers.status < 500, "{what}: {of_hers:?}");
                cannot_tell(what, of_hers, of_nobody);
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
    /// The requests, with names that are Ann's or nobody's.
    pub(super) calls: fn(&Names) -> Vec<Call>,
}

const fn row(method: &'static str, route: &'static str, rule: Rule, calls: fn(&Names) -> Vec<Call>) -> Row {
    Row {
        method,
        route,
        rule,
        calls,
    }
}

/// All of them.
pub(super) const ROWS: &[Row] = &[
    row("GET", "/api/v1/admin/costs", Rule::Admin, |_| {
        vec![get("/api/v1/admin/costs"), get("/api/v1/admin/costs?days=0")]
    }),
    row("GET", "/api/v1/admin/jobs", Rule::Admin, |_| {
        vec![get("/api/v1/admin/jobs")]
    }),
    row("GET", "/api/v1/admin/locks", Rule::Admin, |_| {
        vec![get("/api/v1/admin/locks")]
    }),
    row("PUT", "/api/v1/admin/locks/{reason}", Rule::Admin, |_| {
        let lock = json!({ "detail": "not mine to set" });
        vec![
            with("/api/v1/admin/locks/operator", lock.clone()),
            with("/api/v1/admin/locks/budget", lock),
        ]
    }),
    row("DELETE", "/api/v1/admin/locks/{reason}", Rule::Admin, |_| {
        vec![get("/api/v1/admin/locks/operator")]
    }),
    row("GET", "/api/v1/agents/scores", Rule::Public, |names| {
        vec![
            get("/api/v1/agents/scores"),
            get(format!("/api/v1/agents/scores?strategy_id={}", names.strategy)),
        ]
    }),
    row("GET", "/api/v1/agents/scores/history", Rule::Public, |names| {
        vec![get(format!(
            "/api/v1/agents/scores/history?strategy_id={}",
            names.strategy
        ))]
    }),
    row("GET", "/api/v1/agents/executions/{id}", Rule::Public, |names| {
        let ids = [names.user, names.session, names.subscription, names.decision];
        ids.map(|id| get(format!("/api/v1/agents/executions/{id}")))
            .into()
    }),
    row("POST", "/api/v1/auth/google", Rule::Credential, |names| {
        vec![with(
            "/api/v1/auth/google",
            json!({
                "code": names.session, "code_verifier": "v".repeat(43), "nonce": "n".repeat(32),
                "redirect_uri": SIGN_IN_PAGE
            }),
        )]
    }),
    row("POST", "/api/v1/auth/refresh", Rule::Credential, |names| {
        vec![with(
            "/api/v1/auth/refresh",
            json!({ "refresh_token": names.kept_token }),
        )]
    }),
    row("POST", "/api/v1/auth/logout", Rule::Credential, |names| {
        vec![
            with(
                "/api/v1/auth/logout",
                json!({ "refresh_token": names.kept_token }),
            ),
            // Of the session that the access token is of.
            get("/api/v1/auth/logout"),
        ]
    }),
    row("GET", "/api/v1/auth/me", Rule::Own, |_| {
        vec![get("/api/v1/auth/me")]
    }),
    row("DELETE", "/api/v1/auth/me", Rule::Own, |_| {
        vec![get("/api/v1/auth/me")]
    }),
    row("GET", "/api/v1/auth/me/export", Rule::Own, |_| {
        vec![get("/api/v1/auth/me/export")]
    }),
    row("GET", "/api/v1/auth/sessions", Rule::Own, |names| {
        pages(names, "/api/v1/auth/sessions")
    }),
    row("DELETE", "/api/v1/auth/sessions", Rule::Own, |_| {
        vec![get("/api/v1/auth/sessions")]
    }),
    row("DELETE", "/api/v1/auth/sessions/{id}", Rule::Foreign, |names| {
        [names.session, names.device]
            .map(|id| get(format!("/api/v1/auth/sessions/{id}")))
            .into()
    }),
    row("GET", "/api/v1/admin/mode", Rule::Admin, |_| {
        vec![get("/api/v1/admin/mode")]
    }),
    row("PUT", "/api/v1/admin/mode", Rule::Admin, |_| {
        vec![with("/api/v1/admin/mode", json!({ "mode": "normal" }))]
    }),
    row("GET", "/api/v1/strategies", Rule::Public, |_| {
        vec![get("/api/v1/strategies")]
    }),
    row(
        "POST",
        "/api/v1/strategies/{id}/subscription",
        Rule::Own,
        |names| {
            vec![with(
                format!("/api/v1/strategies/{}/subscription", names.strategy),
                json!({ "capital": "2500" }),
            )]
        },
    ),
    row(
        "PATCH",
        "/api/v1/strategies/{id}/subscription",
        Rule::Foreign,
        |names| {
            vec![with(
                format!("/api/v1/strategies/{}/subscription", names.strategy),
                json!({ "status": "paused" }),
            )]
        },
    ),
    row(
        "DELETE",
        "/api/v1/strategies/{id}/subscription",
        Rule::Foreign,
        |names| vec![get(format!("/api/v1/strategies/{}/subscription", names.strategy))],
    ),
    row("GET", "/api/v1/portfolio", Rule::Own, |_| {
        vec![get("/api/v1/portfolio")]
    }),
    row("GET", "/api/v1/portfolio/history", Rule::Own, |names| {
        let route = "/api/v1/portfolio/history";
        vec![
            get(route),
            get(format!("{route}?format=csv")),
            get(format!("{route}?strategy_id={}", names.strategy)).must(Rule::Alike),
        ]
    }),
    row("GET", "/api/v1/trades", Rule::Own, |names| {
        let route = "/api/v1/trades";
        let mut calls = pages(names, route);
        calls.extend([
            get(format!("{route}?format=csv")),
            get(format!("{route}?strategy_id={}", names.strategy)).must(Rule::Alike),
        ]);
        calls
    }),
    row("POST", "/api/v1/push/ticket", Rule::Own, |_| {
        vec![get("/api/v1/push/ticket")]
    }),
    row("GET", "/api/v1/market/{symbol}", Rule::Public, |_| {
        vec![get("/api/v1/market/BTCUSDT")]
    }),
    row("GET", "/api/v1/market/{symbol}/candles", Rule::Public, |_| {
        vec![get("/api/v1/market/BTCUSDT/candles")]
    }),
    row("GET", "/api/v1/market/{symbol}/indicators", Rule::Public, |_| {
        vec![get("/api/v1/market/BTCUSDT/indicators")]
    }),
    row("GET", "/api/v1/market/{symbol}/quality", Rule::Public, |_| {
        vec![get("/api/v1/market/BTCUSDT/quality")]
    }),
    row("GET", "/health", Rule::Public, |_| vec![get("/health")]),
    row("GET", "/health/live", Rule::Public, |_| vec![get("/health/live")]),
    row("GET", "/health/ready", Rule::Public, |_| {
        vec![get("/health/ready")]
    }),
    row("GET", "/docs", Rule::Public, |_| vec![get("/docs")]),
    row("GET", "/openapi.json", Rule::Public, |_| {
        vec![get("/openapi.json")]
    }),
];
