//! No route that is open to all can be called without end from one address: each is counted in a class,
//! or named here with why it need not be.

use gongkai::web::WebConfig;
use gongkai::web::limits::PerMinute;
use serde_json::json;
use uuid::Uuid;

use super::routes::{About, ROUTES};
use crate::support::test_app::{Backend, TestApp};

/// Whoever watches the service asks these, and must never be turned away.
const WATCHED: &[&str] = &["GET /healthz", "GET /readyz"];

#[test]
fn no_route_open_to_all_is_called_without_end() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        // Given a service that admits one call a minute of each class
        let few = |config: WebConfig| WebConfig {
            per_minute: PerMinute { sign_in: 1, tracking: 1, filing: 1, reading: 1 },
            ..config
        };
        let app = TestApp::spawn_with(Backend::Sqlite, few).await.unwrap();
        let anon = app.anon();
        let open = || ROUTES.iter().filter(|(.., about)| *about == About::Public);
        let call = async |route: &str| {
            let (method, path) = route.split_once(' ').unwrap();
            let path = path
                .replace("{id}", &Uuid::now_v7().to_string())
                .replace("{version}", "1")
                .replace("{year}", "2026")
                .replace("{n}", "1")
                .replace("{kind}", "application_form")
                .replace("{template}", "correction");
            match method {
                "GET" => anon.get(&path).await,
                _ => anon.post(&path, &json!({})).await,
            }
        };
        // When each of them is called, twice
        for (route, ..) in open() {
            call(route).await;
        }
        for (route, ..) in open() {
            let status = call(route).await.status;
            // Then the second call is put off, whatever it says
            assert_eq!(status == 429, !WATCHED.contains(route), "{route}: {status}");
        }
        assert!(open().count() > WATCHED.len() + 15);
    });
}
