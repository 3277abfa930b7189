//! The public pages, used as a citizen uses them: read a page, fill in its form, send it.

mod hostile;
mod surroundings;
mod tracking;

use std::collections::BTreeMap;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::support::client::Reply;
use crate::support::html::Page;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_request_is_filed_followed_corrected_and_withdrawn,
    faults_stand_at_their_fields_and_nothing_typed_is_lost,
    the_same_form_sent_twice_files_one_request,
    a_wrong_code_learns_nothing,
    files_come_with_the_form_and_a_bad_one_costs_nothing,
);

/// What a browser sends of a form.
type Fields = BTreeMap<String, String>;

/// An answer that is a page.
struct Seen {
    status: u16,
    reply: Reply,
    page: Page,
}

impl Seen {
    /// Reads the page, in which nothing may be wrong.
    fn of(reply: Reply) -> Self {
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        let html = String::from_utf8(reply.bytes.clone()).unwrap();
        let page = Page::read(&html);
        assert_eq!(page.faults(), Vec::<String>::new(), "{html}");
        Self { status: reply.status, reply, page }
    }

    /// The text of a page with this status.
    fn expect(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}", self.page.main());
        self
    }
}

async fn get(app: &TestApp, path: &str) -> Seen {
    Seen::of(app.anon().get(path).await)
}

/// Sends a form as a browser does: texts first, then files with their names as they are.
async fn send(app: &TestApp, path: &str, fields: &Fields, files: &[(&str, &[u8])]) -> Reply {
    let mut form = Form::new().percent_encode_noop();
    for (name, text) in fields {
        form = form.text(name.clone(), text.replace('\n', "\r\n"));
    }
    for (name, bytes) in files {
        let part = Part::bytes(bytes.to_vec()).file_name((*name).to_owned());
        form = form.part("file", part);
    }
    app.anon().send(app.anon().request(Method::POST, path).multipart(form)).await
}

async fn post(app: &TestApp, path: &str, fields: &Fields) -> Seen {
    Seen::of(send(app, path, fields, &[]).await)
}

fn fill(mut form: Fields, texts: &[(&str, &str)]) -> Fields {
    for (name, text) in texts {
        form.insert((*name).to_owned(), (*text).to_owned());
    }
    form
}

/// The filing form, filled in soundly.
async fn filled_in(app: &TestApp) -> Fields {
    let form = get(app, "/apply").await.expect(200).page.form("/apply");
    let agency = app.agency.to_string();
    fill(
        form,
        &[
            ("agency", &agency),
            ("applicant.name", "林晓"),
            ("applicant.credential_number", "11010519491231002X"),
            ("applicant.phone", "0000-1234567"),
            ("title", "2025年度老旧小区改造项目名单"),
            ("description", "\n  第一行空着\n第二行"),
            ("supply_form", "electronic"),
            ("delivery_way", "online"),
        ],
    )
}

/// Files a sound request: number and query code, as the receipt shows them.
async fn filed(app: &TestApp) -> Fields {
    let seen = post(app, "/apply", &filled_in(app).await).await;
    pair(&seen.expect(201).page)
}

fn pair(receipt: &Page) -> Fields {
    let text = |id: &str| receipt.text_of(id);
    [("number".to_owned(), text("number")), ("code".to_owned(), text("code"))].into()
}

/// How many requests there are.
async fn requests(app: &TestApp) -> usize {
    let reply = app.clerk().await.get("/api/v1/requests").await.expect(200);
    reply.json["items"].as_array().unwrap().len()
}

/// An officer takes the request with this number and asks for a correction.
async fn ask_for_correction(app: &TestApp, number: &str) {
    let (head, officer) = (app.head().await, app.officer().await);
    let found = officer.get(&format!("/api/v1/requests?number={number}")).await.expect(200);
    let id = found.json["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/requests/{id}");
    let who = app.db_user("officer").await.unwrap().id;
    let version = head.get(&path).await.version();
    let step = json!({ "action": "assign", "officer": who });
    let version = head.act(&format!("{path}/actions"), version, &step).await.expect(200).version();
    let step = json!({
        "action": "ask_correction", "on": "2026-09-16", "until": "2026-09-30",
        "defects": [{ "kind": "content", "guidance": "请写明小区所在的街道" }],
    });
    officer.act(&format!("{path}/actions"), version, &step).await.expect(200);
}

