// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct RecordAttemptsParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = uuid::Uuid>,
    T3: crate::StringSql,
    T4: crate::ArraySql<Item = T3>,
    T5: crate::StringSql,
    T6: crate::ArraySql<Item = T5>,
    T7: crate::StringSql,
    T8: crate::ArraySql<Item = T7>,
    T9: crate::StringSql,
    T10: crate::ArraySql<Item = Option<T9>>,
    T11: crate::StringSql,
    T12: crate::ArraySql<Item = T11>,
    T13: crate::ArraySql<Item = i64>,
    T14: crate::ArraySql<Item = i64>,
    T15: crate::ArraySql<Item = i64>,
    T16: crate::ArraySql<Item = i64>,
    T17: crate::ArraySql<Item = rust_decimal::Decimal>,
    T18: crate::ArraySql<Item = i64>,
    T19: crate::ArraySql<Item = bool>,
    T20: crate::StringSql,
    T21: crate::ArraySql<Item = Option<T20>>,
> {
    pub execution_id: uuid::Uuid,
    pub strategy_id: T1,
    pub created_at: jiff::Timestamp,
    pub ids: T2,
    pub agent_types: T4,
    pub providers: T6,
    pub models: T8,
    pub prompt_versions: T10,
    pub statuses: T12,
    pub input_tokens: T13,
    pub cache_write_tokens: T14,
    pub cached_tokens: T15,
    pub output_tokens: T16,
    pub costs: T17,
    pub latencies_ms: T18,
    pub cache_hits: T19,
    pub errors: T21,
}
#[derive(Clone, Copy, Debug)]
pub struct ReserveParams {
    pub day: jiff::civil::Date,
    pub amount: rust_decimal::Decimal,
    pub cap: rust_decimal::Decimal,
    pub id: uuid::Uuid,
    pub now: jiff::Timestamp,
}
#[derive(Debug)]
pub struct SettleParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::StringSql,
    T4: crate::StringSql,
    T5: crate::StringSql,
    T6: crate::StringSql,
    T7: crate::StringSql,
