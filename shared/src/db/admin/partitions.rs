//! The leaves of `market_data`: made before they are needed, dropped when their time is over.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use tokio_postgres::Transaction;

use super::quoted;
use crate::db::{Db, DbError};
use crate::domain::market::Timeframe;

/// Serialises the making of partitions between collectors; an arbitrary number of our own.
const PARTITION_LOCK: i64 = 0x6175_746f_6d6f_6e79;

/// Making a leaf locks its parent against readers: while it waited longer, they would queue behind it.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '5s'";

/// Makes the partitions that candles opening in `from..=to` need, as far as they are missing.
pub async fn ensure_partitions(
    db: &Db,
    timeframe: Timeframe,
    from: Timestamp,
    to: Timestamp,
) -> Result<(), DbError> {
    let wanted = Partition::covering(timeframe, from, to);
    let mut connection = db.get().await?;
    if missing(&connection, &wanted).await?.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction().await?;
    transaction.batch_execute(LOCK_TIMEOUT).await?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&PARTITION_LOCK])
        .await?;
    for partition in missing(&transaction, &wanted).await? {
        transaction.batch_execute(&partition.create_statement()).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Makes the partitions for what opens in `now..=room_until`, and drops those whose candles all
/// opened before `kept_since`, with what else is known of those candles. Gives the names of the dropped.
pub async fn keep_partitions(
    db: &Db,
    timeframe: Timeframe,
    kept_since: Option<Timestamp>,
    (now, room_until): (Timestamp, Timestamp),
) -> Result<Vec<String>, DbError> {
    ensure_partitions(db, timeframe, now, room_until).await?;
    let Some(kept_since) = kept_since else {
        return Ok(Vec::new());
    };
    let mut connection = db.get().await?;
    if expired(&connection, timeframe, kept_since).await?.is_empty() {
        return Ok(Vec::new());
    }
    let transaction = connection.transaction().await?;
    transaction.batch_execute(LOCK_TIMEOUT).await?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&PARTITION_LOCK])
        .await?;
    let mut dropped = Vec::new();
    for partition in expired(&transaction, timeframe, kept_since).await? {
        let drop = format!("DROP TABLE {}", quoted(&partition.name));
        transaction.batch_execute(&drop).await?;
        dropped.push(partition.name);
    }
    forget_before(&transaction, timeframe, kept_since).await?;
    transaction.commit().await?;
    Ok(dropped)
}

/// The audit must not ask for dropped candles again: its grid begins where candles are kept.
async fn forget_before(
    transaction: &Transaction<'_>,
    timeframe: Timeframe,
    kept_since: Timestamp,
) -> Result<(), DbError> {
    for statement in [
        "UPDATE market_audits SET first_open_time = greatest(first_open_time, $2), \
         settled_until = greatest(settled_until, $2) WHERE timeframe = $1",
        "DELETE FROM market_gaps WHERE timeframe = $1 AND open_time < $2",
        "DELETE FROM market_data_revisions WHERE timeframe = $1 AND open_time < $2",
    ] {
        transaction
            .execute(statement, &[&timeframe.as_str(), &kept_since])
            .await?;
    }
    Ok(())
}

/// The leaves of a timeframe that end by `kept_since`. A leaf that somebody made by hand is left alone.
async fn expired(
    client: &impl deadpool_postgres::GenericClient,
    timeframe: Timeframe,
    kept_since: Timestamp,
) -> Result<Vec<Partition>, DbError> {
    let leaves = "SELECT relname::text FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid \
                  WHERE inhparent = $1::text::regclass ORDER BY relname";
    let rows = client.query(leaves, &[&parent_of(timeframe)]).await?;
    let names: Vec<String> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let since = kept_since.to_zoned(TimeZone::UTC).date();
    Ok(names
        .iter()
        .filter_map(|name| Partition::named(timeframe, name))
        .filter(|partition| partition.end <= since)
        .collect())
}

fn parent_of(timeframe: Timeframe) -> String {
    format!("market_data_{timeframe}")
}

/// Reads the catalog as a table: `to_regclass` may answer from before a lock was waited for.
const MISSING: &str = "SELECT name FROM unnest($1::text[]) AS name
WHERE NOT EXISTS (
    SELECT FROM pg_class
    WHERE relname = name
      AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'market_data'::regclass)
)";

