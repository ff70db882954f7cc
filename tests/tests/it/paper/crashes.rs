//! A run that is killed at any point, and the one that goes on from there.

use jiff::SignedDuration;
use shared::services::trade;
use tests::kill::kill_after;
use tests::paper::{Order, Stage};

use super::{assert_adds_up, decisions};

async fn staged() -> Stage {
    let stage = Stage::start().await;
    for n in 0..5 {
        // Ids in the order of names, so that stages are alike.
        stage
            .follower(&format!("user-{n}"), "hodl-wave", &format!("{}", 2000 * (n + 1)))
            .await;
    }
    stage
}

/// Buys and sells by turns, at prices that move.
fn order(n: i64) -> Order {
    let (btc, eth) = (format!("{}", 60_000 + 137 * n), format!("{}.5", 3_000 - 11 * n));
    if n % 3 == 2 {
        Order::sell(&btc, &eth)
    } else {
        Order::buy("0.05", &btc, &eth)
    }
}

/// Like [`Stage::state`], but for users' and subscriptions' ids, which every stage has of its own.
async fn books(stage: &Stage) -> Vec<String> {
    stage
        .rows(
            "SELECT u.google_sub, s.cash, s.realised, s.last_outcome, t.as_of, t.asset, t.side, t.quantity, t.cash_after,
                    p.last_seq
             FROM subscriptions s LEFT JOIN users u ON u.id = s.user_id LEFT JOIN trades t ON t.subscription_id = s.id
             LEFT JOIN push_streams p ON p.user_id = u.id
             ORDER BY u.google_sub, t.as_of, t.asset",
        )
        .await
}

#[tokio::test]
async fn a_run_that_is_killed_at_any_await_ends_as_an_undisturbed_one() {
    let (killed, undisturbed) = (staged().await, staged().await);
    let mut kills = 0;
    for n in 0.. {
        for stage in [&killed, &undisturbed] {
            stage.app().clock.advance(SignedDuration::from_hours(4));
            let as_of = stage.app().clock.now();
            stage.decide("hodl-wave", as_of, order(n)).await;
        }
        let ended = kill_after(kills, trade::pending_by(killed.app(), None, 2)).await;
        assert_adds_up(&killed).await;

        trade::pending_by(killed.app(), None, 2).await.unwrap();
        trade::pending_by(undisturbed.app(), None, 2).await.unwrap();

        assert_eq!(
            books(&killed).await,
            books(&undisturbed).await,
            "killed after {kills} waits"
        );
        assert_eq!(decisions(&killed).await, decisions(&undisturbed).await);
        assert_adds_up(&killed).await;
        if ended.is_some() {
            break;
        }
        kills += 1;
    }
    // Four chunks of a good ten statements each.
    assert!(kills > 40, "{kills}");
}
