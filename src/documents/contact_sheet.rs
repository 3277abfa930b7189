//! Contact sheets (样张总览): pages of many documents, small, side by side, so that a person sees at
//! one glance what the program prints.

use std::collections::HashMap;

use serde_json::json;
use typst::foundations::Bytes;
use typst_layout::PagedDocument;
use typst_render::RenderOptions;

use super::engine::{Engine, refused};
use super::error::RenderError;
use super::fonts::Role;
use super::notice::Notice;
use super::world::{Desk, picture_path};

/// Fineness of one small page: its text can just be read.
const PAGE_DPI: u16 = 60;

/// Pixels per point of a whole sheet (A3 across).
const SHEET_SCALE: f64 = 1.35;

impl Engine {
    /// Returns contact sheets as PNG pictures: each page of each notice with the caption beside it.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::png`].
    pub fn contact_sheets(
        &self,
        notices: &[(String, Notice)],
    ) -> Result<Vec<Vec<u8>>, RenderError> {
        let fault = |text: &str| RenderError::Typesetting(text.to_owned());
        let mut files = HashMap::new();
        let mut pages = Vec::new();
        for (caption, notice) in notices {
            let count = self.pages(notice)?;
            for page in 1..=count {
                let path = picture_path(pages.len() + 1).ok_or_else(|| fault("too many pages"))?;
                files.insert(path, Bytes::new(self.png(notice, page, PAGE_DPI)?));
                let caption = match count {
                    1 => caption.clone(),
                    _ => format!("{caption}（{page}/{count}）"),
                };
                pages.push(json!({ "src": path, "caption": caption }));
            }
        }
        let font = self.fonts.chain(Role::Heading);
        let data = json!({ "title": "样张总览", "font": font, "pages": pages }).to_string();
        files.insert("/data.json", Bytes::from_string(data));
        let desk = Desk::of(&self.fonts, "/contact.typ", files)
            .ok_or_else(|| fault("layout template is not built in"))?;
        let set = typst::compile::<PagedDocument>(&desk).output;
        // The pictures are large, and nobody sets them again.
        comemo::evict(0);
        let document = set.map_err(|errors| refused(&errors))?;
        let options =
            RenderOptions { pixel_per_pt: SHEET_SCALE.into(), ..RenderOptions::default() };
        let png = |sheet| {
            let picture = typst_render::render(sheet, &options);
            picture.encode_png().map_err(|e| RenderError::Packaging(e.to_string()))
        };
        document.pages().iter().map(png).collect()
    }
}
