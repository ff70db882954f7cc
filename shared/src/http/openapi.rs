//! The API's description: one document from every function's routes.
//!
//! A route describes its success and what is special about it; the errors every route of its kind
//! can answer are added here, from its rate class and parameters. Serves nothing.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::PartialSchema;
use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, ContentBuilder, Info, OpenApi, OpenApiBuilder, Ref, RefOr, Server};

use super::error::ErrorCode;
use super::limits::RateClass;
use super::routes::class_of;

/// The security scheme's name: `security(("bearer" = []))`.
pub const BEARER: &str = "bearer";

/// How a success looks: `body = Success<NewestScores>`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Success<T> {
    /// Always true.
    #[schema(example = true)]
    pub success: bool,
    /// What was asked for.
    pub data: T,
    /// When it was answered.
    #[schema(value_type = String, format = DateTime)]
    pub timestamp: Timestamp,
}

/// How a failure looks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Failure {
    /// Always false.
    #[schema(example = false)]
    pub success: bool,
    /// What is wrong.
    pub error: FailureBody,
    /// When it was answered.
    #[schema(value_type = String, format = DateTime)]
    pub timestamp: Timestamp,
}

/// What is wrong with a request, or with us.
#[derive(Debug, Serialize, ToSchema)]
pub struct FailureBody {
    /// For a program: `VALIDATION_ERROR`.
    #[schema(example = "VALIDATION_ERROR")]
    pub code: String,
    /// For a person: what to change.
    #[schema(example = "Parameter `limit` must be a whole number from 1 to 100.")]
    pub message: String,
    /// More for a program; null when there is no more.
    #[schema(value_type = Option<Object>)]
    pub details: serde_json::Value,
}

/// One document from the descriptions of all functions.
pub fn openapi(parts: impl IntoIterator<Item = OpenApi>) -> OpenApi {
    let info = Info::builder()
        .title("AutoMoney")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Agents read the crypto market; their scores become a conviction, a signal and paper trades. No real orders, ever.",
        ))
        .build();
    let mut api = OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new("/")]))
        .build();
    for part in parts {
        api.merge(part);
    }
    // A part that was built alone may have brought its own idea of where it is served.
    api.servers = Some(vec![Server::new("/")]);
    let components = api.components.get_or_insert_with(Components::new);
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .build();
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    components
        .schemas
        .insert(Failure::name().into_owned(), Failure::schema());
    components
        .schemas
        .insert(FailureBody::name().into_owned(), FailureBody::schema());
    components.responses.extend(shared_responses());
    api.paths.paths.values_mut().for_each(describe_path);
    api
}

/// Every code that every route of some kind can answer.
const SHARED: [(ErrorCode, &str); 6] = [
    (
        ErrorCode::ValidationError,
        "A parameter or the body is wrong; the message says what to change.",
    ),
    (
        ErrorCode::Unauthorized,
        "No token where one is needed, or one that is not accepted.",
    ),
    (ErrorCode::Forbidden, "Signed in, but not allowed."),
    (
        ErrorCode::RateLimitExceeded,
        "Too many requests; `Retry-After` says when the next one passes.",
    ),
    (ErrorCode::InternalError, "A fault of ours; quote `x-request-id`."),
    (
        ErrorCode::ServiceUnavailable,
        "Something needed is down, or closed for a time (`READ_ONLY`, `MAINTENANCE`); `Retry-After` says when to try again.",
    ),
];

fn shared_responses() -> impl Iterator<Item = (String, RefOr<Response>)> {
    SHARED.into_iter().map(|(code, description)| {
        let schema = Ref::from_schema_name(Failure::name());
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new()
            .description(description)
            .content("application/json", content)
            .build();
        (code.as_str().to_owned(), RefOr::T(response))
    })
}

fn describe_path(item: &mut PathItem) {
    let all = [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.patch,
    ];
    all.into_iter().flatten().for_each(describe);
}

/// Adds what every operation of this kind can answer; what the route says itself stays.
fn describe(operation: &mut Operation) {
    let class = class_of(operation).unwrap_or(RateClass::None);
    let asks = operation.parameters.as_ref().is_some_and(|list| !list.is_empty())
        || operation.request_body.is_some();
    let limited = class != RateClass::None;
    if class == RateClass::SignedIn && operation.security.is_none() {
        operation.security = Some(vec![SecurityRequirement::new(BEARER, Vec::<String>::new())]);
    }
    let adds = [
        (ErrorCode::ValidationError, asks),
        (ErrorCode::Unauthorized, limited),
        (ErrorCode::RateLimitExceeded, limited),
        (ErrorCode::InternalError, true),
        (ErrorCode::ServiceUnavailable, limited),
    ];
    for (code, _) in adds.into_iter().filter(|(_, applies)| *applies) {
        let status = code.status().as_str().to_owned();
        let response = RefOr::Ref(Ref::from_response_name(code.as_str()));
        operation.responses.responses.entry(status).or_insert(response);
    }
}
