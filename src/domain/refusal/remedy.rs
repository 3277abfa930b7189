//! Refusals about reconsiderations and suits, and the orders they end with.

/// Why a remedy, or the order it is said to have ended with, cannot be put on record so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemedyRefusal {
    /// Nobody ordered a new reply.
    #[error("{}", if *again {
        "这份决定、裁判责令的重新答复已经登记过，一份决定只产生一个新的答复期限"
    } else {
        "只有决定撤销、变更、确认违法或者责令履行的，才能登记责令重新答复：请先登记该复议、诉讼的结果"
    })]
    NoOrder {
        /// Whether the order was followed already.
        again: bool,
    },
    /// A suit over a decision that is not on record.
    #[error(
        "没有已经办结的行政复议，不能登记“复议后起诉”：请先登记该复议及其结果，或者改为“直接起诉”"
    )]
    NoReconsideration,
    /// A direct suit over what was reviewed already.
    #[error("申请人已经就该答复取得复议决定，起诉应当登记为“复议后起诉”")]
    AlreadyReviewed,
}

impl RemedyRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoOrder { .. } => "no_order",
            Self::NoReconsideration => "reconsideration_missing",
            Self::AlreadyReviewed => "reply_already_reviewed",
        }
    }

    /// The article that forbids it.
    #[must_use]
    pub const fn article(&self) -> &'static str {
        match self {
            Self::NoOrder { .. } => {
                "《行政复议法》第六十三条至第六十六条，《行政诉讼法》第七十条、第七十二条"
            }
            Self::NoReconsideration => "《行政诉讼法》第四十五条",
            Self::AlreadyReviewed => "《行政复议法》第二十九条，《行政诉讼法》第四十五条",
        }
    }

    /// The field of the command it concerns.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        "remedy"
    }
}
