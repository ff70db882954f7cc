//! The keys of access tokens change while the platform is used, and nobody notices.

use std::sync::Arc;

use automoney::local;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures_util::future::join_all;
use jiff::Timestamp;
use rstest::rstest;
use secrecy::ExposeSecret as _;
use shared::app::App;
use shared::clock::Clock;
use shared::config::{AuthSettings, Config, KeySet};
use shared::domain::sessions::RefreshToken;
use shared::domain::tier::{Role, Tier};
use shared::http::{Identity, TokenKeys, User};
use shared::secrets::Versions;
use shared::services::auth;
use shared::services::rotation::{RotationError, RotationEvent, Step, rotate};
use shared::telemetry::chain;
use tests::function::Function;
use tests::runtime_api::Outcome;
use tests::secrets_manager::{ARN, SecretsManager};
use tower::ServiceExt as _;
use uuid::Uuid;

use super::*;

const STEPS: [Step; 4] = [
    Step::CreateSecret,
    Step::SetSecret,
    Step::TestSecret,
    Step::FinishSecret,
];

fn key(kid: &str) -> Value {
    json!({ "kid": kid, "secret": format!("{kid}-{}", "0123456789".repeat(4)) })
}

fn one_and_next() -> String {
    json!({ "current": key("k1"), "next": key("k2") }).to_string()
}

/// The settings of a process that reads its keys from the fake.
fn settings(value: &str) -> AuthSettings {
    AuthSettings {
        keys: KeySet::parse(value).unwrap(),
        keys_arn: Some(ARN.to_owned()),
    }
}

/// A rotation's side: the function's state, and its way to the fake.
struct Rotation {
    app: App,
    versions: Versions,
    store: Arc<SecretsManager>,
    clock: Clock,
}

impl Rotation {
    async fn of(value: &str) -> Self {
        let clock = Clock::fixed(tests::bundle::NOON.parse::<Timestamp>().unwrap());
        let store = Arc::new(SecretsManager::start(value, clock.clone()).await);
        Self::on(&store, &clock).await
    }

    async fn on(store: &Arc<SecretsManager>, clock: &Clock) -> Self {
        let environment = shared::config::Environment::from([("JWT_SECRET_SECRET_ARN", ARN)]);
        let section = shared::config::Section::Auth;
        let config = Config::load(&environment, &[section], &**store).await.unwrap();
        let app = App::new(config, clock.clone(), shared::ids::Ids::random()).unwrap();
        let versions = Versions::with_client(client(store.address()), ARN);
        Self {
            app,
            versions,
            store: Arc::clone(store),
            clock: clock.clone(),
        }
    }

    async fn step(&self, step: Step, version: &str) -> Result<bool, String> {
        let event = RotationEvent {
            step,
            secret_id: ARN.to_owned(),
            client_request_token: version.to_owned(),
        };
        let rotated = rotate(&self.app, &self.versions, &event).await;
        rotated
            .map(|rotated| rotated.changed)
            .map_err(|error: RotationError| chain(&error).join(": "))
    }

    /// A whole rotation, every step delivered twice.
    async fn rotate(&self, version: &str) -> Result<(), String> {
        self.store.begin_rotation(version);
        for step in STEPS {
            self.step(step, version).await?;
            assert!(!self.step(step, version).await?, "{step:?} again changes nothing");
        }
        Ok(())
    }

    /// The names of the keys in use: current, next, previous.
    fn kids(&self) -> [String; 3] {
        let set = self.store.value_in("AWSCURRENT").unwrap();
        ["current", "next", "previous"].map(|place| set[place]["kid"].as_str().unwrap_or("-").to_owned())
    }
}

