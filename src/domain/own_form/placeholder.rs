//! The catalogue of placeholders: the stable names, the Chinese ones, what each stands for. Names are
//! never taken back: forms that agencies made with them lie in their drawers.

use crate::domain::text_enum::text_enum;

text_enum!(
    /// What a row of a table is repeated for.
    RowList {
        /// The items of the request; an undivided one is one.
        Items = "items", "申请事项";
        /// The files of the case.
        Files = "files", "案卷材料";
        /// What is supplied with the reply.
        Supplied = "supplied", "提供的文件";
        /// The searches.
        Searches = "searches", "检索记录";
        /// Third parties and agencies that were asked.
        Consultations = "consultations", "征求意见";
        /// What reviewers and approvers did.
        Approvals = "approvals", "审查审批";
        /// Everything that was done.
        Acts = "acts", "办理经过";
    }
);

text_enum!(
    /// A placeholder: `{{request.number}}` or `{{登记编号}}` in a form.
    Placeholder {
        /// Number of the request.
        RequestNumber = "request.number", "登记编号";
        /// Name of the information.
        RequestTitle = "request.title", "申请内容";
        /// Its document number.
        RequestDocumentNumber = "request.document_number", "信息文号";
        /// Other features.
        RequestDescription = "request.description", "特征描述";
        /// Form of supply.
        RequestSupplyForm = "request.supply_form", "提供形式";
        /// Way of delivery.
        RequestDeliveryWay = "request.delivery_way", "获取方式";
        /// Channel.
        RequestChannel = "request.channel", "提交方式";
        /// Day it arrived.
        RequestArrivedOn = "request.arrived_on", "提出日期";
        /// Day of receipt in law.
        RequestReceivedOn = "request.received_on", "收到日期";
        /// Last day for the reply.
        RequestDueOn = "request.due_on", "最迟答复日期";
        /// State.
        RequestState = "request.state", "办理状态";
        /// Officer.
        RequestOfficer = "request.officer", "承办人";
        /// Outcome.
        RequestOutcome = "request.outcome", "办理结果";
        /// Provision it rests on.
        RequestGround = "request.ground", "法律依据";
        /// Number of the reply.
        ReplyNumber = "reply.number", "答复文号";
        /// Day of the reply.
        ReplyIssuedOn = "reply.issued_on", "答复日期";
        /// Name of the applicant.
        ApplicantName = "applicant.name", "申请人";
        /// Class.
        ApplicantKind = "applicant.kind", "申请人类别";
        /// What proves the identity.
        ApplicantCredentialKind = "applicant.credential_kind", "证件类型";
        /// Its number.
        ApplicantCredentialNumber = "applicant.credential_number", "证件号码";
        /// Legal representative.
        ApplicantLegalRepresentative = "applicant.legal_representative", "法定代表人";
        /// Contact person.
        ApplicantContactPerson = "applicant.contact_person", "联系人";
        /// Telephone.
        ApplicantPhone = "applicant.phone", "联系电话";
        /// Mail.
        ApplicantEmail = "applicant.email", "电子邮箱";
        /// Address.
        ApplicantAddress = "applicant.address", "通信地址";
        /// Those who ask together.
        ApplicantOthers = "applicant.others", "共同申请人";
        /// Name of the agent.
        AgentName = "agent.name", "代理人";
        /// Number of the agent's document.
        AgentCredentialNumber = "agent.credential_number", "代理人证件号码";
        /// Telephone of the agent.
        AgentPhone = "agent.phone", "代理人电话";
        /// Powers of the agent.
        AgentAuthority = "agent.authority", "代理权限";
        /// Name of the agency.
        AgencyName = "agency.name", "机关名称";
        /// Its office for disclosure.
        AgencyOffice = "agency.office", "受理机构";
        /// Address of the office.
        AgencyAddress = "agency.address", "机关地址";
        /// Postcode of the office.
        AgencyPostcode = "agency.postcode", "机关邮政编码";
        /// Telephone of the office.
        AgencyPhone = "agency.phone", "机关电话";
        /// Day of printing.
        PrintedOn = "print.date", "打印日期";
        /// Who prints.
        PrintedBy = "print.by", "打印人";
        /// Number of the item.
        ItemNumber = "item.number", "事项序号";
        /// What is asked for.
        ItemTitle = "item.title", "事项名称";
        /// How it was decided.
        ItemOutcome = "item.outcome", "事项处理结果";
        /// The provision.
        ItemGround = "item.ground", "事项法律依据";
        /// Number of the file.
        FileNumber = "file.number", "材料序号";
        /// Its name.
        FileName = "file.name", "材料名称";
        /// What it is for.
        FilePurpose = "file.purpose", "材料用途";
        /// Day it came.
        FileAddedOn = "file.added_on", "材料收到日期";
        /// Number of the supplied file.
        SuppliedNumber = "supplied.number", "提供文件序号";
        /// Its name.
        SuppliedName = "supplied.name", "提供文件名称";
        /// Day of the search.
        SearchOn = "search.on", "检索日期";
        /// Where.
        SearchSystems = "search.systems", "检索范围";
        /// By which words.
        SearchKeywords = "search.keywords", "检索方法";
        /// By whom.
        SearchBy = "search.by", "检索人";
        /// What was found.
        SearchResult = "search.result", "检索结果";
        /// Who was asked.
        ConsultationAddressee = "consultation.addressee", "征求对象";
        /// When.
        ConsultationSentOn = "consultation.sent_on", "征求日期";
        /// When the answer came.
        ConsultationAnsweredOn = "consultation.answered_on", "反馈日期";
        /// What it says.
        ConsultationPosition = "consultation.position", "反馈意见";
        /// Day of the review or approval.
        ApprovalOn = "approval.on", "审批日期";
        /// Which it was.
        ApprovalAct = "approval.act", "审批环节";
        /// What was said.
        ApprovalOpinion = "approval.opinion", "审批意见";
        /// By whom.
        ApprovalBy = "approval.by", "审批人";
        /// Day of the act.
        ActOn = "act.on", "办理日期";
        /// What was done.
        ActWhat = "act.what", "办理事项";
        /// By whom.
        ActBy = "act.by", "办理人";
    }
);

