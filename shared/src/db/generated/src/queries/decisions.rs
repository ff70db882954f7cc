// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct EnsureReferenceParams<T1: crate::StringSql> {
    pub id: uuid::Uuid,
    pub strategy_id: T1,
    pub capital: rust_decimal::Decimal,
    pub as_of: jiff::Timestamp,
    pub now: jiff::Timestamp,
}
#[derive(Debug)]
pub struct VectorsTakingPartParams<T1: crate::StringSql> {
    pub strategy_id: T1,
    pub as_of: jiff::Timestamp,
}
#[derive(Debug)]
pub struct RecordDecisionsParams<
    T1: crate::StringSql,
    T2: crate::ArraySql<Item = uuid::Uuid>,
    T3: crate::ArraySql<Item = bool>,
    T4: crate::ArraySql<Item = rust_decimal::Decimal>,
    T5: crate::ArraySql<Item = rust_decimal::Decimal>,
    T6: crate::ArraySql<Item = rust_decimal::Decimal>,
    T7: crate::ArraySql<Item = Option<rust_decimal::Decimal>>,
    T8: crate::StringSql,
    T9: crate::ArraySql<Item = Option<T8>>,
    T10: crate::ArraySql<Item = rust_decimal::Decimal>,
    T11: crate::StringSql,
    T12: crate::ArraySql<Item = T11>,
    T13: crate::StringSql,
    T14: crate::ArraySql<Item = T13>,
    T15: crate::StringSql,
    T16: crate::ArraySql<Item = Option<T15>>,
