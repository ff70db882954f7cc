//! The page on which somebody says who they are. It needs nothing from anywhere else.

use std::collections::HashMap;
use std::fmt::Write as _;

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::{Html, IntoResponse};

/// Who can be chosen without typing.
const EXAMPLES: [&str; 3] = ["ann@example.com", "bob@example.com", "carol@example.com"];

/// No script, nothing from elsewhere. A form may lead to this machine's pages: browsers hold the
/// redirect that follows to it too.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; \
     form-action 'self' http://localhost:* http://127.0.0.1:* http://[::1]:* https://localhost:* https://127.0.0.1:*";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem;\
     color:#1d2530;background:#f6f7f9}main{background:#fff;border:1px solid #d9dee5;border-radius:.75rem;padding:1.5rem}\
     h1{font-size:1.25rem;margin:0 0 .5rem}p{color:#4a5563}button{display:block;width:100%;font:inherit;text-align:left;\
     padding:.6rem .8rem;margin:.4rem 0;border:1px solid #b9c2cd;border-radius:.5rem;background:#fff;cursor:pointer}\
     button:hover,button:focus-visible{border-color:#1a56c4;outline:none;background:#eef3fd}label{display:block;margin-top:1rem}\
     input[type=email]{box-sizing:border-box;width:100%;font:inherit;padding:.55rem .7rem;border:1px solid #8a95a3;border-radius:.5rem}";

/// Lets somebody choose an account; what the browser came with goes along.
pub(super) fn choice(parameters: &HashMap<String, String>) -> impl IntoResponse + use<> {
    let mut kept: Vec<_> = parameters.iter().filter(|(name, _)| *name != "choice").collect();
    kept.sort();
    let mut hidden = String::new();
    for (name, value) in kept {
        // Writing into a String cannot fail.
        let _ = write!(
            hidden,
            r#"<input type="hidden" name="{}" value="{}">"#,
            escaped(name),
            escaped(value)
        );
    }
    let mut buttons = String::new();
    for email in EXAMPLES {
        let _ = write!(
            buttons,
            r#"<button name="choice" value="{email}">{email}</button>"#
        );
    }
    page(&format!(
        r#"<h1>Who are you?</h1>
<p>This stands in for Google on this machine. Nobody is asked for a password.</p>
<form method="get">{hidden}{buttons}</form>
<form method="get">{hidden}<label>Somebody else at example.com
<input type="email" name="choice" required pattern=".+@example\.com" placeholder="dave@example.com"></label>
<button>Continue</button></form>"#
    ))
}

/// Says what is wrong with what the browser came with.
pub(super) fn refusal(what: &str) -> impl IntoResponse + use<> {
    page(&format!(
        "<h1>This cannot be a sign-in</h1><p>{}.</p>",
        escaped(what)
    ))
}

fn page(content: &str) -> impl IntoResponse + use<> {
    let text = format!(
        r#"<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in (stand-in)</title><style>{STYLE}</style>
<main>{content}</main></html>
"#
    );
    (
        [(CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-store")],
        Html(text),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
