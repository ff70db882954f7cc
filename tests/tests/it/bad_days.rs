//! Every source on its bad days, by the collector that asks it: how often it is tried, what is noted,
//! what is stored, and what the next run does.
//!
//! How the clients classify each failure is tested in `sources`; here it is what comes of it.

use jiff::SignedDuration;
use rstest::rstest;
use serde_json::{Value, json};
use shared::lambda::TaskError;
use standin::{Fault, Service};
use tests::bundle::Bundle;

/// A source as a collector sees it.
struct Source {
    service: Service,
    /// The name in `data_collection_logs`.
    name: &'static str,
    task: &'static str,
    /// The endpoints that are asked first, side by side: each of them fails on a bad day.
    endpoints: &'static [&'static str],
    /// An answer without a single item.
    nothing: &'static str,
    /// Counts what is stored of it.
    stored: &'static str,
    /// Whether a failure that may pass fails the run: its next schedule is too far away.
    fails_the_run: bool,
}

const BINANCE: Source = Source {
    service: Service::Binance,
    name: "binance",
    task: "collect-prices",
    endpoints: &[
        "/api/v3/klines",
        "/api/v3/klines",
        "/api/v3/klines",
        "/api/v3/klines",
        "/api/v3/klines",
        "/api/v3/klines",
        "/api/v3/ticker/24hr",
        "/api/v3/ticker/24hr",
    ],
    nothing: "[]",
    stored: "SELECT (SELECT count(*) FROM market_data) + (SELECT count(*) FROM live_prices WHERE service = 'binance')",
    fails_the_run: false,
};

const COINGECKO: Source = Source {
    service: Service::CoinGecko,
    name: "coingecko",
    task: "collect-prices",
    endpoints: &["/api/v3/simple/price"],
    nothing: "{}",
    stored: "SELECT count(*) FROM live_prices WHERE service = 'coingecko'",
    fails_the_run: false,
};

const GLASSNODE: Source = Source {
    service: Service::Glassnode,
    name: "glassnode",
    task: "collect-onchain",
    endpoints: &[
        "/v1/metrics/market/mvrv_z_score",
        "/v1/metrics/indicators/nvt",
        "/v1/metrics/transactions/transfers_volume_exchanges_net",
        "/v1/metrics/supply/lth_sum",
        "/v1/metrics/addresses/active_count",
    ],
    nothing: "[]",
    stored: "SELECT count(*) FROM indicator_observations",
    fails_the_run: false,
};

const BLOCKCHAIN_INFO: Source = Source {
    service: Service::BlockchainInfo,
    name: "blockchain.info",
    task: "collect-onchain",
    endpoints: &["/charts/n-unique-addresses", "/charts/market-cap"],
    nothing: r#"{"status":"ok","values":[]}"#,
    stored: "SELECT count(*) FROM indicator_observations",
    fails_the_run: false,
};

const FRED: Source = Source {
    service: Service::Fred,
    name: "fred",
    task: "collect-macro",
    endpoints: &["/fred/series/observations"; 4],
    nothing: r#"{"observations":[]}"#,
    stored: "SELECT count(*) FROM indicator_observations",
    fails_the_run: true,
};

const ALTERNATIVE_ME: Source = Source {
    service: Service::FearGreed,
    name: "alternative.me",
    task: "collect-sentiment",
    endpoints: &["/fng/"],
    nothing: r#"{"data":[],"metadata":{"error":null}}"#,
    stored: "SELECT count(*) FROM indicator_observations",
    fails_the_run: false,
};

/// What a failure must be taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A pause of so many seconds, shared by all instances.
    Pause(i64),
    /// Nothing that another try would change; an operator has to.
    Refusal,
    /// It may be back in a moment.
    Down,
    /// It answered with something that is no answer.
    Broken,
}

/// A way to fail, and what must come of it.
struct BadDay {
    title: &'static str,
    fault: Fault,
    class: Class,
    tries: usize,
    /// In `data_collection_logs`.
    status: &'static str,
    http_status: Option<u16>,
}

