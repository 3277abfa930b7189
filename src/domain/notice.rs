//! The notices (文书) of the procedure and the number series they are taken from: rulebook 5.3.

use super::text_enum::text_enum;

text_enum!(
    /// A kind of notice, by what it does to the case.
    NoticeKind {
        /// F03 – 申请接受回执（一式两份）.
        Receipt = "receipt", "政府信息公开申请接受回执";
        /// F04 – 补正告知书.
        Correction = "correction", "政府信息公开申请补正告知书";
        /// F06 – 延期答复告知书.
        Extension = "extension", "政府信息公开申请延期答复告知书";
        /// F14–F33 – 答复书, one wording per outcome.
        Reply = "reply", "政府信息公开申请答复书";
    }
);

text_enum!(
    /// A running series of document numbers; one per kind, so that no kind leaves gaps in another.
    Series {
        /// Correction notices.
        Correction = "correction", "补正告知";
        /// Extension notices.
        Extension = "extension", "延期告知";
        /// Replies.
        Reply = "reply", "答复";
        /// The register of corrections of records (更正申请).
        RecordCorrection = "record_correction", "更正登记";
    }
);

text_enum!(
    /// Where a notice stands between first draft and frozen document.
    NoticeStatus {
        /// Being written.
        Draft = "draft", "拟稿";
        /// With the approver.
        Submitted = "submitted", "待审批";
        /// Approved, not yet numbered.
        Approved = "approved", "已审批";
        /// Sent back with a reason.
        Returned = "returned", "已退回";
        /// Numbered, dated, frozen.
        Issued = "issued", "已签发";
        /// Issued and then voided; its number stays used.
        Voided = "voided", "已作废";
    }
);

impl NoticeKind {
    /// The series its number comes from. A receipt bears the number of the request alone.
    #[must_use]
    pub const fn series(self) -> Option<Series> {
        match self {
            Self::Receipt => None,
            Self::Correction => Some(Series::Correction),
            Self::Extension => Some(Series::Extension),
            Self::Reply => Some(Series::Reply),
        }
    }
}

impl Series {
    /// The characters that stand for the series in a document number.
    ///
    /// The county specimens number correction and extension notices 依告; extensions and replies
    /// get characters of their own so that every series runs without gaps.
    #[must_use]
    pub const fn code_word(self) -> &'static str {
        match self {
            Self::Correction => "依告",
            Self::Extension => "依延",
            Self::Reply => "依复",
            Self::RecordCorrection => "更正",
        }
    }
}
