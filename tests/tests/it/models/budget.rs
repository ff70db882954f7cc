//! The day's money: never more than the cap, whatever runs at once, and every cent written down.

use std::sync::Arc;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use shared::ids;
use shared::services::analyse::{Analysts, Occasion};
use shared::services::gather::{KnownAt, MarketAt};
use standin::{Fault, Service};
use tests::bundle::Bundle;

use super::{answered_by, forget_decisions, locked, run, scores};

async fn number(bundle: &Bundle, sql: &str) -> Decimal {
    bundle.rows(sql).await[0]
        .trim_matches(['(', ')'])
        .parse()
        .unwrap()
}

#[tokio::test]
async fn a_spent_budget_locks_until_the_day_ends() {
    // Less than the worst case of the cheapest model.
    let bundle = Bundle::with().models("0.0001").start().await;
    bundle.decide().await;

    let spent = scores(&bundle).await;
    assert_eq!(answered_by(&spent), ["rules_fallback"; 3]);
    assert_eq!(locked(&spent), ["budget"]);
    assert_eq!(
        bundle.upstream().take_model_requests(),
        [],
        "nobody is asked who cannot be paid"
    );
    let until = bundle.rows("SELECT until FROM locks").await;
    assert_eq!(until, ["(\"2024-03-02 00:00:00+00\")"]);
    assert_eq!(
        number(
            &bundle,
            "SELECT coalesce(sum(settled + reserved), 0) FROM model_spend_days"
        )
        .await,
        Decimal::ZERO
    );

    bundle.advance(SignedDuration::from_hours(12));
    assert_eq!(
        locked(&scores(&bundle).await),
        [""; 0],
        "a new day, before anything else happens"
    );
}

#[tokio::test]
async fn a_cheaper_model_is_asked_where_the_money_suffices_for_it_alone() {
    // Above the worst case of the cheap Claude for every agent, below that of any other.
    let bundle = Bundle::with().models("0.012").start().await;
    bundle.decide().await;
    let told = scores(&bundle).await;
    for agent in ["macro", "onchain", "ta"] {
        assert_eq!(told["agents"][agent]["model"], "claude-haiku-5-5", "{told}");
    }
    assert_eq!(locked(&told), [""; 0]);
}

#[tokio::test]
async fn every_cent_of_the_log_is_in_the_sums_and_in_the_days_budget() {
    let bundle = Bundle::with().models("15").start().await;
    bundle.collect().await;
    for fault in [
        None,
        Some(Fault::Refusal),
        Some(Fault::OutOfTokens),
        Some(Fault::Status(529, None)),
        Some(Fault::Hang),
    ] {
        forget_decisions(&bundle).await;
        if let Some(fault) = &fault {
            bundle.upstream().fail(Service::Anthropic, fault, 1000);
        }
        run(&bundle).await;
        let rows = number(&bundle, "SELECT sum(cost) FROM agent_execution_logs").await;
        assert!(rows > Decimal::ZERO);
        assert_eq!(
            number(&bundle, "SELECT sum(cost) FROM agent_cost_days").await,
            rows,
            "{fault:?}"
        );
        assert_eq!(
            number(&bundle, "SELECT sum(settled) FROM model_spend_days").await,
            rows,
            "{fault:?}"
        );
        let reserved = number(&bundle, "SELECT sum(reserved) FROM model_spend_days").await;
        // Nobody knows what a provider bills for an answer that never came: that stays reserved.
        assert_eq!(
            reserved > Decimal::ZERO,
            fault == Some(Fault::Hang),
            "{fault:?}: {reserved}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_runs_at_once_on_a_nearly_spent_budget_never_exceed_it() {
    let bundle = Arc::new(Bundle::with().models("0.25").start().await);
    bundle.collect().await;
    let app = bundle.app().clone();
    let as_of: Timestamp = "2024-03-01T12:00:00Z".parse().unwrap();
    let known = KnownAt::read(&app, as_of).await.unwrap();
    let market = known
        .market(&app, shared::domain::market::Timeframe::H4)
        .await
        .unwrap();

    let runs = (0..50_i32).map(|n| {
        // Far enough apart that no run may use another one's answer.
        let as_of = as_of - SignedDuration::from_hours(5) * n;
        let (app, market, known) = (
            app.clone(),
            MarketAt {
                as_of,
                ..market.clone()
            },
            bundle.clone(),
        );
        tokio::spawn(async move {
            let _alive = known;
            let occasion = Occasion {
                execution_id: ids::of_execution("swing-4h", as_of),
                strategy_id: "swing-4h",
                market: &market,
            };
            Analysts::new(&app, None).analyse(&app, &occasion).await.unwrap()
        })
    });
    let analysed: Vec<_> = join_all(runs).await.into_iter().map(Result::unwrap).collect();

    let taken = number(&bundle, "SELECT settled + reserved FROM model_spend_days").await;
    assert!(taken <= Decimal::new(25, 2), "{taken}");
    let paid = number(&bundle, "SELECT sum(cost) FROM agent_execution_logs").await;
    assert!(paid > Decimal::ZERO && paid <= taken, "{paid} of {taken}");
    let by_models = |spoken: bool| {
        analysed
            .iter()
            .flat_map(|one| one.answers.all())
            .filter(|answer| answer.model_answer.is_some() == spoken)
            .count()
    };
    assert!(
        by_models(true) > 0 && by_models(false) > 0,
        "some are paid for, some are not"
    );
}

#[test]
fn an_execution_has_one_id_however_often_it_is_delivered() {
    let at = |text: &str| text.parse().unwrap();
    let noon = ids::of_execution("hodl-wave", at("2024-03-01T12:00:00Z"));
    assert_eq!(noon, ids::of_execution("hodl-wave", at("2024-03-01T12:00:00Z")));
    assert_ne!(noon, ids::of_execution("swing-4h", at("2024-03-01T12:00:00Z")));
    assert!(
        noon < ids::of_execution("hodl-wave", at("2024-03-01T16:00:00Z")),
        "they sort by time"
    );
    assert_eq!(noon.get_version_num(), 8);
}
