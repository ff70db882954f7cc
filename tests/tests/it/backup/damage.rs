//! Everything that can happen to an object is found, whatever the object.

use std::path::{Path, PathBuf};
use std::process::Command;

use rstest::rstest;
use shared::domain::backups::Manifest;
use shared::domain::identity::UserId;
use shared::services::backup::{
    BackupError, Damage, RestoreOrder, State, carry_out, find, list, verify_light,
};
use tests::backups::Shelf;

use super::*;

/// A backup, and its files as they were.
struct Specimen {
    stage: Stage,
    shelf: Shelf,
    id: BackupId,
    manifest: Manifest,
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Specimen {
    async fn new() -> Self {
        let stage = filled().await;
        let shelf = Shelf::new();
        let (id, manifest) = shelf.backup(stage.app()).await;
        let files = files(&shelf, id).into_iter().map(|name| {
            let path = shelf.folder_of(id).join(name);
            let bytes = std::fs::read(&path).unwrap();
            (path, bytes)
        });
        Self {
            files: files.collect(),
            stage,
            id,
            manifest,
            shelf,
        }
    }

    /// Whether something is found to be wrong: by whoever reads the manifest, or by whoever reads all.
    async fn is_found(&self) -> bool {
        let found = match find(&self.shelf.vault, Some(self.id)).await {
            Ok((id, manifest)) => {
                let proof = verify_light(self.stage.app(), &self.shelf.vault, id, &manifest)
                    .await
                    .unwrap();
                !proof.passed
            }
            Err(BackupError::Damaged { .. } | BackupError::Unknown(_)) => true,
            Err(error) => panic!("{error}"),
        };
        for (path, bytes) in &self.files {
            std::fs::write(path, bytes).unwrap();
        }
        found
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_backup_has_nothing_wrong_with_it() {
    let specimen = Specimen::new().await;
    assert!(!specimen.is_found().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_bit_anywhere_is_found() {
    let specimen = Specimen::new().await;
    let mut tried = 0;
    for (path, bytes) in &specimen.files {
        // Beginning, end, and places between them: headers, checksums, rows.
        let places = [
            0,
            3,
            4,
            9,
            bytes.len() / 3,
            bytes.len() / 2,
            bytes.len() - 5,
            bytes.len() - 1,
        ];
        for at in places.into_iter().filter(|at| *at < bytes.len()) {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (at % 8);
            std::fs::write(path, changed).unwrap();
            assert!(specimen.is_found().await, "{}, byte {at}", path.display());
            tried += 1;
        }
    }
    assert!(tried > 200, "{tried}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_is_cut_or_grown_is_found() {
    let specimen = Specimen::new().await;
    for (path, bytes) in &specimen.files {
        for length in [0, 1, bytes.len() / 2, bytes.len() - 1] {
            std::fs::write(path, &bytes[..length]).unwrap();
            assert!(
                specimen.is_found().await,
                "{}, {length} bytes left",
                path.display()
            );
        }
        // Another member behind the last one is valid gzip, and still no part of it.
        for more in [b"x".as_slice(), bytes] {
            std::fs::write(path, [bytes, more].concat()).unwrap();
            assert!(specimen.is_found().await, "{} grown", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_is_missing_is_found() {
    let specimen = Specimen::new().await;
    for (path, _) in &specimen.files {
        std::fs::remove_file(path).unwrap();
        assert!(specimen.is_found().await, "{}", path.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_that_changed_places_are_found() {
    let specimen = Specimen::new().await;
    for (one, pair) in specimen.files.iter().zip(specimen.files.iter().skip(1)) {
        if one.1 == pair.1 {
            continue;
        }
        std::fs::write(&one.0, &pair.1).unwrap();
        std::fs::write(&pair.0, &one.1).unwrap();
        assert!(specimen.is_found().await, "{} and its neighbour", one.0.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_was_edited_is_found_whatever_was_edited() {
    let specimen = Specimen::new().await;
    let path = specimen.shelf.folder_of(specimen.id).join("manifest.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let rows = format!("\"rows\":{}", specimen.manifest.tables[0].rows);
    let edits = [
        (rows.as_str(), "\"rows\":1"),
        ("trades.copy.gz", "tradez.copy.gz"),
        ("\"format\":1", "\"format\":2"),
        ("hmac_sha256\":\"", "hmac_sha256\":\"00"),
        ("DROP CONSTRAINT", "DROP COLUMN"),
    ];
    for (what, with) in edits {
        assert!(text.contains(what), "{what}");
        std::fs::write(&path, text.replacen(what, with, 1)).unwrap();
        let found = find(&specimen.shelf.vault, Some(specimen.id)).await.unwrap_err();
        let is_signature = matches!(
            found,
            BackupError::Damaged {
                damage: Damage::Signature,
                ..
            }
        );
        assert!(is_signature, "{what}: {found}");
        assert!(specimen.is_found().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_of_another_backup_is_found() {
    let specimen = Specimen::new().await;
    specimen.stage.app().clock.advance(SignedDuration::from_secs(1));
    let (other, _) = specimen.shelf.backup(specimen.stage.app()).await;
    let of = |id: BackupId| specimen.shelf.folder_of(id).join("manifest.json");
    std::fs::copy(of(other), of(specimen.id)).unwrap();

    let found = find(&specimen.shelf.vault, Some(specimen.id)).await.unwrap_err();
    assert!(
        found.to_string().contains(&format!("that of the backup {other}")),
        "{found}"
    );
    let listed = list(&specimen.shelf.vault).await.unwrap();
    assert!(matches!(listed[0].state, State::Damaged(Damage::Moved(_))));
    assert!(matches!(listed[1].state, State::Complete(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_that_was_edited_or_moved_proves_nothing() {
    let specimen = Specimen::new().await;
    let vault = &specimen.shelf.vault;
    verify_light(specimen.stage.app(), vault, specimen.id, &specimen.manifest)
        .await
        .unwrap();
    let folder = specimen.shelf.folder_of(specimen.id).join("proofs");
    let proof = std::fs::read_dir(&folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    assert_eq!(list(vault).await.unwrap()[0].proofs.len(), 1);

    let text = std::fs::read_to_string(&proof).unwrap();
    std::fs::write(&proof, text.replace("\"light\"", "\"drill\"")).unwrap();
    assert_eq!(list(vault).await.unwrap()[0].proofs.len(), 0);
}

/// An object of the same length that can be unpacked, and says something shorter.
fn edit(object: &Path, from: &str, to: &str) {
    let run = |program: &str, options: &[&str], file: &Path| {
        let output = Command::new(program).args(options).arg(file).output().unwrap();
        assert!(output.status.success(), "{program}");
        output.stdout
    };
    let length = std::fs::metadata(object).unwrap().len();
    let text = String::from_utf8(run("gunzip", &["-c"], object)).unwrap();
    assert!(text.contains(from), "{text}");
    let folder = tempfile::TempDir::new().unwrap();
    let edited = folder.path().join("edited");
    std::fs::write(&edited, text.replace(from, to)).unwrap();
    let mut packed = run("gzip", &["-9", "-n", "-c"], &edited);
    // An extra field of the header, which nobody reads, makes up the length.
    let missing = usize::try_from(length).unwrap() - packed.len() - 2;
    packed[3] |= 4;
    let field = u16::try_from(missing).unwrap().to_le_bytes().into_iter();
    packed.splice(10..10, field.chain(std::iter::repeat_n(0, missing)));
    std::fs::write(object, packed).unwrap();
}

#[rstest]
#[case::whole(|_: &mut RestoreOrder, _| {})]
#[case::table(|order: &mut RestoreOrder, _| order.table = Some("users".to_owned()))]
#[case::user(|order: &mut RestoreOrder, user| order.user = Some(user))]
#[tokio::test(flavor = "multi_thread")]
async fn rows_that_were_edited_are_not_restored(#[case] choose: fn(&mut RestoreOrder, UserId)) {
    let specimen = Specimen::new().await;
    let database = specimen.stage.database();
    let user = user_of(&specimen.stage, "user-1").await;
    let mut order = replacing(database.name());
    choose(&mut order, user);
    let before = tests::backups::dumped_rows(database.url());
    let users = specimen.shelf.folder_of(specimen.id).join("users.copy.gz");

    edit(&users, "@example.com", "");
    let failed = carry_out(specimen.stage.app(), &specimen.shelf.vault, &order, None, &|_| {}).await;

    let content = Damage::Content {
        table: "users".to_owned(),
    };
    assert!(
        matches!(&failed, Err(BackupError::Damaged { damage, .. }) if *damage == content),
        "{failed:?}"
    );
    assert!(tests::backups::dumped_rows(database.url()) == before);
}
