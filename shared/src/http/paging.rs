//! Lists in pages: how many, where to go on, what a page looks like.
//!
//! A cursor is an exclusive bound in the list's order (newest first by time and id), opaque to the
//! client, and valid with the same filters only. It carries no secret and grants nothing: a forged
//! one is just another bound. Source: DOMAIN "HTTP API", lists.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::error::ApiError;
use super::extract::is_of_this_calendar;
use crate::domain::wire::Utc;

/// Bytes of the filters' hash that a cursor carries.
const FINGERPRINT: usize = 8;

/// The parameter `limit`: how many items a page has at most, 1..=`MAX`, `DEFAULT` when not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLimit<const DEFAULT: u16, const MAX: u16>(u16);

impl<const DEFAULT: u16, const MAX: u16> PageLimit<DEFAULT, MAX> {
    /// Items on this page at most.
    pub fn items(self) -> usize {
        self.0.into()
    }

    /// Rows to ask the database for: one more than the page holds, so that the end is seen.
    pub fn rows(self) -> i64 {
        i64::from(self.0) + 1
    }
}

impl<const DEFAULT: u16, const MAX: u16> Default for PageLimit<DEFAULT, MAX> {
    fn default() -> Self {
        Self(DEFAULT)
    }
}

impl<'de, const DEFAULT: u16, const MAX: u16> Deserialize<'de> for PageLimit<DEFAULT, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let limit = text.parse().ok().filter(|limit| (1..=MAX).contains(limit));
        limit
            .map(Self)
            .ok_or_else(|| D::Error::custom(format!("must be a whole number from 1 to {MAX}")))
    }
}

impl<const DEFAULT: u16, const MAX: u16> PartialSchema for PageLimit<DEFAULT, MAX> {
    fn schema() -> RefOr<Schema> {
        let schema = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(MAX))
            .default(Some(DEFAULT.into()))
            .build();
        RefOr::T(Schema::Object(schema))
    }
}

impl<const DEFAULT: u16, const MAX: u16> ToSchema for PageLimit<DEFAULT, MAX> {}

/// The parameter `cursor`, still sealed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// Seals the `key` of a page's last item for a list with these `filters`. `filters` should
    /// include what tells one list from another, such as its path.
    pub fn seal<K: Serialize, F: Serialize + ?Sized>(key: &K, filters: &F) -> Result<String, ApiError> {
        let mut bytes = fingerprint(filters)?.to_vec();
        serde_json::to_writer(&mut bytes, key).map_err(ApiError::internal)?;
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The time inside; refuses what [`Cursor::open`] refuses, and a time that no answer of ours has.
    pub fn open_time<F: Serialize + ?Sized>(&self, filters: &F) -> Result<Utc, ApiError> {
        let time: Utc = self.open(filters)?;
        if is_of_this_calendar(time.into()) {
            Ok(time)
        } else {
            Err(broken())
        }
    }

    /// The time and id inside, for lists whose items may share a time; refuses what [`Cursor::open_time`]
    /// refuses.
    pub fn open_place<F: Serialize + ?Sized>(&self, filters: &F) -> Result<(Timestamp, Uuid), ApiError> {
        let place: (Timestamp, Uuid) = self.open(filters)?;
        if is_of_this_calendar(place.0) {
            Ok(place)
        } else {
            Err(broken())
        }
    }

    /// The key inside; refuses what is broken or was made for other filters.
    pub fn open<K: DeserializeOwned, F: Serialize + ?Sized>(&self, filters: &F) -> Result<K, ApiError> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).map_err(|_| broken())?;
        let (made_for, key) = bytes.split_at_checked(FINGERPRINT).ok_or_else(broken)?;
        if made_for != fingerprint(filters)? {
            return Err(ApiError::parameter(
                "cursor",
                "be used with the same filters as the answer it came from; leave it out after changing them",
            ));
        }
        serde_json::from_slice(key).map_err(|_| broken())
    }
}

fn broken() -> ApiError {
    ApiError::parameter(
        "cursor",
        "be a `next_cursor` of an earlier answer, unchanged; leave it out to start at the newest",
    )
}

fn fingerprint<F: Serialize + ?Sized>(filters: &F) -> Result<[u8; FINGERPRINT], ApiError> {
    let text = serde_json::to_vec(filters).map_err(ApiError::internal)?;
    let hash = digest(&SHA256, &text);
    let mut short = [0; FINGERPRINT];
    short
        .iter_mut()
        .zip(hash.as_ref())
        .for_each(|(to, from)| *to = *from);
    Ok(short)
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    /// Newest first.
    pub items: Vec<T>,
    /// Where the next page starts; null at the end.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page from rows asked for with [`PageLimit::rows`]: at most `items` of them, and a cursor
    /// when there is more. `key` tells a row's place in the order.
    pub fn of<R, K: Serialize, F: Serialize + ?Sized>(
        mut rows: Vec<R>,
        items: usize,
        filters: &F,
        key: impl Fn(&R) -> K,
        show: impl Fn(R) -> T,
    ) -> Result<Self, ApiError> {
        let more = rows.len() > items;
        rows.truncate(items);
        let next_cursor = match rows.last() {
            Some(last) if more => Some(Cursor::seal(&key(last), filters)?),
            _ => None,
        };
        Ok(Self {
            items: rows.into_iter().map(show).collect(),
            next_cursor,
        })
    }
}
