//! Archived cases whose 保管期限 is over: a list for the archivist. Nothing is destroyed by the program: what
//! is kept longer and what is destroyed the agency decides after appraisal, and two people watch over it.
//!
//! Source: 档案法 art. 31 (鉴定、销毁; nobody destroys files on their own); 机关档案管理规定 (国家档案局令第13号), 鉴定与销毁.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::Conn;
use crate::db::expired_files::{self as rows, ArchivedRequest};
use crate::domain::archiving::{self, Retention};
use crate::domain::event::Event;
use crate::domain::ids::{AgencyId, RequestId};

use super::requests::Page;
use super::{App, AppError, Principal};

/// Archived cases looked at for one page.
const LOOKED_AT: i64 = 200;

/// An archived case whose period is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExpiredFile {
    /// The request.
    pub request: RequestId,
    /// Its number.
    pub number: String,
    /// Its agency.
    pub agency: AgencyId,
    /// What was asked for.
    pub title: String,
    /// 案卷号 under which it was filed away.
    pub volume: String,
    /// Day of closing.
    pub closed_on: NaiveDate,
    /// Day on which it was filed away.
    pub archived_on: NaiveDate,
    /// How long it was to be kept.
    pub retention: Retention,
    /// The same in Chinese.
    pub retention_label: String,
    /// In years.
    pub years: u32,
    /// Whether the entry names no period, so that the longest that ends is assumed.
    pub assumed: bool,
    /// The last day of the period.
    pub ended_on: NaiveDate,
}

/// Which ones.
#[derive(Debug, Clone, Default)]
pub struct ExpiredQuery {
    /// Of one agency.
    pub agency: Option<AgencyId>,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

impl App {
    /// A page of archived cases whose period is over, those that ended first first. A page looks at two
    /// hundred cases, and may hold fewer, or none, although there are further pages.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::NotFound`] for an agency the person does not see;
    /// [`AppError::Invalid`] for a bad cursor.
    pub async fn expired_files(
        &self,
        who: &Principal,
        query: ExpiredQuery,
    ) -> Result<Page<ExpiredFile>, AppError> {
        let scope = who.scope()?.narrowed(query.agency).ok_or(AppError::NotFound("该机关"))?;
        let after = query.cursor.as_deref().map(place).transpose()?;
        self.expired_page(scope.ids(), after).await
    }

    /// The whole list, for the command at the machine.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub async fn all_expired_files(&self) -> Result<Vec<ExpiredFile>, AppError> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = self.expired_page(None, after).await?;
            all.extend(page.items);
            match page.next {
                Some(next) => after = Some(place(&next)?),
                None => return Ok(all),
            }
        }
    }

    async fn expired_page(
        &self,
        agencies: Option<Vec<Uuid>>,
        after: Option<(NaiveDate, Uuid)>,
    ) -> Result<Page<ExpiredFile>, AppError> {
        let today = self.today();
        let upto = archiving::closed_before(today);
        self.store
            .read(move |conn| {
                let found = rows::archived(conn, agencies.as_deref(), upto, after, LOOKED_AT)?;
                let full = i64::try_from(found.len()).is_ok_and(|found| found == LOOKED_AT);
                let last = found.last().filter(|_| full);
                let next = last.and_then(|row| Some(format!("{}_{}", row.4?, row.0)));
                let items = found.into_iter().map(|row| expired(conn, row, today));
                let items: Vec<_> = items.collect::<Result<_, AppError>>()?;
                Ok(Page { items: items.into_iter().flatten().collect(), next })
            })
            .await
    }
}

/// The case, if its period is over.
fn expired(
    conn: &mut Conn,
    (id, agency, number, title, closed_on): ArchivedRequest,
    today: NaiveDate,
) -> Result<Option<ExpiredFile>, AppError> {
    let (Some(closed_on), Some((archived_on, payload))) = (closed_on, rows::filed_away(conn, id)?)
    else {
        return Ok(None);
    };
    let event = serde_json::from_value(payload).map_err(AppError::broken)?;
    let Event::Archived { volume, retention, .. } = event else { return Ok(None) };
    let (retention, assumed) = retention.map_or((Retention::Years30, true), |kept| (kept, false));
    let Some(ended_on) = archiving::kept_until(retention, closed_on).filter(|on| *on < today)
    else {
        return Ok(None);
    };
    Ok(Some(ExpiredFile {
        request: RequestId(id),
        number,
        agency: AgencyId(agency),
        title,
        volume,
        closed_on,
        archived_on,
        retention,
        retention_label: retention.label().to_owned(),
        years: retention.years(),
        assumed,
        ended_on,
    }))
}

/// The place a cursor names.
fn place(cursor: &str) -> Result<(NaiveDate, Uuid), AppError> {
    let parts = cursor.split_once('_');
    let read = parts.and_then(|(on, id)| Some((on.parse().ok()?, id.parse().ok()?)));
    read.ok_or_else(|| {
        AppError::field("cursor", "malformed_cursor", "分页位置无效，请从第一页重新打开")
    })
}
