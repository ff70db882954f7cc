//! The one middleware around all routes of a process: [`stack`].
//!
//! In order: request id, body limit, route table (404, 405, preflight), the gate (is the platform open),
//! token, rate limit, the gate once more (may this one be worked on), the handler with a net for panics; then the envelope's time, headers, and one log line. HEAD is
//! answered as the gateway and `fallback` do together: 405. Does not know what a route answers.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::header::{self, AUTHORIZATION, CONTENT_LENGTH};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body_util::Limited;
use tracing::Instrument;

use super::BODY_LIMIT;
use super::caller::{AskRoles, Caller, Roles, sign_in_first};
use super::connection::RequestId;
use super::cors::Cors;
use super::envelope::{self, Draft};
use super::error::ApiError;
use super::gate::{Asked, Gate, Left};
use super::key_ring::KeyRing;
use super::limits::{self, Charge, LocalLimiter, Prefetch, Prefetched, RateClass, RateLimiter, Verdict};
use super::routes::{Answer, RouteTable};
use super::visit::Visit;
use crate::clock::{Clock, Stopwatch};
use crate::ids::Ids;

/// How long a handler may take: the platform ends a function after ten seconds, and its client would
/// get an answer that is none of ours.
const PATIENCE: Duration = Duration::from_secs(9);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the HTTP door needs of the process it is in.
#[derive(Clone)]
pub struct HttpSettings {
    /// Origins whose pages may read our answers, as browsers send them: `https://app.example.com`.
    pub allowed_origins: Vec<String>,
    /// Checks tokens; `None` only where every route is of `RateClass::None`.
    pub keys: Option<KeyRing>,
    /// Knows who is an administrator.
    pub roles: Arc<dyn Roles>,
    /// Tells the time of answers, tokens and the in-process limiter.
    pub clock: Clock,
    /// Says which requests may be let in now.
    pub gate: Arc<dyn Gate>,
    /// Keeps the rate limits.
    pub limiter: Arc<dyn RateLimiter>,
    /// Routes whose cached value is fetched together with the admission.
    pub prefetch: Vec<Prefetch>,
    /// Makes request ids where none is brought.
    pub ids: Ids,
    /// The function's name, for the log.
    pub function: &'static str,
    /// Whether browsers are told to insist on TLS.
    pub production: bool,
}

/// The settings do not fit the routes.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// A limited route, and nothing to check tokens with.
    #[error("{0} takes tokens, but no token keys are configured")]
    TokenKeysMissing(String),
}

/// Puts the middleware around `router`, whose routes `table` describes (for `fallback`: those of
/// all functions, around a router with none).
pub fn stack(
    router: axum::Router,
    table: RouteTable,
    settings: HttpSettings,
) -> Result<axum::Router, StackError> {
    let limited = table.iter().find(|(_, _, class)| *class != RateClass::None);
    if let (None, true, Some((path, method, _))) = (&settings.keys, router.has_routes(), limited) {
        return Err(StackError::TokenKeysMissing(format!("{method} {path}")));
    }
    let door = Door {
        cors: Cors::new(settings.allowed_origins.clone()),
        fallback_limiter: LocalLimiter::new(settings.clock.clone()),
        table,
        settings,
    };
    Ok(router.layer(from_fn_with_state(Arc::new(door), serve)))
}

struct Door {
    settings: HttpSettings,
    table: RouteTable,
    cors: Cors,
    fallback_limiter: LocalLimiter,
}

async fn serve(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let mut visit = door.receive(&request);
    let span = tracing::info_span!("request", request_id = visit.id.0);
    let answer = AssertUnwindSafe(door.answer(&mut visit, request, next))
        .catch_unwind()
        .instrument(span);
    let response = answer
        .await
        .unwrap_or_else(|panic| ApiError::internal(Panicked::from(panic)).into_response());
    door.send(&visit, response)
}

impl Door {
    fn receive(&self, request: &Request) -> Visit {
        let brought = request.extensions().get::<RequestId>().cloned().or_else(|| {
            let header = request.headers().get(REQUEST_ID)?;
            RequestId::proposed(header.to_str().ok()?)
        });
        Visit {
            watch: Stopwatch::start(),
            id: brought.unwrap_or_else(|| RequestId(self.settings.ids.next().to_string())),
            method: request.method().clone(),
            route: request
                .extensions()
                .get::<MatchedPath>()
                .map(|path| path.as_str().to_owned()),
            origin: self.cors.allowed_origin(request.headers()),
            user: None,
            admission: None,
            limiter_down: false,
        }
    }

