//! The door as a client sees it: a few routes of every kind, driven without a socket.

mod answers;
mod cross_origin;
mod gate;
mod limits;
mod logs;
mod refusals;
mod table;
mod tokens;

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::ServiceExt;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::openapi::{Success, openapi};
use super::*;
use crate::clock::Clock;
use crate::domain::identity::UserId;
use crate::domain::tier::{Role, Tier};
use crate::ids::Ids;

const NOW: &str = "2024-03-01T00:02:00.123Z";
const ANN: &str = "203.0.113.7";
const ORIGIN: &str = "https://app.example.com";

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
enum Size {
    #[serde(rename = "small")]
    Small,
    #[serde(rename = "large")]
    Large,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ThingsQuery {
    #[param(inline)]
    size: Size,
    #[serde(default)]
    #[param(inline)]
    limit: PageLimit<20, 100>,
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Rfc3339>,
    named: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Thing {
    name: String,
    #[schema(value_type = f64)]
    parts: u8,
}

/// Things, newest first.
#[utoipa::path(get, path = "/api/v1/things", params(ThingsQuery), responses((status = 200, body = Success<Page<u32>>)),
    extensions(("x-rate-limit" = json!(RateClass::PublicRead))))]
async fn list(Query(query): Query<ThingsQuery>) -> ApiResult<Page<u32>> {
    let filters = (
        "/api/v1/things",
        query.size,
        query.since.map(|since| since.0),
        query.named,
    );
    let below = query
        .cursor
        .map_or(Ok(8), |cursor| cursor.open::<u32, _>(&filters))?;
    let rows: Vec<u32> = (1..below)
        .rev()
        .take(usize::try_from(query.limit.rows()).unwrap())
        .collect();
    Page::of(rows, query.limit.items(), &filters, |row| *row, |row| row).map(Envelope::ok)
}

/// One thing.
#[utoipa::path(get, path = "/api/v1/things/{id}", params(("id" = Uuid, Path)), responses((status = 200, body = Success<Thing>)),
    extensions(("x-rate-limit" = json!(RateClass::PublicRead))))]
async fn one(Path(id): Path<Uuid>) -> ApiResult<Thing> {
    Ok(Envelope::ok(Thing {
        name: id.to_string(),
        parts: 1,
    }))
}

/// A new thing.
#[utoipa::path(post, path = "/api/v1/things", request_body = Thing, responses((status = 201, body = Success<Thing>)),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn))))]
async fn create(_user: SignedIn, Json(thing): Json<Thing>) -> ApiResult<Thing> {
    Ok(Envelope::created(thing))
}

/// An answer from the cache.
#[utoipa::path(get, path = "/api/v1/scores", responses((status = 200)),
    extensions(("x-rate-limit" = json!(RateClass::Scores))))]
async fn scores(prefetched: Prefetched) -> ApiResult<RawJson> {
    let text = match prefetched {
        Prefetched::Found(text) => text,
        Prefetched::Absent => Bytes::from_static(b"\"absent\""),
        Prefetched::NotAsked => Bytes::from_static(b"{\"score\":0.50}"),
    };
    Ok(Envelope::ok(RawJson(text)))
}

/// Fails as told.
#[utoipa::path(get, path = "/api/v1/failures/{code}", params(("code" = String, Path)), responses((status = 200)),
    extensions(("x-rate-limit" = json!(RateClass::PublicRead))))]
async fn fail(Path(code): Path<String>) -> ApiResult<()> {
    let secret = std::io::Error::other("password=hunter2");
    let outer = || std::io::Error::other(LimiterDown(Box::new(std::io::Error::other("password=hunter2"))));
    Err(match code.as_str() {
        "validation" => ApiError::validation("Send less."),
        "balance" => ApiError::InsufficientBalance(
            Refusal::from("You have 5 USD; send at most that.").with_details(json!({ "available": "5" })),
        ),
        "unauthorized" => ApiError::Unauthorized("Sign in first.".into()),
        "forbidden" => ApiError::Forbidden("Not yours.".into()),
        "not-found" => ApiError::not_found("No such thing."),
        "strategy" => ApiError::StrategyNotFound("There is no strategy `x`.".into()),
        "conflict" => ApiError::Conflict("You follow it already.".into()),
        "read-only" => ApiError::ReadOnly {
            refusal: "Writes are off until noon.".into(),
            retry_after: std::time::Duration::from_secs(7),
            source: Some(secret.into()),
        },
        "maintenance" => ApiError::Maintenance {
            refusal: "Back at noon.".into(),
            retry_after: std::time::Duration::from_mins(1),
        },
        "unavailable" => ApiError::unavailable("The database", outer()),
        "models" => ApiError::ModelsUnavailable(secret.into()),
        "panic" => panic!("password=hunter2"),
        _ => ApiError::internal(outer()),
    })
}

