//! A bucket of S3.
//!
//! Each call is tried again by the client itself, part by part: a part that is sent twice counts once. Every
//! part carries a SHA-256 that the store holds against what arrived. Objects are encrypted by the key
//! that was named, or by the bucket's own.

use std::ops::Range;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart, ServerSideEncryption};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::OnceCell;

use super::{BlobStore, Object, StorageError, Stored, Upload};
use crate::config::Bucket;

/// A part of 16 MiB at 1 MiB a second, which is a network that is nearly gone.
const ATTEMPT: Duration = Duration::from_secs(20);

/// Within a region it takes milliseconds.
const CONNECT: Duration = Duration::from_secs(3);

/// How often a call is made at most; the client waits longer each time.
const ATTEMPTS: u32 = 5;

/// A bucket, or a folder of it.
#[derive(Debug)]
pub struct S3 {
    bucket: Bucket,
    /// Made by the first call.
    client: OnceCell<Client>,
}

impl S3 {
    /// The store in a bucket of the account the process runs in; `AWS_ENDPOINT_URL` moves it.
    pub fn new(bucket: Bucket) -> Self {
        Self {
            bucket,
            client: OnceCell::new(),
        }
    }

    /// The store behind a client of one's own.
    pub fn with_client(bucket: Bucket, client: Client) -> Self {
        Self {
            bucket,
            client: OnceCell::new_with(Some(client)),
        }
    }

    async fn client(&self) -> &Client {
        self.client.get_or_init(connect).await
    }

    /// The key in the bucket.
    fn full(&self, key: &str) -> String {
        format!("{}{key}", self.bucket.prefix)
    }

    /// The key in the store, of one in the bucket.
    fn own(&self, full: &str) -> Option<String> {
        full.strip_prefix(&self.bucket.prefix).map(str::to_owned)
    }

    fn encryption(&self) -> Option<ServerSideEncryption> {
        self.bucket
            .kms_key_arn
            .as_ref()
            .map(|_| ServerSideEncryption::AwsKms)
    }
}

