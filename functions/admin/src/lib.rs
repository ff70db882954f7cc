//! `admin`: what the platform costs, which jobs ran, what locks scheduled orders; the operator's lock; the
//! mode of operation.
//!
//! Shows no user's data and changes none.

use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::app::App;
use shared::config::Section;
use shared::db::job_runs::{Filter, RunStatus};
use shared::domain::costs::{LONGEST_SPAN, Span, utc_day};
use shared::domain::decision::LockReason;
use shared::domain::modes::{Mode, Wish};
use shared::http::{
    Admin, ApiError, ApiResult, Cursor, Envelope, Json, Page, PageLimit, Path, Query, RateClass, Rfc3339,
};
use shared::lambda::{Effect, Function, Trigger};
use shared::services::costs::{self, CostReport, DAILY_REPORT};
use shared::services::modes::{self, ModeView};
use shared::services::operator::{self, Actor, LockView, Run};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "admin",
    trigger: Trigger::Http,
    sections: &[
        Section::Database,
        Section::Cache,
        Section::Http,
        Section::Auth,
        Section::Budget,
    ],
    effect: Effect::Exempt,
};

/// The routes of this function.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(cost_report))
        .routes(routes!(jobs))
        .routes(routes!(locks))
        .routes(routes!(lock, unlock))
        .routes(routes!(mode, set_mode))
}

/// How many days: a whole number within the limits of a report.
type Days = PageLimit<DAILY_REPORT, LONGEST_SPAN>;

/// How many days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct CostsQuery {
    /// Days of the report, today included: 1 to 731, 30 when left out.
    #[serde(default)]
    #[param(inline)]
    days: Days,
}

/// The cost report of the last days, the running one included.
#[utoipa::path(
    get,
    path = "/api/v1/admin/costs",
    tag = "admin",
    params(CostsQuery),
    responses((status = 200, body = shared::http::openapi::Success<CostReport>), (status = 403, description = "Not an administrator.")),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn cost_report(
    State(app): State<App>,
    _: Admin,
    Query(query): Query<CostsQuery>,
) -> ApiResult<CostReport> {
    let now = app.clock.now();
    let days = u16::try_from(query.days.items()).unwrap_or(LONGEST_SPAN);
    let span = Span::ending(utc_day(now), days);
    let report = costs::report(&app.db, span, app.config.daily_cap_usd(), now).await?;
    Ok(Envelope::ok(report))
}

/// A job's name as a parameter.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
struct JobName(String);

impl<'de> Deserialize<'de> for JobName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let text = String::deserialize(deserializer)?;
        let is_name = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if is_name {
            Ok(Self(text))
        } else {
            Err(D::Error::custom("must be a task's name, such as collect-prices"))
        }
    }
}

/// A run's status as a parameter.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Running,
    Done,
    Failed,
}

impl From<Status> for RunStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Running => Self::Running,
            Status::Done => Self::Done,
            Status::Failed => Self::Failed,
        }
    }
}

/// Which runs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct JobsQuery {
    /// Of this job only.
    #[param(value_type = Option<String>, example = "collect-prices")]
    job: Option<JobName>,
    /// In this status only.
    #[param(inline)]
    status: Option<Status>,
    /// Runs a page, 1 to 100.
    #[serde(default)]
    #[param(inline)]
    limit: PageLimit<20, 100>,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Runs of scheduled jobs, newest first by the time they are for.
#[utoipa::path(
    get,
    path = "/api/v1/admin/jobs",
    tag = "admin",
    params(JobsQuery),
    responses((status = 200, body = shared::http::openapi::Success<Page<Run>>), (status = 403, description = "Not an administrator.")),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn jobs(State(app): State<App>, _: Admin, Query(query): Query<JobsQuery>) -> ApiResult<Page<Run>> {
    let filters = ("admin/jobs", &query.job, query.status);
    let before: Option<(Rfc3339, JobName)> = query.cursor.map(|cursor| cursor.open(&filters)).transpose()?;
    let filter = Filter {
        job: query.job.as_ref().map(|JobName(name)| name.as_str()),
        status: query.status.map(Into::into),
        before: before
            .as_ref()
            .map_or((Timestamp::MAX, ""), |(Rfc3339(time), JobName(job))| {
                (*time, job.as_str())
            }),
    };
    let rows = operator::runs(&app.db, filter, query.limit.rows()).await?;
    let page = Page::of(
        rows,
        query.limit.items(),
        &filters,
        |run| (run.scheduled_at, run.job.clone()),
        Run::from,
    )?;
    Ok(Envelope::ok(page))
}

/// Which locks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LocksQuery {
    /// Past locks a page, 1 to 100.
    #[serde(default)]
    #[param(inline)]
    limit: PageLimit<20, 100>,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// What locks, and what has locked.
#[derive(Debug, Serialize, ToSchema)]
struct Locks {
    /// Those in force, on every page.
    in_force: Vec<LockView>,
    /// Those that have ended, newest first.
    #[serde(flatten)]
    past: Page<LockView>,
}

