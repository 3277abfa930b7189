//! Enums as text: the stable snake_case name goes into the column, a CHECK guards it.

/// Stores an enum of the domain as its stable name in a text column, on both backends.
///
/// The type must have `fn as_str(&self) -> &'static str` (or `self`, when it is `Copy`) and
/// implement [`std::str::FromStr`] for the same names; it need know nothing of diesel. A name in
/// the database that the type does not know is a deserialization error and becomes
/// [`StoreError::Corrupt`](crate::db::StoreError::Corrupt).
///
/// ```ignore
/// stored_as_text!(crate::domain::RequestState);
/// ```
#[macro_export]
macro_rules! stored_as_text {
    ($ty:ty) => {
        const _: () = {
            use diesel::sql_types::Text;

            #[derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
            #[diesel(foreign_derive)]
            #[diesel(sql_type = Text)]
            #[expect(dead_code, reason = "only carries the derives over to the real type")]
            struct Proxy($ty);

            impl<DB> diesel::serialize::ToSql<Text, DB> for $ty
            where
                DB: diesel::backend::Backend,
                str: diesel::serialize::ToSql<Text, DB>,
            {
                fn to_sql<'b>(
                    &'b self,
                    out: &mut diesel::serialize::Output<'b, '_, DB>,
                ) -> diesel::serialize::Result {
                    <str as diesel::serialize::ToSql<Text, DB>>::to_sql(self.as_str(), out)
                }
            }

            impl<DB> diesel::deserialize::FromSql<Text, DB> for $ty
            where
                DB: diesel::backend::Backend,
                String: diesel::deserialize::FromSql<Text, DB>,
            {
                fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                    let name = <String as diesel::deserialize::FromSql<Text, DB>>::from_sql(bytes)?;
                    name.parse::<$ty>().map_err(|error| {
                        format!("{name:?} is no {}: {error}", stringify!($ty)).into()
                    })
                }
            }
        };
    };
}
