//! Items: listed, reviewed, searched for, decided; and the links and splits of requests.
//!
//! Source: 条例 art. 36, 37; rulebook 1.2 k, l, p, 4.1.

use super::consult::{objections_resolved, third_party_heard};
use super::{Context, Happening, line, not_before, optional, text, today, wrong_state};
use crate::domain::case::Case;
use crate::domain::command::{Command, Consult, LinkRequest, ReferSecrecy};
use crate::domain::event::Event;
use crate::domain::examination;
use crate::domain::item::{EarlierRequest, ItemText, MOST_ITEMS, Relation, SplitChild};
use crate::domain::outcome::Outcome;
use crate::domain::refusal::{GroundRefusal, Refusal};
use crate::domain::reply::{ReplyContent, SearchRecord};

pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    let event = match command {
        Command::ListItems { items } => Event::ItemsListed { items: listed(items)? },
        Command::AnswerReview { item, question, answer, note } => {
            known(case, *item)?;
            if !examination::fits(*question, *answer) {
                let (answer, question) = (answer.label(), question.label());
                return Err(Refusal::AnswerUnfit { answer, question });
            }
            Event::ReviewAnswered {
                item: *item,
                question: *question,
                answer: *answer,
                note: optional("note", "依据和说明", note)?.to_owned(),
            }
        }
        Command::RecordSearch { item, search } => {
            if let Some(item) = item {
                known(case, *item)?;
            }
            Event::SearchRecorded { item: *item, search: sound_search(case, search, ctx)? }
        }
        Command::DecideItem { item, content } => {
            let content = decided(case, *item, content, ctx)?;
            Event::ItemDecided { item: *item, content: Box::new(content) }
        }
        Command::LinkRequest(link) => {
            Event::Linked { relation: link.relation, earlier: linked(case, link, ctx)? }
        }
        Command::AnswerTogether { together } => {
            Event::AnsweredTogether { together: together.clone() }
        }
        Command::SplitOff { children } => Event::SplitOff { children: parted(case, children)? },
        other => return Err(wrong_state(case, other.action())),
    };
    Ok(today(ctx, event))
}

/// The earlier request, as the system knows it or as it was entered. A repeat is the same
/// applicant's; what the system does not know must be shown by the reply itself.
///
/// Source: 条例 art. 36 (6); rulebook 1.2 l.
fn linked(case: &Case, link: &LinkRequest, ctx: &Context<'_>) -> Result<EarlierRequest, Refusal> {
    let LinkRequest { relation, number, reply_number, replied_on, evidence_file, known } = link;
    let number = line("number", "此前申请的登记编号", number)?.to_owned();
    if let Some(on) = replied_on.filter(|on| *on > ctx.today) {
        return Err(Refusal::InFuture { field: "replied_on", on });
    }
    let repeats = *relation == Relation::Repeats;
    optional("reply_number", "此前答复的文号", reply_number)?;
    // What the system knows goes before what is typed; what it does not know must be known by its
    // reply.
    let earlier = if let Some(known) = known.as_deref() {
        if repeats && known.same_applicant != Some(true) {
            return Err(GroundRefusal::OtherApplicant.into());
        }
        known.clone()
    } else {
        let label = "此前答复的文号（本机关在系统中没有这个登记编号的申请）";
        let reply_number = line("reply_number", label, reply_number)?.to_owned();
        let missing = |field, label| Refusal::TextMissing { field, label };
        replied_on.ok_or_else(|| missing("replied_on", "此前答复的日期"))?;
        if repeats && evidence_file.is_none() {
            return Err(missing("evidence_file", "此前答复的扫描件"));
        }
        EarlierRequest {
            request: None,
            number,
            reply_number,
            replied_on: *replied_on,
            same_applicant: None,
            evidence_file: *evidence_file,
        }
    };
    // Linked once more is only what a repeat could not rest on before.
    let same = |(relation, known): &&(Relation, EarlierRequest)| {
        known.number == earlier.number
            && *relation == link.relation
            && (known.bears_repeat(case.arrived_on) || !earlier.bears_repeat(case.arrived_on))
    };
    if case.links.iter().any(|known| same(&known)) {
        let label = "此前申请的登记编号";
        return Err(Refusal::Duplicate { field: "number", label, value: earlier.number });
    }
    Ok(earlier)
}

impl Command {
    /// Whether the command names an item by its number.
    #[must_use]
    pub const fn speaks_of_items(&self) -> bool {
        match self {
            Self::AnswerReview { .. } | Self::DecideItem { .. } => true,
            Self::Consult(Consult { items, .. }) => !items.is_empty(),
            Self::RecordSearch { item, .. } => item.is_some(),
            Self::ReviewRelease { items, .. } | Self::ReferSecrecy(ReferSecrecy { items, .. }) => {
                !items.is_empty()
            }
            _ => false,
        }
    }
}

fn listed(items: &[ItemText]) -> Result<Vec<ItemText>, Refusal> {
    if items.is_empty() {
        return Err(Refusal::TextMissing { field: "items", label: "申请事项" });
    }
    if items.len() > MOST_ITEMS {
        let max = i64::try_from(MOST_ITEMS).unwrap_or(i64::MAX);
        return Err(Refusal::OutOfRange {
            field: "items", label: "申请事项的数量", min: 1, max
        });
    }
    let sound = |item: &ItemText| {
        Ok(ItemText {
            title: line("items", "申请事项", &item.title)?.to_owned(),
            description: optional("items", "申请事项的说明", &item.description)?.to_owned(),
        })
    };
    items.iter().map(sound).collect()
}

