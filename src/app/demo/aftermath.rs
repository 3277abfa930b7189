//! What comes after the replies of the demo county: the library of reasons its supervisor keeps, the
//! complaints that came in, what was withheld and is assessed again, and what is published
//! for everybody.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::Deserialize;

use crate::app::complaints::{ComplaintRegistration, Statement};
use crate::app::publications::PublicationForm;
use crate::app::reason_texts::Retirement;
use crate::app::reassessments::ReassessmentQuery;
use crate::app::{App, AppError, Principal};
use crate::db::publications;
use crate::domain::complaint::{ComplaintForm, ComplaintStep, Finding, Measure};
use crate::domain::event::SecrecyFinding;
use crate::domain::file::Release;
use crate::domain::ids::{ReasonTextId, RequestId};
use crate::domain::policy::Role;
use crate::domain::publication::{Attribute, Head, PublicationStep, Validity};
use crate::domain::reason_text::ReasonTextForm;
use crate::domain::reassessment::{Assessing, AssessmentStep};

use super::book::unknown;
use super::county::{County, Office};
use super::redaction;

/// What the book tells.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Aftermath {
    reason: Vec<Reason>,
    complaint: Vec<Complaint>,
}

/// A wording of the library.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    /// How replies name it.
    key: String,
    form: ReasonTextForm,
    /// Why it was retired in the end, if it was.
    #[serde(default)]
    retired: String,
}

/// A complaint, as far as it has come.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Complaint {
    agency: String,
    /// Days before the last day of the story.
    ago: u64,
    form: ComplaintForm,
    question: String,
    #[serde(default)]
    statement: String,
    #[serde(default)]
    conclusion: Option<Conclusion>,
}

/// How a complaint ended.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Conclusion {
    finding: Finding,
    measure: Measure,
    text: String,
}

/// The entries of the library by the names replies give them.
#[derive(Debug)]
pub(super) struct Library(BTreeMap<String, ReasonTextId>);

impl Library {
    /// The entries of these names.
    pub(super) fn named(&self, keys: &[String]) -> Result<Vec<ReasonTextId>, AppError> {
        let find = |key: &String| self.0.get(key).copied().ok_or_else(|| unknown("reason", key));
        keys.iter().map(find).collect()
    }
}

impl Aftermath {
    /// The supervisor fills the library before the first request comes.
    pub(super) async fn stock(
        &self,
        app: &App,
        supervisor: &Principal,
    ) -> Result<Library, AppError> {
        let mut entries = BTreeMap::new();
        for reason in &self.reason {
            let entry = app.add_reason_text(supervisor.clone(), None, reason.form.clone()).await?;
            entries.insert(reason.key.clone(), entry.id);
        }
        Ok(Library(entries))
    }

    /// What follows at the end of the story.
    pub(super) async fn play(&self, app: &App, county: &County) -> Result<(), AppError> {
        app.queue_withheld().await?;
        for office in county.offices.values() {
            assess(app, office).await?;
            publish(app, office).await?;
            redaction::mask(app, office).await?;
        }
        for reason in self.reason.iter().filter(|reason| !reason.retired.is_empty()) {
            for id in county.library.named(std::slice::from_ref(&reason.key))? {
                let why = reason.retired.clone();
                let supervisor = county.supervisor.clone();
                app.retire_reason_text(supervisor, None, id, 1, Retirement { why }).await?;
            }
        }
        for complaint in &self.complaint {
            complain(app, county, complaint).await?;
        }
        Ok(())
    }
}

