//! The clients of the outside services, against the stand-in and against small servers that answer
//! what the stand-in does not. What a run makes of the answers is not tested here.

mod bases;
mod failures;
mod keys;
mod pauses;
mod quotes;
mod requests;
mod rows;
mod values;
mod weight;

use std::net::Ipv4Addr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use secrecy::SecretString;
use shared::clock::Clock;
use shared::config::SourcesSettings;
use shared::domain::market::{Asset, Timeframe};
use shared::domain::observations::Metric;
use shared::domain::quotes::DisagreementLimits;
use shared::domain::rejection::{RejectedRow, Rejection, Rows};
use shared::sources::{
    CallStatus, Fetched, LocalPauses, Pauses, RetryPolicy, SourceError, Upstream, binance, blockchain_info,
    coingecko, fear_greed, fred, glassnode,
};
use standin::{Options, Service, Standin};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A key of the form that FRED wants.
const KEY: &str = "0123456789abcdef0123456789abcdef";

/// Long enough for a loaded machine to answer, short enough for a test that fails.
const PATIENCE: Duration = Duration::from_secs(20);

fn now() -> Timestamp {
    "2026-03-01T12:02:00Z".parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

async fn standin() -> Standin {
    let clock = standin::Clock::fixed(now().as_millisecond());
    Standin::start(Options {
        clock,
        ..Options::default()
    })
    .await
    .unwrap()
}

/// Every service below one address.
fn settings_at(base: &str) -> SourcesSettings {
    let url = |path: &str| format!("{base}{path}").parse().unwrap();
    SourcesSettings {
        binance_base_urls: vec![url("")],
        binance_weight_per_minute: NonZeroU32::new(6000).unwrap(),
        coingecko_base_url: url(""),
        coingecko_api_key: Some(SecretString::from(KEY)),
        glassnode_base_url: url(""),
        glassnode_api_key: Some(SecretString::from(KEY)),
        blockchain_info_base_url: url(""),
        fred_base_url: url(""),
        fred_api_key: Some(SecretString::from(KEY)),
        fear_greed_base_url: url(""),
        history_since: date(2019, 1, 1),
        disagreement: DisagreementLimits {
            percent: Decimal::ONE,
            runs: 2,
        },
    }
}

/// Every service where the stand-in plays it.
fn settings_of(standin: &Standin) -> SourcesSettings {
    let url = |service| base_of(standin, service).parse().unwrap();
    SourcesSettings {
        binance_base_urls: vec![url(Service::Binance)],
        coingecko_base_url: url(Service::CoinGecko),
        glassnode_base_url: url(Service::Glassnode),
        blockchain_info_base_url: url(Service::BlockchainInfo),
        fred_base_url: url(Service::Fred),
        fear_greed_base_url: url(Service::FearGreed),
        ..settings_at("http://localhost/")
    }
}

/// Three tries without a pause.
fn upstream(settings: SourcesSettings) -> Upstream {
    upstream_with(settings, PATIENCE, Clock::fixed(now()))
}

fn upstream_with(settings: SourcesSettings, answer_patience: Duration, clock: Clock) -> Upstream {
    let retry = RetryPolicy {
        tries: 3,
        pause: Duration::ZERO,
        answer_patience,
    };
    Upstream::new(Some(settings), retry, clock).unwrap()
}

/// The address of a service at a stand-in, as it is configured.
fn base_of(standin: &Standin, service: Service) -> String {
    format!("{}/", standin.base_url(service))
}

/// What the services are asked for, one kind of answer each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    Candles,
    LivePrice,
    CoinGecko,
    Glassnode,
    BlockchainInfo,
    Fred,
    FearGreed,
}

