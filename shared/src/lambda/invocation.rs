//! One run of a task: which, for which time, until when.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Deadline, Function, Trigger};

/// One run of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The job's name, which is the function's.
    pub job: String,
    /// The time it was scheduled for. With the job it names the run: a repeated delivery has the
    /// same one.
    pub scheduled_at: Timestamp,
    /// When the platform ends it.
    pub deadline: Deadline,
    /// The platform's id of this delivery.
    pub request_id: String,
    /// The event itself where it has a shape of its own, for the function to read; else null.
    pub event: Value,
}

/// Why an event is not the one this function waits for.
#[derive(Debug, thiserror::Error)]
pub enum InvocationError {
    /// It has another shape.
    #[error(r#"the event is not {{"job":"{job}","scheduled_at":"2026-03-01T12:00:00Z"}}"#)]
    Shape {
        /// The job that was waited for.
        job: &'static str,
        /// Where it differs.
        source: serde_json::Error,
    },
    /// It is for another function.
    #[error("the event is for the job {found:?}; this function is {job:?}")]
    OtherJob {
        /// The job that was waited for.
        job: &'static str,
        /// The job the event names.
        found: String,
    },
    /// It does not say for which time, and a repeated delivery could not be told from a new one.
    #[error("the event has no scheduled_at, which {job:?} needs to run once only")]
    NoTime {
        /// The job that was waited for.
        job: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    job: Option<String>,
    scheduled_at: Option<Timestamp>,
}

impl Invocation {
    /// A run outside the platform: no deadline.
    pub fn local(function: &Function, scheduled_at: Timestamp, request_id: String) -> Self {
        Self {
            job: function.name.to_owned(),
            scheduled_at,
            deadline: Deadline::none(),
            request_id,
            event: Value::Null,
        }
    }

    /// Reads `{"job":"…","scheduled_at":"…"}`. What a person starts may leave both out: it is then
    /// this function's job, now. An order, and a rotation's event, is its function's to read.
    pub fn from_event(
        function: &Function,
        event: Value,
        now: Timestamp,
        deadline: Deadline,
        request_id: String,
    ) -> Result<Self, InvocationError> {
        let job = function.name;
        if matches!(function.trigger, Trigger::Order | Trigger::Rotation) {
            return Ok(Self {
                job: job.to_owned(),
                scheduled_at: now,
                deadline,
                request_id,
                event,
            });
        }
        let on_demand = function.trigger == Trigger::OnDemand;
        // A person's empty event is `null` or `{}`.
        let event = if on_demand && event.is_null() {
            Value::Object(serde_json::Map::new())
        } else {
            event
        };
        let event: Event =
            serde_json::from_value(event).map_err(|source| InvocationError::Shape { job, source })?;

        match event.job {
            Some(found) if found != job => return Err(InvocationError::OtherJob { job, found }),
            None if !on_demand => {
                return Err(InvocationError::OtherJob {
                    job,
                    found: String::new(),
                });
            }
            _ => {}
        }
        let scheduled_at = event.scheduled_at.or(on_demand.then_some(now));
        let scheduled_at = scheduled_at.ok_or(InvocationError::NoTime { job })?;
        Ok(Self {
            job: job.to_owned(),
            scheduled_at,
            deadline,
            request_id,
            event: Value::Null,
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::lambda::Effect;
    use crate::telemetry::chain;

    const SCHEDULED: Function = Function {
        name: "collect-prices",
        trigger: Trigger::Schedule("cron(0/5 * * * ? *)"),
        sections: &[],
        effect: Effect::Exempt,
    };
    const ON_DEMAND: Function = Function {
        name: "migrate",
        trigger: Trigger::OnDemand,
        sections: &[],
        effect: Effect::Exempt,
    };

    fn now() -> Timestamp {
        "2026-03-01T12:00:07Z".parse().unwrap()
    }

    fn read(function: &Function, event: Value) -> Result<Invocation, String> {
        Invocation::from_event(function, event, now(), Deadline::none(), "r-1".to_owned())
            .map_err(|error| chain(&error).join(": "))
    }

    #[test]
    fn the_schedulers_event_is_read() {
        let event = json!({"job": "collect-prices", "scheduled_at": "2026-03-01T12:00:00Z"});

        let invocation = read(&SCHEDULED, event).unwrap();

        assert_eq!(invocation.scheduled_at, "2026-03-01T12:00:00Z".parse().unwrap());
        assert_eq!(
            (invocation.job.as_str(), invocation.request_id.as_str()),
            ("collect-prices", "r-1")
        );
    }

    #[rstest]
    #[case(json!({"job": "backup", "scheduled_at": "2026-03-01T12:00:00Z"}), "is for the job \"backup\"")]
    #[case(json!({"scheduled_at": "2026-03-01T12:00:00Z"}), "this function is \"collect-prices\"")]
    #[case(json!({"job": "collect-prices"}), "no scheduled_at")]
    #[case(json!({"job": "collect-prices", "scheduled_at": "noon"}), "the event is not {\"job\":\"collect-prices\"")]
    #[case(json!({"job": "collect-prices", "scheduled_at": "<aws.scheduler.scheduled-time>"}), "the event is not")]
    #[case(json!({"job": 3, "scheduled_at": "2026-03-01T12:00:00Z"}), "invalid type")]
    #[case(json!({"version": "2.0", "routeKey": "GET /"}), "unknown field `")]
    #[case(json!([]), "the event is not")]
    #[case(json!(null), "the event is not")]
    fn any_other_event_is_refused_with_what_is_wrong(#[case] event: Value, #[case] why: &str) {
        let error = read(&SCHEDULED, event).unwrap_err();

        assert!(error.contains(why), "{error}");
    }

    #[rstest]
    #[case(json!({}))]
    #[case(json!(null))]
    #[case(json!({"job": "migrate"}))]
    fn what_a_person_starts_runs_for_now(#[case] event: Value) {
        let invocation = read(&ON_DEMAND, event).unwrap();

        assert_eq!(
            (invocation.job.as_str(), invocation.scheduled_at),
            ("migrate", now())
        );
    }

    #[test]
    fn what_a_person_starts_is_still_held_to_its_name() {
        assert!(read(&ON_DEMAND, json!({"job": "restore"})).is_err());
    }
}
