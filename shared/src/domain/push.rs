//! What clients are told over the open sockets, what they may say, and for how long things are kept.
//!
//! Source: DOMAIN "Push". Where that is silent: docs/ARCHITECTURE.md, Decisions.

use std::str::FromStr;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::wire::Utc;

/// The name of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// New scores of a strategy, for its followers.
    #[serde(rename = "agent:scores")]
    AgentScores,
    /// A new decision of a strategy, for its followers.
    #[serde(rename = "decision:made")]
    DecisionMade,
    /// Fills of one decision or stop, for their owner.
    #[serde(rename = "trade:executed")]
    TradeExecuted,
    /// What a subscription is worth now, for its owner.
    #[serde(rename = "portfolio:update")]
    PortfolioUpdate,
    /// What everybody has to know.
    #[serde(rename = "system:notice")]
    SystemNotice,
}

impl EventKind {
    /// Every event.
    pub const ALL: [Self; 5] = [
        Self::AgentScores,
        Self::DecisionMade,
        Self::TradeExecuted,
        Self::PortfolioUpdate,
        Self::SystemNotice,
    ];

    /// The name in rows and messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AgentScores => "agent:scores",
            Self::DecisionMade => "decision:made",
            Self::TradeExecuted => "trade:executed",
            Self::PortfolioUpdate => "portfolio:update",
            Self::SystemNotice => "system:notice",
        }
    }
}

/// Connections a user may have; with one more the oldest is closed.
pub const MOST_CONNECTIONS: i64 = 3;

/// How long a ticket is good for.
pub const TICKET_LIFE: SignedDuration = SignedDuration::from_secs(30);

/// How long events are written for a user who neither asks for a ticket nor connects. Whoever was
/// not there for a day has to read the state anyway.
pub const STREAM_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// How long a connection may last: the gateway's own limit.
pub const CONNECTION_LIFE: SignedDuration = SignedDuration::from_hours(2);

/// A connection whose time has been over for this long is forgotten even where it cannot be closed: the
/// gateway has ended it by itself.
pub const OVERDUE: SignedDuration = SignedDuration::from_mins(10);

/// A client that says nothing for this long is taken for gone.
pub const IDLE: SignedDuration = SignedDuration::from_mins(5);

/// A connection to which posts fail for this long is closed: its client comes back and asks for what
/// it missed.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

/// Events kept for a user who asks for what was missed.
pub const KEPT: i64 = 100;

/// How long they are kept at most.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);

/// An event as clients read it: `{"event","seq","data","timestamp"}`.
#[derive(Debug, Serialize)]
pub struct Message<'a> {
    /// What happened.
    pub event: &'a str,
    /// The user's number of it: one more than the event before.
    pub seq: i64,
    /// The event's own data.
    pub data: &'a RawValue,
    /// When it was written down.
    pub timestamp: Utc,
}

/// What everybody is told: one line of at most 300 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    message: String,
}

impl Notice {
    /// The line itself.
    pub fn into_text(self) -> String {
        self.message
    }
}

/// Why a text is no notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a notice is one line of 1 to {LONGEST_NOTICE} characters")]
pub struct NoNotice;

/// Characters of a notice.
const LONGEST_NOTICE: usize = 300;

impl FromStr for Notice {
    type Err = NoNotice;

    fn from_str(text: &str) -> Result<Self, NoNotice> {
        let message = text.trim();
        let is_one_line = !message.chars().any(char::is_control);
        let fits = (1..=LONGEST_NOTICE).contains(&message.chars().count());
        if !is_one_line || !fits {
            return Err(NoNotice);
        }
        Ok(Self {
            message: message.to_owned(),
        })
    }
}

/// What a client said over its connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// `ping`, as a word.
    Ping,
    /// `{"action":"ping"}`.
    PingAction,
    /// `{"action":"since","seq":N}`: it knows everything up to N.
    Since(i64),
    /// Nothing that is understood; what to change.
    Unclear(String),
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "lowercase", deny_unknown_fields)]
enum Action {
    Ping {},
    Since { seq: u32 },
}

