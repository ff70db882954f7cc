//! The provider's page: what a browser goes through to get a code.

use reqwest::header::LOCATION;
use reqwest::{StatusCode, Url};

use super::*;

const HERE: &str = "http://localhost:8000/signin";

/// The way a browser leaves for the page, with some parameters changed; empty ones are left out.
fn leaving(provider: &Provider, changed: &[(&str, &str)]) -> Url {
    let challenge = challenge_of(VERIFIER);
    let right = [
        ("client_id", CLIENT_ID),
        ("redirect_uri", HERE),
        ("response_type", "code"),
        ("scope", "openid email profile"),
        ("state", "a&state=\"<of>"),
        ("nonce", NONCE),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let address = format!("{}/o/oauth2/v2/auth", provider.standin.base_url(Service::Google));
    let mut url = Url::parse(&address).unwrap();
    for (name, value) in right
        .iter()
        .filter(|(name, _)| changed.iter().all(|(other, _)| other != name))
    {
        url.query_pairs_mut().append_pair(name, value);
    }
    for (name, value) in changed.iter().filter(|(_, value)| !value.is_empty()) {
        url.query_pairs_mut().append_pair(name, value);
    }
    url
}

fn browser() -> reqwest::Client {
    // It follows no redirect, as the platform's own.
    shared::net::http_client(Duration::from_secs(5)).unwrap()
}

#[tokio::test]
async fn somebody_who_chooses_an_account_comes_back_with_a_code_for_it() {
    let provider = Provider::start().await;
    let page = browser().get(leaving(&provider, &[])).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let text = page.text().await.unwrap();
    assert!(
        text.contains("ann@example.com") && !text.contains("<of>"),
        "{text}"
    );

    let chosen = leaving(&provider, &[("choice", "bob@example.com")]);
    let sent_back = browser().get(chosen).send().await.unwrap();

    assert_eq!(sent_back.status(), StatusCode::FOUND);
    let back = Url::parse(sent_back.headers()[LOCATION].to_str().unwrap()).unwrap();
    assert!(back.as_str().starts_with(HERE));
    let carried = |name: &str| {
        let pairs = back.query_pairs().find(|(known, _)| known == name);
        pairs.map(|(_, value)| value.into_owned()).unwrap()
    };
    assert_eq!(carried("state"), "a&state=\"<of>");
    let environment = told(&provider.standin.base_url(Service::Google)).with("GOOGLE_REDIRECT_URIS", HERE);
    let google = google(&environment, &provider.clock).await;
    let code = carried("code");
    let brought = Exchange {
        redirect_uri: HERE,
        ..exchange(&code)
    };
    let account = google.identify(&brought).await.unwrap();
    assert_eq!(account.email, "bob@example.com");
    assert_eq!(account.name.as_deref(), Some("Bob"));
}

#[tokio::test]
async fn a_code_that_waits_for_eleven_minutes_is_too_old() {
    let provider = Provider::start().await;
    let chosen = leaving(&provider, &[("choice", "bob@example.com")]);
    let sent_back = browser().get(chosen).send().await.unwrap();
    let back = Url::parse(sent_back.headers()[LOCATION].to_str().unwrap()).unwrap();
    let (_, code) = back.query_pairs().find(|(name, _)| name == "code").unwrap();
    let environment = told(&provider.standin.base_url(Service::Google)).with("GOOGLE_REDIRECT_URIS", HERE);
    let google = google(&environment, &provider.clock).await;

    provider.advance(SignedDuration::from_mins(11));
    let brought = Exchange {
        redirect_uri: HERE,
        ..exchange(&code)
    };

    assert!(matches!(
        google.identify(&brought).await,
        Err(GoogleError::Refused(_))
    ));
}

#[tokio::test]
async fn a_sign_in_that_lacks_a_protection_gets_no_code() {
    let provider = Provider::start().await;
    for changed in [
        ("client_id", "somebody-else"),
        ("redirect_uri", "https://evil.example/signin"),
        ("redirect_uri", "http://localhost.evil.example/signin"),
        ("response_type", "token"),
        ("scope", "email"),
        ("code_challenge", ""),
        ("code_challenge_method", "plain"),
        ("nonce", ""),
        ("choice", "eve@elsewhere.example"),
    ] {
        let choice = ("choice", "bob@example.com");
        let mut all = vec![changed];
        if changed.0 != "choice" {
            all.push(choice);
        }
        let answer = browser().get(leaving(&provider, &all)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{changed:?}");
        assert!(answer.headers().get(LOCATION).is_none());
    }
}
