// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct InsertSubscriptionParams<T1: crate::StringSql> {
    pub id: uuid::Uuid,
    pub user_id: uuid::Uuid,
    pub strategy_id: T1,
    pub weight_macro: Option<rust_decimal::Decimal>,
    pub weight_onchain: Option<rust_decimal::Decimal>,
    pub weight_ta: Option<rust_decimal::Decimal>,
    pub capital: rust_decimal::Decimal,
    pub now: jiff::Timestamp,
}
#[derive(Debug)]
pub struct LockSubscriptionParams<T1: crate::StringSql> {
    pub user_id: uuid::Uuid,
    pub strategy_id: T1,
}
#[derive(Debug)]
pub struct ChangeSubscriptionParams<T1: crate::StringSql> {
    pub status: T1,
    pub weight_macro: Option<rust_decimal::Decimal>,
    pub weight_onchain: Option<rust_decimal::Decimal>,
    pub weight_ta: Option<rust_decimal::Decimal>,
    pub paid_in: rust_decimal::Decimal,
    pub taken_out: rust_decimal::Decimal,
    pub cash: rust_decimal::Decimal,
    pub realised: rust_decimal::Decimal,
    pub active_since: jiff::Timestamp,
    pub stopped_at: Option<jiff::Timestamp>,
    pub id: uuid::Uuid,
}
#[derive(Debug)]
pub struct MoveMoneyParams<T1: crate::StringSql> {
    pub free_cash_after: rust_decimal::Decimal,
    pub user_id: uuid::Uuid,
    pub id: uuid::Uuid,
    pub kind: T1,
    pub subscription_id: uuid::Uuid,
    pub amount: rust_decimal::Decimal,
    pub now: jiff::Timestamp,
}
#[derive(Debug)]
pub struct ClosesAtParams<
    T1: crate::ArraySql<Item = jiff::Timestamp>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
    T6: crate::ArraySql<Item = jiff::Timestamp>,
