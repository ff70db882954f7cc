//! `auth`: signing in with Google, refreshing, the user, their sessions, their data.
//!
//! Decides how tokens travel; whom they speak for is `services::auth`'s.

mod transport;

use axum::extract::State;
use axum::http::header::USER_AGENT;
use axum::http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use shared::app::App;
use shared::config::Section;
use shared::domain::identity::SessionId;
use shared::domain::wire::Utc;
use shared::http::{
    ApiError, ApiResult, Caller, Cursor, Envelope, Json, Origin, Page, PageLimit, Path, Query, RateClass,
    SignedIn,
};
use shared::lambda::{Effect, Function, Trigger};
use shared::services::auth::{
    self as service, AuthError, Client, Export, ExportCursor, Granted, Me, ShownSession, ShownUser, Transport,
};
use shared::sources::google::Exchange;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use transport::{RefreshBody, Sent};

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "auth",
    trigger: Trigger::Http,
    sections: &[
        Section::Database,
        Section::Cache,
        Section::Http,
        Section::Auth,
        Section::Identity,
    ],
    effect: Effect::Exempt,
};

const SESSIONS: &str = "/api/v1/auth/sessions";
const EXPORT: &str = "/api/v1/auth/me/export";

/// The routes of this function.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(google))
        .routes(routes!(refresh))
        .routes(routes!(log_out))
        .routes(routes!(me, erase))
        .routes(routes!(export))
        .routes(routes!(sessions, end_others))
        .routes(routes!(end_session))
}

/// What a client brings back from Google.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GoogleBody {
    /// The code that Google sent the browser back with; it can be used once.
    code: String,
    /// The PKCE verifier whose S256 challenge the sign-in began with.
    code_verifier: String,
    /// The page that the browser came back to, one of the allow-list.
    redirect_uri: String,
    /// The nonce that the sign-in began with.
    nonce: String,
}

/// What a client goes on with.
#[derive(Serialize, ToSchema)]
struct Tokens {
    /// Send it as `Authorization: Bearer <access_token>`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds until the access token runs out.
    #[schema(example = 900)]
    expires_in: i64,
    /// Gets the next access token; absent where it is in the cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// When the session is over unless it is refreshed before.
    #[schema(value_type = String, format = DateTime)]
    refresh_until: Utc,
    /// The session.
    #[schema(value_type = Uuid)]
    session_id: SessionId,
    /// Who is signed in.
    user: ShownUser,
}

type WithCookie<T> = Result<(HeaderMap, Envelope<T>), ApiError>;

/// Sign in with Google: exchanges the code, verifies the id token, begins a session.
///
/// A browser (a request with `Origin`) gets the refresh token in a cookie, any other client in the
/// answer. `state` is the client's own to check. 20 requests per 10 minutes per address, together with
/// refresh and logout.
#[utoipa::path(
    post,
    path = "/api/v1/auth/google",
    tag = "auth",
    request_body = GoogleBody,
    responses(
        (status = 200, body = shared::http::openapi::Success<Tokens>),
        (status = 401, description = "Google does not say whose account it is."),
        (status = 403, description = "The page's origin may not call us."),
    ),
    extensions(("x-rate-limit" = json!(RateClass::Auth)))
)]
async fn google(
    State(app): State<App>,
    origin: Origin,
    headers: HeaderMap,
    Json(body): Json<GoogleBody>,
) -> WithCookie<Tokens> {
    let transport = transport::of_new(origin)?;
    let exchange = Exchange {
        code: &body.code,
        code_verifier: &body.code_verifier,
        redirect_uri: &body.redirect_uri,
        nonce: &body.nonce,
    };
    let client = Client {
        transport,
        user_agent: user_agent(&headers),
    };
    let granted = service::with_google(&app, &exchange, client).await?;
    Ok(hand_over(&granted, transport, app.clock.now()))
}

