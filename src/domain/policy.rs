//! Who may do what, and from which state: one table from which the offered steps, the refusals and
//! the printed matrix all come.

mod permissions;
mod phases;

use super::text_enum::text_enum;

text_enum!(
    /// A role in an agency. A person may bear several.
    Role {
        /// 登记员: receives, registers, records service.
        Clerk = "clerk", "登记员";
        /// 承办人: examines, searches, drafts.
        Officer = "officer", "承办人";
        /// 政府信息公开工作机构负责人: consents, approves, issues.
        Head = "head", "公开工作机构负责人";
        /// 保密审查员: reviews what is to be released, never as its author. Source: 条例 art. 17.
        SecrecyReviewer = "secrecy_reviewer", "保密审查员";
        /// 法制审核人员: reviews drafts for lawfulness.
        LegalReviewer = "legal_reviewer", "法制审核人员";
        /// 分管领导: the leader of the agency responsible for the field.
        Leader = "leader", "分管领导";
        /// 签发人: signs what goes out.
        Signer = "signer", "签发人";
        /// 监督员: sees the cases of the county, or of their agency and those below it; changes nothing.
        Supervisor = "supervisor", "监督员";
        /// 系统管理员: agencies, people, settings; no cases.
        Administrator = "administrator", "系统管理员";
    }
);

impl Role {
    /// Whether the role works on the cases of one agency, and so belongs to one and sees them.
    #[must_use]
    pub const fn works_on_cases(self) -> bool {
        !matches!(self, Self::Supervisor | Self::Administrator)
    }

    /// Whether the role decides on the work of others, so that it can be lent to a deputy.
    #[must_use]
    pub const fn decides(self) -> bool {
        matches!(self, Self::Head | Self::LegalReviewer | Self::Leader | Self::Signer)
    }

    /// Whether the role handles cases: only who can take the steps of a handler is given a case.
    #[must_use]
    pub const fn handles_cases(self) -> bool {
        matches!(self, Self::Officer | Self::Head)
    }
}

