//! The filing form: its fields, how what was typed becomes a [`Filing`], and what a page shows of it.

use std::str::FromStr;

use actix_web::http::StatusCode;

use super::key::KEY;
use super::trouble::Trouble;
use super::typed::{Fault, Typed};
use crate::app::intake::Filing;
use crate::domain::applicant::{ApplicantKind, CredentialKind};
use crate::domain::ids::AgencyId;
use crate::domain::request::{Agent, Applicant, Application, DeliveryWay, SupplyForm};

/// The fields in the order of the page, named as the faults of [`Application`] name them.
pub const FIELDS: &[&str] = &[
    KEY,
    "agency",
    "applicant.kind",
    "applicant.name",
    "applicant.credential_kind",
    "applicant.credential_number",
    "applicant.legal_representative",
    "applicant.contact_person",
    "applicant.phone",
    "applicant.email",
    "applicant.address",
    "applicant.postcode",
    "agent.name",
    "agent.credential_number",
    "agent.phone",
    "title",
    "document_number",
    "description",
    "supply_form",
    "delivery_way",
    "electronic_service",
];

/// The filing that was typed.
///
/// # Errors
///
/// [`Trouble`] with every fault at once, in the order of the page.
pub fn filing(typed: &Typed) -> Result<Filing, Trouble> {
    let mut form = Choices { typed, faults: typed.faults().to_vec() };
    let agency = form.choice::<AgencyId>("agency", "请选择向哪个机关申请");
    let kind = form.choice("applicant.kind", "请选择申请人是个人还是单位");
    let credential_kind = form.choice("applicant.credential_kind", "请选择证件类型");
    let supply_form = form.choice("supply_form", "请选择希望以什么形式提供");
    let delivery_way = form.choice("delivery_way", "请选择以什么方式获取");
    // What was not chosen stands in only so that the rest of the form is looked at too.
    let application = application(
        typed,
        applicant(
            typed,
            kind.unwrap_or(ApplicantKind::NaturalPerson),
            credential_kind.unwrap_or(CredentialKind::Other),
        ),
        supply_form.unwrap_or(SupplyForm::Other),
        delivery_way.unwrap_or(DeliveryWay::Online),
    );
    let mut faults = form.faults;
    match agency {
        Some(agency) if faults.is_empty() => Ok(Filing { agency, application }),
        _ => {
            faults.extend(application.faults().into_iter().map(Fault::from));
            Err(Trouble::of_fields(StatusCode::UNPROCESSABLE_ENTITY, faults))
        }
    }
}

struct Choices<'a> {
    typed: &'a Typed,
    faults: Vec<Fault>,
}

impl Choices<'_> {
    fn choice<T: FromStr>(&mut self, field: &str, missing: &str) -> Option<T> {
        let chosen = self.typed.get(field).parse().ok();
        if chosen.is_none() {
            self.faults.push(Fault::new(field, missing));
        }
        chosen
    }
}

fn applicant(typed: &Typed, kind: ApplicantKind, credential_kind: CredentialKind) -> Applicant {
    let text = |field| typed.get(field).to_owned();
    // The fields of organisations are hidden from persons.
    let of_organisation = |field| if kind.is_person() { String::new() } else { text(field) };
    Applicant {
        kind,
        name: text("applicant.name"),
        credential_kind,
        credential_number: text("applicant.credential_number"),
        legal_representative: of_organisation("applicant.legal_representative"),
        contact_person: of_organisation("applicant.contact_person"),
        phone: text("applicant.phone"),
        email: text("applicant.email"),
        address: text("applicant.address"),
        postcode: text("applicant.postcode"),
    }
}

fn application(
    typed: &Typed,
    applicant: Applicant,
    supply_form: SupplyForm,
    delivery_way: DeliveryWay,
) -> Application {
    let text = |field| typed.get(field).to_owned();
    let agent = has_agent(typed).then(|| Agent {
        name: text("agent.name"),
        credential_number: text("agent.credential_number"),
        phone: text("agent.phone"),
        authority: String::new(),
    });
    Application {
        applicant,
        agent,
        co_applicants: Vec::new(),
        title: text("title"),
        document_number: text("document_number"),
        description: text("description"),
        supply_form,
        delivery_way,
        electronic_service: typed.get("electronic_service") == "yes",
    }
}

/// Whether somebody acts for the applicant: one word about them is enough.
pub fn has_agent(typed: &Typed) -> bool {
    let fields = ["agent.name", "agent.credential_number", "agent.phone"];
    fields.iter().any(|field| !typed.get(field).trim().is_empty())
}
