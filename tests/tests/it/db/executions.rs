//! A strategy decides once as of a time; every attempt of its agents is kept.

use futures_util::future::join_all;
use rust_decimal::Decimal;
use serde_json::json;
use shared::db::attempts::{self, Attempt};
use shared::db::decisions::Decisions;
use shared::db::executions::{self, Decided, Execution};
use shared::db::{Db, DbError};
use shared::domain::agents::AgentKind;
use shared::domain::strategy::StrategyId;
use shared::ids::Ids;
use tests::database::Database;

use super::{decimal, hours, noon, rows};

fn hodl_wave() -> StrategyId {
    "hodl-wave".parse().unwrap()
}

fn decided(ids: &Ids, as_of: jiff::Timestamp) -> Execution {
    Execution {
        id: ids.next(),
        strategy_id: "hodl-wave".to_owned(),
        as_of,
        decided: Some(Decided {
            conviction: decimal("61.25"),
            signal: "BUY".to_owned(),
        }),
        document: json!({ "signal": "BUY", "read": [1, 2.5, null] }),
        created_at: as_of + hours(1),
    }
}

fn skipped(ids: &Ids, as_of: jiff::Timestamp) -> Execution {
    Execution {
        decided: None,
        document: json!({ "skipped": "stale" }),
        ..decided(ids, as_of)
    }
}

fn attempt(ids: &Ids, agent: AgentKind) -> Attempt {
    Attempt {
        id: ids.next(),
        agent,
        provider: "anthropic".to_owned(),
        model: "a-model".to_owned(),
        status: "ok".to_owned(),
        prompt_version: None,
        input_tokens: 200,
        cache_write_tokens: 0,
        cached_tokens: 1000,
        output_tokens: 34,
        cost: decimal("0.0000000001"),
        latency_ms: 812,
        is_cache_hit: false,
        error: None,
    }
}

async fn record(db: &Db, execution: &Execution) {
    assert_eq!(
        executions::record(db, execution, &[], &Decisions::default(), &[])
            .await
            .unwrap(),
        *execution
    );
}

#[tokio::test]
async fn an_execution_comes_back_whole_by_its_id_its_time_and_as_the_newest() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());
    let execution = decided(&ids, noon());

    record(&db, &execution).await;

    assert_eq!(
        executions::find(&db, execution.id).await.unwrap().as_ref(),
        Some(&execution)
    );
    assert_eq!(
        executions::find_at(&db, &hodl_wave(), noon())
            .await
            .unwrap()
            .as_ref(),
        Some(&execution)
    );
    assert_eq!(
        executions::find_newest(&db, &hodl_wave()).await.unwrap(),
        Some(execution)
    );
    assert_eq!(executions::find(&db, ids.next()).await.unwrap(), None);
    assert_eq!(
        executions::find_at(&db, &hodl_wave(), noon() + hours(4))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        executions::find_newest(&db, &"swing-4h".parse().unwrap())
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn a_second_delivery_writes_nothing_and_returns_the_first_ones() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());
    let first = decided(&ids, noon());
    let kept = [attempt(&ids, AgentKind::Macro)];
    executions::record(&db, &first, &kept, &Decisions::default(), &[])
        .await
        .unwrap();
    let second = skipped(&ids, noon());

    let returned = executions::record(
        &db,
        &second,
        &[attempt(&ids, AgentKind::Ta)],
        &Decisions::default(),
        &[],
    )
    .await
    .unwrap();

    assert_eq!(returned, first);
    assert_eq!(executions::find(&db, second.id).await.unwrap(), None);
    assert_eq!(attempts::list(&db, first.id).await.unwrap(), kept);
    let client = database.client().await;
    assert_eq!(
        rows(&client, "SELECT count(*) FROM agent_execution_logs").await,
        [json!({ "count": 1 })]
    );
    // Another strategy decides as of the same time on its own.
    let other = Execution {
        strategy_id: "swing-4h".to_owned(),
        ..second
    };
    record(&db, &other).await;
}

#[tokio::test]
async fn of_many_deliveries_at_once_one_is_recorded_and_all_return_it() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());
    let deliveries: Vec<_> = (0..12)
        .map(|_| (decided(&ids, noon()), vec![attempt(&ids, AgentKind::Macro)]))
        .collect();

    let nothing = Decisions::default();
    let returned = join_all(
        deliveries
            .iter()
            .map(|(execution, attempts)| executions::record(&db, execution, attempts, &nothing, &[])),
    );
    let returned: Vec<Execution> = returned.await.into_iter().map(Result::unwrap).collect();

    assert!(returned.iter().all(|execution| *execution == returned[0]));
    let (_, attempts) = deliveries
        .iter()
        .find(|(execution, _)| *execution == returned[0])
        .unwrap();
    assert_eq!(attempts::list(&db, returned[0].id).await.unwrap(), *attempts);
    let client = database.client().await;
    assert_eq!(
        rows(&client, "SELECT count(*) FROM strategy_executions").await,
        [json!({ "count": 1 })]
    );
}

