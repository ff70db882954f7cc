//! What is read, what is refused, and that the page of variables is true.

use futures_util::future::BoxFuture;
use rstest::rstest;
use secrecy::{ExposeSecret as _, SecretString};

use super::{
    Config, ConfigError, Environment, Section, Stage, VARIABLES, Variable, configuration_table, render,
};
use crate::secrets::{EnvironmentSecrets, SecretError, SecretStore};

async fn load(environment: Environment) -> Result<Config, ConfigError> {
    Config::load(&environment, &Section::ALL, &EnvironmentSecrets).await
}

async fn problems(environment: Environment) -> Vec<(&'static str, String)> {
    match load(environment).await {
        Ok(config) => panic!("accepted: {config:?}"),
        Err(error) => error
            .problems()
            .iter()
            .map(|one| (one.variable, one.what.clone()))
            .collect(),
    }
}

fn production() -> Environment {
    Environment::from([
        ("ENVIRONMENT", "production"),
        (
            "DATABASE_URL",
            "postgres://automoney:Pg-Secret@db.internal/automoney",
        ),
        ("REDIS_URL", "rediss://default:Redis-Secret@cache.internal:6379"),
        ("JWT_SECRET", "Jwt-Secret-0123456789-0123456789-0123456789"),
        ("CORS_ALLOWED_ORIGINS", "https://app.example.com"),
        ("COINGECKO_API_KEY", "CoinGecko-Secret"),
        ("FRED_API_KEY", "Fred-Secret"),
        ("CLAUDE_API_KEY", "Claude-Secret"),
        ("OPENAI_API_KEY", "OpenAi-Secret"),
        ("GOOGLE_CLIENT_ID", "automoney"),
        ("GOOGLE_CLIENT_SECRET", "Google-Secret"),
        ("GOOGLE_REDIRECT_URIS", "https://app.example.com/signin"),
        ("PUSH_ENDPOINT_URL", "https://sockets.example.com/production"),
        ("BACKUP_STORE", "s3://automoney-backups/daily/"),
        (
            "BACKUP_SIGNING_KEY",
            "Backup-Secret-0123456789-0123456789-0123456789",
        ),
    ])
}

#[tokio::test]
async fn an_empty_environment_is_a_development_machine() {
    let config = load(Environment::default()).await.unwrap();

    assert_eq!(config.core.stage, Stage::Development);
    assert_eq!(config.core.log_level, tracing::Level::INFO);
    assert_eq!(config.database.unwrap().max_connections, 2);
    assert_eq!(config.cache.unwrap().namespace, "automoney");
    let sources = config.sources.unwrap();
    let bases: Vec<_> = sources.binance_base_urls.iter().map(url::Url::as_str).collect();
    assert_eq!(
        bases,
        ["https://data-api.binance.vision/", "https://api.binance.com/"]
    );
    assert_eq!(sources.binance_weight_per_minute.get(), 6000);
    assert_eq!(sources.coingecko_base_url.as_str(), "https://api.coingecko.com/");
    assert!(sources.coingecko_api_key.is_none());
    assert_eq!(sources.history_since, jiff::civil::date(2019, 1, 1));
    assert!(sources.fred_api_key.is_none());
    let models = config.models.unwrap();
    assert!(models.claude_api_key.is_none() && models.openai_api_key.is_none());
    assert_eq!(models.anthropic_base_url.as_str(), "https://api.anthropic.com/");
    assert_eq!(models.openai_base_url.as_str(), "https://api.openai.com/");
    assert_eq!(models.anthropic_version, jiff::civil::date(2023, 6, 1));
    assert_eq!(config.budget.unwrap().daily_cap_usd, 15.into());
    assert!(
        config.google.is_none(),
        "nobody signs in without being told with whom"
    );
}

#[tokio::test]
async fn a_section_that_was_not_declared_is_absent_and_not_checked() {
    let environment = Environment::from([("ENVIRONMENT", "production"), ("HISTORY_SINCE", "yesterday")]);

    let config = Config::load(&environment, &[], &EnvironmentSecrets)
        .await
        .unwrap();

    assert_eq!(config.core.stage, Stage::Production);
    assert!(config.database.is_none() && config.auth.is_none() && config.sources.is_none());
    assert!(config.models.is_none());
}

