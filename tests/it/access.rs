//! Every route × every role × own agency, other agency, other applicant, compared with one table.
//! A route that is missing in the table fails the suite; a deny never carries a byte of a file.

mod complete;
mod limited;
mod routes;
mod tickets;

use gongkai::domain::policy::{Action, Role};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use uuid::Uuid;

use routes::{ACTORS, About, DRAFTS, ROUTES};

use crate::samples::command;
use crate::support::cases::{By, Case, application, filing, g1, g2};
use crate::support::client::{Client, Reply};
use crate::support::made_files::PLAIN_PDF;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    every_route_admits_whom_the_table_says,
    every_step_is_refused_to_the_roles_that_may_not_take_it,
);

/// What one request of the agency consists of.
struct World<'a> {
    case: Case<'a>,
    notice: String,
    file: String,
    supplied: String,
    delivery: String,
    record: String,
    deputyship: String,
    rating: String,
    complaint: String,
    reason: String,
    reassessment: String,
    edition: String,
    publication: String,
    suggestion: String,
    import: String,
    redaction: String,
    own_form: String,
    person: Uuid,
}

impl<'a> World<'a> {
    /// A served request with a supplied file and a proof file, an entry of the register of corrections, a deputy.
    async fn built(app: &'a TestApp) -> Self {
        let case = Case::in_processing(app).await;
        let officer = app.officer().await;
        let supplied = upload(&officer, &case.path("/files"), "supplied").await.expect(201);
        let supplied = supplied.json["id"].as_str().unwrap().to_owned();
        let review = json!({
            "action": "review_release", "finding": "releasable", "opinion": "不涉密",
            "third_party": "not_concerned", "personal_data": "not_concerned"
        });
        case.does(By::Head, review).await;
        let notice = case.issued(&g2()).await["id"].as_str().unwrap().to_owned();
        let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
        case.serve(&notice, sent).await.expect(200);
        let clerk = app.clerk().await;
        let id = |reply: Reply| reply.json["id"].as_str().unwrap().to_owned();
        let file = id(upload(&clerk, &case.path("/files"), "service_evidence").await.expect(201));
        let deliveries = clerk.get(&case.path("/deliveries")).await.expect(200).json;
        let record = json!({
            "received_on": "2026-09-14",
            "form": {
                "applicant_name": "王小明", "credential_number": "1", "contact": "1",
                "record": "记录", "error": "有误", "evidence": "证据"
            }
        });
        let record = id(clerk.post("/api/v1/record-corrections", &record).await.expect(201));
        let answer =
            json!({ "step": "forward", "on": "2026-09-14", "agency": "某局", "contact": "1" });
        let path = format!("/api/v1/record-corrections/{record}/steps");
        clerk.act(&path, 1, &answer).await.expect(200);
        let (head, officer) = (app.head().await, app.db_user("officer").await.unwrap().id);
        let appointment = json!({
            "absent": app.db_user("head").await.unwrap().id, "deputy": officer,
            "from_on": "2027-01-01", "until_on": "2027-01-02", "reason": "休假"
        });
        let deputyship = id(head.post("/api/v1/deputies", &appointment).await.expect(201));
        let mut rating = case.ticket();
        rating["grade"] = json!("dissatisfied");
        app.anon().post("/api/v1/tracking/rating", &rating).await.expect(200);
        let ratings = head.get("/api/v1/ratings").await.expect(200).json;
        let rating = ratings["items"][0]["id"].as_str().unwrap().to_owned();
        let supervisor = app.supervisor().await;
        let complaint = json!({
            "agency": app.agency, "received_on": "2026-09-14",
            "form": { "name": "王小明", "contact": "1", "content": "逾期" }
        });
        let complaint = id(supervisor.post("/api/v1/complaints", &complaint).await.expect(201));
        let ask = json!({
            "step": "ask", "on": "2026-09-14", "until": "2026-09-21", "question": "请说明"
        });
        let path = format!("/api/v1/complaints/{complaint}/steps");
        supervisor.act(&path, 1, &ask).await.expect(200);
        let reason = json!({ "outcome": "N6", "article": "第十六条", "title": "过程稿", "wording": "不予公开" });
        let reason = id(head.post("/api/v1/reason-texts", &reason).await.expect(201));
        let reassessment = crate::reassessments::withheld(app).await.1;
        let (publication, suggestion) = crate::publications::of_world(app, &case).await;
        let year = crate::calendar_of_record::prolonged_2026();
        let import = id(supervisor.post("/api/v1/calendar/imports", &year).await.expect(201));
        let mask =
            json!({ "page": 1, "x": 1, "y": 1, "width": 9, "height": 9, "ground": "article_14" });
        let path = format!("/api/v1/files/{file}/redactions");
        let masks = json!({ "masks": [mask] });
        let redaction = id(app.officer().await.post(&path, &masks).await.expect(201));
        crate::seal_pictures::of_world(app).await;
        let own_form = crate::own_forms::of_world(app).await;
        let edition = crate::editions::of_world(app).await;
        let delivery = deliveries[0]["id"].as_str().unwrap().to_owned();
        Self {
            case,
            notice,
            file,
            supplied,
            delivery,
            record,
            deputyship,
            rating,
            complaint,
            reason,
            reassessment,
            edition,
            publication,
            suggestion,
            import,
            redaction,
            own_form,
            person: officer,
        }
    }

