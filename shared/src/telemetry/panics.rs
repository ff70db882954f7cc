//! Panics become lines like everything else, instead of several lines of text on standard error.

use std::panic::PanicHookInfo;

/// From now on a panic is logged once, where it happens, with the fields of the spans around it.
pub(super) fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, error = message(panic), "a bug: the code panicked");
    }));
}

fn message<'a>(panic: &'a PanicHookInfo<'_>) -> &'a str {
    panic.payload_as_str().unwrap_or("without a message")
}
