//! Σ cost of the rows = the sums by day = the days' money, whatever happens.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use rust_decimal::Decimal;
use shared::db::attempts::Attempt;
use shared::db::budget::{reserve, settle};
use shared::db::decisions::Decisions;
use shared::db::{Db, executions};
use shared::domain::agents::AgentKind;
use shared::domain::costs::utc_day;
use shared::ids::Ids;
use tests::database::Database;
use tokio_postgres::Client;
use uuid::Uuid;

use super::{NO_CAP, answer, at, by_rules, call, differences, execution, of, rows, used_again};

const FIRST: &str = "2026-02-26T00:00:00Z";

/// What may become of a call after its money was reserved.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Settled,
    /// Its settlement is delivered twice.
    SettledTwice,
    /// Another reservation is settled with the same attempt.
    SettledWithAnother,
    /// The process dies.
    Lost,
}

#[derive(Debug, Clone)]
enum Step {
    Call {
        execution: usize,
        agent: usize,
        hour: i64,
        model: usize,
        fails: bool,
        cost: u64,
        fate: Fate,
    },
    /// Rules and answers used again, recorded with their execution.
    Free { hour: i64, again: [bool; 3] },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let fate = prop_oneof![
        4 => Just(Fate::Settled),
        1 => Just(Fate::SettledTwice),
        1 => Just(Fate::SettledWithAnother),
        1 => Just(Fate::Lost),
    ];
    let call = (
        0..4_usize,
        0..3_usize,
        0..120_i64,
        0..3_usize,
        any::<bool>(),
        0..50_000_000_000_u64,
        fate,
    )
        .prop_map(|(execution, agent, hour, model, fails, cost, fate)| Step::Call {
            execution,
            agent,
            hour,
            model,
            fails,
            cost,
            fate,
        });
    let free = (0..120_i64, any::<[bool; 3]>()).prop_map(|(hour, again)| Step::Free { hour, again });
    proptest::collection::vec(prop_oneof![3 => call, 1 => free], 1..25)
}

struct Ledger<'a> {
    db: &'a Db,
    ids: Ids,
    /// Executions span days and strategies; half of them are never recorded.
    executions: Vec<Uuid>,
    recorded: i64,
    paid: Decimal,
}

impl<'a> Ledger<'a> {
    fn new(db: &'a Db) -> Self {
        let ids = Ids::random();
        Self {
            db,
            executions: (0..4).map(|_| ids.next()).collect(),
            ids,
            recorded: 0,
            paid: Decimal::ZERO,
        }
    }

    async fn take(&mut self, step: &Step) {
        match *step {
            Step::Free { hour, again } => self.record(hour, again).await,
            Step::Call {
                execution,
                agent,
                hour,
                model,
                fails,
                cost,
                fate,
            } => {
                let attempt = Attempt {
                    model: ["a-model", "another", "a-cheap-one"][model].to_owned(),
                    status: if fails { "refused" } else { "ok" }.to_owned(),
                    cost: Decimal::new(i64::try_from(cost).unwrap(), 10),
                    ..answer(&self.ids, AgentKind::ALL[agent], "0")
                };
                self.call(execution, &attempt, hours(hour), fate).await;
            }
        }
    }

    async fn record(&mut self, hour: i64, again: [bool; 3]) {
        self.recorded += 1;
        let free = AgentKind::ALL.map(|agent| {
            if again[agent as usize] {
                used_again(&self.ids, agent)
            } else {
                by_rules(&self.ids, agent)
            }
        });
        let id = self.executions.pop().unwrap_or_else(|| self.ids.next());
        self.executions.insert(0, self.ids.next());
        let recorded = executions::Execution {
            created_at: hours(hour),
            ..execution(id, at(FIRST) + SignedDuration::from_hours(4 * self.recorded))
        };
        executions::record(self.db, &recorded, &free, &Decisions::default(), &[])
            .await
            .unwrap();
    }

    async fn call(&mut self, execution: usize, attempt: &Attempt, when: Timestamp, fate: Fate) {
        let execution = of(self.executions[execution], "hodl-wave");
        let reservation = self.reserved(attempt.cost, when).await;
        let settled = async |reservation| {
            settle(self.db, reservation, execution, attempt, when)
                .await
                .unwrap()
        };
        let is_paid = match fate {
            Fate::Settled => settled(reservation).await,
            Fate::SettledTwice => settled(reservation).await && !settled(reservation).await,
            Fate::SettledWithAnother => {
                let another = self.reserved(attempt.cost, when).await;
                settled(reservation).await && !settled(another).await
            }
            Fate::Lost => false,
        };
        if is_paid {
            self.paid += attempt.cost;
        }
    }

    async fn reserved(&self, cost: Decimal, when: Timestamp) -> Uuid {
        let id = self.ids.next();
        let worst = cost + Decimal::new(1, 10);
        assert!(
            reserve(self.db, id, utc_day(when), worst, NO_CAP, when)
                .await
                .unwrap()
        );
        id
    }
}

fn hours(count: i64) -> Timestamp {
    at(FIRST) + SignedDuration::from_hours(count)
}

const CLEAR: &str = "TRUNCATE agent_execution_logs, agent_cost_days, agent_execution_days, model_spend_days,
                     model_reservations, strategy_executions";

async fn sum(client: &Client, of: &str) -> Decimal {
    client.query_one(of, &[]).await.unwrap().get(0)
}