impl Question {
    /// Asks; gives how many items came that may be stored.
    async fn ask(self, upstream: &Upstream) -> Result<Fetched<usize>, SourceError> {
        fn counted<T>(Fetched { value, source }: Fetched<Rows<T>>) -> Fetched<usize> {
            let value = value.accepted.len();
            Fetched { value, source }
        }
        match self {
            Self::Candles => binance::klines(upstream, Asset::Btc, Timeframe::H4, days_ago(10), 100)
                .await
                .map(counted),
            Self::LivePrice => {
                let ticker = binance::ticker_24h(upstream, Asset::Btc).await?;
                Ok(Fetched {
                    value: 1,
                    source: ticker.source,
                })
            }
            Self::CoinGecko => {
                let Fetched { value, source } = coingecko::prices(upstream).await?;
                let value = value.len();
                Ok(Fetched { value, source })
            }
            Self::Glassnode => glassnode::series(upstream, Metric::Nvt, days_ago(10))
                .await
                .map(counted),
            Self::BlockchainInfo => blockchain_info::active_addresses(upstream).await.map(counted),
            Self::Fred => fred::observations(upstream, Metric::FedFundsRate, date(2026, 2, 1))
                .await
                .map(counted),
            Self::FearGreed => fear_greed::index(upstream, 14).await.map(counted),
        }
    }

    const fn service(self) -> Service {
        match self {
            Self::Candles | Self::LivePrice => Service::Binance,
            Self::CoinGecko => Service::CoinGecko,
            Self::Glassnode => Service::Glassnode,
            Self::BlockchainInfo => Service::BlockchainInfo,
            Self::Fred => Service::Fred,
            Self::FearGreed => Service::FearGreed,
        }
    }

    /// The service's name in errors and calls.
    const fn name(self) -> &'static str {
        match self.service() {
            Service::Binance => binance::SERVICE,
            Service::CoinGecko => coingecko::SERVICE,
            Service::Glassnode => glassnode::SERVICE,
            Service::BlockchainInfo => blockchain_info::SERVICE,
            Service::Fred => fred::SERVICE,
            Service::FearGreed => fear_greed::SERVICE,
            Service::Anthropic | Service::OpenAi | Service::Google => panic!("no source of market data"),
        }
    }

    const fn endpoint(self) -> &'static str {
        match self {
            Self::Candles => "/api/v3/klines",
            Self::LivePrice => "/api/v3/ticker/24hr",
            Self::CoinGecko => "/api/v3/simple/price",
            Self::Glassnode => "/v1/metrics/indicators/nvt",
            Self::BlockchainInfo => "/charts/n-unique-addresses",
            Self::Fred => "/fred/series/observations",
            Self::FearGreed => "/fng/",
        }
    }

    /// An answer without a single item; a price is always one.
    const fn nothing(self) -> &'static str {
        match self {
            Self::Candles | Self::LivePrice | Self::Glassnode => "[]",
            Self::CoinGecko => "{}",
            Self::BlockchainInfo => r#"{"status":"ok","values":[]}"#,
            Self::Fred => r#"{"observations":[]}"#,
            Self::FearGreed => r#"{"data":[],"metadata":{"error":null}}"#,
        }
    }
}

/// A server that answers every request alike and keeps what it was asked.
struct Server {
    base: String,
    asked: Arc<Mutex<Vec<(String, HeaderMap)>>>,
    serving: JoinHandle<()>,
}

impl Server {
    async fn answering(answer: impl Fn(&Request) -> Response + Clone + Send + Sync + 'static) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let record = asked.clone();
        let router = Router::new().fallback(move |request: Request| {
            record
                .lock()
                .unwrap()
                .push((request.uri().to_string(), request.headers().clone()));
            let response = answer(&request);
            async move { response }
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, asked, serving }
    }

    /// Answers 200 with this body.
    async fn saying(body: impl Into<String>) -> Self {
        let body = body.into();
        Self::answering(move |_| body.clone().into_response()).await
    }

    fn take_asked(&self) -> Vec<(String, HeaderMap)> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn upstream(&self) -> Upstream {
        upstream(settings_at(&self.base))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
