//! Why nobody was signed in, by what to do about it. No text here holds a token, a code, a verifier or
//! the secret: all of it is our own words.

/// Why Google did not say whose account it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GoogleError {
    /// This process was not told who signs people in: nobody can sign in here.
    #[error("signing in with Google is not configured")]
    NotConfigured,
    /// The client sent something that Google is not even asked about. The client can change it.
    #[error("{field} {what}")]
    Unacceptable {
        /// Which field of the exchange.
        field: Field,
        /// What is wrong with it, to be read after the field's name.
        what: &'static str,
    },
    /// The sign-in counts for nothing: the client has to begin anew. For the log; a client is told less.
    #[error("the sign-in is refused")]
    Refused(#[from] Refusal),
    /// Google refuses us, whatever a client sends: the client id, the secret or the redirect URIs.
    #[error("Google refuses us ({0}): check GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET and GOOGLE_REDIRECT_URIS")]
    Misconfigured(&'static str),
    /// Google gave no usable answer. Later it may.
    #[error("Google cannot be asked")]
    Unavailable(#[from] Outage),
}

/// A field of an exchange, as the API names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// `code`
    Code,
    /// `code_verifier`
    CodeVerifier,
    /// `redirect_uri`
    RedirectUri,
    /// `nonce`
    Nonce,
}

impl Field {
    /// The name in the body of the request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::CodeVerifier => "code_verifier",
            Self::RedirectUri => "redirect_uri",
            Self::Nonce => "nonce",
        }
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which check failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Google does not take the code: unknown, used, too old, of another page or another verifier.
    #[error("Google does not accept the code ({0})")]
    Code(&'static str),
    /// Google's answer holds no id token, which it leaves out where `openid` was not asked for.
    #[error("Google gave no id token: was the scope openid asked for?")]
    NoToken,
    /// It is no signed token of three parts.
    #[error("the id token is not a signed token")]
    NotAToken,
    /// It is signed in another way than the one that is accepted.
    #[error("the id token is not signed with RS256")]
    Algorithm,
    /// Its header demands something that is not understood here.
    #[error("the id token's header demands an extension")]
    Extension,
    /// No key of Google's has the name of the one that signed it.
    #[error("the id token is signed with a key that Google does not name")]
    UnknownKey,
    /// It is not signed by the key it names.
    #[error("the id token's signature is wrong")]
    Signature,
    /// A claim is absent or of another kind than documented.
    #[error("the id token's claim {0} is missing or not of its kind")]
    Claim(&'static str),
    /// Somebody else issued it.
    #[error("the id token is of another issuer")]
    Issuer,
    /// It is meant for somebody else.
    #[error("the id token is for another audience")]
    Audience,
    /// It was asked for by somebody else.
    #[error("the id token was asked for by another party")]
    AuthorizedParty,
    /// It belongs to another sign-in.
    #[error("the id token is of another sign-in: its nonce differs")]
    Nonce,
    /// It ran out.
    #[error("the id token has expired")]
    Expired,
    /// It was issued in the future.
    #[error("the id token is issued in the future")]
    IssuedInFuture,
    /// It does not hold yet.
    #[error("the id token is not valid yet")]
    NotYetValid,
    /// Nobody has shown that the e-mail address is theirs.
    #[error("the e-mail address is not verified")]
    UnverifiedEmail,
}

/// Where and how asking failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{endpoint}: {trouble}")]
pub struct Outage {
    /// What was asked.
    pub endpoint: Endpoint,
    /// What went wrong.
    pub trouble: Trouble,
}

/// What of Google is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Endpoint {
    /// The discovery document.
    #[error("discovery")]
    Discovery,
    /// The keys.
    #[error("keys")]
    Keys,
    /// The exchange of a code.
    #[error("token")]
    Token,
}

/// How an answer failed to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No connection was made; nothing was sent.
    #[error("no connection")]
    NoConnection,
    /// The connection broke.
    #[error("the connection broke")]
    Broken,
    /// No whole answer in time.
    #[error("no answer in time")]
    TooSlow,
    /// An answer with this status.
    #[error("status {0}")]
    Status(u16),
    /// An answer that is not what the documents say.
    #[error("an answer that cannot be used: {0}")]
    Malformed(&'static str),
}

impl Trouble {
    /// Whether the same question may well be answered a moment later.
    pub(super) const fn passes(self) -> bool {
        match self {
            Self::NoConnection | Self::Broken | Self::TooSlow | Self::Malformed(_) => true,
            Self::Status(status) => status >= 500,
        }
    }
}
