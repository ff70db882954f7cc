// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct JobRunPageParams<T1: crate::StringSql, T2: crate::StringSql, T3: crate::ArraySql<Item = T2>> {
    pub before: jiff::Timestamp,
    pub before_job: T1,
    pub statuses: T3,
    pub limit: i64,
}
#[derive(Debug)]
pub struct JobRunPageOfJobParams<T1: crate::StringSql, T2: crate::StringSql, T3: crate::ArraySql<Item = T2>> {
    pub job: T1,
    pub before: jiff::Timestamp,
    pub statuses: T3,
    pub limit: i64,
}
#[derive(Debug)]
pub struct PastLocksParams<T1: crate::StringSql> {
    pub before: jiff::Timestamp,
    pub before_reason: T1,
    pub now: jiff::Timestamp,
    pub limit: i64,
}
#[derive(Debug)]
pub struct BeginOperatorsLockParams<T1: crate::StringSql> {
    pub now: jiff::Timestamp,
    pub until: Option<jiff::Timestamp>,
    pub detail: T1,
}
#[derive(Debug, Clone, PartialEq)]
pub struct RunRow {
    pub job: String,
    pub scheduled_at: jiff::Timestamp,
    pub status: String,
    pub attempts: i32,
    pub lease_until: jiff::Timestamp,
    pub started_at: jiff::Timestamp,
    pub finished_at: Option<jiff::Timestamp>,
    pub result: Option<serde_json::Value>,
    pub error: Option<String>,
}
pub struct RunRowBorrowed<'a> {
    pub job: &'a str,
    pub scheduled_at: jiff::Timestamp,
    pub status: &'a str,
    pub attempts: i32,
    pub lease_until: jiff::Timestamp,
    pub started_at: jiff::Timestamp,
    pub finished_at: Option<jiff::Timestamp>,
    pub result: Option<postgres_types::Json<&'a serde_json::value::RawValue>>,
    pub error: Option<&'a str>,
}
impl<'a> From<RunRowBorrowed<'a>> for RunRow {
    fn from(
        RunRowBorrowed {
            job,
            scheduled_at,
            status,
            attempts,
            lease_until,
            started_at,
            finished_at,
            result,
            error,
        }: RunRowBorrowed<'a>,
    ) -> Self {
        Self {
            job: job.into(),
            scheduled_at,
            status: status.into(),
            attempts,
            lease_until,
            started_at,
            finished_at,
            result: result.map(|v| serde_json::from_str(v.0.get()).unwrap()),
            error: error.map(|v| v.into()),
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct PastLocks {
    pub reason: String,
    pub since: jiff::Timestamp,
    pub until: jiff::Timestamp,
    pub detail: String,
}
pub struct PastLocksBorrowed<'a> {
    pub reason: &'a str,
    pub since: jiff::Timestamp,
    pub until: jiff::Timestamp,
    pub detail: &'a str,
}
impl<'a> From<PastLocksBorrowed<'a>> for PastLocks {
    fn from(
        PastLocksBorrowed {
            reason,
            since,
            until,
            detail,
        }: PastLocksBorrowed<'a>,
    ) -> Self {
        Self {
            reason: reason.into(),
            since,
            until,
            detail: detail.into(),
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct OperatorsLock {
    pub since: jiff::Timestamp,
    pub until: Option<jiff::Timestamp>,
    pub detail: String,
}
pub struct OperatorsLockBorrowed<'a> {
    pub since: jiff::Timestamp,
    pub until: Option<jiff::Timestamp>,
    pub detail: &'a str,
}
impl<'a> From<OperatorsLockBorrowed<'a>> for OperatorsLock {
    fn from(OperatorsLockBorrowed { since, until, detail }: OperatorsLockBorrowed<'a>) -> Self {
        Self {
            since,
            until,
            detail: detail.into(),
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct RunRowQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<RunRowBorrowed, tokio_postgres::Error>,
    mapper: fn(RunRowBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> RunRowQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(RunRowBorrowed) -> R) -> RunRowQuery<'c, 'a, 's, C, R, N> {
        RunRowQuery {
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
pub struct PastLocksQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<PastLocksBorrowed, tokio_postgres::Error>,
    mapper: fn(PastLocksBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> PastLocksQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(PastLocksBorrowed) -> R) -> PastLocksQuery<'c, 'a, 's, C, R, N> {
        PastLocksQuery {
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
pub struct OperatorsLockQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<OperatorsLockBorrowed, tokio_postgres::Error>,
    mapper: fn(OperatorsLockBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> OperatorsLockQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(OperatorsLockBorrowed) -> R) -> OperatorsLockQuery<'c, 'a, 's, C, R, N> {
        OperatorsLockQuery {
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
pub struct JobRunPageStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn job_run_page() -> JobRunPageStmt {
    JobRunPageStmt(
        "SELECT job, scheduled_at, status, attempts, lease_until, started_at, finished_at, result, error FROM job_runs WHERE (scheduled_at, job) < ($1, $2) AND status = ANY($3) ORDER BY scheduled_at DESC, job DESC LIMIT $4",
        None,
    )
}
impl JobRunPageStmt {
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
        T3: crate::ArraySql<Item = T2>,
    >(
        &'s self,
        client: &'c C,
        before: &'a jiff::Timestamp,
        before_job: &'a T1,
        statuses: &'a T3,
        limit: &'a i64,
    ) -> RunRowQuery<'c, 'a, 's, C, RunRow, 4> {
        RunRowQuery {
            client,
            params: [before, before_job, statuses, limit],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<RunRowBorrowed, tokio_postgres::Error> {
                Ok(RunRowBorrowed {
                    job: row.try_get(0)?,
                    scheduled_at: row.try_get(1)?,
                    status: row.try_get(2)?,
                    attempts: row.try_get(3)?,
                    lease_until: row.try_get(4)?,
                    started_at: row.try_get(5)?,
                    finished_at: row.try_get(6)?,
                    result: row.try_get(7)?,
                    error: row.try_get(8)?,
                })
            },
            mapper: |it| RunRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql, T3: crate::ArraySql<Item = T2>>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        JobRunPageParams<T1, T2, T3>,
        RunRowQuery<'c, 'a, 's, C, RunRow, 4>,
        C,
    > for JobRunPageStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a JobRunPageParams<T1, T2, T3>,
    ) -> RunRowQuery<'c, 'a, 's, C, RunRow, 4> {
        self.bind(
            client,
            &params.before,
            &params.before_job,
            &params.statuses,
            &params.limit,
        )
    }
}
pub struct JobRunPageOfJobStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn job_run_page_of_job() -> JobRunPageOfJobStmt {
    JobRunPageOfJobStmt(
        "SELECT job, scheduled_at, status, attempts, lease_until, started_at, finished_at, result, error FROM job_runs WHERE job = $1 AND scheduled_at < $2 AND status = ANY($3) ORDER BY scheduled_at DESC LIMIT $4",
        None,
    )
}
impl JobRunPageOfJobStmt {
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
        T3: crate::ArraySql<Item = T2>,
    >(
        &'s self,
        client: &'c C,
        job: &'a T1,
        before: &'a jiff::Timestamp,
        statuses: &'a T3,
        limit: &'a i64,
    ) -> RunRowQuery<'c, 'a, 's, C, RunRow, 4> {
        RunRowQuery {
            client,
            params: [job, before, statuses, limit],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<RunRowBorrowed, tokio_postgres::Error> {
                Ok(RunRowBorrowed {
                    job: row.try_get(0)?,
                    scheduled_at: row.try_get(1)?,
                    status: row.try_get(2)?,
                    attempts: row.try_get(3)?,
                    lease_until: row.try_get(4)?,
                    started_at: row.try_get(5)?,
                    finished_at: row.try_get(6)?,
                    result: row.try_get(7)?,
                    error: row.try_get(8)?,
                })
            },
            mapper: |it| RunRow::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql, T2: crate::StringSql, T3: crate::ArraySql<Item = T2>>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        JobRunPageOfJobParams<T1, T2, T3>,
        RunRowQuery<'c, 'a, 's, C, RunRow, 4>,
        C,
    > for JobRunPageOfJobStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a JobRunPageOfJobParams<T1, T2, T3>,
    ) -> RunRowQuery<'c, 'a, 's, C, RunRow, 4> {
        self.bind(
            client,
            &params.job,
            &params.before,
            &params.statuses,
            &params.limit,
        )
    }
}
pub struct PastLocksStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn past_locks() -> PastLocksStmt {
    PastLocksStmt(
        "SELECT reason, since, until, detail FROM locks WHERE (since, reason) < ($1, $2) AND until <= $3 ORDER BY since DESC, reason DESC LIMIT $4",
        None,
    )
}
impl PastLocksStmt {
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
        before: &'a jiff::Timestamp,
        before_reason: &'a T1,
        now: &'a jiff::Timestamp,
        limit: &'a i64,
    ) -> PastLocksQuery<'c, 'a, 's, C, PastLocks, 4> {
        PastLocksQuery {
            client,
            params: [before, before_reason, now, limit],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<PastLocksBorrowed, tokio_postgres::Error> {
                Ok(PastLocksBorrowed {
                    reason: row.try_get(0)?,
                    since: row.try_get(1)?,
                    until: row.try_get(2)?,
                    detail: row.try_get(3)?,
                })
            },
            mapper: |it| PastLocks::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        PastLocksParams<T1>,
        PastLocksQuery<'c, 'a, 's, C, PastLocks, 4>,
        C,
    > for PastLocksStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a PastLocksParams<T1>,
    ) -> PastLocksQuery<'c, 'a, 's, C, PastLocks, 4> {
        self.bind(
            client,
            &params.before,
            &params.before_reason,
            &params.now,
            &params.limit,
        )
    }
}
pub struct LockOperatorsLockStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_operators_lock() -> LockOperatorsLockStmt {
    LockOperatorsLockStmt(
        "SELECT pg_advisory_xact_lock(hashtextextended('locks/operator', 0))::text AS held",
        None,
    )
}
impl LockOperatorsLockStmt {
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
    ) -> StringQuery<'c, 'a, 's, C, String, 0> {
        StringQuery {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
pub struct OperatorsLockStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn operators_lock() -> OperatorsLockStmt {
    OperatorsLockStmt(
        "SELECT since, until, detail FROM locks WHERE reason = 'operator' AND coalesce(until, 'infinity'::timestamptz) > $1 ORDER BY since DESC LIMIT 1",
        None,
    )
}
impl OperatorsLockStmt {
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
        now: &'a jiff::Timestamp,
    ) -> OperatorsLockQuery<'c, 'a, 's, C, OperatorsLock, 1> {
        OperatorsLockQuery {
            client,
            params: [now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<OperatorsLockBorrowed, tokio_postgres::Error> {
                Ok(OperatorsLockBorrowed {
                    since: row.try_get(0)?,
                    until: row.try_get(1)?,
                    detail: row.try_get(2)?,
                })
            },
            mapper: |it| OperatorsLock::from(it),
        }
    }
}
pub struct EndOperatorsLockStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn end_operators_lock() -> EndOperatorsLockStmt {
    EndOperatorsLockStmt(
        "UPDATE locks SET until = greatest($1, since) WHERE reason = 'operator' AND (until IS NULL OR until > $1)",
        None,
    )
}
impl EndOperatorsLockStmt {
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
        now: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[now]).await
    }
}
pub struct BeginOperatorsLockStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn begin_operators_lock() -> BeginOperatorsLockStmt {
    BeginOperatorsLockStmt(
        "INSERT INTO locks (reason, since, until, detail) VALUES ('operator', $1, $2, $3) ON CONFLICT (reason, since) DO UPDATE SET until = excluded.until, detail = excluded.detail",
        None,
    )
}
impl BeginOperatorsLockStmt {
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
        now: &'a jiff::Timestamp,
        until: &'a Option<jiff::Timestamp>,
        detail: &'a T1,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[now, until, detail]).await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        BeginOperatorsLockParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for BeginOperatorsLockStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a BeginOperatorsLockParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.now, &params.until, &params.detail))
    }
}
