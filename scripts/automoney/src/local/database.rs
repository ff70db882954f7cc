//! The database of a market feed, beside the one in `DATABASE_URL` and named after it.
//!
//! A feed's database is kept from run to run as long as the feed says the same; a run at a given
//! time gets one of its own, dropped at its end.

use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde_json::json;
use shared::config::DatabaseSettings;
use shared::db::migrations::{MIGRATIONS, MigrationError, Runner};
use shared::db::{Db, DbError, admin, connect_once, flags};

/// The flag under which a database remembers its feed.
const FEED_FLAG: &str = "market_feed";

/// What the database is called when its address names none.
const UNNAMED: &str = "automoney";

/// Why there is no database to work with.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// It cannot be used.
    #[error("the database cannot be used: is PostgreSQL running at the address in DATABASE_URL?")]
    Database(#[from] DbError),
    /// A database for the feed cannot be made.
    #[error(
        "the database {name} cannot be made beside the one in DATABASE_URL: its user needs the right CREATEDB"
    )]
    Create {
        /// What it would be called.
        name: String,
        /// Why.
        #[source]
        source: DbError,
    },
    /// Its schema cannot be brought up.
    #[error(transparent)]
    Migration(#[from] MigrationError),
}

/// The longest name PostgreSQL takes, in bytes.
const LONGEST_NAME: usize = 63;

/// A database that was chosen for a feed.
#[derive(Debug, Clone)]
pub struct FeedDatabase {
    /// Where it is.
    pub settings: DatabaseSettings,
    /// What it is called.
    pub name: String,
    /// Whose server it is on; for making and dropping it.
    server: DatabaseSettings,
    /// Made for this feed, not given: it may be dropped.
    is_ours: bool,
}

impl FeedDatabase {
    /// The given database, or the one beside it that ends in `suffix`.
    pub fn beside(given: &DatabaseSettings, suffix: Option<&str>) -> Self {
        let base = given.database().unwrap_or_else(|| UNNAMED.to_owned());
        match suffix {
            None => Self {
                settings: given.clone(),
                name: base,
                server: given.clone(),
                is_ours: false,
            },
            Some(suffix) => {
                let name = named(&base, suffix);
                Self {
                    settings: given.with_database(&name),
                    name,
                    server: given.clone(),
                    is_ours: true,
                }
            }
        }
    }

    /// Makes it if need be and brings its schema up. What another feed left in it is dropped; so is
    /// everything when `reset` is asked for.
    pub async fn prepare(&self, identity: &str, reset: bool, now: Timestamp) -> Result<(), DatabaseError> {
        if self.is_ours {
            let is_stale = self.exists().await? && self.feed().await?.is_some_and(|known| known != identity);
            if reset || is_stale {
                self.discard().await?;
            }
            self.create().await?;
        } else if reset {
            Runner::new(connect_once(&self.settings).await?, MIGRATIONS)
                .down(MIGRATIONS.len())
                .await?;
        }
        Runner::new(connect_once(&self.settings).await?, MIGRATIONS)
            .up(now)
            .await?;
        let db = self.open()?;
        flags::set(&db, FEED_FLAG, &json!(identity), "automoney local", now).await?;
        db.close();
        Ok(())
    }

    /// Drops it, if it was made for this feed.
    pub async fn discard(&self) -> Result<(), DatabaseError> {
        if self.is_ours {
            admin::drop_database(&connect_once(&self.server).await?, &self.name).await?;
        }
        Ok(())
    }

    async fn exists(&self) -> Result<bool, DbError> {
        admin::has_database(&connect_once(&self.server).await?, &self.name).await
    }

    async fn create(&self) -> Result<(), DatabaseError> {
        if self.exists().await? {
            return Ok(());
        }
        let created = admin::create_database(&connect_once(&self.server).await?, &self.name).await;
        created.map_err(|source| DatabaseError::Create {
            name: self.name.clone(),
            source,
        })
    }

    /// The feed it was filled from; nothing when it has no schema yet.
    async fn feed(&self) -> Result<Option<String>, DatabaseError> {
        let status = Runner::new(connect_once(&self.settings).await?, MIGRATIONS)
            .status()
            .await?;
        if status.iter().any(|migration| migration.applied_at.is_none()) {
            return Ok(None);
        }
        let db = self.open()?;
        let value = flags::find(&db, FEED_FLAG).await?;
        db.close();
        Ok(value.and_then(|value| value.as_str().map(str::to_owned)))
    }

    fn open(&self) -> Result<Db, DbError> {
        Db::connect(&self.settings)
    }

    /// Its server, for people: host and port without user and password.
    pub fn place(&self) -> String {
        let url = self.settings.url.expose_secret();
        let host = url.rsplit_once('@').map_or(url, |(_, rest)| rest);
        host.split('?')
            .next()
            .unwrap_or_default()
            .trim_start_matches("postgres://")
            .to_owned()
    }
}

/// `base_suffix`; a base that is too long is cut, and a digest tells it from others that begin alike.
fn named(base: &str, suffix: &str) -> String {
    let whole = format!("{base}_{suffix}");
    if whole.len() <= LONGEST_NAME {
        return whole;
    }
    let digest = super::feed::short_digest(base.as_bytes());
    let room = LONGEST_NAME.saturating_sub(suffix.len() + digest.len() + 2);
    let kept: String = base
        .char_indices()
        .take_while(|(at, letter)| at + letter.len_utf8() <= room)
        .map(|(_, letter)| letter)
        .collect();
    format!("{kept}_{digest}_{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_be_too_long_is_cut_and_stays_its_own() {
        assert_eq!(named("automoney", "sample"), "automoney_sample");
        let (one, other) = ("a".repeat(60) + "1", "a".repeat(60) + "2");
        let names = [named(&one, "feed_0123456789ab"), named(&other, "feed_0123456789ab")];
        assert_ne!(names[0], names[1]);
        assert!(names.iter().all(|name| name.len() == LONGEST_NAME && name.ends_with("_feed_0123456789ab")));
    }
}
