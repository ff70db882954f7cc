//! From scores to a conviction and a signal.