impl Said {
    /// Reads what a client said.
    pub fn read(text: &str) -> Self {
        if text.trim() == "ping" {
            return Self::Ping;
        }
        match serde_json::from_str(text) {
            Ok(Action::Ping {}) => Self::PingAction,
            Ok(Action::Since { seq }) => Self::Since(seq.into()),
            Err(error) => Self::Unclear(format!(
                r#"Send `ping`, {{"action":"ping"}} or {{"action":"since","seq":N}}, N being the last number you know: {error}."#
            )),
        }
    }
}

/// What a client is answered, besides events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "action", rename_all = "lowercase")]
pub enum Reply {
    /// To a ping.
    Pong,
    /// What was missed has been sent.
    Since {
        /// The last number that it has been sent.
        seq: i64,
        /// Numbers between what it knew and what it was sent are not kept any more, or never were:
        /// it has to read the state anew.
        reset: bool,
    },
    /// It cannot be done.
    Error {
        /// For a program.
        code: &'static str,
        /// For a person: what to change.
        message: String,
    },
}

/// Whether a client that knows everything up to `known` has to read the state anew, when it can be
/// sent so many of the events after that, up to `last`. A number may be missing anywhere: they are
/// deleted from the oldest on, and one is left out for a time in which nothing was written.
pub fn needs_reset(known: i64, sent: usize, last: i64) -> bool {
    i64::try_from(sent) != Ok(last - known)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn what_clients_say_is_read_and_the_rest_is_told_what_to_change() {
        assert_eq!(Said::read("ping"), Said::Ping);
        assert_eq!(Said::read(" ping\n"), Said::Ping);
        assert_eq!(Said::read(r#"{"action":"ping"}"#), Said::PingAction);
        assert_eq!(Said::read(r#"{"action":"since","seq":41}"#), Said::Since(41));
        for unclear in [
            "",
            "pong",
            "{}",
            "[]",
            r#"{"action":"since"}"#,
            r#"{"action":"since","seq":-1}"#,
            r#"{"action":"since","seq":"4"}"#,
            r#"{"action":"ping","more":1}"#,
            r#"{"action":"subscribe"}"#,
        ] {
            let said = Said::read(unclear);
            assert!(
                matches!(&said, Said::Unclear(why) if why.starts_with("Send `ping`")),
                "{unclear}: {said:?}"
            );
        }
    }

    #[test]
    fn a_message_has_exactly_four_members() {
        let data = RawValue::from_string(r#"{"a":1}"#.to_owned()).unwrap();
        let message = Message {
            event: EventKind::TradeExecuted.as_str(),
            seq: 7,
            data: &data,
            timestamp: "2026-03-01T12:00:00.123456Z".parse::<Timestamp>().unwrap().into(),
        };
        assert_eq!(
            serde_json::to_string(&message).unwrap(),
            r#"{"event":"trade:executed","seq":7,"data":{"a":1},"timestamp":"2026-03-01T12:00:00.123Z"}"#
        );
    }

    #[test]
    fn a_client_has_to_read_anew_when_a_number_between_cannot_be_had() {
        assert!(!needs_reset(5, 4, 9));
        assert!(needs_reset(4, 4, 9));
        assert!(!needs_reset(9, 0, 9));
        // Nothing is kept of what it missed; or it counts what was never told.
        assert!(needs_reset(8, 0, 9));
        assert!(needs_reset(12, 0, 9));
    }

    #[test]
    fn a_notice_is_one_line_of_at_most_300_characters() {
        let notice: Notice = " Back at 12:00 UTC ".parse().unwrap();
        assert_eq!(
            serde_json::to_string(&notice).unwrap(),
            r#"{"message":"Back at 12:00 UTC"}"#
        );
        assert!("é".repeat(300).parse::<Notice>().is_ok());
        for wrong in ["", "  ", "two\nlines", "a\u{7}bell", &"é".repeat(301)] {
            assert_eq!(wrong.parse::<Notice>(), Err(NoNotice), "{wrong:?}");
        }
    }

    #[test]
    fn replies_say_what_they_answer() {
        let shown = |reply: &Reply| serde_json::to_string(reply).unwrap();
        assert_eq!(shown(&Reply::Pong), r#"{"action":"pong"}"#);
        assert_eq!(
            shown(&Reply::Since { seq: 9, reset: true }),
            r#"{"action":"since","seq":9,"reset":true}"#
        );
    }
}
