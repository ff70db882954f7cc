//! A stand-in for every outside service, so that neither development nor tests need the internet.
//!
//! It answers in the services' own shapes: Binance, CoinGecko, Glassnode, blockchain.info, FRED,
//! Alternative.me, Anthropic and OpenAI, and signs people in as Google does. What it serves is a sample market, generated and the same for
//! everyone at any time, or candles and sentiment from files; its models agree with what they are
//! shown. It can fail on order. Every answer says in the header `x-automoney-source` that it is
//! `sample` or `csv`. It knows nothing of the platform's own code.

mod clock;
mod csv;
mod faults;
mod feed;
pub mod google;
mod models;
mod routes;
mod sample;
mod series;
#[cfg(test)]
mod tests;
mod weight;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use rust_decimal::Decimal;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use clock::Clock;
pub use csv::CsvError;
pub use faults::Fault;
pub use feed::{CandleRow, Feed, Interval};
pub use google::BadToken;
pub use models::ModelRequest;

/// An outside service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// Binance spot.
    Binance,
    /// CoinGecko.
    CoinGecko,
    /// Glassnode.
    Glassnode,
    /// blockchain.info's charts.
    BlockchainInfo,
    /// FRED.
    Fred,
    /// Alternative.me's Fear & Greed index.
    FearGreed,
    /// Anthropic's messages.
    Anthropic,
    /// OpenAI's chat completions.
    OpenAi,
    /// Google's sign-in.
    Google,
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 9] = [
        Self::Binance,
        Self::CoinGecko,
        Self::Glassnode,
        Self::BlockchainInfo,
        Self::Fred,
        Self::FearGreed,
        Self::Anthropic,
        Self::OpenAi,
        Self::Google,
    ];

    /// Those that say what the market is; the others only say what they think of it, or who somebody is.
    pub const MARKET: [Self; 6] = [
        Self::Binance,
        Self::CoinGecko,
        Self::Glassnode,
        Self::BlockchainInfo,
        Self::Fred,
        Self::FearGreed,
    ];

    /// The path below which the stand-in answers as this service.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Binance => "binance",
            Self::CoinGecko => "coingecko",
            Self::Glassnode => "glassnode",
            Self::BlockchainInfo => "blockchain-info",
            Self::Fred => "fred",
            Self::FearGreed => "fear-greed",
            Self::Anthropic => "anthropic",
            Self::OpenAi => "openai",
            Self::Google => "google",
        }
    }

    /// The environment variable that names the service's address.
    pub const fn variable(self) -> &'static str {
        match self {
            Self::Binance => "BINANCE_BASE_URLS",
            Self::CoinGecko => "COINGECKO_BASE_URL",
            Self::Glassnode => "GLASSNODE_BASE_URL",
            Self::BlockchainInfo => "BLOCKCHAIN_INFO_BASE_URL",
            Self::Fred => "FRED_BASE_URL",
            Self::FearGreed => "FEAR_GREED_BASE_URL",
            Self::Anthropic => "ANTHROPIC_BASE_URL",
            Self::OpenAi => "OPENAI_BASE_URL",
            Self::Google => "GOOGLE_ISSUER_URL",
        }
    }
}

/// What to serve.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where to listen; 0 for a free port.
    pub port: u16,
    /// 4 h candles of a symbol from a file; other symbols are of the sample market.
    pub candles: Vec<(String, PathBuf)>,
    /// Fear & Greed from a file.
    pub sentiment: Option<PathBuf>,
    /// The stand-in's time.
    pub clock: Clock,
    /// Move files in time so that they end after now; off when the clock stands at a past time.
    pub shift_files: bool,
}

