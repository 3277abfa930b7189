//! Refusals of what the record does not bear: an end without reply, an outcome that claims what
//! never happened, a step that would come once too often.

use chrono::NaiveDate;

/// Why the record does not bear a step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GroundRefusal {
    /// Whoever proposed to end the request wants to confirm it.
    #[error("终止办理由您提出，请由其他负责人复核确认")]
    OwnEndProposal,
    /// Whoever asked for more time wants to grant it.
    #[error("延期由您提出，请由本机关政府信息公开工作机构的其他负责人同意")]
    OwnExtension,
    /// Nobody gave reasons that could be good ones.
    #[error(
        "申请人没有说明过理由，不能以理由合理为由延迟答复；申请人口头说明的，请先登记说明的理由"
    )]
    ReasonsNotGiven,
    /// Whoever found the reasons good wants to set the later date.
    #[error("理由由您认定为合理，延迟答复的日期请由其他负责人确定")]
    OwnJudgement,
    /// The other number does not carry the application on.
    #[error(
        "只有同一申请人的同一份申请在另一登记编号下继续办理、且该编号收到日期不晚于本申请的，才能按重复登记终止"
    )]
    TwinUnfit,
    /// A request that is none is to be answered in the document of another one.
    #[error(
        "登记编号{0}的申请不作为政府信息公开申请办理，须经法制审核后单独答复，请先退出合并答复"
    )]
    OtherNeedsOwnReply(String),
    /// Somebody else's request is said to be repeated.
    #[error(
        "登记编号所指的申请不是同一申请人提出的，不能作为重复申请关联；确有联系的，请以“有关”关联"
    )]
    OtherApplicant,
    /// Nothing on record was answered before.
    #[error(
        "案卷中没有关联同一申请人在本申请之前已经答复的申请，不能按重复申请处理：请先关联该申请；系统启用前答复的，请登记编号、文号、日期并附扫描件"
    )]
    RepeatUnfounded,
    /// The applicant was asked to correct twice already.
    #[error("已两次要求补正，不能再次要求补正：内容仍不明确的，请按“补正后申请内容仍不明确”答复")]
    CorrectionsExhausted,
    /// Something that only the other scale of the fee counts.
    #[error("所选收费标准不按{label}计算，请不要填写{label}")]
    OtherScale {
        /// The field.
        field: &'static str,
        /// Its name in Chinese.
        label: &'static str,
    },
    /// More is charged for than the request asks for.
    #[error(
        "按件计费的事项不能多于本申请列明的{listed}项：请先逐项列明申请事项；已拆分出去的事项随拆分后的申请计费"
    )]
    UnitsBeyondItems {
        /// Items of the request.
        listed: usize,
    },
    /// A letter to others tells who asks, and nobody said why they must know.
    #[error(
        "{label}写有申请人、代理人的姓名（名称）、证件号码或者联系方式：请改写为只说明信息本身；确需告知申请人身份的，请填写理由"
    )]
    TellsWhoAsks {
        /// The field.
        field: &'static str,
        /// Its name in Chinese.
        label: &'static str,
    },
    /// A case was to be kept for less time than its class.
    #[error("保管期限不能短于本案卷按规定应当保管的期限（{proposed}）")]
    RetentionTooShort {
        /// The class in Chinese.
        proposed: &'static str,
    },
    /// The same thing is charged for twice.
    #[error("按件计费的事项不能重复")]
    UnitTwice,
    /// A reply was to be put off beyond every reasonable time.
    #[error("延迟答复的期限应当合理：最迟到告知之日后{longest}天，即{last}")]
    DeferralTooLong {
        /// Days, as the installation has set it.
        longest: u32,
        /// The last day that leaves.
        last: NaiveDate,
    },
    /// Withdrawn by a call of which nothing lies in the file.
    #[error("以电话方式撤回的，请先上传核验身份和录音情况的书面记录")]
    WithdrawalUnproved,
    /// Whoever gives originals also receives them.
    #[error("移交人和接收人不能是同一人")]
    SameHand,
}

impl GroundRefusal {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OwnEndProposal => "own_end_proposal",
            Self::OwnExtension => "own_extension",
            Self::ReasonsNotGiven => "reasons_not_given",
            Self::OwnJudgement => "own_judgement",
            Self::TwinUnfit => "twin_unfit",
            Self::OtherNeedsOwnReply(_) => "other_needs_own_reply",
            Self::OtherApplicant => "other_applicant",
            Self::RepeatUnfounded => "repeat_unfounded",
            Self::CorrectionsExhausted => "corrections_exhausted",
            Self::OtherScale { .. } => "other_fee_scale",
            Self::UnitsBeyondItems { .. } => "units_beyond_items",
            Self::UnitTwice => "unit_twice",
            Self::TellsWhoAsks { .. } => "tells_who_asks",
            Self::RetentionTooShort { .. } => "retention_too_short",
            Self::DeferralTooLong { .. } => "deferral_too_long",
            Self::WithdrawalUnproved => "withdrawal_unproved",
            Self::SameHand => "same_hand",
        }
    }

    /// The article that forbids it, where it is one.
    #[must_use]
    pub const fn article(&self) -> Option<&'static str> {
        match self {
            Self::OwnEndProposal | Self::TwinUnfit => Some("《政府信息公开条例》第四十五条"),
            Self::OwnExtension => Some("《政府信息公开条例》第三十三条第二款"),
            Self::ReasonsNotGiven | Self::OwnJudgement => Some("《政府信息公开条例》第三十五条"),
            Self::OtherNeedsOwnReply(_) => Some("《政府信息公开条例》第二条"),
            Self::CorrectionsExhausted => Some("《政府信息公开条例》第三十条"),
            Self::OtherScale { .. } => Some("《政府信息公开信息处理费管理办法》第三条"),
            Self::UnitsBeyondItems { .. } | Self::UnitTwice => {
                Some("《政府信息公开信息处理费管理办法》第四条")
            }
            Self::TellsWhoAsks { .. } => Some("《个人信息保护法》第六条、第二十五条"),
            Self::RetentionTooShort { .. } => {
                Some("《机关文件材料归档范围和文书档案保管期限规定》第六条、第七条")
            }
            Self::DeferralTooLong { .. } => Some("《政府信息公开条例》第三十五条"),
            Self::WithdrawalUnproved | Self::SameHand => None,
            Self::OtherApplicant | Self::RepeatUnfounded => {
                Some("《政府信息公开条例》第三十六条第六项")
            }
        }
    }

    /// The field of the command it concerns.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::OtherApplicant => Some("number"),
            Self::OtherScale { field, .. } | Self::TellsWhoAsks { field, .. } => Some(field),
            Self::UnitsBeyondItems { .. } | Self::UnitTwice => Some("units"),
            Self::RetentionTooShort { .. } => Some("retention"),
            Self::DeferralTooLong { .. } => Some("until"),
            Self::WithdrawalUnproved => Some("proof_file"),
            Self::SameHand => Some("receiver"),
            Self::OwnEndProposal
            | Self::OwnExtension
            | Self::ReasonsNotGiven
            | Self::OwnJudgement
            | Self::OtherNeedsOwnReply(_)
            | Self::RepeatUnfounded
            | Self::CorrectionsExhausted => None,
            Self::TwinUnfit => Some("goes_on_as"),
        }
    }
}