> {
    pub ats: T1,
    pub assets: T3,
    pub timeframes: T5,
    pub opened_by: T6,
}
#[derive(Debug, Clone, PartialEq)]
pub struct LockPortfolio {
    pub free_cash: rust_decimal::Decimal,
    pub tier: String,
}
pub struct LockPortfolioBorrowed<'a> {
    pub free_cash: rust_decimal::Decimal,
    pub tier: &'a str,
}
impl<'a> From<LockPortfolioBorrowed<'a>> for LockPortfolio {
    fn from(LockPortfolioBorrowed { free_cash, tier }: LockPortfolioBorrowed<'a>) -> Self {
        Self {
            free_cash,
            tier: tier.into(),
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct SubscriptionRow {
    pub id: uuid::Uuid,
    pub user_id: Option<uuid::Uuid>,
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
pub struct SubscriptionRowBorrowed<'a> {
    pub id: uuid::Uuid,
    pub user_id: Option<uuid::Uuid>,
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
impl<'a> From<SubscriptionRowBorrowed<'a>> for SubscriptionRow {
    fn from(
        SubscriptionRowBorrowed {
            id,
            user_id,
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
        }: SubscriptionRowBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            user_id,
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
pub struct HoldingsOfSubscriptions {
    pub subscription_id: uuid::Uuid,
    pub asset: String,
    pub quantity: rust_decimal::Decimal,
    pub total_cost: rust_decimal::Decimal,
}
pub struct HoldingsOfSubscriptionsBorrowed<'a> {
    pub subscription_id: uuid::Uuid,
    pub asset: &'a str,
    pub quantity: rust_decimal::Decimal,
    pub total_cost: rust_decimal::Decimal,
}
impl<'a> From<HoldingsOfSubscriptionsBorrowed<'a>> for HoldingsOfSubscriptions {
    fn from(
        HoldingsOfSubscriptionsBorrowed {
            subscription_id,
            asset,
            quantity,
            total_cost,
        }: HoldingsOfSubscriptionsBorrowed<'a>,
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
pub struct ClosesAt {
    pub at: jiff::Timestamp,
    pub asset: String,
    pub timeframe: String,
    pub open_time: jiff::Timestamp,
    pub close: rust_decimal::Decimal,
}
pub struct ClosesAtBorrowed<'a> {
    pub at: jiff::Timestamp,
    pub asset: &'a str,
    pub timeframe: &'a str,
    pub open_time: jiff::Timestamp,
    pub close: rust_decimal::Decimal,
}
impl<'a> From<ClosesAtBorrowed<'a>> for ClosesAt {
    fn from(
        ClosesAtBorrowed {
            at,
            asset,
            timeframe,
            open_time,
            close,
        }: ClosesAtBorrowed<'a>,
    ) -> Self {
        Self {
            at,
            asset: asset.into(),
            timeframe: timeframe.into(),
            open_time,
            close,
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct LockPortfolioQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<LockPortfolioBorrowed, tokio_postgres::Error>,
    mapper: fn(LockPortfolioBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> LockPortfolioQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(LockPortfolioBorrowed) -> R) -> LockPortfolioQuery<'c, 'a, 's, C, R, N> {
        LockPortfolioQuery {
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
pub struct SubscriptionRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<SubscriptionRowBorrowed, tokio_postgres::Error>,
    mapper: fn(SubscriptionRowBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> SubscriptionRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(SubscriptionRowBorrowed) -> R,
    ) -> SubscriptionRowQuery<'c, 'a, 's, C, R, N> {
        SubscriptionRowQuery {
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
pub struct HoldingsOfSubscriptionsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<HoldingsOfSubscriptionsBorrowed, tokio_postgres::Error>,
    mapper: fn(HoldingsOfSubscriptionsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> HoldingsOfSubscriptionsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(HoldingsOfSubscriptionsBorrowed) -> R,
    ) -> HoldingsOfSubscriptionsQuery<'c, 'a, 's, C, R, N> {
        HoldingsOfSubscriptionsQuery {
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
pub struct ClosesAtQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<ClosesAtBorrowed, tokio_postgres::Error>,
    mapper: fn(ClosesAtBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> ClosesAtQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(ClosesAtBorrowed) -> R) -> ClosesAtQuery<'c, 'a, 's, C, R, N> {
        ClosesAtQuery {
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
pub struct LockPortfolioStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_portfolio() -> LockPortfolioStmt {
    LockPortfolioStmt(
        "SELECT portfolios.free_cash, users.tier FROM portfolios JOIN users ON users.id = portfolios.user_id WHERE portfolios.user_id = $1 FOR UPDATE OF portfolios",
        None,
    )
}
impl LockPortfolioStmt {
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
    ) -> LockPortfolioQuery<'c, 'a, 's, C, LockPortfolio, 1> {
        LockPortfolioQuery {
            client,
            params: [user_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<LockPortfolioBorrowed, tokio_postgres::Error> {
                Ok(LockPortfolioBorrowed {
                    free_cash: row.try_get(0)?,
                    tier: row.try_get(1)?,
                })
            },
            mapper: |it| LockPortfolio::from(it),
        }
    }
}
pub struct OpenSubscriptionsOfStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn open_subscriptions_of() -> OpenSubscriptionsOfStmt {
    OpenSubscriptionsOfStmt(
        "SELECT strategy_id FROM subscriptions WHERE user_id = $1 AND status <> 'stopped'",
        None,
    )
}
impl OpenSubscriptionsOfStmt {
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
pub struct FollowableStrategyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn followable_strategy() -> FollowableStrategyStmt {
    FollowableStrategyStmt("SELECT id FROM strategies WHERE id = $1 AND is_active", None)
}
impl FollowableStrategyStmt {
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
    ) -> StringQuery<'c, 'a, 's, C, String, 1> {
        StringQuery {
            client,
            params: [id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
pub struct InsertSubscriptionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn insert_subscription() -> InsertSubscriptionStmt {
    InsertSubscriptionStmt(
        "INSERT INTO subscriptions (id, user_id, strategy_id, status, weight_macro, weight_onchain, weight_ta, paid_in, taken_out, cash, realised, active_since, created_at) VALUES ($1, $2, $3, 'active', $4, $5, $6, $7, 0, $7, 0, $8, $8)",
        None,
    )
}
impl InsertSubscriptionStmt {
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
        id: &'a uuid::Uuid,
        user_id: &'a uuid::Uuid,
        strategy_id: &'a T1,
        weight_macro: &'a Option<rust_decimal::Decimal>,
        weight_onchain: &'a Option<rust_decimal::Decimal>,
        weight_ta: &'a Option<rust_decimal::Decimal>,
        capital: &'a rust_decimal::Decimal,
        now: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[
                    id,
                    user_id,
                    strategy_id,
                    weight_macro,
                    weight_onchain,
                    weight_ta,
                    capital,
                    now,
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
        InsertSubscriptionParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for InsertSubscriptionStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a InsertSubscriptionParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.id,
            &params.user_id,
            &params.strategy_id,
            &params.weight_macro,
            &params.weight_onchain,
            &params.weight_ta,
            &params.capital,
            &params.now,
        ))
    }
}
pub struct LockSubscriptionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_subscription() -> LockSubscriptionStmt {
    LockSubscriptionStmt(
        "SELECT id, user_id, strategy_id, status, weight_macro, weight_onchain, weight_ta, paid_in, taken_out, cash, realised, active_since, created_at, stopped_at, last_decision_id, last_outcome FROM subscriptions WHERE user_id = $1 AND strategy_id = $2 AND status <> 'stopped' FOR UPDATE",
        None,
    )
}
impl LockSubscriptionStmt {
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
    ) -> SubscriptionRowQuery<'c, 'a, 's, C, SubscriptionRow, 2> {
        SubscriptionRowQuery {
            client,
            params: [user_id, strategy_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<SubscriptionRowBorrowed, tokio_postgres::Error> {
                Ok(SubscriptionRowBorrowed {
                    id: row.try_get(0)?,
                    user_id: row.try_get(1)?,
                    strategy_id: row.try_get(2)?,
                    status: row.try_get(3)?,
                    weight_macro: row.try_get(4)?,
                    weight_onchain: row.try_get(5)?,
                    weight_ta: row.try_get(6)?,
                    paid_in: row.try_get(7)?,
                    taken_out: row.try_get(8)?,
                    cash: row.try_get(9)?,
                    realised: row.try_get(10)?,
                    active_since: row.try_get(11)?,
                    created_at: row.try_get(12)?,
                    stopped_at: row.try_get(13)?,
                    last_decision_id: row.try_get(14)?,
                    last_outcome: row.try_get(15)?,
                })
            },
            mapper: |it| SubscriptionRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        LockSubscriptionParams<T1>,
        SubscriptionRowQuery<'c, 'a, 's, C, SubscriptionRow, 2>,
        C,
    > for LockSubscriptionStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a LockSubscriptionParams<T1>,
    ) -> SubscriptionRowQuery<'c, 'a, 's, C, SubscriptionRow, 2> {
        self.bind(client, &params.user_id, &params.strategy_id)
    }
}
pub struct HoldingsOfSubscriptionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn holdings_of_subscriptions() -> HoldingsOfSubscriptionsStmt {
    HoldingsOfSubscriptionsStmt(
        "SELECT subscription_id, asset, quantity, total_cost FROM holdings WHERE subscription_id = ANY ($1) AND quantity > 0 ORDER BY subscription_id, asset",
        None,
    )
}
impl HoldingsOfSubscriptionsStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::ArraySql<Item = uuid::Uuid>>(
        &'s self,
        client: &'c C,
        subscription_ids: &'a T1,
    ) -> HoldingsOfSubscriptionsQuery<'c, 'a, 's, C, HoldingsOfSubscriptions, 1> {
        HoldingsOfSubscriptionsQuery {
            client,
            params: [subscription_ids],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<HoldingsOfSubscriptionsBorrowed, tokio_postgres::Error> {
                    Ok(HoldingsOfSubscriptionsBorrowed {
                        subscription_id: row.try_get(0)?,
                        asset: row.try_get(1)?,
                        quantity: row.try_get(2)?,
                        total_cost: row.try_get(3)?,
                    })
                },
            mapper: |it| HoldingsOfSubscriptions::from(it),
        }
    }
}
pub struct ChangeSubscriptionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn change_subscription() -> ChangeSubscriptionStmt {
    ChangeSubscriptionStmt(
        "UPDATE subscriptions SET status = $1, weight_macro = $2, weight_onchain = $3, weight_ta = $4, paid_in = $5, taken_out = $6, cash = $7, realised = $8, active_since = $9, stopped_at = $10 WHERE id = $11",
        None,
    )
}
impl ChangeSubscriptionStmt {
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
        status: &'a T1,
        weight_macro: &'a Option<rust_decimal::Decimal>,
        weight_onchain: &'a Option<rust_decimal::Decimal>,
        weight_ta: &'a Option<rust_decimal::Decimal>,
        paid_in: &'a rust_decimal::Decimal,
        taken_out: &'a rust_decimal::Decimal,
        cash: &'a rust_decimal::Decimal,
        realised: &'a rust_decimal::Decimal,
        active_since: &'a jiff::Timestamp,
        stopped_at: &'a Option<jiff::Timestamp>,
        id: &'a uuid::Uuid,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[
                    status,
                    weight_macro,
                    weight_onchain,
                    weight_ta,
                    paid_in,
                    taken_out,
                    cash,
                    realised,
                    active_since,
                    stopped_at,
                    id,
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
        ChangeSubscriptionParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for ChangeSubscriptionStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a ChangeSubscriptionParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.status,
            &params.weight_macro,
            &params.weight_onchain,
            &params.weight_ta,
            &params.paid_in,
            &params.taken_out,
            &params.cash,
            &params.realised,
            &params.active_since,
            &params.stopped_at,
            &params.id,
        ))
    }
}
pub struct MoveMoneyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn move_money() -> MoveMoneyStmt {
    MoveMoneyStmt(
        "WITH moved AS ( UPDATE portfolios SET free_cash = $1 WHERE user_id = $2 RETURNING user_id ) INSERT INTO portfolio_entries (id, user_id, kind, subscription_id, amount, free_cash_after, created_at) SELECT $3, user_id, $4, $5, $6, $1, $7 FROM moved",
        None,
    )
}
impl MoveMoneyStmt {
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
        free_cash_after: &'a rust_decimal::Decimal,
        user_id: &'a uuid::Uuid,
        id: &'a uuid::Uuid,
        kind: &'a T1,
        subscription_id: &'a uuid::Uuid,
        amount: &'a rust_decimal::Decimal,
        now: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[free_cash_after, user_id, id, kind, subscription_id, amount, now],
            )
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        MoveMoneyParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for MoveMoneyStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a MoveMoneyParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.free_cash_after,
            &params.user_id,
            &params.id,
            &params.kind,
            &params.subscription_id,
            &params.amount,
            &params.now,
        ))
    }
}
pub struct ClosesAtStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn closes_at() -> ClosesAtStmt {
    ClosesAtStmt(
        "SELECT given.at, given.asset, given.timeframe, newest.open_time, newest.close FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::timestamptz[]) AS given (at, asset, timeframe, opened_by) CROSS JOIN LATERAL ( SELECT open_time, close FROM market_data WHERE asset = given.asset AND timeframe = given.timeframe AND open_time <= given.opened_by ORDER BY open_time DESC LIMIT 1 ) AS newest",
        None,
    )
}
impl ClosesAtStmt {
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
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
        T6: crate::ArraySql<Item = jiff::Timestamp>,
    >(
        &'s self,
        client: &'c C,
        ats: &'a T1,
        assets: &'a T3,
        timeframes: &'a T5,
        opened_by: &'a T6,
    ) -> ClosesAtQuery<'c, 'a, 's, C, ClosesAt, 4> {
        ClosesAtQuery {
            client,
            params: [ats, assets, timeframes, opened_by],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<ClosesAtBorrowed, tokio_postgres::Error> {
                Ok(ClosesAtBorrowed {
                    at: row.try_get(0)?,
                    asset: row.try_get(1)?,
                    timeframe: row.try_get(2)?,
                    open_time: row.try_get(3)?,
                    close: row.try_get(4)?,
                })
            },
            mapper: |it| ClosesAt::from(it),
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
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
    T6: crate::ArraySql<Item = jiff::Timestamp>,
>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        ClosesAtParams<T1, T2, T3, T4, T5, T6>,
        ClosesAtQuery<'c, 'a, 's, C, ClosesAt, 4>,
        C,
    > for ClosesAtStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a ClosesAtParams<T1, T2, T3, T4, T5, T6>,
    ) -> ClosesAtQuery<'c, 'a, 's, C, ClosesAt, 4> {
        self.bind(
            client,
            &params.ats,
            &params.assets,
            &params.timeframes,
            &params.opened_by,
        )
    }
}
