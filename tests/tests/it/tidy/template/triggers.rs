//! What starts each function: routes, schedules, a person.

use std::collections::{BTreeMap, BTreeSet};

use automoney::registry;
use serde_json::{Value, json};
use shared::lambda::Trigger;

use super::{TEMPLATE, functions, operations, routes_by_function};

/// The routes of each function that has some, from the template.
fn deployed_routes() -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for (function, deployed) in functions() {
        let mut routes = BTreeSet::new();
        for (kind, event) in deployed.events() {
            if kind != "HttpApi" {
                continue;
            }
            let [method, path] = ["Method", "Path"].map(|key| event[key].as_str().expect("a word"));
            assert_eq!(event["ApiId"], json!({"Ref": "Api"}), "{path}");
            assert_eq!(event["PayloadFormatVersion"], "2.0", "{path}");
            assert!(
                routes.insert(format!("{method} {path}")),
                "{method} {path} is there twice"
            );
        }
        if !routes.is_empty() {
            all.insert(function.name, routes);
        }
    }
    all
}

#[test]
fn every_route_of_the_code_is_deployed_with_its_function_and_no_other() {
    let mut in_template = deployed_routes();
    let fallback = registry::functions()
        .into_iter()
        .find(|function| function.trigger == Trigger::Fallback);
    let fallback = fallback.expect("a fallback");
    let everything_else = in_template.remove(fallback.name);
    assert_eq!(
        everything_else,
        Some(BTreeSet::from(["ANY $default".to_owned()])),
        "{}",
        fallback.name
    );
    assert_eq!(routes_by_function(), in_template);
}

#[test]
fn no_two_functions_have_the_same_route() {
    let by_function = routes_by_function();
    let together = operations(&registry::routes().into_openapi());
    assert_eq!(together, by_function.values().flatten().cloned().collect());
    assert_eq!(
        together.len(),
        by_function.values().map(BTreeSet::len).sum::<usize>()
    );
}

#[test]
fn a_function_is_started_by_nothing_but_its_trigger() {
    for (function, deployed) in functions() {
        let kinds: Vec<&str> = deployed.events().into_iter().map(|(kind, _)| kind).collect();
        match function.trigger {
            Trigger::Http => {
                assert!(
                    !kinds.is_empty() && kinds.iter().all(|kind| *kind == "HttpApi"),
                    "{}",
                    function.name
                );
            }
            Trigger::Fallback => assert_eq!(kinds, ["HttpApi"], "{}", function.name),
            Trigger::Schedule(_) => assert_eq!(kinds, ["ScheduleV2"], "{}", function.name),
            // Those of a WebSocket API are resources of their own.
            Trigger::OnDemand | Trigger::Order | Trigger::Rotation | Trigger::WebSocket => {
                assert!(kinds.is_empty(), "{}", function.name);
            }
        }
    }
}

#[test]
fn every_schedule_fires_when_the_code_says_and_gives_up_into_the_queue() {
    let queue = json!({"Fn::GetAtt": ["DeadLetters", "Arn"]});
    let mut seen = 0;
    for (function, deployed) in functions() {
        let Trigger::Schedule(expression) = function.trigger else {
            continue;
        };
        let (_, schedule) = deployed.events()[0];
        let name = function.name;
        assert_eq!(schedule["ScheduleExpression"], expression, "{name}");
        assert_eq!(schedule["ScheduleExpressionTimezone"], "UTC", "{name}");
        assert_eq!(schedule["FlexibleTimeWindow"], json!({"Mode": "OFF"}), "{name}");
        assert_eq!(schedule["State"], json!({"Ref": "ScheduleState"}), "{name}");
        let input: Value = serde_json::from_str(schedule["Input"].as_str().expect("text")).expect("JSON");
        assert_eq!(
            input,
            json!({"job": name, "scheduled_at": "<aws.scheduler.scheduled-time>"}),
            "{name}"
        );
        // Late by more than this, the next run does the work.
        let retries = json!({"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 900});
        assert_eq!(schedule["RetryPolicy"], retries, "{name}");
        assert_eq!(schedule["DeadLetterConfig"], json!({"Arn": queue}), "{name}");
        let invocation = &deployed.properties["EventInvokeConfig"];
        assert_eq!(invocation["MaximumRetryAttempts"], 2, "{name}");
        let destination = json!({"OnFailure": {"Type": "SQS", "Destination": queue}});
        assert_eq!(invocation["DestinationConfig"], destination, "{name}");
        seen += 1;
    }
    assert!(seen > 0, "no schedule: the test looks in the wrong place");
}

#[test]
fn nobody_but_who_ordered_it_repeats_an_order() {
    for (function, deployed) in functions() {
        if function.trigger == Trigger::Order {
            let invocation = &deployed.properties["EventInvokeConfig"];
            assert_eq!(invocation["MaximumRetryAttempts"], 0, "{}", function.name);
        }
    }
}

#[test]
fn the_keys_rotate_by_the_function_that_secrets_manager_may_invoke() {
    for (function, deployed) in functions() {
        if function.trigger != Trigger::Rotation {
            continue;
        }
        let arn = json!({"Fn::GetAtt": [deployed.logical_id, "Arn"]});
        let resources = &TEMPLATE["Resources"];
        let schedule = &resources["JwtRotation"];
        assert_eq!(schedule["Type"], "AWS::SecretsManager::RotationSchedule");
        assert_eq!(schedule["Properties"]["RotationLambdaARN"], arn);
        assert_eq!(
            schedule["Properties"]["SecretId"],
            json!({"Ref": "JwtSecretSecretArn"})
        );
        assert_eq!(schedule["DependsOn"], "RotateJwtKeyMayBeInvoked");
        let permission = &resources["RotateJwtKeyMayBeInvoked"]["Properties"];
        assert_eq!(permission["FunctionName"], arn);
        assert_eq!(permission["Principal"], "secretsmanager.amazonaws.com");
        assert_eq!(permission["SourceArn"], json!({"Ref": "JwtSecretSecretArn"}));
    }
}