impl Placeholder {
    /// The one of this name, Chinese or stable; blanks within a name say nothing, nor do full-width
    /// letters and dots.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = plain(name);
        Self::ALL.iter().copied().find(|one| one.as_str() == name || one.label() == name)
    }

    /// The list whose line it is of; `None` for what a form says once.
    #[must_use]
    pub fn list(self) -> Option<RowList> {
        match self.as_str().split_once('.').map_or("", |(group, _)| group) {
            "item" => Some(RowList::Items),
            "file" => Some(RowList::Files),
            "supplied" => Some(RowList::Supplied),
            "search" => Some(RowList::Searches),
            "consultation" => Some(RowList::Consultations),
            "approval" => Some(RowList::Approvals),
            "act" => Some(RowList::Acts),
            _ => None,
        }
    }

    /// What it stands for, and an example, in Chinese.
    #[must_use]
    pub const fn about(self) -> (&'static str, &'static str) {
        match self {
            Self::RequestNumber => ("本申请的登记编号", "20260914003"),
            Self::RequestTitle => ("所需政府信息的名称", "老旧小区改造补助资金分配表"),
            Self::RequestDocumentNumber => ("申请人填写的信息文号", "青财〔2025〕12号"),
            Self::RequestDescription => ("申请人填写的其他特征描述，可能有多行", "2024年至2025年"),
            Self::RequestSupplyForm => ("申请人选择的提供形式", "纸质"),
            Self::RequestDeliveryWay => ("申请人选择的获取方式", "邮寄"),
            Self::RequestChannel => ("申请的提交渠道", "当面提交"),
            Self::RequestArrivedOn => ("申请提出的日期", "2026年9月11日"),
            Self::RequestReceivedOn => ("依法认定的收到日期", "2026年9月14日"),
            Self::RequestDueOn => ("目前的最迟答复日期；尚不能确定时为空", "2026年10月16日"),
            Self::RequestState => ("目前的办理状态", "办理中"),
            Self::RequestOfficer => ("承办人姓名", "刘洋"),
            Self::RequestOutcome => ("答复结果；尚未拟定时为空", "予以公开"),
            Self::RequestGround => ("答复结果所依据的条款", "第三十六条第（二）项"),
            Self::ReplyNumber => ("答复书文号；尚未签发时为空", "青财政公开答〔2026〕5号"),
            Self::ReplyIssuedOn => ("答复书签发日期", "2026年9月28日"),
            Self::ApplicantName => ("申请人姓名或者单位名称，脱敏显示", "王*明"),
            Self::ApplicantKind => ("申请人类别", "公民"),
            Self::ApplicantCredentialKind => ("证件类型", "居民身份证"),
            Self::ApplicantCredentialNumber => ("证件号码，脱敏显示", "110***********002X"),
            Self::ApplicantLegalRepresentative => ("单位的法定代表人，脱敏显示", "李*"),
            Self::ApplicantContactPerson => ("单位的联系人，脱敏显示", "张*"),
            Self::ApplicantPhone => ("申请人的联系电话，脱敏显示", "138****5678"),
            Self::ApplicantEmail => ("申请人的电子邮箱，脱敏显示", "w***@example.cn"),
            Self::ApplicantAddress => ("申请人的通信地址，脱敏显示", "青云县****"),
            Self::ApplicantOthers => ("共同申请人姓名，脱敏显示，以顿号分隔", "赵*、钱*"),
            Self::AgentName => ("代理人姓名，脱敏显示", "孙*"),
            Self::AgentCredentialNumber => ("代理人证件号码，脱敏显示", "110***********0021"),
            Self::AgentPhone => ("代理人电话，脱敏显示", "139****0000"),
            Self::AgentAuthority => ("授权委托书载明的权限，其中的号码脱敏显示", "代为申请、领取"),
            Self::AgencyName => ("本机关全称", "青云县财政局"),
            Self::AgencyOffice => ("受理申请的机构名称", "青云县财政局办公室"),
            Self::AgencyAddress => ("受理机构的地址", "青云县人民路1号"),
            Self::AgencyPostcode => ("受理机构的邮政编码", "350000"),
            Self::AgencyPhone => ("受理机构的电话", "0591-12345678"),
            Self::PrintedOn => ("打印当天的日期", "2026年9月15日"),
            Self::PrintedBy => ("打印人的姓名", "刘洋"),
            Self::ItemNumber => ("申请事项的序号", "1"),
            Self::ItemTitle => ("申请事项的内容；未列明事项时为申请内容", "补助资金分配表"),
            Self::ItemOutcome => ("该事项的处理结果", "予以公开"),
            Self::ItemGround => ("该事项所依据的条款", "第三十六条第（二）项"),
            Self::FileNumber => ("案卷材料的序号", "1"),
            Self::FileName => ("案卷材料的文件名，其中的姓名、号码脱敏显示", "申请表.pdf"),
            Self::FilePurpose => ("案卷材料的用途", "申请材料"),
            Self::FileAddedOn => ("案卷材料收到的日期", "2026年9月14日"),
            Self::SuppliedNumber => ("随答复提供的文件的序号", "1"),
            Self::SuppliedName => ("随答复提供的文件名，其中的号码脱敏显示", "分配表.pdf"),
            Self::SearchOn => ("检索的日期", "2026年9月15日"),
            Self::SearchSystems => ("检索的系统和档案", "电子公文系统"),
            Self::SearchKeywords => ("检索的关键词和方法", "老旧小区、补助"),
            Self::SearchBy => ("检索人", "刘洋"),
            Self::SearchResult => ("检索的结果", "查到2份文件"),
            Self::ConsultationAddressee => ("被征求意见的单位或者个人", "青云县住房和城乡建设局"),
            Self::ConsultationSentOn => ("征求意见函发出的日期", "2026年9月16日"),
            Self::ConsultationAnsweredOn => ("收到反馈的日期", "2026年9月20日"),
            Self::ConsultationPosition => ("反馈的意见，或者逾期未答复", "同意公开"),
            Self::ApprovalOn => ("审查、审批的日期", "2026年9月25日"),
            Self::ApprovalAct => ("审查、审批的环节", "审批通过"),
            Self::ApprovalOpinion => ("审查、审批的意见", "同意"),
            Self::ApprovalBy => ("审查人、审批人", "公开工作机构负责人 陈静"),
            Self::ActOn => ("该步骤的日期", "2026年9月14日"),
            Self::ActWhat => ("办理的步骤", "分办"),
            Self::ActBy => ("办理该步骤的人", "登记员 周敏"),
        }
    }
}

/// A name as the catalogue writes it: no blanks, nothing full-width, lower case.
fn plain(name: &str) -> String {
    /// Distance of the full-width signs from the plain ones.
    const OFFSET: u32 = 0xFEE0;
    let narrow = |sign: char| match sign {
        '！'..='～' => char::from_u32(u32::from(sign) - OFFSET).unwrap_or(sign),
        other => other,
    };
    let unseen = |c: &char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{feff}');
    name.chars().filter(|c| !unseen(c)).map(narrow).map(|c| c.to_ascii_lowercase()).collect()
}