impl BlobStore for S3 {
    fn put<'a>(&'a self, key: &'a str, body: Bytes) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            let request = self.client().await.put_object();
            let answer = request
                .bucket(&self.bucket.name)
                .key(self.full(key))
                .checksum_algorithm(ChecksumAlgorithm::Sha256)
                .set_server_side_encryption(self.encryption())
                .set_ssekms_key_id(self.bucket.kms_key_arn.clone())
                .body(ByteStream::from(body))
                .send()
                .await;
            answer.map_err(|error| meaning("write", key, error))?;
            Ok(())
        })
    }

    fn begin<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Upload, StorageError>> {
        Box::pin(async move {
            let request = self.client().await.create_multipart_upload();
            let answer = request
                .bucket(&self.bucket.name)
                .key(self.full(key))
                .checksum_algorithm(ChecksumAlgorithm::Sha256)
                .set_server_side_encryption(self.encryption())
                .set_ssekms_key_id(self.bucket.kms_key_arn.clone())
                .send()
                .await;
            let begun = answer.map_err(|error| meaning("begin", key, error))?;
            let id = begun
                .upload_id
                .ok_or_else(|| StorageError::failed("begin", key, "it gave the upload no name"))?;
            Ok(Upload {
                key: key.to_owned(),
                id,
                begun_at: None,
            })
        })
    }

    fn part<'a>(
        &'a self,
        upload: &'a Upload,
        number: u32,
        body: Bytes,
    ) -> BoxFuture<'a, Result<Stored, StorageError>> {
        Box::pin(async move {
            let request = self.client().await.upload_part();
            let answer = request
                .bucket(&self.bucket.name)
                .key(self.full(&upload.key))
                .upload_id(&upload.id)
                .part_number(i32::try_from(number).unwrap_or(i32::MAX))
                .checksum_algorithm(ChecksumAlgorithm::Sha256)
                .body(ByteStream::from(body))
                .send()
                .await;
            let stored = answer.map_err(|error| meaning("write a part of", &upload.key, error))?;
            Ok(Stored {
                number,
                tag: stored.e_tag.unwrap_or_default(),
                checksum: stored.checksum_sha256,
            })
        })
    }

    fn complete<'a>(
        &'a self,
        upload: &'a Upload,
        mut parts: Vec<Stored>,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            parts.sort_by_key(|part| part.number);
            let parts = parts.into_iter().map(|part| {
                CompletedPart::builder()
                    .part_number(i32::try_from(part.number).unwrap_or(i32::MAX))
                    .e_tag(part.tag)
                    .set_checksum_sha256(part.checksum)
                    .build()
            });
            let whole = CompletedMultipartUpload::builder()
                .set_parts(Some(parts.collect()))
                .build();
            let request = self.client().await.complete_multipart_upload();
            let answer = request
                .bucket(&self.bucket.name)
                .key(self.full(&upload.key))
                .upload_id(&upload.id)
                .multipart_upload(whole)
                .send()
                .await;
            answer.map_err(|error| meaning("complete", &upload.key, error))?;
            Ok(())
        })
    }

    fn abort<'a>(&'a self, upload: &'a Upload) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            let request = self.client().await.abort_multipart_upload();
            let answer = request
                .bucket(&self.bucket.name)
                .key(self.full(&upload.key))
                .upload_id(&upload.id)
                .send()
                .await;
            match answer.map_err(|error| meaning("give up", &upload.key, error)) {
                Err(error) if !error.is_missing() => Err(error),
                _ => Ok(()),
            }
        })
    }

    fn uploads<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Upload>, StorageError>> {
        Box::pin(async move {
            let mut found = Vec::new();
            let (mut key_marker, mut id_marker) = (None, None);
            loop {
                let request = self.client().await.list_multipart_uploads();
                let answer = request
                    .bucket(&self.bucket.name)
                    .prefix(self.full(prefix))
                    .set_key_marker(key_marker)
                    .set_upload_id_marker(id_marker)
                    .send()
                    .await;
                let page = answer.map_err(|error| meaning("list", prefix, error))?;
                for upload in page.uploads.unwrap_or_default() {
                    let key = upload.key.as_deref().and_then(|key| self.own(key));
                    if let (Some(key), Some(id)) = (key, upload.upload_id) {
                        let begun_at = upload.initiated.as_ref().and_then(time);
                        found.push(Upload { key, id, begun_at });
                    }
                }
                if page.is_truncated != Some(true) {
                    return Ok(found);
                }
                (key_marker, id_marker) = (page.next_key_marker, page.next_upload_id_marker);
            }
        })
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Bytes, StorageError>> {
        Box::pin(self.fetch(key, None))
    }

    fn read<'a>(&'a self, key: &'a str, piece: Range<u64>) -> BoxFuture<'a, Result<Bytes, StorageError>> {
        Box::pin(async move {
            if piece.is_empty() {
                return Ok(Bytes::new());
            }
            self.fetch(key, Some(format!("bytes={}-{}", piece.start, piece.end - 1)))
                .await
        })
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Object>, StorageError>> {
        Box::pin(async move {
            let mut found = Vec::new();
            let mut token = None;
            loop {
                let request = self.client().await.list_objects_v2();
                let answer = request
                    .bucket(&self.bucket.name)
                    .prefix(self.full(prefix))
                    .set_continuation_token(token)
                    .send()
                    .await;
                let page = answer.map_err(|error| meaning("list", prefix, error))?;
                for object in page.contents.unwrap_or_default() {
                    if let Some(key) = object.key.as_deref().and_then(|key| self.own(key)) {
                        let bytes = object.size.and_then(|size| u64::try_from(size).ok());
                        found.push(Object {
                            key,
                            bytes: bytes.unwrap_or_default(),
                        });
                    }
                }
                if page.is_truncated != Some(true) {
                    return Ok(found);
                }
                token = page.next_continuation_token;
            }
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            let request = self.client().await.delete_object();
            let answer = request.bucket(&self.bucket.name).key(self.full(key)).send().await;
            match answer.map_err(|error| meaning("delete", key, error)) {
                Err(error) if !error.is_missing() => Err(error),
                _ => Ok(()),
            }
        })
    }
}

impl S3 {
    /// An answer that is cut off within its body is asked for again, as one that never began is by the
    /// client itself.
    async fn fetch(&self, key: &str, range: Option<String>) -> Result<Bytes, StorageError> {
        let mut attempt = 1;
        loop {
            let request = self.client().await.get_object();
            let answer = request
                .bucket(&self.bucket.name)
                .key(self.full(key))
                .set_range(range.clone())
                .send()
                .await;
            let object = match answer {
                Ok(object) => object,
                // Beyond the end there is nothing.
                Err(error) if status(&error) == Some(416) => return Ok(Bytes::new()),
                Err(error) => return Err(meaning("read", key, error)),
            };
            match object.body.collect().await {
                Ok(body) => return Ok(body.into_bytes()),
                Err(error) if attempt == ATTEMPTS => {
                    return Err(StorageError::failed("read", key, error));
                }
                Err(_) => attempt += 1,
            }
        }
    }
}

/// By status: it is the same for all calls.
fn meaning<E>(what: &'static str, key: &str, error: SdkError<E, HttpResponse>) -> StorageError
where
    E: std::error::Error + Send + Sync + 'static,
{
    match status(&error) {
        Some(404) => StorageError::Missing { key: key.to_owned() },
        _ => StorageError::failed(what, key, error),
    }
}

fn status<E>(error: &SdkError<E, HttpResponse>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}

fn time(given: &DateTime) -> Option<Timestamp> {
    Timestamp::from_second(given.secs()).ok()
}

async fn connect() -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .build();
    let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .load()
        .await;
    Client::new(&config)
}
