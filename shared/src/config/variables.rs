//! The table of every variable the code reads. docs/CONFIGURATION.md and the parity test of the
//! deployment template are made from it.

/// A group of variables that is read together. A function declares the sections it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Stage and log level: every process reads it, declared or not.
    Core,
    /// PostgreSQL.
    Database,
    /// Redis.
    Cache,
    /// What every function with routes needs.
    Http,
    /// What tells whose a token is.
    Auth,
    /// The upstreams the collectors ask.
    Sources,
    /// The language models the agents ask.
    Models,
    /// What they may cost.
    Budget,
    /// Signing in with Google.
    Identity,
    /// The gateway that holds the WebSockets.
    Push,
    /// Where backups lie.
    Backups,
}

impl Section {
    /// All sections, in the order of the table.
    pub const ALL: [Self; 11] = [
        Self::Core,
        Self::Database,
        Self::Cache,
        Self::Http,
        Self::Auth,
        Self::Sources,
        Self::Models,
        Self::Budget,
        Self::Identity,
        Self::Push,
        Self::Backups,
    ];

    /// The section's name, for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Core => "Core",
            Self::Database => "Database",
            Self::Cache => "Cache",
            Self::Http => "HTTP",
            Self::Auth => "Sign-in",
            Self::Sources => "Sources",
            Self::Models => "Language models",
            Self::Budget => "Budget",
            Self::Identity => "Google sign-in",
            Self::Push => "Push",
            Self::Backups => "Backups",
        }
    }

    /// The section's variables, in the order of the table.
    pub fn variables(self) -> impl Iterator<Item = &'static Variable> {
        VARIABLES.iter().filter(move |variable| variable.section == self)
    }
}

/// One environment variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// The section it is read with.
    pub section: Section,
    /// What it is, units and form included.
    pub what: &'static str,
    /// The value when it is not set; without one the variable may stay unset.
    pub default: Option<&'static str>,
    /// Whether production must set it; the default is then refused there, being for development.
    pub required_in_production: bool,
    /// Whether it is a secret: never printed, and `<name>_SECRET_ARN` may stand in for it.
    pub secret: bool,
    /// A value that would do in production.
    pub example: &'static str,
}

impl Variable {
    /// The variable that names the secret to take this one from; only secrets have one.
    pub fn arn_name(&self) -> Option<String> {
        self.secret.then(|| format!("{}_SECRET_ARN", self.name))
    }

    /// The variable called `name`.
    pub fn named(name: &str) -> Option<&'static Self> {
        VARIABLES.iter().find(|variable| variable.name == name)
    }

    const fn new(section: Section, name: &'static str, what: &'static str, example: &'static str) -> Self {
        Self {
            name,
            section,
            what,
            default: None,
            required_in_production: false,
            secret: false,
            example,
        }
    }

    const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    const fn required(mut self) -> Self {
        self.required_in_production = true;
        self
    }

    const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }
}