text_enum!(
    /// A step on a case, by the verb of the statute.
    Action {
        /// See [`super::command::Command::ConfirmReceipt`].
        ConfirmReceipt = "confirm_receipt", "确认收件日";
        /// Assign an officer.
        Assign = "assign", "分办";
        /// Begin processing.
        PassExamination = "pass_examination", "审核通过，进入办理";
        /// Ask for correction.
        AskCorrection = "ask_correction", "要求补正";
        /// Put a notice on record that was made on paper.
        RecordPaperNotice = "record_paper_notice", "补录纸质文书";
        /// Record the correction.
        RecordCorrection = "record_correction", "登记补正";
        /// Send the correction notice again with a new last day.
        RenewCorrection = "renew_correction", "重发补正告知书";
        /// Lapse for want of correction.
        LapseCorrection = "lapse_correction", "按逾期不补正处理";
        /// Propose a lapse (the program itself).
        ProposeLapse = "propose_lapse", "提示期限已过";
        /// Ask for reasons.
        AskReasons = "ask_reasons", "要求说明理由";
        /// Record reasons.
        RecordReasons = "record_reasons", "登记说明的理由";
        /// Judge reasons.
        JudgeReasons = "judge_reasons", "认定理由";
        /// Tell a longer date.
        Defer = "defer", "告知延迟答复";
        /// Ask for a fee.
        NotifyFee = "notify_fee", "通知缴费";
        /// Record that the fee notice arrived.
        RecordFeeService = "record_fee_service", "登记收费通知送达";
        /// Record payment.
        RecordPayment = "record_payment", "登记缴费";
        /// Lapse for want of payment.
        LapseFee = "lapse_fee", "按逾期不缴费处理";
        /// Take back that a request lapsed.
        RevokeLapse = "revoke_lapse", "撤销逾期处理";
        /// Give a fee back.
        RefundFee = "refund_fee", "登记退费";
        /// Consult.
        Consult = "consult", "征求意见";
        /// Record that the letter arrived.
        RecordConsultationService = "record_consultation_service", "登记征求意见函送达";
        /// Record the answer.
        RecordOpinion = "record_opinion", "登记反馈意见";
        /// Record silence.
        RecordSilence = "record_silence", "登记逾期未反馈";
        /// Give up a consultation whose letter cannot be served.
        AbandonConsultation = "abandon_consultation", "终止征求意见";
        /// List the items.
        ListItems = "list_items", "列明申请事项";
        /// Answer a question of the seven-step review.
        AnswerReview = "answer_review", "登记审查结论";
        /// Record a search.
        RecordSearch = "record_search", "登记检索情况";
        /// Decide an item.
        DecideItem = "decide_item", "确定事项的处理";
        /// Review items before release.
        ReviewRelease = "review_release", "逐项保密审查";
        /// Lay doubtful items before the competent authority.
        ReferSecrecy = "refer_secrecy", "送保密审查";
        /// Record its answer.
        RecordSecrecyRuling = "record_secrecy_ruling", "登记送审答复";
        /// Link an earlier request.
        LinkRequest = "link_request", "关联此前的申请";
        /// Move items to requests of their own.
        SplitOff = "split_off", "拆分申请";
        /// Record why no third party is asked.
        WaiveConsultation = "waive_consultation", "说明不征求第三方意见的理由";
        /// Disclose against an objection in the public interest.
        OverrideObjection = "override_objection", "认定公共利益优先并告知第三方";
        /// Answer several requests in one document.
        AnswerTogether = "answer_together", "合并答复";
        /// Issued with the document of another request (the program itself).
        IssueWithLead = "issue_with_lead", "随合并答复签发";
        /// Open secrecy review.
        OpenSecrecyReview = "open_secrecy_review", "提交保密审查";
        /// Ask for an extension.
        AskExtension = "ask_extension", "申请延期";
        /// Refuse it.
        RefuseExtension = "refuse_extension", "不同意延期";
        /// Consent to it.
        ConsentExtension = "consent_extension", "同意延期";
        /// Tell the applicant.
        TellExtension = "tell_extension", "告知延期";
        /// Submit a draft.
        SubmitDraft = "submit_draft", "提交审批";
        /// Recall it.
        RecallDraft = "recall_draft", "撤回文稿";
        /// Return it.
        ReturnDraft = "return_draft", "退回修改";
        /// Approve it.
        ApproveDraft = "approve_draft", "审批通过";
        /// Issue it.
        Issue = "issue", "签发";
        /// Void its number.
        VoidNumber = "void_number", "作废文号";
        /// Record dispatch.
        RecordDispatch = "record_dispatch", "登记发出";
        /// Record that it came back.
        RecordServiceFailure = "record_service_failure", "登记退回";
        /// Record service.
        RecordService = "record_service", "登记送达";
        /// Take back a wrong record of the reply's way.
        RevokeService = "revoke_service", "撤销送达登记";
        /// Record service of another notice.
        RecordNoticeService = "record_notice_service", "登记文书送达";
        /// Record that another notice left.
        RecordNoticeDispatch = "record_notice_dispatch", "登记文书发出";
        /// Record that another notice came back.
        RecordNoticeReturn = "record_notice_return", "登记文书退回";
        /// Answer at once.
        AnswerOnTheSpot = "answer_on_the_spot", "当场答复";
        /// Pass originals on inside the agency.
        HandOver = "hand_over", "登记材料交接";
        /// Go on with the case of an agency that was taken over (the program itself).
        Succeed = "succeed", "承继其他机关的申请";
        /// Record help given to an applicant.
        RecordAssistance = "record_assistance", "登记阅读、表达协助";
        /// Withdraw.
        Withdraw = "withdraw", "撤回申请";
        /// Propose to end it for another reason than the applicant's will.
        ProposeEnd = "propose_end", "提出其他原因终止";
        /// Confirm it.
        ConfirmEnd = "confirm_end", "确认其他原因终止";
        /// Do not.
        DeclineEnd = "decline_end", "不同意其他原因终止";
        /// Close.
        Close = "close", "办结";
        /// Archive.
        Archive = "archive", "归档";
        /// Open a remedy.
        OpenRemedy = "open_remedy", "登记复议、诉讼";
        /// Record the answer to the reviewing body.
        AnswerRemedy = "answer_remedy", "登记提交复议答复、诉讼答辩";
        /// Record its end.
        DecideRemedy = "decide_remedy", "登记复议、诉讼结果";
        /// Record an order to reply anew.
        Remand = "remand", "登记责令重新答复";
        /// Fix a notice (the program itself).
        FixNotice = "fix_notice", "文书编号";
        /// Freeze a document (the program itself).
        FreezeDocument = "freeze_document", "文书定稿";
        /// Add a file.
        AddFile = "add_file", "添加材料";
        /// Take down a supplied file.
        WithdrawFile = "withdraw_file", "撤下提供的文件";
        /// Look into a supplied file (the program itself).
        RecordInspection = "record_inspection", "检查隐藏信息";
        /// Add a masked copy (the program itself).
        RecordRedaction = "record_redaction", "登记区分处理";
        /// Say that what was found in it may stay.
        ConfirmFindings = "confirm_findings", "确认保留检查发现的内容";
        /// Tell those answered together that one of them ended (the program itself).
        Regroup = "regroup", "合并答复的申请有变";
        /// Take over a changed calendar (the program itself).
        AcceptCalendar = "accept_calendar", "按新节假日安排重算";
        /// Say why a finding of the gate before approval stands.
        AcknowledgeFinding = "acknowledge_finding", "说明检查提示保留的理由";
        /// Add a remark.
        Note = "note", "备注";
    }
);
