//! The notices (文书) of the procedure and the number series they are taken from: rulebook 5.3.

use super::text_enum::text_enum;

text_enum!(
    /// A kind of notice, by what it does to the case.
    NoticeKind {
        /// F03 – 申请接受回执（一式两份）.
        Receipt = "receipt", "政府信息公开申请接受回执";
        /// F04 – 补正告知书.
        Correction = "correction", "政府信息公开申请补正告知书";
        /// F05 – 说明理由告知书.
        Reasons = "reasons", "政府信息公开申请说明理由告知书";
        /// 延迟答复告知书. Source: 条例 art. 35.
        Deferral = "deferral", "政府信息公开申请延迟答复告知书";
        /// F06 – 延期答复告知书.
        Extension = "extension", "政府信息公开申请延期答复告知书";
        /// F43 – 保密审查送审函, to the competent authority and never to the applicant.
        SecrecyReferral = "secrecy_referral", "政府信息公开保密审查送审函";
        /// F07 – 征询书 to a third party. Not for the applicant's eyes.
        ThirdPartyLetter = "third_party_letter", "政府信息公开第三方意见征询书";
        /// F10 – 征求意见函 to another agency. Not for the applicant's eyes.
        AgencyLetter = "agency_letter", "政府信息公开征求意见函";
        /// F08 – the applicant is told that others are asked and time is suspended.
        ConsultationTold = "consultation_told", "政府信息公开申请征求意见情况告知书";
        /// F09 – a third party is told of disclosure against its objection.
        OverrideTold = "override_told", "政府信息公开决定告知书（第三方）";
        /// F12 – 收费通知.
        FeeNotice = "fee_notice", "政府信息公开信息处理费收费通知";
        /// F13 – 不再处理告知书.
        NotHandled = "not_handled", "政府信息公开申请不再处理告知书";
        /// F14–F33 – 答复书, one wording per outcome.
        Reply = "reply", "政府信息公开申请答复书";
    }
);

text_enum!(
    /// A running series of document numbers; one per kind, so that no kind leaves gaps in another.
    Series {
        /// Correction notices.
        Correction = "correction", "补正告知";
        /// Notices that ask for reasons.
        Reasons = "reasons", "说明理由告知";
        /// Notices of a later date.
        Deferral = "deferral", "延迟告知";
        /// Extension notices.
        Extension = "extension", "延期告知";
        /// Letters to the authority that decides on secrecy.
        SecrecyReferral = "secrecy_referral", "保密送审";
        /// Letters to third parties.
        ThirdPartyLetter = "third_party_letter", "第三方征询";
        /// Letters to other agencies.
        AgencyLetter = "agency_letter", "征求意见函";
        /// Notices that others are asked.
        ConsultationTold = "consultation_told", "征求意见告知";
        /// Notices of disclosure to third parties.
        OverrideTold = "override_told", "第三方告知";
        /// Fee notices.
        FeeNotice = "fee_notice", "收费通知";
        /// Notices that a request is not handled further.
        NotHandled = "not_handled", "不再处理告知";
        /// Replies.
        Reply = "reply", "答复";
        /// The register of corrections of records (更正申请).
        RecordCorrection = "record_correction", "更正登记";
        /// Answers to applications for the correction of a record (更正申请答复).
        RecordAnswer = "record_answer", "更正答复";
        /// Letters that pass such an application on (更正申请转送函).
        RecordForwarding = "record_forwarding", "更正转送";
        /// The register of complaints (举报投诉).
        Complaint = "complaint", "投诉登记";
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
            Self::Reasons => Some(Series::Reasons),
            Self::Deferral => Some(Series::Deferral),
            Self::Extension => Some(Series::Extension),
            Self::SecrecyReferral => Some(Series::SecrecyReferral),
            Self::ThirdPartyLetter => Some(Series::ThirdPartyLetter),
            Self::AgencyLetter => Some(Series::AgencyLetter),
            Self::ConsultationTold => Some(Series::ConsultationTold),
            Self::OverrideTold => Some(Series::OverrideTold),
            Self::FeeNotice => Some(Series::FeeNotice),
            Self::NotHandled => Some(Series::NotHandled),
            Self::Reply => Some(Series::Reply),
        }
    }

    /// Whether it is written to the applicant: only such notices are mailed to and shown to them.
    /// What goes to others says who they are.
    ///
    /// Source: 个人信息保护法 art. 25; rulebook 9.1.
    #[must_use]
    pub const fn is_to_applicant(self) -> bool {
        !matches!(
            self,
            Self::SecrecyReferral
                | Self::ThirdPartyLetter
                | Self::AgencyLetter
                | Self::OverrideTold
        )
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
            Self::Reasons => "依说",
            Self::Deferral => "依迟",
            Self::Extension => "依延",
            Self::SecrecyReferral => "依审",
            Self::ThirdPartyLetter => "依询",
            Self::AgencyLetter => "依函",
            Self::ConsultationTold => "依征",
            Self::OverrideTold => "依知",
            Self::FeeNotice => "依费",
            Self::NotHandled => "依止",
            Self::Reply => "依复",
            Self::RecordCorrection => "更正",
            Self::RecordAnswer => "更答",
            Self::RecordForwarding => "更转",
            Self::Complaint => "投诉",
        }
    }
}
