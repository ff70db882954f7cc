//! The sample events are what the deployed functions would get.

use std::collections::BTreeSet;

use automoney::registry;
use jiff::Timestamp;
use serde_json::{Value, json};
use shared::lambda::{Deadline, Function, Invocation, SOCKET_ROUTES, Trigger};
use shared::services::backup::RestoreOrder;
use shared::services::rotation::RotationEvent;

use super::routes_by_function;
use crate::tidy::{files, shown, text};

/// Each sample: the file, the function its name begins with, its content.
fn samples() -> Vec<(String, Function, Value)> {
    let functions = registry::functions();
    let read = |path: std::path::PathBuf| {
        let file = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let name = file.split('.').next().unwrap_or_default();
        let function = functions.iter().find(|function| function.name == name);
        let function = *function.unwrap_or_else(|| panic!("{}: no function {name}", shown(&path)));
        let event =
            serde_json::from_str(&text(&path)).unwrap_or_else(|error| panic!("{}: {error}", shown(&path)));
        (file.to_owned(), function, event)
    };
    files("tests/fixtures/events", ".json")
        .into_iter()
        .map(read)
        .collect()
}

/// Whether a route's pattern takes a path: `{…}` stands for one segment.
fn takes(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    let fits =
        |(part, segment): (&&str, &&str)| (part.starts_with('{') && !segment.is_empty()) || part == segment;
    pattern.len() == path.len() && pattern.iter().zip(&path).all(fits)
}

#[test]
fn every_function_has_a_sample() {
    let sampled: BTreeSet<&str> = samples().iter().map(|(_, function, _)| function.name).collect();
    let all: BTreeSet<&str> = registry::functions()
        .iter()
        .map(|function| function.name)
        .collect();
    assert_eq!(sampled, all);
}

#[test]
fn a_sampled_request_is_one_that_the_gateway_would_send_to_this_function() {
    let by_function = routes_by_function();
    for (file, function, event) in samples() {
        if !matches!(function.trigger, Trigger::Http | Trigger::Fallback) {
            continue;
        }
        let word = |at: &str| {
            event
                .pointer(at)
                .and_then(Value::as_str)
                .unwrap_or_else(|| panic!("{file}: {at}"))
        };
        assert_eq!(word("/version"), "2.0", "{file}");
        let (route, path) = (word("/routeKey"), word("/rawPath"));
        assert_eq!(route, word("/requestContext/routeKey"), "{file}");
        assert_eq!(path, word("/requestContext/http/path"), "{file}");
        let method = word("/requestContext/http/method");
        let fits = |route: &String| {
            let (its_method, pattern) = route.split_once(' ').expect("a method and a path");
            its_method == method && takes(pattern, path)
        };
        let taken_by: Vec<(&str, &String)> = by_function
            .iter()
            .flat_map(|(name, routes)| routes.iter().map(move |route| (*name, route)))
            .filter(|(_, route)| fits(route))
            .collect();
        if function.trigger == Trigger::Fallback {
            assert_eq!(route, "$default", "{file}");
            assert!(taken_by.is_empty(), "{file}: taken by {taken_by:?}");
        } else {
            assert!(
                taken_by.contains(&(function.name, &route.to_owned())),
                "{file}: {route} is taken by {taken_by:?}"
            );
            let pattern = route.split(' ').next_back().unwrap_or_default();
            assert_eq!(event["pathParameters"], parameters(pattern, path), "{file}");
        }
    }
}

/// What the gateway makes of the path's variable segments.
fn parameters(pattern: &str, path: &str) -> Value {
    let pairs = pattern.split('/').zip(path.split('/'));
    let named =
        pairs.filter_map(|(part, segment)| Some((part.strip_prefix('{')?.strip_suffix('}')?, segment)));
    let found: serde_json::Map<String, Value> = named
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect();
    if found.is_empty() {
        Value::Null
    } else {
        Value::Object(found)
    }
}

#[test]
fn a_sampled_event_of_a_socket_is_one_that_the_gateway_would_send() {
    let mut sampled = BTreeSet::new();
    for (file, function, event) in samples() {
        if function.trigger != Trigger::WebSocket {
            continue;
        }
        let context = &event["requestContext"];
        let route = context["routeKey"].as_str().expect("a route").to_owned();
        let kind = match route.as_str() {
            "$connect" => "CONNECT",
            "$disconnect" => "DISCONNECT",
            _ => "MESSAGE",
        };
        assert_eq!(context["eventType"], kind, "{file}");
        assert!(context["connectionId"].is_string(), "{file}");
        assert_eq!(event["body"].is_string(), kind == "MESSAGE", "{file}");
        sampled.insert(route);
    }
    assert_eq!(sampled, SOCKET_ROUTES.map(str::to_owned).into());
}

#[test]
fn a_sampled_task_is_one_that_its_function_accepts() {
    for (file, function, event) in samples() {
        if !matches!(
            function.trigger,
            Trigger::Schedule(_) | Trigger::OnDemand | Trigger::Order | Trigger::Rotation
        ) {
            continue;
        }
        assert_eq!(
            file,
            format!("{}.json", function.name),
            "a task has one event only"
        );
        match function.trigger {
            Trigger::Rotation => assert!(RotationEvent::read(&event).is_ok(), "{file}"),
            Trigger::Order => {
                let order = serde_json::from_value::<RestoreOrder>(event.clone());
                assert!(
                    order.is_ok_and(|order| order != RestoreOrder::default()),
                    "{file}"
                );
            }
            _ => assert_eq!(event["job"], function.name, "{file}"),
        }
        let accepted = Invocation::from_event(
            &function,
            event,
            Timestamp::UNIX_EPOCH,
            Deadline::none(),
            String::new(),
        );
        assert!(accepted.is_ok(), "{file}: {accepted:?}");
    }
}
