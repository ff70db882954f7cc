// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct NextTakingPartParams<T1: crate::StringSql> {
    pub is_own: bool,
    pub strategy_id: T1,
    pub after: uuid::Uuid,
    pub as_of: jiff::Timestamp,
    pub chunk: i64,
    pub weight_macro: rust_decimal::Decimal,
    pub weight_onchain: rust_decimal::Decimal,
    pub weight_ta: rust_decimal::Decimal,
}
#[derive(Debug)]
pub struct LockTakingPartParams<T1: crate::ArraySql<Item = uuid::Uuid>> {
    pub ids: T1,
    pub as_of: jiff::Timestamp,
}
#[derive(Debug)]
pub struct RecordTradesParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = uuid::Uuid>,
    T3: crate::ArraySql<Item = uuid::Uuid>,
    T4: crate::ArraySql<Item = Option<uuid::Uuid>>,
    T5: crate::StringSql,
    T6: crate::ArraySql<Item = T5>,
    T7: crate::StringSql,
    T8: crate::ArraySql<Item = T7>,
    T9: crate::ArraySql<Item = rust_decimal::Decimal>,
    T10: crate::ArraySql<Item = rust_decimal::Decimal>,
    T11: crate::ArraySql<Item = rust_decimal::Decimal>,
    T12: crate::ArraySql<Item = rust_decimal::Decimal>,
    T13: crate::ArraySql<Item = rust_decimal::Decimal>,
    T14: crate::ArraySql<Item = rust_decimal::Decimal>,
    T15: crate::ArraySql<Item = Option<rust_decimal::Decimal>>,
    T16: crate::ArraySql<Item = rust_decimal::Decimal>,
    T17: crate::ArraySql<Item = rust_decimal::Decimal>,
    T18: crate::ArraySql<Item = rust_decimal::Decimal>,
> {
    pub strategy_id: T1,
    pub decision_id: Option<uuid::Uuid>,
    pub as_of: jiff::Timestamp,
    pub now: jiff::Timestamp,
    pub ids: T2,
    pub subscription_ids: T3,
    pub user_ids: T4,
    pub assets: T6,
    pub sides: T8,
    pub quantities: T9,
    pub prices: T10,
    pub fills: T11,
    pub values: T12,
    pub fees: T13,
    pub costs: T14,
    pub realised: T15,
    pub cash_after: T16,
    pub quantities_after: T17,
    pub costs_after: T18,
}
#[derive(Debug)]
pub struct WriteHoldingsParams<
    T1: crate::ArraySql<Item = uuid::Uuid>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::ArraySql<Item = rust_decimal::Decimal>,
    T5: crate::ArraySql<Item = rust_decimal::Decimal>,
> {
    pub subscription_ids: T1,
    pub assets: T3,
    pub quantities: T4,
    pub costs: T5,
}
#[derive(Debug)]
pub struct WriteOutcomesParams<
    T1: crate::ArraySql<Item = uuid::Uuid>,
    T2: crate::ArraySql<Item = Option<rust_decimal::Decimal>>,
    T3: crate::ArraySql<Item = Option<rust_decimal::Decimal>>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
