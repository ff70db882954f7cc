//! What makes an id token count: its form, its signature, its claims. Pure.
//!
//! The way it has to be signed is decided here, never by its header. Every claim that is checked must
//! be there and of its documented kind; a header or a set of claims that says something twice is none.
//! Source: UPSTREAMS "Google sign-in"; OpenID Connect Core 1.0, section 3.1.3.7.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Account, Refusal};

/// How far Google's clock may be from ours, seconds.
const LEEWAY: i64 = 60;

/// The most characters of a `sub`. Source: OpenID Connect Core 1.0, section 2.
const LONGEST_SUB: usize = 255;

/// The most bytes of an e-mail address. Source: RFC 3696, errata 1690, with room.
const LONGEST_EMAIL: usize = 320;

/// The most characters of a name that are kept.
const LONGEST_NAME: usize = 200;

/// What the claims have to say.
pub(super) struct Expected<'a> {
    /// Who issues, with its scheme.
    pub(super) issuer: &'a str,
    /// For whom.
    pub(super) client_id: &'a str,
    /// For which sign-in.
    pub(super) nonce: &'a str,
    /// The time.
    pub(super) now: Timestamp,
}

/// A token of the right form, whose signature was not looked at yet.
pub(super) struct Signed<'a> {
    /// The name of the key it says it is signed with.
    pub(super) kid: String,
    /// Header and claims as they are signed.
    message: &'a str,
    claims: &'a str,
    signature: &'a str,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<Value>,
    aud: Option<Value>,
    azp: Option<Value>,
    sub: Option<Value>,
    exp: Option<Value>,
    iat: Option<Value>,
    nbf: Option<Value>,
    nonce: Option<Value>,
    email: Option<Value>,
    email_verified: Option<Value>,
    name: Option<Value>,
}

/// Takes a token apart. Refuses what is not signed in the one way that is accepted.
pub(super) fn read(token: &str) -> Result<Signed<'_>, Refusal> {
    let (message, signature) = token.rsplit_once('.').ok_or(Refusal::NotAToken)?;
    let (header, claims) = message.split_once('.').ok_or(Refusal::NotAToken)?;
    if claims.contains('.') {
        return Err(Refusal::NotAToken);
    }
    let header: Header = decoded(header)?;
    if header.alg != "RS256" {
        return Err(Refusal::Algorithm);
    }
    if header.crit.is_some() {
        return Err(Refusal::Extension);
    }
    Ok(Signed {
        kid: header.kid.ok_or(Refusal::UnknownKey)?,
        message,
        claims,
        signature,
    })
}

fn decoded<T: DeserializeOwned>(part: &str) -> Result<T, Refusal> {
    // Why it cannot be read is not passed on: the library's words quote what they are about.
    let json = BASE64_URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| Refusal::NotAToken)?;
    serde_json::from_slice(&json).map_err(|_| Refusal::NotAToken)
}

impl Signed<'_> {
    /// Whose account it is, when `key` signed the token and its claims are as expected.
    pub(super) fn verified(&self, key: &DecodingKey, expected: &Expected<'_>) -> Result<Account, Refusal> {
        let message = self.message.as_bytes();
        let is_signed = crypto::verify(self.signature, message, key, Algorithm::RS256);
        if !is_signed.unwrap_or(false) {
            return Err(Refusal::Signature);
        }
        let claims: Claims = decoded(self.claims)?;
        claims.check_parties(expected)?;
        claims.check_times(expected.now.as_second())?;
        if text(claims.nonce.as_ref(), "nonce")? != expected.nonce {
            return Err(Refusal::Nonce);
        }
        claims.account()
    }
}

impl Claims {
    fn check_parties(&self, expected: &Expected<'_>) -> Result<(), Refusal> {
        let issuer = text(self.iss.as_ref(), "iss")?;
        // Google leaves the scheme out in some of its tokens.
        let bare = expected.issuer.split_once("://").map(|(_, rest)| rest);
        if issuer != expected.issuer && Some(issuer) != bare {
            return Err(Refusal::Issuer);
        }
        let party = match &self.azp {
            Some(party) => Some(text(Some(party), "azp")?),
            None => None,
        };
        if party.is_some_and(|party| party != expected.client_id) {
            return Err(Refusal::AuthorizedParty);
        }
        let audience: Vec<&str> = match &self.aud {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(many)) => many
                .iter()
                .map(|one| text(Some(one), "aud"))
                .collect::<Result<_, _>>()?,
            _ => return Err(Refusal::Claim("aud")),
        };
        let is_ours = audience.contains(&expected.client_id);
        // With others in it, the token has to say that it is we who asked for it.
        if !is_ours || (audience.len() > 1 && party.is_none()) {
            return Err(Refusal::Audience);
        }
        Ok(())
    }

    fn check_times(&self, now: i64) -> Result<(), Refusal> {
        let expires = second(self.exp.as_ref(), "exp")?;
        if now >= expires.saturating_add(LEEWAY) {
            return Err(Refusal::Expired);
        }
        if second(self.iat.as_ref(), "iat")? > now.saturating_add(LEEWAY) {
            return Err(Refusal::IssuedInFuture);
        }
        if self.nbf.is_some() && second(self.nbf.as_ref(), "nbf")? > now.saturating_add(LEEWAY) {
            return Err(Refusal::NotYetValid);
        }
        Ok(())
    }

    fn account(&self) -> Result<Account, Refusal> {
        match self.email_verified {
            Some(Value::Bool(true)) => {}
            Some(Value::Bool(false)) => return Err(Refusal::UnverifiedEmail),
            // The word "true" is a text, and so is "false": a claim of the wrong kind proves nothing.
            _ => return Err(Refusal::Claim("email_verified")),
        }
        let sub = text(self.sub.as_ref(), "sub")?;
        let is_name =
            (1..=LONGEST_SUB).contains(&sub.len()) && sub.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_name {
            return Err(Refusal::Claim("sub"));
        }
        let email = text(self.email.as_ref(), "email")?;
        let is_address = email.len() <= LONGEST_EMAIL
            && email
                .split_once('@')
                .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
            && !email.chars().any(|c| c.is_whitespace() || c.is_control());
        if !is_address {
            return Err(Refusal::Claim("email"));
        }
        Ok(Account {
            sub: sub.to_owned(),
            email: email.to_owned(),
            name: self.name.as_ref().and_then(Value::as_str).and_then(shown),
        })
    }
}

