//! Signing in with Google, the outside half: codes, id tokens, keys and bad days, with the stand-in's
//! identity provider on a real socket. Time stands still until a test moves it.

mod codes;
mod faults;
mod keys;
mod local;
mod page;
mod tokens;

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use shared::clock::Clock;
use shared::config::{Config, Environment, Section};
use shared::secrets::EnvironmentSecrets;
use shared::sources::google::{Account, Exchange, Google, GoogleError};
use shared::telemetry::{Format, Lines, chain, levels};
use standin::google::{AuthorizeRequest, CLIENT_ID, CLIENT_SECRET, User, challenge_of};
use standin::{Fault, Options, Service, Standin};
use tracing::Level;
use tracing_subscriber::layer::SubscriberExt as _;

const NOON: &str = "2024-03-01T12:02:00Z";
const PAGE: &str = "https://app.example.com/signin";
const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more";
const NONCE: &str = "a-nonce-of-this-sign-in";

/// How long the stand-in may take, also on a machine with much to do.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long it may take where a test waits for just that.
const LITTLE_PATIENCE: Duration = Duration::from_secs(1);

const DISCOVERY: &str = "/.well-known/openid-configuration";
const KEYS: &str = "/oauth2/v3/certs";
const TOKEN: &str = "/token";

/// The platform's way to Google, and the provider at its end.
struct Provider {
    standin: Standin,
    clock: Clock,
    standin_clock: standin::Clock,
    google: Google,
}

impl Provider {
    async fn start() -> Self {
        let now: Timestamp = NOON.parse().unwrap();
        let standin_clock = standin::Clock::fixed(now.as_millisecond());
        let standin = Standin::start(Options {
            clock: standin_clock.clone(),
            ..Options::default()
        })
        .await
        .unwrap();
        // Made before somebody waits for it: that takes as long as the primes hide.
        standin.google().rotate_keys();
        let clock = Clock::fixed(now);
        let environment = told(&standin.base_url(Service::Google));
        Self {
            google: google(&environment, &clock).await,
            standin,
            clock,
            standin_clock,
        }
    }

    /// One that waits for [`LITTLE_PATIENCE`] where the fault is that nothing comes.
    async fn start_for(fault: &Fault) -> Self {
        let provider = Self::start().await;
        if *fault != Fault::Hang {
            return provider;
        }
        Self {
            google: provider.google.clone().with_patience(LITTLE_PATIENCE),
            ..provider
        }
    }

    fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
        self.standin_clock.set(self.clock.now().as_millisecond());
    }

    /// A code for Ann, who left with the page, the verifier and the nonce of these tests.
    fn code(&self) -> String {
        self.code_of(User::with_email("ann@example.com"))
    }

    fn code_of(&self, user: User) -> String {
        let request = AuthorizeRequest {
            nonce: NONCE.to_owned(),
            code_challenge: challenge_of(VERIFIER),
            redirect_uri: PAGE.to_owned(),
            client_id: CLIENT_ID.to_owned(),
        };
        self.standin.google().code_for(user, &request)
    }

    /// Signs Ann in with a fresh code.
    async fn sign_in(&self) -> Result<Account, GoogleError> {
        let code = self.code();
        self.google.identify(&exchange(&code)).await
    }

    /// What was asked since the last time.
    fn asked(&self) -> Vec<String> {
        self.standin.take_requests()
    }
}

fn told(issuer: &str) -> Environment {
    Environment::from([
        ("GOOGLE_ISSUER_URL", issuer.to_owned()),
        ("GOOGLE_CLIENT_ID", CLIENT_ID.to_owned()),
        ("GOOGLE_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
        (
            "GOOGLE_REDIRECT_URIS",
            format!("{PAGE},https://app.example.com/other"),
        ),
    ])
}

async fn google(environment: &Environment, clock: &Clock) -> Google {
    let config = Config::load(environment, &[Section::Identity], &EnvironmentSecrets)
        .await
        .unwrap();
    Google::new(config.google, clock.clone())
        .unwrap()
        .with_patience(PATIENCE)
}

fn exchange(code: &str) -> Exchange<'_> {
    Exchange {
        code,
        code_verifier: VERIFIER,
        redirect_uri: PAGE,
        nonce: NONCE,
    }
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Writes down everything that this thread logs from now on, at the finest level.
    fn listen() -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::registry()
            .with(Lines::new(Format::Json, move || writer.clone()))
            .with(levels(Level::TRACE));
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Everything that an operator could see of a failure.
fn told_of(error: &GoogleError, log: &Log) -> String {
    tracing::warn!(error = error as &dyn std::error::Error, "the sign-in failed");
    format!("{}\n{error:?}\n{}", chain(error).join("\n"), log.text())
}
