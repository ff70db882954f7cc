//! Which market the local process reads: the real one, the sample, or files.
//!
//! Whatever is not real is served by the stand-in, in this process, and so is who signs people in. A service whose address is set
//! in the environment is used as it is; the stand-in then serves the others only. Each feed has a
//! name of its own, after which its database is called: invented and real prices never meet. Language
//! models are no part of a feed: they are asked only where somebody gives a key.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use shared::config::Environment;
use shared::digest::sha256;
use shared::domain::market::Asset;
use standin::{Clock, Options, Service, Standin, StartError, google};
use uuid::Uuid;

use crate::cli::LocalOptions;

/// Keys for the stand-in; it looks at their form only, and real ones are never sent to it.
const STAND_IN_KEYS: [(Service, &str, &str); 5] = [
    (Service::CoinGecko, "COINGECKO_API_KEY", "stand-in"),
    (Service::Fred, "FRED_API_KEY", "00000000000000000000000000000000"),
    (Service::Glassnode, "GLASSNODE_API_KEY", "stand-in"),
    (Service::Google, "GOOGLE_CLIENT_ID", google::CLIENT_ID),
    (Service::Google, "GOOGLE_CLIENT_SECRET", google::CLIENT_SECRET),
];

/// Keys of the models that the stand-in stands in for: one that was given is not sent to it either.
const MODEL_KEYS: [(Service, &str); 2] = [
    (Service::Anthropic, "CLAUDE_API_KEY"),
    (Service::OpenAi, "OPENAI_API_KEY"),
];

/// Characters of a digest that tell feeds apart.
const SHORT: usize = 12;

/// Why the market feed cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// A `--candles` is not as it should be.
    #[error("--candles {given}: {what}")]
    Candles {
        /// What was given.
        given: String,
        /// What is wrong with it.
        what: String,
    },
    /// A file cannot be read.
    #[error("{} cannot be read", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The stand-in does not start.
    #[error("the stand-in for the outside services does not start")]
    StandIn(#[from] StartError),
}

/// The market feed of this process.
#[derive(Debug)]
pub struct Feed {
    /// What of it is not real; absent with `--live`.
    pub standin: Option<Standin>,
    /// For people: what is read.
    pub description: String,
    /// What its database's name ends in; absent where the given database is used as it is.
    pub suffix: Option<String>,
    /// What must be the same for a database to be used again.
    pub identity: String,
    /// Whom the stand-in stands in for.
    stood_in_for: Vec<Service>,
}

impl Feed {
    /// Chooses the feed and starts the stand-in where it is needed.
    pub async fn open(environment: &Environment, options: &LocalOptions) -> Result<Self, FeedError> {
        let given = Service::MARKET
            .into_iter()
            .filter(|service| environment.get(service.variable()).is_some());
        let given: Vec<Service> = given.collect();
        if options.live || given.len() == Service::MARKET.len() {
            return Self::real(environment, options).await;
        }
        let candles = options
            .candles
            .iter()
            .map(|entry| candle_file(entry))
            .collect::<Result<Vec<_>, _>>()?;
        let mut parts = Vec::new();
        for (symbol, path) in &candles {
            parts.push(format!("{symbol} {}", digest_of(path)?));
        }
        if let Some(path) = &options.sentiment {
            parts.push(format!("sentiment {}", digest_of(path)?));
        }
        for service in &given {
            parts.push(format!(
                "{}={}",
                service.variable(),
                environment.get(service.variable()).unwrap_or_default()
            ));
        }
        parts.sort();
        let description = describe(&candles, options, &given);
        let standin = Standin::start(Options {
            port: 0,
            candles,
            sentiment: options.sentiment.clone(),
            clock: options
                .at
                .map_or_else(Clock::system, |at| Clock::fixed(at.as_millisecond())),
            shift_files: options.at.is_none(),
        })
        .await?;
        let suffix = suffix_of(&parts);
        let identity = format!(
            "{suffix}, candles moved by {} days, sentiment by {}",
            standin.candles_shift_days(),
            standin.sentiment_shift_days()
        );
        Ok(Self {
            standin: Some(standin),
            description,
            suffix: Some(suffix),
            identity,
            stood_in_for: absent(environment, &Service::ALL, options),
        })
    }

    /// The market as it is. Without `--live` people may sign in at the stand-in all the same.
    async fn real(environment: &Environment, options: &LocalOptions) -> Result<Self, FeedError> {
        let stood_in_for = if options.live {
            Vec::new()
        } else {
            absent(environment, &[Service::Google], options)
        };
        let standin = match stood_in_for.as_slice() {
            [] => None,
            _ => Some(Standin::start(Options::default()).await?),
        };
        Ok(Self {
            standin,
            description: "the services of the configuration".to_owned(),
            suffix: None,
            identity: "live".to_owned(),
            stood_in_for,
        })
    }

