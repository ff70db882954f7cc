//! A text and who vouches for it: HMAC-SHA-256 over the text as it stands.

use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};
use bytes::Bytes;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::error::Damage;
use crate::digest::hex;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed<'a> {
    #[serde(borrow)]
    content: &'a RawValue,
    hmac_sha256: String,
}

/// What `content` looks like in the store, signed with the first key.
pub(super) fn seal(content: &impl Serialize, keys: &[SecretString]) -> Result<Bytes, serde_json::Error> {
    let content = serde_json::value::to_raw_value(content)?;
    let signature = keys.first().map_or_else(String::new, |key| {
        hex(hmac::sign(&hmac_key(key), content.get().as_bytes()).as_ref())
    });
    let sealed = Sealed {
        content: &content,
        hmac_sha256: signature,
    };
    Ok(Bytes::from(serde_json::to_vec(&sealed)?))
}

/// What is in a sealed text, if one of the keys signed it.
pub(super) fn open<T: DeserializeOwned>(sealed: &[u8], keys: &[SecretString]) -> Result<T, Damage> {
    let unreadable = |error: serde_json::Error| Damage::Manifest(error.to_string());
    let sealed: Sealed<'_> = serde_json::from_slice(sealed).map_err(unreadable)?;
    let signature = unhex(&sealed.hmac_sha256).ok_or(Damage::Signature)?;
    let is_signed = keys
        .iter()
        .any(|key| hmac::verify(&hmac_key(key), sealed.content.get().as_bytes(), &signature).is_ok());
    if !is_signed {
        return Err(Damage::Signature);
    }
    serde_json::from_str(sealed.content.get()).map_err(unreadable)
}

fn hmac_key(key: &SecretString) -> Key {
    Key::new(HMAC_SHA256, key.expose_secret().as_bytes())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Option<Vec<u8>> = digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    // One spelling a signature: no byte of a sealed text can be another one.
    bytes.filter(|bytes| hex(bytes) == text)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn keys(keys: &[&str]) -> Vec<SecretString> {
        keys.iter().map(|key| SecretString::from(*key)).collect()
    }

    #[test]
    fn any_key_that_is_known_opens_it_and_no_other() {
        let sealed = seal(&json!({"rows": 7}), &keys(&["new", "old"])).unwrap();

        for known in [&["new"][..], &["newer", "new"]] {
            assert_eq!(open::<Value>(&sealed, &keys(known)), Ok(json!({"rows": 7})));
        }
        for unknown in [&["old"][..], &[]] {
            assert_eq!(open::<Value>(&sealed, &keys(unknown)), Err(Damage::Signature));
        }
    }

    #[test]
    fn any_changed_byte_is_found() {
        let keys = keys(&["key"]);
        let sealed = seal(&json!({"rows": 7, "of": "ann"}), &keys).unwrap();
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut changed = sealed.to_vec();
                changed[at] ^= 1 << bit;
                assert!(open::<Value>(&changed, &keys).is_err(), "byte {at}, bit {bit}");
            }
        }
    }
}
