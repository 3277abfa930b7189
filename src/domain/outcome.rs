//! The decision catalogue (rulebook 4.1): every lawful outcome of a request, as data.

use super::text_enum::text_enum;

text_enum!(
    /// The outcome of a request, by its code in the rulebook.
    Outcome {
        /// Already published: tell where.
        G1 = "G1", "已主动公开，告知获取方式、途径";
        /// Released.
        G2 = "G2", "予以公开";
        /// Released in part.
        P1 = "P1", "部分公开";
        /// State secret.
        N1 = "N1", "不予公开：国家秘密";
        /// Forbidden by statute or administrative regulation.
        N2 = "N2", "不予公开：法律、行政法规禁止公开";
        /// Endangers national, public, economic security or social stability.
        N3 = "N3", "不予公开：危及“三安全一稳定”";
        /// Trade secret, personal privacy, other third-party right.
        N4 = "N4", "不予公开：保护第三方合法权益";
        /// Internal affairs.
        N5 = "N5", "不予公开：内部事务信息";
        /// Deliberative material.
        N6 = "N6", "不予公开：过程性信息";
        /// Enforcement case file.
        N7 = "N7", "不予公开：行政执法案卷";
        /// Register enquiry under another law.
        N8 = "N8", "不予公开：行政查询事项";
        /// Does not exist.
        U1 = "U1", "信息不存在";
        /// Another agency is responsible.
        U2 = "U2", "不属于本机关负责公开";
        /// Would have to be compiled.
        U3 = "U3", "没有现成信息，需要另行制作";
        /// Still unclear after correction.
        U4 = "U4", "补正后申请内容仍不明确";
        /// Petition, complaint, report.
        X1 = "X1", "不予处理：信访、举报、投诉类申请";
        /// Repeat request.
        X2 = "X2", "不予处理：重复申请";
        /// Published matter.
        X3 = "X3", "不予处理：要求提供公开出版物";
        /// Abusive volume without good reason.
        X4 = "X4", "不予处理：无正当理由大量反复申请";
        /// Confirmation or re-issue of what was already obtained.
        X5 = "X5", "不予处理：要求确认或者重新出具已获取信息";
        /// Not corrected in time.
        O1 = "O1", "逾期不补正，不再处理";
        /// Fee not paid in time.
        O2 = "O2", "逾期不缴费，不再处理";
        /// Anything else: withdrawal, enquiry outside the Regulation.
        O3 = "O3", "其他处理";
    }
);

text_enum!(
    /// What the applicant is told about remedies.
    RemedyKind {
        /// Reconsideration first. Source: 行政复议法 art. 23 ¶1 (4), ¶2.
        ReconsiderationFirst = "reconsideration_first", "复议前置";
        /// Reconsideration or suit. Source: 行政复议法 art. 20; 行政诉讼法 art. 46.
        Choice = "choice", "复议或者诉讼";
        /// Nothing to attack.
        None = "none", "无";
    }
);

text_enum!(
    /// What a reply must contain before anybody may sign it.
    Content {
        /// Where exactly the information is already public.
        Place = "place", "获取该信息的方式、途径";
        /// What is supplied: list of copies, or form, way and time of access.
        Supply = "supply", "提供的信息清单或者提供的方式、途径和时间";
        /// What is withheld, and why, part by part.
        Withheld = "withheld", "不予公开的部分及理由";
        /// The exact statute and article that forbids disclosure.
        Statute = "statute", "禁止公开的法律、行政法规名称和条款";
        /// Which case of the list it is. Source: rulebook 4.1 O3.
        OtherCase = "other_case", "不作为政府信息公开申请办理的情形";
        /// Reasons.
        Reasons = "reasons", "理由";
        /// Consultation of the third party and the weighing of the public interest.
        Consultation = "consultation", "征求第三方意见情况和公共利益衡量";
        /// How and where it was searched for.
        Search = "search", "检索情况（系统、关键词、人员、时间、结果）";
        /// Which agency is responsible, and how to reach it.
        ResponsibleAgency = "responsible_agency", "负责公开的机关名称、联系方式";
        /// The earlier reply: its date and number.
        EarlierReply = "earlier_reply", "此前答复的日期和文号";
        /// What correction was asked for and what came.
        CorrectionHistory = "correction_history", "要求补正的内容和补正后的情况";
        /// Number and frequency of requests, reasons asked and given.
        VolumeRecord = "volume_record", "申请的数量、频次和说明理由的情况";
    }
);

