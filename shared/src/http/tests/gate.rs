//! What the gate is asked, when, and what it is told.

use super::*;

fn left(door: &TestDoor) -> Vec<Left> {
    std::mem::take(&mut *door.gate.left.lock().unwrap())
}

#[tokio::test]
async fn a_closed_route_is_refused_before_anybody_is_asked_who_they_are_or_charged() {
    let door = TestDoor::new();
    *door.gate.shut.lock().unwrap() = Some("/api/v1/things/{id}");
    let path = format!("/api/v1/things/{}", Uuid::from_u128(1));

    let answer = door.get_as("no token at all", &path).await;

    assert_eq!(
        answer.refusal(),
        (503, "MAINTENANCE".to_owned(), "Back at noon.".to_owned())
    );
    assert_eq!(answer.header("retry-after"), Some("60"));
    assert_eq!(answer.header("x-ratelimit-limit"), None);
    assert_eq!(left(&door), []);
    // The pattern of the path is what counts, and the others go on.
    assert_eq!(door.get("/api/v1/things?size=small").await.status, 200);
}

#[tokio::test]
async fn who_is_refused_for_their_token_takes_nobodys_place() {
    let door = TestDoor::new();
    door.gate.full.store(true, Ordering::SeqCst);

    let stranger = door.get_as("no token at all", "/api/v1/things?size=small").await;
    let known = door.get("/api/v1/things?size=small").await;

    assert_eq!(stranger.status, 401);
    assert_eq!(known.refusal().1, "READ_ONLY");
    assert_eq!(known.header("retry-after"), Some("2"));
    assert_eq!(known.header("x-ratelimit-limit"), Some("600"));
}

#[tokio::test]
async fn the_gate_hears_how_everything_it_let_in_ended() {
    let door = TestDoor::new();
    for (code, expected) in [
        ("read-only", Left::Refused),
        ("maintenance", Left::Unclear),
        ("unavailable", Left::Unclear),
        ("validation", Left::Unclear),
        ("panic", Left::Unclear),
    ] {
        door.get(&format!("/api/v1/failures/{code}")).await;
        assert_eq!(left(&door), [expected], "{code}");
    }
    door.get("/api/v1/things?size=small").await;
    assert_eq!(left(&door), [Left::Done]);
    door.get("/nowhere").await;
    assert_eq!(left(&door), []);
}

#[tokio::test]
async fn the_gate_hears_of_a_request_that_nobody_waits_for_any_more() {
    let door = TestDoor::new();
    let path = "/api/v1/waits";
    let answering = tokio::time::timeout(std::time::Duration::from_millis(20), door.get(path));

    assert!(answering.await.is_err());

    assert_eq!(left(&door), [Left::Unclear]);
}
