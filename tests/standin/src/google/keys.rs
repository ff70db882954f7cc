//! Keys that sign, keys that only look so, and the set that is published.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PSS_SHA256, RsaEncoding,
};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// The name of the key that is published for encryption.
pub(super) const FOR_ENCRYPTION: &str = "for-encryption";

/// How many of the newest keys are published.
const PUBLISHED: usize = 2;

/// An RSA key of 2048 bits.
#[derive(Clone)]
pub(super) struct RsaKey {
    pub(super) kid: String,
    pair: Arc<KeyPair>,
}

/// All keys; each is made when it is first needed.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Oldest first; the last one signs.
    own: Vec<RsaKey>,
    made: usize,
    /// Nobody knows it.
    stranger: Option<RsaKey>,
    publishes_encryption_key: bool,
}

impl Keys {
    /// The key that signs.
    pub(super) fn current(&mut self) -> RsaKey {
        if self.own.is_empty() {
            self.rotate();
        }
        self.own[self.own.len() - 1].clone()
    }

    pub(super) fn rotate(&mut self) {
        self.made += 1;
        self.own.push(RsaKey::made(format!("key-{}", self.made)));
    }

    /// A key of somebody else.
    pub(super) fn stranger(&mut self) -> RsaKey {
        let made = || RsaKey::made("stranger".to_owned());
        self.stranger.get_or_insert_with(made).clone()
    }

    /// Publishes the stranger's key from now on, as one for encryption.
    pub(super) fn publish_encryption_key(&mut self) {
        self.stranger();
        self.publishes_encryption_key = true;
    }

    /// What is published.
    pub(super) fn published(&mut self) -> Value {
        self.current();
        let mut keys: Vec<Value> = self.own.iter().rev().take(PUBLISHED).map(RsaKey::jwk).collect();
        if self.publishes_encryption_key {
            let mut key = self.stranger().jwk();
            key["use"] = json!("enc");
            key["kid"] = json!(FOR_ENCRYPTION);
            keys.push(key);
        }
        // Other kinds may be in the set; whoever takes every entry for RSA finds out here.
        keys.push(
            json!({"kty": "EC", "use": "sig", "alg": "ES256", "kid": "elliptic", "crv": "P-256",
            "x": BASE64_URL_SAFE_NO_PAD.encode([7; 32]), "y": BASE64_URL_SAFE_NO_PAD.encode([9; 32])}),
        );
        json!({ "keys": keys })
    }
}

impl RsaKey {
    #[expect(
        clippy::expect_used,
        reason = "a stand-in without randomness cannot do its part"
    )]
    fn made(kid: String) -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key can be made");
        Self {
            kid,
            pair: Arc::new(pair),
        }
    }

    pub(super) fn modulus(&self) -> Vec<u8> {
        let modulus = self.pair.public_key().modulus();
        modulus.big_endian_without_leading_zero().to_vec()
    }

    /// The public key as a set has it.
    pub(super) fn jwk(&self) -> Value {
        let exponent = self.pair.public_key().exponent();
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid,
            "n": BASE64_URL_SAFE_NO_PAD.encode(self.modulus()),
            "e": BASE64_URL_SAFE_NO_PAD.encode(exponent.big_endian_without_leading_zero()),
        })
    }

    /// The public key as a certificate would have it.
    pub(super) fn public_der(&self) -> Vec<u8> {
        let der: Result<PublicKeyX509Der<'_>, _> = self.pair.public_key().as_der();
        der.map(|der| der.as_ref().to_vec()).unwrap_or_default()
    }

    /// The same as text.
    pub(super) fn public_pem(&self) -> String {
        let text = BASE64_STANDARD.encode(self.public_der());
        let lines: Vec<&str> = (0..text.len())
            .step_by(64)
            .map(|start| &text[start..(start + 64).min(text.len())])
            .collect();
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            lines.join("\n")
        )
    }

    pub(super) fn rs256(&self, message: &str) -> Vec<u8> {
        self.signed(&RSA_PKCS1_SHA256, message)
    }

    pub(super) fn rs384(&self, message: &str) -> Vec<u8> {
        self.signed(&RSA_PKCS1_SHA384, message)
    }

    pub(super) fn ps256(&self, message: &str) -> Vec<u8> {
        self.signed(&RSA_PSS_SHA256, message)
    }

    #[expect(clippy::expect_used, reason = "a key of ours signs")]
    fn signed(&self, how: &'static dyn RsaEncoding, message: &str) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(how, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .expect("a key signs");
        signature
    }
}

/// A signature with an elliptic key that nobody knows.
#[expect(clippy::expect_used, reason = "a key of ours signs")]
pub(super) fn es256(message: &str) -> Vec<u8> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key can be made");
    let signature = pair
        .sign(&SystemRandom::new(), message.as_bytes())
        .expect("a key signs");
    signature.as_ref().to_vec()
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
