// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct ReweightStrategyParams<T1: crate::StringSql> {
    pub weight_macro: rust_decimal::Decimal,
    pub weight_onchain: rust_decimal::Decimal,
    pub weight_ta: rust_decimal::Decimal,
    pub id: T1,
}
#[derive(Debug)]
pub struct OwnDecisionsParams<T1: crate::StringSql> {
    pub strategy_id: T1,
    pub from: jiff::Timestamp,
    pub to: jiff::Timestamp,
}
#[derive(Debug, Clone, PartialEq)]
pub struct OwnDecisions {
    pub as_of: jiff::Timestamp,
    pub conviction: Option<rust_decimal::Decimal>,
    pub signal: Option<String>,
    pub status: String,
    pub reason: Option<String>,
    pub price_btc: Option<rust_decimal::Decimal>,
    pub price_eth: Option<rust_decimal::Decimal>,
    pub skipped: serde_json::Value,
}
pub struct OwnDecisionsBorrowed<'a> {
    pub as_of: jiff::Timestamp,
    pub conviction: Option<rust_decimal::Decimal>,
    pub signal: Option<&'a str>,
    pub status: &'a str,
    pub reason: Option<&'a str>,
    pub price_btc: Option<rust_decimal::Decimal>,
    pub price_eth: Option<rust_decimal::Decimal>,
    pub skipped: postgres_types::Json<&'a serde_json::value::RawValue>,
}
impl<'a> From<OwnDecisionsBorrowed<'a>> for OwnDecisions {
    fn from(
        OwnDecisionsBorrowed {
            as_of,
            conviction,
            signal,
            status,
            reason,
            price_btc,
            price_eth,
            skipped,
        }: OwnDecisionsBorrowed<'a>,
    ) -> Self {
        Self {
            as_of,
            conviction,
            signal: signal.map(|v| v.into()),
            status: status.into(),
            reason: reason.map(|v| v.into()),
            price_btc,
            price_eth,
            skipped: serde_json::from_str(skipped.0.get()).unwrap(),
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct FillsOfSubscription {
    pub as_of: jiff::Timestamp,
    pub asset: String,
    pub side: String,
    pub quantity: rust_decimal::Decimal,
    pub price: rust_decimal::Decimal,
    pub fill: rust_decimal::Decimal,
    pub value: rust_decimal::Decimal,
    pub fee: rust_decimal::Decimal,
    pub realised: Option<rust_decimal::Decimal>,
    pub cash_after: rust_decimal::Decimal,
}
pub struct FillsOfSubscriptionBorrowed<'a> {
    pub as_of: jiff::Timestamp,
    pub asset: &'a str,
    pub side: &'a str,
    pub quantity: rust_decimal::Decimal,
    pub price: rust_decimal::Decimal,
    pub fill: rust_decimal::Decimal,
    pub value: rust_decimal::Decimal,
    pub fee: rust_decimal::Decimal,
    pub realised: Option<rust_decimal::Decimal>,
    pub cash_after: rust_decimal::Decimal,
}
impl<'a> From<FillsOfSubscriptionBorrowed<'a>> for FillsOfSubscription {
    fn from(
        FillsOfSubscriptionBorrowed {
            as_of,
            asset,
            side,
            quantity,
            price,
            fill,
            value,
            fee,
            realised,
            cash_after,
        }: FillsOfSubscriptionBorrowed<'a>,
    ) -> Self {
        Self {
            as_of,
            asset: asset.into(),
            side: side.into(),
            quantity,
            price,
            fill,
            value,
            fee,
            realised,
            cash_after,
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct OwnDecisionsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<OwnDecisionsBorrowed, tokio_postgres::Error>,
    mapper: fn(OwnDecisionsBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> OwnDecisionsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(OwnDecisionsBorrowed) -> R) -> OwnDecisionsQuery<'c, 'a, 's, C, R, N> {
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
pub struct FillsOfSubscriptionQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<FillsOfSubscriptionBorrowed, tokio_postgres::Error>,
    mapper: fn(FillsOfSubscriptionBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> FillsOfSubscriptionQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(FillsOfSubscriptionBorrowed) -> R,
    ) -> FillsOfSubscriptionQuery<'c, 'a, 's, C, R, N> {
        FillsOfSubscriptionQuery {
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
pub struct RunOneStrategyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn run_one_strategy() -> RunOneStrategyStmt {
    RunOneStrategyStmt("UPDATE strategies SET is_active = (id = $1)", None)
}
impl RunOneStrategyStmt {
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
        id: &'a T1,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[id]).await
    }
}
pub struct ReweightStrategyStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn reweight_strategy() -> ReweightStrategyStmt {
    ReweightStrategyStmt(
        "UPDATE strategies SET weight_macro = $1, weight_onchain = $2, weight_ta = $3 WHERE id = $4",
        None,
    )
}
impl ReweightStrategyStmt {
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
        weight_macro: &'a rust_decimal::Decimal,
        weight_onchain: &'a rust_decimal::Decimal,
        weight_ta: &'a rust_decimal::Decimal,
        id: &'a T1,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[weight_macro, weight_onchain, weight_ta, id])
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        ReweightStrategyParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for ReweightStrategyStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a ReweightStrategyParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.weight_macro,
            &params.weight_onchain,
            &params.weight_ta,
            &params.id,
        ))
    }
}
pub struct OwnDecisionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn own_decisions() -> OwnDecisionsStmt {
    OwnDecisionsStmt(
        "SELECT as_of, conviction, signal, status, reason, price_btc, price_eth, skipped FROM decisions WHERE strategy_id = $1 AND is_own AND as_of BETWEEN $2 AND $3 ORDER BY as_of",
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
    pub fn bind<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>(
        &'s self,
        client: &'c C,
        strategy_id: &'a T1,
        from: &'a jiff::Timestamp,
        to: &'a jiff::Timestamp,
    ) -> OwnDecisionsQuery<'c, 'a, 's, C, OwnDecisions, 3> {
        OwnDecisionsQuery {
            client,
            params: [strategy_id, from, to],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<OwnDecisionsBorrowed, tokio_postgres::Error> {
                Ok(OwnDecisionsBorrowed {
                    as_of: row.try_get(0)?,
                    conviction: row.try_get(1)?,
                    signal: row.try_get(2)?,
                    status: row.try_get(3)?,
                    reason: row.try_get(4)?,
                    price_btc: row.try_get(5)?,
                    price_eth: row.try_get(6)?,
                    skipped: row.try_get(7)?,
                })
            },
            mapper: |it| OwnDecisions::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        OwnDecisionsParams<T1>,
        OwnDecisionsQuery<'c, 'a, 's, C, OwnDecisions, 3>,
        C,
    > for OwnDecisionsStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a OwnDecisionsParams<T1>,
    ) -> OwnDecisionsQuery<'c, 'a, 's, C, OwnDecisions, 3> {
        self.bind(client, &params.strategy_id, &params.from, &params.to)
    }
}
pub struct FillsOfSubscriptionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn fills_of_subscription() -> FillsOfSubscriptionStmt {
    FillsOfSubscriptionStmt(
        "SELECT as_of, asset, side, quantity, price, fill, value, fee, realised, cash_after FROM trades WHERE subscription_id = $1 ORDER BY as_of, asset",
        None,
    )
}
impl FillsOfSubscriptionStmt {
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
        subscription_id: &'a uuid::Uuid,
    ) -> FillsOfSubscriptionQuery<'c, 'a, 's, C, FillsOfSubscription, 1> {
        FillsOfSubscriptionQuery {
            client,
            params: [subscription_id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<FillsOfSubscriptionBorrowed, tokio_postgres::Error> {
                    Ok(FillsOfSubscriptionBorrowed {
                        as_of: row.try_get(0)?,
                        asset: row.try_get(1)?,
                        side: row.try_get(2)?,
                        quantity: row.try_get(3)?,
                        price: row.try_get(4)?,
                        fill: row.try_get(5)?,
                        value: row.try_get(6)?,
                        fee: row.try_get(7)?,
                        realised: row.try_get(8)?,
                        cash_after: row.try_get(9)?,
                    })
                },
            mapper: |it| FillsOfSubscription::from(it),
        }
    }
}
