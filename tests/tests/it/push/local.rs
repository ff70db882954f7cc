//! The local process with a real WebSocket client: the same protocol as behind the gateway.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::services::push::tell::everyone;
use shared::services::push::{deliver, deliver_after_commit};
use tests::bundle::Bundle;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Person, json_of, tell};

const PATIENCE: Duration = Duration::from_secs(10);

struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    async fn opens(bundle: &Bundle, ticket: &str) -> Result<Self, u16> {
        let address = format!("ws://{}/ws?ticket={ticket}", bundle.address());
        match connect_async(address).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    async fn of(bundle: &Bundle, person: &Person) -> Self {
        let ticket = person.ticket(bundle.app()).await;
        Self::opens(bundle, &ticket).await.expect("it is let in")
    }

    async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// The next text; nothing when the connection was closed.
    async fn hears(&mut self) -> Option<String> {
        loop {
            match timeout(PATIENCE, self.0.next())
                .await
                .expect("an answer in time")?
            {
                Ok(Message::Text(text)) => return Some(text.as_str().to_owned()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The connection ends as the protocol says: a close frame, and nothing after it.
    async fn ends_cleanly(&mut self) {
        let next = async |socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>| {
            timeout(PATIENCE, socket.next()).await.expect("an end in time")
        };
        let last = next(&mut self.0).await;
        assert!(matches!(last, Some(Ok(Message::Close(_)))), "{last:?}");
        let after = next(&mut self.0).await;
        assert!(after.is_none(), "{after:?}");
    }

    async fn hears_json(&mut self) -> Value {
        json_of(&self.hears().await.expect("a message"))
    }
}

#[tokio::test]
async fn a_client_hears_of_what_was_committed_and_asks_for_what_it_missed() {
    let bundle = Bundle::start().await;
    let ann = Person::arrives(&bundle, "ann").await;
    let mut client = Client::of(&bundle, &ann).await;

    tell(bundle.app(), &[ann.id, ann.id]).await;
    deliver_after_commit(bundle.app(), None).await;
    assert_eq!(
        client.hears_json().await,
        json!({"event": "trade:executed", "seq": 1, "data": {"number": 0}, "timestamp": "2024-03-01T12:02:00Z"})
    );
    assert_eq!(client.hears_json().await["seq"], 2);

    client.say("ping").await;
    assert_eq!(client.hears().await.unwrap(), "pong");
    client.say(r#"{"action":"ping"}"#).await;
    assert_eq!(client.hears_json().await, json!({"action": "pong"}));
    client.say("what?").await;
    assert_eq!(client.hears_json().await["code"], "VALIDATION_ERROR");
    client.0.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(client.hears_json().await["code"], "VALIDATION_ERROR");

    let mut again = Client::of(&bundle, &ann).await;
    again.say(r#"{"action":"since","seq":1}"#).await;
    assert_eq!(again.hears_json().await["seq"], 2);
    assert_eq!(
        again.hears_json().await,
        json!({"action": "since", "seq": 2, "reset": false})
    );
}

#[tokio::test]
async fn nobody_gets_in_without_a_good_ticket() {
    let bundle = Bundle::start().await;
    let ann = Person::arrives(&bundle, "ann").await;
    let ticket = ann.ticket(bundle.app()).await;
    let late = ann.ticket(bundle.app()).await;

    assert!(Client::opens(&bundle, &ticket).await.is_ok());
    assert_eq!(Client::opens(&bundle, &ticket).await.err(), Some(401), "used");
    assert_eq!(Client::opens(&bundle, "").await.err(), Some(401));
    assert_eq!(Client::opens(&bundle, "made-up").await.err(), Some(401));
    bundle.advance(SignedDuration::from_secs(31));
    assert_eq!(Client::opens(&bundle, &late).await.err(), Some(401), "too late");
    let good = ann.ticket(bundle.app()).await;
    bundle.redis().refuse();
    assert_eq!(Client::opens(&bundle, &good).await.err(), Some(503));
    assert_eq!(bundle.get("/ws").await.status.as_u16(), 400, "no WebSocket");
}

#[tokio::test]
async fn the_fourth_client_of_a_user_ends_the_first_and_one_that_leaves_is_forgotten() {
    let bundle = Bundle::start().await;
    let ann = Person::arrives(&bundle, "ann").await;
    let mut clients = Vec::new();
    for _ in 0..4 {
        bundle.advance(SignedDuration::from_secs(1));
        clients.push(Client::of(&bundle, &ann).await);
    }

    clients[0].ends_cleanly().await;
    clients[3].say("ping").await;
    assert_eq!(clients[3].hears().await.unwrap(), "pong");

    let mut leaving = clients.remove(1);
    leaving.0.close(None).await.unwrap();
    leaving.ends_cleanly().await;
    timeout(PATIENCE, async {
        while bundle.rows("SELECT id FROM push_connections").await.len() > 2 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("it is taken off the list");
}

#[tokio::test]
async fn an_idle_client_is_closed_by_the_schedule() {
    let bundle = Bundle::start().await;
    let ann = Person::arrives(&bundle, "ann").await;
    let mut client = Client::of(&bundle, &ann).await;
    bundle.advance(SignedDuration::from_mins(6));

    let summary = bundle.run("deliver-push").await.unwrap();

    assert_eq!(summary["closed"], 1);
    assert_eq!(client.hears().await, None);
}

#[tokio::test]
async fn a_client_that_does_not_read_is_dropped_and_the_others_hear_everything() {
    let bundle = Bundle::start().await;
    let (ann, ben) = (
        Person::arrives(&bundle, "ann").await,
        Person::arrives(&bundle, "ben").await,
    );
    let deaf = Client::of(&bundle, &ann).await;
    let mut client = Client::of(&bundle, &ben).await;
    bundle.advance(SignedDuration::from_secs(11));

    // More than the sockets' buffers and the queue take.
    let bulk = json!({ "text": "x".repeat(64 * 1024) });
    let mut sent = 0;
    while bundle.rows("SELECT id FROM push_connections").await.len() > 1 {
        assert!(sent < 600, "it takes everything");
        for _ in 0..30 {
            everyone(bundle.app(), &bulk).await.unwrap();
        }
        deliver(bundle.app(), PATIENCE).await.unwrap();
        for _ in 0..30 {
            sent += 1;
            assert_eq!(client.hears_json().await["seq"], sent);
        }
    }
    drop(deaf);
}