    async fn answer(&self, visit: &mut Visit, request: Request, next: Next) -> Response {
        if announces_too_much(request.headers()) {
            return ApiError::PayloadTooLarge.into_response();
        }
        let class = visit
            .route
            .as_deref()
            .and_then(|route| self.table.class(route, &visit.method));
        let Some(class) = class else {
            return self.answer_unrouted(visit, &request);
        };
        match self.let_in(visit, request, class, next).await {
            Ok(response) => response,
            Err(refused) => refused.into_response(),
        }
    }

    async fn let_in(
        &self,
        visit: &mut Visit,
        mut request: Request,
        class: RateClass,
        next: Next,
    ) -> Result<Response, ApiError> {
        request.extensions_mut().insert(visit.id.clone());
        let (method, route) = (visit.method.clone(), visit.route.clone().unwrap_or_default());
        let asked = Asked {
            method: method.as_str(),
            route: &route,
        };
        self.settings.gate.admit(asked).await?;
        self.admit(visit, &mut request, class).await?;
        let pass = self.settings.gate.enter(asked)?;
        let answering = next.run(limit_body(request));
        let answered = tokio::time::timeout(PATIENCE, answering).await;
        let response =
            answered.unwrap_or_else(|late| ApiError::unavailable("The answer", late).into_response());
        pass.leave(left(&response));
        Ok(response)
    }

    fn answer_unrouted(&self, visit: &mut Visit, request: &Request) -> Response {
        let path = request.uri().path();
        match self.table.answer(&visit.method, path) {
            Answer::Options { route, methods } => {
                visit.route = Some(route.to_owned());
                let mut response = StatusCode::NO_CONTENT.into_response();
                if visit.origin.is_some() {
                    Cors::write_preflight(&methods, response.headers_mut());
                }
                if let Ok(allow) = HeaderValue::try_from(format!("{methods}, OPTIONS")) {
                    response.headers_mut().insert(header::ALLOW, allow);
                }
                response
            }
            Answer::MethodNotAllowed { route, allow } => {
                visit.route = Some(route.to_owned());
                ApiError::MethodNotAllowed { allow }.into_response()
            }
            Answer::NotFound => {
                visit.route = None;
                ApiError::not_found("There is nothing at this path; /docs lists all there is.")
                    .into_response()
            }
        }
    }

    /// Finds out who asks, charges them, and leaves both in the request for the handler.
    async fn admit(
        &self,
        visit: &mut Visit,
        request: &mut Request,
        class: RateClass,
    ) -> Result<(), ApiError> {
        let origin = self.cors.origin(request.headers());
        request.extensions_mut().insert(origin);
        let anonymous = Caller::anonymous(request.extensions().get().copied());
        let identified = match class {
            RateClass::None => Ok(anonymous),
            _ => self.identify(request.headers(), anonymous).await,
        };
        let identified = if class.is_by_address() {
            Ok(identified.unwrap_or(anonymous))
        } else {
            identified
        };
        // A bad token counts on its address.
        let caller = *identified.as_ref().unwrap_or(&anonymous);
        visit.user = caller.user().map(|user| user.id);
        if let Some(policy) = class.policy(&caller) {
            let key = if identified.is_ok() {
                self.wanted_key(visit, request)
            } else {
                None
            };
            let by_address = class.is_by_address();
            let charge = Charge {
                policy: &policy,
                subject: &if by_address { anonymous } else { caller }.subject(),
                session: caller.user().filter(|_| !by_address).map(|user| user.session),
                key: key.as_deref(),
            };
            let Some(prefetched) = self.charge(visit, class, charge).await? else {
                return Err(self.refuse_ended(visit, class, anonymous).await);
            };
            request.extensions_mut().insert(prefetched);
        }
        let caller = identified?;
        if class == RateClass::SignedIn && caller.user().is_none() {
            return Err(sign_in_first());
        }
        if caller.user().is_some() {
            let roles = AskRoles(Arc::clone(&self.settings.roles));
            request.extensions_mut().insert(roles);
        }
        request.extensions_mut().insert(caller);
        Ok(())
    }

    async fn identify(&self, headers: &HeaderMap, anonymous: Caller) -> Result<Caller, ApiError> {
        let Some(sent) = headers.get(AUTHORIZATION) else {
            return Ok(anonymous);
        };
        let refuse = |message: &'static str| ApiError::Unauthorized(message.into());
        let token = sent.to_str().ok().and_then(bearer_token);
        let token =
            token.ok_or_else(|| refuse("Send `Authorization: Bearer <access token>`, or no such header."))?;
        let verified = match &self.settings.keys {
            Some(keys) => keys.verify(token, self.settings.clock.now()).await.ok(),
            None => None,
        };
        verified.map(Caller::User).ok_or_else(|| {
            refuse("This access token is not valid or has expired; get a new one, or leave the header out.")
        })
    }

