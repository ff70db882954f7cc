//! Failures of an outside service, by what to do about them.

use jiff::Timestamp;

/// Why a service gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// It asks for a pause: nobody asks it again before this time.
    #[error("{service} asks not to be called before {until}")]
    NotBefore {
        /// Which service.
        service: &'static str,
        /// When it may be asked again.
        until: Timestamp,
    },
    /// It refuses us: a key, a plan, a region, an unknown name. Asking again changes nothing.
    #[error("{service} refuses the request ({reason}): check the key, the plan and the address")]
    Configuration {
        /// Which service.
        service: &'static str,
        /// Status and what it said.
        reason: String,
    },
    /// It is down, too slow, or the connection broke; three tries were made.
    #[error("{service} cannot be reached ({reason})")]
    Unavailable {
        /// Which service.
        service: &'static str,
        /// The last failure.
        reason: String,
    },
    /// Its answer is not what its documents say.
    #[error("{service} sent something that cannot be read ({reason})")]
    Broken {
        /// Which service.
        service: &'static str,
        /// What was wrong.
        reason: String,
    },
}