fn known(case: &Case, item: u16) -> Result<(), Refusal> {
    case.item(item).map(|_| ()).ok_or(Refusal::UnknownItem(item))
}

/// A search record says where, with which words, by whom, when and what came of it.
///
/// Source: 条例 art. 36 (4); rulebook 4.1 U1.
fn sound_search(
    case: &Case,
    search: &SearchRecord,
    ctx: &Context<'_>,
) -> Result<SearchRecord, Refusal> {
    if search.on > ctx.today {
        return Err(Refusal::InFuture { field: "search.on", on: search.on });
    }
    not_before("search.on", search.on, case.arrived_on, "收到申请之日")?;
    if search.found.is_none() {
        return Err(Refusal::TextMissing {
            field: "search.found", label: "是否检索到相关信息"
        });
    }
    Ok(SearchRecord {
        systems: text("search.systems", "检索的系统和档案", &search.systems)?.to_owned(),
        keywords: text("search.keywords", "检索关键词", &search.keywords)?.to_owned(),
        by: line("search.by", "检索人", &search.by)?.to_owned(),
        on: search.on,
        result: text("search.result", "检索结果", &search.result)?.to_owned(),
        found: search.found,
    })
}

/// The decision of an item with what is on record filled in: its title, its search, the earlier
/// reply that is linked.
fn decided(
    case: &Case,
    n: u16,
    content: &ReplyContent,
    ctx: &Context<'_>,
) -> Result<ReplyContent, Refusal> {
    let item = case.item(n).ok_or(Refusal::UnknownItem(n))?;
    if !content.outcome.is_drafted() {
        return Err(Refusal::NoReplyOutcome(content.outcome.label()));
    }
    on_record(case, Some(n), content.outcome)?;
    let mut content = ReplyContent { items: vec![item.text.title.clone()], ..content.clone() };
    content.fill_from(case, Some(n));
    match content.faults(ctx.today).into_iter().next() {
        None => Ok(content),
        Some(fault) => Err(Refusal::ItemContent {
            field: fault.field,
            code: fault.code,
            message: fault.message,
        }),
    }
}

/// What an outcome says happened must be on record: a search, a correction that left the request
/// unclear, a third party heard, reasons asked for and found wanting, an earlier reply.
///
/// Source: 条例 art. 30, 32, 35, 36 (4), (6); rulebook 1.2 l, 4.1 U1, U4, X2, X4.
pub(super) fn on_record(case: &Case, item: Option<u16>, outcome: Outcome) -> Result<(), Refusal> {
    let corrected = || case.corrections.iter().any(|round| round.received_on.is_some());
    match outcome {
        Outcome::U1 if !case.searched_in_vain(item) => Err(Refusal::SearchMissing),
        Outcome::N4 if !third_party_heard(case, item) => Err(Refusal::ConsultationMissing),
        Outcome::U4 if !corrected() => Err(Refusal::NotOnRecord("申请人的补正")),
        // An earlier request that is still open is linked, not refused as repeated.
        Outcome::X2 if case.repeated().is_none() => Err(GroundRefusal::RepeatUnfounded.into()),
        Outcome::X4 if case.reasons_accepted != Some(false) => {
            Err(Refusal::NotOnRecord("要求申请人说明理由并认定理由不合理的经过"))
        }
        Outcome::X4 if !case.reasons_asked.is_some_and(|asked| asked.reached()) => {
            Err(Refusal::ServiceUnproved("说明理由告知书"))
        }
        _ => Ok(()),
    }
}

/// Whether a reply of this outcome is what the items amount to.
///
/// Source: rulebook 4.1 "Mixed letters"; 30号 (one request, one row).
pub(super) fn fit(case: &Case, outcome: Outcome) -> Result<(), Refusal> {
    objections_resolved(case, outcome)?;
    if !case.answers_by_item() {
        return on_record(case, None, outcome);
    }
    let open: Vec<String> = case
        .items
        .iter()
        .filter(|item| item.decision.is_none())
        .map(|item| item.n.to_string())
        .collect();
    if !open.is_empty() {
        return Err(Refusal::ItemsUndecided(open.join("、")));
    }
    for item in &case.items {
        if let Some(outcome) = item.outcome() {
            on_record(case, Some(item.n), outcome)?;
        }
    }
    match case.counted_outcome() {
        Some(counted) if counted != outcome => {
            Err(Refusal::OutcomeContradictsItems(counted.label()))
        }
        _ => Ok(()),
    }
}

/// Each part takes items that are there, none of them twice, and something stays behind.
fn parted(case: &Case, children: &[SplitChild]) -> Result<Vec<SplitChild>, Refusal> {
    if case.consulting()
        || case.referral_open()
        || case.extension.is_some()
        || !case.remedies.is_empty()
    {
        return Err(Refusal::SplitTooLate);
    }
    let mut moved: Vec<u16> = children.iter().flat_map(|child| child.items.clone()).collect();
    if let Some(unknown) = moved.iter().find(|n| case.item(**n).is_none()) {
        return Err(Refusal::UnknownItem(*unknown));
    }
    let all = moved.len();
    moved.sort_unstable();
    moved.dedup();
    let empty = children.is_empty() || children.iter().any(|child| child.items.is_empty());
    if empty || moved.len() != all || all >= case.items.len() {
        return Err(Refusal::SplitUnfit);
    }
    Ok(children.to_vec())
}
