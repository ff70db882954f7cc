//! The log line of a request: one, with what the operator needs, at the right level.

use std::io::Write;
use std::sync::{Arc, Mutex};

use super::*;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything logged while a request is answered.
async fn logged(door: &TestDoor, request: Request<Body>) -> Vec<Value> {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    door.send(request).await;
    drop(guard);
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

async fn logged_once(request: Request<Body>) -> Value {
    let mut lines = logged(&TestDoor::new(), request).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines.remove(0)
}

#[tokio::test]
async fn a_request_is_one_line_without_query_address_or_token() {
    let door = TestDoor::new();
    let token = door.token(Tier::Free, Role::User);
    let mut request = request("/api/v1/things?size=small&named=secret-name");
    request
        .headers_mut()
        .insert("authorization", format!("Bearer {token}").parse().unwrap());
    let lines = logged(&door, request).await;
    assert_eq!(lines.len(), 1);
    let fields = &lines[0]["fields"];
    assert!(fields["duration_ms"].as_f64().unwrap() >= 0.0);
    let mut shown = fields.clone();
    shown["duration_ms"] = json!("…");
    assert_eq!(lines[0]["level"], "INFO");
    assert_eq!(
        shown,
        json!({
            "message": "request", "request_id": "00000000-0000-7000-8000-000000000001", "function": "things",
            "route": "/api/v1/things", "method": "GET", "status": 200, "duration_ms": "…",
            "user_id": "00000000-0000-0000-0000-000000000007",
        })
    );
    let text = lines[0].to_string();
    for kept_out in ["secret-name", ANN, token.as_str()] {
        assert!(!text.contains(kept_out), "{kept_out} in {text}");
    }
}

#[tokio::test]
async fn what_the_client_did_wrong_is_never_an_error_of_ours() {
    let mut too_large = request("/api/v1/things");
    too_large.headers_mut().insert("content-length", (1 << 20).into());
    let mut bad_token = request("/api/v1/scores");
    bad_token
        .headers_mut()
        .insert("authorization", "Bearer x".parse().unwrap());
    for (request, code) in [
        (request("/api/v1/things?size=%FF"), "VALIDATION_ERROR"),
        (request("/nowhere?password=1"), "NOT_FOUND"),
        (with_method(Method::PUT, "/health"), "METHOD_NOT_ALLOWED"),
        (too_large, "PAYLOAD_TOO_LARGE"),
        (bad_token, "UNAUTHORIZED"),
        (request("/api/v1/failures/conflict"), "CONFLICT"),
    ] {
        let line = logged_once(request).await;
        assert_eq!(
            (&line["level"], &line["fields"]["code"]),
            (&json!("INFO"), &json!(code))
        );
        assert_eq!(line["fields"]["error"], Value::Null);
    }
}

#[tokio::test]
async fn guessed_paths_share_one_label() {
    let line = logged_once(request("/wp-admin/setup.php")).await;
    assert_eq!(line["fields"]["route"], "unmatched");
    let line = logged_once(with_method(Method::DELETE, "/api/v1/things/7")).await;
    assert_eq!(line["fields"]["route"], "/api/v1/things/{id}");
}

#[tokio::test]
async fn a_fault_of_ours_is_an_error_with_its_whole_chain() {
    let line = logged_once(request("/api/v1/failures/internal")).await;
    assert_eq!(line["level"], "ERROR");
    assert_eq!(
        line["fields"]["error"],
        "the rate limiter is down: password=hunter2"
    );
}

#[tokio::test]
async fn a_part_that_is_down_is_a_warning() {
    for code in ["unavailable", "models"] {
        let line = logged_once(request(&format!("/api/v1/failures/{code}"))).await;
        assert_eq!(line["level"], "WARN");
        assert!(
            line["fields"]["error"]
                .as_str()
                .unwrap()
                .ends_with("password=hunter2")
        );
    }
}

#[tokio::test]
async fn a_panic_is_an_error_and_the_process_lives_on() {
    let door = TestDoor::new();
    let lines = logged(&door, request("/api/v1/failures/panic")).await;
    assert_eq!((lines.len(), &lines[0]["level"]), (1, &json!("ERROR")));
    assert_eq!(lines[0]["fields"]["error"], "panicked: password=hunter2");
    assert_eq!(door.get("/health").await.status, 200);
}

#[tokio::test]
async fn a_limiter_that_is_down_is_said_in_the_line() {
    let door = TestDoor::new();
    door.limiter.down.store(true, Ordering::SeqCst);
    let lines = logged(&door, request("/api/v1/scores")).await;
    assert_eq!(
        (lines.len(), &lines[0]["fields"]["limiter_down"]),
        (1, &json!(true))
    );
}
