//! Files of a case as the law sees them: what each is for, and what of it the applicant may have.

use super::case::Case;
use super::finding::Inspection;
use super::ids::{FileId, UserId};
use super::refusal::OutgoingRefusal;
use super::text_enum::text_enum;

text_enum!(
    /// What a file is for.
    Purpose {
        /// What the applicant sent along.
        Attachment = "attachment", "申请材料";
        /// Proof of receipt: envelope, call log.
        ReceiptEvidence = "receipt_evidence", "收件凭证";
        /// Proof of service: slip, return receipt.
        ServiceEvidence = "service_evidence", "送达凭证";
        /// What is supplied with a reply.
        Supplied = "supplied", "提供的信息";
        /// Anything else on the file.
        Other = "other", "其他材料";
    }
);

text_enum!(
    /// Whether the applicant may have a supplied file, and if not, why.
    ///
    /// Source: 条例 art. 15, 17, 32, 37; 保密法实施条例 art. 42.
    Release {
        /// It can be downloaded.
        Open = "open", "申请人可以下载";
        /// Nobody has looked at it since it was added, or not at the rights of others.
        Unreviewed = "unreviewed", "加入后尚未经过逐项保密审查";
        /// Hidden data was found in it, and nobody has said that it may stay.
        HiddenData = "hidden_data", "隐藏信息检查发现的问题尚未处理";
        /// The review found against it.
        Forbidden = "forbidden", "审查结论不允许提供";
        /// What it belongs to is not released.
        Withheld = "withheld", "所属事项不予提供";
        /// The reply has not left the agency.
        NotSent = "not_sent", "答复尚未发出";
        /// Taken down.
        Withdrawn = "withdrawn", "已撤下";
    }
);

/// A file that is to be supplied with the reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplied {
    /// The file.
    pub file: FileId,
    /// Its name.
    pub name: String,
    /// The item it belongs to; `None` for all of them.
    pub item: Option<u16>,
    /// Position in the ledger at which it was added: only a later review has seen it.
    pub seq: i32,
    /// Whether it was taken down.
    pub withdrawn: bool,
    /// Who added it.
    pub added_by: Option<UserId>,
    /// What the last look for hidden data found; `None` until there was one.
    pub inspection: Option<Inspection>,
}

impl Supplied {
    /// Whether something was found in it that is neither removed nor confirmed.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        !self.withdrawn && self.inspection.as_ref().is_some_and(|seen| !seen.is_settled())
    }

    /// Refuses a file that may not go out as far as hidden data is concerned.
    ///
    /// # Errors
    ///
    /// [`OutgoingRefusal::Uninspected`], [`OutgoingRefusal::FindingsOpen`].
    pub fn free_of_hidden_data(&self) -> Result<(), OutgoingRefusal> {
        let name = || self.name.clone();
        match &self.inspection {
            None => Err(OutgoingRefusal::Uninspected(name())),
            Some(seen) if !seen.is_settled() => {
                Err(OutgoingRefusal::FindingsOpen { name: name(), found: seen.found.clone() })
            }
            Some(_) => Ok(()),
        }
    }
}

impl Case {
    /// The supplied file with this id.
    #[must_use]
    pub fn supplied_file(&self, file: FileId) -> Option<&Supplied> {
        self.supplied.iter().find(|supplied| supplied.file == file)
    }
}
