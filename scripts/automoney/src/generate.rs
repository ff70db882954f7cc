//! `automoney generate`: the files that are made from the code and committed.
//!
//! The typed queries are not among them: they are made before this program can be compiled.

use std::path::{Path, PathBuf};

use shared::config;
use shared::http::RouteTable;
use shared::http::openapi;

use crate::registry;

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// A file cannot be read or written.
    #[error("{}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A route does not say how it is limited.
    #[error(transparent)]
    Routes(#[from] shared::http::routes::ClassMissing),
    /// Something cannot be written as JSON.
    #[error("a description cannot be written")]
    Json(#[from] serde_json::Error),
}

/// A generated file: where it belongs, from the root, and what is in it.
#[derive(Debug)]
pub struct Generated {
    /// Its path from the root of the repository.
    pub path: &'static str,
    /// Its contents.
    pub contents: String,
}

/// Everything that is generated, with what of it was written by hand taken from `root`.
pub fn all(root: &Path) -> Result<Vec<Generated>, GenerateError> {
    let described: Vec<_> = registry::http_functions()
        .into_iter()
        .map(|entry| (entry.router)().into_openapi())
        .collect();
    let api = openapi::openapi(described);
    let table = RouteTable::of(&api)?;
    let configuration = root.join(CONFIGURATION);
    let page = std::fs::read_to_string(&configuration).map_err(|source| GenerateError::File {
        path: configuration,
        source,
    })?;
    Ok(vec![
        Generated {
            path: "functions/docs/openapi.json",
            contents: serde_json::to_string_pretty(&api)? + "\n",
        },
        Generated {
            path: "functions/fallback/routes.json",
            contents: serde_json::to_string_pretty(&table)? + "\n",
        },
        Generated {
            path: CONFIGURATION,
            contents: config::render(&page),
        },
    ])
}

const CONFIGURATION: &str = "docs/CONFIGURATION.md";

/// Writes every generated file that is not as it should be, and names it.
pub fn run(root: &Path) -> Result<(), GenerateError> {
    for generated in all(root)? {
        let path = root.join(generated.path);
        if std::fs::read_to_string(&path).ok().as_deref() == Some(generated.contents.as_str()) {
            continue;
        }
        std::fs::write(&path, &generated.contents).map_err(|source| GenerateError::File { path, source })?;
        println!("wrote {}", generated.path);
    }
    Ok(())
}
