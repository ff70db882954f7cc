//! How the errors of signing in look to a client.

use super::AuthError;
use crate::http::ApiError;
#[cfg(feature = "identity")]
use crate::sources::google::GoogleError;

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        let unauthorized = |message: &'static str| Self::Unauthorized(message.into());
        match error {
            #[cfg(feature = "identity")]
            AuthError::Google(error) => of_google(error),
            AuthError::NoSession => {
                unauthorized("This refresh token is of no session that lives; sign in again.")
            }
            AuthError::Reused => {
                unauthorized("This refresh token was used before, so its session was ended; sign in again.")
            }
            AuthError::NoAccount => unauthorized("This account is no more; sign in again to begin anew."),
            AuthError::NotTheirs => Self::not_found("You have no session with this id."),
            AuthError::ClosedToNew(closure) => closure.into(),
            AuthError::Database(error) => error.into(),
            AuthError::Random(_) | AuthError::Sign(_) | AuthError::NoKey => Self::internal(error),
        }
    }
}

#[cfg(feature = "identity")]
fn of_google(error: GoogleError) -> ApiError {
    match error {
        GoogleError::Unacceptable { field, what } => {
            let message = format!("Field `{field}` {what}.");
            ApiError::validation(
                crate::http::Refusal::from(message)
                    .with_details(serde_json::json!({ "field": field.as_str() })),
            )
        }
        // Which check it was, the log and the list of events know; whoever forges tokens need not.
        GoogleError::Refused(_) => ApiError::Unauthorized(
            "Google's answer to this sign-in is not accepted; begin signing in anew.".into(),
        ),
        GoogleError::NotConfigured | GoogleError::Misconfigured(_) | GoogleError::Unavailable(_) => {
            ApiError::unavailable("Signing in with Google", error)
        }
    }
}