    fn concrete(&self, path: &str) -> String {
        let agency = self.case.app.agency.to_string();
        let person = self.person.to_string();
        let id = match path.split('/').nth(3).unwrap_or_default() {
            "agencies" => &agency,
            "calendar" => &self.import,
            "requests" => &self.case.id,
            "tracking" if path.contains("/supplied/") => &self.supplied,
            "notices" | "tracking" => &self.notice,
            "files" if path.ends_with("/findings") => &self.supplied,
            "files" => &self.file,
            "redactions" => &self.redaction,
            "own-forms" => &self.own_form,
            "deliveries" => &self.delivery,
            "record-corrections" => &self.record,
            "deputies" => &self.deputyship,
            "ratings" => &self.rating,
            "complaints" => &self.complaint,
            "reason-texts" => &self.reason,
            "reassessments" => &self.reassessment,
            "wordings" => &self.edition,
            "publications" | "public-information" => &self.publication,
            "publication-suggestions" => &self.suggestion,
            _ => &person,
        };
        path.replace("{id}", id)
            .replace("{item}", "1")
            .replace("{n}", "1")
            .replace("{kind}", "application_form")
            .replace("{form}", &self.own_form)
            .replace("{template}", "correction")
            .replace("{version}", "1")
            .replace("{year}", "2026")
    }

