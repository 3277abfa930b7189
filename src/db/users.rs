//! People who sign in, and their roles.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::{user_roles, users};
use super::types::{DbAt, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError, cas};

/// A row of `users`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct UserRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// Sign-in name in lower case, unique.
    pub login: String,
    /// Name of the person.
    pub name: String,
    /// Argon2id hash in PHC form.
    pub password_hash: String,
    /// The agency of the person; none for the whole county.
    pub agency_id: Maybe<Uuid>,
    /// Where to write to.
    pub email: Option<String>,
    /// Whether the person may sign in.
    pub active: bool,
    /// Wrong passwords since the last right one.
    pub failed_logins: i32,
    /// No sign-in before this instant.
    pub locked_until_at: Maybe<DateTime<Utc>>,
    /// Whether the password must be changed at the next sign-in.
    pub must_change: bool,
    /// Version of this row, from 1.
    pub version: i32,
    /// When the person was entered.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When the row was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
    /// The unit of their agency they work in.
    pub unit_id: Maybe<Uuid>,
}

#[derive(Insertable)]
#[diesel(table_name = user_roles)]
struct RoleRow<'a> {
    user_id: DbId,
    role: &'a str,
}

/// Enters a person with roles.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] `users_login_key`, [`StoreError::ForeignKeyViolation`] for an
/// unknown agency, [`StoreError::CheckViolation`] `user_roles_role_check`.
pub fn insert(conn: &mut Conn, row: UserRow, roles: &[&str]) -> Result<(), StoreError> {
    let id = row.id;
    diesel::insert_into(users::table).values(row).execute(conn)?;
    insert_roles(conn, id, roles)
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`], [`StoreError::NotFound`], [`StoreError::UniqueViolation`].
pub fn update(conn: &mut Conn, row: UserRow) -> Result<UserRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = UserRow { version: read + 1, ..row };
    let changed = diesel::update(users::table.find(DbId(id)))
        .filter(users::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|row| row.is_some()))?;
    Ok(next)
}

/// Gives a person exactly these roles.
///
/// # Errors
///
/// [`StoreError::ForeignKeyViolation`], [`StoreError::CheckViolation`].
pub fn set_roles(conn: &mut Conn, id: Uuid, roles: &[&str]) -> Result<(), StoreError> {
    diesel::delete(user_roles::table.filter(user_roles::user_id.eq(DbId(id)))).execute(conn)?;
    insert_roles(conn, id, roles)
}

/// Notes how a sign-in went, without a new version: nobody's edit becomes stale by it.
///
/// A wrong password counts up in one statement, so that parallel guesses are all counted; a right
/// one starts again from 0. Returns the count.
///
/// # Errors
///
/// [`StoreError::NotFound`].
pub fn note_sign_in(conn: &mut Conn, id: Uuid, right: bool) -> Result<i32, StoreError> {
    let user = users::table.find(DbId(id));
    let count = if right {
        diesel::update(user)
            .set((users::failed_logins.eq(0), users::locked_until_at.eq(None::<DateTime<Utc>>)))
            .returning(users::failed_logins)
            .get_result(conn)?
    } else {
        diesel::update(user)
            .set(users::failed_logins.eq(users::failed_logins + 1))
            .returning(users::failed_logins)
            .get_result(conn)?
    };
    Ok(count)
}

/// Bars a person from signing in until an instant.
///
/// # Errors
///
/// Only failures of the database.
pub fn lock_until(conn: &mut Conn, id: Uuid, until: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(users::table.find(DbId(id)))
        .set(users::locked_until_at.eq(Some(until)))
        .execute(conn)?;
    Ok(())
}

/// The person with this id.
///
/// # Errors
///
/// [`StoreError::NotFound`].
pub fn get(conn: &mut Conn, id: Uuid) -> Result<UserRow, StoreError> {
    find(conn, id)?.ok_or(StoreError::NotFound)
}

/// The person with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<UserRow>, StoreError> {
    Ok(users::table.find(DbId(id)).select(UserRow::as_select()).get_result(conn).optional()?)
}

/// The person with this sign-in name in lower case, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find_by_login(conn: &mut Conn, login: &str) -> Result<Option<UserRow>, StoreError> {
    let user = users::table.filter(users::login.eq(login)).select(UserRow::as_select());
    Ok(user.get_result(conn).optional()?)
}

/// The roles of a person, sorted.
///
/// # Errors
///
/// Only failures of the database.
pub fn roles(conn: &mut Conn, id: Uuid) -> Result<Vec<String>, StoreError> {
    Ok(user_roles::table
        .filter(user_roles::user_id.eq(DbId(id)))
        .select(user_roles::role)
        .order(user_roles::role)
        .load(conn)?)
}

/// People in the order they were entered, of one agency or of all.
///
/// # Errors
///
/// Only failures of the database.
pub fn list(conn: &mut Conn, agency: Option<Uuid>) -> Result<Vec<UserRow>, StoreError> {
    let mut query = users::table.select(UserRow::as_select()).into_boxed::<MultiBackend>();
    if agency.is_some() {
        query = query.filter(users::agency_id.eq(agency));
    }
    Ok(query.order(users::id).load(conn)?)
}

/// Active people with a role, in the order they were entered.
///
/// # Errors
///
/// Only failures of the database.
pub fn with_role(conn: &mut Conn, role: &str) -> Result<Vec<UserRow>, StoreError> {
    Ok(users::table
        .inner_join(user_roles::table)
        .filter(user_roles::role.eq(role))
        .filter(users::active.eq(true))
        .order(users::id)
        .select(UserRow::as_select())
        .load(conn)?)
}

/// The person with this id, held until the end of the transaction: another one that asks for the
/// same person waits. (On SQLite a transaction that writes is alone anyway.)
///
/// # Errors
///
/// [`StoreError::NotFound`].
pub fn lock(conn: &mut Conn, id: Uuid) -> Result<UserRow, StoreError> {
    diesel::update(users::table.find(DbId(id)))
        .set(users::updated_at.eq(users::updated_at))
        .execute(conn)?;
    get(conn, id)
}

/// Holds the rows of all who have a role until the end of the transaction, so that another one that
/// counts them waits. (On SQLite a transaction that writes is alone anyway.)
///
/// # Errors
///
/// Only failures of the database.
pub fn lock_with_role(conn: &mut Conn, role: &str) -> Result<(), StoreError> {
    let bearers = user_roles::table.filter(user_roles::role.eq(role)).select(user_roles::user_id);
    diesel::update(users::table.filter(users::id.eq_any(bearers)))
        .set(users::updated_at.eq(users::updated_at))
        .execute(conn)?;
    Ok(())
}

fn insert_roles(conn: &mut Conn, id: Uuid, roles: &[&str]) -> Result<(), StoreError> {
    let rows: Vec<RoleRow<'_>> =
        roles.iter().map(|role| RoleRow { user_id: DbId(id), role }).collect();
    crate::each!(conn, |c| diesel::insert_into(user_roles::table).values(&rows).execute(c))?;
    Ok(())
}
