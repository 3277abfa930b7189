//! Wording: facts in, sentences out; broken templates and wrong facts refused by name.

use gongkai::documents::notice::Layout;
use gongkai::documents::{Block, Wording, WordingError};
use serde_json::{Value, json};

use super::{CODES, WORDING, sample};

const HEAD: &str = r#"+++
code = "test"
title = "测试告知书"
label = "测试"
series = "测"
version = 1
layout = "letter"
copies = 1
remedy = "0"
basis = ["政府信息公开条例第三十条"]
guide = "只用于测试。"

[[fields]]
name = "理由"
type = "text"
required = true

[[fields]]
name = "事项"
type = "list"

[[fields]]
name = "期限"
type = "date"
required = true
provisional = true

[sample]
"理由" = "内容不明确"
"事项" = ["甲", "乙"]
"期限" = "2026-11-17"
+++
"#;
const BODY: &str = "# 一、理由\n{{ 理由 }}\n\n{% for 项 in 事项 or [] %}\n- {{ 项 }}\n{% endfor %}\n期限：{{ 期限|日期 }}\n";

fn load(head: &str, body: &str) -> Result<Wording, Vec<String>> {
    let text = format!("{head}{body}");
    Wording::parse([("test.md", text.as_str())])
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

fn body_text(code: &str, values: &serde_json::Map<String, Value>) -> String {
    let blocks = WORDING.blocks(code, values).unwrap();
    serde_json::to_string(&blocks).unwrap()
}

#[test]
fn every_built_in_template_passes_the_check_at_start_up() {
    let codes: Vec<&str> = WORDING.templates().map(|t| t.code.as_str()).collect();
    let mut expected = CODES.to_vec();
    expected.sort_unstable();
    assert_eq!(codes, expected);
    for template in WORDING.templates() {
        assert!(!template.basis.is_empty() && !template.guide.is_empty(), "{}", template.code);
        let receipt = template.code == "receipt";
        assert_eq!(
            (template.copies, template.rows.is_empty()),
            (if receipt { 2 } else { 1 }, !receipt)
        );
    }
}

#[test]
fn a_body_becomes_headings_paragraphs_and_items() {
    let wording = load(HEAD, BODY).unwrap();
    let values = wording.template("test").unwrap().sample.clone();
    let blocks = wording.blocks("test", &values).unwrap();
    assert_eq!(
        blocks,
        [
            Block::Heading { level: 1, text: "一、理由".into() },
            Block::paragraph("内容不明确"),
            Block::List { items: vec!["甲".into(), "乙".into()] },
            Block::paragraph("期限：2026年11月17日"),
        ]
    );
}

#[test]
fn a_value_can_open_neither_a_heading_nor_a_paragraph_nor_an_item() {
    let wording = load(HEAD, BODY).unwrap();
    let mut values = wording.template("test").unwrap().sample.clone();
    values.insert("理由".into(), json!("# 标题\n## 又一个\n\n- 条目\u{1}\u{3}{{ 期限 }}{% raw %}"));
    values.insert("事项".into(), json!(["- 甲\n# 乙"]));
    let blocks = wording.blocks("test", &values).unwrap();
    assert_eq!(blocks.len(), 4);
    let reason = "# 标题 ## 又一个  - 条目{{ 期限 }}{% raw %}";
    assert_eq!(blocks[1], Block::paragraph(reason));
    assert_eq!(blocks[2], Block::List { items: vec!["- 甲 # 乙".into()] });
}

#[test]
fn a_broken_template_is_refused_with_file_part_and_line() {
    let cases = [
        (
            "unknown key",
            HEAD.replace("layout =", "layuot ="),
            BODY.to_owned(),
            "test.md：文件头第7行：unknown field `layuot`",
        ),
        ("no head", "没有文件头\n".to_owned(), BODY.to_owned(), "test.md：文件头第1行：必须以"),
        (
            "undeclared field",
            HEAD.to_owned(),
            BODY.replace("{{ 理由 }}", "{{ 理由 }}{{ 缘由 }}"),
            "test.md：正文第34行：用到未登记的字段“缘由”",
        ),
        ("syntax", HEAD.to_owned(), BODY.replace("{% endfor %}", ""), "test.md：正文第"),
        (
            "unused field",
            HEAD.to_owned(),
            BODY.replace("{{ 理由 }}", "无"),
            "test.md：文件头：字段“理由”没有用到",
        ),
        (
            "sample incomplete",
            HEAD.replace("\"理由\" = \"内容不明确\"\n", ""),
            BODY.to_owned(),
            "test.md：文件头：样例：测试告知书：“理由”必须填写",
        ),
        (
            "optional field printed bare",
            HEAD.to_owned(),
            BODY.replace(" or []", ""),
            "test.md：正文第36行：undefined value",
        ),
        (
            "unknown filter",
            HEAD.to_owned(),
            BODY.replace("|日期", "|时间"),
            "test.md：正文第39行：unknown filter",
        ),
        (
            "date not provisional-proof",
            HEAD.to_owned(),
            BODY.replace("{{ 期限|日期 }}", "{% if 期限 %}{{ 期限|日期 }}{% endif %}"),
            "test.md：正文：暂定：日期是否暂定与文字不符",
        ),
        (
            "number is no date",
            HEAD.replace("type = \"text\"", "type = \"text\"\nprovisional = true"),
            BODY.to_owned(),
            "test.md：文件头：字段“理由”不是日期，不能暂定",
        ),
    ];
    for (name, head, body, expected) in cases {
        let errors = load(&head, &body).err().unwrap_or_default();
        let first = errors.first().map(String::as_str).unwrap_or_default();
        assert!(first.starts_with(expected), "{name}: {errors:?}");
    }
}

#[test]
fn two_files_of_one_code_are_refused() {
    let text = format!("{HEAD}{BODY}");
    let errors = Wording::parse([("a.md", text.as_str()), ("b.md", text.as_str())]).err().unwrap();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].to_string(), "b.md：文件头：代码“test”重复");
}

