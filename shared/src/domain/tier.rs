//! What a user has subscribed to and may do.

use serde::{Deserialize, Serialize};

/// A user's plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// One subscription, seven days of history.
    Free,
    /// Three subscriptions, all history.
    Basic,
    /// Any number of subscriptions.
    Pro,
    /// Any number of subscriptions, highest limits.
    Enterprise,
}

/// What a user may administer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Their own things.
    User,
    /// The platform.
    Admin,
}
