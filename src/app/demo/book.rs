//! The content of the demo county, as it stands in `assets/demo`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::app::AppError;
use crate::domain::agency::AgencyProfile;
use crate::domain::chain::ApprovalChains;
use crate::domain::command::CorrectionDefect;
use crate::domain::event::FeeScale;
use crate::domain::examination::{Answer, Question};
use crate::domain::outcome::Outcome;
use crate::domain::own_form::OwnFormHead;
use crate::domain::policy::Role;
use crate::domain::receipt::Channel;
use crate::domain::request::{Agent, Applicant, Application, DeliveryWay, SupplyForm};

use super::aftermath::Aftermath;
use super::course::Course;

const COUNTY: &str = include_str!("../../../assets/demo/county.toml");
const APPLICANTS: &str = include_str!("../../../assets/demo/applicants.toml");
const AFTERMATH: &str = include_str!("../../../assets/demo/aftermath.toml");
const COURSES: &str = include_str!("../../../assets/demo/courses.toml");
const REQUESTS: [(&str, &str); 6] = [
    ("zfb", include_str!("../../../assets/demo/requests/zfb.toml")),
    ("zrzy", include_str!("../../../assets/demo/requests/zrzy.toml")),
    ("zjj", include_str!("../../../assets/demo/requests/zjj.toml")),
    ("czj", include_str!("../../../assets/demo/requests/czj.toml")),
    ("jyj", include_str!("../../../assets/demo/requests/jyj.toml")),
    ("jlz", include_str!("../../../assets/demo/requests/jlz.toml")),
];

/// The 办理单 that an agency made itself: a Word file with placeholders.
pub(super) const OWN_FORM: &[u8] = include_bytes!("../../../assets/demo/own_form.docx");

/// Working days to set up in before the first request comes.
const SETTING_UP: usize = 3;

/// Everything there is to tell.
pub(super) struct Book {
    /// Agencies and people.
    pub(super) county: County,
    /// Requests, those of one agency after the other.
    pub(super) requests: Vec<Request>,
    /// The library of reasons, and the complaints.
    pub(super) aftermath: Aftermath,
    applicants: BTreeMap<String, Applicant>,
    courses: BTreeMap<String, Course>,
}

/// The county.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct County {
    /// Its name.
    pub(super) name: String,
    /// Who keeps agencies and people.
    pub(super) administrator: Person,
    /// Who watches over all agencies.
    pub(super) supervisor: Person,
    /// What proves the day of arrival, by channel.
    pub(super) evidence: BTreeMap<Channel, String>,
    /// The agencies.
    pub(super) agency: Vec<Agency>,
}

/// An agency.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Agency {
    /// How requests name it.
    pub(super) key: String,
    /// What it publishes of itself.
    pub(super) profile: AgencyProfile,
    /// The agency above it, entered before.
    #[serde(default)]
    pub(super) under: Option<String>,
    /// Its units (内设机构).
    #[serde(default)]
    pub(super) units: Vec<String>,
    /// Its people.
    pub(super) person: Vec<Person>,
    /// Its approval chains, where they are not the head's alone.
    #[serde(default)]
    pub(super) chains: Option<ApprovalChains>,
    /// Who stands in for whom.
    #[serde(default)]
    pub(super) deputy: Option<Deputy>,
    /// Records that citizens asked it to correct.
    #[serde(default)]
    pub(super) record: Vec<Record>,
    /// The head of [`OWN_FORM`], where the agency has it.
    #[serde(default)]
    pub(super) own_form: Option<OwnFormHead>,
}

/// Somebody who stands in for somebody who is away, by their sign-in names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deputy {
    pub(super) absent: String,
    pub(super) deputy: String,
    pub(super) months: u32,
    pub(super) reason: String,
}

/// An application for the correction of a record, checked and answered on one day.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) applicant_name: String,
    pub(super) credential_number: String,
    pub(super) contact: String,
    /// The record.
    pub(super) record: String,
    /// What is wrong in it.
    pub(super) error: String,
    /// What proves it.
    pub(super) evidence: String,
    /// What checking it brought.
    pub(super) finding: String,
    /// What the applicant was told.
    pub(super) answer: String,
}

/// Somebody who signs in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    /// Sign-in name.
    pub(super) login: String,
    /// Name.
    pub(super) name: String,
    /// The unit they work in.
    #[serde(default)]
    pub(super) unit: Option<String>,
    /// Roles.
    pub(super) roles: Vec<Role>,
}

