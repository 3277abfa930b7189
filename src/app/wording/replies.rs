//! The replies (F14–F33): which facts each outcome's wording gets, and the reply to several items.

use serde_json::{Map, Value, json};

use super::{Facts, lines, texts};
use crate::app::{App, AppError};
use crate::documents::Notice;
use crate::documents::notice::Block;
use crate::domain::block_change::FINDINGS_FOLLOW;
use crate::domain::legal_basis::OtherCase;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{self, RemedyError};
use crate::domain::reply::ReplyContent;

/// The wording of replies of this outcome. O1 and O2 end a request without one.
const fn template(outcome: Outcome) -> Option<&'static str> {
    Some(match outcome {
        Outcome::G1 => "reply_g1",
        Outcome::G2 => "reply_g2",
        Outcome::P1 => "reply_p1",
        Outcome::N1 => "reply_n1",
        Outcome::N2 => "reply_n2",
        Outcome::N3 => "reply_n3",
        Outcome::N4 => "reply_n4",
        Outcome::N5 => "reply_n5",
        Outcome::N6 => "reply_n6",
        Outcome::N7 => "reply_n7",
        Outcome::N8 => "reply_n8",
        Outcome::U1 => "reply_u1",
        Outcome::U2 => "reply_u2",
        Outcome::U3 => "reply_u3",
        Outcome::U4 => "reply_u4",
        Outcome::X1 => "reply_x1",
        Outcome::X2 => "reply_x2",
        Outcome::X3 => "reply_x3",
        Outcome::X4 => "reply_x4",
        Outcome::X5 => "reply_x5",
        Outcome::O3 => "reply_o3",
        Outcome::O1 | Outcome::O2 => return None,
    })
}

/// The reply, with the remedy paragraph that outcome, agency and way of service call for.
pub fn reply(
    app: &App,
    facts: &Facts<'_>,
    content: &ReplyContent,
    online: bool,
) -> Result<Notice, AppError> {
    let code = template(content.outcome).ok_or_else(|| {
        AppError::field("outcome", "no_wording", "这种办理结果不以答复书告知申请人")
    })?;
    let remedy = remedy::paragraph(content.outcome, &facts.agency.profile, online, facts.date)
        .map_err(unprintable)?;
    let fields = fields(facts, content, remedy)?;
    let mut notice = facts.notice(app, code, &fields)?;
    notice.attachments = texts(&content.attachments).into_iter().map(str::to_owned).collect();
    Ok(notice)
}

/// The reply to several items: each by the words of its own outcome, under its own heading, and the
/// remedies told apart where they differ.
///
/// Source: 条例 art. 36, 37; rulebook 4.1 "Mixed letters".
pub fn by_item(
    app: &App,
    facts: &Facts<'_>,
    contents: &[&ReplyContent],
    online: bool,
) -> Result<Notice, AppError> {
    if let [only] = contents {
        return reply(app, facts, only, online);
    }
    let titles: Vec<&str> = contents.iter().flat_map(|content| texts(&content.items)).collect();
    let outcomes: Vec<Outcome> = contents.iter().map(|content| content.outcome).collect();
    let profile = &facts.agency.profile;
    let remedies = remedy::of_items(&outcomes, profile, online, facts.date).map_err(unprintable)?;
    let mut fields = facts.common();
    fields.insert("申请内容".into(), json!(titles));
    fields.insert("救济".into(), json!(remedies));
    let mut notice = facts.notice(app, "reply_items", &fields)?;
    let remedies = notice.blocks.split_off(notice.blocks.len().saturating_sub(remedies.len()));
    for (n, content) in (1..).zip(contents) {
        let title = texts(&content.items).join("；");
        let text = format!("关于第{n}项“{title}”");
        notice.blocks.push(Block::Heading { level: 1, text });
        notice.blocks.extend(findings(app, facts, content)?);
        let attached = texts(&content.attachments).into_iter().map(str::to_owned);
        notice.attachments.extend(attached);
    }
    notice.blocks.extend(remedies);
    Ok(app.engine.spelled(&notice, &titles.concat()))
}

