//! The database is killed under traffic and comes back: nobody is told what is not so, and nothing that
//! was acknowledged is lost.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use secrecy::ExposeSecret as _;
use serde_json::Value;
use shared::app::App;
use shared::clock::{Clock, Stopwatch};
use shared::config::{Config, Environment, Section};
use shared::db::admin::ensure_partitions;
use shared::db::migrations::{MIGRATIONS, Runner};
use shared::db::{connect_once, market_data};
use shared::domain::identity::UserId;
use shared::domain::market::{Asset, Candle, Timeframe};
use shared::domain::money::Money;
use shared::domain::strategy::StrategyId;
use shared::ids::Ids;
use shared::secrets::EnvironmentSecrets;
use shared::services::auth::{self, Client, Person, Transport};
use shared::services::{market, scores, subscriptions};
use tests::database::settings_of;
use tests::paper::{self, Order};
use tests::postgres::Postgres;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

/// Requests a second.
const RATE: u64 = 200;
/// How long the traffic goes on before the database is killed, without it, and after it is back.
const BEFORE: Duration = Duration::from_secs(2);
const WITHOUT: Duration = Duration::from_secs(3);
const AFTER: Duration = Duration::from_secs(7);
/// From then on after its return everything must be as it was.
const RECOVERED: Duration = Duration::from_secs(5);
/// Users; each has limits of their own.
const USERS: usize = 24;
/// The smallest amount there is: the n-th change deposits n of them, so that each is told apart.
const GRAIN: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

struct User {
    id: UserId,
    token: String,
}

/// A process that answers over a database that will be killed, on the system's clock.
struct Stage {
    app: App,
    router: axum::Router,
    users: Vec<User>,
}

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Scores,
    Price,
    Strategies,
    Portfolio,
    Trades,
    /// The n-th change.
    Deposit(u64),
}

/// One request and its answer.
#[derive(Debug)]
struct Exchange {
    asked: Asked,
    user: usize,
    /// Since the traffic began.
    at: Duration,
    took: Duration,
    /// What this user's acknowledged changes came to when it was sent.
    acknowledged: u64,
    /// And what all of theirs that had been asked for when it was answered.
    asked_for: u64,
    status: StatusCode,
    retry_after: Option<String>,
    body: Value,
}

async fn app_over(url: &str) -> App {
    let redis = Environment::process()
        .get("REDIS_URL")
        .expect("REDIS_URL")
        .to_owned();
    let told = Environment::from([
        ("ENVIRONMENT", "test".to_owned()),
        ("DATABASE_URL", url.to_owned()),
        ("DATABASE_MAX_CONNECTIONS", "8".to_owned()),
        ("REDIS_URL", redis),
        ("CACHE_NAMESPACE", format!("test-{}", Ids::random().next())),
    ]);
    let config = Config::load(&told, &Section::ALL, &EnvironmentSecrets)
        .await
        .unwrap();
    App::new(config, Clock::system(), Ids::random()).unwrap()
}

impl Stage {
    async fn set(server: &Postgres) -> Self {
        let client = connect_once(&settings_of(&server.url())).await.unwrap();
        Runner::new(client, MIGRATIONS)
            .up(Clock::system().now())
            .await
            .unwrap();
        let app = app_over(&server.url()).await;
        fill_market(&app).await;
        let users = futures_util::future::join_all((0..USERS).map(|n| user(&app, n))).await;
        let hub = Arc::new(automoney::local::Hub::default());
        let router = automoney::local::router(&app, &hub).unwrap();
        Self { app, router, users }
    }

    fn request(&self, asked: Asked, user: usize) -> Request<Body> {
        let (method, path, body) = match asked {
            Asked::Scores => ("GET", "/api/v1/agents/scores", None),
            Asked::Price => ("GET", "/api/v1/market/BTCUSDT", None),
            Asked::Strategies => ("GET", "/api/v1/strategies", None),
            Asked::Portfolio => ("GET", super::PORTFOLIO, None),
            Asked::Trades => ("GET", "/api/v1/trades", None),
            Asked::Deposit(n) => {
                let amount = Decimal::from(n) * GRAIN;
                let body = format!("{{\"deposit\":\"{amount}\"}}");
                ("PATCH", super::SUBSCRIPTION, Some(body))
            }
        };
        Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.users[user].token))
            .header("content-type", "application/json")
            .body(body.map_or_else(Body::empty, Body::from))
            .unwrap()
    }
}

/// A price and an execution to be shown.
async fn fill_market(app: &App) {
    let timeframe = Timeframe::H4;
    let now = app.clock.now();
    let seconds = now.as_second();
    let opened = Timestamp::from_second(seconds - seconds % (4 * 3600) - 4 * 3600).unwrap();
    ensure_partitions(&app.db, timeframe, opened, now).await.unwrap();
    let candle = Candle::new(opened, [Decimal::from(60_000); 4], Decimal::ONE).unwrap();
    market_data::upsert(
        &app.db,
        (Asset::Btc, timeframe),
        &[(candle, false)],
        "sample",
        now,
    )
    .await
    .unwrap();
    let id: StrategyId = "hodl-wave".parse().unwrap();
    let strategy = shared::db::strategies::find(&app.db, &id).await.unwrap().unwrap();
    let as_of = opened + timeframe.duration();
    paper::decide(app, &strategy, as_of, Order::hold("60000", "-"))
        .await
        .unwrap();
    market::remember_prices(app).await.unwrap();
    scores::remember_all(app).await.unwrap();
}

