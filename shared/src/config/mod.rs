//! Configuration: read once, at the edge, into types.
//!
//! [`Environment`] is the only door to the process's environment; [`VARIABLES`] names every variable
//! the code reads; [`Config::load`] turns the sections a function declares into typed settings, or
//! says everything that is wrong in one message. Production refuses what is only good for
//! development. Does not watch for changes: a new value needs a new process.

mod environment;
mod error;
mod key_set;
mod page;
mod parse;
mod settings;
mod values;
mod variables;

#[cfg(test)]
mod tests;

pub use environment::Environment;
pub use error::{ConfigError, Problem};
pub use key_set::{KeySet, SHORTEST_SECRET, TokenKey};
pub use page::{configuration_table, render};
pub use settings::{
    AuthSettings, BackupPlace, BackupSettings, Bucket, BudgetSettings, CacheSettings, CoreSettings,
    DatabaseSettings, GoogleSettings, HttpSettings, ModelsSettings, PushSettings, SourcesSettings, Stage,
};
pub use variables::{Section, VARIABLES, Variable};

use rust_decimal::Decimal;

use crate::secrets::SecretStore;
use values::Values;

/// Everything a process was told. A section that was not declared is absent, so that a function
/// cannot use by accident what its deployment never gave it.
#[derive(Debug, Clone)]
pub struct Config {
    /// Which stage this is and how much to log; always there.
    pub core: CoreSettings,
    /// PostgreSQL.
    pub database: Option<DatabaseSettings>,
    /// Redis.
    pub cache: Option<CacheSettings>,
    /// What the HTTP layer needs of every function with routes.
    pub http: Option<HttpSettings>,
    /// What tells whose a token is.
    pub auth: Option<AuthSettings>,
    /// The upstreams the collectors ask.
    pub sources: Option<SourcesSettings>,
    /// The language models the agents ask.
    pub models: Option<ModelsSettings>,
    /// What they may cost.
    pub budget: Option<BudgetSettings>,
    /// Signing in with Google; also absent where nothing of it is given.
    pub google: Option<GoogleSettings>,
    /// The gateway that holds the WebSockets.
    pub push: Option<PushSettings>,
    /// Where backups lie.
    pub backups: Option<BackupSettings>,
}

impl Config {
    /// Reads the core section and `sections`; secrets named by ARN come from `secrets`, all at once.
    ///
    /// The error names every variable that is missing or wrong, and never quotes a secret.
    pub async fn load(
        environment: &Environment,
        sections: &[Section],
        secrets: &dyn SecretStore,
    ) -> Result<Self, ConfigError> {
        let mut values = Values::read(environment, sections, secrets).await;
        let declared = |section| sections.contains(&section).then_some(());
        let config = Self {
            core: CoreSettings::from_values(&mut values),
            database: declared(Section::Database).and_then(|()| DatabaseSettings::from_values(&mut values)),
            cache: declared(Section::Cache).and_then(|()| CacheSettings::from_values(&mut values)),
            http: declared(Section::Http).and_then(|()| HttpSettings::from_values(&mut values)),
            auth: declared(Section::Auth).and_then(|()| AuthSettings::from_values(&mut values)),
            sources: declared(Section::Sources).and_then(|()| SourcesSettings::from_values(&mut values)),
            models: declared(Section::Models).and_then(|()| ModelsSettings::from_values(&mut values)),
            budget: declared(Section::Budget).and_then(|()| BudgetSettings::from_values(&mut values)),
            google: declared(Section::Identity).and_then(|()| GoogleSettings::from_values(&mut values)),
            push: declared(Section::Push).map(|()| PushSettings::from_values(&mut values)),
            backups: declared(Section::Backups).and_then(|()| BackupSettings::from_values(&mut values)),
        };
        values.finish(config)
    }

    /// The most that models may cost in a UTC day, USD; nothing in a process that declared no budget.
    pub fn daily_cap_usd(&self) -> Decimal {
        self.budget.map_or(Decimal::ZERO, |budget| budget.daily_cap_usd)
    }
}
