//! What a table holds, whatever order its rows come in: how many, and a hash of all of them.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

/// Rows counted and hashed. The hash is the sum, modulo 2^128, of the XXH3-128 hashes of the rows as COPY
/// writes them: the same for any order, another one when a row is missing, changed or there twice. It
/// finds what went wrong, not what somebody planned; against that the manifest is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many rows.
    pub rows: u64,
    /// The sum of their hashes.
    pub content: u128,
}

impl Tally {
    /// Adds one row: a line of COPY's text format, without its end.
    pub fn add_row(&mut self, row: &[u8]) {
        self.rows += 1;
        self.content = self.content.wrapping_add(xxh3_128(row));
    }

    /// Adds every row of a text that ends where a row ends.
    pub fn add_rows(&mut self, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        for row in text.split(|byte| *byte == b'\n') {
            self.add_row(row);
        }
    }

    /// The hash as it is written down.
    pub fn content_hash(&self) -> ContentHash {
        ContentHash(format!("{:032x}", self.content))
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.rows += other.rows;
        self.content = self.content.wrapping_add(other.content);
    }
}

/// A content hash as it is written down: 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentHash(String);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rows as a text.
    fn lines<'a>(rows: impl Iterator<Item = &'a String>) -> String {
        rows.flat_map(|row| [row.as_str(), "\n"]).collect()
    }

    fn tally(text: &str) -> Tally {
        let mut tally = Tally::default();
        tally.add_rows(text.as_bytes());
        tally
    }

    #[test]
    fn nothing_is_no_row_and_an_empty_line_is_one() {
        assert_eq!(tally("").rows, 0);
        assert_eq!(tally("\n").rows, 1);
        assert_eq!(tally("a\n").rows, 1);
        assert_eq!(tally("a\n\nb\n").rows, 3);
    }

    #[test]
    fn a_row_that_is_there_twice_counts_twice() {
        assert_ne!(tally("a\na\n"), tally("a\nb\n"));
        assert_ne!(tally("a\na\n").content, tally("").content);
    }

    proptest! {
        #[test]
        fn order_and_pieces_do_not_matter(
            rows in prop::collection::vec("[a-z0-9\t]{1,12}", 0..20),
            cut in 0_usize..20,
        ) {
            let whole = tally(&lines(rows.iter()));
            let mut pieces = tally(&lines(rows.iter().rev().take(cut)));
            pieces += tally(&lines(rows.iter().rev().skip(cut)));
            prop_assert_eq!(whole, pieces);
        }

        #[test]
        fn any_other_byte_is_another_hash(row in "[a-z0-9]{1,40}", at in 0_usize..40, with in b'A'..=b'Z') {
            let mut other = row.clone().into_bytes();
            let at = at % other.len();
            other[at] = with;
            let (mut one, mut two) = (Tally::default(), Tally::default());
            one.add_row(row.as_bytes());
            two.add_row(&other);
            prop_assert_ne!(one, two);
        }
    }
}