> {
    pub decision_id: uuid::Uuid,
    pub ids: T1,
    pub cash: T2,
    pub realised: T3,
    pub outcomes: T5,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct AccountRow {
    pub id: uuid::Uuid,
    pub user_id: Option<uuid::Uuid>,
    pub paid_in: rust_decimal::Decimal,
    pub taken_out: rust_decimal::Decimal,
    pub cash: rust_decimal::Decimal,
    pub realised: rust_decimal::Decimal,
}
#[derive(Debug, Clone, PartialEq)]
pub struct HoldingsOf {
    pub subscription_id: uuid::Uuid,
    pub asset: String,
    pub quantity: rust_decimal::Decimal,
    pub total_cost: rust_decimal::Decimal,
}
pub struct HoldingsOfBorrowed<'a> {
    pub subscription_id: uuid::Uuid,
    pub asset: &'a str,
    pub quantity: rust_decimal::Decimal,
    pub total_cost: rust_decimal::Decimal,
}
impl<'a> From<HoldingsOfBorrowed<'a>> for HoldingsOf {
    fn from(
        HoldingsOfBorrowed {
            subscription_id,
            asset,
            quantity,
            total_cost,
        }: HoldingsOfBorrowed<'a>,
    ) -> Self {
        Self {
            subscription_id,
            asset: asset.into(),
            quantity,
            total_cost,
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct UuidUuidQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<uuid::Uuid, tokio_postgres::Error>,
    mapper: fn(uuid::Uuid) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> UuidUuidQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(uuid::Uuid) -> R) -> UuidUuidQuery<'c, 'a, 's, C, R, N> {
        UuidUuidQuery {
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
pub struct AccountRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<AccountRow, tokio_postgres::Error>,
    mapper: fn(AccountRow) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> AccountRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(AccountRow) -> R) -> AccountRowQuery<'c, 'a, 's, C, R, N> {
        AccountRowQuery {
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
pub struct HoldingsOfQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<HoldingsOfBorrowed, tokio_postgres::Error>,
    mapper: fn(HoldingsOfBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> HoldingsOfQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(HoldingsOfBorrowed) -> R) -> HoldingsOfQuery<'c, 'a, 's, C, R, N> {
        HoldingsOfQuery {
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
pub struct NextTakingPartStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn next_taking_part() -> NextTakingPartStmt {
    NextTakingPartStmt(
        "SELECT id FROM ( (SELECT id FROM subscriptions WHERE $1 AND strategy_id = $2 AND weight_macro IS NULL AND weight_onchain IS NULL AND weight_ta IS NULL AND id > $3 AND status = 'active' AND active_since <= $4 ORDER BY id LIMIT $5) UNION ALL (SELECT id FROM subscriptions WHERE strategy_id = $2 AND weight_macro = $6 AND weight_onchain = $7 AND weight_ta = $8 AND id > $3 AND status = 'active' AND active_since <= $4 ORDER BY id LIMIT $5) ) AS candidates ORDER BY id LIMIT $5",
        None,
    )
}
impl NextTakingPartStmt {
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
        is_own: &'a bool,
        strategy_id: &'a T1,
        after: &'a uuid::Uuid,
        as_of: &'a jiff::Timestamp,
        chunk: &'a i64,
        weight_macro: &'a rust_decimal::Decimal,
        weight_onchain: &'a rust_decimal::Decimal,
        weight_ta: &'a rust_decimal::Decimal,
    ) -> UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 8> {
        UuidUuidQuery {
            client,
            params: [
                is_own,
                strategy_id,
                after,
                as_of,
                chunk,
                weight_macro,
                weight_onchain,
                weight_ta,
            ],
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
        NextTakingPartParams<T1>,
        UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 8>,
        C,
    > for NextTakingPartStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a NextTakingPartParams<T1>,
    ) -> UuidUuidQuery<'c, 'a, 's, C, uuid::Uuid, 8> {
        self.bind(
            client,
            &params.is_own,
            &params.strategy_id,
            &params.after,
            &params.as_of,
            &params.chunk,
            &params.weight_macro,
            &params.weight_onchain,
            &params.weight_ta,
        )
    }
}
pub struct LockTakingPartStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_taking_part() -> LockTakingPartStmt {
    LockTakingPartStmt(
        "SELECT id, user_id, paid_in, taken_out, cash, realised FROM subscriptions WHERE id = ANY($1) AND status = 'active' AND active_since <= $2 ORDER BY id FOR UPDATE",
        None,
    )
}
impl LockTakingPartStmt {
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
        ids: &'a T1,
        as_of: &'a jiff::Timestamp,
    ) -> AccountRowQuery<'c, 'a, 's, C, AccountRow, 2> {
        AccountRowQuery {
            client,
            params: [ids, as_of],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<AccountRow, tokio_postgres::Error> {
                Ok(AccountRow {
                    id: row.try_get(0)?,
                    user_id: row.try_get(1)?,
                    paid_in: row.try_get(2)?,
                    taken_out: row.try_get(3)?,
                    cash: row.try_get(4)?,
                    realised: row.try_get(5)?,
                })
            },
            mapper: |it| AccountRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::ArraySql<Item = uuid::Uuid>>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        LockTakingPartParams<T1>,
        AccountRowQuery<'c, 'a, 's, C, AccountRow, 2>,
        C,
    > for LockTakingPartStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a LockTakingPartParams<T1>,
    ) -> AccountRowQuery<'c, 'a, 's, C, AccountRow, 2> {
        self.bind(client, &params.ids, &params.as_of)
    }
}
pub struct HoldingsOfStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn holdings_of() -> HoldingsOfStmt {
    HoldingsOfStmt(
        "SELECT subscription_id, asset, quantity, total_cost FROM holdings WHERE subscription_id = ANY($1) AND quantity > 0",
        None,
    )
}
impl HoldingsOfStmt {
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
        ids: &'a T1,
    ) -> HoldingsOfQuery<'c, 'a, 's, C, HoldingsOf, 1> {
        HoldingsOfQuery {
            client,
            params: [ids],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<HoldingsOfBorrowed, tokio_postgres::Error> {
                Ok(HoldingsOfBorrowed {
                    subscription_id: row.try_get(0)?,
                    asset: row.try_get(1)?,
                    quantity: row.try_get(2)?,
                    total_cost: row.try_get(3)?,
                })
            },
            mapper: |it| HoldingsOf::from(it),
        }
    }
}
pub struct RecordTradesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn record_trades() -> RecordTradesStmt {
    RecordTradesStmt(
        "INSERT INTO trades (id, subscription_id, user_id, strategy_id, decision_id, asset, side, quantity, price, fill, value, fee, cost, realised, cash_after, quantity_after, cost_after, as_of, executed_at) SELECT id, subscription_id, user_id, $1::text, $2::uuid, asset, side, quantity, price, fill, value, fee, cost, realised, cash_after, quantity_after, cost_after, $3::timestamptz, $4::timestamptz FROM unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::numeric[], $11::numeric[], $12::numeric[], $13::numeric[], $14::numeric[], $15::numeric[], $16::numeric[], $17::numeric[], $18::numeric[], $19::numeric[]) AS given (id, subscription_id, user_id, asset, side, quantity, price, fill, value, fee, cost, realised, cash_after, quantity_after, cost_after)",
        None,
    )
}
impl RecordTradesStmt {
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
        T3: crate::ArraySql<Item = uuid::Uuid>,
        T4: crate::ArraySql<Item = Option<uuid::Uuid>>,
        T5: crate::StringSql,
        T6: crate::ArraySql<Item = T5>,
        T7: crate::StringSql,
        T8: crate::ArraySql<Item = T7>,
        T9: crate::ArraySql<Item = rust_decimal::Decimal>,
        T10: crate::ArraySql<Item = rust_decimal::Decimal>,
        T11: crate::ArraySql<Item = rust_decimal::Decimal>,
        T12: crate::ArraySql<Item = rust_decimal::Decimal>,
        T13: crate::ArraySql<Item = rust_decimal::Decimal>,
        T14: crate::ArraySql<Item = rust_decimal::Decimal>,
        T15: crate::ArraySql<Item = Option<rust_decimal::Decimal>>,
        T16: crate::ArraySql<Item = rust_decimal::Decimal>,
        T17: crate::ArraySql<Item = rust_decimal::Decimal>,
        T18: crate::ArraySql<Item = rust_decimal::Decimal>,
    >(
        &'s self,
        client: &'c C,
        strategy_id: &'a T1,
        decision_id: &'a Option<uuid::Uuid>,
        as_of: &'a jiff::Timestamp,
        now: &'a jiff::Timestamp,
        ids: &'a T2,
        subscription_ids: &'a T3,
        user_ids: &'a T4,
        assets: &'a T6,
        sides: &'a T8,
        quantities: &'a T9,
        prices: &'a T10,
        fills: &'a T11,
        values: &'a T12,
        fees: &'a T13,
        costs: &'a T14,
        realised: &'a T15,
        cash_after: &'a T16,
        quantities_after: &'a T17,
        costs_after: &'a T18,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[
                    strategy_id,
                    decision_id,
                    as_of,
                    now,
                    ids,
                    subscription_ids,
                    user_ids,
                    assets,
                    sides,
                    quantities,
                    prices,
                    fills,
                    values,
                    fees,
                    costs,
                    realised,
                    cash_after,
                    quantities_after,
                    costs_after,
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
    T3: crate::ArraySql<Item = uuid::Uuid>,
    T4: crate::ArraySql<Item = Option<uuid::Uuid>>,
    T5: crate::StringSql,
    T6: crate::ArraySql<Item = T5>,
    T7: crate::StringSql,
    T8: crate::ArraySql<Item = T7>,
    T9: crate::ArraySql<Item = rust_decimal::Decimal>,
    T10: crate::ArraySql<Item = rust_decimal::Decimal>,
    T11: crate::ArraySql<Item = rust_decimal::Decimal>,
    T12: crate::ArraySql<Item = rust_decimal::Decimal>,
    T13: crate::ArraySql<Item = rust_decimal::Decimal>,
    T14: crate::ArraySql<Item = rust_decimal::Decimal>,
    T15: crate::ArraySql<Item = Option<rust_decimal::Decimal>>,
    T16: crate::ArraySql<Item = rust_decimal::Decimal>,
    T17: crate::ArraySql<Item = rust_decimal::Decimal>,
    T18: crate::ArraySql<Item = rust_decimal::Decimal>,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        RecordTradesParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for RecordTradesStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a RecordTradesParams<
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
        >,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.strategy_id,
            &params.decision_id,
            &params.as_of,
            &params.now,
            &params.ids,
            &params.subscription_ids,
            &params.user_ids,
            &params.assets,
            &params.sides,
            &params.quantities,
            &params.prices,
            &params.fills,
            &params.values,
            &params.fees,
            &params.costs,
            &params.realised,
            &params.cash_after,
            &params.quantities_after,
            &params.costs_after,
        ))
    }
}
pub struct WriteHoldingsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn write_holdings() -> WriteHoldingsStmt {
    WriteHoldingsStmt(
        "INSERT INTO holdings (subscription_id, asset, quantity, total_cost) SELECT subscription_id, asset, quantity, total_cost FROM unnest($1::uuid[], $2::text[], $3::numeric[], $4::numeric[]) AS given (subscription_id, asset, quantity, total_cost) ON CONFLICT (subscription_id, asset) DO UPDATE SET quantity = excluded.quantity, total_cost = excluded.total_cost",
        None,
    )
}
impl WriteHoldingsStmt {
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
        T4: crate::ArraySql<Item = rust_decimal::Decimal>,
        T5: crate::ArraySql<Item = rust_decimal::Decimal>,
    >(
        &'s self,
        client: &'c C,
        subscription_ids: &'a T1,
        assets: &'a T3,
        quantities: &'a T4,
        costs: &'a T5,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[subscription_ids, assets, quantities, costs])
            .await
    }
}
impl<
    'a,
    C: GenericClient + Send + Sync,
    T1: crate::ArraySql<Item = uuid::Uuid>,
    T2: crate::StringSql,
    T3: crate::ArraySql<Item = T2>,
    T4: crate::ArraySql<Item = rust_decimal::Decimal>,
    T5: crate::ArraySql<Item = rust_decimal::Decimal>,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        WriteHoldingsParams<T1, T2, T3, T4, T5>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for WriteHoldingsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a WriteHoldingsParams<T1, T2, T3, T4, T5>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.subscription_ids,
            &params.assets,
            &params.quantities,
            &params.costs,
        ))
    }
}
pub struct WriteOutcomesStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn write_outcomes() -> WriteOutcomesStmt {
    WriteOutcomesStmt(
        "UPDATE subscriptions AS subscription SET cash = coalesce(given.cash, subscription.cash), realised = coalesce(given.realised, subscription.realised), last_decision_id = $1, last_outcome = given.outcome FROM unnest($2::uuid[], $3::numeric[], $4::numeric[], $5::text[]) AS given (id, cash, realised, outcome) WHERE subscription.id = given.id",
        None,
    )
}
impl WriteOutcomesStmt {
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
        T2: crate::ArraySql<Item = Option<rust_decimal::Decimal>>,
        T3: crate::ArraySql<Item = Option<rust_decimal::Decimal>>,
        T4: crate::StringSql,
        T5: crate::ArraySql<Item = T4>,
    >(
        &'s self,
        client: &'c C,
        decision_id: &'a uuid::Uuid,
        ids: &'a T1,
        cash: &'a T2,
        realised: &'a T3,
        outcomes: &'a T5,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[decision_id, ids, cash, realised, outcomes])
            .await
    }
}
impl<
    'a,
    C: GenericClient + Send + Sync,
    T1: crate::ArraySql<Item = uuid::Uuid>,
    T2: crate::ArraySql<Item = Option<rust_decimal::Decimal>>,
    T3: crate::ArraySql<Item = Option<rust_decimal::Decimal>>,
    T4: crate::StringSql,
    T5: crate::ArraySql<Item = T4>,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        WriteOutcomesParams<T1, T2, T3, T4, T5>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for WriteOutcomesStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a WriteOutcomesParams<T1, T2, T3, T4, T5>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.decision_id,
            &params.ids,
            &params.cash,
            &params.realised,
            &params.outcomes,
        ))
    }
}
