//! Id tokens: the right one, and every wrong one that can be ordered.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::grants::Grant;
use super::keys::{FOR_ENCRYPTION, Keys, RsaKey, es256};

/// How long an id token is good, seconds.
const LIFETIME: i64 = 3600;

macro_rules! bad_tokens {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What is wrong with an id token.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum BadToken {
            $($(#[$doc])* $name,)*
        }

        impl BadToken {
            /// Every wrong one.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

bad_tokens! {
    /// The claims were changed after they had been signed.
    ChangedClaims,
    /// One bit of the signature is another.
    BrokenSignature,
    /// Nothing is where the signature belongs.
    NoSignature,
    /// Signed with a key that is not published, under a name that is not.
    UnknownKey,
    /// Signed with a key that is not published, under the name of one that is.
    AnotherKey,
    /// It names no key.
    NoKeyName,
    /// Signed with a key that is published for encryption.
    EncryptionKey,
    /// Signed with a key that it brings along in its header.
    KeyBroughtAlong,
    /// `alg: none`, without a signature.
    AlgNone,
    /// `alg: none`, with a right signature.
    AlgNoneSigned,
    /// HS256, with the public key's PEM text as the secret.
    Hs256WithPem,
    /// HS256, with the public key's DER bytes as the secret.
    Hs256WithDer,
    /// HS256, with the public key's modulus as the secret.
    Hs256WithModulus,
    /// RS384, signed well.
    Rs384,
    /// PS256, signed well.
    Ps256,
    /// ES256, by a key of its own.
    Es256,
    /// Its header demands an extension.
    CriticalHeader,
    /// Issued by somebody else.
    WrongIssuer,
    /// By nobody.
    NoIssuer,
    /// For somebody else.
    WrongAudience,
    /// For nobody.
    NoAudience,
    /// For an empty list.
    EmptyAudience,
    /// For us and a stranger, and it does not say who asked for it.
    AudienceWithStranger,
    /// For strangers, asked for by us.
    AudienceOfStrangers,
    /// Asked for by somebody else.
    WrongParty,
    /// For us and a stranger, asked for by the stranger.
    PartyIsStranger,
    /// Of another sign-in.
    WrongNonce,
    /// Of no sign-in in particular.
    NoNonce,
    /// It ran out two minutes ago.
    Expired,
    /// It never runs out.
    NoExpiry,
    /// It says when it runs out in a text.
    ExpiryAsText,
    /// Issued in two minutes.
    IssuedInFuture,
    /// It does not say when it was issued.
    NoIssueTime,
    /// Good in two minutes.
    NotYetValid,
    /// Of no account.
    NoSubject,
    /// Of the account without a name.
    EmptySubject,
    /// Of an account with 256 characters.
    LongSubject,
    /// Of an account with letters that are not ASCII.
    ForeignSubject,
    /// It says twice whose it is.
    TwoSubjects,
    /// Without an address.
    NoEmail,
    /// With an address that is none.
    EmailIsNone,
    /// It does not say whether the address is verified.
    NoEmailVerified,
    /// The address is not verified.
    UnverifiedEmail,
    /// The address is `"false"`.
    UnverifiedEmailAsText,
    /// The address is `"true"`: a text, not what was documented.
    VerifiedEmailAsText,
    /// A word.
    NotAToken,
    /// Three parts that are nothing.
    Garbage,
    /// Three parts of the right letters that are no JSON.
    NotJson,
    /// Five parts: encrypted, not signed.
    Encrypted,
}

/// What a token is made of.
struct Draft {
    header: Value,
    claims: Map<String, Value>,
}

impl Draft {
    fn set(&mut self, claim: &str, value: Value) {
        self.claims.insert(claim.to_owned(), value);
    }

    fn remove(&mut self, claim: &str) {
        self.claims.remove(claim);
    }

    /// Header and claims, to be signed.
    fn message(&self) -> String {
        joined(
            &self.header.to_string(),
            &Value::Object(self.claims.clone()).to_string(),
        )
    }
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn joined(header: &str, claims: &str) -> String {
    format!("{}.{}", encoded(header), encoded(claims))
}

fn whole(message: &str, signature: &[u8]) -> String {
    format!("{message}.{}", encoded(signature))
}

/// The token for a grant, with what is to be wrong with it.
pub(super) fn made(bad: Option<BadToken>, keys: &mut Keys, grant: &Grant, issuer: &str, now: i64) -> String {
    let key = keys.current();
    let mut draft = right(grant, &key, issuer, now);
    let Some(bad) = bad else {
        let message = draft.message();
        return whole(&message, &key.rs256(&message));
    };
    change_claims(bad, &mut draft, now);
    signed_wrongly(bad, &mut draft, keys, &key)
}

fn right(grant: &Grant, key: &RsaKey, issuer: &str, now: i64) -> Draft {
    let (user, request) = (&grant.user, &grant.request);
    let mut draft = Draft {
        header: json!({"alg": "RS256", "kid": key.kid, "typ": "JWT"}),
        claims: Map::new(),
    };
    let claims = [
        ("iss", json!(issuer)),
        ("azp", json!(request.client_id)),
        ("aud", json!(request.client_id)),
        ("sub", json!(user.sub)),
        ("email", json!(user.email)),
        ("email_verified", json!(true)),
        ("nonce", json!(request.nonce)),
        ("iat", json!(now)),
        ("exp", json!(now + LIFETIME)),
    ];
    for (claim, value) in claims {
        draft.set(claim, value);
    }
    if let Some(name) = &user.name {
        draft.set("name", json!(name));
    }
    draft
}

fn change_claims(bad: BadToken, draft: &mut Draft, now: i64) {
    let ours = draft.claims.get("aud").cloned().unwrap_or_default();
    let missing = match bad {
        BadToken::NoIssuer => "iss",
        BadToken::NoAudience => "aud",
        BadToken::NoNonce => "nonce",
        BadToken::NoExpiry => "exp",
        BadToken::NoIssueTime => "iat",
        BadToken::NoSubject => "sub",
        BadToken::NoEmail => "email",
        BadToken::NoEmailVerified => "email_verified",
        // Who asked for it is said only where that is what is wrong.
        BadToken::WrongAudience | BadToken::EmptyAudience | BadToken::AudienceWithStranger => "azp",
        _ => "",
    };
    draft.remove(missing);
    let (claim, value) = match bad {
        BadToken::WrongIssuer => ("iss", json!("https://accounts.example.com")),
        BadToken::WrongAudience => ("aud", json!("stranger")),
        BadToken::EmptyAudience => ("aud", json!([])),
        BadToken::AudienceWithStranger => ("aud", json!([ours, "stranger"])),
        BadToken::AudienceOfStrangers => ("aud", json!(["stranger", "another"])),
        BadToken::WrongParty => ("azp", json!("stranger")),
        BadToken::PartyIsStranger => {
            draft.set("azp", json!("stranger"));
            ("aud", json!([ours, "stranger"]))
        }
        BadToken::WrongNonce => ("nonce", json!("of-another-sign-in")),
        BadToken::Expired => {
            draft.set("iat", json!(now - LIFETIME));
            ("exp", json!(now - 120))
        }
        BadToken::ExpiryAsText => ("exp", json!((now + LIFETIME).to_string())),
        BadToken::IssuedInFuture => ("iat", json!(now + 120)),
        BadToken::NotYetValid => ("nbf", json!(now + 120)),
        BadToken::EmptySubject => ("sub", json!("")),
        BadToken::LongSubject => ("sub", json!("1".repeat(256))),
        BadToken::ForeignSubject => ("sub", json!("конто")),
        BadToken::EmailIsNone => ("email", json!("nobody")),
        BadToken::UnverifiedEmail => ("email_verified", json!(false)),
        BadToken::UnverifiedEmailAsText => ("email_verified", json!("false")),
        BadToken::VerifiedEmailAsText => ("email_verified", json!("true")),
        _ => return,
    };
    draft.set(claim, value);
}

fn signed_wrongly(bad: BadToken, draft: &mut Draft, keys: &mut Keys, key: &RsaKey) -> String {
    let header = match bad {
        BadToken::UnknownKey => json!({"alg": "RS256", "kid": "nobody-knows"}),
        BadToken::NoKeyName => json!({"alg": "RS256"}),
        BadToken::EncryptionKey => json!({"alg": "RS256", "kid": FOR_ENCRYPTION}),
        BadToken::KeyBroughtAlong => {
            json!({"alg": "RS256", "kid": key.kid, "jwk": keys.stranger().jwk()})
        }
        BadToken::AlgNone | BadToken::AlgNoneSigned => json!({"alg": "none", "kid": key.kid}),
        BadToken::Hs256WithPem | BadToken::Hs256WithDer | BadToken::Hs256WithModulus => {
            json!({"alg": "HS256", "kid": key.kid})
        }
        BadToken::Rs384 => json!({"alg": "RS384", "kid": key.kid}),
        BadToken::Ps256 => json!({"alg": "PS256", "kid": key.kid}),
        BadToken::Es256 => json!({"alg": "ES256", "kid": key.kid}),
        BadToken::CriticalHeader => {
            json!({"alg": "RS256", "kid": key.kid, "crit": ["http://example.com/must"], "http://example.com/must": true})
        }
        _ => draft.header.clone(),
    };
    draft.header = header;
    let message = draft.message();
    let keyed = |secret: &[u8]| {
        let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        whole(&message, signature.as_ref())
    };
    match bad {
        BadToken::ChangedClaims => {
            draft.set("email", json!("mallory@example.com"));
            whole(&draft.message(), &key.rs256(&message))
        }
        BadToken::BrokenSignature => {
            let mut signature = key.rs256(&message);
            signature[100] ^= 1;
            whole(&message, &signature)
        }
        BadToken::NoSignature | BadToken::AlgNone => whole(&message, &[]),
        BadToken::UnknownKey | BadToken::AnotherKey | BadToken::EncryptionKey | BadToken::KeyBroughtAlong => {
            whole(&message, &keys.stranger().rs256(&message))
        }
        BadToken::Hs256WithPem => keyed(key.public_pem().as_bytes()),
        BadToken::Hs256WithDer => keyed(&key.public_der()),
        BadToken::Hs256WithModulus => keyed(&key.modulus()),
        BadToken::Rs384 => whole(&message, &key.rs384(&message)),
        BadToken::Ps256 => whole(&message, &key.ps256(&message)),
        BadToken::Es256 => whole(&message, &es256(&message)),
        BadToken::TwoSubjects => {
            let claims = Value::Object(draft.claims.clone()).to_string();
            let twice = claims.replacen('{', r#"{"sub":"1","#, 1);
            let message = joined(&draft.header.to_string(), &twice);
            whole(&message, &key.rs256(&message))
        }
        BadToken::NotAToken => "not-a-token".to_owned(),
        BadToken::Garbage => "%%%.%%%.%%%".to_owned(),
        BadToken::NotJson => whole(&joined("no", "json"), &key.rs256(&joined("no", "json"))),
        BadToken::Encrypted => {
            let header = json!({"alg": "RSA-OAEP", "enc": "A256GCM", "kid": key.kid}).to_string();
            let parts = [
                header.as_bytes(),
                &[1; 256],
                &[2; 12],
                &message.as_bytes()[..64],
                &[3; 16],
            ];
            parts.map(encoded).join(".")
        }
        _ => whole(&message, &key.rs256(&message)),
    }
}
