//! Sessions and their refresh tokens: how long one lives, and what a presented token is worth.
//!
//! A refresh token is 32 bytes that nobody can guess. Replacing one takes a nonce: its successor is
//! HMAC-SHA256 with the token as the key and the nonce as the message. Only hashes and nonces are
//! kept, so the rows give no token; with a replaced token in hand they give all that followed it,
//! which is how several tabs that refresh side by side all end with the same one.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};

/// A session that is not used for this long is over.
pub const IDLE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A session is over after this long, however often it is used.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a replaced token still gets the current one: other tabs, and answers that were lost.
pub const REPLAY_WINDOW: SignedDuration = SignedDuration::from_secs(10);

/// When a session ends that was last used then and is over at `expires_at` at the latest.
pub fn over_at(last_used_at: Timestamp, expires_at: Timestamp) -> Timestamp {
    (last_used_at + IDLE).min(expires_at)
}

/// A refresh token. Shows itself only when asked for its text.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken([u8; 32]);

impl RefreshToken {
    /// A first token of random bytes.
    pub const fn of(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// The token that a client sent; nothing when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// As it travels: 43 letters of base64url.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// By which it is kept.
    pub fn hash(&self) -> Vec<u8> {
        digest(&SHA256, &self.0).as_ref().to_vec()
    }

    /// The token that replaces it.
    #[must_use]
    pub fn successor(&self, nonce: &[u8]) -> Self {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.0), nonce);
        let mut next = [0; 32];
        next.iter_mut()
            .zip(tag.as_ref())
            .for_each(|(to, from)| *to = *from);
        Self(next)
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}

/// What is kept of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its hash.
    pub hash: Vec<u8>,
    /// When it was replaced, and the nonce that gives its successor.
    pub replaced: Option<(Timestamp, Vec<u8>)>,
}

/// What a presented token is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Worth {
    /// It is the current one: replace it.
    Current,
    /// It was replaced a moment ago: this one is current.
    Replaced(RefreshToken),
    /// It was replaced longer ago: somebody has a copy.
    Reused,
    /// The session has no such token, or its chain has a hole.
    Unknown,
}

/// Judges a token by the links of its session: at least its own, the current one, and those in between.
pub fn worth(presented: &RefreshToken, links: &[Link], now: Timestamp) -> Worth {
    let find = |token: &RefreshToken| {
        let hash = token.hash();
        links.iter().find(move |link| link.hash == hash)
    };
    match find(presented).map(|link| &link.replaced) {
        None => return Worth::Unknown,
        Some(None) => return Worth::Current,
        Some(Some((at, _))) if now.duration_since(*at) > REPLAY_WINDOW => return Worth::Reused,
        Some(Some(_)) => {}
    }
    let mut token = presented.clone();
    for _ in links {
        match find(&token).map(|link| &link.replaced) {
            Some(Some((_, nonce))) => token = token.successor(nonce),
            Some(None) => return Worth::Replaced(token),
            None => return Worth::Unknown,
        }
    }
    Worth::Unknown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn noon() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    /// A session as the rows have it, and the row of its tokens as only this test knows it.
    struct Session {
        links: Vec<Link>,
        tokens: Vec<RefreshToken>,
        replaced_at: Vec<Timestamp>,
    }

    impl Session {
        fn new() -> Self {
            let first = RefreshToken::of([7; 32]);
            Self {
                links: vec![Link {
                    hash: first.hash(),
                    replaced: None,
                }],
                tokens: vec![first],
                replaced_at: Vec::new(),
            }
        }

        fn replace(&mut self, now: Timestamp) {
            let count = self.tokens.len();
            let nonce = vec![u8::try_from(count % 256).unwrap(); 32];
            let next = self.tokens[count - 1].successor(&nonce);
            self.links[count - 1].replaced = Some((now, nonce));
            self.links.push(Link {
                hash: next.hash(),
                replaced: None,
            });
            self.tokens.push(next);
            self.replaced_at.push(now);
        }
    }

    #[test]
    fn a_token_is_43_letters_and_shows_itself_to_nobody_else() {
        let token = RefreshToken::of([200; 32]);

        assert_eq!(token.text().len(), 43);
        assert_eq!(RefreshToken::parse(&token.text()), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "RefreshToken(…)");
        for wrong in ["", "x", &"A".repeat(42), &"A".repeat(44), &"!".repeat(43)] {
            assert_eq!(RefreshToken::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_parent_gets_the_current_token_for_ten_seconds_and_not_a_microsecond_longer() {
        let mut session = Session::new();
        session.replace(noon());
        session.replace(noon() + SignedDuration::from_secs(4));
        let parent = session.tokens[0].clone();

        let last = noon() + REPLAY_WINDOW;

        assert_eq!(
            worth(&parent, &session.links, last),
            Worth::Replaced(session.tokens[2].clone())
        );
        let late = last + SignedDuration::from_micros(1);
        assert_eq!(worth(&parent, &session.links, late), Worth::Reused);
        assert_eq!(
            worth(&RefreshToken::of([8; 32]), &session.links, noon()),
            Worth::Unknown
        );
    }

    proptest! {
        #[test]
        fn whatever_is_replayed_when_the_chain_tells_what_it_is_worth(
            steps in prop::collection::vec((0_i64..15_000, any::<prop::sample::Index>(), any::<bool>()), 1..60),
        ) {
            let (mut session, mut now) = (Session::new(), noon());
            for (pause_ms, which, replay) in steps {
                now += SignedDuration::from_millis(pause_ms);
                let current = session.tokens.len() - 1;
                let presented = if replay { which.index(current + 1) } else { current };

                let found = worth(&session.tokens[presented], &session.links, now);

                let expected = if presented == current {
                    Worth::Current
                } else if now.duration_since(session.replaced_at[presented]) <= REPLAY_WINDOW {
                    Worth::Replaced(session.tokens[current].clone())
                } else {
                    Worth::Reused
                };
                prop_assert_eq!(&found, &expected);
                if found == Worth::Current {
                    session.replace(now);
                }
            }
        }
    }
}
