//! A book without a market: followers, decisions of any kind at any prices, and the sum of it all.
//!
//! For what happens to a decision once it is made. Nothing here collects, analyses or decides.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use shared::app::App;
use shared::clock::Clock;
use shared::config::{Config, Environment, Section};
use shared::db::DbError;
use shared::db::decisions::{self, Decisions, NewDecision, Status};
use shared::db::executions::{self, Decided, Execution};
use shared::domain::agents::AgentKind;
use shared::domain::decision::{Conviction, Signal};
use shared::domain::identity::{DecisionId, SubscriptionId, UserId};
use shared::domain::market::Price;
use shared::domain::money::Money;
use shared::domain::paper::Prices;
use shared::domain::strategy::{Strategy, StrategyId, Weights};
use shared::ids::{self, Ids};
use shared::secrets::EnvironmentSecrets;
use tokio_postgres::Client;

use crate::database::Database;

/// The boundary at which a stage begins.
pub const T: &str = "2024-03-01T12:00:00Z";

/// Every sentence that must hold of a book, as a query for what breaks it.
const INVARIANTS: [(&str, &str); 8] = [
    (
        "paid in - taken out + realised = cash + cost",
        "SELECT s.id::text FROM subscriptions s
         LEFT JOIN (SELECT subscription_id, sum(total_cost) AS cost FROM holdings GROUP BY 1) h ON h.subscription_id = s.id
         WHERE s.paid_in - s.taken_out + s.realised <> s.cash + coalesce(h.cost, 0)",
    ),
    (
        "cash = paid in - taken out - buys + sells",
        "SELECT s.id::text FROM subscriptions s
         LEFT JOIN (SELECT subscription_id,
                           sum(CASE side WHEN 'buy' THEN -(value + fee) ELSE value - fee END) AS moved
                    FROM trades GROUP BY 1) t ON t.subscription_id = s.id
         WHERE s.cash <> s.paid_in - s.taken_out + coalesce(t.moved, 0)",
    ),
    (
        "realised is the sum of the sales'",
        "SELECT s.id::text FROM subscriptions s
         LEFT JOIN (SELECT subscription_id, sum(realised) AS realised FROM trades GROUP BY 1) t ON t.subscription_id = s.id
         WHERE s.realised <> coalesce(t.realised, 0)",
    ),
    (
        "holdings are the sum of the trades",
        "SELECT coalesce(h.subscription_id, t.subscription_id)::text FROM holdings h
         FULL JOIN (SELECT subscription_id, asset,
                           sum(CASE side WHEN 'buy' THEN quantity ELSE -quantity END) AS quantity,
                           sum(CASE side WHEN 'buy' THEN cost ELSE -cost END) AS cost
                    FROM trades GROUP BY 1, 2) t ON (t.subscription_id, t.asset) = (h.subscription_id, h.asset)
         WHERE (h.quantity, h.total_cost) IS DISTINCT FROM (t.quantity, t.cost)",
    ),
    (
        "nothing is negative",
        "SELECT id::text FROM subscriptions WHERE cash < 0
         UNION ALL SELECT subscription_id::text FROM holdings WHERE quantity < 0 OR total_cost < 0
         UNION ALL SELECT user_id::text FROM portfolios WHERE free_cash < 0",
    ),
    (
        "free cash = opening - paid in + taken out",
        "SELECT p.user_id::text FROM portfolios p
         LEFT JOIN (SELECT user_id, sum(amount) AS moved FROM portfolio_entries GROUP BY 1) e ON e.user_id = p.user_id
         WHERE p.free_cash <> coalesce(e.moved, 0)",
    ),
    (
        "what a portfolio paid is what its subscriptions got",
        "SELECT s.id::text FROM subscriptions s
         LEFT JOIN (SELECT subscription_id, -sum(amount) FILTER (WHERE kind = 'paid_in') AS paid_in,
                           sum(amount) FILTER (WHERE kind = 'taken_out') AS taken_out
                    FROM portfolio_entries GROUP BY 1) e ON e.subscription_id = s.id
         WHERE s.user_id IS NOT NULL
           AND (s.paid_in, s.taken_out) <> (coalesce(e.paid_in, 0), coalesce(e.taken_out, 0))",
    ),
    (
        "a decision counts what it did, once",
        "SELECT d.id::text FROM decisions d
         LEFT JOIN (SELECT decision_id, count(*) AS trades, count(DISTINCT subscription_id) AS traded
                    FROM trades GROUP BY 1) t ON t.decision_id = d.id
         CROSS JOIN LATERAL (SELECT coalesce(sum(value::bigint), 0) AS skipped FROM jsonb_each_text(d.skipped)) s
         -- Trades go with an account that is erased: then it counts what there was.
         CROSS JOIN LATERAL (SELECT EXISTS (
             SELECT FROM auth_events WHERE kind = 'erased' AND created_at > d.created_at - interval '12 hours'
         ) AS may_lack) e
         WHERE d.trades < coalesce(t.trades, 0) OR d.subscriptions < coalesce(t.traded, 0) + s.skipped
            OR NOT e.may_lack AND (d.trades, d.subscriptions) <> (coalesce(t.trades, 0), coalesce(t.traded, 0) + s.skipped)",
    ),
];

