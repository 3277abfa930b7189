//! What nobody sends by accident: it is shown as text or refused with a page, and nothing breaks.

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;

use super::{Fields, Seen, filed, fill, filled_in, get, post, requests, send};
use crate::support::client::Reply;
use crate::support::test_app::{Backend, TestApp};

async fn spawn() -> TestApp {
    TestApp::spawn(Backend::Sqlite).await.unwrap()
}

/// Sends parts as they are, in this order.
async fn send_parts(app: &TestApp, path: &str, parts: &[(&str, &[u8])]) -> Reply {
    let mut body = Vec::new();
    for (name, bytes) in parts {
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
    }
    body.extend(b"--b--\r\n");
    let request = app.anon().request(Method::POST, path);
    let kind = "multipart/form-data; boundary=b";
    app.anon().send(request.header(CONTENT_TYPE, kind).body(body)).await
}

fn parts(fields: &Fields) -> Vec<(&str, &[u8])> {
    fields.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_is_text_wherever_it_is_typed() {
    let app = spawn().await;
    let evil = "\"><script>alert(1)</script><img src=x onerror='alert(1)'>{{7*7}}&lt;";
    let mut form = filled_in(&app).await;
    let texts = ["applicant.name", "title", "document_number", "description", "agent.name"];
    form = fill(form, &texts.map(|name| (name, evil)));
    form.insert("agent.credential_number".into(), String::new());

    // Back in the form, and as a choice that does not exist.
    let seen = post(&app, "/apply", &form).await;
    assert_eq!(seen.expect(422).page.form("/apply"), form);
    let chosen = fill(form.clone(), &[("agency", evil), ("supply_form", evil)]);
    let seen = post(&app, "/apply", &chosen).await;
    assert!(seen.expect(422).page.text_of("agency-fault").contains("请选择"));

    // On the receipt and on the tracking page.
    form.insert("agent.credential_number".into(), "X1234567".into());
    let reply = send(&app, "/apply", &form, &[]).await;
    let seen = Seen::of(reply);
    assert!(seen.expect(201).page.main().contains(evil), "{}", seen.page.main());
    let open = post(&app, "/track", &super::pair(&seen.page)).await;
    assert!(open.expect(200).page.text_of("main").contains(evil));

    // In an address.
    let seen = get(&app, "/track?number=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert_eq!(seen.expect(200).page.form("/track")["number"], "\"><script>alert(1)</script>");
    get(&app, "/%22%3E%3Cscript%3E").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn control_characters_and_broken_text_are_faults_of_their_field() {
    let app = spawn().await;
    let form = filled_in(&app).await;

    let typed =
        fill(form.clone(), &[("title", "名单\u{0}\u{7}\u{1b}[31m"), ("description", "a\u{0}b")]);
    let seen = post(&app, "/apply", &typed).await;
    for field in ["title", "description"] {
        let fault = seen.expect(422).page.text_of(&format!("{field}-fault"));
        assert!(fault.contains("无法显示的字符"), "{field}: {fault}");
    }
    assert_eq!(seen.page.form("/apply"), typed);

    let mut sent = parts(&form);
    sent.retain(|(name, _)| *name != "title");
    sent.push(("title", b"\xff\xfe broken"));
    let seen = Seen::of(send_parts(&app, "/apply", &sent).await);
    assert!(seen.expect(422).page.text_of("title-fault").contains("无法识别的字符"));
    assert_eq!(requests(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_missing_twice_or_unknown_are_told_and_the_others_kept() {
    let app = spawn().await;
    let form = filled_in(&app).await;

    let nothing = Seen::of(send_parts(&app, "/apply", &[]).await);
    let summary = nothing.expect(422).page.text_of("summary");
    for part in ["请选择向哪个机关申请", "请填写姓名", "请填写所需政府信息的名称"]
    {
        assert!(summary.contains(part), "{part} in {summary}");
    }

    let mut twice = parts(&form);
    twice.push(("title", b"other"));
    let seen = Seen::of(send_parts(&app, "/apply", &twice).await);
    assert!(seen.expect(422).page.text_of("title-fault").contains("不止一次"));
    assert_eq!(seen.page.form("/apply"), form);

    let mut unknown = parts(&form);
    unknown.push(("<b>purpose", b"none of your business"));
    let seen = Seen::of(send_parts(&app, "/apply", &unknown).await);
    assert!(seen.expect(422).page.text_of("summary").contains("不认识的一项“<b>purpose”"));
    assert_eq!(seen.page.form("/apply"), form);

    let gone = fill(form.clone(), &[("agency", "00000000-0000-7000-8000-000000000000")]);
    let seen = post(&app, "/apply", &gone).await;
    assert!(seen.expect(422).page.text_of("agency-fault").contains("没有这个受理机关"));

    for key in ["", "nonsense", "6d2f4a10-3b9c-4e1f-8a7d-5c6b7a8f9e0d"] {
        let seen = post(&app, "/apply", &fill(form.clone(), &[("key", key)])).await;
        assert_ne!(seen.expect(409).page.form("/apply")["key"], key);
    }
    assert_eq!(requests(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_megabytes_of_text_are_refused_with_the_form_and_the_rest_of_it() {
    let app = spawn().await;
    let form = filled_in(&app).await;
    let long = "长".repeat(7_000_000);

    let seen = post(&app, "/apply", &fill(form.clone(), &[("description", &long)])).await;

    let fault = seen.expect(422).page.text_of("description-fault");
    assert!(fault.contains("这里只留下了开头的部分"), "{fault}");
    let back = seen.page.form("/apply");
    assert!(long.starts_with(&back["description"]) && back["description"].len() > 60_000);
    assert_eq!(fill(back, &[("description", &form["description"])]), form);

    // A correction likewise keeps its text, on the page of the request.
    let pair = filed(&app).await;
    app.set_today("2026-09-16");
    super::ask_for_correction(&app, &pair["number"]).await;
    let open = post(&app, "/track", &pair).await;
    let text = "字".repeat(6_000);
    let form = fill(open.page.form("/track/correction"), &[("text", &text)]);
    let seen = post(&app, "/track/correction", &form).await;
    assert!(seen.expect(422).page.text_of("text-fault").contains("不能超过5000个字"));
    assert_eq!(seen.page.form("/track/correction"), form);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_form_gets_a_page() {
    let app = spawn().await;
    let post = async |kind: &str, body: &str| {
        let request = app.anon().request(Method::POST, "/apply").header(CONTENT_TYPE, kind);
        Seen::of(app.anon().send(request.body(body.to_owned())).await)
    };
    for (kind, body) in [
        ("application/json", "{}"),
        ("application/x-www-form-urlencoded", "title=x"),
        ("multipart/form-data", "no boundary"),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"title\"",
        ),
        ("multipart/form-data; boundary=b", "nonsense"),
    ] {
        let seen = post(kind, body).await;
        assert!(seen.expect(400).page.main().contains("表单没有传完整"), "{kind}");
    }
    let many = vec![("x", b"" as &[u8]); 200];
    Seen::of(send_parts(&app, "/apply", &many).await).expect(400);
    assert_eq!(requests(&app).await, 0);
}