/// What the reply of an outcome says of its item, without opening and remedy.
fn findings(app: &App, facts: &Facts<'_>, content: &ReplyContent) -> Result<Vec<Block>, AppError> {
    // The paragraph is cut away again; the wording only wants it filled.
    let placeholder = (content.outcome != Outcome::O3).then(|| "救济".to_owned());
    let remedies = usize::from(placeholder.is_some());
    let whole = reply_blocks(app, facts, content, placeholder)?;
    let opens = |block: &Block| matches!(block, Block::Paragraph { text } if text.ends_with(FINDINGS_FOLLOW));
    let start = whole.iter().position(opens).map_or(0, |at| at + 1);
    let end = whole.len().saturating_sub(remedies);
    Ok(whole.get(start..end).unwrap_or_default().to_vec())
}

fn reply_blocks(
    app: &App,
    facts: &Facts<'_>,
    content: &ReplyContent,
    remedy: Option<String>,
) -> Result<Vec<Block>, AppError> {
    let code = template(content.outcome).ok_or(AppError::NotFound("该文书模板"))?;
    Ok(facts.notice(app, code, &fields(facts, content, remedy)?)?.blocks)
}

fn unprintable(error: RemedyError) -> AppError {
    AppError::Unprintable(error.to_string())
}

/// The facts of a reply, under the names its wording uses.
fn fields(
    facts: &Facts<'_>,
    content: &ReplyContent,
    remedy: Option<String>,
) -> Result<Map<String, Value>, AppError> {
    let items: Vec<&str> = texts(&content.items);
    let mut fields = facts.common();
    fields.insert("申请内容".into(), json!(items));
    if let Some(remedy) = remedy {
        fields.insert("救济".into(), json!(remedy));
    }
    let mut put = |name: &str, value: Value| drop(fields.insert(name.into(), value));
    let reasons = || json!(content.reasons.trim());
    match content.outcome {
        Outcome::G1 => put("获取途径", json!(lines(&content.place))),
        Outcome::G2 | Outcome::P1 => {
            let attached = texts(&content.attachments);
            let named = if content.outcome == Outcome::P1 { lines(&content.supply) } else { items };
            put("提供信息", json!(if attached.is_empty() { named } else { attached }));
            let supply = content.supply.trim();
            let way =
                if supply.is_empty() { "随本答复书一并提供上述信息" } else { supply };
            put("提供方式", json!(way));
            if content.outcome == Outcome::P1 {
                put("不予公开部分", json!(lines(&content.withheld)));
                put("理由", reasons());
            }
        }
        Outcome::N2 => {
            put("法律条款", json!(content.statute.trim()));
            put("理由", reasons());
        }
        Outcome::O3 => {
            let statute = content.statute.trim();
            let other = content.other_case;
            let article = other.and_then(OtherCase::article).unwrap_or(statute);
            let case = other.map_or_else(String::new, |c| format!("{}（{article}）。", c.label()));
            put("理由", json!(format!("{case}{}", content.reasons.trim())));
        }
        Outcome::N4 => {
            put("征求意见情况", json!(content.consultation.trim()));
            put("理由", reasons());
        }
        Outcome::N7 => {
            put("查阅途径", json!(lines(&content.place)));
            put("理由", reasons());
        }
        Outcome::N8 => {
            put("法律条款", json!(content.statute.trim()));
            put("查询途径", json!(lines(&content.place)));
        }
        Outcome::U1 => {
            let search = content
                .search
                .as_ref()
                .ok_or_else(|| AppError::field("search", "required", "请填写检索情况"))?;
            put("检索范围", json!(lines(&search.systems)));
            put("检索方法", json!(search.keywords.trim()));
            put("检索人", json!(search.by.trim()));
            put("检索日期", json!(search.on));
        }
        Outcome::U2 => {
            put("理由", reasons());
            for (name, text) in [
                ("负责机关", &content.responsible_agency),
                ("负责机关联系方式", &content.responsible_contact),
            ] {
                if !text.trim().is_empty() {
                    put(name, json!(text.trim()));
                }
            }
        }
        Outcome::U4 => {
            put("补正经过", json!(content.correction_history.trim()));
            put("理由", reasons());
        }
        Outcome::X2 => put("此前答复", json!(content.earlier_reply.trim())),
        Outcome::X3 => put("获取途径", json!(lines(&content.place))),
        Outcome::X4 => {
            put("申请情况", json!(content.volume_record.trim()));
            put("理由", reasons());
        }
        Outcome::X5 => {
            put("此前答复", json!(content.earlier_reply.trim()));
            put("理由", reasons());
        }
        _ => put("理由", reasons()),
    }
    Ok(fields)
}
