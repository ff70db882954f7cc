//! The raw values of the declared sections, and the problems found while reading them.

use futures_util::future::join_all;
use secrecy::{ExposeSecret as _, SecretString};

use super::{ConfigError, Environment, Problem, Section, Stage, VARIABLES, Variable};
use crate::secrets::SecretStore;

/// What the environment and the secret store gave, before it is typed.
pub(super) struct Values {
    stage: Stage,
    found: Vec<(&'static Variable, SecretString)>,
    /// Variables whose value a secret holds, with its ARN.
    arns: Vec<(&'static str, String)>,
    problems: Vec<Problem>,
}

impl Values {
    /// Reads the core section and `sections`, secrets all at once.
    pub(super) async fn read(
        environment: &Environment,
        sections: &[Section],
        secrets: &dyn SecretStore,
    ) -> Self {
        // A stage that cannot be read is held to the strictest rules: its problem is reported anyway.
        let stage = environment
            .get("ENVIRONMENT")
            .map_or(Ok(Stage::Development), str::parse);
        let stage = stage.unwrap_or(Stage::Production);
        let read = declared(sections);
        let looked_up =
            join_all(read.map(async |variable| (variable, look_up(variable, environment, secrets).await)));

        let mut values = Self {
            stage,
            found: Vec::new(),
            arns: arns(environment, sections),
            problems: Vec::new(),
        };
        for (variable, value) in looked_up.await {
            match value {
                Ok(value) => values.keep(variable, value),
                Err(what) => values.refuse(variable.name, what),
            }
        }
        values
    }

    /// The stage the rules are those of.
    pub(super) const fn stage(&self) -> Stage {
        self.stage
    }

    /// The ARN of the secret that holds `name`, when one does.
    pub(super) fn arn(&self, name: &str) -> Option<String> {
        let named = self.arns.iter().find(|(variable, _)| *variable == name);
        named.map(|(_, arn)| arn.clone())
    }

    /// The typed value of `name`, or nothing when it is not set or was refused.
    pub(super) fn parse<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let (_, value) = self.found.iter().find(|(variable, _)| variable.name == name)?;
        match parse(value.expose_secret()) {
            Ok(typed) => Some(typed),
            Err(what) => {
                self.refuse(name, what);
                None
            }
        }
    }

    /// Refuses those of `names` that are not set where others of them are. What production needs is
    /// reported there anyway.
    pub(super) fn all_or_none(&mut self, names: &[&'static str]) {
        let is_set = |values: &Self, name: &str| values.found.iter().any(|(known, _)| known.name == name);
        let Some(given) = names.iter().find(|name| is_set(self, name)) else {
            return;
        };
        for name in names {
            let is_reported = self.problems.iter().any(|problem| problem.variable == *name);
            if !is_set(self, name) && !is_reported {
                self.refuse(name, format!("is not set, and {given} needs it"));
            }
        }
    }

    /// `config`, when nothing was wrong.
    pub(super) fn finish<T>(mut self, config: T) -> Result<T, ConfigError> {
        if self.problems.is_empty() {
            return Ok(config);
        }
        self.problems.sort_by_key(|problem| {
            VARIABLES
                .iter()
                .position(|variable| variable.name == problem.variable)
        });
        Err(ConfigError::Invalid(self.problems))
    }

    fn keep(&mut self, variable: &'static Variable, given: Option<SecretString>) {
        let must_be_set = variable.required_in_production && self.stage == Stage::Production;
        match (given, variable.default) {
            (None, _) if must_be_set => self.refuse(variable.name, "is not set, and production needs it"),
            (None, None) => {}
            (None, Some(default)) => self.found.push((variable, SecretString::from(default))),
            (Some(value), Some(default)) if must_be_set && value.expose_secret() == default => {
                self.refuse(
                    variable.name,
                    "is the development default, which production refuses",
                );
            }
            (Some(value), _) => self.found.push((variable, value)),
        }
    }

    fn refuse(&mut self, name: &'static str, what: impl Into<String>) {
        let example = Variable::named(name).map_or("", |variable| variable.example);
        self.problems.push(Problem {
            variable: name,
            what: what.into(),
            example,
        });
    }
}

/// The variables of the core section and of `sections`.
fn declared(sections: &[Section]) -> impl Iterator<Item = &'static Variable> {
    VARIABLES
        .iter()
        .filter(|variable| variable.section == Section::Core || sections.contains(&variable.section))
}

fn arns(environment: &Environment, sections: &[Section]) -> Vec<(&'static str, String)> {
    let named = declared(sections).filter_map(|variable| {
        let arn = environment.get(&variable.arn_name()?)?;
        Some((variable.name, arn.to_owned()))
    });
    named.collect()
}

/// The value given for `variable`: the secret its ARN names, else the environment's own.
async fn look_up(
    variable: &Variable,
    environment: &Environment,
    secrets: &dyn SecretStore,
) -> Result<Option<SecretString>, String> {
    let arn = variable.arn_name().and_then(|name| environment.get(&name));
    match arn {
        Some(arn) => secrets.secret(arn).await.map(Some).map_err(|error| {
            let chain = crate::telemetry::chain(&error).join(": ");
            format!("its {}_SECRET_ARN cannot be read: {chain}", variable.name)
        }),
        None => Ok(environment.get(variable.name).map(SecretString::from)),
    }
}
