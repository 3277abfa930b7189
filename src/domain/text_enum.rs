//! Enumerations with one stable snake_case name each: in the database, in JSON, in the ledger.

/// Declares an enum whose variants carry their stable name and their Chinese label.
///
/// The name is what is stored and sent; it never changes. The label is what people read. (`tt`, so
/// that the name reaches utoipa as the literal it is: a `literal` fragment it does not see.)
macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:tt, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize, utoipa::ToSchema,
        )]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name: database, JSON, ledger.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The name people read, in Simplified Chinese.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::text_enum::UnknownName;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    other => Err($crate::domain::text_enum::UnknownName {
                        kind: stringify!($name), name: other.to_owned(),
                    }),
                }
            }
        }
    };
}
pub(crate) use text_enum;

/// A stored or sent name that no variant bears.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is no {kind}")]
pub struct UnknownName {
    /// The enumeration that was asked.
    pub kind: &'static str,
    /// What was found.
    pub name: String,
}
