//! How each kind of value is read. Errors say what is wrong and quote nothing that may be secret.

use std::num::NonZeroU32;

use jiff::civil::Date;
use rust_decimal::Decimal;
use secrecy::SecretString;
use tracing::Level;
use url::{Host, Url};

use super::{BackupPlace, Bucket, Stage};

/// The highest amount that is no slip of the hand, and that a sum in the database has room for.
const MOST_USD: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

pub(super) fn log_level(text: &str) -> Result<Level, String> {
    match text.to_ascii_lowercase().as_str() {
        "error" => Ok(Level::ERROR),
        "warn" => Ok(Level::WARN),
        "info" => Ok(Level::INFO),
        "debug" => Ok(Level::DEBUG),
        "trace" => Ok(Level::TRACE),
        _ => Err(format!("{text:?} is none of error, warn, info, debug and trace")),
    }
}

pub(super) fn postgres_url(text: &str) -> Result<SecretString, String> {
    server_url(text, &["postgres", "postgresql"])
}

pub(super) fn redis_url(text: &str) -> Result<SecretString, String> {
    server_url(text, &["redis", "rediss"])
}

/// An address that may hold a password, hence never quoted.
fn server_url(text: &str, schemes: &[&str]) -> Result<SecretString, String> {
    let url = Url::parse(text).map_err(|error| format!("is not an address: {error}"))?;
    if !schemes.contains(&url.scheme()) {
        return Err(format!("must begin with {}://", schemes.join(":// or ")));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err("names no host".to_owned());
    }
    Ok(SecretString::from(text))
}

pub(super) fn connections(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|count| (1..=100).contains(count))
        .ok_or_else(|| format!("{text:?} is no whole number from 1 to 100"))
}

pub(super) fn percent(text: &str) -> Result<Decimal, String> {
    text.parse()
        .ok()
        .filter(|percent| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(percent))
        .ok_or_else(|| format!("{text:?} is no number from 0 to 100"))
}

pub(super) fn usd(text: &str) -> Result<Decimal, String> {
    text.parse()
        .ok()
        .filter(|usd| (Decimal::ZERO..=MOST_USD).contains(usd))
        .ok_or_else(|| format!("{text:?} is no number from 0 to {MOST_USD}"))
}

pub(super) fn runs(text: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|runs| (1..=100).contains(runs))
        .ok_or_else(|| format!("{text:?} is no whole number from 1 to 100"))
}

pub(super) fn positive(text: &str) -> Result<NonZeroU32, String> {
    text.parse()
        .map_err(|_| format!("{text:?} is no whole number from 1 to {}", u32::MAX))
}

pub(super) fn certificates(text: &str) -> Result<String, String> {
    let pem = text.replace("\\n", "\n");
    if pem.contains("-----BEGIN CERTIFICATE-----") && pem.contains("-----END CERTIFICATE-----") {
        Ok(pem)
    } else {
        Err("is not a certificate in PEM text".to_owned())
    }
}

pub(super) fn namespace(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if text.len() <= 64 && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(format!("{text:?} is not at most 64 letters, digits, - and _"))
    }
}

pub(super) fn key(text: &str) -> Result<SecretString, String> {
    // It travels in a header or a query: a blank or a line's end in it is a slip of the hand.
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(SecretString::from(text))
    } else {
        Err("holds characters that no key has".to_owned())
    }
}

/// The least that a key must have which signs something.
const SHORTEST_SIGNING_KEY: usize = 32;

/// A bucket, or else a directory.
pub(super) fn backup_place(text: &str) -> Result<BackupPlace, String> {
    let Some(rest) = text.strip_prefix("s3://") else {
        return match text.split_once("://") {
            Some(_) => Err(format!("{text:?} is neither s3://bucket/folder nor a directory")),
            None => Ok(BackupPlace::Directory(text.into())),
        };
    };
    let (name, folder) = rest.split_once('/').unwrap_or((rest, ""));
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    if !(3..=63).contains(&name.len()) || !name.bytes().all(is_plain) {
        return Err(format!("{name:?} is no name of a bucket"));
    }
    let folder = folder.trim_matches('/');
    let prefix = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    Ok(BackupPlace::Bucket(Bucket {
        name: name.to_owned(),
        prefix,
        kms_key_arn: None,
    }))
}

pub(super) fn kms_key_arn(text: &str) -> Result<String, String> {
    if text.starts_with("arn:") && text.contains(":kms:") {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "{text:?} is no ARN of a key, such as arn:aws:kms:eu-central-1:123456789012:key/…"
        ))
    }
}