    /// How far the candle files were moved in time.
    pub fn candles_shift(&self) -> SignedDuration {
        let days = self.standin.as_ref().map_or(0, Standin::candles_shift_days);
        SignedDuration::from_hours(24 * days)
    }

    /// The environment with the stand-in's addresses and keys in place of those that are not set.
    pub fn applied_to(&self, environment: &Environment) -> Environment {
        let Some(standin) = &self.standin else {
            return environment.clone();
        };
        let is_stood_in_for = |service: &Service| self.stood_in_for.contains(service);
        let pointed = self
            .stood_in_for
            .iter()
            .fold(environment.clone(), |environment, service| {
                environment.with(service.variable(), &standin.base_url(*service))
            });
        let given_keys = MODEL_KEYS
            .into_iter()
            .filter(|(_, name)| environment.get(name).is_some())
            .map(|(service, name)| (service, name, "stand-in"));
        STAND_IN_KEYS
            .into_iter()
            .chain(given_keys)
            .filter(|(service, ..)| is_stood_in_for(service))
            .fold(pointed, |pointed, (_, name, key)| pointed.with(name, key))
    }

    /// Whether people sign in at the stand-in.
    pub fn signs_in(&self) -> bool {
        self.stood_in_for.contains(&Service::Google)
    }
}

/// Those of `services` that the environment says nothing of. Whoever has a client id has an account
/// at the real provider, whose address need not be said; nobody signs in where nothing is served.
fn absent(environment: &Environment, services: &[Service], options: &LocalOptions) -> Vec<Service> {
    let is_given = |name: &str| environment.get(name).is_some();
    let is_google_left_out = options.once || is_given("GOOGLE_CLIENT_ID");
    services
        .iter()
        .copied()
        .filter(|service| !is_given(service.variable()))
        .filter(|service| *service != Service::Google || !is_google_left_out)
        .collect()
}

/// `SYMBOL=FILE`, taken apart.
fn candle_file(given: &str) -> Result<(String, PathBuf), FeedError> {
    let refuse = |what: String| FeedError::Candles {
        given: given.to_owned(),
        what,
    };
    let (symbol, path) = given
        .split_once('=')
        .ok_or_else(|| refuse("expected SYMBOL=FILE".to_owned()))?;
    let known = Asset::ALL.map(Asset::symbol).join(" and ");
    Asset::from_symbol(symbol).ok_or_else(|| refuse(format!("the symbols are {known}")))?;
    Ok((symbol.to_owned(), PathBuf::from(path)))
}

/// What tells a file's contents from another's.
fn digest_of(path: &PathBuf) -> Result<String, FeedError> {
    let bytes = std::fs::read(path).map_err(|source| FeedError::File {
        path: path.clone(),
        source,
    })?;
    Ok(sha256(&bytes))
}

/// The beginning of a digest, enough to tell names apart.
pub fn short_digest(bytes: &[u8]) -> String {
    sha256(bytes).chars().take(SHORT).collect()
}

fn suffix_of(parts: &[String]) -> String {
    if parts.is_empty() {
        return "sample".to_owned();
    }
    format!("feed_{}", short_digest(parts.join("\n").as_bytes()))
}

fn describe(candles: &[(String, PathBuf)], options: &LocalOptions, given: &[Service]) -> String {
    let mut files: Vec<&str> = candles.iter().map(|(symbol, _)| symbol.as_str()).collect();
    if options.sentiment.is_some() {
        files.push("Fear & Greed");
    }
    let mut words = Vec::new();
    if !files.is_empty() {
        words.push(format!("{} from files", files.join(", ")));
    }
    words.extend(
        given
            .iter()
            .map(|service| format!("{} as configured", service.prefix())),
    );
    words.push(if words.is_empty() {
        "the sample market".to_owned()
    } else {
        "the rest from the sample market".to_owned()
    });
    words.join(", ")
}

