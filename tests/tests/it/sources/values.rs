//! Dated values: digits, days without one, the running day, and values that cannot be.

use rstest::rstest;
use shared::sources::{Journal, Reported};

use super::*;

/// 2026-02-28T00:00:00Z, the last whole day.
const YESTERDAY: i64 = 1_772_236_800;
const DAY: i64 = 86_400;

fn shown(values: &[Reported]) -> Vec<(String, String)> {
    values
        .iter()
        .map(|one| (one.observed_at.to_string(), one.value.to_string()))
        .collect()
}

fn pair(time: &str, value: &str) -> (String, String) {
    (time.to_owned(), value.to_owned())
}

/// The answer is told as unreadable, by the error and by the call.
async fn is_unreadable(question: Question, body: &str) {
    let server = Server::saying(body).await;
    let journal = Journal::default();
    let error = question
        .ask(&server.upstream().with_journal(journal.clone()))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Broken { .. }), "{error:?}");
    let calls = journal.take_calls();
    assert_eq!(calls.len(), 1, "asking again would not help");
    assert_eq!((calls[0].status, calls[0].items), (CallStatus::Broken, 0));
    assert_eq!(calls[0].error.as_deref(), Some(error.to_string().as_str()));
}

async fn glassnode(body: String) -> Vec<Reported> {
    let server = Server::saying(body).await;
    glassnode::series(&server.upstream(), Metric::Nvt, days_ago(10))
        .await
        .unwrap()
        .value
}