#[tokio::test]
async fn every_problem_is_reported_at_once_in_the_order_of_the_table() {
    let environment = Environment::from([
        ("ENVIRONMENT", "prod"),
        ("LOG_LEVEL", "loud"),
        ("DATABASE_URL", "mysql://automoney:Pg-Secret@db/automoney"),
        ("DATABASE_MAX_CONNECTIONS", "0"),
        ("REDIS_URL", "localhost"),
        ("JWT_SECRET", "short"),
        ("CORS_ALLOWED_ORIGINS", "https://app.example.com/path"),
        ("BINANCE_BASE_URLS", "https://ok.example, http://plain.example"),
        ("HISTORY_SINCE", "2019-13-01"),
        ("GOOGLE_CLIENT_ID", "automoney"),
        ("GOOGLE_CLIENT_SECRET", "Google-Secret"),
        ("GOOGLE_REDIRECT_URIS", "http://app.example.com/signin"),
        ("PUSH_ENDPOINT_URL", "sockets.example.com"),
        ("BACKUP_STORE", "gs://automoney-backups"),
        ("BACKUP_KMS_KEY_ARN", "alias/backups"),
        ("BACKUP_SIGNING_KEY", "short-Secret"),
    ]);

    let error = load(environment).await.unwrap_err();
    let text = error.to_string();

    let named: Vec<_> = error.problems().iter().map(|problem| problem.variable).collect();
    let expected = [
        "ENVIRONMENT",
        "LOG_LEVEL",
        "DATABASE_URL",
        "DATABASE_MAX_CONNECTIONS",
        "REDIS_URL",
        "CORS_ALLOWED_ORIGINS",
        "JWT_SECRET",
        "BINANCE_BASE_URLS",
        "HISTORY_SINCE",
        "GOOGLE_REDIRECT_URIS",
        "PUSH_ENDPOINT_URL",
        "BACKUP_STORE",
        "BACKUP_KMS_KEY_ARN",
        "BACKUP_SIGNING_KEY",
    ];
    assert_eq!(named, expected);
    insta::assert_snapshot!(text);
    assert!(!text.contains("-Secret"));
}

#[tokio::test]
async fn production_needs_everything_that_has_only_a_development_default() {
    let missing = problems(Environment::from([("ENVIRONMENT", "production")])).await;

    let named: Vec<_> = missing.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        named,
        [
            "DATABASE_URL",
            "REDIS_URL",
            "CORS_ALLOWED_ORIGINS",
            "JWT_SECRET",
            "GOOGLE_CLIENT_ID",
            "GOOGLE_CLIENT_SECRET",
            "GOOGLE_REDIRECT_URIS",
            "PUSH_ENDPOINT_URL",
            "BACKUP_STORE",
            "BACKUP_SIGNING_KEY",
        ]
    );
    assert!(
        missing
            .iter()
            .all(|(_, what)| what == "is not set, and production needs it")
    );
}

#[rstest]
#[case(
    "JWT_SECRET",
    "development-only-secret-that-signs-nothing-real",
    "development default"
)]
#[case(
    "DATABASE_URL",
    "postgres://automoney:automoney@localhost:5432/automoney",
    "development default"
)]
#[case("REDIS_URL", "redis://localhost:6379", "development default")]
#[case("CORS_ALLOWED_ORIGINS", "http://app.example.com", "https://")]
#[case("COINGECKO_BASE_URL", "http://127.0.0.1:9000", "https://")]
#[case("FRED_BASE_URL", "http://127.0.0.1:9000", "https://")]
#[case("BINANCE_BASE_URLS", "http://127.0.0.1:9000", "https://")]
#[case("ANTHROPIC_BASE_URL", "http://127.0.0.1:9000", "https://")]
#[case("OPENAI_BASE_URL", "http://127.0.0.1:9000", "https://")]
#[case("GOOGLE_ISSUER_URL", "http://127.0.0.1:9000", "https://")]
#[tokio::test]
async fn production_refuses_what_development_may(
    #[case] name: &'static str,
    #[case] value: &str,
    #[case] why: &str,
) {
    let found = problems(production().with(name, value)).await;

    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, name);
    assert!(found[0].1.contains(why), "{found:?}");
    assert!(
        load(Environment::from([(name, value)])).await.is_ok(),
        "development accepts it"
    );
}

