//! Which codes count, and what Google is never asked about.

use super::*;
use shared::sources::google::{Field, Refusal};

fn refused(code: &'static str) -> Result<Account, GoogleError> {
    Err(GoogleError::Refused(Refusal::Code(code)))
}

#[tokio::test]
async fn a_code_counts_once() {
    let provider = Provider::start().await;
    let code = provider.code();

    assert!(provider.google.identify(&exchange(&code)).await.is_ok());
    let again = provider.google.identify(&exchange(&code)).await;

    assert_eq!(again, refused("invalid_grant"));
}

#[tokio::test]
async fn a_code_counts_with_its_own_verifier_and_page_only() {
    let provider = Provider::start().await;
    let (code, other) = (provider.code(), provider.code());

    let stolen = Exchange {
        code_verifier: "another-verifier-of-forty-three-characters-or-more",
        ..exchange(&code)
    };
    assert_eq!(provider.google.identify(&stolen).await, refused("invalid_grant"));

    let elsewhere = Exchange {
        redirect_uri: "https://app.example.com/other",
        ..exchange(&other)
    };
    assert_eq!(
        provider.google.identify(&elsewhere).await,
        refused("redirect_uri_mismatch")
    );
}

#[tokio::test]
async fn what_cannot_be_right_never_reaches_google() {
    let provider = Provider::start().await;
    let code = provider.code();
    let right = exchange(&code);
    let (long_code, long_nonce) = ("4".repeat(2_049), "n".repeat(256));
    let cases = [
        (
            Field::RedirectUri,
            Exchange {
                redirect_uri: "https://evil.example/signin",
                ..right
            },
        ),
        (
            Field::RedirectUri,
            Exchange {
                redirect_uri: "https://app.example.com/signin/",
                ..right
            },
        ),
        (
            Field::RedirectUri,
            Exchange {
                redirect_uri: "https://app.example.com/signin?next=evil",
                ..right
            },
        ),
        (Field::Code, Exchange { code: "", ..right }),
        (
            Field::Code,
            Exchange {
                code: "4/0 A",
                ..right
            },
        ),
        (
            Field::Code,
            Exchange {
                code: &long_code,
                ..right
            },
        ),
        (
            Field::CodeVerifier,
            Exchange {
                code_verifier: "too-short",
                ..right
            },
        ),
        (
            Field::CodeVerifier,
            Exchange {
                code_verifier: "a+verifier+with+signs+that+no+verifier+has+in+it",
                ..right
            },
        ),
        (Field::Nonce, Exchange { nonce: "", ..right }),
        (
            Field::Nonce,
            Exchange {
                nonce: &long_nonce,
                ..right
            },
        ),
    ];
    for (expected, case) in cases {
        match provider.google.identify(&case).await {
            Err(error @ GoogleError::Unacceptable { field, .. }) => {
                assert_eq!(field, expected);
                assert!(error.to_string().starts_with(expected.as_str()), "{error}");
            }
            other => panic!("{expected}: {other:?}"),
        }
    }
    assert_eq!(provider.asked(), Vec::<String>::new());

    // The code is as good as before.
    assert!(provider.google.identify(&right).await.is_ok());
}

#[tokio::test]
async fn a_process_that_was_told_nothing_signs_nobody_in() {
    let google = google(&Environment::default(), &Clock::system()).await;

    let outcome = google.identify(&exchange("4/0A")).await;

    assert_eq!(outcome, Err(GoogleError::NotConfigured));
}

#[tokio::test]
async fn a_wrong_secret_is_our_fault_and_is_not_shown() {
    let provider = Provider::start().await;
    let environment =
        told(&provider.standin.base_url(Service::Google)).with("GOOGLE_CLIENT_SECRET", "an-old-secret");
    let google = google(&environment, &provider.clock).await;
    let (log, _listening) = Log::listen();
    let code = provider.code();

    let error = google.identify(&exchange(&code)).await.unwrap_err();

    assert_eq!(error, GoogleError::Misconfigured("invalid_client"));
    let seen = told_of(&error, &log);
    for secret in [code.as_str(), VERIFIER, "an-old-secret"] {
        assert!(!seen.contains(secret), "{seen}");
    }
    assert!(!format!("{google:?}").contains("an-old-secret"));
}
