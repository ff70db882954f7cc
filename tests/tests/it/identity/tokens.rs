//! Which id tokens count: the right one, and none of the wrong ones.

use standin::BadToken;

use super::*;
use shared::sources::google::Refusal;

/// Why each wrong token is refused.
const fn why(bad: BadToken) -> Refusal {
    match bad {
        BadToken::ChangedClaims
        | BadToken::BrokenSignature
        | BadToken::NoSignature
        | BadToken::AnotherKey
        | BadToken::KeyBroughtAlong => Refusal::Signature,
        BadToken::UnknownKey | BadToken::NoKeyName | BadToken::EncryptionKey => Refusal::UnknownKey,
        BadToken::AlgNone
        | BadToken::AlgNoneSigned
        | BadToken::Hs256WithPem
        | BadToken::Hs256WithDer
        | BadToken::Hs256WithModulus
        | BadToken::Rs384
        | BadToken::Ps256
        | BadToken::Es256 => Refusal::Algorithm,
        BadToken::CriticalHeader => Refusal::Extension,
        BadToken::WrongIssuer => Refusal::Issuer,
        BadToken::NoIssuer => Refusal::Claim("iss"),
        BadToken::WrongAudience
        | BadToken::EmptyAudience
        | BadToken::AudienceWithStranger
        | BadToken::AudienceOfStrangers => Refusal::Audience,
        BadToken::NoAudience => Refusal::Claim("aud"),
        BadToken::WrongParty | BadToken::PartyIsStranger => Refusal::AuthorizedParty,
        BadToken::WrongNonce => Refusal::Nonce,
        BadToken::NoNonce => Refusal::Claim("nonce"),
        BadToken::Expired => Refusal::Expired,
        BadToken::NoExpiry | BadToken::ExpiryAsText => Refusal::Claim("exp"),
        BadToken::IssuedInFuture => Refusal::IssuedInFuture,
        BadToken::NoIssueTime => Refusal::Claim("iat"),
        BadToken::NotYetValid => Refusal::NotYetValid,
        BadToken::NoSubject | BadToken::EmptySubject | BadToken::LongSubject | BadToken::ForeignSubject => {
            Refusal::Claim("sub")
        }
        BadToken::NoEmail | BadToken::EmailIsNone => Refusal::Claim("email"),
        BadToken::UnverifiedEmail => Refusal::UnverifiedEmail,
        BadToken::NoEmailVerified | BadToken::UnverifiedEmailAsText | BadToken::VerifiedEmailAsText => {
            Refusal::Claim("email_verified")
        }
        BadToken::TwoSubjects
        | BadToken::NotAToken
        | BadToken::Garbage
        | BadToken::NotJson
        | BadToken::Encrypted => Refusal::NotAToken,
    }
}

#[tokio::test]
async fn a_right_token_says_whose_account_it_is() {
    let provider = Provider::start().await;
    let ann = User {
        sub: "110169484474386276334".to_owned(),
        email: "ann@example.com".to_owned(),
        name: Some("Ann Example".to_owned()),
    };

    let code = provider.code_of(ann);
    let account = provider.google.identify(&exchange(&code)).await.unwrap();

    let expected = Account {
        sub: "110169484474386276334".to_owned(),
        email: "ann@example.com".to_owned(),
        name: Some("Ann Example".to_owned()),
    };
    assert_eq!(account, expected);
    assert_eq!(provider.asked(), [DISCOVERY, KEYS, TOKEN]);
}

#[tokio::test]
async fn every_wrong_token_is_refused_for_its_own_reason_and_is_written_down_nowhere() {
    let provider = Provider::start().await;
    let (log, _listening) = Log::listen();
    let mut wrong = Vec::new();
    for bad in BadToken::ALL {
        // Whoever names unknown keys one after the other is not asked about each.
        provider.advance(SignedDuration::from_mins(1));
        provider.standin.order_id_token(*bad);
        let code = provider.code();

        let outcome = provider.google.identify(&exchange(&code)).await;

        if outcome != Err(GoogleError::Refused(why(*bad))) {
            wrong.push(format!("{bad:?}: {outcome:?}"));
        }
        let Err(error) = outcome else { continue };
        let seen = told_of(&error, &log);
        let token = provider.standin.google().last_id_token();
        let mut secrets = vec![code.as_str(), VERIFIER, NONCE, CLIENT_SECRET, "ann@example.com"];
        // Header, claims and signature, each for itself.
        secrets.extend(token.split('.').filter(|part| part.len() > 3));
        for secret in secrets {
            if seen.contains(secret) {
                wrong.push(format!("{bad:?}: {secret} can be seen"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(BadToken::ALL.len() >= 20);
    assert!(
        log.text().contains("Google was asked"),
        "nothing was logged at all"
    );

    // None of them left anything behind.
    assert!(provider.sign_in().await.is_ok());
}

#[tokio::test]
async fn clocks_may_differ_by_less_than_a_minute() {
    let provider = Provider::start().await;
    provider.sign_in().await.unwrap();

    // The provider's clock goes ahead: what it issues now is issued in our future.
    let ahead = |seconds: i64| provider.clock.now().as_millisecond() + seconds * 1000;
    provider.standin_clock.set(ahead(60));
    assert!(provider.sign_in().await.is_ok());
    provider.standin_clock.set(ahead(61));
    let refused = provider.sign_in().await;
    assert_eq!(refused, Err(GoogleError::Refused(Refusal::IssuedInFuture)));

    // Its tokens are good for an hour.
    provider.standin_clock.set(ahead(-3600 - 59));
    assert!(provider.sign_in().await.is_ok());
    provider.standin_clock.set(ahead(-3600 - 60));
    let refused = provider.sign_in().await;
    assert_eq!(refused, Err(GoogleError::Refused(Refusal::Expired)));
}
