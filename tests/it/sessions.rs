//! Signing in, staying signed in, signing out.

use chrono::TimeDelta;
use gongkai::db::audit::{self, AuditFilter};
use reqwest::Method;
use serde_json::json;

use crate::support::client::Reply;
use crate::support::test_app::{PASSWORD, TestApp, on_each_backend};

on_each_backend!(
    a_person_signs_in_and_is_known,
    an_unknown_name_and_a_wrong_password_get_the_same_answer,
    too_many_wrong_passwords_lock_the_account_for_a_while,
    parallel_guesses_are_all_counted,
    a_closed_account_cannot_sign_in,
    an_access_token_expires,
    a_forged_token_is_refused,
    a_refresh_token_is_good_once_and_its_second_use_ends_the_sign_in,
    a_sign_in_ends_at_a_fixed_time,
    signing_out_ends_what_could_be_prolonged,
    a_one_time_password_must_be_changed_first,
    changing_the_password_ends_every_other_sign_in,
    a_weak_or_wrong_password_is_not_changed,
    sign_ins_are_in_the_audit_log,
);

async fn refresh(app: &TestApp, tokens: &Reply) -> Reply {
    let body = json!({ "refresh_token": tokens.json["refresh_token"] });
    app.anon().send(app.anon().request(Method::POST, "/api/v1/sessions/refresh").json(&body)).await
}

async fn a_person_signs_in_and_is_known(app: TestApp) {
    app.db_person("li.hua", &["officer", "clerk"], Some(app.agency), |row| row).await;

    let tokens = app.anon().sign_in("  Li.Hua ", PASSWORD).await.expect(200);

    assert_eq!(tokens.json["token_type"], "Bearer");
    assert_eq!(tokens.json["expires_in"], 900);
    let client = app.anon().with_token(tokens.json["access_token"].as_str().unwrap());
    let me = client.get("/api/v1/me").await.expect(200);
    assert_eq!(me.json, tokens.json["me"]);
    assert_eq!(me.json["roles"], json!(["clerk", "officer"]));
    assert_eq!(me.json["agency_name"], "青云县财政局");
    assert_eq!(me.json["must_change_password"], false);
}

async fn an_unknown_name_and_a_wrong_password_get_the_same_answer(app: TestApp) {
    app.db_person("known", &["clerk"], Some(app.agency), |row| row).await;

    let wrong = app.anon().sign_in("known", "not the password").await;
    let unknown = app.anon().sign_in("unknown", "not the password").await;

    assert_eq!(wrong.refusal(), (401, "sign_in_failed"));
    assert_eq!(unknown.refusal(), (401, "sign_in_failed"));
    assert_eq!(wrong.json["detail"], unknown.json["detail"]);
    assert_eq!(wrong.header("www-authenticate"), unknown.header("www-authenticate"));
}

async fn too_many_wrong_passwords_lock_the_account_for_a_while(app: TestApp) {
    app.db_person("known", &["clerk"], Some(app.agency), |row| row).await;
    for _ in 0..5 {
        app.anon().sign_in("known", "a wrong guess").await.expect(401);
    }

    // The right password does not help now, and nothing tells that it was right.
    let locked = app.anon().sign_in("known", PASSWORD).await;
    assert_eq!(locked.refusal(), (401, "sign_in_failed"));

    app.clock.advance(TimeDelta::minutes(14));
    app.anon().sign_in("known", PASSWORD).await.expect(401);
    app.clock.advance(TimeDelta::minutes(2));

    // The lock is over and the count begins anew.
    app.anon().sign_in("known", "a wrong guess").await.expect(401);
    app.anon().sign_in("known", PASSWORD).await.expect(200);
}

async fn parallel_guesses_are_all_counted(app: TestApp) {
    app.db_person("known", &["clerk"], Some(app.agency), |row| row).await;
    let guesses = (0..12).map(|_| {
        let anon = app.anon();
        tokio::spawn(async move { anon.sign_in("known", "a wrong guess").await.status })
    });
    for guess in guesses.collect::<Vec<_>>() {
        assert_eq!(guess.await.unwrap(), 401);
    }

    assert_eq!(app.anon().sign_in("known", PASSWORD).await.status, 401);
    assert_eq!(app.db_user("known").await.unwrap().failed_logins, 5);
}

