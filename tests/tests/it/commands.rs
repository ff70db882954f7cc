//! The operator's command line as a program: what it prints and how it ends.

use std::process::{Output, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::Value;
use shared::clock::Clock;
use shared::config::Environment;
use shared::db::migrations::MIGRATIONS;
use shared::db::{budget, locks};
use shared::domain::costs::utc_day;
use shared::domain::decision::LockReason;
use shared::domain::wire::Utc;
use shared::ids::Ids;
use standin::{Options, Service, Standin};
use tests::bundle::Bundle;
use tests::database::Database;
use tests::market_file::MarketFile;
use tests::program;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// A first start in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program with nothing but what a test gives it.
fn automoney(database: &Database) -> Command {
    let environment = Environment::process();
    let mut command = Command::new(program("automoney"));
    command
        .env_clear()
        .env("DATABASE_URL", database.url())
        .env("REDIS_URL", environment.get("REDIS_URL").expect("REDIS_URL"))
        .env("CACHE_NAMESPACE", format!("test-{}", Ids::random().next()))
        .env("HISTORY_SINCE", "2024-01-01")
        .kill_on_drop(true);
    command
}

async fn run(command: &mut Command) -> (bool, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().await.expect("the program is built");
    let said = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
    (status.success(), said)
}

async fn standin(market: &MarketFile) -> Standin {
    let candles = ["BTCUSDT", "ETHUSDT"].map(|symbol| (symbol.to_owned(), market.path().to_owned()));
    let options = Options {
        candles: candles.to_vec(),
        shift_files: true,
        ..Options::default()
    };
    Standin::start(options).await.expect("the stand-in starts")
}

fn pointed_at<'a>(command: &'a mut Command, standin: &Standin) -> &'a mut Command {
    for service in Service::ALL {
        command.env(service.variable(), standin.base_url(service));
    }
    command
        .env("FRED_API_KEY", "0".repeat(32))
        .env("GLASSNODE_API_KEY", "stand-in")
}

#[tokio::test]
async fn migrations_go_up_and_down_and_say_where_they_are() {
    let database = Database::empty().await;
    let migrate = async |words: &[&str]| run(automoney(&database).arg("migrate").args(words)).await;

    let (_, before) = migrate(&["status"]).await;
    assert_eq!(
        before.matches("not applied").count(),
        MIGRATIONS.len(),
        "{before}"
    );
    let (is_fine, up) = migrate(&["up"]).await;
    assert!(
        is_fine && up.matches("applied: ").count() == MIGRATIONS.len(),
        "{up}"
    );
    assert_eq!(migrate(&["up"]).await, (true, "nothing to do\n".to_owned()));
    assert!(migrate(&["verify"]).await.0);
    let (_, down) = migrate(&["down"]).await;
    assert_eq!(down.matches("taken back: ").count(), 1, "{down}");
    let (_, rest) = migrate(&["down", "--all"]).await;
    assert_eq!(
        rest.matches("taken back: ").count(),
        MIGRATIONS.len() - 1,
        "{rest}"
    );
}

#[tokio::test]
async fn a_job_runs_once_for_its_time_and_prints_its_result() {
    let database = Database::fresh().await;
    let market = MarketFile::four_hourly("2024-01-01", "2024-04-01");
    let standin = standin(&market).await;
    let job = async |words: &[&str]| {
        let mut command = automoney(&database);
        run(pointed_at(&mut command, &standin).arg("job").args(words)).await
    };

    let (is_fine, printed) = job(&["collect-sentiment", "--at", "2026-01-01T00:00:00Z"]).await;
    assert!(is_fine, "{printed}");
    let result: Value = serde_json::from_str(&printed).expect("JSON");
    assert!(
        result["series"][0]["rows"]["inserted"]
            .as_u64()
            .expect("a number")
            > 1000
    );
    let again = job(&["collect-sentiment", "--at", "2026-01-01T00:00:00Z"]).await;
    assert_eq!(again, (true, printed), "the stored result");

    let (is_fine, said) = job(&["collect-weather"]).await;
    assert!(
        !is_fine && said.contains("there are collect-prices, collect-sentiment"),
        "{said}"
    );
}

#[tokio::test]
async fn a_token_signs_in_with_its_tier() {
    let bundle = Bundle::start().await;
    bundle.decide().await;
    let token = async |tier: &str| {
        let words = ["token", "--email", "ann@example.com", "--tier", tier];
        let (is_fine, printed) = run(automoney(bundle.database()).args(words)).await;
        assert!(is_fine, "{printed}");
        printed.trim().to_owned()
    };
    let basic = token("basic").await;
    assert!(!basic.contains("ann"));

    // The bundle's clock stands before the token's end.
    let bearer = format!("Bearer {basic}");
    let answer = bundle
        .send(Method::GET, "/api/v1/agents/scores", |request| {
            request.header("authorization", &bearer)
        })
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("x-ratelimit-limit")),
        (200, "600")
    );

    let mut stolen = automoney(bundle.database());
    stolen.env("JWT_SECRET", "y".repeat(48));
    let (is_fine, said) = run(stolen.args(["token", "--email", "ann@example.com"])).await;
    assert!(!is_fine && said.contains("the development secret only"), "{said}");
    let mut production = automoney(bundle.database());
    production
        .env("ENVIRONMENT", "production")
        .env("JWT_SECRET", "x".repeat(48));
    let (is_fine, said) = run(production.args(["token", "--email", "ann@example.com"])).await;
    assert!(!is_fine && said.contains("the development secret only"), "{said}");
}

