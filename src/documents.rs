//! The notices (文书) as files: wording, PDF, preview picture and editable DOCX.
//!
//! One structured [`Notice`] is the source of everything. [`wording`] fills the sentences of a
//! template with the facts of a case; [`engine`] sets the notice as PDF/A or PNG by Typst;
//! [`docx()`] writes the same content for Word and WPS, [`html()`] for the screen. Nothing here knows the database or the law:
//! every date and every number arrives ready.

mod codes;
mod contact_sheet;
pub mod docx;
pub mod engine;
pub mod error;
mod font_file;
pub mod fonts;
pub mod html;
pub mod inspect;
pub mod notice;
pub mod own_form;
pub mod pack;
pub mod pdf;
pub mod print;
pub mod redact;
pub mod seal_picture;
mod sheet;
pub mod text;
pub mod wording;
mod world;

pub use docx::docx;
pub use engine::Engine;
pub use error::{EngineError, MissingGlyph, RenderError};
pub use html::html;
pub use notice::{Block, Column, Layout, Notice, Row, Seal, TemplateRef};
pub use wording::{Wording, WordingError};
