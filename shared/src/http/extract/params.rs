//! Turns named texts (a query, a path) into a typed value, and says which one is wrong and why.
//!
//! A serde deserialiser of its own, because the usual ones answer with Rust's words or lose the
//! name. Each name may come once. A type whose own error begins with `must` completes the sentence
//! "Parameter `x` must …".

use std::fmt::Display;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, Unexpected, Visitor,
};
use serde_json::json;

use crate::http::error::{ApiError, Refusal};

/// The longest part of what was sent that is shown back.
const SHOWN: usize = 64;

/// What is wrong with the parameters.
#[derive(Debug, thiserror::Error)]
pub(super) enum ParamError {
    #[error("There is no parameter `{name}`; known are: {}.", known.join(", "))]
    Unknown {
        name: String,
        known: &'static [&'static str],
    },
    #[error("Parameter `{name}` is missing.")]
    Missing { name: &'static str },
    #[error("Parameter `{name}` is given more than once; send it once.")]
    Repeated { name: String },
    #[error("Parameter `{name}` {why}.")]
    Broken { name: String, why: String },
    #[error("The query must be UTF-8 text, percent-encoded (a space as %20); `{shown}` is not.")]
    NotText { shown: String },
}

impl ParamError {
    fn broken(why: impl Into<String>) -> Self {
        Self::Broken {
            name: String::new(),
            why: why.into(),
        }
    }

    fn named(self, parameter: &str) -> Self {
        match self {
            Self::Broken { name, why } if name.is_empty() => Self::Broken {
                name: parameter.to_owned(),
                why,
            },
            other => other,
        }
    }
}

impl de::Error for ParamError {
    fn custom<T: Display>(message: T) -> Self {
        let message = message.to_string();
        let message = message.trim_end_matches('.');
        Self::broken(if message.starts_with("must ") {
            message.to_owned()
        } else {
            format!("is not valid: {message}")
        })
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::broken(format!("must be {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::broken(format!("must be {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::broken(format!("must be one of {}", expected.join(", ")))
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Self::Unknown {
            name: shown(field),
            known,
        }
    }

    fn missing_field(name: &'static str) -> Self {
        Self::Missing { name }
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::Repeated {
            name: name.to_owned(),
        }
    }
}

impl From<ParamError> for ApiError {
    fn from(error: ParamError) -> Self {
        let details = match &error {
            ParamError::Unknown { name, known } => json!({ "parameter": name, "known": known }),
            ParamError::Missing { name } => json!({ "parameter": name }),
            ParamError::Repeated { name } | ParamError::Broken { name, .. } => json!({ "parameter": name }),
            ParamError::NotText { .. } => serde_json::Value::Null,
        };
        Self::Validation(Refusal::from(error.to_string()).with_details(details))
    }
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

/// Named texts, decoded.
#[derive(Debug)]
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    /// Parameters that are decoded already.
    pub(super) const fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The parameters of a query string.
    pub(super) fn from_query(query: &str) -> Result<Self, ParamError> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            if pairs.iter().any(|(seen, _)| *seen == name) {
                return Err(ParamError::Repeated { name: shown(&name) });
            }
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    fn sole(&self) -> Result<(&str, &str), ParamError> {
        match self.0.as_slice() {
            [(name, value)] => Ok((name, value)),
            _ => Err(ParamError::broken("must be the only one")),
        }
    }
}

/// Undoes `+` and `%XX`, strictly.
fn decoded(text: &str) -> Result<String, ParamError> {
    let broken = || ParamError::NotText { shown: shown(text) };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => {
                let (digits, tail) = rest.split_at_checked(2).ok_or_else(broken)?;
                rest = tail;
                hex(digits).ok_or_else(broken)?
            }
            other => *other,
        });
    }
    String::from_utf8(bytes).map_err(|_| broken())
}

fn hex(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0_u8, |value, digit| {
        let digit = char::from(*digit)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())?;
        Some((value << 4) | digit)
    })
}

/// Asks the only parameter (a path such as `/executions/{id}`) for the value itself.
macro_rules! ask_the_sole_value {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
            let (name, value) = self.sole()?;
            Text(value).$method(visitor).map_err(|error| error.named(name))
        }
    )*};
}

impl<'de> Deserializer<'de> for Params {
    type Error = ParamError;

    ask_the_sole_value! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf
        deserialize_option deserialize_unit deserialize_seq deserialize_identifier
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ParamError> {
        let (parameter, value) = self.sole()?;
        Text(value)
            .deserialize_enum(name, variants, visitor)
            .map_err(|error| error.named(parameter))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ParamError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
        visitor.visit_map(Pairs {
            left: self.0.into_iter(),
            value: None,
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ParamError> {
        if let Some((name, _)) = self.0.iter().find(|(name, _)| !fields.contains(&name.as_str())) {
            return Err(ParamError::Unknown {
                name: shown(name),
                known: fields,
            });
        }
        self.deserialize_map(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ParamError> {
        visitor.visit_unit()
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, ParamError> {
        Err(ParamError::broken("must be read by name"))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, ParamError> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
        visitor.visit_unit()
    }
}

struct Pairs {
    left: std::vec::IntoIter<(String, String)>,
    value: Option<(String, String)>,
}

impl<'de> MapAccess<'de> for Pairs {
    type Error = ParamError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ParamError> {
        self.value = self.left.next();
        let Some((name, _)) = &self.value else {
            return Ok(None);
        };
        let name: StrDeserializer<'_, ParamError> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ParamError> {
        let Some((name, value)) = &self.value else {
            return Err(ParamError::broken("must have a value"));
        };
        seed.deserialize(Text(value)).map_err(|error| error.named(name))
    }
}

/// One value, still text.
#[derive(Clone, Copy)]
struct Text<'a>(&'a str);

macro_rules! parse_numbers {
    ($($method:ident $visit:ident $what:literal)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
            let number = self.0.parse().map_err(|_| ParamError::broken(concat!("must be ", $what)))?;
            visitor.$visit(number)
        }
    )*};
}

impl<'de> Deserializer<'de> for Text<'_> {
    type Error = ParamError;

    parse_numbers! {
        deserialize_bool visit_bool "true or false"
        deserialize_i8 visit_i8 "a whole number from -128 to 127"
        deserialize_i16 visit_i16 "a whole number from -32768 to 32767"
        deserialize_i32 visit_i32 "a whole number"
        deserialize_i64 visit_i64 "a whole number"
        deserialize_u8 visit_u8 "a whole number from 0 to 255"
        deserialize_u16 visit_u16 "a whole number from 0 to 65535"
        deserialize_u32 visit_u32 "a whole number, 0 or more"
        deserialize_u64 visit_u64 "a whole number, 0 or more"
        deserialize_f32 visit_f32 "a number"
        deserialize_f64 visit_f64 "a number"
        deserialize_char visit_char "one character"
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
        visitor.visit_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ParamError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ParamError> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
