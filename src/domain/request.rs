//! The application form (政府信息公开申请表, F01) and what is wrong with it.
//!
//! Source: 条例 art. 29 ¶2 – name, proof of identity, contact; name, number or features of the
//! information; form and way of supply. Nothing else is asked, least of all a purpose.

use serde::{Deserialize, Serialize};

use super::applicant::{
    ApplicantKind, CredentialKind, credit_code_is_sound, identity_number_is_sound,
};
use super::event::ServiceMethod;
use super::refusal::Refusal;
use super::text::{self, LINE_MAX, NAME_MAX, TEXT_MAX, TextFault};
use super::text_enum::text_enum;

text_enum!(
    /// In which form the information is wanted. Source: 条例 art. 29 ¶2 (3).
    SupplyForm {
        /// Paper.
        Paper = "paper", "纸质";
        /// Electronic file.
        Electronic = "electronic", "电子";
        /// Another form.
        Other = "other", "其他";
    }
);

text_enum!(
    /// How notices and information shall reach the applicant. Source: 条例 art. 29 ¶2 (3), 40.
    DeliveryWay {
        /// By post.
        Post = "post", "邮寄";
        /// By e-mail.
        Email = "email", "电子邮件";
        /// On this service's tracking page.
        Online = "online", "网上查询下载";
        /// Collected at the counter.
        Pickup = "pickup", "自行领取";
        /// Read or copied on the spot.
        OnSite = "on_site", "当场查阅、抄录";
        /// By fax.
        Fax = "fax", "传真";
    }
);

/// The person or organisation that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// Column of the annual report.
    pub kind: ApplicantKind,
    /// Name of the person or organisation.
    pub name: String,
    /// What proves the identity.
    pub credential_kind: CredentialKind,
    /// Its number.
    pub credential_number: String,
    /// 法定代表人 of an organisation.
    #[serde(default)]
    pub legal_representative: String,
    /// Whom to call in an organisation.
    #[serde(default)]
    pub contact_person: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// E-mail.
    #[serde(default)]
    pub email: String,
    /// Postal address.
    #[serde(default)]
    pub address: String,
    /// Postcode.
    #[serde(default)]
    pub postcode: String,
}

/// Somebody acting for the applicant under a power of attorney.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// Name.
    pub name: String,
    /// Number of the identity document.
    pub credential_number: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// 授权委托书: matters, powers and term, as the letter says them.
    #[serde(default)]
    pub authority: String,
}

/// The application as submitted. It is kept unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Who asks.
    pub applicant: Applicant,
    /// Who acts for them.
    #[serde(default)]
    pub agent: Option<Agent>,
    /// Names of those who ask together with the applicant. The applicant represents them and is the
    /// one contact; the class of the applicant counts. Source: 行政复议法 art. 15 by analogy (U).
    #[serde(default)]
    pub co_applicants: Vec<String>,
    /// Name of the information wanted, or a short heading for it.
    pub title: String,
    /// Document number of the information, if known.
    #[serde(default)]
    pub document_number: String,
    /// Other features by which it can be found.
    #[serde(default)]
    pub description: String,
    /// Form of supply.
    pub supply_form: SupplyForm,
    /// Way of delivery.
    pub delivery_way: DeliveryWay,
    /// Whether notices may be served electronically at the address given.
    #[serde(default)]
    pub electronic_service: bool,
}

/// One thing wrong with a form: which field, a stable code, what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldFault {
    /// Path of the field, such as `applicant.phone`.
    pub field: &'static str,
    /// Stable code.
    pub code: &'static str,
    /// Chinese sentence.
    pub message: String,
}

pub(super) struct Faults(pub(super) Vec<FieldFault>);

impl Faults {
    pub(super) fn add(
        &mut self,
        field: &'static str,
        code: &'static str,
        message: impl Into<String>,
    ) {
        self.0.push(FieldFault { field, code, message: message.into() });
    }

    pub(super) fn text(&mut self, field: &'static str, label: &str, text: &str, max: usize) {
        for fault in text::faults(text, max) {
            let (code, message) = match fault {
                TextFault::TooLong => ("too_long", format!("{label}不能超过{max}个字")),
                TextFault::ControlCharacters => {
                    ("control_characters", format!("{label}中有无法显示的字符，请删除后重填"))
                }
            };
            self.add(field, code, message);
        }
    }

    pub(super) fn required(&mut self, field: &'static str, label: &str, text: &str, max: usize) {
        if text::trimmed(text).is_empty() {
            self.add(field, "required", format!("请填写{label}"));
        } else {
            self.text(field, label, text, max);
        }
    }
}

/// Most co-applicants of one request; more elect a representative. Source: 行政复议法 art. 15 by analogy; (D).
const CO_APPLICANTS_MAX: usize = 50;

