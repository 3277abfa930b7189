//! Reading PDF files of others: opened with care, read glyph by glyph, drawn as pictures.

pub mod open;
pub mod picture;
pub mod settings;
pub mod text;

pub use open::Unread;
pub use settings::ReadingFonts;