/// Why the stand-in does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file cannot be used.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// The port cannot be had.
    #[error("port {port} cannot be listened on")]
    Port {
        /// Which port.
        port: u16,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// A running stand-in; it stops when dropped.
#[derive(Debug)]
pub struct Standin {
    address: SocketAddr,
    state: Arc<routes::State>,
    serving: JoinHandle<()>,
}

impl Standin {
    /// Reads the files and starts serving.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let feed = Feed::load(&options)?;
        let state = Arc::new(routes::State::new(feed, options.clock));
        let port_error = |source| StartError::Port {
            port: options.port,
            source,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
            .await
            .map_err(port_error)?;
        let address = listener.local_addr().map_err(port_error)?;
        state
            .google()
            .is_reached_at(format!("http://{address}/{}", Service::Google.prefix()));
        let router = routes::router(state.clone());
        let serving = tokio::spawn(async move {
            // Ends with the task; there is nobody to tell.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            state,
            serving,
        })
    }

    /// Where a service answers.
    pub fn base_url(&self, service: Service) -> String {
        format!("http://{}/{}", self.address, service.prefix())
    }

    /// How far the candle files were moved, in days.
    pub fn candles_shift_days(&self) -> i64 {
        self.state.feed().candles_shift_days()
    }

    /// How far the sentiment file was moved, in days.
    pub fn sentiment_shift_days(&self) -> i64 {
        self.state.feed().sentiment_shift_days()
    }

    /// The next `times` requests to `service` fail like this.
    pub fn fail(&self, service: Service, fault: &Fault, times: usize) {
        self.fail_after(service, 0, fault, times);
    }

    /// The next `well` requests to `service` succeed; the `times` after them fail like this.
    pub fn fail_after(&self, service: Service, well: usize, fault: &Fault, times: usize) {
        self.state.faults().order(service, well, fault, times);
    }

    /// No request fails any more.
    pub fn mend(&self) {
        self.state.faults().clear();
    }

    /// Paths and queries of the requests since the last time, in order.
    pub fn take_requests(&self) -> Vec<String> {
        self.state.faults().take_requests()
    }

    /// What the models were asked since the last time, in order, refused and failed questions too.
    pub fn take_model_requests(&self) -> Vec<ModelRequest> {
        self.state.models().take_requests()
    }

    /// Lets the models of a service say this from now on; by itself one agrees with the score it is shown.
    pub fn set_model_opinion(&self, service: Service, score: Decimal, reasoning: &str) {
        self.state.models().set_opinion(service, score, reasoning);
    }

    /// Who signs people in.
    pub fn google(&self) -> &google::Google {
        self.state.google()
    }

    /// The next id token is wrong like this; what is ordered later comes after it.
    pub fn order_id_token(&self, bad: BadToken) {
        self.state.google().order(bad);
    }

    /// Takes candles out: the exchange has none there.
    pub fn remove_candles(&self, symbol: &str, interval: Interval, open_times_ms: &[i64]) {
        self.state.feed().remove(symbol, interval, open_times_ms);
    }

    /// Puts back every candle that was taken out.
    pub fn restore_candles(&self) {
        self.state.feed().restore();
    }

    /// The candles with open times in `from..=to`, milliseconds since 1970, as they are served now.
    pub fn candles(&self, symbol: &str, interval: Interval, from: i64, to: i64) -> Vec<CandleRow> {
        let now = self.state.now_ms();
        self.state
            .feed()
            .candles(symbol, interval, (from, to), now, usize::MAX)
    }

    /// Puts a candle in, in place of the one that is there.
    pub fn plant_candle(&self, symbol: &str, interval: Interval, row: CandleRow) {
        self.state.feed().plant(symbol, interval, row);
    }

    /// Lets CoinGecko tell this price of a symbol; without one it agrees with the exchange again.
    pub fn set_coingecko_price(&self, symbol: &str, price: Option<Decimal>) {
        self.state.order_coingecko_price(symbol, price);
    }

    /// Lets Binance say that so much weight is used; without a number it says what it counted.
    pub fn set_used_weight(&self, used: Option<u64>) {
        self.state.weight().order(used);
    }

    /// The most weight that Binance counted in any minute so far.
    pub fn peak_used_weight(&self) -> u64 {
        self.state.weight().peak()
    }
}

impl Drop for Standin {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
