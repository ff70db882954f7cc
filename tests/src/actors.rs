//! People who use the bundle: signed in without Google, asking for paths as themselves.

use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde_json::Value;
use shared::domain::identity::{SessionId, UserId};
use shared::domain::sessions::RefreshToken;
use shared::services::auth::{self, Client, Granted, Person, Transport};

use crate::bundle::{Answer, Bundle};

/// A signed-in user of a bundle.
pub struct Actor<'a> {
    bundle: &'a Bundle,
    /// Their id.
    pub id: UserId,
    /// The session they are signed in with.
    pub session: SessionId,
    /// What they call themselves; their address is `<name>@example.com`.
    pub name: String,
    /// The access token, good for fifteen minutes of the bundle's time.
    pub token: String,
    /// The current refresh token.
    pub refresh_token: String,
}

impl Bundle {
    /// Signs somebody up, or in once more: a user, their portfolio of 10,000 USD, a session.
    pub async fn sign_up(&self, name: &str) -> Actor<'_> {
        let granted = self.sign_in(name, Transport::Body).await;
        Actor {
            bundle: self,
            id: granted.account.id,
            session: granted.session,
            name: name.to_owned(),
            token: granted.access_token.expose_secret().to_owned(),
            refresh_token: granted.refresh_token.text(),
        }
    }

    /// Begins a session as Google's word for somebody would.
    pub async fn sign_in(&self, name: &str, transport: Transport) -> Granted {
        let person = Person {
            google_sub: &format!("sub-of-{name}"),
            email: &format!("{name}@example.com"),
            name: Some(name),
        };
        let client = Client {
            transport,
            user_agent: Some("a test"),
        };
        auth::sign_in(self.app(), person, client)
            .await
            .expect("a session")
    }
}

impl Actor<'_> {
    /// Asks for a path as this user.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    /// Asks in any way as this user, with a body.
    pub async fn send(&self, method: Method, path: &str, body: Value) -> Answer {
        self.ask(method, path, Some(body)).await
    }

    /// Asks in any way as this user, without a body.
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let change = |request: reqwest::RequestBuilder| {
            let request = request.bearer_auth(&self.token);
            match &body {
                Some(body) => request.json(body),
                None => request,
            }
        };
        self.bundle.send(method, path, change).await
    }

    /// A new access token of the same session, made by the platform: for when time has passed, or when
    /// role or tier were changed.
    pub async fn renew(&mut self) {
        let presented = RefreshToken::parse(&self.refresh_token).expect("a refresh token");
        let granted = auth::refresh(self.bundle.app(), &presented, Transport::Body)
            .await
            .expect("a session that lives");
        granted.access_token.expose_secret().clone_into(&mut self.token);
        self.refresh_token = granted.refresh_token.text();
    }
}