/// Whatever could have been changed twice or not at all, without times and ids of trades.
const STATE: &str = "
    SELECT count(*) || ' lines, ' || sum(hashtextextended(line, 0)::numeric) FROM (
        SELECT concat_ws(' ', 'subscription', id, cash, realised, last_decision_id, last_outcome) AS line
        FROM subscriptions
        UNION ALL
        SELECT concat_ws(' ', 'holding', subscription_id, asset, quantity, total_cost) FROM holdings
        UNION ALL
        SELECT concat_ws(' ', 'trade', subscription_id, decision_id, asset, side, quantity, price, fill, value, fee, cost,
                         realised, cash_after, quantity_after, cost_after) FROM trades
        UNION ALL
        SELECT concat_ws(' ', 'decision', id, status, subscriptions, trades, skipped) FROM decisions
        UNION ALL
        SELECT concat_ws(' ', 'event', user_id, seq, event, data) FROM push_outbox
    ) AS lines";

/// A database, and what a function is given, on a clock of its own.
#[derive(Debug)]
pub struct Stage {
    database: Database,
    app: App,
    client: Client,
}

/// What a decision says.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// BUY, SELL or HOLD.
    pub signal: Signal,
    /// The share of equity to buy with.
    pub position: Decimal,
    /// The prices of T.
    pub prices: Prices,
}

impl Order {
    /// A BUY with a share of equity, at these prices of BTC and ETH; `-` for none.
    pub fn buy(position: &str, btc: &str, eth: &str) -> Self {
        Self {
            signal: Signal::Buy,
            position: position.parse().expect("a share"),
            prices: prices(btc, eth),
        }
    }

    /// A SELL at these prices.
    pub fn sell(btc: &str, eth: &str) -> Self {
        Self {
            signal: Signal::Sell,
            position: Decimal::new(-5, 1),
            prices: prices(btc, eth),
        }
    }

    /// A HOLD at these prices.
    pub fn hold(btc: &str, eth: &str) -> Self {
        Self {
            signal: Signal::Hold,
            position: Decimal::ZERO,
            prices: prices(btc, eth),
        }
    }
}

/// Prices of BTC and ETH; `-` for none.
pub fn prices(btc: &str, eth: &str) -> Prices {
    let known = |text: &str| text.parse().ok().and_then(Price::new);
    Prices::new(known(btc), known(eth))
}

impl Stage {
    /// An empty one, two minutes after [`T`].
    pub async fn start() -> Self {
        let database = Database::fresh().await;
        let at: Timestamp = T.parse().expect("a time");
        let app = app_on(database.url(), at + SignedDuration::from_mins(2)).await;
        let client = database.client().await;
        Self {
            database,
            app,
            client,
        }
    }

    /// What a function is given.
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// The database.
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// A connection of the test's own.
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// A strategy as its row says.
    pub async fn strategy(&self, id: &str) -> Strategy {
        let id: StrategyId = id.parse().expect("an id");
        let found = shared::db::strategies::find(&self.app.db, &id).await;
        found.expect("the database").expect("a strategy")
    }

