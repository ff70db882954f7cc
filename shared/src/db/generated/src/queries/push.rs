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
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
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
