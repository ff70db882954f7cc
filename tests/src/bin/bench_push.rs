//! Benchmark: one notice to a thousand clients, from its commit to each client that has it.
//!
//! First over real WebSockets of the local process, then through a fake API Gateway whose posts take
//! ten milliseconds; each with every client alive, and with a tenth of them dead: sockets that never
//! read and whose queues are full, posts that get no answer. Beside each, in the same run: the same
//! posts one after the other.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use automoney::local::{self, Hub};
use futures_util::StreamExt as _;
use serde_json::json;
use shared::app::App;
use shared::clock::{Clock, Stopwatch};
use shared::config::{Config, Environment, Section};
use shared::ids::Ids;
use shared::secrets::EnvironmentSecrets;
use shared::services::push::tickets::{self, Holder};
use shared::services::push::{deliver_after_commit, tell};
use tests::database::Database;
use tests::gateway::{FakeGateway, Fault};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};
use uuid::Uuid;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const CLIENTS: usize = 1_000;
const DEAD: usize = CLIENTS / 10;
const ROUNDS: usize = 5;

/// What a post through the gateway takes.
const POST: Duration = Duration::from_millis(10);

/// Longer than any of it takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// So little that the queue on the other side fills early.
const DEAF_BUFFER: u32 = 4_096;