/// Of what an office withholds, the oldest stays so, and the next may be opened.
async fn assess(app: &App, office: &Office) -> Result<(), AppError> {
    let (officer, head) = (office.with_role(Role::Officer, 0)?, office.with_role(Role::Head, 0)?);
    let query = ReassessmentQuery { limit: Some(2), ..ReassessmentQuery::default() };
    let waiting = app.reassessments(officer, query).await?.items;
    let mut steps = Vec::new();
    if let Some(first) = waiting.first() {
        let why = "所涉事项仍在办理，不予公开的情形没有变化";
        steps.push((officer, first, first.version, AssessmentStep::Keep, why));
    }
    if let Some(second) = waiting.get(1).filter(|_| officer.user != head.user) {
        let (version, why) = (second.version, "所涉事项已经办结，公开不再影响正常工作");
        steps.push((officer, second, version, AssessmentStep::Propose, why));
        steps.push((head, second, version + 1, AssessmentStep::Confirm, "同意公开"));
    }
    for (who, row, seen, step, reason) in steps {
        let assessing = Assessing { step, reason: reason.to_owned() };
        app.assess(who.clone(), None, row.id, seen, assessing).await?;
    }
    Ok(())
}

/// The newest information an office released is published for everybody.
async fn publish(app: &App, office: &Office) -> Result<(), AppError> {
    let (officer, head) = (office.with_role(Role::Officer, 0)?, office.with_role(Role::Head, 0)?);
    let agency = office.agency.0;
    let released =
        app.store.read(move |conn| publications::released(conn, Some(&[agency]), None, 1));
    let Some(id) = released.await?.first().copied().map(RequestId) else { return Ok(()) };
    if officer.user == head.user {
        return Ok(());
    }
    let request = app.request(officer, id).await?;
    let supplied = app.files(officer, id).await?.into_iter();
    let supplied = supplied.filter(|file| file.release == Some(Release::Open));
    let head_of = Head {
        attribute: Attribute::Active,
        index_number: format!("00000000-0/{}", request.arrived_on),
        unified_number: String::new(),
        title: request.title.clone(),
        document_number: String::new(),
        made_on: request.arrived_on,
        validity: Validity::Valid,
        method: "政府网站".to_owned(),
        summary: "经申请公开后纳入主动公开范围的信息".to_owned(),
        topic: "其他".to_owned(),
        keywords: Vec::new(),
    };
    let form = PublicationForm { head: head_of, files: supplied.map(|file| file.id).collect() };
    let draft = app.draft_publication(officer.clone(), None, id, form).await?;
    let submit = PublicationStep::Submit {
        content_check: "逐页检查，不含个人信息".to_owned(),
        findings_kept: "元数据中的编号，不是个人信息".to_owned(),
    };
    let review = PublicationStep::ReviewSecrecy {
        finding: SecrecyFinding::Releasable,
        opinion: "不涉及国家秘密，可以公开".to_owned(),
    };
    let steps = [(officer, submit), (head, review), (head, PublicationStep::Publish)];
    let mut seen = draft.version;
    for (who, step) in steps {
        seen = app.publication_step(who.clone(), None, draft.id, seen, step).await?.version;
    }
    Ok(())
}

async fn complain(app: &App, county: &County, told: &Complaint) -> Result<(), AppError> {
    let (supervisor, office) = (&county.supervisor, county.office(&told.agency)?);
    let received_on = app.today() - Days::new(told.ago);
    let day = |n: u64| -> NaiveDate { app.today().min(received_on + Days::new(n)) };
    let registration = ComplaintRegistration {
        agency: office.agency,
        received_on,
        request_number: String::new(),
        form: told.form.clone(),
    };
    let entry = app.register_complaint(supervisor.clone(), None, registration).await?;
    let id = entry.id;
    let ask = ComplaintStep::Ask {
        on: day(1),
        until: day(1) + Days::new(10),
        question: told.question.clone(),
    };
    let asked = app.complaint_step(supervisor.clone(), None, id, entry.version, ask).await?;
    if told.statement.is_empty() {
        return Ok(());
    }
    let head = office.with_role(Role::Head, 0)?;
    let statement = Statement { on: day(5), text: told.statement.clone() };
    let stated = app.state_on_complaint(head.clone(), None, id, asked.version, statement).await?;
    let Some(Conclusion { finding, measure, text }) = &told.conclusion else { return Ok(()) };
    let (on, finding, measure, text) = (day(8), *finding, *measure, text.clone());
    let end = ComplaintStep::Conclude { on, finding, measure, text };
    app.complaint_step(supervisor.clone(), None, id, stated.version, end).await.map(drop)
}