/// Somebody who follows a strategy with a quarter of their money.
async fn user(app: &App, n: usize) -> User {
    let person = Person {
        google_sub: &format!("sub-{n}"),
        email: &format!("user-{n}@example.com"),
        name: None,
    };
    let client = Client {
        transport: Transport::Body,
        user_agent: None,
    };
    let first = auth::sign_in(app, person, client).await.unwrap();
    let connection = app.db.get().await.unwrap();
    connection
        .execute(
            "UPDATE users SET tier = 'enterprise' WHERE id = $1",
            &[&first.account.id.uuid()],
        )
        .await
        .unwrap();
    drop(connection);
    let granted = auth::sign_in(app, person, client).await.unwrap();
    let strategy = "hodl-wave".parse().unwrap();
    subscriptions::follow(app, granted.account.id, &strategy, Money::usd(2_500), None)
        .await
        .unwrap();
    User {
        id: granted.account.id,
        token: granted.access_token.expose_secret().to_owned(),
    }
}

/// What users have asked for and been told so far, by user, in grains.
struct Told {
    acknowledged: [AtomicU64; USERS],
    asked_for: [AtomicU64; USERS],
}

/// Sends one request and notes what came of it.
async fn exchange(
    stage: Arc<Stage>,
    told: Arc<Told>,
    (asked, user): (Asked, usize),
    at: Duration,
) -> Exchange {
    if let Asked::Deposit(n) = asked {
        told.asked_for[user].fetch_add(n, Ordering::SeqCst);
    }
    let acknowledged = told.acknowledged[user].load(Ordering::SeqCst);
    let watch = Stopwatch::start();
    let response = stage
        .router
        .clone()
        .oneshot(stage.request(asked, user))
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    if let Asked::Deposit(n) = asked
        && parts.status.is_success()
    {
        told.acknowledged[user].fetch_add(n, Ordering::SeqCst);
    }
    let retry_after = parts.headers.get("retry-after");
    Exchange {
        asked,
        user,
        at,
        took: watch.elapsed(),
        acknowledged,
        asked_for: told.asked_for[user].load(Ordering::SeqCst),
        status: parts.status,
        retry_after: retry_after.map(|value| value.to_str().unwrap().to_owned()),
        body: serde_json::from_slice(&body).unwrap(),
    }
}

/// The n-th request: two of five change something.
fn nth(n: u64) -> (Asked, usize) {
    let user = usize::try_from(n).unwrap() * 7 % USERS;
    let asked = match n % 10 {
        0 | 3 | 5 | 8 => Asked::Deposit(n + 1),
        1 => Asked::Scores,
        2 => Asked::Price,
        4 => Asked::Strategies,
        6 => Asked::Trades,
        _ => Asked::Portfolio,
    };
    (asked, user)
}

impl Exchange {
    /// Nothing was wrong and nothing was old.
    fn is_as_always(&self) -> bool {
        self.status == StatusCode::OK && self.body["data"]["stale"] != true
    }

    /// It is right, or says that it is old, or says when to come back.
    fn check(&self) {
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            assert!(self.retry_after.is_some(), "{self:?}");
            assert_eq!(self.body["success"], false, "{self:?}");
            return;
        }
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        let data = &self.body["data"];
        match self.asked {
            Asked::Scores => assert_eq!(data["strategy_id"], "hodl-wave", "{self:?}"),
            Asked::Price => assert_eq!(data["last_close"]["price"], "60000", "{self:?}"),
            Asked::Strategies => assert_eq!(data["items"].as_array().unwrap().len(), 2, "{self:?}"),
            Asked::Trades => assert_eq!(data["items"], serde_json::json!([]), "{self:?}"),
            Asked::Deposit(_) => assert_eq!(data["status"], "active", "{self:?}"),
            Asked::Portfolio => self.check_portfolio(data),
        }
        if data["stale"] == true {
            assert!(data["age_seconds"].as_i64().unwrap() >= 0, "{self:?}");
        }
    }

    /// No money is lost or made, and nothing that was acknowledged is missing from what is not old.
    fn check_portfolio(&self, data: &Value) {
        let amount = |value: &Value| value.as_str().unwrap().parse::<Decimal>().unwrap();
        let (free, paid_in) = (
            amount(&data["free_cash"]),
            amount(&data["subscriptions"][0]["paid_in"]),
        );
        assert_eq!(free + paid_in, Decimal::from(10_000), "{self:?}");
        let deposited = paid_in - Decimal::from(2_500);
        let at_most = Decimal::from(self.asked_for) * GRAIN;
        assert!(deposited <= at_most, "more than was asked for: {self:?}");
        if data["stale"] == false {
            let at_least = Decimal::from(self.acknowledged) * GRAIN;
            assert!(deposited >= at_least, "less than was acknowledged: {self:?}");
        }
    }
}

