//! Which configuration each function gets, and which secrets it may read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shared::config::{Section, Variable};
use shared::lambda::{Function, Trigger};

use super::{Deployed, TEMPLATE, functions, object, pascal};

/// A variable that the template deliberately does not give to every function that reads it.
struct LeftOut {
    variable: &'static str,
    /// Those that get it all the same.
    given_to: &'static [&'static str],
    why: &'static str,
}

const fn nobody(variable: &'static str, why: &'static str) -> LeftOut {
    LeftOut {
        variable,
        given_to: &[],
        why,
    }
}

const LEFT_OUT: &[LeftOut] = &[
    nobody(
        "DATABASE_MAX_CONNECTIONS",
        "the default fits an instance, which does one thing at a time",
    ),
    nobody("BINANCE_BASE_URLS", "the default is the real service"),
    nobody(
        "BINANCE_WEIGHT_PER_MINUTE",
        "the default is the service's own limit",
    ),
    nobody("COINGECKO_BASE_URL", "the default is the real service"),
    nobody("GLASSNODE_BASE_URL", "the default is the real service"),
    nobody("BLOCKCHAIN_INFO_BASE_URL", "the default is the real service"),
    nobody("FRED_BASE_URL", "the default is the real service"),
    nobody("FEAR_GREED_BASE_URL", "the default is the real service"),
    nobody("ANTHROPIC_BASE_URL", "the default is the real service"),
    nobody("OPENAI_BASE_URL", "the default is the real service"),
    nobody("GOOGLE_ISSUER_URL", "the default is the real service"),
    nobody("ANTHROPIC_VERSION", "the default is the version that is tested"),
    nobody(
        "HISTORY_SINCE",
        "the default is what the strategies were made for",
    ),
    nobody("SOURCES_DISAGREE_PCT", "the default is the product's rule"),
    nobody("SOURCES_DISAGREE_RUNS", "the default is the product's rule"),
    LeftOut {
        variable: "COINGECKO_API_KEY",
        given_to: &["collect-prices", "run-strategies"],
        why: "a key goes to those that collect prices",
    },
    LeftOut {
        variable: "GLASSNODE_API_KEY",
        given_to: &["collect-onchain"],
        why: "a key goes to the one collector that uses it",
    },
    LeftOut {
        variable: "FRED_API_KEY",
        given_to: &["collect-macro"],
        why: "a key goes to the one collector that uses it",
    },
];

/// What the C library reads and not our code, and the section whose functions are given it.
const OF_THE_C_LIBRARY: (&str, Section) = ("MALLOC_ARENA_MAX", Section::Backups);

fn is_left_out(variable: &Variable, function: &Function) -> bool {
    let entry = LEFT_OUT.iter().find(|entry| entry.variable == variable.name);
    entry.is_some_and(|entry| !entry.given_to.contains(&function.name))
}

/// The variables a function gets, those of all functions included.
fn given(deployed: &Deployed) -> BTreeMap<&'static str, &'static Value> {
    let for_all = object(&TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]);
    let own = deployed.properties["Environment"]["Variables"].as_object();
    for_all
        .iter()
        .chain(own.into_iter().flatten())
        .map(|(name, value)| (name.as_str(), value))
        .filter(|(name, _)| *name != OF_THE_C_LIBRARY.0)
        .collect()
}

#[test]
fn whoever_packs_parts_and_nobody_else_keeps_one_arena() {
    let (name, section) = OF_THE_C_LIBRARY;
    for (function, deployed) in functions() {
        let given = &deployed.properties["Environment"]["Variables"][name];
        assert_eq!(
            given.as_str(),
            function.sections.contains(&section).then_some("1"),
            "{}",
            function.name
        );
    }
}

/// The value of `X_SECRET_ARN`: a parameter, or nothing when that is empty.
fn secret_reference(variable: &Variable) -> [Value; 2] {
    let stem = pascal(variable.name);
    let parameter = json!({"Ref": format!("{stem}SecretArn")});
    let optional = json!({"Fn::If": [format!("Has{stem}"), parameter, {"Ref": "AWS::NoValue"}]});
    [parameter, optional]
}

#[test]
fn a_function_gets_the_variables_it_reads_and_no_other() {
    for (function, deployed) in functions() {
        let wanted = function
            .variables()
            .filter(|variable| !is_left_out(variable, &function));
        // A secret itself never stands in an environment that the console shows.
        let wanted = wanted.map(|variable| variable.arn_name().unwrap_or_else(|| variable.name.to_owned()));
        let given: BTreeSet<String> = given(&deployed).into_keys().map(str::to_owned).collect();
        assert_eq!(wanted.collect::<BTreeSet<String>>(), given, "{}", function.name);
    }
}

