//! Ann and what is hers: a session, a book with unmistakable numbers, events on their way.

use std::collections::BTreeMap;

use shared::cache::Key;
use shared::domain::sessions::RefreshToken;
use shared::domain::tier::{Role, Tier};
use shared::http::limits::{Policy, Subject};
use tests::bundle::Bundle;
use tests::people::Person;
use uuid::Uuid;

use super::probe::Shown;

/// Names of things: Ann's, or of nothing at all.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub(super) user: Uuid,
    pub(super) session: Uuid,
    /// Another session of hers, older than that.
    pub(super) device: Uuid,
    pub(super) subscription: Uuid,
    pub(super) decision: Uuid,
    pub(super) trade: Uuid,
    pub(super) entry: Uuid,
    /// What is kept of a refresh token, written as a token: good for nothing.
    pub(super) kept_token: String,
    /// A strategy that she follows and nobody else does, or one that nobody follows at all.
    pub(super) strategy: &'static str,
    /// Where the first page of a list of hers ends.
    pub(super) cursors: BTreeMap<String, String>,
}

impl Names {
    /// As text, in one order.
    pub(super) fn all(&self) -> Vec<String> {
        let ids = [
            self.user,
            self.session,
            self.device,
            self.subscription,
            self.decision,
            self.trade,
            self.entry,
        ];
        let ids = ids.iter().map(Uuid::to_string);
        ids.chain([self.strategy.to_owned()]).collect()
    }

    fn invented(bundle: &Bundle) -> Self {
        let next = || bundle.app().ids.next();
        Self {
            user: next(),
            session: next(),
            device: next(),
            subscription: next(),
            decision: next(),
            trade: next(),
            entry: next(),
            kept_token: token_of([9; 32]),
            strategy: "hodl-wave",
            cursors: BTreeMap::new(),
        }
    }
}

/// What is kept of Ann's refresh token.
const KEPT: [u8; 32] = [7; 32];

fn token_of(bytes: [u8; 32]) -> String {
    RefreshToken::of(bytes).text()
}

/// Numbers that nothing else comes to by chance.
const AMOUNTS: [&str; 9] = [
    "7313.13131313",
    "2617.17171717",
    "1919.19191919",
    "41.41414141",
    "0.01234321",
    "697.97979798",
    "56565.65656565",
    "698.77665544",
    "0.69877665",
];

/// A bundle with Ann in it.
pub(super) struct World {
    pub(super) bundle: Bundle,
    pub(super) ann: Person,
    pub(super) names: Names,
    pub(super) invented: Names,
    /// What no answer to anybody else may have in it.
    pub(super) needles: Vec<String>,
}

impl World {
    /// Ann has a book.
    pub(super) async fn with_anns_book() -> Self {
        let mut world = Self::without_anns_book().await;
        world.fill_anns_book().await;
        world.note_anns_cursors().await;
        world
    }

    /// Ann has an account and nothing else.
    pub(super) async fn without_anns_book() -> Self {
        let bundle = Bundle::start().await;
        bundle.decide().await;
        let ann = bundle
            .person("ann-of-the-green-gables", Role::User, Tier::Pro)
            .await;
        let names = Names {
            user: ann.id().uuid(),
            session: ann.user.session.uuid(),
            kept_token: token_of(KEPT),
            strategy: "swing-4h",
            ..Names::invented(&bundle)
        };
        let ids = [
            names.user,
            names.session,
            names.device,
            names.subscription,
            names.trade,
            names.entry,
        ];
        let needles = ids
            .iter()
            .map(Uuid::to_string)
            .chain([ann.email(), ann.name.clone(), format!("google-{}", ann.name)])
            .chain(AMOUNTS.map(str::to_owned))
            .collect();
        let invented = Names::invented(&bundle);
        Self {
            bundle,
            ann,
            names,
            invented,
            needles,
        }
    }

