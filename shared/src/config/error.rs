//! What is wrong with a configuration, all of it at once.

use std::fmt::{self, Write as _};

/// One variable that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The variable's name.
    pub variable: &'static str,
    /// What is wrong with it; never quotes a secret.
    pub what: String,
    /// A value that would do.
    pub example: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}; for example {}",
            self.variable, self.what, self.example
        )
    }
}

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Variables are missing or wrong: every one of them, in the order of the table.
    #[error("the configuration is not usable:{}", lines(.0))]
    Invalid(Vec<Problem>),
}

impl ConfigError {
    /// Every problem found.
    pub fn problems(&self) -> &[Problem] {
        let Self::Invalid(problems) = self;
        problems
    }
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().fold(String::new(), |mut lines, problem| {
        // Writing into a String cannot fail.
        let _ = write!(lines, "\n  - {problem}");
        lines
    })
}
