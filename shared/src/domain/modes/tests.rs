//! What holds when, what it refuses, and how the door for writes opens and closes.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn after(milliseconds: i64) -> Timestamp {
    noon() + SignedDuration::from_millis(milliseconds)
}

fn set(mode: Mode, until: Option<Timestamp>) -> Setting {
    Setting {
        wish: Wish {
            mode,
            notice: Some("Back soon".to_owned()),
            until,
        },
        since: Some(noon()),
        set_by: "operator: ann".to_owned(),
    }
}

#[test]
fn a_mode_with_an_end_is_normal_from_that_moment_on() {
    let setting = set(Mode::Maintenance, Some(after(60_000)));

    assert_eq!(setting.mode_at(after(59_999)), Mode::Maintenance);
    assert_eq!(setting.mode_at(after(60_000)), Mode::Normal);
    assert_eq!(setting.closure(after(60_000)), None);
    assert_eq!(Setting::default().closure(noon()), None);
}

#[test]
fn who_is_refused_is_told_the_second_from_which_on_they_are_not() {
    let setting = set(Mode::ReadOnly, Some(after(60_000)));
    let told = |now| setting.closure(now).unwrap().retry_after_seconds;

    assert_eq!(told(noon()), 60);
    assert_eq!(told(after(58_001)), 2);
    assert_eq!(told(after(59_999)), 1);
    assert_eq!(
        set(Mode::ReadOnly, None)
            .closure(noon())
            .unwrap()
            .retry_after_seconds,
        60
    );
}

#[rstest]
#[case("GET", "/health/ready", Access::Always)]
#[case("GET", "/healthy", Access::Reads)]
#[case("GET", "/openapi.json", Access::Always)]
#[case("GET", "/api/v1/admin/mode", Access::ShowsMode)]
#[case("PUT", "/api/v1/admin/mode", Access::SetsMode)]
#[case("PUT", "/api/v1/admin/locks/{reason}", Access::Writes)]
#[case("POST", "/api/v1/auth/google", Access::SignsIn)]
#[case("GET", "/api/v1/auth/google", Access::Reads)]
#[case("POST", "/api/v1/auth/refresh", Access::Refreshes)]
#[case("POST", "/api/v1/auth/logout", Access::Writes)]
#[case("GET", "/api/v1/auth/me/export", Access::Reads)]
#[case("PROPFIND", "/api/v1/portfolio", Access::Writes)]
fn what_a_request_wants_is_told_by_its_method_and_route(
    #[case] method: &str,
    #[case] route: &str,
    #[case] wants: Access,
) {
    assert_eq!(access(method, route), wants);
}

#[rstest]
#[case(Mode::ReadOnly, Some(" Back at one "), Some(1), Ok(Some("Back at one")))]
#[case(Mode::Normal, Some("All is well"), None, Ok(Some("All is well")))]
#[case(Mode::Maintenance, None, None, Ok(None))]
#[case(Mode::Normal, None, Some(1), Err(WrongWish::EndOfNormal))]
#[case(Mode::ReadOnly, None, Some(0), Err(WrongWish::Until))]
#[case(Mode::ReadOnly, None, Some(30 * 24 * 3_600_000 + 1), Err(WrongWish::Until))]
#[case(Mode::ReadOnly, Some("two\nlines"), None, Err(WrongWish::Notice(NoNotice)))]
fn a_wish_is_held_to_what_can_be(
    #[case] mode: Mode,
    #[case] notice: Option<&str>,
    #[case] until_ms: Option<i64>,
    #[case] expected: Result<Option<&str>, WrongWish>,
) {
    let wish = Wish::new(mode, notice, until_ms.map(after), noon());

    assert_eq!(
        wish.map(|wish| wish.notice),
        expected.map(|notice| notice.map(str::to_owned))
    );
}

#[test]
fn words_are_modes_and_back() {
    for mode in Mode::ALL {
        assert_eq!(mode.as_str().parse(), Ok(mode));
        assert_eq!(serde_json::to_value(mode).unwrap(), mode.as_str());
    }
    assert_eq!("readonly".parse::<Mode>(), Err(NoMode));
}