#[test]
fn rows_sums_and_days_agree_to_the_last_decimal_whatever_happens() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = runtime.block_on(Database::fresh());
    let (db, client) = runtime.block_on(async { (database.db(), database.client().await) });
    let mut runner = TestRunner::new(Config::with_cases(32));
    let outcome = runner.run(&steps(), |steps| {
        runtime.block_on(async {
            client.batch_execute(CLEAR).await.unwrap();
            let mut ledger = Ledger::new(&db);
            for step in &steps {
                ledger.take(step).await;
            }
            let wrong = differences(&client).await;
            prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
            for of in [
                "SELECT coalesce(sum(cost), 0) FROM agent_execution_logs",
                "SELECT coalesce(sum(cost), 0) FROM agent_cost_days",
                "SELECT coalesce(sum(settled), 0) FROM model_spend_days",
            ] {
                prop_assert_eq!(sum(&client, of).await, ledger.paid, "{}", of);
            }
            Ok::<(), TestCaseError>(())
        })
    });
    outcome.unwrap();
    // Inside the runtime that its connections live in.
    runtime.block_on(async { drop((db, client)) });
}

#[tokio::test]
async fn an_execution_counts_once_on_the_day_of_its_first_attempt() {
    let database = Database::fresh().await;
    let (db, ids, client) = (database.db(), Ids::counted(), database.client().await);
    let (late, early) = (at("2026-03-02T00:00:05Z"), at("2026-03-01T23:59:50Z"));
    let execution = ids.next();
    let ask = async |agent, when| {
        let attempt = answer(&ids, agent, "0.1");
        call(&db, &ids, of(execution, "hodl-wave"), &attempt, when).await;
    };

    ask(AgentKind::Macro, early).await;
    ask(AgentKind::Macro, late).await;
    // Two instances may settle in another order than they reserved.
    ask(AgentKind::Ta, late).await;
    ask(AgentKind::Ta, early).await;

    let counted =
        "SELECT day, agent_type, executions FROM agent_execution_days WHERE executions > 0 ORDER BY 2";
    assert_eq!(
        rows(&client, counted).await,
        ["(2026-03-01,macro,1)", "(2026-03-01,ta,1)"]
    );
    assert_eq!(differences(&client).await, [""; 0]);
}

#[tokio::test]
async fn attempts_of_one_execution_at_once_make_one_execution() {
    let database = Database::fresh().await;
    let (db, ids, client) = (database.db(), Ids::random(), database.client().await);
    let execution = ids.next();
    let when = at("2026-03-01T12:00:00Z");

    let asked = (0..24).map(async |_| {
        let attempt = answer(&ids, AgentKind::Macro, "0.01");
        call(&db, &ids, of(execution, "hodl-wave"), &attempt, when).await;
    });
    futures_util::future::join_all(asked).await;

    let counted = "SELECT executions FROM agent_execution_days";
    assert_eq!(rows(&client, counted).await, ["(1)"]);
    assert_eq!(differences(&client).await, [""; 0]);
}

#[tokio::test]
async fn an_attempt_that_is_not_committed_yet_is_waited_for_before_executions_are_counted() {
    let database = Database::fresh().await;
    let (db, ids, client) = (database.db(), Ids::random(), database.client().await);
    let other = database.client().await;
    let execution = ids.next();
    let begun = format!(
        "BEGIN;
         INSERT INTO agent_execution_logs (id, execution_id, strategy_id, agent_type, provider, model, status,
             input_tokens, output_tokens, cached_tokens, tokens_used, cost, latency_ms, cache_hit, created_at)
         VALUES (gen_random_uuid(), '{execution}', 'hodl-wave', 'ta', 'p', 'm', 'ok', 0, 0, 0, 0, 0, 1, true,
                 '2026-03-01 12:00Z')"
    );
    other.batch_execute(&begun).await.unwrap();

    let attempt = answer(&ids, AgentKind::Ta, "0.01");
    let settling = call(
        &db,
        &ids,
        of(execution, "hodl-wave"),
        &attempt,
        at("2026-03-01T12:00:01Z"),
    );
    let committing = async {
        let waits = "SELECT count(*) FROM pg_stat_activity
                     WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while rows(&client, waits).await != ["(1)"] {}
        other.batch_execute("COMMIT").await.unwrap();
    };
    futures_util::join!(settling, committing);

    let counted = "SELECT executions FROM agent_execution_days";
    assert_eq!(rows(&client, counted).await, ["(1)"]);
    assert_eq!(differences(&client).await, [""; 0]);
}

#[tokio::test]
async fn calls_to_sources_are_summed_by_day_with_their_failures() {
    let database = Database::fresh().await;
    let (db, ids, client) = (database.db(), Ids::counted(), database.client().await);
    let mut statuses: HashMap<&str, Vec<&str>> = HashMap::new();
    statuses.insert("binance", vec!["ok", "ok", "time_out"]);
    statuses.insert("fred", vec!["http_error"]);
    let logs: Vec<_> = statuses
        .into_iter()
        .flat_map(|(source, statuses)| statuses.into_iter().map(move |status| (source, status)))
        .map(|(source, status)| shared::db::collection_logs::CollectionLog {
            id: ids.next(),
            data_source: source.to_owned(),
            endpoint: "/path".to_owned(),
            status: status.to_owned(),
            http_status: None,
            latency_ms: 1,
            items: 0,
            error: None,
            created_at: at("2026-03-01T23:59:59Z"),
        })
        .collect();

    shared::db::collection_logs::record(&db, &logs).await.unwrap();

    let summed = "SELECT * FROM source_call_days ORDER BY data_source";
    assert_eq!(
        rows(&client, summed).await,
        ["(2026-03-01,binance,3,1)", "(2026-03-01,fred,1,1)"]
    );
    assert_eq!(differences(&client).await, [""; 0]);
}
