//! What the runner knows about a connection and the request alone cannot tell.
//!
//! Both are request extensions. They are never read from a header that a client could forge, except
//! the request id, which is only a label.

use std::net::IpAddr;

/// The client's address as the gateway (or the socket) saw it. `X-Forwarded-For` is never read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub Option<IpAddr>);

/// The id under which a request is logged and which its answer carries in `x-request-id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

impl RequestId {
    /// An id a client or gateway proposes: 1 to 128 letters, digits, `-`, `_`, `.`, `=`, or nothing.
    pub fn proposed(text: &str) -> Option<Self> {
        let fits = (1..=128).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.=".contains(&byte));
        fits.then(|| Self(text.to_owned()))
    }
}