/// A name fit for showing; it decides nothing, so one that is not fit is none.
fn shown(name: &str) -> Option<String> {
    let plain: String = name
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_NAME)
        .collect();
    let plain = plain.trim();
    (!plain.is_empty()).then(|| plain.to_owned())
}

fn text<'a>(claim: Option<&'a Value>, name: &'static str) -> Result<&'a str, Refusal> {
    claim.and_then(Value::as_str).ok_or(Refusal::Claim(name))
}

/// A time in whole seconds since 1970.
fn second(claim: Option<&Value>, name: &'static str) -> Result<i64, Refusal> {
    claim.and_then(Value::as_i64).ok_or(Refusal::Claim(name))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn claims(changed: &str, value: Value) -> Claims {
        let mut all = json!({
            "iss": "https://accounts.google.com", "aud": "us", "azp": "us", "sub": "1", "nonce": "n",
            "email": "ann@example.com", "email_verified": true, "name": "Ann", "iat": 1000, "exp": 2000,
        });
        all[changed] = value;
        serde_json::from_value(all).unwrap()
    }

    fn parties(changed: &str, value: Value) -> Result<(), Refusal> {
        claims(changed, value).check_parties(&Expected {
            issuer: "https://accounts.google.com",
            client_id: "us",
            nonce: "n",
            now: Timestamp::UNIX_EPOCH,
        })
    }

    #[rstest]
    #[case("iss", json!("https://accounts.google.com"), Ok(()))]
    #[case("iss", json!("accounts.google.com"), Ok(()))]
    #[case("iss", json!("http://accounts.google.com"), Err(Refusal::Issuer))]
    #[case("iss", json!("https://accounts.google.com/"), Err(Refusal::Issuer))]
    #[case("iss", json!("https://accounts.google.com.evil.example"), Err(Refusal::Issuer))]
    #[case("iss", json!(["https://accounts.google.com"]), Err(Refusal::Claim("iss")))]
    #[case("aud", json!(["us"]), Ok(()))]
    // Others may be meant too where it is we who asked.
    #[case("aud", json!(["us", "stranger"]), Ok(()))]
    #[case("aud", json!(["us", 7]), Err(Refusal::Claim("aud")))]
    #[case("aud", json!(7), Err(Refusal::Claim("aud")))]
    #[case("azp", json!(null), Ok(()))]
    #[case("azp", json!(7), Err(Refusal::Claim("azp")))]
    fn parties_are_ours(#[case] claim: &str, #[case] value: Value, #[case] outcome: Result<(), Refusal>) {
        assert_eq!(parties(claim, value), outcome);
    }

    #[rstest]
    #[case("exp", json!(1500), 1559, Ok(()))]
    #[case("exp", json!(1500), 1560, Err(Refusal::Expired))]
    #[case("exp", json!(i64::MAX), 1560, Ok(()))]
    #[case("exp", json!(1500.5), 1400, Err(Refusal::Claim("exp")))]
    #[case("exp", json!(u64::MAX), 1400, Err(Refusal::Claim("exp")))]
    #[case("iat", json!(1060), 1000, Ok(()))]
    #[case("iat", json!(1061), 1000, Err(Refusal::IssuedInFuture))]
    #[case("nbf", json!(1060), 1000, Ok(()))]
    #[case("nbf", json!(1061), 1000, Err(Refusal::NotYetValid))]
    #[case("nbf", json!("1000"), 1000, Err(Refusal::Claim("nbf")))]
    fn times_hold_within_a_minute(
        #[case] claim: &str,
        #[case] value: Value,
        #[case] now: i64,
        #[case] outcome: Result<(), Refusal>,
    ) {
        assert_eq!(claims(claim, value).check_times(now), outcome);
    }

    #[rstest]
    #[case("sub", json!("1".repeat(255)), true)]
    #[case("sub", json!("1".repeat(256)), false)]
    #[case("sub", json!("1 2"), false)]
    #[case("sub", json!(12), false)]
    #[case("email", json!("a@b"), true)]
    #[case("email", json!("@example.com"), false)]
    #[case("email", json!("ann@"), false)]
    #[case("email", json!("ann@example.com\r\nbcc: all"), false)]
    #[case("email", json!(format!("{}@example.com", "a".repeat(320))), false)]
    #[case("email_verified", json!(1), false)]
    #[case("email_verified", json!(null), false)]
    fn an_account_has_a_name_and_a_verified_address(
        #[case] claim: &str,
        #[case] value: Value,
        #[case] is_fine: bool,
    ) {
        assert_eq!(claims(claim, value).account().is_ok(), is_fine);
    }

    #[rstest]
    #[case(json!("  Ann\u{7} Example\n"), Some("Ann Example".to_owned()))]
    #[case(json!("é".repeat(201)), Some("é".repeat(200)))]
    #[case(json!("  "), None)]
    #[case(json!(7), None)]
    fn a_name_is_for_showing_only(#[case] name: Value, #[case] shown: Option<String>) {
        assert_eq!(claims("name", name).account().unwrap().name, shown);
    }
}
