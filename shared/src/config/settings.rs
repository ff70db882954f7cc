//! The typed settings of each section. Whoever holds one need not check it again.

use std::fmt;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;

use jiff::civil::Date;
use rust_decimal::Decimal;
use secrecy::{ExposeSecret as _, SecretString};
use tracing::Level;
use url::Url;

use super::key_set::KeySet;
use super::parse;
use super::values::Values;
use crate::domain::quotes::DisagreementLimits;

/// Which stage a process belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// A person's machine: defaults that need no account and no key.
    #[default]
    Development,
    /// Automatic tests.
    Test,
    /// Real users; nothing that is only good for development.
    Production,
}

impl Stage {
    /// The stage as `ENVIRONMENT` spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Test => "test",
            Self::Production => "production",
        }
    }
}

impl FromStr for Stage {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Development, Self::Test, Self::Production]
            .into_iter()
            .find(|stage| stage.as_str() == text)
            .ok_or_else(|| format!("{text:?} is none of development, test and production"))
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What every process reads.
#[derive(Debug, Clone)]
pub struct CoreSettings {
    /// The stage.
    pub stage: Stage,
    /// Least serious level that is logged.
    pub log_level: Level,
}

impl CoreSettings {
    pub(super) fn from_values(values: &mut Values) -> Self {
        Self {
            stage: values.parse("ENVIRONMENT", str::parse).unwrap_or_default(),
            log_level: values.parse("LOG_LEVEL", parse::log_level).unwrap_or(Level::INFO),
        }
    }
}

/// Where PostgreSQL is.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// Its address, with user and password.
    pub url: SecretString,
    /// Most connections this process holds, 1 to 100.
    pub max_connections: usize,
    /// Further root certificates to trust, as PEM text.
    pub ca_pem: Option<String>,
}

impl DatabaseSettings {
    pub(super) fn from_values(values: &mut Values) -> Option<Self> {
        let url = values.parse("DATABASE_URL", parse::postgres_url);
        let max_connections = values.parse("DATABASE_MAX_CONNECTIONS", parse::connections);
        let ca_pem = values.parse("DATABASE_CA_PEM", parse::certificates);
        Some(Self {
            url: url?,
            max_connections: max_connections?,
            ca_pem,
        })
    }

    /// The database's name: the address's path; nothing when that is empty.
    pub fn database(&self) -> Option<String> {
        let url = Url::parse(self.url.expose_secret()).ok()?;
        let name = url.path().trim_matches('/');
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// Whether its server is on this machine.
    pub fn is_on_this_machine(&self) -> bool {
        let url = Url::parse(self.url.expose_secret());
        url.is_ok_and(|url| match url.host() {
            // Not one of the web's schemes: an address, too, is a text here.
            Some(url::Host::Domain(host)) => {
                host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
            }
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        })
    }

    /// The same server with another database.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        let named = Url::parse(self.url.expose_secret()).map(|mut url| {
            url.set_path(name);
            SecretString::from(url.to_string())
        });
        Self {
            url: named.unwrap_or_else(|_| self.url.clone()),
            ..self.clone()
        }
    }
}

/// Where Redis is.
#[derive(Debug, Clone)]
pub struct CacheSettings {
    /// Its address, with user and password where it has them.
    pub url: SecretString,
    /// Prefix of every key.
    pub namespace: String,
}

impl CacheSettings {
    pub(super) fn from_values(values: &mut Values) -> Option<Self> {
        let url = values.parse("REDIS_URL", parse::redis_url);
        let namespace = values.parse("CACHE_NAMESPACE", parse::namespace);
        Some(Self {
            url: url?,
            namespace: namespace?,
        })
    }
}

/// What the HTTP layer needs of every function with routes. The default lets no origin in.
#[derive(Debug, Clone, Default)]
pub struct HttpSettings {
    /// Origins whose pages may call, as browsers send them: `https://app.example.com`.
    pub cors_allowed_origins: Vec<String>,
}

impl HttpSettings {
    pub(super) fn from_values(values: &mut Values) -> Option<Self> {
        let stage = values.stage();
        let origins = values.parse("CORS_ALLOWED_ORIGINS", |text| parse::origins(text, stage));
        Some(Self {
            cors_allowed_origins: origins?,
        })
    }
}

/// What tells whose a token is.
#[derive(Debug, Clone)]
pub struct AuthSettings {
    /// The keys that sign and check access tokens, as they were at the start.
    pub keys: KeySet,
    /// The secret that holds them; nothing where they stand in the environment and never change.
    pub keys_arn: Option<String>,
}

