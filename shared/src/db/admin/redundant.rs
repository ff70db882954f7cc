//! Indexes whose work another index of the same table does as well.

use serde::Serialize;

use super::{Apart, OUR_SCHEMA};
use crate::db::DbError;

/// An index that could be missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Redundant {
    /// Its name.
    pub index: String,
    /// The table it is of.
    pub table: String,
    /// The index that does its work.
    pub covered_by: String,
    /// Whether the two are the same; else the other one only begins like it.
    pub is_duplicate: bool,
    /// Its size.
    pub bytes: i64,
}

/// A B-tree as the catalog describes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Definition {
    name: String,
    table: String,
    bytes: i64,
    /// It keeps a promise: unique, or a constraint's.
    is_needed: bool,
    /// One text for each key column: attribute, operator class, collation, direction.
    keys: Vec<String>,
    /// Columns that are carried along.
    included: Vec<String>,
    /// Expressions among the columns, as the parser keeps them.
    expressions: Option<String>,
    /// Which rows it has, as the parser keeps it; all of them when there is none.
    predicate: Option<String>,
}

/// Duplicates, and those that are the beginning of another one. Of partitions the parents' are looked at.
pub async fn list_redundant_indexes(apart: &Apart) -> Result<Vec<Redundant>, DbError> {
    // Where in the text of its statement an expression stood makes no difference.
    let sql = format!(
        "SELECT index.relname::text, heap.relname::text, index.relpages * current_setting('block_size')::bigint,
                indisunique OR EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid),
                ARRAY(SELECT concat_ws(' ', indkey[n], indclass[n], indcollation[n], indoption[n])
                      FROM generate_series(0, indnkeyatts - 1) AS n ORDER BY n),
                ARRAY(SELECT indkey[n]::text FROM generate_series(indnkeyatts, indnatts - 1) AS n ORDER BY n),
                regexp_replace(indexprs::text, ':location -?[0-9]+', '', 'g'),
                regexp_replace(indpred::text, ':location -?[0-9]+', '', 'g')
         FROM pg_index
         JOIN pg_class AS index ON index.oid = indexrelid
         JOIN pg_class AS heap ON heap.oid = indrelid
         JOIN pg_am AS method ON method.oid = index.relam
         WHERE index.relnamespace = {OUR_SCHEMA} AND indisvalid AND method.amname = 'btree' AND NOT index.relispartition
         ORDER BY heap.relname, indexrelid"
    );
    let rows = apart.catalog().await?.query(&sql, &[]).await?;
    let definition = |row: &tokio_postgres::Row| {
        Ok(Definition {
            name: row.try_get(0)?,
            table: row.try_get(1)?,
            bytes: row.try_get(2)?,
            is_needed: row.try_get(3)?,
            keys: row.try_get(4)?,
            included: row.try_get(5)?,
            expressions: row.try_get(6)?,
            predicate: row.try_get(7)?,
        })
    };
    let known: Vec<Definition> = rows.iter().map(definition).collect::<Result<_, DbError>>()?;
    Ok(redundant(&known))
}

/// Of two that are the same and not needed, the later one.
fn redundant(known: &[Definition]) -> Vec<Redundant> {
    let mut found = Vec::new();
    for (place, index) in known.iter().enumerate() {
        let other = known.iter().enumerate().find(|(at, other)| {
            *at != place
                && does_the_work_of(other, index)
                && (!is_same(other, index) || other.is_needed || *at < place)
        });
        if let Some((_, other)) = other.filter(|_| !index.is_needed) {
            found.push(Redundant {
                index: index.name.clone(),
                table: index.table.clone(),
                covered_by: other.name.clone(),
                is_duplicate: is_same(other, index),
                bytes: index.bytes,
            });
        }
    }
    found
}

fn is_same(one: &Definition, other: &Definition) -> bool {
    one.keys == other.keys && one.included == other.included
}

/// Expressions are numbered by the text of all of them, so one with expressions is compared as a whole.
fn does_the_work_of(other: &Definition, index: &Definition) -> bool {
    let begins_like_it = other.keys.starts_with(&index.keys);
    let carries_as_much = index.included.is_empty() || is_same(other, index);
    other.table == index.table
        && other.predicate == index.predicate
        && other.expressions == index.expressions
        && begins_like_it
        && carries_as_much
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(name: &str, keys: &[&str]) -> Definition {
        Definition {
            name: name.to_owned(),
            table: "trades".to_owned(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            ..Definition::default()
        }
    }

    fn found(known: &[Definition]) -> Vec<(String, String, bool)> {
        redundant(known)
            .into_iter()
            .map(|found| (found.index, found.covered_by, found.is_duplicate))
            .collect()
    }

    fn named(index: &str, covered_by: &str, is_duplicate: bool) -> (String, String, bool) {
        (index.to_owned(), covered_by.to_owned(), is_duplicate)
    }

    #[test]
    fn of_two_that_are_the_same_the_later_one_can_be_missed() {
        let known = [index("a", &["1", "2"]), index("b", &["1", "2"])];
        assert_eq!(found(&known), [named("b", "a", true)]);
    }

    #[test]
    fn what_keeps_a_promise_is_needed() {
        let unique = Definition {
            is_needed: true,
            ..index("key", &["1"])
        };
        assert_eq!(
            found(&[index("a", &["1"]), unique.clone()]),
            [named("a", "key", true)]
        );
        assert_eq!(found(&[unique, index("wide", &["1", "2"])]), []);
    }

    #[test]
    fn the_beginning_of_another_one_can_be_missed() {
        let known = [index("a", &["1"]), index("b", &["1", "2"]), index("c", &["2"])];
        assert_eq!(found(&known), [named("a", "b", false)]);
    }

    #[test]
    fn other_rows_expressions_or_columns_carried_along_make_another_index() {
        let plain = index("a", &["1"]);
        let wide = index("b", &["1", "2"]);
        for other in [
            Definition {
                predicate: Some("p".to_owned()),
                ..plain.clone()
            },
            Definition {
                expressions: Some("e".to_owned()),
                ..plain.clone()
            },
            Definition {
                included: vec!["3".to_owned()],
                ..plain.clone()
            },
            Definition {
                table: "other".to_owned(),
                ..plain
            },
        ] {
            assert_eq!(found(&[other, wide.clone()]), []);
        }
    }
}