#[tokio::main]
async fn main() -> ExitCode {
    match measure().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench_push: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure() -> Result<(), Failure> {
    println!(
        "one notice to {CLIENTS} clients, {ROUNDS} rounds; milliseconds from the commit to a client's receipt"
    );
    let (alive, one_by_one) = local_sockets(0).await?;
    report("local sockets, all alive", alive);
    report("baseline: one after the other", one_by_one);
    let (with_dead, _) = local_sockets(DEAD).await?;
    report("local sockets, a tenth does not read: the rest", with_dead);
    let (alive, one_by_one) = gateway(0).await?;
    report("gateway, all alive", alive);
    report("baseline: one after the other", one_by_one);
    let (with_dead, _) = gateway(DEAD).await?;
    report("gateway, a tenth hangs: the rest", with_dead);
    Ok(())
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!(
        "{name:<50} n {:>5}   p50 {:>8.1}   p95 {:>8.1}   max {:>8.1}",
        times.len(),
        at(50),
        at(95),
        at(100)
    );
}

/// A process's state on a database of its own, with a thousand people.
struct Stage {
    database: Database,
    app: App,
    people: Vec<Uuid>,
}

impl Stage {
    async fn set() -> Result<Self, Failure> {
        let database = Database::fresh().await;
        let redis = Environment::process()
            .get("REDIS_URL")
            .ok_or("REDIS_URL")?
            .to_owned();
        let told = Environment::from([
            ("ENVIRONMENT", "test".to_owned()),
            ("DATABASE_URL", database.url().to_owned()),
            ("DATABASE_MAX_CONNECTIONS", "10".to_owned()),
            ("REDIS_URL", redis),
            ("CACHE_NAMESPACE", format!("bench-{}", Ids::random().next())),
        ]);
        let config = Config::load(&told, &Section::ALL, &EnvironmentSecrets).await?;
        let app = App::new(config, Clock::system(), Ids::random())?;
        let fill = format!(
            "INSERT INTO users
             SELECT gen_random_uuid(), 'sub-' || n, n || '@example.com', NULL, 'user', 'free', now(), now()
             FROM generate_series(1, {CLIENTS}) AS n RETURNING id"
        );
        let rows = database.client().await.query(&fill, &[]).await?;
        let people = rows.iter().map(|row| row.get(0)).collect();
        Ok(Self {
            database,
            app,
            people,
        })
    }
}

/// Tells everybody; gives the watch that began at the commit. Delivery goes on beside it.
async fn commit(app: &App) -> Result<Stopwatch, Failure> {
    tell::everyone(app, &json!({"text": "Maintenance at 12:30 UTC."})).await?;
    let watch = Stopwatch::start();
    let app = app.clone();
    tokio::spawn(async move { deliver_after_commit(&app, None).await });
    Ok(watch)
}

type Socket = WebSocketStream<TcpStream>;

async fn opens(
    stage: &Stage,
    address: std::net::SocketAddr,
    user: Uuid,
    is_deaf: bool,
) -> Result<Socket, Failure> {
    let holder = Holder {
        user: user.into(),
        session: stage.app.ids.next().into(),
    };
    let ticket = tickets::issue(&stage.app, holder).await?.ticket;
    let socket = TcpSocket::new_v4()?;
    if is_deaf {
        socket.set_recv_buffer_size(DEAF_BUFFER)?;
    }
    let stream = socket.connect(address).await?;
    stream.set_nodelay(true)?;
    let (socket, _) = client_async(format!("ws://{address}/ws?ticket={ticket}"), stream).await?;
    Ok(socket)
}

/// The times of all rounds, and those of the baseline.
async fn local_sockets(dead: usize) -> Result<(Vec<Duration>, Vec<Duration>), Failure> {
    let stage = Stage::set().await?;
    let hub = Arc::new(Hub::default());
    let mut app = stage.app.clone();
    app.push = Some(hub.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let service = local::router(&app, &hub)?.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let serving = tokio::spawn(async move { axum::serve(listener, service).await });

    let (silent, hearing) = stage.people.split_at(dead);
    let (arrived, mut arrivals) = mpsc::unbounded_channel();
    for user in hearing {
        let mut socket = opens(&stage, address, *user, false).await?;
        let arrived = arrived.clone();
        tokio::spawn(async move {
            while let Some(Ok(message)) = socket.next().await {
                if matches!(message, Message::Text(_)) && arrived.send(()).is_err() {
                    return;
                }
            }
        });
    }
    let (mut times, mut one_by_one) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // New ones each round: what does not read is dropped within ten seconds.
        let mut unread = Vec::new();
        for user in silent {
            unread.push(opens(&stage, address, *user, true).await?);
        }
        fill_queues(&stage, &hub, silent).await?;
        let watch = commit(&app).await?;
        for _ in hearing {
            tokio::time::timeout(PATIENCE, arrivals.recv()).await?;
            times.push(watch.elapsed());
        }
        drop(unread);
        settle(&stage).await?;
    }
    if dead == 0 {
        let names = stage
            .database
            .client()
            .await
            .query("SELECT id FROM push_connections", &[])
            .await?;
        for _ in 0..ROUNDS {
            let watch = Stopwatch::start();
            for row in &names {
                hub.put(row.get(0), r#"{"event":"system:notice"}"#.to_owned())?;
                tokio::time::timeout(PATIENCE, arrivals.recv()).await?;
                one_by_one.push(watch.elapsed());
            }
        }
    }
    serving.abort();
    Ok((times, one_by_one))
}

/// Puts messages into the queues of those that do not read until there is room for a handful.
async fn fill_queues(stage: &Stage, hub: &Hub, deaf: &[Uuid]) -> Result<(), Failure> {
    let of_deaf = "SELECT id FROM push_connections WHERE user_id = ANY($1)";
    let names = stage.database.client().await.query(of_deaf, &[&deaf]).await?;
    let bulk = "x".repeat(4_096);
    for part in [250, 200] {
        for row in &names {
            for _ in 0..part {
                // One that is full already is gone: as dead as it can be.
                if hub.put(row.get(0), bulk.clone()).is_err() {
                    break;
                }
            }
        }
        // Their writers get stuck in the sockets' buffers.
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

/// Waits until nothing of a round is being delivered any more.
async fn settle(stage: &Stage) -> Result<(), Failure> {
    let client = stage.database.client().await;
    let busy = "SELECT count(*) FROM push_streams WHERE delivered_seq < last_seq OR held_until > now()";
    loop {
        let count: i64 = client.query_one(busy, &[]).await?.get(0);
        if count == 0 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn gateway(dead: usize) -> Result<(Vec<Duration>, Vec<Duration>), Failure> {
    let stage = Stage::set().await?;
    let gateway = FakeGateway::start().await;
    gateway.takes(POST);
    let app = gateway.before(&stage.app);
    let client = stage.database.client().await;
    for (number, user) in stage.people.iter().enumerate() {
        let name = format!("connection-{number}");
        let sql = "WITH stream AS (
                       INSERT INTO push_streams VALUES ($1, 0, now() + interval '1 day', 0) RETURNING user_id
                   )
                   INSERT INTO push_connections (id, user_id, session_id, connected_at, last_seen_at, expires_at, sent_seq)
                   SELECT $2, user_id, gen_random_uuid(), now() - interval '1 minute', now(), now() + interval '1 hour', 0
                   FROM stream";
        client.execute(sql, &[user, &name]).await?;
        // Spread over all of them, as it would be.
        if dead > 0 && number % (CLIENTS / dead) == 0 {
            gateway.breaks(&name, Fault::Hangs);
        }
    }
    let (mut times, mut one_by_one) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let before = gateway.posted().len();
        let committed = gateway.elapsed();
        commit(&app).await?;
        settle(&stage).await?;
        let posted = gateway.posted();
        let arrived = posted[before..].iter();
        times.extend(arrived.map(|posted| posted.after.saturating_sub(committed)));
        client
            .execute("UPDATE push_connections SET retry_at = NULL", &[])
            .await?;
    }
    if times.len() != ROUNDS * (CLIENTS - dead) {
        return Err(format!("{} messages arrived", times.len()).into());
    }
    if dead == 0 {
        let push = app.push.as_ref().ok_or("a way to the gateway")?;
        let watch = Stopwatch::start();
        for number in 0..CLIENTS {
            push.post(&format!("connection-{number}"), "{}").await?;
            one_by_one.push(watch.elapsed());
        }
    }
    Ok((times, one_by_one))
}
