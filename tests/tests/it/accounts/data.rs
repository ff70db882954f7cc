//! All that is a user's: handed out whole, erased whole. New tables with rows of users fail here until
//! somebody has thought of them.

use std::collections::{BTreeMap, BTreeSet};

use shared::cache::Key;
use tests::actors::Actor;
use tests::people::TABLES_OF_USERS;

use super::*;

const EXPORT: &str = "/api/v1/auth/me/export";

/// Where a table's rows are in the export; nothing for what is left out on purpose.
const IN_EXPORT: &[(&str, Option<&str>)] = &[
    ("users", Some("/user/email")),
    ("sessions", Some("/sessions/0/created_at")),
    // Hashes of what only the client has.
    ("refresh_tokens", None),
    ("auth_events", Some("/auth_events/0/kind")),
    ("portfolios", Some("/portfolio/free_cash")),
    ("portfolio_entries", Some("/portfolio_entries/0/amount")),
    ("subscriptions", Some("/subscriptions/0/strategy_id")),
    ("holdings", Some("/subscriptions/0/holdings/0/quantity")),
    ("trades", Some("/trades/0/fill")),
    ("push_streams", Some("/push/last_seq")),
    ("push_outbox", Some("/push/events")),
    ("push_connections", Some("/push/connections")),
];

async fn tables_of_users(bundle: &Bundle) -> BTreeSet<String> {
    let rows = bundle.rows(TABLES_OF_USERS).await;
    rows.iter()
        .map(|row| row.trim_matches(['(', ')']).to_owned())
        .collect()
}

async fn sizes(bundle: &Bundle) -> BTreeMap<String, usize> {
    let mut sizes = BTreeMap::new();
    for table in tables_of_users(bundle).await {
        let rows = count(bundle, &table).await;
        sizes.insert(table, rows);
    }
    sizes
}

/// A row of the user in every table there is.
async fn fill(bundle: &Bundle, actor: &Actor<'_>) {
    let client = bundle.database().client().await;
    let sql = "
        INSERT INTO subscriptions (id, user_id, strategy_id, status, paid_in, taken_out, cash, realised, active_since, created_at)
        VALUES (md5('ID')::uuid, 'ID', 'hodl-wave', 'active', 5000, 0, 4000.5, -1.25, now(), now());
        INSERT INTO holdings VALUES (md5('ID')::uuid, 'BTC', 0.015, 999.5);
        INSERT INTO portfolio_entries
        VALUES (gen_random_uuid(), 'ID', 'paid_in', md5('ID')::uuid, -5000, 5000, now());
        INSERT INTO trades (id, subscription_id, user_id, strategy_id, asset, side, quantity, price, fill, value, fee, cost,
                            cash_after, quantity_after, cost_after, as_of, executed_at)
        VALUES (gen_random_uuid(), md5('ID')::uuid, 'ID', 'hodl-wave', 'BTC', 'buy', 0.015, 60000, 60030, 900.45, 0.90045,
                901.35045, 4000.5, 0.015, 999.5, now(), now());
        INSERT INTO push_streams (user_id, last_seq, expires_at) VALUES ('ID', 7, now());
        INSERT INTO push_outbox (user_id, seq, event, data, created_at) VALUES ('ID', 7, 'trade:executed', '{}', now());
        INSERT INTO push_connections (id, user_id, session_id, connected_at, last_seen_at, expires_at, sent_seq)
        VALUES ('connection-ID', 'ID', gen_random_uuid(), now(), now(), now(), 7);";
    client
        .batch_execute(&sql.replace("ID", &actor.id.to_string()))
        .await
        .unwrap();
}

#[tokio::test]
async fn the_export_has_the_rows_of_every_table_with_rows_of_users() {
    let bundle = bundle().await;
    let (ann, bob) = (bundle.sign_up("ann").await, bundle.sign_up("bob").await);
    fill(&bundle, &ann).await;
    fill(&bundle, &bob).await;

    let answer = ann.get(EXPORT).await;

    assert_eq!(answer.status, 200);
    let export = answer.json()["data"].clone();
    let known: BTreeSet<String> = IN_EXPORT.iter().map(|(table, _)| (*table).to_owned()).collect();
    assert_eq!(
        tables_of_users(&bundle).await,
        known,
        "each needs its place in the export"
    );
    for (table, rows) in sizes(&bundle).await {
        assert!(rows > 0, "{table} has no row that could be missed");
    }
    for (table, place) in IN_EXPORT {
        let Some(place) = place else { continue };
        let found = export.pointer(place).unwrap_or(&Value::Null);
        assert!(
            !found.is_null() && *found != json!(0),
            "{table}: {place} in {export:#}"
        );
    }
    assert_eq!(
        export["subscriptions"][0]["realised"], "-1.25",
        "decimals as text"
    );
    assert_eq!(export["trades"][0]["fee"], "0.90045");
    assert_eq!(export["portfolio"]["free_cash"], "10000");
    assert_eq!(export["next_cursor"], Value::Null);
    let whole = answer.json().to_string();
    assert!(
        !whole.contains("bob") && !whole.contains(&bob.id.to_string()),
        "nothing of others"
    );
    assert!(
        !whole.contains(&ann.refresh_token) && !whole.contains("hash"),
        "no secret"
    );
    assert_eq!(events(&bundle).await.last().unwrap(), "(exported,user,{})");
}

