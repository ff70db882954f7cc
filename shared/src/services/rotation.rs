//! The keys that sign access tokens are rotated, in the four steps of Secrets Manager.
//!
//! The key that will sign next is in the set one rotation before it signs: every process that checks
//! tokens has read it by then, and the key before stays in the set one rotation longer. So no token is
//! refused, whichever process has read which of the two sets. The first rotation of a secret that has
//! no next key only adds one. Source: the Secrets Manager guide, "Lambda rotation function".

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::App;
use crate::config::{KeySet, TokenKey};
use crate::random::{NoRandomness, Random};
use crate::secrets::{CURRENT, PENDING, SecretError, Stages, Versions};

/// Two rotations are at least this far apart: the processes' five minutes until they read the keys
/// again, the fifteen of the last token that one of them signed before, and as much in reserve.
const LEAST_APART: SignedDuration = SignedDuration::from_mins(40);

/// A step of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// Make the pending version.
    CreateSecret,
    /// Tell others of it: there is nobody else.
    SetSecret,
    /// Hold it to what the processes know.
    TestSecret,
    /// Put it into use.
    FinishSecret,
}

/// What Secrets Manager sends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RotationEvent {
    /// Which step.
    pub step: Step,
    /// Which secret, by its ARN.
    pub secret_id: String,
    /// The version that the rotation makes.
    pub client_request_token: String,
}

/// The event is not a rotation's.
#[derive(Debug, thiserror::Error)]
#[error(
    r#"the event is not {{"Step":"createSecret","SecretId":"arn:…","ClientRequestToken":"…"}}, as Secrets Manager sends it"#
)]
pub struct NoRotation(#[from] serde_json::Error);

impl RotationEvent {
    /// Reads what Secrets Manager sends; what it may add in time is left aside.
    pub fn read(event: &Value) -> Result<Self, NoRotation> {
        Ok(Self::deserialize(event)?)
    }
}

/// What a step came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// Which step.
    pub step: Step,
    /// Whether it did something; not where an earlier delivery had done it.
    pub changed: bool,
}

