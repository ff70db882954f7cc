//! What is asked, what an answer or a failure means, and that no key gets out.

mod anthropic;
mod data;
mod failures;
mod keys;
mod openai;
mod prompts;
mod requests;
mod server;

use std::time::Duration;

use rust_decimal::Decimal;
use secrecy::SecretString;
use url::Url;

use self::server::Server;
use super::*;
use crate::config::ModelsSettings;
use crate::domain::models::{Limits, Provider};

const KEY: &str = "sk-very-secret-0123456789";

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn limits() -> Limits {
    *committed_ladder().unwrap().limits()
}

fn settings_at(base: &Url) -> ModelsSettings {
    ModelsSettings {
        claude_api_key: Some(SecretString::from(KEY)),
        openai_api_key: Some(SecretString::from(KEY)),
        anthropic_base_url: base.clone(),
        openai_base_url: base.clone(),
        anthropic_version: jiff::civil::date(2023, 6, 1),
    }
}

fn question(provider: Provider) -> Question {
    Question {
        rung: Rung {
            provider,
            model: "asked-model".to_owned(),
            max_output_tokens: 700,
            effort: Some("low".to_owned()),
        },
        prompt: Prompt {
            version: "test.v1",
            system: "You are an analyst.",
            data: r#"{"rule_score":0.1}"#.to_owned(),
        },
        patience: Duration::from_secs(5),
    }
}

async fn ask(server: &Server, provider: Provider) -> Attempted {
    let providers = Providers::new(Some(&settings_at(server.base()))).unwrap();
    providers.ask(&question(provider)).await
}

/// A word for what to do next, and after which pause.
fn next(error: &ModelError) -> String {
    match error.next(&limits()) {
        Next::RetryHere { after: None } => "retry".to_owned(),
        Next::RetryHere { after: Some(pause) } => format!("retry after {}", pause.as_secs_f64()),
        Next::NextRung => "next rung".to_owned(),
    }
}

/// Says that a failure is of this kind, is followed by this, and that this many tokens are billed.
#[track_caller]
fn assert_failed(attempted: &Attempted, kind: ModelErrorKind, then: &str, usage: Option<Usage>) {
    let error = attempted.answer.as_ref().unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
    assert_eq!(next(error), then, "{error}");
    assert_eq!(
        attempted.is_usage_known.then_some(attempted.usage),
        usage,
        "{error}"
    );
    if !attempted.is_usage_known {
        assert_eq!(attempted.usage, Usage::NONE);
    }
}
