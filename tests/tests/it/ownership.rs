//! What one user owns no other can see, change or infer: every route, asked by somebody it is not for.
//!
//! The routes come from the description that the API serves of itself. Each has its row in [`table`],
//! which says how to ask for what is somebody else's and what must hold then. A route without a row
//! fails, and so does a row without a route. Ann owns what is at stake; Bob asks.

mod probe;
mod table;
mod world;

use std::collections::BTreeSet;

use automoney::registry;
use reqwest::Method;
use shared::domain::tier::{Role, Tier};
use shared::http::RouteTable;
use tests::people::Person;

use probe::{Shown, ask, ask_anonymously, seen_by};
use table::{ROWS, Row, Rule};
use world::{World, state_of};

fn routes() -> BTreeSet<(String, String)> {
    let (_, description) = registry::routes().split_for_parts();
    let table = RouteTable::of(&description).expect("every route is described");
    table
        .iter()
        .map(|(path, method, _)| (method.to_owned(), path.to_owned()))
        .collect()
}

#[test]
fn every_route_says_what_others_may_not_see() {
    let routes = routes();
    let rows: BTreeSet<(String, String)> = ROWS
        .iter()
        .map(|row| (row.method.to_owned(), row.route.to_owned()))
        .collect();
    let untold: Vec<_> = routes.difference(&rows).collect();
    let unknown: Vec<_> = rows.difference(&routes).collect();
    assert!(untold.is_empty(), "routes without a row in the table: {untold:?}");
    assert!(
        unknown.is_empty(),
        "rows of the table without a route: {unknown:?}"
    );
    assert_eq!(rows.len(), ROWS.len(), "a route has two rows");
}

/// Somebody with money and nothing else.
async fn somebody(world: &World) -> Person {
    let name = format!("bob-{}", world.bundle.app().ids.next().simple());
    let bob = world.bundle.person(&name, Role::User, Tier::Pro).await;
    world::open_portfolio(&world.bundle, &bob, "10000").await;
    bob
}

/// Asks one route in all the ways in which it must not give anything away.
async fn hold(world: &World, row: &Row) {
    let what = format!("{} {}", row.method, row.route);
    let before = state_of(&world.bundle, &world.ann).await;
    let (foreign, invented) = ((row.calls)(&world.names), (row.calls)(&world.invented));
    assert_eq!(foreign.len(), invented.len(), "{what}");
    for (foreign, invented) in foreign.iter().zip(&invented) {
        // Calls may end an account or a session: each has its own.
        let (bob, bea) = (somebody(world).await, somebody(world).await);
        let rule = foreign.rule.unwrap_or(row.rule);
        if rule.needs_a_token() {
            let anonymous = ask_anonymously(&world.bundle, row, foreign).await;
            assert_eq!(anonymous.status, 401, "{what}, anonymous: {anonymous:?}");
            world.gives_nothing_away(&what, &anonymous);
        }
        let (of_hers, of_nobody) = (
            ask(&world.bundle, row, &bob, foreign).await,
            ask(&world.bundle, row, &bea, invented).await,
        );
        world.gives_nothing_away(&what, &of_hers);
        world.gives_nothing_away(&what, &of_nobody);
        let of_nobody = of_nobody.named_as(&world.invented, &world.names);
        rule.holds(&what, &of_hers, &of_nobody);
    }

    let after = state_of(&world.bundle, &world.ann).await;
    assert_eq!(before, after, "{what} changed what is Ann's");
}

/// The rows of one part of the API, in a world of their own: limits count by address.
async fn hold_all(is_of_part: impl Fn(&str) -> bool) {
    let world = World::with_anns_book().await;
    let mut count = 0;
    for row in ROWS.iter().filter(|row| is_of_part(row.route)) {
        world.forget_limits().await;
        hold(&world, row).await;
        count += 1;
    }
    assert!(count > 0, "no route of this part");
}

