//! Access tokens: JWT, HS256, 15 minutes, one secret a `kid`.
//!
//! Exactly one algorithm is accepted, whatever a token's header says. Keys come and go with a
//! [`KeyRing`](super::KeyRing). Says nothing about sessions: whether one was ended is asked together
//! with the caller's rate limit.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::caller::User;
use crate::config::{KeySet, SHORTEST_SECRET, TokenKey};
use crate::domain::identity::{SessionId, UserId};
use crate::domain::tier::{Role, Tier};

/// Who signs.
pub const ISSUER: &str = "automoney";
/// For whom a token is meant.
pub const AUDIENCE: &str = "automoney-api";
/// How long an access token is accepted.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(15);
/// Whom a new token speaks for.
#[derive(Debug, Clone, Copy)]
pub struct Identity {
    /// The user, their session, tier and role.
    pub user: User,
    /// The token's own id.
    pub token_id: Uuid,
    /// When their session is over: the token is not accepted any longer either. `None` for one that is
    /// of no session.
    pub session_ends: Option<Timestamp>,
}

impl Identity {
    /// Until when a token that is made now is accepted: for [`LIFETIME`], or as long as the session.
    pub fn token_ends(&self, now: Timestamp) -> Timestamp {
        let ends = now.checked_add(LIFETIME).unwrap_or(Timestamp::MAX);
        self.session_ends.map_or(ends, |session| session.min(ends))
    }
}

/// Why a token is not made or not accepted. The text is for the log; clients are told less.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// A secret is too short.
    #[error("the secret of key {0:?} is shorter than {SHORTEST_SECRET} bytes")]
    ShortSecret(String),
    /// Two keys have one name.
    #[error("two token keys are named {0:?}")]
    RepeatedKey(String),
    /// It ran out.
    #[error("the token has expired")]
    Expired,
    /// It names no key of ours.
    #[error("the token names no known key")]
    UnknownKey,
    /// Its form, signature, algorithm, issuer, audience or claims are wrong.
    #[error("the token is not valid")]
    Invalid(#[source] jsonwebtoken::errors::Error),
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    sid: SessionId,
    jti: Uuid,
    tier: Tier,
    role: Role,
    iat: i64,
    exp: i64,
}

/// Signs tokens with the current key, accepts those of the current, the next and the previous one.
#[derive(Clone)]
pub struct TokenKeys {
    signing: EncodingKey,
    header: Header,
    accepted: Vec<(String, DecodingKey)>,
    validation: Validation,
}

impl TokenKeys {
    /// Keys for signing and checking; the `others` only check.
    pub fn new(current: &TokenKey, others: &[TokenKey]) -> Result<Self, TokenError> {
        let mut accepted: Vec<(String, DecodingKey)> = Vec::new();
        for key in std::iter::once(current).chain(others) {
            let secret = key.secret.expose_secret().as_bytes();
            if secret.len() < SHORTEST_SECRET {
                return Err(TokenError::ShortSecret(key.kid.clone()));
            }
            if accepted.iter().any(|(kid, _)| *kid == key.kid) {
                return Err(TokenError::RepeatedKey(key.kid.clone()));
            }
            accepted.push((key.kid.clone(), DecodingKey::from_secret(secret)));
        }
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(current.kid.clone());
        let signing = EncodingKey::from_secret(current.secret.expose_secret().as_bytes());
        Ok(Self {
            signing,
            header,
            accepted,
            validation: validation(),
        })
    }

    /// The keys of a set: its current one signs, all are accepted.
    pub fn of(set: &KeySet) -> Result<Self, TokenError> {
        let others: Vec<TokenKey> = set.keys().skip(1).cloned().collect();
        Self::new(&set.current, &others)
    }

    /// A token for `identity`, accepted until [`Identity::token_ends`].
    pub fn sign(&self, identity: &Identity, now: Timestamp) -> Result<String, TokenError> {
        let user = identity.user;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user.id,
            sid: user.session,
            jti: identity.token_id,
            tier: user.tier,
            role: user.role,
            iat: now.as_second(),
            exp: identity.token_ends(now).as_second(),
        };
        jsonwebtoken::encode(&self.header, &claims, &self.signing).map_err(TokenError::Invalid)
    }

    /// Whom the token speaks for at `now`.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<User, TokenError> {
        let header = jsonwebtoken::decode_header(token).map_err(TokenError::Invalid)?;
        let named = self
            .accepted
            .iter()
            .find(|(kid, _)| header.kid.as_ref() == Some(kid));
        let (_, key) = named.ok_or(TokenError::UnknownKey)?;
        let decoded =
            jsonwebtoken::decode::<Claims>(token, key, &self.validation).map_err(TokenError::Invalid)?;
        let claims = decoded.claims;
        if claims.exp <= now.as_second() {
            return Err(TokenError::Expired);
        }
        Ok(User {
            id: claims.sub,
            session: claims.sid,
            tier: claims.tier,
            role: claims.role,
        })
    }
}

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // Compared with the passed-in clock instead; the library reads the system's.
    validation.validate_exp = false;
    validation
}

impl fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kids: Vec<&str> = self.accepted.iter().map(|(kid, _)| kid.as_str()).collect();
        f.debug_struct("TokenKeys")
            .field("kids", &kids)
            .finish_non_exhaustive()
    }
}