#[tokio::test]
async fn attempts_are_kept_in_their_order_with_the_exact_cost() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());
    let execution = decided(&ids, noon());
    let attempts = [
        Attempt {
            error: Some("429".to_owned()),
            status: "error".to_owned(),
            ..attempt(&ids, AgentKind::Macro)
        },
        Attempt {
            cost: decimal("12.3456789012"),
            ..attempt(&ids, AgentKind::Macro)
        },
        Attempt {
            cost: Decimal::ZERO,
            is_cache_hit: true,
            ..attempt(&ids, AgentKind::Onchain)
        },
        attempt(&ids, AgentKind::Ta),
    ];

    executions::record(&db, &execution, &attempts, &Decisions::default(), &[])
        .await
        .unwrap();

    assert_eq!(attempts::list(&db, execution.id).await.unwrap(), attempts);
    assert_eq!(attempts::list(&db, ids.next()).await.unwrap(), []);
    let client = database.client().await;
    let written = rows(
        &client,
        "SELECT tokens_used, created_at FROM agent_execution_logs LIMIT 1",
    )
    .await;
    assert_eq!(
        written,
        [json!({ "tokens_used": 1234, "created_at": "2026-03-01T13:00:00+00:00" })]
    );
}

#[tokio::test]
async fn an_attempt_that_cannot_be_kept_keeps_the_execution_out_too() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());
    let execution = decided(&ids, noon());
    let twice = attempt(&ids, AgentKind::Ta);

    let refused = executions::record(
        &db,
        &execution,
        &[twice.clone(), twice],
        &Decisions::default(),
        &[],
    )
    .await
    .unwrap_err();

    assert!(
        matches!(&refused, DbError::Conflict { constraint, .. } if constraint == "agent_execution_logs_pkey"),
        "{refused:?}"
    );
    assert_eq!(executions::find(&db, execution.id).await.unwrap(), None);
    record(&db, &execution).await;
}

#[tokio::test]
async fn what_the_schema_refuses_is_an_error_of_ours() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());
    let nobodys = Execution {
        strategy_id: "nobody".to_owned(),
        ..decided(&ids, noon())
    };
    let unknown = Some(Decided {
        conviction: decimal("50"),
        signal: "SHORT".to_owned(),
    });
    let too_sure = Some(Decided {
        conviction: decimal("100.01"),
        signal: "BUY".to_owned(),
    });
    let wrong = [
        nobodys,
        Execution {
            decided: unknown,
            ..decided(&ids, noon())
        },
        Execution {
            decided: too_sure,
            ..decided(&ids, noon())
        },
    ];

    for execution in wrong {
        let refused = executions::record(&db, &execution, &[], &Decisions::default(), &[])
            .await
            .unwrap_err();
        assert!(matches!(refused, DbError::Statement(_)), "{refused:?}");
    }
}

#[tokio::test]
async fn the_newest_decided_one_is_found_behind_the_skipped_ones() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());
    assert_eq!(
        executions::find_newest_decided(&db, &hodl_wave()).await.unwrap(),
        None
    );
    let (old, newer) = (decided(&ids, noon()), decided(&ids, noon() + hours(4)));
    let outage = skipped(&ids, noon() + hours(8));
    for execution in [&outage, &newer, &old] {
        record(&db, execution).await;
    }

    assert_eq!(
        executions::find_newest(&db, &hodl_wave()).await.unwrap(),
        Some(outage)
    );
    assert_eq!(
        executions::find_newest_decided(&db, &hodl_wave()).await.unwrap(),
        Some(newer)
    );
}

#[tokio::test]
async fn pages_show_every_execution_once_newest_first() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());
    let mut all: Vec<Execution> = (0..7).map(|n| decided(&ids, noon() + hours(4 * n))).collect();
    for execution in &all {
        record(&db, execution).await;
    }
    record(
        &db,
        &Execution {
            strategy_id: "swing-4h".to_owned(),
            ..decided(&ids, noon())
        },
    )
    .await;

    let mut shown = Vec::new();
    let mut before = noon() + hours(1000);
    loop {
        let page = executions::list_page(&db, &hodl_wave(), before, 3).await.unwrap();
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        before = last.as_of;
        shown.extend(page);
    }

    all.reverse();
    assert_eq!(shown, all);
}