async fn a_request_is_filed_followed_corrected_and_withdrawn(app: TestApp) {
    // The receipt names all that the applicant must keep.
    let seen = post(&app, "/apply", &filled_in(&app).await).await;
    let text = seen.expect(201).page.main();
    for part in [
        "青云县财政局",
        "2025年度老旧小区改造项目名单",
        "2026年9月14日（周一）",
        "网上系统自动回执确认之日",
        "2026年10月16日（周五）",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(seen.reply.header("cache-control"), "no-store");
    let pair = pair(&seen.page);
    let receipt = seen.page.form("/track/documents");
    let pdf = send(&app, "/track/documents", &receipt, &[]).await.expect(200);
    assert!(pdf.bytes.starts_with(b"%PDF-") && pdf.header("content-type") == "application/pdf");

    // The QR code of the receipt leads to the form with the number in it; the code opens it.
    let number = pair["number"].clone();
    let form = get(&app, &format!("/track?number={number}")).await.page.form("/track");
    assert_eq!((form["number"].as_str(), form["code"].as_str()), (number.as_str(), ""));
    let loose = pair["code"].to_lowercase().replace('-', " ");
    let seen = post(&app, "/track", &fill(form, &[("code", &loose)])).await;
    assert_eq!(seen.expect(200).reply.header("cache-control"), "no-store");
    assert!(seen.page.main().contains("申请已送达受理机关（在线）"), "{}", seen.page.main());
    assert!(seen.page.id("correction").is_none(), "nothing is to be corrected yet");

    // Only when a correction is asked for can it be sent, and only once.
    app.set_today("2026-09-16");
    ask_for_correction(&app, &number).await;
    let seen = post(&app, "/track", &pair).await;
    let text = seen.expect(200).page.main();
    assert!(text.contains("请于2026年9月30日（周三）前（含当日）提交补正材料"), "{text}");
    let form = seen.page.form("/track/correction");
    let empty = post(&app, "/track/correction", &form).await;
    assert_eq!(empty.expect(422).page.text_of("text-fault"), "有误：请填写补正的内容");
    let form = fill(empty.page.form("/track/correction"), &[("text", "城郊街道")]);
    let seen = post(&app, "/track/correction", &form).await;
    assert!(seen.expect(200).page.main().contains("补正已经提交"));
    assert!(seen.page.id("correction").is_none());
    let again = post(&app, "/track/correction", &form).await;
    assert!(again.expect(200).page.main().contains("补正已经提交"), "the same form again");

    // Taking it back needs a word and a tick; until then what was written stays.
    let form = seen.page.form("/track/withdrawal");
    let typed = fill(form, &[("statement", "已经\n找到了")]);
    let seen = post(&app, "/track/withdrawal", &typed).await;
    assert!(seen.expect(422).page.text_of("confirm-fault").contains("请先勾选"));
    assert_eq!(seen.page.form("/track/withdrawal")["statement"], "已经\n找到了");
    let typed = fill(seen.page.form("/track/withdrawal"), &[("confirm", "yes")]);
    let seen = post(&app, "/track/withdrawal", &typed).await;
    let text = seen.expect(200).page.main();
    assert!(text.contains("申请已经撤回。") && text.contains("已撤回"), "{text}");
    assert!(seen.page.id("withdrawal").is_none());
}

async fn faults_stand_at_their_fields_and_nothing_typed_is_lost(app: TestApp) {
    let form = get(&app, "/apply").await.page.form("/apply");
    // Every field has something in it, much of it wrong.
    let typed = fill(
        form,
        &[
            ("agency", &app.other_agency.to_string()),
            ("applicant.kind", "legal_service"),
            ("applicant.name", "  青云\"律师\"事务所 <所> "),
            ("applicant.credential_kind", "credit_code"),
            ("applicant.credential_number", "91350100M000100Y4X"),
            ("applicant.legal_representative", "高&山"),
            ("applicant.contact_person", "何'水"),
            ("applicant.phone", "12"),
            ("applicant.email", "nobody@nowhere"),
            ("applicant.address", "青云县城关镇"),
            ("applicant.postcode", "12"),
            ("agent.name", "路人"),
            ("agent.credential_number", ""),
            ("agent.phone", "0000-7654321"),
            ("title", ""),
            ("document_number", "青财〔2025〕7号"),
            ("description", "\n\n开头空两行，有<标签>&amp;和引号\"'\n"),
            ("supply_form", "other"),
            ("delivery_way", "email"),
            ("electronic_service", "yes"),
        ],
    );

    let seen = post(&app, "/apply", &typed).await;

    assert_eq!(seen.expect(422).page.form("/apply"), typed);
    let wrong = [
        "applicant.credential_number",
        "applicant.phone",
        "applicant.email",
        "applicant.postcode",
        "agent.credential_number",
        "title",
    ];
    let links = seen.page.all("a").into_iter().filter_map(|a| a.get("href")?.strip_prefix('#'));
    let links: Vec<&str> = links.filter(|id| *id != "main").collect();
    assert_eq!(links, wrong, "the summary leads to the fields in the order of the page");
    for field in wrong {
        let input = seen.page.id(field).unwrap();
        assert_eq!(input.get("aria-invalid"), Some("true"), "{field}");
        let fault = format!("{field}-fault");
        assert!(input.get("aria-describedby").unwrap().split(' ').any(|id| id == fault));
    }
    assert_eq!(seen.page.text_of("title-fault"), "有误：请填写所需政府信息的名称");
    assert_eq!(requests(&app).await, 0);

    // A file that was chosen cannot come back; the page says so by name.
    let reply = send(&app, "/apply", &typed, &[("授权 书.pdf", b"%PDF-1.7")]).await;
    let summary = Seen::of(reply).page.text_of("summary");
    assert!(summary.contains("请重新选择附件（授权 书.pdf）"), "{summary}");

    // Corrected, the same form is taken; the name is kept as it was typed.
    let sound = fill(
        seen.page.form("/apply"),
        &[
            ("applicant.credential_kind", "other"),
            ("applicant.phone", "0000-1234567"),
            ("applicant.email", "someone@example.cn"),
            ("applicant.postcode", ""),
            ("agent.credential_number", "X1234567"),
            ("title", "改造项目"),
        ],
    );
    post(&app, "/apply", &sound).await.expect(201);
}

async fn the_same_form_sent_twice_files_one_request(app: TestApp) {
    let form = filled_in(&app).await;

    let (one, two) = tokio::join!(post(&app, "/apply", &form), post(&app, "/apply", &form));
    let later = post(&app, "/apply", &form).await;

    assert_eq!(pair(&one.expect(201).page), pair(&two.expect(201).page));
    assert_eq!(pair(&one.page), pair(&later.expect(201).page));
    assert_eq!(requests(&app).await, 1);

    // Going back and changing something is another request: asked for, not guessed.
    let other = fill(form, &[("title", "另一件事")]);
    let seen = post(&app, "/apply", &other).await;
    let again = seen.expect(409).page.form("/apply");
    assert_ne!(again["key"], other["key"]);
    assert_eq!(fill(again.clone(), &[("key", &other["key"])]), other);
    assert_eq!(requests(&app).await, 1);
    post(&app, "/apply", &again).await.expect(201);
    assert_eq!(requests(&app).await, 2);

    // A form that lay open for days may be the reload of an old receipt.
    let old = filled_in(&app).await;
    app.set_today("2026-09-18");
    let seen = post(&app, "/apply", &old).await;
    assert_eq!(fill(seen.expect(409).page.form("/apply"), &[("key", &old["key"])]), old);
    post(&app, "/apply", &seen.page.form("/apply")).await.expect(201);
}

async fn a_wrong_code_learns_nothing(app: TestApp) {
    let pair = filed(&app).await;
    let key = get(&app, "/apply").await.page.form("/apply")["key"].clone();
    let with = |number: &str, code: &str| {
        let texts = [("number", number), ("code", code), ("key", &key), ("confirm", "yes")];
        fill(Fields::new(), &[&texts[..], &[("text", "x"), ("statement", "x")]].concat())
    };
    let wrong_code = with(&pair["number"], "0000-0000");
    let wrong_number = with("209900100001", &pair["code"]);

    for path in ["/track", "/track/correction", "/track/withdrawal", "/track/files"] {
        let known = post(&app, path, &wrong_code).await;
        let unknown = post(&app, path, &wrong_number).await;

        let said = "没有找到申请，受理编号或者查询码不正确";
        assert!(known.expect(404).page.text_of("summary").contains(said));
        assert_eq!(known.page.main(), unknown.expect(404).page.main());
        let names =
            |reply: &Reply| reply.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(&known.reply), names(&unknown.reply));
        // What was typed stays, for the typing error to be found.
        assert_eq!(known.page.form("/track")["code"], "0000-0000");
        assert!(!known.page.main().contains("2025年度"), "{}", known.page.main());
    }
    let open = post(&app, "/track", &pair).await;
    let id = open.expect(200).page.form("/track/documents")["id"].clone();
    let fetch = fill(wrong_code, &[("id", &id)]);
    post(&app, "/track/documents", &fetch).await.expect(404);
    let other = fill(filed(&app).await, &[("id", &id)]);
    let seen = post(&app, "/track/documents", &other).await;
    assert!(seen.expect(404).page.text_of("summary").contains("没有找到该文书"));
}