#[tokio::test]
async fn more_trades_than_an_answer_takes_are_asked_for_by_cursor() {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;
    fill(&bundle, &ann).await;
    let client = bundle.database().client().await;
    client
        .batch_execute(
            "INSERT INTO trades (id, subscription_id, user_id, strategy_id, asset, side, quantity, price, fill, value, fee,
                                 cost, cash_after, quantity_after, cost_after, as_of, executed_at)
             SELECT gen_random_uuid(), subscription_id, user_id, strategy_id, asset, side, 12345.12345678, 12345.12345678,
                    12345.12345678, 12345.12345678, fee, cost, 12345.12345678, 12345.12345678, 12345.12345678, as_of,
                    executed_at - interval '1 second' * (n / 3)
             FROM trades, generate_series(1, 10050) AS n",
        )
        .await
        .unwrap();

    let first = ann.get(EXPORT).await;
    let data = first.json()["data"].clone();
    let cursor = data["next_cursor"].as_str().unwrap();
    let rest = ann.get(&format!("{EXPORT}?cursor={cursor}")).await.json()["data"].clone();

    let ids = |part: &Value| -> Vec<String> {
        let trades = part["trades"].as_array().unwrap();
        trades.iter().map(|trade| trade["id"].to_string()).collect()
    };
    let all: BTreeSet<String> = ids(&data).into_iter().chain(ids(&rest)).collect();
    assert_eq!(
        (ids(&data).len(), ids(&rest).len(), all.len()),
        (10_000, 51, 10_051)
    );
    assert_eq!(rest["next_cursor"], Value::Null);
    // What a function may answer at most.
    assert!(first.body.len() < 6_000_000, "{}", first.body.len());
    let bob = bundle.sign_up("bob").await;
    let foreign = bob.get(&format!("{EXPORT}?cursor={cursor}")).await;
    assert_eq!(verdict(&foreign), (400, "VALIDATION_ERROR".to_owned()));
}

#[tokio::test]
async fn erasure_leaves_nothing_of_the_user_but_what_was_done_to_the_account() {
    let bundle = bundle().await;
    let bob = bundle.sign_up("bob").await;
    fill(&bundle, &bob).await;
    let before = sizes(&bundle).await;
    let (ann, phone) = (bundle.sign_up("ann").await, bundle.sign_up("ann").await);
    assert_eq!(ann.get("/api/v1/portfolio").await.status, 200);
    fill(&bundle, &ann).await;
    // No route shows what is kept for a time without a database to whoever is no more.
    let (cache, name) = (&bundle.app().cache, ann.id.to_string());
    let kept = Key::Portfolio(&name);
    assert!(cache.get(&kept).await.unwrap().is_some());

    let erased = ann.ask(Method::DELETE, ME, None).await;

    assert_eq!(erased.json()["data"], json!({ "erased": true }));
    assert!(cache.get(&kept).await.unwrap().is_none());
    assert!(erased.header("set-cookie").contains("Max-Age=0"));
    let mut after = sizes(&bundle).await;
    let events_kept = after.remove("auth_events").unwrap();
    let mut expected = before.clone();
    assert_eq!(events_kept, expected.remove("auth_events").unwrap() + 3);
    // It stays on the list until it is closed, a minute later at most.
    *expected.get_mut("push_connections").unwrap() += 1;
    assert_eq!(after, expected, "bob's and nothing else");
    for actor in [&ann, &phone] {
        assert_eq!(verdict(&actor.get(ME).await), (401, "UNAUTHORIZED".to_owned()));
        let refreshed = post(&bundle, REFRESH, Sent::default().token(&actor.refresh_token)).await;
        assert_eq!(refreshed.status, 401);
    }
    assert_eq!(bob.get(ME).await.status, 200);
    let written = bundle.rows("SELECT * FROM auth_events").await.join("\n");
    assert!(
        !written.contains("ann") && !written.contains("example.com"),
        "{written}"
    );
    assert_eq!(events(&bundle).await.last().unwrap(), "(erased,user,{})");

    let anew = bundle.sign_up("ann").await;
    assert_ne!(anew.id, ann.id, "who comes back begins anew");
    assert_eq!(
        count(&bundle, "portfolio_entries WHERE kind = 'opening'").await,
        2
    );
}