#[test]
fn wrong_facts_are_refused_all_at_once_and_by_name() {
    let mut values = sample("extension");
    values.remove("登记编号");
    values.insert("收到日期".into(), json!("2026-02-30"));
    values.insert("提交方式".into(), json!("口头"));
    values.insert("延长工作日".into(), json!(-1));
    values.insert("延期理由".into(), json!("\u{FEFF} \n"));
    values.insert("备注".into(), json!("x"));
    let error = WORDING.blocks("extension", &values).unwrap_err();
    assert_eq!(
        error.to_string(),
        "政府信息公开申请延期答复告知书：“收到日期”应当是日期，例如 2026-11-17；\
         “提交方式”应当是在线、信函、传真、当面之一；“登记编号”必须填写；“延期理由”必须填写；\
         “延长工作日”应当是不小于零的整数；“备注”不是本文书的字段"
    );
    let unknown = WORDING.blocks("nothing", &values).unwrap_err();
    assert_eq!(unknown, WordingError::UnknownTemplate("nothing".into()));
}

#[test]
fn an_uncertain_date_is_never_printed_as_a_date() {
    let follows = "（节假日安排公布后另行告知）";
    let dates =
        [("extension", "最迟答复日期"), ("correction", "补正期限"), ("receipt", "最迟答复日期")];
    for (code, field) in dates {
        let mut values = sample(code);
        let certain = values.insert(field.into(), Value::Null).unwrap();
        // Without the flag it is refused …
        let error = WORDING.blocks(code, &values).unwrap_err().to_string();
        assert!(error.contains(&format!("“{field}”必须填写")), "{error}");
        // … with it the notice says that the date follows
        values.insert("暂定".into(), json!(true));
        let rows = serde_json::to_string(&WORDING.rows(code, &values).unwrap()).unwrap();
        let text = body_text(code, &values) + &rows;
        assert_eq!(text.matches(follows).count(), 1, "{code}: {text}");
        let [year, month, day]: [&str; 3] =
            certain.as_str().unwrap().split('-').collect::<Vec<_>>().try_into().unwrap();
        let date = format!("{year}年{}月{}日", month.trim_start_matches('0'), day);
        assert!(!text.contains(&date), "{code}: {text}");
    }
}

#[test]
fn the_channel_and_the_kinds_of_defect_are_ticked() {
    let mut values = sample("correction");
    let text = body_text("correction", &values);
    for part in
        ["☐在线 ☑信函 ☐传真 ☐当面", "☑申请公开的内容不明确", "☑缺少身份证明等材料", "☐缺少申请书"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    values.remove("内容问题");
    values.insert("申请书问题".into(), json!(["签名。", "日期"]));
    let text = body_text("correction", &values);
    for part in ["☐申请公开的内容不明确", "☑缺少申请书", "（1）签名；（2）日期。"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn no_notice_asks_for_a_purpose_or_quotes_the_old_regulation() {
    for code in CODES {
        let text = body_text(code, &sample(code));
        // What goes out names the Regulation; a form that is filled in need not.
        let goes_out = WORDING.template(code).unwrap().layout != Layout::Form;
        assert!(!goes_out || text.contains("《中华人民共和国政府信息公开条例》"), "{code}");
        for old in ["生产、生活、科研", "特殊需要", "用途", "工本费"] {
            assert!(!text.contains(old), "{code}: {old}");
        }
        // Fifteen working days were the old limit of the reply; they still are the limit of those
        // who are consulted.
        let consults = [
            "third_party_letter",
            "third_party_slip",
            "agency_letter",
            "agency_slip",
            "consultation_told",
        ]
        .contains(&code);
        assert_eq!(text.contains("15个工作日"), consults, "{code}");
    }
}
