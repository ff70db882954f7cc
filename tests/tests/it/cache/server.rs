//! A Redis of one's own, to be stopped and started.

use std::process::Stdio;
use std::time::Duration;

use shared::cache::Key;
use shared::clock::{Clock, Stopwatch};
use shared::domain::rate_limit::Policy;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::{cache_at, noon};

const RATE: Policy = Policy::SCORES;
/// A loaded machine may take this long to start a server.
const PATIENCE: Duration = Duration::from_secs(20);

struct Server {
    folder: TempDir,
    port: u16,
    process: Child,
}

impl Server {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let process = launch(&folder, port);
        let server = Self {
            folder,
            port,
            process,
        };
        server.until_it_answers().await;
        server
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// What `redis-cli` answers.
    async fn ask(&self, words: &[&str]) -> String {
        let port = self.port.to_string();
        let output = Command::new("redis-cli")
            .args(["-p", &port])
            .args(words)
            .output()
            .await
            .unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    async fn stop(&mut self) {
        self.process.kill().await.unwrap();
    }

    async fn restart(&mut self) {
        self.process = launch(&self.folder, self.port);
        self.until_it_answers().await;
    }

    /// Asks with a cache of its own, so that the one under test learns nothing.
    async fn until_it_answers(&self) {
        let probe = cache_at(&self.url(), Clock::system());
        let watch = Stopwatch::start();
        while probe.ping().await.is_err() {
            assert!(watch.elapsed() < PATIENCE, "redis-server does not answer");
            tokio::task::yield_now().await;
        }
    }
}

fn launch(folder: &TempDir, port: u16) -> Child {
    let port = port.to_string();
    Command::new("redis-server")
        .args([
            "--port",
            &port,
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("redis-server is installed")
}

#[tokio::test]
async fn a_restarted_redis_is_found_again_without_a_restart_of_ours() {
    let mut server = Server::start().await;
    let cache = cache_at(&server.url(), Clock::fixed(noon()));
    assert_eq!(cache.check(&RATE, "ann").await.unwrap().remaining, 59);

    server.stop().await;
    let error = cache.check(&RATE, "ann").await.unwrap_err();
    assert!(error.is_unavailable(), "{error:?}");
    assert!(cache.get(&Key::Scores("hodl-wave")).await.is_err());

    server.restart().await;
    // The first command after the return already succeeds, although Redis has lost the script.
    assert_eq!(cache.check(&RATE, "ann").await.unwrap().remaining, 59);
}

#[tokio::test]
async fn a_restart_between_two_commands_is_not_noticed() {
    let mut server = Server::start().await;
    let cache = cache_at(&server.url(), Clock::system());
    cache.ping().await.unwrap();

    server.stop().await;
    server.restart().await;

    cache.ping().await.unwrap();
}

#[tokio::test]
async fn a_forgotten_script_is_loaded_again() {
    let server = Server::start().await;
    let cache = cache_at(&server.url(), Clock::fixed(noon()));
    assert_eq!(cache.check(&RATE, "ann").await.unwrap().remaining, 59);

    assert_eq!(server.ask(&["SCRIPT", "FLUSH"]).await, "OK");

    assert_eq!(cache.check(&RATE, "ann").await.unwrap().remaining, 58);
}

#[tokio::test]
async fn a_bucket_is_forgotten_once_it_is_full_again() {
    let server = Server::start().await;
    let cache = cache_at(&server.url(), Clock::system());

    cache.check(&RATE, "ann").await.unwrap();
    cache.check(&RATE, "ann").await.unwrap();

    let key = server.ask(&["KEYS", "*:limit:scores:ann"]).await;
    let left: i64 = server.ask(&["PTTL", &key]).await.parse().unwrap();
    assert!((115_000..=120_000).contains(&left), "{left} ms");
}

#[tokio::test]
async fn a_redis_that_takes_connections_but_never_answers_is_given_up_in_time() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let watch = Stopwatch::start();

    let error = cache_at(&url, Clock::system()).ping().await.unwrap_err();

    assert!(error.is_unavailable(), "{error:?}");
    assert!(
        watch.elapsed_ms() < 2500,
        "gave up after {} ms",
        watch.elapsed_ms()
    );
    drop(listener);
}
