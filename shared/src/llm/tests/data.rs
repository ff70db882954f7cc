//! The data that the repository has.

use super::super::{committed_ladder, committed_prices};

#[test]
fn the_committed_data_is_usable() {
    committed_ladder().unwrap();
    committed_prices().unwrap();
}
