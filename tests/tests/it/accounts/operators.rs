//! `automoney user` and `automoney token`: what operators do, and that it is written down.

use shared::config::Environment;
use shared::domain::tier::Role;
use shared::http::Roles as _;
use tests::program;
use tokio::process::Command;

use super::*;

/// A run of the command line on the servers of a bundle: whether it went well, what it printed, what it said.
async fn automoney(bundle: &Bundle, words: &[&str]) -> (bool, String, String) {
    let environment = Environment::process();
    let cache = bundle.app().config.cache.as_ref().unwrap();
    let output = Command::new(program("automoney"))
        .env_clear()
        .env("DATABASE_URL", bundle.database().url())
        .env("REDIS_URL", environment.get("REDIS_URL").unwrap())
        .env("CACHE_NAMESPACE", &cache.namespace)
        .env("USER", "olga")
        .args(words)
        .output()
        .await
        .expect("the program is built");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.success(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

async fn json_of(bundle: &Bundle, words: &[&str]) -> Value {
    let (is_fine, printed, said) = automoney(bundle, words).await;
    assert!(is_fine, "{words:?}: {said}");
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}

#[tokio::test]
async fn plan_and_role_are_changed_with_a_name_beside_it() {
    let bundle = bundle().await;
    let mut ann = bundle.sign_up("ann").await;
    bundle.sign_up("bob").await;
    assert_eq!(bundle.app().db.role_of(ann.id).await.unwrap(), Some(Role::User));

    let changed = json_of(
        &bundle,
        &["user", "set-role", "Ann@Example.com", "admin", "--json"],
    )
    .await;
    assert_eq!(
        changed,
        json!({ "user_id": ann.id, "what": "role", "from": "user", "to": "admin" })
    );
    assert_eq!(
        bundle.app().db.role_of(ann.id).await.unwrap(),
        Some(Role::Admin),
        "at once"
    );
    let id = ann.id.to_string();
    let (is_fine, printed, _) = automoney(&bundle, &["user", "set-tier", &id, "pro", "--as", "Otto"]).await;
    assert!(
        is_fine && printed.contains("tier of") && printed.contains("free -> pro"),
        "{printed}"
    );
    let (is_fine, printed, _) = automoney(&bundle, &["user", "set-tier", &id, "pro", "--as", "Otto"]).await;
    assert!(is_fine && printed.contains("is pro already"), "{printed}");

    let written = bundle
        .rows("SELECT kind, actor, detail->>'from', detail->>'to' FROM auth_events WHERE kind LIKE '%changed' ORDER BY created_at")
        .await;
    assert_eq!(
        written,
        [
            "(role_changed,\"operator: olga\",user,admin)",
            "(tier_changed,\"operator: Otto\",free,pro)"
        ]
    );
    ann.renew().await;
    let me = ann.get(ME).await.json()["data"].clone();
    assert_eq!((&me["tier"], &me["role"]), (&json!("pro"), &json!("admin")));
    let shown = json_of(&bundle, &["user", "show", &id, "--json"]).await;
    assert_eq!(shown["email"], "ann@example.com");
    assert_eq!(
        shown["events"].as_array().unwrap().last().unwrap()["kind"],
        "signed_in"
    );
    assert!(shown["events"].as_array().unwrap().len() >= 3, "{shown}");
    let listed = json_of(&bundle, &["user", "list", "--limit", "1", "--json"]).await;
    assert_eq!(listed[0]["email"], "bob@example.com", "the newest first");
    let bob = listed[0]["id"].as_str().unwrap();
    let older = json_of(&bundle, &["user", "list", "--before", bob, "--json"]).await;
    assert_eq!(older[0]["id"], json!(ann.id));
}

#[tokio::test]
async fn sessions_are_ended_at_once() {
    let bundle = bundle().await;
    let (one, other) = (bundle.sign_up("ann").await, bundle.sign_up("ann").await);
    let session = one.session.to_string();
    // The command goes by the machine's clock, under which these sessions would be over.
    let alive = "UPDATE sessions SET last_used_at = now(), expires_at = now() + interval '30 days'";
    bundle
        .database()
        .client()
        .await
        .execute(alive, &[])
        .await
        .unwrap();

    let ended = json_of(
        &bundle,
        &[
            "user",
            "end-sessions",
            "ann@example.com",
            "--session",
            &session,
            "--json",
        ],
    )
    .await;
    assert_eq!(ended["ended"], json!([one.session]));
    assert_eq!(
        (one.get(ME).await.status, other.get(ME).await.status.as_u16()),
        (reqwest::StatusCode::UNAUTHORIZED, 200)
    );

    let (is_fine, printed, said) = automoney(&bundle, &["user", "end-sessions", "ann@example.com"]).await;
    assert!(is_fine && printed.starts_with("1 sessions of"), "{printed}{said}");
    assert_eq!(other.get(ME).await.status, 401);
    assert_eq!(count(&bundle, "sessions WHERE end_reason = 'operator'").await, 2);
    assert_eq!(
        count(
            &bundle,
            "auth_events WHERE kind = 'session_revoked' AND actor = 'operator: olga'"
        )
        .await,
        2
    );
}

#[tokio::test]
async fn who_is_not_meant_clearly_is_left_alone() {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;
    let namesake = User {
        sub: "another".to_owned(),
        ..User::with_email("ANN@example.com")
    };
    google(&bundle, namesake, None).await;

    for (words, why) in [
        (
            ["user", "show", "eve@example.com"].as_slice(),
            "there is no user eve@example.com",
        ),
        (
            &["user", "show", "00000000-0000-7000-8000-000000000000"],
            "there is no user 00000000",
        ),
        (&["user", "show", "ann"], "by id or by e-mail"),
        (
            &["user", "set-tier", "ann@example.com", "pro"],
            "several users have the address",
        ),
        (
            &["user", "set-tier", &ann.id.to_string(), "gold"],
            "none of free, basic, pro and enterprise",
        ),
    ] {
        let (is_fine, _, said) = automoney(&bundle, words).await;
        assert!(!is_fine && said.contains(why), "{words:?}: {said}");
    }
    assert_eq!(
        count(&bundle, "auth_events WHERE actor LIKE 'operator%'").await,
        0
    );
}

#[tokio::test]
async fn a_token_for_trials_has_a_user_who_finds_their_money() {
    let bundle = bundle().await;
    let words = [
        "token",
        "--email",
        "Ann@example.com",
        "--tier",
        "pro",
        "--role",
        "admin",
    ];
    for _ in 0..2 {
        let (is_fine, printed, said) = automoney(&bundle, &words).await;
        assert!(is_fine, "{said}");
        assert_eq!(said, "");

        let sent = Sent::default().bearer(printed.trim());
        let me = send(&bundle, Method::GET, ME, sent).await;

        let me = me.json()["data"].clone();
        assert_eq!(
            (&me["email"], &me["tier"], &me["role"]),
            (&json!("ann@example.com"), &json!("pro"), &json!("admin"))
        );
    }
    assert_eq!(
        bundle
            .rows("SELECT amount, free_cash_after FROM portfolio_entries")
            .await,
        ["(10000.00000000,10000.00000000)"]
    );
}
