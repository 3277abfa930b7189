//! Cases in tests: filed or registered over HTTP, and moved on step by step by the people of the
//! agency, each from the newest version. People sign in for every step, since the clock jumps days.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::client::{Client, Reply};
use super::test_app::TestApp;

/// Who of the agency takes a step.
#[derive(Debug, Clone, Copy)]
pub enum By {
    Clerk,
    Officer,
    Head,
}

/// A request under way.
pub struct Case<'a> {
    pub app: &'a TestApp,
    /// Its id.
    pub id: String,
    /// 受理编号.
    pub number: String,
    /// 查询码.
    pub code: String,
    /// What the applicant or the clerk was answered.
    pub filed: Value,
}

/// A form without fault.
pub fn application() -> Value {
    json!({
        "applicant": {
            "kind": "natural_person", "name": "王小明",
            "credential_kind": "resident_id", "credential_number": "11010519491231002X",
            "phone": "13800000000", "email": "applicant@example.cn",
            "address": "青云县城关镇和平路8号", "postcode": "000000"
        },
        "title": "2025年度老旧小区改造补助资金分配表",
        "description": "按社区列明的金额",
        "supply_form": "paper", "delivery_way": "post", "electronic_service": false
    })
}

/// What a citizen sends to the agency of the tests.
pub fn filing(app: &TestApp) -> Value {
    json!({ "agency": app.agency, "application": application() })
}

/// What a clerk enters of a letter by `channel`.
pub fn registration(channel: &str, arrived_on: &str, evidence: &str) -> Value {
    json!({
        "application": application(), "channel": channel, "arrived_on": arrived_on,
        "evidence": evidence
    })
}

/// Told where it is published.
pub fn g1() -> Value {
    json!({
        "outcome": "G1", "items": ["2025年度老旧小区改造补助资金分配表"],
        "place": "青云县人民政府门户网站“财政信息”栏目"
    })
}

/// Released.
pub fn g2() -> Value {
    json!({
        "outcome": "G2", "items": ["2025年度老旧小区改造补助资金分配表"],
        "supply": "随本答复书一并寄送纸质复印件",
        "attachments": ["2025年度老旧小区改造补助资金分配表（共3页）"]
    })
}

/// Does not exist.
pub fn u1() -> Value {
    json!({
        "outcome": "U1", "items": ["2019年度老旧小区改造补助资金分配表"],
        "search": {
            "systems": "本机关综合档案室\n电子公文系统", "keywords": "老旧小区、补助资金",
            "by": "办公室李明", "on": "2026-09-15", "result": "未查找到", "found": false
        }
    })
}

/// Another agency's.
pub fn u2() -> Value {
    json!({
        "outcome": "U2", "items": ["2025年度城区学校招生计划"],
        "reasons": "该信息由教育行政部门制作并保存"
    })
}

impl<'a> Case<'a> {
    /// Filed online, today.
    pub async fn filed(app: &'a TestApp) -> Self {
        Self::filed_with(app, |_| {}).await
    }

    /// Filed online, today, with a form of its own.
    pub async fn filed_with(app: &'a TestApp, change: impl FnOnce(&mut Value)) -> Self {
        let mut body = filing(app);
        change(&mut body["application"]);
        let reply = app.anon().post("/api/v1/requests", &body).await.expect(201);
        Self::new(app, reply.json)
    }

    /// Registered by the clerk, today.
    pub async fn registered(app: &'a TestApp, body: &Value) -> Self {
        let reply = app.clerk().await.post("/api/v1/registrations", body).await.expect(201);
        Self::new(app, reply.json)
    }

    fn new(app: &'a TestApp, filed: Value) -> Self {
        let text = |key: &str| filed[key].as_str().unwrap().to_owned();
        Self { app, id: text("id"), number: text("number"), code: text("query_code"), filed }
    }

    /// Filed online, assigned and found in order, all today.
    pub async fn in_processing(app: &'a TestApp) -> Self {
        Self::filed(app).await.processed().await
    }

    /// The same case assigned and found in order.
    pub async fn processed(self) -> Self {
        self.assigned().await;
        self.does(By::Officer, json!({ "action": "pass_examination" })).await;
        self
    }

