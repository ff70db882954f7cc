//! The door of `agent-scores`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::serve(&agent_scores::FUNCTION, |app| {
        shared::http::door(
            app,
            agent_scores::FUNCTION.name,
            agent_scores::router(),
            agent_scores::PREFETCH,
        )
    })
}