impl AuthSettings {
    pub(super) fn from_values(values: &mut Values) -> Option<Self> {
        let keys = values.parse("JWT_SECRET", KeySet::parse);
        Some(Self {
            keys: keys?,
            keys_arn: values.arn("JWT_SECRET"),
        })
    }
}

/// The upstreams the collectors ask. Every address ends in `/`, so that `join("api/…")` adds to it.
#[derive(Debug, Clone)]
pub struct SourcesSettings {
    /// Binance's market data, asked in this order; never empty.
    pub binance_base_urls: Vec<Url>,
    /// What one of those addresses lets the requests of a minute weigh.
    pub binance_weight_per_minute: NonZeroU32,
    /// CoinGecko's API.
    pub coingecko_base_url: Url,
    /// CoinGecko's key; without it the public limits hold.
    pub coingecko_api_key: Option<SecretString>,
    /// Glassnode's API.
    pub glassnode_base_url: Url,
    /// Glassnode's key; without it the free sources are used.
    pub glassnode_api_key: Option<SecretString>,
    /// blockchain.info's charts.
    pub blockchain_info_base_url: Url,
    /// FRED's API.
    pub fred_base_url: Url,
    /// FRED's key; without it the macro series are missing.
    pub fred_api_key: Option<SecretString>,
    /// Alternative.me's API.
    pub fear_greed_base_url: Url,
    /// First day of the candles that the first run fetches.
    pub history_since: Date,
    /// When the prices of two services count as different.
    pub disagreement: DisagreementLimits,
}

impl SourcesSettings {
    pub(super) fn from_values(values: &mut Values) -> Option<Self> {
        let stage = values.stage();
        let binance = values.parse("BINANCE_BASE_URLS", |text| parse::base_urls(text, stage));
        let weight = values.parse("BINANCE_WEIGHT_PER_MINUTE", parse::positive);
        let mut base = |name| values.parse(name, |text| parse::base_url(text, stage));
        let coingecko = base("COINGECKO_BASE_URL");
        let glassnode = base("GLASSNODE_BASE_URL");
        let blockchain_info = base("BLOCKCHAIN_INFO_BASE_URL");
        let fred = base("FRED_BASE_URL");
        let fear_greed = base("FEAR_GREED_BASE_URL");
        let coingecko_api_key = values.parse("COINGECKO_API_KEY", parse::key);
        let glassnode_api_key = values.parse("GLASSNODE_API_KEY", parse::key);
        let fred_api_key = values.parse("FRED_API_KEY", parse::key);
        let history_since = values.parse("HISTORY_SINCE", parse::date);
        let percent = values.parse("SOURCES_DISAGREE_PCT", parse::percent);
        let runs = values.parse("SOURCES_DISAGREE_RUNS", parse::runs);
        Some(Self {
            binance_base_urls: binance?,
            binance_weight_per_minute: weight?,
            coingecko_base_url: coingecko?,
            coingecko_api_key,
            glassnode_base_url: glassnode?,
            glassnode_api_key,
            blockchain_info_base_url: blockchain_info?,
            fred_base_url: fred?,
            fred_api_key,
            fear_greed_base_url: fear_greed?,
            history_since: history_since?,
            disagreement: DisagreementLimits {
                percent: percent?,
                runs: runs?,
            },
        })
    }
}

/// The language models the agents ask. Every address ends in `/`, so that `join("v1/…")` adds to it.
#[derive(Debug, Clone)]
pub struct ModelsSettings {
    /// Anthropic's key; without it its models are left out.
    pub claude_api_key: Option<SecretString>,
    /// OpenAI's key; without it its models are left out.
    pub openai_api_key: Option<SecretString>,
    /// Anthropic's API.
    pub anthropic_base_url: Url,
    /// OpenAI's API.
    pub openai_base_url: Url,
    /// The version of Anthropic's API, a date.
    pub anthropic_version: Date,
}

impl ModelsSettings {
    pub(super) fn from_values(values: &mut Values) -> Option<Self> {
        let stage = values.stage();
        let claude_api_key = values.parse("CLAUDE_API_KEY", parse::key);
        let openai_api_key = values.parse("OPENAI_API_KEY", parse::key);
        let mut base = |name| values.parse(name, |text| parse::base_url(text, stage));
        let anthropic = base("ANTHROPIC_BASE_URL");
        let openai = base("OPENAI_BASE_URL");
        let version = values.parse("ANTHROPIC_VERSION", parse::date);
        Some(Self {
            claude_api_key,
            openai_api_key,
            anthropic_base_url: anthropic?,
            openai_base_url: openai?,
            anthropic_version: version?,
        })
    }
}

