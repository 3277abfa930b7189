//! Personal data of applicants and agents: what of a form is kept apart and sealed, and what of it
//! everybody may see.
//!
//! Source: 个人信息保护法 art. 6 (least extent), 28–30 (numbers of identity documents), 51 (encryption,
//! authority); rulebook 9.1.

use serde::{Deserialize, Serialize};

use super::applicant::{mask_name, mask_number};
use super::request::{Agent, Application};
use super::text_enum::text_enum;

text_enum!(
    /// A field that is masked until somebody opens it for a stated purpose.
    PersonalField {
        /// Name of the applicant.
        Name = "name", "申请人姓名（名称）";
        /// Number of the applicant's identity document.
        IdentityNumber = "identity_number", "申请人证件号码";
        /// 法定代表人.
        LegalRepresentative = "legal_representative", "法定代表人";
        /// 联系人.
        ContactPerson = "contact_person", "联系人";
        /// Telephone.
        Phone = "phone", "联系电话";
        /// E-mail.
        Email = "email", "电子邮箱";
        /// Postal address with postcode.
        Address = "address", "通信地址";
        /// Name of the agent.
        AgentName = "agent_name", "代理人姓名";
        /// Number of the agent's identity document.
        AgentIdentityNumber = "agent_identity_number", "代理人证件号码";
        /// What the letter of authority says.
        AgentAuthority = "agent_authority", "授权委托书";
        /// Names of those who ask together with the applicant.
        CoApplicants = "co_applicants", "共同申请人";
        /// Telephone of the agent.
        AgentPhone = "agent_phone", "代理人电话";
    }
);

/// What leaves a form before it is stored. Sealed as JSON: fields may be added, never renamed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalData {
    /// Number of the applicant's identity document.
    #[serde(default)]
    applicant: String,
    /// Number of the agent's identity document.
    #[serde(default)]
    agent: Option<String>,
    #[serde(default)]
    legal_representative: String,
    #[serde(default)]
    contact_person: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    postcode: String,
    #[serde(default)]
    agent_name: String,
    #[serde(default)]
    agent_phone: String,
}

impl std::fmt::Debug for PersonalData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonalData(…)")
    }
}

/// Puts `kept` back where the form has nothing.
fn fill(text: &mut String, kept: String) {
    if !kept.is_empty() {
        *text = kept;
    }
}

impl PersonalData {
    /// Takes everything personal but the applicant's name out of the form.
    ///
    /// The name stays: notices are addressed to it and queues show it masked.
    #[must_use]
    pub fn taken_from(form: &mut Application) -> Self {
        let applicant = &mut form.applicant;
        let mut taken = Self {
            applicant: std::mem::take(&mut applicant.credential_number),
            agent: None,
            legal_representative: std::mem::take(&mut applicant.legal_representative),
            contact_person: std::mem::take(&mut applicant.contact_person),
            phone: std::mem::take(&mut applicant.phone),
            email: std::mem::take(&mut applicant.email),
            address: std::mem::take(&mut applicant.address),
            postcode: std::mem::take(&mut applicant.postcode),
            ..Self::default()
        };
        if let Some(agent) = form.agent.as_mut() {
            taken.agent = Some(std::mem::take(&mut agent.credential_number));
            taken.agent_name = std::mem::take(&mut agent.name);
            taken.agent_phone = std::mem::take(&mut agent.phone);
        }
        taken
    }

    /// Puts it back: the form as it was submitted.
    pub fn put_into(self, form: &mut Application) {
        let applicant = &mut form.applicant;
        fill(&mut applicant.credential_number, self.applicant);
        fill(&mut applicant.legal_representative, self.legal_representative);
        fill(&mut applicant.contact_person, self.contact_person);
        fill(&mut applicant.phone, self.phone);
        fill(&mut applicant.email, self.email);
        fill(&mut applicant.address, self.address);
        fill(&mut applicant.postcode, self.postcode);
        if let Some(agent) = form.agent.as_mut() {
            fill(&mut agent.credential_number, self.agent.unwrap_or_default());
            fill(&mut agent.name, self.agent_name);
            fill(&mut agent.phone, self.agent_phone);
        }
    }
}