    /// Gives the case to the officer.
    pub async fn assigned(&self) -> Value {
        self.app.officer().await;
        let officer = self.app.db_user("officer").await.unwrap().id;
        self.does(By::Clerk, json!({ "action": "assign", "officer": officer })).await
    }

    /// Puts on record that the information may be released.
    pub async fn reviewed(&self) {
        self.does(
            By::Head,
            json!({
                "action": "review_release", "items": [], "finding": "releasable",
                "opinion": "逐件审查，不涉及国家秘密", "third_party": "not_concerned",
                "personal_data": "not_concerned"
            }),
        )
        .await;
    }

    pub async fn person(&self, by: By) -> Client {
        match by {
            By::Clerk => self.app.clerk().await,
            By::Officer => self.app.officer().await,
            By::Head => self.app.head().await,
        }
    }

    /// Path of the request or of something below it.
    pub fn path(&self, below: &str) -> String {
        format!("/api/v1/requests/{}{below}", self.id)
    }

    /// Adds a file as the clerk; its id.
    pub async fn uploaded(&self, purpose: &'static str) -> String {
        let part = Part::bytes(b"%PDF-1.4\n%%EOF\n".to_vec()).file_name("证明.pdf");
        let form = Form::new().text("purpose", purpose).part("file", part);
        let clerk = self.app.clerk().await;
        let request = clerk
            .request(Method::POST, &self.path("/files"))
            .header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
        let kept = clerk.send(request.multipart(form)).await.expect(201).json;
        kept["id"].as_str().unwrap().to_owned()
    }

    /// The request as the agency sees it.
    pub async fn view(&self) -> Value {
        self.app.head().await.get(&self.path("")).await.expect(200).json
    }

    pub async fn version(&self) -> i32 {
        i32::try_from(self.view().await["version"].as_i64().unwrap()).unwrap()
    }

    /// Tries a step.
    pub async fn act(&self, by: By, body: Value) -> Reply {
        let version = self.version().await;
        self.person(by).await.act(&self.path("/actions"), version, &body).await
    }

    /// Somebody else tries a step.
    pub async fn tried(&self, client: &Client, body: Value) -> Reply {
        let version = self.version().await;
        client.act(&self.path("/actions"), version, &body).await
    }

    /// Takes a step that must be possible; the request as it is then.
    pub async fn does(&self, by: By, body: Value) -> Value {
        self.act(by, body).await.expect(200).json
    }

    /// Begins a draft reply and returns its id.
    pub async fn drafted(&self, content: &Value) -> String {
        let officer = self.app.officer().await;
        let reply = officer.post(&self.path("/notices"), content).await.expect(201);
        reply.json["id"].as_str().unwrap().to_owned()
    }

    /// Tries a step on a draft reply.
    pub async fn step(&self, by: By, notice: &str, body: Value) -> Reply {
        let version = self.version().await;
        let path = format!("/api/v1/notices/{notice}/steps");
        self.person(by).await.act(&path, version, &body).await
    }

    /// Whoever submits a reply after its last day says why it is late.
    async fn answers_for_delay(&self, notice: &str) {
        let path = format!("/api/v1/notices/{notice}/findings");
        let found = self.app.officer().await.get(&path).await.expect(200).json;
        let late = found.as_array().unwrap().iter().find(|finding| finding["kind"] == "overdue");
        if let Some(late) = late {
            let answer = json!({
                "action": "acknowledge_finding", "finding": "overdue",
                "excerpt": late["excerpt"], "reason": "等待档案馆调卷"
            });
            self.does(By::Officer, answer).await;
        }
    }

    /// A reply, drafted and approved.
    pub async fn approved(&self, content: &Value) -> String {
        let notice = self.drafted(content).await;
        self.answers_for_delay(&notice).await;
        self.step(By::Officer, &notice, json!({ "step": "submit" })).await.expect(200);
        self.step(By::Head, &notice, json!({ "step": "approve" })).await.expect(200);
        notice
    }

    /// A reply, drafted, approved and issued; its notice.
    pub async fn issued(&self, content: &Value) -> Value {
        let notice = self.approved(content).await;
        self.step(By::Head, &notice, json!({ "step": "issue" })).await.expect(200).json
    }

