// This file was generated with `cornucopia`. Do not modify.

#[derive(Debug)]
pub struct BeginJobRunParams<T1: crate::StringSql> {
    pub job: T1,
    pub scheduled_at: jiff::Timestamp,
    pub lease_until: jiff::Timestamp,
    pub now: jiff::Timestamp,
}
#[derive(Debug)]
pub struct RunsAtWorkParams<T1: crate::StringSql> {
    pub job: T1,
    pub scheduled_at: jiff::Timestamp,
    pub now: jiff::Timestamp,
}
#[derive(Debug)]
pub struct JobRunParams<T1: crate::StringSql> {
    pub job: T1,
    pub scheduled_at: jiff::Timestamp,
}
#[derive(Debug)]
pub struct FinishJobRunParams<T1: crate::JsonSql, T2: crate::StringSql> {
    pub now: jiff::Timestamp,
    pub result: T1,
    pub job: T2,
    pub scheduled_at: jiff::Timestamp,
    pub attempt: i32,
}
#[derive(Debug)]
pub struct FailJobRunParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub now: jiff::Timestamp,
    pub error: T1,
    pub job: T2,
    pub scheduled_at: jiff::Timestamp,
    pub attempt: i32,
}
#[derive(Debug)]
pub struct SetFlagParams<T1: crate::StringSql, T2: crate::JsonSql, T3: crate::StringSql, T4: crate::StringSql>
{
    pub key: T1,
    pub value: T2,
    pub notice: Option<T3>,
    pub expires_at: Option<jiff::Timestamp>,
    pub now: jiff::Timestamp,
    pub updated_by: T4,
}
#[derive(Debug)]
pub struct SetLockParams<T1: crate::StringSql, T2: crate::StringSql> {
    pub reason: T1,
    pub since: jiff::Timestamp,
    pub until: Option<jiff::Timestamp>,
    pub detail: T2,
}
#[derive(Debug)]
pub struct LiftLockParams<T1: crate::StringSql> {
    pub now: jiff::Timestamp,
    pub reason: T1,
}
#[derive(Debug, Clone, PartialEq, Copy)]
pub struct RunsAtWork {
    pub scheduled_at: jiff::Timestamp,
    pub lease_until: jiff::Timestamp,
}
#[derive(Debug, Clone, PartialEq)]
pub struct JobRun {
    pub status: String,
    pub attempts: i32,
    pub lease_until: jiff::Timestamp,
    pub started_at: jiff::Timestamp,
    pub finished_at: Option<jiff::Timestamp>,
    pub result: Option<serde_json::Value>,
    pub error: Option<String>,
}
pub struct JobRunBorrowed<'a> {
    pub status: &'a str,
    pub attempts: i32,
    pub lease_until: jiff::Timestamp,
    pub started_at: jiff::Timestamp,
    pub finished_at: Option<jiff::Timestamp>,
    pub result: Option<postgres_types::Json<&'a serde_json::value::RawValue>>,
    pub error: Option<&'a str>,
}
impl<'a> From<JobRunBorrowed<'a>> for JobRun {
    fn from(
        JobRunBorrowed {
            status,
            attempts,
            lease_until,
            started_at,
            finished_at,
            result,
            error,
        }: JobRunBorrowed<'a>,
    ) -> Self {
        Self {
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
pub struct Flag {
    pub value: serde_json::Value,
    pub notice: Option<String>,
    pub expires_at: Option<jiff::Timestamp>,
    pub updated_at: jiff::Timestamp,
    pub updated_by: String,
}
pub struct FlagBorrowed<'a> {
    pub value: postgres_types::Json<&'a serde_json::value::RawValue>,
    pub notice: Option<&'a str>,
    pub expires_at: Option<jiff::Timestamp>,
    pub updated_at: jiff::Timestamp,
    pub updated_by: &'a str,
}
impl<'a> From<FlagBorrowed<'a>> for Flag {
    fn from(
        FlagBorrowed {
            value,
            notice,
            expires_at,
            updated_at,
            updated_by,
        }: FlagBorrowed<'a>,
    ) -> Self {
        Self {
            value: serde_json::from_str(value.0.get()).unwrap(),
            notice: notice.map(|v| v.into()),
            expires_at,
            updated_at,
            updated_by: updated_by.into(),
        }
    }
}
#[derive(Debug, Clone, PartialEq)]
pub struct LocksAt {
    pub reason: String,
    pub since: jiff::Timestamp,
    pub until: Option<jiff::Timestamp>,
    pub detail: String,
}
pub struct LocksAtBorrowed<'a> {
    pub reason: &'a str,
    pub since: jiff::Timestamp,
    pub until: Option<jiff::Timestamp>,
    pub detail: &'a str,
}
impl<'a> From<LocksAtBorrowed<'a>> for LocksAt {
    fn from(
        LocksAtBorrowed {
            reason,
            since,
            until,
            detail,
        }: LocksAtBorrowed<'a>,
    ) -> Self {
        Self {
            reason: reason.into(),
            since,
            until,
            detail: detail.into(),
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct I32Query<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<i32, tokio_postgres::Error>,
    mapper: fn(i32) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> I32Query<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(i32) -> R) -> I32Query<'c, 'a, 's, C, R, N> {
        I32Query {
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
pub struct RunsAtWorkQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<RunsAtWork, tokio_postgres::Error>,
    mapper: fn(RunsAtWork) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> RunsAtWorkQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(RunsAtWork) -> R) -> RunsAtWorkQuery<'c, 'a, 's, C, R, N> {
        RunsAtWorkQuery {
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
pub struct JobRunQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<JobRunBorrowed, tokio_postgres::Error>,
    mapper: fn(JobRunBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> JobRunQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(JobRunBorrowed) -> R) -> JobRunQuery<'c, 'a, 's, C, R, N> {
        JobRunQuery {
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
pub struct FlagQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<FlagBorrowed, tokio_postgres::Error>,
    mapper: fn(FlagBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> FlagQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(FlagBorrowed) -> R) -> FlagQuery<'c, 'a, 's, C, R, N> {
        FlagQuery {
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
pub struct LocksAtQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<LocksAtBorrowed, tokio_postgres::Error>,
    mapper: fn(LocksAtBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> LocksAtQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(self, mapper: fn(LocksAtBorrowed) -> R) -> LocksAtQuery<'c, 'a, 's, C, R, N> {
        LocksAtQuery {
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
pub struct BeginJobRunStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn begin_job_run() -> BeginJobRunStmt {
    BeginJobRunStmt(
        "INSERT INTO job_runs AS stored (job, scheduled_at, status, lease_until, attempts, started_at) VALUES ($1, $2, 'running', $3, 1, $4) ON CONFLICT (job, scheduled_at) DO UPDATE SET status = 'running', lease_until = excluded.lease_until, attempts = stored.attempts + 1, started_at = excluded.started_at, finished_at = NULL, error = NULL WHERE stored.status = 'failed' OR (stored.status = 'running' AND stored.lease_until < $4) RETURNING attempts",
        None,
    )
}
impl BeginJobRunStmt {
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
        job: &'a T1,
        scheduled_at: &'a jiff::Timestamp,
        lease_until: &'a jiff::Timestamp,
        now: &'a jiff::Timestamp,
    ) -> I32Query<'c, 'a, 's, C, i32, 4> {
        I32Query {
            client,
            params: [job, scheduled_at, lease_until, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, BeginJobRunParams<T1>, I32Query<'c, 'a, 's, C, i32, 4>, C>
    for BeginJobRunStmt
{
    fn params(&'s self, client: &'c C, params: &'a BeginJobRunParams<T1>) -> I32Query<'c, 'a, 's, C, i32, 4> {
        self.bind(
            client,
            &params.job,
            &params.scheduled_at,
            &params.lease_until,
            &params.now,
        )
    }
}
pub struct LockJobStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lock_job() -> LockJobStmt {
    LockJobStmt(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text AS held",
        None,
    )
}
impl LockJobStmt {
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
        job: &'a T1,
    ) -> StringQuery<'c, 'a, 's, C, String, 1> {
        StringQuery {
            client,
            params: [job],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it.into(),
        }
    }
}
pub struct RunsAtWorkStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn runs_at_work() -> RunsAtWorkStmt {
    RunsAtWorkStmt(
        "SELECT scheduled_at, lease_until FROM job_runs WHERE job = $1 AND scheduled_at <> $2 AND status = 'running' AND lease_until >= $3 ORDER BY scheduled_at",
        None,
    )
}
impl RunsAtWorkStmt {
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
        job: &'a T1,
        scheduled_at: &'a jiff::Timestamp,
        now: &'a jiff::Timestamp,
    ) -> RunsAtWorkQuery<'c, 'a, 's, C, RunsAtWork, 3> {
        RunsAtWorkQuery {
            client,
            params: [job, scheduled_at, now],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<RunsAtWork, tokio_postgres::Error> {
                Ok(RunsAtWork {
                    scheduled_at: row.try_get(0)?,
                    lease_until: row.try_get(1)?,
                })
            },
            mapper: |it| RunsAtWork::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<
        'c,
        'a,
        's,
        RunsAtWorkParams<T1>,
        RunsAtWorkQuery<'c, 'a, 's, C, RunsAtWork, 3>,
        C,
    > for RunsAtWorkStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a RunsAtWorkParams<T1>,
    ) -> RunsAtWorkQuery<'c, 'a, 's, C, RunsAtWork, 3> {
        self.bind(client, &params.job, &params.scheduled_at, &params.now)
    }
}
pub struct JobRunStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn job_run() -> JobRunStmt {
    JobRunStmt(
        "SELECT status, attempts, lease_until, started_at, finished_at, result, error FROM job_runs WHERE job = $1 AND scheduled_at = $2",
        None,
    )
}
impl JobRunStmt {
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
        job: &'a T1,
        scheduled_at: &'a jiff::Timestamp,
    ) -> JobRunQuery<'c, 'a, 's, C, JobRun, 2> {
        JobRunQuery {
            client,
            params: [job, scheduled_at],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<JobRunBorrowed, tokio_postgres::Error> {
                Ok(JobRunBorrowed {
                    status: row.try_get(0)?,
                    attempts: row.try_get(1)?,
                    lease_until: row.try_get(2)?,
                    started_at: row.try_get(3)?,
                    finished_at: row.try_get(4)?,
                    result: row.try_get(5)?,
                    error: row.try_get(6)?,
                })
            },
            mapper: |it| JobRun::from(it),
        }
    }
}
impl<'c, 'a, 's, C: GenericClient, T1: crate::StringSql>
    crate::client::async_::Params<'c, 'a, 's, JobRunParams<T1>, JobRunQuery<'c, 'a, 's, C, JobRun, 2>, C>
    for JobRunStmt
{
    fn params(
        &'s self,
        client: &'c C,
        params: &'a JobRunParams<T1>,
    ) -> JobRunQuery<'c, 'a, 's, C, JobRun, 2> {
        self.bind(client, &params.job, &params.scheduled_at)
    }
}
pub struct FinishJobRunStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn finish_job_run() -> FinishJobRunStmt {
    FinishJobRunStmt(
        "UPDATE job_runs SET status = 'done', finished_at = $1, result = $2, error = NULL WHERE job = $3 AND scheduled_at = $4 AND status = 'running' AND attempts = $5",
        None,
    )
}
impl FinishJobRunStmt {
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
        now: &'a jiff::Timestamp,
        result: &'a T1,
        job: &'a T2,
        scheduled_at: &'a jiff::Timestamp,
        attempt: &'a i32,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[now, result, job, scheduled_at, attempt])
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::JsonSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        FinishJobRunParams<T1, T2>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for FinishJobRunStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a FinishJobRunParams<T1, T2>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.now,
            &params.result,
            &params.job,
            &params.scheduled_at,
            &params.attempt,
        ))
    }
}
pub struct FailJobRunStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn fail_job_run() -> FailJobRunStmt {
    FailJobRunStmt(
        "UPDATE job_runs SET status = 'failed', finished_at = $1, error = $2 WHERE job = $3 AND scheduled_at = $4 AND status = 'running' AND attempts = $5",
        None,
    )
}
impl FailJobRunStmt {
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
        now: &'a jiff::Timestamp,
        error: &'a T1,
        job: &'a T2,
        scheduled_at: &'a jiff::Timestamp,
        attempt: &'a i32,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[now, error, job, scheduled_at, attempt])
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        FailJobRunParams<T1, T2>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for FailJobRunStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a FailJobRunParams<T1, T2>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.now,
            &params.error,
            &params.job,
            &params.scheduled_at,
            &params.attempt,
        ))
    }
}
pub struct FlagStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn flag() -> FlagStmt {
    FlagStmt(
        "SELECT value, notice, expires_at, updated_at, updated_by FROM system_flags WHERE key = $1",
        None,
    )
}
impl FlagStmt {
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
        key: &'a T1,
    ) -> FlagQuery<'c, 'a, 's, C, Flag, 1> {
        FlagQuery {
            client,
            params: [key],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<FlagBorrowed, tokio_postgres::Error> {
                Ok(FlagBorrowed {
                    value: row.try_get(0)?,
                    notice: row.try_get(1)?,
                    expires_at: row.try_get(2)?,
                    updated_at: row.try_get(3)?,
                    updated_by: row.try_get(4)?,
                })
            },
            mapper: |it| Flag::from(it),
        }
    }
}
pub struct SetFlagStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn set_flag() -> SetFlagStmt {
    SetFlagStmt(
        "INSERT INTO system_flags (key, value, notice, expires_at, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key) DO UPDATE SET value = excluded.value, notice = excluded.notice, expires_at = excluded.expires_at, updated_at = excluded.updated_at, updated_by = excluded.updated_by",
        None,
    )
}
impl SetFlagStmt {
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
        T2: crate::JsonSql,
        T3: crate::StringSql,
        T4: crate::StringSql,
    >(
        &'s self,
        client: &'c C,
        key: &'a T1,
        value: &'a T2,
        notice: &'a Option<T3>,
        expires_at: &'a Option<jiff::Timestamp>,
        now: &'a jiff::Timestamp,
        updated_by: &'a T4,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[key, value, notice, expires_at, now, updated_by])
            .await
    }
}
impl<
    'a,
    C: GenericClient + Send + Sync,
    T1: crate::StringSql,
    T2: crate::JsonSql,
    T3: crate::StringSql,
    T4: crate::StringSql,