proptest! {
    #[test]
    fn whatever_is_set_health_and_the_mode_itself_stay_open_and_a_stricter_mode_opens_nothing(
        mode in prop::sample::select(&Mode::ALL[..]),
        until_ms in prop::option::of(-5_000_i64..5_000),
        method in prop::sample::select(&["GET", "POST", "PUT", "PATCH", "DELETE"][..]),
        route in prop::sample::select(&[
            "/health", "/health/live", "/docs", "/api/v1/admin/mode", "/api/v1/auth/google",
            "/api/v1/auth/refresh", "/api/v1/portfolio", "/api/v1/strategies/{id}/subscription",
        ][..]),
    ) {
        let setting = set(mode, until_ms.map(after));
        let refusal = setting.refusal(method, route, noon());
        let holds = if until_ms.is_some_and(|until| until <= 0) { Mode::Normal } else { mode };

        if matches!(access(method, route), Access::Always | Access::ShowsMode | Access::SetsMode) || holds == Mode::Normal {
            prop_assert_eq!(&refusal, &None);
        }
        if holds == Mode::Maintenance && !matches!(access(method, route), Access::Always | Access::ShowsMode | Access::SetsMode) {
            prop_assert!(refusal.is_some());
        }
        if holds == Mode::ReadOnly {
            prop_assert_eq!(refusal.is_some(), access(method, route) == Access::Writes);
        }
        if let Some(closure) = refusal {
            prop_assert_eq!(closure.mode, holds);
            prop_assert!(closure.retry_after_seconds >= 1);
            let stricter = set(Mode::Maintenance, until_ms.map(after));
            prop_assert!(stricter.refusal(method, route, noon()).is_some());
        }
    }

    /// Against a plain account of what happened: at most one write is tried at a time while the database
    /// refuses, none within two seconds of a refusal, and all pass once one has succeeded.
    #[test]
    fn a_database_that_refuses_is_asked_by_one_at_a_time_and_seldom(
        steps in prop::collection::vec((0_i64..1_500, 0_u8..4, any::<prop::sample::Index>()), 1..80),
    ) {
        let (mut writes, mut now) = (Writes::default(), noon());
        let mut inside: Vec<Turn> = Vec::new();
        let mut last_refusal: Option<Timestamp> = None;
        for (pause, what, which) in steps {
            now += SignedDuration::from_millis(pause);
            if what == 0 || inside.is_empty() {
                let is_closed = writes.refused_since().is_some();
                match writes.enter(now) {
                    Ok(turn) if is_closed => {
                        prop_assert!(turn.is_probe);
                        prop_assert!(inside.iter().all(|other| !other.is_probe || other.generation != turn.generation));
                        prop_assert!(last_refusal.is_none_or(|at| now >= at + PROBE_AFTER));
                        inside.push(turn);
                    }
                    Ok(turn) => {
                        prop_assert!(!turn.is_probe);
                        inside.push(turn);
                    }
                    Err(closure) => {
                        prop_assert!(is_closed);
                        prop_assert!((1..=2).contains(&closure.retry_after_seconds));
                    }
                }
                continue;
            }
            let turn = inside.swap_remove(which.index(inside.len()));
            let outcome = [Outcome::Done, Outcome::Refused, Outcome::Unclear][usize::from(what) - 1];
            let (was_closed, is_of_now) = (writes.refused_since().is_some(), turn.generation == writes.generation);
            let has_changed = writes.leave(turn, outcome, now);
            let is_closed = writes.refused_since().is_some();
            prop_assert_eq!(has_changed, was_closed != is_closed);
            if outcome == Outcome::Refused && is_of_now {
                last_refusal = Some(now);
                prop_assert!(is_closed);
            }
            if was_closed && !is_closed {
                prop_assert!(outcome == Outcome::Done && turn.is_probe);
                prop_assert!(writes.enter(now).is_ok_and(|turn| !turn.is_probe));
            }
        }
    }
}

#[test]
fn a_refusal_that_began_before_the_database_was_well_again_closes_nothing() {
    let mut writes = Writes::default();
    let (early, late) = (writes.enter(noon()).unwrap(), writes.enter(noon()).unwrap());
    assert!(writes.leave(early, Outcome::Refused, noon()));
    let probe = writes.enter(after(2_000)).unwrap();
    assert!(writes.leave(probe, Outcome::Done, after(2_000)));

    assert!(!writes.leave(late, Outcome::Refused, after(2_001)));

    assert_eq!(writes.closure(after(2_001)), None);
}

#[test]
fn a_refusal_told_from_aside_closes_the_door_and_puts_the_next_try_off() {
    let mut writes = Writes::default();

    assert!(writes.refuse(noon()));
    assert!(!writes.refuse(after(1_000)));

    assert!(writes.enter(after(2_999)).is_err());
    assert!(writes.enter(after(3_000)).is_ok());
    assert_eq!(writes.refused_since(), Some(noon()));
}
