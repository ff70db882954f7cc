//! The table of variables in docs/CONFIGURATION.md, made from [`VARIABLES`] so that it cannot lie.

use std::fmt::Write as _;

use super::{Section, Variable};

const BEGIN: &str = "<!-- variables: generated, do not edit -->";
const END: &str = "<!-- variables: end -->";

/// Every variable as Markdown, one table a section.
pub fn configuration_table() -> String {
    let mut page = String::new();
    for section in Section::ALL {
        // Writing into a String cannot fail.
        let _ = write!(page, "### {}\n\n{HEAD}", section.name());
        for variable in section.variables() {
            page.push_str(&row(variable));
        }
        page.push('\n');
    }
    page
}

/// `existing` with the table between its markers made anew; without markers it is added at the end.
pub fn render(existing: &str) -> String {
    let block = format!("{BEGIN}\n\n{}{END}", configuration_table());
    let marked = existing.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some(format!("{before}{block}{after}"))
    });
    marked.unwrap_or_else(|| match existing.trim_end() {
        "" => format!("{block}\n"),
        text => format!("{text}\n\n{block}\n"),
    })
}

const HEAD: &str = "| Variable | What it is | In development | In production |\n|---|---|---|---|\n";

fn row(variable: &Variable) -> String {
    let secret = variable
        .arn_name()
        .map(|arn| format!(" Secret; `{arn}` may name it instead."));
    let default = variable
        .default
        .map_or_else(|| "not set".to_owned(), |value| format!("`{value}`"));
    let production = match (variable.required_in_production, variable.default) {
        (true, _) => format!("**must be set**, such as `{}`", variable.example),
        (false, Some(_)) => "the same unless set".to_owned(),
        (false, None) => "optional".to_owned(),
    };
    let what = variable.what;
    let secret = secret.unwrap_or_default();
    let cells = format!(
        "| `{}` | {what}{secret} | {default} | {production} |\n",
        variable.name
    );
    cells.replace("``", "`")
}
