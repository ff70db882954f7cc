//! Rows of candles: what becomes a candle, what is reported as none, and the one still forming.

use rstest::rstest;
use shared::domain::candles::is_closed;
use shared::domain::market::{Candle, CandleError};
use standin::Interval;

use super::*;

/// 2026-03-01T00:00:00Z.
const MIDNIGHT: i64 = 1_772_323_200_000;
const FOUR_HOURS: i64 = 14_400_000;

/// A row as the exchange sends it; figures as they are to stand in the text.
fn row(open_time: i64, [open, high, low, close, volume]: [&str; 5]) -> String {
    let close_time = open_time + FOUR_HOURS - 1;
    format!(
        r#"[{open_time},{open},{high},{low},{close},{volume},{close_time},"2434.19",308,"1756.87","28.46","0"]"#
    )
}

const GOOD: [&str; 5] = [
    r#""10""#,
    r#""12.5""#,
    r#""9""#,
    r#""11""#,
    r#""148976.11427815""#,
];

const RANGE: Rejection = Rejection::Figures(CandleError::Range);
const PRICE: Rejection = Rejection::Figures(CandleError::Price);
const VOLUME: Rejection = Rejection::Figures(CandleError::Volume);

async fn rows_of(rows: &[String]) -> Rows<Candle> {
    let server = Server::saying(format!("[{}]", rows.join(","))).await;
    let fetched = binance::klines(&server.upstream(), Asset::Btc, Timeframe::H4, days_ago(10), 100).await;
    fetched.unwrap().value
}

fn open_times(rows: &Rows<Candle>) -> Vec<i64> {
    let times = rows.accepted.iter().map(|candle| candle.open_time);
    times.map(Timestamp::as_millisecond).collect()
}

/// A row that is reported as it came.
fn rejected(dated: Option<i64>, reason: Rejection, row: &str) -> RejectedRow {
    RejectedRow {
        dated: dated.map(|time| Timestamp::from_millisecond(time).unwrap()),
        reason,
        payload: row.to_owned(),
    }
}

#[tokio::test]
async fn a_row_is_read_as_documented() {
    let documented = r#"[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815",1499644799999,"2434.19",308,"1756.87","28.46","0"]"#;
    let rows = rows_of(&[documented.to_owned()]).await;
    assert_eq!((rows.accepted.len(), &rows.rejected[..]), (1, &[][..]));
    let candle = rows.accepted[0];
    assert_eq!(candle.open_time, at("2017-07-03T00:00:00Z"));
    let prices = [candle.open, candle.high, candle.low, candle.close].map(|price| price.value().to_string());
    assert_eq!(prices, ["0.01634790", "0.80000000", "0.01575800", "0.01577100"]);
    assert_eq!(candle.volume.value().to_string(), "148976.11427815");
}

#[rstest]
#[case::text(r#""67187.123456789012345678""#)]
#[case::number("67187.123456789012345678")]
#[tokio::test]
async fn a_figure_keeps_every_digit_as_text_and_as_number(#[case] figure: &str) {
    let rows = rows_of(&[row(MIDNIGHT, [figure; 5])]).await;
    let candle = rows.accepted[0];
    assert_eq!(candle.close.value().to_string(), "67187.123456789012345678");
    assert_eq!(candle.volume.value().to_string(), "67187.123456789012345678");
}

#[rstest]
#[case::high_below_low([r#""10""#, r#""9""#, r#""12""#, r#""11""#, r#""5""#], RANGE)]
#[case::high_below_close([r#""10""#, r#""10.5""#, r#""9""#, r#""11""#, r#""5""#], RANGE)]
#[case::negative_price([r#""10""#, r#""12""#, r#""-9""#, r#""11""#, r#""5""#], PRICE)]
#[case::zero_price([r#""0""#, r#""12""#, r#""0""#, r#""11""#, r#""5""#], PRICE)]
#[case::negative_volume([r#""10""#, r#""12""#, r#""9""#, r#""11""#, r#""-5""#], VOLUME)]
#[case::a_word([r#""10""#, r#""12""#, r#""9""#, r#""NaN""#, r#""5""#], Rejection::Shape)]
#[case::nothing([r#""10""#, r#""12""#, r#""9""#, "null", r#""5""#], Rejection::Shape)]
#[tokio::test]
async fn figures_that_cannot_have_been_traded_are_reported(
    #[case] figures: [&str; 5],
    #[case] reason: Rejection,
) {
    let time = MIDNIGHT + FOUR_HOURS;
    let odd = row(time, figures);
    let rows = rows_of(&[row(MIDNIGHT, GOOD), odd.clone()]).await;
    assert_eq!(open_times(&rows), [MIDNIGHT], "the others are kept");
    assert_eq!(rows.rejected, [rejected(Some(time), reason, &odd)]);
}