async fn a_closed_account_cannot_sign_in(app: TestApp) {
    app.db_person("gone", &["clerk"], Some(app.agency), |mut row| {
        row.active = false;
        row
    })
    .await;

    assert_eq!(app.anon().sign_in("gone", PASSWORD).await.refusal(), (401, "sign_in_failed"));
}

async fn an_access_token_expires(app: TestApp) {
    let clerk = app.clerk().await;
    app.clock.advance(TimeDelta::seconds(899));
    clerk.get("/api/v1/me").await.expect(200);

    app.clock.advance(TimeDelta::seconds(1));

    let late = clerk.get("/api/v1/me").await;
    assert_eq!(late.refusal(), (401, "token_expired"));
    assert!(late.header("www-authenticate").contains("invalid_token"));
}

async fn a_forged_token_is_refused(app: TestApp) {
    let clerk = app.clerk().await;
    let (head, rest) = clerk.token().split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    // Of an algorithm nobody signs with, with other claims, with another signature, or nothing.
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let reversed: String = signature.chars().rev().collect();
    for forged in [
        format!("{none}.{claims}."),
        format!("{head}.{}.{signature}", claims.replace('a', "b")),
        format!("{head}.{claims}.{reversed}"),
        "nonsense".to_owned(),
    ] {
        let reply = app.anon().with_token(&forged).get("/api/v1/me").await;
        assert_eq!(reply.refusal(), (401, "token_invalid"), "{forged}");
    }
    let basic = app.anon().request(Method::GET, "/api/v1/me").basic_auth("clerk", Some(PASSWORD));
    assert_eq!(app.anon().send(basic).await.refusal(), (401, "token_malformed"));
    assert_eq!(app.anon().get("/api/v1/me").await.refusal(), (401, "not_signed_in"));
}

async fn a_refresh_token_is_good_once_and_its_second_use_ends_the_sign_in(app: TestApp) {
    app.db_person("li", &["clerk"], Some(app.agency), |row| row).await;
    let first = app.anon().sign_in("li", PASSWORD).await.expect(200);
    let elsewhere = app.anon().sign_in("li", PASSWORD).await.expect(200);

    let second = refresh(&app, &first).await.expect(200);
    assert_ne!(first.json["refresh_token"], second.json["refresh_token"]);

    // Whoever copied the first token uses it: both lose the sign-in.
    assert_eq!(refresh(&app, &first).await.refusal(), (401, "refresh_token_reused"));
    assert_eq!(refresh(&app, &second).await.refusal(), (401, "session_ended"));

    // A sign-in on another device goes on, and what happened is on record.
    refresh(&app, &elsewhere).await.expect(200);
    let log = app.app.store.read(|c| audit::page(c, &AuditFilter::default(), None, 50));
    let log = log.await.unwrap();
    assert!(log.iter().any(|row| row.action == "refresh_token_reused" && row.outcome == "refused"));

    let made_up = json!({ "refresh_token": "made up" });
    let reply = app.anon().post("/api/v1/sessions/refresh", &made_up).await;
    assert_eq!(reply.refusal(), (401, "session_ended"));
}

async fn a_sign_in_ends_at_a_fixed_time(app: TestApp) {
    app.db_person("li", &["clerk"], Some(app.agency), |row| row).await;
    let mut tokens = app.anon().sign_in("li", PASSWORD).await.expect(200);
    let ends_at = tokens.json["refresh_expires_at"].clone();
    for _ in 0..13 {
        app.clock.advance(TimeDelta::days(1));
        tokens = refresh(&app, &tokens).await.expect(200);
        assert_eq!(tokens.json["refresh_expires_at"], ends_at);
    }

    app.clock.advance(TimeDelta::days(1));

    assert_eq!(refresh(&app, &tokens).await.refusal(), (401, "session_ended"));
}

