//! What a function says about itself; the deployment template is held to it.

use crate::config::{Section, Variable};

/// One Lambda of the bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// Its name: the crate's, the binary's, the log lines'.
    pub name: &'static str,
    /// What starts it.
    pub trigger: Trigger,
    /// The sections of the configuration it reads, besides the core one.
    pub sections: &'static [Section],
    /// Whether its runs go on while changes are stopped.
    pub effect: Effect,
}

/// What a run does to what is stored, and so whether it goes on while an operator has stopped changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It changes what is stored: not run in read-only and in maintenance.
    Writes,
    /// It reads what is stored: not run in maintenance.
    Reads,
    /// It is run in every mode: its requests are judged one by one, somebody decided to start it, or it
    /// brings the news of the mode itself.
    Exempt,
}

/// What starts a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// Requests on routes of its own.
    Http,
    /// Requests that no route takes.
    Fallback,
    /// What happens to the connections of a WebSocket API.
    WebSocket,
    /// A schedule, as EventBridge Scheduler spells it: `cron(0/5 * * * ? *)`, in UTC.
    Schedule(&'static str),
    /// A person or a deployment.
    OnDemand,
    /// A person, with an order in the event that says what is to be done.
    Order,
    /// Secrets Manager, for each step of a secret's rotation.
    Rotation,
}

impl Function {
    /// Every variable the function reads, the core section's first.
    pub fn variables(&self) -> impl Iterator<Item = &'static Variable> {
        let sections = self.sections;
        Section::ALL
            .into_iter()
            .filter(move |section| *section == Section::Core || sections.contains(section))
            .flat_map(Section::variables)
    }
}
