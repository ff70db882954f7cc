//! `generate-queries ROOT DATABASE_URL`: writes shared/src/db/generated.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(root), Some(url)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: generate-queries ROOT DATABASE_URL");
        return ExitCode::from(2);
    };
    let root = PathBuf::from(root);
    match generate_queries::generate(&root, &url, &root.join("shared/src/db/generated")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate-queries: {error}");
            ExitCode::FAILURE
        }
    }
}
