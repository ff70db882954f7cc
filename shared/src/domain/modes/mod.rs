//! Modes of operation: what an operator has set, what of it holds at a time, and what a request may do
//! under it.
//!
//! Whether the database itself takes writes is [`Writes`]'s. Knows of a request its method and its route
//! and nothing else. Source: DOMAIN "Operations".

mod writes;

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::push::{NoNotice, Notice};
use super::wire::Utc;
pub use writes::{Outcome, PROBE_AFTER, Turn, Writes};

/// When to try again where no end is known, in seconds.
const UNKNOWN_END_SECONDS: u64 = 60;

/// How long a mode may be set for; longer is a slip of the pen.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How the platform works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// As always.
    #[default]
    Normal,
    /// Reading goes on, changes are refused.
    ReadOnly,
    /// Nothing but health is answered.
    Maintenance,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Normal, Self::ReadOnly, Self::Maintenance];

    /// As people and programs write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::ReadOnly => "read_only",
            Self::Maintenance => "maintenance",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word is no mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a mode is normal, read_only or maintenance")]
pub struct NoMode;

impl FromStr for Mode {
    type Err = NoMode;

    fn from_str(text: &str) -> Result<Self, NoMode> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.as_str() == text)
            .ok_or(NoMode)
    }
}

/// Why a mode cannot be set so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrongWish {
    /// The notice is none.
    #[error(transparent)]
    Notice(#[from] NoNotice),
    /// It would have ended already, or ends too late.
    #[error("a mode ends in the future, within {} days", LONGEST.as_hours() / 24)]
    Until,
    /// Normal with an end.
    #[error("normal has no end")]
    EndOfNormal,
}

/// A mode as somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Which.
    pub mode: Mode,
    /// What users are told: one line.
    pub notice: Option<String>,
    /// When it is normal again by itself.
    pub until: Option<Timestamp>,
}

impl Wish {
    /// A mode that can be set at `now`.
    pub fn new(
        mode: Mode,
        notice: Option<&str>,
        until: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Self, WrongWish> {
        let notice = notice.map(str::parse::<Notice>).transpose()?;
        if mode == Mode::Normal && until.is_some() {
            return Err(WrongWish::EndOfNormal);
        }
        if until.is_some_and(|until| until <= now || until.duration_since(now) > LONGEST) {
            return Err(WrongWish::Until);
        }
        Ok(Self {
            mode,
            notice: notice.map(Notice::into_text),
            // As it is stored: else the same wish would be another one when it is read back.
            until: until.map(|until| Timestamp::from_microsecond(until.as_microsecond()).unwrap_or(until)),
        })
    }
}

/// The mode that was set last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// What was wanted.
    pub wish: Wish,
    /// Since when; nothing before the first was set.
    pub since: Option<Timestamp>,
    /// Who set it.
    pub set_by: String,
}

impl Default for Setting {
    /// Nobody has set anything.
    fn default() -> Self {
        let wish = Wish {
            mode: Mode::Normal,
            notice: None,
            until: None,
        };
        Self {
            wish,
            since: None,
            set_by: String::new(),
        }
    }
}

impl Setting {
    /// The mode that holds at a time: one that has run out is normal again.
    pub fn mode_at(&self, now: Timestamp) -> Mode {
        match self.wish.until {
            Some(until) if until <= now => Mode::Normal,
            _ => self.wish.mode,
        }
    }

    /// Why a request on a route is refused at a time; nothing when it may pass.
    pub fn refusal(&self, method: &str, route: &str, now: Timestamp) -> Option<Closure> {
        let is_open = match (self.mode_at(now), access(method, route)) {
            (Mode::Normal, _) | (_, Access::Always | Access::ShowsMode | Access::SetsMode) => true,
            (Mode::ReadOnly, access) => access != Access::Writes,
            (Mode::Maintenance, _) => false,
        };
        if is_open { None } else { self.closure(now) }
    }

    /// What holds work back at a time; nothing while all is normal.
    pub fn closure(&self, now: Timestamp) -> Option<Closure> {
        let mode = self.mode_at(now);
        let retry_after_seconds = self.wish.until.map_or(UNKNOWN_END_SECONDS, |until| {
            // Rounded up: who came a moment too early would be refused once more.
            let left = until.duration_since(now).as_millis().max(1);
            u64::try_from(left)
                .unwrap_or(UNKNOWN_END_SECONDS * 1000)
                .div_ceil(1000)
        });
        (mode != Mode::Normal).then(|| Closure {
            mode,
            notice: self.wish.notice.clone(),
            until: self.wish.until.map(Utc::from),
            retry_after_seconds,
            is_by_database: false,
        })
    }
}

/// Why something is not done now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closure {
    /// Read-only or maintenance.
    pub mode: Mode,
    /// The operator's words.
    pub notice: Option<String>,
    /// When it ends by itself.
    pub until: Option<Utc>,
    /// When to try again.
    #[serde(rename = "retry_after")]
    pub retry_after_seconds: u64,
    /// The database takes no writes; nobody set anything.
    #[serde(skip)]
    pub is_by_database: bool,
}

impl Closure {
    /// Writes are refused because the database takes none.
    pub const fn by_database(retry_after_seconds: u64) -> Self {
        Self {
            mode: Mode::ReadOnly,
            notice: None,
            until: None,
            retry_after_seconds,
            is_by_database: true,
        }
    }

    /// One line for people: the operator's words, or ours where there are none.
    pub fn message(&self) -> String {
        sentence(self.mode, self.notice.as_deref(), self.until)
    }
}

/// What people are told of a mode: the operator's words, or ours where there are none.
pub fn sentence(mode: Mode, notice: Option<&str>, until: Option<Utc>) -> String {
    if let Some(notice) = notice {
        return notice.to_owned();
    }
    let end = until.map_or_else(String::new, |until| format!(" until {until}"));
    match mode {
        Mode::Normal => "Everything works as usual again.".to_owned(),
        Mode::ReadOnly => format!("Changes are not possible{end}; reading is. Try again later."),
        Mode::Maintenance => format!("The platform is being worked on{end}. Try again later."),
    }
}

/// What a request on a route wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It touches nothing that is stored: health, the description of the API.
    Always,
    /// It looks at the mode.
    ShowsMode,
    /// It sets the mode: else nobody could end one.
    SetsMode,
    /// It signs somebody in; whom, its use case decides.
    SignsIn,
    /// It refreshes an access token; without a write, if need be.
    Refreshes,
    /// It reads.
    Reads,
    /// It changes something.
    Writes,
}

/// What a request on a route wants.
pub fn access(method: &str, route: &str) -> Access {
    match (method, route) {
        (_, "/health" | "/docs" | "/openapi.json") => Access::Always,
        (_, route) if route.starts_with("/health/") => Access::Always,
        ("GET", "/api/v1/admin/mode") => Access::ShowsMode,
        (_, "/api/v1/admin/mode") => Access::SetsMode,
        ("POST", "/api/v1/auth/google") => Access::SignsIn,
        ("POST", "/api/v1/auth/refresh") => Access::Refreshes,
        ("GET" | "HEAD" | "OPTIONS", _) => Access::Reads,
        _ => Access::Writes,
    }
}