    /// Something of Ann's in every table that can hold it.
    pub(super) async fn fill_anns_book(&self) {
        let [
            free_cash,
            paid_in,
            cash,
            realised,
            quantity,
            total_cost,
            price,
            value,
            fee,
        ] = AMOUNTS;
        let Names {
            user,
            session,
            device,
            subscription,
            decision,
            trade,
            entry,
            strategy,
            ..
        } = &self.names;
        let (now, kept) = (self.bundle.now(), "07".repeat(KEPT.len()));
        let sql = format!(
            "INSERT INTO sessions (id, user_id, transport, user_agent, created_at, last_used_at, expires_at)
             VALUES ('{device}', '{user}', 'cookie', 'a telephone', '{now}'::timestamptz - interval '1 day', '{now}',
                     '{now}'::timestamptz + interval '1 day');
             INSERT INTO refresh_tokens VALUES ('\\x{kept}', '{session}', '{now}', NULL, NULL);
             INSERT INTO auth_events VALUES
                 (gen_random_uuid(), '{user}', '{session}', 'signed_in', 'user', '{{}}', '{now}');
             INSERT INTO portfolios VALUES ('{user}', {free_cash}, '{now}');
             INSERT INTO subscriptions
                 (id, user_id, strategy_id, status, weight_macro, weight_onchain, weight_ta, paid_in, taken_out, cash,
                  realised, active_since, created_at)
             VALUES ('{subscription}', '{user}', '{strategy}', 'active', 0.1001, 0.2002, 0.6997, {paid_in}, 0, {cash}, {realised}, '{now}',
                     '{now}');
             INSERT INTO holdings VALUES ('{subscription}', 'BTC', {quantity}, {total_cost});
             INSERT INTO portfolio_entries VALUES
                 ('{entry}', '{user}', 'paid_in', '{subscription}', -{paid_in}, {free_cash}, '{now}');
             INSERT INTO decisions
             SELECT '{decision}', id, strategy_id, as_of, false, 0.1001, 0.2002, 0.6997, 71, 'BUY', 0.005, {price}, 1, 'why',
                    'traded', NULL, NULL, 1, 1, '{{}}', '{now}', '{now}'
             FROM strategy_executions WHERE strategy_id = '{strategy}' LIMIT 1;
             INSERT INTO trades
             VALUES ('{trade}', '{subscription}', '{user}', '{strategy}', '{decision}', 'BTC', 'buy', {quantity},
                     {price}, {price}, {value}, {fee}, {total_cost}, NULL, {cash}, {quantity}, {total_cost}, '{now}', '{now}');
             INSERT INTO trades
             VALUES (gen_random_uuid(), '{subscription}', '{user}', '{strategy}', '{decision}', 'ETH', 'buy', 1, 1, 1, 1,
                     0, 1, NULL, {cash}, 1, 1, '{now}', '{now}');
             INSERT INTO push_streams VALUES ('{user}', 1, '{now}'::timestamptz + interval '1 day');
             INSERT INTO push_outbox
             VALUES ('{user}', 1, 'trade:executed', '{{\"value\":\"{value}\"}}', '{now}');
             INSERT INTO push_connections (id, user_id, session_id, connected_at, last_seen_at, expires_at, sent_seq)
             VALUES ('connection-of-{session}', '{user}', '{session}', '{now}', '{now}', '{now}'::timestamptz + interval '1 hour', 0);"
        );
        let filled = self.bundle.database().client().await.batch_execute(&sql).await;
        filled.expect("Ann's book");
    }

    /// Asks for Ann's lists as she would, and keeps where their first pages end.
    async fn note_anns_cursors(&mut self) {
        for route in ["/api/v1/trades", "/api/v1/auth/sessions"] {
            let answer = self.bundle.get_as(&self.ann, &format!("{route}?limit=1")).await;
            let body = answer.json();
            let cursor = body["data"]["next_cursor"]
                .as_str()
                .unwrap_or_else(|| panic!("{route}: {body}"));
            self.names.cursors.insert(route.to_owned(), cursor.to_owned());
        }
    }

    /// The limits of addresses begin anew; all requests of a test come from one.
    pub(super) async fn forget_limits(&self) {
        let subject = Subject::Address([127, 0, 0, 1].into()).to_string();
        for policy in [&Policy::SCORES, &Policy::PUBLIC_READ, &Policy::SIGN_IN] {
            let key = Key::Limit {
                name: policy.name,
                subject: &subject,
            };
            self.bundle.app().cache.delete(&key).await.expect("Redis");
        }
    }

    /// What of Ann's is in an answer.
    pub(super) fn found_in(&self, answer: &Shown) -> Option<&str> {
        let found = self.needles.iter().find(|needle| answer.text.contains(*needle));
        found.map(String::as_str)
    }

    pub(super) fn gives_nothing_away(&self, what: &str, answer: &Shown) {
        if let Some(found) = self.found_in(answer) {
            panic!("{what} gives {found} away:\n{answer:?}");
        }
    }
}

/// A portfolio with this much in it.
pub(super) async fn open_portfolio(bundle: &Bundle, person: &Person, free: &str) {
    let (user, entry, now) = (person.id(), bundle.app().ids.next(), bundle.now());
    let sql = format!(
        "INSERT INTO portfolios VALUES ('{user}', {free}, '{now}');
         INSERT INTO portfolio_entries VALUES ('{entry}', '{user}', 'opening', NULL, {free}, {free}, '{now}');"
    );
    let opened = bundle.database().client().await.batch_execute(&sql).await;
    opened.expect("a portfolio");
}

/// Which rows of a table are a user's, by the columns it has.
const OWNERS: &str = "
SELECT table_name::text, CASE
    WHEN table_name = 'users' THEN 'id = $1'
    WHEN bool_or(column_name = 'user_id') THEN 'user_id = $1'
    WHEN bool_or(column_name = 'subscription_id')
        THEN 'subscription_id IN (SELECT id FROM subscriptions WHERE user_id = $1)'
    ELSE 'session_id IN (SELECT id FROM sessions WHERE user_id = $1)'
END
FROM information_schema.columns
WHERE table_schema = 'public'
  AND (column_name IN ('user_id', 'subscription_id', 'session_id') OR table_name = 'users')
GROUP BY table_name
ORDER BY table_name";

/// Everything of a user's, table by table, as a hash: any change of it shows.
pub(super) async fn state_of(bundle: &Bundle, person: &Person) -> BTreeMap<String, String> {
    let client = bundle.database().client().await;
    let tables = client.query(OWNERS, &[]).await.expect("the catalog");
    assert!(tables.len() > 8, "the catalog is read wrongly");
    let mut state = BTreeMap::new();
    for table in &tables {
        let (name, owned): (String, String) = (table.get(0), table.get(1));
        let sql = format!(
            "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), 'nothing') FROM \"{name}\" t WHERE {owned}"
        );
        let row = client
            .query_one(&sql, &[&person.id().uuid()])
            .await
            .expect("a hash");
        state.insert(name, row.get(0));
    }
    state
}
