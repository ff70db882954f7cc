// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct UpsertObservationsParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::ArraySql<Item = jiff::Timestamp>,
    T4: crate::ArraySql<Item = rust_decimal::Decimal>,
    T5: crate::StringSql,
    T6: crate::ArraySql<Item = T5>,
    T7: crate::ArraySql<Item = jiff::Timestamp>,
    T8: crate::ArraySql<Item = Option<jiff::civil::Date>>,
    T9: crate::ArraySql<Item = bool>,
> {
    pub metrics: T2,
    pub observed_ats: T3,
    pub values: T4,
    pub sources: T6,
    pub available_ats: T7,
    pub realtime_starts: T8,
    pub interpolated: T9,
    pub now: jiff::Timestamp,
}
#[derive(Debug)]
pub struct ObservationRevisionsParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::ArraySql<Item = jiff::Timestamp>,
> {
    pub metrics: T2,
    pub observed_ats: T3,
}
#[derive(Debug)]
pub struct ObservationsKnownAtParams<T1: crate::StringSql, T2: crate::ArraySql<Item = T1>> {
    pub metrics: T2,
    pub since: jiff::Timestamp,
    pub as_of: jiff::Timestamp,
}
#[derive(Debug)]
pub struct RecordCallsParams<
    T1: crate::ArraySql<Item = uuid::Uuid>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
    T6: crate::StringSql,
    T7: crate::ArraySql<Item = T6>,
    T8: crate::ArraySql<Item = Option<i32>>,
    T9: crate::ArraySql<Item = i64>,
    T10: crate::ArraySql<Item = i64>,
    T11: crate::StringSql,
    T12: crate::ArraySql<Item = Option<T11>>,
    T13: crate::ArraySql<Item = jiff::Timestamp>,
