//! The only home of randomness, beside that of the ids.
//!
//! For what nobody may guess: tickets, tokens, salts.

/// Random bytes that nobody can guess.
///
/// # Panics
/// When the system gives none: nothing that they would protect may go on then.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let drawn = aws_lc_rs::rand::fill(&mut bytes);
    assert!(drawn.is_ok(), "the system gives no random numbers");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        assert_ne!(bytes::<32>(), bytes::<32>());
    }
}