/// One line of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Provisions of the Regulation the reply cites, in Chinese citation form.
    pub ground: &'static str,
    /// Row of table three of the annual report, 1–25 in the order of the official form.
    pub row: u8,
    /// What the applicant is told about remedies.
    pub remedy: RemedyKind,
    /// What the reply must contain.
    pub content: &'static [Content],
    /// Whether documents leave the agency: then secrecy review comes first.
    pub releases: bool,
}

const fn rule(
    ground: &'static str,
    row: u8,
    remedy: RemedyKind,
    content: &'static [Content],
) -> Rule {
    Rule { ground, row, remedy, content, releases: false }
}

impl Outcome {
    /// The law of this outcome.
    ///
    /// Source: 条例 art. 10, 14–16, 30, 35–39; 国办公开办函〔2021〕30号 (rows); 行政复议法 art. 23.
    #[must_use]
    pub const fn rule(self) -> Rule {
        use Content as C;
        use RemedyKind::{Choice, None, ReconsiderationFirst as First};
        match self {
            Self::G1 => rule("第三十六条第一项", 3, Choice, &[C::Place]),
            Self::G2 => Rule {
                releases: true,
                ..rule("第三十六条第二项、第四十条", 3, Choice, &[C::Supply])
            },
            Self::P1 => Rule {
                releases: true,
                ..rule("第三十七条", 4, First, &[C::Supply, C::Withheld, C::Reasons])
            },
            Self::N1 => rule("第十四条、第三十六条第三项", 5, First, &[C::Reasons]),
            Self::N2 => rule("第十四条、第三十六条第三项", 6, First, &[C::Statute, C::Reasons]),
            Self::N3 => rule("第十四条、第三十六条第三项", 7, First, &[C::Reasons]),
            Self::N4 => rule(
                "第十五条、第三十二条、第三十六条第三项",
                8,
                First,
                &[C::Consultation, C::Reasons],
            ),
            Self::N5 => rule("第十六条第一款、第三十六条第三项", 9, First, &[C::Reasons]),
            Self::N6 => rule("第十六条第二款、第三十六条第三项", 10, First, &[C::Reasons]),
            Self::N7 => {
                rule("第十六条第二款、第三十六条第三项", 11, First, &[C::Reasons, C::Place])
            }
            Self::N8 => rule("第三十六条第七项", 12, Choice, &[C::Statute, C::Place]),
            Self::U1 => rule("第三十六条第四项", 13, Choice, &[C::Search]),
            Self::U2 => {
                rule("第十条、第三十六条第五项", 13, Choice, &[C::Reasons, C::ResponsibleAgency])
            }
            Self::U3 => rule("第三十八条", 14, Choice, &[C::Reasons]),
            Self::U4 => rule("第三十条", 15, Choice, &[C::CorrectionHistory, C::Reasons]),
            Self::X1 => rule("第三十九条第一款", 16, Choice, &[C::Reasons]),
            Self::X2 => rule("第三十六条第六项", 17, Choice, &[C::EarlierReply]),
            Self::X3 => rule("第三十九条第二款", 18, Choice, &[C::Place]),
            Self::X4 => rule("第三十五条", 19, Choice, &[C::VolumeRecord, C::Reasons]),
            Self::X5 => rule("第三十六条第六项", 20, Choice, &[C::EarlierReply, C::Reasons]),
            Self::O1 => rule("第三十条", 21, Choice, &[]),
            Self::O2 => rule("第四十二条", 22, Choice, &[]),
            Self::O3 => rule("第二条", 23, None, &[C::OtherCase, C::Reasons]),
        }
    }

    /// Whether an officer drafts a notice of it: a reply on the substance, or (O3) the note that
    /// what was sent is no request for government information.
    #[must_use]
    pub const fn is_drafted(self) -> bool {
        self.is_reply() || matches!(self, Self::O3)
    }

    /// Whether this outcome is told by a reply (答复书) that an officer drafts.
    ///
    /// O1–O3 close a request without a reply on the substance.
    #[must_use]
    pub const fn is_reply(self) -> bool {
        !matches!(self, Self::O1 | Self::O2 | Self::O3)
    }
}
