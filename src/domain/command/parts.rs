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

text_enum!(
    /// How the body that reviews the agency proceeds, as its notice says.
    RemedyProcedure {
        /// 简易程序. Source: 行政复议法 art. 53 ¶1 (4).
        Simplified = "simplified", "简易程序";
        /// 普通程序.
        Ordinary = "ordinary", "普通程序";
    }
);

text_enum!(
    /// Who turned to the reviewing body.
    Claimant {
        /// The applicant of the request.
        Applicant = "applicant", "申请人";
        /// A third party whose rights the disclosure touches. Source: 条例 art. 32.
        ThirdParty = "third_party", "第三方";
        /// Somebody else concerned.
        Other = "other", "其他利害关系人";
    }
);

text_enum!(
    /// In which way exactly a remedy ended.
    RemedyEnding {
        /// The act stands. Source: 行政复议法 art. 68.
        Upheld = "upheld", "维持";
        /// The claim is unfounded. Source: 行政复议法 art. 69; 行政诉讼法 art. 69.
        ClaimDismissed = "claim_dismissed", "驳回复议请求、诉讼请求";
        /// Annulled, wholly or in part. Source: 行政复议法 art. 64; 行政诉讼法 art. 70.
        Annulled = "annulled", "撤销或者部分撤销";
        /// Changed. Source: 行政复议法 art. 63; 行政诉讼法 art. 77.
        Changed = "changed", "变更";
        /// Found unlawful or void. Source: 行政复议法 art. 65, 67; 行政诉讼法 art. 74–76.
        Unlawful = "unlawful", "确认违法或者无效";
        /// Ordered to act. Source: 行政复议法 art. 66; 行政诉讼法 art. 72.
        OrderedToAct = "ordered_to_act", "责令、判决履行";
        /// Not taken up, or thrown out as inadmissible. Source: 行政复议法 art. 33; 行政诉讼法 art. 49.
        Inadmissible = "inadmissible", "不予受理或者驳回申请、起诉";
        /// Withdrawn. Source: 行政复议法 art. 41, 74; 行政诉讼法 art. 62.
        Withdrawn = "withdrawn", "撤回申请、撤诉";
        /// Settled with the help of the body. Source: 行政复议法 art. 73; 行政诉讼法 art. 60.
        Mediated = "mediated", "调解、和解";
        /// Ended otherwise.
        Terminated = "terminated", "终止或者其他";
    }
);

impl RemedyEnding {
    /// The column of table four it counts in. What is neither upheld nor corrected is other:
    /// withdrawn, mediated, never heard on its substance.
    ///
    /// Source: 国办公开办函〔2021〕30号, table four; rulebook 4.2 (U for the claim dismissed).
    #[must_use]
    pub const fn result(self) -> RemedyResult {
        match self {
            Self::Upheld | Self::ClaimDismissed => RemedyResult::Upheld,
            Self::Annulled | Self::Changed | Self::Unlawful | Self::OrderedToAct => {
                RemedyResult::Corrected
            }
            Self::Inadmissible | Self::Withdrawn | Self::Mediated | Self::Terminated => {
                RemedyResult::Other
            }
        }
    }
}

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
