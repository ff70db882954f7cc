//! A backup becomes a database again: whole, one table of it, or one user.
//!
//! What is restored whole comes under another name first, and gets its own when it is complete: a database
//! that somebody uses is never half restored, and one that is replaced stays until its successor is there.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{BoxFuture, FutureExt as _, try_join_all};
use futures_util::{TryStreamExt as _, stream};
use serde::Serialize;
use tokio::sync::mpsc::Receiver;
use tokio_postgres::Client;

use super::create::schema_steps;
use super::queue::Queue;
use super::reading::{self, ReadError, Rows};
use super::{BackupError, Damage, Vault, WORKERS, database, packing, within};
use crate::app::App;
use crate::clock::Stopwatch;
use crate::config::DatabaseSettings;
use crate::db::migrations::{MIGRATIONS, Migration, Runner};
use crate::db::{admin, connect_once};
use crate::domain::backups::{AfterData, BackupId, Kind, Manifest, Part, TableDump, Tally};
use crate::domain::identity::UserId;

mod existing;
mod user;

/// The table of the schema's steps.
const STEPS: &str = "schema_migrations";

/// PostgreSQL cuts longer names off.
const LONGEST_NAME: usize = 63;

/// What of a backup is restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// All of it.
    Whole,
    /// Some of it.
    Some(Selection),
}

/// A part of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// The rows of one table.
    Table(String),
    /// What belongs to one user, and what that points to.
    User(UserId),
}

/// Where it is restored to, on the server of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A database of this name, which is not there yet.
    New(String),
    /// A database of this name, whatever is in it: somebody said so twice.
    Overwrite(String),
}

/// How far a restore is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What it is at.
    pub stage: Stage,
    /// How much of it is done: bytes of rows, or indexes and keys.
    pub done: u64,
    /// Of how much.
    pub all: u64,
}

/// What a restore does one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The schema is made.
    Schema,
    /// Rows are loaded.
    Rows,
    /// Indexes and keys are made, and the planner is told what is there.
    Indexes,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// The backup.
    pub backup: String,
    /// The database.
    pub database: String,
    /// Rows by table, without the tables that got none.
    pub rows: Vec<(String, u64)>,
    /// Keys to other tables that could not be made, because those were not restored.
    pub left_out: Vec<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
}

/// Restores within `patience`, if any is given: when it is over, nothing of it is left. `told` is called now
/// and then with how far it is.
pub async fn restore(
    app: &App,
    vault: &Vault,
    (id, manifest): (BackupId, &Manifest),
    content: &Content,
    target: &Target,
    patience: Option<Duration>,
    told: &(dyn Fn(Progress) + Sync),
) -> Result<Restored, BackupError> {
    let watch = Stopwatch::start();
    schema_steps(&manifest.migrations)?;
    if target.name().len() > LONGEST_NAME {
        return Err(BackupError::Name(target.name().to_owned()));
    }
    let settings = database(app)?;
    let server = connect_to_server(settings).await?;
    let name = target.name();
    let work = Filling {
        app,
        vault,
        id,
        manifest,
        told,
    };
    let (rows, left_out) = match (target, content, admin::has_database(&server, name).await?) {
        (Target::New(_), _, true) => return Err(BackupError::Exists(name.to_owned())),
        (Target::Overwrite(_), Content::Some(selection), true) => {
            let there = settings.with_database(name);
            let work = existing::put_back(vault, (id, manifest), selection, &there);
            (within(patience, work).await?, Vec::new())
        }
        (_, _, is_there) => {
            let filled = work.fill_beside(&server, settings, content, patience).await?;
            if is_there {
                admin::drop_database(&server, name).await?;
            }
            admin::rename_database(&server, &filled.database, name).await?;
            (filled.rows, filled.left_out)
        }
    };
    Ok(Restored {
        backup: id.to_string(),
        database: name.to_owned(),
        rows,
        left_out,
        duration_ms: watch.elapsed_ms(),
    })
}

