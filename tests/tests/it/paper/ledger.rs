//! Ten thousand random operations by eight writers, many of them killed half-way: the book adds up,
//! to the last digit, all the time.

mod users;

use std::sync::Mutex;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
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
use shared::domain::tier::{Role, Tier};
use shared::http::User;
use shared::ids::Ids;
use shared::services::auth::{self, AuthError};
use shared::services::history::{self, HistoryError, Interval, Wanted};
use shared::services::subscriptions::SubscriptionError;
use shared::services::trade::{self, TradeError};
use tests::kill::kill_after;
use tests::paper::{self, Order, Stage, violations};

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

/// What everybody works on.
struct World {
    stage: Stage,
    /// Those who are there; one who is erased makes room for another.
    users: Mutex<Vec<UserId>>,
    strategies: Vec<Strategy>,
}

impl World {
    fn users(&self) -> Vec<UserId> {
        self.users.lock().unwrap().clone()
    }
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
    #[error(transparent)]
    Account(#[from] AuthError),
}

/// One random operation.
async fn operate(world: &World, random: &mut Random, may_erase: bool) -> Result<(), Failure> {
    let app = world.stage.app();
    // Everything happens at a time of its own, so that decisions can tell who took part.
    app.clock.advance(SignedDuration::from_secs(1));
    let place = random.index(USERS);
    let user = world.users()[place];
    let strategy = &world.strategies[random.index(world.strategies.len())];
    let by = users::By {
        app,
        user,
        strategy: &strategy.id,
    };
    if random.below(150) == 0 {
        return expire(world, strategy, random).await;
    }
    if may_erase && random.below(200) == 0 {
        return erase(world, place).await;
    }
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

/// A decision that is traded in part and comes too late for the rest.
async fn expire(world: &World, strategy: &Strategy, random: &mut Random) -> Result<(), Failure> {
    let app = world.stage.app();
    decide(app, strategy, random.order()).await?;
    // Killed after so many awaits and not after a time: a slow machine gets as far as a fast one.
    if let Some(done) = kill_after(10 + random.index(60), trade::pending_by(app, None, 1)).await {
        done?;
    }
    app.clock.advance(SignedDuration::from_mins(61));
    // Prices must not grow too old for a stop.
    close(world, random).await?;
    deliver(app, random).await?;
    Ok(())
}

/// A user erases the account, and somebody else comes.
async fn erase(world: &World, place: usize) -> Result<(), Failure> {
    let app = world.stage.app();
    let next = world.stage.user(&app.ids.next().to_string()).await;
    let gone = std::mem::replace(&mut world.users.lock().unwrap()[place], next);
    let user = User {
        id: gone,
        session: app.ids.next().into(),
        tier: Tier::Enterprise,
        role: Role::User,
    };
    auth::erase(app, user).await?;
    Ok(())
}

async fn decide(app: &App, strategy: &Strategy, order: Order) -> Result<(), DbError> {
    paper::decide(app, strategy, app.clock.now(), order)
        .await
        .map(drop)
}

/// Another close of the newest candles: everybody stops at them.
async fn close(world: &World, random: &mut Random) -> Result<(), DbError> {
    let (app, prices) = (world.stage.app(), random.prices());
    let length = Timeframe::H4.duration().as_secs();
    let periods = app.clock.now().as_second().div_euclid(length);
    let open = Timestamp::from_second((periods - 1) * length).unwrap();
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
        // Decisions of the second half count what they did to the last trade: none is gone.
        let may_erase = n < OPERATIONS / WRITERS / 2;
        match kill_after(waits, operate(world, &mut random, may_erase)).await {
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
    let mut users = Vec::new();
    for n in 0..USERS {
        users.push(stage.user(&format!("user-{n}")).await);
    }
    let world = World {
        users: Mutex::new(users),
        strategies: vec![
            stage.strategy("hodl-wave").await,
            stage.strategy("swing-4h").await,
        ],
        stage,
    };
    let (db, now) = (&world.stage.app().db, world.stage.app().clock.now());
    // Of the year: it lasts a few days.
    ensure_partitions(db, Timeframe::H4, now, now).await.unwrap();
    close(&world, &mut Random(seed)).await.unwrap();

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
    assert_curves_have_cash(&world).await;
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
    for sql in [
        "SELECT 1 FROM decisions WHERE status = 'blocked' LIMIT 1",
        "SELECT 1 FROM decisions WHERE status = 'nothing' LIMIT 1",
        "SELECT 1 FROM decisions WHERE status = 'expired' AND trades > 0 LIMIT 1",
        "SELECT 1 FROM auth_events WHERE kind = 'erased' LIMIT 1",
    ] {
        // How often depends on who comes first: once is proof that it does.
        assert_eq!(world.stage.rows(sql).await.len(), 1, "{sql}");
    }
}

/// However money, orders and stops came between one another, no curve shows money that was not there.
async fn assert_curves_have_cash(world: &World) {
    let of_all = [None];
    let of_each = world.strategies.iter().map(|strategy| Some(strategy.id.clone()));
    let scopes: Vec<_> = of_all.into_iter().chain(of_each).collect();
    let mut points = 0;
    for user in world.users() {
        for strategy in &scopes {
            let wanted = Wanted {
                strategy: strategy.clone(),
                interval: Interval::Execution,
                ..Wanted::default()
            };
            let history = match history::read(world.stage.app(), user, wanted).await {
                Ok(history) => history,
                Err(HistoryError::NeverFollowed(_)) => continue,
                Err(error) => panic!("{error:?}"),
            };
            points += history.points.len();
            for point in history.points {
                assert!(!point.cash.is_negative(), "{user} {strategy:?}: {point:?}");
            }
        }
    }
    assert!(points > 1000, "{points} points");
}
