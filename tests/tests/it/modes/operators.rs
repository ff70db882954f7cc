//! Setting a mode: who is told, what is written down, what every other process knows of it.

use jiff::Timestamp;
use shared::clock::Clock;
use shared::domain::modes::Mode;
use tests::paper::app_on;

use super::*;

async fn audited(bundle: &Bundle) -> Vec<String> {
    bundle
        .rows(
            "SELECT actor, detail ->> 'from' AS of, detail ->> 'to' AS to, detail ->> 'until' AS until
             FROM auth_events WHERE kind = 'mode_set' ORDER BY created_at, id",
        )
        .await
}

#[tokio::test]
async fn whoever_sets_a_mode_is_on_record_and_everybody_is_told() {
    let bundle = Bundle::start().await;
    let (ada, ann) = (admin(&bundle).await, bundle.sign_up("ann").await);
    ann.ask(Method::POST, "/api/v1/push/ticket", None).await;
    let before = bundle.get_as(&ada, MODE).await.json();
    assert_eq!(
        before["data"],
        json!({
            "mode": "normal", "notice": null, "until": null, "since": null, "set_by": null,
            "database_takes_writes": true, "told": null
        })
    );

    let wanted =
        json!({ "mode": "read_only", "notice": format!(" {NOTICE} "), "until": "2024-03-01T13:02:00Z" });
    let answer = set(&bundle, &ada, wanted.clone()).await.json();
    let by = format!("operator: {}", ada.id());
    let standing = json!({
        "mode": "read_only", "notice": NOTICE, "until": "2024-03-01T13:02:00Z",
        "since": "2024-03-01T12:02:00Z", "set_by": by, "database_takes_writes": true, "told": 1
    });
    assert_eq!(answer["data"], standing);
    let told = bundle.rows("SELECT user_id, event, data FROM push_outbox").await;
    assert_eq!(told.len(), 1, "{told:?}");
    for part in ["system:notice", NOTICE, "read_only", "2024-03-01T13:02:00Z"] {
        assert!(told[0].contains(part), "{part}: {told:?}");
    }

    // The same again, and what it is afterwards.
    bundle.advance(seconds(60));
    let again = set(&bundle, &ada, wanted).await.json();
    assert_eq!(again["data"]["since"], "2024-03-01T12:02:00Z");
    assert_eq!(again["data"]["told"], json!(null));
    set(&bundle, &ada, json!({ "mode": "normal" })).await;
    assert_eq!(bundle.get_as(&ada, MODE).await.json()["data"]["mode"], "normal");
    assert_eq!(
        audited(&bundle).await,
        [
            format!("(\"{by}\",normal,read_only,2024-03-01T13:02:00Z)"),
            format!("(\"{by}\",read_only,normal,)"),
        ]
    );
    assert_eq!(bundle.rows("SELECT 1 FROM push_outbox").await.len(), 2);
}

#[tokio::test]
async fn a_mode_with_an_end_ends_by_itself_and_says_since_when() {
    let bundle = Bundle::start().await;
    let (ada, ann) = (admin(&bundle).await, follower(&bundle, "ann").await);
    let until = json!({ "mode": "read_only", "until": "2024-03-01T12:03:30Z" });
    set(&bundle, &ada, until).await;
    assert_eq!(refused(&deposit(&ann).await), closed("READ_ONLY", "90"));

    bundle.advance(seconds(90));

    assert_eq!(deposit(&ann).await.status, 200);
    let after = bundle.get_as(&ada, MODE).await.json();
    assert_eq!(
        (
            &after["data"]["mode"],
            &after["data"]["since"],
            &after["data"]["until"]
        ),
        (&json!("normal"), &json!("2024-03-01T12:03:30Z"), &json!(null))
    );
}

#[tokio::test]
async fn what_makes_no_mode_is_told_what_to_change_and_sets_nothing() {
    let bundle = Bundle::start().await;
    let ada = admin(&bundle).await;
    for (body, says) in [
        (json!({}), "mode"),
        (json!({ "mode": "readonly" }), "read_only"),
        (
            json!({ "mode": "read_only", "notice": "" }),
            "`notice` must be one line",
        ),
        (json!({ "mode": "read_only", "notice": "two\nlines" }), "`notice`"),
        (
            json!({ "mode": "read_only", "notice": "x".repeat(301) }),
            "1 to 300",
        ),
        (
            json!({ "mode": "maintenance", "until": "2024-03-01T12:02:00Z" }),
            "`until` must be a time in the future",
        ),
        (
            json!({ "mode": "maintenance", "until": "2024-03-31T12:02:01Z" }),
            "within 30 days",
        ),
        (
            json!({ "mode": "normal", "until": "2024-03-01T13:00:00Z" }),
            "normal has no end",
        ),
        (json!({ "mode": "read_only", "until": "soon" }), "RFC 3339"),
        (json!({ "mode": "read_only", "for": 5 }), "for"),
    ] {
        let (code, message) = set(&bundle, &ada, body.clone()).await.refusal();
        assert_eq!(code, "VALIDATION_ERROR", "{body}");
        assert!(message.contains(says), "{body}: {message}");
    }
    assert_eq!(
        bundle.rows("SELECT * FROM system_flags").await,
        Vec::<String>::new()
    );
    assert_eq!(audited(&bundle).await, Vec::<String>::new());
}