> {
    pub ids: T1,
    pub data_sources: T3,
    pub endpoints: T5,
    pub statuses: T7,
    pub http_statuses: T8,
    pub latencies_ms: T9,
    pub items: T10,
    pub errors: T12,
    pub created_ats: T13,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct UpsertObservations {
    pub inserted: i64,
    pub updated: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct NewestObservations {
    pub metric: String,
    pub observed_at: jiff::Timestamp,
    pub available_at: jiff::Timestamp,
    pub source: String,
}
pub struct NewestObservationsBorrowed<'a> {
    pub metric: &'a str,
    pub observed_at: jiff::Timestamp,
    pub available_at: jiff::Timestamp,
    pub source: &'a str,
}
impl<'a> From<NewestObservationsBorrowed<'a>> for NewestObservations {
    fn from(
        NewestObservationsBorrowed {
            metric,
            observed_at,
            available_at,
            source,
        }: NewestObservationsBorrowed<'a>,
    ) -> Self {
        Self {
            metric: metric.into(),
            observed_at,
            available_at,
            source: source.into(),
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct ObservationRevisions {
    pub metric: String,
    pub observed_at: jiff::Timestamp,
    pub replaced_at: jiff::Timestamp,
    pub value: rust_decimal::Decimal,
    pub new_value: rust_decimal::Decimal,
}
pub struct ObservationRevisionsBorrowed<'a> {
    pub metric: &'a str,
    pub observed_at: jiff::Timestamp,
    pub replaced_at: jiff::Timestamp,
    pub value: rust_decimal::Decimal,
    pub new_value: rust_decimal::Decimal,
}
impl<'a> From<ObservationRevisionsBorrowed<'a>> for ObservationRevisions {
    fn from(
        ObservationRevisionsBorrowed {
            metric,
            observed_at,
            replaced_at,
            value,
            new_value,
        }: ObservationRevisionsBorrowed<'a>,
    ) -> Self {
        Self {
            metric: metric.into(),
            observed_at,
            replaced_at,
            value,
            new_value,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct ObservationsKnownAt {
    pub metric: String,
    pub observed_at: jiff::Timestamp,
    pub value: rust_decimal::Decimal,
    pub source: String,
    pub available_at: jiff::Timestamp,
    pub realtime_start: Option<jiff::civil::Date>,
    pub is_interpolated: bool,
}
pub struct ObservationsKnownAtBorrowed<'a> {
    pub metric: &'a str,
    pub observed_at: jiff::Timestamp,
    pub value: rust_decimal::Decimal,
    pub source: &'a str,
    pub available_at: jiff::Timestamp,
    pub realtime_start: Option<jiff::civil::Date>,
    pub is_interpolated: bool,
}
impl<'a> From<ObservationsKnownAtBorrowed<'a>> for ObservationsKnownAt {
    fn from(
        ObservationsKnownAtBorrowed {
            metric,
            observed_at,
            value,
            source,
            available_at,
            realtime_start,
            is_interpolated,
        }: ObservationsKnownAtBorrowed<'a>,
    ) -> Self {
        Self {
            metric: metric.into(),
            observed_at,
            value,
            source: source.into(),
            available_at,
            realtime_start,
            is_interpolated,
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct UpsertObservationsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<UpsertObservations, tokio_postgres::Error>,
    mapper: fn(UpsertObservations) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> UpsertObservationsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(UpsertObservations) -> R) -> UpsertObservationsQuery<'c, 'a, 's, C, R, N> {
        UpsertObservationsQuery {
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
pub struct JiffTimestampQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<jiff::Timestamp, tokio_postgres::Error>,
    mapper: fn(jiff::Timestamp) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> JiffTimestampQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(jiff::Timestamp) -> R) -> JiffTimestampQuery<'c, 'a, 's, C, R, N> {
        JiffTimestampQuery {
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
pub struct NewestObservationsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<NewestObservationsBorrowed, tokio_postgres::Error>,
    mapper: fn(NewestObservationsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> NewestObservationsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(NewestObservationsBorrowed) -> R,
    ) -> NewestObservationsQuery<'c, 'a, 's, C, R, N> {
        NewestObservationsQuery {
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
pub struct ObservationRevisionsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ObservationRevisionsBorrowed, tokio_postgres::Error>,
    mapper: fn(ObservationRevisionsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ObservationRevisionsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(ObservationRevisionsBorrowed) -> R,
    ) -> ObservationRevisionsQuery<'c, 'a, 's, C, R, N> {
        ObservationRevisionsQuery {
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
pub struct ObservationsKnownAtQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ObservationsKnownAtBorrowed, tokio_postgres::Error>,
    mapper: fn(ObservationsKnownAtBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ObservationsKnownAtQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(ObservationsKnownAtBorrowed) -> R,
    ) -> ObservationsKnownAtQuery<'c, 'a, 's, C, R, N> {
        ObservationsKnownAtQuery {
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
pub struct UpsertObservationsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn upsert_observations() -> UpsertObservationsStmt {
    UpsertObservationsStmt(
        "WITH given AS ( SELECT * FROM unnest( $1::text[], $2::timestamptz[], $3::numeric[], $4::text[], $5::timestamptz[], $6::date[], $7::boolean[] ) AS given (metric, observed_at, value, source, available_at, realtime_start, is_interpolated) ), known AS ( SELECT metric, observed_at FROM indicator_observations JOIN given USING (metric, observed_at) ), replaced AS ( INSERT INTO observation_revisions (metric, observed_at, available_at, value, source, realtime_start, is_interpolated, replaced_at) SELECT stored.metric, stored.observed_at, stored.available_at, stored.value, stored.source, stored.realtime_start, stored.is_interpolated, $8 FROM indicator_observations AS stored JOIN given USING (metric, observed_at) WHERE (stored.value, stored.source, stored.is_interpolated) IS DISTINCT FROM (given.value::numeric(28, 8), given.source, given.is_interpolated) ON CONFLICT DO NOTHING ), written AS ( INSERT INTO indicator_observations AS stored (metric, observed_at, value, source, available_at, realtime_start, is_interpolated, updated_at) SELECT metric, observed_at, value, source, available_at, realtime_start, is_interpolated, $8 FROM given ON CONFLICT (metric, observed_at) DO UPDATE SET value = excluded.value, source = excluded.source, available_at = $8, realtime_start = excluded.realtime_start, is_interpolated = excluded.is_interpolated, updated_at = excluded.updated_at WHERE (stored.value, stored.source, stored.is_interpolated) IS DISTINCT FROM (excluded.value, excluded.source, excluded.is_interpolated) RETURNING metric, observed_at ) SELECT count(*) FILTER (WHERE known.metric IS NULL) AS inserted, count(*) FILTER (WHERE known.metric IS NOT NULL) AS updated FROM written LEFT JOIN known USING (metric, observed_at)",
        None,
    )
}
impl UpsertObservationsStmt {
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
        T2: crate::ArraySql<Item = T1>,
        T3: crate::ArraySql<Item = jiff::Timestamp>,
        T4: crate::ArraySql<Item = rust_decimal::Decimal>,
        T5: crate::StringSql,
        T6: crate::ArraySql<Item = T5>,
        T7: crate::ArraySql<Item = jiff::Timestamp>,
        T8: crate::ArraySql<Item = Option<jiff::civil::Date>>,
        T9: crate::ArraySql<Item = bool>,
    >(
        &'s self,
        client: &'c C,
        metrics: &'a T2,
        observed_ats: &'a T3,
        values: &'a T4,
        sources: &'a T6,
        available_ats: &'a T7,
        realtime_starts: &'a T8,
        interpolated: &'a T9,
        now: &'a jiff::Timestamp,
    ) -> UpsertObservationsQuery<'c, 'a, 's, C, UpsertObservations, 8> {
        UpsertObservationsQuery {
            client,
            params: [
                metrics,
                observed_ats,
                values,
                sources,
                available_ats,
                realtime_starts,
                interpolated,
                now,
            ],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<UpsertObservations, tokio_postgres::Error> {
                Ok(UpsertObservations {
                    inserted: row.try_get(0)?,
                    updated: row.try_get(1)?,
                })
            },
            mapper: |it| UpsertObservations::from(it),
        }
    }
}
impl<
    'c,
    'a,
    's,
    C: GenericClient,
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::ArraySql<Item = jiff::Timestamp>,
    T4: crate::ArraySql<Item = rust_decimal::Decimal>,
    T5: crate::StringSql,
    T6: crate::ArraySql<Item = T5>,
    T7: crate::ArraySql<Item = jiff::Timestamp>,
    T8: crate::ArraySql<Item = Option<jiff::civil::Date>>,
    T9: crate::ArraySql<Item = bool>,
>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        UpsertObservationsParams<T1, T2, T3, T4, T5, T6, T7, T8, T9>,
        UpsertObservationsQuery<'c, 'a, 's, C, UpsertObservations, 8>,
        C,
    > for UpsertObservationsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a UpsertObservationsParams<T1, T2, T3, T4, T5, T6, T7, T8, T9>,
    ) -> UpsertObservationsQuery<'c, 'a, 's, C, UpsertObservations, 8> {
        self.bind(
            client,
            &params.metrics,
            &params.observed_ats,
            &params.values,
            &params.sources,
            &params.available_ats,
            &params.realtime_starts,
            &params.interpolated,
            &params.now,
        )
    }
}
pub struct NewestObservedAtStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn newest_observed_at() -> NewestObservedAtStmt {
    NewestObservedAtStmt(
        "SELECT observed_at FROM indicator_observations WHERE metric = $1 ORDER BY observed_at DESC LIMIT 1",
        None,
    )
}
impl NewestObservedAtStmt {
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
        metric: &'a T1,
    ) -> JiffTimestampQuery<'c, 'a, 's, C, jiff::Timestamp, 1> {
        JiffTimestampQuery {
            client,
            params: [metric],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
pub struct NewestObservationsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn newest_observations() -> NewestObservationsStmt {
    NewestObservationsStmt(
        "SELECT wanted.metric, newest.observed_at, newest.available_at, newest.source FROM unnest($1::text[]) AS wanted (metric), LATERAL ( SELECT observed_at, available_at, source FROM indicator_observations WHERE indicator_observations.metric = wanted.metric ORDER BY observed_at DESC LIMIT 1 ) AS newest",
        None,
    )
}
impl NewestObservationsStmt {
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
        metrics: &'a T2,
    ) -> NewestObservationsQuery<'c, 'a, 's, C, NewestObservations, 1> {
        NewestObservationsQuery {
            client,
            params: [metrics],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<NewestObservationsBorrowed, tokio_postgres::Error> {
                    Ok(NewestObservationsBorrowed {
                        metric: row.try_get(0)?,
                        observed_at: row.try_get(1)?,
                        available_at: row.try_get(2)?,
                        source: row.try_get(3)?,
                    })
                },
            mapper: |it| NewestObservations::from(it),
        }
    }
}
pub struct ObservationRevisionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn observation_revisions() -> ObservationRevisionsStmt {
    ObservationRevisionsStmt(
        "WITH wanted AS ( SELECT DISTINCT metric, observed_at FROM unnest($1::text[], $2::timestamptz[]) AS given (metric, observed_at) ), versions AS ( SELECT metric, observed_at, available_at, value, replaced_at FROM observation_revisions JOIN wanted USING (metric, observed_at) UNION ALL SELECT metric, observed_at, available_at, value, NULL FROM indicator_observations JOIN wanted USING (metric, observed_at) ), changes AS ( SELECT metric, observed_at, replaced_at, value, lead(value) OVER following AS new_value FROM versions WINDOW following AS (PARTITION BY metric, observed_at ORDER BY available_at, replaced_at) ) SELECT metric, observed_at, replaced_at, value, new_value FROM changes WHERE replaced_at IS NOT NULL AND new_value IS NOT NULL ORDER BY metric, observed_at, replaced_at",
        None,
    )
}
impl ObservationRevisionsStmt {
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
        T2: crate::ArraySql<Item = T1>,
        T3: crate::ArraySql<Item = jiff::Timestamp>,
    >(
        &'s self,
        client: &'c C,
        metrics: &'a T2,
        observed_ats: &'a T3,
    ) -> ObservationRevisionsQuery<'c, 'a, 's, C, ObservationRevisions, 2> {
        ObservationRevisionsQuery {
            client,
            params: [metrics, observed_ats],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<ObservationRevisionsBorrowed, tokio_postgres::Error> {
                    Ok(ObservationRevisionsBorrowed {
                        metric: row.try_get(0)?,
                        observed_at: row.try_get(1)?,
                        replaced_at: row.try_get(2)?,
                        value: row.try_get(3)?,
                        new_value: row.try_get(4)?,
                    })
                },
            mapper: |it| ObservationRevisions::from(it),
        }
    }
}
impl<
    'c,
    'a,
    's,
    C: GenericClient,
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = T1>,
    T3: crate::ArraySql<Item = jiff::Timestamp>,
>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ObservationRevisionsParams<T1, T2, T3>,
        ObservationRevisionsQuery<'c, 'a, 's, C, ObservationRevisions, 2>,
        C,
    > for ObservationRevisionsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ObservationRevisionsParams<T1, T2, T3>,
    ) -> ObservationRevisionsQuery<'c, 'a, 's, C, ObservationRevisions, 2> {
        self.bind(client, &params.metrics, &params.observed_ats)
    }
}
pub struct ObservationsKnownAtStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn observations_known_at() -> ObservationsKnownAtStmt {
    ObservationsKnownAtStmt(
        "SELECT DISTINCT ON (metric, observed_at) metric, observed_at, value, source, available_at, realtime_start, is_interpolated FROM ( SELECT metric, observed_at, value, source, available_at, realtime_start, is_interpolated FROM indicator_observations WHERE metric = ANY ($1) AND observed_at >= $2 AND observed_at <= $3 AND available_at <= $3 UNION ALL SELECT metric, observed_at, value, source, available_at, realtime_start, is_interpolated FROM observation_revisions WHERE metric = ANY ($1) AND observed_at >= $2 AND observed_at <= $3 AND available_at <= $3 ) AS known ORDER BY metric, observed_at, available_at DESC",
        None,
    )
}
impl ObservationsKnownAtStmt {
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
        metrics: &'a T2,
        since: &'a jiff::Timestamp,
        as_of: &'a jiff::Timestamp,
    ) -> ObservationsKnownAtQuery<'c, 'a, 's, C, ObservationsKnownAt, 3> {
        ObservationsKnownAtQuery {
            client,
            params: [metrics, since, as_of],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<ObservationsKnownAtBorrowed, tokio_postgres::Error> {
                    Ok(ObservationsKnownAtBorrowed {
                        metric: row.try_get(0)?,
                        observed_at: row.try_get(1)?,
                        value: row.try_get(2)?,
                        source: row.try_get(3)?,
                        available_at: row.try_get(4)?,
                        realtime_start: row.try_get(5)?,
                        is_interpolated: row.try_get(6)?,
                    })
                },
            mapper: |it| ObservationsKnownAt::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::ArraySql<Item = T1>>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ObservationsKnownAtParams<T1, T2>,
        ObservationsKnownAtQuery<'c, 'a, 's, C, ObservationsKnownAt, 3>,
        C,
    > for ObservationsKnownAtStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ObservationsKnownAtParams<T1, T2>,
    ) -> ObservationsKnownAtQuery<'c, 'a, 's, C, ObservationsKnownAt, 3> {
        self.bind(client, &params.metrics, &params.since, &params.as_of)
    }
}
pub struct RecordCallsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn record_calls() -> RecordCallsStmt {
    RecordCallsStmt(
        "INSERT INTO data_collection_logs (id, data_source, endpoint, status, http_status, latency_ms, items, error, created_at) SELECT * FROM unnest( $1::uuid[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::bigint[], $7::bigint[], $8::text[], $9::timestamptz[] )",
        None,
    )
}
impl RecordCallsStmt {
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
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
        T6: crate::StringSql,
        T7: crate::ArraySql<Item = T6>,
        T8: crate::ArraySql<Item = Option<i32>>,
        T9: crate::ArraySql<Item = i64>,
        T10: crate::ArraySql<Item = i64>,
        T11: crate::StringSql,
        T12: crate::ArraySql<Item = Option<T11>>,
        T13: crate::ArraySql<Item = jiff::Timestamp>,
    >(
        &'s self,
        client: &'c C,
        ids: &'a T1,
        data_sources: &'a T3,
        endpoints: &'a T5,
        statuses: &'a T7,
        http_statuses: &'a T8,
        latencies_ms: &'a T9,
        items: &'a T10,
        errors: &'a T12,
        created_ats: &'a T13,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[
                    ids,
                    data_sources,
                    endpoints,
                    statuses,
                    http_statuses,
                    latencies_ms,
                    items,
                    errors,
                    created_ats,
                ],
            )
            .await
    }
}
impl<
    'a,
    C: GenericClient + Send + Sync,
    T1: crate::ArraySql<Item = uuid::Uuid>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
    T6: crate::StringSql,
    T7: crate::ArraySql<Item = T6>,
    T8: crate::ArraySql<Item = Option<i32>>,
    T9: crate::ArraySql<Item = i64>,
    T10: crate::ArraySql<Item = i64>,
    T11: crate::StringSql,
    T12: crate::ArraySql<Item = Option<T11>>,
    T13: crate::ArraySql<Item = jiff::Timestamp>,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        RecordCallsParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for RecordCallsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a RecordCallsParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.ids,
            &params.data_sources,
            &params.endpoints,
            &params.statuses,
            &params.http_statuses,
            &params.latencies_ms,
            &params.items,
            &params.errors,
            &params.created_ats,
        ))
    }
}
