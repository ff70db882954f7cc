//! The WebSocket API: its routes, who answers them, who may post to its connections.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::config::Section;
use shared::lambda::{SOCKET_ROUTES, Trigger};

use super::{TEMPLATE, functions, object};

/// The resources of a type, with their names.
fn resources(kind: &str) -> Vec<(&'static str, &'static Value)> {
    let all = object(&TEMPLATE["Resources"]).iter();
    all.filter(|(_, resource)| resource["Type"] == kind)
        .map(|(name, resource)| (name.as_str(), &resource["Properties"]))
        .collect()
}

/// The one resource of a type.
fn the(kind: &str) -> (&'static str, &'static Value) {
    let found = resources(kind);
    assert_eq!(found.len(), 1, "{kind}");
    found[0]
}

/// Each route of the API and the function whose integration it leads to.
fn deployed_routes() -> BTreeMap<&'static str, &'static str> {
    let (api, _) = the("AWS::ApiGatewayV2::Api");
    let integrations: BTreeMap<String, &str> = resources("AWS::ApiGatewayV2::Integration")
        .into_iter()
        .map(|(name, properties)| {
            assert_eq!(properties["ApiId"], json!({"Ref": api}), "{name}");
            assert_eq!(properties["IntegrationType"], "AWS_PROXY", "{name}");
            let address = properties["IntegrationUri"]["Fn::Sub"]
                .as_str()
                .expect("an address");
            let function = address
                .strip_prefix(
                    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${",
                )
                .and_then(|rest| rest.strip_suffix(".Arn}/invocations"));
            (
                format!("integrations/${{{name}}}"),
                function.expect("a function of this stack"),
            )
        })
        .collect();
    let routes = resources("AWS::ApiGatewayV2::Route").into_iter();
    routes
        .map(|(name, properties)| {
            assert_eq!(properties["ApiId"], json!({"Ref": api}), "{name}");
            let target = properties["Target"]["Fn::Sub"].as_str().expect("a target");
            let function = integrations
                .get(target)
                .unwrap_or_else(|| panic!("{name}: {target}"));
            (properties["RouteKey"].as_str().expect("a route"), *function)
        })
        .collect()
}

#[test]
fn each_route_of_a_websocket_is_deployed_with_its_function_and_no_other() {
    let answering: Vec<_> = functions()
        .into_iter()
        .filter(|(function, _)| function.trigger == Trigger::WebSocket)
        .map(|(_, deployed)| deployed.logical_id)
        .collect();
    let [function] = answering[..] else {
        panic!("one function for WebSockets, not {answering:?}")
    };
    let expected: BTreeMap<&str, &str> = SOCKET_ROUTES.map(|route| (route, function)).into();
    assert_eq!(deployed_routes(), expected);

    let permissions: Vec<_> = resources("AWS::Lambda::Permission")
        .into_iter()
        .filter(|(_, permission)| permission["Principal"] == "apigateway.amazonaws.com")
        .collect();
    let [(_, permission)] = permissions[..] else {
        panic!("one permission for API Gateway, not {}", permissions.len())
    };
    let (api, _) = the("AWS::ApiGatewayV2::Api");
    assert_eq!(permission["FunctionName"], json!({"Ref": function}));
    let source = permission["SourceArn"]["Fn::Sub"].as_str().expect("a source");
    assert!(source.ends_with(&format!(":${{{api}}}/*")), "{source}");
}

#[test]
fn a_message_may_be_answered_and_the_route_is_chosen_by_nothing_but_what_is_there() {
    let (api, properties) = the("AWS::ApiGatewayV2::Api");
    assert_eq!(properties["ProtocolType"], "WEBSOCKET");
    let (_, stage) = the("AWS::ApiGatewayV2::Stage");
    assert_eq!(stage["ApiId"], json!({"Ref": api}));
    assert_eq!(stage["StageName"], json!({"Ref": "Environment"}));
    let routes = resources("AWS::ApiGatewayV2::Route").into_iter();
    let answered: Vec<_> = routes
        .filter(|(_, route)| route["RouteResponseSelectionExpression"] == "$default")
        .collect();
    let [(name, message)] = answered[..] else {
        panic!("one route is answered, not {}", answered.len())
    };
    assert_eq!(message["RouteKey"], "$default");
    let (_, response) = the("AWS::ApiGatewayV2::RouteResponse");
    assert_eq!(response["RouteId"], json!({"Ref": name}));
    assert_eq!(response["RouteResponseKey"], "$default");
}

#[test]
fn those_that_post_may_post_to_this_api_alone_and_no_other_function_may() {
    let (api, _) = the("AWS::ApiGatewayV2::Api");
    let of_this_api = json!([{"Fn::Sub": format!(
        "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{api}}}/${{Environment}}/*/@connections/*"
    )}]);
    let endpoint = json!({"Fn::Sub": format!(
        "https://${{{api}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/${{Environment}}"
    )});
    let mut posting = 0;
    for (function, deployed) in functions() {
        let policies = deployed.properties["Policies"].as_array().into_iter().flatten();
        let statements: Vec<&Value> = policies
            .flat_map(|policy| policy["Statement"].as_array().expect("statements"))
            .filter(|statement| statement["Action"] == "execute-api:ManageConnections")
            .collect();
        let resources: Vec<&Value> = statements
            .iter()
            .map(|statement| &statement["Resource"])
            .collect();
        if function.sections.contains(&Section::Push) {
            posting += 1;
            assert_eq!(resources, [&of_this_api], "{}", function.name);
            let told = &deployed.properties["Environment"]["Variables"]["PUSH_ENDPOINT_URL"];
            assert_eq!(*told, endpoint, "{}", function.name);
        } else {
            assert!(resources.is_empty(), "{}", function.name);
        }
    }
    assert!(posting > 0, "nobody posts: the test looks in the wrong place");
}
