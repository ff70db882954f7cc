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

/// What was refused: the time it says it is of, and why.
fn refused(rows: &Rows<Reported>) -> Vec<(Option<String>, Rejection)> {
    let refused = rows.rejected.iter();
    refused
        .map(|row| (row.dated.map(|dated| dated.to_string()), row.reason))
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

/// The answer has one row; it is refused without spoiling anything, and the call went well.
async fn is_refused(question: Question, body: &str, expected: (Option<&str>, Rejection)) {
    let server = Server::saying(body).await;
    let journal = Journal::default();
    let upstream = server.upstream().with_journal(journal.clone());
    let rows = match question {
        Question::Glassnode => glassnode::series(&upstream, Metric::Nvt, days_ago(10)).await,
        Question::BlockchainInfo => blockchain_info::active_addresses(&upstream).await,
        Question::Fred => fred::observations(&upstream, Metric::FedFundsRate, date(2026, 2, 1)).await,
        Question::FearGreed => fear_greed::index(&upstream, 14).await,
        other => panic!("{other:?} has no dated values"),
    };
    let rows = rows.unwrap().value;
    assert_eq!(shown(&rows.accepted), []);
    let (dated, reason) = expected;
    assert_eq!(refused(&rows), [(dated.map(str::to_owned), reason)]);
    assert!(
        body.contains(&rows.rejected[0].payload),
        "kept as it came: {}",
        rows.rejected[0].payload
    );
    let calls = journal.take_calls();
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].status, calls[0].items), (CallStatus::Ok, 1));
}

async fn glassnode(metric: Metric, body: String) -> Rows<Reported> {
    let server = Server::saying(body).await;
    glassnode::series(&server.upstream(), metric, days_ago(10))
        .await
        .unwrap()
        .value
}

