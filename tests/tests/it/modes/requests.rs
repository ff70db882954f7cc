//! Every route under every mode.

use automoney::registry;
use shared::domain::modes::{Access, access};
use shared::http::RouteTable;

use super::*;

/// Every route of the bundle, as somebody would ask it: method, pattern, path.
fn routes() -> Vec<(Method, String, String)> {
    let table = RouteTable::of(registry::routes().get_openapi()).expect("a table");
    let asked = |(pattern, method, _): (&str, &str, _)| {
        let path = pattern
            .replace("{symbol}", "BTCUSDT")
            .replace("{reason}", "operator")
            .replace("/strategies/{id}", "/strategies/hodl-wave")
            .replace("{id}", "018e0000-0000-7000-8000-000000000001");
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        (method, pattern.to_owned(), path)
    };
    table.iter().map(asked).collect()
}

async fn ask(bundle: &Bundle, person: &Person, method: Method, path: &str) -> Answer {
    bundle
        .send_as(person, method.clone(), path, |request| match method {
            Method::GET | Method::DELETE => request,
            // It means nothing to any route: whoever lets it in refuses it for that.
            _ => request.json(&json!({ "nonsense": true })),
        })
        .await
}

#[tokio::test]
async fn in_read_only_every_change_is_refused_with_the_notice_and_everything_else_goes_on() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    let ada = admin(&bundle).await;
    enter(&bundle, &ada, "read_only").await;
    let mut changes = 0;

    for (method, pattern, path) in routes() {
        let what = format!("{method} {pattern}");
        let answer = ask(&bundle, &ada, method.clone(), &path).await;
        let is_open = matches!(
            what.as_str(),
            "POST /api/v1/auth/google" | "POST /api/v1/auth/refresh" | "PUT /api/v1/admin/mode"
        );
        if method == Method::GET || is_open {
            assert!(answer.status.as_u16() < 500, "{what}: {}", answer.status);
            continue;
        }
        changes += 1;
        assert_eq!(refused(&answer), closed("READ_ONLY", "60"), "{what}");
        let error = &answer.json()["error"];
        assert_eq!(error["message"], NOTICE, "{what}");
        assert_eq!(
            error["details"],
            json!({ "mode": "read_only", "notice": NOTICE, "until": null, "retry_after": 60 }),
            "{what}"
        );
    }

    assert!(changes >= 9, "{changes} routes change something");
    assert_eq!(bundle.rows("SELECT * FROM locks").await, Vec::<String>::new());
}

#[tokio::test]
async fn in_maintenance_nothing_is_answered_but_health_the_description_and_the_mode() {
    let bundle = Bundle::start().await;
    let ada = admin(&bundle).await;
    enter(&bundle, &ada, "maintenance").await;

    for (method, pattern, path) in routes() {
        let what = format!("{method} {pattern}");
        let answer = ask(&bundle, &ada, method.clone(), &path).await;
        match access(method.as_str(), &pattern) {
            Access::Always | Access::ShowsMode | Access::SetsMode => {
                assert!(answer.status.as_u16() < 500, "{what}: {}", answer.status);
            }
            _ => assert_eq!(refused(&answer), closed("MAINTENANCE", "60"), "{what}"),
        }
    }
    // Browsers may read why; what there never was there is not now either.
    let asked = bundle
        .send(Method::OPTIONS, PORTFOLIO, |request| {
            request.header("origin", "http://localhost:3000")
        })
        .await;
    assert_eq!(asked.status, 204);
    assert_eq!(bundle.get("/nowhere").await.status, 404);

    assert_eq!(set(&bundle, &ada, json!({ "mode": "normal" })).await.status, 200);
    assert_eq!(bundle.get_as(&ada, "/api/v1/auth/me").await.status, 200);
}

#[tokio::test]
async fn without_words_of_an_operator_users_are_told_ours_in_the_answer_and_over_their_sockets() {
    let bundle = Bundle::start().await;
    let (ada, ann) = (admin(&bundle).await, follower(&bundle, "ann").await);
    ann.ask(Method::POST, "/api/v1/push/ticket", None).await;
    set(
        &bundle,
        &ada,
        json!({ "mode": "read_only", "until": "2024-03-01T13:00:00Z" }),
    )
    .await;

    let (_, message) = deposit(&ann).await.refusal();

    assert_eq!(
        message,
        "Changes are not possible until 2024-03-01T13:00:00Z; reading is. Try again later."
    );
    let told = bundle
        .rows("SELECT data ->> 'message' AS said FROM push_outbox")
        .await;
    assert_eq!(told, [format!("(\"{message}\")")]);
}

#[tokio::test]
async fn in_maintenance_no_socket_opens_and_its_ticket_is_still_good_afterwards() {
    let bundle = Bundle::start().await;
    let (ada, ann) = (admin(&bundle).await, bundle.sign_up("ann").await);
    let given = ann.ask(Method::POST, "/api/v1/push/ticket", None).await.json();
    let ticket = given["data"]["ticket"].as_str().unwrap().to_owned();
    let open = async || shared::services::push::sockets::connect(bundle.app(), "one", &ticket).await;
    enter(&bundle, &ada, "maintenance").await;

    let refused = open().await.unwrap_err();
    assert!(refused.is_unavailable() && !refused.is_refusal(), "{refused:?}");

    set(&bundle, &ada, json!({ "mode": "normal" })).await;
    open().await.unwrap();
}
