// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct CapitalUntilParams<T1: crate::StringSql> {
    pub user_id: uuid::Uuid,
    pub strategy_id: T1,
    pub until: jiff::Timestamp,
}
#[derive(Debug)]
pub struct FlowsBetweenParams<T1: crate::StringSql> {
    pub user_id: uuid::Uuid,
    pub strategy_id: T1,
    pub since: jiff::Timestamp,
    pub until: jiff::Timestamp,
    pub most: i64,
}
#[derive(Debug)]
pub struct OwnDecisionsParams<T1: crate::StringSql, T2: crate::ArraySql<Item = T1>> {
    pub strategy_ids: T2,
    pub since: jiff::Timestamp,
    pub until: jiff::Timestamp,
    pub every: bool,
    pub most: i64,
}
#[derive(Debug)]
pub struct FirstOwnDecisionsParams<
    T1: crate::ArraySql<Item = jiff::Timestamp>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
> {
    pub since: T1,
    pub strategy_ids: T3,
    pub until: jiff::Timestamp,
}
#[derive(Debug)]
pub struct DailyClosesParams<T1: crate::StringSql, T2: crate::ArraySql<Item = T1>> {
    pub assets: T2,
    pub since: jiff::Timestamp,
    pub until: jiff::Timestamp,
}
#[derive(Debug)]
pub struct TradeSumsOfUserParams<T1: crate::ArraySql<Item = jiff::Timestamp>, T2: crate::StringSql> {
    pub times: T1,
    pub user_id: uuid::Uuid,
    pub strategy_id: Option<T2>,
    pub until: jiff::Timestamp,
    pub most: i64,
}
#[derive(Debug)]
pub struct TradeSumsOfSubscriptionsParams<
    T1: crate::ArraySql<Item = jiff::Timestamp>,
    T2: crate::ArraySql<Item = uuid::Uuid>,
