//! The statements as they are written: `--! name` begins one, `:name` is a parameter.

use std::path::Path;

/// One statement.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) name: String,
    /// With `$1`, `$2` for its parameters.
    pub(super) sql: String,
    /// Their names, in that order.
    pub(super) parameters: Vec<String>,
    /// It may read whole tables: it runs rarely, or over a few rows.
    pub(super) is_cold: bool,
}

impl Query {
    /// A statement from its text as it stands in a file.
    pub(super) fn new(name: &str, text: &str) -> Self {
        let is_comment = |line: &&str| line.trim_start().starts_with("--");
        let is_cold = text
            .lines()
            .filter(is_comment)
            .any(|line| line.trim_start().starts_with("-- cold"));
        let code: Vec<&str> = text
            .lines()
            .map(|line| line.split("--").next().unwrap_or_default())
            .collect();
        let (sql, parameters) = numbered(code.join("\n").trim().trim_end_matches(';'));
        Self {
            name: name.to_owned(),
            sql,
            parameters,
            is_cold,
        }
    }
}

/// Every statement of `shared/src/db/queries`.
pub(super) fn queries() -> Vec<Query> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/src/db/queries");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        // What stands before the first statement declares rows.
        for part in format!("\n{text}").split("\n--! ").skip(1) {
            let (title, body) = part.split_once('\n').unwrap();
            let name: String = title
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            found.push(Query::new(&name, body));
        }
    }
    found
}

/// Puts `$n` where `:name` stands; `::type` and what is quoted stay.
fn numbered(text: &str) -> (String, Vec<String>) {
    let mut sql = String::new();
    let mut names: Vec<String> = Vec::new();
    let mut is_quoted = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        is_quoted ^= c == '\'';
        if c != ':' || is_quoted {
            sql.push(c);
        } else if rest.next_if_eq(&':').is_some() {
            sql.push_str("::");
        } else {
            let mut name = String::new();
            while let Some(part) = rest.next_if(|c| c.is_alphanumeric() || *c == '_') {
                name.push(part);
            }
            let place = names.iter().position(|known| *known == name).unwrap_or_else(|| {
                names.push(name);
                names.len() - 1
            });
            sql.extend(['$'.to_string(), (place + 1).to_string()]);
        }
    }
    (sql, names)
}

#[test]
fn statements_are_read_as_they_are_written() {
    let query = Query::new(
        "probe",
        "-- cold: it's rare.\nSELECT ':no', :a::text[] -- :c\nWHERE x = :b_1 AND y = :a;\n",
    );

    assert_eq!(query.parameters, ["a", "b_1"]);
    assert_eq!(query.sql, "SELECT ':no', $1::text[] \nWHERE x = $2 AND y = $1");
    assert!(query.is_cold);
    let names: Vec<String> = queries().into_iter().map(|query| query.name).collect();
    for known in ["upsert_candles", "ping", "upsert_observations", "begin_job_run"] {
        assert!(
            names.iter().any(|name| name == known),
            "{known} is not among {names:?}"
        );
    }
}
