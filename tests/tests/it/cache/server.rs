//! A Redis of one's own, to be stopped and started.

use std::process::Stdio;

use shared::cache::{Key, Rate};
use shared::clock::Clock;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::{cache_at, noon};

const RATE: Rate<'_> = Rate {
    name: "scores",
    limit: 60,
    window: jiff::SignedDuration::from_hours(1),
};

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
        for _ in 0..2000 {
            if probe.ping().await.is_ok() {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("redis-server does not answer");
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

    let mut flush = Command::new("redis-cli");
    flush.args(["-p", &server.port.to_string(), "script", "flush"]);
    assert!(flush.stdout(Stdio::null()).status().await.unwrap().success());

    assert_eq!(cache.check(&RATE, "ann").await.unwrap().remaining, 58);
}

#[tokio::test]
async fn a_redis_that_takes_connections_but_never_answers_is_given_up_in_time() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let watch = shared::clock::Stopwatch::start();

    let error = cache_at(&url, Clock::system()).ping().await.unwrap_err();

    assert!(error.is_unavailable(), "{error:?}");
    assert!(
        watch.elapsed_ms() < 2500,
        "gave up after {} ms",
        watch.elapsed_ms()
    );
    drop(listener);
}
