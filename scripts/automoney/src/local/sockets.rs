//! `/ws`: WebSockets of this process, by the same rules as those behind `push-connect`.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use serde::Deserialize;
use shared::app::App;
use shared::services::push::sockets;
use tokio::time::timeout;

use super::hub::{Hub, Outgoing};

/// The gateway's limits, in bytes.
const LARGEST_MESSAGE: usize = 128 * 1024;
const LARGEST_FRAME: usize = 32 * 1024;

/// A client that does not take a message within this time is gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest that a client is waited for to answer our close, or to take our answer to its own.
const FAREWELL: Duration = Duration::from_secs(5);

#[derive(Clone)]
struct Sockets {
    app: App,
    hub: Arc<Hub>,
}

/// A socket's place in the hub. It ends with this value, however that comes about: a client may also
/// leave before its socket is there.
struct Place {
    hub: Arc<Hub>,
    name: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.hub.end(&self.name);
    }
}

#[derive(Deserialize)]
struct Opening {
    #[serde(default)]
    ticket: String,
}

/// The route.
pub(super) fn route(app: &App, hub: &Arc<Hub>) -> axum::Router {
    let sockets = Sockets {
        app: app.clone(),
        hub: Arc::clone(hub),
    };
    axum::Router::new().route("/ws", get(open)).with_state(sockets)
}

async fn open(
    upgrade: WebSocketUpgrade,
    State(Sockets { app, hub }): State<Sockets>,
    Query(Opening { ticket }): Query<Opening>,
) -> Response {
    let name = app.ids.next().to_string();
    // Before it is on the list: nothing that is posted from then on is lost.
    let outgoing = hub.open(&name);
    let place = Place { hub, name };
    if let Err(error) = sockets::connect(&app, &place.name, &ticket).await {
        if !error.is_refusal() {
            tracing::error!(error = &error as &dyn Error, "a connection could not be opened");
        }
        return shared::http::ApiError::from(error)
            .code()
            .status()
            .into_response();
    }
    upgrade
        .max_message_size(LARGEST_MESSAGE)
        .max_frame_size(LARGEST_FRAME)
        .on_upgrade(async move |socket| serve(app, place, outgoing, socket).await)
}

/// Serves a socket until either side ends it.
async fn serve(app: App, place: Place, outgoing: Outgoing, socket: WebSocket) {
    let (mut writing, mut reading) = socket.split();
    tokio::select! {
        () = write(outgoing, &mut writing) => {}
        () = read(&app, &place, &mut reading) => {}
    }
    let name = place.name.clone();
    drop(place);
    if let Err(error) = sockets::disconnect(&app, &name).await {
        tracing::warn!(
            error = &error as &dyn Error,
            "a connection that ended is still on the list"
        );
    }
    // A socket that is dropped without it looks like a broken line to the client.
    let handshake = async {
        let _ = writing.close().await;
        while let Some(Ok(_)) = reading.next().await {}
    };
    let _ = timeout(FAREWELL, handshake).await;
}

async fn write(mut outgoing: Outgoing, socket: &mut SplitSink<WebSocket, Message>) {
    loop {
        let message = tokio::select! {
            biased;
            _ = &mut outgoing.closed => break,
            message = outgoing.messages.recv() => message,
        };
        let Some(message) = message else { break };
        let sent = tokio::select! {
            sent = timeout(PATIENCE, socket.send(Message::text(message))) => matches!(sent, Ok(Ok(()))),
            _ = &mut outgoing.closed => false,
        };
        if !sent {
            return;
        }
    }
}

async fn read(app: &App, place: &Place, socket: &mut SplitStream<WebSocket>) {
    while let Some(Ok(message)) = socket.next().await {
        let text = match &message {
            Message::Text(text) => text.as_str(),
            // No text of ours: it is told so.
            Message::Binary(_) => "",
            Message::Close(_) => return,
            Message::Ping(_) | Message::Pong(_) => continue,
        };
        if let Some(reply) = sockets::hear(app, &place.name, text).await
            && place.hub.put(&place.name, reply).is_err()
        {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::push::PushError;

    use super::*;

    #[test]
    fn a_client_that_leaves_before_its_socket_is_there_keeps_no_place() {
        let hub = Arc::new(Hub::default());
        let _outgoing = hub.open("early");
        let place = Place {
            hub: Arc::clone(&hub),
            name: "early".to_owned(),
        };
        assert!(hub.put("early", "news".to_owned()).is_ok());

        drop(place);

        assert!(matches!(
            hub.put("early", "news".to_owned()),
            Err(PushError::Gone)
        ));
    }
}
