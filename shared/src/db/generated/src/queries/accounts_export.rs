// This file was generated with `cornucopia`. Do not modify.

#[derive(Clone, Copy, Debug)]
pub struct ExportSessionsParams {
    pub user_id: uuid::Uuid,
    pub limit: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct ExportAuthEventsParams {
    pub user_id: uuid::Uuid,
    pub limit: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct ExportPortfolioEntriesParams {
    pub user_id: uuid::Uuid,
    pub limit: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct ExportTradesParams {
    pub user_id: uuid::Uuid,
    pub before: jiff::Timestamp,
    pub before_id: uuid::Uuid,
    pub limit: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct ExportSessions {
    pub id: uuid::Uuid,
    pub transport: String,
    pub user_agent: Option<String>,
    pub created_at: jiff::Timestamp,
    pub last_used_at: jiff::Timestamp,
    pub expires_at: jiff::Timestamp,
    pub ended_at: Option<jiff::Timestamp>,
    pub end_reason: Option<String>,
}
pub struct ExportSessionsBorrowed<'a> {
    pub id: uuid::Uuid,
    pub transport: &'a str,
    pub user_agent: Option<&'a str>,
    pub created_at: jiff::Timestamp,
    pub last_used_at: jiff::Timestamp,
    pub expires_at: jiff::Timestamp,
    pub ended_at: Option<jiff::Timestamp>,
    pub end_reason: Option<&'a str>,
}
impl<'a> From<ExportSessionsBorrowed<'a>> for ExportSessions {
    fn from(
        ExportSessionsBorrowed {
            id,
            transport,
            user_agent,
            created_at,
            last_used_at,
            expires_at,
            ended_at,
            end_reason,
        }: ExportSessionsBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            transport: transport.into(),
            user_agent: user_agent.map(|v| v.into()),
            created_at,
            last_used_at,
            expires_at,
            ended_at,
            end_reason: end_reason.map(|v| v.into()),
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct ExportAuthEvents {
    pub id: uuid::Uuid,
    pub session_id: Option<uuid::Uuid>,
    pub kind: String,
    pub actor: String,
    pub detail: serde_json::Value,
    pub created_at: jiff::Timestamp,
}
pub struct ExportAuthEventsBorrowed<'a> {
    pub id: uuid::Uuid,
    pub session_id: Option<uuid::Uuid>,
    pub kind: &'a str,
    pub actor: &'a str,
    pub detail: postgres_types::Json<&'a serde_json::value::RawValue>,
    pub created_at: jiff::Timestamp,
}
impl<'a> From<ExportAuthEventsBorrowed<'a>> for ExportAuthEvents {
    fn from(
        ExportAuthEventsBorrowed {
            id,
            session_id,
            kind,
            actor,
            detail,
            created_at,
        }: ExportAuthEventsBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            session_id,
            kind: kind.into(),
            actor: actor.into(),
            detail: serde_json::from_str(detail.0.get()).unwrap(),
            created_at,
        }
    }
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct ExportPortfolio {
    pub free_cash: rust_decimal::Decimal,
    pub created_at: jiff::Timestamp,
}
#[derive(Debug, Clone, PartialEq)]
pub struct ExportPortfolioEntries {
    pub id: uuid::Uuid,
    pub kind: String,
    pub subscription_id: Option<uuid::Uuid>,
    pub amount: rust_decimal::Decimal,
    pub free_cash_after: rust_decimal::Decimal,
    pub created_at: jiff::Timestamp,
}
pub struct ExportPortfolioEntriesBorrowed<'a> {
    pub id: uuid::Uuid,
    pub kind: &'a str,
    pub subscription_id: Option<uuid::Uuid>,
    pub amount: rust_decimal::Decimal,
    pub free_cash_after: rust_decimal::Decimal,
    pub created_at: jiff::Timestamp,
}
impl<'a> From<ExportPortfolioEntriesBorrowed<'a>> for ExportPortfolioEntries {
    fn from(
        ExportPortfolioEntriesBorrowed {
            id,
            kind,
            subscription_id,
            amount,
            free_cash_after,
            created_at,
        }: ExportPortfolioEntriesBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            kind: kind.into(),
            subscription_id,
            amount,
            free_cash_after,
            created_at,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct ExportSubscriptionRow {
    pub id: uuid::Uuid,
    pub strategy_id: String,
    pub status: String,
    pub weight_macro: Option<rust_decimal::Decimal>,
    pub weight_onchain: Option<rust_decimal::Decimal>,
    pub weight_ta: Option<rust_decimal::Decimal>,
    pub paid_in: rust_decimal::Decimal,
    pub taken_out: rust_decimal::Decimal,
    pub cash: rust_decimal::Decimal,
    pub realised: rust_decimal::Decimal,
    pub active_since: jiff::Timestamp,
    pub created_at: jiff::Timestamp,
    pub stopped_at: Option<jiff::Timestamp>,
    pub last_decision_id: Option<uuid::Uuid>,
    pub last_outcome: Option<String>,
}
pub struct ExportSubscriptionRowBorrowed<'a> {
    pub id: uuid::Uuid,
    pub strategy_id: &'a str,
    pub status: &'a str,
    pub weight_macro: Option<rust_decimal::Decimal>,
    pub weight_onchain: Option<rust_decimal::Decimal>,
    pub weight_ta: Option<rust_decimal::Decimal>,
    pub paid_in: rust_decimal::Decimal,
    pub taken_out: rust_decimal::Decimal,
    pub cash: rust_decimal::Decimal,
    pub realised: rust_decimal::Decimal,
    pub active_since: jiff::Timestamp,
    pub created_at: jiff::Timestamp,
    pub stopped_at: Option<jiff::Timestamp>,
    pub last_decision_id: Option<uuid::Uuid>,
    pub last_outcome: Option<&'a str>,
}
impl<'a> From<ExportSubscriptionRowBorrowed<'a>> for ExportSubscriptionRow {
    fn from(
        ExportSubscriptionRowBorrowed {
            id,
            strategy_id,
            status,
            weight_macro,
            weight_onchain,
            weight_ta,
            paid_in,
            taken_out,
            cash,
            realised,
            active_since,
            created_at,
            stopped_at,
            last_decision_id,
            last_outcome,
        }: ExportSubscriptionRowBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            strategy_id: strategy_id.into(),
            status: status.into(),
            weight_macro,
            weight_onchain,
            weight_ta,
            paid_in,
            taken_out,
            cash,
            realised,
            active_since,
            created_at,
            stopped_at,
            last_decision_id,
            last_outcome: last_outcome.map(|v| v.into()),
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct ExportHoldings {
    pub subscription_id: uuid::Uuid,
    pub asset: String,
    pub quantity: rust_decimal::Decimal,
    pub total_cost: rust_decimal::Decimal,
}
pub struct ExportHoldingsBorrowed<'a> {
    pub subscription_id: uuid::Uuid,
    pub asset: &'a str,
    pub quantity: rust_decimal::Decimal,
    pub total_cost: rust_decimal::Decimal,
}
impl<'a> From<ExportHoldingsBorrowed<'a>> for ExportHoldings {
    fn from(
        ExportHoldingsBorrowed {
            subscription_id,
            asset,
            quantity,
            total_cost,
        }: ExportHoldingsBorrowed<'a>,
    ) -> Self {
        Self {
            subscription_id,
            asset: asset.into(),
            quantity,
            total_cost,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct ExportTrades {
    pub id: uuid::Uuid,
    pub subscription_id: uuid::Uuid,
    pub strategy_id: String,
    pub decision_id: Option<uuid::Uuid>,
    pub asset: String,
    pub side: String,
    pub quantity: rust_decimal::Decimal,
    pub price: rust_decimal::Decimal,
    pub fill: rust_decimal::Decimal,
    pub value: rust_decimal::Decimal,
    pub fee: rust_decimal::Decimal,
    pub cost: rust_decimal::Decimal,
    pub realised: Option<rust_decimal::Decimal>,
    pub cash_after: rust_decimal::Decimal,
    pub quantity_after: rust_decimal::Decimal,
    pub cost_after: rust_decimal::Decimal,
    pub as_of: jiff::Timestamp,
    pub executed_at: jiff::Timestamp,
}
pub struct ExportTradesBorrowed<'a> {
    pub id: uuid::Uuid,
    pub subscription_id: uuid::Uuid,
    pub strategy_id: &'a str,
    pub decision_id: Option<uuid::Uuid>,
    pub asset: &'a str,
    pub side: &'a str,
    pub quantity: rust_decimal::Decimal,
    pub price: rust_decimal::Decimal,
    pub fill: rust_decimal::Decimal,
    pub value: rust_decimal::Decimal,
    pub fee: rust_decimal::Decimal,
    pub cost: rust_decimal::Decimal,
    pub realised: Option<rust_decimal::Decimal>,
    pub cash_after: rust_decimal::Decimal,
    pub quantity_after: rust_decimal::Decimal,
    pub cost_after: rust_decimal::Decimal,
    pub as_of: jiff::Timestamp,
    pub executed_at: jiff::Timestamp,
}
impl<'a> From<ExportTradesBorrowed<'a>> for ExportTrades {
    fn from(
        ExportTradesBorrowed {
            id,
            subscription_id,
            strategy_id,
            decision_id,
            asset,
            side,
            quantity,
            price,
            fill,
            value,
            fee,
            cost,
            realised,
            cash_after,
            quantity_after,
            cost_after,
            as_of,
            executed_at,
        }: ExportTradesBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            subscription_id,
            strategy_id: strategy_id.into(),
            decision_id,
            asset: asset.into(),
            side: side.into(),
            quantity,
            price,
            fill,
            value,
            fee,
            cost,
            realised,
            cash_after,
            quantity_after,
            cost_after,
            as_of,
            executed_at,
        }
    }
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct ExportPush {
    pub last_seq: Option<i64>,
    pub events: i64,
    pub connections: i64,
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
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
pub struct ExportSessionsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ExportSessionsBorrowed, tokio_postgres::Error>,
    mapper: fn(ExportSessionsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ExportSessionsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ExportSessionsBorrowed) -> R) -> ExportSessionsQuery<'c, 'a, 's, C, R, N> {
        ExportSessionsQuery {
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
pub struct ExportAuthEventsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ExportAuthEventsBorrowed, tokio_postgres::Error>,
    mapper: fn(ExportAuthEventsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ExportAuthEventsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(ExportAuthEventsBorrowed) -> R,
    ) -> ExportAuthEventsQuery<'c, 'a, 's, C, R, N> {
        ExportAuthEventsQuery {
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
pub struct ExportPortfolioQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ExportPortfolio, tokio_postgres::Error>,
    mapper: fn(ExportPortfolio) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ExportPortfolioQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ExportPortfolio) -> R) -> ExportPortfolioQuery<'c, 'a, 's, C, R, N> {
        ExportPortfolioQuery {
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
pub struct ExportPortfolioEntriesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ExportPortfolioEntriesBorrowed, tokio_postgres::Error>,
    mapper: fn(ExportPortfolioEntriesBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ExportPortfolioEntriesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(ExportPortfolioEntriesBorrowed) -> R,
    ) -> ExportPortfolioEntriesQuery<'c, 'a, 's, C, R, N> {
        ExportPortfolioEntriesQuery {
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
pub struct ExportSubscriptionRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ExportSubscriptionRowBorrowed, tokio_postgres::Error>,
    mapper: fn(ExportSubscriptionRowBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ExportSubscriptionRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(ExportSubscriptionRowBorrowed) -> R,
    ) -> ExportSubscriptionRowQuery<'c, 'a, 's, C, R, N> {
        ExportSubscriptionRowQuery {
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
pub struct ExportHoldingsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ExportHoldingsBorrowed, tokio_postgres::Error>,
    mapper: fn(ExportHoldingsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ExportHoldingsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ExportHoldingsBorrowed) -> R) -> ExportHoldingsQuery<'c, 'a, 's, C, R, N> {
        ExportHoldingsQuery {
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
pub struct ExportTradesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ExportTradesBorrowed, tokio_postgres::Error>,
    mapper: fn(ExportTradesBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ExportTradesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ExportTradesBorrowed) -> R) -> ExportTradesQuery<'c, 'a, 's, C, R, N> {
        ExportTradesQuery {
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
pub struct ExportPushQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ExportPush, tokio_postgres::Error>,
    mapper: fn(ExportPush) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ExportPushQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ExportPush) -> R) -> ExportPushQuery<'c, 'a, 's, C, R, N> {
        ExportPushQuery {
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
pub struct ExportGoogleSubStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn export_google_sub() -> ExportGoogleSubStmt {
    ExportGoogleSubStmt("SELECT google_sub FROM users WHERE id = $1", None)
}
impl ExportGoogleSubStmt {
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
    ) -> StringQuery<'c, 'a, 's, C, String, 1> {
        StringQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
pub struct ExportSessionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn export_sessions() -> ExportSessionsStmt {
    ExportSessionsStmt(
        "SELECT id, transport, user_agent, created_at, last_used_at, expires_at, ended_at, end_reason FROM sessions WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
        None,
    )
}
impl ExportSessionsStmt {
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
        limit: &'a i64,
    ) -> ExportSessionsQuery<'c, 'a, 's, C, ExportSessions, 2> {
        ExportSessionsQuery {
            client,
            params: [user_id, limit],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ExportSessionsBorrowed, tokio_postgres::Error> {
                Ok(ExportSessionsBorrowed {
                    id: row.try_get(0)?,
                    transport: row.try_get(1)?,
                    user_agent: row.try_get(2)?,
                    created_at: row.try_get(3)?,
                    last_used_at: row.try_get(4)?,
                    expires_at: row.try_get(5)?,
                    ended_at: row.try_get(6)?,
                    end_reason: row.try_get(7)?,
                })
            },
            mapper: |it| ExportSessions::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ExportSessionsParams,
        ExportSessionsQuery<'c, 'a, 's, C, ExportSessions, 2>,
        C,
    > for ExportSessionsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ExportSessionsParams,
    ) -> ExportSessionsQuery<'c, 'a, 's, C, ExportSessions, 2> {
        self.bind(client, &params.user_id, &params.limit)
    }
}
pub struct ExportAuthEventsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn export_auth_events() -> ExportAuthEventsStmt {
    ExportAuthEventsStmt(
        "SELECT id, session_id, kind, actor, detail, created_at FROM auth_events WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
        None,
    )
}
impl ExportAuthEventsStmt {
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
        limit: &'a i64,
    ) -> ExportAuthEventsQuery<'c, 'a, 's, C, ExportAuthEvents, 2> {
        ExportAuthEventsQuery {
            client,
            params: [user_id, limit],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<ExportAuthEventsBorrowed, tokio_postgres::Error> {
                    Ok(ExportAuthEventsBorrowed {
                        id: row.try_get(0)?,
                        session_id: row.try_get(1)?,
                        kind: row.try_get(2)?,
                        actor: row.try_get(3)?,
                        detail: row.try_get(4)?,
                        created_at: row.try_get(5)?,
                    })
                },
            mapper: |it| ExportAuthEvents::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ExportAuthEventsParams,
        ExportAuthEventsQuery<'c, 'a, 's, C, ExportAuthEvents, 2>,
        C,
    > for ExportAuthEventsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ExportAuthEventsParams,
    ) -> ExportAuthEventsQuery<'c, 'a, 's, C, ExportAuthEvents, 2> {
        self.bind(client, &params.user_id, &params.limit)
    }
}
pub struct ExportPortfolioStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn export_portfolio() -> ExportPortfolioStmt {
    ExportPortfolioStmt(
        "SELECT free_cash, created_at FROM portfolios WHERE user_id = $1",
        None,
    )
}
impl ExportPortfolioStmt {
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
    ) -> ExportPortfolioQuery<'c, 'a, 's, C, ExportPortfolio, 1> {
        ExportPortfolioQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ExportPortfolio, tokio_postgres::Error> {
                Ok(ExportPortfolio {
                    free_cash: row.try_get(0)?,
                    created_at: row.try_get(1)?,
                })
            },
            mapper: |it| ExportPortfolio::from(it),
        }
    }
}
pub struct ExportPortfolioEntriesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn export_portfolio_entries() -> ExportPortfolioEntriesStmt {
    ExportPortfolioEntriesStmt(
        "SELECT id, kind, subscription_id, amount, free_cash_after, created_at FROM portfolio_entries WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
        None,
    )
}
impl ExportPortfolioEntriesStmt {
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
        limit: &'a i64,
    ) -> ExportPortfolioEntriesQuery<'c, 'a, 's, C, ExportPortfolioEntries, 2> {
        ExportPortfolioEntriesQuery {
            client,
            params: [user_id, limit],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<ExportPortfolioEntriesBorrowed, tokio_postgres::Error> {
                    Ok(ExportPortfolioEntriesBorrowed {
                        id: row.try_get(0)?,
                        kind: row.try_get(1)?,
                        subscription_id: row.try_get(2)?,
                        amount: row.try_get(3)?,
                        free_cash_after: row.try_get(4)?,
                        created_at: row.try_get(5)?,
                    })
                },
            mapper: |it| ExportPortfolioEntries::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ExportPortfolioEntriesParams,
        ExportPortfolioEntriesQuery<'c, 'a, 's, C, ExportPortfolioEntries, 2>,
        C,
    > for ExportPortfolioEntriesStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ExportPortfolioEntriesParams,
    ) -> ExportPortfolioEntriesQuery<'c, 'a, 's, C, ExportPortfolioEntries, 2> {
        self.bind(client, &params.user_id, &params.limit)
    }
}
pub struct ExportSubscriptionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn export_subscriptions() -> ExportSubscriptionsStmt {
    ExportSubscriptionsStmt(
        "SELECT id, strategy_id, status, weight_macro, weight_onchain, weight_ta, paid_in, taken_out, cash, realised, active_since, created_at, stopped_at, last_decision_id, last_outcome FROM subscriptions WHERE user_id = $1 ORDER BY created_at DESC, id DESC",
        None,
    )
}
impl ExportSubscriptionsStmt {
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
    ) -> ExportSubscriptionRowQuery<'c, 'a, 's, C, ExportSubscriptionRow, 1> {
        ExportSubscriptionRowQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<ExportSubscriptionRowBorrowed, tokio_postgres::Error> {
                    Ok(ExportSubscriptionRowBorrowed {
                        id: row.try_get(0)?,
                        strategy_id: row.try_get(1)?,
                        status: row.try_get(2)?,
                        weight_macro: row.try_get(3)?,
                        weight_onchain: row.try_get(4)?,
                        weight_ta: row.try_get(5)?,
                        paid_in: row.try_get(6)?,
                        taken_out: row.try_get(7)?,
                        cash: row.try_get(8)?,
                        realised: row.try_get(9)?,
                        active_since: row.try_get(10)?,
                        created_at: row.try_get(11)?,
                        stopped_at: row.try_get(12)?,
                        last_decision_id: row.try_get(13)?,
                        last_outcome: row.try_get(14)?,
                    })
                },
            mapper: |it| ExportSubscriptionRow::from(it),
        }
    }
}
pub struct ExportHoldingsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn export_holdings() -> ExportHoldingsStmt {
    ExportHoldingsStmt(
        "SELECT holding.subscription_id, holding.asset, holding.quantity, holding.total_cost FROM subscriptions AS subscription JOIN holdings AS holding ON holding.subscription_id = subscription.id WHERE subscription.user_id = $1 ORDER BY holding.subscription_id, holding.asset",
        None,
    )
}
impl ExportHoldingsStmt {
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
    ) -> ExportHoldingsQuery<'c, 'a, 's, C, ExportHoldings, 1> {
        ExportHoldingsQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ExportHoldingsBorrowed, tokio_postgres::Error> {
                Ok(ExportHoldingsBorrowed {
                    subscription_id: row.try_get(0)?,
                    asset: row.try_get(1)?,
                    quantity: row.try_get(2)?,
                    total_cost: row.try_get(3)?,
                })
            },
            mapper: |it| ExportHoldings::from(it),
        }
    }
}
pub struct ExportTradesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn export_trades() -> ExportTradesStmt {
    ExportTradesStmt(
        "SELECT id, subscription_id, strategy_id, decision_id, asset, side, quantity, price, fill, value, fee, cost, realised, cash_after, quantity_after, cost_after, as_of, executed_at FROM trades WHERE user_id = $1 AND (executed_at, id) < ($2, $3) ORDER BY executed_at DESC, id DESC LIMIT $4",
        None,
    )
}
impl ExportTradesStmt {
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
        limit: &'a i64,
    ) -> ExportTradesQuery<'c, 'a, 's, C, ExportTrades, 4> {
        ExportTradesQuery {
            client,
            params: [user_id, before, before_id, limit],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ExportTradesBorrowed, tokio_postgres::Error> {
                Ok(ExportTradesBorrowed {
                    id: row.try_get(0)?,
                    subscription_id: row.try_get(1)?,
                    strategy_id: row.try_get(2)?,
                    decision_id: row.try_get(3)?,
                    asset: row.try_get(4)?,
                    side: row.try_get(5)?,
                    quantity: row.try_get(6)?,
                    price: row.try_get(7)?,
                    fill: row.try_get(8)?,
                    value: row.try_get(9)?,
                    fee: row.try_get(10)?,
                    cost: row.try_get(11)?,
                    realised: row.try_get(12)?,
                    cash_after: row.try_get(13)?,
                    quantity_after: row.try_get(14)?,
                    cost_after: row.try_get(15)?,
                    as_of: row.try_get(16)?,
                    executed_at: row.try_get(17)?,
                })
            },
            mapper: |it| ExportTrades::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ExportTradesParams,
        ExportTradesQuery<'c, 'a, 's, C, ExportTrades, 4>,
        C,
    > for ExportTradesStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ExportTradesParams,
    ) -> ExportTradesQuery<'c, 'a, 's, C, ExportTrades, 4> {
        self.bind(
            client,
            &params.user_id,
            &params.before,
            &params.before_id,
            &params.limit,
        )
    }
}
pub struct ExportPushStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn export_push() -> ExportPushStmt {
    ExportPushStmt(
        "SELECT (SELECT last_seq FROM push_streams WHERE user_id = $1) AS last_seq, (SELECT count(*) FROM push_outbox WHERE user_id = $1) AS events, (SELECT count(*) FROM push_connections WHERE user_id = $1) AS connections",
        None,
    )
}
impl ExportPushStmt {
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
    ) -> ExportPushQuery<'c, 'a, 's, C, ExportPush, 1> {
        ExportPushQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ExportPush, tokio_postgres::Error> {
                Ok(ExportPush {
                    last_seq: row.try_get(0)?,
                    events: row.try_get(1)?,
                    connections: row.try_get(2)?,
                })
            },
            mapper: |it| ExportPush::from(it),
        }
    }
}