/// What locks scheduled orders now, and page by page what has locked them before.
#[utoipa::path(
    get,
    path = "/api/v1/admin/locks",
    tag = "admin",
    params(LocksQuery),
    responses((status = 200, body = shared::http::openapi::Success<Locks>), (status = 403, description = "Not an administrator.")),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn locks(State(app): State<App>, _: Admin, Query(query): Query<LocksQuery>) -> ApiResult<Locks> {
    let filters = "admin/locks";
    let before: Option<(Rfc3339, LockReason)> =
        query.cursor.map(|cursor| cursor.open(filters)).transpose()?;
    let before = before.map_or((Timestamp::MAX, ""), |(Rfc3339(since), reason)| {
        (since, reason.as_str())
    });
    let rows = operator::past_locks(&app, before, query.limit.rows()).await?;
    let past = Page::of(
        rows,
        query.limit.items(),
        filters,
        |lock| (lock.since, lock.reason),
        LockView::from,
    )?;
    let in_force = operator::locks_in_force(&app).await?;
    Ok(Envelope::ok(Locks { in_force, past }))
}

/// Why orders are to be locked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLock {
    /// Why, and who to ask: a line of 1 to 300 characters. Everybody sees it with the scores.
    #[schema(example = "The exchange migrates tonight; ask Ann.")]
    detail: String,
    /// When it ends by itself; left out: when it is lifted.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Rfc3339>,
}

/// Locks scheduled orders: `operator` is the one reason that is set by hand.
///
/// A lock that stands with other words or another end ends now, and this one begins. The same again
/// changes nothing.
#[utoipa::path(
    put,
    path = "/api/v1/admin/locks/{reason}",
    tag = "admin",
    params(("reason" = String, Path, description = "`operator`.")),
    request_body = NewLock,
    responses((status = 200, body = shared::http::openapi::Success<LockView>), (status = 403, description = "Not an administrator.")),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn lock(
    State(app): State<App>,
    admin: Admin,
    Path(reason): Path<String>,
    Json(wanted): Json<NewLock>,
) -> ApiResult<LockView> {
    operators_own(&reason)?;
    let until = wanted.until.map(|Rfc3339(until)| until);
    let locked = operator::lock(&app, &actor(admin), &wanted.detail, until).await?;
    Ok(Envelope::ok(locked))
}

/// Lifts the operator's lock. 404 when there is none.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/locks/{reason}",
    tag = "admin",
    params(("reason" = String, Path, description = "`operator`.")),
    responses((status = 200, body = shared::http::openapi::Success<LockView>), (status = 403, description = "Not an administrator."), (status = 404, description = "No lock of an operator is in force.")),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn unlock(State(app): State<App>, admin: Admin, Path(reason): Path<String>) -> ApiResult<LockView> {
    operators_own(&reason)?;
    Ok(Envelope::ok(operator::unlock(&app, &actor(admin)).await?))
}

/// The mode of operation, who set it, and whether the database takes writes.
#[utoipa::path(
    get,
    path = "/api/v1/admin/mode",
    tag = "admin",
    responses((status = 200, body = shared::http::openapi::Success<ModeView>), (status = 403, description = "Not an administrator.")),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn mode(State(app): State<App>, _: Admin) -> ApiResult<ModeView> {
    Ok(Envelope::ok(modes::show(&app).await?))
}

/// The mode that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMode {
    /// `normal`; `read_only`: changes are refused; `maintenance`: everything but health is.
    #[schema(value_type = String, example = "read_only")]
    mode: Mode,
    /// What users are told: a line of 1 to 300 characters. Left out, they are told a sentence of ours.
    #[serde(default)]
    #[schema(example = "The database is moved until 12:00 UTC.")]
    notice: Option<String>,
    /// When it is normal again by itself, within 30 days; left out: when that is set.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Rfc3339>,
}

/// Sets the mode of operation for the whole platform, which follows within 5 seconds, and tells everybody.
///
/// It goes on in every mode. The same again changes nothing and tells nobody.
#[utoipa::path(
    put,
    path = "/api/v1/admin/mode",
    tag = "admin",
    request_body = NewMode,
    responses((status = 200, body = shared::http::openapi::Success<ModeView>), (status = 403, description = "Not an administrator.")),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn set_mode(State(app): State<App>, admin: Admin, Json(wanted): Json<NewMode>) -> ApiResult<ModeView> {
    let until = wanted.until.map(|Rfc3339(until)| until);
    let wish = Wish::new(wanted.mode, wanted.notice.as_deref(), until, app.clock.now())?;
    Ok(Envelope::ok(modes::set(&app, &actor(admin), &wish).await?))
}

/// The other locks follow their causes: one that was lifted by hand would hide a cause that goes on.
fn operators_own(reason: &str) -> Result<(), ApiError> {
    if reason == LockReason::Operator.as_str() {
        return Ok(());
    }
    Err(ApiError::parameter(
        "reason",
        "be operator: every other lock is set by its cause and lifts itself when that ends",
    ))
}

fn actor(Admin(user): Admin) -> Actor {
    Actor {
        user: Some(user.id),
        session: Some(user.session),
        name: user.id.to_string(),
    }
}
