//! `automoney local`: all routes on one port, all schedules in one process, until it is told to stop.

use std::future::IntoFuture as _;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use jiff::Timestamp;
use shared::app::App;
use shared::config::Section;
use shared::http::{ClientAddress, DoorError, door};
use shared::lambda::Trigger;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::hub::Hub;
use super::process::Process;
use super::schedule::{Schedule, ScheduleError};
use super::signals::Signals;
use super::signin;
use super::sockets;
use crate::registry::{self, TaskFunction, scheduled_functions};

/// The name under which the merged routes log.
const NAME: &str = "local";

/// How long open requests may take to end after Ctrl-C.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why serving ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port cannot be had.
    #[error("port {port} cannot be listened on; --port takes another")]
    Port {
        /// Which port.
        port: u16,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The routes cannot be put together.
    #[error(transparent)]
    Door(#[from] DoorError),
    /// A schedule cannot be followed here.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// The server failed.
    #[error("the server failed")]
    Server(#[source] std::io::Error),
    /// Signals cannot be listened for.
    #[error("signals cannot be received")]
    Signals(#[source] std::io::Error),
}

/// Every route of the bundle behind one stack, as one process serves them, the WebSockets of `hub`, and
/// a page to try the sign-in, which is not part of the bundle.
pub fn router(app: &App, hub: &Arc<Hub>) -> Result<axum::Router, DoorError> {
    let routes = door(app, NAME, registry::routes(), agent_scores::PREFETCH)?;
    // Merged into them these would take their answer to unknown paths away.
    let all = signin::routes(app)
        .merge(sockets::route(app, hub))
        .fallback_service(routes);
    Ok(all.layer(from_fn(note_address)))
}

/// Puts the socket's address where the gateway's would be.
async fn note_address(mut request: Request, next: Next) -> Response {
    let socket = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(socket)| socket.ip());
    request.extensions_mut().insert(ClientAddress(socket));
    next.run(request).await
}

/// A port that is ours, before anything is served on it.
#[derive(Debug)]
pub struct Door {
    listener: TcpListener,
    address: SocketAddr,
}

impl Door {
    /// Takes the port; 0 for a free one.
    pub async fn open(port: u16) -> Result<Self, ServeError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|source| ServeError::Port { port, source })?;
        let address = listener.local_addr().map_err(ServeError::Server)?;
        Ok(Self { listener, address })
    }

    /// Which port it is.
    pub const fn port(&self) -> u16 {
        self.address.port()
    }
}

/// Fills the database, then serves and follows the schedules until SIGINT or SIGTERM.
pub async fn run(process: &Process, Door { listener, address }: Door) -> Result<(), ServeError> {
    let mut told_to_stop = Signals::listen().map_err(ServeError::Signals)?;
    let service = router(&process.app, &process.hub)?.into_make_service_with_connect_info::<SocketAddr>();
    let schedules = schedules()?;

    eprintln!(
        "reading {} into {}",
        process.feed.description,
        process.database.place()
    );
    tokio::select! {
        () = run_all_now(&process.app) => {}
        () = told_to_stop.next() => return Ok(()),
    }
    let mut background = JoinSet::new();
    for (task, schedule) in schedules {
        background.spawn(follow(process.app.clone(), task, schedule));
    }
    let (stop, stopped) = oneshot::channel::<()>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        // Whether told or dropped: it is time to stop.
        let _ = stopped.await;
    });
    let serving = tokio::spawn(server.into_future());
    greet(address);

    told_to_stop.next().await;
    eprintln!("stopping");
    drop(stop);
    let ended = tokio::time::timeout(PATIENCE, serving).await;
    background.shutdown().await;
    match ended {
        Ok(Ok(outcome)) => outcome.map_err(ServeError::Server),
        // Whoever is still being answered by then is cut off; that is no failure of ours.
        Ok(Err(_)) | Err(_) => Ok(()),
    }
}

/// One round of everything that makes what requests read, so that the first one finds something. What fails is
/// tried again by its schedule, and backups are left to theirs.
async fn run_all_now(app: &App) {
    for task in scheduled_functions().filter(|task| !task.function.sections.contains(&Section::Backups)) {
        run_logged(app, &task, app.clock.now()).await;
    }
}

fn schedules() -> Result<Vec<(TaskFunction, Schedule)>, ScheduleError> {
    let tasks = scheduled_functions().filter_map(|task| match task.function.trigger {
        Trigger::Schedule(expression) => Some((task, expression)),
        _ => None,
    });
    tasks
        .map(|(task, expression)| Ok((task, Schedule::from_event_bridge(expression)?)))
        .collect()
}

/// Runs a task whenever it is due, one run after the other.
async fn follow(app: App, task: TaskFunction, schedule: Schedule) {
    let mut last = app.clock.now();
    while let Some(due) = schedule.next_after(last.max(app.clock.now())) {
        let wait = Duration::try_from(due.duration_since(app.clock.now())).unwrap_or_default();
        tokio::time::sleep(wait).await;
        run_logged(&app, &task, due).await;
        last = due;
    }
}

async fn run_logged(app: &App, task: &TaskFunction, due: Timestamp) {
    let job = task.function.name;
    match task.run_for(app, due).await {
        Ok(result) => tracing::info!(job, scheduled_at = %due, result = %result, "a task is done"),
        Err(error) => {
            tracing::error!(job, scheduled_at = %due, error = &error as &dyn std::error::Error, "a task failed");
        }
    }
}

fn greet(address: SocketAddr) {
    let text = format!(
        "AutoMoney serves on http://{address}\n\
         \x20 scores    curl http://{address}/api/v1/agents/scores\n\
         \x20 candles   curl 'http://{address}/api/v1/market/BTCUSDT/candles?timeframe=4h&limit=3'\n\
         \x20 events    ws://{address}/ws?ticket=…, the ticket from POST /api/v1/push/ticket\n\
         \x20 ready?    curl http://{address}/health/ready\n\
         \x20 the API   http://{address}/docs\n\
         \x20 sign in   http://{address}{}\n\
         Ctrl-C stops it.\n",
        signin::PATH
    );
    // Whoever reads the first line only must not end the server.
    let _ = std::io::stdout().write_all(text.as_bytes());
}
