//! Numbers without gap or double, per agency, series and year.
//!
//! The row of the series is the lock: on PostgreSQL the second issuer waits for the first to commit
//! or roll back, on SQLite there is one writer. A rolled-back transaction gives its number back.
//! Request numbers use the series [`REQUESTS`].

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::per_backend::portable::{Cached, Portable};
use super::schema::{agencies, document_numbers, number_series};
use super::types::{DbAt, DbId};
use super::{Conn, MultiBackend, StoreError};

/// The series of request numbers; 文号 series are named by their 机关代字.
pub const REQUESTS: &str = "#request";

/// The series of numbers that were written on paper and are none of the agency's own series.
pub const ON_PAPER: &str = "#paper";

/// A row of `document_numbers`: a 文号 that was given out, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = document_numbers, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct DocumentNumberRow {
    /// Whose series.
    #[diesel(serialize_as = DbId)]
    pub agency_id: Uuid,
    /// Which series.
    pub series: String,
    /// Civil year.
    pub year: i32,
    /// The running number, from 1.
    pub n: i32,
    /// The 文号 as printed.
    pub text: String,
    /// The notice that bears it.
    pub notice_id: Option<Uuid>,
    /// When it was given out.
    #[diesel(serialize_as = DbAt)]
    pub allotted_at: DateTime<Utc>,
    /// When it was voided.
    pub voided_at: Option<DateTime<Utc>>,
    /// Why.
    pub void_reason: Option<String>,
    /// By whom.
    pub voided_by: Option<Uuid>,
}

/// The next number of a series, to be used in the same transaction or given back with it.
///
/// # Errors
///
/// [`StoreError::ForeignKeyViolation`] for an unknown agency.
pub fn next(conn: &mut Conn, agency: Uuid, series: &str, year: i32) -> Result<i32, StoreError> {
    let first = (
        number_series::agency_id.eq(DbId(agency)),
        number_series::series.eq(series),
        number_series::year.eq(year),
        number_series::last_n.eq(1),
    );
    let upsert = diesel::insert_into(number_series::table)
        .values(first)
        .on_conflict((number_series::agency_id, number_series::series, number_series::year))
        .do_update()
        .set(number_series::last_n.eq(number_series::last_n + 1))
        .returning(number_series::last_n);
    Ok(Cached(Portable(upsert)).get_result(conn)?)
}

/// Enters a 文号 in the register.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] `document_numbers_agency_id_series_year_n_key`.
pub fn record(conn: &mut Conn, row: DocumentNumberRow) -> Result<(), StoreError> {
    diesel::insert_into(document_numbers::table).values(row).execute(conn)?;
    Ok(())
}

/// A 文号 of an agency by its text.
///
/// # Errors
///
/// Only failures of the database.
pub fn by_text(
    conn: &mut Conn,
    agency: Uuid,
    text: &str,
) -> Result<Option<DocumentNumberRow>, StoreError> {
    Ok(document_numbers::table
        .filter(document_numbers::agency_id.eq(DbId(agency)))
        .filter(document_numbers::text.eq(text))
        .select(DocumentNumberRow::as_select())
        .first(conn)
        .optional()?)
}

/// Names the notice that bears a 文号 which was given out before.
///
/// # Errors
///
/// [`StoreError::NotFound`] when another one bears it, or there is none.
pub fn borne_by(
    conn: &mut Conn,
    (agency, series, year, n): (Uuid, &str, i32, i32),
    notice: Uuid,
) -> Result<(), StoreError> {
    let named = diesel::update(document_numbers::table.find((DbId(agency), series, year, n)))
        .filter(document_numbers::notice_id.is_null())
        .set(document_numbers::notice_id.eq(Some(notice)))
        .execute(conn)?;
    if named == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Marks a 文号 as void. It is never given out again.
///
/// # Errors
///
/// [`StoreError::NotFound`] when there is no such number or it is void already.
pub fn void(
    conn: &mut Conn,
    number: (Uuid, &str, i32, i32),
    by: Option<Uuid>,
    at: DateTime<Utc>,
    reason: &str,
) -> Result<(), StoreError> {
    let (agency, series, year, n) = number;
    let voided = diesel::update(document_numbers::table.find((DbId(agency), series, year, n)))
        .filter(document_numbers::voided_at.is_null())
        .set((
            document_numbers::voided_at.eq(Some(at)),
            document_numbers::void_reason.eq(Some(reason)),
            document_numbers::voided_by.eq(by),
        ))
        .execute(conn)?;
    if voided == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// The register of one series and year in order.
///
/// # Errors
///
/// Only failures of the database.
pub fn register(
    conn: &mut Conn,
    agency: Uuid,
    series: &str,
    year: i32,
) -> Result<Vec<DocumentNumberRow>, StoreError> {
    Ok(document_numbers::table
        .filter(document_numbers::agency_id.eq(DbId(agency)))
        .filter(document_numbers::series.eq(series))
        .filter(document_numbers::year.eq(year))
        .order(document_numbers::n)
        .select(DocumentNumberRow::as_select())
        .load(conn)?)
}

/// The number a notice bears, as the register has it.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_notice(conn: &mut Conn, notice: Uuid) -> Result<Option<DocumentNumberRow>, StoreError> {
    Ok(document_numbers::table
        .filter(document_numbers::notice_id.eq(Some(notice)))
        .select(DocumentNumberRow::as_select())
        .get_result(conn)
        .optional()?)
}

/// The series of request numbers: serial number of the agency, year, last number given out.
///
/// # Errors
///
/// Only failures of the database.
pub fn request_series(conn: &mut Conn) -> Result<Vec<(i32, i32, i32)>, StoreError> {
    Ok(number_series::table
        .inner_join(agencies::table)
        .filter(number_series::series.eq(REQUESTS))
        .select((agencies::serial, number_series::year, number_series::last_n))
        .load(conn)?)
}

/// Series of document numbers in which something is missing: the register must hold exactly 1…n.
///
/// # Errors
///
/// Only failures of the database.
pub fn gaps(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let series: Vec<(Uuid, String, i32, i32)> = number_series::table
        .filter(number_series::series.ne(REQUESTS))
        .select((
            number_series::agency_id,
            number_series::series,
            number_series::year,
            number_series::last_n,
        ))
        .load(conn)?;
    let mut gaps = Vec::new();
    let counted: Vec<(Uuid, String, i32)> = document_numbers::table
        .select((document_numbers::agency_id, document_numbers::series, document_numbers::year))
        .distinct()
        .load(conn)?;
    for (agency, name, year) in counted {
        if !series
            .iter()
            .any(|(of, known, in_year, _)| (of, known, in_year) == (&agency, &name, &year))
        {
            gaps.push(format!("{name}〔{year}〕 has numbers and no series"));
        }
    }
    for (agency, name, year, last_n) in series {
        let numbers: Vec<i32> =
            register(conn, agency, &name, year)?.into_iter().map(|row| row.n).collect();
        if numbers != (1..=last_n).collect::<Vec<_>>() {
            gaps.push(format!("{name}〔{year}〕 1–{last_n}, {} on record", numbers.len()));
        }
    }
    Ok(gaps)
}
