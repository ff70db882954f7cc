// What a front end does to sign somebody in: authorization code with PKCE, state and nonce.
"use strict";

const ATTEMPT = "automoney-sign-in";
const page = location.origin + location.pathname;
const { authorize, clientId } = document.body.dataset;
const shown = (id) => document.getElementById(id);

function say(text, isFailure = false) {
  shown("status").textContent = text;
  shown("status").classList.toggle("failed", isFailure);
}

function show(answer) {
  shown("answer").textContent = JSON.stringify(answer, null, 2);
  shown("answer").hidden = false;
}

function base64url(bytes) {
  const letters = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function leave() {
  const attempt = { verifier: random(), state: random(), nonce: random() };
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(attempt.verifier));
  // It outlives the way to the provider and back, in this tab only.
  sessionStorage.setItem(ATTEMPT, JSON.stringify(attempt));
  const parameters = new URLSearchParams({
    client_id: clientId,
    redirect_uri: page,
    response_type: "code",
    scope: "openid email profile",
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: base64url(digest),
    code_challenge_method: "S256",
  });
  location.assign(`${authorize}?${parameters}`);
}

async function ask(method, path, { token, body } = {}) {
  const headers = {};
  if (body) headers["content-type"] = "application/json";
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers,
    body: body && JSON.stringify(body),
    credentials: "same-origin",
  });
  const told = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw new Error(`${told.error?.code ?? answer.status}: ${told.error?.message ?? "no reason was given"}`);
  return told.data;
}

async function comeBack(parameters) {
  // The code is nobody's business any more: neither the history's nor a bookmark's.
  history.replaceState(null, "", page);
  const attempt = JSON.parse(sessionStorage.getItem(ATTEMPT) ?? "null");
  // One attempt, one answer.
  sessionStorage.removeItem(ATTEMPT);
  if (!attempt || parameters.get("state") !== attempt.state) {
    throw new Error("this answer belongs to no sign-in of this tab; its code was not used");
  }
  if (parameters.has("error")) {
    throw new Error(`the provider says ${parameters.get("error")}`);
  }
  say("Exchanging the code …");
  const tokens = await ask("POST", "/auth/google", {
    body: {
      code: parameters.get("code"),
      code_verifier: attempt.verifier,
      redirect_uri: page,
      nonce: attempt.nonce,
    },
  });
  const me = await ask("GET", "/auth/me", { token: tokens.access_token });
  say("Signed in. This is what GET /api/v1/auth/me says:");
  show(me);
  offerSignOut(tokens.access_token);
}

function offerSignOut(token) {
  shown("sign-in").hidden = true;
  shown("sign-out").hidden = false;
  shown("sign-out").onclick = () =>
    attempted(async () => {
      await ask("POST", "/auth/logout", { token, body: {} });
      shown("sign-out").hidden = true;
      shown("sign-in").hidden = false;
      shown("answer").hidden = true;
      say("Signed out.");
    });
}

async function attempted(work) {
  try {
    await work();
  } catch (error) {
    say(`It did not work: ${error.message}`, true);
  }
}

const parameters = new URLSearchParams(location.search);
shown("sign-in").onclick = () => attempted(leave);
if (!clientId) {
  shown("sign-in").disabled = true;
  say("Signing in is not configured: GOOGLE_CLIENT_ID is not set.", true);
} else if (parameters.has("code") || parameters.has("error")) {
  attempted(() => comeBack(parameters));
}
