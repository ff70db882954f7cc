//! What is generated and committed is current: typed queries, descriptions, tables.

use std::collections::BTreeMap;
use std::path::Path;

use shared::config::Environment;

use super::tidy::root;

/// Every file below a folder, by its path from there.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn two_at_once_do_not_meet() {
    let environment = Environment::process();
    let url = environment
        .get("DATABASE_URL")
        .expect("DATABASE_URL names the PostgreSQL of the tests");
    let folder = tempfile::tempdir().unwrap();

    let names = ["one", "other"];
    std::thread::scope(|scope| {
        for name in names {
            let destination = folder.path().join(name);
            scope.spawn(move || generate_queries::generate(&root(), url, &destination).unwrap());
        }
    });

    let [one, other] = names.map(|name| tree(&folder.path().join(name)));
    assert!(one == other);
}

#[test]
fn generating_the_typed_queries_again_changes_nothing() {
    let environment = Environment::process();
    let url = environment
        .get("DATABASE_URL")
        .expect("DATABASE_URL names the PostgreSQL of the tests");
    let folder = tempfile::tempdir().unwrap();

    generate_queries::generate(&root(), url, folder.path()).unwrap();

    let (made, committed) = (tree(folder.path()), tree(&root().join("shared/src/db/generated")));
    let names = |tree: &BTreeMap<String, String>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), names(&committed));
    for (name, text) in made {
        assert!(text == committed[&name], "{name} differs: run scripts/generate");
    }
}

#[test]
fn the_descriptions_and_tables_are_those_of_the_code() {
    let root = root();
    for generated in automoney::generate::all(&root).expect("everything can be generated") {
        let committed = std::fs::read_to_string(root.join(generated.path)).expect("a committed file");
        assert!(
            committed == generated.contents,
            "{} is not what the code gives: run scripts/generate and commit it",
            generated.path
        );
    }
}
