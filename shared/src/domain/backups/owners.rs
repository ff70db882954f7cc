//! Whose row is whose: what has to be taken out of a backup to have everything of one user.

/// Rows of a table that belong to a user, or that rows of theirs point to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The table.
    pub table: &'static str,
    /// How its rows are told apart.
    pub owns: Owns,
}

/// How rows of a user are told from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owns {
    /// This column is the user's id.
    User(&'static str),
    /// `column` is the value of another table's `key` in one of the user's rows.
    Row {
        /// This table's column.
        column: &'static str,
        /// The other table, earlier in the list.
        of: &'static str,
        /// The other table's column.
        key: &'static str,
    },
    /// Rows of nobody that rows of users point to; all of them are few.
    All,
}

/// What a user's data is, in an order in which each row's owner is known when it is read. What is only good
/// while somebody is connected is no part of it: events that wait, connections.
pub const OWNERS: &[Owner] = &[
    user("users", "id"),
    user("sessions", "user_id"),
    row("refresh_tokens", "session_id", ("sessions", "id")),
    user("auth_events", "user_id"),
    user("portfolios", "user_id"),
    Owner {
        table: "strategies",
        owns: Owns::All,
    },
    user("subscriptions", "user_id"),
    row("holdings", "subscription_id", ("subscriptions", "id")),
    user("portfolio_entries", "user_id"),
    user("trades", "user_id"),
    row("decisions", "id", ("trades", "decision_id")),
];

const fn user(table: &'static str, column: &'static str) -> Owner {
    Owner {
        table,
        owns: Owns::User(column),
    }
}

const fn row(table: &'static str, column: &'static str, (of, key): (&'static str, &'static str)) -> Owner {
    Owner {
        table,
        owns: Owns::Row { column, of, key },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_owner_is_known_before_what_it_owns() {
        for (at, owner) in OWNERS.iter().enumerate() {
            if let Owns::Row { of, .. } = owner.owns {
                let place = OWNERS.iter().position(|other| other.table == of);
                assert!(place.is_some_and(|place| place < at), "{}", owner.table);
            }
        }
    }
}
