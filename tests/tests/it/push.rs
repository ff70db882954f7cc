//! Push: tickets, sockets, what is told, and how it arrives.

mod delivery;
mod deployed;
mod local;
mod misbehaving;
mod sockets;
mod tickets;
mod told;

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::app::App;
use shared::db::push::{self, NewEvent};
use shared::domain::identity::{SessionId, UserId};
use shared::domain::push::EventKind;
use shared::services::push::sockets as service;
use shared::services::push::tickets::{self as ticket_service, Holder};
use tests::bundle::Bundle;
use tests::gateway::FakeGateway;

/// Somebody with an account, signed in.
#[derive(Debug, Clone)]
struct Person {
    id: UserId,
    session: SessionId,
    token: String,
}

impl Person {
    /// Signs up.
    async fn arrives(bundle: &Bundle, name: &str) -> Self {
        let actor = bundle.sign_up(name).await;
        Self {
            id: actor.id,
            session: actor.session,
            token: actor.token,
        }
    }

    const fn holder(&self) -> Holder {
        Holder {
            user: self.id,
            session: self.session,
        }
    }

    async fn ticket(&self, app: &App) -> String {
        ticket_service::issue(app, self.holder()).await.unwrap().ticket
    }

    /// Opens a connection by this name.
    async fn connects(&self, app: &App, name: &str) {
        let ticket = self.ticket(app).await;
        service::connect(app, name, &ticket).await.unwrap();
    }
}

/// What a test has: the bundle, a fake gateway, the state with that gateway.
struct Stage {
    bundle: Bundle,
    gateway: FakeGateway,
    app: App,
}

impl Stage {
    async fn set() -> Self {
        let bundle = Bundle::start().await;
        let gateway = FakeGateway::start().await;
        let app = gateway.before(bundle.app());
        Self { bundle, gateway, app }
    }

    async fn person(&self, name: &str) -> Person {
        Person::arrives(&self.bundle, name).await
    }

    /// Somebody with a connection that the gateway has known for a while.
    async fn connected(&self, name: &str) -> Person {
        let person = self.person(name).await;
        person.connects(&self.app, name).await;
        self.bundle.advance(SignedDuration::from_secs(11));
        person
    }

    /// Tells a user of so many trades, in a transaction of their own.
    async fn trades(&self, user: &Person, count: usize) {
        tell(&self.app, &vec![user.id; count]).await;
    }

    /// So many users, each with a connection by the name of their number: "0" and so on.
    async fn crowd(&self, count: i32) -> Vec<UserId> {
        let arrive = "WITH arrived AS (
                          INSERT INTO users SELECT gen_random_uuid(), n::text, n::text, NULL, 'user', 'free', now(), now()
                          FROM generate_series(0, $1 - 1) AS n RETURNING id, email
                      ), streams AS (
                          INSERT INTO push_streams SELECT id, 0, '2030-01-01', 0 FROM arrived RETURNING user_id
                      ), opened AS (
                          INSERT INTO push_connections (id, user_id, session_id, connected_at, last_seen_at, expires_at, sent_seq)
                          SELECT email, id, id, '2024-01-01', '2024-01-01', '2030-01-01', 0
                          FROM arrived JOIN streams ON streams.user_id = arrived.id
                          RETURNING id, user_id
                      )
                      SELECT user_id FROM opened ORDER BY id::integer";
        let client = self.bundle.database().client().await;
        let rows = client.query(arrive, &[&count]).await.unwrap();
        rows.iter()
            .map(|row| UserId::from(row.get::<_, uuid::Uuid>(0)))
            .collect()
    }

    async fn deliver(&self) -> shared::services::push::Delivered {
        let time = std::time::Duration::from_secs(20);
        shared::services::push::deliver(&self.app, time).await.unwrap()
    }

    async fn number(&self, sql: &str) -> i64 {
        let client = self.bundle.database().client().await;
        client.query_one(sql, &[]).await.unwrap().get(0)
    }
}

/// One event for each of these users, in one transaction.
async fn tell(app: &App, users: &[UserId]) {
    let mut connection = app.db.get().await.unwrap();
    let transaction = connection.transaction().await.unwrap();
    push::append(&transaction, &events(users), app.clock.now())
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

fn events(users: &[UserId]) -> Vec<NewEvent> {
    let event = |(number, user): (usize, &UserId)| NewEvent {
        user: *user,
        kind: EventKind::TradeExecuted,
        data: json!({ "number": number }),
    };
    users.iter().enumerate().map(event).collect()
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| panic!("no JSON: {text}"))
}
