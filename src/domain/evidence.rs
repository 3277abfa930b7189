//! What a case offers a reviewing body or a court as evidence (证据材料): what each piece is, where it
//! comes from and what it proves.
//!
//! Source: 行政复议法 art. 44, 48, 54, 70 (the agency bears the burden of proof, within its limit);
//! 行政诉讼法 art. 34, 67; rulebook 5.3 F46.

use serde::{Deserialize, Serialize};

use super::file::{Purpose, Release};
use super::notice::NoticeKind;
use super::text_enum::text_enum;

text_enum!(
    /// What a bundle is for.
    BundleForm {
        /// 证据材料 for reconsideration or court.
        Evidence = "evidence", "证据材料";
        /// 归档案卷: everything the case holds, with 卷内目录 and 备考表.
        Volume = "volume", "归档案卷";
    }
);

/// One piece of the list (证据目录).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Exhibit {
    /// Its number in the list, from 1.
    pub no: usize,
    /// What it is.
    pub title: String,
    /// 文号, where it has one.
    pub number: Option<String>,
    /// The day it was made or came in.
    pub on: chrono::NaiveDate,
    /// Who made it or handed it in (来源).
    pub source: String,
    /// What it proves (证明目的).
    pub proves: String,
    /// Pages, as far as the program can count them.
    pub pages: Option<usize>,
    /// Position of the ledger entry it belongs to.
    pub seq: Option<i32>,
    /// Its files in the bundle.
    pub files: Vec<String>,
    /// Why it is not in the bundle, if so.
    pub missing: Option<String>,
}

/// What a notice proves.
#[must_use]
pub const fn proved_by_notice(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Receipt => "本机关收到申请的日期，答复期限自该日起计算（条例第三十一条）",
        NoticeKind::Correction => {
            "本机关一次性告知补正内容和期限，并作出指导和释明（条例第三十条）"
        }
        NoticeKind::Reasons => "本机关依法要求说明理由（条例第三十五条）",
        NoticeKind::Deferral => "本机关依法确定延迟答复的期限并告知申请人（条例第三十五条）",
        NoticeKind::Extension => "经负责人同意延长答复期限并告知申请人（条例第三十三条第二款）",
        NoticeKind::SecrecyReferral => "本机关公开前依法进行保密审查（条例第十七条）",
        NoticeKind::ThirdPartyLetter => "本机关依法书面征求第三方意见（条例第三十二条）",
        NoticeKind::AgencyLetter => "本机关依法征求共同制作机关的意见（条例第三十四条）",
        NoticeKind::ConsultationTold => {
            "征求意见所需时间不计算在答复期限内，并已告知（条例第三十三条第三款）"
        }
        NoticeKind::OverrideTold => "决定公开的内容和理由已书面告知第三方（条例第三十二条）",
        NoticeKind::FeeNotice => "收费有依据，并已告知缴费期限（条例第四十二条）",
        NoticeKind::NotHandled => "终止办理有法定事由，并已告知申请人",
        NoticeKind::Reply => "本机关已依法作出答复并说明理由、告知救济途径（条例第三十六条）",
    }
}

/// What a file proves.
#[must_use]
pub const fn proved_by_file(purpose: Option<Purpose>) -> &'static str {
    match purpose {
        Some(Purpose::Attachment) => "申请人提交的申请和补充材料的内容",
        Some(Purpose::ReceiptEvidence) => "本机关收到申请的方式和日期（条例第三十一条）",
        Some(Purpose::ServiceEvidence) => "文书已经送达以及送达的日期",
        Some(Purpose::Supplied) => "向申请人提供的政府信息的内容",
        Some(Purpose::Other) | None => "办理过程中形成的材料",
    }
}

/// Why a file to be supplied is left out of what goes to others, `None` if it may go. What was not
/// cleared for the applicant does not leave the house as evidence either: the body asks for it, and
/// it is handed over by the rules for such material.
///
/// Source: 条例 art. 17; 行政诉讼法 art. 43, 行政复议法 art. 47 (no secrets shown to parties).
#[must_use]
pub const fn held_back(form: BundleForm, release: Option<Release>) -> Option<&'static str> {
    match (form, release) {
        (BundleForm::Evidence, Some(Release::Forbidden | Release::Withheld)) => {
            Some("审查结论不允许提供，未随包提交；审理机关需要查阅的，依照保密规定另行提交")
        }
        (BundleForm::Evidence, Some(Release::Unreviewed)) => Some("尚未经过保密审查，未随包提交"),
        (BundleForm::Evidence, Some(Release::HiddenData)) => {
            Some("隐藏信息检查发现的问题尚未处理，未随包提交")
        }
        _ => None,
    }
}
