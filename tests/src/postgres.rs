//! A PostgreSQL of a test's own, to be killed and started again. It needs the server's programs
//! (`POSTGRES_BIN_DIR`).
//!
//! What it has acknowledged outlives a killed server, though not a machine without power: commits are
//! written before they are acknowledged, and nobody waits for the disk.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use shared::clock::Stopwatch;
use shared::config::Environment;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::database::settings_of;

/// A loaded machine may take this long to start a server.
const PATIENCE: Duration = Duration::from_secs(30);

/// The server refuses to run as root: then it is this user's.
const NOBODY: u32 = 65_534;

/// A server with nothing in it.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    owner: Option<u32>,
    port: u16,
    process: Child,
}

impl Postgres {
    /// One that answers.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let owner = owner_of(folder.path());
        if let Some(owner) = owner {
            std::os::unix::fs::chown(folder.path(), Some(owner), None).expect("the folder is handed over");
        }
        let data = folder.path().join("data");
        let made = command("initdb", owner)
            .arg("--pgdata")
            .arg(&data)
            .args(["--username=automoney", "--auth=trust", "--encoding=UTF8"])
            .args(["--locale=C", "--no-sync"])
            .output()
            .await
            .expect("initdb runs");
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "initdb: {said}");
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let mut server = Self {
            process: launch(&data, owner, port),
            folder,
            owner,
            port,
        };
        server.until_it_answers().await;
        server
    }

    /// The address of its one database.
    pub fn url(&self) -> String {
        format!("postgres://automoney@127.0.0.1:{}/postgres", self.port)
    }

    /// Kills the server, as the system would: it does not come to say anything.
    pub async fn kill(&mut self) {
        self.process.kill().await.expect("it ran");
    }

    /// Starts it again over what it has left, and waits until it answers.
    pub async fn start_again(&mut self) {
        self.process = self.launched();
        self.until_it_answers().await;
    }

    fn launched(&self) -> Child {
        launch(&self.folder.path().join("data"), self.owner, self.port)
    }

    async fn until_it_answers(&mut self) {
        let watch = Stopwatch::start();
        let settings = settings_of(&self.url());
        while shared::db::connect_once(&settings).await.is_err() {
            assert!(watch.elapsed() < PATIENCE, "PostgreSQL does not answer");
            // Right after a kill what is left of the old one may still be going.
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                self.process = self.launched();
            }
            tokio::task::yield_now().await;
        }
    }
}

/// Who is to own a server's folder, where that is not us.
fn owner_of(made_by_us: &Path) -> Option<u32> {
    let us = std::fs::metadata(made_by_us).expect("the folder is there").uid();
    if us != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let postgres = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some("postgres")).then(|| fields.nth(1)?.parse().ok())?
    });
    Some(postgres.unwrap_or(NOBODY))
}

fn command(program: &str, owner: Option<u32>) -> Command {
    let environment = Environment::process();
    let folder = environment
        .get("POSTGRES_BIN_DIR")
        .expect("POSTGRES_BIN_DIR names the folder of initdb and postgres");
    let mut command = Command::new(PathBuf::from(folder).join(program));
    command
        .env_clear()
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .current_dir("/")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    if let Some(owner) = owner {
        command.uid(owner);
    }
    command
}

fn launch(data: &Path, owner: Option<u32>, port: u16) -> Child {
    command("postgres", owner)
        .arg("-D")
        .arg(data)
        .args(["-p", &port.to_string()])
        .args([
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
        ])
        .args([
            "-c",
            "fsync=off",
            "-c",
            "synchronous_commit=on",
            "-c",
            "max_connections=60",
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("postgres starts")
}
