//! The keys of `JWT_SECRET`: one plain text for development, or a set that is rotated.
//!
//! `{"current":{"kid","secret"},"next":{…},"previous":{…}}`: the current one signs, all are accepted.
//! Whoever reads a set knows the key that will sign after the next rotation, so a rotation never meets
//! a process that does not know its key.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

/// The shortest secret that is accepted, in bytes: as long as HS256's hash.
pub const SHORTEST_SECRET: usize = 32;

/// The name of the key where `JWT_SECRET` is that key itself.
const PLAIN: &str = "current";

/// One secret and its name.
#[derive(Debug, Clone)]
pub struct TokenKey {
    /// Its name in a token's header.
    pub kid: String,
    /// At least [`SHORTEST_SECRET`] bytes.
    pub secret: SecretString,
}

/// The keys that sign and check access tokens.
#[derive(Debug, Clone)]
pub struct KeySet {
    /// Signs.
    pub current: TokenKey,
    /// Will sign after the next rotation; nothing before the first one.
    pub next: Option<TokenKey>,
    /// Signed before the last rotation.
    pub previous: Option<TokenKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    current: WrittenKey,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<WrittenKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<WrittenKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKey {
    kid: String,
    secret: String,
}

impl KeySet {
    /// Reads `JWT_SECRET`. The error quotes nothing of it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let set = if text.trim_start().starts_with('{') {
            let written: Written = serde_json::from_str(text).map_err(|error| {
                // Where, but not what: the parser's own words may quote a secret.
                let place = error.column();
                format!(
                    r#"is not {{"current":{{"kid","secret"}},"next":{{…}},"previous":{{…}}}}: see character {place}"#
                )
            })?;
            Self {
                current: written.current.into(),
                next: written.next.map(TokenKey::from),
                previous: written.previous.map(TokenKey::from),
            }
        } else {
            Self::plain(text)
        };
        set.check()?;
        Ok(set)
    }

    /// The set of one secret that never changes.
    fn plain(secret: &str) -> Self {
        Self {
            current: TokenKey {
                kid: PLAIN.to_owned(),
                secret: SecretString::from(secret),
            },
            next: None,
            previous: None,
        }
    }

    /// As a secret store keeps it.
    pub fn to_json(&self) -> Result<SecretString, serde_json::Error> {
        let written = Written {
            current: WrittenKey::from(&self.current),
            next: self.next.as_ref().map(WrittenKey::from),
            previous: self.previous.as_ref().map(WrittenKey::from),
        };
        serde_json::to_string(&written).map(SecretString::from)
    }

    /// Every key, the current one first.
    pub fn keys(&self) -> impl Iterator<Item = &TokenKey> {
        std::iter::once(&self.current)
            .chain(&self.next)
            .chain(&self.previous)
    }

    fn check(&self) -> Result<(), String> {
        for (place, key) in self.keys().enumerate() {
            let length = key.secret.expose_secret().len();
            if length < SHORTEST_SECRET {
                return Err(format!("is {length} bytes long; {SHORTEST_SECRET} are the least"));
            }
            if key.kid.is_empty()
                || key.kid.len() > 64
                || !key.kid.bytes().all(|byte| byte.is_ascii_graphic())
            {
                return Err("has a key whose kid is not 1 to 64 letters and digits".to_owned());
            }
            if self.keys().take(place).any(|other| other.kid == key.kid) {
                return Err("has two keys of one kid".to_owned());
            }
        }
        Ok(())
    }
}

impl From<WrittenKey> for TokenKey {
    fn from(written: WrittenKey) -> Self {
        Self {
            kid: written.kid,
            secret: SecretString::from(written.secret),
        }
    }
}

impl From<&TokenKey> for WrittenKey {
    fn from(key: &TokenKey) -> Self {
        Self {
            kid: key.kid.clone(),
            secret: key.secret.expose_secret().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn kids(set: &KeySet) -> Vec<&str> {
        set.keys().map(|key| key.kid.as_str()).collect()
    }

    #[test]
    fn a_plain_secret_is_the_current_key() {
        let set = KeySet::parse(&"s".repeat(32)).unwrap();

        assert_eq!(kids(&set), ["current"]);
    }

    #[test]
    fn a_set_is_read_as_it_is_written_and_shows_no_secret() {
        let (one, other, third) = ("a".repeat(32), "b".repeat(40), "c".repeat(32));
        let text = format!(
            r#"{{"current":{{"kid":"k2","secret":"{one}"}},"next":{{"kid":"k3","secret":"{other}"}},"previous":{{"kid":"k1","secret":"{third}"}}}}"#
        );

        let set = KeySet::parse(&text).unwrap();

        assert_eq!(kids(&set), ["k2", "k3", "k1"]);
        assert_eq!(set.to_json().unwrap().expose_secret(), text);
        assert!(!format!("{set:?}").contains("aaaa"));
    }

    #[rstest]
    #[case("short", "is 5 bytes long; 32 are the least")]
    #[case(r#"{"current":"S3cret"}"#, "is not {\"current\"")]
    #[case(r#"{"current":{"kid":"k1","secret":"S3cret"}}"#, "is 6 bytes long")]
    #[case(
        r#"{"current":{"kid":"k 1","secret":"0123456789012345678901234567890123"}}"#,
        "a key whose kid"
    )]
    #[case(
        r#"{"current":{"kid":"k1","secret":"0123456789012345678901234567890123"},
            "next":{"kid":"k1","secret":"0123456789012345678901234567890124"}}"#,
        "two keys of one kid"
    )]
    #[case(
        r#"{"current":{"kid":"k1","secret":"0123456789012345678901234567890123"},"S3cret":1}"#,
        "is not {\"current\""
    )]
    fn what_is_no_key_is_refused_without_quoting_it(#[case] text: &str, #[case] why: &str) {
        let error = KeySet::parse(text).unwrap_err();

        assert!(error.contains(why), "{error}");
        assert!(!error.contains("S3cret"), "{error}");
    }
}