/// Columns of users' tables that the export leaves out.
const NOT_EXPORTED: &[(&str, &str)] = &[
    // Named `macro_agent`, `onchain` and `ta` there, under `weights`.
    ("subscriptions", "weight_macro"),
    ("subscriptions", "weight_onchain"),
    ("subscriptions", "weight_ta"),
];

#[tokio::test]
async fn the_export_has_every_column() {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;
    fill(&bundle, &ann).await;
    let export = ann.get(EXPORT).await.json()["data"].clone();
    let columns = bundle
        .rows("SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'")
        .await;
    let columns: Vec<(&str, &str)> = columns
        .iter()
        .filter_map(|row| row.trim_matches(['(', ')']).split_once(','))
        .collect();

    for (table, place) in IN_EXPORT {
        // Open sockets are counted; whose a row is goes without saying.
        let Some(place) = place.filter(|_| !table.starts_with("push_")) else {
            continue;
        };
        let (object, _) = place.rsplit_once('/').unwrap();
        let keys: BTreeSet<&str> = [Some(object), (*table == "users").then_some("")]
            .into_iter()
            .flatten()
            .flat_map(|at| export.pointer(at).unwrap().as_object().unwrap().keys())
            .map(String::as_str)
            .collect();
        let missing: Vec<&str> = columns
            .iter()
            .filter(|(of, column)| of == table && !["user_id", "subscription_id"].contains(column))
            .filter(|(of, column)| !NOT_EXPORTED.contains(&(of, column)) && !keys.contains(column))
            .map(|(_, column)| *column)
            .collect();
        assert_eq!(missing, Vec::<&str>::new(), "{table}");
    }
}

#[tokio::test]
async fn whoever_erases_and_trades_at_once_does_not_wait_in_a_circle() {
    let bundle = bundle().await;
    for round in 0..12 {
        let ann = bundle.sign_up(&format!("ann-{round}")).await;
        let path = "/api/v1/strategies/hodl-wave/subscription";
        let followed = ann.send(Method::POST, path, json!({ "capital": "5000" })).await;
        assert_eq!(followed.status, 201);
        let paying = async || {
            ann.send(Method::PATCH, path, json!({ "deposit": "1" }))
                .await
                .status
                .as_u16()
        };

        let (first, erased, second, third) = tokio::join!(
            paying(),
            ann.ask(Method::DELETE, ME, None),
            paying(),
            ann.ask(Method::DELETE, path, None)
        );

        assert_eq!(erased.status, 200, "{:?}", erased.json());
        for status in [first, second, third.status.as_u16()] {
            assert!([200, 401, 404, 409].contains(&status), "{status}");
        }
    }
}

#[tokio::test]
async fn erasing_twice_is_erasing_once() {
    let bundle = bundle().await;
    let ann = bundle.sign_up("ann").await;
    // The mark that the session has ended is missed, so that the token still speaks.
    bundle.redis().refuse();

    let (first, second) = (
        ann.ask(Method::DELETE, ME, None).await,
        ann.ask(Method::DELETE, ME, None).await,
    );

    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200));
    assert_eq!(count(&bundle, "auth_events WHERE kind = 'erased'").await, 1);
    let me = ann.get(ME).await;
    assert_eq!(
        me.refusal().1,
        "This account is no more; sign in again to begin anew."
    );
    assert_eq!(verdict(&ann.get(EXPORT).await), (401, "UNAUTHORIZED".to_owned()));
}

#[tokio::test]
async fn what_happened_cannot_be_changed_or_unwritten() {
    let bundle = bundle().await;
    bundle.sign_up("ann").await;
    let client = bundle.database().client().await;

    for statement in [
        "UPDATE auth_events SET actor = 'nobody'",
        "DELETE FROM auth_events",
        "TRUNCATE auth_events",
    ] {
        let error = client.batch_execute(statement).await.unwrap_err();
        let told = error.as_db_error().unwrap().message();
        assert_eq!(told, "auth_events is only added to", "{statement}");
    }
    assert_eq!(count(&bundle, "auth_events").await, 1);
}