#[rstest]
#[case("DATABASE_MAX_CONNECTIONS", "101")]
#[case("DATABASE_MAX_CONNECTIONS", "two")]
#[case("DATABASE_CA_PEM", "/etc/ssl/ca.pem")]
#[case("DATABASE_URL", "postgres:///automoney")]
#[case("CACHE_NAMESPACE", "auto money")]
#[case("CACHE_NAMESPACE", "a{b}")]
#[case("BINANCE_WEIGHT_PER_MINUTE", "0")]
#[case("BINANCE_WEIGHT_PER_MINUTE", "-6000")]
#[case("BINANCE_WEIGHT_PER_MINUTE", "6000.5")]
#[case("BINANCE_WEIGHT_PER_MINUTE", "4294967296")]
#[case("COINGECKO_API_KEY", "two words")]
#[case("COINGECKO_BASE_URL", "https://coingecko.example/?key=1")]
#[case("FRED_API_KEY", "two words")]
#[case("FRED_BASE_URL", "https://user:pass@fred.example")]
#[case("FRED_BASE_URL", "https://fred.example/?key=1")]
#[case("FEAR_GREED_BASE_URL", "ftp://fear.example")]
#[case("BINANCE_BASE_URLS", " , ")]
#[case("CLAUDE_API_KEY", "two words")]
#[case("OPENAI_API_KEY", "two words")]
#[case("ANTHROPIC_BASE_URL", "https://user:pass@claude.example")]
#[case("OPENAI_BASE_URL", "ftp://openai.example")]
#[case("ANTHROPIC_VERSION", "newest")]
#[case("DAILY_LLM_BUDGET_USD", "-0.01")]
#[case("DAILY_LLM_BUDGET_USD", "1000000.01")]
#[case("DAILY_LLM_BUDGET_USD", "fifteen")]
#[case("GOOGLE_ISSUER_URL", "https://accounts.example/?of=us")]
#[case("CORS_ALLOWED_ORIGINS", "*")]
#[case("CORS_ALLOWED_ORIGINS", "https://*.example.com")]
#[case("CORS_ALLOWED_ORIGINS", "https://app.example.com?x=1")]
#[tokio::test]
async fn a_wrong_value_is_refused_by_name(#[case] name: &'static str, #[case] value: &str) {
    let found = problems(Environment::from([(name, value)])).await;

    assert_eq!(
        found.iter().map(|(variable, _)| *variable).collect::<Vec<_>>(),
        [name]
    );
}

#[rstest]
#[case("http://localhost:8000/signin", Stage::Development, true)]
#[case("http://127.0.0.1:8000/signin, http://[::1]/signin", Stage::Test, true)]
#[case("https://app.example.com/signin?of=us", Stage::Production, true)]
#[case("http://localhost:8000/signin", Stage::Production, false)]
#[case("http://app.example.com/signin", Stage::Development, false)]
#[case("http://localhost.example.com/signin", Stage::Development, false)]
#[case("https://*.example.com/signin", Stage::Development, false)]
#[case("https://app.example.com/signin#here", Stage::Development, false)]
#[case("https://user:pass@app.example.com/signin", Stage::Development, false)]
#[case("javascript:alert(1)", Stage::Development, false)]
#[case("/signin", Stage::Development, false)]
#[case("https://app.example.com/signin, /signin", Stage::Development, false)]
#[tokio::test]
async fn codes_go_to_pages_of_this_machine_or_over_https(
    #[case] pages: &str,
    #[case] stage: Stage,
    #[case] is_fine: bool,
) {
    let environment = production()
        .with("ENVIRONMENT", stage.as_str())
        .with("GOOGLE_REDIRECT_URIS", pages);

    let loaded = Config::load(&environment, &[Section::Identity], &EnvironmentSecrets).await;

    assert_eq!(loaded.is_ok(), is_fine, "{loaded:?}");
    if let Ok(config) = loaded {
        let kept = config.google.unwrap().redirect_uris;
        assert_eq!(kept.join(", "), pages, "letter for letter");
    }
}

#[tokio::test]
async fn who_is_told_half_of_how_to_sign_in_is_told_what_is_missing() {
    let missing = problems(Environment::from([("GOOGLE_CLIENT_SECRET", "Google-Secret")])).await;

    let named: Vec<_> = missing.iter().map(|(name, _)| *name).collect();
    assert_eq!(named, ["GOOGLE_CLIENT_ID", "GOOGLE_REDIRECT_URIS"]);
    assert!(
        missing
            .iter()
            .all(|(_, what)| what == "is not set, and GOOGLE_CLIENT_SECRET needs it")
    );
}

#[tokio::test]
async fn a_complete_production_configuration_is_typed() {
    let environment = production()
        .with(
            "CORS_ALLOWED_ORIGINS",
            "https://APP.example.com/, https://b.example.com:8443",
        )
        .with("FRED_BASE_URL", "https://proxy.example/fred")
        .with("ANTHROPIC_VERSION", "2026-10-21")
        .with("DAILY_LLM_BUDGET_USD", "0.5")
        .with(
            "DATABASE_CA_PEM",
            "-----BEGIN CERTIFICATE-----\\nAA\\n-----END CERTIFICATE-----",
        );

    let config = load(environment).await.unwrap();

    let origins = config.http.unwrap().cors_allowed_origins;
    assert_eq!(origins, ["https://app.example.com", "https://b.example.com:8443"]);
    let sources = config.sources.unwrap();
    assert_eq!(
        sources.fred_base_url.join("series").unwrap().as_str(),
        "https://proxy.example/fred/series"
    );
    assert_eq!(
        sources.coingecko_api_key.unwrap().expose_secret(),
        "CoinGecko-Secret"
    );
    assert_eq!(sources.fred_api_key.unwrap().expose_secret(), "Fred-Secret");
    let models = config.models.unwrap();
    assert_eq!(models.claude_api_key.unwrap().expose_secret(), "Claude-Secret");
    assert_eq!(models.openai_api_key.unwrap().expose_secret(), "OpenAi-Secret");
    assert_eq!(models.anthropic_version, jiff::civil::date(2026, 10, 21));
    assert_eq!(config.budget.unwrap().daily_cap_usd.to_string(), "0.5");
    let google = config.google.unwrap();
    assert_eq!(google.issuer(), "https://accounts.google.com");
    assert_eq!(google.client_id, "automoney");
    assert_eq!(google.client_secret.expose_secret(), "Google-Secret");
    assert_eq!(config.database.unwrap().ca_pem.unwrap().lines().count(), 3);
}

