//! Fonts for files that bring none.

use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{FontData, FontQuery};

/// Fonts to read and draw a PDF with where it does not bring its own.
#[derive(Clone)]
pub struct ReadingFonts {
    /// For the fourteen fonts that every reader has.
    pub western: Option<(FontData, u32)>,
    /// For everything else.
    pub chinese: Option<(FontData, u32)>,
}

impl ReadingFonts {
    /// The settings of a reader with these fonts; annotations are read and drawn, as readers do.
    #[must_use]
    pub fn settings(&self) -> InterpreterSettings {
        let fonts = self.clone();
        let resolver = move |query: &FontQuery| match query {
            FontQuery::Standard(_) => fonts.western.clone().or_else(|| fonts.chinese.clone()),
            FontQuery::Fallback(_) => fonts.chinese.clone().or_else(|| fonts.western.clone()),
        };
        InterpreterSettings { font_resolver: Arc::new(resolver), ..InterpreterSettings::default() }
    }
}