impl Application {
    /// Lists everything that keeps the form from being registered, all at once.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldFault> {
        let mut faults = Faults(Vec::new());
        let a = &self.applicant;
        let name = if a.kind.is_person() { "姓名" } else { "单位名称" };
        faults.required("applicant.name", name, &a.name, NAME_MAX);
        faults.required("applicant.credential_number", "证件号码", &a.credential_number, NAME_MAX);
        faults.text(
            "applicant.legal_representative",
            "法定代表人",
            &a.legal_representative,
            NAME_MAX,
        );
        faults.text("applicant.contact_person", "联系人", &a.contact_person, NAME_MAX);
        faults.text("applicant.address", "通信地址", &a.address, LINE_MAX);
        faults.text("applicant.phone", "电话", &a.phone, NAME_MAX);
        self.contact_faults(&mut faults);
        if a.credential_kind == CredentialKind::CreditCode
            && !a.credential_number.trim().is_empty()
            && !credit_code_is_sound(a.credential_number.trim())
        {
            faults.add(
                "applicant.credential_number",
                "invalid_credit_code",
                "统一社会信用代码不正确，请对照证照核对18位代码",
            );
        }
        if let Some(agent) = &self.agent {
            faults.required("agent.name", "代理人姓名", &agent.name, NAME_MAX);
            faults.required(
                "agent.credential_number",
                "代理人证件号码",
                &agent.credential_number,
                NAME_MAX,
            );
            faults.text("agent.phone", "代理人电话", &agent.phone, NAME_MAX);
            faults.text("agent.authority", "授权委托书", &agent.authority, LINE_MAX);
        }
        self.co_applicant_faults(&mut faults);
        faults.required("title", "所需政府信息的名称", &self.title, LINE_MAX);
        faults.text("document_number", "文号", &self.document_number, LINE_MAX);
        faults.text("description", "特征描述", &self.description, TEXT_MAX);
        faults.0
    }

    /// One fault of the names is enough: they are one field.
    fn co_applicant_faults(&self, faults: &mut Faults) {
        if self.co_applicants.len() > CO_APPLICANTS_MAX {
            let message = format!("共同申请人不超过{CO_APPLICANTS_MAX}人，人数更多的请推选代表人");
            faults.add("co_applicants", "too_many", message);
            return;
        }
        let before = faults.0.len();
        for name in &self.co_applicants {
            faults.required("co_applicants", "共同申请人姓名", name, NAME_MAX);
            if faults.0.len() > before {
                return;
            }
        }
    }

    fn contact_faults(&self, faults: &mut Faults) {
        let a = &self.applicant;
        let (phone, email) = (a.phone.trim(), a.email.trim());
        if phone.is_empty() && email.is_empty() && a.address.trim().is_empty() {
            faults.add(
                "applicant.phone",
                "contact_missing",
                "请至少填写一种联系方式：电话、邮箱或者通信地址",
            );
        }
        let dialable = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | ' ' | '(' | ')');
        let digits = phone.chars().filter(char::is_ascii_digit).count();
        let callable = phone.chars().all(dialable) && (7..=15).contains(&digits);
        if !phone.is_empty() && !callable {
            faults.add(
                "applicant.phone",
                "invalid_phone",
                "电话号码不正确，请填写手机号或者带区号的座机号",
            );
        }
        if !email.is_empty() && !looks_like_email(email) {
            faults.add(
                "applicant.email",
                "invalid_email",
                "电子邮箱格式不正确，例如 name@example.cn",
            );
        }
        let postcode = a.postcode.trim();
        let six_digits = postcode.len() == 6 && postcode.bytes().all(|b| b.is_ascii_digit());
        if !postcode.is_empty() && !six_digits {
            faults.add("applicant.postcode", "invalid_postcode", "邮政编码为6位数字");
        }
        if self.delivery_way == DeliveryWay::Email && email.is_empty() {
            faults.add("applicant.email", "required", "选择电子邮件获取时，请填写电子邮箱");
        }
        if self.delivery_way == DeliveryWay::Post && a.address.trim().is_empty() {
            faults.add("applicant.address", "required", "选择邮寄获取时，请填写通信地址");
        }
    }

    /// Whether the reply may reach the applicant over the internet: then it names the online
    /// channel of the review body as well.
    ///
    /// Source: 行政复议法 art. 22 ¶2; rulebook 5.5 (electronic service as the applicant asked).
    #[must_use]
    pub const fn is_served_online(&self) -> bool {
        self.electronic_service
            || matches!(self.delivery_way, DeliveryWay::Online | DeliveryWay::Email)
    }

    /// Refuses a way of service the applicant did not agree to: over the internet only with their
    /// consent, every other way without.
    ///
    /// # Errors
    ///
    /// [`Refusal::ElectronicConsentMissing`].
    ///
    /// Source: 民诉法 art. 90 (经受送达人同意), by analogy; 电子签名法 art. 11; 条例 art. 40;
    /// rulebook 5.5.
    pub const fn may_be_served_by(&self, method: ServiceMethod) -> Result<(), Refusal> {
        if method.is_online() && !self.electronic_service {
            return Err(Refusal::ElectronicConsentMissing);
        }
        Ok(())
    }

    /// Lists what deserves a second look but stops nobody.
    #[must_use]
    pub fn warnings(&self) -> Vec<FieldFault> {
        let mut faults = Faults(Vec::new());
        let number = self.applicant.credential_number.trim();
        if self.agent.as_ref().is_some_and(|agent| agent.authority.trim().is_empty()) {
            faults.add(
                "agent.authority",
                "authority_missing",
                "委托他人申请的，请核对授权委托书；缺少的，可以要求补正",
            );
        }
        if self.applicant.credential_kind == CredentialKind::ResidentId
            && !number.is_empty()
            && !identity_number_is_sound(number)
        {
            faults.add(
                "applicant.credential_number",
                "identity_check_digit",
                "身份证号码校验位不符，请核对；如使用其他证件，请改选证件类型",
            );
        }
        faults.0
    }
}

fn looks_like_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let plain = |s: &str| {
        !s.is_empty() && s.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '@')
    };
    plain(local)
        && plain(host)
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && text.is_ascii()
        && text.len() <= 254
        && !text.contains(['<', '>', ',', ';', '"', '\\'])
}
