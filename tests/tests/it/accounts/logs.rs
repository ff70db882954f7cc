//! What an operator reads of all this: never a token, a code, an address or a name.

use std::io;
use std::sync::{Arc, Mutex};

use shared::telemetry::{Format, Lines, levels};
use standin::BadToken;
use standin::google::CLIENT_SECRET;
use tracing::Level;
use tracing_subscriber::layer::SubscriberExt as _;

use super::*;

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

#[tokio::test]
async fn no_secret_and_no_person_is_in_the_log_whatever_happens() {
    let bundle = bundle().await;
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::registry()
        .with(Lines::new(Format::Json, move || writer.clone()))
        .with(levels(Level::TRACE));
    let _listening = tracing::subscriber::set_default(subscriber);
    let ann = || User::with_email("ann@example.com");
    let mut secrets = vec![
        CLIENT_SECRET.to_owned(),
        VERIFIER.to_owned(),
        NONCE.to_owned(),
        ann().sub,
        "ann@example.com".to_owned(),
        "Ann".to_owned(),
        "development-only-secret".to_owned(),
    ];

    let code = code(&bundle, ann());
    let sent = Sent::from(Some(ORIGIN)).body(&sign_in_body(&code));
    let browser = post(&bundle, "/api/v1/auth/google", sent).await;
    secrets.extend([code, bundle.upstream().google().last_id_token()]);
    secrets.extend([cookie_of(&browser), text(&browser, "/data/access_token")]);
    let refreshed = post(
        &bundle,
        REFRESH,
        Sent::from(Some(ORIGIN)).cookie(&cookie_of(&browser)),
    )
    .await;
    secrets.extend([cookie_of(&refreshed), text(&refreshed, "/data/access_token")]);
    let access = text(&refreshed, "/data/access_token");
    send(
        &bundle,
        Method::GET,
        "/api/v1/auth/me/export",
        Sent::default().bearer(&access),
    )
    .await;
    post(
        &bundle,
        REFRESH,
        Sent::from(Some("https://evil.example")).cookie(&cookie_of(&refreshed)),
    )
    .await;
    post(
        &bundle,
        REFRESH,
        Sent::default().body(&json!({ "refresh_token": 7, "S3cret": cookie_of(&refreshed) })),
    )
    .await;
    bundle.advance(seconds(11));
    let reused = post(
        &bundle,
        REFRESH,
        Sent::from(Some(ORIGIN)).cookie(&cookie_of(&browser)),
    )
    .await;
    assert_eq!(reused.status, 401);
    bundle.upstream().order_id_token(BadToken::WrongNonce);
    assert_eq!(google(&bundle, ann(), None).await.status, 401);
    secrets.push(bundle.upstream().google().last_id_token());
    bundle.postgres().refuse();
    assert_eq!(google(&bundle, ann(), None).await.status, 503);
    secrets.push(bundle.upstream().google().last_id_token());
    bundle.postgres().pass();
    bundle.redis().refuse();
    let program = bundle.sign_up("ann").await;
    program.ask(Method::DELETE, ME, None).await;
    secrets.extend([program.token.clone(), program.refresh_token.clone()]);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.lines().count() >= 9 && log.contains("/api/v1/auth/refresh"),
        "{log}"
    );
    assert!(log.contains("good until they run out"), "{log}");
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} is in the log:\n{log}");
    }
}