#[tokio::test]
async fn empty_values_count_as_not_set() {
    let config = load(Environment::from([
        ("FRED_API_KEY", ""),
        ("CACHE_NAMESPACE", "  "),
    ]))
    .await
    .unwrap();

    assert!(config.sources.unwrap().fred_api_key.is_none());
    assert_eq!(config.cache.unwrap().namespace, "automoney");
}

/// Knows one secret.
struct OneSecret;

impl SecretStore for OneSecret {
    fn secret<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        Box::pin(async move {
            match name {
                "arn:jwt" => Ok(SecretString::from("a-signing-key-out-of-the-secret-store")),
                _ => Err(SecretError::NotText {
                    name: name.to_owned(),
                }),
            }
        })
    }
}

#[tokio::test]
async fn an_arn_replaces_a_secret_variable() {
    let environment = production()
        .with("JWT_SECRET_SECRET_ARN", "arn:jwt")
        .with("JWT_SECRET", "ignored");

    let config = Config::load(&environment, &[Section::Auth], &OneSecret)
        .await
        .unwrap();

    let auth = config.auth.unwrap();
    assert_eq!(auth.keys_arn.as_deref(), Some("arn:jwt"));
    assert_eq!(
        auth.keys.current.secret.expose_secret(),
        "a-signing-key-out-of-the-secret-store"
    );
}

#[tokio::test]
async fn a_secret_that_cannot_be_read_is_one_of_the_problems() {
    let environment = production()
        .with("FRED_API_KEY_SECRET_ARN", "arn:gone")
        .with("LOG_LEVEL", "loud");

    let error = Config::load(&environment, &Section::ALL, &OneSecret)
        .await
        .unwrap_err();

    let named: Vec<_> = error.problems().iter().map(|problem| problem.variable).collect();
    assert_eq!(named, ["LOG_LEVEL", "FRED_API_KEY"]);
    assert!(
        error
            .to_string()
            .contains("FRED_API_KEY_SECRET_ARN cannot be read: arn:gone holds no text")
    );
}

#[tokio::test]
async fn debug_output_shows_no_secret() {
    let environment = production();
    let config = load(environment.clone()).await.unwrap();

    let printed = format!("{config:?} {environment:?}");

    assert!(!printed.contains("-Secret"), "{printed}");
    assert!(printed.contains("FRED_API_KEY"), "names may be shown");
}

#[test]
fn each_variable_is_in_the_table_once_and_secrets_have_an_arn() {
    let mut names: Vec<_> = VARIABLES.iter().map(|variable| variable.name).collect();
    names.sort_unstable();
    names.dedup();

    assert_eq!(names.len(), VARIABLES.len());
    assert_eq!(
        Variable::named("JWT_SECRET").unwrap().arn_name().unwrap(),
        "JWT_SECRET_SECRET_ARN"
    );
    assert!(Variable::named("LOG_LEVEL").unwrap().arn_name().is_none());
    assert!(
        VARIABLES
            .iter()
            .filter(|variable| variable.required_in_production)
            // No machine has an account at Google or an API of its own in the cloud.
            .all(|variable| variable.default.is_some()
                || [Section::Identity, Section::Push].contains(&variable.section))
    );
    let of_sections: usize = Section::ALL
        .iter()
        .map(|section| section.variables().count())
        .sum();
    assert_eq!(of_sections, VARIABLES.len());
}

#[test]
fn the_page_is_rendered_between_its_markers_and_again_without_change() {
    let page = render("# Configuration\n\nHow it is read.\n");
    let edited = page.replace("`LOG_LEVEL`", "`LOUDNESS`") + "\nMore.\n";

    assert!(page.starts_with("# Configuration\n\nHow it is read.\n\n<!-- variables"));
    assert!(
        VARIABLES
            .iter()
            .all(|variable| page.contains(&format!("| `{}` |", variable.name)))
    );
    assert_eq!(render(&page), page);
    assert_eq!(render(&edited), format!("{page}\nMore.\n"));
    insta::assert_snapshot!(configuration_table());
}
