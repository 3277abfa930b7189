//! How long the agency has to answer the body before which a remedy runs.

use chrono::{Days, NaiveDate};

use crate::domain::calendar::{Calendar, CalendarError};
use crate::domain::command::{RemedyKindOpened, RemedyProcedure};
use crate::domain::text_enum::text_enum;
use crate::domain::working_days::{Reached, WorkingDays};

/// Simplified reconsideration. Source: 行政复议法 art. 54 ¶1, 88 ¶2 (working days).
const SIMPLIFIED: WorkingDays = WorkingDays(5);
/// Ordinary reconsideration. Source: 行政复议法 art. 48, 88 ¶2 (working days).
const ORDINARY: WorkingDays = WorkingDays(10);
/// Suit, calendar days. Source: 行政诉讼法 art. 67 ¶1.
const SUIT: Days = Days::new(15);

text_enum!(
    /// What fixes the agency's time to answer with evidence.
    AnswerTerm {
        /// Simplified procedure of the review body.
        SimplifiedReview = "simplified_review", "行政复议简易程序";
        /// Ordinary procedure of the review body.
        OrdinaryReview = "ordinary_review", "行政复议普通程序";
        /// Before a court, whatever its procedure.
        Suit = "suit", "行政诉讼";
    }
);

impl AnswerTerm {
    /// The term of a remedy; `None` for a reconsideration whose procedure is not known.
    #[must_use]
    pub const fn of(kind: RemedyKindOpened, procedure: Option<RemedyProcedure>) -> Option<Self> {
        match (kind, procedure) {
            (RemedyKindOpened::Reconsideration, None) => None,
            (RemedyKindOpened::Reconsideration, Some(RemedyProcedure::Simplified)) => {
                Some(Self::SimplifiedReview)
            }
            (RemedyKindOpened::Reconsideration, Some(RemedyProcedure::Ordinary)) => {
                Some(Self::OrdinaryReview)
            }
            (RemedyKindOpened::Suit | RemedyKindOpened::SuitAfterReconsideration, _) => {
                Some(Self::Suit)
            }
        }
    }

    /// The last day to answer when the notice came on `opened_on`: that day is not counted, and no
    /// limit ends on a day of rest.
    ///
    /// # Errors
    ///
    /// [`CalendarError::OutOfRange`] outside the calendar.
    ///
    /// Source: 行政复议法 art. 48, 54 ¶1, 88; 行政诉讼法 art. 67 ¶1; rulebook C1, C3, 5.4.
    pub fn last_day(
        self,
        calendar: &Calendar,
        opened_on: NaiveDate,
    ) -> Result<Reached, CalendarError> {
        match self {
            Self::SimplifiedReview => calendar.nth_working_day_after(opened_on, SIMPLIFIED),
            Self::OrdinaryReview => calendar.nth_working_day_after(opened_on, ORDINARY),
            Self::Suit => {
                let on = opened_on.checked_add_days(SUIT).ok_or(CalendarError::OutOfRange)?;
                calendar.roll_forward(on)
            }
        }
    }

    /// The provision it follows from, in Chinese citation form.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::SimplifiedReview => "《行政复议法》第五十四条第一款",
            Self::OrdinaryReview => "《行政复议法》第四十八条",
            Self::Suit => "《行政诉讼法》第六十七条第一款",
        }
    }
}
