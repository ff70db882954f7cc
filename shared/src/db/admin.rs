//! Statements that cannot be prepared: partitions, databases. Every identifier goes through [`quoted`].

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use tokio_postgres::Client;

use super::{Db, DbError};
use crate::domain::market::Timeframe;

/// Serialises the making of partitions between collectors; an arbitrary number of our own.
const PARTITION_LOCK: i64 = 0x6175_746f_6d6f_6e79;

/// Making a leaf locks its parent against readers: while it waited longer, they would queue behind it.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '5s'";

/// An identifier as SQL wants it, whatever is in it.
pub fn quoted(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}

/// Whether the server has a database of this name.
pub async fn has_database(client: &Client, name: &str) -> Result<bool, DbError> {
    let row = client
        .query_one(
            "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)",
            &[&name],
        )
        .await?;
    Ok(row.try_get(0)?)
}

/// Makes an empty database. The user needs the right to.
pub async fn create_database(client: &Client, name: &str) -> Result<(), DbError> {
    Ok(client
        .batch_execute(&format!("CREATE DATABASE {}", quoted(name)))
        .await?)
}

/// Drops a database with everything in it, if it is there; whoever is connected to it is cut off.
pub async fn drop_database(client: &Client, name: &str) -> Result<(), DbError> {
    Ok(client
        .batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name)))
        .await?)
}

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
        let parent = format!("market_data_{timeframe}");
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
    fn the_end_of_the_calendar_is_an_end() {
        assert_eq!(
            names(Timeframe::D1, "9998-06-01T00:00:00Z", "9999-12-30T00:00:00Z"),
            ["market_data_1d_9998", "market_data_1d_9999"]
        );
    }

    #[test]
    fn an_identifier_cannot_end_its_quotes() {
        assert_eq!(
            quoted("a\"; DROP TABLE users; --"),
            "\"a\"\"; DROP TABLE users; --\""
        );
    }
}