/// A new access token, and a new refresh token in place of the one that is sent.
///
/// A refresh token that was replaced within the last 10 s gets the current one: several tabs may refresh
/// at once. One that was replaced before that ends its session.
#[utoipa::path(
    post,
    path = "/api/v1/auth/refresh",
    tag = "auth",
    request_body = Option<RefreshBody>,
    responses(
        (status = 200, body = shared::http::openapi::Success<Tokens>),
        (status = 401, description = "No session lives that has this token."),
        (status = 403, description = "A cookie from a page whose origin may not call us."),
    ),
    extensions(("x-rate-limit" = json!(RateClass::Session)))
)]
async fn refresh(
    State(app): State<App>,
    origin: Origin,
    headers: HeaderMap,
    body: Option<Json<RefreshBody>>,
) -> WithCookie<Tokens> {
    let Some(Sent { token, transport }) = transport::sent(&headers, origin, body)? else {
        return Err(ApiError::Unauthorized(
            "Send the refresh token: in the cookie, or as {\"refresh_token\":\"…\"}.".into(),
        ));
    };
    let token = token.ok_or(AuthError::NoSession)?;
    let granted = service::refresh(&app, &token, transport).await?;
    Ok(hand_over(&granted, transport, app.clock.now()))
}

/// Whether there was a session to end.
#[derive(Debug, Serialize, ToSchema)]
struct LoggedOut {
    /// False when it was over already.
    ended: bool,
}

/// End the session: of the refresh token that is sent, or of the access token when that ends none.
#[utoipa::path(
    post,
    path = "/api/v1/auth/logout",
    tag = "auth",
    request_body = Option<RefreshBody>,
    responses(
        (status = 200, body = shared::http::openapi::Success<LoggedOut>),
        (status = 401, description = "Neither token was sent."),
        (status = 403, description = "A cookie from a page whose origin may not call us."),
    ),
    extensions(("x-rate-limit" = json!(RateClass::Session)))
)]
async fn log_out(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
    body: Option<Json<RefreshBody>>,
) -> WithCookie<LoggedOut> {
    let (sent, user) = (transport::sent(&headers, origin, body)?, caller.user());
    if sent.is_none() && user.is_none() {
        return Err(ApiError::Unauthorized(
            "Send the refresh token or the access token of the session to end.".into(),
        ));
    }
    let mut ended = match sent.and_then(|sent| sent.token) {
        Some(token) => service::log_out(&app, &token).await?,
        None => false,
    };
    // Also where a refresh token came that ends nothing: whoever logs out must be out.
    if !ended && let Some(user) = user {
        ended = match service::end_one(&app, user, user.session).await {
            Ok(()) => true,
            Err(AuthError::NotTheirs) => false,
            Err(error) => return Err(error.into()),
        };
    }
    Ok((transport::forget(), Envelope::ok(LoggedOut { ended })))
}

/// The user who is signed in.
#[utoipa::path(
    get,
    path = "/api/v1/auth/me",
    tag = "auth",
    responses((status = 200, body = shared::http::openapi::Success<Me>)),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn me(State(app): State<App>, SignedIn(user): SignedIn) -> ApiResult<Me> {
    Ok(Envelope::ok(service::me(&app, user).await?))
}

/// Erased.
#[derive(Debug, Serialize, ToSchema)]
struct Erased {
    /// Always true.
    erased: bool,
}

/// Erase the account and all that is the user's, for good. May be repeated.
#[utoipa::path(
    delete,
    path = "/api/v1/auth/me",
    tag = "auth",
    responses((status = 200, body = shared::http::openapi::Success<Erased>)),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn erase(State(app): State<App>, SignedIn(user): SignedIn) -> WithCookie<Erased> {
    service::erase(&app, user).await?;
    Ok((transport::forget(), Envelope::ok(Erased { erased: true })))
}

