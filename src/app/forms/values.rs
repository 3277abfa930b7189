//! What a case says for the placeholders of forms that agencies made themselves: the same record, and
//! masked in the same way, as the forms of the program.

use chrono::NaiveDate;

use crate::clock::civil_date;
use crate::db::files::FileRow;
use crate::documents::notice::chinese_date;
use crate::domain::applicant::mask_name;
use crate::domain::chronicle;

use crate::domain::event::Event;
use crate::domain::file::Purpose;
use crate::domain::outcome::Outcome;
use crate::domain::own_form::{Placeholder as P, RowList, Values};
use crate::domain::personal::mask_digits;

use super::facts::Sources;
use super::reviews::consulted;

impl Sources<'_> {
    /// What is on record, with the day of printing and the name of whoever prints.
    pub(super) fn values(&self, files: &[FileRow], (today, by): (NaiveDate, &str)) -> Values {
        let mut values = Values::default();
        self.of_request(&mut values);
        self.of_people(&mut values);
        let profile = &self.agency.profile;
        values.put(P::AgencyName, &profile.name);
        values.put(P::AgencyOffice, &profile.office_name);
        values.put(P::AgencyAddress, &profile.address);
        values.put(P::AgencyPostcode, &profile.postcode);
        values.put(P::AgencyPhone, &profile.phone);
        values.put(P::PrintedOn, chinese_date(today));
        values.put(P::PrintedBy, by);
        self.lists(&mut values);
        for (n, file) in (1..).zip(files) {
            let purpose = file.purpose.parse::<Purpose>().map_or("", Purpose::label);
            let on = chinese_date(civil_date(file.created_at));
            values.add(
                RowList::Files,
                [P::FileNumber, P::FileName, P::FilePurpose, P::FileAddedOn],
                [format!("{n}"), self.masked_file_name(&file.name), purpose.to_owned(), on],
            );
        }
        values
    }

    fn of_request(&self, values: &mut Values) {
        let (row, form) = (&self.loaded.row, self.form);
        values.put(P::RequestNumber, &row.number);
        values.put(P::RequestTitle, &form.title);
        values.put(P::RequestDocumentNumber, &form.document_number);
        values.put(P::RequestDescription, &form.description);
        values.put(P::RequestSupplyForm, form.supply_form.label());
        values.put(P::RequestDeliveryWay, form.delivery_way.label());
        values.put(P::RequestChannel, row.channel.label());
        values.put(P::RequestArrivedOn, chinese_date(row.arrived_on));
        values.put(P::RequestReceivedOn, row.received_on.map_or(String::new(), chinese_date));
        let due_on = row.due_on.filter(|_| !row.provisional);
        values.put(P::RequestDueOn, due_on.map_or(String::new(), chinese_date));
        values.put(P::RequestState, row.state.label());
        values.put(P::RequestOfficer, self.officer());
        let (outcome, ground) = told(self.outcome());
        values.put(P::RequestOutcome, outcome);
        values.put(P::RequestGround, ground);
        values.put(P::ReplyNumber, self.reply_number().unwrap_or_default());
        let issued = self.entries.iter().rev().find_map(|entry| match &entry.event {
            Event::Issued { .. } => Some(chinese_date(entry.on)),
            _ => None,
        });
        values.put(P::ReplyIssuedOn, issued.unwrap_or_default());
    }

    fn of_people(&self, values: &mut Values) {
        let a = &self.form.applicant;
        values.put(P::ApplicantName, &a.name);
        values.put(P::ApplicantKind, a.kind.label());
        values.put(P::ApplicantCredentialKind, a.credential_kind.label());
        values.put(P::ApplicantCredentialNumber, &a.credential_number);
        values.put(P::ApplicantLegalRepresentative, &a.legal_representative);
        values.put(P::ApplicantContactPerson, &a.contact_person);
        values.put(P::ApplicantPhone, &a.phone);
        values.put(P::ApplicantEmail, &a.email);
        values.put(P::ApplicantAddress, &a.address);
        values.put(P::ApplicantOthers, self.form.co_applicants.join("、"));
        if let Some(agent) = &self.form.agent {
            values.put(P::AgentName, &agent.name);
            values.put(P::AgentCredentialNumber, &agent.credential_number);
            values.put(P::AgentPhone, &agent.phone);
            values.put(P::AgentAuthority, &agent.authority);
        }
    }

    fn lists(&self, values: &mut Values) {
        let case = &self.loaded.case;
        for (at, [number, title]) in self.items().into_iter().enumerate() {
            let decided = case.items.get(at).map_or(self.outcome(), |item| item.outcome());
            let (outcome, ground) = told(decided);
            values.add(
                RowList::Items,
                [P::ItemNumber, P::ItemTitle, P::ItemOutcome, P::ItemGround],
                [number, title, outcome.to_owned(), ground.to_owned()],
            );
        }
        let supplied = case.supplied.iter().filter(|file| !file.withdrawn);
        for (n, file) in (1..).zip(supplied) {
            values.add(
                RowList::Supplied,
                [P::SuppliedNumber, P::SuppliedName],
                [format!("{n}"), self.masked_file_name(&file.name)],
            );
        }
        for search in &case.searches {
            let s = &search.record;
            let texts = [&s.systems, &s.keywords, &s.by, &s.result].map(Clone::clone);
            let [systems, keywords, by, result] = texts;
            values.add(
                RowList::Searches,
                [P::SearchOn, P::SearchSystems, P::SearchKeywords, P::SearchBy, P::SearchResult],
                [chinese_date(s.on), systems, keywords, by, result],
            );
        }
        for asked in &case.consultations {
            values.add(
                RowList::Consultations,
                [
                    P::ConsultationAddressee,
                    P::ConsultationSentOn,
                    P::ConsultationAnsweredOn,
                    P::ConsultationPosition,
                ],
                consulted(asked),
            );
        }
        for line in self.approvals() {
            values.add(
                RowList::Approvals,
                [P::ApprovalOn, P::ApprovalAct, P::ApprovalOpinion, P::ApprovalBy],
                line,
            );
        }
        for act in chronicle::acts(self.entries) {
            let line = [chinese_date(act.on), act.act, act.who];
            values.add(RowList::Acts, [P::ActOn, P::ActWhat, P::ActBy], line);
        }
    }

    fn outcome(&self) -> Option<Outcome> {
        let case = &self.loaded.case;
        case.draft.as_ref().map(|draft| draft.outcome).or(case.outcome)
    }

    /// The name of a file without the names of people and long numbers: people name their scans
    /// after themselves.
    fn masked_file_name(&self, name: &str) -> String {
        let whole = self.whole;
        let people = [&self.loaded.row.applicant_name, &whole.applicant.name]
            .into_iter()
            .chain(whole.agent.as_ref().map(|agent| &agent.name))
            .chain(&whole.co_applicants);
        let mut shown = name.to_owned();
        for person in people.map(|person| person.trim()).filter(|person| !person.is_empty()) {
            shown = shown.replace(person, &mask_name(person));
        }
        mask_digits(&shown)
    }
}

/// An outcome and the provision it rests on, in words.
fn told(outcome: Option<Outcome>) -> (&'static str, &'static str) {
    outcome.map_or(("", ""), |outcome| (outcome.label(), outcome.rule().ground))
}