#[tokio::test]
async fn check_says_what_works_what_does_not_and_what_to_do() {
    let database = Database::fresh().await;
    let market = MarketFile::four_hourly("2024-01-01", "2024-04-01");
    let standin = standin(&market).await;

    let mut command = automoney(&database);
    let (is_fine, said) = run(pointed_at(&mut command, &standin).arg("check")).await;
    assert!(is_fine, "{said}");
    for line in [
        "ok       database",
        "ok       schema",
        "ok       redis",
        "limited  binance         a stand-in answers (csv)",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }

    let empty = Database::empty().await;
    let mut command = automoney(&empty);
    pointed_at(&mut command, &standin)
        .env("REDIS_URL", "redis://127.0.0.1:1")
        .env_remove("FRED_API_KEY");
    let (is_fine, said) = run(command.arg("check")).await;
    assert!(!is_fine);
    for line in [
        "BROKEN   redis",
        "look at REDIS_URL",
        "run `cargo automoney migrate up`",
        "without FRED_API_KEY",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
}

#[tokio::test]
async fn check_tells_the_coverage_the_holes_and_the_age_of_what_is_stored() {
    let database = Database::fresh().await;
    let market = MarketFile::four_hourly("2024-01-01", "2024-04-01").without(&["2024-02-01T04:00:00Z"]);
    let standin = standin(&market).await;
    let check = async || {
        let mut command = automoney(&database);
        run(pointed_at(&mut command, &standin).arg("check")).await
    };
    let line = |said: &str, begins: &str| {
        let found = said.lines().find(|line| line.contains(begins));
        found
            .unwrap_or_else(|| panic!("{begins:?} is not in\n{said}"))
            .to_owned()
    };

    let (is_fine, said) = check().await;
    assert!(is_fine, "old or missing data is a limit and no fault: {said}");
    for input in ["BTC 4h", "ETH 1d"] {
        let told = line(&said, input);
        assert!(
            told.starts_with("limited")
                && told.contains("nothing is stored: run `cargo automoney job collect-prices`"),
            "{told}"
        );
    }
    let told = line(&said, "fear_greed ");
    assert!(
        told.starts_with("limited") && told.contains("nothing is stored"),
        "{told}"
    );

    for task in ["collect-prices", "collect-sentiment"] {
        let mut command = automoney(&database);
        let (is_fine, said) = run(pointed_at(&mut command, &standin).args(["job", task])).await;
        assert!(is_fine, "{said}");
    }
    let client = database.client().await;
    let lose_one = "DELETE FROM market_data WHERE asset = 'ETH' AND timeframe = '4h' AND open_time = \
                    (SELECT min(open_time) + interval '20 hours' FROM market_data WHERE timeframe = '4h')";
    client.batch_execute(lose_one).await.expect("a row is deleted");
    let (is_fine, said) = check().await;
    assert!(is_fine, "{said}");
    let told = line(&said, "BTC 4h");
    assert!(
        told.starts_with("ok") && told.contains(", 1 holes of the exchange's own, newest closed "),
        "{told}"
    );
    let told = line(&said, "ETH 4h");
    assert!(
        told.starts_with("limited") && told.contains(", 1 still to be asked for"),
        "{told}"
    );
    assert!(line(&said, "BTC live").starts_with("ok"), "{said}");
    let told = line(&said, "fear_greed ");
    assert!(
        told.starts_with("ok") && told.contains(" old from sample (fresh for 2 d 0 h"),
        "{told}"
    );
}

#[tokio::test]
async fn check_looks_at_the_models_and_asks_none() {
    let database = Database::fresh().await;
    let market = MarketFile::four_hourly("2024-01-01", "2024-04-01");
    let standin = standin(&market).await;
    let check = async |keys: &[(&str, &str)]| {
        let mut command = automoney(&database);
        pointed_at(&mut command, &standin).envs(keys.iter().copied());
        let (is_fine, said) = run(command.arg("check")).await;
        assert!(is_fine, "a model less is a limit and no fault: {said}");
        said
    };

    let said = check(&[]).await;
    let none = "limited  models          no key: set CLAUDE_API_KEY; the rules answer alone";
    assert!(said.contains(none) && !said.contains("model 1"), "{said}");

    let said = check(&[("CLAUDE_API_KEY", "stand-in")]).await;
    for line in [
        "ok       models          2 of 3 have a key; not asked, because that costs money",
        "ok       model 1         claude-sonnet-5-5 of anthropic has a key; a million tokens cost 2 USD in, 10 USD out",
        "limited  model 2         gpt-6.1-terra of openai is left out: no key, set OPENAI_API_KEY",
        "ok       model 3         claude-haiku-5-5 of anthropic has a key",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }

    let both = [("CLAUDE_API_KEY", "stand-in"), ("OPENAI_API_KEY", "stand-in")];
    let said = check(&both).await;
    assert!(said.contains("3 of 3 have a key"), "{said}");
    assert!(standin.take_model_requests().is_empty(), "a model was asked");
}

#[tokio::test]
async fn check_tells_what_is_spent_today_and_what_locks_orders() {
    let database = Database::fresh().await;
    let market = MarketFile::four_hourly("2024-01-01", "2024-04-01");
    let standin = standin(&market).await;
    let check = async |budget_usd: &str| {
        let mut command = automoney(&database);
        pointed_at(&mut command, &standin).env("DAILY_LLM_BUDGET_USD", budget_usd);
        let (is_fine, said) = run(command.arg("check")).await;
        assert!(is_fine, "{said}");
        said
    };

    let said = check("15").await;
    for line in [
        "ok       budget          0 of 15 USD are spent today",
        "ok       order locks     none",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }

    let (db, now) = (database.db(), Clock::system().now());
    let (all, day) = (Decimal::new(15, 1), utc_day(now));
    let is_granted = budget::reserve(&db, Ids::random().next(), day, all, all, now).await;
    assert!(is_granted.expect("the database answers"));
    locks::set(&db, LockReason::ModelsDown, "nobody answers", None, now)
        .await
        .expect("the database answers");
    let said = check("1.5").await;
    let locked = format!(
        "limited  order locks     models_down since {}: nobody answers",
        Utc::from(now)
    );
    for line in [
        "limited  budget          1.5 of 1.5 USD are spent today, 1.5 USD of them reserved",
        "no model is asked before the next UTC day",
        &locked,
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
}

/// `automoney local` on a free port, once it has said that it serves.
async fn serving(database: &Database, market: &MarketFile) -> (Child, String) {
    let candles = |symbol: &str| format!("{symbol}={}", market.path().display());
    let mut child = automoney(database)
        .args([
            "local",
            "--port",
            "0",
            "--candles",
            &candles("BTCUSDT"),
            "--candles",
            &candles("ETHUSDT"),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program is built");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let first = tokio::time::timeout(PATIENCE, lines.next_line())
        .await
        .expect("in time")
        .expect("text")
        .expect("a line");
    let address = first
        .strip_prefix("AutoMoney serves on ")
        .unwrap_or_else(|| panic!("{first}"))
        .to_owned();
    (child, address)
}

#[tokio::test]
async fn the_local_process_serves_scores_at_once_and_stops_when_it_is_told() {
    let database = Database::empty().await;
    let market = MarketFile::four_hourly("2022-06-01", "2024-04-01");
    for signal in ["-INT", "-TERM"] {
        let (mut child, address) = serving(&database, &market).await;
        let client = shared::sources::http_client(PATIENCE).expect("a client");
        let scores: Value = client
            .get(format!("{address}/api/v1/agents/scores"))
            .send()
            .await
            .expect("it answers")
            .json()
            .await
            .expect("JSON");
        let as_of: Timestamp = scores["data"]["as_of"]
            .as_str()
            .expect("a time")
            .parse()
            .expect("a time");
        assert_eq!(as_of.as_second() % (4 * 3600), 0);

        let pid = child.id().expect("it runs").to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .await
                .expect("kill")
                .success()
        );
        let ended = tokio::time::timeout(PATIENCE, child.wait())
            .await
            .expect("in time")
            .expect("a status");
        assert!(ended.success(), "{signal}: {ended}");
    }
}

#[tokio::test]
async fn a_notice_goes_to_everybody_who_was_connected_lately() {
    let database = Database::fresh().await;
    let client = database.client().await;
    let crowd = "INSERT INTO users SELECT gen_random_uuid(), n::text, n::text, NULL, 'user', 'free', now(), now()
                 FROM generate_series(1, 3) AS n;
                 INSERT INTO push_streams
                 SELECT id, 0, now() + CASE WHEN email = '3' THEN interval '-1 hour' ELSE interval '1 hour' END, 0
                 FROM users";
    client.batch_execute(crowd).await.unwrap();
    let notice = async |text: &str| run(automoney(&database).args(["notice", text])).await;

    let (is_fine, said) = notice("Back at 12:00 UTC").await;
    assert!(is_fine && said.starts_with("2 users are told"), "{said}");

    let written = "SELECT seq, event, data->>'message' FROM push_outbox";
    for row in client.query(written, &[]).await.unwrap() {
        let (seq, event, message): (i64, &str, &str) = (row.get(0), row.get(1), row.get(2));
        assert_eq!((seq, event, message), (1, "system:notice", "Back at 12:00 UTC"));
    }
    for wrong in ["", "two\nlines", &"x".repeat(301)] {
        let (is_fine, said) = notice(wrong).await;
        assert!(
            !is_fine && said.contains("one line of 1 to 300 characters"),
            "{said}"
        );
    }
    let count = client
        .query_one("SELECT count(*) FROM push_outbox", &[])
        .await
        .unwrap();
    assert_eq!(count.get::<_, i64>(0), 2);
}