/// Which part of the export.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    /// The `next_cursor` of the export before: the trades before its last one.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// All that is the user's, as one JSON document; of trades the newest 10,000, and where those before are.
#[utoipa::path(
    get,
    path = "/api/v1/auth/me/export",
    tag = "auth",
    params(ExportQuery),
    responses((status = 200, body = shared::http::openapi::Success<Export>)),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn export(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Query(query): Query<ExportQuery>,
) -> ApiResult<Export> {
    let filters = (EXPORT, user.id);
    let cursor = query
        .cursor
        .map(|cursor| cursor.open::<ExportCursor, _>(&filters));
    let mut export = service::export(&app, user, cursor.transpose()?).await?;
    export.next_cursor = export
        .next
        .map(|next| Cursor::seal(&next, &filters))
        .transpose()?;
    Ok(Envelope::ok(export))
}

/// Which sessions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SessionsQuery {
    /// Sessions a page, 1 to 100.
    #[serde(default)]
    #[param(inline)]
    limit: PageLimit<20, 100>,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// The user's sessions that live, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/auth/sessions",
    tag = "auth",
    params(SessionsQuery),
    responses((status = 200, body = shared::http::openapi::Success<Page<ShownSession>>)),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn sessions(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Query(query): Query<SessionsQuery>,
) -> ApiResult<Page<ShownSession>> {
    let filters = (SESSIONS, user.id);
    let before = query
        .cursor
        .map(|cursor| cursor.open::<(Timestamp, SessionId), _>(&filters));
    let before = before
        .transpose()?
        .unwrap_or_else(|| (Timestamp::MAX, Uuid::max().into()));
    let rows = service::list(&app, user.id, before, query.limit.rows()).await?;
    let page = Page::of(
        rows,
        query.limit.items(),
        &filters,
        |session| (session.created_at, session.id),
        |session| ShownSession::of(session, user.session),
    );
    Ok(Envelope::ok(page?))
}

/// How many sessions were ended.
#[derive(Debug, Serialize, ToSchema)]
struct Ended {
    /// How many lived until now.
    ended: usize,
}

/// End all sessions of the user but the one that asks.
#[utoipa::path(
    delete,
    path = "/api/v1/auth/sessions",
    tag = "auth",
    responses((status = 200, body = shared::http::openapi::Success<Ended>)),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn end_others(State(app): State<App>, SignedIn(user): SignedIn) -> ApiResult<Ended> {
    let ended = service::end_others(&app, user).await?;
    Ok(Envelope::ok(Ended { ended }))
}

/// End a session of the user.
#[utoipa::path(
    delete,
    path = "/api/v1/auth/sessions/{id}",
    tag = "auth",
    params(("id" = Uuid, Path, description = "A session's id.")),
    responses(
        (status = 200, body = shared::http::openapi::Success<Ended>),
        (status = 404, description = "The user has no such session that lives."),
    ),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn end_session(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Path(id): Path<Uuid>,
) -> ApiResult<Ended> {
    service::end_one(&app, user, id.into()).await?;
    Ok(Envelope::ok(Ended { ended: 1 }))
}

/// The tokens, each where it belongs.
fn hand_over(granted: &Granted, transport: Transport, now: Timestamp) -> (HeaderMap, Envelope<Tokens>) {
    let (headers, refresh_token) = match transport {
        Transport::Cookie => (
            transport::keep(&granted.refresh_token, granted.refresh_until, now),
            None,
        ),
        Transport::Body => (HeaderMap::new(), Some(granted.refresh_token.text())),
    };
    let tokens = Tokens {
        access_token: granted.access_token.expose_secret().to_owned(),
        token_type: "Bearer",
        expires_in: granted.access_until.duration_since(now).as_secs(),
        refresh_token,
        refresh_until: granted.refresh_until.into(),
        session_id: granted.session,
        user: ShownUser::from(&granted.account),
    };
    (headers, Envelope::ok(tokens))
}

fn user_agent(headers: &HeaderMap) -> Option<&str> {
    headers.get(USER_AGENT).map(HeaderValue::to_str)?.ok()
}