async fn signing_out_ends_what_could_be_prolonged(app: TestApp) {
    app.db_person("li", &["clerk"], Some(app.agency), |row| row).await;
    let tokens = app.anon().sign_in("li", PASSWORD).await.expect(200);
    let client = app.anon().with_token(tokens.json["access_token"].as_str().unwrap());

    client.delete("/api/v1/sessions/current").await.expect(204);

    assert_eq!(refresh(&app, &tokens).await.refusal(), (401, "session_ended"));
}

async fn a_one_time_password_must_be_changed_first(app: TestApp) {
    app.db_person("new", &["administrator"], None, |mut row| {
        row.must_change = true;
        row
    })
    .await;
    let new = app.anon().signed_in("new", PASSWORD).await;

    assert_eq!(new.get("/api/v1/people").await.refusal(), (403, "password_change_required"));
    assert_eq!(new.get("/api/v1/me").await.expect(200).json["must_change_password"], true);

    let change = json!({ "current_password": PASSWORD, "new_password": "eleven geese fly" });
    let tokens = new.put("/api/v1/me/password", 1, &change).await.expect(200);
    let changed = app.anon().with_token(tokens.json["access_token"].as_str().unwrap());
    changed.get("/api/v1/people").await.expect(200);
}

async fn changing_the_password_ends_every_other_sign_in(app: TestApp) {
    app.db_person("li", &["clerk"], Some(app.agency), |row| row).await;
    let elsewhere = app.anon().sign_in("li", PASSWORD).await.expect(200);
    let here = app.anon().signed_in("li", PASSWORD).await;

    let change = json!({ "current_password": PASSWORD, "new_password": "eleven geese fly" });
    let tokens = here.put("/api/v1/me/password", 1, &change).await.expect(200);

    assert_eq!(refresh(&app, &elsewhere).await.refusal(), (401, "session_ended"));
    refresh(&app, &tokens).await.expect(200);
    app.anon().sign_in("li", PASSWORD).await.expect(401);
    app.anon().sign_in("li", "eleven geese fly").await.expect(200);
}

async fn a_weak_or_wrong_password_is_not_changed(app: TestApp) {
    let clerk = app.clerk().await;
    for (current, new, field) in [
        ("a wrong guess", "eleven geese fly", "current_password"),
        (PASSWORD, "short", "new_password"),
        (PASSWORD, "password123", "new_password"),
        (PASSWORD, "clerk is my name", "new_password"),
        (PASSWORD, PASSWORD, "new_password"),
    ] {
        let change = json!({ "current_password": current, "new_password": new });
        let reply = clerk.put("/api/v1/me/password", 1, &change).await;
        assert_eq!(reply.fault(), (422, "invalid_input", field), "{new}");
    }

    // Guessing the present password is no way round the lock.
    let change = json!({ "current_password": "guess", "new_password": "eleven geese fly" });
    for _ in 0..4 {
        clerk.put("/api/v1/me/password", 1, &change).await.expect(422);
    }
    let reply = clerk.put("/api/v1/me/password", 1, &change).await;
    assert_eq!(reply.refusal(), (401, "session_ended"));
}

async fn sign_ins_are_in_the_audit_log(app: TestApp) {
    let id = app.db_person("li", &["clerk"], Some(app.agency), |row| row).await;
    app.anon().sign_in("li", "a wrong guess").await;
    app.anon().sign_in("li", PASSWORD).await;
    app.anon().sign_in("nobody", PASSWORD).await;

    let log = app.app.store.read(|c| audit::page(c, &AuditFilter::default(), None, 50));
    let told: Vec<_> = log
        .await
        .unwrap()
        .into_iter()
        .rev()
        .map(|row| (row.action, row.object_id, row.outcome, row.detail["reason"].clone()))
        .collect();
    let line = |id, outcome: &str, reason: &str| {
        ("sign_in".to_owned(), id, outcome.to_owned(), json!(reason))
    };
    assert_eq!(
        told,
        [
            line(Some(id), "refused", "wrong_password"),
            line(Some(id), "ok", "ok"),
            line(None, "refused", "unknown_login"),
        ]
    );
}
