//! A PostgreSQL database for one test, on the server that `DATABASE_URL` names.
//!
//! It is cloned from a template that was migrated once per server and version of the migrations, so
//! that a test pays for a copy and not for the migrations. It starts no server.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::str::FromStr as _;

use reqwest::Url;
use secrecy::SecretString;
use shared::clock::Clock;
use shared::config::{DatabaseSettings, Environment};
use shared::db::migrations::{MIGRATIONS, Runner};
use shared::db::{Db, connect_once};
use shared::ids::Ids;
use tokio_postgres::{Client, Config, NoTls};

/// Serialises the making of the template between test processes; an arbitrary number of our own.
const TEMPLATE_LOCK: i64 = 0x7465_6d70_6c61_7465;

/// Connections of a pool: enough that tests meet each other, few enough for many tests at once.
const MAX_CONNECTIONS: usize = 8;

/// A database that is dropped with this value.
#[derive(Debug)]
pub struct Database {
    url: Url,
    name: String,
}

impl Database {
    /// A migrated one.
    pub async fn fresh() -> Self {
        let template = template_name();
        let admin = client_of(&server()).await;
        ensure_template(&admin, &template).await;
        Self::create(&admin, &format!(" TEMPLATE {template}")).await
    }

    /// One without a schema.
    pub async fn empty() -> Self {
        // template0 is as PostgreSQL made it, whatever the machine's template1 holds.
        Self::create(&client_of(&server()).await, " TEMPLATE template0").await
    }

    async fn create(admin: &Client, from: &str) -> Self {
        let name = format!("automoney_test_{}", Ids::random().next().simple());
        admin
            .batch_execute(&format!("CREATE DATABASE {name}{from}"))
            .await
            .expect("a database is created");
        Self {
            url: url_of(&name),
            name,
        }
    }

    /// Its address, with user and password.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Its name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a process that uses it is configured with.
    pub fn settings(&self) -> DatabaseSettings {
        settings_of(self.url())
    }

    /// A pool of its own.
    pub fn db(&self) -> Db {
        Db::connect(&self.settings()).expect("the address is one of PostgreSQL")
    }

    /// A connection without a pool and without limits.
    pub async fn client(&self) -> Client {
        client_of(&self.url).await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The test's own runtime may be the one this is called from: the work needs another thread.
        let (server, name) = (server(), self.name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .ok()?;
            runtime.block_on(async {
                let client = try_client_of(&server).await.ok()?;
                client
                    .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                    .await
                    .ok()
            })
        });
        // One that stays behind is in nobody's way; the test has said what it had to say.
        let _ = dropping.join();
    }
}

/// Settings for any address.
pub fn settings_of(url: &str) -> DatabaseSettings {
    DatabaseSettings {
        url: SecretString::from(url),
        max_connections: MAX_CONNECTIONS,
        ca_pem: None,
    }
}

/// The server's own database, where others are created from.
fn server() -> Url {
    let environment = Environment::process();
    let url = environment
        .get("DATABASE_URL")
        .expect("DATABASE_URL names the PostgreSQL of the tests");
    Url::parse(url).expect("DATABASE_URL is an address")
}

fn url_of(database: &str) -> Url {
    let mut url = server();
    url.set_path(database);
    url
}

async fn client_of(url: &Url) -> Client {
    try_client_of(url)
        .await
        .expect("PostgreSQL answers at DATABASE_URL")
}

async fn try_client_of(url: &Url) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = Config::from_str(url.as_str())?.connect(NoTls).await?;
    // Ends by itself when the client is dropped.
    tokio::spawn(connection);
    Ok(client)
}

/// One name for each content of the migrations: a changed one makes a new template.
fn template_name() -> String {
    let mut hasher = DefaultHasher::new();
    for migration in MIGRATIONS {
        (migration.title, migration.up).hash(&mut hasher);
    }
    format!("automoney_template_{:016x}", hasher.finish())
}

/// Makes the template unless it is there. It gets its name when it is whole, so that a test process
/// that was ended half-way leaves none behind that looks like one.
async fn ensure_template(admin: &Client, template: &str) {
    if exists(admin, template).await {
        return;
    }
    admin
        .execute("SELECT pg_advisory_lock($1)", &[&TEMPLATE_LOCK])
        .await
        .expect("the lock is ours in time");
    if !exists(admin, template).await {
        make_template(admin, template).await;
    }
    admin
        .execute("SELECT pg_advisory_unlock($1)", &[&TEMPLATE_LOCK])
        .await
        .expect("the lock is given back");
}

async fn exists(admin: &Client, database: &str) -> bool {
    let row = admin
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&database])
        .await;
    row.expect("the catalog can be read").is_some()
}

async fn make_template(admin: &Client, template: &str) {
    let unfinished = format!("{template}_unfinished");
    for statement in [
        format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)"),
        format!("CREATE DATABASE {unfinished} TEMPLATE template0"),
    ] {
        admin
            .batch_execute(&statement)
            .await
            .expect("a database for the template");
    }
    let client = connect_once(&settings_of(url_of(&unfinished).as_str()))
        .await
        .expect("it can be connected to");
    Runner::new(client, MIGRATIONS)
        .up(Clock::system().now())
        .await
        .expect("the migrations apply");
    // The runner's session may not have ended yet, and renaming needs the database alone.
    let end = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1";
    admin
        .query(end, &[&unfinished])
        .await
        .expect("sessions can be ended");
    let rename = format!("ALTER DATABASE {unfinished} RENAME TO {template}");
    admin
        .batch_execute(&rename)
        .await
        .expect("the template gets its name");
}