/// What the language models may cost. A section of its own: whoever reports needs no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetSettings {
    /// The most that models may cost in a UTC day, USD.
    pub daily_cap_usd: Decimal,
}

impl BudgetSettings {
    pub(super) fn from_values(values: &mut Values) -> Option<Self> {
        let cap = values.parse("DAILY_LLM_BUDGET_USD", parse::usd);
        Some(Self { daily_cap_usd: cap? })
    }
}

/// How people sign in with Google, or with whoever stands in for it.
#[derive(Debug, Clone)]
pub struct GoogleSettings {
    /// The issuer of the id tokens, ending in `/`, so that `join(".well-known/…")` adds to it.
    pub issuer_url: Url,
    /// What we are called there.
    pub client_id: String,
    /// The secret that belongs to it.
    pub client_secret: SecretString,
    /// Pages that a code may have been sent to, compared letter for letter; never empty.
    pub redirect_uris: Vec<String>,
}

impl GoogleSettings {
    /// The issuer as tokens name it: without the `/` at its end.
    pub fn issuer(&self) -> &str {
        self.issuer_url.as_str().trim_end_matches('/')
    }

    /// The settings; nothing where nobody can sign in, because none of them is given.
    pub(super) fn from_values(values: &mut Values) -> Option<Self> {
        const TOGETHER: [&str; 3] = ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET", "GOOGLE_REDIRECT_URIS"];
        values.all_or_none(&TOGETHER);
        let stage = values.stage();
        let issuer = values.parse("GOOGLE_ISSUER_URL", |text| parse::base_url(text, stage));
        let client_id = values.parse("GOOGLE_CLIENT_ID", parse::client_id);
        let client_secret = values.parse("GOOGLE_CLIENT_SECRET", parse::key);
        let redirect_uris = values.parse("GOOGLE_REDIRECT_URIS", |text| parse::redirect_uris(text, stage));
        Some(Self {
            issuer_url: issuer?,
            client_id: client_id?,
            client_secret: client_secret?,
            redirect_uris: redirect_uris?,
        })
    }
}

/// The gateway that holds the WebSockets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushSettings {
    /// Where messages are posted to; nothing where the process holds the sockets itself.
    pub endpoint: Option<Url>,
}

impl PushSettings {
    pub(super) fn from_values(values: &mut Values) -> Self {
        let stage = values.stage();
        Self {
            endpoint: values.parse("PUSH_ENDPOINT_URL", |text| parse::base_url(text, stage)),
        }
    }
}

/// Where backups lie and what signs them.
#[derive(Debug, Clone)]
pub struct BackupSettings {
    /// The store.
    pub place: BackupPlace,
    /// What signs manifests, the first one, and what is believed, all of them; never empty.
    pub signing_keys: Vec<SecretString>,
}

/// A store of backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackupPlace {
    /// A directory of this machine.
    Directory(PathBuf),
    /// A bucket of S3.
    Bucket(Bucket),
}

/// A bucket of S3, or a folder of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What every key begins with: empty, or a folder with a slash at its end.
    pub prefix: String,
    /// The key that encrypts objects; nothing for the bucket's own.
    pub kms_key_arn: Option<String>,
}

impl BackupSettings {
    pub(super) fn from_values(values: &mut Values) -> Option<Self> {
        let kms_key_arn = values.parse("BACKUP_KMS_KEY_ARN", parse::kms_key_arn);
        let place = values.parse("BACKUP_STORE", parse::backup_place);
        let signing_keys = values.parse("BACKUP_SIGNING_KEY", parse::signing_keys);
        let place = match place? {
            BackupPlace::Bucket(bucket) => BackupPlace::Bucket(Bucket {
                kms_key_arn,
                ..bucket
            }),
            directory @ BackupPlace::Directory(_) => directory,
        };
        Some(Self {
            place,
            signing_keys: signing_keys?,
        })
    }
}

impl fmt::Display for BackupPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path) => write!(f, "{}", path.display()),
            Self::Bucket(bucket) => write!(f, "s3://{}/{}", bucket.name, bucket.prefix),
        }
    }
}
