//! The forms (表格) of the procedure: sheets that are filled in, signed and kept on the file, beside the
//! notices that go out under a number. Source: rulebook 5.3.

use super::text_enum::text_enum;

text_enum!(
    /// A form; its stable name is also that of its wording.
    FormKind {
        /// F01. Source: 条例 art. 29.
        Application = "application_form", "政府信息公开申请表";
        /// F02.
        Register = "register_sheet", "政府信息公开申请登记表";
        /// F07: the slip a third party sends back.
        ThirdPartySlip = "third_party_slip", "政府信息公开第三方意见征询回执";
        /// F10: the answer of another agency.
        AgencySlip = "agency_slip", "关于政府信息公开征求意见的复函";
        /// F11.
        InternalTask = "internal_task", "政府信息公开申请交办单";
        /// F37.
        SupplyList = "supply_list", "政府信息提供清单";
        /// F39.
        Withdrawal = "withdrawal_confirmation", "撤回政府信息公开申请确认书";
        /// F40.
        PowerOfAttorney = "power_of_attorney", "授权委托书";
        /// F42.
        Handling = "handling_sheet", "政府信息公开申请办理单";
        /// F43.
        Secrecy = "secrecy_sheet", "政府信息公开保密审查表";
        /// F44.
        Extension = "extension_sheet", "政府信息公开申请延期答复审批单";
        /// F46.
        Defence = "defence_answer", "行政复议答复书";
    }
);

impl FormKind {
    /// Whether people take it away empty, to fill it in at home: open to all.
    #[must_use]
    pub const fn is_for_applicants(self) -> bool {
        matches!(self, Self::Application | Self::PowerOfAttorney)
    }
}