async fn files_come_with_the_form_and_a_bad_one_costs_nothing(app: TestApp) {
    let form = filled_in(&app).await;
    let pdf: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n";
    let files =
        [("身份证明.pdf", pdf), ("run.exe", b"MZ\x90\x00\x03"), ("说明.txt", "说明".as_bytes())];

    let reply = send(&app, "/apply", &form, &files).await;
    let seen = Seen::of(reply);

    let text = seen.expect(201).page.main();
    for part in
        ["身份证明.pdf：已收下", "run.exe：没有收下。不能上传可执行程序", "说明.txt：已收下"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    let clerk = app.clerk().await;
    let number = &pair(&seen.page)["number"];
    let found = clerk.get(&format!("/api/v1/requests?number={number}")).await;
    let path = format!("/api/v1/requests/{}/files", found.json["items"][0]["id"].as_str().unwrap());
    let names = async || {
        let files = clerk.get(&path).await.expect(200).json;
        let names = files.as_array().unwrap().iter().map(|file| file["name"].clone());
        let mut names: Vec<String> = names.map(|name| name.as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names().await, ["说明.txt", "身份证明.pdf"]);

    // The form sent again, as by a reload, adds nothing.
    send(&app, "/apply", &form, &files).await.expect(201);
    assert_eq!(names().await, ["说明.txt", "身份证明.pdf"]);

    // Afterwards files are added on the tracking page; a refused one is a fault at the field.
    let open = post(&app, "/track", &pair(&seen.page)).await;
    let form = open.page.form("/track/files");
    let none = post(&app, "/track/files", &form).await;
    assert_eq!(none.expect(422).page.text_of("file-fault"), "有误：请选择要提交的文件");
    let form = none.page.form("/track/files");
    let two = [("补充.pdf", pdf), ("page.html", "<html>".as_bytes())];
    let seen = Seen::of(send(&app, "/track/files", &form, &two).await);
    assert!(seen.expect(422).page.text_of("file-fault").contains("page.html：不能上传网页"));
    assert!(seen.page.main().contains("补充.pdf：已收下"));
    assert_eq!(names().await, ["补充.pdf", "说明.txt", "身份证明.pdf"]);

    // More than fit on a form are named, and not taken.
    let form = open.page.form("/track/files");
    let form = fill(form, &[("key", &seen.page.form("/track/files")["key"])]);
    let many: Vec<(String, Vec<u8>)> =
        (1..=6).map(|n| (format!("第{n}页.pdf"), [pdf, &[n]].concat())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let seen = Seen::of(send(&app, "/track/files", &form, &many).await);
    let fault = seen.expect(422).page.text_of("file-fault");
    assert_eq!(fault, "有误：第6页.pdf：一次最多提交5个文件");
    assert_eq!(names().await.len(), 8);
}
