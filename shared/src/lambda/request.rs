//! What the gateway knows of a request, made ready for the HTTP layer.

use std::fmt::Write as _;

use http::header::HOST;
use lambda_http::request::{LambdaRequest, RequestContext};
use lambda_http::{LambdaEvent, Request, RequestExt as _};
use url::Url;

use crate::http::{ClientAddress, RequestId};

/// Mends what would make the library panic while it builds the request: a query with characters
/// that a URI must escape, and a Host header that is no host. The gateway lets both through.
pub(super) fn mend(mut event: LambdaEvent<LambdaRequest>) -> LambdaEvent<LambdaRequest> {
    if let LambdaRequest::ApiGatewayV2(request) = &mut event.payload {
        request.raw_query_string = request.raw_query_string.take().map(|query| escaped(&query));
        let host = request.headers.get(HOST).and_then(|host| host.to_str().ok());
        let names_a_host = host.is_none_or(|host| Url::parse(&format!("https://{host}/")).is_ok());
        if !names_a_host {
            request.headers.remove(HOST);
        }
        // Only the gateway's own word counts for the scheme, and it speaks https alone.
        request.headers.remove("x-forwarded-proto");
    }
    event
}

/// Puts the caller's address and the request's id, both as the gateway gives them, into the
/// extensions, and returns the id.
pub(super) fn annotate(request: &mut Request) -> Option<RequestId> {
    let gateway = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(gateway)) => Some(gateway),
        _ => None,
    };
    let address = gateway.and_then(|gateway| gateway.http.source_ip.as_deref()?.parse().ok());
    // Without the gateway's id, as in an emulator, the platform's names the invocation.
    let gateways = gateway.and_then(|gateway| RequestId::proposed(gateway.request_id.as_deref()?));
    let platforms = || RequestId::proposed(&request.lambda_context_ref()?.request_id);
    let id = gateways.or_else(platforms);
    request.extensions_mut().insert(ClientAddress(address));
    if let Some(id) = &id {
        request.extensions_mut().insert(id.clone());
    }
    id
}

fn escaped(query: &str) -> String {
    query
        .bytes()
        .fold(String::with_capacity(query.len()), |mut out, byte| {
            match byte {
                b'!' | b'$'..=b';' | b'=' | b'?'..=b'~' => out.push(char::from(byte)),
                // Writing into a String cannot fail.
                other => {
                    let _ = write!(out, "%{other:02X}");
                }
            }
            out
        })
}
