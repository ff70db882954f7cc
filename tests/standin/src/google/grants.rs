//! Who agreed to what: codes, and what has to be shown for one.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// How long a code is good.
const LIFETIME_MS: i64 = 10 * 60 * 1000;

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The account's name.
    pub sub: String,
    /// Its address.
    pub email: String,
    /// The person's name.
    pub name: Option<String>,
}

impl User {
    /// The account of an address; it is always the same.
    pub fn with_email(email: &str) -> Self {
        let named = digest(&SHA256, email.as_bytes());
        let digits = named
            .as_ref()
            .iter()
            .take(21)
            .map(|byte| char::from(b'0' + byte % 10));
        let name = email.split('@').next().unwrap_or_default();
        let mut letters = name.chars();
        let name = letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect());
        Self {
            sub: digits.collect(),
            email: email.to_owned(),
            name,
        }
    }
}

/// What the browser left with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizeRequest {
    /// Comes back in the id token.
    pub nonce: String,
    /// [`challenge_of`] the verifier.
    pub code_challenge: String,
    /// Where the browser goes next.
    pub redirect_uri: String,
    /// Who asks.
    pub client_id: String,
}

/// The digest that a browser shows of its verifier. Source: RFC 7636, S256.
pub fn challenge_of(code_verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, code_verifier.as_bytes()))
}

/// Somebody agreed to this.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) user: User,
    pub(super) request: AuthorizeRequest,
    /// When it was first asked about; codes of tests are as young as their first use.
    issued_at_ms: Option<i64>,
}

/// The codes that are open.
#[derive(Debug, Default)]
pub(super) struct Grants(HashMap<String, Grant>);

impl Grants {
    pub(super) fn issue(&mut self, user: User, request: &AuthorizeRequest) -> String {
        let code = format!("4/0A{}", random());
        let grant = Grant {
            user,
            request: request.clone(),
            issued_at_ms: None,
        };
        self.0.insert(code.clone(), grant);
        code
    }

    pub(super) fn issue_at(&mut self, user: User, request: &AuthorizeRequest, now_ms: i64) -> String {
        let code = self.issue(user, request);
        if let Some(grant) = self.0.get_mut(&code) {
            grant.issued_at_ms = Some(now_ms);
        }
        code
    }

    /// What the code was given for; it is used up, whatever comes of it.
    pub(super) fn redeem(&mut self, code: &str, now_ms: i64) -> Option<Grant> {
        let grant = self.0.remove(code)?;
        let age = grant.issued_at_ms.map_or(0, |issued| now_ms - issued);
        (age < LIFETIME_MS).then_some(grant)
    }
}

fn random() -> String {
    let mut bytes = [0_u8; 24];
    // Without randomness no code is anybody's secret; this one is for tests and for one machine.
    let _ = rand::fill(&mut bytes);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
