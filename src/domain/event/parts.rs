//! What events are made of: parties, positions, findings, scales.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{AgencyId, UserId};
use crate::domain::text_enum::text_enum;

text_enum!(
    /// Who is asked for an opinion.
    Party {
        /// A third party whose rights are touched. Source: 条例 art. 32.
        ThirdParty = "third_party", "第三方";
        /// Another agency. Source: 条例 art. 34.
        Agency = "agency", "其他机关";
    }
);

text_enum!(
    /// What the addressee of a consultation said.
    Position {
        /// Agrees to disclosure.
        Agrees = "agrees", "同意公开";
        /// Agrees to a part.
        Partly = "partly", "同意部分公开";
        /// Objects.
        Objects = "objects", "不同意公开";
    }
);

text_enum!(
    /// What silence means in law.
    SilenceEffect {
        /// The agency decides by itself. Source: 条例 art. 32.
        AgencyDecides = "agency_decides", "由行政机关依法决定";
        /// Counts as consent. Source: 条例 art. 34.
        DeemedConsent = "deemed_consent", "视为同意公开";
        /// Means nothing: the agency asked did not make the information. Source: 条例 art. 11.
        NoDeemedConsent = "no_deemed_consent", "不视为同意公开，由本机关依法处理";
    }
);

text_enum!(
    /// The finding of the secrecy review. Source: 条例 art. 17.
    SecrecyFinding {
        /// May be released.
        Releasable = "releasable", "可以公开";
        /// A part may be released.
        Partly = "partly", "可以部分公开";
        /// Must not be released.
        Secret = "secret", "不得公开";
    }
);

text_enum!(
    /// Which scale of the processing fee. Source: 109号 art. 3.
    FeeScale {
        /// By number of requests in the month.
        Items = "items", "按件";
        /// By pages of this request.
        Pages = "pages", "按量";
    }
);

text_enum!(
    /// What shows that a withdrawal is the applicant's own. A word on the telephone is none.
    Authentication {
        /// Made on the tracking page with number and query code.
        QueryCode = "query_code", "网上凭受理编号和查询码提交";
        /// A signed or sealed paper.
        Signed = "signed", "申请人签名或者盖章的书面声明";
        /// A record taken at the counter and signed.
        SignedRecord = "signed_record", "窗口笔录并由申请人签名";
        /// Telephone with sound record, identity checked.
        Recorded = "recorded", "核验身份并录音的电话";
    }
);

/// What the first entry of a ledger keeps of the register: it binds the entries to their request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// 受理编号.
    pub number: String,
    /// The agency asked.
    pub agency: AgencyId,
    /// Keyed digest of the whole application and the id of its request.
    pub application_digest: String,
}

/// How the text of a draft came about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Written {
    /// Who saved it; in old ledgers only the submitter is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<UserId>,
    /// In how many blocks its words are others than the template's.
    #[serde(default, skip_serializing_if = "is_none")]
    pub changed_blocks: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_none(count: &usize) -> bool {
    *count == 0
}
