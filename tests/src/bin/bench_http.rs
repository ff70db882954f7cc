//! Benchmark: what the newest scores cost from the cache, beside a bare route.
//!
//! The subject is the local process, started from the given binary. The baseline is an axum router
//! with one route that does one Redis GET and returns the same bytes, in a process of its own. Both
//! are asked in turn, over keep-alive connections from many loopback addresses, because an address
//! may ask sixty times an hour. CPU is the server process's own user and system time.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::routing::get;
use clap::{Parser, Subcommand};
use redis::AsyncCommands;
use shared::clock::Stopwatch;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::process::{Child, Command};

/// How often one address may ask within an hour.
const REQUESTS_PER_ADDRESS: u32 = 60;

/// Linux counts CPU time of a process in hundredths of a second.
const TICKS_PER_SECOND: f64 = 100.0;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
struct Options {
    #[command(subcommand)]
    mode: Mode,
}

#[derive(Subcommand)]
enum Mode {
    /// Measure both and print the figures.
    Run {
        /// The `automoney` binary under test.
        #[arg(long)]
        automoney: PathBuf,
        /// Requests a round and server.
        #[arg(long, default_value_t = 12_000)]
        requests: u32,
        /// Rounds; the medians are printed.
        #[arg(long, default_value_t = 5)]
        rounds: usize,
    },
    /// Serve the baseline: one route, one Redis GET.
    Baseline {
        /// The Redis to ask.
        #[arg(long)]
        redis_url: String,
        /// The key that holds the bytes.
        #[arg(long)]
        key: String,
    },
}

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() -> ExitCode {
    let outcome = match Options::parse().mode {
        Mode::Run {
            automoney,
            requests,
            rounds,
        } => measure(automoney, requests, rounds).await,
        Mode::Baseline { redis_url, key } => serve_baseline(redis_url, key).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench_http: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A server process under measurement, ended when dropped.
struct Server {
    child: Child,
    address: SocketAddr,
    path: &'static str,
}

impl Server {
    /// User and system time of the process so far, in seconds.
    fn cpu_seconds(&self) -> Result<f64, Failure> {
        let pid = self.child.id().ok_or("the server has ended")?;
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let after_name = stat.rsplit_once(')').ok_or("an unexpected /proc format")?.1;
        let fields: Vec<&str> = after_name.split_ascii_whitespace().collect();
        let ticks = |index: usize| {
            fields
                .get(index)
                .and_then(|field| field.parse::<f64>().ok())
                .unwrap_or(0.0)
        };
        Ok((ticks(11) + ticks(12)) / TICKS_PER_SECOND)
    }
}

/// What one round of requests cost.
#[derive(Clone, Copy)]
struct Round {
    cpu_us: f64,
    per_second: f64,
    p50_us: u64,
    p99_us: u64,
}

async fn measure(automoney: PathBuf, requests: u32, rounds: usize) -> Result<(), Failure> {
    let subject = start_subject(&automoney).await?;
    let body = Connection::open(subject.address, source_address())
        .await?
        .get(subject.path)
        .await?;
    let baseline = start_baseline(&body).await?;
    println!(
        "answer: {} bytes; {requests} requests a round, {rounds} rounds in turn, medians",
        body.len()
    );
    println!(
        "{:<12}{:<22}{:>12}{:>12}{:>10}{:>10}",
        "concurrency", "server", "CPU us/req", "req/s", "p50 us", "p99 us"
    );
    for concurrency in [1, 32] {
        let (mut subjects, mut baselines) = (Vec::new(), Vec::new());
        round(&subject, requests / 4, concurrency).await?;
        round(&baseline, requests / 4, concurrency).await?;
        for _ in 0..rounds {
            subjects.push(round(&subject, requests, concurrency).await?);
            baselines.push(round(&baseline, requests, concurrency).await?);
        }
        let (subject, baseline) = (median(&subjects), median(&baselines));
        for (name, figures) in [("scores", subject), ("bare route, Redis GET", baseline)] {
            println!(
                "{concurrency:<12}{name:<22}{:>12.1}{:>12.0}{:>10}{:>10}",
                figures.cpu_us, figures.per_second, figures.p50_us, figures.p99_us
            );
        }
        println!(
            "{concurrency:<12}{:<22}{:>12.2}",
            "CPU ratio",
            subject.cpu_us / baseline.cpu_us
        );
    }
    Ok(())
}

fn median(rounds: &[Round]) -> Round {
    let middle = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let middle_count = |mut values: Vec<u64>| {
        values.sort_unstable();
        values[values.len() / 2]
    };
    Round {
        cpu_us: middle(rounds.iter().map(|round| round.cpu_us).collect()),
        per_second: middle(rounds.iter().map(|round| round.per_second).collect()),
        p50_us: middle_count(rounds.iter().map(|round| round.p50_us).collect()),
        p99_us: middle_count(rounds.iter().map(|round| round.p99_us).collect()),
    }
}

async fn start_subject(automoney: &PathBuf) -> Result<Server, Failure> {
    let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
    let child = Command::new(automoney)
        .args(["local", "--port", &port.to_string()])
        .env("LOG_LEVEL", "info")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let server = Server {
        child,
        address: ([127, 0, 0, 1], port).into(),
        path: "/api/v1/agents/scores",
    };
    for _ in 0..600 {
        if let Ok(mut connection) = Connection::open(server.address, source_address()).await
            && connection.get(server.path).await.is_ok()
        {
            return Ok(server);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Err("the local process did not answer with scores within two minutes".into())
}

async fn start_baseline(body: &[u8]) -> Result<Server, Failure> {
    let redis_url = shared::config::Environment::process()
        .get("REDIS_URL")
        .ok_or("REDIS_URL is not set")?
        .to_owned();
    let key = "benchmark:baseline";
    let mut redis = connect(&redis_url).await?;
    let () = redis.set(key, body).await?;
    let mut child = Command::new(std::env::current_exe()?)
        .args(["baseline", "--redis-url", &redis_url, "--key", key])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let stdout = child.stdout.take().ok_or("the baseline has no output")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).await?;
    Ok(Server {
        child,
        address: line.trim().parse()?,
        path: "/scores",
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the baseline is deliberately bare: no client of ours"
)]
async fn connect(redis_url: &str) -> Result<redis::aio::ConnectionManager, Failure> {
    Ok(redis::aio::ConnectionManager::new(redis::Client::open(redis_url)?).await?)
}

async fn serve_baseline(redis_url: String, key: String) -> Result<(), Failure> {
    async fn scores(
        State((redis, key)): State<(redis::aio::ConnectionManager, Arc<str>)>,
    ) -> ([(axum::http::HeaderName, &'static str); 1], Vec<u8>) {
        let bytes = redis.clone().get(&*key).await.unwrap_or_default();
        ([(axum::http::header::CONTENT_TYPE, "application/json")], bytes)
    }
    let redis = connect(&redis_url).await?;
    let router = axum::Router::new()
        .route("/scores", get(scores))
        .with_state((redis, Arc::from(key)));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

async fn round(server: &Server, requests: u32, concurrency: u32) -> Result<Round, Failure> {
    let before = server.cpu_seconds()?;
    let watch = Stopwatch::start();
    let left = Arc::new(AtomicU64::new(u64::from(requests)));
    let workers: Vec<_> = (0..concurrency)
        .map(|_| tokio::spawn(work(server.address, server.path, left.clone())))
        .collect();
    let mut latencies = Vec::with_capacity(requests as usize);
    for worker in workers {
        latencies.extend(worker.await??);
    }
    let elapsed = watch.elapsed().as_secs_f64();
    let cpu = server.cpu_seconds()? - before;
    latencies.sort_unstable();
    let count = f64::from(requests);
    let at = |share: usize| latencies.get(latencies.len() * share / 100).copied().unwrap_or(0);
    Ok(Round {
        cpu_us: cpu * 1e6 / count,
        per_second: count / elapsed,
        p50_us: at(50),
        p99_us: at(99),
    })
}

async fn work(address: SocketAddr, path: &'static str, left: Arc<AtomicU64>) -> Result<Vec<u64>, Failure> {
    let mut latencies = Vec::new();
    loop {
        let mut connection = Connection::open(address, source_address()).await?;
        for _ in 0..REQUESTS_PER_ADDRESS {
            if left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
                .is_err()
            {
                return Ok(latencies);
            }
            let watch = Stopwatch::start();
            connection.get(path).await?;
            latencies.push(u64::try_from(watch.elapsed().as_micros())?);
        }
    }
}

/// A loopback address that has not asked before: 127.1.0.0 onwards, from a place chosen by the process id.
fn source_address() -> SocketAddr {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let offset = NEXT.fetch_add(1, Ordering::SeqCst);
    let host = 0x0001_0000 + (std::process::id().wrapping_mul(7919).wrapping_add(offset) % 0x00fe_0000);
    SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::from(0x7f00_0000 | host), 0))
}

/// One keep-alive connection that speaks just enough HTTP/1.1 to ask for a body of known length.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr, from: SocketAddr) -> Result<Self, Failure> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(from)?;
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: vec![0; 64 * 1024],
        })
    }

    async fn get(&mut self, path: &str) -> Result<Vec<u8>, Failure> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        self.stream.write_all(request.as_bytes()).await?;
        let mut filled = 0;
        loop {
            let count = self.stream.read(&mut self.buffer[filled..]).await?;
            if count == 0 {
                return Err("the server closed the connection".into());
            }
            filled += count;
            let received = &self.buffer[..filled];
            if let Some(body_at) = received
                .windows(4)
                .position(|window| window == b"\r\n\r\n")
                .map(|at| at + 4)
            {
                let head = std::str::from_utf8(&received[..body_at])?;
                if !head.starts_with("HTTP/1.1 200") {
                    return Err(
                        format!("expected 200, got {}", head.lines().next().unwrap_or_default()).into(),
                    );
                }
                let length = content_length(head).ok_or("an answer without content-length")?;
                if filled >= body_at + length {
                    return Ok(received[body_at..body_at + length].to_vec());
                }
            }
        }
    }
}

fn content_length(head: &str) -> Option<usize> {
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())
            .flatten()
    })
}
