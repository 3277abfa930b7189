//! What people put on record beside the procedure, as a case knows it: notices made on paper, and
//! why findings of the gate before approval stand.

use chrono::NaiveDate;

use super::Case;
use crate::domain::event::Event;
use crate::domain::gate::DraftFindingKind;
use crate::domain::notice::NoticeKind;
use crate::domain::paper::{DEFECT, PaperNotice};

impl Case {
    /// The notice of this kind and day that was made on paper and whose step is still to follow.
    #[must_use]
    pub fn paper_notice(&self, kind: NoticeKind, on: NaiveDate) -> Option<&PaperNotice> {
        let (_, paper) = self.paper.as_ref()?;
        (self.paper_day(kind) == Some(on)).then_some(paper)
    }

    /// The day of the notice of this kind that was made on paper and whose step is still to follow.
    #[must_use]
    pub fn paper_day(&self, kind: NoticeKind) -> Option<NaiveDate> {
        let (made_on, paper) = self.paper.as_ref()?;
        (paper.notice_kind == kind).then_some(*made_on)
    }

    /// Whether somebody said why a finding of this kind with these words stands.
    #[must_use]
    pub fn has_acknowledged(&self, kind: DraftFindingKind, excerpt: &str) -> bool {
        self.acknowledged.iter().any(|(known, words)| *known == kind && words == excerpt.trim())
    }

    pub(super) fn note_paper(&mut self, on: NaiveDate, event: &Event) {
        match event {
            Event::PaperNoticeRecorded(paper) => {
                self.paper = Some((on, paper.clone()));
                if !self.own_defects.contains(&DEFECT) {
                    self.own_defects.push(DEFECT);
                }
            }
            Event::FindingAcknowledged(finding) => {
                self.acknowledged.push((finding.finding, finding.excerpt.clone()));
            }
            // The step that it belongs to has followed.
            Event::NoticeIssued { notice_kind, .. } => {
                self.paper =
                    self.paper.take().filter(|(_, paper)| paper.notice_kind != *notice_kind);
            }
            _ => {}
        }
    }
}
