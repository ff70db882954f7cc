//! Modes of operation, from the outside: what is refused and what goes on, who says so, and how the
//! platform finds out by itself that nothing can be written.

mod automatic;
mod command;
mod killed;
mod operators;
mod requests;
mod sign_in;
mod tasks;

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use shared::domain::tier::{Role, Tier};
use tests::actors::Actor;
use tests::bundle::{Answer, Bundle};
use tests::people::Person;

const MODE: &str = "/api/v1/admin/mode";
const PORTFOLIO: &str = "/api/v1/portfolio";
const SUBSCRIPTION: &str = "/api/v1/strategies/hodl-wave/subscription";
const NOTICE: &str = "The database is moved; ask Ada.";

async fn admin(bundle: &Bundle) -> Person {
    bundle.person("ada", Role::Admin, Tier::Free).await
}

async fn set(bundle: &Bundle, person: &Person, body: Value) -> Answer {
    bundle
        .send_as(person, Method::PUT, MODE, |request| request.json(&body))
        .await
}

/// Sets a mode that holds until somebody sets another.
async fn enter(bundle: &Bundle, person: &Person, mode: &str) {
    let answer = set(bundle, person, json!({ "mode": mode, "notice": NOTICE })).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
}

/// A change that somebody wants: the smallest there is.
async fn deposit(who: &Actor<'_>) -> Answer {
    who.send(Method::PATCH, SUBSCRIPTION, json!({ "deposit": "1" }))
        .await
}

/// Somebody who follows a strategy.
async fn follower<'a>(bundle: &'a Bundle, name: &str) -> Actor<'a> {
    let actor = bundle.sign_up(name).await;
    let followed = actor
        .send(Method::POST, SUBSCRIPTION, json!({ "capital": "2500" }))
        .await;
    assert_eq!(followed.status, 201, "{}", followed.json());
    actor
}

/// Status, code and when to come back.
fn refused(answer: &Answer) -> (u16, String, String) {
    let retry_after = answer.header("retry-after").to_owned();
    (answer.status.as_u16(), answer.refusal().0, retry_after)
}

fn closed(code: &str, retry_after: &str) -> (u16, String, String) {
    (503, code.to_owned(), retry_after.to_owned())
}

/// From now on the database refuses writes, on connections that are open too; or it takes them again, on
/// new ones.
async fn refuse_writes(bundle: &Bundle, refuses: bool) {
    let name = bundle.database().name();
    let value = if refuses { "on" } else { "off" };
    let client = bundle.database().client().await;
    let ours = "SET default_transaction_read_only = off";
    client.batch_execute(ours).await.expect("this one may write");
    let told = format!("ALTER DATABASE {name} SET default_transaction_read_only = {value}");
    client.batch_execute(&told).await.expect("the database is told");
    if refuses {
        let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        client.batch_execute(end).await.expect("connections can be ended");
    }
}

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}
