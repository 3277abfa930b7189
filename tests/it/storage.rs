//! Stored files: written once, whole or not at all, in a folder, in memory and over S3.

mod kinds;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use gongkai::storage::{BlobStore, MediaType, Refusal, S3, StorageError};
use sha2::{Digest, Sha256};

use crate::support::s3_fake::S3Fake;

const MIB: usize = 1024 * 1024;

/// `length` bytes of a PDF, in pieces of odd length.
fn pdf(
    length: usize,
) -> (Vec<u8>, impl futures_util::Stream<Item = Result<Bytes, String>> + Unpin) {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend((bytes.len()..length).map(|i| u8::try_from(i * 31 % 251).unwrap()));
    let pieces: Vec<_> = bytes.chunks(77_777).map(Bytes::copy_from_slice).map(Ok).collect();
    (bytes, stream::iter(pieces))
}

/// The same store three times: its name for messages, and what it holds in the end.
struct Stores {
    folder: tempfile::TempDir,
    fake: S3Fake,
    all: Vec<(&'static str, BlobStore)>,
}

impl Stores {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fake = S3Fake::start();
        let s3 = BlobStore::s3(&S3 {
            bucket: "county",
            prefix: "gongkai/files",
            endpoint: Some(&fake.endpoint),
            region: "us-east-1",
            access_key: "key",
            secret_key: "secret",
        });
        let all = vec![
            ("folder", BlobStore::folder(&folder.path().join("files")).unwrap()),
            ("memory", BlobStore::memory()),
            ("s3", s3.unwrap()),
        ];
        Self { folder, fake, all }
    }

    /// Whether a draft stands in the folder or a part in the bucket: an upload that was begun there
    /// is known here only once its first part went through.
    fn part_is_stored(&self) -> bool {
        let bucket = self.fake.bucket();
        !files(self.folder.path()).is_empty() || bucket.uploads.values().any(|p| !p.is_empty())
    }

    /// Everything in folder and bucket, drafts and unfinished uploads included.
    fn left(&self) -> Vec<String> {
        let bucket = self.fake.bucket();
        let mut left = files(self.folder.path());
        left.extend(bucket.objects.keys().cloned());
        left.extend(bucket.uploads.keys().map(|id| format!("upload {id}")));
        left
    }
}

fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path))
        } else {
            found.push(path.display().to_string())
        }
    }
    found
}

#[actix_web::test]
async fn a_file_comes_back_as_it_was_whether_it_went_in_one_piece_or_in_parts() {
    let stores = Stores::start();
    for (name, store) in &stores.all {
        for length in [10, 70_000, 5 * MIB, 5 * MIB + 1, 11 * MIB] {
            let (bytes, source) = pdf(length);
            let (stored, kind) =
                store.put_upload("attachments", "方案.pdf", source, 20 << 20).await.unwrap();

            assert_eq!(kind, MediaType::Pdf);
            assert_eq!(stored.size, u64::try_from(length).unwrap(), "{name}");
            assert_eq!(stored.sha256, hex::encode(Sha256::digest(&bytes)), "{name} {length}");
            assert!(stored.key.starts_with("attachments/") && stored.key.is_ascii());
            assert!(store.get(&stored.key).await.unwrap() == bytes, "{name} {length}");
            let stream = store.get_stream(&stored.key).await.unwrap();
            assert_eq!(stream.size, stored.size);
            let pieces: Vec<Bytes> = stream.bytes.try_collect().await.unwrap();
            assert!(pieces.concat() == bytes, "{name} {length}");

            store.delete(&stored.key).await.unwrap();
            store.delete(&stored.key).await.unwrap();
            let gone = store.get(&stored.key).await.unwrap_err();
            assert!(matches!(gone, StorageError::NotFound { .. }), "{name}: {gone}");
        }
    }
    assert_eq!(stores.left(), [""; 0]);
}

#[actix_web::test]
async fn exactly_the_limit_is_stored_and_one_byte_more_leaves_nothing() {
    let stores = Stores::start();
    for (name, store) in &stores.all {
        for length in [100, 6 * MIB] {
            let limit = u64::try_from(length).unwrap();
            let refused = store.put_stream("a", pdf(length + 1).1, limit).await.unwrap_err();
            assert!(matches!(refused, StorageError::TooLarge { limit: l } if l == limit), "{name}");
            let stored = store.put_stream("a", pdf(length).1, limit).await.unwrap();
            store.delete(&stored.key).await.unwrap();
        }
    }
    assert_eq!(stores.left(), [""; 0]);
}

#[actix_web::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let stores = Stores::start();
    for (name, store) in &stores.all {
        for length in [100, 6 * MIB] {
            let broken = pdf(length).1.chain(stream::iter([Err("connection lost".to_owned())]));
            let failure = store.put_stream("a", broken, 1 << 30).await.unwrap_err();
            assert!(
                matches!(&failure, StorageError::Source(why) if why == "connection lost"),
                "{name}: {failure}"
            );
            assert_eq!(stores.left(), [""; 0], "{name}");
        }
    }
}