/// For administrators.
#[utoipa::path(get, path = "/api/v1/admin", responses((status = 200)),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn))))]
async fn admin(Admin(user): Admin) -> ApiResult<Uuid> {
    Ok(Envelope::ok(user.id.uuid()))
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/auth/google", responses((status = 200)),
    extensions(("x-rate-limit" = json!(RateClass::Auth))))]
async fn sign_in(caller: Caller) -> ApiResult<String> {
    Ok(Envelope::ok(caller.subject().to_string()))
}

/// Goes on.
#[utoipa::path(post, path = "/api/v1/auth/refresh", responses((status = 200)),
    extensions(("x-rate-limit" = json!(RateClass::Session))))]
async fn refresh(caller: Caller) -> ApiResult<String> {
    Ok(Envelope::ok(caller.subject().to_string()))
}

/// Never answers.
#[utoipa::path(get, path = "/api/v1/waits", responses((status = 200)),
    extensions(("x-rate-limit" = json!(RateClass::None))))]
async fn wait() -> Response {
    std::future::pending().await
}

/// Says it lives.
#[utoipa::path(get, path = "/health", responses((status = 200)),
    extensions(("x-rate-limit" = json!(RateClass::None))))]
async fn health() -> Response {
    axum::Json(json!({ "status": "healthy" })).into_response()
}

fn router() -> OpenApiRouter {
    OpenApiRouter::default()
        .routes(routes!(list, create))
        .routes(routes!(one))
        .routes(routes!(scores))
        .routes(routes!(fail))
        .routes(routes!(admin))
        .routes(routes!(sign_in))
        .routes(routes!(refresh))
        .routes(routes!(health))
        .routes(routes!(wait))
}

/// A limiter that can be switched off, with a cache of one value; sessions end all at once.
struct TestLimiter {
    local: LocalLimiter,
    down: AtomicBool,
    ended: AtomicBool,
}

impl RateLimiter for TestLimiter {
    fn charge<'a>(&'a self, charge: Charge<'a>) -> BoxFuture<'a, Result<Verdict, LimiterDown>> {
        Box::pin(async move {
            if self.down.load(Ordering::SeqCst) {
                return Err(LimiterDown("connection refused".into()));
            }
            if charge.session.is_some() && self.ended.load(Ordering::SeqCst) {
                return Ok(Verdict::SessionEnded);
            }
            let admission = self.local.decide(charge.policy, charge.subject);
            let prefetched = match charge.key {
                None => Prefetched::NotAsked,
                Some("newest:known") => Prefetched::Found(Bytes::from_static(b"\"cached\"")),
                Some(_) => Prefetched::Absent,
            };
            Ok(Verdict::Counted(admission, prefetched))
        })
    }
}

/// The roles as a database would have them: of one user, or of nobody, or not to be had.
struct TestRoles(Mutex<Result<Option<Role>, &'static str>>);

impl Roles for TestRoles {
    fn role_of(&self, _: UserId) -> BoxFuture<'_, Result<Option<Role>, BoxError>> {
        let role = *self.0.lock().unwrap();
        Box::pin(async move { role.map_err(BoxError::from) })
    }
}

/// A gate that is open, or told what to refuse, and remembers how what it let in ended.
#[derive(Default)]
struct TestGate {
    shut: Mutex<Option<&'static str>>,
    full: AtomicBool,
    left: Arc<Mutex<Vec<Left>>>,
}

