// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct RecordRejectedParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::ArraySql<Item = T3>,
    T5: crate::StringSql,
    T6: crate::ArraySql<Item = T5>,
    T7: crate::ArraySql<Item = Option<jiff::Timestamp>>,
> {
    pub data_source: T1,
    pub series: T2,
    pub now: jiff::Timestamp,
    pub reasons: T4,
    pub payloads: T6,
    pub dateds: T7,
}
#[derive(Debug, Clone, PartialEq)]
pub struct RejectedOfSeries {
    pub series: String,
    pub times: i64,
    pub last_seen_at: jiff::Timestamp,
}
pub struct RejectedOfSeriesBorrowed<'a> {
    pub series: &'a str,
    pub times: i64,
    pub last_seen_at: jiff::Timestamp,
}
impl<'a> From<RejectedOfSeriesBorrowed<'a>> for RejectedOfSeries {
    fn from(
        RejectedOfSeriesBorrowed {
            series,
            times,
            last_seen_at,
        }: RejectedOfSeriesBorrowed<'a>,
    ) -> Self {
        Self {
            series: series.into(),
            times,
            last_seen_at,
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct RejectedOfSeriesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<RejectedOfSeriesBorrowed, tokio_postgres::Error>,
    mapper: fn(RejectedOfSeriesBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> RejectedOfSeriesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(RejectedOfSeriesBorrowed) -> R,
    ) -> RejectedOfSeriesQuery<'c, 'a, 's, C, R, N> {
        RejectedOfSeriesQuery {
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
pub struct RecordRejectedStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn record_rejected() -> RecordRejectedStmt {
    RecordRejectedStmt(
        "INSERT INTO rejected_observations AS stored (data_source, series, reason, payload, dated, times, first_seen_at, last_seen_at) SELECT $1, $2, reason, payload, min(dated), count(*), $3, $3 FROM unnest($4::text[], $5::text[], $6::timestamptz[]) AS given (reason, payload, dated) GROUP BY reason, payload ON CONFLICT (series, data_source, reason, payload) DO UPDATE SET times = stored.times + excluded.times, last_seen_at = excluded.last_seen_at",
        None,
    )
}
impl RecordRejectedStmt {
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
        T3: crate::StringSql,
        T4: crate::ArraySql<Item = T3>,
        T5: crate::StringSql,
        T6: crate::ArraySql<Item = T5>,
        T7: crate::ArraySql<Item = Option<jiff::Timestamp>>,
    >(
        &'s self,
        client: &'c C,
        data_source: &'a T1,
        series: &'a T2,
        now: &'a jiff::Timestamp,
        reasons: &'a T4,
        payloads: &'a T6,
        dateds: &'a T7,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[data_source, series, now, reasons, payloads, dateds])
            .await
    }
}
impl<
    'a,
    C: GenericClient + Send + Sync,
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::ArraySql<Item = T3>,
    T5: crate::StringSql,
    T6: crate::ArraySql<Item = T5>,
    T7: crate::ArraySql<Item = Option<jiff::Timestamp>>,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        RecordRejectedParams<T1, T2, T3, T4, T5, T6, T7>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for RecordRejectedStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a RecordRejectedParams<T1, T2, T3, T4, T5, T6, T7>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.data_source,
            &params.series,
            &params.now,
            &params.reasons,
            &params.payloads,
            &params.dateds,
        ))
    }
}
pub struct RejectedOfSeriesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn rejected_of_series() -> RejectedOfSeriesStmt {
    RejectedOfSeriesStmt(
        "SELECT series, sum(times)::bigint AS times, max(last_seen_at) AS last_seen_at FROM rejected_observations WHERE series = ANY ($1) GROUP BY series",
        None,
    )
}
impl RejectedOfSeriesStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::ArraySql<Item = T1>>(
        &'s self,
        client: &'c C,
        series: &'a T2,
    ) -> RejectedOfSeriesQuery<'c, 'a, 's, C, RejectedOfSeries, 1> {
        RejectedOfSeriesQuery {
            client,
            params: [series],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<RejectedOfSeriesBorrowed, tokio_postgres::Error> {
                    Ok(RejectedOfSeriesBorrowed {
                        series: row.try_get(0)?,
                        times: row.try_get(1)?,
                        last_seen_at: row.try_get(2)?,
                    })
                },
            mapper: |it| RejectedOfSeries::from(it),
        }
    }
}
