//! A run that is killed anywhere leaves no half backup, and the next one works.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use shared::services::backup::{BackupError, State, Vault, create, find, list, sweep, verify_light};
use shared::storage::{BlobStore, Directory, Object, StorageError, Stored, Upload};
use tests::backups::{Shelf, vault};
use tests::kill::kill_after;
use tokio::sync::Notify;

use super::*;

/// Which backups there are for whoever lists them, and whether each is whole.
async fn complete(stage: &Stage, vault: &Vault) -> BTreeSet<BackupId> {
    let mut found = BTreeSet::new();
    for entry in list(vault).await.unwrap() {
        if let State::Complete(manifest) = &entry.state {
            let proof = verify_light(stage.app(), vault, entry.id, manifest)
                .await
                .unwrap();
            assert_eq!(proof.findings, Vec::<String>::new(), "{}", entry.id);
            found.insert(entry.id);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_at_any_await_leaves_no_half_backup_and_the_next_one_works() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (first, _) = shelf.backup(stage.app()).await;
    let (mut kills, mut ended) = (0, BTreeSet::from([first]));
    // Steps that grow: every early await, and samples of the many later ones.
    for n in 0.. {
        stage.app().clock.advance(SignedDuration::from_secs(1));
        let done = kill_after(kills, create(stage.app(), &shelf.vault, None)).await;
        kills += 1 + n / 6;
        let Some(done) = done else { continue };
        ended.insert(done.unwrap().backup.parse().unwrap());
        if ended.len() == 4 {
            break;
        }
    }
    assert!(kills > 30, "{kills}");
    // The last call of who was killed in it may have been carried out.
    let whole = complete(&stage, &shelf.vault).await;
    assert!(whole.is_superset(&ended), "{whole:?} {ended:?}");
    // What the dead have left goes a day later, and nothing else.
    stage.app().clock.advance(SignedDuration::from_hours(25));
    let swept = sweep(stage.app(), &shelf.vault).await.unwrap();
    assert!(!swept.deleted.is_empty());
    assert_eq!(complete(&stage, &shelf.vault).await, whole);
    assert_eq!(list(&shelf.vault).await.unwrap().len(), whole.len());
    assert!(shelf.vault.store.uploads("").await.unwrap().is_empty());
}

/// A store that answers a number of calls and no more.
#[derive(Debug)]
struct Failing {
    store: Directory,
    left: AtomicUsize,
    /// Told of the first call that is never answered; without it calls fail.
    hung: Option<Arc<Notify>>,
}

impl Failing {
    fn after(calls: usize, shelf: &Shelf, hung: Option<Arc<Notify>>) -> Vault {
        vault(Arc::new(Self {
            store: Directory::new(shelf.path().to_owned()),
            left: AtomicUsize::new(calls),
            hung,
        }))
    }

    async fn gone(&self) -> Result<(), StorageError> {
        let left = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        match (left, &self.hung) {
            (Ok(_), _) => Ok(()),
            (Err(_), None) => Err(StorageError::Failed {
                what: "answer for",
                key: "anything".to_owned(),
                source: "it is down".into(),
            }),
            (Err(_), Some(hung)) => {
                hung.notify_one();
                std::future::pending().await
            }
        }
    }
}

impl BlobStore for Failing {
    fn put<'a>(&'a self, key: &'a str, body: Bytes) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            self.gone().await?;
            self.store.put(key, body).await
        })
    }

    fn begin<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Upload, StorageError>> {
        Box::pin(async move {
            self.gone().await?;
            self.store.begin(key).await
        })
    }

    fn part<'a>(
        &'a self,
        upload: &'a Upload,
        number: u32,
        body: Bytes,
    ) -> BoxFuture<'a, Result<Stored, StorageError>> {
        Box::pin(async move {
            self.gone().await?;
            self.store.part(upload, number, body).await
        })
    }

    fn complete<'a>(
        &'a self,
        upload: &'a Upload,
        parts: Vec<Stored>,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            self.gone().await?;
            self.store.complete(upload, parts).await
        })
    }

    fn abort<'a>(&'a self, upload: &'a Upload) -> BoxFuture<'a, Result<(), StorageError>> {
        self.store.abort(upload)
    }

    fn uploads<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Upload>, StorageError>> {
        self.store.uploads(prefix)
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Bytes, StorageError>> {
        self.store.get(key)
    }

    fn read<'a>(
        &'a self,
        key: &'a str,
        piece: std::ops::Range<u64>,
    ) -> BoxFuture<'a, Result<Bytes, StorageError>> {
        self.store.read(key, piece)
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Object>, StorageError>> {
        self.store.list(prefix)
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            self.gone().await?;
            self.store.delete(key).await
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_fails_at_any_call_is_told_of_and_nothing_is_left_begun() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (first, manifest) = shelf.backup(stage.app()).await;
    // An object a table, the script and the manifest.
    for calls in 0..manifest.tables.len() + 2 {
        stage.app().clock.advance(SignedDuration::from_secs(1));
        let failing = Failing::after(calls, &shelf, None);
        let failed = create(stage.app(), &failing, None).await;
        assert!(
            matches!(failed, Err(BackupError::Storage(_))),
            "{calls}: {failed:?}"
        );
        // What the other connection was writing is written to its end, on a thread of its own.
        while !shelf.vault.store.uploads("").await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(complete(&stage, &shelf.vault).await, BTreeSet::from([first]));
    assert_eq!(find(&shelf.vault, None).await.unwrap().0, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_at_any_call_of_the_store_leaves_no_half_backup() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (first, manifest) = shelf.backup(stage.app()).await;
    for calls in 0..manifest.tables.len() + 2 {
        stage.app().clock.advance(SignedDuration::from_secs(1));
        let hung = Arc::new(Notify::new());
        let hanging = Failing::after(calls, &shelf, Some(hung.clone()));
        tokio::select! {
            ended = create(stage.app(), &hanging, None) => panic!("{calls}: {ended:?}"),
            () = hung.notified() => {}
        }
    }
    assert_eq!(complete(&stage, &shelf.vault).await, BTreeSet::from([first]));

    let (next, _) = shelf.backup(stage.app()).await;
    stage.app().clock.advance(SignedDuration::from_hours(25));
    sweep(stage.app(), &shelf.vault).await.unwrap();
    assert_eq!(
        complete(&stage, &shelf.vault).await,
        BTreeSet::from([first, next])
    );
    assert_eq!(list(&shelf.vault).await.unwrap().len(), 2);
    assert!(shelf.vault.store.uploads("").await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_fails_half_way_leaves_no_half_backup() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let (old, _) = shelf.backup(stage.app()).await;
    stage.app().clock.advance(SignedDuration::from_hours(24 * 400));
    let (new, _) = shelf.backup(stage.app()).await;
    for calls in 0..5 {
        let failing = Failing::after(calls, &shelf, None);
        sweep(stage.app(), &failing).await.unwrap_err();
        let whole = complete(&stage, &shelf.vault).await;
        assert!(whole.contains(&new));
        assert_eq!(whole.contains(&old), calls == 0, "{calls}");
    }
    let swept = sweep(stage.app(), &shelf.vault).await.unwrap();
    assert_eq!((swept.deleted, swept.kept), (vec![old.to_string()], 1));
    assert_eq!(complete(&stage, &shelf.vault).await, BTreeSet::from([new]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_out_of_time_takes_back_what_it_began() {
    let stage = filled().await;
    let shelf = Shelf::new();
    let late = create(stage.app(), &shelf.vault, Some(std::time::Duration::ZERO)).await;
    assert!(matches!(late, Err(BackupError::OutOfTime)));
    assert!(shelf.vault.store.uploads("").await.unwrap().is_empty());
    assert!(complete(&stage, &shelf.vault).await.is_empty());
}