impl Gate for TestGate {
    fn admit<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Result<(), ApiError>> {
        let is_shut = *self.shut.lock().unwrap() == Some(asked.route);
        Box::pin(async move {
            if is_shut {
                return Err(ApiError::Maintenance {
                    refusal: "Back at noon.".into(),
                    retry_after: std::time::Duration::from_mins(1),
                });
            }
            Ok(())
        })
    }

    fn enter(&self, _: Asked<'_>) -> Result<Pass, ApiError> {
        if self.full.load(Ordering::SeqCst) {
            return Err(ApiError::ReadOnly {
                refusal: "Not now.".into(),
                retry_after: std::time::Duration::from_secs(2),
                source: None,
            });
        }
        let left = self.left.clone();
        Ok(Pass::watched(move |how| left.lock().unwrap().push(how)))
    }
}

/// The door around the test routes, and a clock that stands still.
struct TestDoor {
    router: axum::Router,
    clock: Clock,
    limiter: Arc<TestLimiter>,
    roles: Arc<TestRoles>,
    gate: Arc<TestGate>,
    keys: TokenKeys,
}

fn key(kid: &str, secret: &str) -> TokenKey {
    TokenKey {
        kid: kid.to_owned(),
        secret: SecretString::from(secret.to_owned()),
    }
}

impl TestDoor {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut HttpSettings)) -> Self {
        let clock = Clock::fixed(NOW.parse::<Timestamp>().unwrap());
        let keys = TokenKeys::new(&key("k1", &"s".repeat(32)), &[]).unwrap();
        let local = LocalLimiter::new(clock.clone());
        let limiter = Arc::new(TestLimiter {
            local,
            down: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        });
        let roles = Arc::new(TestRoles(Mutex::new(Ok(Some(Role::Admin)))));
        let gate = Arc::new(TestGate::default());
        let mut settings = HttpSettings {
            allowed_origins: vec![ORIGIN.to_owned()],
            keys: Some(KeyRing::fixed(keys.clone())),
            roles: roles.clone(),
            clock: clock.clone(),
            gate: gate.clone(),
            limiter: limiter.clone(),
            prefetch: vec![Prefetch {
                route: "/api/v1/scores",
                key: |uri| Some(format!("newest:{}", uri.query()?)),
            }],
            ids: Ids::counted(),
            function: "things",
            production: false,
        };
        change(&mut settings);
        let (router, api) = router().split_for_parts();
        let router = stack(router, RouteTable::of(&api).unwrap(), settings).unwrap();
        Self {
            router,
            clock,
            limiter,
            roles,
            gate,
            keys,
        }
    }

    fn token(&self, tier: Tier, role: Role) -> String {
        let user = User {
            id: Uuid::from_u128(7).into(),
            session: Uuid::from_u128(8).into(),
            tier,
            role,
        };
        let identity = Identity {
            user,
            token_id: Uuid::from_u128(9),
            session_ends: None,
        };
        self.keys.sign(&identity, self.clock.now()).unwrap()
    }

    async fn get(&self, target: &str) -> Answered {
        self.send(request(target)).await
    }

    async fn get_as(&self, token: &str, target: &str) -> Answered {
        let mut request = request(target);
        request
            .headers_mut()
            .insert("authorization", format!("Bearer {token}").parse().unwrap());
        self.send(request).await
    }

    async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = body.collect().await.unwrap().to_bytes();
        Answered {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(text.to_vec()).unwrap(),
        }
    }
}

/// A GET from Ann's address.
fn request(target: &str) -> Request<Body> {
    let mut request = Request::get(target).body(Body::empty()).unwrap();
    request
        .extensions_mut()
        .insert(ClientAddress(Some(ANN.parse::<IpAddr>().unwrap())));
    request
}

fn with_method(method: Method, target: &str) -> Request<Body> {
    let mut request = request(target);
    *request.method_mut() = method;
    request
}

/// What came back.
#[derive(Debug)]
struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answered {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {:?}", self.text))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Status, code and message: what most refusals are told apart by.
    fn refusal(&self) -> (u16, String, String) {
        let json = self.json();
        assert_eq!(json["success"], false);
        assert_eq!(json["timestamp"], NOW);
        let text = |name: &str| json["error"][name].as_str().unwrap().to_owned();
        (self.status.as_u16(), text("code"), text("message"))
    }
}