#[rstest]
#[case::number("2.4755012345678901234567")]
#[case::text(r#""2.4755012345678901234567""#)]
#[tokio::test]
async fn glassnodes_values_keep_every_digit(#[case] value: &str) {
    let values = glassnode(format!(r#"[{{"t":{YESTERDAY},"v":{value}}}]"#)).await;
    assert_eq!(
        shown(&values),
        [pair("2026-02-28T00:00:00Z", "2.4755012345678901234567")]
    );
    assert_eq!(values[0].realtime_start, None);
}

#[rstest]
#[case("1.25e-7", "0.000000125")]
#[case("1.4E7", "14000000")]
#[case("-500", "-500")]
#[tokio::test]
async fn a_number_may_be_written_with_an_exponent(#[case] written: &str, #[case] value: &str) {
    let values = glassnode(format!(r#"[{{"t":{YESTERDAY},"v":{written}}}]"#)).await;
    assert_eq!(values[0].value.to_string(), value);
}

#[tokio::test]
async fn glassnodes_days_without_a_value_and_the_running_day_are_left_out() {
    let before = YESTERDAY - DAY;
    let today = YESTERDAY + DAY;
    let values = glassnode(format!(
        r#"[{{"t":{before},"v":null}},{{"t":{YESTERDAY},"v":0}},{{"t":{today},"v":7}},{{"t":253402207199,"v":9}}]"#
    ))
    .await;
    assert_eq!(shown(&values), [pair("2026-02-28T00:00:00Z", "0")]);
}

#[tokio::test]
async fn a_day_is_over_at_midnight() {
    let clock = Clock::fixed(at("2026-03-01T00:00:00Z"));
    let server = Server::saying(format!(r#"[{{"t":{YESTERDAY},"v":5}}]"#)).await;
    let ask = async |clock: Clock| {
        let upstream = upstream_with(settings_at(&server.base), PATIENCE, clock);
        glassnode::series(&upstream, Metric::Nvt, days_ago(10))
            .await
            .unwrap()
            .value
            .len()
    };
    assert_eq!(ask(clock).await, 1);
    assert_eq!(ask(Clock::fixed(at("2026-02-28T23:59:59.999Z"))).await, 0);
}

#[rstest]
#[case::a_word(r#"[{"t":1772236800,"v":"high"}]"#)]
#[case::no_time(r#"[{"v":1}]"#)]
#[case::no_possible_time(r#"[{"t":9223372036854775807,"v":1}]"#)]
#[case::a_list(r#"[{"t":1772236800,"v":[1]}]"#)]
#[tokio::test]
async fn a_glassnode_point_that_cannot_be_makes_the_answer_unreadable(#[case] body: &str) {
    is_unreadable(Question::Glassnode, body).await;
}

fn chart(points: &[(i64, &str)]) -> String {
    let points: Vec<String> = points
        .iter()
        .map(|(x, y)| format!(r#"{{"x":{x},"y":{y}}}"#))
        .collect();
    format!(
        r#"{{"status":"ok","name":"n","unit":"u","period":"day","values":[{}]}}"#,
        points.join(",")
    )
}

#[tokio::test]
async fn a_chart_is_read_oldest_first_without_the_running_day() {
    let points = [
        (YESTERDAY, "512345.0"),
        (YESTERDAY - DAY, r#""512346.12345678901234567""#),
        (YESTERDAY + DAY, "1"),
    ];
    let server = Server::saying(chart(&points)).await;
    let values = blockchain_info::active_addresses(&server.upstream())
        .await
        .unwrap()
        .value;
    let expected = [
        pair("2026-02-27T00:00:00Z", "512346.12345678901234567"),
        pair("2026-02-28T00:00:00Z", "512345.0"),
    ];
    assert_eq!(shown(&values), expected);
}

#[tokio::test]
async fn a_chart_that_reaches_to_the_end_of_time_is_read() {
    let server = Server::saying(chart(&[(253_402_207_199, "1")])).await;
    assert!(
        blockchain_info::active_addresses(&server.upstream())
            .await
            .unwrap()
            .value
            .is_empty()
    );
}

#[rstest]
#[case::a_word(r#"{"values":[{"x":1772236800,"y":"many"}]}"#)]
#[case::nothing(r#"{"values":[{"x":1772236800,"y":null}]}"#)]
#[case::no_possible_time(r#"{"values":[{"x":9223372036854775807,"y":1}]}"#)]
#[case::not_found(r#"{"status":"not-found"}"#)]
#[tokio::test]
async fn a_chart_that_cannot_be_makes_the_answer_unreadable(#[case] body: &str) {
    is_unreadable(Question::BlockchainInfo, body).await;
}

#[tokio::test]
async fn nvt_is_made_of_days_that_have_both_figures() {
    let capitalisation = chart(&[
        (YESTERDAY - 3 * DAY, "100"),
        (YESTERDAY - 2 * DAY, "900"),
        (YESTERDAY - DAY, "1000"),
        (YESTERDAY, "1200"),
    ]);
    let volume = chart(&[
        (YESTERDAY - 2 * DAY, "0"),
        (YESTERDAY - DAY, "30"),
        (YESTERDAY, "10"),
    ]);
    let server = Server::answering(move |request| {
        let is_volume = request.uri().path() == "/charts/estimated-transaction-volume-usd";
        if is_volume {
            volume.clone()
        } else {
            capitalisation.clone()
        }
        .into_response()
    })
    .await;
    let values = blockchain_info::nvt(&server.upstream()).await.unwrap().value;
    let expected = [
        pair("2026-02-27T00:00:00Z", "33.33333333"),
        pair("2026-02-28T00:00:00Z", "120"),
    ];
    assert_eq!(shown(&values), expected);
    let paths: Vec<String> = server.take_asked().into_iter().map(|(asked, _)| asked).collect();
    assert!(paths[0].starts_with("/charts/market-cap?"), "{paths:?}");
}

fn fred_of(rows: &[(&str, &str)]) -> String {
    let row = |(date, value): &(&str, &str)| {
        format!(
            r#"{{"realtime_start":"2026-02-27","realtime_end":"2026-03-01","date":"{date}","value":{value}}}"#
        )
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    format!(
        r#"{{"count":{},"observations":[{}]}}"#,
        rows.len(),
        rows.join(",")
    )
}

#[tokio::test]
async fn freds_days_without_a_value_are_left_out_and_never_zero() {
    let body = fred_of(&[
        ("2026-02-27", r#"".""#),
        ("2026-02-26", r#""4.330000000012345678""#),
        ("2026-02-25", r#""0.00""#),
    ]);
    let server = Server::saying(body).await;
    let journal = Journal::default();
    let upstream = server.upstream().with_journal(journal.clone());
    let values = fred::observations(&upstream, Metric::TenYearYield, date(2026, 2, 1))
        .await
        .unwrap()
        .value;
    let expected = [
        pair("2026-02-26T00:00:00Z", "4.330000000012345678"),
        pair("2026-02-25T00:00:00Z", "0.00"),
    ];
    assert_eq!(shown(&values), expected);
    assert!(
        values
            .iter()
            .all(|value| value.realtime_start == Some(date(2026, 2, 27))),
        "the vintage is kept"
    );
    assert_eq!(journal.take_calls()[0].items, 3, "what came, not what is used");
}

#[tokio::test]
async fn freds_holidays_at_the_stand_in_are_left_out() {
    let standin = standin().await;
    let upstream = upstream(settings_of(&standin));
    let since = date(2025, 3, 1);
    let values = fred::observations(&upstream, Metric::TenYearYield, since)
        .await
        .unwrap()
        .value;
    assert!(values.len() > 200);
    assert!(
        values.is_sorted_by(|one, next| one.observed_at > next.observed_at),
        "newest first"
    );
}

#[rstest]
#[case::a_word(&fred_of(&[("2026-02-26", r#""n/a""#)]))]
#[case::empty(&fred_of(&[("2026-02-26", r#""""#)]))]
#[case::a_number_where_text_belongs(&fred_of(&[("2026-02-26", "4.33")]))]
#[case::no_date(&fred_of(&[("2026-02-30", r#""4.33""#)]))]
#[case::an_error_with_status_200(r#"{"error_code":400,"error_message":"Bad Request."}"#)]
#[case::not_json("<?xml version=\"1.0\"?><observations/>")]
#[tokio::test]
async fn fred_rows_that_cannot_be_make_the_answer_unreadable(#[case] body: &str) {
    is_unreadable(Question::Fred, body).await;
}

fn index_of(value: &str, timestamp: &str) -> String {
    let day = format!(
        r#"{{"value":{value},"value_classification":"Greed","timestamp":{timestamp},"time_until_update":"43200"}}"#
    );
    format!(r#"{{"name":"Fear and Greed Index","data":[{day}],"metadata":{{"error":null}}}}"#)
}

#[rstest]
#[case::lowest(r#""0""#, "0")]
#[case::usual(r#""72""#, "72")]
#[case::highest(r#""100""#, "100")]
#[tokio::test]
async fn the_index_is_dated_by_its_own_timestamp(#[case] sent: &str, #[case] value: &str) {
    let server = Server::saying(index_of(sent, r#""1737504000""#)).await;
    let values = fear_greed::index(&server.upstream(), 1).await.unwrap().value;
    assert_eq!(shown(&values), [pair("2025-01-22T00:00:00Z", value)]);
}

#[rstest]
#[case::too_high(&index_of(r#""101""#, r#""1737504000""#))]
#[case::too_low(&index_of(r#""-1""#, r#""1737504000""#))]
#[case::a_word(&index_of(r#""Greed""#, r#""1737504000""#))]
#[case::a_date(&index_of(r#""72""#, r#""01-22-2025""#))]
#[case::no_possible_time(&index_of(r#""72""#, r#""9223372036854775807""#))]
#[case::an_error_of_its_own(r#"{"data":[],"metadata":{"error":"Internal error"}}"#)]
#[tokio::test]
async fn an_index_that_cannot_be_makes_the_answer_unreadable(#[case] body: &str) {
    is_unreadable(Question::FearGreed, body).await;
}
