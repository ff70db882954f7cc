//! What every file of ours looks like.

use super::{files, root, shown, text};

/// Longest file a reader should have to hold in mind.
const MOST_LINES: usize = 500;

fn own_code() -> Vec<std::path::PathBuf> {
    ["shared", "functions", "scripts", "tests"]
        .into_iter()
        .flat_map(|folder| files(folder, ".rs"))
        .collect()
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> = own_code()
        .iter()
        .filter(|path| !text(path).starts_with("//!"))
        .map(|path| shown(path))
        .collect();
    assert!(silent.is_empty(), "no //! at the top of:\n{}", silent.join("\n"));
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let long: Vec<String> = own_code()
        .iter()
        .map(|path| (shown(path), text(path).lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(path, lines)| format!("{path}: {lines} lines"))
        .collect();
    assert!(
        long.is_empty(),
        "longer than {MOST_LINES} lines:\n{}",
        long.join("\n")
    );
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["TO", "FIX", "XX"].map(|start| {
        format!(
            "{start}{}",
            match start {
                "TO" => "DO",
                "FIX" => "ME",
                _ => "X",
            }
        )
    });
    let mut left = Vec::new();
    let endings = [
        ("shared", ".rs"),
        ("functions", ".rs"),
        ("scripts", ".rs"),
        ("tests", ".rs"),
        ("migrations", ".sql"),
        ("docs", ".md"),
    ];
    for path in endings
        .into_iter()
        .flat_map(|(folder, ending)| files(folder, ending))
    {
        for (number, line) in text(&path).lines().enumerate() {
            if words.iter().any(|word| line.contains(word.as_str())) {
                left.push(format!("{}:{}", shown(&path), number + 1));
            }
        }
    }
    assert!(left.is_empty(), "left for later:\n{}", left.join("\n"));
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let mut dead = Vec::new();
    let mut pages = files("docs", ".md");
    pages.extend([root().join("README.md"), root().join("CHANGELOG.md")]);
    for page in pages {
        let content = text(&page);
        for (at, _) in content.match_indices("](") {
            let target: String = content[at + 2..].chars().take_while(|c| *c != ')').collect();
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            if !page.parent().expect("a folder").join(file).exists() {
                dead.push(format!("{}: {target}", shown(&page)));
            }
        }
    }
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
}