#[rstest]
#[case::too_short(r#"[1772323200000,"10","12","9","11"]"#)]
#[case::empty("[]")]
#[case::no_time(r#"["soon","10","12","9","11","5"]"#)]
#[case::no_possible_time(r#"[9223372036854775807,"10","12","9","11","5"]"#)]
#[tokio::test]
async fn a_row_of_another_shape_is_reported(#[case] odd: &str) {
    let rows = rows_of(&[odd.to_owned(), row(MIDNIGHT, GOOD)]).await;
    assert_eq!(rows.rejected, [rejected(None, Rejection::Shape, odd)]);
    assert_eq!(open_times(&rows), [MIDNIGHT]);
}

#[rstest]
#[case::a_second(1000)]
#[case::a_millisecond(1)]
#[case::an_hour(3_600_000)]
#[tokio::test]
async fn a_candle_off_the_grid_is_reported(#[case] late_ms: i64) {
    let time = MIDNIGHT + late_ms;
    let late = row(time, GOOD);
    let rows = rows_of(std::slice::from_ref(&late)).await;
    assert_eq!(open_times(&rows), [0; 0]);
    assert_eq!(rows.rejected, [rejected(Some(time), Rejection::OffGrid, &late)]);
}

#[tokio::test]
async fn a_candle_that_has_not_opened_yet_is_reported() {
    let forming = MIDNIGHT + 3 * FOUR_HOURS;
    let (running, ahead) = (row(forming, GOOD), row(forming + FOUR_HOURS, GOOD));
    let rows = rows_of(&[running, ahead.clone()]).await;
    assert_eq!(open_times(&rows), [forming]);
    let expected = rejected(Some(forming + FOUR_HOURS), Rejection::Future, &ahead);
    assert_eq!(rows.rejected, [expected]);
}

