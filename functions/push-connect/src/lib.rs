//! `push-connect`: what happens to the WebSockets: they open with a ticket, say something, end.
//!
//! Posts no event but those that a client says it missed; events are delivered by who writes them and by
//! `deliver-push`.

use std::error::Error;

use shared::app::App;
use shared::config::Section;
use shared::lambda::{Effect, Function, Happened, SocketAnswer, SocketEvent, Trigger};
use shared::services::push::sockets;

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "push-connect",
    trigger: Trigger::WebSocket,
    sections: &[Section::Database, Section::Cache, Section::Push],
    effect: Effect::Exempt,
};

/// One thing that happened.
pub async fn run(app: &App, event: &SocketEvent) -> SocketAnswer {
    let connection = &event.connection;
    match &event.what {
        Happened::Opens(parameters) => opens(app, connection, parameters).await,
        Happened::Says(text) => SocketAnswer::reply(sockets::hear(app, connection, text).await),
        Happened::Ended => {
            if let Err(error) = sockets::disconnect(app, connection).await {
                // Whoever posts to it next finds out.
                tracing::warn!(
                    error = &error as &dyn Error,
                    "a connection that ended is still on the list"
                );
            }
            SocketAnswer::status(200)
        }
    }
}

async fn opens(app: &App, connection: &str, parameters: &[(String, String)]) -> SocketAnswer {
    let ticket = parameters.iter().find(|(name, _)| name == "ticket");
    let ticket = ticket.map_or("", |(_, value)| value);
    match sockets::connect(app, connection, ticket).await {
        Ok(()) => SocketAnswer::status(200),
        Err(error) if error.is_refusal() => SocketAnswer::status(401),
        Err(error) => {
            tracing::error!(error = &error as &dyn Error, "a connection could not be opened");
            SocketAnswer::status(if error.is_unavailable() { 503 } else { 500 })
        }
    }
}
