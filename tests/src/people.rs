//! People who are signed in: rows in `users` and `sessions`, and a token that speaks for them.

use reqwest::{Method, RequestBuilder};
use shared::domain::identity::{SessionId, UserId};
use shared::domain::tier::{Role, Tier};
use shared::http::{Identity, User};

use crate::bundle::{Answer, Bundle};

/// Tables with rows of users: they have the column, or hang on one that has.
pub const TABLES_OF_USERS: &str = "
WITH RECURSIVE owned (name) AS (
    SELECT 'users'::text
    UNION SELECT columns.table_name::text FROM information_schema.columns AS columns
    JOIN information_schema.tables AS tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name = 'user_id'
    UNION SELECT referring.relname::text
    FROM owned, pg_constraint AS foreign_key
    JOIN pg_class AS referring ON referring.oid = foreign_key.conrelid
    JOIN pg_class AS referred ON referred.oid = foreign_key.confrelid
    WHERE foreign_key.contype = 'f' AND referred.relname = owned.name AND referring.relname <> 'decisions'
)
SELECT name FROM owned";

/// Somebody with an open session.
#[derive(Debug, Clone)]
pub struct Person {
    /// What they are called: the part of the address before the @.
    pub name: String,
    /// Who they are.
    pub user: User,
    /// What they send with each request.
    pub token: String,
}

impl Person {
    /// Their id.
    pub const fn id(&self) -> UserId {
        self.user.id
    }

    /// Their address.
    pub fn email(&self) -> String {
        format!("{}@people.example.com", self.name)
    }
}

impl Bundle {
    /// Somebody new, signed in.
    pub async fn person(&self, name: &str, role: Role, tier: Tier) -> Person {
        let ids = &self.app().ids;
        let user = User {
            id: UserId::from(ids.next()),
            session: SessionId::from(ids.next()),
            tier,
            role,
        };
        let keys = self.app().keys.as_ref().expect("keys");
        let identity = Identity {
            user,
            token_id: ids.next(),
            session_ends: None,
        };
        let person = Person {
            name: name.to_owned(),
            user,
            token: keys.sign(&identity, self.now()).await.expect("a token"),
        };
        let word = |value: serde_json::Value| value.as_str().expect("a word").to_owned();
        let (role, tier) = (
            word(serde_json::to_value(role).expect("a role")),
            word(serde_json::to_value(tier).expect("a tier")),
        );
        let client = self.database().client().await;
        client
            .execute(
                "INSERT INTO users (id, google_sub, email, name, role, tier, created_at, signed_in_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
                &[
                    &user.id.uuid(),
                    &format!("google-{name}"),
                    &person.email(),
                    &name,
                    &role,
                    &tier,
                    &self.now(),
                ],
            )
            .await
            .expect("a user");
        client
            .execute(
                "INSERT INTO sessions (id, user_id, transport, user_agent, created_at, last_used_at, expires_at)
                 VALUES ($1, $2, 'body', $3, $4, $4, $4::timestamptz + interval '30 days')",
                &[
                    &user.session.uuid(),
                    &user.id.uuid(),
                    &format!("{name}'s browser"),
                    &self.now(),
                ],
            )
            .await
            .expect("a session");
        person
    }

    /// Asks in any way on somebody's behalf.
    pub async fn send_as(
        &self,
        person: &Person,
        method: Method,
        path: &str,
        change: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        self.send(method, path, |request| change(request.bearer_auth(&person.token)))
            .await
    }

    /// Asks for a path on somebody's behalf.
    pub async fn get_as(&self, person: &Person, path: &str) -> Answer {
        self.send_as(person, Method::GET, path, |request| request).await
    }
}
