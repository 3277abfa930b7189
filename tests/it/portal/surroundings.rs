//! What stands round the forms: start page, errors, headers, stylesheet, limits.

use diesel::RunQueryDsl;
use gongkai::web::WebConfig;
use gongkai::web::limits::PerMinute;
use reqwest::Method;
use reqwest::header::IF_NONE_MATCH;

use super::{Seen, filed, fill, filled_in, get, post};
use crate::support::test_app::{Backend, TestApp};

async fn spawn() -> TestApp {
    TestApp::spawn(Backend::Sqlite).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_start_page_leads_to_everything() {
    let app = spawn().await;

    let seen = get(&app, "/").await;

    let links: Vec<&str> = seen.page.all("a").iter().filter_map(|a| a.get("href")).collect();
    for link in ["/apply", "/track", "/api/docs/"] {
        assert!(links.contains(&link), "{link} in {links:?}");
    }
    let text = seen.expect(200).page.main();
    assert!(text.contains("青云县教育局") && text.contains("20个工作日内答复"), "{text}");
    for path in ["/", "/apply", "/track"] {
        let head = app.anon().send(app.anon().request(Method::HEAD, path)).await.expect(200);
        assert!(head.bytes.is_empty(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_pages_for_people_and_problems_for_programs() {
    let app = spawn().await;

    for path in ["/nowhere", "/apply/nowhere", "/track/nowhere", "/assets/0/none.css", "/apiary"] {
        let seen = get(&app, path).await;
        assert!(seen.expect(404).page.main().contains("没有找到这个页面"), "{path}");
    }
    for path in ["/api", "/api/", "/api/nowhere", "/api/v1/nowhere"] {
        let reply = app.anon().get(path).await.expect(404);
        assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
    }
    app.anon().get("/healthz").await.expect(200);
    app.anon().get("/readyz").await.expect(200);

    // A fault of the server: the number to quote, nothing of its inside; the form stays.
    let form = filled_in(&app).await;
    app.db_write(|conn| {
        diesel::sql_query("ALTER TABLE agencies RENAME TO elsewhere").execute(conn)?;
        Ok(())
    })
    .await;
    let seen = get(&app, "/apply").await;
    let text = seen.expect(500).page.main();
    assert!(text.contains(seen.reply.header("x-request-id")), "{text}");
    assert!(!text.contains("agencies"), "{text}");
    let seen = post(&app, "/apply", &form).await;
    assert!(seen.expect(500).page.text_of("summary").contains("您填写的内容都在"));
    assert_eq!(seen.page.form("/apply"), form);
    get(&app, "/").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_loads_nothing_from_outside_and_runs_nothing() {
    let app = spawn().await;
    let receipt = post(&app, "/apply", &filled_in(&app).await).await;
    let pages = [get(&app, "/").await, get(&app, "/nowhere").await, receipt];
    for seen in pages {
        let csp = seen.reply.header("content-security-policy");
        assert!(csp.starts_with("default-src 'none'") && !csp.contains("unsafe"), "{csp}");
        assert!(csp.contains("form-action 'self'") && csp.contains("frame-ancestors 'none'"));
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(seen.reply.header(name), value);
        }
        assert_eq!(seen.reply.header("set-cookie"), "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stylesheet_is_kept_for_good_under_the_hash_of_its_content() {
    let app = spawn().await;
    let page = get(&app, "/").await.page;
    let links = page.all("link");
    let sheet = links.iter().find(|link| link.get("rel") == Some("stylesheet")).unwrap();
    let address = sheet.get("href").unwrap();

    let css = app.anon().get(address).await.expect(200);
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(css.header("cache-control"), "public, max-age=31536000, immutable");
    let tag = css.header("etag").to_owned();
    let known = app.anon().request(Method::GET, address).header(IF_NONE_MATCH, &tag);
    let known = app.anon().send(known).await.expect(304);
    assert_eq!((known.bytes.len(), known.header("etag")), (0, tag.as_str()));

    // A page from before an update still has its looks, but does not keep them.
    let old = app.anon().get("/assets/0123456789abcdef/app.css").await.expect(200);
    assert_eq!(old.header("cache-control"), "no-cache");
    assert_eq!(old.bytes, css.bytes);
    let text = String::from_utf8(css.bytes).unwrap();
    assert!(!text.contains("http") && !text.contains("@import"), "loads from outside");
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_too_often_the_forms_keep_what_was_typed() {
    let limit = PerMinute { sign_in: 0, tracking: 1, filing: 1, reading: 0 };
    let change = |config| WebConfig { per_minute: limit, ..config };
    let app = TestApp::spawn_with(Backend::Sqlite, change).await.unwrap();
    let pair = filed(&app).await;
    let form = filled_in(&app).await;

    let seen = post(&app, "/apply", &form).await;

    assert!(seen.expect(429).page.text_of("summary").contains("操作过于频繁"));
    assert!(seen.reply.header("retry-after").parse::<u32>().unwrap() > 0);
    assert_eq!(seen.page.form("/apply"), form);

    let open = post(&app, "/track", &pair).await;
    let withdrawal = open.expect(200).page.form("/track/withdrawal");
    let typed = fill(withdrawal, &[("statement", "写了很久的说明"), ("confirm", "yes")]);
    let seen = post(&app, "/track/withdrawal", &typed).await;
    assert_eq!(seen.expect(429).page.id("kept-text").unwrap().text, "写了很久的说明");
    assert_eq!(seen.page.form("/track")["number"], pair["number"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_a_step_leads_back_to_the_form() {
    let app = spawn().await;
    for step in ["correction", "withdrawal", "files", "documents"] {
        let seen = Seen::of(app.anon().get(&format!("/track/{step}")).await);
        assert!(seen.expect(200).page.form("/track").contains_key("code"), "{step}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn warnings_stand_on_the_receipt_and_stop_nobody() {
    let app = spawn().await;
    let form =
        fill(filled_in(&app).await, &[("applicant.credential_number", "110105194912310021")]);

    let seen = post(&app, "/apply", &form).await;

    assert!(seen.expect(201).page.main().contains("身份证号码校验位不符"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_last_day_that_rests_on_an_estimate_is_marked() {
    let app = spawn().await;
    app.set_today("2026-12-15");

    let seen = post(&app, "/apply", &filled_in(&app).await).await;

    assert!(seen.expect(201).page.main().contains("暂定"), "{}", seen.page.main());
    let open = post(&app, "/track", &super::pair(&seen.page)).await;
    assert!(open.expect(200).page.main().contains("暂定"));
}
