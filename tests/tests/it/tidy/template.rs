//! `template.yaml` and the code say the same, in both directions.
//!
//! What the code says comes from `automoney::registry`. Nothing here knows what AWS would make of the
//! template; the template's own linter does that.

mod samples;
mod sockets;
mod triggers;
mod variables;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::LazyLock;

use automoney::registry;
use serde_json::{Map, Value, json};
use shared::lambda::{Function, Trigger};
use shared::services::backup::WARN_FROM_PCT;
use utoipa::openapi::OpenApi;
use yaml_rust2::{Yaml, YamlLoader};

use super::{files, root, text};

/// The longest that API Gateway waits for an answer, in seconds.
const GATEWAY_PATIENCE: i64 = 30;

/// The longest that Lambda lets a function run, in seconds.
const LAMBDA_PATIENCE: i64 = 900;

/// The template, with intrinsic functions in their long form.
static TEMPLATE: LazyLock<Value> = LazyLock::new(|| {
    let documents = YamlLoader::load_from_str(&text(&root().join("template.yaml"))).expect("plain YAML");
    let [document] = documents.as_slice() else {
        panic!("one document, not {}", documents.len())
    };
    plain(document)
});

/// YAML as JSON. The template uses no more of YAML than JSON has.
fn plain(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::String(text) => json!(text),
        Yaml::Integer(number) => json!(number),
        Yaml::Boolean(yes) => json!(yes),
        Yaml::Null => Value::Null,
        Yaml::Array(items) => items.iter().map(plain).collect(),
        Yaml::Hash(entries) => {
            let entry =
                |(name, value): (&Yaml, &Yaml)| (name.as_str().expect("a name").to_owned(), plain(value));
            Value::Object(entries.iter().map(entry).collect())
        }
        Yaml::Real(_) | Yaml::Alias(_) | Yaml::BadValue => panic!("the template is plain, without {yaml:?}"),
    }
}

fn object(value: &Value) -> &Map<String, Value> {
    value
        .as_object()
        .unwrap_or_else(|| panic!("not a mapping: {value}"))
}

/// A function as the template deploys it.
struct Deployed {
    /// Its resource.
    logical_id: &'static str,
    properties: &'static Value,
}

impl Deployed {
    fn events(&self) -> Vec<(&'static str, &'static Value)> {
        let events = self.properties["Events"].as_object().into_iter().flatten();
        events
            .map(|(_, event)| (event["Type"].as_str().expect("a type"), &event["Properties"]))
            .collect()
    }
}

/// The deployed functions by the name that their resources bear.
fn deployed() -> BTreeMap<&'static str, Deployed> {
    let resources = object(&TEMPLATE["Resources"]).iter();
    let functions = resources.filter(|(_, resource)| resource["Type"] == "AWS::Serverless::Function");
    let by_name: BTreeMap<_, _> = functions
        .map(|(logical_id, resource)| {
            let properties = &resource["Properties"];
            let name = properties["FunctionName"]["Fn::Sub"].as_str().expect("a name");
            let name = name
                .strip_prefix("${AWS::StackName}-")
                .expect("the stack's name first");
            (
                name,
                Deployed {
                    logical_id,
                    properties,
                },
            )
        })
        .collect();
    assert!(
        !by_name.is_empty(),
        "no function in the template: the test looks in the wrong place"
    );
    by_name
}

/// Every function of the code beside what the template makes of it.
fn functions() -> Vec<(Function, Deployed)> {
    let mut deployed = deployed();
    let pair = |function: Function| {
        let found = deployed.remove(function.name);
        (
            function,
            found.unwrap_or_else(|| panic!("{} is not in the template", function.name)),
        )
    };
    registry::functions().into_iter().map(pair).collect()
}

/// `GET /path` of every operation that a description holds.
fn operations(description: &OpenApi) -> BTreeSet<String> {
    let description = serde_json::to_value(description).expect("JSON");
    let of_path = |(path, item): (&String, &Value)| -> Vec<String> {
        object(item)
            .keys()
            .map(|method| format!("{} {path}", method.to_uppercase()))
            .collect()
    };
    object(&description["paths"]).iter().flat_map(of_path).collect()
}

/// The routes of each function that has some, from the code.
fn routes_by_function() -> BTreeMap<&'static str, BTreeSet<String>> {
    let functions = registry::http_functions().into_iter();
    functions
        .map(|entry| (entry.function.name, operations(&(entry.router)().into_openapi())))
        .collect()
}

/// `agent-scores` or `AGENT_SCORES` as `AgentScores`.
fn pascal(name: &str) -> String {
    let words = name.split(['-', '_']).map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + &rest.to_lowercase()
    });
    words.collect()
}

#[test]
fn the_template_deploys_exactly_the_registered_functions() {
    let in_code: BTreeSet<&str> = registry::functions()
        .iter()
        .map(|function| function.name)
        .collect();
    assert_eq!(
        in_code.len(),
        registry::functions().len(),
        "a name is registered twice"
    );
    let in_template: BTreeSet<&str> = deployed().into_keys().collect();
    assert_eq!(in_code, in_template);
    let folders = std::fs::read_dir(root().join("functions")).expect("the functions");
    let folders: BTreeSet<String> = folders
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(folders, in_code.into_iter().map(str::to_owned).collect());
}