fn client(address: &str) -> aws_sdk_secretsmanager::Client {
    use aws_sdk_secretsmanager::config::retry::RetryConfig;
    use aws_sdk_secretsmanager::config::{BehaviorVersion, Config, Credentials, Region};
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(Credentials::new("key", "secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .endpoint_url(address)
        .build();
    aws_sdk_secretsmanager::Client::from_conf(config)
}

#[tokio::test]
async fn a_rotation_signs_with_the_key_that_everybody_knows_already() {
    let rotation = Rotation::of(&one_and_next()).await;

    rotation.rotate("version-1").await.unwrap();

    let [current, next, previous] = rotation.kids();
    assert_eq!((current.as_str(), previous.as_str()), ("k2", "k1"));
    assert!(next != "k1" && next != "k2" && next.len() == 8, "{next}");
    assert_eq!(rotation.store.version_in("AWSCURRENT").unwrap(), "version-1");
    assert_eq!(rotation.store.version_in("AWSPREVIOUS").unwrap(), "version-0");
    rotation.clock.advance(SignedDuration::from_hours(24));
    rotation.rotate("version-2").await.unwrap();
    assert_eq!(rotation.kids()[0], next);
    assert_eq!(rotation.kids()[2], "k2");
}

#[tokio::test]
async fn the_first_rotation_of_a_plain_secret_only_adds_the_key_that_signs_next() {
    let plain = "a-plain-secret-of-more-than-32-bytes-of-length";
    let rotation = Rotation::of(plain).await;

    rotation.rotate("version-1").await.unwrap();

    let set = rotation.store.value_in("AWSCURRENT").unwrap();
    assert_eq!(set["current"], json!({ "kid": "current", "secret": plain }));
    let next = rotation.kids()[1].clone();
    rotation.clock.advance(SignedDuration::from_hours(24));
    rotation.rotate("version-2").await.unwrap();
    assert_eq!(
        (&rotation.kids()[0], rotation.kids()[2].as_str()),
        (&next, "current")
    );
}

#[tokio::test]
async fn a_rotation_that_follows_too_soon_is_put_off() {
    let rotation = Rotation::of(&one_and_next()).await;
    rotation.rotate("version-1").await.unwrap();
    rotation.clock.advance(SignedDuration::from_mins(40) - seconds(1));

    let error = rotation.rotate("version-2").await.unwrap_err();
    assert!(
        error.contains("until 2024-03-01T12:42:00Z, rotate then"),
        "{error}"
    );
    assert_eq!(rotation.store.value_in("AWSPENDING"), None);

    rotation.clock.advance(seconds(1));
    rotation.rotate("version-2").await.unwrap();
}

#[rstest]
#[case::unknown_version("version-9", "the secret has no version version-9")]
#[case::over("version-0", "is not AWSPENDING")]
#[tokio::test]
async fn a_step_of_no_rotation_is_refused(#[case] version: &str, #[case] why: &str) {
    let rotation = Rotation::of(&one_and_next()).await;
    rotation.rotate("version-1").await.unwrap();
    for step in STEPS {
        let error = rotation.step(step, version).await.unwrap_err();
        assert!(error.contains(why), "{step:?}: {error}");
    }
    assert_eq!(rotation.kids()[0], "k2");
}

#[tokio::test]
async fn another_secret_and_one_that_does_not_rotate_are_left_alone() {
    let rotation = Rotation::of(&one_and_next()).await;
    rotation.store.begin_rotation("version-1");
    rotation.store.set_rotates(false);
    let error = rotation.step(Step::CreateSecret, "version-1").await.unwrap_err();
    assert!(error.contains("rotation is not switched on"), "{error}");

    let event = RotationEvent {
        step: Step::CreateSecret,
        secret_id: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:other".to_owned(),
        client_request_token: "version-1".to_owned(),
    };
    rotation.store.take_asked();
    let error = rotate(&rotation.app, &rotation.versions, &event)
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("secret:other is not the secret"),
        "{error}"
    );
    assert_eq!(rotation.store.take_asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_test_alone_on_a_version_without_a_value_changes_nothing_and_succeeds() {
    let rotation = Rotation::of(&one_and_next()).await;
    rotation.store.begin_rotation("version-1");

    assert_eq!(rotation.step(Step::TestSecret, "version-1").await, Ok(false));

    assert_eq!(rotation.store.value_in("AWSPENDING"), None);
    let error = rotation.step(Step::FinishSecret, "version-1").await.unwrap_err();
    assert!(error.contains("no value in stage AWSPENDING"), "{error}");
    assert_eq!(rotation.store.version_in("AWSCURRENT").unwrap(), "version-0");
}

#[rstest]
#[case::stranger_signs(json!({ "current": key("k9"), "previous": key("k1") }), "do not know the key that would sign")]
#[case::other_secret_of_that_name(
    json!({ "current": { "kid": "k2", "secret": "x".repeat(48) }, "previous": key("k1") }),
    "do not know the key that would sign"
)]
#[case::signer_is_forgotten(json!({ "current": key("k2"), "next": key("k3") }), "the key that signs now is not among them")]
#[tokio::test]
async fn pending_keys_that_would_refuse_a_token_are_not_put_into_use(
    #[case] pending: Value,
    #[case] why: &str,
) {
    let rotation = Rotation::of(&one_and_next()).await;
    rotation.store.begin_rotation("version-1");
    rotation.step(Step::CreateSecret, "version-1").await.unwrap();
    rotation.store.overwrite("AWSPENDING", &pending.to_string());

    for step in [Step::TestSecret, Step::FinishSecret] {
        let error = rotation.step(step, "version-1").await.unwrap_err();
        assert!(error.contains(why), "{step:?}: {error}");
    }
    assert_eq!(rotation.kids()[0], "k1");
}

#[tokio::test]
async fn a_rotation_that_failed_half_way_goes_on_where_it_was() {
    let rotation = Rotation::of(&one_and_next()).await;
    rotation.store.begin_rotation("version-1");
    rotation.store.set_down(true);
    let error = rotation.step(Step::CreateSecret, "version-1").await.unwrap_err();
    assert!(error.contains("Secrets Manager did not give"), "{error}");
    rotation.store.set_down(false);
    assert!(rotation.step(Step::CreateSecret, "version-1").await.unwrap());
    let made = rotation.store.value_in("AWSPENDING");

    // The whole rotation is delivered anew.
    for step in STEPS {
        rotation.step(step, "version-1").await.unwrap();
    }

    assert_eq!(
        rotation.store.value_in("AWSCURRENT"),
        made,
        "no second set was made"
    );
}

#[tokio::test]
async fn the_function_does_the_steps_that_secrets_manager_sends() {
    let store = SecretsManager::start(&one_and_next(), Clock::system()).await;
    let environment = [
        ("ENVIRONMENT", "production".to_owned()),
        ("JWT_SECRET_SECRET_ARN", ARN.to_owned()),
        ("AWS_ENDPOINT_URL", store.address().to_owned()),
        ("AWS_REGION", "eu-central-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "key".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "of-no-account".to_owned()),
    ];
    let function = Function::start("rotate-jwt-key", &environment).await;
    store.begin_rotation("version-1");

    for step in STEPS {
        let event = json!({
            "Step": step, "SecretId": ARN, "ClientRequestToken": "version-1", "RotationToken": "for-the-future",
        });
        let answer = function.answer("r", event).await;
        let changed = matches!(step, Step::CreateSecret | Step::FinishSecret);
        assert_eq!(answer, json!({ "step": step, "changed": changed }));
    }
    let Outcome::Failed(refused) = function.invoke("r", json!({ "job": "rotate-jwt-key" })).await else {
        panic!("an event that is no step");
    };
    assert!(refused.to_string().contains("createSecret"), "{refused}");
    assert_eq!(store.version_in("AWSCURRENT").unwrap(), "version-1");
    let set = store.value_in("AWSCURRENT").unwrap();
    assert_eq!(set["current"], key("k2"));
    let log = format!("{:?}", function.log().await);
    for secret in [&set["current"], &set["next"], &set["previous"]] {
        assert!(!log.contains(secret["secret"].as_str().unwrap()));
    }
}

/// One process of the bundle, with its own keys at its own age.
struct Instance {
    app: App,
    router: axum::Router,
}

impl Instance {
    fn start(bundle: &Bundle, store: &Arc<SecretsManager>, value: &str) -> Self {
        let mut app = bundle.app().clone();
        let mut config = Config::clone(&app.config);
        config.auth = Some(settings(value));
        app.config = Arc::new(config);
        let app = app.with_secrets(store.clone()).unwrap();
        let router = local::router(&app, &Arc::new(local::Hub::default())).unwrap();
        Self { app, router }
    }

    async fn me(&self, token: &str) -> StatusCode {
        let request = Request::get(ME)
            .header("authorization", format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        self.router.clone().oneshot(request).await.unwrap().status()
    }
}

/// A client of several instances, which renews its access token when that is nearly over.
struct Client {
    access: String,
    refresh: RefreshToken,
    renewed_at: Timestamp,
}

impl Client {
    async fn renew(&mut self, instance: &Instance) {
        let granted = auth::refresh(&instance.app, &self.refresh, Transport::Body)
            .await
            .unwrap();
        self.access = granted.access_token.expose_secret().to_owned();
        self.refresh = granted.refresh_token;
        self.renewed_at = instance.app.clock.now();
    }
}

#[tokio::test]
async fn while_keys_rotate_twice_no_token_is_refused_anywhere() {
    let bundle = bundle().await;
    let store = Arc::new(SecretsManager::start(&one_and_next(), bundle.app().clock.clone()).await);
    let rotation = Rotation::on(&store, &bundle.app().clock).await;
    let one = Instance::start(&bundle, &store, &one_and_next());
    // They read their keys again at different times, so that one is behind the other.
    bundle.advance(seconds(140));
    let other = Instance::start(&bundle, &store, &one_and_next());
    let mut clients = Vec::new();
    for n in 0..6 {
        let actor = bundle.sign_up(&format!("user-{n}")).await;
        let mut client = Client {
            access: String::new(),
            refresh: RefreshToken::parse(&actor.refresh_token).unwrap(),
            renewed_at: bundle.now(),
        };
        client.renew(if n % 2 == 0 { &one } else { &other }).await;
        clients.push(client);
    }
    let mut steps = STEPS
        .into_iter()
        .map(|step| (step, "version-1"))
        .chain(STEPS.map(|step| (step, "version-2")));
    store.begin_rotation("version-1");
    let mut answered = 0;

    for minute in 0..110_usize {
        bundle.advance(seconds(60));
        // The first rotation's steps from minute 10 on, the second's from minute 60 on.
        if minute == 60 {
            store.begin_rotation("version-2");
        }
        let is_step = matches!(minute, 10..=13 | 60..=63);
        let (one, other) = (&one, &other);
        let stepping = async {
            if is_step {
                let (step, version) = steps.next().unwrap();
                rotation.step(step, version).await.unwrap();
            }
        };
        // All clients at once, while the step is done: each renews its tokens or not, and asks both.
        let asking = clients.iter_mut().enumerate().map(async |(n, client)| {
            let age = bundle.now().duration_since(client.renewed_at);
            if is_step || age >= SignedDuration::from_mins(14) || (minute + n) % 5 == 0 {
                client
                    .renew(if (minute + n) % 2 == 0 { one } else { other })
                    .await;
            }
            let (first, second) = tokio::join!(one.me(&client.access), other.me(&client.access));
            [first, second]
        });
        let ((), statuses) = tokio::join!(stepping, join_all(asking));
        for status in statuses.into_iter().flatten() {
            assert_eq!(status, StatusCode::OK, "minute {minute}");
            answered += 1;
        }
    }

    assert_eq!(answered, 110 * 12);
    assert_eq!(rotation.kids()[2], "k2", "both rotations were done");
}

#[tokio::test]
async fn a_key_that_was_put_there_by_hand_is_read_when_a_token_names_it() {
    let bundle = bundle().await;
    let store = Arc::new(SecretsManager::start(&one_and_next(), bundle.app().clock.clone()).await);
    let instance = Instance::start(&bundle, &store, &one_and_next());
    let ann = bundle.sign_up("ann").await;
    let user = User {
        id: ann.id,
        session: ann.session,
        tier: Tier::Free,
        role: Role::User,
    };
    let signed_with = |set: &Value| {
        let keys = TokenKeys::of(&KeySet::parse(&set.to_string()).unwrap()).unwrap();
        let identity = Identity {
            user,
            token_id: Uuid::from_u128(1),
            session_ends: None,
        };
        keys.sign(&identity, bundle.now()).unwrap()
    };
    let replaced = json!({ "current": key("k8"), "next": key("k9") });
    store.overwrite("AWSCURRENT", &replaced.to_string());
    store.take_asked();

    assert_eq!(instance.me(&signed_with(&replaced)).await, StatusCode::OK);
    assert_eq!(store.take_asked(), ["read"]);

    let stranger = signed_with(&json!({ "current": key("k7") }));
    let asking = (0..20).map(|_| instance.me(&stranger));
    for status in join_all(asking).await {
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(
        store.take_asked(),
        Vec::<String>::new(),
        "made-up keys do not make us ask for each"
    );
    bundle.advance(seconds(30));
    join_all((0..20).map(|_| instance.me(&stranger))).await;
    assert_eq!(store.take_asked(), ["read"]);
}

#[tokio::test]
async fn while_the_keys_cannot_be_read_again_the_known_ones_hold() {
    let bundle = bundle().await;
    let store = Arc::new(SecretsManager::start(&one_and_next(), bundle.app().clock.clone()).await);
    let instance = Instance::start(&bundle, &store, &one_and_next());
    let ann = bundle.sign_up("ann").await;
    let mut client = Client {
        access: String::new(),
        refresh: RefreshToken::parse(&ann.refresh_token).unwrap(),
        renewed_at: bundle.now(),
    };
    client.renew(&instance).await;
    store.set_down(true);
    store.take_asked();

    bundle.advance(SignedDuration::from_mins(5));
    for _ in 0..3 {
        assert_eq!(instance.me(&client.access).await, StatusCode::OK);
    }
    assert_eq!(store.take_asked(), ["read"], "it is left alone for a while");
    store.overwrite("AWSCURRENT", "{}");
    store.set_down(false);
    bundle.advance(seconds(30));
    assert_eq!(
        instance.me(&client.access).await,
        StatusCode::OK,
        "nonsense is no set of keys"
    );
}