    /// Records what happened to a notice on its way.
    pub async fn serve(&self, notice: &str, body: Value) -> Reply {
        let version = self.version().await;
        let path = format!("/api/v1/notices/{notice}/deliveries");
        self.person(By::Clerk).await.act(&path, version, &body).await
    }

    /// Hands the newest notice of a kind over on a day.
    pub async fn handed_over(&self, kind: &str, on: &str) {
        let notice = self.notice(kind).await["id"].as_str().unwrap().to_owned();
        let sent = json!({
            "step": "sent", "on": on, "method": "in_person", "tracking": "", "evidence": "送达回证",
            "slip": { "receiver": "本人" }
        });
        self.serve(&notice, sent).await.expect(200);
    }

    /// Posts the newest notice of a kind on a day.
    pub async fn posted(&self, kind: &str, on: &str) {
        let notice = self.notice(kind).await["id"].as_str().unwrap().to_owned();
        let sent = json!({
            "step": "sent", "on": on, "method": "registered", "tracking": "XA7", "evidence": "收寄回执"
        });
        self.serve(&notice, sent).await.expect(200);
    }

    /// The newest notice of a kind.
    pub async fn notice(&self, kind: &str) -> Value {
        let all = self.app.head().await.get(&self.path("/notices")).await.expect(200).json;
        let mut found = all.as_array().unwrap().iter().filter(|notice| notice["kind"] == kind);
        found.next_back().unwrap_or_else(|| panic!("no {kind} among {all}")).clone()
    }

    /// A notice as PDF, by way of the agency, its digest compared with the ledger's; as text.
    pub async fn pdf(&self, notice: &Value) -> String {
        let id = notice["id"].as_str().unwrap();
        // The receipt bears the query code: only the clerk hands it over.
        let clerk = self.app.clerk().await;
        let reply = clerk.get(&format!("/api/v1/notices/{id}/pdf")).await.expect(200);
        let frozen = self.event_of("rendered", id).await;
        assert_eq!(frozen["pdf_sha256"], sha256(&reply.bytes), "other bytes than on record");
        pdf_text(&reply.bytes)
    }

    /// The ledger.
    pub async fn ledger(&self) -> Vec<Value> {
        let reply = self.app.head().await.get(&self.path("/events")).await.expect(200);
        reply.json.as_array().unwrap().clone()
    }

    /// Kind and day of every entry but the program's own renderings, which come when they come.
    pub async fn story(&self) -> Vec<String> {
        let told = |entry: &Value| {
            format!("{} {}", entry["on"].as_str().unwrap(), entry["kind"].as_str().unwrap())
        };
        let entries = self.ledger().await;
        entries.iter().filter(|entry| entry["kind"] != "rendered").map(told).collect()
    }

    /// The event of a kind about a notice.
    pub async fn event_of(&self, kind: &str, notice: &str) -> Value {
        let entries = self.ledger().await;
        let found = entries.iter().find(|e| e["kind"] == kind && e["event"]["notice"] == notice);
        found.unwrap_or_else(|| panic!("no {kind} of {notice}"))["event"].clone()
    }

    pub fn ticket(&self) -> Value {
        json!({ "number": self.number, "code": self.code })
    }

    /// The request as its applicant sees it.
    pub async fn track(&self) -> Value {
        self.app.anon().send_json("/api/v1/tracking", &self.ticket()).await.expect(200).json
    }

    /// Something the applicant does with number and query code.
    pub async fn applicant(&self, verb: &str, mut body: Value) -> Reply {
        body["number"] = json!(self.number);
        body["code"] = json!(self.code);
        self.app.anon().post(&format!("/api/v1/tracking/{verb}"), &body).await
    }
}

pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The text of a PDF as pdftotext reads it, without white space.
pub fn pdf_text(pdf: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, pdf).unwrap();
    let path = file.path().to_str().unwrap();
    let output = std::process::Command::new("pdftotext").args(["-raw", path, "-"]).output();
    let output = output.unwrap_or_else(|e| panic!("pdftotext: {e}; make setup-test installs it"));
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200B}').collect()
}

/// Fails unless `text` contains every one of `wanted`.
pub fn assert_says(text: &str, wanted: &[&str]) {
    for part in wanted {
        assert!(text.contains(part), "“{part}” is not in:\n{text}");
    }
}
