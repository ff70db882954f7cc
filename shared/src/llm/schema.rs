//! The one schema of an answer, which both providers accept.
//!
//! Every property is required, no other is allowed, and no number, length or pattern is limited: one
//! provider or the other refuses schemas that are different. Ranges are checked when the answer is read.

use serde_json::{Value, json};

/// The schema of an opinion.
pub(super) fn opinion() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "score": {"type": "number"},
            "reasoning": {"type": "string"},
        },
        "required": ["score", "reasoning"],
    })
}