#[tokio::test]
async fn administration_is_closed_to_users() {
    hold_all(|route| route.starts_with("/api/v1/admin/")).await;
}

#[tokio::test]
async fn accounts_and_sessions_are_their_owners() {
    hold_all(|route| route.starts_with("/api/v1/auth/")).await;
}

#[tokio::test]
async fn subscriptions_are_their_owners() {
    hold_all(|route| route.starts_with("/api/v1/strategies")).await;
}

#[tokio::test]
async fn portfolios_trades_and_tickets_are_their_owners() {
    hold_all(|route| {
        ["/api/v1/portfolio", "/api/v1/trades", "/api/v1/push/"]
            .iter()
            .any(|part| route.starts_with(part))
    })
    .await;
}

#[test]
fn every_route_belongs_to_a_part_that_is_asked() {
    let parts = [
        "/api/v1/admin/",
        "/api/v1/agents/",
        "/api/v1/market/",
        "/api/v1/auth/",
        "/api/v1/strategies",
        "/api/v1/portfolio",
        "/api/v1/trades",
        "/api/v1/push/",
    ];
    for row in ROWS.iter().filter(|row| row.route.starts_with("/api/")) {
        let found = parts.iter().filter(|part| row.route.starts_with(**part));
        assert_eq!(found.count(), 1, "{}", row.route);
    }
}

#[tokio::test]
async fn public_routes_show_nothing_of_anybodys() {
    hold_all(|route| {
        ["/api/v1/agents/", "/api/v1/market/"]
            .iter()
            .any(|part| route.starts_with(part))
            || !route.starts_with("/api/")
    })
    .await;
}

#[tokio::test]
async fn what_bob_reads_does_not_depend_on_what_ann_has() {
    let world = World::without_anns_book().await;
    let bob = world.bundle.person("bob", Role::User, Tier::Pro).await;
    world::open_portfolio(&world.bundle, &bob, "1000").await;
    let reads = || {
        ROWS.iter()
            .filter(|row| row.method == Method::GET.as_str() && !matches!(row.rule, Rule::Admin))
    };

    let mut before: Vec<Shown> = Vec::new();
    for row in reads() {
        before.extend(seen_by(&world, row, &bob).await);
    }
    world.fill_anns_book().await;
    world.forget_limits().await;
    let mut after: Vec<Shown> = Vec::new();
    for row in reads() {
        after.extend(seen_by(&world, row, &bob).await);
    }

    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
}

#[tokio::test]
async fn the_probe_sees_what_it_looks_for() {
    let world = World::with_anns_book().await;
    let known = state_of(&world.bundle, &world.ann).await;
    let other = state_of(
        &world.bundle,
        &world.bundle.person("eve", Role::User, Tier::Free).await,
    )
    .await;
    // Every table that can hold something of hers does, so that a change of it would be seen.
    let empty: Vec<&str> = known
        .iter()
        .filter(|(table, state)| other.get(*table) == Some(state) && *table != "users")
        .map(|(table, _)| table.as_str())
        .collect();
    assert_eq!(empty, Vec::<&str>::new(), "the world has nothing of Ann's there");

    world
        .bundle
        .database()
        .client()
        .await
        .execute(
            "UPDATE sessions SET last_used_at = last_used_at + interval '1 second' WHERE user_id = $1",
            &[&world.ann.id().uuid()],
        )
        .await
        .expect("a change");
    let changed = state_of(&world.bundle, &world.ann).await;
    let differing: Vec<&String> = known
        .iter()
        .filter(|(table, state)| changed.get(*table) != Some(state))
        .map(|(table, _)| table)
        .collect();
    assert_eq!(differing, ["sessions"]);

    for needle in &world.needles {
        let answer = Shown::made_of(200, &format!("{{\"data\":\"…{needle}…\"}}"));
        assert!(world.found_in(&answer).is_some(), "{needle}");
    }
    assert!(world.found_in(&Shown::made_of(200, "{}")).is_none());
}
