//! What stands in a filled copy: the texts of a case as they are, a dash for nothing, and everything that
//! Word puts around the text in its order.

use serde_json::json;

use super::files::{p, part, saved_as, sent, table, text, word};
use super::{copy, filled, handling_form, path};
use crate::support::cases::{By, Case, pdf_text};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    whatever_a_case_says_stands_in_the_copy_as_text,
    where_a_case_has_nothing_to_say_a_dash_is_printed_and_told,
    what_word_puts_around_the_text_stays_in_order,
    an_office_program_writes_a_form_and_prints_the_filled_copy,
);

async fn whatever_a_case_says_stands_in_the_copy_as_text(app: TestApp) {
    // Given texts with braces, signs of XML, emoji, odd signs, and 4,000 characters on many lines
    let long = format!(
        "第一行{{{{登记编号}}}}\n<w:p>&amp;\"引号\"\r\n😀𠮷\u{a0}\t尾\n{}",
        "字".repeat(4_000)
    );
    let case = Case::filed_with(&app, |form| {
        form["title"] = json!("{{申请人}}<b>&\"'😀");
        form["description"] = json!(long);
        form["applicant"]["name"] = json!("赵&钱<有限>公司");
    })
    .await
    .processed()
    .await;
    let said =
        copy(&case, "表", &[p("A{{申请内容}}B"), p("{{特征描述}}"), p("{{申请人}}")].concat())
            .await;
    // Then each stands there as it was entered, and nothing of it is filled or taken as XML
    let said: Vec<&str> = said.lines().collect();
    assert_eq!(said[0], "A{{申请人}}<b>&\"'😀B");
    let lines: Vec<&str> = said[1].split('|').collect();
    assert_eq!(lines[..3], ["第一行{{登记编号}}", "<w:p>&amp;\"引号\"", "😀𠮷  尾"]);
    assert_eq!((lines[3].chars().count(), lines.len()), (4_000, 4));
    assert!(said[2].starts_with('赵') && said[2].contains('*'), "{}", said[2]);
}

async fn where_a_case_has_nothing_to_say_a_dash_is_printed_and_told(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let body = [
        p("{{答复文号}}/{{代理人}}/{{登记编号}}"),
        table(&[&["对象", "意见"], &["{{征求对象}}", "{{反馈意见}}"]]),
    ];
    let form = sent(&app.head().await, &path(&app), "表", word(&body.concat())).await.expect(201);
    let copy = filled(&case, form.json["id"].as_str().unwrap()).await.expect(200);
    let said = text(&copy.bytes, "word/document.xml");
    assert_eq!(said, format!("——/——/{}\n对象\n意见\n——\n——\n", case.number));
    let empty = "reply.number, agent.name, consultation.addressee, consultation.position";
    assert_eq!(copy.header("empty-placeholders"), empty);
}

async fn what_word_puts_around_the_text_stays_in_order(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let items = json!({ "action": "list_items", "items": [{ "title": "甲" }, { "title": "乙" }] });
    case.does(By::Officer, items).await;
    // Given a bookmark in a row that is repeated, a control bound to data beside the document, a text
    // box in a paragraph, a tabulator between two placeholders, a run that is no text
    let row = "<w:tbl><w:tr><w:tc><w:p><w:bookmarkStart w:id=\"7\" w:name=\"here\"/><w:r>\
         <w:t>{{事项名称}}</w:t></w:r><w:bookmarkEnd w:id=\"7\"/></w:p></w:tc></w:tr></w:tbl>";
    let bound = "<w:sdt><w:sdtPr><w:dataBinding w:xpath=\"/a\" w:storeItemID=\"{1}\"/></w:sdtPr>\
         <w:sdtContent><w:p><w:r><w:t>{{登记编号}}</w:t></w:r></w:p></w:sdtContent></w:sdt>";
    let boxed = "<w:p><w:r><w:t>外{{</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r>\
         <w:t>内{{申请人}}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>\
         <w:r><w:t>机关名称}}</w:t></w:r></w:p>";
    let tab = "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\" w:pos=\"420\"/></w:tabs></w:pPr><w:r>\
         <w:t>{{提供形式}}</w:t><w:tab/><w:t>{{获取方式}}</w:t></w:r><w:r><w:t/></w:r></w:p>";
    let body = [row, bound, boxed, tab].concat();
    let form = sent(&app.head().await, &path(&app), "表", word(&body)).await.expect(201);
    let copy = filled(&case, form.json["id"].as_str().unwrap()).await.expect(200);
    // Then the bookmark stands once, the binding is gone, and each text is in its place
    let xml = part(&copy.bytes, "word/document.xml");
    let count = |piece: &str| xml.matches(piece).count();
    assert_eq!((count("<w:tr>"), count("bookmarkStart"), count("bookmarkEnd")), (2, 1, 1));
    assert_eq!((count("dataBinding"), count("<w:sdtPr></w:sdtPr>")), (0, 1));
    let said = text(&copy.bytes, "word/document.xml");
    let number = &case.number;
    let boxed = "外青云县财政局内王*明\n内王*明";
    assert_eq!(said, format!("甲\n乙\n{number}\n{boxed}\n纸质\t邮寄\n"));
}

async fn an_office_program_writes_a_form_and_prints_the_filled_copy(app: TestApp) {
    // Given a form as an office program saves it: split runs, properties, styles of its own
    let case = Case::in_processing(&app).await;
    let Some(saved) = saved_as("docx", &word(&handling_form())) else { return };
    let form = sent(&app.head().await, &path(&app), "表", saved).await.expect(201).json;
    assert_eq!(form["versions"][0]["placeholders"].as_array().unwrap().len(), 13);
    let copy = filled(&case, form["id"].as_str().unwrap()).await.expect(200);
    // Then the copy is printed by it with everything in its place
    let printed = pdf_text(&saved_as("pdf", &copy.bytes).unwrap());
    let printed: String = printed.split_whitespace().collect();
    for wanted in ["青云县财政局", &case.number, "王*明", "合计", "2026年9月14日"] {
        assert!(printed.contains(wanted), "{wanted} in {printed}");
    }
    assert!(!printed.contains("{{"), "{printed}");
}