/// Requests at a steady rate until it is told to stop, each on its own, whatever becomes of the others.
async fn traffic(stage: Arc<Stage>, watch: Stopwatch, stop: Arc<AtomicBool>) -> Vec<Exchange> {
    let told = Arc::new(Told {
        acknowledged: [const { AtomicU64::new(0) }; USERS],
        asked_for: [const { AtomicU64::new(0) }; USERS],
    });
    let mut sent = JoinSet::new();
    let mut ticks = tokio::time::interval(Duration::from_micros(1_000_000 / RATE));
    for n in 0.. {
        ticks.tick().await;
        if stop.load(Ordering::SeqCst) {
            break;
        }
        sent.spawn(exchange(stage.clone(), told.clone(), nth(n), watch.elapsed()));
    }
    sent.join_all().await
}

async fn wait(how_long: Duration) {
    let mut ticks = tokio::time::interval(how_long);
    // The first one is at once.
    ticks.tick().await;
    ticks.tick().await;
}

/// The changes that are in the book, in grains, with how often each is there.
async fn booked(app: &App) -> BTreeMap<(UserId, u64), usize> {
    let connection = app.db.get().await.unwrap();
    let rows = connection
        .query(
            "SELECT user_id, amount FROM portfolio_entries WHERE kind = 'paid_in'",
            &[],
        )
        .await
        .unwrap();
    let mut booked = BTreeMap::new();
    for row in rows {
        let grains = -row.get::<_, Decimal>(1) / GRAIN;
        let key = (
            UserId::from(row.get::<_, uuid::Uuid>(0)),
            grains.to_u64().unwrap(),
        );
        *booked.entry(key).or_default() += 1;
    }
    booked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_under_traffic_the_database_loses_nothing_and_all_is_well_five_seconds_after_its_return() {
    let mut server = Postgres::start().await;
    let stage = Arc::new(Stage::set(&server).await);
    let (watch, stop) = (Stopwatch::start(), Arc::new(AtomicBool::new(false)));
    let traffic = tokio::spawn(traffic(stage.clone(), watch, stop.clone()));
    wait(BEFORE).await;
    let killed = watch.elapsed();
    server.kill().await;
    wait(WITHOUT).await;
    server.start_again().await;
    let returned = watch.elapsed();
    wait(AFTER).await;
    stop.store(true, Ordering::SeqCst);
    let exchanges = traffic.await.unwrap();

    exchanges.iter().for_each(Exchange::check);

    // Exactly what was acknowledged is in the book, each once; besides it at most what nobody was told of.
    let booked = booked(&stage.app).await;
    assert!(booked.values().all(|times| *times == 1));
    let mut asked_for = 0;
    for exchange in &exchanges {
        let Asked::Deposit(n) = exchange.asked else {
            continue;
        };
        let is_there = booked.contains_key(&(stage.users[exchange.user].id, n));
        assert!(is_there || !exchange.status.is_success(), "lost: {exchange:?}");
        asked_for += usize::from(is_there);
    }
    assert_eq!(
        booked.len(),
        asked_for + USERS,
        "the capital of each, and what was asked for"
    );

    // It was as bad as it should be, and over in time.
    let during = |from: Duration, to: Duration| {
        exchanges
            .iter()
            .filter(move |exchange| exchange.at >= from && exchange.at < to)
    };
    let gone: Vec<&Exchange> = during(
        killed + Duration::from_millis(500),
        returned.saturating_sub(Duration::from_millis(500)),
    )
    .collect();
    assert!(gone.iter().any(|exchange| exchange.body["data"]["stale"] == true));
    assert!(gone.iter().all(
        |exchange| !matches!(exchange.asked, Asked::Deposit(_) | Asked::Trades) || exchange.status == 503
    ));
    let portfolios = gone.iter().filter(|exchange| exchange.asked == Asked::Portfolio);
    assert!(portfolios.clone().count() > 20);
    for exchange in portfolios {
        assert_eq!(exchange.body["data"]["stale"], true, "{exchange:?}");
    }
    let late: Vec<&Exchange> = during(returned + RECOVERED, Duration::MAX)
        .filter(|exchange| !exchange.is_as_always())
        .collect();
    assert!(
        late.is_empty(),
        "{} of them, such as {:?}",
        late.len(),
        late.first()
    );
    let recovered = during(returned, Duration::MAX)
        .filter(|exchange| !exchange.is_as_always())
        .map(|exchange| exchange.at)
        .max();
    let slowest = exchanges.iter().map(|exchange| exchange.took).max();
    println!(
        "{} requests in {:?}; killed at {killed:?}, back at {returned:?}, last trouble after that at {recovered:?}; \
         slowest {slowest:?}",
        exchanges.len(),
        watch.elapsed()
    );
    assert!(
        exchanges.len() as u64 > RATE * 5,
        "only {} requests",
        exchanges.len()
    );
    stage.app.db.close();
}
