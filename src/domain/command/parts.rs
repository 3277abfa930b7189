//! What commands are made of: kinds of defects and remedies.

use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::text_enum::text_enum;

text_enum!(
    /// The three kinds of defect on the county's correction notice. Source: 条例 art. 29, 30.
    DefectKind {
        /// The content asked for is unclear.
        Content = "content", "申请公开的内容不明确";
        /// Proof of identity is missing.
        Identity = "identity", "缺少身份证明等材料";
        /// The form itself is missing or incomplete.
        Form = "form", "缺少申请书或者申请书填写不完整";
    }
);

text_enum!(
    /// Which remedy was opened against the agency.
    RemedyKindOpened {
        /// 行政复议.
        Reconsideration = "reconsideration", "行政复议";
        /// Suit without reconsideration before it.
        Suit = "suit", "行政诉讼（未经复议直接起诉）";
        /// Suit after reconsideration.
        SuitAfterReconsideration = "suit_after_reconsideration", "行政诉讼（复议后起诉）";
    }
);

text_enum!(
    /// How a remedy ended: the columns of table four of the annual report.
    RemedyResult {
        /// Upheld.
        Upheld = "upheld", "结果维持";
        /// Corrected.
        Corrected = "corrected", "结果纠正";
        /// Any other end.
        Other = "other", "其他结果";
    }
);

/// One defect of an application and what the applicant should do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionDefect {
    /// Which box of the notice.
    pub kind: DefectKind,
    /// Guidance: what exactly to correct, and how. Source: 条例 art. 30 (指导和释明).
    pub guidance: String,
}

/// Reads a command without input. serde lets such variants carry any field; this does not.
pub(super) fn nothing_else<'de, D: Deserializer<'de>>(source: D) -> Result<(), D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}
    Nothing::deserialize(source).map(|Nothing {}| ())
}