impl Stage {
    /// What is being done, in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "making the schema",
            Self::Rows => "loading rows",
            Self::Indexes => "making indexes and keys",
        }
    }
}

impl Target {
    /// The database's name.
    pub fn name(&self) -> &str {
        match self {
            Self::New(name) | Self::Overwrite(name) => name,
        }
    }
}

/// The database that every server has, or the configured one where nobody may use that.
pub(super) async fn connect_to_server(settings: &DatabaseSettings) -> Result<Client, BackupError> {
    match connect_once(&settings.with_database("postgres")).await {
        Ok(client) => Ok(client),
        Err(_) => Ok(connect_once(settings).await?),
    }
}

/// A database that is being filled.
pub(super) struct Filling<'a> {
    pub(super) app: &'a App,
    pub(super) vault: &'a Vault,
    pub(super) id: BackupId,
    pub(super) manifest: &'a Manifest,
    pub(super) told: &'a (dyn Fn(Progress) + Sync),
}

/// Tables that are being loaded by several.
struct Loading<'a> {
    tables: &'a [TableDump],
    /// Which table, and a piece of it.
    queue: Queue<(usize, (u64, Part))>,
    /// Bytes that are loaded.
    done: AtomicU64,
    /// Of how many.
    all: u64,
}

/// What is made when the rows are there.
#[derive(Debug, Clone, Copy)]
enum Building<'a> {
    Part(&'a AfterData),
    Statistics(&'a str),
}

/// A database that was filled.
struct Filled {
    database: String,
    /// By table, without those that got none.
    rows: Vec<(String, u64)>,
    /// Keys that cannot stand.
    left_out: Vec<String>,
}

impl Filling<'_> {
    /// Fills a new database of a name of its own, so that two restores to one target do not meet before the
    /// end. One that cannot be filled is dropped.
    async fn fill_beside(
        &self,
        server: &Client,
        settings: &DatabaseSettings,
        content: &Content,
        patience: Option<Duration>,
    ) -> Result<Filled, BackupError> {
        let database = format!("automoney_restoring_{}", self.app.ids.next().simple());
        admin::create_database(server, &database).await?;
        let copy = settings.with_database(&database);
        // Boxed: the future is deep.
        match within(patience, Box::pin(self.fill(&copy, content))).await {
            Ok((rows, left_out)) => Ok(Filled {
                database,
                rows,
                left_out,
            }),
            Err(error) => {
                admin::drop_database(server, &database).await?;
                Err(error)
            }
        }
    }

    /// Fills an empty database; gives the rows by table, and the keys that cannot stand.
    pub(super) async fn fill(
        &self,
        target: &DatabaseSettings,
        content: &Content,
    ) -> Result<(Vec<(String, u64)>, Vec<String>), BackupError> {
        self.tell(Stage::Schema, 0, 1);
        self.make_schema(target).await?;
        let client = admin::connect_for_copies(target).await?;
        admin::prepare_for_loading(&client).await?;
        admin::clear_for_loading(&client, &self.manifest.partitions, &self.manifest.after_data).await?;
        let rows = match content {
            Content::Whole => self.load(target, &self.manifest.tables).await?,
            Content::Some(selection) => self.load_selection(target, &client, selection).await?,
        };
        let has_rows = |table: &str| rows.iter().any(|(name, count)| name == table && *count > 0);
        let (stands, falls): (Vec<_>, Vec<_>) = self
            .manifest
            .after_data
            .iter()
            .partition(|part| admin::stands_on(part, has_rows));
        self.build(target, &stands).await?;
        admin::finish_loading(&client, &self.manifest.sequences).await?;
        Ok((rows, falls.iter().map(|part| part.name.clone()).collect()))
    }

    /// Loads a part of the backup, and which steps of the schema it was made with: that is known in the
    /// copy, however little of the rest is in it.
    async fn load_selection(
        &self,
        target: &DatabaseSettings,
        client: &Client,
        selection: &Selection,
    ) -> Result<Vec<(String, u64)>, BackupError> {
        let rows = match selection {
            Selection::Table(name) => self.load_table(target, name).await?,
            Selection::User(user) => {
                let rows = user::rows_of(self.vault, self.id, self.manifest, *user).await?;
                user::load(client, rows).await?
            }
        };
        if *selection != Selection::Table(STEPS.to_owned()) {
            self.load_table(target, STEPS).await?;
        }
        Ok(rows)
    }

    async fn load_table(
        &self,
        target: &DatabaseSettings,
        name: &str,
    ) -> Result<Vec<(String, u64)>, BackupError> {
        let table = self.manifest.table(name);
        let table = table.ok_or_else(|| BackupError::NoTable(name.to_owned()))?;
        self.load(target, std::slice::from_ref(table)).await
    }

    fn tell(&self, stage: Stage, done: u64, all: u64) {
        (self.told)(Progress { stage, done, all });
    }

    /// The steps that the backup was made with, and no later ones.
    async fn make_schema(&self, target: &DatabaseSettings) -> Result<(), BackupError> {
        let version = self.manifest.schema_version();
        let steps: Vec<Migration> = MIGRATIONS
            .iter()
            .copied()
            .filter(|step| step.version <= version)
            .collect();
        let runner = Runner::new(connect_once(target).await?, &steps);
        runner.up(self.app.clock.now()).await?;
        Ok(())
    }

    /// Loads tables by several connections, piece by piece, and holds every table against the manifest.
    async fn load(
        &self,
        target: &DatabaseSettings,
        tables: &[TableDump],
    ) -> Result<Vec<(String, u64)>, BackupError> {
        let pieces = tables.iter().enumerate();
        let pieces = pieces.flat_map(|(table, dump)| reading::places(dump).map(move |place| (table, place)));
        let loading = Loading {
            tables,
            queue: Queue::new(pieces),
            done: AtomicU64::new(0),
            all: tables.iter().map(|table| table.digest.bytes).sum(),
        };
        let loaders: Vec<BoxFuture<'_, _>> = (0..WORKERS)
            .map(|_| self.load_pieces(target, &loading).boxed())
            .collect();
        let mut found = vec![Tally::default(); tables.len()];
        for (table, tally) in try_join_all(loaders).await?.into_iter().flatten() {
            found[table] += tally;
        }
        for (table, found) in tables.iter().zip(found) {
            if let Some(damage) = reading::compare(table, found) {
                return Err(self.damaged(damage));
            }
        }
        Ok(tables
            .iter()
            .filter(|table| table.rows > 0)
            .map(|table| (table.table.clone(), table.rows))
            .collect())
    }

    async fn load_pieces(
        &self,
        target: &DatabaseSettings,
        loading: &Loading<'_>,
    ) -> Result<Vec<(usize, Tally)>, BackupError> {
        let client = admin::connect_for_copies(target).await?;
        admin::prepare_for_loading(&client).await?;
        let mut found = Vec::new();
        while let Some((table, place)) = loading.queue.next() {
            found.push((
                table,
                self.load_piece(&client, &loading.tables[table], place).await?,
            ));
            let done = loading.done.fetch_add(place.1.bytes, Ordering::Relaxed) + place.1.bytes;
            self.tell(Stage::Rows, done, loading.all);
        }
        Ok(found)
    }

    async fn load_piece(
        &self,
        client: &Client,
        table: &TableDump,
        place: (u64, Part),
    ) -> Result<Tally, BackupError> {
        let packed = reading::part(&*self.vault.store, self.id, table, place).await;
        let packed = packed.map_err(|error| self.unread(error))?;
        let (mut pieces, tally) = counted_text(packed);
        let (backup, file) = (self.id, table.file.clone());
        let rows = stream::poll_fn(move |context| pieces.poll_recv(context)).map_err(move |error| {
            let (file, why) = (file.clone(), error.to_string());
            BackupError::Damaged {
                backup,
                damage: Damage::Packing { file, why },
            }
        });
        admin::copy_in::<BackupError>(client, &table.table, &table.columns, rows).await?;
        tally.await.map_err(|_| BackupError::Interrupted)
    }

    /// Makes indexes by several connections, with statistics of the tables; then keys of them; then foreign
    /// keys, when what they point to has its own.
    async fn build(&self, target: &DatabaseSettings, parts: &[&AfterData]) -> Result<(), BackupError> {
        let tables = self.manifest.tables.iter();
        let statistics = tables
            .filter(|table| table.rows > 0)
            .map(|table| Building::Statistics(&table.table));
        let mut indexes: Vec<Building<'_>> = self.of_kind(parts, Kind::Index);
        indexes.extend(statistics);
        let all = indexes.len() + parts.iter().filter(|part| part.kind != Kind::Index).count();
        let (done, all) = (AtomicU64::new(0), all as u64);
        let keys = self.of_kind(parts, Kind::Key);
        let foreign_keys = self.of_kind(parts, Kind::ForeignKey);
        for group in [indexes, keys, foreign_keys] {
            let queue = Queue::new(group);
            let builders: Vec<BoxFuture<'_, _>> = (0..WORKERS)
                .map(|_| self.build_parts(target, &queue, (&done, all)).boxed())
                .collect();
            try_join_all(builders).await?;
        }
        Ok(())
    }

    /// Those of a kind, of the largest tables first: what is done last is then small.
    fn of_kind<'a>(&self, parts: &[&'a AfterData], kind: Kind) -> Vec<Building<'a>> {
        let size = |part: &&AfterData| {
            let table = self.manifest.table(&part.table);
            std::cmp::Reverse(table.map_or(0, |table| table.text_bytes))
        };
        let mut found: Vec<&AfterData> = parts.iter().copied().filter(|part| part.kind == kind).collect();
        found.sort_by_key(size);
        found.into_iter().map(Building::Part).collect()
    }

    async fn build_parts(
        &self,
        target: &DatabaseSettings,
        queue: &Queue<Building<'_>>,
        (done, all): (&AtomicU64, u64),
    ) -> Result<(), BackupError> {
        let client = admin::connect_for_copies(target).await?;
        admin::prepare_for_loading(&client).await?;
        while let Some(building) = queue.next() {
            match building {
                Building::Part(part) => admin::build(&client, part).await?,
                Building::Statistics(table) => admin::analyse(&client, table).await?,
            }
            self.tell(Stage::Indexes, done.fetch_add(1, Ordering::Relaxed) + 1, all);
        }
        Ok(())
    }

    fn damaged(&self, damage: Damage) -> BackupError {
        BackupError::Damaged {
            backup: self.id,
            damage,
        }
    }

    fn unread(&self, error: ReadError) -> BackupError {
        match error {
            ReadError::Damaged(damage) => self.damaged(damage),
            ReadError::Failed(error) => error,
        }
    }
}

/// A piece unpacked as a stream of text, and what was counted in it when it is over.
fn counted_text(
    packed: Bytes,
) -> (
    Receiver<Result<Bytes, std::io::Error>>,
    tokio::sync::oneshot::Receiver<Tally>,
) {
    let (sender, receiver) = tokio::sync::mpsc::channel(4);
    let (told, tally) = tokio::sync::oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let mut rows = Rows::default();
        let unpacked = packing::unpack(&packed, |piece| {
            rows.add(&piece, |_| false);
            sender.blocking_send(Ok(Bytes::from(piece))).is_ok()
        });
        match unpacked {
            // Whoever waits has gone where neither can be told.
            Ok(()) => drop(told.send(rows.tally)),
            Err(error) => drop(sender.blocking_send(Err(error))),
        }
    });
    (receiver, tally)
}
