//! Which letters leave, and to whom.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::app::actions::application;
use crate::app::ledger::{self, Loaded};
use crate::app::{App, AppError};
use crate::db::deliveries::{self as rows, DeliveryRow};
use crate::db::notices::{self, NoticeRow};
use crate::db::{Conn, post, requests};
use crate::documents::Notice;
use crate::domain::applicant::mask_name;
use crate::domain::case::Consultation;
use crate::domain::event::{Party, ServiceMethod};
use crate::domain::ids::{AgencyId, NoticeId};
use crate::domain::notice::{NoticeKind, NoticeStatus};
use crate::domain::personal::mask_address;
use crate::domain::post::{Address, PostWay, Receiver, is_wanted_by_post};
use crate::domain::request::{Application, FieldFault};

use super::order::NamedLetter;

/// Notices looked at for one post at most.
const LOOKED_AT: i64 = 1_000;

/// What is handed over at the counter, or goes by confidential mail (机要), is no letter of the post.
const NEVER_POSTED: [NoticeKind; 2] = [NoticeKind::Receipt, NoticeKind::SecrecyReferral];

/// A letter with everything that is printed of it.
pub(super) struct Item {
    pub(super) notice: NoticeRow,
    /// 登记编号 of its request, for a notice without a number of its own.
    pub(super) case_number: String,
    pub(super) way: PostWay,
    pub(super) tracking: String,
    pub(super) on_record: bool,
    pub(super) to: Address,
    /// Where the address was entered.
    pub(super) field: &'static str,
    /// Whether somebody entered it for this printing.
    pub(super) typed: bool,
    pub(super) receiver: Receiver,
}

impl Item {
    /// The number by which it is known outside.
    pub(super) fn number(&self) -> &str {
        self.notice.number.as_deref().unwrap_or(&self.case_number)
    }

    /// The name as lists show it: other agencies are no secret.
    pub(super) fn masked_name(&self) -> String {
        match self.notice.kind {
            NoticeKind::AgencyLetter => self.to.name.clone(),
            _ => mask_name(&self.to.name),
        }
    }

    /// The place as lists show it.
    pub(super) fn masked_place(&self) -> String {
        mask_address(&self.to.address)
    }

    /// What keeps its envelope from being printed.
    pub(super) fn faults(&self, app: &App) -> Vec<FieldFault> {
        let mut faults = self.to.faults(self.field, self.number());
        let mut undrawn = |field, label, text: &str| {
            let signs = app.engine.undrawn(text);
            if !signs.is_empty() {
                let signs: Vec<_> =
                    signs.iter().map(|c| format!("「{c}」U+{:04X}", u32::from(*c))).collect();
                let message = format!(
                    "{}：{label}中的{}没有字库可以印出，请在 letters 中重新填写",
                    self.number(),
                    signs.join("、")
                );
                faults.push(FieldFault { field, code: "no_glyph", message });
            }
        };
        for (label, text) in
            [("收件人", &self.to.name), ("联系人", &self.to.attention), ("地址", &self.to.address)]
        {
            undrawn(self.field, label, text);
        }
        undrawn("letters", "邮件号码", &self.tracking);
        faults
    }
}

/// The cases that were looked into already.
#[derive(Default)]
struct Cases(HashMap<Uuid, (Loaded, Application)>);

impl Cases {
    fn of(
        &mut self,
        conn: &mut Conn,
        app: &App,
        request: Uuid,
    ) -> Result<&(Loaded, Application), AppError> {
        match self.0.entry(request) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let loaded = ledger::load(conn, app, request)?;
                let form = application(conn, app, &loaded)?;
                Ok(place.insert((loaded, form)))
            }
        }
    }
}

/// The post of a day in its order, and how many notices lie here that are wanted in another way.
pub(super) fn of_day(
    conn: &mut Conn,
    app: &App,
    agency: AgencyId,
    on: NaiveDate,
) -> Result<(Vec<Item>, usize), AppError> {
    let mut cases = Cases::default();
    let methods: Vec<ServiceMethod> = PostWay::ALL.iter().map(|way| way.method()).collect();
    let sent = post::sent_on(conn, agency.0, on, &methods, LOOKED_AT)?;
    let ids: Vec<Uuid> = sent.iter().map(|row| row.notice_id).collect();
    let mut found: HashMap<Uuid, NoticeRow> =
        post::notices_of(conn, &ids)?.into_iter().map(|row| (row.id, row)).collect();
    let full = usize::try_from(LOOKED_AT).unwrap_or(usize::MAX);
    if sent.len() >= full {
        return Err(too_large("当日登记发出的邮件过多"));
    }
    let mut items = Vec::with_capacity(sent.len());
    for row in sent {
        // What came back on the same day is to leave once more.
        if row.returned_on.is_some() && on == app.today() {
            continue;
        }
        let Some(notice) = found.remove(&row.notice_id) else { continue };
        let case = cases.of(conn, app, row.request_id)?;
        items.push(item(case, notice, Some(&row), None)?);
    }
    let mut otherwise = 0;
    if on == app.today() {
        let lying = post::unsent(conn, agency.0, &NEVER_POSTED, LOOKED_AT)?;
        if lying.len() >= full {
            return Err(too_large("尚未登记发出的文书过多"));
        }
        for notice in lying {
            let case = cases.of(conn, app, notice.request_id)?;
            if !case.0.case.is_to_leave(NoticeId(notice.id), notice.kind) {
                continue;
            }
            if notice.kind.is_to_applicant() && !is_wanted_by_post(&case.1) {
                otherwise += 1;
                continue;
            }
            items.push(item(case, notice, None, None)?);
        }
    }
    items.sort_by_key(|item| (item.way, item.notice.issued_on, item.notice.id));
    Ok((items, otherwise))
}

