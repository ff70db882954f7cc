// This file was generated with `cornucopia`. Do not modify.

#[derive(Clone, Copy, Debug)]
pub struct DeleteAgentLogsParams {
    pub before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct DeleteModelAnswersParams {
    pub before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct DeleteExecutionsParams {
    pub before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct DeleteDecisionsParams {
    pub before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct DeleteCollectionLogsParams {
    pub before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct DeleteCostReportsParams {
    pub before: jiff::civil::Date,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct DeleteMaintenanceReportsParams {
    pub before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct DeleteRejectedRowsParams {
    pub before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct DeleteSettledReservationsParams {
    pub before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct DeleteUnsettledReservationsParams {
    pub before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct DeleteJobRunsParams {
    pub before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct DeleteRefreshTokensParams {
    pub latest: jiff::Timestamp,
    pub before: jiff::Timestamp,
    pub used_before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct DeleteSessionsParams {
    pub latest: jiff::Timestamp,
    pub before: jiff::Timestamp,
    pub used_before: jiff::Timestamp,
    pub most: i64,
}
#[derive(Clone, Copy, Debug)]
pub struct EndDeadRunsParams {
    pub now: jiff::Timestamp,
    pub before: jiff::Timestamp,
}
#[derive(Debug)]
pub struct SaveMaintenanceReportParams<T1: crate::JsonSql> {
    pub scheduled_at: jiff::Timestamp,
    pub created_at: jiff::Timestamp,
    pub document: T1,
}
#[derive(Debug, Clone, PartialEq)]
pub struct MaintenanceReportsSince {
    pub scheduled_at: jiff::Timestamp,
    pub document: serde_json::Value,
}
pub struct MaintenanceReportsSinceBorrowed<'a> {
    pub scheduled_at: jiff::Timestamp,
    pub document: postgres_types::Json<&'a serde_json::value::RawValue>,
}
impl<'a> From<MaintenanceReportsSinceBorrowed<'a>> for MaintenanceReportsSince {
    fn from(
        MaintenanceReportsSinceBorrowed {
            scheduled_at,
            document,
        }: MaintenanceReportsSinceBorrowed<'a>,
    ) -> Self {
        Self {
            scheduled_at,
            document: serde_json::from_str(document.0.get()).unwrap(),
        }
    }
}
use crate::client::async_::GenericClient;
use futures::{self, StreamExt, TryStreamExt};
pub struct MaintenanceReportsSinceQuery<'c, 'a, 's, C: GenericClient, T, const N: usize> {
    client: &'c C,
    params: [&'a (dyn postgres_types::ToSql + Sync); N],
    query: &'static str,
    cached: Option<&'s tokio_postgres::Statement>,
    extractor: fn(&tokio_postgres::Row) -> Result<MaintenanceReportsSinceBorrowed, tokio_postgres::Error>,
    mapper: fn(MaintenanceReportsSinceBorrowed) -> T,
}
impl<'c, 'a, 's, C, T: 'c, const N: usize> MaintenanceReportsSinceQuery<'c, 'a, 's, C, T, N>
where
    C: GenericClient,
{
    pub fn map<R>(
        self,
        mapper: fn(MaintenanceReportsSinceBorrowed) -> R,
    ) -> MaintenanceReportsSinceQuery<'c, 'a, 's, C, R, N> {
        MaintenanceReportsSinceQuery {
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
pub struct DeleteAgentLogsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_agent_logs() -> DeleteAgentLogsStmt {
    DeleteAgentLogsStmt(
        "WITH old AS ( SELECT id FROM agent_execution_logs WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED ) DELETE FROM agent_execution_logs AS log USING old WHERE log.id = old.id",
        None,
    )
}
impl DeleteAgentLogsStmt {
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
        before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        DeleteAgentLogsParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for DeleteAgentLogsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a DeleteAgentLogsParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.before, &params.most))
    }
}
pub struct DeleteModelAnswersStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_model_answers() -> DeleteModelAnswersStmt {
    DeleteModelAnswersStmt(
        "WITH old AS ( SELECT id FROM model_answers WHERE created_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED ) DELETE FROM model_answers AS answer USING old WHERE answer.id = old.id",
        None,
    )
}
impl DeleteModelAnswersStmt {
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
        before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        DeleteModelAnswersParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for DeleteModelAnswersStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a DeleteModelAnswersParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.before, &params.most))
    }
}
pub struct DeleteExecutionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_executions() -> DeleteExecutionsStmt {
    DeleteExecutionsStmt(
        "WITH old AS ( SELECT id FROM strategy_executions WHERE as_of < $1 LIMIT $2 FOR UPDATE SKIP LOCKED ) DELETE FROM strategy_executions AS execution USING old WHERE execution.id = old.id",
        None,
    )
}
impl DeleteExecutionsStmt {
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
        before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        DeleteExecutionsParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for DeleteExecutionsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a DeleteExecutionsParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.before, &params.most))
    }
}
pub struct DeleteDecisionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_decisions() -> DeleteDecisionsStmt {
    DeleteDecisionsStmt(
        "WITH old AS ( SELECT decision.id FROM decisions AS decision WHERE decision.as_of < $1 AND NOT decision.is_own AND decision.status <> 'pending' AND NOT EXISTS (SELECT 1 FROM trades WHERE trades.decision_id = decision.id) AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE subscriptions.last_decision_id = decision.id) LIMIT $2 FOR UPDATE OF decision SKIP LOCKED ) DELETE FROM decisions AS decision USING old WHERE decision.id = old.id",
        None,
    )
}
impl DeleteDecisionsStmt {
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
        before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        DeleteDecisionsParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for DeleteDecisionsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a DeleteDecisionsParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.before, &params.most))
    }
}
pub struct DeleteCollectionLogsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_collection_logs() -> DeleteCollectionLogsStmt {
    DeleteCollectionLogsStmt(
        "WITH old AS ( SELECT id FROM data_collection_logs WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED ) DELETE FROM data_collection_logs AS log USING old WHERE log.id = old.id",
        None,
    )
}
impl DeleteCollectionLogsStmt {
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
        before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        DeleteCollectionLogsParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for DeleteCollectionLogsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a DeleteCollectionLogsParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.before, &params.most))
    }
}
pub struct DeleteCostReportsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_cost_reports() -> DeleteCostReportsStmt {
    DeleteCostReportsStmt(
        "WITH old AS ( SELECT day FROM cost_reports WHERE day < $1 ORDER BY day LIMIT $2 FOR UPDATE SKIP LOCKED ) DELETE FROM cost_reports AS report USING old WHERE report.day = old.day",
        None,
    )
}
impl DeleteCostReportsStmt {
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
        before: &'a jiff::civil::Date,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        DeleteCostReportsParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for DeleteCostReportsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a DeleteCostReportsParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.before, &params.most))
    }
}
pub struct DeleteMaintenanceReportsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_maintenance_reports() -> DeleteMaintenanceReportsStmt {
    DeleteMaintenanceReportsStmt(
        "WITH old AS ( SELECT scheduled_at FROM maintenance_reports WHERE scheduled_at < $1 ORDER BY scheduled_at LIMIT $2 FOR UPDATE SKIP LOCKED ) DELETE FROM maintenance_reports AS report USING old WHERE report.scheduled_at = old.scheduled_at",
        None,
    )
}
impl DeleteMaintenanceReportsStmt {
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
        before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        DeleteMaintenanceReportsParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for DeleteMaintenanceReportsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a DeleteMaintenanceReportsParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.before, &params.most))
    }
}
pub struct DeleteRejectedRowsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_rejected_rows() -> DeleteRejectedRowsStmt {
    DeleteRejectedRowsStmt(
        "WITH old AS ( SELECT series, data_source, reason, payload FROM rejected_observations WHERE last_seen_at < $1 ORDER BY last_seen_at LIMIT $2 FOR UPDATE SKIP LOCKED ) DELETE FROM rejected_observations AS rejected USING old WHERE (rejected.series, rejected.data_source, rejected.reason, rejected.payload) = (old.series, old.data_source, old.reason, old.payload)",
        None,
    )
}
impl DeleteRejectedRowsStmt {
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
        before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        DeleteRejectedRowsParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for DeleteRejectedRowsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a DeleteRejectedRowsParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.before, &params.most))
    }
}
pub struct DeleteSettledReservationsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_settled_reservations() -> DeleteSettledReservationsStmt {
    DeleteSettledReservationsStmt(
        "WITH old AS ( SELECT id FROM model_reservations WHERE settled_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED ) DELETE FROM model_reservations AS reservation USING old WHERE reservation.id = old.id",
        None,
    )
}
impl DeleteSettledReservationsStmt {
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
        before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        DeleteSettledReservationsParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for DeleteSettledReservationsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a DeleteSettledReservationsParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.before, &params.most))
    }
}
pub struct DeleteUnsettledReservationsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_unsettled_reservations() -> DeleteUnsettledReservationsStmt {
    DeleteUnsettledReservationsStmt(
        "WITH old AS ( SELECT id FROM model_reservations WHERE settled_at IS NULL AND created_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED ) DELETE FROM model_reservations AS reservation USING old WHERE reservation.id = old.id",
        None,
    )
}
impl DeleteUnsettledReservationsStmt {
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
        before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        DeleteUnsettledReservationsParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for DeleteUnsettledReservationsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a DeleteUnsettledReservationsParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.before, &params.most))
    }
}
pub struct DeleteJobRunsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_job_runs() -> DeleteJobRunsStmt {
    DeleteJobRunsStmt(
        "WITH old AS ( SELECT job, scheduled_at FROM job_runs WHERE started_at < $1 AND (status <> 'running' OR lease_until < $1) ORDER BY started_at LIMIT $2 FOR UPDATE SKIP LOCKED ) DELETE FROM job_runs AS run USING old WHERE (run.job, run.scheduled_at) = (old.job, old.scheduled_at)",
        None,
    )
}
impl DeleteJobRunsStmt {
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
        before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        DeleteJobRunsParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for DeleteJobRunsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a DeleteJobRunsParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.before, &params.most))
    }
}
pub struct DeleteRefreshTokensStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_refresh_tokens() -> DeleteRefreshTokensStmt {
    DeleteRefreshTokensStmt(
        "WITH old AS ( SELECT token.hash FROM sessions AS session JOIN refresh_tokens AS token ON token.session_id = session.id WHERE session.expires_at < $1 AND (session.expires_at < $2 OR session.last_used_at < $3 OR session.ended_at < $2) LIMIT $4 FOR UPDATE OF token SKIP LOCKED ) DELETE FROM refresh_tokens AS token USING old WHERE token.hash = old.hash",
        None,
    )
}
impl DeleteRefreshTokensStmt {
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
        latest: &'a jiff::Timestamp,
        before: &'a jiff::Timestamp,
        used_before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[latest, before, used_before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        DeleteRefreshTokensParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for DeleteRefreshTokensStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a DeleteRefreshTokensParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.latest,
            &params.before,
            &params.used_before,
            &params.most,
        ))
    }
}
pub struct DeleteSessionsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn delete_sessions() -> DeleteSessionsStmt {
    DeleteSessionsStmt(
        "WITH old AS ( SELECT session.id FROM sessions AS session WHERE session.expires_at < $1 AND (session.expires_at < $2 OR session.last_used_at < $3 OR session.ended_at < $2) AND NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE refresh_tokens.session_id = session.id) ORDER BY session.expires_at LIMIT $4 FOR UPDATE OF session SKIP LOCKED ) DELETE FROM sessions AS session USING old WHERE session.id = old.id",
        None,
    )
}
impl DeleteSessionsStmt {
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
        latest: &'a jiff::Timestamp,
        before: &'a jiff::Timestamp,
        used_before: &'a jiff::Timestamp,
        most: &'a i64,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[latest, before, used_before, most]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        DeleteSessionsParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for DeleteSessionsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a DeleteSessionsParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(
            client,
            &params.latest,
            &params.before,
            &params.used_before,
            &params.most,
        ))
    }
}
pub struct EndDeadRunsStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn end_dead_runs() -> EndDeadRunsStmt {
    EndDeadRunsStmt(
        "UPDATE job_runs SET status = 'failed', finished_at = $1, error = 'its lease ran out, and nobody took it over' WHERE status = 'running' AND lease_until < $2",
        None,
    )
}
impl EndDeadRunsStmt {
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
        before: &'a jiff::Timestamp,
    ) -> Result<u64, tokio_postgres::Error> {
        client.execute(self.0, &[now, before]).await
    }
}
impl<'a, C: GenericClient + Send + Sync>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        EndDeadRunsParams,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for EndDeadRunsStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a EndDeadRunsParams,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.now, &params.before))
    }
}
pub struct SaveMaintenanceReportStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn save_maintenance_report() -> SaveMaintenanceReportStmt {
    SaveMaintenanceReportStmt(
        "INSERT INTO maintenance_reports (scheduled_at, created_at, document) VALUES ($1, $2, $3) ON CONFLICT (scheduled_at) DO UPDATE SET created_at = excluded.created_at, document = excluded.document",
        None,
    )
}
impl SaveMaintenanceReportStmt {
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
        scheduled_at: &'a jiff::Timestamp,
        created_at: &'a jiff::Timestamp,
        document: &'a T1,
    ) -> Result<u64, tokio_postgres::Error> {
        client
            .execute(self.0, &[scheduled_at, created_at, document])
            .await
    }
}
impl<'a, C: GenericClient + Send + Sync, T1: crate::JsonSql>
    crate::client::async_::Params<
        'a,
        'a,
        'a,
        SaveMaintenanceReportParams<T1>,
        std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>,
        C,
    > for SaveMaintenanceReportStmt
{
    fn params(
        &'a self,
        client: &'a C,
        params: &'a SaveMaintenanceReportParams<T1>,
    ) -> std::pin::Pin<Box<dyn futures::Future<Output = Result<u64, tokio_postgres::Error>> + Send + 'a>>
    {
        Box::pin(self.bind(client, &params.scheduled_at, &params.created_at, &params.document))
    }
}
pub struct MaintenanceReportsSinceStmt(&'static str, Option<tokio_postgres::Statement>);
pub fn maintenance_reports_since() -> MaintenanceReportsSinceStmt {
    MaintenanceReportsSinceStmt(
        "SELECT scheduled_at, document FROM maintenance_reports WHERE scheduled_at >= $1 ORDER BY scheduled_at DESC",
        None,
    )
}
impl MaintenanceReportsSinceStmt {
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
        since: &'a jiff::Timestamp,
    ) -> MaintenanceReportsSinceQuery<'c, 'a, 's, C, MaintenanceReportsSince, 1> {
        MaintenanceReportsSinceQuery {
            client,
            params: [since],
            query: self.0,
            cached: self.1.as_ref(),
            extractor:
                |row: &tokio_postgres::Row| -> Result<MaintenanceReportsSinceBorrowed, tokio_postgres::Error> {
                    Ok(MaintenanceReportsSinceBorrowed {
                        scheduled_at: row.try_get(0)?,
                        document: row.try_get(1)?,
                    })
                },
            mapper: |it| MaintenanceReportsSince::from(it),
        }
    }
}