    /// A body that is sound as far as it goes: what is refused then is refused for the object.
    fn body(&self, route: &str) -> Value {
        match route {
            "PUT /api/v1/notices/{id}" | "POST /api/v1/requests/{id}/notices" => g1(),
            "POST /api/v1/notices/{id}/deliveries" => {
                json!({ "step": "returned", "on": "2026-09-14", "reason": "退回" })
            }
            "POST /api/v1/record-corrections/{id}/personal-data" => {
                json!({ "field": "contact", "purpose": "核对身份" })
            }
            "POST /api/v1/notices/{id}/steps" => json!({ "step": "recall" }),
            "PUT /api/v1/notices/{id}/blocks" => json!({ "changes": [] }),
            "POST /api/v1/ratings/{id}/steps" => {
                json!({ "step": "contact", "on": "2026-09-14", "said": "已致电" })
            }
            "POST /api/v1/requests/{id}/actions" | "POST /api/v1/requests/{id}/what-if" => {
                json!({ "action": "note", "text": "备注" })
            }
            "POST /api/v1/requests/{id}/bundle" => json!({ "purpose": "核对身份" }),
            "POST /api/v1/requests/{id}/personal-data" => {
                json!({ "field": "phone", "purpose": "核对身份" })
            }
            "POST /api/v1/requests/{id}/items/{item}/review" => {
                json!({ "question": "clear", "answer": "yes" })
            }
            "POST /api/v1/requests/{id}/split" => json!({ "parts": [{ "items": [1] }] }),
            "POST /api/v1/requests/{id}/joint-reply" => {
                json!({ "requests": [Uuid::now_v7()] })
            }
            "POST /api/v1/record-corrections/{id}/steps" => {
                json!({ "step": "answer", "result": "referred", "on": "2026-09-14", "text": "已转送" })
            }
            "POST /api/v1/complaints/{id}/steps" => json!({
                "step": "conclude", "on": "2026-09-14", "finding": "withdrawn", "measure": "none",
                "text": "撤回"
            }),
            "POST /api/v1/complaints/{id}/statement" => {
                json!({ "on": "2026-09-14", "text": "说明" })
            }
            "POST /api/v1/publications" => json!({
                "request": self.case.id,
                "publication": { "head": crate::publications::head(), "files": [] }
            }),
            "PUT /api/v1/publications/{id}" => {
                json!({ "head": crate::publications::head(), "files": [] })
            }
            "POST /api/v1/publications/{id}/steps" => json!({ "step": "publish" }),
            "POST /api/v1/publication-suggestions/{id}/answer" => {
                json!({ "accept": false, "answer": "不属于主动公开范围" })
            }
            "POST /api/v1/redactions/{id}/steps" => json!({ "step": "confirm" }),
            "POST /api/v1/reassessments/{id}/steps" => {
                json!({ "step": "keep", "reason": "情形没有变化" })
            }
            "PUT /api/v1/own-forms/{id}/retirement" => json!({ "retired": false }),
            "PUT /api/v1/agencies/{id}/seal-picture/use" => json!({ "in_use": false }),
            "POST /api/v1/agencies/{id}/wordings/{template}" | "PUT /api/v1/wordings/{id}" => {
                json!({ "why": "恢复内置用语" })
            }
            "POST /api/v1/wordings/{id}/steps" => json!({ "step": "submit" }),
            "POST /api/v1/agencies/{id}/post" => json!({ "print": { "kind": "list" } }),
            "POST /api/v1/reason-texts/{id}/retirement" => json!({ "why": "过时" }),
            "POST /api/v1/requests" => filing(self.case.app),
            "POST /api/v1/registrations" => json!({
                "application": application(), "channel": "in_person",
                "arrived_on": "2026-09-14", "evidence": "窗口接收"
            }),
            _ => json!({}),
        }
    }

    async fn asked(&self, who: &Client, route: &str) -> Reply {
        let (method, path) = route.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let path = self.concrete(path);
        if route == "POST /api/v1/requests/{id}/files" {
            return upload(who, &path, "service_evidence").await;
        }
        if route.starts_with("POST /api/v1/agencies/{id}/own-forms") {
            return crate::own_forms::sent_to(who, &path).await;
        }
        let request = who.request(method.clone(), &path);
        if method == Method::GET {
            return who.send(request).await;
        }
        // A version nobody ever saw: what is allowed changes nothing.
        let request = request
            .header("Idempotency-Key", Uuid::now_v7().to_string())
            .header("If-Match", "\"999999\"");
        who.send(request.json(&self.body(route))).await
    }
}

async fn upload(who: &Client, path: &str, purpose: &str) -> Reply {
    let file = Part::bytes(PLAIN_PDF).file_name("slip.pdf");
    let form = Form::new().text("purpose", purpose.to_owned()).part("file", file);
    let request =
        who.request(Method::POST, path).header("Idempotency-Key", Uuid::now_v7().to_string());
    who.send(request.multipart(form)).await
}

/// Whether a reply denies, and with what; a deny must be a problem document and nothing more.
fn verdict(reply: &Reply, name: &str) -> u16 {
    let denied = matches!(reply.status, 401 | 403 | 404);
    if denied {
        assert_eq!(reply.header("content-type"), "application/problem+json", "{name}");
        for marker in [&b"%PDF"[..], b"PK\x03\x04", "王小明".as_bytes()] {
            let leaked = reply.bytes.windows(marker.len()).any(|bytes| bytes == marker);
            assert!(!leaked, "{name}: a deny carries {marker:?}");
        }
        return reply.status;
    }
    assert!(reply.status < 500, "{name}: {} {}", reply.status, reply.json);
    200
}