    fn wanted_key(&self, visit: &Visit, request: &Request) -> Option<String> {
        let route = visit.route.as_deref()?;
        let prefetch = self
            .settings
            .prefetch
            .iter()
            .find(|prefetch| prefetch.route == route)?;
        (prefetch.key)(request.uri())
    }

    /// Charges a request; nothing when its session has ended.
    async fn charge(
        &self,
        visit: &mut Visit,
        class: RateClass,
        charge: Charge<'_>,
    ) -> Result<Option<Prefetched>, ApiError> {
        let verdict = match self.settings.limiter.charge(charge).await {
            Ok(verdict) => verdict,
            Err(down) if class == RateClass::Auth => return Err(ApiError::unavailable("Signing in", down)),
            Err(_) => {
                visit.limiter_down = true;
                let admission = self.fallback_limiter.decide(charge.policy, charge.subject);
                Verdict::Counted(admission, Prefetched::NotAsked)
            }
        };
        let Verdict::Counted(admission, prefetched) = verdict else {
            return Ok(None);
        };
        visit.admission = Some(admission);
        if admission.allowed {
            Ok(Some(prefetched))
        } else {
            Err(ApiError::RateLimited(admission))
        }
    }

    /// The token of an ended session is a bad one: it counts on its address.
    async fn refuse_ended(&self, visit: &mut Visit, class: RateClass, anonymous: Caller) -> ApiError {
        if let Some(policy) = class.policy(&anonymous) {
            let charge = Charge {
                policy: &policy,
                subject: &anonymous.subject(),
                session: None,
                key: None,
            };
            if let Err(refused) = self.charge(visit, class, charge).await {
                return refused;
            }
        }
        ApiError::Unauthorized("This session has ended; sign in again.".into())
    }

    /// Closes the envelope, sets what every answer carries, and writes the log line.
    fn send(&self, visit: &Visit, mut response: Response) -> Response {
        let failure = match response.extensions_mut().remove::<Draft>() {
            Some(Draft::Success(text)) => {
                fill(&mut response, envelope::close(text, self.settings.clock.now()));
                None
            }
            Some(Draft::Failure(error)) => {
                fill(
                    &mut response,
                    envelope::failure(&error, self.settings.clock.now()),
                );
                error.write_headers(response.headers_mut());
                Some(error)
            }
            None => None,
        };
        self.write_headers(visit, response.headers_mut());
        visit.log(self.settings.function, response.status(), failure.as_deref());
        response
    }

    fn write_headers(&self, visit: &Visit, headers: &mut HeaderMap) {
        if let Ok(id) = HeaderValue::try_from(&visit.id.0) {
            headers.insert(REQUEST_ID, id);
        }
        if let Some(admission) = &visit.admission {
            limits::write_headers(admission, headers);
        }
        Cors::write_headers(visit.origin.clone(), headers);
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if self.settings.production {
            let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
            headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
        }
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
        headers
            .entry(header::CONTENT_SECURITY_POLICY)
            .or_insert(HeaderValue::from_static(
                "default-src 'none'; frame-ancestors 'none'",
            ));
    }
}

/// What an answer says about whether anything can be written.
fn left(response: &Response) -> Left {
    match response.extensions().get::<Draft>() {
        Some(Draft::Failure(error)) if error.is_refused_write() => Left::Refused,
        Some(Draft::Failure(_)) => Left::Unclear,
        _ if response.status().is_success() => Left::Done,
        _ => Left::Unclear,
    }
}

fn fill(response: &mut Response, text: bytes::Bytes) {
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    *response.body_mut() = Body::from(text);
}

fn announces_too_much(headers: &HeaderMap) -> bool {
    let length = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    length.is_some_and(|length| length > BODY_LIMIT as u64)
}

/// Bodies that do not announce their length are counted as they are read; most requests have none.
fn limit_body(request: Request) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    request.map(|body| Body::new(Limited::new(body, BODY_LIMIT)))
}

fn bearer_token(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A handler panicked: a fault of ours, and the sandbox lives on.
#[derive(Debug, thiserror::Error)]
#[error("panicked: {0}")]
struct Panicked(String);

impl From<Box<dyn Any + Send>> for Panicked {
    fn from(payload: Box<dyn Any + Send>) -> Self {
        let text = payload.downcast_ref::<&str>().map(ToString::to_string);
        Self(
            text.or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_default(),
        )
    }
}
