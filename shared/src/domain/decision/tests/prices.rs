//! Last closed prices, and when they lock the market.

use rstest::rstest;

use super::*;

#[rstest]
#[case(Timeframe::H1, 75 * 60, false)]
#[case(Timeframe::H1, 75 * 60 + 1, true)]
#[case(Timeframe::H4, 255 * 60, false)]
#[case(Timeframe::H4, 255 * 60 + 1, true)]
#[case(Timeframe::D1, 1_455 * 60, false)]
#[case(Timeframe::D1, 1_455 * 60 + 1, true)]
fn a_price_is_stale_when_older_than_its_timeframe_and_a_quarter_hour(
    #[case] timeframe: Timeframe,
    #[case] age: i64,
    #[case] is_stale: bool,
) {
    let mut situation = situation(answers("0.8", "0.7", "-0.2"));
    let closed_at = as_of() - SignedDuration::from_secs(age);
    situation
        .prices
        .insert(Asset::Eth, close("3340.25", timeframe, closed_at));
    let decision = decided(&situation);
    // The decision is made all the same, and recorded with its lock.
    assert_eq!(decision.signal, Signal::Buy);
    let reasons: Vec<LockReason> = decision.locks.iter().map(|lock| lock.reason).collect();
    assert_eq!(
        reasons,
        if is_stale {
            vec![LockReason::StaleMarket]
        } else {
            vec![]
        }
    );
}

#[test]
fn one_asset_without_a_price_is_no_lock_but_none_at_all_is() {
    let mut situation = situation(answers("0.8", "0.7", "-0.2"));
    situation.prices.remove(&Asset::Eth);
    assert_eq!(decided(&situation).locks, []);
    situation.prices.clear();
    assert_eq!(decided(&situation).locks[0].reason, LockReason::StaleMarket);
}

#[test]
fn the_last_price_is_the_latest_close_and_ties_go_to_the_shortest_candle() {
    let hour = SignedDuration::from_hours(1);
    let closes = [
        close("1", Timeframe::D1, as_of()),
        close("2", Timeframe::H4, as_of()),
        close("3", Timeframe::H1, as_of() - hour),
        close("4", Timeframe::H1, as_of() + hour),
    ];
    assert_eq!(newest_close(closes, as_of()).unwrap().price.value(), decimal("2"));
    assert_eq!(
        newest_close(closes, as_of() - hour).unwrap().price.value(),
        decimal("3")
    );
    assert_eq!(newest_close(closes, as_of() - hour * 2), None);
}
