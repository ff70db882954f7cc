//! Google's sign-in: an identity provider that works offline and makes every wrong token on order.
//!
//! It checks what it is sent as strictly as the real one: the client and its secret, the page, the
//! digest of the verifier, that a code is used once and soon. People choose who they are on a page
//! of its own; tests ask for a code directly. Keys are made when they are first needed and are written
//! down nowhere.

mod grants;
mod keys;
mod page;
mod routes;
mod token;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

pub use grants::{AuthorizeRequest, User, challenge_of};
pub use token::BadToken;

use grants::{Grant, Grants};
use keys::Keys;
pub(crate) use routes::{error, routes};

/// What the platform is called here.
pub const CLIENT_ID: &str = "automoney-local";

/// The secret that belongs to it. It opens nothing.
pub const CLIENT_SECRET: &str = "for-this-machine-only";

/// How long keys and discovery may be kept, as long as no test says otherwise.
const CACHE_CONTROL: &str = "public, max-age=3600, must-revalidate";

/// The identity provider.
#[derive(Debug, Default)]
pub struct Google {
    issuer: OnceLock<String>,
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    keys: Keys,
    grants: Grants,
    /// What becomes of the next id tokens.
    ordered: VecDeque<BadToken>,
    cache_control: Option<String>,
    last_id_token: String,
}

impl Google {
    /// A code for somebody who has just agreed, without the page.
    pub fn code_for(&self, user: User, request: &AuthorizeRequest) -> String {
        self.memory().grants.issue(user, request)
    }

    /// Signs with a new key from now on; the one before is published besides.
    pub fn rotate_keys(&self) {
        self.memory().keys.rotate();
    }

    /// Lets keys and discovery be kept as this says.
    pub fn set_cache_control(&self, cache_control: &str) {
        self.memory().cache_control = Some(cache_control.to_owned());
    }

    /// The id token that was handed out last; empty when none was.
    pub fn last_id_token(&self) -> String {
        self.memory().last_id_token.clone()
    }

    /// Who it says it is.
    pub fn issuer(&self) -> &str {
        self.issuer
            .get()
            .map_or("http://standin.test/google", String::as_str)
    }

    pub(crate) fn order(&self, bad: BadToken) {
        let mut memory = self.memory();
        if bad == BadToken::EncryptionKey {
            // It is published before the token comes, or nobody would know its name.
            memory.keys.publish_encryption_key();
        }
        memory.ordered.push_back(bad);
    }

    pub(crate) fn is_reached_at(&self, issuer: String) {
        // Once a stand-in: it listens at one address.
        let _ = self.issuer.set(issuer);
    }

    /// The id token for a grant, or the wrong one that was ordered.
    fn id_token(&self, grant: &Grant, now_ms: i64) -> String {
        let mut memory = self.memory();
        let bad = memory.ordered.pop_front();
        let now = now_ms.div_euclid(1000);
        let token = token::made(bad, &mut memory.keys, grant, self.issuer(), now);
        memory.last_id_token.clone_from(&token);
        token
    }

    fn cache_control(&self) -> String {
        let told = self.memory().cache_control.clone();
        told.unwrap_or_else(|| CACHE_CONTROL.to_owned())
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
