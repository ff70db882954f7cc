//! A service that counts what requests weigh, a minute at a time, and bans who goes over its limit.
//!
//! Says when to stop asking; does not stop anybody.

use std::num::NonZeroU32;

use jiff::Timestamp;
use reqwest::header::HeaderMap;

/// A limit per minute, and where answers say how much of it is used.
#[derive(Debug, Clone, Copy)]
pub(super) struct WeightLimit {
    /// The header with the weight that was used in the running minute.
    pub(super) header: &'static str,
    /// What a minute may weigh.
    pub(super) per_minute: NonZeroU32,
}

impl WeightLimit {
    /// When the service may be asked again, if an answer that came at `now` says that four fifths of
    /// the limit are used. The rest is left to calls on their way and to instances that have not heard.
    pub(super) fn pause_after(&self, headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
        let used: u64 = headers.get(self.header)?.to_str().ok()?.trim().parse().ok()?;
        let is_nearly_used_up = used.saturating_mul(5) >= u64::from(self.per_minute.get()) * 4;
        is_nearly_used_up.then(|| next_minute(now))
    }
}

/// The start of the next UTC minute, at which the count begins anew.
fn next_minute(now: Timestamp) -> Timestamp {
    let minute = now.as_second().div_euclid(60) + 1;
    Timestamp::from_second(minute * 60).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;
    use rstest::rstest;

    use super::*;

    const HEADER: &str = "x-mbx-used-weight-1m";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn pause(used: &str, per_minute: u32, now: &str) -> Option<Timestamp> {
        let limit = WeightLimit {
            header: HEADER,
            per_minute: NonZeroU32::new(per_minute).unwrap(),
        };
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, HeaderValue::from_str(used).unwrap());
        limit.pause_after(&headers, at(now))
    }

    #[rstest]
    #[case::just_below("4799", 6000, false)]
    #[case::exactly("4800", 6000, true)]
    #[case::just_above("4801", 6000, true)]
    #[case::four_of_five("4", 5, true)]
    #[case::three_of_five("3", 5, false)]
    // 80 % of 7 is 5.6: no whole number is exactly there.
    #[case::below_a_fraction("5", 7, false)]
    #[case::above_a_fraction("6", 7, true)]
    #[case::the_smallest_limit("1", 1, true)]
    #[case::nothing("0", 1, false)]
    #[case::the_largest_numbers("18446744073709551615", u32::MAX, true)]
    #[case::blanks(" 4800 ", 6000, true)]
    #[case::a_word("many", 6000, false)]
    #[case::no_whole_number("4800.5", 6000, false)]
    #[case::negative("-4800", 6000, false)]
    #[case::too_long("99999999999999999999", 6000, false)]
    fn the_limit_is_nearly_used_up_at_four_fifths(
        #[case] used: &str,
        #[case] per_minute: u32,
        #[case] expected: bool,
    ) {
        let found = pause(used, per_minute, "2026-03-01T12:02:59.999Z");
        assert_eq!(found, expected.then(|| at("2026-03-01T12:03:00Z")));
    }

    #[rstest]
    #[case("2026-03-01T12:02:00Z", "2026-03-01T12:03:00Z")]
    #[case("2026-03-01T12:02:00.000001Z", "2026-03-01T12:03:00Z")]
    #[case("2026-03-01T23:59:30Z", "2026-03-02T00:00:00Z")]
    fn the_pause_ends_with_the_minute(#[case] now: &str, #[case] until: &str) {
        assert_eq!(pause("6000", 6000, now), Some(at(until)));
    }

    #[test]
    fn an_answer_that_does_not_say_means_nothing() {
        let limit = WeightLimit {
            header: HEADER,
            per_minute: NonZeroU32::MIN,
        };
        assert_eq!(
            limit.pause_after(&HeaderMap::new(), at("2026-03-01T12:02:00Z")),
            None
        );
    }
}