#[tokio::test]
async fn figures_that_no_asset_has_are_reported() {
    let odd = row(MIDNIGHT, [r#""1e15""#; 5]);
    let rows = rows_of(&[odd.clone(), row(MIDNIGHT + FOUR_HOURS, GOOD)]).await;
    assert_eq!(open_times(&rows), [MIDNIGHT + FOUR_HOURS]);
    assert_eq!(
        rows.rejected,
        [rejected(Some(MIDNIGHT), Rejection::Implausible, &odd)]
    );
}

#[rstest]
#[case::next_to_it(&[MIDNIGHT, MIDNIGHT, MIDNIGHT + FOUR_HOURS], 1)]
#[case::later(&[MIDNIGHT, MIDNIGHT + FOUR_HOURS, MIDNIGHT], 2)]
#[tokio::test]
async fn the_second_of_two_candles_of_one_time_is_reported(#[case] times: &[i64], #[case] second: usize) {
    // Told apart by their volume.
    let volumes: Vec<String> = (1..=times.len()).map(|number| format!("\"{number}\"")).collect();
    let sent: Vec<String> = times
        .iter()
        .zip(&volumes)
        .map(|(time, volume)| row(*time, [GOOD[0], GOOD[1], GOOD[2], GOOD[3], volume]))
        .collect();

    let rows = rows_of(&sent).await;

    assert_eq!(open_times(&rows), [MIDNIGHT, MIDNIGHT + FOUR_HOURS]);
    assert_eq!(rows.accepted[0].volume.value(), Decimal::ONE);
    assert_eq!(
        rows.rejected,
        [rejected(Some(MIDNIGHT), Rejection::Duplicate, &sent[second])]
    );
}

#[tokio::test]
async fn a_bad_row_does_not_take_the_place_of_a_good_one_of_the_same_time() {
    let bad = [r#""0""#; 5];
    let rows = rows_of(&[row(MIDNIGHT, bad), row(MIDNIGHT, GOOD)]).await;
    assert_eq!(
        rows.rejected,
        [rejected(Some(MIDNIGHT), PRICE, &row(MIDNIGHT, bad))]
    );
    assert_eq!(open_times(&rows), [MIDNIGHT]);
}

#[tokio::test]
async fn every_row_counts_in_the_journal_the_rejected_ones_too() {
    let server = Server::saying(format!("[{},{}]", row(MIDNIGHT, GOOD), row(MIDNIGHT, GOOD))).await;
    let journal = shared::sources::Journal::default();
    Question::Candles
        .ask(&server.upstream().with_journal(journal.clone()))
        .await
        .unwrap();
    let calls = journal.take_calls();
    assert_eq!((calls[0].status, calls[0].items), (CallStatus::Ok, 2));
}

#[tokio::test]
async fn the_forming_candle_comes_last_and_does_not_count_as_closed() {
    let standin = standin().await;
    let upstream = upstream(settings_of(&standin));
    let start = at("2026-02-28T00:00:00Z");
    let rows = binance::klines(&upstream, Asset::Btc, Timeframe::H4, start, 100)
        .await
        .unwrap()
        .value;
    assert_eq!(rows.rejected, []);
    let times: Vec<Timestamp> = rows.accepted.iter().map(|candle| candle.open_time).collect();
    assert_eq!(times.first(), Some(&start));
    assert_eq!(times.last(), Some(&at("2026-03-01T12:00:00Z")));
    assert_eq!(times.len(), 10);
    let closed: Vec<bool> = times
        .iter()
        .map(|time| is_closed(Timeframe::H4, *time, now()))
        .collect();
    assert_eq!(
        closed,
        [true, true, true, true, true, true, true, true, true, false]
    );
}

#[tokio::test]
async fn a_hole_of_the_exchange_stays_one_and_a_candle_is_read_as_it_is() {
    let standin = standin().await;
    standin.remove_candles("BTCUSDT", Interval::H4, &[MIDNIGHT]);
    let one = Decimal::ONE;
    let planted = standin::CandleRow {
        open_time_ms: MIDNIGHT + FOUR_HOURS,
        open: one,
        high: one + one,
        low: one,
        close: one,
        volume: Decimal::ZERO,
    };
    standin.plant_candle("BTCUSDT", Interval::H4, planted);
    let upstream = upstream(settings_of(&standin));
    let start = Timestamp::from_millisecond(MIDNIGHT).unwrap();
    let rows = binance::klines(&upstream, Asset::Btc, Timeframe::H4, start, 1)
        .await
        .unwrap()
        .value;
    let candle = rows.accepted[0];
    assert_eq!(candle.open_time.as_millisecond(), MIDNIGHT + FOUR_HOURS);
    assert_eq!(
        (candle.high.value(), candle.volume.value()),
        (one + one, Decimal::ZERO)
    );
}

#[rstest]
#[case::text(r#""4.0000020012345678901""#, r#""-95.960""#)]
#[case::number("4.0000020012345678901", "-95.960")]
#[tokio::test]
async fn a_live_price_keeps_every_digit(#[case] price: &str, #[case] change: &str) {
    let body = format!(
        r#"{{"symbol":"BTCUSDT","priceChangePercent":{change},"lastPrice":{price},"closeTime":{MIDNIGHT}}}"#
    );
    let server = Server::saying(body).await;
    let ticker = binance::ticker_24h(&server.upstream(), Asset::Btc)
        .await
        .unwrap()
        .value;
    assert_eq!(ticker.price.value().to_string(), "4.0000020012345678901");
    assert_eq!(ticker.change_24h_pct.to_string(), "-95.960");
    assert_eq!(ticker.at.as_millisecond(), MIDNIGHT);
}

#[rstest]
#[case::zero(r#""0""#, r#""1""#, "1")]
#[case::negative(r#""-1""#, r#""1""#, "1")]
#[case::a_word(r#""NaN""#, r#""1""#, "1")]
#[case::no_change(r#""1""#, "null", "1")]
#[case::no_time(r#""1""#, r#""1""#, "9223372036854775807")]
#[tokio::test]
async fn a_live_price_that_cannot_be_is_an_answer_that_cannot_be_read(
    #[case] price: &str,
    #[case] change: &str,
    #[case] time: &str,
) {
    let body = format!(r#"{{"lastPrice":{price},"priceChangePercent":{change},"closeTime":{time}}}"#);
    let server = Server::saying(body).await;
    let journal = shared::sources::Journal::default();
    let error = Question::LivePrice
        .ask(&server.upstream().with_journal(journal.clone()))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Broken { .. }), "{error:?}");
    assert_eq!(journal.take_calls()[0].status, CallStatus::Broken);
}
