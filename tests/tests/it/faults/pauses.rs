//! Pauses that services ask for, in runs side by side: told and heard of in the middle of a run, and
//! kept to without Redis.

use std::collections::BTreeSet;
use std::pin::pin;

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::sources::{binance, fear_greed};
use standin::{Fault, Service};
use tests::bundle::Bundle;

fn base_of(bundle: &Bundle, service: Service) -> String {
    format!("{}/", bundle.upstream().base_url(service))
}

/// Lets other tasks go on until `is_so`.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    while !is_so().await {
        tokio::task::yield_now().await;
    }
}

fn is_waiting(summary: &Value) -> bool {
    let failures = summary["failures"].as_array().unwrap();
    !failures.is_empty()
        && failures.iter().all(|failure| {
            failure["why"]
                .as_str()
                .unwrap()
                .contains("not to be called before")
        })
}

/// Nothing was asked for twice.
fn check_no_second_try(bundle: &Bundle) {
    let asked = bundle.upstream().take_requests();
    let different: BTreeSet<&String> = asked.iter().collect();
    assert_eq!(different.len(), asked.len(), "{asked:?}");
}

#[tokio::test]
async fn a_pause_is_told_to_the_others_while_the_run_goes_on() {
    let bundle = Bundle::start().await;
    bundle
        .upstream()
        .fail(Service::Binance, &Fault::Status(429, Some(90)), 1);
    bundle.upstream().fail(Service::Binance, &Fault::Hang, 100);
    let base = base_of(&bundle, Service::Binance);
    let is_known = async || {
        let cache = &bundle.app().cache;
        let known = cache.not_before(binance::SERVICE, &base).await;
        known.unwrap() == Some(bundle.now() + SignedDuration::from_secs(90))
    };

    let mut running = pin!(bundle.run("collect-prices"));
    tokio::select! {
        () = until(is_known) => {}
        _ = &mut running => panic!("told at its end only"),
    }

    assert!(is_waiting(&running.await.unwrap()));
    check_no_second_try(&bundle);
}

#[tokio::test]
async fn a_run_under_way_hears_of_a_pause_that_another_instance_was_asked_for() {
    let bundle = Bundle::start().await;
    // The first try hangs; by its end the pause is known.
    bundle.upstream().fail(Service::FearGreed, &Fault::Hang, 1);
    let base = base_of(&bundle, Service::FearGreed);
    let other_instance = async {
        let mut asked = Vec::new();
        until(async || {
            asked.extend(bundle.upstream().take_requests());
            !asked.is_empty()
        })
        .await;
        let until = bundle.now() + SignedDuration::from_secs(90);
        let cache = &bundle.app().cache;
        cache
            .set_not_before(fear_greed::SERVICE, &base, until)
            .await
            .unwrap();
    };

    let (summary, ()) = tokio::join!(bundle.run("collect-sentiment"), other_instance);

    assert!(is_waiting(&summary.unwrap()));
    assert_eq!(bundle.upstream().take_requests(), Vec::<String>::new());
}

#[tokio::test]
async fn without_redis_a_run_keeps_to_the_pauses_it_was_asked_for_itself() {
    let bundle = Bundle::start().await;
    bundle.redis().refuse();
    bundle
        .upstream()
        .fail(Service::Binance, &Fault::Status(429, Some(90)), 1);
    bundle.upstream().fail(Service::Binance, &Fault::Hang, 100);

    let summary = bundle.run("collect-prices").await.unwrap();

    assert!(is_waiting(&summary), "{summary}");
    check_no_second_try(&bundle);
}

#[tokio::test]
async fn a_redis_that_failed_is_not_asked_again_in_the_same_run() {
    let bundle = Bundle::start().await;
    bundle.redis().refuse();
    let connections_of = async |task: &str| {
        let before = bundle.redis().connections();
        let summary = bundle.run(task).await.unwrap();
        assert_eq!(summary["failures"], json!([]));
        bundle.redis().connections() - before
    };

    let for_one_call = connections_of("collect-sentiment").await;
    let for_five_calls = connections_of("collect-onchain").await;

    assert!(for_one_call > 0);
    assert_eq!(for_one_call, for_five_calls);
}

#[tokio::test]
async fn a_pause_known_at_the_start_of_a_run_holds_although_redis_fails_within_it() {
    let bundle = Bundle::start().await;
    let base = base_of(&bundle, Service::FearGreed);
    let pause = bundle.now() + SignedDuration::from_secs(90);
    let cache = &bundle.app().cache;
    cache
        .set_not_before(fear_greed::SERVICE, &base, pause)
        .await
        .unwrap();
    // The run looks into this table between its start and its call.
    let locking = bundle.database().client().await;
    locking
        .batch_execute("BEGIN; LOCK TABLE indicator_observations IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    let redis_fails_within = async {
        let waiting = "SELECT FROM pg_stat_activity \
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        until(async || !bundle.rows(waiting).await.is_empty()).await;
        bundle.redis().refuse();
        locking.batch_execute("ROLLBACK").await.unwrap();
    };

    let (summary, ()) = tokio::join!(bundle.run("collect-sentiment"), redis_fails_within);

    assert!(is_waiting(&summary.unwrap()));
    assert_eq!(bundle.upstream().take_requests(), Vec::<String>::new());
}
