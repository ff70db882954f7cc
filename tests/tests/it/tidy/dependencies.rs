//! What each function links, and that no function knows another.

use std::process::Command;

use automoney::registry;
use shared::config::Section;
use shared::lambda::Trigger;

use super::{files, root, shown, text};

/// Crates by the door that needs them; a function without the door must not link them.
const SERVING: &[&str] = &["axum", "lambda_http", "utoipa", "jsonwebtoken"];
const COLLECTING: &[&str] = &["reqwest"];
const NEVER: &[&str] = &[
    "clap",
    "croner",
    "standin",
    "automoney",
    "cornucopia",
    "openssl",
    "native-tls",
    "ring",
];

fn linked(package: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--locked",
            "--package",
            package,
            "--edges",
            "normal",
            "--prefix",
            "none",
        ])
        .args(["--format", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let listed = String::from_utf8(output.stdout).expect("text");
    listed
        .lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_function_links_only_the_doors_it_has() {
    let mut wrong = Vec::new();
    for function in registry::functions() {
        let serves = matches!(function.trigger, Trigger::Http | Trigger::Fallback);
        let asks = [Section::Sources, Section::Identity];
        let collects = asks.iter().any(|section| function.sections.contains(section));
        let linked = linked(function.name);
        let mut banned = NEVER.to_vec();
        if !serves {
            banned.extend(SERVING);
        }
        if !collects {
            banned.extend(COLLECTING);
        }
        for name in banned {
            if linked.iter().any(|linked| linked == name) {
                wrong.push(format!("{} links {name}", function.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn functions_do_not_know_each_other() {
    let names: Vec<String> = registry::functions()
        .iter()
        .map(|function| function.name.to_owned())
        .collect();
    for manifest in files("functions", "Cargo.toml") {
        let dependencies = text(&manifest);
        let dependencies = dependencies
            .split("[dependencies]")
            .nth(1)
            .expect("a table of dependencies");
        for name in &names {
            let is_listed = dependencies
                .lines()
                .any(|line| line.split([' ', '.', '=']).next() == Some(name.as_str()));
            assert!(!is_listed, "{} depends on {name}", shown(&manifest));
        }
    }
}

#[test]
fn every_folder_of_functions_is_registered_and_the_other_way_round() {
    let mut folders: Vec<String> = std::fs::read_dir(root().join("functions"))
        .expect("the functions")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    folders.sort();
    let mut names: Vec<String> = registry::functions()
        .iter()
        .map(|function| function.name.to_owned())
        .collect();
    names.sort();
    assert_eq!(folders, names);
}
