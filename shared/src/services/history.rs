//! A portfolio over time: the equity curve, the benchmark beside it, the statistics.
//!
//! Drawn anew for each answer from the ledger and the stored prices; nothing of it is kept. An answer
//! is bounded: so many points and no more, and trades are summed up between them by the database.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::app::App;
use crate::db::portfolios::{self, Decided, Flow, Owner, Span};
use crate::db::{self, DbError, Transaction, strategies, subscriptions};
use crate::domain::decision::{ClosingPrice, newest_close};
use crate::domain::equity::{self, Benchmark, Moment, PointKind, ShownPoint};
use crate::domain::identity::UserId;
use crate::domain::market::{Asset, Price};
use crate::domain::money::Money;
use crate::domain::paper::Prices;
use crate::domain::statistics::Statistics;
use crate::domain::strategy::StrategyId;
use crate::domain::subscriptions::{FREE_HISTORY_DAYS, history_since};
use crate::domain::wire::Utc;

/// Points of an answer at most: two years of a strategy that decides six times a day, or thirteen
/// years of days.
pub const MOST_POINTS: usize = 5_000;

/// How large an answer may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Points.
    pub points: usize,
    /// Times at which money came or went: each costs a look at the market of then.
    pub flows: usize,
    /// Sums of trades between points.
    pub movements: usize,
}

impl Bounds {
    /// Those of every answer; the sums are those of five subscriptions with two assets at every point.
    pub const USUAL: Self = Self {
        points: MOST_POINTS,
        flows: 500,
        movements: 50_000,
    };
}

/// Of what there would be more than an answer may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooMany {
    /// Days: no other interval has fewer points.
    Days,
    /// Days and times of decisions.
    Executions,
    /// Times at which money came or went.
    Flows,
    /// Sums of trades between points.
    Movements,
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Why a history cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The user is gone.
    #[error("there is no portfolio")]
    NoPortfolio,
    /// There is no strategy of this id.
    #[error("there is no strategy {0}")]
    NoStrategy(StrategyId),
    /// The user has never followed the strategy.
    #[error("{0} was never followed")]
    NeverFollowed(StrategyId),
    /// The answer would be too long.
    #[error("{what:?}: more than {most}")]
    TooMuch {
        /// Of what.
        what: TooMany,
        /// How many there may be.
        most: usize,
        /// Which points were asked for.
        interval: Interval,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Which points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    /// One a day, at 00:00 UTC.
    #[default]
    Day,
    /// Those, and one at each time as of which a strategy decided.
    Execution,
}

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// What was put into this strategy alone; the whole portfolio otherwise.
    pub strategy: Option<StrategyId>,
    /// Not before this.
    pub from: Option<Timestamp>,
    /// Not after this.
    pub to: Option<Timestamp>,
    /// Which points.
    pub interval: Interval,
}

/// A portfolio over time.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct History {
    /// What was put into this strategy alone; null for the whole portfolio.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub strategy_id: Option<StrategyId>,
    /// Its beginning: what was asked for, but not before there was any money, nor before what the plan shows.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub from: Utc,
    /// Its end.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub to: Utc,
    /// Which points.
    pub interval: Interval,
    /// The plan shows so many days, and hides what is before; null when nothing is hidden.
    pub limited_to_days: Option<i64>,
    /// Oldest first.
    pub points: Vec<ShownPoint>,
    /// What the line beside it is; null before there is one.
    pub benchmark: Option<Benchmark>,
    /// The figures of this span, from daily values.
    pub statistics: Statistics,
}

/// A user's portfolio over time, or that part of it which follows a strategy.
pub async fn read(app: &App, user: UserId, wanted: Wanted) -> Result<History, HistoryError> {
    read_within(app, user, wanted, Bounds::USUAL).await
}

/// The same within other bounds.
pub async fn read_within(
    app: &App,
    user: UserId,
    wanted: Wanted,
    bounds: Bounds,
) -> Result<History, HistoryError> {
    let now = app.clock.now();
    if let Some(strategy) = &wanted.strategy
        && strategies::find(&app.db, strategy).await?.is_none()
    {
        return Err(HistoryError::NoStrategy(strategy.clone()));
    }
    let mut connection = app.db.get().await?;
    let transaction = db::begin_reading(&mut connection).await?;
    let portfolio = portfolios::find(&transaction, user).await?;
    let portfolio = portfolio.ok_or(HistoryError::NoPortfolio)?;
    let followed = portfolios::list_followed(&transaction, user).await?;
    let (start, names) = match &wanted.strategy {
        None => (portfolio.created_at, names_of(&followed)),
        Some(strategy) => {
            let since = followed.iter().find(|(id, _)| id == strategy.as_str());
            let (id, since) = since.ok_or_else(|| HistoryError::NeverFollowed(strategy.clone()))?;
            (*since, vec![id.as_str()])
        }
    };
    let asked = wanted.from.map_or(start, |from| from.max(start));
    let shown_since = history_since(portfolio.tier, now);
    let since = shown_since.map_or(asked, |limit| limit.max(asked));
    let until = wanted.to.map_or(now, |to| to.min(now));
    let scope = Scope {
        user,
        strategy: wanted.strategy.as_ref(),
        names,
        span: Span {
            since,
            until: until.max(since),
        },
        interval: wanted.interval,
        bounds,
        // A span that lies before there was anything has no points.
        is_empty: until < since,
        ends_now: until == now,
    };
    let curve = scope.draw(&transaction).await?;
    Ok(History {
        limited_to_days: (since > asked).then_some(FREE_HISTORY_DAYS),
        from: since.into(),
        to: scope.span.until.into(),
        interval: wanted.interval,
        points: curve.points.into_iter().map(ShownPoint::from).collect(),
        benchmark: curve.benchmark,
        statistics: curve.statistics,
        strategy_id: wanted.strategy,
    })
}