#[actix_web::test]
async fn an_upload_nobody_waits_for_any_more_leaves_nothing() {
    let stores = Stores::start();
    // What is in memory cannot be looked at.
    for (name, store) in stores.all.iter().filter(|(name, _)| *name != "memory") {
        let stalled = pdf(6 * MIB).1.chain(stream::pending());
        let part_is_stored = async {
            while !stores.part_is_stored() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            stored = store.put_stream("a", stalled, 1 << 30) => panic!("{name}: {stored:?}"),
            () = part_is_stored => {}
        }
        let removed = async {
            while !stores.left().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), removed).await;
        assert!(waited.is_ok(), "{name}: {:?}", stores.left());
    }
}

#[actix_web::test]
async fn what_stands_under_a_key_never_changes() {
    let stores = Stores::start();
    for (name, store) in &stores.all {
        let (key, bytes) = ("notices/2026/0190163d.pdf", Bytes::from_static(b"%PDF-1.7 issued"));
        store.put_bytes(key, bytes.clone()).await.unwrap();
        store.put_bytes(key, bytes.clone()).await.unwrap();
        let other = store.put_bytes(key, Bytes::from_static(b"%PDF-1.7 forged")).await.unwrap_err();
        assert!(matches!(other, StorageError::Conflict { .. }), "{name}: {other}");
        assert_eq!(store.get(key).await.unwrap(), bytes, "{name}");
    }
    assert_eq!(stores.fake.bucket().objects.len(), 1);
    assert!(
        stores.fake.bucket().objects.contains_key("county/gongkai/files/notices/2026/0190163d.pdf")
    );
}

#[actix_web::test]
async fn of_many_writers_with_different_bytes_one_wins_and_nothing_is_torn() {
    let stores = Stores::start();
    for (name, store) in &stores.all {
        let writers = (0..16_u8).map(|i| store.put_bytes("a/b", Bytes::from(vec![i; 100_000])));
        let results = futures_util::future::join_all(writers).await;
        let won: Vec<_> = (0..16_u8).zip(&results).filter(|(_, r)| r.is_ok()).collect();
        assert_eq!(won.len(), 1, "{name}: {results:?}");
        assert_eq!(store.get("a/b").await.unwrap(), vec![won[0].0; 100_000], "{name}");
    }
}

#[tokio::test]
async fn a_key_cannot_leave_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let store = BlobStore::folder(&folder.path().join("files")).unwrap();
    std::fs::write(folder.path().join("secret.key"), "secret").unwrap();
    for key in [
        "",
        "/",
        "../secret.key",
        "a/../../secret.key",
        "/etc/passwd",
        "a//b",
        "a/.b",
        "a\0b",
        "方案.pdf",
        "A",
        "a b",
        "a#1",
        "a%2e",
        "a\\b",
        &"a".repeat(201),
    ] {
        let put = store.put_bytes(key, Bytes::from_static(b"x")).await;
        assert!(matches!(put, Err(StorageError::BadKey { .. })), "{key:?}: {put:?}");
        assert!(matches!(store.get(key).await, Err(StorageError::BadKey { .. })), "{key:?}");
        assert!(matches!(store.delete(key).await, Err(StorageError::BadKey { .. })), "{key:?}");
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("secret.key")).unwrap(), "secret");
    let put = store.put_stream("../a", pdf(10).1, 100).await;
    assert!(matches!(put, Err(StorageError::BadKey { .. })));
}

#[tokio::test]
async fn a_refused_kind_is_told_before_anything_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let store = BlobStore::folder(folder.path()).unwrap();
    let program =
        stream::iter([Ok::<_, String>(Bytes::from_static(b"MZ\x90\0\x03\0\0\0\x04\0\0\0"))]);
    let refused = store.put_upload("a", "申请表.pdf", program, 1000).await.unwrap_err();
    assert!(matches!(refused, StorageError::Refused(Refusal::Executable)), "{refused}");
    assert_eq!(refused.to_string(), "不能上传可执行程序或脚本，请上传文档、图片或扫描件");
    assert_eq!(files(folder.path()), [""; 0]);
}

#[tokio::test]
async fn the_folder_is_its_owners_alone_and_a_store_that_fails_is_no_missing_file() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("data/files");
    let store = BlobStore::folder(&root).unwrap();
    assert_eq!(root.metadata().unwrap().permissions().mode() & 0o777, 0o700);

    std::fs::write(root.join("a"), "a file where a folder should be").unwrap();
    let put = store.put_bytes("a/b", Bytes::from_static(b"x")).await.unwrap_err();
    assert!(matches!(put, StorageError::Unavailable { .. }), "{put}");
    assert!(BlobStore::folder(&root.join("a")).is_err());
}
