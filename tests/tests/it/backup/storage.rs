//! One contract for every store: a directory, and a bucket of a server that speaks S3.

use std::sync::Arc;

use bytes::Bytes;
use rstest::rstest;
use shared::config::Bucket;
use shared::services::backup::{Content, Target, restore, verify_light};
use shared::storage::{BlobStore, Directory, S3, SMALLEST_PART, StorageError};
use tempfile::TempDir;
use tests::backups::{self, Shelf};
use tests::proxy::Proxy;
use tests::s3::{S3Server, client_of};

use super::*;

/// A store, and what has to live as long as it.
struct Held {
    store: Arc<dyn BlobStore>,
    _folder: Option<TempDir>,
    _server: Option<S3Server>,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Directory,
    Bucket,
    /// A folder of a bucket.
    Folder,
}

impl Held {
    async fn of(kind: Kind) -> Self {
        let prefix = match kind {
            Kind::Directory => {
                let folder = TempDir::new().unwrap();
                return Self {
                    store: Arc::new(Directory::new(folder.path().join("not/there/yet"))),
                    _folder: Some(folder),
                    _server: None,
                };
            }
            Kind::Bucket => "",
            Kind::Folder => "daily/",
        };
        let server = S3Server::start().await;
        let bucket = Bucket {
            prefix: prefix.to_owned(),
            ..server.bucket("backups").await
        };
        Self {
            store: Arc::new(S3::with_client(bucket, server.client())),
            _folder: None,
            _server: Some(server),
        }
    }
}

fn text(length: usize, seed: u8) -> Bytes {
    let byte = |n: usize| u8::try_from(n % 251).unwrap() ^ seed;
    Bytes::from((0..length).map(byte).collect::<Vec<_>>())
}

#[rstest]
#[case(Kind::Directory)]
#[case(Kind::Bucket)]
#[case(Kind::Folder)]
#[tokio::test(flavor = "multi_thread")]
async fn small_objects_are_written_read_listed_and_deleted(#[case] kind: Kind) {
    let held = Held::of(kind).await;
    let store = &held.store;
    assert_eq!(store.list("").await.unwrap(), []);

    for (key, body) in [
        ("a/1", "one"),
        ("a/2", "two"),
        ("b/1", "three"),
        ("a/1", "again"),
        ("a/3", ""),
    ] {
        store.put(key, Bytes::from(body)).await.unwrap();
    }

    assert_eq!(store.get("a/1").await.unwrap(), "again");
    let listed = store.list("a/").await.unwrap();
    let keys: Vec<_> = listed
        .iter()
        .map(|object| (object.key.as_str(), object.bytes))
        .collect();
    assert_eq!(keys, [("a/1", 5), ("a/2", 3), ("a/3", 0)]);
    assert_eq!(store.read("b/1", 1..3).await.unwrap(), "hr");
    assert_eq!(store.read("b/1", 3..99).await.unwrap(), "ee");
    assert_eq!(store.read("b/1", 5..6).await.unwrap(), "");
    for _ in 0..2 {
        store.delete("a/1").await.unwrap();
    }
    assert!(store.get("a/1").await.unwrap_err().is_missing());
    assert!(store.read("a/1", 0..1).await.unwrap_err().is_missing());
    assert_eq!(store.list("").await.unwrap().len(), 3);
}

