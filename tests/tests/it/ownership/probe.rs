//! How a route is asked, and what of its answer is compared.

use reqwest::Method;
use serde_json::Value;
use tests::bundle::{Answer, Bundle};
use tests::people::Person;

use super::table::{Call, Row};
use super::world::{Names, World};

/// An answer without what differs from one request to the next.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    /// The request, for whoever reads a failure.
    pub(super) asked: String,
    pub(super) status: u16,
    content_type: String,
    retry_after: String,
    /// JSON without its time; text where it is none.
    body: Value,
    /// Everything as it came, headers included.
    pub(super) text: String,
}

impl Shown {
    fn of(asked: String, answer: &Answer) -> Self {
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let mut body = serde_json::from_slice(&answer.body).unwrap_or_else(|_| Value::from(text.clone()));
        if let Some(envelope) = body.as_object_mut() {
            envelope.remove("timestamp");
        }
        Self {
            asked,
            status: answer.status.as_u16(),
            content_type: answer.header("content-type").to_owned(),
            retry_after: answer.header("retry-after").to_owned(),
            body,
            text: format!("{:?}\n{text}", answer.headers),
        }
    }

    /// An answer for a test of the probe itself.
    pub(super) fn made_of(status: u16, text: &str) -> Self {
        Self {
            asked: String::new(),
            status,
            content_type: String::new(),
            retry_after: String::new(),
            body: Value::Null,
            text: text.to_owned(),
        }
    }

    /// Whether two answers to different questions can be told apart.
    pub(super) fn is_told_apart_from(&self, other: &Self) -> bool {
        (self.status, &self.content_type, &self.retry_after, &self.body)
            != (other.status, &other.content_type, &other.retry_after, &other.body)
    }

    /// The same answer about other things: names that it repeats are replaced.
    pub(super) fn named_as(mut self, from: &Names, to: &Names) -> Self {
        let mut body = self.body.to_string();
        for (from, to) in from.all().into_iter().zip(to.all()) {
            body = body.replace(&from, &to);
        }
        self.body = serde_json::from_str(&body).unwrap_or(Value::Null);
        self
    }

    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

async fn send(bundle: &Bundle, row: &Row, person: Option<&Person>, call: &Call) -> Shown {
    let method: Method = row.method.parse().expect("a method");
    let answer = bundle
        .send(method, &call.path, |request| {
            let request = match person {
                Some(person) => request.bearer_auth(&person.token),
                None => request,
            };
            match &call.body {
                Some(body) => request.json(body),
                None => request,
            }
        })
        .await;
    Shown::of(format!("{} {}", row.method, call.path), &answer)
}

/// Somebody's call.
pub(super) async fn ask(bundle: &Bundle, row: &Row, person: &Person, call: &Call) -> Shown {
    send(bundle, row, Some(person), call).await
}

/// The same without a token.
pub(super) async fn ask_anonymously(bundle: &Bundle, row: &Row, call: &Call) -> Shown {
    send(bundle, row, None, call).await
}

/// What somebody reads of their own, with names that mean nothing.
pub(super) async fn seen_by(world: &World, row: &Row, person: &Person) -> Vec<Shown> {
    let mut seen = Vec::new();
    for call in (row.calls)(&world.invented) {
        let mut shown = ask(&world.bundle, row, person, &call).await;
        // Headers count requests; only the answer is compared.
        shown.text = String::new();
        // Asking for an export is itself an event of the account.
        if let Some(export) = shown.body.pointer_mut("/data").and_then(Value::as_object_mut) {
            export.remove("auth_events");
        }
        seen.push(shown);
    }
    seen
}
