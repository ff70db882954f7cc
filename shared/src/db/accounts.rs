//! The users. Who is whose, and what a user may, is decided elsewhere.

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use uuid::Uuid;

use db_queries::queries::accounts::{self as queries, UserRow};

use super::{Db, DbError};
use crate::domain::identity::UserId;
use crate::domain::money::Money;
use crate::domain::tier::{Role, Tier};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user's id.
    pub id: UserId,
    /// The address that Google told last.
    pub email: String,
    /// The name that Google told last.
    pub name: Option<String>,
    /// What they may administer.
    pub role: Role,
    /// Their plan.
    pub tier: Tier,
    /// When they signed in first.
    pub created_at: Timestamp,
    /// When they signed in last.
    pub signed_in_at: Timestamp,
}

/// What Google tells of an account.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// Google's name of the account, the only one that is never given to another.
    pub google_sub: &'a str,
    /// Its address.
    pub email: &'a str,
    /// What its owner is called.
    pub name: Option<&'a str>,
}

/// The user of an account: the one there is, told apart by its `google_sub` alone, or a new one with
/// this id.
pub async fn sign_in(
    transaction: &Transaction<'_>,
    id: UserId,
    person: Person<'_>,
    now: Timestamp,
) -> Result<Account, DbError> {
    let row = queries::sign_in_user()
        .bind(
            transaction,
            &id.uuid(),
            &person.google_sub,
            &person.email,
            &person.name,
            &now,
        )
        .one()
        .await?;
    account_of(row)
}

/// Gives a new user their portfolio, and its first entry this id.
pub async fn open_portfolio(
    transaction: &Transaction<'_>,
    user: UserId,
    entry: Uuid,
    amount: Money,
    now: Timestamp,
) -> Result<(), DbError> {
    queries::open_portfolio()
        .bind(transaction, &user.uuid(), &amount.value(), &now, &entry)
        .await?;
    Ok(())
}

/// A user.
pub async fn find(db: &Db, id: UserId) -> Result<Option<Account>, DbError> {
    let connection = db.get().await?;
    let row = queries::user_by_id().bind(&connection, &id.uuid()).opt().await?;
    row.map(account_of).transpose()
}

/// The user of an account, told apart by its `google_sub` alone.
pub async fn find_of_google(
    transaction: &Transaction<'_>,
    google_sub: &str,
) -> Result<Option<Account>, DbError> {
    let row = queries::user_by_google_sub()
        .bind(transaction, &google_sub)
        .opt()
        .await?;
    row.map(account_of).transpose()
}

/// A user whose row nobody else changes until the transaction ends.
pub async fn lock(transaction: &Transaction<'_>, id: UserId) -> Result<Option<Account>, DbError> {
    let row = queries::lock_user().bind(transaction, &id.uuid()).opt().await?;
    row.map(account_of).transpose()
}

/// Waits for whoever trades or changes what a user owns, and keeps everybody from it until the
/// transaction ends: the subscriptions by id, then the portfolio, as everybody locks them.
pub async fn lock_books(transaction: &Transaction<'_>, id: UserId) -> Result<(), DbError> {
    let user = id.uuid();
    queries::lock_subscriptions_of_user()
        .bind(transaction, &user)
        .all()
        .await?;
    queries::lock_portfolio_of_user()
        .bind(transaction, &user)
        .opt()
        .await?;
    Ok(())
}

/// The users whose address it is, however its letters are written; the newest first.
pub async fn list_by_email(db: &Db, email: &str) -> Result<Vec<Account>, DbError> {
    let connection = db.get().await?;
    let rows = queries::users_by_email().bind(&connection, &email).all().await?;
    rows.into_iter().map(account_of).collect()
}

/// Users that are older than `before`, the newest first.
pub async fn list_page(db: &Db, before: UserId, limit: i64) -> Result<Vec<Account>, DbError> {
    let connection = db.get().await?;
    let rows = queries::user_page()
        .bind(&connection, &before.uuid(), &limit)
        .all()
        .await?;
    rows.into_iter().map(account_of).collect()
}

/// What a user may administer now; nothing when there is no such user.
pub async fn find_role(db: &Db, id: UserId) -> Result<Option<Role>, DbError> {
    let connection = db.get().await?;
    let role = queries::role_of_user()
        .bind(&connection, &id.uuid())
        .opt()
        .await?;
    role.map(|role| role_of(&role)).transpose()
}

/// Changes what a user may administer.
pub async fn set_role(transaction: &Transaction<'_>, id: UserId, role: Role) -> Result<(), DbError> {
    queries::set_user_role()
        .bind(transaction, &role.as_str(), &id.uuid())
        .await?;
    Ok(())
}

/// Changes a user's plan.
pub async fn set_tier(transaction: &Transaction<'_>, id: UserId, tier: Tier) -> Result<(), DbError> {
    queries::set_user_tier()
        .bind(transaction, &tier.as_str(), &id.uuid())
        .await?;
    Ok(())
}

/// Deletes a user and all that is theirs. Tells whether there was one.
pub async fn delete(transaction: &Transaction<'_>, id: UserId) -> Result<bool, DbError> {
    let deleted = queries::delete_user().bind(transaction, &id.uuid()).await?;
    Ok(deleted > 0)
}

fn account_of(row: UserRow) -> Result<Account, DbError> {
    Ok(Account {
        id: row.id.into(),
        role: role_of(&row.role)?,
        tier: tier_of(&row.tier)?,
        email: row.email,
        name: row.name,
        created_at: row.created_at,
        signed_in_at: row.signed_in_at,
    })
}

pub(super) fn role_of(name: &str) -> Result<Role, DbError> {
    Role::named(name).ok_or_else(|| DbError::row("user", format!("unknown role {name}")))
}

pub(super) fn tier_of(name: &str) -> Result<Tier, DbError> {
    Tier::named(name).ok_or_else(|| DbError::row("user", format!("unknown tier {name}")))
}