/// Every variable, section by section.
pub const VARIABLES: &[Variable] = &[
    Variable::new(
        Section::Core,
        "ENVIRONMENT",
        "Stage: `development`, `test` or `production`. Production refuses development defaults.",
        "production",
    )
    .default("development"),
    Variable::new(
        Section::Core,
        "LOG_LEVEL",
        "Least serious level that is logged: `error`, `warn`, `info`, `debug` or `trace`. Other people's crates never log below `warn`.",
        "info",
    )
    .default("info"),
    Variable::new(
        Section::Database,
        "DATABASE_URL",
        "Address of PostgreSQL, with user and password.",
        "postgres://automoney:PASSWORD@db.internal:5432/automoney?sslmode=require",
    )
    .default("postgres://automoney:automoney@localhost:5432/automoney")
    .required()
    .secret(),
    Variable::new(
        Section::Database,
        "DATABASE_MAX_CONNECTIONS",
        "Most connections one process holds, 1 to 100.",
        "2",
    )
    .default("2"),
    Variable::new(
        Section::Database,
        "DATABASE_CA_PEM",
        "Further root certificates to trust for PostgreSQL, as PEM text; `\\n` may stand for a line's end.",
        "-----BEGIN CERTIFICATE-----\\n…\\n-----END CERTIFICATE-----",
    ),
    Variable::new(
        Section::Cache,
        "REDIS_URL",
        "Address of Redis; `rediss://` for TLS.",
        "rediss://default:PASSWORD@cache.internal:6379",
    )
    .default("redis://localhost:6379")
    .required()
    .secret(),
    Variable::new(
        Section::Cache,
        "CACHE_NAMESPACE",
        "Prefix of every key in Redis, so that two stages never mix: letters, digits, `-` and `_`.",
        "automoney",
    )
    .default("automoney"),
    Variable::new(
        Section::Http,
        "CORS_ALLOWED_ORIGINS",
        "Origins whose pages may call the API, with commas between; no `*`, because answers allow credentials.",
        "https://app.example.com",
    )
    .default("http://localhost:3000,http://localhost:5173")
    .required(),
    Variable::new(
        Section::Auth,
        "JWT_SECRET",
        "Key that signs access tokens, at least 32 bytes.",
        "$(openssl rand -base64 48)",
    )
    .default("development-only-secret-that-signs-nothing-real")
    .required()
    .secret(),
    Variable::new(
        Section::Sources,
        "BINANCE_BASE_URLS",
        "Binance's market data, asked in this order, with commas between.",
        "https://data-api.binance.vision,https://api.binance.com",
    )
    .default("https://data-api.binance.vision,https://api.binance.com"),
    Variable::new(
        Section::Sources,
        "BINANCE_WEIGHT_PER_MINUTE",
        "What an address of Binance lets the requests of a minute weigh; from four fifths of it on it is left alone until the next minute.",
        "6000",
    )
    .default("6000"),
    Variable::new(
        Section::Sources,
        "COINGECKO_BASE_URL",
        "CoinGecko's API, the cross-check and the fall-back of the live price.",
        "https://api.coingecko.com",
    )
    .default("https://api.coingecko.com"),
    Variable::new(
        Section::Sources,
        "COINGECKO_API_KEY",
        "CoinGecko's demo key. Without it the tighter limits of the public API hold.",
        "CG-0123456789abcdefghijklmn",
    )
    .secret(),
    Variable::new(Section::Sources, "GLASSNODE_BASE_URL", "Glassnode's API.", "https://api.glassnode.com")
        .default("https://api.glassnode.com"),
    Variable::new(
        Section::Sources,
        "GLASSNODE_API_KEY",
        "Glassnode's key. Without it the free sources serve what they can and the rest is missing.",
        "0123456789abcdefghijklmnopq",
    )
    .secret(),
    Variable::new(
        Section::Sources,
        "BLOCKCHAIN_INFO_BASE_URL",
        "blockchain.info's charts, the free on-chain source.",
        "https://api.blockchain.info",
    )
    .default("https://api.blockchain.info"),
    Variable::new(Section::Sources, "FRED_BASE_URL", "FRED's API.", "https://api.stlouisfed.org")
        .default("https://api.stlouisfed.org"),
    Variable::new(
        Section::Sources,
        "FRED_API_KEY",
        "FRED's key. Without it the macro series are missing.",
        "0123456789abcdef0123456789abcdef",
    )
    .secret(),
    Variable::new(
        Section::Sources,
        "FEAR_GREED_BASE_URL",
        "Alternative.me's API with the Fear & Greed index.",
        "https://api.alternative.me",
    )
    .default("https://api.alternative.me"),
    Variable::new(
        Section::Sources,
        "HISTORY_SINCE",
        "First day of the candles that the first run fetches, as a date.",
        "2019-01-01",
    )
    .default("2019-01-01"),
    Variable::new(
        Section::Sources,
        "SOURCES_DISAGREE_PCT",
        "Percent that the live prices of two services may be apart before scheduled orders are locked; 0 for no comparison.",
        "1",
    )
    .default("1"),
    Variable::new(
        Section::Sources,
        "SOURCES_DISAGREE_RUNS",
        "Comparisons in a row with a larger difference that lock, 1 to 100.",
        "2",
    )
    .default("2"),
    Variable::new(
        Section::Models,
        "CLAUDE_API_KEY",
        "Anthropic's key. Without it its models are left out; without any key the rules alone give the scores.",
        "sk-ant-0123456789abcdefghijklmnop",
    )
    .secret(),
    Variable::new(
        Section::Models,
        "OPENAI_API_KEY",
        "OpenAI's key. Without it its models are left out.",
        "sk-0123456789abcdefghijklmnop",
    )
    .secret(),
    Variable::new(
        Section::Models,
        "ANTHROPIC_BASE_URL",
        "Anthropic's API; a trailing `/v1` makes no difference.",
        "https://api.anthropic.com",
    )
    .default("https://api.anthropic.com"),
    Variable::new(
        Section::Models,
        "OPENAI_BASE_URL",
        "OpenAI's API; a trailing `/v1` makes no difference.",
        "https://api.openai.com",
    )
    .default("https://api.openai.com"),
    Variable::new(
        Section::Models,
        "ANTHROPIC_VERSION",
        "Version of Anthropic's API that is asked for, as a date.",
        "2023-06-01",
    )
    .default("2023-06-01"),
    Variable::new(
        Section::Budget,
        "DAILY_LLM_BUDGET_USD",
        "The most USD that models may cost in a UTC day; no attempt is made that could exceed it. 0 for none.",
        "15",
    )
    .default("15"),
    Variable::new(
        Section::Identity,
        "GOOGLE_ISSUER_URL",
        "Who signs people in: the issuer of the id tokens, where its discovery document is.",
        "https://accounts.google.com",
    )
    .default("https://accounts.google.com"),
    Variable::new(
        Section::Identity,
        "GOOGLE_CLIENT_ID",
        "What we are called there. Without it nobody can sign in.",
        "123456789012-0123456789abcdefghijklmnopqrstuv.apps.googleusercontent.com",
    )
    .required(),
    Variable::new(
        Section::Identity,
        "GOOGLE_CLIENT_SECRET",
        "The secret that belongs to the client id.",
        "GOCSPX-0123456789abcdefghijklmnopqr",
    )
    .required()
    .secret(),
    Variable::new(
        Section::Identity,
        "GOOGLE_REDIRECT_URIS",
        "Pages that the browser may come back to, with commas between, each letter for letter as registered there; http:// for this machine only, and not in production.",
        "https://app.example.com/signin",
    )
    .required(),
    Variable::new(
        Section::Push,
        "PUSH_ENDPOINT_URL",
        "Where messages for open WebSockets are posted to: API, region and stage of API Gateway. Unset where the process holds the sockets itself.",
        "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/production",
    )
    .required(),
    Variable::new(
        Section::Backups,
        "BACKUP_STORE",
        "Where backups lie: a bucket or a folder of it (`s3://bucket/folder`), or a directory.",
        "s3://automoney-backups-eu-central-1",
    )
    .default(".local/backups")
    .required(),
    Variable::new(
        Section::Backups,
        "BACKUP_KMS_KEY_ARN",
        "Key of KMS that encrypts them in the bucket; the bucket's own encryption when unset.",
        "arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
    ),
    Variable::new(
        Section::Backups,
        "BACKUP_SIGNING_KEY",
        "Keys that sign manifests, at least 32 characters each, with commas between: the first signs, all are believed.",
        "0123456789abcdef0123456789abcdef0123456789abcdef",
    )
    .default("for-development-only-not-a-secret-at-all")
    .required()
    .secret(),
];