fn too_large(what: &str) -> AppError {
    let message = format!("{what}（{LOOKED_AT}件以上），请用 letters 逐件指定要打印的文书");
    AppError::Conflict { code: "post_too_large", message }
}

/// The letters that are named, in that order.
pub(super) fn named(
    conn: &mut Conn,
    app: &App,
    agency: AgencyId,
    letters: &[NamedLetter],
) -> Result<Vec<Item>, AppError> {
    let mut cases = Cases::default();
    let mut items = Vec::with_capacity(letters.len());
    for (n, letter) in (1..).zip(letters) {
        let unfit = |why| AppError::field("letters", "unfit_notice", format!("第{n}件：{why}"));
        let unknown = || unfit("没有找到该文书，请核对文书编号");
        let notice = notices::find(conn, letter.notice.0)?.ok_or_else(unknown)?;
        if requests::get(conn, notice.request_id)?.agency_id != agency.0 {
            return Err(unknown());
        }
        let case = cases.of(conn, app, notice.request_id)?;
        if notice.status != NoticeStatus::Issued || NEVER_POSTED.contains(&notice.kind) {
            return Err(unfit("只有已签发、可以邮寄的文书才能打印（回执当面交付，送审函走机要）"));
        }
        if letter.receiver == Receiver::Agent
            && (case.1.agent.is_none() || !notice.kind.is_to_applicant())
        {
            return Err(unfit("这份文书没有代理人可以收件，请改为寄给收件人本人"));
        }
        let attempts = rows::of_notice(conn, letter.notice.0)?;
        let stands = |row: &DeliveryRow| row.revoked_on.is_none() && row.returned_on.is_none();
        let last = attempts.into_iter().rfind(stands);
        items.push(item(case, notice, last.as_ref(), Some(letter))?);
    }
    Ok(items)
}

fn item(
    (loaded, form): &(Loaded, Application),
    notice: NoticeRow,
    sent: Option<&DeliveryRow>,
    named: Option<&NamedLetter>,
) -> Result<Item, AppError> {
    let sent = sent.filter(|row| PostWay::of(row.method).is_some());
    let recorded = sent.and_then(|row| PostWay::of(row.method));
    let way = named.and_then(|letter| letter.way).or(recorded).unwrap_or(PostWay::Registered);
    let tracking = named.and_then(|letter| letter.tracking.as_deref());
    let tracking = tracking.or_else(|| sent.and_then(|row| row.tracking_number.as_deref()));
    let receiver = named.map_or(Receiver::Addressee, |letter| letter.receiver);
    let typed = named.and_then(|letter| letter.to.as_ref());
    let (to, field) = match notice.kind.is_to_applicant() {
        true => (of_applicant(form, receiver), "applicant.address"),
        false => (of_other(loaded, &notice)?, "letter.address"),
    };
    Ok(Item {
        case_number: loaded.row.number.clone(),
        way,
        tracking: tracking.unwrap_or_default().trim().to_owned(),
        on_record: sent.is_some(),
        to: to.or_typed(typed),
        field: if typed.is_some() { "letters" } else { field },
        typed: typed.is_some(),
        receiver,
        notice,
    })
}

/// The applicant, or the agent at the one address the form has.
fn of_applicant(form: &Application, receiver: Receiver) -> Address {
    let applicant = &form.applicant;
    let (name, attention) = match (&form.agent, receiver) {
        (Some(agent), Receiver::Agent) => (agent.name.clone(), String::new()),
        _ if applicant.kind.is_person() => (applicant.name.clone(), String::new()),
        _ => (applicant.name.clone(), applicant.contact_person.clone()),
    };
    Address {
        name: name.trim().to_owned(),
        attention: attention.trim().to_owned(),
        address: applicant.address.trim().to_owned(),
        postcode: applicant.postcode.trim().to_owned(),
    }
}

/// A third party or another agency: by the name the notice bears, at the address the letter was
/// written with.
fn of_other(loaded: &Loaded, notice: &NoticeRow) -> Result<Address, AppError> {
    let content: Notice =
        serde_json::from_value(notice.content.clone()).map_err(AppError::broken)?;
    let case = &loaded.case;
    let asked = case.consultation_of(NoticeId(notice.id)).or_else(|| {
        let same = |one: &&Consultation| {
            one.party == Party::ThirdParty && one.addressee == content.addressee
        };
        case.consultations.iter().rev().find(same)
    });
    let letter = asked.and_then(|one| one.letter.as_ref());
    let address = letter.map(|sent| sent.letter.address.trim().to_owned()).unwrap_or_default();
    Ok(Address { name: content.addressee, address, ..Address::default() })
}
