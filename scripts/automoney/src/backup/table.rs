//! Backups as lines for people, or as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};
use shared::services::backup::{Created, Entry, State};

/// One line of what was made.
pub(super) fn created(created: &Created) -> String {
    format!(
        "{}: {} rows of {} tables, {} in the store, {} s",
        created.backup,
        created.rows,
        created.tables,
        size(created.stored_bytes),
        created.duration_ms / 1000
    )
}

/// A line each, the oldest first.
pub(super) fn listed(entries: &[Entry]) -> String {
    if entries.is_empty() {
        return "there is no backup in the store\n".to_owned();
    }
    let mut text = String::new();
    for entry in entries {
        let what = match &entry.state {
            State::Complete(manifest) => format!(
                "{} rows, {}, schema {}",
                manifest.rows(),
                size(manifest.bytes()),
                manifest.schema_version()
            ),
            State::Unfinished => "unfinished".to_owned(),
            State::Damaged(damage) => format!("damaged: {damage}"),
        };
        let _ = writeln!(text, "{}  {what}{}", entry.id, proven(entry));
    }
    text
}

/// What came of looking at it last, by each way of looking.
fn proven(entry: &Entry) -> String {
    let mut text = String::new();
    for kind in ["light", "drill"] {
        let last = entry.proofs.iter().rfind(|proof| proof.kind.as_str() == kind);
        if let Some(proof) = last {
            let word = if proof.passed { "passed" } else { "FAILED" };
            let _ = write!(text, ", {kind} {word} {}", proof.at);
            for finding in &proof.findings {
                let _ = write!(text, " ({finding})");
            }
        }
    }
    text
}

/// The same with everything that is known but the schema.
pub(super) fn as_json(entries: &[Entry]) -> Value {
    let all = entries.iter().map(|entry| {
        let (state, manifest) = match &entry.state {
            State::Complete(manifest) => ("complete".to_owned(), Some(manifest)),
            State::Unfinished => ("unfinished".to_owned(), None),
            State::Damaged(damage) => (format!("damaged: {damage}"), None),
        };
        json!({
            "backup": entry.id.to_string(),
            "state": state,
            "rows": manifest.as_ref().map(|manifest| manifest.rows()),
            "stored_bytes": manifest.as_ref().map(|manifest| manifest.bytes()),
            "snapshot_at": manifest.as_ref().map(|manifest| manifest.snapshot_at),
            "schema_version": manifest.as_ref().map(|manifest| manifest.schema_version()),
            "is_proven": entry.is_proven(),
            "proofs": entry.proofs,
        })
    });
    Value::Array(all.collect())
}

/// Bytes for people.
fn size(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    match bytes / MIB {
        0 => format!("{} KiB", bytes.div_ceil(1 << 10)),
        mib => format!("{mib} MiB"),
    }
}
