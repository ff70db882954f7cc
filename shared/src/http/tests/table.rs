//! Routes: unknown ones, wrong methods, HEAD, the table and the description.

use rstest::rstest;

use super::*;

#[rstest]
#[case("/nowhere")]
#[case("/api/v1/things/")]
#[case("/api/v1/things/1/2")]
#[case("/health/")]
#[tokio::test]
async fn an_unknown_path_is_404(#[case] target: &str) {
    let (status, code, _) = TestDoor::new().get(target).await.refusal();
    assert_eq!((status, code.as_str()), (404, "NOT_FOUND"));
}

#[rstest]
#[case(Method::DELETE, "/api/v1/things", "GET, POST, OPTIONS")]
#[case(Method::POST, "/api/v1/things/7", "GET, OPTIONS")]
#[case(Method::GET, "/api/v1/auth/refresh", "POST, OPTIONS")]
#[case(Method::PUT, "/health", "GET, OPTIONS")]
#[tokio::test]
async fn a_wrong_method_is_405_with_what_is_allowed(
    #[case] method: Method,
    #[case] target: &str,
    #[case] allow: &str,
) {
    let answer = TestDoor::new().send(with_method(method, target)).await;
    assert_eq!(answer.header("allow"), Some(allow));
    let (status, code, message) = answer.refusal();
    assert_eq!((status, code.as_str()), (405, "METHOD_NOT_ALLOWED"));
    assert_eq!(
        message,
        format!("This path does not answer this method; it answers: {allow}.")
    );
}

#[tokio::test]
async fn head_is_answered_like_the_gateway_and_the_fallback() {
    let door = TestDoor::new();
    let answer = door.send(with_method(Method::HEAD, "/health")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("allow")),
        (405, Some("GET, OPTIONS"))
    );
    assert_eq!(answer.text, "");
    assert_eq!(door.send(with_method(Method::HEAD, "/nowhere")).await.status, 404);
}

#[tokio::test]
async fn the_fallback_answers_for_all_functions_from_the_written_table() {
    let written = serde_json::to_string(&RouteTable::of(&router().into_openapi()).unwrap()).unwrap();
    let table: RouteTable = serde_json::from_str(&written).unwrap();
    let clock = Clock::fixed(NOW.parse::<Timestamp>().unwrap());
    let settings = HttpSettings {
        allowed_origins: Vec::new(),
        keys: None,
        roles: Arc::new(TestRoles(Mutex::new(Ok(None)))),
        gate: Arc::new(TestGate::default()),
        limiter: Arc::new(LocalLimiter::new(clock.clone())),
        clock,
        prefetch: Vec::new(),
        ids: Ids::counted(),
        function: "fallback",
        production: true,
    };
    let fallback = stack(axum::Router::new(), table, settings).unwrap();
    let ask = async |method: Method, target: &str| {
        let response = fallback
            .clone()
            .oneshot(with_method(method, target))
            .await
            .unwrap();
        (
            response.status().as_u16(),
            response
                .headers()
                .get("allow")
                .map(|allow| allow.to_str().unwrap().to_owned()),
        )
    };
    assert_eq!(
        ask(Method::HEAD, "/health").await,
        (405, Some("GET, OPTIONS".to_owned()))
    );
    assert_eq!(
        ask(Method::DELETE, "/api/v1/things/7").await,
        (405, Some("GET, OPTIONS".to_owned()))
    );
    assert_eq!(
        ask(Method::OPTIONS, "/api/v1/things").await,
        (204, Some("GET, POST, OPTIONS".to_owned()))
    );
    assert_eq!(ask(Method::GET, "/nowhere").await, (404, None));
    assert_eq!(
        ask(Method::GET, "/health").await,
        (404, None),
        "the gateway never sends it here"
    );
}