/// A request and what is said in the course of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    /// The agency asked; filled in from the file.
    #[serde(skip)]
    pub(super) agency: String,
    /// Which course it takes.
    pub(super) course: String,
    /// How many working days before the last one it came.
    pub(super) ago: usize,
    /// Working days until its day of receipt was confirmed, where the channel needs that.
    #[serde(default)]
    pub(super) confirmed: usize,
    /// How it came.
    #[serde(default = "internet")]
    pub(super) channel: Channel,
    /// Who asks.
    applicant: String,
    /// Who acts for them.
    #[serde(default)]
    agent: Option<Agent>,
    /// Which of the agency's officers handles it, from 0.
    #[serde(default)]
    pub(super) officer: usize,
    /// Whether it is shown as an example for tracking.
    #[serde(default)]
    pub(super) shown: bool,
    /// What is asked for.
    pub(super) title: String,
    #[serde(default)]
    document_number: String,
    #[serde(default)]
    description: String,
    #[serde(default = "electronic")]
    supply_form: SupplyForm,
    #[serde(default = "online")]
    delivery_way: DeliveryWay,
    #[serde(default)]
    electronic_service: bool,
    /// What has to be corrected.
    #[serde(default)]
    pub(super) correction: Vec<CorrectionDefect>,
    /// What the applicant wrote then.
    #[serde(default)]
    pub(super) corrected: String,
    /// Why so many requests.
    #[serde(default)]
    pub(super) reasons: String,
    /// Why more time is needed.
    #[serde(default)]
    pub(super) extension: String,
    /// Why the applicant withdraws.
    #[serde(default)]
    pub(super) withdrawal: String,
    /// Who else is asked.
    #[serde(default)]
    pub(super) consultation: Option<Consultation>,
    /// What it costs.
    #[serde(default)]
    pub(super) fee: Option<Fee>,
    /// The things it asks for, where they are examined one by one.
    #[serde(default)]
    pub(super) items: Vec<Item>,
    /// The reply.
    #[serde(default)]
    pub(super) reply: Option<Reply>,
    /// The reply after the first one was quashed.
    #[serde(default)]
    pub(super) new_reply: Option<Reply>,
}

/// Somebody else who is asked, and what they say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Consultation {
    /// Whom the letter goes to.
    pub(super) addressee: String,
    /// What comes back, if anything.
    #[serde(default)]
    pub(super) opinion: String,
}

/// One thing a request asks for, how it is examined and what comes of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Item {
    pub(super) title: String,
    pub(super) answers: Vec<(Question, Answer)>,
    pub(super) reply: Reply,
}

/// What an officer writes for a reply.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reply {
    pub(super) outcome: Outcome,
    /// The title of the request if empty.
    #[serde(default)]
    pub(super) items: Vec<String>,
    #[serde(default)]
    pub(super) place: String,
    #[serde(default)]
    pub(super) supply: String,
    #[serde(default)]
    pub(super) attachments: Vec<String>,
    #[serde(default)]
    pub(super) reasons: String,
    #[serde(default)]
    pub(super) responsible_agency: String,
    #[serde(default)]
    pub(super) responsible_contact: String,
    #[serde(default)]
    pub(super) search: Option<Search>,
    /// Wordings of the library it was built on.
    #[serde(default)]
    pub(super) reason_texts: Vec<String>,
}

/// Where and how was searched; who and when follows from the course.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    pub(super) systems: String,
    pub(super) keywords: String,
    pub(super) result: String,
}

/// What a fee is reckoned from.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fee {
    /// By requests or by pages.
    pub(super) scale: FeeScale,
    /// How many units, all in one month, or how many pages.
    pub(super) count: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicantFile {
    applicant: BTreeMap<String, Applicant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CourseFile {
    course: BTreeMap<String, Course>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestFile {
    request: Vec<Request>,
}

const fn internet() -> Channel {
    Channel::Internet
}

const fn electronic() -> SupplyForm {
    SupplyForm::Electronic
}

const fn online() -> DeliveryWay {
    DeliveryWay::Online
}

impl Book {
    /// Reads the files that came with the program.
    pub(super) fn open() -> Result<Self, AppError> {
        let mut requests = Vec::new();
        for (agency, text) in REQUESTS {
            let file: RequestFile = read(agency, text)?;
            let of_agency =
                file.request.into_iter().map(|r| Request { agency: agency.to_owned(), ..r });
            requests.extend(of_agency);
        }
        let applicants: ApplicantFile = read("applicants", APPLICANTS)?;
        let courses: CourseFile = read("courses", COURSES)?;
        Ok(Self {
            county: read("county", COUNTY)?,
            requests,
            aftermath: read("aftermath", AFTERMATH)?,
            applicants: applicants.applicant,
            courses: courses.course,
        })
    }

    /// How many working days the whole story takes.
    pub(super) fn length(&self) -> usize {
        self.requests.iter().map(|request| request.ago).max().unwrap_or(0) + SETTING_UP
    }

    /// The course of a request.
    pub(super) fn course(&self, request: &Request) -> Result<&Course, AppError> {
        self.courses.get(&request.course).ok_or_else(|| unknown("course", &request.course))
    }

    /// The form of a request.
    pub(super) fn application(&self, request: &Request) -> Result<Application, AppError> {
        let applicant = self.applicants.get(&request.applicant).cloned();
        Ok(Application {
            applicant: applicant.ok_or_else(|| unknown("applicant", &request.applicant))?,
            agent: request.agent.clone(),
            co_applicants: Vec::new(),
            title: request.title.clone(),
            document_number: request.document_number.clone(),
            description: request.description.clone(),
            supply_form: request.supply_form,
            delivery_way: request.delivery_way,
            electronic_service: request.electronic_service,
        })
    }

    /// What proves the day of arrival over a channel.
    pub(super) fn evidence(&self, channel: Channel) -> String {
        self.county.evidence.get(&channel).cloned().unwrap_or_default()
    }
}

/// What the book does not tell.
pub(super) fn unknown(what: &str, name: &str) -> AppError {
    AppError::Broken(format!("assets/demo: no {what} “{name}”"))
}

fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, AppError> {
    toml::from_str(text).map_err(|error| AppError::Broken(format!("assets/demo, {name}: {error}")))
}