fn names_of(followed: &[(String, Timestamp)]) -> Vec<&str> {
    followed.iter().map(|(id, _)| id.as_str()).collect()
}

/// What of whose.
struct Scope<'a> {
    user: UserId,
    strategy: Option<&'a StrategyId>,
    /// The strategies whose decisions make points.
    names: Vec<&'a str>,
    span: Span,
    interval: Interval,
    bounds: Bounds,
    is_empty: bool,
    ends_now: bool,
}

impl Scope<'_> {
    async fn draw(&self, transaction: &Transaction<'_>) -> Result<equity::Curve, HistoryError> {
        if self.is_empty {
            return Ok(equity::draw(Money::ZERO, &[], &[]));
        }
        let (opening, flows) = self.flows(transaction).await?;
        let mut moments = Moments::over(self.span, self.bounds.points)?;
        moments.price_days(&daily_closes(transaction, self.span).await?);
        self.add_executions(transaction, &mut moments, &flows).await?;
        self.add_flows(transaction, &mut moments, &flows).await?;
        let moments = moments.in_order();
        let shown = moments.iter().filter(|moment| moment.shown.is_some()).count();
        if shown > self.bounds.points {
            return Err(self.too_much(self.too_many_points(), self.bounds.points));
        }
        let times: Vec<Timestamp> = moments.iter().map(|moment| moment.at).collect();
        let owner = Owner::User(self.user, self.strategy.map(StrategyId::as_str));
        let most = self.bounds.movements;
        let movements = portfolios::list_movements(transaction, owner, &times, one_more(most)).await?;
        if movements.len() > most {
            return Err(self.too_much(TooMany::Movements, most));
        }
        Ok(equity::draw(opening, &moments, &movements))
    }

    /// The money from outside at the beginning, and what came and went since. Between a portfolio and
    /// its subscriptions nothing comes from outside.
    async fn flows(&self, transaction: &Transaction<'_>) -> Result<(Money, Vec<Flow>), HistoryError> {
        let Some(strategy) = self.strategy else {
            let opening = portfolios::find_opening(transaction, self.user).await?;
            return Ok((opening.map_or(Money::ZERO, |(_, amount)| amount), Vec::new()));
        };
        let whose = (self.user, strategy.as_str());
        let most = self.bounds.flows;
        let (opening, flows) = portfolios::list_flows(transaction, whose, self.span, one_more(most)).await?;
        if flows.len() > most {
            return Err(self.too_much(TooMany::Flows, most));
        }
        Ok((opening, flows))
    }

    const fn too_much(&self, what: TooMany, most: usize) -> HistoryError {
        HistoryError::TooMuch {
            what,
            most,
            interval: self.interval,
        }
    }

    const fn too_many_points(&self) -> TooMany {
        match self.interval {
            Interval::Day => TooMany::Days,
            Interval::Execution => TooMany::Executions,
        }
    }

    /// The times of decisions. Where only days are shown, those at midnight, and those at which a benchmark
    /// may begin.
    async fn add_executions(
        &self,
        transaction: &Transaction<'_>,
        moments: &mut Moments,
        flows: &[Flow],
    ) -> Result<(), HistoryError> {
        let which = match self.interval {
            Interval::Day => Decided::AtMidnight,
            Interval::Execution => Decided::Every,
        };
        let most = self.bounds.points;
        let decided =
            portfolios::list_decided(transaction, &self.names, which, self.span, one_more(most)).await?;
        if decided.len() > most {
            return Err(self.too_much(self.too_many_points(), most));
        }
        for (at, prices) in decided {
            let shown = (self.interval == Interval::Execution).then_some(PointKind::Execution);
            moments.decided(at, prices, shown);
        }
        if self.interval == Interval::Day {
            let since = beginnings(self.span.since, flows);
            let until = self.span.until;
            let first = portfolios::list_first_decided(transaction, &self.names, &since, until).await?;
            for (at, prices) in first {
                moments.decided(at, prices, None);
            }
        }
        Ok(())
    }

    /// The times at which money came or went, and the end, at the last closed prices of then.
    async fn add_flows(
        &self,
        transaction: &Transaction<'_>,
        moments: &mut Moments,
        flows: &[Flow],
    ) -> Result<(), HistoryError> {
        let end = self.ends_now.then_some(self.span.until);
        let times: Vec<Timestamp> = flows.iter().map(|(at, _)| *at).chain(end).collect();
        let closes = subscriptions::list_closes(transaction, &times).await?;
        for (at, amount) in flows {
            moments.flowed(*at, closed_prices(&closes, *at), *amount);
        }
        if let Some(end) = end {
            moments.ended(end, closed_prices(&closes, end));
        }
        Ok(())
    }
}

