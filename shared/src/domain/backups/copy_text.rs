//! Rows as `COPY … TO STDOUT` writes them: one a line, columns apart by tabs, `\N` for null.

use std::collections::HashSet;

/// Why a column cannot be told of a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MalformedRow {
    /// The line has fewer columns than its table.
    #[error("a row has no column {0}")]
    Short(usize),
    /// The table has no such column.
    #[error("the table has no column {0}")]
    NoColumn(String),
}

/// The column of a row, as it is written: escapes and `\N` left as they are.
pub fn field(row: &[u8], column: usize) -> Result<&[u8], MalformedRow> {
    row.split(|byte| *byte == b'\t')
        .nth(column)
        .ok_or(MalformedRow::Short(column))
}

/// The rows of a table whose column has one of some values.
#[derive(Debug, Clone)]
pub struct Filter<'a> {
    /// Which column, counted from 0.
    pub column: usize,
    /// Which values, as COPY writes them.
    pub values: &'a HashSet<Vec<u8>>,
}

impl Filter<'_> {
    /// Whether a row is one of them.
    pub fn takes(&self, row: &[u8]) -> Result<bool, MalformedRow> {
        Ok(self.values.contains(field(row, self.column)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_apart_by_tabs() {
        let row = br"a	b\tc	\N";
        assert_eq!(field(row, 1), Ok(br"b\tc".as_slice()));
        assert_eq!(field(row, 2), Ok(br"\N".as_slice()));
        assert_eq!(field(row, 3), Err(MalformedRow::Short(3)));
    }

    #[test]
    fn null_is_nobodys_value() {
        let ann = HashSet::from([b"ann".to_vec()]);
        let filter = Filter {
            column: 1,
            values: &ann,
        };
        assert_eq!(filter.takes(b"1\tann"), Ok(true));
        assert_eq!(filter.takes(b"ann\t\\N"), Ok(false));
        assert!(filter.takes(b"ann").is_err());
    }
}