    /// A user of the widest tier with a portfolio and an open stream of events.
    pub async fn user(&self, name: &str) -> UserId {
        let id = self.app.ids.next();
        let now = self.app.clock.now();
        let sql = "WITH u AS (INSERT INTO users (id, google_sub, email, tier, created_at, signed_in_at)
                              VALUES ($1, $2, $2 || '@example.com', 'enterprise', $3, $3)),
                        p AS (INSERT INTO portfolios VALUES ($1, 10000, $3)),
                        e AS (INSERT INTO portfolio_entries VALUES ($4, $1, 'opening', NULL, 10000, 10000, $3))
                   INSERT INTO push_streams VALUES ($1, 0, $3::timestamptz + interval '1 year')";
        let entry = self.app.ids.next();
        self.client
            .execute(sql, &[&id, &name, &now, &entry])
            .await
            .expect("a user");
        id.into()
    }

    /// A new user who has followed a strategy since a minute before [`T`], with this capital.
    pub async fn follower(&self, name: &str, strategy: &str, capital: &str) -> SubscriptionId {
        let user = self.user(name).await;
        let since: Timestamp = T.parse().expect("a time");
        self.subscribe(user, strategy, capital, since - SignedDuration::from_mins(1))
            .await
    }

    /// A subscription of a user, active since a time.
    pub async fn subscribe(
        &self,
        user: UserId,
        strategy: &str,
        capital: &str,
        since: Timestamp,
    ) -> SubscriptionId {
        let capital: Decimal = capital.parse().expect("an amount");
        let (id, entry) = (self.app.ids.next(), self.app.ids.next());
        let sql = "WITH s AS (INSERT INTO subscriptions
                                  (id, user_id, strategy_id, status, paid_in, taken_out, cash, realised, active_since,
                                   created_at)
                              VALUES ($1, $2, $3, 'active', $4, 0, $4, 0, $5, $5)),
                        p AS (UPDATE portfolios SET free_cash = free_cash - $4 WHERE user_id = $2 RETURNING free_cash)
                   INSERT INTO portfolio_entries SELECT $6, $2, 'paid_in', $1, -$4::numeric, free_cash, $5 FROM p";
        self.client
            .execute(sql, &[&id, &user.uuid(), &strategy, &capital, &since, &entry])
            .await
            .expect("a subscription");
        id.into()
    }

    /// Gives a subscription weights of its own.
    pub async fn reweight(&self, subscription: SubscriptionId, weights: [&str; 3]) {
        let [macro_, onchain, ta] = weights.map(|weight| weight.parse::<Decimal>().expect("a weight"));
        let sql =
            "UPDATE subscriptions SET weight_macro = $2, weight_onchain = $3, weight_ta = $4 WHERE id = $1";
        self.client
            .execute(sql, &[&subscription.uuid(), &macro_, &onchain, &ta])
            .await
            .expect("weights");
    }

    /// Records an execution as of a time with the same order for the strategy's own weights and for
    /// every other vector. Returns the decision of the strategy's own.
    pub async fn decide(&self, strategy: &str, as_of: Timestamp, order: Order) -> DecisionId {
        let strategy = self.strategy(strategy).await;
        decide(&self.app, &strategy, as_of, order)
            .await
            .expect("a decision")
    }

    /// The same for `hodl-wave` as of [`T`].
    pub async fn decided(&self, order: Order) -> DecisionId {
        self.decide("hodl-wave", T.parse().expect("a time"), order).await
    }

    /// The rows of a query, as text.
    pub async fn rows(&self, sql: &str) -> Vec<String> {
        let rows = self
            .client
            .query(&format!("SELECT t::text FROM ({sql}) t"), &[])
            .await;
        rows.expect("a query").iter().map(|row| row.get(0)).collect()
    }

    /// What all trades have made of all books, in short.
    pub async fn state(&self) -> String {
        let row = self.client.query_one(STATE, &[]).await.expect("a state");
        row.get(0)
    }

    /// Everything that does not add up, read from one snapshot; nothing when the book is right.
    pub async fn violations(&self) -> Vec<String> {
        violations(&self.client).await
    }
}

/// What a function is given that has a database and nothing else, at a time.
pub async fn app_on(url: &str, at: Timestamp) -> App {
    let environment = Environment::from([
        ("ENVIRONMENT", "test".to_owned()),
        ("DATABASE_URL", url.to_owned()),
        ("DATABASE_MAX_CONNECTIONS", "12".to_owned()),
    ]);
    let config = Config::load(&environment, &[Section::Database], &EnvironmentSecrets)
        .await
        .expect("a configuration");
    App::new(config, Clock::fixed(at), Ids::random()).expect("an app")
}

/// Everything that does not add up, read from one snapshot.
pub async fn violations(client: &Client) -> Vec<String> {
    client
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await
        .expect("a snapshot");
    let mut found = Vec::new();
    for (sentence, sql) in INVARIANTS {
        for row in client.query(sql, &[]).await.expect("a query") {
            found.push(format!("{sentence}: not for {}", row.get::<_, String>(0)));
        }
    }
    client.batch_execute("COMMIT").await.expect("the end");
    found
}

/// Records an execution with an order, as a run would.
pub async fn decide(
    app: &App,
    strategy: &Strategy,
    as_of: Timestamp,
    order: Order,
) -> Result<DecisionId, DbError> {
    let now = app.clock.now();
    let execution = Execution {
        id: ids::of_execution(strategy.id.as_str(), as_of),
        strategy_id: strategy.id.to_string(),
        as_of,
        decided: Some(Decided {
            conviction: Decimal::new(78, 0),
            signal: order.signal.as_str().to_owned(),
        }),
        document: serde_json::json!({}),
        created_at: now,
    };
    decisions::ensure_reference(&app.db, &strategy.id, Money::usd(10_000), as_of, now).await?;
    let made = |weights: Weights| NewDecision {
        weights,
        is_own: weights == strategy.weights,
        decided: Some((Conviction::nearest(Decimal::new(78, 0)), order.signal)),
        position: order.position,
        explanation: String::new(),
        status: match order.signal {
            Signal::Buy | Signal::Sell => Status::Pending,
            Signal::Hold | Signal::Pause => Status::Nothing,
        },
        reason: None,
    };
    let others = decisions::list_vectors(&app.db, &strategy.id, as_of).await?;
    let vectors = std::iter::once(strategy.weights)
        .chain(others.into_iter().filter(|weights| *weights != strategy.weights));
    let decided = Decisions {
        prices: order.prices,
        made: vectors.map(made).collect(),
    };
    executions::record(&app.db, &execution, &[], &decided, &[]).await?;
    let parts = [AgentKind::Macro, AgentKind::Onchain, AgentKind::Ta].map(|agent| strategy.weights.of(agent));
    Ok(ids::of_decision(execution.id, parts).into())
}
