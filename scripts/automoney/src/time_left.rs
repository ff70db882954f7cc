//! How long something will still take, for progress on a terminal.

/// What is left takes as long as what is done.
pub(crate) fn time_left(elapsed_s: u64, done: u64, all: u64) -> String {
    match (elapsed_s * all.saturating_sub(done)).checked_div(done) {
        Some(left) => format!("about {left} s left"),
        None => "time left not known yet".to_owned(),
    }
}
