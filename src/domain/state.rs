//! The states a request can be in (rulebook section 1.1), with their stable names.

use chrono::NaiveDate;

use super::text_enum::text_enum;

text_enum!(
    /// Where a request stands. Derived from the ledger, never set by hand.
    ///
    /// The numbers are those of the rulebook. 42–45 are views of [`State::Processing`]: they say
    /// what the processing waits for.
    State {
        /// 10 – arrived by some channel, receipt date not yet fixed.
        Received = "received", "已接收";
        /// 15 – ordinary letter, fax, e-mail: the date needs confirmation with the applicant.
        AwaitingConfirmation = "awaiting_confirmation", "待确认收件日";
        /// 20 – numbered, receipt date fixed, clock running.
        Registered = "registered", "已登记";
        /// 30 – form and kind are examined.
        Examining = "examining", "审核中";
        /// 31 – 补正告知书 is out.
        CorrectionPending = "correction_pending", "待补正";
        /// 32 – 说明理由告知书 is out.
        ReasonPending = "reason_pending", "待说明理由";
        /// 33 – 收费通知 is out.
        FeePending = "fee_pending", "待缴费";
        /// 40 – search, retrieval, opinion.
        Processing = "processing", "办理中";
        /// 41 – a later date was told under art. 35.
        Deferred = "deferred", "延迟答复";
        /// 42 – a third party is being consulted.
        ThirdPartyPending = "third_party_pending", "征求第三方意见";
        /// 43 – another agency is being consulted.
        AgencyPending = "agency_pending", "征求其他机关意见";
        /// 44 – secrecy review is open.
        SecrecyReview = "secrecy_review", "保密审查";
        /// 45 – an extension waits for the head's consent or for being told.
        ExtensionPending = "extension_pending", "延期审批";
        /// 60 – a draft reply is with its approvers, or approved and not yet issued.
        Approval = "approval", "审批中";
        /// 70 – number, date and text of the reply are fixed.
        Issued = "issued", "已签发";
        /// 80 – posted, handed over or sent.
        Dispatched = "dispatched", "已发出";
        /// 81 – came back or was refused.
        ServiceFailed = "service_failed", "送达失败";
        /// 85 – proof of service is on file.
        Served = "served", "已送达";
        /// 90w – withdrawn by the applicant.
        Withdrawn = "withdrawn", "已撤回";
        /// 91 – correction limit passed without a correction.
        CorrectionLapsed = "correction_lapsed", "逾期未补正";
        /// 92 – payment limit passed without payment.
        FeeLapsed = "fee_lapsed", "逾期未缴费";
        /// 95 – result chosen, evidence complete.
        Closed = "closed", "已办结";
        /// 97 – reconsideration or suit is running.
        UnderRemedy = "under_remedy", "复议诉讼中";
        /// 99 – in the archive.
        Archived = "archived", "已归档";
    }
);

impl State {
    /// Whether the last day has passed without the reply it was for.
    ///
    /// The working days left do not tell it: on a day of rest right after the last day none is
    /// missing yet, they are 0 as on the last day itself, and the reply is late all the same.
    ///
    /// Source: 条例 art. 33 ¶2; docs/decisions/0003-clock-semantics.md.
    #[must_use]
    pub fn is_overdue(self, replied: bool, due_on: Option<NaiveDate>, today: NaiveDate) -> bool {
        self.owes_reply(replied) && due_on.is_some_and(|due| today > due)
    }

    /// Whether the limit to reply still presses; `replied` when a reply has left in a way that counts
    /// for the agency. One that went by a way which counts only on arrival – through another agency,
    /// by public notice, a mail that came back – has not kept the limit yet.
    ///
    /// Source: 国办函〔2015〕235号 items 2–4; rulebook 5.5.
    #[must_use]
    pub const fn owes_reply(self, replied: bool) -> bool {
        self.awaits_reply() || (!replied && matches!(self, Self::Dispatched | Self::ServiceFailed))
    }

    /// Whether somebody still owes the applicant a step.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Archived)
    }

    /// Whether the reply is still to be made: the statutory clock matters to the queue.
    #[must_use]
    pub const fn awaits_reply(self) -> bool {
        !matches!(
            self,
            Self::Dispatched
                | Self::ServiceFailed
                | Self::Served
                | Self::Withdrawn
                | Self::CorrectionLapsed
                | Self::FeeLapsed
                | Self::Closed
                | Self::UnderRemedy
                | Self::Archived
        )
    }
}
