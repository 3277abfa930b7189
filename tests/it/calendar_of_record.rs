//! The calendar of record: a year goes in by two persons, every open case follows, and a wrong import
//! comes out again.

mod as_recorded;
mod beside;
mod cli;
mod flow;
mod hostile;
mod notice;
mod properties;
mod races;

use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::test_app::TestApp;

/// An arrangement of 2027 as the General Office would write it. Made up, in accordance with the law.
pub const NOTICE_2027: &str = "国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕9号

各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
　　经国务院批准，现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
　　一、元旦：1月1日（周五）至3日（周日）放假，共3天。
　　二、春节：2月5日（农历除夕、周五）至11日（农历正月初六、周四）放假调休，共7天。2月20日（周六）上班。
　　三、清明节：4月3日（周六）至5日（周一）放假，共3天。
　　四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
　　五、端午节：6月9日（周三）放假1天，不调休。
　　六、中秋节：9月15日（周三）放假1天，不调休。
　　七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
　　节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作，遇有重大突发事件，要按规定及时报告并妥善处置，确保人民群众祥和平安度过节日假期。
国务院办公厅
2026年11月3日
";

/// What is sent to propose [`NOTICE_2027`].
pub fn notice_2027() -> Value {
    json!({ "format": "notice", "text": NOTICE_2027 })
}

/// The table of 2026 with 8 October off as well, as a notice prolonging a holiday would have it.
pub fn prolonged_2026() -> Value {
    let shipped = gongkai::domain::calendar::Calendar::built_in().year_csv(2026).unwrap();
    json!({
        "format": "csv", "text": format!("{shipped}2026-10-08,off,国庆节,2026\n"),
        "document": "国办发明电〔2026〕8号", "document_on": "2026-09-14"
    })
}

/// A second keeper of the calendar beside [`TestApp::admin`].
pub async fn supervisor(app: &TestApp) -> Client {
    app.supervisor().await
}

/// Proposed by the administrator; its view.
pub async fn proposed(app: &TestApp, body: &Value) -> Value {
    app.admin().await.post("/api/v1/calendar/imports", body).await.expect(201).json
}

/// Path of an import or of something below it.
pub fn path(import: &Value, below: &str) -> String {
    format!("/api/v1/calendar/imports/{}{below}", import["id"].as_str().unwrap())
}

/// Proposed by the administrator, confirmed by the supervisor; its view.
pub async fn in_force(app: &TestApp, body: &Value) -> Value {
    let import = proposed(app, body).await;
    confirmed(app, &import).await
}

/// Confirmed by the supervisor; its view.
pub async fn confirmed(app: &TestApp, import: &Value) -> Value {
    let version = i32::try_from(import["version"].as_i64().unwrap()).unwrap();
    let confirm = supervisor(app).await.put(&path(import, "/confirm"), version, &json!({})).await;
    confirm.expect(200).json
}