>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        SetFlagParams<T1, T2, T3, T4>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for SetFlagStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a SetFlagParams<T1, T2, T3, T4>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.key,
            &params.value,
            &params.notice,
            &params.expires_at,
            &params.now,
            &params.updated_by,
        ))
    }
}
pub struct SetLockStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn set_lock() -> SetLockStmt {
    SetLockStmt(
        "INSERT INTO locks (reason, since, until, detail) SELECT $1::text, $2::timestamptz, $3::timestamptz, $4::text WHERE NOT EXISTS (SELECT FROM locks WHERE reason = $1 AND (until IS NULL OR until > $2)) ON CONFLICT DO NOTHING",
        None,
    )
}
impl SetLockStmt {
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
        reason: &'a T1,
        since: &'a jiff::Timestamp,
        until: &'a Option<jiff::Timestamp>,
        detail: &'a T2,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[reason, since, until, detail]).await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql, T2: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        SetLockParams<T1, T2>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for SetLockStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a SetLockParams<T1, T2>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.reason,
            &params.since,
            &params.until,
            &params.detail,
        ))
    }
}
pub struct LiftLockStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn lift_lock() -> LiftLockStmt {
    LiftLockStmt(
        "UPDATE locks SET until = greatest($1, since) WHERE reason = $2 AND (until IS NULL OR until > $1)",
        None,
    )
}
impl LiftLockStmt {
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
        reason: &'a T1,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[now, reason]).await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::StringSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        LiftLockParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for LiftLockStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a LiftLockParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.now, &params.reason))
    }
}
pub struct LocksAtStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn locks_at() -> LocksAtStmt {
    LocksAtStmt(
        "SELECT reason, since, until, detail FROM locks WHERE since <= $1 AND coalesce(until, 'infinity'::timestamptz) > $1 ORDER BY reason, since",
        None,
    )
}
impl LocksAtStmt {
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
        at: &'a jiff::Timestamp,
    ) -> LocksAtQuery<'c, 'a, 's, C, LocksAt, 1> {
        LocksAtQuery {
            client,
            params: [at],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row: &tokio_postgres::Row| -> Result<LocksAtBorrowed, tokio_postgres::Error> {
                Ok(LocksAtBorrowed {
                    reason: row.try_get(0)?,
                    since: row.try_get(1)?,
                    until: row.try_get(2)?,
                    detail: row.try_get(3)?,
                })
            },
            mapper: |it| LocksAt::from(it),
        }
    }
}
pub struct PingStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn ping() -> PingStmt {
    PingStmt("SELECT 1 AS answer", None)
}
impl PingStmt {
    pub async fn prepare<'a, C: GenericClient>(
        mut self,
        client: &'a C,
    ) -> Result<Self, tokio_postgres::Error> {
        self.1 = Some(client.prepare(self.0).await?);
        Ok(self)
    }
    pub fn bind<'c, 'a, 's, C: GenericClient>(&'s self, client: &'c C) -> I32Query<'c, 'a, 's, C, i32, 0> {
        I32Query {
            client,
            params: [],
            query: self.0,
            cached: self.1.as_ref(),
            extractor: |row| Ok(row.try_get(0)?),
            mapper: |it| it,
        }
    }
}
