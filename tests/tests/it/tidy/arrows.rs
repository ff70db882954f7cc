//! Which module of `shared` may use which, and that the rules stay pure.

use std::path::Path;

use super::{files, root, shown, text};

/// For each top module of `shared`, the ones it may use besides the basics.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("db", &["domain", "config"]),
    ("cache", &["domain", "config"]),
    ("sources", &["domain", "config", "net"]),
    ("llm", &["domain", "config", "net"]),
    ("net", &[]),
    ("push", &["config"]),
    ("storage", &["config"]),
    ("secrets", &["telemetry"]),
    ("config", &["domain", "secrets", "telemetry"]),
    ("telemetry", &[]),
    ("http", &["domain", "app", "config", "telemetry", "cache"]),
    ("lambda", &["app", "config", "secrets", "telemetry", "http"]),
    (
        "app",
        &[
            "domain", "config", "db", "cache", "sources", "llm", "push", "http", "secrets",
        ],
    ),
    (
        "services",
        &[
            "domain",
            "db",
            "cache",
            "sources",
            "llm",
            "push",
            "storage",
            "app",
            "telemetry",
            "http",
            "config",
            "secrets",
        ],
    ),
];

/// What of `domain` the HTTP layer may know: claims of a token, the limiter's arithmetic, the wire shape.
const HTTP_MAY_KNOW: &[&str] = &[
    "domain::identity",
    "domain::tier",
    "domain::rate_limit",
    "domain::wire",
];

/// Modules everyone may use: they know nothing.
const BASICS: &[&str] = &["clock", "digest", "ids", "random"];

fn top_module(path: &Path) -> String {
    let below = path
        .strip_prefix(root().join("shared/src"))
        .expect("a file of shared");
    let first = below
        .components()
        .next()
        .expect("a file")
        .as_os_str()
        .to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Every `crate::…` path in the code of a file, comments left out; `crate::{a, b}` is two.
fn uses(code: &str) -> Vec<String> {
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let word = |text: &str| {
        text.trim_start()
            .chars()
            .take_while(|c| is_word(*c))
            .collect::<String>()
    };
    let mut found = Vec::new();
    for (at, name) in code.match_indices("crate::") {
        let rest = &code[at + name.len()..];
        match rest.strip_prefix('{') {
            Some(list) => found.extend(list.split('}').next().unwrap_or_default().split(',').map(word)),
            None => found.push(word(rest)),
        }
    }
    found
}

#[test]
fn arrows_between_modules_point_one_way() {
    let mut wrong = Vec::new();
    for path in files("shared/src", ".rs") {
        let module = top_module(&path);
        // A test may build what it needs from anywhere.
        let is_test = shown(&path).contains("/tests");
        if module == "lib" || is_test || BASICS.contains(&module.as_str()) {
            continue;
        }
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!(
                "{}: module {module} has no place in the map",
                shown(&path)
            ));
            continue;
        };
        for used in uses(&text(&path)) {
            let target = used.split("::").next().unwrap_or_default();
            let fine = target == module || BASICS.contains(&target) || allowed.contains(&target);
            if !fine {
                wrong.push(format!("{}: uses crate::{used}", shown(&path)));
            }
            if module == "http"
                && target == "domain"
                && !HTTP_MAY_KNOW.iter().any(|known| used.starts_with(known))
            {
                wrong.push(format!("{}: http knows a noun, crate::{used}", shown(&path)));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "arrows that point the wrong way:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_rules_are_pure() {
    let banned = [
        "async fn",
        ".await",
        "tokio",
        "std::env",
        "std::fs",
        "std::net",
        "SystemTime",
        "Instant::",
        "crate::clock",
        "crate::ids",
        "crate::random",
    ];
    let mut wrong = Vec::new();
    let rules = files("shared/src/domain", ".rs");
    for path in rules.into_iter().filter(|path| !shown(path).contains("/tests")) {
        let code = text(&path);
        for (number, line) in code.lines().enumerate() {
            let is_comment = line.trim_start().starts_with("//");
            if let Some(word) = banned.iter().find(|word| !is_comment && line.contains(**word)) {
                wrong.push(format!("{}:{}: {word}", shown(&path), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "the domain is not pure:\n{}", wrong.join("\n"));
}