> {
    pub execution_id: uuid::Uuid,
    pub strategy_id: T1,
    pub as_of: jiff::Timestamp,
    pub prices_btc: Option<rust_decimal::Decimal>,
    pub prices_eth: Option<rust_decimal::Decimal>,
    pub now: jiff::Timestamp,
    pub ids: T2,
    pub are_own: T3,
    pub weights_macro: T4,
    pub weights_onchain: T5,
    pub weights_ta: T6,
    pub convictions: T7,
    pub signals: T9,
    pub positions: T10,
    pub explanations: T12,
    pub statuses: T14,
    pub reasons: T16,
}
#[derive(Debug)]
pub struct AdvanceDecisionParams<T1: crate::JsonSql, T2: crate::StringSql> {
    pub done_up_to: Option<uuid::Uuid>,
    pub subscriptions: i32,
    pub trades: i32,
    pub skipped: T1,
    pub status: T2,
    pub finished_at: Option<jiff::Timestamp>,
    pub id: uuid::Uuid,
}
#[derive(Debug)]
pub struct GiveUpDecisionParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub status: T1,
    pub reason: T2,
    pub now: jiff::Timestamp,
    pub id: uuid::Uuid,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct VectorsTakingPart {
    pub weight_macro: rust_decimal::Decimal,
    pub weight_onchain: rust_decimal::Decimal,
    pub weight_ta: rust_decimal::Decimal,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct PendingDecisions {
    pub id: uuid::Uuid,
    pub as_of: jiff::Timestamp,
}
#[derive(Debug, Clone, PartialEq)]
pub struct LockDecision {
    pub id: uuid::Uuid,
    pub strategy_id: String,
    pub as_of: jiff::Timestamp,
    pub is_own: bool,
    pub weight_macro: rust_decimal::Decimal,
    pub weight_onchain: rust_decimal::Decimal,
    pub weight_ta: rust_decimal::Decimal,
    pub conviction: Option<rust_decimal::Decimal>,
    pub signal: Option<String>,
    pub position: rust_decimal::Decimal,
    pub price_btc: Option<rust_decimal::Decimal>,
    pub price_eth: Option<rust_decimal::Decimal>,
    pub done_up_to: Option<uuid::Uuid>,
    pub skipped: serde_json::Value,
    pub status: String,
}
pub struct LockDecisionBorrowed<'a> {
    pub id: uuid::Uuid,
    pub strategy_id: &'a str,
    pub as_of: jiff::Timestamp,
    pub is_own: bool,
    pub weight_macro: rust_decimal::Decimal,
    pub weight_onchain: rust_decimal::Decimal,
    pub weight_ta: rust_decimal::Decimal,
    pub conviction: Option<rust_decimal::Decimal>,
    pub signal: Option<&'a str>,
    pub position: rust_decimal::Decimal,
    pub price_btc: Option<rust_decimal::Decimal>,
    pub price_eth: Option<rust_decimal::Decimal>,
    pub done_up_to: Option<uuid::Uuid>,
    pub skipped: postgres_types::Json<&'a serde_json::value::RawValue>,
    pub status: &'a str,
}
impl<'a> From<LockDecisionBorrowed<'a>> for LockDecision {
    fn from(
        LockDecisionBorrowed {
            id,
            strategy_id,
            as_of,
            is_own,
            weight_macro,
            weight_onchain,
            weight_ta,
            conviction,
            signal,
            position,
            price_btc,
            price_eth,
            done_up_to,
            skipped,
            status,
        }: LockDecisionBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            strategy_id: strategy_id.into(),
            as_of,
            is_own,
            weight_macro,
            weight_onchain,
            weight_ta,
            conviction,
            signal: signal.map(|v| v.into()),
            position,
            price_btc,
            price_eth,
            done_up_to,
            skipped: serde_json::from_str(skipped.0.get()).unwrap(),
            status: status.into(),
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct VectorsTakingPartQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<VectorsTakingPart, tokio_postgres::Error>,
    mapper: fn(VectorsTakingPart) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> VectorsTakingPartQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(VectorsTakingPart) -> R) -> VectorsTakingPartQuery<'c, 'a, 's, C, R, N> {
        VectorsTakingPartQuery {
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
pub struct PendingDecisionsQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<PendingDecisions, tokio_postgres::Error>,
    mapper: fn(PendingDecisions) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> PendingDecisionsQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(PendingDecisions) -> R) -> PendingDecisionsQuery<'c, 'a, 's, C, R, N> {
        PendingDecisionsQuery {
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
pub struct LockDecisionQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<LockDecisionBorrowed, tokio_postgres::Error>,
    mapper: fn(LockDecisionBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> LockDecisionQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(LockDecisionBorrowed) -> R) -> LockDecisionQuery<'c, 'a, 's, C, R, N> {
        LockDecisionQuery {
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
pub struct EnsureReferenceStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn ensure_reference() -> EnsureReferenceStmt {
    EnsureReferenceStmt(
        "INSERT INTO subscriptions (id, user_id, strategy_id, status, paid_in, taken_out, cash, realised, active_since, created_at) VALUES ($1, NULL, $2, 'active', $3, 0, $3, 0, $4, $5) ON CONFLICT DO NOTHING",
        None,
    )
}
impl EnsureReferenceStmt {
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
        strategy_id: &'a T1,
        capital: &'a rust_decimal::Decimal,
        as_of: &'a jiff::Timestamp,
        now: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[id, strategy_id, capital, as_of, now])
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        EnsureReferenceParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for EnsureReferenceStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a EnsureReferenceParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.id,
            &params.strategy_id,
            &params.capital,
            &params.as_of,
            &params.now,
        ))
    }
}
pub struct VectorsTakingPartStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn vectors_taking_part() -> VectorsTakingPartStmt {
    VectorsTakingPartStmt(
        "SELECT DISTINCT weight_macro, weight_onchain, weight_ta FROM subscriptions WHERE strategy_id = $1 AND status = 'active' AND weight_macro IS NOT NULL AND active_since <= $2 ORDER BY weight_macro, weight_onchain, weight_ta",
        None,
    )
}
impl VectorsTakingPartStmt {
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
    ) -> VectorsTakingPartQuery<'c, 'a, 's, C, VectorsTakingPart, 2> {
        VectorsTakingPartQuery {
            client,
            params: [strategy_id, as_of],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<VectorsTakingPart, tokio_postgres::Error> {
                Ok(VectorsTakingPart {
                    weight_macro: row.try_get(0)?,
                    weight_onchain: row.try_get(1)?,
                    weight_ta: row.try_get(2)?,
                })
            },
            mapper: |it| VectorsTakingPart::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        VectorsTakingPartParams<T1>,
        VectorsTakingPartQuery<'c, 'a, 's, C, VectorsTakingPart, 2>,
        C,
    > for VectorsTakingPartStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a VectorsTakingPartParams<T1>,
    ) -> VectorsTakingPartQuery<'c, 'a, 's, C, VectorsTakingPart, 2> {
        self.bind(client, &params.strategy_id, &params.as_of)
    }
}
pub struct RecordDecisionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn record_decisions() -> RecordDecisionsStmt {
    RecordDecisionsStmt(
        "INSERT INTO decisions (id, execution_id, strategy_id, as_of, is_own, weight_macro, weight_onchain, weight_ta, conviction, signal, position, price_btc, price_eth, explanation, status, reason, created_at, finished_at) SELECT id, $1::uuid, $2::text, $3::timestamptz, is_own, weight_macro, weight_onchain, weight_ta, conviction, signal, position, $4::numeric, $5::numeric, explanation, status, reason, $6::timestamptz, CASE WHEN status <> 'pending' THEN $6::timestamptz END FROM unnest($7::uuid[], $8::boolean[], $9::numeric[], $10::numeric[], $11::numeric[], $12::numeric[], $13::text[], $14::numeric[], $15::text[], $16::text[], $17::text[]) AS given (id, is_own, weight_macro, weight_onchain, weight_ta, conviction, signal, position, explanation, status, reason) ON CONFLICT DO NOTHING",
        None,
    )
}
impl RecordDecisionsStmt {
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
        T3: crate::ArraySql<Item = bool>,
        T4: crate::ArraySql<Item = rust_decimal::Decimal>,
        T5: crate::ArraySql<Item = rust_decimal::Decimal>,
        T6: crate::ArraySql<Item = rust_decimal::Decimal>,
        T7: crate::ArraySql<Item = Option<rust_decimal::Decimal>>,
        T8: crate::StringSql,
        T9: crate::ArraySql<Item = Option<T8>>,
        T10: crate::ArraySql<Item = rust_decimal::Decimal>,
        T11: crate::StringSql,
        T12: crate::ArraySql<Item = T11>,
        T13: crate::StringSql,
        T14: crate::ArraySql<Item = T13>,
        T15: crate::StringSql,
        T16: crate::ArraySql<Item = Option<T15>>,
    >(
        &'s self,
        client: &'c C,
        execution_id: &'a uuid::Uuid,
        strategy_id: &'a T1,
        as_of: &'a jiff::Timestamp,
        prices_btc: &'a Option<rust_decimal::Decimal>,
        prices_eth: &'a Option<rust_decimal::Decimal>,
        now: &'a jiff::Timestamp,
        ids: &'a T2,
        are_own: &'a T3,
        weights_macro: &'a T4,
        weights_onchain: &'a T5,
        weights_ta: &'a T6,
        convictions: &'a T7,
        signals: &'a T9,
        positions: &'a T10,
        explanations: &'a T12,
        statuses: &'a T14,
        reasons: &'a T16,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[
                    execution_id,
                    strategy_id,
                    as_of,
                    prices_btc,
                    prices_eth,
                    now,
                    ids,
                    are_own,
                    weights_macro,
                    weights_onchain,
                    weights_ta,
                    convictions,
                    signals,
                    positions,
                    explanations,
                    statuses,
                    reasons,
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
    T3: crate::ArraySql<Item = bool>,
    T4: crate::ArraySql<Item = rust_decimal::Decimal>,
    T5: crate::ArraySql<Item = rust_decimal::Decimal>,
    T6: crate::ArraySql<Item = rust_decimal::Decimal>,
    T7: crate::ArraySql<Item = Option<rust_decimal::Decimal>>,
    T8: crate::StringSql,
    T9: crate::ArraySql<Item = Option<T8>>,
    T10: crate::ArraySql<Item = rust_decimal::Decimal>,
    T11: crate::StringSql,
    T12: crate::ArraySql<Item = T11>,
    T13: crate::StringSql,
    T14: crate::ArraySql<Item = T13>,
    T15: crate::StringSql,
    T16: crate::ArraySql<Item = Option<T15>>,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        RecordDecisionsParams<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for RecordDecisionsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a RecordDecisionsParams<
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
        >,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.execution_id,
            &params.strategy_id,
            &params.as_of,
            &params.prices_btc,
            &params.prices_eth,
            &params.now,
            &params.ids,
            &params.are_own,
            &params.weights_macro,
            &params.weights_onchain,
            &params.weights_ta,
            &params.convictions,
            &params.signals,
            &params.positions,
            &params.explanations,
            &params.statuses,
            &params.reasons,
        ))
    }
}
pub struct PendingDecisionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn pending_decisions() -> PendingDecisionsStmt {
    PendingDecisionsStmt(
        "SELECT id, as_of FROM decisions WHERE status = 'pending' ORDER BY as_of, id",
        None,
    )
}
impl PendingDecisionsStmt {
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
    ) -> PendingDecisionsQuery<'c, 'a, 's, C, PendingDecisions, 0> {
        PendingDecisionsQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<PendingDecisions, tokio_postgres::Error> {
                Ok(PendingDecisions {
                    id: row.try_get(0)?,
                    as_of: row.try_get(1)?,
                })
            },
            mapper: |it| PendingDecisions::from(it),
        }
    }
}
pub struct LockDecisionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_decision() -> LockDecisionStmt {
    LockDecisionStmt(
        "SELECT id, strategy_id, as_of, is_own, weight_macro, weight_onchain, weight_ta, conviction, signal, position, price_btc, price_eth, done_up_to, skipped, status FROM decisions WHERE id = $1 FOR UPDATE",
        None,
    )
}
impl LockDecisionStmt {
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
    ) -> LockDecisionQuery<'c, 'a, 's, C, LockDecision, 1> {
        LockDecisionQuery {
            client,
            params: [id],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<LockDecisionBorrowed, tokio_postgres::Error> {
                Ok(LockDecisionBorrowed {
                    id: row.try_get(0)?,
                    strategy_id: row.try_get(1)?,
                    as_of: row.try_get(2)?,
                    is_own: row.try_get(3)?,
                    weight_macro: row.try_get(4)?,
                    weight_onchain: row.try_get(5)?,
                    weight_ta: row.try_get(6)?,
                    conviction: row.try_get(7)?,
                    signal: row.try_get(8)?,
                    position: row.try_get(9)?,
                    price_btc: row.try_get(10)?,
                    price_eth: row.try_get(11)?,
                    done_up_to: row.try_get(12)?,
                    skipped: row.try_get(13)?,
                    status: row.try_get(14)?,
                })
            },
            mapper: |it| LockDecision::from(it),
        }
    }
}
pub struct AdvanceDecisionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn advance_decision() -> AdvanceDecisionStmt {
    AdvanceDecisionStmt(
        "UPDATE decisions SET done_up_to = coalesce($1, done_up_to), subscriptions = subscriptions + $2, trades = trades + $3, skipped = $4, status = $5, finished_at = $6 WHERE id = $7",
        None,
    )
}
impl AdvanceDecisionStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub async fn bind<'c, 'a, 's, C: GenericClient, T1: crate::JsonSql, T2: crate::StringSql>(
        &'s self,
        client: &'c C,
        done_up_to: &'a Option<uuid::Uuid>,
        subscriptions: &'a i32,
        trades: &'a i32,
        skipped: &'a T1,
        status: &'a T2,
        finished_at: &'a Option<jiff::Timestamp>,
        id: &'a uuid::Uuid,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[
                    done_up_to,
                    subscriptions,
                    trades,
                    skipped,
                    status,
                    finished_at,
                    id,
                ],
            )
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::JsonSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        AdvanceDecisionParams<T1, T2>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for AdvanceDecisionStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a AdvanceDecisionParams<T1, T2>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.done_up_to,
            &params.subscriptions,
            &params.trades,
            &params.skipped,
            &params.status,
            &params.finished_at,
            &params.id,
        ))
    }
}
pub struct GiveUpDecisionStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn give_up_decision() -> GiveUpDecisionStmt {
    GiveUpDecisionStmt(
        "UPDATE decisions SET status = $1, reason = $2, finished_at = $3 WHERE id = $4",
        None,
    )
}
impl GiveUpDecisionStmt {
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
        status: &'a T1,
        reason: &'a T2,
        now: &'a jiff::Timestamp,
        id: &'a uuid::Uuid,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[status, reason, now, id]).await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        GiveUpDecisionParams<T1, T2>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for GiveUpDecisionStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a GiveUpDecisionParams<T1, T2>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.status, &params.reason, &params.now, &params.id))
    }
}
