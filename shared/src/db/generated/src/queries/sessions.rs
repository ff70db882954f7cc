// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct InsertSessionParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub id: uuid::Uuid,
    pub user_id: uuid::Uuid,
    pub transport: T1,
    pub user_agent: Option<T2>,
    pub now: jiff::Timestamp,
    pub expires_at: jiff::Timestamp,
}
#[derive(Debug)]
pub struct InsertRefreshTokenParams<T1: crate::BytesSql> {
    pub hash: T1,
    pub session_id: uuid::Uuid,
    pub now: jiff::Timestamp,
}
#[derive(Debug)]
pub struct RecentTokensParams<T1: crate::BytesSql> {
    pub session_id: uuid::Uuid,
    pub since: jiff::Timestamp,
    pub presented: T1,
}
#[derive(Debug)]
pub struct ReplaceRefreshTokenParams<T1: crate::BytesSql, T2: crate::BytesSql> {
    pub now: jiff::Timestamp,
    pub nonce: T1,
    pub hash: T2,
}
#[derive(Clone, Copy, Debug)]
pub struct UseSessionParams {
    pub now: jiff::Timestamp,
    pub id: uuid::Uuid,
}
#[derive(Debug)]
pub struct EndSessionParams<T1: crate::StringSql> {
    pub now: jiff::Timestamp,
    pub reason: T1,
    pub id: uuid::Uuid,
}
#[derive(Debug)]
pub struct EndSessionOfUserParams<T1: crate::StringSql> {
    pub now: jiff::Timestamp,
    pub reason: T1,
    pub id: uuid::Uuid,
    pub user_id: uuid::Uuid,
    pub used_since: jiff::Timestamp,
}
#[derive(Debug)]
pub struct EndSessionsOfUserParams<T1: crate::StringSql> {
    pub now: jiff::Timestamp,
    pub reason: T1,
    pub user_id: uuid::Uuid,
    pub keep: Option<uuid::Uuid>,
    pub used_since: jiff::Timestamp,
}
#[derive(Clone, Copy, Debug)]
pub struct SessionsEndedSinceParams {
    pub user_id: uuid::Uuid,
    pub since: jiff::Timestamp,
}
#[derive(Clone, Copy, Debug)]
pub struct SessionPageParams {
    pub user_id: uuid::Uuid,
    pub before: jiff::Timestamp,
    pub before_id: uuid::Uuid,
    pub now: jiff::Timestamp,
    pub used_since: jiff::Timestamp,
    pub limit: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct LockedRow {
    pub id: uuid::Uuid,
    pub user_id: uuid::Uuid,
    pub transport: String,
    pub last_used_at: jiff::Timestamp,
    pub expires_at: jiff::Timestamp,
    pub end_reason: Option<String>,
    pub email: String,
    pub name: Option<String>,
    pub role: String,
    pub tier: String,
    pub created_at: jiff::Timestamp,
    pub signed_in_at: jiff::Timestamp,
}
pub struct LockedRowBorrowed<'a> {
    pub id: uuid::Uuid,
    pub user_id: uuid::Uuid,
    pub transport: &'a str,
    pub last_used_at: jiff::Timestamp,
    pub expires_at: jiff::Timestamp,
    pub end_reason: Option<&'a str>,
    pub email: &'a str,
    pub name: Option<&'a str>,
    pub role: &'a str,
    pub tier: &'a str,
    pub created_at: jiff::Timestamp,
    pub signed_in_at: jiff::Timestamp,
}
impl<'a> From<LockedRowBorrowed<'a>> for LockedRow {
    fn from(
        LockedRowBorrowed {
            id,
            user_id,
            transport,
            last_used_at,
            expires_at,
            end_reason,
            email,
            name,
            role,
            tier,
            created_at,
            signed_in_at,
        }: LockedRowBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            user_id,
            transport: transport.into(),
            last_used_at,
            expires_at,
            end_reason: end_reason.map(|v| v.into()),
            email: email.into(),
            name: name.map(|v| v.into()),
            role: role.into(),
            tier: tier.into(),
            created_at,
            signed_in_at,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct RecentTokens {
    pub hash: Vec<u8>,
    pub replaced_at: Option<jiff::Timestamp>,
    pub nonce: Option<Vec<u8>>,
}
pub struct RecentTokensBorrowed<'a> {
    pub hash: &'a [u8],
    pub replaced_at: Option<jiff::Timestamp>,
    pub nonce: Option<&'a [u8]>,
}
impl<'a> From<RecentTokensBorrowed<'a>> for RecentTokens {
    fn from(
        RecentTokensBorrowed {
            hash,
            replaced_at,
            nonce,
        }: RecentTokensBorrowed<'a>,
    ) -> Self {
        Self {
            hash: hash.into(),
            replaced_at,
            nonce: nonce.map(|v| v.into()),
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct SessionRow {
    pub id: uuid::Uuid,
    pub transport: String,
    pub user_agent: Option<String>,
    pub created_at: jiff::Timestamp,
    pub last_used_at: jiff::Timestamp,
    pub expires_at: jiff::Timestamp,
}
pub struct SessionRowBorrowed<'a> {
    pub id: uuid::Uuid,
    pub transport: &'a str,
    pub user_agent: Option<&'a str>,
    pub created_at: jiff::Timestamp,
    pub last_used_at: jiff::Timestamp,
    pub expires_at: jiff::Timestamp,
}
impl<'a> From<SessionRowBorrowed<'a>> for SessionRow {
    fn from(
        SessionRowBorrowed {
            id,
            transport,
            user_agent,
            created_at,
            last_used_at,
            expires_at,
        }: SessionRowBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            transport: transport.into(),
            user_agent: user_agent.map(|v| v.into()),
            created_at,
            last_used_at,
            expires_at,
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct LockedRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<LockedRowBorrowed, tokio_postgres::Error>,
    mapper: fn(LockedRowBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> LockedRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(LockedRowBorrowed) -> R) -> LockedRowQuery<'c, 'a, 's, C, R, N> {
        LockedRowQuery {
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
pub struct RecentTokensQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<RecentTokensBorrowed, tokio_postgres::Error>,
    mapper: fn(RecentTokensBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> RecentTokensQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(RecentTokensBorrowed) -> R) -> RecentTokensQuery<'c, 'a, 's, C, R, N> {
        RecentTokensQuery {
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
pub struct SessionRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SessionRowBorrowed, tokio_postgres::Error>,
    mapper: fn(SessionRowBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SessionRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(SessionRowBorrowed) -> R) -> SessionRowQuery<'c, 'a, 's, C, R, N> {
        SessionRowQuery {
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
pub struct InsertSessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_session() -> InsertSessionStmt {
    InsertSessionStmt(
        "INSERT INTO sessions (id, user_id, transport, user_agent, created_at, last_used_at, expires_at) VALUES ($1, $2, $3, $4, $5, $5, $6)",
        None,
    )
}
impl InsertSessionStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub async fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        id: &'a uuid::Uuid,
        user_id: &'a uuid::Uuid,
        transport: &'a T1,
        user_agent: &'a Option<T2>,
        now: &'a jiff::Timestamp,
        expires_at: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[id, user_id, transport, user_agent, now, expires_at])
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        InsertSessionParams<T1, T2>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for InsertSessionStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a InsertSessionParams<T1, T2>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.id,
            &params.user_id,
            &params.transport,
            &params.user_agent,
            &params.now,
            &params.expires_at,
        ))
    }
}
pub struct InsertRefreshTokenStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_refresh_token() -> InsertRefreshTokenStmt {
    InsertRefreshTokenStmt(
        "INSERT INTO refresh_tokens (hash, session_id, created_at) VALUES ($1, $2, $3)",
        None,
    )
}
impl InsertRefreshTokenStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub async fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        hash: &'a T1,
        session_id: &'a uuid::Uuid,
        now: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[hash, session_id, now]).await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::BytesSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        InsertRefreshTokenParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for InsertRefreshTokenStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a InsertRefreshTokenParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.hash, &params.session_id, &params.now))
    }
}
pub struct LockSessionOfTokenStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_session_of_token() -> LockSessionOfTokenStmt {
    LockSessionOfTokenStmt(
        "SELECT session.id, session.user_id, session.transport, session.last_used_at, session.expires_at, session.end_reason, account.email, account.name, account.role, account.tier, account.created_at, account.signed_in_at FROM sessions AS session JOIN users AS account ON account.id = session.user_id WHERE session.id = (SELECT token.session_id FROM refresh_tokens AS token WHERE token.hash = $1) FOR UPDATE OF session",
        None,
    )
}
impl LockSessionOfTokenStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        hash: &'a T1,
    ) -> LockedRowQuery<'c, 'a, 's, C, LockedRow, 1> {
        LockedRowQuery {
            client,
            params: [hash],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<LockedRowBorrowed, tokio_postgres::Error> {
                Ok(LockedRowBorrowed {
                    id: row.try_get(0)?,
                    user_id: row.try_get(1)?,
                    transport: row.try_get(2)?,
                    last_used_at: row.try_get(3)?,
                    expires_at: row.try_get(4)?,
                    end_reason: row.try_get(5)?,
                    email: row.try_get(6)?,
                    name: row.try_get(7)?,
                    role: row.try_get(8)?,
                    tier: row.try_get(9)?,
                    created_at: row.try_get(10)?,
                    signed_in_at: row.try_get(11)?,
                })
            },
            mapper: |it| LockedRow::from(it),
        }
    }
}
pub struct SessionOfTokenStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn session_of_token() -> SessionOfTokenStmt {
    SessionOfTokenStmt(
        "SELECT session.id, session.user_id, session.transport, session.last_used_at, session.expires_at, session.end_reason, account.email, account.name, account.role, account.tier, account.created_at, account.signed_in_at FROM sessions AS session JOIN users AS account ON account.id = session.user_id WHERE session.id = (SELECT token.session_id FROM refresh_tokens AS token WHERE token.hash = $1)",
        None,
    )
}
impl SessionOfTokenStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        hash: &'a T1,
    ) -> LockedRowQuery<'c, 'a, 's, C, LockedRow, 1> {
        LockedRowQuery {
            client,
            params: [hash],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<LockedRowBorrowed, tokio_postgres::Error> {
                Ok(LockedRowBorrowed {
                    id: row.try_get(0)?,
                    user_id: row.try_get(1)?,
                    transport: row.try_get(2)?,
                    last_used_at: row.try_get(3)?,
                    expires_at: row.try_get(4)?,
                    end_reason: row.try_get(5)?,
                    email: row.try_get(6)?,
                    name: row.try_get(7)?,
                    role: row.try_get(8)?,
                    tier: row.try_get(9)?,
                    created_at: row.try_get(10)?,
                    signed_in_at: row.try_get(11)?,
                })
            },
            mapper: |it| LockedRow::from(it),
        }
    }
}
pub struct RecentTokensStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn recent_tokens() -> RecentTokensStmt {
    RecentTokensStmt(
        "SELECT hash, replaced_at, nonce FROM refresh_tokens WHERE session_id = $1 AND (replaced_at IS NULL OR replaced_at >= $2) UNION SELECT hash, replaced_at, nonce FROM refresh_tokens WHERE hash = $3",
        None,
    )
}
impl RecentTokensStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>(
        &'s self,
        client: &'c C,
        session_id: &'a uuid::Uuid,
        since: &'a jiff::Timestamp,
        presented: &'a T1,
    ) -> RecentTokensQuery<'c, 'a, 's, C, RecentTokens, 3> {
        RecentTokensQuery {
            client,
            params: [session_id, since, presented],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<RecentTokensBorrowed, tokio_postgres::Error> {
                Ok(RecentTokensBorrowed {
                    hash: row.try_get(0)?,
                    replaced_at: row.try_get(1)?,
                    nonce: row.try_get(2)?,
                })
            },
            mapper: |it| RecentTokens::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        RecentTokensParams<T1>,
        RecentTokensQuery<'c, 'a, 's, C, RecentTokens, 3>,
        C,
    > for RecentTokensStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a RecentTokensParams<T1>,
    ) -> RecentTokensQuery<'c, 'a, 's, C, RecentTokens, 3> {
        self.bind(client, &params.session_id, &params.since, &params.presented)
    }
}
pub struct ReplaceRefreshTokenStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn replace_refresh_token() -> ReplaceRefreshTokenStmt {
    ReplaceRefreshTokenStmt(
        "UPDATE refresh_tokens SET replaced_at = $1, nonce = $2 WHERE hash = $3 AND replaced_at IS NULL",
        None,
    )
}
impl ReplaceRefreshTokenStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub async fn bind<'c, 'a, 's, C: GenericClient, T1: crate::BytesSql, T2: crate::BytesSql>(
        &'s self,
        client: &'c C,
        now: &'a jiff::Timestamp,
        nonce: &'a T1,
        hash: &'a T2,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[now, nonce, hash]).await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::BytesSql, T2: crate::BytesSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        ReplaceRefreshTokenParams<T1, T2>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for ReplaceRefreshTokenStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a ReplaceRefreshTokenParams<T1, T2>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.now, &params.nonce, &params.hash))
    }
}
pub struct UseSessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn use_session() -> UseSessionStmt {
    UseSessionStmt("UPDATE sessions SET last_used_at = $1 WHERE id = $2", None)
}
impl UseSessionStmt {
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
        now: &'a jiff::Timestamp,
        id: &'a uuid::Uuid,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[now, id]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        UseSessionParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for UseSessionStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a UseSessionParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.now, &params.id))
    }
}
pub struct EndSessionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn end_session() -> EndSessionStmt {
    EndSessionStmt(
        "UPDATE sessions SET ended_at = $1, end_reason = $2 WHERE id = $3 AND ended_at IS NULL",
        None,
    )
}
impl EndSessionStmt {
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
        now: &'a jiff::Timestamp,
        reason: &'a T1,
        id: &'a uuid::Uuid,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[now, reason, id]).await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        EndSessionParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for EndSessionStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a EndSessionParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.now, &params.reason, &params.id))
    }
}
pub struct EndSessionOfUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn end_session_of_user() -> EndSessionOfUserStmt {
    EndSessionOfUserStmt(
        "UPDATE sessions SET ended_at = $1, end_reason = $2 WHERE id = $3 AND user_id = $4 AND ended_at IS NULL AND expires_at > $1 AND last_used_at > $5",
        None,
    )
}
impl EndSessionOfUserStmt {
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
        now: &'a jiff::Timestamp,
        reason: &'a T1,
        id: &'a uuid::Uuid,
        user_id: &'a uuid::Uuid,
        used_since: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[now, reason, id, user_id, used_since])
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        EndSessionOfUserParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for EndSessionOfUserStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a EndSessionOfUserParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.now,
            &params.reason,
            &params.id,
            &params.user_id,
            &params.used_since,
        ))
    }
}
pub struct EndSessionsOfUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn end_sessions_of_user() -> EndSessionsOfUserStmt {
    EndSessionsOfUserStmt(
        "UPDATE sessions SET ended_at = $1, end_reason = $2 WHERE user_id = $3 AND ended_at IS NULL AND id IS DISTINCT FROM $4 AND expires_at > $1 AND last_used_at > $5 RETURNING id",
        None,
    )
}
impl EndSessionsOfUserStmt {
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
        now: &'a jiff::Timestamp,
        reason: &'a T1,
        user_id: &'a uuid::Uuid,
        keep: &'a Option<uuid::Uuid>,
        used_since: &'a jiff::Timestamp,
    ) -> UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 5> {
        UuidUuidQuery {
            client,
            params: [now, reason, user_id, keep, used_since],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        EndSessionsOfUserParams<T1>,
        UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 5>,
        C,
    > for EndSessionsOfUserStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a EndSessionsOfUserParams<T1>,
    ) -> UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 5> {
        self.bind(
            client,
            &params.now,
            &params.reason,
            &params.user_id,
            &params.keep,
            &params.used_since,
        )
    }
}
pub struct SessionsEndedSinceStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn sessions_ended_since() -> SessionsEndedSinceStmt {
    SessionsEndedSinceStmt(
        "SELECT id FROM sessions WHERE user_id = $1 AND ended_at >= $2 ORDER BY id",
        None,
    )
}
impl SessionsEndedSinceStmt {
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
        since: &'a jiff::Timestamp,
    ) -> UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 2> {
        UuidUuidQuery {
            client,
            params: [user_id, since],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        SessionsEndedSinceParams,
        UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 2>,
        C,
    > for SessionsEndedSinceStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a SessionsEndedSinceParams,
    ) -> UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 2> {
        self.bind(client, &params.user_id, &params.since)
    }
}
pub struct SessionPageStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn session_page() -> SessionPageStmt {
    SessionPageStmt(
        "SELECT id, transport, user_agent, created_at, last_used_at, expires_at FROM sessions WHERE user_id = $1 AND (created_at, id) < ($2, $3) AND ended_at IS NULL AND expires_at > $4 AND last_used_at > $5 ORDER BY created_at DESC, id DESC LIMIT $6",
        None,
    )
}
impl SessionPageStmt {
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
        before: &'a jiff::Timestamp,
        before_id: &'a uuid::Uuid,
        now: &'a jiff::Timestamp,
        used_since: &'a jiff::Timestamp,
        limit: &'a i64,
    ) -> SessionRowQuery<'c, 'a, 's, C, SessionRow, 6> {
        SessionRowQuery {
            client,
            params: [user_id, before, before_id, now, used_since, limit],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SessionRowBorrowed, tokio_postgres::Error> {
                Ok(SessionRowBorrowed {
                    id: row.try_get(0)?,
                    transport: row.try_get(1)?,
                    user_agent: row.try_get(2)?,
                    created_at: row.try_get(3)?,
                    last_used_at: row.try_get(4)?,
                    expires_at: row.try_get(5)?,
                })
            },
            mapper: |it| SessionRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        SessionPageParams,
        SessionRowQuery<'c, 'a, 's, C, SessionRow, 6>,
        C,
    > for SessionPageStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a SessionPageParams,
    ) -> SessionRowQuery<'c, 'a, 's, C, SessionRow, 6> {
        self.bind(
            client,
            &params.user_id,
            &params.before,
            &params.before_id,
            &params.now,
            &params.used_since,
            &params.limit,
        )
    }
}
