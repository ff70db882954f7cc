//! Ten thousand random operations by eight writers, many of them killed half-way: the book adds up,
//! to the last digit, all the time.

mod users;

use futures_util::future::join_all;
use jiff::SignedDuration;
use rust_decimal::Decimal;
use shared::app::App;
use shared::clock::Stopwatch;
use shared::config::Environment;
use shared::db::admin::ensure_partitions;
use shared::db::{DbError, locks, market_data};
use shared::domain::decision::{LockReason, Signal};
use shared::domain::identity::UserId;
use shared::domain::market::{Asset, Candle, Price, Timeframe};
use shared::domain::money::Money;
use shared::domain::paper::Prices;
use shared::domain::strategy::{Strategy, Weights};
use shared::ids::Ids;
use shared::services::subscriptions::SubscriptionError;
use shared::services::trade::{self, TradeError};
use tests::paper::{self, Order, Stage, violations};

use super::crashes::kill_after;

const OPERATIONS: usize = 10_000;
const WRITERS: usize = 8;
const USERS: usize = 12;
/// How often one writer looks whether everything adds up.
const LOOK_EVERY: usize = 250;

/// Numbers that look random and are the same for the same seed (`SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap()
    }

    /// An amount between so many dollars, with eight decimals.
    fn money(&mut self, from: u64, to: u64) -> Money {
        let above = self.below((to - from) * 100_000_000) + 1;
        let amount = i64::try_from(from * 100_000_000 + above).unwrap();
        Money::new(Decimal::new(amount, 8)).unwrap()
    }

    /// Weights of its own, or none.
    fn weights(&mut self) -> Option<Weights> {
        let own = [[2, 3, 5], [4, 4, 2]].get(self.index(3))?;
        let [macro_, onchain, ta] = own.map(|tenths| Decimal::new(tenths, 1));
        Some(Weights::new(macro_, onchain, ta).unwrap())
    }

    fn price(&mut self, from: u64, to: u64) -> Option<Price> {
        let cents = from * 100 + self.below((to - from) * 100);
        // Now and then an asset has none.
        (self.below(20) > 0).then(|| Price::new(Decimal::new(i64::try_from(cents).unwrap(), 2)).unwrap())
    }

    fn prices(&mut self) -> Prices {
        Prices::new(self.price(10_000, 100_000), self.price(500, 5_000))
    }

    fn order(&mut self) -> Order {
        let (signal, position) = match self.below(10) {
            0 => (Signal::Hold, Decimal::ZERO),
            1..=4 => (Signal::Sell, Decimal::new(-5, 1)),
            _ => (
                Signal::Buy,
                Decimal::new(i64::try_from(self.below(50_000)).unwrap(), 6),
            ),
        };
        Order {
            signal,
            position,
            prices: self.prices(),
        }
    }
}

/// The candle that closes as the stage begins.
const OPEN: &str = "2024-03-01T08:00:00Z";

/// What everybody works on.
struct World {
    stage: Stage,
    users: Vec<UserId>,
    strategies: Vec<Strategy>,
}

