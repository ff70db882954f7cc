//! The table of all routes: which path answers which methods, and how each is limited.
//!
//! Derived from the OpenAPI description, so that what is documented is what exists: the stack
//! answers 404 to a route that is not described. Written to a small file for the `fallback`
//! function, which speaks for all the others.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};

use super::limits::RateClass;

/// Where a route's [`RateClass`] stands in its description.
pub const RATE_LIMIT_EXTENSION: &str = "x-rate-limit";

/// Paths as in the description (`/market/{symbol}`), their methods, and the limits of each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RouteTable(BTreeMap<String, Methods>);

type Methods = BTreeMap<String, RateClass>;

/// What there is to say to a request that no handler takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<'a> {
    /// OPTIONS on a path that exists.
    Options {
        /// The path's pattern.
        route: &'a str,
        /// Its methods, as `access-control-allow-methods` lists them.
        methods: String,
    },
    /// The path exists, the method on it does not.
    MethodNotAllowed {
        /// The path's pattern.
        route: &'a str,
        /// What the Allow header lists.
        allow: String,
    },
    /// No such path (or a route that is someone else's).
    NotFound,
}

/// The description does not say how a route is limited.
#[derive(Debug, thiserror::Error)]
#[error(
    "{method} {path} needs `extensions((\"{RATE_LIMIT_EXTENSION}\" = json!(RateClass::…)))` in its description"
)]
pub struct ClassMissing {
    method: Method,
    path: String,
}

impl RouteTable {
    /// The table of all that `api` describes.
    pub fn of(api: &OpenApi) -> Result<Self, ClassMissing> {
        let mut table = BTreeMap::new();
        for (path, item) in &api.paths.paths {
            let mut methods = Methods::new();
            for (method, operation) in operations(item) {
                let class = class_of(operation).ok_or_else(|| ClassMissing {
                    method: method.clone(),
                    path: path.clone(),
                })?;
                methods.insert(method.to_string(), class);
            }
            table.insert(path.clone(), methods);
        }
        Ok(Self(table))
    }

    /// Every route: path, method, limits.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, RateClass)> {
        self.0.iter().flat_map(|(path, methods)| {
            methods
                .iter()
                .map(move |(method, class)| (path.as_str(), method.as_str(), *class))
        })
    }

    /// How a route is limited; `None` when there is no such route.
    pub fn class(&self, route: &str, method: &Method) -> Option<RateClass> {
        self.0.get(route)?.get(method.as_str()).copied()
    }

    /// What to say to a request that no handler takes.
    pub fn answer(&self, method: &Method, path: &str) -> Answer<'_> {
        let Some((route, methods)) = self.find(path) else {
            return Answer::NotFound;
        };
        let listed = methods.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        if method == Method::OPTIONS {
            Answer::Options {
                route,
                methods: listed,
            }
        } else if methods.contains_key(method.as_str()) {
            Answer::NotFound
        } else {
            Answer::MethodNotAllowed {
                route,
                allow: format!("{listed}, OPTIONS"),
            }
        }
    }

    /// The pattern a path fits; one with fewer parameters wins, as in the router.
    fn find(&self, path: &str) -> Option<(&str, &Methods)> {
        let fitting = self.0.iter().filter(|(pattern, _)| fits(pattern, path));
        fitting
            .min_by_key(|(pattern, _)| pattern.matches('{').count())
            .map(|(pattern, methods)| (pattern.as_str(), methods))
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut parts, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (parts.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(text)) if part.starts_with('{') && !text.is_empty() => {}
            (Some(part), Some(text)) if part == text => {}
            _ => return false,
        }
    }
}

/// A path's operations with their methods.
pub(super) fn operations(item: &PathItem) -> impl Iterator<Item = (Method, &Operation)> {
    let all = [
        (Method::GET, &item.get),
        (Method::PUT, &item.put),
        (Method::POST, &item.post),
        (Method::DELETE, &item.delete),
        (Method::OPTIONS, &item.options),
        (Method::HEAD, &item.head),
        (Method::PATCH, &item.patch),
        (Method::TRACE, &item.trace),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

/// How an operation is limited, as its description says.
pub(super) fn class_of(operation: &Operation) -> Option<RateClass> {
    let value = operation.extensions.as_ref()?.get(RATE_LIMIT_EXTENSION)?;
    RateClass::deserialize(value).ok()
}