pub(super) fn signing_keys(text: &str) -> Result<Vec<SecretString>, String> {
    let keys: Vec<SecretString> = list(text)
        .map(|one| match one.len() {
            SHORTEST_SIGNING_KEY.. => Ok(SecretString::from(one)),
            _ => Err(format!(
                "holds a key of less than {SHORTEST_SIGNING_KEY} characters"
            )),
        })
        .collect::<Result<_, _>>()?;
    if keys.is_empty() {
        Err("names no key".to_owned())
    } else {
        Ok(keys)
    }
}

pub(super) fn date(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| format!("{text:?} is no date like 2019-01-01"))
}

pub(super) fn base_urls(text: &str, stage: Stage) -> Result<Vec<Url>, String> {
    let urls: Vec<Url> = list(text)
        .map(|one| base_url(one, stage))
        .collect::<Result<_, _>>()?;
    if urls.is_empty() {
        Err("names no address".to_owned())
    } else {
        Ok(urls)
    }
}

/// The address of an upstream, ending in `/`.
pub(super) fn base_url(text: &str, stage: Stage) -> Result<Url, String> {
    let mut url = Url::parse(text).map_err(|error| format!("{text:?} is not an address: {error}"))?;
    let spoken = url.scheme() == "https" || (url.scheme() == "http" && stage != Stage::Production);
    if !spoken {
        return Err(format!("{text:?} must begin with https://{}", or_http(stage)));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must hold no user or password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("{text:?} must end with its path: no ? and no #"));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

pub(super) fn origins(text: &str, stage: Stage) -> Result<Vec<String>, String> {
    if text == "*" {
        // Answers allow credentials, which browsers refuse together with a wildcard.
        return Err("must list the origins: `*` is refused".to_owned());
    }
    let origins: Vec<String> = list(text)
        .map(|one| origin(one, stage))
        .collect::<Result<_, _>>()?;
    if origins.is_empty() {
        Err("names no origin".to_owned())
    } else {
        Ok(origins)
    }
}

/// An origin as browsers send it: scheme, host, and the port where it is not the scheme's own.
fn origin(text: &str, stage: Stage) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| format!("{text:?} is not an origin: {error}"))?;
    let spoken = url.scheme() == "https" || (url.scheme() == "http" && stage != Stage::Production);
    if !spoken {
        return Err(format!("{text:?} must begin with https://{}", or_http(stage)));
    }
    let origin = url.origin().ascii_serialization();
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !bare || !url.username().is_empty() {
        return Err(format!(
            "{text:?} must be scheme, host and port alone, such as {origin}"
        ));
    }
    if matches!(url.host(), Some(Host::Domain(host)) if host.contains('*')) {
        return Err(format!(
            "{text:?} must name one host: patterns are not understood"
        ));
    }
    Ok(origin)
}

/// What a client id looks like; it travels in a form and is compared letter for letter.
pub(super) fn client_id(text: &str) -> Result<String, String> {
    if text.len() <= 255 && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err("is not at most 255 letters, digits and signs".to_owned())
    }
}

pub(super) fn redirect_uris(text: &str, stage: Stage) -> Result<Vec<String>, String> {
    let uris: Vec<String> = list(text)
        .map(|one| redirect_uri(one, stage))
        .collect::<Result<_, _>>()?;
    if uris.is_empty() {
        Err("names no page".to_owned())
    } else {
        Ok(uris)
    }
}

/// A page that codes may be sent to. Kept as it was written: it is compared letter for letter.
fn redirect_uri(text: &str, stage: Stage) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| format!("{text:?} is not an address: {error}"))?;
    let is_here = match url.host() {
        Some(Host::Domain(host)) => host == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    // A code that travels in the open can be taken on the way; to this machine it does not travel.
    let spoken = url.scheme() == "https" || (url.scheme() == "http" && is_here && stage != Stage::Production);
    if !spoken {
        let or_here = match stage {
            Stage::Production => " in production",
            Stage::Development | Stage::Test => ", or http:// on this machine",
        };
        return Err(format!("{text:?} must begin with https://{or_here}"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must hold no user or password".to_owned());
    }
    if url.fragment().is_some() || text.contains('*') {
        return Err(format!("{text:?} must be one page: no # and no pattern"));
    }
    Ok(text.to_owned())
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|one| !one.is_empty())
}

const fn or_http(stage: Stage) -> &'static str {
    match stage {
        Stage::Production => " in production",
        Stage::Development | Stage::Test => " or http://",
    }
}
