//! Requests that ask for the same in other words: indexed by the worker after the filing, looked up
//! when an officer opens a case.

use uuid::Uuid;

use crate::db::applications::{self, ApplicationRow};
use crate::db::requests::{self as rows, RequestRow};
use crate::db::{Conn, agencies, terms};
use crate::domain::request::Application;
use crate::domain::similarity::{ALIKE_FROM, Bigram, COMMON, Weights, bigrams, likeness};

use super::{App, AppError};

/// Entries of the index that are read for one look-up. It bounds the time, whatever the texts.
const BUDGET: u32 = 10_000;

/// Requests whose texts are compared in full, of all and of the same applicant.
const COMPARED: i64 = 40;

/// A request that asks for much the same.
pub(super) struct Similar {
    pub row: RequestRow,
    /// In hundredths.
    pub likeness: u8,
    pub same_applicant: bool,
}

/// The pairs of what an application asks for; the name of the information first.
fn pairs(row: &ApplicationRow) -> Result<Vec<Bigram>, AppError> {
    let form: Application = serde_json::from_value(row.form.clone()).map_err(AppError::broken)?;
    Ok(bigrams(&format!("{}\n{}\n{}", form.title, form.document_number, form.description)))
}

impl App {
    /// Makes requests searchable that are not yet, at most `limit`; returns how many. Several
    /// workers may do the same ones: the second changes nothing.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub async fn index_due(&self, limit: usize) -> Result<usize, AppError> {
        let limit = i64::try_from(limit).map_err(AppError::broken)?;
        let waiting = self.store.read(move |conn| applications::unindexed(conn, limit)).await;
        let waiting = waiting.map_err(AppError::Store)?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let taken = waiting.len();
        self.store
            .write(move |conn| {
                let mut done: Vec<Uuid> = Vec::with_capacity(waiting.len());
                for row in &waiting {
                    let agency = rows::get(conn, row.request_id)?.agency_id;
                    let serial = agencies::get(conn, agency)?.serial;
                    let found: Vec<i64> =
                        pairs(row)?.into_iter().map(|pair| pair.term(serial)).collect();
                    terms::enter(conn, row.request_id, &found)?;
                    done.push(row.request_id);
                }
                applications::mark_indexed(conn, &done)?;
                Ok::<_, AppError>(())
            })
            .await?;
        Ok(taken)
    }
}

/// Requests to the same agency that ask for much the same: those of the same applicant first, then
/// the likest; at most `limit`. `own` are further requests of the applicant.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn similar(
    conn: &mut Conn,
    request: &RequestRow,
    application: &ApplicationRow,
    own: &[Uuid],
    limit: usize,
) -> Result<Vec<Similar>, AppError> {
    let asked = pairs(application)?;
    let serial = agencies::get(conn, request.agency_id)?.serial;
    let by_term: Vec<(i64, Bigram)> = asked.iter().map(|pair| (pair.term(serial), *pair)).collect();
    let wanted: Vec<i64> = by_term.iter().map(|(term, _)| *term).collect();
    let counted: Vec<(Bigram, u32)> = terms::frequencies(conn, &wanted, i64::from(COMMON))?
        .into_iter()
        .filter_map(|(term, count)| {
            let (_, pair) = by_term.iter().find(|(known, _)| *known == term)?;
            Some((*pair, u32::try_from(count).unwrap_or(COMMON)))
        })
        .collect();
    let borne: Vec<(Bigram, u32)> = counted.iter().copied().filter(|(_, n)| *n > 0).collect();
    let telling: Vec<i64> =
        Weights::telling(&borne, BUDGET).into_iter().map(|pair| pair.term(serial)).collect();
    let mut candidates = terms::bearing(conn, &telling, i64::from(BUDGET), COMPARED)?;
    let compared = usize::try_from(COMPARED).unwrap_or_default();
    for id in own.iter().take(compared) {
        if !candidates.contains(id) {
            candidates.push(*id);
        }
    }
    candidates.retain(|id| *id != request.id);
    let weights = Weights::new(counted);
    let mut found = Vec::new();
    for other in applications::of_requests(conn, &candidates)? {
        let likeness = likeness(&asked, &pairs(&other)?, &weights);
        if likeness >= ALIKE_FROM {
            let same_applicant = other.applicant_key == application.applicant_key;
            found.push((other.request_id, likeness, same_applicant));
        }
    }
    found.sort_by_key(|(id, likeness, same)| std::cmp::Reverse((*same, *likeness, *id)));
    found.truncate(limit);
    found
        .into_iter()
        .map(|(id, likeness, same_applicant)| {
            Ok(Similar { row: rows::get(conn, id)?, likeness, same_applicant })
        })
        .collect()
}