/// Whether a statement is about the bucket of backups, or the key that encrypts them, and nothing else.
fn is_of_backups(statement: &Value) -> bool {
    let places = [
        json!({ "Fn::GetAtt": ["BackupBucket", "Arn"] }),
        json!({ "Fn::Sub": "${BackupBucket.Arn}/*" }),
    ];
    let of_key = &statement["Fn::If"][1];
    places.contains(&statement["Resource"])
        || (statement["Fn::If"][0] == "HasBackupKmsKey"
            && of_key["Effect"] == "Allow"
            && of_key["Resource"] == json!({ "Ref": "BackupKmsKeyArn" }))
}

#[test]
fn a_function_may_read_the_secrets_it_is_given_and_no_other() {
    for (function, deployed) in functions() {
        let given = given(&deployed);
        let arns = given.iter().filter(|(name, _)| name.ends_with("_SECRET_ARN"));
        let mut arns: Vec<String> = arns.map(|(_, value)| value.to_string()).collect();
        arns.sort();
        let policies = deployed.properties["Policies"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let statements = policies
            .iter()
            .flat_map(|policy| policy["Statement"].as_array().expect("statements"));
        let mut allowed = Vec::new();
        for statement in statements {
            if statement["Fn::If"].is_null() {
                assert_eq!(statement["Effect"], "Allow", "{}", function.name);
            }
            if is_of_backups(statement) {
                let keeps = function.sections.contains(&Section::Backups);
                assert!(keeps, "{} keeps no backups: {statement}", function.name);
                let words = statement.to_string();
                let changes = ["Put", "Delete", "Abort", "Generate"]
                    .iter()
                    .any(|word| words.contains(word));
                assert!(
                    !changes || function.trigger != Trigger::Order,
                    "{} only reads backups: {statement}",
                    function.name
                );
                continue;
            }
            if statement["Action"] == "execute-api:ManageConnections" {
                // Held to those that post by a test of the WebSocket API.
                continue;
            }
            if function.trigger == Trigger::Rotation && statement["Sid"] == "RotateOneSecret" {
                let writes = ["DescribeSecret", "PutSecretValue", "UpdateSecretVersionStage"];
                assert_eq!(
                    statement["Action"],
                    json!(writes.map(|word| format!("secretsmanager:{word}")))
                );
                assert_eq!(statement["Resource"], json!([{ "Ref": "JwtSecretSecretArn" }]));
                continue;
            }
            assert_eq!(
                statement["Action"], "secretsmanager:GetSecretValue",
                "{}",
                function.name
            );
            allowed.extend(
                statement["Resource"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .map(Value::to_string),
            );
        }
        allowed.sort();
        assert_eq!(arns, allowed, "{}", function.name);
    }
}

#[test]
fn a_secret_comes_from_its_own_parameter_which_may_be_empty_only_if_it_may_be_unset() {
    for (function, deployed) in functions() {
        let given = given(&deployed);
        for variable in function.variables() {
            let Some(value) = variable
                .arn_name()
                .and_then(|name| given.get(name.as_str()).copied())
            else {
                continue;
            };
            let [parameter, optional] = secret_reference(variable);
            let expected = if variable.required_in_production {
                parameter
            } else {
                optional
            };
            assert_eq!(*value, expected, "{} of {}", variable.name, function.name);
            let definition = &TEMPLATE["Parameters"][format!("{}SecretArn", pascal(variable.name))];
            assert_eq!(
                definition["Default"].is_null(),
                variable.required_in_production,
                "{}",
                variable.name
            );
        }
    }
}

#[test]
fn only_what_may_be_unset_in_production_is_left_out() {
    for LeftOut {
        variable,
        given_to,
        why,
    } in LEFT_OUT
    {
        let known = Variable::named(variable).unwrap_or_else(|| panic!("{variable} is no variable"));
        assert!(!known.required_in_production, "{variable} ({why})");
        let reads = |function: &Function| function.variables().any(|read| read.name == *variable);
        let readers: Vec<&str> = functions()
            .into_iter()
            .map(|(function, _)| function)
            .filter(reads)
            .map(|function| function.name)
            .collect();
        assert!(
            given_to.iter().all(|name| readers.contains(name)),
            "{variable} is not read by all of {given_to:?}"
        );
        assert!(
            readers.len() > given_to.len(),
            "{variable} is not left out of any function ({why})"
        );
    }
}