/// What came of one writer's operations.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    done: usize,
    killed: usize,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    Trade(#[from] TradeError),
    #[error(transparent)]
    Subscription(#[from] SubscriptionError),
}

/// One random operation.
async fn operate(world: &World, random: &mut Random) -> Result<(), Failure> {
    let app = world.stage.app();
    // Everything happens at a time of its own, so that decisions can tell who took part.
    app.clock.advance(SignedDuration::from_secs(1));
    let user = world.users[random.index(world.users.len())];
    let strategy = &world.strategies[random.index(world.strategies.len())];
    let by = users::By {
        app,
        user,
        strategy: &strategy.id,
    };
    match random.below(100) {
        0..12 => by.follow(random.money(2_500, 5_000)).await?,
        12..22 => by.pay_in(random.money(0, 1_000)).await?,
        22..32 => by.withdraw(random.money(0, 1_500)).await?,
        32..38 => by.activate(false).await?,
        38..46 => by.activate(true).await?,
        46..54 => by.reweight(random.weights()).await?,
        54..59 => by.stop().await?,
        // A stop sells at the last closed prices.
        59..61 => close(world, random).await?,
        61..69 => decide(app, strategy, random.order()).await?,
        69..93 => deliver(app, random).await?,
        93..99 => {
            decide(app, strategy, random.order()).await?;
            let mut other = Random(random.next());
            let (one, two) = tokio::join!(deliver(app, random), deliver(app, &mut other));
            one.and(two)?;
        }
        _ => {
            decide(app, strategy, random.order()).await?;
            let now = app.clock.now();
            locks::set(&app.db, LockReason::Operator, "a test", None, now).await?;
            deliver(app, random).await?;
            locks::lift(&app.db, LockReason::Operator, app.clock.now()).await?;
        }
    }
    Ok(())
}

async fn decide(app: &App, strategy: &Strategy, order: Order) -> Result<(), DbError> {
    paper::decide(app, strategy, app.clock.now(), order)
        .await
        .map(drop)
}

/// Another close of the candles that everybody stops at.
async fn close(world: &World, random: &mut Random) -> Result<(), DbError> {
    let (app, prices) = (world.stage.app(), random.prices());
    let open = OPEN.parse().unwrap();
    for asset in Asset::ALL {
        let Some(price) = prices.of(asset) else {
            continue;
        };
        let candle = Candle::new(open, [price.value(); 4], Decimal::ONE).unwrap();
        market_data::upsert(
            &app.db,
            (asset, Timeframe::H4),
            &[(candle, false)],
            "sample",
            app.clock.now(),
        )
        .await?;
    }
    Ok(())
}

async fn deliver(app: &App, random: &mut Random) -> Result<(), TradeError> {
    trade::pending_by(app, None, 1 + random.index(5)).await.map(drop)
}

async fn write(world: &World, seed: u64) -> Tally {
    let mut random = Random(seed);
    let mut tally = Tally::default();
    let watcher = world.stage.database().client().await;
    for n in 0..OPERATIONS / WRITERS {
        if n % LOOK_EVERY == 0 {
            assert_eq!(
                violations(&watcher).await,
                Vec::<String>::new(),
                "before operation {n} of a writer"
            );
        }
        // A third is killed, at any of its awaits; a few outlive that.
        let waits = if random.below(3) == 0 {
            random.index(40)
        } else {
            usize::MAX
        };
        match kill_after(waits, operate(world, &mut random)).await {
            Some(done) => {
                done.unwrap_or_else(|error| panic!("{error:?}"));
                tally.done += 1;
            }
            None => tally.killed += 1,
        }
    }
    tally
}

#[tokio::test]
async fn the_ledger_adds_up_after_ten_thousand_random_operations_and_crashes() {
    let given = Environment::process()
        .get("LEDGER_SEED")
        .and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| u64::try_from(Ids::random().next().as_u128() & 0xffff_ffff).unwrap());
    println!("LEDGER_SEED={seed}");
    let stage = Stage::start().await;
    let mut world = World {
        users: Vec::new(),
        strategies: vec![
            stage.strategy("hodl-wave").await,
            stage.strategy("swing-4h").await,
        ],
        stage,
    };
    let (db, now) = (&world.stage.app().db, world.stage.app().clock.now());
    ensure_partitions(db, Timeframe::H4, OPEN.parse().unwrap(), now)
        .await
        .unwrap();
    close(&world, &mut Random(seed)).await.unwrap();
    for n in 0..USERS {
        world.users.push(world.stage.user(&format!("user-{n}")).await);
    }

    let watch = Stopwatch::start();
    let mut seeds = Random(seed);
    let writers = (0..WRITERS).map(|_| write(&world, seeds.next()));
    let tallies = join_all(writers).await;
    println!("{tallies:?} in {} ms", watch.elapsed_ms());
    // What a killed writer left locked is lifted, and what is pending traded.
    let app = world.stage.app();
    locks::lift(&app.db, LockReason::Operator, app.clock.now())
        .await
        .unwrap();
    trade::pending(app, None).await.unwrap();

    assert_eq!(world.stage.violations().await, Vec::<String>::new());
    assert_eq!(
        world
            .stage
            .rows("SELECT id FROM decisions WHERE status = 'pending'")
            .await
            .len(),
        0
    );
    let killed: usize = tallies.iter().map(|tally| tally.killed).sum();
    let done: usize = tallies.iter().map(|tally| tally.done).sum();
    assert_eq!(done + killed, OPERATIONS);
    assert!(killed > OPERATIONS / 10, "{killed} were killed");
    // All that can happen did.
    for (what, sql) in [
        ("buys", "SELECT 1 FROM trades WHERE side = 'buy' LIMIT 50"),
        (
            "sales",
            "SELECT 1 FROM trades WHERE side = 'sell' AND decision_id IS NOT NULL LIMIT 50",
        ),
        (
            "closings",
            "SELECT 1 FROM trades WHERE decision_id IS NULL LIMIT 50",
        ),
        (
            "withdrawals",
            "SELECT 1 FROM portfolio_entries WHERE kind = 'taken_out' LIMIT 50",
        ),
        (
            "decisions",
            "SELECT 1 FROM decisions WHERE status = 'traded' AND trades > 0 LIMIT 50",
        ),
        (
            "other vectors",
            "SELECT 1 FROM decisions WHERE NOT is_own AND trades > 0 LIMIT 50",
        ),
    ] {
        assert_eq!(world.stage.rows(sql).await.len(), 50, "{what}");
    }
    for status in ["blocked", "nothing"] {
        let sql = format!("SELECT 1 FROM decisions WHERE status = '{status}' LIMIT 5");
        assert_eq!(world.stage.rows(&sql).await.len(), 5, "{status}");
    }
}