#[tokio::test]
async fn every_process_follows_within_five_seconds_and_asks_once_in_four() {
    let bundle = Bundle::start().await;
    let ada = admin(&bundle).await;
    // Another process, as another function would be.
    let other = app_on(bundle.database().url(), bundle.now()).await;
    let at = |second: i64| bundle.now() + seconds(second);
    let begin = bundle.now();
    let mode = async |now: Timestamp| other.modes.mode(now).await;
    assert_eq!(mode(begin).await, Mode::Normal);

    enter(&bundle, &ada, "maintenance").await;
    assert_eq!(
        bundle.get(PORTFOLIO).await.status,
        503,
        "who sets it knows at once"
    );
    assert_eq!(mode(at(3)).await, Mode::Normal);
    assert_eq!(mode(at(4)).await, Mode::Maintenance);

    // Where it is kept is gone: nobody looks for four seconds, and then the last that was known holds.
    let client = bundle.database().client().await;
    let away = "ALTER TABLE system_flags RENAME TO elsewhere";
    client.batch_execute(away).await.unwrap();
    for second in [5, 7, 8, 9, 13] {
        assert_eq!(mode(at(second)).await, Mode::Maintenance, "{second}");
    }
    let back = "ALTER TABLE elsewhere RENAME TO system_flags; UPDATE system_flags SET value = '{\"mode\":\"normal\"}'";
    client.batch_execute(back).await.unwrap();
    assert_eq!(mode(at(16)).await, Mode::Maintenance, "read a moment ago");
    assert_eq!(mode(at(17)).await, Mode::Normal);
    other.db.close();
}

#[tokio::test]
async fn many_requests_at_once_read_the_mode_once() {
    let bundle = Bundle::start().await;
    let other = app_on(bundle.database().url(), bundle.now()).await;
    let client = bundle.database().client().await;
    // Each read of the flag counts itself.
    client
        .batch_execute(
            "CREATE SEQUENCE reads;
             ALTER TABLE system_flags RENAME TO kept;
             CREATE VIEW system_flags AS SELECT kept.* FROM kept, LATERAL (SELECT nextval('reads')) AS counted;
             INSERT INTO kept VALUES ('mode', '{\"mode\":\"read_only\"}', NULL, NULL, now(), 'a test')",
        )
        .await
        .unwrap();

    let asked = (0..200).map(|n| {
        let (modes, now) = (other.modes.clone(), bundle.now() + seconds(n % 4));
        tokio::spawn(async move { modes.mode(now).await })
    });
    for mode in futures_util::future::join_all(asked).await {
        assert_eq!(mode.unwrap(), Mode::ReadOnly);
    }

    let reads: i64 = client
        .query_one("SELECT last_value FROM reads", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(reads, 1);
    other.db.close();
}

#[tokio::test]
async fn two_that_set_a_mode_at_once_leave_one_and_both_are_on_record() {
    let bundle = Bundle::start().await;
    let (ada, bob) = (
        admin(&bundle).await,
        bundle.person("bob", Role::Admin, Tier::Pro).await,
    );

    let (one, other) = tokio::join!(
        set(&bundle, &ada, json!({ "mode": "read_only" })),
        set(&bundle, &bob, json!({ "mode": "maintenance" })),
    );

    assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
    assert_eq!(audited(&bundle).await.len(), 2);
    assert_eq!(
        bundle
            .rows("SELECT 1 FROM system_flags WHERE key = 'mode'")
            .await
            .len(),
        1
    );
}

#[tokio::test]
async fn a_process_without_a_database_is_never_closed() {
    let config = shared::config::Config::load(
        &shared::config::Environment::default(),
        &[],
        &shared::secrets::EnvironmentSecrets,
    )
    .await
    .unwrap();
    let app = shared::app::App::new(config, Clock::system(), shared::ids::Ids::random()).unwrap();

    assert_eq!(app.modes.mode(app.clock.now()).await, Mode::Normal);
}
