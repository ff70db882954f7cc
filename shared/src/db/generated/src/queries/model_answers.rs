// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct RecordAnswerParams<
    T1: crate::StringSql,
    T2: crate::StringSql,
    T3: crate::JsonSql,
    T4: crate::JsonSql,
    T5: crate::StringSql,
    T6: crate::StringSql,
    T7: crate::StringSql,
    T8: crate::StringSql,
    T9: crate::StringSql,
> {
    pub id: uuid::Uuid,
    pub agent_type: T1,
    pub scope: T2,
    pub as_of: jiff::Timestamp,
    pub rule_score: rust_decimal::Decimal,
    pub freshness: T3,
    pub prices: T4,
    pub score: rust_decimal::Decimal,
    pub model_score: rust_decimal::Decimal,
    pub reasoning: T5,
    pub raw: T6,
    pub provider: T7,
    pub model: T8,
    pub prompt_version: T9,
    pub execution_id: uuid::Uuid,
    pub created_at: jiff::Timestamp,
}
#[derive(Debug)]
pub struct NewestAnswerUntilParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub agent_type: T1,
    pub scope: T2,
    pub as_of: jiff::Timestamp,
}
#[derive(Debug, Clone, PartialEq)]
pub struct NewestAnswerUntil {
    pub id: uuid::Uuid,
    pub agent_type: String,
    pub scope: String,
    pub as_of: jiff::Timestamp,
    pub rule_score: rust_decimal::Decimal,
    pub freshness: serde_json::Value,
    pub prices: serde_json::Value,
    pub score: rust_decimal::Decimal,
    pub model_score: rust_decimal::Decimal,
    pub reasoning: String,
    pub raw: String,
    pub provider: String,
    pub model: String,
    pub prompt_version: String,
    pub execution_id: uuid::Uuid,
    pub created_at: jiff::Timestamp,
}
pub struct NewestAnswerUntilBorrowed<'a> {
    pub id: uuid::Uuid,
    pub agent_type: &'a str,
    pub scope: &'a str,
    pub as_of: jiff::Timestamp,
    pub rule_score: rust_decimal::Decimal,
    pub freshness: postgres_types::Json<&'a serde_json::value::RawValue>,
    pub prices: postgres_types::Json<&'a serde_json::value::RawValue>,
    pub score: rust_decimal::Decimal,
    pub model_score: rust_decimal::Decimal,
    pub reasoning: &'a str,
    pub raw: &'a str,
    pub provider: &'a str,
    pub model: &'a str,
    pub prompt_version: &'a str,
    pub execution_id: uuid::Uuid,
    pub created_at: jiff::Timestamp,
}
impl<'a> From<NewestAnswerUntilBorrowed<'a>> for NewestAnswerUntil {
    fn from(
        NewestAnswerUntilBorrowed {
            id,
            agent_type,
            scope,
            as_of,
            rule_score,
            freshness,
            prices,
            score,
            model_score,
            reasoning,
            raw,
            provider,
            model,
            prompt_version,
            execution_id,
            created_at,
        }: NewestAnswerUntilBorrowed<'a>,
    ) -> Self {
        Self {
            id,
            agent_type: agent_type.into(),
            scope: scope.into(),
            as_of,
            rule_score,
            freshness: serde_json::from_str(freshness.0.get()).unwrap(),
            prices: serde_json::from_str(prices.0.get()).unwrap(),
            score,
            model_score,
            reasoning: reasoning.into(),
            raw: raw.into(),
            provider: provider.into(),
            model: model.into(),
            prompt_version: prompt_version.into(),
            execution_id,
            created_at,
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct NewestAnswerUntilQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<NewestAnswerUntilBorrowed, tokio_postgres::Error>,
    mapper: fn(NewestAnswerUntilBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> NewestAnswerUntilQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(NewestAnswerUntilBorrowed) -> R,
    ) -> NewestAnswerUntilQuery<'c, 'a, 's, C, R, N> {
        NewestAnswerUntilQuery {
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
pub struct RecordAnswerStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn record_answer() -> RecordAnswerStmt {
    RecordAnswerStmt(
        "INSERT INTO model_answers AS stored (id, agent_type, scope, as_of, rule_score, freshness, prices, score, model_score, reasoning, raw, provider, model, prompt_version, execution_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (agent_type, scope, as_of) DO UPDATE SET id = excluded.id, rule_score = excluded.rule_score, freshness = excluded.freshness, prices = excluded.prices, score = excluded.score, model_score = excluded.model_score, reasoning = excluded.reasoning, raw = excluded.raw, provider = excluded.provider, model = excluded.model, prompt_version = excluded.prompt_version, execution_id = excluded.execution_id, created_at = excluded.created_at WHERE stored.prompt_version <> excluded.prompt_version",
        None,
    )
}
impl RecordAnswerStmt {
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
        T3: crate::JsonSql,
        T4: crate::JsonSql,
        T5: crate::StringSql,
        T6: crate::StringSql,
        T7: crate::StringSql,
        T8: crate::StringSql,
        T9: crate::StringSql,
    >(
        &'s self,
        client: &'c C,
        id: &'a uuid::Uuid,
        agent_type: &'a T1,
        scope: &'a T2,
        as_of: &'a jiff::Timestamp,
        rule_score: &'a rust_decimal::Decimal,
        freshness: &'a T3,
        prices: &'a T4,
        score: &'a rust_decimal::Decimal,
        model_score: &'a rust_decimal::Decimal,
        reasoning: &'a T5,
        raw: &'a T6,
        provider: &'a T7,
        model: &'a T8,
        prompt_version: &'a T9,
        execution_id: &'a uuid::Uuid,
        created_at: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(
                self.0,
                &[
                    id,
                    agent_type,
                    scope,
                    as_of,
                    rule_score,
                    freshness,
                    prices,
                    score,
                    model_score,
                    reasoning,
                    raw,
                    provider,
                    model,
                    prompt_version,
                    execution_id,
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
    T3: crate::JsonSql,
    T4: crate::JsonSql,
    T5: crate::StringSql,
    T6: crate::StringSql,
    T7: crate::StringSql,
    T8: crate::StringSql,
    T9: crate::StringSql,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        RecordAnswerParams<T1, T2, T3, T4, T5, T6, T7, T8, T9>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for RecordAnswerStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a RecordAnswerParams<T1, T2, T3, T4, T5, T6, T7, T8, T9>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.id,
            &params.agent_type,
            &params.scope,
            &params.as_of,
            &params.rule_score,
            &params.freshness,
            &params.prices,
            &params.score,
            &params.model_score,
            &params.reasoning,
            &params.raw,
            &params.provider,
            &params.model,
            &params.prompt_version,
            &params.execution_id,
            &params.created_at,
        ))
    }
}
pub struct NewestAnswerUntilStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn newest_answer_until() -> NewestAnswerUntilStmt {
    NewestAnswerUntilStmt(
        "SELECT id, agent_type, scope, as_of, rule_score, freshness, prices, score, model_score, reasoning, raw, provider, model, prompt_version, execution_id, created_at FROM model_answers WHERE agent_type = $1 AND scope = $2 AND as_of <= $3 ORDER BY as_of DESC LIMIT 1",
        None,
    )
}
impl NewestAnswerUntilStmt {
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
        agent_type: &'a T1,
        scope: &'a T2,
        as_of: &'a jiff::Timestamp,
    ) -> NewestAnswerUntilQuery<'c, 'a, 's, C, NewestAnswerUntil, 3> {
        NewestAnswerUntilQuery {
            client,
            params: [agent_type, scope, as_of],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<NewestAnswerUntilBorrowed, tokio_postgres::Error> {
                    Ok(NewestAnswerUntilBorrowed {
                        id: row.try_get(0)?,
                        agent_type: row.try_get(1)?,
                        scope: row.try_get(2)?,
                        as_of: row.try_get(3)?,
                        rule_score: row.try_get(4)?,
                        freshness: row.try_get(5)?,
                        prices: row.try_get(6)?,
                        score: row.try_get(7)?,
                        model_score: row.try_get(8)?,
                        reasoning: row.try_get(9)?,
                        raw: row.try_get(10)?,
                        provider: row.try_get(11)?,
                        model: row.try_get(12)?,
                        prompt_version: row.try_get(13)?,
                        execution_id: row.try_get(14)?,
                        created_at: row.try_get(15)?,
                    })
                },
            mapper: |it| NewestAnswerUntil::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        NewestAnswerUntilParams<T1, T2>,
        NewestAnswerUntilQuery<'c, 'a, 's, C, NewestAnswerUntil, 3>,
        C,
    > for NewestAnswerUntilStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a NewestAnswerUntilParams<T1, T2>,
    ) -> NewestAnswerUntilQuery<'c, 'a, 's, C, NewestAnswerUntil, 3> {
        self.bind(client, &params.agent_type, &params.scope, &params.as_of)
    }
}