impl PersonalField {
    /// The field of a complete form; `None` where the form has nothing there.
    #[must_use]
    pub fn of(self, form: &Application) -> Option<String> {
        let applicant = &form.applicant;
        let agent = |read: fn(&Agent) -> &String| form.agent.as_ref().map(read).cloned();
        let text = match self {
            Self::Name => applicant.name.clone(),
            Self::IdentityNumber => applicant.credential_number.clone(),
            Self::LegalRepresentative => applicant.legal_representative.clone(),
            Self::ContactPerson => applicant.contact_person.clone(),
            Self::Phone => applicant.phone.clone(),
            Self::Email => applicant.email.clone(),
            Self::Address => format!("{} {}", applicant.address.trim(), applicant.postcode.trim()),
            Self::AgentName => agent(|agent| &agent.name)?,
            Self::AgentIdentityNumber => agent(|agent| &agent.credential_number)?,
            Self::AgentAuthority => agent(|agent| &agent.authority)?,
            Self::CoApplicants => form.co_applicants.join("、"),
            Self::AgentPhone => agent(|agent| &agent.phone)?,
        };
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

/// The form as everybody of the agency sees it.
#[must_use]
pub fn masked(form: &Application) -> Application {
    let mut form = form.clone();
    let applicant = &mut form.applicant;
    applicant.name = mask_name(&applicant.name);
    applicant.credential_number = mask_number(&applicant.credential_number);
    applicant.legal_representative = mask_name(&applicant.legal_representative);
    applicant.contact_person = mask_name(&applicant.contact_person);
    applicant.phone = mask_phone(&applicant.phone);
    applicant.email = mask_email(&applicant.email);
    applicant.address = mask_address(&applicant.address);
    applicant.postcode.clear();
    if let Some(agent) = form.agent.as_mut() {
        agent.name = mask_name(&agent.name);
        agent.credential_number = mask_number(&agent.credential_number);
        agent.phone = mask_phone(&agent.phone);
        agent.authority = mask_digits(&agent.authority);
    }
    for name in &mut form.co_applicants {
        *name = mask_name(name);
    }
    form
}

/// Hides the middle of a telephone number: `139****1234`, `059****4567`.
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    match (digits.first_chunk::<3>(), digits.last_chunk::<4>()) {
        (Some(front), Some(back)) if digits.len() >= 9 => {
            front.iter().copied().chain("****".chars()).chain(back.iter().copied()).collect()
        }
        _ => "*".repeat(digits.len()),
    }
}

/// Hides numbers of five digits and more in a text of people: telephones, documents.
#[must_use]
pub fn mask_digits(text: &str) -> String {
    const SHORTEST: usize = 5;
    let mut shown = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(std::iter::once('\n')) {
        if c.is_ascii_digit() {
            run.push(c);
            continue;
        }
        shown.push_str(&if run.len() >= SHORTEST { "*".repeat(run.len()) } else { run.clone() });
        run.clear();
        shown.push(c);
    }
    shown.pop();
    shown
}

/// Keeps the first sign and the host of a mail address: `a***@example.cn`.
#[must_use]
pub fn mask_email(email: &str) -> String {
    match email.trim().split_once('@') {
        Some((local, host)) => format!("{}***@{host}", local.chars().next().unwrap_or_default()),
        None => "*".repeat(email.trim().chars().count()),
    }
}

/// A contact as free text: a telephone number or mail address that stands alone is masked like one,
/// of anything else nothing is shown – it may hold a name.
#[must_use]
pub fn mask_contact(contact: &str) -> String {
    let contact = contact.trim();
    let dials = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')');
    if !contact.is_empty() && contact.chars().all(dials) {
        mask_phone(contact)
    } else if contact.matches('@').count() == 1 && !contact.contains(char::is_whitespace) {
        mask_email(contact)
    } else {
        "****".to_owned()
    }
}

/// Keeps an address as far as the county, district or town, or else its first three signs.
#[must_use]
pub fn mask_address(address: &str) -> String {
    /// Signs in which the names of divisions end, and how far they are looked for.
    const ENDS: [char; 6] = ['省', '市', '州', '县', '区', '旗'];
    const WITHIN: usize = 12;
    let signs: Vec<char> = address.trim().chars().collect();
    let ends = signs.iter().take(WITHIN).enumerate().rfind(|(_, sign)| ENDS.contains(sign));
    let shown = ends.map_or(3, |(at, _)| at + 1).min(signs.len() / 2);
    if signs.is_empty() {
        return String::new();
    }
    signs.iter().take(shown).chain(&['*'; 4]).collect()
}