#[rstest]
#[case::number("2.4755012345678901234567")]
#[case::text(r#""2.4755012345678901234567""#)]
#[tokio::test]
async fn glassnodes_values_keep_every_digit(#[case] value: &str) {
    let rows = glassnode(Metric::Nvt, format!(r#"[{{"t":{YESTERDAY},"v":{value}}}]"#)).await;
    let values = rows.accepted;
    assert_eq!(
        shown(&values),
        [pair("2026-02-28T00:00:00Z", "2.4755012345678901234567")]
    );
    assert_eq!(values[0].realtime_start, None);
}

#[rstest]
#[case(Metric::ExchangeNetFlow, "1.25e-7", "0.000000125")]
#[case(Metric::ActiveAddresses, "1.4E7", "14000000")]
#[case(Metric::ExchangeNetFlow, "-500", "-500")]
#[tokio::test]
async fn a_number_may_be_written_with_an_exponent(
    #[case] metric: Metric,
    #[case] written: &str,
    #[case] value: &str,
) {
    let rows = glassnode(metric, format!(r#"[{{"t":{YESTERDAY},"v":{written}}}]"#)).await;
    assert_eq!(rows.accepted[0].value.to_string(), value);
}

#[tokio::test]
async fn glassnodes_days_without_a_value_and_the_running_day_are_left_out() {
    let before = YESTERDAY - DAY;
    let today = YESTERDAY + DAY;
    let rows = glassnode(
        Metric::ExchangeNetFlow,
        format!(r#"[{{"t":{before},"v":null}},{{"t":{YESTERDAY},"v":0}},{{"t":{today},"v":7}}]"#),
    )
    .await;
    assert_eq!(shown(&rows.accepted), [pair("2026-02-28T00:00:00Z", "0")]);
    assert_eq!(refused(&rows), [], "they say nothing wrong");
}

#[rstest]
#[case::tomorrow(YESTERDAY + 2 * DAY, "2026-03-02T00:00:00Z")]
#[case::the_end_of_time(253_402_207_199, "9999-12-30T21:59:59Z")]
#[tokio::test]
async fn a_day_of_the_future_is_refused(#[case] time: i64, #[case] dated: &str) {
    let rows = glassnode(
        Metric::Nvt,
        format!(r#"[{{"t":{YESTERDAY},"v":7}},{{"t":{time},"v":9}}]"#),
    )
    .await;
    assert_eq!(shown(&rows.accepted), [pair("2026-02-28T00:00:00Z", "7")]);
    assert_eq!(refused(&rows), [(Some(dated.to_owned()), Rejection::Future)]);
}

#[tokio::test]
async fn of_two_values_of_one_day_the_second_is_refused() {
    let rows = glassnode(
        Metric::Nvt,
        format!(r#"[{{"t":{YESTERDAY},"v":7}},{{"t":{YESTERDAY},"v":9}}]"#),
    )
    .await;
    assert_eq!(shown(&rows.accepted), [pair("2026-02-28T00:00:00Z", "7")]);
    let day = Some("2026-02-28T00:00:00Z".to_owned());
    assert_eq!(refused(&rows), [(day, Rejection::Duplicate)]);
}

#[rstest]
#[case(Metric::MvrvZScore, "-5", "20", "-5.1", "20.1")]
#[case(Metric::Nvt, "1", "10000", "0", "10001")]
#[case(Metric::ExchangeNetFlow, "-1000000", "1000000", "-1000001", "1000001")]
#[case(Metric::LongTermHolderSupply, "1000000", "21000000", "0", "21000001")]
#[case(Metric::ActiveAddresses, "10000", "100000000", "0", "100000001")]
#[tokio::test]
async fn a_value_outside_of_what_its_series_can_be_is_refused(
    #[case] metric: Metric,
    #[case] lowest: &str,
    #[case] highest: &str,
    #[case] too_low: &str,
    #[case] too_high: &str,
) {
    let of_day = |back: i64, value: &str| format!(r#"{{"t":{},"v":{value}}}"#, YESTERDAY - back * DAY);
    let points = [
        of_day(3, lowest),
        of_day(2, highest),
        of_day(1, too_low),
        of_day(0, too_high),
    ];
    let rows = glassnode(metric, format!("[{}]", points.join(","))).await;
    assert_eq!(
        shown(&rows.accepted),
        [
            pair("2026-02-25T00:00:00Z", lowest),
            pair("2026-02-26T00:00:00Z", highest)
        ]
    );
    let expected = ["2026-02-27T00:00:00Z", "2026-02-28T00:00:00Z"]
        .map(|day| (Some(day.to_owned()), Rejection::Implausible));
    assert_eq!(refused(&rows), expected);
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
            .accepted
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
async fn a_glassnode_point_that_cannot_be_is_refused(#[case] body: &str) {
    is_refused(Question::Glassnode, body, (None, Rejection::Shape)).await;
}

#[tokio::test]
async fn a_point_that_cannot_be_does_not_spoil_the_others() {
    let rows = glassnode(
        Metric::Nvt,
        format!(
            r#"[{{"t":{YESTERDAY},"v":"high"}},{{"t":{},"v":7}}]"#,
            YESTERDAY - DAY
        ),
    )
    .await;
    assert_eq!(shown(&rows.accepted), [pair("2026-02-27T00:00:00Z", "7")]);
    assert_eq!(refused(&rows), [(None, Rejection::Shape)]);
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
    assert_eq!(shown(&values.accepted), expected);
    assert_eq!(refused(&values), []);
}

#[tokio::test]
async fn a_chart_that_reaches_to_the_end_of_time_is_read() {
    let server = Server::saying(chart(&[(253_402_207_199, "1")])).await;
    let rows = blockchain_info::active_addresses(&server.upstream())
        .await
        .unwrap()
        .value;
    assert_eq!(shown(&rows.accepted), []);
    let end = Some("9999-12-30T21:59:59Z".to_owned());
    assert_eq!(refused(&rows), [(end, Rejection::Future)]);
}

#[rstest]
#[case::a_word(r#"{"values":[{"x":1772236800,"y":"many"}]}"#)]
#[case::nothing(r#"{"values":[{"x":1772236800,"y":null}]}"#)]
#[case::no_possible_time(r#"{"values":[{"x":9223372036854775807,"y":1}]}"#)]
#[tokio::test]
async fn a_point_of_a_chart_that_cannot_be_is_refused(#[case] body: &str) {
    is_refused(Question::BlockchainInfo, body, (None, Rejection::Shape)).await;
}

#[tokio::test]
async fn a_chart_that_is_none_makes_the_answer_unreadable() {
    is_unreadable(Question::BlockchainInfo, r#"{"status":"not-found"}"#).await;
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
    assert_eq!(shown(&values.accepted), expected);
    let without_volume = Some("2026-02-26T00:00:00Z".to_owned());
    assert_eq!(refused(&values), [(without_volume, Rejection::Implausible)]);
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
    let rows = fred::observations(&upstream, Metric::TenYearYield, date(2026, 2, 1))
        .await
        .unwrap()
        .value;
    assert_eq!(refused(&rows), [], "they say nothing wrong");
    let values = rows.accepted;
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
        .value
        .accepted;
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
#[tokio::test]
async fn a_row_of_fred_that_cannot_be_is_refused(#[case] body: &str) {
    is_refused(Question::Fred, body, (None, Rejection::Shape)).await;
}

#[rstest]
#[case::too_high("2026-02-26", "30.1", Rejection::Implausible)]
#[case::too_low("2026-02-26", "-5.1", Rejection::Implausible)]
#[case::ahead("2026-03-02", "4.33", Rejection::Future)]
#[tokio::test]
async fn a_rate_that_cannot_be_stored_is_refused_with_its_date(
    #[case] day: &str,
    #[case] value: &str,
    #[case] reason: Rejection,
) {
    let body = fred_of(&[(day, &format!("\"{value}\""))]);
    let dated = format!("{day}T00:00:00Z");
    is_refused(Question::Fred, &body, (Some(&dated), reason)).await;
}

#[rstest]
#[case::an_error_with_status_200(r#"{"error_code":400,"error_message":"Bad Request."}"#)]
#[case::not_json("<?xml version=\"1.0\"?><observations/>")]
#[tokio::test]
async fn what_is_no_list_of_fred_makes_the_answer_unreadable(#[case] body: &str) {
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
    let rows = fear_greed::index(&server.upstream(), 1).await.unwrap().value;
    assert_eq!(shown(&rows.accepted), [pair("2025-01-22T00:00:00Z", value)]);
}

#[rstest]
#[case::too_high(r#""101""#)]
#[case::too_low(r#""-1""#)]
#[tokio::test]
async fn an_index_beyond_its_ends_is_refused(#[case] value: &str) {
    let body = index_of(value, r#""1737504000""#);
    let expected = (Some("2025-01-22T00:00:00Z"), Rejection::Implausible);
    is_refused(Question::FearGreed, &body, expected).await;
}

#[rstest]
#[case::a_word(&index_of(r#""Greed""#, r#""1737504000""#))]
#[case::a_date(&index_of(r#""72""#, r#""01-22-2025""#))]
#[case::no_possible_time(&index_of(r#""72""#, r#""9223372036854775807""#))]
#[tokio::test]
async fn a_day_of_the_index_that_cannot_be_is_refused(#[case] body: &str) {
    is_refused(Question::FearGreed, body, (None, Rejection::Shape)).await;
}

#[tokio::test]
async fn an_index_with_an_error_of_its_own_is_unreadable() {
    let body = r#"{"data":[],"metadata":{"error":"Internal error"}}"#;
    is_unreadable(Question::FearGreed, body).await;
}
