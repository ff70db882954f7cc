//! Bad days of Google's: what is tried again, what is not, and what the client's code is worth after.

use rstest::rstest;
use shared::sources::google::{Endpoint, Outage, Trouble};

use super::*;

/// A fault and what it is called here.
fn faults() -> [(Fault, Trouble); 6] {
    [
        (Fault::Status(500, None), Trouble::Status(500)),
        (Fault::Status(429, Some(30)), Trouble::Status(429)),
        (Fault::Status(302, None), Trouble::Status(302)),
        (Fault::Hang, Trouble::TooSlow),
        (Fault::Cut, Trouble::Broken),
        (Fault::Html, Trouble::Malformed("")),
    ]
}

fn is_alike(found: Trouble, expected: Trouble) -> bool {
    match (found, expected) {
        (Trouble::Malformed(_), Trouble::Malformed(_)) => true,
        (found, expected) => found == expected,
    }
}

#[rstest]
#[case(Endpoint::Discovery, 0, DISCOVERY)]
#[case(Endpoint::Keys, 1, KEYS)]
#[tokio::test]
async fn documents_are_asked_for_twice_and_the_code_stays_good(
    #[case] endpoint: Endpoint,
    #[case] before: usize,
    #[case] path: &str,
) {
    for (fault, trouble) in faults() {
        let provider = Provider::start_for(&fault).await;
        let code = provider.code();
        let fails_twice = !matches!(trouble, Trouble::Status(status) if status < 500);
        provider
            .standin
            .fail_after(Service::Google, before, &fault, 1 + usize::from(fails_twice));

        let outcome = provider.google.identify(&exchange(&code)).await;

        match outcome {
            Err(GoogleError::Unavailable(outage)) => {
                assert_eq!(outage.endpoint, endpoint);
                assert!(is_alike(outage.trouble, trouble), "{fault:?}: {outage}");
            }
            other => panic!("{fault:?}: {other:?}"),
        }
        let mut asked = provider.asked();
        asked.retain(|asked| asked == path);
        assert_eq!(asked.len(), 1 + usize::from(fails_twice), "{fault:?}");
        provider.standin.mend();
        assert!(
            provider.google.identify(&exchange(&code)).await.is_ok(),
            "{fault:?}: the code was used up"
        );
    }
}

#[tokio::test]
async fn one_failure_of_a_document_is_noticed_by_nobody() {
    for fault in [Fault::Status(503, None), Fault::Hang, Fault::Cut, Fault::Html] {
        for before in [0, 1] {
            let provider = Provider::start_for(&fault).await;
            provider.standin.fail_after(Service::Google, before, &fault, 1);

            assert!(provider.sign_in().await.is_ok(), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn an_exchange_is_never_sent_twice() {
    for (fault, trouble) in faults() {
        let provider = Provider::start_for(&fault).await;
        provider.sign_in().await.unwrap();
        provider.asked();
        let (log, _listening) = Log::listen();
        let code = provider.code();
        provider.standin.fail(Service::Google, &fault, 1);

        let error = provider.google.identify(&exchange(&code)).await.unwrap_err();

        match &error {
            GoogleError::Unavailable(outage) => {
                assert_eq!(outage.endpoint, Endpoint::Token);
                assert!(is_alike(outage.trouble, trouble), "{fault:?}: {outage}");
            }
            other => panic!("{fault:?}: {other:?}"),
        }
        assert_eq!(provider.asked(), [TOKEN], "{fault:?}");
        let seen = told_of(&error, &log);
        for secret in [code.as_str(), VERIFIER, CLIENT_SECRET] {
            assert!(!seen.contains(secret), "{seen}");
        }
    }
}

#[tokio::test]
async fn words_that_google_says_are_not_repeated() {
    let provider = Provider::start().await;
    provider.sign_in().await.unwrap();
    let (log, _listening) = Log::listen();
    let code = provider.code();
    let echo = format!(r#"{{"error": "{code}", "error_description": "{VERIFIER}"}}"#);
    provider
        .standin
        .fail(Service::Google, &Fault::Reply(400, Vec::new(), echo), 1);

    let error = provider.google.identify(&exchange(&code)).await.unwrap_err();

    assert!(matches!(error, GoogleError::Misconfigured(_)), "{error:?}");
    let seen = told_of(&error, &log);
    assert!(!seen.contains(&code) && !seen.contains(VERIFIER), "{seen}");
}

#[tokio::test]
async fn a_provider_that_is_gone_is_unavailable() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let google = google(&told(&format!("http://{closed}/google")), &Clock::system()).await;

    let outcome = google.identify(&exchange("4/0A")).await;

    let gone = Outage {
        endpoint: Endpoint::Discovery,
        trouble: Trouble::NoConnection,
    };
    assert_eq!(outcome, Err(GoogleError::Unavailable(gone)));
}

#[tokio::test]
async fn a_discovery_document_of_somebody_else_leads_nowhere() {
    let provider = Provider::start().await;
    let issuer = provider.standin.base_url(Service::Google);
    for (document, what) in [
        (
            format!(
                r#"{{"issuer":"https://evil.example","token_endpoint":"{issuer}/token","jwks_uri":"{issuer}/oauth2/v3/certs"}}"#
            ),
            "issuer",
        ),
        (
            format!(
                r#"{{"issuer":"{issuer}","token_endpoint":"ftp://evil.example","jwks_uri":"{issuer}/oauth2/v3/certs"}}"#
            ),
            "https",
        ),
    ] {
        let reply = Fault::Reply(200, Vec::new(), document);
        provider.standin.fail(Service::Google, &reply, 2);

        let error = provider.sign_in().await.unwrap_err();

        assert!(chain(&error).join(": ").contains(what), "{error:?}");
        assert_eq!(provider.asked(), [DISCOVERY, DISCOVERY]);
    }
}
