//! What a case does not have yet before it goes to the archive, and how long it is to be kept.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::archiving::{self, MissingPoint, Retention, Weight};
use crate::domain::ids::{AgencyId, RequestId};

use super::{App, AppError, Principal, ledger};

/// The closing checklist of a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClosingView {
    /// What is missing, what blocks first.
    pub missing: Vec<MissingPoint>,
    /// Whether something blocks the archive.
    pub blocked: bool,
    /// The last day on which the reply can be attacked, as far as the record tells.
    pub remedies_until: Option<NaiveDate>,
    /// 保管期限 proposed.
    pub retention: Retention,
    /// The same in Chinese.
    pub retention_label: String,
    /// Why.
    pub retention_why: String,
}

impl App {
    /// The closing checklist of a request as of today.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's request.
    ///
    /// Source: 条例 art. 45; 档案法 art. 13, 14.
    pub async fn closing(
        &self,
        principal: Principal,
        id: RequestId,
    ) -> Result<ClosingView, AppError> {
        let app = self.clone();
        self.store
            .read(move |conn| {
                let loaded = ledger::load(conn, &app, id.0)?;
                principal.may_see(AgencyId(loaded.row.agency_id))?;
                let points = archiving::missing(&loaded.case, &app.calendar, app.today());
                let missing: Vec<MissingPoint> = points.into_iter().map(Into::into).collect();
                let (retention, why) = app.settings.retention.proposed(&loaded.case);
                Ok(ClosingView {
                    blocked: missing.iter().any(|point| point.weight == Weight::Blocks),
                    missing,
                    remedies_until: archiving::remedies_until(
                        &loaded.case,
                        &app.calendar,
                        app.today(),
                    ),
                    retention,
                    retention_label: retention.label().to_owned(),
                    retention_why: why.to_owned(),
                })
            })
            .await
    }
}
