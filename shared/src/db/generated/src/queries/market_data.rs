// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct UpsertCandlesParams<
    T1: crate::ArraySql<Item = jiff::Timestamp>,
    T2: crate::ArraySql<Item = rust_decimal::Decimal>,
    T3: crate::ArraySql<Item = rust_decimal::Decimal>,
    T4: crate::ArraySql<Item = rust_decimal::Decimal>,
    T5: crate::ArraySql<Item = rust_decimal::Decimal>,
    T6: crate::ArraySql<Item = rust_decimal::Decimal>,
    T7: crate::ArraySql<Item = bool>,
    T8: crate::StringSql,
    T9: crate::StringSql,
    T10: crate::StringSql,
> {
    pub open_times: T1,
    pub opens: T2,
    pub highs: T3,
    pub lows: T4,
    pub closes: T5,
    pub volumes: T6,
    pub anomalies: T7,
    pub asset: T8,
    pub timeframe: T9,
    pub now: jiff::Timestamp,
    pub source: T10,
}
#[derive(Debug)]
pub struct NewestCandleParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub as_of: jiff::Timestamp,
    pub asset: T1,
    pub timeframe: T2,
    pub opened_by: jiff::Timestamp,
}
#[derive(Debug)]
pub struct CandlesUntilParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub asset: T1,
    pub timeframe: T2,
    pub opened_by: jiff::Timestamp,
    pub as_of: jiff::Timestamp,
}
#[derive(Debug)]
pub struct CloseBeforeParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub asset: T1,
    pub timeframe: T2,
    pub open_time: jiff::Timestamp,
}
#[derive(Debug)]
pub struct PlacesParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub asset: T1,
    pub timeframe: T2,
    pub since: jiff::Timestamp,
}
#[derive(Debug)]
pub struct CandleRevisionsParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub asset: T1,
    pub timeframe: T2,
    pub opened_by: jiff::Timestamp,
}
#[derive(Debug)]
pub struct CountRevisionsParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub asset: T1,
    pub timeframe: T2,
}
#[derive(Debug)]
pub struct CandlePageParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub asset: T1,
    pub timeframe: T2,
    pub from: jiff::Timestamp,
    pub to: jiff::Timestamp,
    pub before: jiff::Timestamp,
    pub limit: i64,
}
#[derive(Debug)]
pub struct RecordGapsParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = jiff::Timestamp>,
> {
    pub asset: T1,
    pub timeframe: T2,
    pub now: jiff::Timestamp,
    pub open_times: T3,
}
#[derive(Debug)]
pub struct ForgetGapsParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = jiff::Timestamp>,
> {
    pub asset: T1,
    pub timeframe: T2,
    pub open_times: T3,
}
#[derive(Debug)]
pub struct GapsParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub asset: T1,
    pub timeframe: T2,
    pub since: jiff::Timestamp,
}
#[derive(Debug)]
pub struct FindAuditParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub asset: T1,
    pub timeframe: T2,
}
#[derive(Debug)]
pub struct SaveAuditParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub asset: T1,
    pub timeframe: T2,
    pub asked_since: jiff::Timestamp,
    pub first_open_time: jiff::Timestamp,
    pub settled_until: jiff::Timestamp,
    pub began_at: jiff::Timestamp,
}
#[derive(Debug)]
pub struct UpsertLivePriceParams<T1: crate::StringSql, T2: crate::StringSql, T3: crate::StringSql> {
    pub asset: T1,
    pub service: T2,
    pub price: rust_decimal::Decimal,
    pub change_24h_pct: Option<rust_decimal::Decimal>,
    pub source: T3,
    pub observed_at: jiff::Timestamp,
}
#[derive(Debug)]
pub struct SaveComparisonParams<T1: crate::StringSql> {
    pub asset: T1,
    pub compared_at: jiff::Timestamp,
    pub exchange_price: rust_decimal::Decimal,
    pub reference_price: rust_decimal::Decimal,
    pub difference_pct: rust_decimal::Decimal,
    pub apart_in_a_row: i32,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct UpsertCandles {
    pub inserted: i64,
    pub updated: i64,
    pub revised: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct CandleRow {
    pub open_time: jiff::Timestamp,
    pub open: rust_decimal::Decimal,
    pub high: rust_decimal::Decimal,
    pub low: rust_decimal::Decimal,
    pub close: rust_decimal::Decimal,
    pub volume: rust_decimal::Decimal,
    pub is_anomaly: bool,
    pub source: String,
}
pub struct CandleRowBorrowed<'a> {
    pub open_time: jiff::Timestamp,
    pub open: rust_decimal::Decimal,
    pub high: rust_decimal::Decimal,
    pub low: rust_decimal::Decimal,
    pub close: rust_decimal::Decimal,
    pub volume: rust_decimal::Decimal,
    pub is_anomaly: bool,
    pub source: &'a str,
}
impl<'a> From<CandleRowBorrowed<'a>> for CandleRow {
    fn from(
        CandleRowBorrowed {
            open_time,
            open,
            high,
            low,
            close,
            volume,
            is_anomaly,
            source,
        }: CandleRowBorrowed<'a>,
    ) -> Self {
        Self {
            open_time,
            open,
            high,
            low,
            close,
            volume,
            is_anomaly,
            source: source.into(),
        }
    }
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct Places {
    pub open_time: jiff::Timestamp,
    pub is_anomaly: bool,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct CandleRevisions {
    pub open_time: jiff::Timestamp,
    pub replaced_at: jiff::Timestamp,
    pub open: rust_decimal::Decimal,
    pub high: rust_decimal::Decimal,
    pub low: rust_decimal::Decimal,
    pub close: rust_decimal::Decimal,
    pub volume: rust_decimal::Decimal,
    pub new_open: rust_decimal::Decimal,
    pub new_high: rust_decimal::Decimal,
    pub new_low: rust_decimal::Decimal,
    pub new_close: rust_decimal::Decimal,
    pub new_volume: rust_decimal::Decimal,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct Gaps {
    pub open_time: jiff::Timestamp,
    pub checked_at: jiff::Timestamp,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct FindAudit {
    pub asked_since: jiff::Timestamp,
    pub first_open_time: jiff::Timestamp,
    pub settled_until: jiff::Timestamp,
    pub began_at: jiff::Timestamp,
}
#[derive(Debug, Clone, PartialEq)]
pub struct LivePrices {
    pub service: String,
    pub price: rust_decimal::Decimal,
    pub change_24h_pct: Option<rust_decimal::Decimal>,
    pub source: String,
    pub observed_at: jiff::Timestamp,
}
pub struct LivePricesBorrowed<'a> {
    pub service: &'a str,
    pub price: rust_decimal::Decimal,
    pub change_24h_pct: Option<rust_decimal::Decimal>,
    pub source: &'a str,
    pub observed_at: jiff::Timestamp,
}
impl<'a> From<LivePricesBorrowed<'a>> for LivePrices {
    fn from(
        LivePricesBorrowed {
            service,
            price,
            change_24h_pct,
            source,
            observed_at,
        }: LivePricesBorrowed<'a>,
    ) -> Self {
        Self {
            service: service.into(),
            price,
            change_24h_pct,
            source: source.into(),
            observed_at,
        }
    }
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct FindComparison {
    pub compared_at: jiff::Timestamp,
    pub exchange_price: rust_decimal::Decimal,
    pub reference_price: rust_decimal::Decimal,
    pub difference_pct: rust_decimal::Decimal,
    pub apart_in_a_row: i32,
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct UpsertCandlesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<UpsertCandles, tokio_postgres::Error>,
    mapper: fn(UpsertCandles) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> UpsertCandlesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(UpsertCandles) -> R) -> UpsertCandlesQuery<'c, 'a, 's, C, R, N> {
        UpsertCandlesQuery {
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
pub struct CandleRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<CandleRowBorrowed, tokio_postgres::Error>,
    mapper: fn(CandleRowBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> CandleRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(CandleRowBorrowed) -> R) -> CandleRowQuery<'c, 'a, 's, C, R, N> {
        CandleRowQuery {
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
pub struct RustdecimalDecimalQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<rust_decimal::Decimal, tokio_postgres::Error>,
    mapper: fn(rust_decimal::Decimal) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> RustdecimalDecimalQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(rust_decimal::Decimal) -> R,
    ) -> RustdecimalDecimalQuery<'c, 'a, 's, C, R, N> {
        RustdecimalDecimalQuery {
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
pub struct PlacesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<Places, tokio_postgres::Error>,
    mapper: fn(Places) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> PlacesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(Places) -> R) -> PlacesQuery<'c, 'a, 's, C, R, N> {
        PlacesQuery {
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
pub struct CandleRevisionsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<CandleRevisions, tokio_postgres::Error>,
    mapper: fn(CandleRevisions) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> CandleRevisionsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(CandleRevisions) -> R) -> CandleRevisionsQuery<'c, 'a, 's, C, R, N> {
        CandleRevisionsQuery {
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
pub struct GapsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<Gaps, tokio_postgres::Error>,
    mapper: fn(Gaps) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> GapsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(Gaps) -> R) -> GapsQuery<'c, 'a, 's, C, R, N> {
        GapsQuery {
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
pub struct FindAuditQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<FindAudit, tokio_postgres::Error>,
    mapper: fn(FindAudit) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> FindAuditQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(FindAudit) -> R) -> FindAuditQuery<'c, 'a, 's, C, R, N> {
        FindAuditQuery {
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
pub struct LivePricesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<LivePricesBorrowed, tokio_postgres::Error>,
    mapper: fn(LivePricesBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> LivePricesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(LivePricesBorrowed) -> R) -> LivePricesQuery<'c, 'a, 's, C, R, N> {
        LivePricesQuery {
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
pub struct FindComparisonQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<FindComparison, tokio_postgres::Error>,
    mapper: fn(FindComparison) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> FindComparisonQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(FindComparison) -> R) -> FindComparisonQuery<'c, 'a, 's, C, R, N> {
        FindComparisonQuery {
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
pub struct UpsertCandlesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn upsert_candles() -> UpsertCandlesStmt {
    UpsertCandlesStmt(
        "WITH given AS ( SELECT open_time, open::numeric(20, 8), high::numeric(20, 8), low::numeric(20, 8), close::numeric(20, 8), volume::numeric(20, 8), is_anomaly FROM unnest( $1::timestamptz[], $2::numeric[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[], $7::boolean[] ) AS given (open_time, open, high, low, close, volume, is_anomaly) ), known AS ( SELECT open_time, available_at, open, high, low, close, volume, source FROM market_data WHERE asset = $8 AND timeframe = $9 AND open_time = ANY ($1) ), replaced AS ( INSERT INTO market_data_revisions (asset, timeframe, open_time, available_at, open, high, low, close, volume, source, replaced_at) SELECT $8, $9, open_time, known.available_at, known.open, known.high, known.low, known.close, known.volume, known.source, $10 FROM known JOIN given USING (open_time) WHERE (known.open, known.high, known.low, known.close, known.volume) IS DISTINCT FROM (given.open, given.high, given.low, given.close, given.volume) ON CONFLICT DO NOTHING RETURNING open_time ), written AS ( INSERT INTO market_data AS stored (asset, timeframe, open_time, open, high, low, close, volume, is_anomaly, source, available_at, updated_at) SELECT $8, $9, open_time, open, high, low, close, volume, is_anomaly, $11, $10, $10 FROM given ON CONFLICT (asset, timeframe, open_time) DO UPDATE SET open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume, is_anomaly = excluded.is_anomaly, source = excluded.source, updated_at = excluded.updated_at, available_at = CASE WHEN (stored.open, stored.high, stored.low, stored.close, stored.volume) IS DISTINCT FROM (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume) THEN excluded.available_at ELSE stored.available_at END WHERE (stored.open, stored.high, stored.low, stored.close, stored.volume, stored.is_anomaly, stored.source) IS DISTINCT FROM (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume, excluded.is_anomaly, excluded.source) RETURNING open_time ) SELECT count(*) FILTER (WHERE known.open_time IS NULL) AS inserted, count(*) FILTER (WHERE known.open_time IS NOT NULL) AS updated, (SELECT count(*) FROM replaced) AS revised FROM written LEFT JOIN known USING (open_time)",
        None,
    )
}
impl UpsertCandlesStmt {
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
        T1: crate::ArraySql<Item = jiff::Timestamp>,
        T2: crate::ArraySql<Item = rust_decimal::Decimal>,
        T3: crate::ArraySql<Item = rust_decimal::Decimal>,
        T4: crate::ArraySql<Item = rust_decimal::Decimal>,
        T5: crate::ArraySql<Item = rust_decimal::Decimal>,
        T6: crate::ArraySql<Item = rust_decimal::Decimal>,
        T7: crate::ArraySql<Item = bool>,
        T8: crate::StringSql,
        T9: crate::StringSql,
        T10: crate::StringSql,
    >(
        &'s self,
        client: &'c C,
        open_times: &'a T1,
        opens: &'a T2,
        highs: &'a T3,
        lows: &'a T4,
        closes: &'a T5,
        volumes: &'a T6,
        anomalies: &'a T7,
        asset: &'a T8,
        timeframe: &'a T9,
        now: &'a jiff::Timestamp,
        source: &'a T10,
    ) -> UpsertCandlesQuery<'c, 'a, 's, C, UpsertCandles, 11> {
        UpsertCandlesQuery {
            client,
            params: [
                open_times, opens, highs, lows, closes, volumes, anomalies, asset, timeframe, now, source,
            ],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<UpsertCandles, tokio_postgres::Error> {
                Ok(UpsertCandles {
                    inserted: row.try_get(0)?,
                    updated: row.try_get(1)?,
                    revised: row.try_get(2)?,
                })
            },
            mapper: |it| UpsertCandles::from(it),
        }
    }
}
impl<
    'c,
    'a,
    's,
    C: GenericClient,
    T1: crate::ArraySql<Item = jiff::Timestamp>,
    T2: crate::ArraySql<Item = rust_decimal::Decimal>,
    T3: crate::ArraySql<Item = rust_decimal::Decimal>,
    T4: crate::ArraySql<Item = rust_decimal::Decimal>,
    T5: crate::ArraySql<Item = rust_decimal::Decimal>,
    T6: crate::ArraySql<Item = rust_decimal::Decimal>,
    T7: crate::ArraySql<Item = bool>,
    T8: crate::StringSql,
    T9: crate::StringSql,
    T10: crate::StringSql,
>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        UpsertCandlesParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>,
        UpsertCandlesQuery<'c, 'a, 's, C, UpsertCandles, 11>,
        C,
    > for UpsertCandlesStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a UpsertCandlesParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>,
    ) -> UpsertCandlesQuery<'c, 'a, 's, C, UpsertCandles, 11> {
        self.bind(
            client,
            &params.open_times,
            &params.opens,
            &params.highs,
            &params.lows,
            &params.closes,
            &params.volumes,
            &params.anomalies,
            &params.asset,
            &params.timeframe,
            &params.now,
            &params.source,
        )
    }
}
pub struct NewestCandleStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn newest_candle() -> NewestCandleStmt {
    NewestCandleStmt(
        "SELECT stored.open_time, coalesce(earlier.open, stored.open) AS open, coalesce(earlier.high, stored.high) AS high, coalesce(earlier.low, stored.low) AS low, coalesce(earlier.close, stored.close) AS close, coalesce(earlier.volume, stored.volume) AS volume, stored.is_anomaly, stored.source FROM market_data AS stored LEFT JOIN LATERAL ( SELECT open, high, low, close, volume FROM market_data_revisions WHERE asset = stored.asset AND timeframe = stored.timeframe AND open_time = stored.open_time AND replaced_at > $1 ORDER BY replaced_at LIMIT 1 ) AS earlier ON true WHERE stored.asset = $2 AND stored.timeframe = $3 AND stored.open_time <= $4 ORDER BY stored.open_time DESC LIMIT 1",
        None,
    )
}
impl NewestCandleStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        as_of: &'a jiff::Timestamp,
        asset: &'a T1,
        timeframe: &'a T2,
        opened_by: &'a jiff::Timestamp,
    ) -> CandleRowQuery<'c, 'a, 's, C, CandleRow, 4> {
        CandleRowQuery {
            client,
            params: [as_of, asset, timeframe, opened_by],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<CandleRowBorrowed, tokio_postgres::Error> {
                Ok(CandleRowBorrowed {
                    open_time: row.try_get(0)?,
                    open: row.try_get(1)?,
                    high: row.try_get(2)?,
                    low: row.try_get(3)?,
                    close: row.try_get(4)?,
                    volume: row.try_get(5)?,
                    is_anomaly: row.try_get(6)?,
                    source: row.try_get(7)?,
                })
            },
            mapper: |it| CandleRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        NewestCandleParams<T1, T2>,
        CandleRowQuery<'c, 'a, 's, C, CandleRow, 4>,
        C,
    > for NewestCandleStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a NewestCandleParams<T1, T2>,
    ) -> CandleRowQuery<'c, 'a, 's, C, CandleRow, 4> {
        self.bind(
            client,
            &params.as_of,
            &params.asset,
            &params.timeframe,
            &params.opened_by,
        )
    }
}
pub struct CandlesUntilStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn candles_until() -> CandlesUntilStmt {
    CandlesUntilStmt(
        "WITH earlier AS ( SELECT DISTINCT ON (open_time) open_time, open, high, low, close, volume FROM market_data_revisions WHERE asset = $1 AND timeframe = $2 AND open_time <= $3 AND replaced_at > $4 ORDER BY open_time, replaced_at ) SELECT open_time, coalesce(earlier.open, stored.open) AS open, coalesce(earlier.high, stored.high) AS high, coalesce(earlier.low, stored.low) AS low, coalesce(earlier.close, stored.close) AS close, coalesce(earlier.volume, stored.volume) AS volume, stored.is_anomaly, stored.source FROM market_data AS stored LEFT JOIN earlier USING (open_time) WHERE stored.asset = $1 AND stored.timeframe = $2 AND open_time <= $3 ORDER BY open_time",
        None,
    )
}
impl CandlesUntilStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        asset: &'a T1,
        timeframe: &'a T2,
        opened_by: &'a jiff::Timestamp,
        as_of: &'a jiff::Timestamp,
    ) -> CandleRowQuery<'c, 'a, 's, C, CandleRow, 4> {
        CandleRowQuery {
            client,
            params: [asset, timeframe, opened_by, as_of],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<CandleRowBorrowed, tokio_postgres::Error> {
                Ok(CandleRowBorrowed {
                    open_time: row.try_get(0)?,
                    open: row.try_get(1)?,
                    high: row.try_get(2)?,
                    low: row.try_get(3)?,
                    close: row.try_get(4)?,
                    volume: row.try_get(5)?,
                    is_anomaly: row.try_get(6)?,
                    source: row.try_get(7)?,
                })
            },
            mapper: |it| CandleRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        CandlesUntilParams<T1, T2>,
        CandleRowQuery<'c, 'a, 's, C, CandleRow, 4>,
        C,
    > for CandlesUntilStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CandlesUntilParams<T1, T2>,
    ) -> CandleRowQuery<'c, 'a, 's, C, CandleRow, 4> {
        self.bind(
            client,
            &params.asset,
            &params.timeframe,
            &params.opened_by,
            &params.as_of,
        )
    }
}
pub struct CloseBeforeStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn close_before() -> CloseBeforeStmt {
    CloseBeforeStmt(
        "SELECT close FROM market_data WHERE asset = $1 AND timeframe = $2 AND open_time < $3 ORDER BY open_time DESC LIMIT 1",
        None,
    )
}
impl CloseBeforeStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        asset: &'a T1,
        timeframe: &'a T2,
        open_time: &'a jiff::Timestamp,
    ) -> RustdecimalDecimalQuery<'c, 'a, 's, C, rust_decimal::Decimal, 3> {
        RustdecimalDecimalQuery {
            client,
            params: [asset, timeframe, open_time],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        CloseBeforeParams<T1, T2>,
        RustdecimalDecimalQuery<'c, 'a, 's, C, rust_decimal::Decimal, 3>,
        C,
    > for CloseBeforeStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CloseBeforeParams<T1, T2>,
    ) -> RustdecimalDecimalQuery<'c, 'a, 's, C, rust_decimal::Decimal, 3> {
        self.bind(client, &params.asset, &params.timeframe, &params.open_time)
    }
}
pub struct PlacesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn places() -> PlacesStmt {
    PlacesStmt(
        "SELECT open_time, is_anomaly FROM market_data WHERE asset = $1 AND timeframe = $2 AND open_time >= $3 ORDER BY open_time",
        None,
    )
}
impl PlacesStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        asset: &'a T1,
        timeframe: &'a T2,
        since: &'a jiff::Timestamp,
    ) -> PlacesQuery<'c, 'a, 's, C, Places, 3> {
        PlacesQuery {
            client,
            params: [asset, timeframe, since],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<Places, tokio_postgres::Error> {
                Ok(Places {
                    open_time: row.try_get(0)?,
                    is_anomaly: row.try_get(1)?,
                })
            },
            mapper: |it| Places::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, PlacesParams<T1, T2>, PlacesQuery<'c, 'a, 's, C, Places, 3>, C>
    for PlacesStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a PlacesParams<T1, T2>,
    ) -> PlacesQuery<'c, 'a, 's, C, Places, 3> {
        self.bind(client, &params.asset, &params.timeframe, &params.since)
    }
}
pub struct CandleRevisionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn candle_revisions() -> CandleRevisionsStmt {
    CandleRevisionsStmt(
        "WITH changed AS ( SELECT DISTINCT open_time FROM market_data_revisions WHERE asset = $1 AND timeframe = $2 AND open_time <= $3 ), versions AS ( SELECT open_time, available_at, open, high, low, close, volume, replaced_at FROM market_data_revisions JOIN changed USING (open_time) WHERE asset = $1 AND timeframe = $2 UNION ALL SELECT open_time, available_at, open, high, low, close, volume, NULL FROM market_data JOIN changed USING (open_time) WHERE asset = $1 AND timeframe = $2 ), changes AS ( SELECT open_time, replaced_at, open, high, low, close, volume, lead(open) OVER following AS new_open, lead(high) OVER following AS new_high, lead(low) OVER following AS new_low, lead(close) OVER following AS new_close, lead(volume) OVER following AS new_volume FROM versions WINDOW following AS (PARTITION BY open_time ORDER BY available_at, replaced_at) ) SELECT open_time, replaced_at, open, high, low, close, volume, new_open, new_high, new_low, new_close, new_volume FROM changes WHERE replaced_at IS NOT NULL AND new_open IS NOT NULL ORDER BY open_time, replaced_at",
        None,
    )
}
impl CandleRevisionsStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        asset: &'a T1,
        timeframe: &'a T2,
        opened_by: &'a jiff::Timestamp,
    ) -> CandleRevisionsQuery<'c, 'a, 's, C, CandleRevisions, 3> {
        CandleRevisionsQuery {
            client,
            params: [asset, timeframe, opened_by],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<CandleRevisions, tokio_postgres::Error> {
                Ok(CandleRevisions {
                    open_time: row.try_get(0)?,
                    replaced_at: row.try_get(1)?,
                    open: row.try_get(2)?,
                    high: row.try_get(3)?,
                    low: row.try_get(4)?,
                    close: row.try_get(5)?,
                    volume: row.try_get(6)?,
                    new_open: row.try_get(7)?,
                    new_high: row.try_get(8)?,
                    new_low: row.try_get(9)?,
                    new_close: row.try_get(10)?,
                    new_volume: row.try_get(11)?,
                })
            },
            mapper: |it| CandleRevisions::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        CandleRevisionsParams<T1, T2>,
        CandleRevisionsQuery<'c, 'a, 's, C, CandleRevisions, 3>,
        C,
    > for CandleRevisionsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CandleRevisionsParams<T1, T2>,
    ) -> CandleRevisionsQuery<'c, 'a, 's, C, CandleRevisions, 3> {
        self.bind(client, &params.asset, &params.timeframe, &params.opened_by)
    }
}
pub struct CountRevisionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn count_revisions() -> CountRevisionsStmt {
    CountRevisionsStmt(
        "SELECT count(*) AS revisions FROM market_data_revisions WHERE asset = $1 AND timeframe = $2",
        None,
    )
}
impl CountRevisionsStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        asset: &'a T1,
        timeframe: &'a T2,
    ) -> I64Query<'c, 'a, 's, C, i64, 2> {
        I64Query {
            client,
            params: [asset, timeframe],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        CountRevisionsParams<T1, T2>,
        I64Query<'c, 'a, 's, C, i64, 2>,
        C,
    > for CountRevisionsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CountRevisionsParams<T1, T2>,
    ) -> I64Query<'c, 'a, 's, C, i64, 2> {
        self.bind(client, &params.asset, &params.timeframe)
    }
}
pub struct CandlePageStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn candle_page() -> CandlePageStmt {
    CandlePageStmt(
        "SELECT open_time, open, high, low, close, volume, is_anomaly, source FROM market_data WHERE asset = $1 AND timeframe = $2 AND open_time >= $3 AND open_time <= $4 AND open_time < $5 ORDER BY open_time DESC LIMIT $6",
        None,
    )
}
impl CandlePageStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        asset: &'a T1,
        timeframe: &'a T2,
        from: &'a jiff::Timestamp,
        to: &'a jiff::Timestamp,
        before: &'a jiff::Timestamp,
        limit: &'a i64,
    ) -> CandleRowQuery<'c, 'a, 's, C, CandleRow, 6> {
        CandleRowQuery {
            client,
            params: [asset, timeframe, from, to, before, limit],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<CandleRowBorrowed, tokio_postgres::Error> {
                Ok(CandleRowBorrowed {
                    open_time: row.try_get(0)?,
                    open: row.try_get(1)?,
                    high: row.try_get(2)?,
                    low: row.try_get(3)?,
                    close: row.try_get(4)?,
                    volume: row.try_get(5)?,
                    is_anomaly: row.try_get(6)?,
                    source: row.try_get(7)?,
                })
            },
            mapper: |it| CandleRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        CandlePageParams<T1, T2>,
        CandleRowQuery<'c, 'a, 's, C, CandleRow, 6>,
        C,
    > for CandlePageStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CandlePageParams<T1, T2>,
    ) -> CandleRowQuery<'c, 'a, 's, C, CandleRow, 6> {
        self.bind(
            client,
            &params.asset,
            &params.timeframe,
            &params.from,
            &params.to,
            &params.before,
            &params.limit,
        )
    }
}
pub struct RecordGapsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn record_gaps() -> RecordGapsStmt {
    RecordGapsStmt(
        "INSERT INTO market_gaps (asset, timeframe, open_time, checked_at) SELECT $1, $2, open_time, $3 FROM unnest($4::timestamptz[]) AS missing (open_time) ON CONFLICT (asset, timeframe, open_time) DO UPDATE SET checked_at = excluded.checked_at",
        None,
    )
}
impl RecordGapsStmt {
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
        T3: crate::ArraySql<Item = jiff::Timestamp>,
    >(
        &'s self,
        client: &'c C,
        asset: &'a T1,
        timeframe: &'a T2,
        now: &'a jiff::Timestamp,
        open_times: &'a T3,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[asset, timeframe, now, open_times]).await
    }
}
impl<
    'a,
    C: GenericClient + Send + Sync,
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = jiff::Timestamp>,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        RecordGapsParams<T1, T2, T3>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for RecordGapsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a RecordGapsParams<T1, T2, T3>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.asset,
            &params.timeframe,
            &params.now,
            &params.open_times,
        ))
    }
}
pub struct ForgetGapsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn forget_gaps() -> ForgetGapsStmt {
    ForgetGapsStmt(
        "DELETE FROM market_gaps WHERE asset = $1 AND timeframe = $2 AND open_time = ANY ($3)",
        None,
    )
}
impl ForgetGapsStmt {
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
        T3: crate::ArraySql<Item = jiff::Timestamp>,
    >(
        &'s self,
        client: &'c C,
        asset: &'a T1,
        timeframe: &'a T2,
        open_times: &'a T3,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[asset, timeframe, open_times]).await
    }
}
impl<
    'a,
    C: GenericClient + Send + Sync,
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = jiff::Timestamp>,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        ForgetGapsParams<T1, T2, T3>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for ForgetGapsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a ForgetGapsParams<T1, T2, T3>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.asset, &params.timeframe, &params.open_times))
    }
}
pub struct GapsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn gaps() -> GapsStmt {
    GapsStmt(
        "SELECT open_time, checked_at FROM market_gaps WHERE asset = $1 AND timeframe = $2 AND open_time >= $3 ORDER BY open_time",
        None,
    )
}
impl GapsStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        asset: &'a T1,
        timeframe: &'a T2,
        since: &'a jiff::Timestamp,
    ) -> GapsQuery<'c, 'a, 's, C, Gaps, 3> {
        GapsQuery {
            client,
            params: [asset, timeframe, since],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<Gaps, tokio_postgres::Error> {
                Ok(Gaps {
                    open_time: row.try_get(0)?,
                    checked_at: row.try_get(1)?,
                })
            },
            mapper: |it| Gaps::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, GapsParams<T1, T2>, GapsQuery<'c, 'a, 's, C, Gaps, 3>, C>
    for GapsStmt
{
    fn params(&'s self, client: &'c C, params: &'a GapsParams<T1, T2>) -> GapsQuery<'c, 'a, 's, C, Gaps, 3> {
        self.bind(client, &params.asset, &params.timeframe, &params.since)
    }
}
pub struct FindAuditStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn find_audit() -> FindAuditStmt {
    FindAuditStmt(
        "SELECT asked_since, first_open_time, settled_until, began_at FROM market_audits WHERE asset = $1 AND timeframe = $2",
        None,
    )
}
impl FindAuditStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        asset: &'a T1,
        timeframe: &'a T2,
    ) -> FindAuditQuery<'c, 'a, 's, C, FindAudit, 2> {
        FindAuditQuery {
            client,
            params: [asset, timeframe],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<FindAudit, tokio_postgres::Error> {
                Ok(FindAudit {
                    asked_since: row.try_get(0)?,
                    first_open_time: row.try_get(1)?,
                    settled_until: row.try_get(2)?,
                    began_at: row.try_get(3)?,
                })
            },
            mapper: |it| FindAudit::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        FindAuditParams<T1, T2>,
        FindAuditQuery<'c, 'a, 's, C, FindAudit, 2>,
        C,
    > for FindAuditStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a FindAuditParams<T1, T2>,
    ) -> FindAuditQuery<'c, 'a, 's, C, FindAudit, 2> {
        self.bind(client, &params.asset, &params.timeframe)
    }
}
pub struct SaveAuditStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn save_audit() -> SaveAuditStmt {
    SaveAuditStmt(
        "INSERT INTO market_audits (asset, timeframe, asked_since, first_open_time, settled_until, began_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (asset, timeframe) DO UPDATE SET asked_since = excluded.asked_since, first_open_time = excluded.first_open_time, settled_until = excluded.settled_until, began_at = excluded.began_at",
        None,
    )
}
impl SaveAuditStmt {
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
        asset: &'a T1,
        timeframe: &'a T2,
        asked_since: &'a jiff::Timestamp,
        first_open_time: &'a jiff::Timestamp,
        settled_until: &'a jiff::Timestamp,
        began_at: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[
                    asset,
                    timeframe,
                    asked_since,
                    first_open_time,
                    settled_until,
                    began_at,
                ],
            )
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        SaveAuditParams<T1, T2>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for SaveAuditStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a SaveAuditParams<T1, T2>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.asset,
            &params.timeframe,
            &params.asked_since,
            &params.first_open_time,
            &params.settled_until,
            &params.began_at,
        ))
    }
}
pub struct UpsertLivePriceStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn upsert_live_price() -> UpsertLivePriceStmt {
    UpsertLivePriceStmt(
        "INSERT INTO live_prices AS stored (asset, service, price, change_24h_pct, source, observed_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (asset, service) DO UPDATE SET price = excluded.price, change_24h_pct = excluded.change_24h_pct, source = excluded.source, observed_at = excluded.observed_at WHERE excluded.observed_at > stored.observed_at OR (excluded.observed_at = stored.observed_at AND (stored.price, stored.change_24h_pct, stored.source) IS DISTINCT FROM (excluded.price, excluded.change_24h_pct, excluded.source))",
        None,
    )
}
impl UpsertLivePriceStmt {
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
    >(
        &'s self,
        client: &'c C,
        asset: &'a T1,
        service: &'a T2,
        price: &'a rust_decimal::Decimal,
        change_24h_pct: &'a Option<rust_decimal::Decimal>,
        source: &'a T3,
        observed_at: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[asset, service, price, change_24h_pct, source, observed_at],
            )
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql, T2: crate::StringSql, T3: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        UpsertLivePriceParams<T1, T2, T3>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for UpsertLivePriceStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a UpsertLivePriceParams<T1, T2, T3>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.asset,
            &params.service,
            &params.price,
            &params.change_24h_pct,
            &params.source,
            &params.observed_at,
        ))
    }
}
pub struct LivePricesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn live_prices() -> LivePricesStmt {
    LivePricesStmt(
        "SELECT service, price, change_24h_pct, source, observed_at FROM live_prices WHERE asset = $1",
        None,
    )
}
impl LivePricesStmt {
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
        asset: &'a T1,
    ) -> LivePricesQuery<'c, 'a, 's, C, LivePrices, 1> {
        LivePricesQuery {
            client,
            params: [asset],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<LivePricesBorrowed, tokio_postgres::Error> {
                Ok(LivePricesBorrowed {
                    service: row.try_get(0)?,
                    price: row.try_get(1)?,
                    change_24h_pct: row.try_get(2)?,
                    source: row.try_get(3)?,
                    observed_at: row.try_get(4)?,
                })
            },
            mapper: |it| LivePrices::from(it),
        }
    }
}
pub struct FindComparisonStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn find_comparison() -> FindComparisonStmt {
    FindComparisonStmt(
        "SELECT compared_at, exchange_price, reference_price, difference_pct, apart_in_a_row FROM price_comparisons WHERE asset = $1",
        None,
    )
}
impl FindComparisonStmt {
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
        asset: &'a T1,
    ) -> FindComparisonQuery<'c, 'a, 's, C, FindComparison, 1> {
        FindComparisonQuery {
            client,
            params: [asset],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<FindComparison, tokio_postgres::Error> {
                Ok(FindComparison {
                    compared_at: row.try_get(0)?,
                    exchange_price: row.try_get(1)?,
                    reference_price: row.try_get(2)?,
                    difference_pct: row.try_get(3)?,
                    apart_in_a_row: row.try_get(4)?,
                })
            },
            mapper: |it| FindComparison::from(it),
        }
    }
}
pub struct SaveComparisonStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn save_comparison() -> SaveComparisonStmt {
    SaveComparisonStmt(
        "INSERT INTO price_comparisons AS stored (asset, compared_at, exchange_price, reference_price, difference_pct, apart_in_a_row) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (asset) DO UPDATE SET compared_at = excluded.compared_at, exchange_price = excluded.exchange_price, reference_price = excluded.reference_price, difference_pct = excluded.difference_pct, apart_in_a_row = excluded.apart_in_a_row WHERE excluded.compared_at > stored.compared_at",
        None,
    )
}
impl SaveComparisonStmt {
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
        asset: &'a T1,
        compared_at: &'a jiff::Timestamp,
        exchange_price: &'a rust_decimal::Decimal,
        reference_price: &'a rust_decimal::Decimal,
        difference_pct: &'a rust_decimal::Decimal,
        apart_in_a_row: &'a i32,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[
                    asset,
                    compared_at,
                    exchange_price,
                    reference_price,
                    difference_pct,
                    apart_in_a_row,
                ],
            )
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        SaveComparisonParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for SaveComparisonStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a SaveComparisonParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.asset,
            &params.compared_at,
            &params.exchange_price,
            &params.reference_price,
            &params.difference_pct,
            &params.apart_in_a_row,
        ))
    }
}
