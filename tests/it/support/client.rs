//! Somebody who talks to the server over HTTP: a persona of the tests.

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use uuid::Uuid;

/// A person, signed in or not.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

/// What the server said.
#[derive(Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as JSON; null if it is none.
    pub json: Value,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// Status and `code` of a problem, for one assertion.
    pub fn refusal(&self) -> (u16, &str) {
        (self.status, self.json["code"].as_str().unwrap_or_default())
    }

    /// Status, `code` and `field` of a problem, for one assertion.
    pub fn fault(&self) -> (u16, &str, &str) {
        let (status, code) = self.refusal();
        (status, code, self.json["field"].as_str().unwrap_or_default())
    }

    /// Field and code of the first fault of a form that was refused.
    pub fn blamed(&self) -> (&str, &str) {
        assert_eq!(self.status, 422, "{}", self.json);
        let first = &self.json["errors"][0];
        (first["field"].as_str().unwrap(), first["code"].as_str().unwrap())
    }

    /// A header as text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The version in the `ETag`.
    pub fn version(&self) -> i32 {
        self.header("etag").trim_matches('"').parse().unwrap()
    }

    /// The reply, if it has this status; otherwise the test fails and shows the body.
    pub fn expect(self, status: u16) -> Self {
        let text = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, status, "{text}");
        self
    }
}

impl Client {
    /// Somebody who is not signed in.
    pub fn new(http: reqwest::Client, base: String) -> Self {
        Self { http, base, token: None }
    }

    /// The same with a token of their own.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The access token.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// Signs in.
    pub async fn signed_in(&self, login: &str, password: &str) -> Self {
        let reply = self.sign_in(login, password).await.expect(200);
        self.with_token(reply.json["access_token"].as_str().unwrap())
    }

    /// Tries to sign in.
    pub async fn sign_in(&self, login: &str, password: &str) -> Reply {
        let body = json!({ "login": login, "password": password });
        self.send(self.request(Method::POST, "/api/v1/sessions").json(&body)).await
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    /// `POST` with a fresh `Idempotency-Key`.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_once(path, body, &Uuid::now_v7().to_string()).await
    }

    /// `POST` with this `Idempotency-Key`.
    pub async fn post_once(&self, path: &str, body: &Value, key: &str) -> Reply {
        let request = self.request(Method::POST, path).header("Idempotency-Key", key);
        self.send(request.json(body)).await
    }

    /// `POST` without an `Idempotency-Key`, where none is asked for.
    pub async fn send_json(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// `PUT` from this version.
    pub async fn put(&self, path: &str, version: i32, body: &Value) -> Reply {
        let request = self.request(Method::PUT, path).header("If-Match", format!("\"{version}\""));
        self.send(request.json(body)).await
    }

    /// `POST` with a fresh `Idempotency-Key`, from this version.
    pub async fn act(&self, path: &str, version: i32, body: &Value) -> Reply {
        let request = self
            .request(Method::POST, path)
            .header("Idempotency-Key", Uuid::now_v7().to_string())
            .header("If-Match", format!("\"{version}\""));
        self.send(request.json(body)).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// A request to be completed by the test, with the token if there is one.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends it.
    pub async fn send(&self, request: RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        Reply { status, headers, json, bytes }
    }
}
