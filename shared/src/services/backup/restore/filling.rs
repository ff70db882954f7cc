//! An empty database is filled from a backup: schema, rows, indexes and keys.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::future::{BoxFuture, FutureExt as _, try_join_all};
use futures_util::{TryStreamExt as _, stream};
use tokio::sync::mpsc::Receiver;
use tokio_postgres::Client;

use super::super::queue::Queue;
use super::super::reading::{self, Rows};
use super::super::{BackupError, Vault, WORKERS, packing};
use super::{Content, Progress, Selection, Stage, user};
use crate::app::App;
use crate::config::DatabaseSettings;
use crate::db::migrations::{MIGRATIONS, Migration, Runner};
use crate::db::{admin, connect_once};
use crate::domain::backups::{AfterData, BackupId, Kind, Manifest, Part, TableDump, Tally};

/// The table of the schema's steps.
const STEPS: &str = "schema_migrations";

/// A database that is being filled.
pub(in crate::services::backup) struct Filling<'a> {
    pub(in crate::services::backup) app: &'a App,
    pub(in crate::services::backup) vault: &'a Vault,
    pub(in crate::services::backup) id: BackupId,
    pub(in crate::services::backup) manifest: &'a Manifest,
    pub(in crate::services::backup) told: &'a (dyn Fn(Progress) + Sync),
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

impl Filling<'_> {
    /// Fills an empty database; gives the rows by table, and the keys that cannot stand.
    pub(in crate::services::backup) async fn fill(
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
            reading::hold(self.id, table, found)?;
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
            let dump = &loading.tables[table];
            let tally = load_piece((self.vault, self.id), &client, dump, place, &dump.table).await?;
            found.push((table, tally));
            let done = loading.done.fetch_add(place.1.bytes, Ordering::Relaxed) + place.1.bytes;
            self.tell(Stage::Rows, done, loading.all);
        }
        Ok(found)
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
}

/// Loads one piece of a table into a table of the same columns; gives what was counted in it.
pub(super) async fn load_piece(
    (vault, backup): (&Vault, BackupId),
    client: &Client,
    table: &TableDump,
    place: (u64, Part),
    into: &str,
) -> Result<Tally, BackupError> {
    let packed = reading::part(&*vault.store, backup, table, place).await;
    let packed = packed.map_err(|error| error.of(backup))?;
    let (mut pieces, tally) = counted_text(packed);
    let rows = stream::poll_fn(move |context| pieces.poll_recv(context));
    let rows = rows.map_err(|error| reading::not_packed(table, &error).of(backup));
    admin::copy_in::<BackupError>(client, into, &table.columns, rows).await?;
    tally.await.map_err(|_| BackupError::Interrupted)
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
