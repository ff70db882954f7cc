// This file was generated with `cornucopia`. Do not modify.

#[derive(Clone, Copy, Debug)]
pub struct UserPageParams {
    pub before: uuid::Uuid,
    pub limit: i64,
}
#[derive(Debug)]
pub struct SignInUserParams<T1: crate::StringSql, T2: crate::StringSql, T3: crate::StringSql> {
    pub id: uuid::Uuid,
    pub google_sub: T1,
    pub email: T2,
    pub name: Option<T3>,
    pub now: jiff::Timestamp,
}
#[derive(Clone, Copy, Debug)]
pub struct OpenPortfolioParams {
    pub user_id: uuid::Uuid,
    pub amount: rust_decimal::Decimal,
    pub now: jiff::Timestamp,
    pub id: uuid::Uuid,
}
#[derive(Debug)]
pub struct SetUserRoleParams<T1: crate::StringSql> {
    pub role: T1,
    pub id: uuid::Uuid,
}
#[derive(Debug)]
pub struct SetUserTierParams<T1: crate::StringSql> {
    pub tier: T1,
    pub id: uuid::Uuid,
}
#[derive(Debug)]
pub struct AppendAuthEventParams<T1: crate::StringSql, T2: crate::StringSql, T3: crate::JsonSql> {
    pub id: uuid::Uuid,
    pub user_id: Option<uuid::Uuid>,
    pub session_id: Option<uuid::Uuid>,
    pub kind: T1,
    pub actor: T2,
    pub detail: T3,
    pub now: jiff::Timestamp,
}
#[derive(Debug, Clone, PartialEq)]
pub struct UserRow {
    pub id: uuid::Uuid,
    pub email: String,
    pub name: Option<String>,
    pub role: String,
    pub tier: String,
    pub created_at: jiff::Timestamp,
    pub signed_in_at: jiff::Timestamp,
}
pub struct UserRowBorrowed<'a> {
    pub id: uuid::Uuid,
    pub email: &'a str,
    pub name: Option<&'a str>,
    pub role: &'a str,
    pub tier: &'a str,
    pub created_at: jiff::Timestamp,
    pub signed_in_at: jiff::Timestamp,
}
impl<'a> From<UserRowBorrowed<'a>> for UserRow {
    fn from(
        UserRowBorrowed {
            id,
            email,
            name,
            role,
            tier,
            created_at,
            signed_in_at,
        }: UserRowBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            email: email.into(),
            name: name.map(|v| v.into()),
            role: role.into(),
            tier: tier.into(),
            created_at,
            signed_in_at,
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct UserRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<UserRowBorrowed, tokio_postgres::Error>,
    mapper: fn(UserRowBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> UserRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(UserRowBorrowed) -> R) -> UserRowQuery<'c, 'a, 's, C, R, N> {
        UserRowQuery {
            client: self.client,
            params: self.params,
            query: self.query,
            cached: self.cached,
            extractor: self.extractor,
            mapper,
        }
    }
    pub async fn one(self) -> Result<T, tokio_postgres::Error> {
        let row = crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row = crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c, tokio_postgres::Error>
    {
        let stream = crate::client::async_::raw(
            self.client,
            self.query,
            crate::slice_iter(&self.params),
            self.cached,
        )
        .await?;
        let mapped = stream
            .map(move |res| {
                res.and_then(|row| {
                    let extracted = (self.extractor)(&row)?;
                    Ok((self.mapper)(extracted))
                })
            })
            .into_stream();
        Ok(mapped)
    }
}
pub struct StringQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<&str, tokio_postgres::Error>,
    mapper: fn(&str) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> StringQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(&str) -> R) -> StringQuery<'c, 'a, 's, C, R, N> {
        StringQuery {
            client: self.client,
            params: self.params,
            query: self.query,
            cached: self.cached,
            extractor: self.extractor,
            mapper,
        }
    }
    pub async fn one(self) -> Result<T, tokio_postgres::Error> {
        let row = crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row = crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c, tokio_postgres::Error>
    {
        let stream = crate::client::async_::raw(
            self.client,
            self.query,
            crate::slice_iter(&self.params),
            self.cached,
        )
        .await?;
        let mapped = stream
            .map(move |res| {
                res.and_then(|row| {
                    let extracted = (self.extractor)(&row)?;
                    Ok((self.mapper)(extracted))
                })
            })
            .into_stream();
        Ok(mapped)
    }
}
pub struct UuidUuidQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<uuid::Uuid, tokio_postgres::Error>,
    mapper: fn(uuid::Uuid) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> UuidUuidQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(uuid::Uuid) -> R) -> UuidUuidQuery<'c, 'a, 's, C, R, N> {
        UuidUuidQuery {
            client: self.client,
            params: self.params,
            query: self.query,
            cached: self.cached,
            extractor: self.extractor,
            mapper,
        }
    }
    pub async fn one(self) -> Result<T, tokio_postgres::Error> {
        let row = crate::client::async_::one(self.client, self.query, &self.params, self.cached).await?;
        Ok((self.mapper)((self.extractor)(&row)?))
    }
    pub async fn all(self) -> Result<Vec<T>, tokio_postgres::Error> {
        self.iter().await?.try_collect().await
    }
    pub async fn opt(self) -> Result<Option<T>, tokio_postgres::Error> {
        let opt_row = crate::client::async_::opt(self.client, self.query, &self.params, self.cached).await?;
        Ok(opt_row
            .map(|row| {
                let extracted = (self.extractor)(&row)?;
                Ok((self.mapper)(extracted))
            })
            .transpose()?)
    }
    pub async fn iter(
        self,
    ) -> Result<impl futures::Stream<Item = Result<T, tokio_postgres::Error>> + 'c, tokio_postgres::Error>
    {
        let stream = crate::client::async_::raw(
            self.client,
            self.query,
            crate::slice_iter(&self.params),
            self.cached,
        )
        .await?;
        let mapped = stream
            .map(move |res| {
                res.and_then(|row| {
                    let extracted = (self.extractor)(&row)?;
                    Ok((self.mapper)(extracted))
                })
            })
            .into_stream();
        Ok(mapped)
    }
}
pub struct UserByIdStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn user_by_id() -> UserByIdStmt {
    UserByIdStmt(
        "SELECT id, email, name, role, tier, created_at, signed_in_at FROM users WHERE id = $1",
        None,
    )
}
impl UserByIdStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        id: &'a uuid::Uuid,
    ) -> UserRowQuery<'c, 'a, 's, C, UserRow, 1> {
        UserRowQuery {
            client,
            params: [id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<UserRowBorrowed, tokio_postgres::Error> {
                Ok(UserRowBorrowed {
                    id: row.try_get(0)?,
                    email: row.try_get(1)?,
                    name: row.try_get(2)?,
                    role: row.try_get(3)?,
                    tier: row.try_get(4)?,
                    created_at: row.try_get(5)?,
                    signed_in_at: row.try_get(6)?,
                })
            },
            mapper: |it| UserRow::from(it),
        }
    }
}
pub struct UserByGoogleSubStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn user_by_google_sub() -> UserByGoogleSubStmt {
    UserByGoogleSubStmt(
        "SELECT id, email, name, role, tier, created_at, signed_in_at FROM users WHERE google_sub = $1",
        None,
    )
}
impl UserByGoogleSubStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        google_sub: &'a T1,
    ) -> UserRowQuery<'c, 'a, 's, C, UserRow, 1> {
        UserRowQuery {
            client,
            params: [google_sub],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<UserRowBorrowed, tokio_postgres::Error> {
                Ok(UserRowBorrowed {
                    id: row.try_get(0)?,
                    email: row.try_get(1)?,
                    name: row.try_get(2)?,
                    role: row.try_get(3)?,
                    tier: row.try_get(4)?,
                    created_at: row.try_get(5)?,
                    signed_in_at: row.try_get(6)?,
                })
            },
            mapper: |it| UserRow::from(it),
        }
    }
}
pub struct UsersByEmailStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn users_by_email() -> UsersByEmailStmt {
    UsersByEmailStmt(
        "SELECT id, email, name, role, tier, created_at, signed_in_at FROM users WHERE lower(email) = lower($1) ORDER BY id DESC",
        None,
    )
}
impl UsersByEmailStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        email: &'a T1,
    ) -> UserRowQuery<'c, 'a, 's, C, UserRow, 1> {
        UserRowQuery {
            client,
            params: [email],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<UserRowBorrowed, tokio_postgres::Error> {
                Ok(UserRowBorrowed {
                    id: row.try_get(0)?,
                    email: row.try_get(1)?,
                    name: row.try_get(2)?,
                    role: row.try_get(3)?,
                    tier: row.try_get(4)?,
                    created_at: row.try_get(5)?,
                    signed_in_at: row.try_get(6)?,
                })
            },
            mapper: |it| UserRow::from(it),
        }
    }
}
pub struct UserPageStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn user_page() -> UserPageStmt {
    UserPageStmt(
        "SELECT id, email, name, role, tier, created_at, signed_in_at FROM users WHERE id < $1 ORDER BY id DESC LIMIT $2",
        None,
    )
}
impl UserPageStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        before: &'a uuid::Uuid,
        limit: &'a i64,
    ) -> UserRowQuery<'c, 'a, 's, C, UserRow, 2> {
        UserRowQuery {
            client,
            params: [before, limit],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<UserRowBorrowed, tokio_postgres::Error> {
                Ok(UserRowBorrowed {
                    id: row.try_get(0)?,
                    email: row.try_get(1)?,
                    name: row.try_get(2)?,
                    role: row.try_get(3)?,
                    tier: row.try_get(4)?,
                    created_at: row.try_get(5)?,
                    signed_in_at: row.try_get(6)?,
                })
            },
            mapper: |it| UserRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, UserPageParams, UserRowQuery<'c, 'a, 's, C, UserRow, 2>, C>
    for UserPageStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a UserPageParams,
    ) -> UserRowQuery<'c, 'a, 's, C, UserRow, 2> {
        self.bind(client, &params.before, &params.limit)
    }
}
pub struct RoleOfUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn role_of_user() -> RoleOfUserStmt {
    RoleOfUserStmt("SELECT role FROM users WHERE id = $1", None)
}
impl RoleOfUserStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        id: &'a uuid::Uuid,
    ) -> StringQuery<'c, 'a, 's, C, String, 1> {
        StringQuery {
            client,
            params: [id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
pub struct SignInUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn sign_in_user() -> SignInUserStmt {
    SignInUserStmt(
        "INSERT INTO users (id, google_sub, email, name, created_at, signed_in_at) VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (google_sub) DO UPDATE SET email = excluded.email, name = excluded.name, signed_in_at = excluded.signed_in_at RETURNING id, email, name, role, tier, created_at, signed_in_at",
        None,
    )
}
impl SignInUserStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::StringSql,
        T2: crate::StringSql,
        T3: crate::StringSql,
    >(
        &'s self,
        client: &'c C,
        id: &'a uuid::Uuid,
        google_sub: &'a T1,
        email: &'a T2,
        name: &'a Option<T3>,
        now: &'a jiff::Timestamp,
    ) -> UserRowQuery<'c, 'a, 's, C, UserRow, 5> {
        UserRowQuery {
            client,
            params: [id, google_sub, email, name, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<UserRowBorrowed, tokio_postgres::Error> {
                Ok(UserRowBorrowed {
                    id: row.try_get(0)?,
                    email: row.try_get(1)?,
                    name: row.try_get(2)?,
                    role: row.try_get(3)?,
                    tier: row.try_get(4)?,
                    created_at: row.try_get(5)?,
                    signed_in_at: row.try_get(6)?,
                })
            },
            mapper: |it| UserRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql, T3: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        SignInUserParams<T1, T2, T3>,
        UserRowQuery<'c, 'a, 's, C, UserRow, 5>,
        C,
    > for SignInUserStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a SignInUserParams<T1, T2, T3>,
    ) -> UserRowQuery<'c, 'a, 's, C, UserRow, 5> {
        self.bind(
            client,
            &params.id,
            &params.google_sub,
            &params.email,
            &params.name,
            &params.now,
        )
    }
}
pub struct OpenPortfolioStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn open_portfolio() -> OpenPortfolioStmt {
    OpenPortfolioStmt(
        "WITH opened AS ( INSERT INTO portfolios (user_id, free_cash, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING user_id ) INSERT INTO portfolio_entries (id, user_id, kind, amount, free_cash_after, created_at) SELECT $4, user_id, 'opening', $2, $2, $3 FROM opened",
        None,
    )
}
impl OpenPortfolioStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub async fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        user_id: &'a uuid::Uuid,
        amount: &'a rust_decimal::Decimal,
        now: &'a jiff::Timestamp,
        id: &'a uuid::Uuid,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[user_id, amount, now, id]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        OpenPortfolioParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for OpenPortfolioStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a OpenPortfolioParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.user_id, &params.amount, &params.now, &params.id))
    }
}
pub struct LockSubscriptionsOfUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_subscriptions_of_user() -> LockSubscriptionsOfUserStmt {
    LockSubscriptionsOfUserStmt(
        "SELECT id FROM subscriptions WHERE user_id = $1 ORDER BY id FOR UPDATE",
        None,
    )
}
impl LockSubscriptionsOfUserStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        user_id: &'a uuid::Uuid,
    ) -> UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 1> {
        UuidUuidQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct LockPortfolioOfUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_portfolio_of_user() -> LockPortfolioOfUserStmt {
    LockPortfolioOfUserStmt(
        "SELECT user_id FROM portfolios WHERE user_id = $1 FOR UPDATE",
        None,
    )
}
impl LockPortfolioOfUserStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        user_id: &'a uuid::Uuid,
    ) -> UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 1> {
        UuidUuidQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct LockUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_user() -> LockUserStmt {
    LockUserStmt(
        "SELECT id, email, name, role, tier, created_at, signed_in_at FROM users WHERE id = $1 FOR UPDATE",
        None,
    )
}
impl LockUserStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        id: &'a uuid::Uuid,
    ) -> UserRowQuery<'c, 'a, 's, C, UserRow, 1> {
        UserRowQuery {
            client,
            params: [id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<UserRowBorrowed, tokio_postgres::Error> {
                Ok(UserRowBorrowed {
                    id: row.try_get(0)?,
                    email: row.try_get(1)?,
                    name: row.try_get(2)?,
                    role: row.try_get(3)?,
                    tier: row.try_get(4)?,
                    created_at: row.try_get(5)?,
                    signed_in_at: row.try_get(6)?,
                })
            },
            mapper: |it| UserRow::from(it),
        }
    }
}
pub struct SetUserRoleStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn set_user_role() -> SetUserRoleStmt {
    SetUserRoleStmt("UPDATE users SET role = $1 WHERE id = $2", None)
}
impl SetUserRoleStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub async fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        role: &'a T1,
        id: &'a uuid::Uuid,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[role, id]).await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        SetUserRoleParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for SetUserRoleStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a SetUserRoleParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.role, &params.id))
    }
}
pub struct SetUserTierStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn set_user_tier() -> SetUserTierStmt {
    SetUserTierStmt("UPDATE users SET tier = $1 WHERE id = $2", None)
}
impl SetUserTierStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub async fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        tier: &'a T1,
        id: &'a uuid::Uuid,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[tier, id]).await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        SetUserTierParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for SetUserTierStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a SetUserTierParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.tier, &params.id))
    }
}
pub struct DeleteUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_user() -> DeleteUserStmt {
    DeleteUserStmt("DELETE FROM users WHERE id = $1", None)
}
impl DeleteUserStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub async fn bind<'c, 'a, 's, C: GenericClient>(
        &'s self,
        client: &'c C,
        id: &'a uuid::Uuid,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[id]).await
    }
}
pub struct AppendAuthEventStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn append_auth_event() -> AppendAuthEventStmt {
    AppendAuthEventStmt(
        "INSERT INTO auth_events (id, user_id, session_id, kind, actor, detail, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        None,
    )
}
impl AppendAuthEventStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub async fn bind<
        'c,
        'a,
        's,
        C: GenericClient,
        T1: crate::StringSql,
        T2: crate::StringSql,
        T3: crate::JsonSql,
    >(
        &'s self,
        client: &'c C,
        id: &'a uuid::Uuid,
        user_id: &'a Option<uuid::Uuid>,
        session_id: &'a Option<uuid::Uuid>,
        kind: &'a T1,
        actor: &'a T2,
        detail: &'a T3,
        now: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[id, user_id, session_id, kind, actor, detail, now])
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql, T2: crate::StringSql, T3: crate::JsonSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        AppendAuthEventParams<T1, T2, T3>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for AppendAuthEventStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a AppendAuthEventParams<T1, T2, T3>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.id,
            &params.user_id,
            &params.session_id,
            &params.kind,
            &params.actor,
            &params.detail,
            &params.now,
        ))
    }
}
