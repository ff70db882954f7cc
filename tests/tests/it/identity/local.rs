//! The local process's page to try the sign-in.

use tests::bundle::Bundle;

use super::*;

#[tokio::test]
async fn the_page_knows_the_provider_and_loads_nothing_from_elsewhere() {
    let bundle = Bundle::start().await;
    let issuer = bundle.upstream().base_url(Service::Google);

    let page = bundle.get("/signin?code=4/0A&state=abc").await;

    assert_eq!(page.status, 200);
    let text = String::from_utf8(page.body.clone()).unwrap();
    let told = format!(r#"<body data-authorize="{issuer}/o/oauth2/v2/auth" data-client-id="{CLIENT_ID}">"#);
    assert!(text.contains(&told), "{text}");
    for path in ["/signin", "/signin/script.js", "/signin/style.css"] {
        let file = bundle.get(path).await;
        assert_eq!(file.status, 200, "{path}");
        assert_eq!(file.header("referrer-policy"), "no-referrer", "{path}");
        let policy = file.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        let text = String::from_utf8(file.body.clone()).unwrap();
        let text = text.replace(issuer.as_str(), "");
        assert!(
            !text.contains("//cdn") && !text.contains("http"),
            "{path}: {text}"
        );
    }
}

#[tokio::test]
async fn the_page_takes_nothing_away_from_the_bundle() {
    let bundle = Bundle::start().await;

    let unknown = bundle.get("/signin/elsewhere").await;

    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.refusal().0, "NOT_FOUND");
}
