//! What is asked, and who the answer is said to be from.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use rstest::rstest;

use super::*;

/// The queries of the requests by their parameters, in order.
async fn query_of(question: Question) -> (Vec<(String, String)>, HeaderMap) {
    let server = Server::saying(question.nothing()).await;
    let _ = question.ask(&server.upstream()).await;
    let (asked, headers) = server.take_asked().remove(0);
    let (path, query) = asked.split_once('?').unwrap();
    assert_eq!(path, question.endpoint());
    let pair = |pair: &str| {
        pair.split_once('=')
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .unwrap()
    };
    (query.split('&').map(pair).collect(), headers)
}

#[rstest]
#[case::candles(Question::Candles, &[("symbol", "BTCUSDT"), ("interval", "4h"), ("startTime", "1771502520000"), ("limit", "100")])]
#[case::live_price(Question::LivePrice, &[("symbol", "BTCUSDT")])]
#[case::coingecko(Question::CoinGecko, &[
    ("ids", "bitcoin%2Cethereum"), ("vs_currencies", "usd"), ("include_24hr_change", "true"), ("include_last_updated_at", "true"),
])]
#[case::glassnode(Question::Glassnode, &[("a", "BTC"), ("i", "24h"), ("s", "1771502520"), ("u", "1772366520"), ("f", "json")])]
#[case::blockchain_info(Question::BlockchainInfo, &[("timespan", "60days"), ("format", "json")])]
#[case::fred(Question::Fred, &[
    ("series_id", "DFF"), ("file_type", "json"), ("sort_order", "desc"), ("observation_start", "2026-02-01"), ("api_key", KEY),
])]
#[case::fear_greed(Question::FearGreed, &[("limit", "14")])]
#[tokio::test]
async fn a_question_is_asked_as_the_services_document_it(
    #[case] question: Question,
    #[case] expected: &[(&str, &str)],
) {
    let (query, headers) = query_of(question).await;
    let query: Vec<(&str, &str)> = query
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(query, expected);
    for (header, of) in [
        ("x-api-key", Question::Glassnode),
        ("x-cg-demo-api-key", Question::CoinGecko),
    ] {
        let key = headers.get(header).map(|key| key.to_str().unwrap());
        assert_eq!(key, (question == of).then_some(KEY));
    }
}

#[rstest]
#[case(Metric::MvrvZScore, "/v1/metrics/market/mvrv_z_score")]
#[case(Metric::Nvt, "/v1/metrics/indicators/nvt")]
#[case(
    Metric::ExchangeNetFlow,
    "/v1/metrics/transactions/transfers_volume_exchanges_net"
)]
#[case(Metric::LongTermHolderSupply, "/v1/metrics/supply/lth_sum")]
#[case(Metric::ActiveAddresses, "/v1/metrics/addresses/active_count")]
#[tokio::test]
async fn each_metric_has_its_path_at_glassnode(#[case] metric: Metric, #[case] path: &str) {
    let server = Server::saying("[]").await;
    glassnode::series(&server.upstream(), metric, days_ago(10))
        .await
        .unwrap();
    assert!(server.take_asked()[0].0.starts_with(&format!("{path}?")));
    let refused = fred::observations(&server.upstream(), metric, date(2026, 2, 1)).await;
    assert!(matches!(refused, Err(SourceError::Configuration { .. })));
}

#[rstest]
#[case(Metric::FedFundsRate, "DFF")]
#[case(Metric::DollarIndex, "DTWEXBGS")]
#[case(Metric::TenYearYield, "DGS10")]
#[case(Metric::MoneySupply, "M2SL")]
#[tokio::test]
async fn each_metric_has_its_series_at_fred(#[case] metric: Metric, #[case] series: &str) {
    let server = Server::saying(Question::Fred.nothing()).await;
    fred::observations(&server.upstream(), metric, date(2026, 2, 1))
        .await
        .unwrap();
    assert!(
        server.take_asked()[0]
            .0
            .contains(&format!("?series_id={series}&"))
    );
    let refused = glassnode::series(&server.upstream(), metric, days_ago(10)).await;
    assert!(matches!(refused, Err(SourceError::Configuration { .. })));
}

#[tokio::test]
async fn no_more_candles_are_asked_for_than_one_answer_holds() {
    let server = Server::saying("[]").await;
    binance::klines(&server.upstream(), Asset::Eth, Timeframe::D1, days_ago(10), 5000)
        .await
        .unwrap();
    let (asked, _) = server.take_asked().remove(0);
    assert!(
        asked.contains("symbol=ETHUSDT&interval=1d&") && asked.ends_with("limit=1000"),
        "{asked}"
    );
}

#[rstest]
#[tokio::test]
async fn what_a_stand_in_serves_is_labelled_so(
    #[values(
        Question::Candles,
        Question::LivePrice,
        Question::CoinGecko,
        Question::Glassnode,
        Question::BlockchainInfo,
        Question::Fred,
        Question::FearGreed
    )]
    question: Question,
) {
    let standin = standin().await;
    let fetched = question.ask(&upstream(settings_of(&standin))).await.unwrap();
    assert!(fetched.value > 0);
    assert_eq!(fetched.source, "sample");
}

#[rstest]
#[case::none(None, "binance")]
#[case::sample(Some("sample"), "sample")]
#[case::file(Some("csv"), "csv")]
#[case::anything_else(Some("glassnode"), "binance")]
#[tokio::test]
async fn only_a_stand_in_changes_the_label(#[case] label: Option<&'static str>, #[case] source: &str) {
    let server = Server::answering(move |_| match label {
        Some(label) => ([("x-automoney-source", label)], "[]").into_response(),
        None => "[]".into_response(),
    })
    .await;
    assert_eq!(
        Question::Candles.ask(&server.upstream()).await.unwrap().source,
        source
    );
}

#[rstest]
#[tokio::test]
async fn a_redirect_is_refused_so_that_no_key_goes_elsewhere(
    #[values(Question::CoinGecko, Question::Glassnode, Question::Fred)] question: Question,
) {
    let elsewhere = Server::saying(question.nothing()).await;
    let target = elsewhere.base.clone();
    let server = Server::answering(move |_| {
        (StatusCode::TEMPORARY_REDIRECT, [("location", target.clone())]).into_response()
    })
    .await;
    let error = question.ask(&server.upstream()).await.unwrap_err();
    assert!(matches!(error, SourceError::Configuration { .. }), "{error:?}");
    assert!(elsewhere.take_asked().is_empty());
}