async fn missing<'a>(
    client: &impl deadpool_postgres::GenericClient,
    wanted: &'a [Partition],
) -> Result<Vec<&'a Partition>, DbError> {
    let names: Vec<&str> = wanted.iter().map(|partition| partition.name.as_str()).collect();
    let rows = client.query(MISSING, &[&names]).await?;
    let absent: Vec<String> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    Ok(wanted
        .iter()
        .filter(|partition| absent.contains(&partition.name))
        .collect())
}

/// A leaf of `market_data`: the candles of one timeframe that open in `start..end`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Partition {
    parent: String,
    name: String,
    start: Date,
    end: Date,
}

impl Partition {
    /// The leaves for candles opening in `from..=to`: months of hourly candles, years of the others.
    fn covering(timeframe: Timeframe, from: Timestamp, to: Timestamp) -> Vec<Self> {
        let last = to.to_zoned(TimeZone::UTC).date();
        let mut found = Vec::new();
        let mut next = Some(Self::holding(timeframe, from.to_zoned(TimeZone::UTC).date()));
        while let Some(partition) = next.take_if(|partition| partition.start <= last) {
            // At the end of the calendar there is nothing that follows.
            let following = Self::holding(timeframe, partition.end);
            next = (following.start > partition.start).then_some(following);
            found.push(partition);
        }
        found
    }

    fn holding(timeframe: Timeframe, date: Date) -> Self {
        let parent = parent_of(timeframe);
        let (start, length, suffix) = match timeframe {
            Timeframe::H1 => (
                date.first_of_month(),
                Span::new().months(1),
                format!("{:04}_{:02}", date.year(), date.month()),
            ),
            _ => (
                date.first_of_year(),
                Span::new().years(1),
                format!("{:04}", date.year()),
            ),
        };
        Self {
            name: format!("{parent}_{suffix}"),
            parent,
            start,
            end: start.saturating_add(length),
        }
    }

    /// The leaf that we would call so.
    fn named(timeframe: Timeframe, name: &str) -> Option<Self> {
        let rest = name.strip_prefix(&parent_of(timeframe))?.strip_prefix('_')?;
        let (year, month) = rest.split_once('_').unwrap_or((rest, "01"));
        let date = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
        Some(Self::holding(timeframe, date)).filter(|partition| partition.name == name)
    }

    fn create_statement(&self) -> String {
        format!(
            "CREATE TABLE {} PARTITION OF {} FOR VALUES FROM ('{} 00:00:00+00') TO ('{} 00:00:00+00')",
            quoted(&self.name),
            quoted(&self.parent),
            self.start,
            self.end
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(timeframe: Timeframe, from: &str, to: &str) -> Vec<String> {
        let partitions = Partition::covering(timeframe, from.parse().unwrap(), to.parse().unwrap());
        partitions.into_iter().map(|partition| partition.name).collect()
    }

    #[test]
    fn hours_lie_by_month_and_the_others_by_year() {
        assert_eq!(
            names(Timeframe::H1, "2023-12-31T23:00:00Z", "2024-02-01T00:00:00Z"),
            [
                "market_data_1h_2023_12",
                "market_data_1h_2024_01",
                "market_data_1h_2024_02"
            ]
        );
        assert_eq!(
            names(Timeframe::D1, "2019-01-01T00:00:00Z", "2020-12-31T00:00:00Z"),
            ["market_data_1d_2019", "market_data_1d_2020"]
        );
        assert_eq!(
            names(Timeframe::H4, "2024-05-01T00:00:00Z", "2024-05-01T00:00:00Z"),
            ["market_data_4h_2024"]
        );
    }

    #[test]
    fn a_leaf_is_known_by_its_name() {
        let hours = Partition::named(Timeframe::H1, "market_data_1h_2024_02").unwrap();
        assert_eq!(
            (hours.start.to_string(), hours.end.to_string()),
            ("2024-02-01".into(), "2024-03-01".into())
        );
        let days = Partition::named(Timeframe::D1, "market_data_1d_2024").unwrap();
        assert_eq!(days.end.to_string(), "2025-01-01");
        for name in [
            "market_data_1h_2024",
            "market_data_1h_2024_2",
            "market_data_1h_old",
            "market_data_1d_2024_02",
            "elsewhere",
        ] {
            assert_eq!(Partition::named(Timeframe::H1, name), None, "{name}");
        }
    }

    #[test]
    fn the_end_of_the_calendar_is_an_end() {
        assert_eq!(
            names(Timeframe::D1, "9998-06-01T00:00:00Z", "9999-12-30T00:00:00Z"),
            ["market_data_1d_9998", "market_data_1d_9999"]
        );
    }
}
