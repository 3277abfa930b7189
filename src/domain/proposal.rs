//! What the program proposes to an officer because a limit has passed. It proposes; a person
//! decides.
//!
//! Source: 个人信息保护法 art. 24; rulebook 1.1 (91, 92: "system + officer"), 9.1.

use super::text_enum::text_enum;

text_enum!(
    /// A step that has become possible by the passing of time.
    Proposal {
        /// The printed date has passed without a correction. Source: 条例 art. 30.
        LapseCorrection = "lapse_correction", "补正期限已过，请核实送达情况后决定是否按逾期不补正处理";
        /// The time to pay has passed without payment. Source: 109号 art. 6.
        LapseFee = "lapse_fee", "缴费期限已过，请核实送达情况后决定是否按逾期不缴费处理";
        /// A consultation ended in silence: nobody need be waited for. Source: 条例 art. 32, 34.
        DecideAfterSilence = "decide_after_silence", "征求意见期满未获答复，请依法决定是否公开";
    }
);

impl Proposal {
    /// The provision behind the proposal.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::LapseCorrection => "《政府信息公开条例》第三十条",
            Self::LapseFee => "《政府信息公开信息处理费管理办法》第六条",
            Self::DecideAfterSilence => "《政府信息公开条例》第三十二条、第三十四条",
        }
    }
}
