//! Accounts and sessions, from the outside: who is signed in, for how long, and what goes when they go.

mod data;
mod keys;
mod logs;
mod operators;
mod outages;
mod refresh;
mod sessions;
mod sign_in;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use shared::services::auth::Transport;
use standin::google::{AuthorizeRequest, CLIENT_ID, User, challenge_of};
use tests::bundle::{Answer, Bundle, SIGN_IN_PAGE};

const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more";
const NONCE: &str = "a-nonce-of-this-sign-in";
/// A page that may call: one of the default list.
const ORIGIN: &str = "http://localhost:3000";
const REFRESH: &str = "/api/v1/auth/refresh";
const LOGOUT: &str = "/api/v1/auth/logout";
const SESSIONS: &str = "/api/v1/auth/sessions";
const ME: &str = "/api/v1/auth/me";

async fn bundle() -> Bundle {
    Bundle::with().sample_market().start().await
}

/// A code of Google's for somebody who has just agreed there.
fn code(bundle: &Bundle, user: User) -> String {
    let request = AuthorizeRequest {
        nonce: NONCE.to_owned(),
        code_challenge: challenge_of(VERIFIER),
        redirect_uri: SIGN_IN_PAGE.to_owned(),
        client_id: CLIENT_ID.to_owned(),
    };
    bundle.upstream().google().code_for(user, &request)
}

fn sign_in_body(code: &str) -> Value {
    json!({ "code": code, "code_verifier": VERIFIER, "redirect_uri": SIGN_IN_PAGE, "nonce": NONCE })
}

/// Signs in with Google as a client does: a browser when it comes from a page, else a program.
async fn google(bundle: &Bundle, user: User, origin: Option<&str>) -> Answer {
    let code = code(bundle, user);
    post(
        bundle,
        "/api/v1/auth/google",
        Sent::from(origin).body(&sign_in_body(&code)),
    )
    .await
}

/// What a client sends besides the path.
#[derive(Debug, Clone, Default)]
struct Sent {
    origin: Option<String>,
    cookie: Option<String>,
    bearer: Option<String>,
    body: Option<Value>,
}

impl Sent {
    fn from(origin: Option<&str>) -> Self {
        Self {
            origin: origin.map(str::to_owned),
            ..Self::default()
        }
    }

    fn cookie(mut self, token: &str) -> Self {
        self.cookie = Some(format!("theme=dark; automoney_refresh={token}"));
        self
    }

    fn bearer(mut self, token: &str) -> Self {
        self.bearer = Some(token.to_owned());
        self
    }

    fn body(mut self, body: &Value) -> Self {
        self.body = Some(body.clone());
        self
    }

    fn token(self, token: &str) -> Self {
        self.body(&json!({ "refresh_token": token }))
    }
}

async fn post(bundle: &Bundle, path: &str, sent: Sent) -> Answer {
    send(bundle, Method::POST, path, sent).await
}

async fn send(bundle: &Bundle, method: Method, path: &str, sent: Sent) -> Answer {
    bundle
        .send(method, path, |mut request| {
            if let Some(origin) = sent.origin {
                request = request.header("origin", origin);
            }
            if let Some(cookie) = sent.cookie {
                request = request.header("cookie", cookie);
            }
            if let Some(token) = sent.bearer {
                request = request.bearer_auth(token);
            }
            match sent.body {
                Some(body) => request.json(&body),
                None => request,
            }
        })
        .await
}

/// Status and code of an answer; no code where it is a success.
fn verdict(answer: &Answer) -> (u16, String) {
    let status = answer.status.as_u16();
    match status {
        200 => (status, String::new()),
        _ => (status, answer.refusal().0),
    }
}

fn text(answer: &Answer, pointer: &str) -> String {
    let json = answer.json();
    let found = json.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("{pointer}: {json}")).to_owned()
}

/// The refresh token of an answer's cookie.
fn cookie_of(answer: &Answer) -> String {
    let set = answer.header("set-cookie");
    let value = set.strip_prefix("automoney_refresh=").expect("our cookie");
    value.split(';').next().unwrap_or_default().to_owned()
}

/// How many rows a query finds.
async fn count(bundle: &Bundle, from: &str) -> usize {
    bundle.rows(&format!("SELECT 1 FROM {from}")).await.len()
}

/// What happened to accounts, in order: kind, actor, detail.
async fn events(bundle: &Bundle) -> Vec<String> {
    bundle
        .rows("SELECT kind, actor, detail FROM auth_events ORDER BY created_at, id")
        .await
}

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}
