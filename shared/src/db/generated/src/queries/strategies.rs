// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct RecordExecutionParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::JsonSql,
> {
    pub id: uuid::Uuid,
    pub strategy_id: T1,
    pub as_of: jiff::Timestamp,
    pub status: T2,
    pub conviction: Option<rust_decimal::Decimal>,
    pub signal: Option<T3>,
    pub document: T4,
    pub created_at: jiff::Timestamp,
}
#[derive(Debug)]
pub struct ExecutionAtParams<T1: crate::StringSql> {
    pub strategy_id: T1,
    pub as_of: jiff::Timestamp,
}
#[derive(Debug)]
pub struct ExecutionPageParams<T1: crate::StringSql> {
    pub strategy_id: T1,
    pub before: jiff::Timestamp,
    pub since: jiff::Timestamp,
    pub limit: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct StrategyRow {
    pub id: String,
    pub name: String,
    pub interval_minutes: i32,
    pub trend_timeframe: String,
    pub weight_macro: rust_decimal::Decimal,
    pub weight_onchain: rust_decimal::Decimal,
    pub weight_ta: rust_decimal::Decimal,
    pub buy_fraction: rust_decimal::Decimal,
    pub buy_fraction_high: rust_decimal::Decimal,
}
pub struct StrategyRowBorrowed<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub interval_minutes: i32,
    pub trend_timeframe: &'a str,
    pub weight_macro: rust_decimal::Decimal,
    pub weight_onchain: rust_decimal::Decimal,
    pub weight_ta: rust_decimal::Decimal,
    pub buy_fraction: rust_decimal::Decimal,
    pub buy_fraction_high: rust_decimal::Decimal,
}
impl<'a> From<StrategyRowBorrowed<'a>> for StrategyRow {
    fn from(
        StrategyRowBorrowed {
            id,
            name,
            interval_minutes,
            trend_timeframe,
            weight_macro,
            weight_onchain,
            weight_ta,
            buy_fraction,
            buy_fraction_high,
        }: StrategyRowBorrowed<'a>,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            interval_minutes,
            trend_timeframe: trend_timeframe.into(),
            weight_macro,
            weight_onchain,
            weight_ta,
            buy_fraction,
            buy_fraction_high,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct ExecutionRow {
    pub id: uuid::Uuid,
    pub strategy_id: String,
    pub as_of: jiff::Timestamp,
    pub status: String,
    pub conviction: Option<rust_decimal::Decimal>,
    pub signal: Option<String>,
    pub document: serde_json::Value,
    pub created_at: jiff::Timestamp,
}
pub struct ExecutionRowBorrowed<'a> {
    pub id: uuid::Uuid,
    pub strategy_id: &'a str,
    pub as_of: jiff::Timestamp,
    pub status: &'a str,
    pub conviction: Option<rust_decimal::Decimal>,
    pub signal: Option<&'a str>,
    pub document: postgres_types::Json<&'a serde_json::value::RawValue>,
    pub created_at: jiff::Timestamp,
}
impl<'a> From<ExecutionRowBorrowed<'a>> for ExecutionRow {
    fn from(
        ExecutionRowBorrowed {
            id,
            strategy_id,
            as_of,
            status,
            conviction,
            signal,
            document,
            created_at,
        }: ExecutionRowBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            strategy_id: strategy_id.into(),
            as_of,
            status: status.into(),
            conviction,
            signal: signal.map(|v| v.into()),
            document: serde_json::from_str(document.0.get()).unwrap(),
            created_at,
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct StrategyRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<StrategyRowBorrowed, tokio_postgres::Error>,
    mapper: fn(StrategyRowBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> StrategyRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(StrategyRowBorrowed) -> R) -> StrategyRowQuery<'c, 'a, 's, C, R, N> {
        StrategyRowQuery {
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
pub struct ExecutionRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ExecutionRowBorrowed, tokio_postgres::Error>,
    mapper: fn(ExecutionRowBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ExecutionRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ExecutionRowBorrowed) -> R) -> ExecutionRowQuery<'c, 'a, 's, C, R, N> {
        ExecutionRowQuery {
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
pub struct ActiveStrategiesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn active_strategies() -> ActiveStrategiesStmt {
    ActiveStrategiesStmt(
        "SELECT id, name, interval_minutes, trend_timeframe, weight_macro, weight_onchain, weight_ta, buy_fraction, buy_fraction_high FROM strategies WHERE is_active ORDER BY id",
        None,
    )
}
impl ActiveStrategiesStmt {
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
    ) -> StrategyRowQuery<'c, 'a, 's, C, StrategyRow, 0> {
        StrategyRowQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<StrategyRowBorrowed, tokio_postgres::Error> {
                Ok(StrategyRowBorrowed {
                    id: row.try_get(0)?,
                    name: row.try_get(1)?,
                    interval_minutes: row.try_get(2)?,
                    trend_timeframe: row.try_get(3)?,
                    weight_macro: row.try_get(4)?,
                    weight_onchain: row.try_get(5)?,
                    weight_ta: row.try_get(6)?,
                    buy_fraction: row.try_get(7)?,
                    buy_fraction_high: row.try_get(8)?,
                })
            },
            mapper: |it| StrategyRow::from(it),
        }
    }
}
pub struct StrategyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn strategy() -> StrategyStmt {
    StrategyStmt(
        "SELECT id, name, interval_minutes, trend_timeframe, weight_macro, weight_onchain, weight_ta, buy_fraction, buy_fraction_high FROM strategies WHERE id = $1",
        None,
    )
}
impl StrategyStmt {
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
        id: &'a T1,
    ) -> StrategyRowQuery<'c, 'a, 's, C, StrategyRow, 1> {
        StrategyRowQuery {
            client,
            params: [id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<StrategyRowBorrowed, tokio_postgres::Error> {
                Ok(StrategyRowBorrowed {
                    id: row.try_get(0)?,
                    name: row.try_get(1)?,
                    interval_minutes: row.try_get(2)?,
                    trend_timeframe: row.try_get(3)?,
                    weight_macro: row.try_get(4)?,
                    weight_onchain: row.try_get(5)?,
                    weight_ta: row.try_get(6)?,
                    buy_fraction: row.try_get(7)?,
                    buy_fraction_high: row.try_get(8)?,
                })
            },
            mapper: |it| StrategyRow::from(it),
        }
    }
}
pub struct RecordExecutionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn record_execution() -> RecordExecutionStmt {
    RecordExecutionStmt(
        "INSERT INTO strategy_executions (id, strategy_id, as_of, status, conviction, signal, document, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        None,
    )
}
impl RecordExecutionStmt {
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
        T4: crate::JsonSql,
    >(
        &'s self,
        client: &'c C,
        id: &'a uuid::Uuid,
        strategy_id: &'a T1,
        as_of: &'a jiff::Timestamp,
        status: &'a T2,
        conviction: &'a Option<rust_decimal::Decimal>,
        signal: &'a Option<T3>,
        document: &'a T4,
        created_at: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[
                    id,
                    strategy_id,
                    as_of,
                    status,
                    conviction,
                    signal,
                    document,
                    created_at,
                ],
            )
            .await
    }
}
impl<
    'a,
    C: GenericClient + Send + Sync,
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::JsonSql,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        RecordExecutionParams<T1, T2, T3, T4>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for RecordExecutionStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a RecordExecutionParams<T1, T2, T3, T4>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.id,
            &params.strategy_id,
            &params.as_of,
            &params.status,
            &params.conviction,
            &params.signal,
            &params.document,
            &params.created_at,
        ))
    }
}
pub struct ExecutionAtStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn execution_at() -> ExecutionAtStmt {
    ExecutionAtStmt(
        "SELECT id, strategy_id, as_of, status, conviction, signal, document, created_at FROM strategy_executions WHERE strategy_id = $1 AND as_of = $2",
        None,
    )
}
impl ExecutionAtStmt {
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
        strategy_id: &'a T1,
        as_of: &'a jiff::Timestamp,
    ) -> ExecutionRowQuery<'c, 'a, 's, C, ExecutionRow, 2> {
        ExecutionRowQuery {
            client,
            params: [strategy_id, as_of],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ExecutionRowBorrowed, tokio_postgres::Error> {
                Ok(ExecutionRowBorrowed {
                    id: row.try_get(0)?,
                    strategy_id: row.try_get(1)?,
                    as_of: row.try_get(2)?,
                    status: row.try_get(3)?,
                    conviction: row.try_get(4)?,
                    signal: row.try_get(5)?,
                    document: row.try_get(6)?,
                    created_at: row.try_get(7)?,
                })
            },
            mapper: |it| ExecutionRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ExecutionAtParams<T1>,
        ExecutionRowQuery<'c, 'a, 's, C, ExecutionRow, 2>,
        C,
    > for ExecutionAtStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ExecutionAtParams<T1>,
    ) -> ExecutionRowQuery<'c, 'a, 's, C, ExecutionRow, 2> {
        self.bind(client, &params.strategy_id, &params.as_of)
    }
}
pub struct NewestExecutionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn newest_execution() -> NewestExecutionStmt {
    NewestExecutionStmt(
        "SELECT id, strategy_id, as_of, status, conviction, signal, document, created_at FROM strategy_executions WHERE strategy_id = $1 ORDER BY as_of DESC LIMIT 1",
        None,
    )
}
impl NewestExecutionStmt {
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
        strategy_id: &'a T1,
    ) -> ExecutionRowQuery<'c, 'a, 's, C, ExecutionRow, 1> {
        ExecutionRowQuery {
            client,
            params: [strategy_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ExecutionRowBorrowed, tokio_postgres::Error> {
                Ok(ExecutionRowBorrowed {
                    id: row.try_get(0)?,
                    strategy_id: row.try_get(1)?,
                    as_of: row.try_get(2)?,
                    status: row.try_get(3)?,
                    conviction: row.try_get(4)?,
                    signal: row.try_get(5)?,
                    document: row.try_get(6)?,
                    created_at: row.try_get(7)?,
                })
            },
            mapper: |it| ExecutionRow::from(it),
        }
    }
}
pub struct NewestDecidedExecutionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn newest_decided_execution() -> NewestDecidedExecutionStmt {
    NewestDecidedExecutionStmt(
        "SELECT id, strategy_id, as_of, status, conviction, signal, document, created_at FROM strategy_executions WHERE strategy_id = $1 AND status = 'decided' ORDER BY as_of DESC LIMIT 1",
        None,
    )
}
impl NewestDecidedExecutionStmt {
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
        strategy_id: &'a T1,
    ) -> ExecutionRowQuery<'c, 'a, 's, C, ExecutionRow, 1> {
        ExecutionRowQuery {
            client,
            params: [strategy_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ExecutionRowBorrowed, tokio_postgres::Error> {
                Ok(ExecutionRowBorrowed {
                    id: row.try_get(0)?,
                    strategy_id: row.try_get(1)?,
                    as_of: row.try_get(2)?,
                    status: row.try_get(3)?,
                    conviction: row.try_get(4)?,
                    signal: row.try_get(5)?,
                    document: row.try_get(6)?,
                    created_at: row.try_get(7)?,
                })
            },
            mapper: |it| ExecutionRow::from(it),
        }
    }
}
pub struct ExecutionPageStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn execution_page() -> ExecutionPageStmt {
    ExecutionPageStmt(
        "SELECT id, strategy_id, as_of, status, conviction, signal, document, created_at FROM strategy_executions WHERE strategy_id = $1 AND as_of < $2 AND as_of >= $3 ORDER BY as_of DESC LIMIT $4",
        None,
    )
}
impl ExecutionPageStmt {
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
        strategy_id: &'a T1,
        before: &'a jiff::Timestamp,
        since: &'a jiff::Timestamp,
        limit: &'a i64,
    ) -> ExecutionRowQuery<'c, 'a, 's, C, ExecutionRow, 4> {
        ExecutionRowQuery {
            client,
            params: [strategy_id, before, since, limit],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ExecutionRowBorrowed, tokio_postgres::Error> {
                Ok(ExecutionRowBorrowed {
                    id: row.try_get(0)?,
                    strategy_id: row.try_get(1)?,
                    as_of: row.try_get(2)?,
                    status: row.try_get(3)?,
                    conviction: row.try_get(4)?,
                    signal: row.try_get(5)?,
                    document: row.try_get(6)?,
                    created_at: row.try_get(7)?,
                })
            },
            mapper: |it| ExecutionRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ExecutionPageParams<T1>,
        ExecutionRowQuery<'c, 'a, 's, C, ExecutionRow, 4>,
        C,
    > for ExecutionPageStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ExecutionPageParams<T1>,
    ) -> ExecutionRowQuery<'c, 'a, 's, C, ExecutionRow, 4> {
        self.bind(
            client,
            &params.strategy_id,
            &params.before,
            &params.since,
            &params.limit,
        )
    }
}
pub struct ExecutionByIdStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn execution_by_id() -> ExecutionByIdStmt {
    ExecutionByIdStmt(
        "SELECT id, strategy_id, as_of, status, conviction, signal, document, created_at FROM strategy_executions WHERE id = $1",
        None,
    )
}
impl ExecutionByIdStmt {
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
    ) -> ExecutionRowQuery<'c, 'a, 's, C, ExecutionRow, 1> {
        ExecutionRowQuery {
            client,
            params: [id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ExecutionRowBorrowed, tokio_postgres::Error> {
                Ok(ExecutionRowBorrowed {
                    id: row.try_get(0)?,
                    strategy_id: row.try_get(1)?,
                    as_of: row.try_get(2)?,
                    status: row.try_get(3)?,
                    conviction: row.try_get(4)?,
                    signal: row.try_get(5)?,
                    document: row.try_get(6)?,
                    created_at: row.try_get(7)?,
                })
            },
            mapper: |it| ExecutionRow::from(it),
        }
    }
}
