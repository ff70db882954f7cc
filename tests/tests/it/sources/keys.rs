//! No key is ever told: not by an error, not by a call, not by what is printed for debugging.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use proptest::prelude::*;
use shared::sources::Journal;

use super::*;

/// Says back, in every way it can, the key that it was sent.
fn echo(request: &Request, status: u16, as_answer: bool) -> Response {
    let header = ["x-api-key", "x-cg-demo-api-key"]
        .into_iter()
        .find_map(|name| request.headers().get(name))
        .map(|key| key.to_str().unwrap().to_owned());
    let query = request.uri().query().unwrap_or_default();
    let encoded = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("api_key="))
        .unwrap_or_default();
    let plain = header.unwrap_or_else(|| decoded(encoded));
    let quoted = serde_json::to_string(&plain).unwrap();
    let body = if as_answer {
        quoted
    } else {
        format!("{plain} {encoded} {quoted} {query}")
    };
    (
        StatusCode::from_u16(status).unwrap(),
        [("retry-after", "30")],
        body,
    )
        .into_response()
}

/// A query's value as it was before it was put into an address.
fn decoded(encoded: &str) -> String {
    let address = format!("http://localhost/?key={encoded}");
    let address = reqwest::Url::parse(&address).unwrap();
    address.query_pairs().next().unwrap().1.into_owned()
}

/// Everything that a run could log.
async fn told(question: Question, key: &str, status: u16, as_answer: bool) -> String {
    let server = Server::answering(move |request| echo(request, status, as_answer)).await;
    let secret = || Some(SecretString::from(key));
    let settings = SourcesSettings {
        coingecko_api_key: secret(),
        glassnode_api_key: secret(),
        fred_api_key: secret(),
        ..settings_at(&server.base)
    };
    let journal = Journal::default();
    let upstream = upstream(settings).with_journal(journal.clone());
    let error = question.ask(&upstream).await.unwrap_err();
    assert!(!server.take_asked().is_empty());
    let debugged = format!("{upstream:?} {journal:?}");
    let calls = journal.take_calls();
    assert!(!calls.is_empty());
    format!("{error} {error:?} {calls:?} {debugged}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_key_is_in_nothing_that_is_told(
        key in "[!-~]{12,64}",
        status in prop::sample::select(vec![200_u16, 301, 400, 401, 403, 404, 429, 500]),
        as_answer in any::<bool>(),
        question in prop::sample::select(vec![Question::CoinGecko, Question::Glassnode, Question::Fred]),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let told = runtime.block_on(told(question, &key, status, as_answer));
        let address: String = reqwest::Url::parse_with_params("http://localhost/", [("", &key)]).unwrap().into();
        let encoded = address.split_once('=').unwrap().1;
        let quoted = format!("{key:?}");
        for form in [key.as_str(), encoded, &quoted[1..quoted.len() - 1]] {
            prop_assert!(!told.contains(form), "{} shows {}", told, form);
        }
    }
}

#[tokio::test]
async fn an_explanation_is_kept_but_for_the_key_in_it() {
    let server = Server::answering(|_| {
        (
            StatusCode::BAD_REQUEST,
            format!("The key {KEY} is not registered."),
        )
            .into_response()
    })
    .await;
    let error = Question::Fred
        .ask(&server.upstream())
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("The key (key) is not registered."), "{error}");
}

#[tokio::test]
async fn a_key_that_no_header_can_hold_is_refused_before_anyone_is_asked() {
    let server = Server::saying("[]").await;
    let glassnode_api_key = Some(SecretString::from("two\nlines"));
    let journal = Journal::default();
    let settings = SourcesSettings {
        glassnode_api_key,
        ..settings_at(&server.base)
    };
    let error = Question::Glassnode
        .ask(&upstream(settings).with_journal(journal.clone()))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Configuration { .. }), "{error:?}");
    assert!(server.take_asked().is_empty());
    assert_eq!(journal.take_calls().len(), 1);
}