> {
    pub reservation_id: uuid::Uuid,
    pub attempt_id: uuid::Uuid,
    pub execution_id: uuid::Uuid,
    pub strategy_id: T1,
    pub agent_type: T2,
    pub provider: T3,
    pub model: T4,
    pub prompt_version: Option<T5>,
    pub status: T6,
    pub input_tokens: i64,
    pub cache_write_tokens: i64,
    pub cached_tokens: i64,
    pub output_tokens: i64,
    pub cost: rust_decimal::Decimal,
    pub latency_ms: i64,
    pub cache_hit: bool,
    pub error: Option<T7>,
    pub now: jiff::Timestamp,
}
#[derive(Clone, Copy, Debug)]
pub struct CostSumsParams {
    pub first: jiff::civil::Date,
    pub last: jiff::civil::Date,
}
#[derive(Clone, Copy, Debug)]
pub struct ExecutionSumsParams {
    pub first: jiff::civil::Date,
    pub last: jiff::civil::Date,
}
#[derive(Clone, Copy, Debug)]
pub struct SourceSumsParams {
    pub first: jiff::civil::Date,
    pub last: jiff::civil::Date,
}
#[derive(Clone, Copy, Debug)]
pub struct SpendDaysParams {
    pub first: jiff::civil::Date,
    pub last: jiff::civil::Date,
    pub today: jiff::civil::Date,
}
#[derive(Debug)]
pub struct SaveReportParams<T1: crate::JsonSql> {
    pub day: jiff::civil::Date,
    pub created_at: jiff::Timestamp,
    pub document: T1,
}
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptRow {
    pub id: uuid::Uuid,
    pub agent_type: String,
    pub provider: String,
    pub model: String,
    pub prompt_version: Option<String>,
    pub status: String,
    pub input_tokens: i64,
    pub cache_write_tokens: i64,
    pub cached_tokens: i64,
    pub output_tokens: i64,
    pub cost: rust_decimal::Decimal,
    pub latency_ms: i64,
    pub cache_hit: bool,
    pub error: Option<String>,
}
pub struct AttemptRowBorrowed<'a> {
    pub id: uuid::Uuid,
    pub agent_type: &'a str,
    pub provider: &'a str,
    pub model: &'a str,
    pub prompt_version: Option<&'a str>,
    pub status: &'a str,
    pub input_tokens: i64,
    pub cache_write_tokens: i64,
    pub cached_tokens: i64,
    pub output_tokens: i64,
    pub cost: rust_decimal::Decimal,
    pub latency_ms: i64,
    pub cache_hit: bool,
    pub error: Option<&'a str>,
}
impl<'a> From<AttemptRowBorrowed<'a>> for AttemptRow {
    fn from(
        AttemptRowBorrowed {
            id,
            agent_type,
            provider,
            model,
            prompt_version,
            status,
            input_tokens,
            cache_write_tokens,
            cached_tokens,
            output_tokens,
            cost,
            latency_ms,
            cache_hit,
            error,
        }: AttemptRowBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            agent_type: agent_type.into(),
            provider: provider.into(),
            model: model.into(),
            prompt_version: prompt_version.map(|v| v.into()),
            status: status.into(),
            input_tokens,
            cache_write_tokens,
            cached_tokens,
            output_tokens,
            cost,
            latency_ms,
            cache_hit,
            error: error.map(|v| v.into()),
        }
    }
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct Spent {
    pub settled: rust_decimal::Decimal,
    pub reserved: rust_decimal::Decimal,
}
#[derive(Debug, Clone, PartialEq)]
pub struct CostSums {
    pub agent_type: Option<String>,
    pub provider: Option<String>,
    pub model: Option<String>,
    pub strategy_id: Option<String>,
    pub day: Option<jiff::civil::Date>,
    pub attempts: i64,
    pub failures: i64,
    pub cache_hits: i64,
    pub model_answers: i64,
    pub input_tokens: i64,
    pub cache_write_tokens: i64,
    pub cached_tokens: i64,
    pub output_tokens: i64,
    pub cost: rust_decimal::Decimal,
}
pub struct CostSumsBorrowed<'a> {
    pub agent_type: Option<&'a str>,
    pub provider: Option<&'a str>,
    pub model: Option<&'a str>,
    pub strategy_id: Option<&'a str>,
    pub day: Option<jiff::civil::Date>,
    pub attempts: i64,
    pub failures: i64,
    pub cache_hits: i64,
    pub model_answers: i64,
    pub input_tokens: i64,
    pub cache_write_tokens: i64,
    pub cached_tokens: i64,
    pub output_tokens: i64,
    pub cost: rust_decimal::Decimal,
}
impl<'a> From<CostSumsBorrowed<'a>> for CostSums {
    fn from(
        CostSumsBorrowed {
            agent_type,
            provider,
            model,
            strategy_id,
            day,
            attempts,
            failures,
            cache_hits,
            model_answers,
            input_tokens,
            cache_write_tokens,
            cached_tokens,
            output_tokens,
            cost,
        }: CostSumsBorrowed<'a>,
    ) -> Self {
        Self {
            agent_type: agent_type.map(|v| v.into()),
            provider: provider.map(|v| v.into()),
            model: model.map(|v| v.into()),
            strategy_id: strategy_id.map(|v| v.into()),
            day,
            attempts,
            failures,
            cache_hits,
            model_answers,
            input_tokens,
            cache_write_tokens,
            cached_tokens,
            output_tokens,
            cost,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct ExecutionSums {
    pub agent_type: Option<String>,
    pub strategy_id: Option<String>,
    pub day: Option<jiff::civil::Date>,
    pub executions: i64,
}
pub struct ExecutionSumsBorrowed<'a> {
    pub agent_type: Option<&'a str>,
    pub strategy_id: Option<&'a str>,
    pub day: Option<jiff::civil::Date>,
    pub executions: i64,
}
impl<'a> From<ExecutionSumsBorrowed<'a>> for ExecutionSums {
    fn from(
        ExecutionSumsBorrowed {
            agent_type,
            strategy_id,
            day,
            executions,
        }: ExecutionSumsBorrowed<'a>,
    ) -> Self {
        Self {
            agent_type: agent_type.map(|v| v.into()),
            strategy_id: strategy_id.map(|v| v.into()),
            day,
            executions,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct SourceSums {
    pub data_source: String,
    pub calls: i64,
    pub failures: i64,
}
pub struct SourceSumsBorrowed<'a> {
    pub data_source: &'a str,
    pub calls: i64,
    pub failures: i64,
}
impl<'a> From<SourceSumsBorrowed<'a>> for SourceSums {
    fn from(
        SourceSumsBorrowed {
            data_source,
            calls,
            failures,
        }: SourceSumsBorrowed<'a>,
    ) -> Self {
        Self {
            data_source: data_source.into(),
            calls,
            failures,
        }
    }
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct SpendDays {
    pub day: jiff::civil::Date,
    pub settled: rust_decimal::Decimal,
    pub reserved: rust_decimal::Decimal,
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct AttemptRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<AttemptRowBorrowed, tokio_postgres::Error>,
    mapper: fn(AttemptRowBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> AttemptRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(AttemptRowBorrowed) -> R) -> AttemptRowQuery<'c, 'a, 's, C, R, N> {
        AttemptRowQuery {
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
pub struct SpentQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<Spent, tokio_postgres::Error>,
    mapper: fn(Spent) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SpentQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(Spent) -> R) -> SpentQuery<'c, 'a, 's, C, R, N> {
        SpentQuery {
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
pub struct CostSumsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<CostSumsBorrowed, tokio_postgres::Error>,
    mapper: fn(CostSumsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> CostSumsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(CostSumsBorrowed) -> R) -> CostSumsQuery<'c, 'a, 's, C, R, N> {
        CostSumsQuery {
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
pub struct ExecutionSumsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ExecutionSumsBorrowed, tokio_postgres::Error>,
    mapper: fn(ExecutionSumsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ExecutionSumsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ExecutionSumsBorrowed) -> R) -> ExecutionSumsQuery<'c, 'a, 's, C, R, N> {
        ExecutionSumsQuery {
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
pub struct SourceSumsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SourceSumsBorrowed, tokio_postgres::Error>,
    mapper: fn(SourceSumsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SourceSumsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(SourceSumsBorrowed) -> R) -> SourceSumsQuery<'c, 'a, 's, C, R, N> {
        SourceSumsQuery {
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
pub struct SpendDaysQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SpendDays, tokio_postgres::Error>,
    mapper: fn(SpendDays) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SpendDaysQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(SpendDays) -> R) -> SpendDaysQuery<'c, 'a, 's, C, R, N> {
        SpendDaysQuery {
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
pub struct SerdejsonValueQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(
        &tokio_postgres::Row,
    ) -> Result<postgres_types::Json<&serde_json::value::RawValue>, tokio_postgres::Error>,
    mapper: fn(postgres_types::Json<&serde_json::value::RawValue>) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SerdejsonValueQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(postgres_types::Json<&serde_json::value::RawValue>) -> R,
    ) -> SerdejsonValueQuery<'c, 'a, 's, C, R, N> {
        SerdejsonValueQuery {
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
pub struct RecordAttemptsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn record_attempts() -> RecordAttemptsStmt {
    RecordAttemptsStmt(
        "INSERT INTO agent_execution_logs (id, execution_id, strategy_id, agent_type, provider, model, prompt_version, status, input_tokens, cache_write_tokens, cached_tokens, output_tokens, tokens_used, cost, latency_ms, cache_hit, error, created_at) SELECT id, $1, $2, agent_type, provider, model, prompt_version, status, input_tokens, cache_write_tokens, cached_tokens, output_tokens, input_tokens + cache_write_tokens + cached_tokens + output_tokens, cost, latency_ms, cache_hit, error, $3 FROM unnest( $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::numeric[], $15::bigint[], $16::boolean[], $17::text[] ) AS attempt (id, agent_type, provider, model, prompt_version, status, input_tokens, cache_write_tokens, cached_tokens, output_tokens, cost, latency_ms, cache_hit, error)",
        None,
    )
}
impl RecordAttemptsStmt {
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
        T2: crate::ArraySql<Item = uuid::Uuid>,
        T3: crate::StringSql,
        T4: crate::ArraySql<Item = T3>,
        T5: crate::StringSql,
        T6: crate::ArraySql<Item = T5>,
        T7: crate::StringSql,
        T8: crate::ArraySql<Item = T7>,
        T9: crate::StringSql,
        T10: crate::ArraySql<Item = Option<T9>>,
        T11: crate::StringSql,
        T12: crate::ArraySql<Item = T11>,
        T13: crate::ArraySql<Item = i64>,
        T14: crate::ArraySql<Item = i64>,
        T15: crate::ArraySql<Item = i64>,
        T16: crate::ArraySql<Item = i64>,
        T17: crate::ArraySql<Item = rust_decimal::Decimal>,
        T18: crate::ArraySql<Item = i64>,
        T19: crate::ArraySql<Item = bool>,
        T20: crate::StringSql,
        T21: crate::ArraySql<Item = Option<T20>>,
    >(
        &'s self,
        client: &'c C,
        execution_id: &'a uuid::Uuid,
        strategy_id: &'a T1,
        created_at: &'a jiff::Timestamp,
        ids: &'a T2,
        agent_types: &'a T4,
        providers: &'a T6,
        models: &'a T8,
        prompt_versions: &'a T10,
        statuses: &'a T12,
        input_tokens: &'a T13,
        cache_write_tokens: &'a T14,
        cached_tokens: &'a T15,
        output_tokens: &'a T16,
        costs: &'a T17,
        latencies_ms: &'a T18,
        cache_hits: &'a T19,
        errors: &'a T21,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[
                    execution_id,
                    strategy_id,
                    created_at,
                    ids,
                    agent_types,
                    providers,
                    models,
                    prompt_versions,
                    statuses,
                    input_tokens,
                    cache_write_tokens,
                    cached_tokens,
                    output_tokens,
                    costs,
                    latencies_ms,
                    cache_hits,
                    errors,
                ],
            )
            .await
    }
}
impl<
    'a,
    C: GenericClient + Send + Sync,
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = uuid::Uuid>,
    T3: crate::StringSql,
    T4: crate::ArraySql<Item = T3>,
    T5: crate::StringSql,
    T6: crate::ArraySql<Item = T5>,
    T7: crate::StringSql,
    T8: crate::ArraySql<Item = T7>,
    T9: crate::StringSql,
    T10: crate::ArraySql<Item = Option<T9>>,
    T11: crate::StringSql,
    T12: crate::ArraySql<Item = T11>,
    T13: crate::ArraySql<Item = i64>,
    T14: crate::ArraySql<Item = i64>,
    T15: crate::ArraySql<Item = i64>,
    T16: crate::ArraySql<Item = i64>,
    T17: crate::ArraySql<Item = rust_decimal::Decimal>,
    T18: crate::ArraySql<Item = i64>,
    T19: crate::ArraySql<Item = bool>,
    T20: crate::StringSql,
    T21: crate::ArraySql<Item = Option<T20>>,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        RecordAttemptsParams<
            T1,
            T2,
            T3,
            T4,
            T5,
            T6,
            T7,
            T8,
            T9,
            T10,
            T11,
            T12,
            T13,
            T14,
            T15,
            T16,
            T17,
            T18,
            T19,
            T20,
            T21,
        >,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for RecordAttemptsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a RecordAttemptsParams<
            T1,
            T2,
            T3,
            T4,
            T5,
            T6,
            T7,
            T8,
            T9,
            T10,
            T11,
            T12,
            T13,
            T14,
            T15,
            T16,
            T17,
            T18,
            T19,
            T20,
            T21,
        >,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.execution_id,
            &params.strategy_id,
            &params.created_at,
            &params.ids,
            &params.agent_types,
            &params.providers,
            &params.models,
            &params.prompt_versions,
            &params.statuses,
            &params.input_tokens,
            &params.cache_write_tokens,
            &params.cached_tokens,
            &params.output_tokens,
            &params.costs,
            &params.latencies_ms,
            &params.cache_hits,
            &params.errors,
        ))
    }
}
pub struct AttemptsOfStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn attempts_of() -> AttemptsOfStmt {
    AttemptsOfStmt(
        "SELECT id, agent_type, provider, model, prompt_version, status, input_tokens, cache_write_tokens, cached_tokens, output_tokens, cost, latency_ms, cache_hit, error FROM agent_execution_logs WHERE execution_id = $1 ORDER BY created_at, id",
        None,
    )
}
impl AttemptsOfStmt {
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
        execution_id: &'a uuid::Uuid,
    ) -> AttemptRowQuery<'c, 'a, 's, C, AttemptRow, 1> {
        AttemptRowQuery {
            client,
            params: [execution_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<AttemptRowBorrowed, tokio_postgres::Error> {
                Ok(AttemptRowBorrowed {
                    id: row.try_get(0)?,
                    agent_type: row.try_get(1)?,
                    provider: row.try_get(2)?,
                    model: row.try_get(3)?,
                    prompt_version: row.try_get(4)?,
                    status: row.try_get(5)?,
                    input_tokens: row.try_get(6)?,
                    cache_write_tokens: row.try_get(7)?,
                    cached_tokens: row.try_get(8)?,
                    output_tokens: row.try_get(9)?,
                    cost: row.try_get(10)?,
                    latency_ms: row.try_get(11)?,
                    cache_hit: row.try_get(12)?,
                    error: row.try_get(13)?,
                })
            },
            mapper: |it| AttemptRow::from(it),
        }
    }
}
pub struct ReserveStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn reserve() -> ReserveStmt {
    ReserveStmt(
        "WITH granted AS ( INSERT INTO model_spend_days AS stored (day, settled, reserved) SELECT $1, 0, $2 WHERE $2::numeric <= $3 ON CONFLICT (day) DO UPDATE SET reserved = stored.reserved + excluded.reserved WHERE stored.settled + stored.reserved + excluded.reserved <= $3 RETURNING day ) INSERT INTO model_reservations (id, day, amount, created_at) SELECT $4, day, $2, $5 FROM granted",
        None,
    )
}
impl ReserveStmt {
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
        day: &'a jiff::civil::Date,
        amount: &'a rust_decimal::Decimal,
        cap: &'a rust_decimal::Decimal,
        id: &'a uuid::Uuid,
        now: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[day, amount, cap, id, now]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        ReserveParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for ReserveStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a ReserveParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.day,
            &params.amount,
            &params.cap,
            &params.id,
            &params.now,
        ))
    }
}
pub struct SettleStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn settle() -> SettleStmt {
    SettleStmt(
        "WITH reservation AS ( SELECT day, amount, created_at FROM model_reservations WHERE id = $1 AND settled_at IS NULL FOR UPDATE ), attempt AS ( INSERT INTO agent_execution_logs (id, execution_id, strategy_id, agent_type, provider, model, prompt_version, status, input_tokens, cache_write_tokens, cached_tokens, output_tokens, tokens_used, cost, latency_ms, cache_hit, error, created_at) SELECT $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $10::bigint + $11::bigint + $12::bigint + $13::bigint, $14, $15, $16, $17, reservation.created_at FROM reservation ON CONFLICT (id) DO NOTHING RETURNING cost ), settled AS ( UPDATE model_reservations SET settled_at = $18 FROM attempt WHERE id = $1 RETURNING day, amount, attempt.cost ) UPDATE model_spend_days AS stored SET settled = stored.settled + settled.cost, reserved = stored.reserved - settled.amount FROM settled WHERE stored.day = settled.day",
        None,
    )
}
impl SettleStmt {
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
        T4: crate::StringSql,
        T5: crate::StringSql,
        T6: crate::StringSql,
        T7: crate::StringSql,
    >(
        &'s self,
        client: &'c C,
        reservation_id: &'a uuid::Uuid,
        attempt_id: &'a uuid::Uuid,
        execution_id: &'a uuid::Uuid,
        strategy_id: &'a T1,
        agent_type: &'a T2,
        provider: &'a T3,
        model: &'a T4,
        prompt_version: &'a Option<T5>,
        status: &'a T6,
        input_tokens: &'a i64,
        cache_write_tokens: &'a i64,
        cached_tokens: &'a i64,
        output_tokens: &'a i64,
        cost: &'a rust_decimal::Decimal,
        latency_ms: &'a i64,
        cache_hit: &'a bool,
        error: &'a Option<T7>,
        now: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[
                    reservation_id,
                    attempt_id,
                    execution_id,
                    strategy_id,
                    agent_type,
                    provider,
                    model,
                    prompt_version,
                    status,
                    input_tokens,
                    cache_write_tokens,
                    cached_tokens,
                    output_tokens,
                    cost,
                    latency_ms,
                    cache_hit,
                    error,
                    now,
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
    T4: crate::StringSql,
    T5: crate::StringSql,
    T6: crate::StringSql,
    T7: crate::StringSql,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        SettleParams<T1, T2, T3, T4, T5, T6, T7>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for SettleStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a SettleParams<T1, T2, T3, T4, T5, T6, T7>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.reservation_id,
            &params.attempt_id,
            &params.execution_id,
            &params.strategy_id,
            &params.agent_type,
            &params.provider,
            &params.model,
            &params.prompt_version,
            &params.status,
            &params.input_tokens,
            &params.cache_write_tokens,
            &params.cached_tokens,
            &params.output_tokens,
            &params.cost,
            &params.latency_ms,
            &params.cache_hit,
            &params.error,
            &params.now,
        ))
    }
}
pub struct SpentStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn spent() -> SpentStmt {
    SpentStmt(
        "SELECT settled, reserved FROM model_spend_days WHERE day = $1",
        None,
    )
}
impl SpentStmt {
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
        day: &'a jiff::civil::Date,
    ) -> SpentQuery<'c, 'a, 's, C, Spent, 1> {
        SpentQuery {
            client,
            params: [day],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<Spent, tokio_postgres::Error> {
                Ok(Spent {
                    settled: row.try_get(0)?,
                    reserved: row.try_get(1)?,
                })
            },
            mapper: |it| Spent::from(it),
        }
    }
}
pub struct CostSumsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn cost_sums() -> CostSumsStmt {
    CostSumsStmt(
        "SELECT agent_type, provider, model, strategy_id, day, sum(attempts)::bigint AS attempts, sum(failures)::bigint AS failures, sum(cache_hits)::bigint AS cache_hits, sum(CASE WHEN provider = 'rules' THEN 0 ELSE attempts - failures END)::bigint AS model_answers, sum(input_tokens)::bigint AS input_tokens, sum(cache_write_tokens)::bigint AS cache_write_tokens, sum(cached_tokens)::bigint AS cached_tokens, sum(output_tokens)::bigint AS output_tokens, sum(cost) AS cost FROM agent_cost_days WHERE day BETWEEN $1 AND $2 GROUP BY GROUPING SETS ((agent_type), (provider, model), (strategy_id), (day)) ORDER BY agent_type, provider, model, strategy_id, day",
        None,
    )
}
impl CostSumsStmt {
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
        first: &'a jiff::civil::Date,
        last: &'a jiff::civil::Date,
    ) -> CostSumsQuery<'c, 'a, 's, C, CostSums, 2> {
        CostSumsQuery {
            client,
            params: [first, last],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<CostSumsBorrowed, tokio_postgres::Error> {
                Ok(CostSumsBorrowed {
                    agent_type: row.try_get(0)?,
                    provider: row.try_get(1)?,
                    model: row.try_get(2)?,
                    strategy_id: row.try_get(3)?,
                    day: row.try_get(4)?,
                    attempts: row.try_get(5)?,
                    failures: row.try_get(6)?,
                    cache_hits: row.try_get(7)?,
                    model_answers: row.try_get(8)?,
                    input_tokens: row.try_get(9)?,
                    cache_write_tokens: row.try_get(10)?,
                    cached_tokens: row.try_get(11)?,
                    output_tokens: row.try_get(12)?,
                    cost: row.try_get(13)?,
                })
            },
            mapper: |it| CostSums::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, CostSumsParams, CostSumsQuery<'c, 'a, 's, C, CostSums, 2>, C>
    for CostSumsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CostSumsParams,
    ) -> CostSumsQuery<'c, 'a, 's, C, CostSums, 2> {
        self.bind(client, &params.first, &params.last)
    }
}
pub struct ExecutionSumsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn execution_sums() -> ExecutionSumsStmt {
    ExecutionSumsStmt(
        "SELECT agent_type, strategy_id, day, sum(executions)::bigint AS executions FROM agent_execution_days WHERE day BETWEEN $1 AND $2 GROUP BY GROUPING SETS ((agent_type), (strategy_id), (day))",
        None,
    )
}
impl ExecutionSumsStmt {
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
        first: &'a jiff::civil::Date,
        last: &'a jiff::civil::Date,
    ) -> ExecutionSumsQuery<'c, 'a, 's, C, ExecutionSums, 2> {
        ExecutionSumsQuery {
            client,
            params: [first, last],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ExecutionSumsBorrowed, tokio_postgres::Error> {
                Ok(ExecutionSumsBorrowed {
                    agent_type: row.try_get(0)?,
                    strategy_id: row.try_get(1)?,
                    day: row.try_get(2)?,
                    executions: row.try_get(3)?,
                })
            },
            mapper: |it| ExecutionSums::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ExecutionSumsParams,
        ExecutionSumsQuery<'c, 'a, 's, C, ExecutionSums, 2>,
        C,
    > for ExecutionSumsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ExecutionSumsParams,
    ) -> ExecutionSumsQuery<'c, 'a, 's, C, ExecutionSums, 2> {
        self.bind(client, &params.first, &params.last)
    }
}
pub struct SourceSumsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn source_sums() -> SourceSumsStmt {
    SourceSumsStmt(
        "SELECT data_source, sum(calls)::bigint AS calls, sum(failures)::bigint AS failures FROM source_call_days WHERE day BETWEEN $1 AND $2 GROUP BY data_source ORDER BY data_source",
        None,
    )
}
impl SourceSumsStmt {
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
        first: &'a jiff::civil::Date,
        last: &'a jiff::civil::Date,
    ) -> SourceSumsQuery<'c, 'a, 's, C, SourceSums, 2> {
        SourceSumsQuery {
            client,
            params: [first, last],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SourceSumsBorrowed, tokio_postgres::Error> {
                Ok(SourceSumsBorrowed {
                    data_source: row.try_get(0)?,
                    calls: row.try_get(1)?,
                    failures: row.try_get(2)?,
                })
            },
            mapper: |it| SourceSums::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        SourceSumsParams,
        SourceSumsQuery<'c, 'a, 's, C, SourceSums, 2>,
        C,
    > for SourceSumsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a SourceSumsParams,
    ) -> SourceSumsQuery<'c, 'a, 's, C, SourceSums, 2> {
        self.bind(client, &params.first, &params.last)
    }
}
pub struct SpendDaysStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn spend_days() -> SpendDaysStmt {
    SpendDaysStmt(
        "SELECT day, settled, reserved FROM model_spend_days WHERE day BETWEEN $1 AND $2 OR day = $3 ORDER BY day",
        None,
    )
}
impl SpendDaysStmt {
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
        first: &'a jiff::civil::Date,
        last: &'a jiff::civil::Date,
        today: &'a jiff::civil::Date,
    ) -> SpendDaysQuery<'c, 'a, 's, C, SpendDays, 3> {
        SpendDaysQuery {
            client,
            params: [first, last, today],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SpendDays, tokio_postgres::Error> {
                Ok(SpendDays {
                    day: row.try_get(0)?,
                    settled: row.try_get(1)?,
                    reserved: row.try_get(2)?,
                })
            },
            mapper: |it| SpendDays::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<'c, 'a, 's, SpendDaysParams, SpendDaysQuery<'c, 'a, 's, C, SpendDays, 3>, C>
    for SpendDaysStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a SpendDaysParams,
    ) -> SpendDaysQuery<'c, 'a, 's, C, SpendDays, 3> {
        self.bind(client, &params.first, &params.last, &params.today)
    }
}
pub struct SaveReportStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn save_report() -> SaveReportStmt {
    SaveReportStmt(
        "INSERT INTO cost_reports (day, created_at, document) VALUES ($1, $2, $3) ON CONFLICT (day) DO UPDATE SET created_at = excluded.created_at, document = excluded.document",
        None,
    )
}
impl SaveReportStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub async fn bind<'c, 'a, 's, C: GenericClient, T1: crate::JsonSql>(
        &'s self,
        client: &'c C,
        day: &'a jiff::civil::Date,
        created_at: &'a jiff::Timestamp,
        document: &'a T1,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[day, created_at, document]).await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::JsonSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        SaveReportParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for SaveReportStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a SaveReportParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.day, &params.created_at, &params.document))
    }
}
pub struct FindReportStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn find_report() -> FindReportStmt {
    FindReportStmt("SELECT document FROM cost_reports WHERE day = $1", None)
}
impl FindReportStmt {
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
        day: &'a jiff::civil::Date,
    ) -> SerdejsonValueQuery<'c, 'a, 's, C, serde_json::Value, 1> {
        SerdejsonValueQuery {
            client,
            params: [day],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| serde_json::from_str(it.0.get()).unwrap(),
        }
    }
}
