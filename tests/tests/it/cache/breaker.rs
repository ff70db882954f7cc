//! What keeps failing is left alone by every instance, then tried by one.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use shared::cache::{BreakerRule, Cache};
use shared::clock::Clock;
use shared::ids::Ids;

use super::{cache, noon};

const NAME: &str = "anthropic";
const LEASE: Duration = Duration::from_secs(11);
const RULE: BreakerRule = BreakerRule {
    failures: 3,
    open_for: Duration::from_mins(1),
};

/// Whether a caller that nobody has seen before is let through.
async fn is_admitted(cache: &Cache) -> bool {
    let caller = Ids::random().next().to_string();
    cache
        .breaker_admits(NAME, &caller, LEASE)
        .await
        .unwrap()
        .is_none()
}

async fn fail(cache: &Cache, times: u32) {
    for _ in 0..times {
        cache.breaker_failed(NAME, RULE).await.unwrap();
    }
}

#[tokio::test]
async fn the_third_failure_in_a_row_opens_it_and_a_success_forgets_the_others() {
    let cache = cache(Clock::fixed(noon()));
    fail(&cache, 2).await;
    cache.breaker_succeeded(NAME).await.unwrap();
    fail(&cache, 2).await;
    assert!(is_admitted(&cache).await);

    fail(&cache, 1).await;

    let until = cache.breaker_admits(NAME, "one", LEASE).await.unwrap();
    assert_eq!(until, Some(noon() + SignedDuration::from_mins(1)));
    assert!(
        cache
            .breaker_admits("openai", "one", LEASE)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn after_its_time_one_caller_tries_and_its_outcome_counts_for_all() {
    let clock = Clock::fixed(noon());
    let cache = cache(clock.clone());
    fail(&cache, 3).await;
    clock.advance(SignedDuration::from_mins(1));

    let admitted = join_all((0..20).map(|_| is_admitted(&cache))).await;
    assert_eq!(admitted.iter().filter(|admitted| **admitted).count(), 1);

    fail(&cache, 1).await;
    assert!(
        !is_admitted(&cache).await,
        "a try that failed opens it again at once"
    );
    clock.advance(SignedDuration::from_mins(1));
    assert!(is_admitted(&cache).await);
    cache.breaker_succeeded(NAME).await.unwrap();
    assert!(is_admitted(&cache).await && is_admitted(&cache).await);
}

#[tokio::test]
async fn the_caller_that_tries_may_try_more_than_once() {
    let clock = Clock::fixed(noon());
    let cache = cache(clock.clone());
    fail(&cache, 3).await;
    clock.advance(SignedDuration::from_mins(1));
    for _ in 0..3 {
        assert_eq!(cache.breaker_admits(NAME, "one", LEASE).await.unwrap(), None);
    }
    assert!(
        cache
            .breaker_admits(NAME, "another", LEASE)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn a_try_that_nobody_hears_of_again_gives_way_to_the_next() {
    let clock = Clock::fixed(noon());
    let cache = cache(clock.clone());
    fail(&cache, 3).await;
    clock.advance(SignedDuration::from_mins(1));
    assert!(is_admitted(&cache).await);
    assert!(!is_admitted(&cache).await);

    clock.advance(SignedDuration::from_secs(11));

    assert!(is_admitted(&cache).await);
}

#[tokio::test]
async fn a_short_opening_does_not_end_a_long_one() {
    let cache = cache(Clock::fixed(noon()));
    let hours = noon() + SignedDuration::from_hours(4);
    cache.breaker_leave(NAME, hours).await.unwrap();

    fail(&cache, 3).await;

    assert_eq!(
        cache.breaker_admits(NAME, "one", LEASE).await.unwrap(),
        Some(hours)
    );
}

/// What a breaker is told, and how much later.
#[derive(Debug, Clone, Copy)]
enum Step {
    Fail,
    Succeed,
    Ask,
}

/// The breaker as a table on paper.
#[derive(Debug, Default)]
struct Model {
    failures: u32,
    open_until: Option<i64>,
    probing_until: i64,
}

impl Model {
    fn fail(&mut self, now: i64) {
        self.failures += 1;
        if self.open_until.is_some() || self.failures >= RULE.failures {
            let until = now + 60;
            self.open_until = Some(self.open_until.map_or(until, |known| known.max(until)));
            self.probing_until = 0;
        }
    }

    fn admits(&mut self, now: i64) -> bool {
        let Some(open_until) = self.open_until else {
            return true;
        };
        if now < open_until || now < self.probing_until {
            return false;
        }
        self.probing_until = now + 11;
        true
    }
}

#[test]
fn any_row_of_outcomes_leaves_it_as_a_table_on_paper_says() {
    let step = prop_oneof![
        Just(Step::Fail),
        Just(Step::Succeed),
        Just(Step::Ask),
        Just(Step::Ask)
    ];
    let story = proptest::collection::vec((step, 0_i64..40), 1..40);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config::with_cases(40));
    runner
        .run(&story, |story| {
            runtime.block_on(async {
                let clock = Clock::fixed(noon());
                let (cache, mut model, mut now) = (cache(clock.clone()), Model::default(), 0);
                for (step, later) in story {
                    clock.advance(SignedDuration::from_secs(later));
                    now += later;
                    match step {
                        Step::Fail => {
                            fail(&cache, 1).await;
                            model.fail(now);
                        }
                        Step::Succeed => {
                            cache.breaker_succeeded(NAME).await.unwrap();
                            model = Model::default();
                        }
                        Step::Ask => prop_assert_eq!(is_admitted(&cache).await, model.admits(now)),
                    }
                }
                Ok::<(), TestCaseError>(())
            })
        })
        .unwrap();
}
