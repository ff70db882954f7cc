//! The generic cell rate algorithm's arithmetic.
