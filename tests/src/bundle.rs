//! The whole bundle for one test: a fresh database, real Redis, a stand-in for the upstreams, all
//! behind proxies that can fail, and the routes of the local process on a real socket.
//!
//! Time stands still until a test moves it; platform and stand-in have the same time.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use automoney::{local, registry};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use shared::app::App;
use shared::clock::Clock;
use shared::config::{Config, Environment, Section};
use shared::domain::models::{Ladder, Limits, Provider};
use shared::ids::Ids;
use shared::lambda::{Invocation, TaskError, held_back};
use shared::llm::{Models, Providers, committed_ladder, committed_prices};
use shared::secrets::EnvironmentSecrets;
use shared::sources::{RetryPolicy, Upstream};
use standin::{Options, Service, Standin, google};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::database::Database;
use crate::market_file::MarketFile;
use crate::proxy::Proxy;

/// The time at which a test begins, unless it says another.
pub const NOON: &str = "2024-03-01T12:02:00Z";

/// The page that a browser comes back to with a code.
pub const SIGN_IN_PAGE: &str = "http://localhost:8000/signin";

/// How long an answer may take before a test gives up: far more than any time-out of ours.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long the stand-in may take; tests let it hang, and wait for this.
const UPSTREAM_PATIENCE: Duration = Duration::from_millis(500);

/// What a bundle is made of. Start from [`Bundle::with`].
#[derive(Debug)]
pub struct Setup {
    at: Timestamp,
    candles: Option<MarketFile>,
    history_since: &'static str,
    has_glassnode_key: bool,
    models: Option<ModelsSetup>,
}

/// Language models for a bundle; without them the agents are rules alone.
#[derive(Debug, Clone)]
struct ModelsSetup {
    budget_usd: &'static str,
    /// Whose rung is tried first; the repository's order when nobody is named.
    first: Option<Provider>,
}

impl Setup {
    /// Language models at the stand-in, with a day's budget.
    #[must_use]
    pub fn models(mut self, budget_usd: &'static str) -> Self {
        self.models = Some(ModelsSetup {
            budget_usd,
            first: None,
        });
        self
    }

    /// Language models of which this provider's are asked first.
    #[must_use]
    pub fn models_of(mut self, first: Provider) -> Self {
        self.models = Some(ModelsSetup {
            budget_usd: "15",
            first: Some(first),
        });
        self
    }

    /// The stand-in's sample market instead of files, with hours.
    #[must_use]
    pub fn sample_market(mut self) -> Self {
        self.candles = None;
        self
    }

    /// On-chain metrics from the free source.
    #[must_use]
    pub const fn without_glassnode_key(mut self) -> Self {
        self.has_glassnode_key = false;
        self
    }

    /// The time at which it begins.
    #[must_use]
    pub fn at(mut self, at: &str) -> Self {
        self.at = at.parse().expect("a time");
        self
    }

    /// Candles of both assets from this file instead of the sample market; there are no hours then.
    #[must_use]
    pub fn candles(mut self, file: MarketFile) -> Self {
        self.candles = Some(file);
        self
    }

    /// The first day that is collected.
    #[must_use]
    pub const fn history_since(mut self, day: &'static str) -> Self {
        self.history_since = day;
        self
    }

    /// Starts it.
    pub async fn start(self) -> Bundle {
        Bundle::start_with(self).await
    }
}

impl ModelsSetup {
    /// The repository's ladder with a test's patience: nothing waits longer than it must.
    fn ready(&self, config: &Config) -> Models {
        let committed = committed_ladder().expect("a ladder");
        let mut rungs = committed.rungs().to_vec();
        let first = rungs.iter().position(|rung| Some(rung.provider) == self.first);
        rungs[..=first.unwrap_or(0)].rotate_right(1);
        let limits = Limits {
            attempt: UPSTREAM_PATIENCE,
            agent: Duration::from_secs(4),
            run: Duration::from_secs(8),
            longest_retry_after: Duration::from_secs(2),
            retry_pause: Duration::ZERO,
            ..*committed.limits()
        };
        let ladder = Ladder::new(rungs, limits).expect("a ladder");
        let providers = Providers::new(config.models.as_ref()).expect("a client");
        Models::of(
            &ladder,
            committed_prices().expect("prices"),
            &|_| true,
            Arc::new(providers),
        )
    }
}