/// Why a step was not done.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// Only the secret that this function reads itself is rotated.
    #[error("{0} is not the secret of JWT_SECRET_SECRET_ARN, the only one that is rotated here")]
    OtherSecret(String),
    /// The secret does not rotate.
    #[error("rotation is not switched on for this secret")]
    Off,
    /// The version is unknown.
    #[error("the secret has no version {0}: this step belongs to no rotation of it")]
    NoVersion(String),
    /// The version is neither pending nor in use.
    #[error("the version {0} is not AWSPENDING: this step belongs to a rotation that is over")]
    NotPending(String),
    /// The one before has just ended.
    #[error(
        "the keys were rotated at {0}; tokens of the key before last may still be about until {1}, rotate then"
    )]
    TooSoon(Timestamp, Timestamp),
    /// A version has no value.
    #[error("the secret has no value in stage {0}")]
    NoValue(&'static str),
    /// A value is no set of keys.
    #[error("the value in stage {0} {1}")]
    Value(&'static str, String),
    /// Tokens would be refused.
    #[error("the pending keys would refuse tokens: {0}")]
    Refuses(&'static str),
    /// No secret could be made.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The keys cannot be written as JSON.
    #[error("the keys cannot be written")]
    Json(#[from] serde_json::Error),
    /// Secrets Manager failed or refused.
    #[error(transparent)]
    Store(#[from] SecretError),
}

/// Does one step of a rotation; every step may be delivered again.
///
/// Behind a pointer: the calls of the AWS client are too deep a type for a whole function of them.
pub fn rotate<'a>(
    app: &'a App,
    versions: &'a Versions,
    event: &'a RotationEvent,
) -> BoxFuture<'a, Result<Rotated, RotationError>> {
    Box::pin(one_step(app, versions, event))
}

async fn one_step(app: &App, versions: &Versions, event: &RotationEvent) -> Result<Rotated, RotationError> {
    let ours = app.config.auth.as_ref().and_then(|auth| auth.keys_arn.as_deref());
    if ours != Some(event.secret_id.as_str()) {
        return Err(RotationError::OtherSecret(event.secret_id.clone()));
    }
    let version = event.client_request_token.as_str();
    let stages = versions.stages().await?;
    let changed = if is_due(&stages, version)? {
        match event.step {
            Step::CreateSecret => create(app, versions, &stages, version).await?,
            Step::SetSecret => false,
            Step::TestSecret => match test(versions, version).await {
                // When rotation is set up without one at once, the store runs this step alone, to see
                // whether it may call us: on a version that nobody gave a value.
                Err(RotationError::NoValue(PENDING)) => false,
                tested => tested?,
            },
            Step::FinishSecret => finish(versions, &stages, version).await?,
        }
    } else {
        false
    };
    Ok(Rotated {
        step: event.step,
        changed,
    })
}

/// Whether there is anything left to do for this version; not where it is in use already.
fn is_due(stages: &Stages, version: &str) -> Result<bool, RotationError> {
    if !stages.rotates {
        return Err(RotationError::Off);
    }
    if !stages.has(version) {
        return Err(RotationError::NoVersion(version.to_owned()));
    }
    if stages.is_in(version, CURRENT) {
        return Ok(false);
    }
    if !stages.is_in(version, PENDING) {
        return Err(RotationError::NotPending(version.to_owned()));
    }
    Ok(true)
}

async fn create(
    app: &App,
    versions: &Versions,
    stages: &Stages,
    version: &str,
) -> Result<bool, RotationError> {
    if versions.find(Some(version), PENDING).await?.is_some() {
        return Ok(false);
    }
    if let Some(rotated_at) = stages.rotated_at {
        let earliest = rotated_at + LEAST_APART;
        if app.clock.now() < earliest {
            return Err(RotationError::TooSoon(rotated_at, earliest));
        }
    }
    let in_use = keys(versions, None, CURRENT).await?;
    let pending = successor(in_use, &app.random)?;
    versions.put_pending(version, &pending.to_json()?).await?;
    Ok(true)
}

/// The set after `in_use`: its next key signs; where it has none, only a next one is added.
fn successor(in_use: KeySet, random: &Random) -> Result<KeySet, NoRandomness> {
    let next = Some(fresh(random)?);
    Ok(match in_use.next {
        Some(current) => KeySet {
            current,
            next,
            previous: Some(in_use.current),
        },
        None => KeySet { next, ..in_use },
    })
}

fn fresh(random: &Random) -> Result<TokenKey, NoRandomness> {
    let (name, secret) = (random.bytes::<6>()?, random.bytes::<48>()?);
    Ok(TokenKey {
        kid: URL_SAFE_NO_PAD.encode(name),
        secret: SecretString::from(URL_SAFE_NO_PAD.encode(secret)),
    })
}

/// Whichever of the two sets signs, the other one must accept it.
async fn test(versions: &Versions, version: &str) -> Result<bool, RotationError> {
    let in_use = keys(versions, None, CURRENT).await?;
    let pending = keys(versions, Some(version), PENDING).await?;
    if !accepts(&in_use, &pending.current) {
        return Err(RotationError::Refuses(
            "the processes do not know the key that would sign; cancel this rotation and begin anew",
        ));
    }
    if !accepts(&pending, &in_use.current) {
        return Err(RotationError::Refuses(
            "the key that signs now is not among them; cancel this rotation and begin anew",
        ));
    }
    Ok(false)
}

/// Whether what `signer` signs is accepted by the set, as a token is: by the key of that name.
fn accepts(set: &KeySet, signer: &TokenKey) -> bool {
    const MESSAGE: &[u8] = b"a token";
    let hs256 = |key: &TokenKey| hmac::Key::new(hmac::HMAC_SHA256, key.secret.expose_secret().as_bytes());
    let signature = hmac::sign(&hs256(signer), MESSAGE);
    let named = set.keys().find(|key| key.kid == signer.kid);
    named.is_some_and(|key| hmac::verify(&hs256(key), MESSAGE, signature.as_ref()).is_ok())
}

async fn finish(versions: &Versions, stages: &Stages, version: &str) -> Result<bool, RotationError> {
    // A rotation whose test was skipped must not put into use what it would have refused.
    test(versions, version).await?;
    versions.move_current(stages.version_in(CURRENT), version).await?;
    Ok(true)
}

async fn keys(
    versions: &Versions,
    version: Option<&str>,
    stage: &'static str,
) -> Result<KeySet, RotationError> {
    let value = versions.find(version, stage).await?;
    let value = value.ok_or(RotationError::NoValue(stage))?;
    KeySet::parse(value.expose_secret()).map_err(|why| RotationError::Value(stage, why))
}
