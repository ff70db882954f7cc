//! A backup that is made while everybody trades, follows, pays and is erased: one moment, and every book of
//! it adds up.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use shared::domain::identity::UserId;
use shared::services::backup::drill;
use tests::backups::Shelf;
use tests::paper::violations;

use super::*;

/// Trades of a follower and money that moves, again and again, until somebody says stop.
async fn write(stage: &Stage, stop: &AtomicBool, written: &AtomicU64) {
    let users: Vec<UserId> = {
        let rows = stage.client().query("SELECT id FROM users", &[]).await.unwrap();
        rows.iter()
            .map(|row| row.get::<_, uuid::Uuid>(0).into())
            .collect()
    };
    let client = stage.database().client().await;
    for n in 0_i64.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        stage.app().clock.advance(SignedDuration::from_hours(4));
        let as_of = stage.app().clock.now();
        let price = format!("{}", 60_000 + 100 * (n % 7));
        let order = if n % 4 == 3 {
            Order::sell(&price, "3000")
        } else {
            Order::buy("0.05", &price, "3000")
        };
        stage.decide("hodl-wave", as_of, order).await;
        trade::pending(stage.app(), None).await.unwrap();
        // Both sides of one movement, in one transaction: a snapshot has both or neither.
        let user = users[usize::try_from(n).unwrap() % users.len()];
        client
            .batch_execute(&format!(
                "WITH given AS (UPDATE portfolios SET free_cash = free_cash - 1 WHERE user_id = '{user}' AND free_cash >= 1
                                RETURNING user_id, free_cash),
                      got AS (UPDATE subscriptions SET paid_in = paid_in + 1, cash = cash + 1
                              WHERE user_id IN (SELECT user_id FROM given) RETURNING id, user_id)
                 INSERT INTO portfolio_entries (id, user_id, kind, subscription_id, amount, free_cash_after, created_at)
                 SELECT gen_random_uuid(), user_id, 'paid_in', got.id, -1, given.free_cash, now() FROM given JOIN got USING (user_id)"
            ))
            .await
            .unwrap();
        written.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_constant_writes_is_one_moment_in_which_all_money_adds_up() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (stop, written) = (AtomicBool::new(false), AtomicU64::new(0));
    let backups = async {
        let mut made = Vec::new();
        let mut before = 0;
        while made.len() < 4 {
            // Writers are at work before and after each one begins.
            if written.load(Ordering::SeqCst) > before {
                before = written.load(Ordering::SeqCst);
                made.push(shelf.backup(stage.app()).await);
            } else {
                tokio::task::yield_now().await;
            }
        }
        stop.store(true, Ordering::SeqCst);
        made
    };
    let (made, ()) = tokio::join!(backups, write(&stage, &stop, &written));

    let mut trades = Vec::new();
    for (n, (id, manifest)) in made.iter().enumerate() {
        let copy = Copy::named(stage.database(), &format!("moment_{n}")).await;
        restored::whole(&stage, &shelf, (*id, manifest), &copy)
            .await
            .unwrap();
        let client = copy.client().await;
        assert_eq!(violations(&client).await, Vec::<String>::new(), "{id}");
        trades.push(count(&client, "SELECT count(*) FROM trades").await);
        drop(client);
        copy.drop().await;
    }
    // They are four different moments, or nothing was written meanwhile.
    assert!(trades.windows(2).all(|pair| pair[0] <= pair[1]), "{trades:?}");
    assert!(trades[0] < trades[3], "{trades:?}");
    let (id, manifest) = &made[3];
    let proof = drill(stage.app(), &shelf.vault, *id, manifest).await.unwrap();
    assert_eq!(proof.findings, Vec::<String>::new());
}
