// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct AppendEventsParams<
    T1: crate::ArraySql<Item = uuid::Uuid>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::JsonSql,
    T5: crate::ArraySql<Item = T4>,
> {
    pub users: T1,
    pub events: T3,
    pub data: T5,
    pub now: jiff::Timestamp,
}
#[derive(Debug)]
pub struct AppendForFollowersParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::JsonSql,
    T4: crate::ArraySql<Item = T3>,
    T5: crate::StringSql,
> {
    pub events: T2,
    pub data: T4,
    pub now: jiff::Timestamp,
    pub strategy_id: T5,
}
#[derive(Debug)]
pub struct AppendForEveryoneParams<T1: crate::StringSql, T2: crate::JsonSql> {
    pub now: jiff::Timestamp,
    pub event: T1,
    pub data: T2,
}
#[derive(Clone, Copy, Debug)]
pub struct RenewStreamParams {
    pub expires_at: jiff::Timestamp,
    pub user_id: uuid::Uuid,
    pub now: jiff::Timestamp,
}
#[derive(Debug)]
pub struct OpenConnectionParams<T1: crate::StringSql> {
    pub id: T1,
    pub user_id: uuid::Uuid,
    pub session_id: uuid::Uuid,
    pub now: jiff::Timestamp,
    pub expires_at: jiff::Timestamp,
    pub sent_seq: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct CloseSurplusParams {
    pub user_id: uuid::Uuid,
    pub most: i64,
}
#[derive(Debug)]
pub struct TouchConnectionParams<T1: crate::StringSql> {
    pub now: jiff::Timestamp,
    pub id: T1,
}
#[derive(Clone, Copy, Debug)]
pub struct ForgetOverdueParams {
    pub before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct KeptEventsParams {
    pub user_id: uuid::Uuid,
    pub after: i64,
    pub up_to: i64,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct ClaimStreamsParams {
    pub now: jiff::Timestamp,
    pub most: i64,
    pub held_until: jiff::Timestamp,
}
#[derive(Debug)]
pub struct EventsToPostParams<T1: crate::ArraySql<Item = uuid::Uuid>, T2: crate::ArraySql<Item = i64>> {
    pub users: T1,
    pub last_seqs: T2,
    pub most: i64,
    pub now: jiff::Timestamp,
}
#[derive(Debug)]
pub struct SettleConnectionsParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::ArraySql<Item = i64>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
> {
    pub ids: T2,
    pub sent_seqs: T3,
    pub outcomes: T5,
    pub retry_at: jiff::Timestamp,
    pub now: jiff::Timestamp,
}
#[derive(Debug)]
pub struct SettleStreamsParams<
    T1: crate::ArraySql<Item = uuid::Uuid>,
    T2: crate::ArraySql<Item = i64>,
    T3: crate::ArraySql<Item = jiff::Timestamp>,
> {
    pub users: T1,
    pub delivered_seqs: T2,
    pub held_until: T3,
}
#[derive(Debug)]
pub struct PruneStreamsParams<T1: crate::ArraySql<Item = uuid::Uuid>> {
    pub users: T1,
    pub keep: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct PruneOldEventsParams {
    pub before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct ConnectionsToCloseParams {
    pub idle_since: jiff::Timestamp,
    pub most: i64,
    pub now: jiff::Timestamp,
    pub failing_since: jiff::Timestamp,
}
#[derive(Clone, Copy, Debug)]
pub struct ConnectionsWithoutRightParams {
    pub now: jiff::Timestamp,
    pub most: i64,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct TouchConnection {
    pub user_id: uuid::Uuid,
    pub sent_seq: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct KeptEvents {
    pub seq: i64,
    pub event: String,
    pub data: serde_json::Value,
    pub created_at: jiff::Timestamp,
}
pub struct KeptEventsBorrowed<'a> {
    pub seq: i64,
    pub event: &'a str,
    pub data: postgres_types::Json<&'a serde_json::value::RawValue>,
    pub created_at: jiff::Timestamp,
}
impl<'a> From<KeptEventsBorrowed<'a>> for KeptEvents {
    fn from(
        KeptEventsBorrowed {
            seq,
            event,
            data,
            created_at,
        }: KeptEventsBorrowed<'a>,
    ) -> Self {
        Self {
            seq,
            event: event.into(),
            data: serde_json::from_str(data.0.get()).unwrap(),
            created_at,
        }
    }
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct ClaimStreams {
    pub user_id: uuid::Uuid,
    pub last_seq: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct EventsToPost {
    pub id: String,
    pub user_id: uuid::Uuid,
    pub connected_at: jiff::Timestamp,
    pub seq: Option<i64>,
    pub event: Option<String>,
    pub data: Option<serde_json::Value>,
    pub created_at: Option<jiff::Timestamp>,
}
pub struct EventsToPostBorrowed<'a> {
    pub id: &'a str,
    pub user_id: uuid::Uuid,
    pub connected_at: jiff::Timestamp,
    pub seq: Option<i64>,
    pub event: Option<&'a str>,
    pub data: Option<postgres_types::Json<&'a serde_json::value::RawValue>>,
    pub created_at: Option<jiff::Timestamp>,
}
impl<'a> From<EventsToPostBorrowed<'a>> for EventsToPost {
    fn from(
        EventsToPostBorrowed {
            id,
            user_id,
            connected_at,
            seq,
            event,
            data,
            created_at,
        }: EventsToPostBorrowed<'a>,
    ) -> Self {
        Self {
            id: id.into(),
            user_id,
            connected_at,
            seq,
            event: event.map(|v| v.into()),
            data: data.map(|v| serde_json::from_str(v.0.get()).unwrap()),
            created_at,
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct I64Query<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<i64, tokio_postgres::Error>,
    mapper: fn(i64) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> I64Query<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(i64) -> R) -> I64Query<'c, 'a, 's, C, R, N> {
        I64Query {
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
pub struct TouchConnectionQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<TouchConnection, tokio_postgres::Error>,
    mapper: fn(TouchConnection) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> TouchConnectionQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(TouchConnection) -> R) -> TouchConnectionQuery<'c, 'a, 's, C, R, N> {
        TouchConnectionQuery {
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
pub struct KeptEventsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<KeptEventsBorrowed, tokio_postgres::Error>,
    mapper: fn(KeptEventsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> KeptEventsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(KeptEventsBorrowed) -> R) -> KeptEventsQuery<'c, 'a, 's, C, R, N> {
        KeptEventsQuery {
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
pub struct ClaimStreamsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ClaimStreams, tokio_postgres::Error>,
    mapper: fn(ClaimStreams) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ClaimStreamsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ClaimStreams) -> R) -> ClaimStreamsQuery<'c, 'a, 's, C, R, N> {
        ClaimStreamsQuery {
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
pub struct EventsToPostQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<EventsToPostBorrowed, tokio_postgres::Error>,
    mapper: fn(EventsToPostBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> EventsToPostQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(EventsToPostBorrowed) -> R) -> EventsToPostQuery<'c, 'a, 's, C, R, N> {
        EventsToPostQuery {
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
pub struct AppendEventsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn append_events() -> AppendEventsStmt {
    AppendEventsStmt(
        "WITH given AS ( SELECT user_id, event, data, place FROM unnest($1::uuid[], $2::text[], $3::jsonb[]) WITH ORDINALITY AS given (user_id, event, data, place) ), counted AS ( SELECT user_id, count(*) AS events FROM given GROUP BY user_id ), locked AS ( SELECT stream.user_id, counted.events FROM push_streams AS stream JOIN counted ON counted.user_id = stream.user_id WHERE stream.expires_at > $4 ORDER BY stream.user_id FOR UPDATE OF stream ), moved AS ( UPDATE push_streams AS stream SET last_seq = stream.last_seq + locked.events FROM locked WHERE stream.user_id = locked.user_id RETURNING stream.user_id, stream.last_seq - locked.events AS before ) INSERT INTO push_outbox (user_id, seq, event, data, created_at) SELECT given.user_id, moved.before + row_number() OVER (PARTITION BY given.user_id ORDER BY given.place), given.event, given.data, $4 FROM given JOIN moved ON moved.user_id = given.user_id",
        None,
    )
}
impl AppendEventsStmt {
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
        T1: crate::ArraySql<Item = uuid::Uuid>,
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
        T4: crate::JsonSql,
        T5: crate::ArraySql<Item = T4>,
    >(
        &'s self,
        client: &'c C,
        users: &'a T1,
        events: &'a T3,
        data: &'a T5,
        now: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[users, events, data, now]).await
    }
}
impl<
    'a,
    C: GenericClient + Send + Sync,
    T1: crate::ArraySql<Item = uuid::Uuid>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::JsonSql,
    T5: crate::ArraySql<Item = T4>,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        AppendEventsParams<T1, T2, T3, T4, T5>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for AppendEventsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a AppendEventsParams<T1, T2, T3, T4, T5>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.users, &params.events, &params.data, &params.now))
    }
}
pub struct AppendForFollowersStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn append_for_followers() -> AppendForFollowersStmt {
    AppendForFollowersStmt(
        "WITH given AS ( SELECT event, data, place FROM unnest($1::text[], $2::jsonb[]) WITH ORDINALITY AS given (event, data, place) ), counted AS ( SELECT count(*) AS events FROM given ), locked AS ( SELECT stream.user_id FROM push_streams AS stream WHERE stream.expires_at > $3 AND EXISTS ( SELECT 1 FROM subscriptions AS subscription WHERE subscription.user_id = stream.user_id AND subscription.strategy_id = $4 AND subscription.status <> 'stopped' ) ORDER BY stream.user_id FOR UPDATE OF stream ), moved AS ( UPDATE push_streams AS stream SET last_seq = stream.last_seq + counted.events FROM locked, counted WHERE stream.user_id = locked.user_id RETURNING stream.user_id, stream.last_seq - counted.events AS before ) INSERT INTO push_outbox (user_id, seq, event, data, created_at) SELECT moved.user_id, moved.before + given.place, given.event, given.data, $3 FROM moved CROSS JOIN given",
        None,
    )
}
impl AppendForFollowersStmt {
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
        T2: crate::ArraySql<Item = T1>,
        T3: crate::JsonSql,
        T4: crate::ArraySql<Item = T3>,
        T5: crate::StringSql,
    >(
        &'s self,
        client: &'c C,
        events: &'a T2,
        data: &'a T4,
        now: &'a jiff::Timestamp,
        strategy_id: &'a T5,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[events, data, now, strategy_id]).await
    }
}
impl<
    'a,
    C: GenericClient + Send + Sync,
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::JsonSql,
    T4: crate::ArraySql<Item = T3>,
    T5: crate::StringSql,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        AppendForFollowersParams<T1, T2, T3, T4, T5>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for AppendForFollowersStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a AppendForFollowersParams<T1, T2, T3, T4, T5>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.events,
            &params.data,
            &params.now,
            &params.strategy_id,
        ))
    }
}
pub struct AppendForEveryoneStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn append_for_everyone() -> AppendForEveryoneStmt {
    AppendForEveryoneStmt(
        "WITH locked AS ( SELECT stream.user_id FROM push_streams AS stream WHERE stream.expires_at > $1 ORDER BY stream.user_id FOR UPDATE OF stream ), moved AS ( UPDATE push_streams AS stream SET last_seq = stream.last_seq + 1 FROM locked WHERE stream.user_id = locked.user_id RETURNING stream.user_id, stream.last_seq ) INSERT INTO push_outbox (user_id, seq, event, data, created_at) SELECT moved.user_id, moved.last_seq, $2, $3, $1 FROM moved",
        None,
    )
}
impl AppendForEveryoneStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub async fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::JsonSql>(
        &'s self,
        client: &'c C,
        now: &'a jiff::Timestamp,
        event: &'a T1,
        data: &'a T2,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[now, event, data]).await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql, T2: crate::JsonSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        AppendForEveryoneParams<T1, T2>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for AppendForEveryoneStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a AppendForEveryoneParams<T1, T2>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.now, &params.event, &params.data))
    }
}
pub struct RenewStreamStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn renew_stream() -> RenewStreamStmt {
    RenewStreamStmt(
        "INSERT INTO push_streams AS stream (user_id, last_seq, expires_at, delivered_seq) SELECT id, 0, $1, 0 FROM users WHERE id = $2 ON CONFLICT (user_id) DO UPDATE SET expires_at = excluded.expires_at, last_seq = stream.last_seq + CASE WHEN stream.expires_at <= $3 THEN 1 ELSE 0 END RETURNING last_seq",
        None,
    )
}
impl RenewStreamStmt {
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
        expires_at: &'a jiff::Timestamp,
        user_id: &'a uuid::Uuid,
        now: &'a jiff::Timestamp,
    ) -> I64Query<'c, 'a, 's, C, i64, 3> {
        I64Query {
            client,
            params: [expires_at, user_id, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, RenewStreamParams, I64Query<'c, 'a, 's, C, i64, 3>, C>
    for RenewStreamStmt
{
    fn params(&'s self, client: &'c C, params: &'a RenewStreamParams) -> I64Query<'c, 'a, 's, C, i64, 3> {
        self.bind(client, &params.expires_at, &params.user_id, &params.now)
    }
}
pub struct OpenConnectionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn open_connection() -> OpenConnectionStmt {
    OpenConnectionStmt(
        "INSERT INTO push_connections (id, user_id, session_id, connected_at, last_seen_at, expires_at, sent_seq) SELECT $1, $2, $3, $4, $4, $5, $6 WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE id = $3 AND ended_at IS NOT NULL)",
        None,
    )
}
impl OpenConnectionStmt {
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
        id: &'a T1,
        user_id: &'a uuid::Uuid,
        session_id: &'a uuid::Uuid,
        now: &'a jiff::Timestamp,
        expires_at: &'a jiff::Timestamp,
        sent_seq: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[id, user_id, session_id, now, expires_at, sent_seq])
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        OpenConnectionParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for OpenConnectionStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a OpenConnectionParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.id,
            &params.user_id,
            &params.session_id,
            &params.now,
            &params.expires_at,
            &params.sent_seq,
        ))
    }
}
pub struct CloseSurplusStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn close_surplus() -> CloseSurplusStmt {
    CloseSurplusStmt(
        "DELETE FROM push_connections WHERE id IN ( SELECT id FROM push_connections WHERE user_id = $1 ORDER BY connected_at DESC, id DESC OFFSET $2 ) RETURNING id",
        None,
    )
}
impl CloseSurplusStmt {
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
        most: &'a i64,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        StringQuery {
            client,
            params: [user_id, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, CloseSurplusParams, StringQuery<'c, 'a, 's, C, String, 2>, C>
    for CloseSurplusStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CloseSurplusParams,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        self.bind(client, &params.user_id, &params.most)
    }
}
pub struct TouchConnectionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn touch_connection() -> TouchConnectionStmt {
    TouchConnectionStmt(
        "UPDATE push_connections SET last_seen_at = $1 WHERE id = $2 RETURNING user_id, sent_seq",
        None,
    )
}
impl TouchConnectionStmt {
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
        id: &'a T1,
    ) -> TouchConnectionQuery<'c, 'a, 's, C, TouchConnection, 2> {
        TouchConnectionQuery {
            client,
            params: [now, id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<TouchConnection, tokio_postgres::Error> {
                Ok(TouchConnection {
                    user_id: row.try_get(0)?,
                    sent_seq: row.try_get(1)?,
                })
            },
            mapper: |it| TouchConnection::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        TouchConnectionParams<T1>,
        TouchConnectionQuery<'c, 'a, 's, C, TouchConnection, 2>,
        C,
    > for TouchConnectionStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a TouchConnectionParams<T1>,
    ) -> TouchConnectionQuery<'c, 'a, 's, C, TouchConnection, 2> {
        self.bind(client, &params.now, &params.id)
    }
}
pub struct ForgetConnectionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn forget_connections() -> ForgetConnectionsStmt {
    ForgetConnectionsStmt(
        "WITH locked AS ( SELECT id FROM push_connections WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE ) DELETE FROM push_connections AS connection USING locked WHERE connection.id = locked.id",
        None,
    )
}
impl ForgetConnectionsStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub async fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::ArraySql<Item = T1>>(
        &'s self,
        client: &'c C,
        ids: &'a T2,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[ids]).await
    }
}
pub struct ForgetOverdueStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn forget_overdue() -> ForgetOverdueStmt {
    ForgetOverdueStmt(
        "WITH locked AS ( SELECT id FROM push_connections WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED ) DELETE FROM push_connections AS connection USING locked WHERE connection.id = locked.id",
        None,
    )
}
impl ForgetOverdueStmt {
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
        before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        ForgetOverdueParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for ForgetOverdueStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a ForgetOverdueParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.before, &params.most))
    }
}
pub struct KeptEventsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn kept_events() -> KeptEventsStmt {
    KeptEventsStmt(
        "SELECT seq, event, data, created_at FROM push_outbox WHERE user_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq DESC LIMIT $4",
        None,
    )
}
impl KeptEventsStmt {
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
        after: &'a i64,
        up_to: &'a i64,
        most: &'a i64,
    ) -> KeptEventsQuery<'c, 'a, 's, C, KeptEvents, 4> {
        KeptEventsQuery {
            client,
            params: [user_id, after, up_to, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<KeptEventsBorrowed, tokio_postgres::Error> {
                Ok(KeptEventsBorrowed {
                    seq: row.try_get(0)?,
                    event: row.try_get(1)?,
                    data: row.try_get(2)?,
                    created_at: row.try_get(3)?,
                })
            },
            mapper: |it| KeptEvents::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        KeptEventsParams,
        KeptEventsQuery<'c, 'a, 's, C, KeptEvents, 4>,
        C,
    > for KeptEventsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a KeptEventsParams,
    ) -> KeptEventsQuery<'c, 'a, 's, C, KeptEvents, 4> {
        self.bind(
            client,
            &params.user_id,
            &params.after,
            &params.up_to,
            &params.most,
        )
    }
}
pub struct ClaimStreamsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn claim_streams() -> ClaimStreamsStmt {
    ClaimStreamsStmt(
        "WITH waiting AS ( (SELECT user_id FROM push_streams WHERE delivered_seq < last_seq AND held_until <= $1 ORDER BY held_until LIMIT $2) UNION (SELECT user_id FROM push_connections WHERE retry_at <= $1 ORDER BY retry_at LIMIT $2) ), claimed AS ( SELECT stream.user_id FROM push_streams AS stream JOIN waiting ON waiting.user_id = stream.user_id WHERE stream.held_until <= $1 FOR UPDATE OF stream SKIP LOCKED ) UPDATE push_streams AS stream SET held_until = $3 FROM claimed WHERE stream.user_id = claimed.user_id RETURNING stream.user_id, stream.last_seq",
        None,
    )
}
impl ClaimStreamsStmt {
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
        now: &'a jiff::Timestamp,
        most: &'a i64,
        held_until: &'a jiff::Timestamp,
    ) -> ClaimStreamsQuery<'c, 'a, 's, C, ClaimStreams, 3> {
        ClaimStreamsQuery {
            client,
            params: [now, most, held_until],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ClaimStreams, tokio_postgres::Error> {
                Ok(ClaimStreams {
                    user_id: row.try_get(0)?,
                    last_seq: row.try_get(1)?,
                })
            },
            mapper: |it| ClaimStreams::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ClaimStreamsParams,
        ClaimStreamsQuery<'c, 'a, 's, C, ClaimStreams, 3>,
        C,
    > for ClaimStreamsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ClaimStreamsParams,
    ) -> ClaimStreamsQuery<'c, 'a, 's, C, ClaimStreams, 3> {
        self.bind(client, &params.now, &params.most, &params.held_until)
    }
}
pub struct EventsToPostStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn events_to_post() -> EventsToPostStmt {
    EventsToPostStmt(
        "SELECT connection.id, connection.user_id, connection.connected_at, waiting.seq, waiting.event, waiting.data, waiting.created_at FROM unnest($1::uuid[], $2::bigint[]) AS given (user_id, last_seq) JOIN push_connections AS connection ON connection.user_id = given.user_id LEFT JOIN LATERAL ( SELECT event.seq, event.event, event.data, event.created_at FROM push_outbox AS event WHERE event.user_id = connection.user_id AND event.seq > connection.sent_seq AND event.seq <= given.last_seq ORDER BY event.seq LIMIT $3 ) AS waiting ON true WHERE connection.retry_at IS NULL OR connection.retry_at <= $4 ORDER BY connection.user_id, connection.id, waiting.seq",
        None,
    )
}
impl EventsToPostStmt {
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
        T1: crate::ArraySql<Item = uuid::Uuid>,
        T2: crate::ArraySql<Item = i64>,
    >(
        &'s self,
        client: &'c C,
        users: &'a T1,
        last_seqs: &'a T2,
        most: &'a i64,
        now: &'a jiff::Timestamp,
    ) -> EventsToPostQuery<'c, 'a, 's, C, EventsToPost, 4> {
        EventsToPostQuery {
            client,
            params: [users, last_seqs, most, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<EventsToPostBorrowed, tokio_postgres::Error> {
                Ok(EventsToPostBorrowed {
                    id: row.try_get(0)?,
                    user_id: row.try_get(1)?,
                    connected_at: row.try_get(2)?,
                    seq: row.try_get(3)?,
                    event: row.try_get(4)?,
                    data: row.try_get(5)?,
                    created_at: row.try_get(6)?,
                })
            },
            mapper: |it| EventsToPost::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::ArraySql<Item = uuid::Uuid>, T2: crate::ArraySql<Item = i64>>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        EventsToPostParams<T1, T2>,
        EventsToPostQuery<'c, 'a, 's, C, EventsToPost, 4>,
        C,
    > for EventsToPostStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a EventsToPostParams<T1, T2>,
    ) -> EventsToPostQuery<'c, 'a, 's, C, EventsToPost, 4> {
        self.bind(
            client,
            &params.users,
            &params.last_seqs,
            &params.most,
            &params.now,
        )
    }
}
pub struct SettleConnectionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn settle_connections() -> SettleConnectionsStmt {
    SettleConnectionsStmt(
        "WITH given AS ( SELECT id, sent_seq, outcome FROM unnest($1::text[], $2::bigint[], $3::text[]) AS given (id, sent_seq, outcome) ), locked AS ( SELECT connection.id, given.sent_seq, given.outcome FROM push_connections AS connection JOIN given ON given.id = connection.id ORDER BY connection.id FOR UPDATE OF connection ) UPDATE push_connections AS connection SET sent_seq = greatest(connection.sent_seq, locked.sent_seq), retry_at = CASE WHEN locked.outcome = 'sent' THEN NULL ELSE $4::timestamptz END, failing_since = CASE locked.outcome WHEN 'failed' THEN coalesce(connection.failing_since, $5::timestamptz) WHEN 'waits' THEN connection.failing_since END FROM locked WHERE connection.id = locked.id",
        None,
    )
}
impl SettleConnectionsStmt {
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
        T2: crate::ArraySql<Item = T1>,
        T3: crate::ArraySql<Item = i64>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
    >(
        &'s self,
        client: &'c C,
        ids: &'a T2,
        sent_seqs: &'a T3,
        outcomes: &'a T5,
        retry_at: &'a jiff::Timestamp,
        now: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[ids, sent_seqs, outcomes, retry_at, now])
            .await
    }
}
impl<
    'a,
    C: GenericClient + Send + Sync,
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::ArraySql<Item = i64>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        SettleConnectionsParams<T1, T2, T3, T4, T5>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for SettleConnectionsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a SettleConnectionsParams<T1, T2, T3, T4, T5>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.ids,
            &params.sent_seqs,
            &params.outcomes,
            &params.retry_at,
            &params.now,
        ))
    }
}
pub struct SettleStreamsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn settle_streams() -> SettleStreamsStmt {
    SettleStreamsStmt(
        "WITH given AS ( SELECT user_id, delivered_seq, held_until FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[]) AS given (user_id, delivered_seq, held_until) ), locked AS ( SELECT stream.user_id, given.delivered_seq, given.held_until FROM push_streams AS stream JOIN given ON given.user_id = stream.user_id ORDER BY stream.user_id FOR UPDATE OF stream ) UPDATE push_streams AS stream SET delivered_seq = greatest(stream.delivered_seq, locked.delivered_seq), held_until = CASE WHEN stream.held_until = locked.held_until THEN '-infinity' ELSE stream.held_until END FROM locked WHERE stream.user_id = locked.user_id",
        None,
    )
}
impl SettleStreamsStmt {
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
        T1: crate::ArraySql<Item = uuid::Uuid>,
        T2: crate::ArraySql<Item = i64>,
        T3: crate::ArraySql<Item = jiff::Timestamp>,
    >(
        &'s self,
        client: &'c C,
        users: &'a T1,
        delivered_seqs: &'a T2,
        held_until: &'a T3,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[users, delivered_seqs, held_until]).await
    }
}
impl<
    'a,
    C: GenericClient + Send + Sync,
    T1: crate::ArraySql<Item = uuid::Uuid>,
    T2: crate::ArraySql<Item = i64>,
    T3: crate::ArraySql<Item = jiff::Timestamp>,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        SettleStreamsParams<T1, T2, T3>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for SettleStreamsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a SettleStreamsParams<T1, T2, T3>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.users, &params.delivered_seqs, &params.held_until))
    }
}
pub struct PruneStreamsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn prune_streams() -> PruneStreamsStmt {
    PruneStreamsStmt(
        "WITH surplus AS ( SELECT event.user_id, event.seq FROM push_streams AS stream JOIN push_outbox AS event ON event.user_id = stream.user_id WHERE stream.user_id = ANY($1::uuid[]) AND event.seq <= least(stream.last_seq - $2, stream.delivered_seq) FOR UPDATE OF event SKIP LOCKED ) DELETE FROM push_outbox AS event USING surplus WHERE event.user_id = surplus.user_id AND event.seq = surplus.seq",
        None,
    )
}
impl PruneStreamsStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub async fn bind<'c, 'a, 's, C: GenericClient, T1: crate::ArraySql<Item = uuid::Uuid>>(
        &'s self,
        client: &'c C,
        users: &'a T1,
        keep: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[users, keep]).await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::ArraySql<Item = uuid::Uuid>>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        PruneStreamsParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for PruneStreamsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a PruneStreamsParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.users, &params.keep))
    }
}
pub struct PruneOldEventsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn prune_old_events() -> PruneOldEventsStmt {
    PruneOldEventsStmt(
        "WITH old AS ( SELECT user_id, seq FROM push_outbox WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED ) DELETE FROM push_outbox AS event USING old WHERE event.user_id = old.user_id AND event.seq = old.seq",
        None,
    )
}
impl PruneOldEventsStmt {
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
        before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        PruneOldEventsParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for PruneOldEventsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a PruneOldEventsParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.before, &params.most))
    }
}
pub struct ConnectionsToCloseStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn connections_to_close() -> ConnectionsToCloseStmt {
    ConnectionsToCloseStmt(
        "(SELECT id FROM push_connections WHERE last_seen_at < $1 ORDER BY last_seen_at LIMIT $2) UNION (SELECT id FROM push_connections WHERE expires_at <= $3 ORDER BY expires_at LIMIT $2) UNION (SELECT id FROM push_connections WHERE failing_since < $4 ORDER BY failing_since LIMIT $2)",
        None,
    )
}
impl ConnectionsToCloseStmt {
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
        idle_since: &'a jiff::Timestamp,
        most: &'a i64,
        now: &'a jiff::Timestamp,
        failing_since: &'a jiff::Timestamp,
    ) -> StringQuery<'c, 'a, 's, C, String, 4> {
        StringQuery {
            client,
            params: [idle_since, most, now, failing_since],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ConnectionsToCloseParams,
        StringQuery<'c, 'a, 's, C, String, 4>,
        C,
    > for ConnectionsToCloseStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ConnectionsToCloseParams,
    ) -> StringQuery<'c, 'a, 's, C, String, 4> {
        self.bind(
            client,
            &params.idle_since,
            &params.most,
            &params.now,
            &params.failing_since,
        )
    }
}
pub struct ConnectionsWithoutRightStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn connections_without_right() -> ConnectionsWithoutRightStmt {
    ConnectionsWithoutRightStmt(
        "SELECT connection.id FROM push_connections AS connection LEFT JOIN sessions AS session ON session.id = connection.session_id LEFT JOIN users ON users.id = connection.user_id WHERE session.ended_at IS NOT NULL OR session.expires_at <= $1 OR users.id IS NULL ORDER BY connection.id LIMIT $2",
        None,
    )
}
impl ConnectionsWithoutRightStmt {
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
        now: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        StringQuery {
            client,
            params: [now, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ConnectionsWithoutRightParams,
        StringQuery<'c, 'a, 's, C, String, 2>,
        C,
    > for ConnectionsWithoutRightStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ConnectionsWithoutRightParams,
    ) -> StringQuery<'c, 'a, 's, C, String, 2> {
        self.bind(client, &params.now, &params.most)
    }
}
