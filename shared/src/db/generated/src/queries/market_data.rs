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
    pub source: T10,
    pub now: jiff::Timestamp,
}
#[derive(Debug)]
pub struct NewestCandleParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub asset: T1,
    pub timeframe: T2,
    pub opened_by: jiff::Timestamp,
}
#[derive(Debug)]
pub struct CandlesUntilParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub asset: T1,
    pub timeframe: T2,
    pub opened_by: jiff::Timestamp,
}
#[derive(Debug)]
pub struct OpenTimesParams<T1: crate::StringSql, T2: crate::StringSql> {
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
pub struct GapsParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub asset: T1,
    pub timeframe: T2,
}
#[derive(Debug)]
pub struct UpsertLivePriceParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub asset: T1,
    pub price: rust_decimal::Decimal,
    pub change_24h_pct: rust_decimal::Decimal,
    pub source: T2,
    pub observed_at: jiff::Timestamp,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct UpsertCandles {
    pub inserted: i64,
    pub updated: i64,
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
#[derive(Debug, Clone, PartialEq)]
pub struct LivePrice {
    pub price: rust_decimal::Decimal,
    pub change_24h_pct: rust_decimal::Decimal,
    pub source: String,
    pub observed_at: jiff::Timestamp,
}
pub struct LivePriceBorrowed<'a> {
    pub price: rust_decimal::Decimal,
    pub change_24h_pct: rust_decimal::Decimal,
    pub source: &'a str,
    pub observed_at: jiff::Timestamp,
}
impl<'a> From<LivePriceBorrowed<'a>> for LivePrice {
    fn from(
        LivePriceBorrowed {
            price,
            change_24h_pct,
            source,
            observed_at,
        }: LivePriceBorrowed<'a>,
    ) -> Self {
        Self {
            price,
            change_24h_pct,
            source: source.into(),
            observed_at,
        }
    }
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
pub struct LivePriceQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<LivePriceBorrowed, tokio_postgres::Error>,
    mapper: fn(LivePriceBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> LivePriceQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(LivePriceBorrowed) -> R) -> LivePriceQuery<'c, 'a, 's, C, R, N> {
        LivePriceQuery {
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
        "WITH given AS ( SELECT * FROM unnest( $1::timestamptz[], $2::numeric[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[], $7::boolean[] ) AS given (open_time, open, high, low, close, volume, is_anomaly) ), known AS ( SELECT open_time FROM market_data WHERE asset = $8 AND timeframe = $9 AND open_time = ANY ($1) ), written AS ( INSERT INTO market_data AS stored (asset, timeframe, open_time, open, high, low, close, volume, is_anomaly, source, available_at, updated_at) SELECT $8, $9, open_time, open, high, low, close, volume, is_anomaly, $10, $11, $11 FROM given ON CONFLICT (asset, timeframe, open_time) DO UPDATE SET open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume, is_anomaly = excluded.is_anomaly, source = excluded.source, updated_at = excluded.updated_at WHERE (stored.open, stored.high, stored.low, stored.close, stored.volume, stored.is_anomaly, stored.source) IS DISTINCT FROM (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume, excluded.is_anomaly, excluded.source) RETURNING open_time ) SELECT count(*) FILTER (WHERE known.open_time IS NULL) AS inserted, count(*) FILTER (WHERE known.open_time IS NOT NULL) AS updated FROM written LEFT JOIN known USING (open_time)",
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
        source: &'a T10,
        now: &'a jiff::Timestamp,
    ) -> UpsertCandlesQuery<'c, 'a, 's, C, UpsertCandles, 11> {
        UpsertCandlesQuery {
            client,
            params: [
                open_times, opens, highs, lows, closes, volumes, anomalies, asset, timeframe, source, now,
            ],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<UpsertCandles, tokio_postgres::Error> {
                Ok(UpsertCandles {
                    inserted: row.try_get(0)?,
                    updated: row.try_get(1)?,
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
            &params.source,
            &params.now,
        )
    }
}
pub struct NewestCandleStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn newest_candle() -> NewestCandleStmt {
    NewestCandleStmt(
        "SELECT open_time, open, high, low, close, volume, is_anomaly, source FROM market_data WHERE asset = $1 AND timeframe = $2 AND open_time <= $3 ORDER BY open_time DESC LIMIT 1",
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
        asset: &'a T1,
        timeframe: &'a T2,
        opened_by: &'a jiff::Timestamp,
    ) -> CandleRowQuery<'c, 'a, 's, C, CandleRow, 3> {
        CandleRowQuery {
            client,
            params: [asset, timeframe, opened_by],
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
        CandleRowQuery<'c, 'a, 's, C, CandleRow, 3>,
        C,
    > for NewestCandleStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a NewestCandleParams<T1, T2>,
    ) -> CandleRowQuery<'c, 'a, 's, C, CandleRow, 3> {
        self.bind(client, &params.asset, &params.timeframe, &params.opened_by)
    }
}
pub struct CandlesUntilStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn candles_until() -> CandlesUntilStmt {
    CandlesUntilStmt(
        "SELECT open_time, open, high, low, close, volume, is_anomaly, source FROM market_data WHERE asset = $1 AND timeframe = $2 AND open_time <= $3 ORDER BY open_time",
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
    ) -> CandleRowQuery<'c, 'a, 's, C, CandleRow, 3> {
        CandleRowQuery {
            client,
            params: [asset, timeframe, opened_by],
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
        CandleRowQuery<'c, 'a, 's, C, CandleRow, 3>,
        C,
    > for CandlesUntilStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CandlesUntilParams<T1, T2>,
    ) -> CandleRowQuery<'c, 'a, 's, C, CandleRow, 3> {
        self.bind(client, &params.asset, &params.timeframe, &params.opened_by)
    }
}
pub struct OpenTimesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn open_times() -> OpenTimesStmt {
    OpenTimesStmt(
        "SELECT open_time FROM market_data WHERE asset = $1 AND timeframe = $2 ORDER BY open_time",
        None,
    )
}
impl OpenTimesStmt {
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
    ) -> JiffTimestampQuery<'c, 'a, 's, C, jiff::Timestamp, 2> {
        JiffTimestampQuery {
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
        OpenTimesParams<T1, T2>,
        JiffTimestampQuery<'c, 'a, 's, C, jiff::Timestamp, 2>,
        C,
    > for OpenTimesStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a OpenTimesParams<T1, T2>,
    ) -> JiffTimestampQuery<'c, 'a, 's, C, jiff::Timestamp, 2> {
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
        "INSERT INTO market_gaps (asset, timeframe, open_time, checked_at) SELECT $1, $2, open_time, $3 FROM unnest($4::timestamptz[]) AS missing (open_time) ON CONFLICT (asset, timeframe, open_time) DO NOTHING",
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
pub struct GapsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn gaps() -> GapsStmt {
    GapsStmt(
        "SELECT open_time FROM market_gaps WHERE asset = $1 AND timeframe = $2 ORDER BY open_time",
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
    ) -> JiffTimestampQuery<'c, 'a, 's, C, jiff::Timestamp, 2> {
        JiffTimestampQuery {
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
        GapsParams<T1, T2>,
        JiffTimestampQuery<'c, 'a, 's, C, jiff::Timestamp, 2>,
        C,
    > for GapsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a GapsParams<T1, T2>,
    ) -> JiffTimestampQuery<'c, 'a, 's, C, jiff::Timestamp, 2> {
        self.bind(client, &params.asset, &params.timeframe)
    }
}
pub struct UpsertLivePriceStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn upsert_live_price() -> UpsertLivePriceStmt {
    UpsertLivePriceStmt(
        "INSERT INTO live_prices AS stored (asset, price, change_24h_pct, source, observed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (asset) DO UPDATE SET price = excluded.price, change_24h_pct = excluded.change_24h_pct, source = excluded.source, observed_at = excluded.observed_at WHERE excluded.observed_at > stored.observed_at OR (excluded.observed_at = stored.observed_at AND (stored.price, stored.change_24h_pct, stored.source) IS DISTINCT FROM (excluded.price, excluded.change_24h_pct, excluded.source))",
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
    pub async fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        asset: &'a T1,
        price: &'a rust_decimal::Decimal,
        change_24h_pct: &'a rust_decimal::Decimal,
        source: &'a T2,
        observed_at: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[asset, price, change_24h_pct, source, observed_at])
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        UpsertLivePriceParams<T1, T2>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for UpsertLivePriceStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a UpsertLivePriceParams<T1, T2>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.asset,
            &params.price,
            &params.change_24h_pct,
            &params.source,
            &params.observed_at,
        ))
    }
}
pub struct LivePriceStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn live_price() -> LivePriceStmt {
    LivePriceStmt(
        "SELECT price, change_24h_pct, source, observed_at FROM live_prices WHERE asset = $1",
        None,
    )
}
impl LivePriceStmt {
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
    ) -> LivePriceQuery<'c, 'a, 's, C, LivePrice, 1> {
        LivePriceQuery {
            client,
            params: [asset],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<LivePriceBorrowed, tokio_postgres::Error> {
                Ok(LivePriceBorrowed {
                    price: row.try_get(0)?,
                    change_24h_pct: row.try_get(1)?,
                    source: row.try_get(2)?,
                    observed_at: row.try_get(3)?,
                })
            },
            mapper: |it| LivePrice::from(it),
        }
    }
}