> {
    pub times: T1,
    pub subscription_ids: T2,
    pub until: jiff::Timestamp,
    pub most: i64,
}
#[derive(Debug)]
pub struct TradePageParams<T1: crate::StringSql, T2: crate::StringSql, T3: crate::StringSql> {
    pub user_id: uuid::Uuid,
    pub since: jiff::Timestamp,
    pub before_time: jiff::Timestamp,
    pub before_id: uuid::Uuid,
    pub strategy_id: Option<T1>,
    pub asset: Option<T2>,
    pub side: Option<T3>,
    pub limit: i64,
}
#[derive(Debug, Clone, PartialEq)]
pub struct PortfolioOf {
    pub free_cash: rust_decimal::Decimal,
    pub created_at: jiff::Timestamp,
    pub tier: String,
}
pub struct PortfolioOfBorrowed<'a> {
    pub free_cash: rust_decimal::Decimal,
    pub created_at: jiff::Timestamp,
    pub tier: &'a str,
}
impl<'a> From<PortfolioOfBorrowed<'a>> for PortfolioOf {
    fn from(
        PortfolioOfBorrowed {
            free_cash,
            created_at,
            tier,
        }: PortfolioOfBorrowed<'a>,
    ) -> Self {
        Self {
            free_cash,
            created_at,
            tier: tier.into(),
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct OpenSubscriptionRow {
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
    pub last_outcome: Option<String>,
    pub decision_id: Option<uuid::Uuid>,
    pub decision_as_of: Option<jiff::Timestamp>,
    pub decision_conviction: Option<rust_decimal::Decimal>,
    pub decision_signal: Option<String>,
}
pub struct OpenSubscriptionRowBorrowed<'a> {
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
    pub last_outcome: Option<&'a str>,
    pub decision_id: Option<uuid::Uuid>,
    pub decision_as_of: Option<jiff::Timestamp>,
    pub decision_conviction: Option<rust_decimal::Decimal>,
    pub decision_signal: Option<&'a str>,
}
impl<'a> From<OpenSubscriptionRowBorrowed<'a>> for OpenSubscriptionRow {
    fn from(
        OpenSubscriptionRowBorrowed {
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
            last_outcome,
            decision_id,
            decision_as_of,
            decision_conviction,
            decision_signal,
        }: OpenSubscriptionRowBorrowed<'a>,
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
            last_outcome: last_outcome.map(|v| v.into()),
            decision_id,
            decision_as_of,
            decision_conviction,
            decision_signal: decision_signal.map(|v| v.into()),
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct FollowedStrategies {
    pub strategy_id: String,
    pub since: jiff::Timestamp,
}
pub struct FollowedStrategiesBorrowed<'a> {
    pub strategy_id: &'a str,
    pub since: jiff::Timestamp,
}
impl<'a> From<FollowedStrategiesBorrowed<'a>> for FollowedStrategies {
    fn from(FollowedStrategiesBorrowed { strategy_id, since }: FollowedStrategiesBorrowed<'a>) -> Self {
        Self {
            strategy_id: strategy_id.into(),
            since,
        }
    }
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct OpeningOf {
    pub amount: rust_decimal::Decimal,
    pub created_at: jiff::Timestamp,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct FlowsBetween {
    pub created_at: jiff::Timestamp,
    pub amount: rust_decimal::Decimal,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct OwnDecisions {
    pub as_of: jiff::Timestamp,
    pub price_btc: Option<rust_decimal::Decimal>,
    pub price_eth: Option<rust_decimal::Decimal>,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct FirstOwnDecisions {
    pub as_of: jiff::Timestamp,
    pub price_btc: Option<rust_decimal::Decimal>,
    pub price_eth: Option<rust_decimal::Decimal>,
}
#[derive(Debug, Clone, PartialEq)]
pub struct DailyCloses {
    pub asset: String,
    pub open_time: jiff::Timestamp,
    pub close: rust_decimal::Decimal,
}
pub struct DailyClosesBorrowed<'a> {
    pub asset: &'a str,
    pub open_time: jiff::Timestamp,
    pub close: rust_decimal::Decimal,
}
impl<'a> From<DailyClosesBorrowed<'a>> for DailyCloses {
    fn from(
        DailyClosesBorrowed {
            asset,
            open_time,
            close,
        }: DailyClosesBorrowed<'a>,
    ) -> Self {
        Self {
            asset: asset.into(),
            open_time,
            close,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct SumRow {
    pub subscription_id: uuid::Uuid,
    pub asset: String,
    pub place: i32,
    pub is_at: bool,
    pub quantity: rust_decimal::Decimal,
    pub cash: rust_decimal::Decimal,
    pub sells: i64,
    pub won: i64,
}
pub struct SumRowBorrowed<'a> {
    pub subscription_id: uuid::Uuid,
    pub asset: &'a str,
    pub place: i32,
    pub is_at: bool,
    pub quantity: rust_decimal::Decimal,
    pub cash: rust_decimal::Decimal,
    pub sells: i64,
    pub won: i64,
}
impl<'a> From<SumRowBorrowed<'a>> for SumRow {
    fn from(
        SumRowBorrowed {
            subscription_id,
            asset,
            place,
            is_at,
            quantity,
            cash,
            sells,
            won,
        }: SumRowBorrowed<'a>,
    ) -> Self {
        Self {
            subscription_id,
            asset: asset.into(),
            place,
            is_at,
            quantity,
            cash,
            sells,
            won,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct ReferencePortfolios {
    pub id: uuid::Uuid,
    pub strategy_id: String,
    pub paid_in: rust_decimal::Decimal,
    pub since: jiff::Timestamp,
}
pub struct ReferencePortfoliosBorrowed<'a> {
    pub id: uuid::Uuid,
    pub strategy_id: &'a str,
    pub paid_in: rust_decimal::Decimal,
    pub since: jiff::Timestamp,
}
impl<'a> From<ReferencePortfoliosBorrowed<'a>> for ReferencePortfolios {
    fn from(
        ReferencePortfoliosBorrowed {
            id,
            strategy_id,
            paid_in,
            since,
        }: ReferencePortfoliosBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            strategy_id: strategy_id.into(),
            paid_in,
            since,
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct TradePage {
    pub id: uuid::Uuid,
    pub subscription_id: uuid::Uuid,
    pub strategy_id: String,
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
    pub decision_id: Option<uuid::Uuid>,
    pub execution_id: Option<uuid::Uuid>,
    pub weight_macro: Option<rust_decimal::Decimal>,
    pub weight_onchain: Option<rust_decimal::Decimal>,
    pub weight_ta: Option<rust_decimal::Decimal>,
    pub conviction: Option<rust_decimal::Decimal>,
    pub signal: Option<String>,
    pub position: Option<rust_decimal::Decimal>,
    pub explanation: Option<String>,
}
pub struct TradePageBorrowed<'a> {
    pub id: uuid::Uuid,
    pub subscription_id: uuid::Uuid,
    pub strategy_id: &'a str,
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
    pub decision_id: Option<uuid::Uuid>,
    pub execution_id: Option<uuid::Uuid>,
    pub weight_macro: Option<rust_decimal::Decimal>,
    pub weight_onchain: Option<rust_decimal::Decimal>,
    pub weight_ta: Option<rust_decimal::Decimal>,
    pub conviction: Option<rust_decimal::Decimal>,
    pub signal: Option<&'a str>,
    pub position: Option<rust_decimal::Decimal>,
    pub explanation: Option<&'a str>,
}
impl<'a> From<TradePageBorrowed<'a>> for TradePage {
    fn from(
        TradePageBorrowed {
            id,
            subscription_id,
            strategy_id,
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
            decision_id,
            execution_id,
            weight_macro,
            weight_onchain,
            weight_ta,
            conviction,
            signal,
            position,
            explanation,
        }: TradePageBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            subscription_id,
            strategy_id: strategy_id.into(),
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
            decision_id,
            execution_id,
            weight_macro,
            weight_onchain,
            weight_ta,
            conviction,
            signal: signal.map(|v| v.into()),
            position,
            explanation: explanation.map(|v| v.into()),
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct PortfolioOfQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<PortfolioOfBorrowed, tokio_postgres::Error>,
    mapper: fn(PortfolioOfBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> PortfolioOfQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(PortfolioOfBorrowed) -> R) -> PortfolioOfQuery<'c, 'a, 's, C, R, N> {
        PortfolioOfQuery {
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
pub struct OpenSubscriptionRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<OpenSubscriptionRowBorrowed, tokio_postgres::Error>,
    mapper: fn(OpenSubscriptionRowBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> OpenSubscriptionRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(OpenSubscriptionRowBorrowed) -> R,
    ) -> OpenSubscriptionRowQuery<'c, 'a, 's, C, R, N> {
        OpenSubscriptionRowQuery {
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
pub struct FollowedStrategiesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<FollowedStrategiesBorrowed, tokio_postgres::Error>,
    mapper: fn(FollowedStrategiesBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> FollowedStrategiesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(FollowedStrategiesBorrowed) -> R,
    ) -> FollowedStrategiesQuery<'c, 'a, 's, C, R, N> {
        FollowedStrategiesQuery {
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
pub struct OpeningOfQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<OpeningOf, tokio_postgres::Error>,
    mapper: fn(OpeningOf) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> OpeningOfQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(OpeningOf) -> R) -> OpeningOfQuery<'c, 'a, 's, C, R, N> {
        OpeningOfQuery {
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
pub struct OptionrustdecimalDecimalQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<Option<rust_decimal::Decimal>, tokio_postgres::Error>,
    mapper: fn(Option<rust_decimal::Decimal>) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> OptionrustdecimalDecimalQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(Option<rust_decimal::Decimal>) -> R,
    ) -> OptionrustdecimalDecimalQuery<'c, 'a, 's, C, R, N> {
        OptionrustdecimalDecimalQuery {
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
pub struct FlowsBetweenQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<FlowsBetween, tokio_postgres::Error>,
    mapper: fn(FlowsBetween) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> FlowsBetweenQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(FlowsBetween) -> R) -> FlowsBetweenQuery<'c, 'a, 's, C, R, N> {
        FlowsBetweenQuery {
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
pub struct OwnDecisionsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<OwnDecisions, tokio_postgres::Error>,
    mapper: fn(OwnDecisions) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> OwnDecisionsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(OwnDecisions) -> R) -> OwnDecisionsQuery<'c, 'a, 's, C, R, N> {
        OwnDecisionsQuery {
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
pub struct FirstOwnDecisionsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<FirstOwnDecisions, tokio_postgres::Error>,
    mapper: fn(FirstOwnDecisions) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> FirstOwnDecisionsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(FirstOwnDecisions) -> R) -> FirstOwnDecisionsQuery<'c, 'a, 's, C, R, N> {
        FirstOwnDecisionsQuery {
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
pub struct DailyClosesQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<DailyClosesBorrowed, tokio_postgres::Error>,
    mapper: fn(DailyClosesBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> DailyClosesQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(DailyClosesBorrowed) -> R) -> DailyClosesQuery<'c, 'a, 's, C, R, N> {
        DailyClosesQuery {
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
pub struct SumRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SumRowBorrowed, tokio_postgres::Error>,
    mapper: fn(SumRowBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SumRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(SumRowBorrowed) -> R) -> SumRowQuery<'c, 'a, 's, C, R, N> {
        SumRowQuery {
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
pub struct ReferencePortfoliosQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ReferencePortfoliosBorrowed, tokio_postgres::Error>,
    mapper: fn(ReferencePortfoliosBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ReferencePortfoliosQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(ReferencePortfoliosBorrowed) -> R,
    ) -> ReferencePortfoliosQuery<'c, 'a, 's, C, R, N> {
        ReferencePortfoliosQuery {
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
pub struct TradePageQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<TradePageBorrowed, tokio_postgres::Error>,
    mapper: fn(TradePageBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> TradePageQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(TradePageBorrowed) -> R) -> TradePageQuery<'c, 'a, 's, C, R, N> {
        TradePageQuery {
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
pub struct PortfolioOfStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn portfolio_of() -> PortfolioOfStmt {
    PortfolioOfStmt(
        "SELECT portfolios.free_cash, portfolios.created_at, users.tier FROM portfolios JOIN users ON users.id = portfolios.user_id WHERE portfolios.user_id = $1",
        None,
    )
}
impl PortfolioOfStmt {
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
    ) -> PortfolioOfQuery<'c, 'a, 's, C, PortfolioOf, 1> {
        PortfolioOfQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<PortfolioOfBorrowed, tokio_postgres::Error> {
                Ok(PortfolioOfBorrowed {
                    free_cash: row.try_get(0)?,
                    created_at: row.try_get(1)?,
                    tier: row.try_get(2)?,
                })
            },
            mapper: |it| PortfolioOf::from(it),
        }
    }
}
pub struct OpenSubscriptionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn open_subscriptions() -> OpenSubscriptionsStmt {
    OpenSubscriptionsStmt(
        "SELECT subscription.id, subscription.strategy_id, subscription.status, subscription.weight_macro, subscription.weight_onchain, subscription.weight_ta, subscription.paid_in, subscription.taken_out, subscription.cash, subscription.realised, subscription.active_since, subscription.created_at, subscription.last_outcome, decision.id AS decision_id, decision.as_of AS decision_as_of, decision.conviction AS decision_conviction, decision.signal AS decision_signal FROM subscriptions AS subscription LEFT JOIN decisions AS decision ON decision.id = subscription.last_decision_id WHERE subscription.user_id = $1 AND subscription.status <> 'stopped' ORDER BY subscription.created_at, subscription.id",
        None,
    )
}
impl OpenSubscriptionsStmt {
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
    ) -> OpenSubscriptionRowQuery<'c, 'a, 's, C, OpenSubscriptionRow, 1> {
        OpenSubscriptionRowQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<OpenSubscriptionRowBorrowed, tokio_postgres::Error> {
                    Ok(OpenSubscriptionRowBorrowed {
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
                        last_outcome: row.try_get(12)?,
                        decision_id: row.try_get(13)?,
                        decision_as_of: row.try_get(14)?,
                        decision_conviction: row.try_get(15)?,
                        decision_signal: row.try_get(16)?,
                    })
                },
            mapper: |it| OpenSubscriptionRow::from(it),
        }
    }
}
pub struct FollowedStrategiesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn followed_strategies() -> FollowedStrategiesStmt {
    FollowedStrategiesStmt(
        "SELECT strategy_id, min(created_at) AS since FROM subscriptions WHERE user_id = $1 GROUP BY strategy_id ORDER BY strategy_id",
        None,
    )
}
impl FollowedStrategiesStmt {
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
    ) -> FollowedStrategiesQuery<'c, 'a, 's, C, FollowedStrategies, 1> {
        FollowedStrategiesQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<FollowedStrategiesBorrowed, tokio_postgres::Error> {
                    Ok(FollowedStrategiesBorrowed {
                        strategy_id: row.try_get(0)?,
                        since: row.try_get(1)?,
                    })
                },
            mapper: |it| FollowedStrategies::from(it),
        }
    }
}
pub struct OpeningOfStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn opening_of() -> OpeningOfStmt {
    OpeningOfStmt(
        "SELECT amount, created_at FROM portfolio_entries WHERE user_id = $1 AND kind = 'opening'",
        None,
    )
}
impl OpeningOfStmt {
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
    ) -> OpeningOfQuery<'c, 'a, 's, C, OpeningOf, 1> {
        OpeningOfQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<OpeningOf, tokio_postgres::Error> {
                Ok(OpeningOf {
                    amount: row.try_get(0)?,
                    created_at: row.try_get(1)?,
                })
            },
            mapper: |it| OpeningOf::from(it),
        }
    }
}
pub struct CapitalUntilStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn capital_until() -> CapitalUntilStmt {
    CapitalUntilStmt(
        "SELECT -sum(entry.amount) AS amount FROM portfolio_entries AS entry JOIN subscriptions AS subscription ON subscription.id = entry.subscription_id WHERE entry.user_id = $1 AND subscription.strategy_id = $2 AND entry.created_at <= $3",
        None,
    )
}
impl CapitalUntilStmt {
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
        user_id: &'a uuid::Uuid,
        strategy_id: &'a T1,
        until: &'a jiff::Timestamp,
    ) -> OptionrustdecimalDecimalQuery<'c, 'a, 's, C, Option<rust_decimal::Decimal>, 3> {
        OptionrustdecimalDecimalQuery {
            client,
            params: [user_id, strategy_id, until],
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
        CapitalUntilParams<T1>,
        OptionrustdecimalDecimalQuery<'c, 'a, 's, C, Option<rust_decimal::Decimal>, 3>,
        C,
    > for CapitalUntilStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a CapitalUntilParams<T1>,
    ) -> OptionrustdecimalDecimalQuery<'c, 'a, 's, C, Option<rust_decimal::Decimal>, 3> {
        self.bind(client, &params.user_id, &params.strategy_id, &params.until)
    }
}
pub struct FlowsBetweenStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn flows_between() -> FlowsBetweenStmt {
    FlowsBetweenStmt(
        "SELECT entry.created_at, -sum(entry.amount) AS amount FROM portfolio_entries AS entry JOIN subscriptions AS subscription ON subscription.id = entry.subscription_id WHERE entry.user_id = $1 AND subscription.strategy_id = $2 AND entry.created_at > $3 AND entry.created_at <= $4 GROUP BY entry.created_at ORDER BY entry.created_at LIMIT $5",
        None,
    )
}
impl FlowsBetweenStmt {
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
        user_id: &'a uuid::Uuid,
        strategy_id: &'a T1,
        since: &'a jiff::Timestamp,
        until: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> FlowsBetweenQuery<'c, 'a, 's, C, FlowsBetween, 5> {
        FlowsBetweenQuery {
            client,
            params: [user_id, strategy_id, since, until, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<FlowsBetween, tokio_postgres::Error> {
                Ok(FlowsBetween {
                    created_at: row.try_get(0)?,
                    amount: row.try_get(1)?,
                })
            },
            mapper: |it| FlowsBetween::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        FlowsBetweenParams<T1>,
        FlowsBetweenQuery<'c, 'a, 's, C, FlowsBetween, 5>,
        C,
    > for FlowsBetweenStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a FlowsBetweenParams<T1>,
    ) -> FlowsBetweenQuery<'c, 'a, 's, C, FlowsBetween, 5> {
        self.bind(
            client,
            &params.user_id,
            &params.strategy_id,
            &params.since,
            &params.until,
            &params.most,
        )
    }
}
pub struct OwnDecisionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn own_decisions() -> OwnDecisionsStmt {
    OwnDecisionsStmt(
        "SELECT DISTINCT ON (as_of) as_of, price_btc, price_eth FROM decisions WHERE is_own AND strategy_id = ANY ($1) AND as_of >= $2 AND as_of <= $3 AND ($4 OR date_trunc('day', as_of) = as_of) ORDER BY as_of, price_btc IS NULL, strategy_id LIMIT $5",
        None,
    )
}
impl OwnDecisionsStmt {
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
        strategy_ids: &'a T2,
        since: &'a jiff::Timestamp,
        until: &'a jiff::Timestamp,
        every: &'a bool,
        most: &'a i64,
    ) -> OwnDecisionsQuery<'c, 'a, 's, C, OwnDecisions, 5> {
        OwnDecisionsQuery {
            client,
            params: [strategy_ids, since, until, every, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<OwnDecisions, tokio_postgres::Error> {
                Ok(OwnDecisions {
                    as_of: row.try_get(0)?,
                    price_btc: row.try_get(1)?,
                    price_eth: row.try_get(2)?,
                })
            },
            mapper: |it| OwnDecisions::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::ArraySql<Item = T1>>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        OwnDecisionsParams<T1, T2>,
        OwnDecisionsQuery<'c, 'a, 's, C, OwnDecisions, 5>,
        C,
    > for OwnDecisionsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a OwnDecisionsParams<T1, T2>,
    ) -> OwnDecisionsQuery<'c, 'a, 's, C, OwnDecisions, 5> {
        self.bind(
            client,
            &params.strategy_ids,
            &params.since,
            &params.until,
            &params.every,
            &params.most,
        )
    }
}
pub struct FirstOwnDecisionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn first_own_decisions() -> FirstOwnDecisionsStmt {
    FirstOwnDecisionsStmt(
        "SELECT first.as_of, first.price_btc, first.price_eth FROM unnest($1::timestamptz[]) AS begun (since) CROSS JOIN LATERAL ( SELECT each.as_of, each.price_btc, each.price_eth FROM unnest($2::text[]) AS strategy (id) CROSS JOIN LATERAL ( SELECT as_of, price_btc, price_eth FROM decisions WHERE is_own AND strategy_id = strategy.id AND as_of >= begun.since AND as_of <= $3 AND price_btc IS NOT NULL ORDER BY as_of LIMIT 1 ) AS each ORDER BY each.as_of LIMIT 1 ) AS first ORDER BY first.as_of",
        None,
    )
}
impl FirstOwnDecisionsStmt {
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
        T2: crate::StringSql,
        T3: crate::ArraySql<Item = T2>,
    >(
        &'s self,
        client: &'c C,
        since: &'a T1,
        strategy_ids: &'a T3,
        until: &'a jiff::Timestamp,
    ) -> FirstOwnDecisionsQuery<'c, 'a, 's, C, FirstOwnDecisions, 3> {
        FirstOwnDecisionsQuery {
            client,
            params: [since, strategy_ids, until],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<FirstOwnDecisions, tokio_postgres::Error> {
                Ok(FirstOwnDecisions {
                    as_of: row.try_get(0)?,
                    price_btc: row.try_get(1)?,
                    price_eth: row.try_get(2)?,
                })
            },
            mapper: |it| FirstOwnDecisions::from(it),
        }
    }
}
impl<
    'c,
    'a,
    's,
    C: GenericClient,
    T1: crate::ArraySql<Item = jiff::Timestamp>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        FirstOwnDecisionsParams<T1, T2, T3>,
        FirstOwnDecisionsQuery<'c, 'a, 's, C, FirstOwnDecisions, 3>,
        C,
    > for FirstOwnDecisionsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a FirstOwnDecisionsParams<T1, T2, T3>,
    ) -> FirstOwnDecisionsQuery<'c, 'a, 's, C, FirstOwnDecisions, 3> {
        self.bind(client, &params.since, &params.strategy_ids, &params.until)
    }
}
pub struct DailyClosesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn daily_closes() -> DailyClosesStmt {
    DailyClosesStmt(
        "SELECT asset, open_time, close FROM market_data WHERE asset = ANY ($1) AND timeframe = '1d' AND open_time >= $2 AND open_time <= $3 ORDER BY open_time",
        None,
    )
}
impl DailyClosesStmt {
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
        assets: &'a T2,
        since: &'a jiff::Timestamp,
        until: &'a jiff::Timestamp,
    ) -> DailyClosesQuery<'c, 'a, 's, C, DailyCloses, 3> {
        DailyClosesQuery {
            client,
            params: [assets, since, until],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<DailyClosesBorrowed, tokio_postgres::Error> {
                Ok(DailyClosesBorrowed {
                    asset: row.try_get(0)?,
                    open_time: row.try_get(1)?,
                    close: row.try_get(2)?,
                })
            },
            mapper: |it| DailyCloses::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::ArraySql<Item = T1>>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        DailyClosesParams<T1, T2>,
        DailyClosesQuery<'c, 'a, 's, C, DailyCloses, 3>,
        C,
    > for DailyClosesStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a DailyClosesParams<T1, T2>,
    ) -> DailyClosesQuery<'c, 'a, 's, C, DailyCloses, 3> {
        self.bind(client, &params.assets, &params.since, &params.until)
    }
}
pub struct TradeSumsOfUserStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn trade_sums_of_user() -> TradeSumsOfUserStmt {
    TradeSumsOfUserStmt(
        "SELECT subscription_id, asset, place, is_at, sum(CASE side WHEN 'buy' THEN quantity ELSE -quantity END) AS quantity, sum(CASE side WHEN 'buy' THEN -value - fee ELSE value - fee END) AS cash, count(*) FILTER (WHERE side = 'sell') AS sells, count(*) FILTER (WHERE realised > 0) AS won FROM ( SELECT subscription_id, asset, side, quantity, value, fee, realised, place, decision_id IS NOT NULL AND shown_at = ($1::timestamptz[])[place + 1] AS is_at FROM ( SELECT subscription_id, asset, side, quantity, value, fee, realised, decision_id, shown_at, width_bucket(shown_at - interval '1 microsecond', $1::timestamptz[]) AS place FROM ( SELECT subscription_id, asset, side, quantity, value, fee, realised, decision_id, max(at) OVER (PARTITION BY subscription_id ORDER BY happened_at) AS shown_at FROM ( SELECT subscription_id, asset, side, quantity, value, fee, realised, decision_id, as_of AS at, executed_at AS happened_at FROM trades WHERE user_id = $2 AND ($3::text IS NULL OR strategy_id = $3::text) UNION ALL SELECT subscription_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, created_at, created_at FROM portfolio_entries WHERE user_id = $2 AND subscription_id IS NOT NULL ) AS happened ) AS told WHERE asset IS NOT NULL AND shown_at <= $4 ) AS placed ) AS moved GROUP BY subscription_id, asset, place, is_at ORDER BY place, is_at, subscription_id, asset LIMIT $5",
        None,
    )
}
impl TradeSumsOfUserStmt {
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
        T2: crate::StringSql,
    >(
        &'s self,
        client: &'c C,
        times: &'a T1,
        user_id: &'a uuid::Uuid,
        strategy_id: &'a Option<T2>,
        until: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> SumRowQuery<'c, 'a, 's, C, SumRow, 5> {
        SumRowQuery {
            client,
            params: [times, user_id, strategy_id, until, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SumRowBorrowed, tokio_postgres::Error> {
                Ok(SumRowBorrowed {
                    subscription_id: row.try_get(0)?,
                    asset: row.try_get(1)?,
                    place: row.try_get(2)?,
                    is_at: row.try_get(3)?,
                    quantity: row.try_get(4)?,
                    cash: row.try_get(5)?,
                    sells: row.try_get(6)?,
                    won: row.try_get(7)?,
                })
            },
            mapper: |it| SumRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::ArraySql<Item = jiff::Timestamp>, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        TradeSumsOfUserParams<T1, T2>,
        SumRowQuery<'c, 'a, 's, C, SumRow, 5>,
        C,
    > for TradeSumsOfUserStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a TradeSumsOfUserParams<T1, T2>,
    ) -> SumRowQuery<'c, 'a, 's, C, SumRow, 5> {
        self.bind(
            client,
            &params.times,
            &params.user_id,
            &params.strategy_id,
            &params.until,
            &params.most,
        )
    }
}
pub struct TradeSumsOfSubscriptionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn trade_sums_of_subscriptions() -> TradeSumsOfSubscriptionsStmt {
    TradeSumsOfSubscriptionsStmt(
        "SELECT subscription_id, asset, place, is_at, sum(CASE side WHEN 'buy' THEN quantity ELSE -quantity END) AS quantity, sum(CASE side WHEN 'buy' THEN -value - fee ELSE value - fee END) AS cash, count(*) FILTER (WHERE side = 'sell') AS sells, count(*) FILTER (WHERE realised > 0) AS won FROM ( SELECT subscription_id, asset, side, quantity, value, fee, realised, place, decision_id IS NOT NULL AND shown_at = ($1::timestamptz[])[place + 1] AS is_at FROM ( SELECT subscription_id, asset, side, quantity, value, fee, realised, decision_id, shown_at, width_bucket(shown_at - interval '1 microsecond', $1::timestamptz[]) AS place FROM ( SELECT subscription_id, asset, side, quantity, value, fee, realised, decision_id, max(as_of) OVER (PARTITION BY subscription_id ORDER BY executed_at) AS shown_at FROM trades WHERE subscription_id = ANY ($2) ) AS told WHERE shown_at <= $3 ) AS placed ) AS moved GROUP BY subscription_id, asset, place, is_at ORDER BY place, is_at, subscription_id, asset LIMIT $4",
        None,
    )
}
impl TradeSumsOfSubscriptionsStmt {
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
        T2: crate::ArraySql<Item = uuid::Uuid>,
    >(
        &'s self,
        client: &'c C,
        times: &'a T1,
        subscription_ids: &'a T2,
        until: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> SumRowQuery<'c, 'a, 's, C, SumRow, 4> {
        SumRowQuery {
            client,
            params: [times, subscription_ids, until, most],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SumRowBorrowed, tokio_postgres::Error> {
                Ok(SumRowBorrowed {
                    subscription_id: row.try_get(0)?,
                    asset: row.try_get(1)?,
                    place: row.try_get(2)?,
                    is_at: row.try_get(3)?,
                    quantity: row.try_get(4)?,
                    cash: row.try_get(5)?,
                    sells: row.try_get(6)?,
                    won: row.try_get(7)?,
                })
            },
            mapper: |it| SumRow::from(it),
        }
    }
}
impl<
    'c,
    'a,
    's,
    C: GenericClient,
    T1: crate::ArraySql<Item = jiff::Timestamp>,
    T2: crate::ArraySql<Item = uuid::Uuid>,
>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        TradeSumsOfSubscriptionsParams<T1, T2>,
        SumRowQuery<'c, 'a, 's, C, SumRow, 4>,
        C,
    > for TradeSumsOfSubscriptionsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a TradeSumsOfSubscriptionsParams<T1, T2>,
    ) -> SumRowQuery<'c, 'a, 's, C, SumRow, 4> {
        self.bind(
            client,
            &params.times,
            &params.subscription_ids,
            &params.until,
            &params.most,
        )
    }
}
pub struct ReferencePortfoliosStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn reference_portfolios() -> ReferencePortfoliosStmt {
    ReferencePortfoliosStmt(
        "SELECT id, strategy_id, paid_in, active_since AS since FROM subscriptions WHERE user_id IS NULL AND strategy_id = ANY ($1) ORDER BY strategy_id",
        None,
    )
}
impl ReferencePortfoliosStmt {
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
        strategy_ids: &'a T2,
    ) -> ReferencePortfoliosQuery<'c, 'a, 's, C, ReferencePortfolios, 1> {
        ReferencePortfoliosQuery {
            client,
            params: [strategy_ids],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<ReferencePortfoliosBorrowed, tokio_postgres::Error> {
                    Ok(ReferencePortfoliosBorrowed {
                        id: row.try_get(0)?,
                        strategy_id: row.try_get(1)?,
                        paid_in: row.try_get(2)?,
                        since: row.try_get(3)?,
                    })
                },
            mapper: |it| ReferencePortfolios::from(it),
        }
    }
}
pub struct TradePageStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn trade_page() -> TradePageStmt {
    TradePageStmt(
        "SELECT trade.id, trade.subscription_id, trade.strategy_id, trade.asset, trade.side, trade.quantity, trade.price, trade.fill, trade.value, trade.fee, trade.cost, trade.realised, trade.cash_after, trade.quantity_after, trade.cost_after, trade.as_of, trade.executed_at, trade.decision_id, decision.execution_id, decision.weight_macro, decision.weight_onchain, decision.weight_ta, decision.conviction, decision.signal, decision.position, decision.explanation FROM trades AS trade LEFT JOIN decisions AS decision ON decision.id = trade.decision_id WHERE trade.user_id = $1 AND trade.executed_at >= $2 AND (trade.executed_at, trade.id) < ($3, $4) AND ($5::text IS NULL OR trade.strategy_id = $5::text) AND ($6::text IS NULL OR trade.asset = $6::text) AND ($7::text IS NULL OR trade.side = $7::text) ORDER BY trade.executed_at DESC, trade.id DESC LIMIT $8",
        None,
    )
}
impl TradePageStmt {
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
        T2: crate::StringSql,
        T3: crate::StringSql,
    >(
        &'s self,
        client: &'c C,
        user_id: &'a uuid::Uuid,
        since: &'a jiff::Timestamp,
        before_time: &'a jiff::Timestamp,
        before_id: &'a uuid::Uuid,
        strategy_id: &'a Option<T1>,
        asset: &'a Option<T2>,
        side: &'a Option<T3>,
        limit: &'a i64,
    ) -> TradePageQuery<'c, 'a, 's, C, TradePage, 8> {
        TradePageQuery {
            client,
            params: [
                user_id,
                since,
                before_time,
                before_id,
                strategy_id,
                asset,
                side,
                limit,
            ],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<TradePageBorrowed, tokio_postgres::Error> {
                Ok(TradePageBorrowed {
                    id: row.try_get(0)?,
                    subscription_id: row.try_get(1)?,
                    strategy_id: row.try_get(2)?,
                    asset: row.try_get(3)?,
                    side: row.try_get(4)?,
                    quantity: row.try_get(5)?,
                    price: row.try_get(6)?,
                    fill: row.try_get(7)?,
                    value: row.try_get(8)?,
                    fee: row.try_get(9)?,
                    cost: row.try_get(10)?,
                    realised: row.try_get(11)?,
                    cash_after: row.try_get(12)?,
                    quantity_after: row.try_get(13)?,
                    cost_after: row.try_get(14)?,
                    as_of: row.try_get(15)?,
                    executed_at: row.try_get(16)?,
                    decision_id: row.try_get(17)?,
                    execution_id: row.try_get(18)?,
                    weight_macro: row.try_get(19)?,
                    weight_onchain: row.try_get(20)?,
                    weight_ta: row.try_get(21)?,
                    conviction: row.try_get(22)?,
                    signal: row.try_get(23)?,
                    position: row.try_get(24)?,
                    explanation: row.try_get(25)?,
                })
            },
            mapper: |it| TradePage::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql, T3: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        TradePageParams<T1, T2, T3>,
        TradePageQuery<'c, 'a, 's, C, TradePage, 8>,
        C,
    > for TradePageStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a TradePageParams<T1, T2, T3>,
    ) -> TradePageQuery<'c, 'a, 's, C, TradePage, 8> {
        self.bind(
            client,
            &params.user_id,
            &params.since,
            &params.before_time,
            &params.before_id,
            &params.strategy_id,
            &params.asset,
            &params.side,
            &params.limit,
        )
    }
}