/// The bundle; everything ends with it.
pub struct Bundle {
    app: App,
    clock: Clock,
    standin_clock: standin::Clock,
    address: SocketAddr,
    serving: JoinHandle<()>,
    client: reqwest::Client,
    database: Database,
    postgres: Proxy,
    redis: Proxy,
    upstream: Standin,
    _candles: Option<MarketFile>,
}

impl Bundle {
    /// One that begins at [`NOON`] with nothing collected, over two years of four-hour candles.
    pub async fn start() -> Self {
        Self::with().start().await
    }

    /// The same, to be changed before it starts.
    pub fn with() -> Setup {
        Setup {
            at: NOON.parse().expect("a time"),
            candles: Some(MarketFile::four_hourly("2022-06-01", "2024-04-01")),
            history_since: "2022-06-01",
            has_glassnode_key: true,
            models: None,
        }
    }

    async fn start_with(setup: Setup) -> Self {
        let database = Database::fresh().await;
        let environment = Environment::process();
        let redis_url = environment
            .get("REDIS_URL")
            .expect("REDIS_URL names the Redis of the tests");
        let postgres = Proxy::start(host_of(database.url(), 5432)).await;
        let redis = Proxy::start(host_of(redis_url, 6379)).await;
        let standin_clock = standin::Clock::fixed(setup.at.as_millisecond());
        let files = setup.candles.as_ref().map(|file| {
            ["BTCUSDT", "ETHUSDT"]
                .map(|symbol| (symbol.to_owned(), file.path().to_owned()))
                .to_vec()
        });
        let upstream = Standin::start(Options {
            port: 0,
            candles: files.unwrap_or_default(),
            sentiment: None,
            clock: standin_clock.clone(),
            shift_files: false,
        })
        .await
        .expect("the stand-in starts");

        let clock = Clock::fixed(setup.at);
        let mut told = Environment::from([
            ("ENVIRONMENT", "test".to_owned()),
            ("DATABASE_URL", via(database.url(), &postgres)),
            ("DATABASE_MAX_CONNECTIONS", "4".to_owned()),
            ("REDIS_URL", via(redis_url, &redis)),
            ("CACHE_NAMESPACE", format!("test-{}", Ids::random().next())),
            ("HISTORY_SINCE", setup.history_since.to_owned()),
            ("COINGECKO_API_KEY", "stand-in".to_owned()),
            ("FRED_API_KEY", "0".repeat(32)),
            ("GOOGLE_CLIENT_ID", google::CLIENT_ID.to_owned()),
            ("GOOGLE_CLIENT_SECRET", google::CLIENT_SECRET.to_owned()),
            ("GOOGLE_REDIRECT_URIS", SIGN_IN_PAGE.to_owned()),
        ]);
        if setup.has_glassnode_key {
            told = told.with("GLASSNODE_API_KEY", "stand-in");
        }
        if let Some(models) = &setup.models {
            told = told
                .with("CLAUDE_API_KEY", "sk-of-a-test-0123456789")
                .with("OPENAI_API_KEY", "sk-of-a-test-0123456789")
                .with("DAILY_LLM_BUDGET_USD", models.budget_usd);
        }
        for service in Service::ALL {
            told = told.with(service.variable(), &upstream.base_url(service));
        }
        let config = Config::load(&told, &Section::ALL, &EnvironmentSecrets)
            .await
            .expect("a configuration");
        let retry = RetryPolicy {
            tries: 3,
            pause: Duration::ZERO,
            answer_patience: UPSTREAM_PATIENCE,
        };
        let sources = config.sources.clone();
        let models = setup.models.as_ref().map(|models| models.ready(&config));
        let mut app = App::new(config, clock.clone(), Ids::random()).expect("a state");
        app.upstream = Upstream::new(sources, retry, clock.clone()).expect("a client");
        if let Some(models) = models {
            app.models = models;
        }

        let hub = Arc::new(local::Hub::default());
        app.push = Some(hub.clone());
        let router = local::router(&app, &hub).expect("routes");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, service).await;
        });
        Self {
            app,
            clock,
            standin_clock,
            address,
            serving,
            client: shared::sources::http_client(PATIENCE).expect("a client"),
            database,
            postgres,
            redis,
            upstream,
            _candles: setup.candles,
        }
    }

    /// What the functions are given.
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// The same at another time, on a clock of its own.
    pub fn app_at(&self, at: Timestamp) -> App {
        App {
            clock: Clock::fixed(at),
            ..self.app.clone()
        }
    }

    /// The database itself, without a proxy in between.
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// What stands before PostgreSQL.
    pub const fn postgres(&self) -> &Proxy {
        &self.postgres
    }

    /// What stands before Redis.
    pub const fn redis(&self) -> &Proxy {
        &self.redis
    }

    /// What stands in for the outside services.
    pub const fn upstream(&self) -> &Standin {
        &self.upstream
    }

    /// Where the routes are served.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass, for the platform and for the outside services.
    pub fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
        self.standin_clock.set(self.clock.now().as_millisecond());
    }

    /// Runs a task for now, as its schedule would.
    pub async fn run(&self, task: &str) -> Result<Value, TaskError> {
        self.run_for(task, self.now()).await
    }

    /// Runs a task for a time.
    pub async fn run_for(&self, task: &str, scheduled_at: Timestamp) -> Result<Value, TaskError> {
        let tasks = registry::task_functions();
        let known = tasks
            .into_iter()
            .find(|known| known.function.name == task)
            .expect("a task of this name");
        if let Some(result) = held_back(&known.function, &self.app).await {
            return Ok(result);
        }
        let invocation = Invocation::local(&known.function, scheduled_at, "test".to_owned());
        (known.run)(&self.app, &invocation).await
    }

    /// Runs every collector, and each must succeed.
    pub async fn collect(&self) {
        for task in [
            "collect-prices",
            "collect-sentiment",
            "collect-onchain",
            "collect-macro",
        ] {
            let summary = self.run(task).await.expect("the collector runs");
            assert_eq!(summary["failures"], serde_json::json!([]), "{task}");
        }
    }

    /// Collects and decides: afterwards there are scores.
    pub async fn decide(&self) {
        self.collect().await;
        self.run("run-strategies").await.expect("strategies run");
    }

    /// Asks for a path.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, |request| request).await
    }

    /// Asks in any way.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Answer {
        let request = self
            .client
            .request(method, format!("http://{}{path}", self.address));
        let response = change(request).send().await.expect("the bundle answers");
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.expect("a whole body");
        Answer {
            status,
            headers,
            body: body.to_vec(),
        }
    }

    /// The rows of a query, as text, straight from the database.
    pub async fn rows(&self, sql: &str) -> Vec<String> {
        let client = self.database.client().await;
        let rows = client
            .query(&format!("SELECT t::text FROM ({sql}) t"), &[])
            .await
            .expect("a query");
        rows.iter().map(|row| row.get(0)).collect()
    }
}

impl Drop for Bundle {
    fn drop(&mut self) {
        self.serving.abort();
        self.app.db.close();
    }
}

/// What a client got.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// A header as text; empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The error's code and message, of an answer that must be a failure in the envelope.
    pub fn refusal(&self) -> (String, String) {
        let body = self.json();
        assert_eq!(body["success"], false, "{body}");
        let text = |name: &str| body["error"][name].as_str().expect("a text").to_owned();
        (text("code"), text("message"))
    }
}

/// `host:port` of an address.
fn host_of(url: &str, default_port: u16) -> String {
    let url = reqwest::Url::parse(url).expect("an address");
    format!(
        "{}:{}",
        url.host_str().expect("a host"),
        url.port().unwrap_or(default_port)
    )
}

/// The same address by way of a proxy.
fn via(url: &str, proxy: &Proxy) -> String {
    let mut url = reqwest::Url::parse(url).expect("an address");
    url.set_host(Some(&proxy.address().ip().to_string()))
        .expect("a host");
    url.set_port(Some(proxy.address().port())).expect("a port");
    url.to_string()
}
