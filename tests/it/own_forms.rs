//! Forms that an agency made itself: uploaded, checked, kept by version, filled for a case.

mod files;
mod filling;
mod hostile;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::cases::{By, Case};
use crate::support::client::{Client, Reply};
use crate::support::made_files::PLAIN_PDF;
use crate::support::test_app::{TestApp, on_each_backend};
use files::{p, part, sent, sent_once, table, text, word};

on_each_backend!(
    an_own_form_is_listed_with_its_placeholders_and_filled_with_what_is_on_record,
    a_new_upload_under_the_same_name_is_a_new_version_and_a_retired_form_is_not_offered,
    the_head_and_administrators_keep_the_forms_and_other_agencies_see_none,
    the_catalogue_is_open_to_all_and_every_name_of_it_can_be_filled,
    the_same_upload_sent_again_has_one_effect,
    a_kept_form_that_was_exchanged_in_the_store_is_not_filled,
);

/// A form as an office makes it: split runs, full-width braces, a table with a row for each item.
fn handling_form() -> String {
    let split = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>申请人：{</w:t></w:r>\
         <w:r><w:rPr><w:i/></w:rPr><w:t>{申请</w:t></w:r><w:proofErr w:type=\"spellStart\"/>\
         <w:r><w:t>人}</w:t></w:r><w:r><w:rPr><w:u/></w:rPr><w:t>}，收到：{{ 收到日期 }}。</w:t></w:r></w:p>";
    let searches: &[&[&str]] = &[
        &["序号", "事项", "结果"],
        &["{{item.number}}", "{{事项名称}}", "{{item.outcome}}"],
        &["合计", "", ""],
    ];
    [
        p("关于{{request.number}}号申请的办理单"),
        split.to_owned(),
        p("证件：｛｛证件号码｝｝ 电话：{{applicant.phone}}"),
        table(searches),
        table(&[&["{{检索日期}}", "{{检索范围}}"]]),
    ]
    .concat()
}

/// The agency's forms.
fn path(app: &TestApp) -> String {
    format!("/api/v1/agencies/{}/own-forms", app.agency)
}

/// A form of the agency.
pub async fn of_world(app: &TestApp) -> String {
    let form = sent(&app.head().await, &path(app), "本局办理单", word(&handling_form())).await;
    form.expect(201).json["id"].as_str().unwrap().to_owned()
}

/// Sends a form that is taken, for the walks over all routes.
pub async fn sent_to(who: &Client, path: &str) -> Reply {
    sent(who, path, "本局办理单", word(&handling_form())).await
}

async fn filled(case: &Case<'_>, form: &str) -> Reply {
    case.app.officer().await.get(&case.path(&format!("/own-forms/{form}"))).await
}

/// The text of the body of a form with this body, filled for a case.
async fn copy(case: &Case<'_>, name: &str, body: &str) -> String {
    let head = case.app.head().await;
    let form = sent(&head, &path(case.app), name, word(body)).await.expect(201);
    let copy = filled(case, form.json["id"].as_str().unwrap()).await.expect(200);
    text(&copy.bytes, "word/document.xml")
}

async fn an_own_form_is_listed_with_its_placeholders_and_filled_with_what_is_on_record(
    app: TestApp,
) {
    // Given a case with two items and a search, and a form of the agency
    let case = Case::in_processing(&app).await;
    let items = json!({ "action": "list_items", "items": [
        { "title": "补助资金分配表" }, { "title": "验收报告" }
    ] });
    case.does(By::Officer, items).await;
    let search = json!({ "action": "record_search", "item": 1, "search": {
        "on": "2026-09-14", "systems": "电子公文系统", "keywords": "老旧小区", "by": "刘洋",
        "result": "查到2份文件", "found": true
    } });
    case.does(By::Officer, search).await;
    let form = sent(&app.head().await, &path(&app), "本局办理单", word(&handling_form())).await;
    let form = form.expect(201).json;

    // Then every placeholder is listed with its place, however Word has split it
    let found: Vec<(&str, &str)> = form["versions"][0]["placeholders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one["place"].as_str().unwrap()))
        .collect();
    let wanted = [
        ("request.number", "正文第1段"),
        ("applicant.name", "正文第2段"),
        ("request.received_on", "正文第2段"),
        ("applicant.credential_number", "正文第3段"),
        ("applicant.phone", "正文第3段"),
        ("item.number", "正文表格1第2行第1格"),
        ("item.title", "正文表格1第2行第2格"),
        ("item.outcome", "正文表格1第2行第3格"),
        ("search.on", "正文表格2第1行第1格"),
        ("search.systems", "正文表格2第1行第2格"),
        ("agency.name", "页眉1第1段"),
        ("print.by", "页脚1第1段"),
        ("print.date", "页脚1第1段"),
    ];
    assert_eq!(found, wanted);

    // And the copy says what is on record, masked, a row for each item
    let copy = filled(&case, form["id"].as_str().unwrap()).await.expect(200);
    assert_eq!(copy.header("empty-placeholders"), "item.outcome");
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    assert_eq!(copy.header("content-type"), kind);
    let body = text(&copy.bytes, "word/document.xml");
    let number = &case.number;
    let lines = [
        &format!("关于{number}号申请的办理单"),
        "申请人：王*明，收到：2026年9月14日。",
        "证件：1****************X 电话：138****0000",
        "序号",
        "事项",
        "结果",
        "1",
        "补助资金分配表",
        "——",
        "2",
        "验收报告",
        "——",
        "合计",
        "",
        "",
        "2026年9月14日",
        "电子公文系统",
    ];
    let said: Vec<&str> = body.lines().collect();
    let masked = said[2].split(' ').next().unwrap();
    assert!(masked.contains('*') && !masked.contains("19491231"), "{masked}");
    assert_eq!((&said[..2], &said[3..]), (&lines[..2], &lines[3..]));
    assert!(said[2].ends_with("电话：138****0000"), "{body}");
    assert_eq!(text(&copy.bytes, "word/header1.xml"), "青云县财政局\n");
    assert!(text(&copy.bytes, "word/footer1.xml").contains("　2026年9月14日　第"));

    // With the formatting of the run in which the placeholder begins, and nothing else changed
    let xml = part(&copy.bytes, "word/document.xml");
    let run = "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">申请人：王*明</w:t></w:r>\
         <w:r><w:rPr><w:i/></w:rPr><w:t xml:space=\"preserve\"></w:t></w:r>";
    assert!(xml.contains(run), "{xml}");
    assert!(!xml.contains("{{") && xml.contains("<w:proofErr w:type=\"spellStart\"/>"));
    let again = filled(&case, form["id"].as_str().unwrap()).await.expect(200);
    assert_eq!(again.bytes, copy.bytes, "other bytes from the same input");

    // What would be filled in can be looked at before
    let values = case.path(&format!("/own-forms/{}/values", form["id"].as_str().unwrap()));
    let values = app.officer().await.get(&values).await.expect(200).json;
    let titles = values.as_array().unwrap().iter().find(|v| v["name"] == "item.title").unwrap();
    assert_eq!(titles["texts"], json!(["补助资金分配表", "验收报告"]));
    assert_eq!((&values[0]["texts"][0], &values[0]["empty"]), (&json!(number), &json!(false)));

    // And each printing is on record, with what was empty
    let log = app.app.store.read(|conn| {
        let filter = gongkai::db::audit::AuditFilter::default();
        gongkai::db::audit::page(conn, &filter, None, 100)
    });
    let log = log.await.unwrap();
    let printed: Vec<_> = log.iter().filter(|note| note.action == "form.print").collect();
    assert_eq!(printed.len(), 2);
    assert_eq!(printed[0].detail["own_form"], form["id"]);
    assert_eq!(printed[0].detail["empty"], json!(["item.outcome"]));
    assert_eq!(printed[0].object_id.unwrap().to_string(), case.id);
}

async fn a_new_upload_under_the_same_name_is_a_new_version_and_a_retired_form_is_not_offered(
    app: TestApp,
) {
    let case = Case::in_processing(&app).await;
    let (head, officer) = (app.head().await, app.officer().await);
    let first = sent(&head, &path(&app), "交办单", word(&p("甲{{登记编号}}"))).await.expect(201);
    let second = sent(&head, &path(&app), " 交办单 ", word(&p("乙{{登记编号}}"))).await.expect(201);
    let (id, form) = (second.json["id"].as_str().unwrap(), &second.json);
    assert_eq!(
        (&first.json["id"], &form["latest"], &form["version"]),
        (&form["id"], &json!(2), &json!(2))
    );
    let numbers: Vec<_> = form["versions"].as_array().unwrap().iter().map(|v| &v["n"]).collect();
    assert_eq!(numbers, [2, 1]);
    // The latest is filled; the older stays to be read
    let copy = filled(&case, id).await.expect(200);
    assert_eq!(text(&copy.bytes, "word/document.xml"), format!("乙{}\n", case.number));
    let older = officer.get(&format!("/api/v1/own-forms/{id}/versions/1")).await.expect(200);
    assert_eq!(text(&older.bytes, "word/document.xml"), "甲{{登记编号}}\n");
    let none = officer.get(&format!("/api/v1/own-forms/{id}/versions/3")).await;
    assert_eq!(none.refusal(), (404, "not_found"));

    // Retired: neither offered nor filled, and readable
    let retirement = format!("/api/v1/own-forms/{id}/retirement");
    let stale = head.put(&retirement, 1, &json!({ "retired": true })).await;
    assert_eq!(stale.refusal(), (409, "changed"));
    let retired = head.put(&retirement, 2, &json!({ "retired": true })).await.expect(200).json;
    assert_eq!(retired["retired_on"], "2026-09-14");
    assert_eq!(officer.get(&path(&app)).await.expect(200).json, json!([]));
    let all = officer.get(&format!("{}?retired=true", path(&app))).await.expect(200).json;
    assert_eq!(all.as_array().unwrap().len(), 1);
    assert_eq!(filled(&case, id).await.refusal(), (409, "form_retired"));
    officer.get(&format!("/api/v1/own-forms/{id}")).await.expect(200);
    // Back again, by hand or with a new version
    head.put(&retirement, 3, &json!({ "retired": false })).await.expect(200);
    filled(&case, id).await.expect(200);
    head.put(&retirement, 4, &json!({ "retired": true })).await.expect(200);
    let third = sent(&head, &path(&app), "交办单", word(&p("丙{{登记编号}}"))).await.expect(201);
    assert_eq!((&third.json["latest"], &third.json["retired_on"]), (&json!(3), &Value::Null));
    // Versions never change
    let changed = app.app.store.write(|conn| {
        use diesel::prelude::*;
        let update = diesel::sql_query("UPDATE own_form_versions SET file_name = 'x'");
        Ok::<_, gongkai::db::StoreError>(update.execute(conn)?)
    });
    assert!(changed.await.is_err());
}

async fn the_head_and_administrators_keep_the_forms_and_other_agencies_see_none(app: TestApp) {
    let form = word(&p("{{登记编号}}"));
    for who in [app.officer().await, app.clerk().await, app.supervisor().await] {
        let refused = sent(&who, &path(&app), "表", form.clone()).await;
        assert_eq!(refused.refusal(), (403, "forbidden"));
    }
    let by_admin = sent(&app.admin().await, &path(&app), "表", form.clone()).await.expect(201);
    let id = by_admin.json["id"].as_str().unwrap();
    let own = format!("/api/v1/own-forms/{id}");
    let stranger = app.signed_in("stranger", &["head"], Some(app.other_agency)).await;
    assert_eq!(sent(&stranger, &path(&app), "表", form).await.refusal(), (404, "not_found"));
    for hidden in [path(&app), own.clone(), format!("{own}/versions/1")] {
        assert_eq!(stranger.get(&hidden).await.refusal(), (404, "not_found"), "{hidden}");
        app.supervisor().await.get(&hidden).await.expect(200);
    }
    let retire = stranger.put(&format!("{own}/retirement"), 1, &json!({ "retired": true })).await;
    assert_eq!(retire.refusal(), (404, "not_found"));
    // A form is filled for cases of its agency, by those who see them
    let case = Case::in_processing(&app).await;
    let copy = case.path(&format!("/own-forms/{id}"));
    assert_eq!(stranger.get(&copy).await.refusal(), (404, "not_found"));
    assert_eq!(app.admin().await.get(&copy).await.refusal(), (403, "forbidden"));
    let theirs = format!("/api/v1/agencies/{}/own-forms", app.other_agency);
    let theirs =
        sent(&app.admin().await, &theirs, "表", word(&p("{{登记编号}}"))).await.expect(201);
    let foreign = filled(&case, theirs.json["id"].as_str().unwrap()).await;
    assert_eq!(foreign.refusal(), (404, "not_found"));
    // Texts of the upload are looked at with the file, all at once
    let bad = sent(&app.admin().await, &path(&app), &"长".repeat(101), word(&p("无"))).await;
    let codes: Vec<_> = bad.json["errors"].as_array().unwrap().iter().map(|e| &e["code"]).collect();
    assert_eq!((bad.status, codes), (422, vec![&json!("too_long")]));
    let unnamed = sent(&app.admin().await, &path(&app), " ", word(&p("{{无此项}}"))).await;
    let told: Vec<_> = unnamed.json["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["field"].as_str().unwrap(), e["code"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("name", "required"), ("file", "unknown_placeholder")]);
}

async fn the_catalogue_is_open_to_all_and_every_name_of_it_can_be_filled(app: TestApp) {
    let catalogue = app.anon().get("/api/v1/form-placeholders").await.expect(200).json;
    let all = catalogue.as_array().unwrap();
    assert!(all.len() > 50, "{}", all.len());
    // Every name, stable and Chinese, leads to one entry
    let mut names: Vec<&str> = all
        .iter()
        .flat_map(|one| [&one["name"], &one["label"]])
        .map(|n| n.as_str().unwrap())
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all.len() * 2);
    // And a form with all of them is filled
    let case = Case::in_processing(&app).await;
    let file = Part::bytes(PLAIN_PDF).file_name("王小明13800000000身份证.pdf");
    let file = Form::new().text("purpose", "other").part("file", file);
    let clerk = app.clerk().await;
    let request = clerk.request(Method::POST, &case.path("/files"));
    let key = uuid::Uuid::now_v7().to_string();
    clerk.send(request.header("Idempotency-Key", key).multipart(file)).await.expect(201);
    let mut body = String::new();
    for one in all {
        let told = format!("{{{{{}}}}}", one["name"].as_str().unwrap());
        assert!(!one["meaning"].as_str().unwrap().is_empty(), "{one}");
        assert!(!one["example"].as_str().unwrap().is_empty(), "{one}");
        body += &if one["list"].is_null() { p(&told) } else { table(&[&[&told]]) };
    }
    let said = copy(&case, "全部", &body).await;
    assert!(!said.contains("{{"), "{said}");
    for secret in ["11010519491231002X", "13800000000", "王小明", "和平路8号", "applicant@"]
    {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
    assert!(said.contains("王*明"), "{said}");
}

async fn the_same_upload_sent_again_has_one_effect(app: TestApp) {
    let (head, form) = (app.head().await, word(&p("{{登记编号}}")));
    let once = "own-form-upload-1";
    let first = sent_once(&head, &path(&app), "表", form.clone(), once).await.expect(201);
    let again = sent_once(&head, &path(&app), "表", form.clone(), once).await.expect(201);
    assert_eq!(first.json, again.json);
    let other = sent_once(&head, &path(&app), "另一张表", form, once).await;
    assert_eq!(other.refusal(), (409, "idempotency_key_reused"));
    assert_eq!(head.get(&path(&app)).await.json.as_array().unwrap().len(), 1);
}

async fn a_kept_form_that_was_exchanged_in_the_store_is_not_filled(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let form =
        sent(&app.head().await, &path(&app), "表", word(&p("{{登记编号}}"))).await.expect(201);
    let sha256 = form.json["versions"][0]["sha256"].as_str().unwrap();
    let kept = app.folder.path().join("files").join(format!("own-forms/{sha256}.docx"));
    std::fs::write(kept, word(&p("{{申请人}}"))).unwrap();
    let lost = filled(&case, form.json["id"].as_str().unwrap()).await;
    assert_eq!(lost.refusal(), (500, "file_lost"));
    let report = app.app.verify(true).await.unwrap();
    assert_eq!(report.faults, ["自制表格“表”第1版：文件内容与记录的摘要不符"]);
}