#[test]
fn the_table_is_small_and_readable() {
    let table = RouteTable::of(&router().into_openapi()).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&table).unwrap(), @r#"
    {
      "/api/v1/admin": {
        "GET": "signed-in"
      },
      "/api/v1/auth/google": {
        "POST": "auth"
      },
      "/api/v1/auth/refresh": {
        "POST": "session"
      },
      "/api/v1/failures/{code}": {
        "GET": "public-read"
      },
      "/api/v1/scores": {
        "GET": "scores"
      },
      "/api/v1/things": {
        "GET": "public-read",
        "POST": "signed-in"
      },
      "/api/v1/things/{id}": {
        "GET": "public-read"
      },
      "/api/v1/waits": {
        "GET": "none"
      },
      "/health": {
        "GET": "none"
      }
    }
    "#);
}

#[test]
fn a_path_without_parameters_wins_over_one_with() {
    let table: RouteTable = serde_json::from_value(json!({
        "/a/{id}": { "GET": "public-read" },
        "/a/newest": { "POST": "public-read" },
    }))
    .unwrap();
    let allow = |path| match table.answer(&Method::DELETE, path) {
        routes::Answer::MethodNotAllowed { route, allow } => format!("{route} {allow}"),
        other => format!("{other:?}"),
    };
    assert_eq!(allow("/a/newest"), "/a/newest POST, OPTIONS");
    assert_eq!(allow("/a/7"), "/a/{id} GET, OPTIONS");
    assert_eq!(allow("/a/"), "NotFound");
}

#[utoipa::path(get, path = "/unlimited", responses((status = 200)))]
async fn unlimited() {}

#[test]
fn a_route_must_say_how_it_is_limited() {
    let api = OpenApiRouter::<()>::default()
        .routes(routes!(unlimited))
        .into_openapi();
    let error = RouteTable::of(&api).unwrap_err().to_string();
    assert!(error.starts_with("GET /unlimited needs"), "{error}");
}

#[test]
fn limited_routes_need_token_keys() {
    let (router, api) = router().split_for_parts();
    let clock = Clock::system();
    let settings = HttpSettings {
        allowed_origins: Vec::new(),
        keys: None,
        roles: Arc::new(TestRoles(Mutex::new(Ok(None)))),
        gate: Arc::new(TestGate::default()),
        limiter: Arc::new(LocalLimiter::new(clock.clone())),
        clock,
        prefetch: Vec::new(),
        ids: Ids::counted(),
        function: "things",
        production: false,
    };
    assert!(stack(router, RouteTable::of(&api).unwrap(), settings).is_err());
}

#[test]
fn the_description_adds_what_every_route_of_a_kind_can_answer() {
    let api = serde_json::to_value(openapi([router().into_openapi()])).unwrap();
    let mut shown = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let statuses = operation["responses"]
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str);
            let security = if operation["security"].is_null() {
                ""
            } else {
                " (bearer)"
            };
            shown.push(format!(
                "{method} {path}{security}: {}",
                statuses.collect::<Vec<_>>().join(" ")
            ));
        }
    }
    insta::assert_snapshot!(shown.join("\n"), @r#"
    get /api/v1/admin (bearer): 200 401 429 500 503
    post /api/v1/auth/google: 200 401 429 500 503
    post /api/v1/auth/refresh: 200 401 429 500 503
    get /api/v1/failures/{code}: 200 400 401 429 500 503
    get /api/v1/scores: 200 401 429 500 503
    get /api/v1/things: 200 400 401 429 500 503
    post /api/v1/things (bearer): 201 400 401 429 500 503
    get /api/v1/things/{id}: 200 400 401 429 500 503
    get /api/v1/waits: 200 500
    get /health: 200 500
    "#);
    let limit = &api["paths"]["/api/v1/things"]["get"]["parameters"][1];
    assert_eq!(
        limit["schema"],
        json!({ "type": "integer", "default": 20, "minimum": 1, "maximum": 100 })
    );
    let references = serde_json::to_string(&api).unwrap();
    for reference in references.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(api.pointer(pointer).is_some(), "{pointer} leads nowhere");
    }
}
