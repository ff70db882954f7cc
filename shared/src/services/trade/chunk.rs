//! One chunk of one decision: a transaction.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{PATIENCE, TradeError, events};
use crate::app::App;
use crate::db::decisions::{self, Pending, Progress, Status};
use crate::db::ledger::{self, Account, NewTrade, Origin, Settled};
use crate::db::{self, DbError, Transaction, locks, push};
use crate::domain::decision::{Signal, reasons};
use crate::domain::identity::DecisionId;
use crate::domain::paper::{self, Outcome, SkipReason};

/// What a chunk did.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Step {
    pub(super) traded: Traded,
    /// What became of the decision, when nothing of it is left.
    pub(super) end: Option<End>,
}

/// How much.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traded {
    pub(super) subscriptions: usize,
    pub(super) trades: usize,
}

/// The end of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Everybody was dealt with.
    Traded,
    /// It came too late.
    Expired,
    /// A lock stopped it.
    Blocked,
    /// Another runner has ended it.
    Elsewhere,
}

impl Step {
    const fn only(end: End) -> Self {
        Self {
            traded: Traded {
                subscriptions: 0,
                trades: 0,
            },
            end: Some(end),
        }
    }
}

/// Trades the next `chunk` subscriptions of a decision, or ends it.
pub(super) async fn next(app: &App, id: DecisionId, chunk: usize) -> Result<Step, TradeError> {
    let now = app.clock.now();
    let mut connection = app.db.get().await?;
    let transaction = db::begin(&mut connection).await?;
    let Some(decision) = decisions::lock_pending(&transaction, id).await? else {
        return Ok(Step::only(End::Elsewhere));
    };
    let step = match obstacle(&transaction, &decision, now).await? {
        Some((status, end, reason)) => {
            decisions::give_up(&transaction, id, status, &reason, now).await?;
            tracing::warn!(decision = %id, status = status.as_str(), reason, "a decision is not traded any further");
            Step::only(end)
        }
        None => trade(app, &transaction, &decision, chunk, now).await?,
    };
    transaction.commit().await.map_err(DbError::from)?;
    Ok(step)
}

/// Why a decision must not be traded any further. Locks are those of now, read within the
/// transaction: what it was decided under says nothing about today.
async fn obstacle(
    transaction: &Transaction<'_>,
    decision: &Pending,
    now: Timestamp,
) -> Result<Option<(Status, End, String)>, DbError> {
    if now.duration_since(decision.as_of) >= PATIENCE {
        let reason = format!("not traded within {} minutes", PATIENCE.as_mins());
        return Ok(Some((Status::Expired, End::Expired, reason)));
    }
    let locks = locks::list_within(transaction, now).await?;
    if locks.is_empty() {
        return Ok(None);
    }
    Ok(Some((Status::Blocked, End::Blocked, reasons(&locks))))
}

async fn trade(
    app: &App,
    transaction: &Transaction<'_>,
    decision: &Pending,
    chunk: usize,
    now: Timestamp,
) -> Result<Step, TradeError> {
    let limit = i64::try_from(chunk).unwrap_or(i64::MAX);
    let ids = ledger::next_taking_part(transaction, decision, limit).await?;
    let accounts = ledger::lock_taking_part(transaction, &ids, decision.as_of).await?;
    let written = Written::of(app, decision, &accounts)?;
    let origin = Origin {
        strategy: &decision.strategy_id,
        decision: Some(decision.id),
        as_of: decision.as_of,
    };
    let mut skipped = decision.skipped.clone();
    for (reason, count) in &written.skipped {
        *skipped.entry((*reason).to_owned()).or_default() += count;
    }
    let is_last = ids.len() < chunk;
    let progress = Progress {
        done_up_to: ids.last().copied(),
        subscriptions: accounts.len(),
        trades: written.trades.len(),
        finished_at: is_last.then_some(now),
    };
    if !written.trades.is_empty() {
        ledger::record_trades(transaction, origin, &written.trades, now).await?;
    }
    ledger::settle(transaction, decision.id, &written.settled).await?;
    decisions::advance(transaction, decision.id, progress, &skipped).await?;
    // Last: what it locks, everybody else's events wait for.
    push::append(transaction, &written.events, now).await?;
    if is_last {
        tracing::info!(
            decision = %decision.id,
            strategy = decision.strategy_id.as_str(),
            signal = decision.signal.as_str(),
            skipped = ?skipped,
            "a decision was traded to its end"
        );
    }
    Ok(Step {
        traded: Traded {
            subscriptions: accounts.len(),
            trades: written.trades.len(),
        },
        end: is_last.then_some(End::Traded),
    })
}

/// What a chunk writes.
#[derive(Default)]
struct Written {
    trades: Vec<NewTrade>,
    settled: Vec<Settled>,
    events: Vec<push::NewEvent>,
    skipped: BTreeMap<&'static str, u64>,
}

impl Written {
    fn of(app: &App, decision: &Pending, accounts: &[Account]) -> Result<Self, serde_json::Error> {
        let mut written = Self::default();
        for account in accounts {
            match execute(decision, account) {
                Outcome::Traded { fills, book } => {
                    written.settle(account, Some(book), "traded");
                    written
                        .events
                        .extend(events::of_decision(decision, account, &fills, &book)?);
                    written.trades.extend(fills.into_iter().map(|fill| NewTrade {
                        id: app.ids.next(),
                        subscription: account.subscription,
                        user: account.user,
                        fill,
                    }));
                }
                Outcome::Skipped(reason) => {
                    written.settle(account, None, reason.as_str());
                    *written.skipped.entry(reason.as_str()).or_default() += 1;
                }
            }
        }
        Ok(written)
    }

    fn settle(&mut self, account: &Account, book: Option<paper::Book>, outcome: &'static str) {
        self.settled.push(Settled {
            subscription: account.subscription,
            book,
            outcome,
        });
    }
}

/// The decision's order against one book. One that is wrong trades nothing and stops nobody else.
fn execute(decision: &Pending, account: &Account) -> Outcome {
    let Ok(book) = &account.book else {
        return Outcome::Skipped(SkipReason::WrongBook);
    };
    match decision.signal {
        Signal::Buy => paper::buy(book, decision.position, &decision.prices),
        Signal::Sell => paper::sell_half(book, &decision.prices),
        Signal::Hold | Signal::Pause => Outcome::Skipped(SkipReason::NoOrder),
    }
}