#[test]
fn everything_about_a_function_bears_its_name() {
    let resources = &TEMPLATE["Resources"];
    for (function, deployed) in functions() {
        let (name, stem) = (function.name, pascal(function.name));
        assert_eq!(deployed.logical_id, format!("{stem}Function"));
        assert_eq!(deployed.properties["CodeUri"], format!("target/lambda/{name}/"));
        assert_eq!(
            deployed.properties["LoggingConfig"],
            json!({"LogGroup": {"Ref": format!("{stem}Logs")}})
        );
        let logs = &resources[format!("{stem}Logs")]["Properties"]["LogGroupName"]["Fn::Sub"];
        assert_eq!(*logs, format!("/aws/lambda/${{AWS::StackName}}-{name}"));
        let mut alarms = vec!["Errors"];
        if matches!(function.trigger, Trigger::Schedule(_)) {
            alarms.push("DidNotRun");
        }
        for alarm in alarms {
            let alarm = &resources[format!("{stem}{alarm}")];
            let watched = json!([{"Name": "FunctionName", "Value": {"Ref": deployed.logical_id}}]);
            assert_eq!(alarm["Type"], "AWS::CloudWatch::Alarm", "{name}");
            assert_eq!(alarm["Properties"]["Dimensions"], watched, "{name}");
        }
    }
}

#[test]
fn every_alarm_on_a_metric_of_ours_watches_what_is_published_and_has_its_page() {
    let code: String = files("shared/src", ".rs").iter().map(|file| text(file)).collect();
    let runbook = text(&root().join("docs/RUNBOOK.md"));
    let mut seen = 0;
    for (name, resource) in object(&TEMPLATE["Resources"]) {
        if resource["Properties"]["Namespace"] != "AutoMoney" {
            continue;
        }
        let metric = resource["Properties"]["MetricName"].as_str().expect("a metric");
        assert!(code.contains(&format!("\"{metric}\"")), "{name}: {metric}");
        assert!(runbook.contains(&format!("`{name}`")), "{name}");
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn the_alarm_on_a_database_too_large_rings_when_a_backup_warns() {
    let alarm = &TEMPLATE["Resources"]["BackupNearlyTooLarge"]["Properties"];
    assert_eq!(alarm["Threshold"], WARN_FROM_PCT);
    assert_eq!(alarm["ComparisonOperator"], "GreaterThanOrEqualToThreshold");
}

#[test]
fn every_function_has_memory_and_a_time_out_that_its_caller_waits_for() {
    for (function, deployed) in functions() {
        let number = |key: &str| {
            deployed.properties[key]
                .as_i64()
                .unwrap_or_else(|| panic!("{}: {key}", function.name))
        };
        let patience = match function.trigger {
            Trigger::Http | Trigger::Fallback | Trigger::WebSocket => GATEWAY_PATIENCE - 1,
            Trigger::Schedule(_) | Trigger::OnDemand | Trigger::Order | Trigger::Rotation => LAMBDA_PATIENCE,
        };
        assert!(
            (1..=patience).contains(&number("Timeout")),
            "{}: {}",
            function.name,
            number("Timeout")
        );
        assert!(
            (128..=10_240).contains(&number("MemorySize")),
            "{}: {}",
            function.name,
            number("MemorySize")
        );
    }
}

#[test]
fn everything_that_is_named_exists_and_every_parameter_is_used() {
    let mut named = BTreeSet::new();
    for part in ["Conditions", "Globals", "Resources", "Outputs"] {
        names(&TEMPLATE[part], &mut named);
    }
    let keys = |part: &str| {
        object(&TEMPLATE[part])
            .keys()
            .cloned()
            .collect::<BTreeSet<String>>()
    };
    let parameters = keys("Parameters");
    let known = &(&parameters | &keys("Resources")) | &keys("Conditions");
    let unknown: Vec<&String> = named.difference(&known).collect();
    assert!(unknown.is_empty(), "named but not defined: {unknown:?}");
    let unused: Vec<&String> = parameters.difference(&named).collect();
    assert!(unused.is_empty(), "parameters without use: {unused:?}");
}

/// What `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::If` and `Condition` name, AWS's own left out.
fn names(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        Value::Object(entries) => {
            for (key, value) in entries {
                match (key.as_str(), value) {
                    ("Ref" | "Condition", Value::String(name)) => {
                        found.insert(name.clone());
                    }
                    ("Fn::GetAtt" | "Fn::If", Value::Array(items)) => {
                        found.extend(items.first().and_then(Value::as_str).map(str::to_owned));
                    }
                    ("Fn::Sub", Value::String(pattern)) => {
                        let pieces = pattern.split("${").skip(1);
                        // `${Function.Arn}` names the function.
                        let named = pieces.filter_map(|piece| piece.split_once('}')?.0.split('.').next());
                        found.extend(named.map(str::to_owned));
                    }
                    _ => {}
                }
                names(value, found);
            }
        }
        _ => {}
    }
    found.retain(|name| !name.starts_with("AWS::"));
}

/// The table of routes that `cargo lambda watch` reads: `GET /path` and the function that answers.
fn watched() -> BTreeMap<String, String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--offline",
            "--locked",
            "--no-deps",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let router = object(&metadata["metadata"]["lambda"]["watch"]["router"]);
    let entries = router.iter().flat_map(|(path, targets)| {
        let targets = targets.as_array().expect("a list of targets").iter();
        targets.map(move |target| {
            let [method, function] = ["method", "function"].map(|key| target[key].as_str().expect("a word"));
            (format!("{method} {path}"), function.to_owned())
        })
    });
    entries.collect()
}

#[test]
fn the_local_lambda_server_knows_the_same_routes() {
    let in_code: BTreeMap<String, String> = routes_by_function()
        .into_iter()
        .flat_map(|(function, routes)| routes.into_iter().map(move |route| (route, function.to_owned())))
        .collect();
    assert_eq!(in_code, watched());
}