/// What the name of a database ends in that lives for one run at a given time.
pub fn scratch_suffix(at: Timestamp, unique: Uuid) -> String {
    // The last digits of an id are the random ones; names in PostgreSQL have 63 bytes.
    let digits = unique.simple().to_string();
    format!(
        "at_{}_{}",
        at.as_second().unsigned_abs(),
        &digits[digits.len() - SHORT..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_is_called_after_what_is_in_its_files() {
        assert_eq!(suffix_of(&[]), "sample");
        let one = suffix_of(&["BTCUSDT aa".to_owned()]);
        let other = suffix_of(&["BTCUSDT ab".to_owned()]);
        assert_ne!(one, other);
        assert_eq!(one.len(), "feed_".len() + SHORT);
    }

    #[test]
    fn a_candle_file_needs_a_known_symbol() {
        assert!(candle_file("BTCUSDT=btc.csv").is_ok());
        assert!(
            candle_file("btc.csv")
                .unwrap_err()
                .to_string()
                .contains("SYMBOL=FILE")
        );
        assert!(
            candle_file("DOGEUSDT=doge.csv")
                .unwrap_err()
                .to_string()
                .contains("BTCUSDT and ETHUSDT")
        );
    }

    const SAMPLE: LocalOptions = LocalOptions {
        port: 0,
        live: false,
        candles: Vec::new(),
        sentiment: None,
        once: true,
        json: false,
        at: None,
        reset: false,
    };

    #[tokio::test]
    async fn no_model_is_asked_without_a_key_and_no_real_key_reaches_the_stand_in() {
        let given = Environment::from([("CLAUDE_API_KEY", "sk-ant-real")]);
        let feed = Feed::open(&given, &SAMPLE).await.unwrap();

        let applied = feed.applied_to(&given);

        assert_eq!(applied.get("CLAUDE_API_KEY"), Some("stand-in"));
        assert_eq!(applied.get("OPENAI_API_KEY"), None);
        let base = feed.standin.as_ref().unwrap().base_url(Service::Anthropic);
        assert_eq!(applied.get("ANTHROPIC_BASE_URL"), Some(base.as_str()));
    }

    #[tokio::test]
    async fn a_model_with_an_address_of_its_own_keeps_its_key_and_changes_no_market() {
        let given = Environment::from([
            ("OPENAI_API_KEY", "sk-real"),
            ("OPENAI_BASE_URL", "https://models.example"),
        ]);
        let feed = Feed::open(&given, &SAMPLE).await.unwrap();

        let applied = feed.applied_to(&given);

        assert_eq!(applied.get("OPENAI_API_KEY"), Some("sk-real"));
        assert_eq!(applied.get("OPENAI_BASE_URL"), Some("https://models.example"));
        assert_eq!(feed.suffix.as_deref(), Some("sample"));
    }

    fn serving() -> LocalOptions {
        LocalOptions {
            once: false,
            ..SAMPLE
        }
    }

    #[tokio::test]
    async fn people_sign_in_at_the_stand_in_unless_somebody_has_an_account_at_the_real_one() {
        let none = Environment::from([("OPENAI_BASE_URL", "https://models.example")]);
        let feed = Feed::open(&none, &serving()).await.unwrap();
        let applied = feed.applied_to(&none);
        let base = feed.standin.as_ref().unwrap().base_url(Service::Google);
        assert!(feed.signs_in());
        assert_eq!(applied.get("GOOGLE_ISSUER_URL"), Some(base.as_str()));
        assert_eq!(applied.get("GOOGLE_CLIENT_ID"), Some(google::CLIENT_ID));

        let account = Environment::from([
            ("GOOGLE_CLIENT_ID", "real"),
            ("GOOGLE_CLIENT_SECRET", "real-secret"),
        ]);
        let feed = Feed::open(&account, &serving()).await.unwrap();
        let applied = feed.applied_to(&account);
        assert!(!feed.signs_in());
        assert_eq!(applied.get("GOOGLE_ISSUER_URL"), None);
        assert_eq!(applied.get("GOOGLE_CLIENT_SECRET"), Some("real-secret"));
    }

    #[tokio::test]
    async fn a_real_market_leaves_the_sign_in_to_the_stand_in_and_with_live_to_nobody() {
        let market = Service::MARKET.map(|service| (service.variable(), "https://real.example"));
        let market: Environment = market.into_iter().collect();
        let market = market.with("CLAUDE_API_KEY", "sk-ant-real");

        let feed = Feed::open(&market, &serving()).await.unwrap();
        let applied = feed.applied_to(&market);
        assert!(feed.signs_in());
        assert_eq!(applied.get("FRED_BASE_URL"), Some("https://real.example"));
        assert_eq!(applied.get("FRED_API_KEY"), None);
        assert_eq!(applied.get("CLAUDE_API_KEY"), Some("sk-ant-real"));
        assert_eq!(applied.get("ANTHROPIC_BASE_URL"), None);

        let live = LocalOptions {
            live: true,
            ..serving()
        };
        let feed = Feed::open(&Environment::default(), &live).await.unwrap();
        assert!(!feed.signs_in() && feed.standin.is_none());

        // Nobody signs in while nothing is served.
        let feed = Feed::open(&market, &SAMPLE).await.unwrap();
        assert!(!feed.signs_in() && feed.standin.is_none());
    }
}