#[rstest]
#[case(Kind::Directory)]
#[case(Kind::Bucket)]
#[case(Kind::Folder)]
#[tokio::test(flavor = "multi_thread")]
async fn an_object_of_parts_is_there_when_it_is_complete_and_not_before(#[case] kind: Kind) {
    let held = Held::of(kind).await;
    let store = &held.store;
    let upload = store.begin("big/one").await.unwrap();
    let bodies = [text(SMALLEST_PART, 1), text(SMALLEST_PART + 7, 2), text(11, 3)];

    // The last one first, one of them twice: numbers alone say the order.
    let third = store.part(&upload, 3, bodies[2].clone()).await.unwrap();
    store.part(&upload, 1, text(SMALLEST_PART, 9)).await.unwrap();
    let first = store.part(&upload, 1, bodies[0].clone()).await.unwrap();
    let second = store.part(&upload, 2, bodies[1].clone()).await.unwrap();
    assert!(store.get("big/one").await.unwrap_err().is_missing());
    assert_eq!(store.list("big/").await.unwrap(), []);
    let begun = store.uploads("big/").await.unwrap();
    assert_eq!((begun.len(), begun[0].key.as_str()), (1, "big/one"));
    assert!(begun[0].begun_at.is_some());

    store.complete(&upload, vec![third, first, second]).await.unwrap();

    assert_eq!(store.get("big/one").await.unwrap(), bodies.concat());
    assert_eq!(store.uploads("").await.unwrap(), []);
    let boundary = SMALLEST_PART as u64;
    let piece = store.read("big/one", boundary - 2..boundary + 2).await.unwrap();
    assert_eq!(piece, bodies.concat()[SMALLEST_PART - 2..SMALLEST_PART + 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_made_while_objects_come_and_go() {
    let held = Held::of(Kind::Directory).await;
    let store = held.store.clone();
    store.put("kept/0", Bytes::from("kept")).await.unwrap();
    let writer = tokio::spawn(async move {
        for n in 1..400 {
            let key = format!("kept/{n}");
            store.put(&key, text(10, 0)).await.unwrap();
            store.delete(&key).await.unwrap();
        }
    });

    let mut unfinished = 0;
    while !writer.is_finished() {
        let listed = held.store.list("kept/").await.unwrap();
        assert!(listed.iter().any(|object| object.key == "kept/0"));
        unfinished += held.store.uploads("").await.unwrap().len();
    }

    writer.await.unwrap();
    assert!(unfinished > 0);
    assert_eq!(held.store.uploads("").await.unwrap(), []);
}

#[rstest]
#[case(Kind::Directory)]
#[case(Kind::Bucket)]
#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_was_given_up_never_comes(#[case] kind: Kind) {
    let held = Held::of(kind).await;
    let store = &held.store;
    let upload = store.begin("given/up").await.unwrap();
    let part = store.part(&upload, 1, text(10, 0)).await.unwrap();
    for _ in 0..2 {
        store.abort(&upload).await.unwrap();
    }
    assert_eq!(store.uploads("").await.unwrap(), []);
    assert!(store.complete(&upload, vec![part]).await.is_err());
    assert!(store.get("given/up").await.unwrap_err().is_missing());
}

#[tokio::test]
async fn a_key_cannot_lead_out_of_the_directory() {
    let held = Held::of(Kind::Directory).await;
    let store = &held.store;
    for key in ["", "../x", "a/../../x", "/etc/passwd", ".uploads/x", "a/.hidden"] {
        let refused = store.put(key, Bytes::new()).await.unwrap_err();
        assert!(matches!(refused, StorageError::Key { .. }), "{key}");
        assert!(
            matches!(store.get(key).await, Err(StorageError::Key { .. })),
            "{key}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_again_and_again_costs_tries_and_no_bytes() {
    let server = S3Server::start().await;
    let bucket = server.bucket("backups").await;
    let proxy = Proxy::start(server.address().to_owned()).await;
    let store = S3::with_client(bucket, client_of(&proxy.address().to_string()));
    let upload = store.begin("cut").await.unwrap();
    let bodies = [text(SMALLEST_PART, 1), text(100, 2)];

    // The server has the part, and its answer is lost.
    proxy.cut_after(20);
    let first = mended(&proxy, store.part(&upload, 1, bodies[0].clone()))
        .await
        .unwrap();
    let rest = store.part(&upload, 2, bodies[1].clone()).await.unwrap();
    store.complete(&upload, vec![first, rest]).await.unwrap();

    proxy.cut_after(3 << 20);
    let read = mended(&proxy, store.get("cut")).await.unwrap();
    assert_eq!(read, bodies.concat());
    proxy.refuse();
    assert!(matches!(store.get("cut").await, Err(StorageError::Failed { .. })));
}

/// What comes of a call whose connection is cut once.
async fn mended<T>(proxy: &Proxy, call: impl Future<Output = T>) -> T {
    let before = proxy.cuts();
    let mending = async {
        while proxy.cuts() == before {
            tokio::task::yield_now().await;
        }
        proxy.pass();
    };
    tokio::join!(call, mending).0
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_are_encrypted_with_the_key_that_was_named() {
    const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
    let server = S3Server::start().await;
    let bucket = Bucket {
        kms_key_arn: Some(KEY.to_owned()),
        ..server.bucket("backups").await
    };
    let store = S3::with_client(bucket, server.client());
    store.put("small", Bytes::from("x")).await.unwrap();
    let upload = store.begin("large").await.unwrap();
    let part = store.part(&upload, 1, text(10, 0)).await.unwrap();
    store.complete(&upload, vec![part]).await.unwrap();

    for key in ["small", "large"] {
        let head = server
            .client()
            .head_object()
            .bucket("backups")
            .key(key)
            .send()
            .await
            .unwrap();
        assert_eq!(head.ssekms_key_id(), Some(KEY), "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_in_a_bucket_is_made_verified_and_restored() {
    let stage = filled().await;
    let server = S3Server::start().await;
    let bucket = server.bucket("backups").await;
    let vault = backups::vault(Arc::new(S3::with_client(bucket, server.client())));
    let created = shared::services::backup::create(stage.app(), &vault, None)
        .await
        .unwrap();
    let (id, manifest) = shared::services::backup::find(&vault, None).await.unwrap();
    assert_eq!(created.backup, id.to_string());
    assert!(
        verify_light(stage.app(), &vault, id, &manifest)
            .await
            .unwrap()
            .passed
    );

    let copy = Copy::named(stage.database(), "s3").await;
    let target = Target::New(copy.name.clone());
    restore(
        stage.app(),
        &vault,
        (id, &manifest),
        &Content::Whole,
        &target,
        None,
        &|_| {},
    )
    .await
    .unwrap();
    assert_eq!(
        backups::dumped_rows(stage.database().url()),
        backups::dumped_rows(&copy.url)
    );
    copy.drop().await;
}

/// Larger than a part: several, by several connections, in any order.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_many_parts_is_read_back_row_by_row() {
    let stage = Stage::start().await;
    stage
        .client()
        .batch_execute(
            "INSERT INTO data_collection_logs (id, data_source, endpoint, status, latency_ms, items, error, created_at)
             SELECT gen_random_uuid(), 'fred', md5(n::text) || md5((n * 7)::text), 'ok', n, 0,
                    (SELECT string_agg(md5((n * k)::text), '') FROM generate_series(1, 8) AS k), now()
             FROM generate_series(1, 150000) AS n",
        )
        .await
        .unwrap();
    let shelf = Shelf::new();
    let (id, manifest) = shelf.backup(stage.app()).await;
    let logs = manifest.table("data_collection_logs").unwrap();
    assert!(logs.parts.len() > 2, "{:?}", logs.parts);
    let least = SMALLEST_PART as u64;
    assert!(
        logs.parts.iter().rev().skip(1).all(|part| part.bytes >= least),
        "{:?}",
        logs.parts
    );
    assert_eq!(logs.rows, 150_000);
    let proof = shared::services::backup::drill(stage.app(), &shelf.vault, id, &manifest)
        .await
        .unwrap();
    assert_eq!(proof.findings, Vec::<String>::new());
}