fn bad_days() -> Vec<BadDay> {
    let status = |title, code, retry_after, class, tries| BadDay {
        title,
        fault: Fault::Status(code, retry_after),
        class,
        tries,
        status: "http_error",
        http_status: Some(code),
    };
    let body = |title, fault| BadDay {
        title,
        fault,
        class: Class::Broken,
        tries: 1,
        status: "broken",
        http_status: Some(200),
    };
    vec![
        body("malformed JSON", Fault::Body("[[1499040000000,")),
        body(
            "wrong types",
            Fault::Body(r#"{"bitcoin":7,"data":7,"values":7,"observations":7}"#),
        ),
        body("a page for people", Fault::Html),
        status("a bad key", 401, None, Class::Refusal, 1),
        status("not in the plan", 403, None, Class::Refusal, 1),
        status("an unknown path", 404, None, Class::Refusal, 1),
        status("a ban", 418, Some(120), Class::Pause(120), 1),
        status("too fast, with a time", 429, Some(30), Class::Pause(30), 1),
        status("too fast, without a time", 429, None, Class::Pause(60), 1),
        status("the wrong country", 451, None, Class::Refusal, 1),
        status("an error of its own", 500, None, Class::Down, 3),
        status("overloaded", 503, None, Class::Down, 3),
        BadDay {
            title: "slow beyond the time-out",
            fault: Fault::Hang,
            class: Class::Down,
            tries: 3,
            status: "timeout",
            http_status: None,
        },
        BadDay {
            title: "cut in the middle of the body",
            fault: Fault::Cut,
            class: Class::Down,
            tries: 3,
            status: "connection",
            http_status: Some(200),
        },
    ]
}

#[rstest]
#[case::binance(BINANCE)]
#[case::coingecko(COINGECKO)]
#[case::glassnode(GLASSNODE)]
#[case::blockchain_info(BLOCKCHAIN_INFO)]
#[case::fred(FRED)]
#[case::alternative_me(ALTERNATIVE_ME)]
#[tokio::test]
async fn a_bad_day_is_noted_stores_nothing_and_the_next_run_makes_up_for_it(#[case] source: Source) {
    let stage = Stage::set(source).await;
    let complete = stage.run_well("200").await;
    assert!(complete > 0);
    for day in bad_days() {
        stage.forget_everything().await;
        stage.suffer(&day).await;
        stage.recover(&day, complete).await;
    }
    stage.forget_everything().await;
    stage.hear_nothing(complete).await;
}

/// A source, its collector, and an empty database.
struct Stage {
    source: Source,
    bundle: Bundle,
}

impl Stage {
    async fn set(source: Source) -> Self {
        let setup = Bundle::with();
        let setup = if source.service == Service::BlockchainInfo {
            setup.without_glassnode_key()
        } else {
            setup
        };
        Self {
            source,
            bundle: setup.start().await,
        }
    }

    async fn forget_everything(&self) {
        let tables = "TRUNCATE market_data, market_gaps, market_audits, market_data_revisions, live_prices, \
                      price_comparisons, locks, indicator_observations, observation_revisions, \
                      rejected_observations, data_collection_logs, job_runs";
        let client = self.bundle.database().client().await;
        client.batch_execute(tables).await.unwrap();
        self.bundle.upstream().mend();
        self.bundle.upstream().take_requests();
    }

    /// Runs the collector for a time of its own.
    async fn run(&self) -> Result<Value, TaskError> {
        self.bundle.advance(SignedDuration::from_secs(1));
        self.bundle.run(self.source.task).await
    }

    async fn count(&self, sql: &str) -> usize {
        let rows = self.bundle.rows(sql).await;
        rows[0].trim_matches(['(', ')']).parse().unwrap()
    }

    /// A run that must succeed; gives how many rows of the source are stored afterwards.
    async fn run_well(&self, title: &str) -> usize {
        let summary = self.run().await.unwrap();
        let failures = summary["failures"].as_array().unwrap();
        let unexpected = failures.iter().find(|failure| !is_of_the_free_source(failure));
        assert_eq!(unexpected, None, "{title}");
        self.count(self.source.stored).await
    }

    /// The source fails: each question is tried as often as it should be, each try is one row that
    /// says how it went, nothing is stored, and the run says what is missing.
    async fn suffer(&self, day: &BadDay) {
        let title = day.title;
        self.bundle.upstream().fail(self.source.service, &day.fault, 1000);

        let outcome = self.run().await;

        let fails_the_run = self.source.fails_the_run && day.class != Class::Refusal;
        match &outcome {
            Ok(summary) => {
                assert!(!fails_the_run, "{title}");
                let failures = summary["failures"].as_array().unwrap();
                let ours = failures.iter().filter(|failure| !is_of_the_free_source(failure));
                assert_eq!(ours.count(), self.source.endpoints.len(), "{title}: {failures:?}");
            }
            Err(error) => assert!(fails_the_run, "{title}: {}", error.as_error()),
        }
        self.check_log(day).await;
        assert_eq!(self.count(self.source.stored).await, 0, "{title}");
        let rejected = self.count("SELECT count(*) FROM rejected_observations").await;
        assert_eq!(rejected, 0, "{title}: an answer that cannot be read has no rows");
    }

    async fn check_log(&self, day: &BadDay) {
        let title = day.title;
        let noted = format!(
            "SELECT endpoint, status, http_status, items, error IS NOT NULL FROM data_collection_logs \
             WHERE data_source = '{}' ORDER BY endpoint",
            self.source.name
        );
        let noted = self.bundle.rows(&noted).await;
        let http_status = day.http_status.map_or(String::new(), |status| status.to_string());
        let mut expected: Vec<String> = self
            .source
            .endpoints
            .iter()
            .flat_map(|endpoint| std::iter::repeat_n(endpoint, day.tries))
            .map(|endpoint| format!("({endpoint},{},{http_status},0,t)", day.status))
            .collect();
        expected.sort();
        if matches!(day.class, Class::Pause(_)) {
            // Who has not asked yet when the first one is told to wait does not ask any more.
            assert!(!noted.is_empty(), "{title}");
            assert!(
                noted.iter().all(|row| expected.contains(row)),
                "{title}: {noted:?}"
            );
            assert!(noted.len() <= expected.len(), "{title}: {noted:?}");
        } else {
            assert_eq!(noted, expected, "{title}");
        }
    }

    /// The source is well again: the next run completes what was missing, but not before the end of
    /// a pause that was asked for.
    async fn recover(&self, day: &BadDay, complete: usize) {
        let title = day.title;
        self.bundle.upstream().mend();
        self.bundle.upstream().take_requests();
        if let Class::Pause(seconds) = day.class {
            self.bundle.advance(SignedDuration::from_secs(seconds / 2));
            let outcome = self.run().await;
            assert_eq!(outcome.is_err(), self.source.fails_the_run, "{title}");
            let asked = self.bundle.upstream().take_requests();
            let prefix = format!("/{}/", self.source.service.prefix());
            let early = asked.iter().find(|request| request.starts_with(&prefix));
            assert_eq!(early, None, "{title}: asked before the end of the pause");
            assert_eq!(self.count(self.source.stored).await, 0, "{title}");
            self.bundle.advance(SignedDuration::from_secs(seconds));
        }
        assert_eq!(self.run_well(title).await, complete, "{title}");
    }

    /// An answer without items is an answer: no failure, nothing stored, asked again next time.
    async fn hear_nothing(&self, complete: usize) {
        let questions = self.source.endpoints.len();
        self.bundle
            .upstream()
            .fail(self.source.service, &Fault::Body(self.source.nothing), 1000);
        let summary = self.run().await.unwrap();
        if self.source.service != Service::Binance {
            // A price is always one: for the exchange's ticker an empty list is broken.
            let failures = summary["failures"].as_array().unwrap();
            assert!(failures.iter().all(is_of_the_free_source), "{failures:?}");
        }
        let noted = format!(
            "SELECT count(*) FROM data_collection_logs WHERE data_source = '{}' AND status = 'ok' AND items = 0 \
             AND error IS NULL AND endpoint NOT LIKE '%ticker%'",
            self.source.name
        );
        let tickers = self
            .source
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.contains("ticker"));
        // The free source's second chart is asked once the first has answered.
        let more = usize::from(self.source.service == Service::BlockchainInfo);
        assert_eq!(self.count(&noted).await, questions - tickers.count() + more);
        assert_eq!(self.count(self.source.stored).await, 0);
        self.bundle.upstream().mend();
        assert_eq!(self.run_well("after an empty answer").await, complete);
    }
}

/// The metrics that nobody tells without a key are named in every run.
fn is_of_the_free_source(failure: &Value) -> bool {
    failure["why"] == json!("there is no free source for it; set GLASSNODE_API_KEY")
}