/// What the table says about somebody with `roles` (none: not signed in).
fn wanted(row: &(&str, &[Role], About), role: Option<Role>, own: bool) -> u16 {
    let (_, admitted, about) = row;
    let Some(role) = role else {
        return if *about == About::Public { 200 } else { 401 };
    };
    let oversees = matches!(role, Role::Supervisor | Role::Administrator);
    match about {
        About::Public => 200,
        About::Step(door) if !door.contains(&role) => 403,
        About::Step(_) if !own => 404,
        _ if !admitted.contains(&role) => 403,
        About::Agency | About::OwnCase if !own && !oversees => 404,
        // The persona is an officer of the agency, but not the one of the case.
        About::OwnCase if role == Role::Officer => 403,
        _ => 200,
    }
}

async fn every_route_admits_whom_the_table_says(app: TestApp) {
    let world = World::built(&app).await;
    let mut checked = 0;
    for own in [true, false] {
        for role in std::iter::once(None).chain(Role::ALL.iter().copied().map(Some)) {
            let Some(agency) = [app.other_agency, app.agency].get(usize::from(own)).copied() else {
                continue;
            };
            let who = persona(&app, role, agency, own).await;
            for row in ROUTES {
                // Ending the session or guessing passwords would end the walk.
                if matches!(row.0, "DELETE /api/v1/sessions/current" | "PUT /api/v1/me/password") {
                    continue;
                }
                let name = format!("{} as {role:?}, own agency: {own}", row.0);
                let reply = world.asked(&who, row.0).await;
                let wanted = wanted(row, role, own);
                // Tracking asks for a ticket, not for a sign-in, and a sign-in for a password:
                // `tickets` walks the former. Without either nobody gets anything.
                if row.0.contains("/tracking") || row.0.contains("/sessions") {
                    let refused = matches!(reply.status, 400 | 401);
                    assert!(refused, "{name}: {} {}", reply.status, reply.json);
                    continue;
                }
                assert_eq!(verdict(&reply, &name), wanted, "{name}: {}", reply.json);
                checked += 1;
            }
        }
    }
    assert!(checked > 800, "{checked}");
}

async fn persona(app: &TestApp, role: Option<Role>, agency: Uuid, own: bool) -> Client {
    let Some(role) = role else { return app.anon() };
    let place =
        if matches!(role, Role::Supervisor | Role::Administrator) { None } else { Some(agency) };
    let login = format!("access.{}.{own}", role.as_str().replace('_', "-"));
    app.signed_in(&login, &[role.as_str()], place).await
}

async fn every_step_is_refused_to_the_roles_that_may_not_take_it(app: TestApp) {
    let world = World::built(&app).await;
    let path = world.case.path("/actions");
    let mut checked = 0;
    for action in Action::ALL {
        // Steps with routes of their own are not accepted here by anybody.
        let Ok(body) = serde_json::to_value(command(*action, "2026-09-14")) else { continue };
        for role in Role::ALL {
            for own in [true, false] {
                let agency = if own { app.agency } else { app.other_agency };
                let who = persona(&app, Some(*role), agency, own).await;
                let reply = who.act(&path, 999_999, &body).await;
                let admitted = ACTORS.contains(role);
                let wanted = match (admitted, own, action.allowed_to(*role)) {
                    (false, ..) | (true, true, false) => 403,
                    (true, false, _) => 404,
                    (true, true, true) => 200,
                };
                let name = format!("{action} as {role}, own agency: {own}");
                assert_eq!(verdict(&reply, &name), wanted, "{name}: {}", reply.json);
                checked += 1;
            }
        }
    }
    assert!(checked > 400, "{checked}");

    // The steps of the chain, whose table is the same
    for (step, action) in [
        ("submit", Action::SubmitDraft),
        ("recall", Action::RecallDraft),
        ("return", Action::ReturnDraft),
        ("approve", Action::ApproveDraft),
        ("issue", Action::Issue),
        ("void", Action::VoidNumber),
    ] {
        let body = match step {
            "return" | "void" => json!({ "step": step, "reason": "有误" }),
            step => json!({ "step": step }),
        };
        for role in Role::ALL {
            let who = persona(&app, Some(*role), app.agency, true).await;
            let path = format!("/api/v1/notices/{}/steps", world.notice);
            let reply = who.act(&path, 999_999, &body).await;
            let wanted = if DRAFTS.contains(role) && action.allowed_to(*role) { 200 } else { 403 };
            let name = format!("{step} as {role}");
            assert_eq!(verdict(&reply, &name), wanted, "{name}: {}", reply.json);
        }
    }
}