/// The last closed prices at a time, out of those of several.
pub(super) fn closed_prices(closes: &[(Timestamp, Asset, ClosingPrice)], at: Timestamp) -> Prices {
    let of = |asset| {
        let then = closes.iter().filter(|(time, of, _)| *time == at && *of == asset);
        newest_close(then.map(|(_, _, close)| *close), at).map(|close| close.price)
    };
    Prices::new(of(Asset::Btc), of(Asset::Eth))
}

/// The times from which on a benchmark may begin: that of the span, and those at which money came for the
/// first time, or after some had gone.
fn beginnings(since: Timestamp, flows: &[Flow]) -> Vec<Timestamp> {
    let mut times = vec![since];
    let mut comes = false;
    for (at, amount) in flows {
        let came = std::mem::replace(&mut comes, !amount.is_negative());
        if comes && !came {
            times.push(*at);
        }
    }
    times
}

/// A limit that tells whether there are more than there may be.
fn one_more(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1)
}

/// The closes of the days that end within a span, by open time.
pub(super) async fn daily_closes(
    transaction: &Transaction<'_>,
    span: Span,
) -> Result<BTreeMap<(Timestamp, Asset), Price>, DbError> {
    let days = Span {
        since: span.since - DAY,
        until: span.until - DAY,
    };
    portfolios::list_daily_closes(transaction, days).await
}

/// The moments of a curve while they are put together.
pub(super) struct Moments(BTreeMap<Timestamp, Moment>);

impl Moments {
    /// The beginning of a span, and every midnight in it.
    pub(super) fn over(span: Span, most: usize) -> Result<Self, HistoryError> {
        let day = DAY.as_secs();
        let first = span.since.as_second().div_euclid(day);
        let last = span.until.as_second().div_euclid(day);
        let days = usize::try_from(last - first).unwrap_or(usize::MAX);
        if days > most {
            return Err(HistoryError::TooMuch {
                what: TooMany::Days,
                most,
                interval: Interval::Day,
            });
        }
        let mut moments = Self(BTreeMap::new());
        moments.at(span.since);
        for midnight in (first..=last).filter_map(|number| Timestamp::from_second(number * day).ok()) {
            if midnight >= span.since {
                moments.at(midnight).shown = Some(PointKind::Day);
            }
        }
        Ok(moments)
    }

    fn at(&mut self, at: Timestamp) -> &mut Moment {
        self.0.entry(at).or_insert(Moment {
            at,
            prices: Prices::default(),
            shown: None,
            is_execution: false,
            flow: Money::ZERO,
        })
    }

    /// What is known better goes before what is known already.
    fn priced(&mut self, at: Timestamp, better: Prices) -> &mut Moment {
        let moment = self.at(at);
        let of = |asset| better.of(asset).or(moment.prices.of(asset));
        moment.prices = Prices::new(of(Asset::Btc), of(Asset::Eth));
        moment
    }

    /// Days are worth what their candles closed at.
    pub(super) fn price_days(&mut self, closes: &BTreeMap<(Timestamp, Asset), Price>) {
        for moment in self.0.values_mut().filter(|moment| moment.shown.is_some()) {
            let of = |asset| closes.get(&(moment.at - DAY, asset)).copied();
            moment.prices = Prices::new(of(Asset::Btc), of(Asset::Eth));
        }
    }

    fn decided(&mut self, at: Timestamp, prices: Prices, shown: Option<PointKind>) {
        let moment = self.priced(at, prices);
        moment.is_execution = true;
        moment.shown = shown.or(moment.shown);
    }

    /// Money came or went.
    pub(super) fn flowed(&mut self, at: Timestamp, prices: Prices, amount: Money) {
        let known = self.at(at).prices;
        self.priced(at, prices);
        self.priced(at, known).flow += amount;
    }

    /// The curve ends here.
    pub(super) fn ended(&mut self, at: Timestamp, prices: Prices) {
        let known = self.at(at).prices;
        self.priced(at, prices);
        let moment = self.priced(at, known);
        moment.shown = moment.shown.or(Some(PointKind::Now));
    }

    /// In the order of time.
    pub(super) fn in_order(self) -> Vec<Moment> {
        self.0.into_values().collect()
    }
}
