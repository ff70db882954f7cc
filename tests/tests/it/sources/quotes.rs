//! CoinGecko's prices: digits, what may be missing, and prices that cannot be.

use rstest::rstest;
use shared::sources::Journal;
use shared::sources::coingecko::Quote;

use super::*;

/// One coin's quote as CoinGecko writes it.
fn told(usd: &str, change: &str, at: &str) -> String {
    format!(r#"{{"usd":{usd},"usd_24h_change":{change},"last_updated_at":{at}}}"#)
}

async fn quotes(body: String) -> Vec<(Asset, Quote)> {
    let server = Server::saying(body).await;
    let fetched = coingecko::prices(&server.upstream()).await.unwrap();
    fetched.value.into_iter().collect()
}

#[tokio::test]
async fn every_asset_is_in_one_answer_to_the_last_digit() {
    let btc = told("67187.3358936566", "3.637278946773539", "1711356300");
    let eth = told(r#""4.0000020012345678901""#, "-1.5e-7", "1711356299");
    let server = Server::saying(format!(
        r#"{{"bitcoin":{btc},"ethereum":{eth},"dogecoin":{btc}}}"#
    ))
    .await;
    let journal = Journal::default();

    let fetched = coingecko::prices(&server.upstream().with_journal(journal.clone()))
        .await
        .unwrap();

    let shown: Vec<_> = fetched
        .value
        .iter()
        .map(|(asset, quote)| {
            let change = quote.change_24h_pct.unwrap();
            format!("{asset} {} {change} {}", quote.price.value(), quote.at)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "BTC 67187.3358936566 3.637278946773539 2024-03-25T08:45:00Z",
            "ETH 4.0000020012345678901 -0.00000015 2024-03-25T08:44:59Z",
        ]
    );
    assert_eq!(fetched.source, "coingecko");
    assert_eq!(server.take_asked().len(), 1);
    assert_eq!(journal.take_calls()[0].items, 3, "what came, not what is used");
}

#[tokio::test]
async fn an_asset_that_the_answer_lacks_is_absent() {
    let found = quotes(format!(r#"{{"ethereum":{}}}"#, told("3000", "1", "1711356300"))).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, Asset::Eth);
}

#[rstest]
#[case::told_as_nothing(r#"{"bitcoin":{"usd":1,"usd_24h_change":null,"last_updated_at":1711356300}}"#)]
#[case::not_told(r#"{"bitcoin":{"usd":1,"last_updated_at":1711356300}}"#)]
#[tokio::test]
async fn a_change_may_be_unknown(#[case] body: &str) {
    let found = quotes(body.to_owned()).await;
    assert_eq!(found[0].1.change_24h_pct, None);
}

#[rstest]
#[case::zero(&told("0", "1", "1711356300"))]
#[case::negative(&told("-67187.3", "1", "1711356300"))]
#[case::a_word(&told(r#""NaN""#, "1", "1711356300"))]
#[case::no_price(&told("null", "1", "1711356300"))]
#[case::a_list(&told("[1]", "1", "1711356300"))]
#[case::a_change_in_words(&told("1", r#""up""#, "1711356300"))]
#[case::no_possible_time(&told("1", "1", "9223372036854775807"))]
#[case::half_a_second(&told("1", "1", "1711356300.5"))]
#[case::no_time(r#"{"usd":1,"usd_24h_change":1}"#)]
#[case::nothing("{}")]
#[case::a_price_alone("67187.3")]
#[tokio::test]
async fn a_quote_that_cannot_be_makes_the_answer_unreadable(#[case] quote: &str) {
    let server = Server::saying(format!(r#"{{"bitcoin":{quote}}}"#)).await;
    let journal = Journal::default();

    let error = coingecko::prices(&server.upstream().with_journal(journal.clone()))
        .await
        .unwrap_err();

    assert!(matches!(error, SourceError::Broken { .. }), "{error:?}");
    let calls = journal.take_calls();
    assert_eq!(calls.len(), 1, "asking again would not help");
    assert_eq!((calls[0].status, calls[0].items), (CallStatus::Broken, 0));
}

#[tokio::test]
async fn it_is_asked_without_a_key_where_there_is_none() {
    let server = Server::saying("{}").await;
    let settings = SourcesSettings {
        coingecko_api_key: None,
        ..settings_at(&server.base)
    };

    coingecko::prices(&upstream(settings)).await.unwrap();

    let (_, headers) = server.take_asked().remove(0);
    assert!(!headers.contains_key("x-cg-demo-api-key"));
}

#[tokio::test]
async fn the_stand_ins_prices_agree_with_its_exchange_unless_a_test_says_otherwise() {
    let standin = standin().await;
    let upstream = upstream(settings_of(&standin));
    let of_exchange = async |asset| binance::ticker_24h(&upstream, asset).await.unwrap().value;
    let quoted = async |asset| coingecko::prices(&upstream).await.unwrap().value[&asset];

    for asset in Asset::ALL {
        let (ticker, quote) = (of_exchange(asset).await, quoted(asset).await);
        assert_eq!(quote.price, ticker.price);
        assert_eq!(quote.change_24h_pct, Some(ticker.change_24h_pct));
        assert_eq!(quote.at, now());
    }

    let other = Decimal::new(1_234_567, 2);
    standin.set_coingecko_price("BTCUSDT", Some(other));
    assert_eq!(quoted(Asset::Btc).await.price.value(), other);
    assert_eq!(
        quoted(Asset::Eth).await.price,
        of_exchange(Asset::Eth).await.price
    );
    standin.set_coingecko_price("BTCUSDT", None);
    assert_eq!(
        quoted(Asset::Btc).await.price,
        of_exchange(Asset::Btc).await.price
    );
}
