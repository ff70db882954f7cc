//! The only home of randomness, beside that of the ids.
//!
//! For what nobody may guess: tickets, tokens, salts.

/// Random bytes that nobody can guess. The system's own generator failing is no state to go on in:
/// the request ends there.
#[expect(
    clippy::panic,
    reason = "without randomness nothing that it protects may go on; the generator of aws-lc cannot fail in practice"
)]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if aws_lc_rs::rand::fill(&mut bytes).is_err() {
        panic!("the system gives no random numbers");
    }
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
