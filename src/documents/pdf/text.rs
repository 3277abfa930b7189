//! The text of a page glyph by glyph, with its place, and whether anybody can see it.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use hayro::hayro_interpret::font::Glyph;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, Paint,
    PathDrawMode, SoftMask, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Name, Object};
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::kurbo::{Affine, BezPath, Point, Rect, Shape};

use super::open::Unread;
use super::settings::ReadingFonts;

/// Most drawing steps of a page and of a file, each glyph that a box is compared with counted as a part
/// of one.
const STEPS_OF_PAGE: u64 = 500_000;
const STEPS_OF_FILE: u64 = 10_000_000;
/// Share of its bounding box that a shape fills if it is a box.
const BOX_SHARE: f64 = 0.9;
/// Opacity from which something hides what lies below, and below which it is not seen itself.
const OPAQUE: f32 = 0.9;
const UNSEEN: f32 = 0.05;
/// Least of each colour in white.
const WHITE: u8 = 250;

/// How a glyph stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It is drawn.
    Plainly,
    /// It is there for the machine only: drawn in no way, or outside the page.
    Not,
    /// It has the colour of the paper.
    WhiteOnWhite,
    /// Something was drawn over it.
    Covered,
}

/// A glyph on a page; in points, from the top left corner as the page is shown.
#[derive(Debug, Clone)]
pub struct Placed {
    /// What it says; nothing where the file does not tell.
    pub text: Option<String>,
    /// The box it takes.
    pub area: Rect,
    /// Where it begins on its line, and where the next one does.
    pub start: Point,
    /// See `start`.
    pub end: Point,
    /// Its size.
    pub size: f64,
    /// Whether it can be seen.
    pub seen: Seen,
}

/// What stands on one page.
#[derive(Debug, Clone, Default)]
pub struct PageText {
    /// Its glyphs in the order they are drawn.
    pub glyphs: Vec<Placed>,
}

/// Reads the pages of a file.
///
/// # Errors
///
/// [`Unread::TooLarge`] when there is no end to it, [`Unread::Damaged`] when the reader breaks off.
pub fn read(pdf: &Pdf, fonts: &ReadingFonts) -> Result<Vec<PageText>, Unread> {
    let reading = AssertUnwindSafe(|| {
        let cache = InterpreterCache::new();
        let mut left = STEPS_OF_FILE;
        let pages = pdf.pages().iter();
        pages.map(|page| read_page(pdf, page, &cache, fonts, &mut left)).collect()
    });
    catch_unwind(reading).map_err(|why| match why.downcast_ref::<NoEnd>() {
        Some(NoEnd) => Unread::TooLarge,
        None => Unread::Damaged,
    })
}

/// How a page is turned and shifted to be shown, and the box it takes then.
#[must_use]
pub fn frame(page: &Page<'_>) -> (Affine, Rect) {
    let (width, height) = page.render_dimensions();
    let frame = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    (page.initial_transform(true).to_kurbo(), frame)
}

fn read_page<'p>(
    pdf: &'p Pdf,
    page: &'p Page<'p>,
    cache: &InterpreterCache<'p>,
    fonts: &ReadingFonts,
    of_file: &mut u64,
) -> PageText {
    let mut left = STEPS_OF_PAGE.min(*of_file);
    let given = left;
    let (turned, frame) = frame(page);
    let mut context = Context::new(turned, frame, cache, pdf.xref(), fonts.settings());
    let mut reader = Reader {
        page: PageText::default(),
        clips: vec![frame],
        inks: Vec::new(),
        masked: false,
        blended: false,
        faded: Vec::new(),
        left: &mut left,
    };
    interpret_page(page, &mut context, &mut reader);
    let page = reader.page;
    *of_file -= given - left;
    page
}

/// Thrown through the interpreter, which knows no other way to stop.
struct NoEnd;

struct Reader<'r> {
    page: PageText,
    clips: Vec<Rect>,
    /// Where something that is not white was drawn.
    inks: Vec<Rect>,
    masked: bool,
    blended: bool,
    /// For each open group, whether one can see through it.
    faded: Vec<bool>,
    left: &'r mut u64,
}

impl Reader<'_> {
    fn step(&mut self, cost: usize) {
        let cost = u64::try_from(cost).unwrap_or(u64::MAX);
        match self.left.checked_sub(cost) {
            Some(left) => *self.left = left,
            None => resume_unwind(Box::new(NoEnd)),
        }
    }

    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or(Rect::ZERO)
    }

    /// Whether what is drawn now hides what lies below.
    fn hides(&self) -> bool {
        !self.masked && !self.blended && !self.faded.contains(&true)
    }

    fn cover(&mut self, area: Rect) {
        self.step(1 + self.page.glyphs.len() / 16);
        for glyph in &mut self.page.glyphs {
            if glyph.seen == Seen::Plainly && area.contains(glyph.area.center()) {
                glyph.seen = Seen::Covered;
            }
        }
    }
}

/// Opacity, and whether the colour is white, where there is one.
fn solid(paint: &Paint<'_>) -> Option<(f32, bool)> {
    match paint {
        Paint::Color(color) => {
            let color = color.to_rgba();
            let [red, green, blue, _] = color.to_rgba8();
            let [.., opacity] = color.components();
            Some((opacity, [red, green, blue].into_iter().all(|part| part >= WHITE)))
        }
        Paint::Pattern(_) => None,
    }
}

impl<'a> Device<'a> for Reader<'_> {
    fn set_soft_mask(&mut self, mask: Option<SoftMask<'a>>) {
        self.masked = mask.is_some();
    }

    fn set_blend_mode(&mut self, mode: BlendMode) {
        self.blended = mode != BlendMode::Normal;
    }

    fn draw_path(
        &mut self,
        path: &BezPath,
        transform: Affine,
        paint: &Paint<'a>,
        mode: &PathDrawMode,
    ) {
        self.step(1);
        let shape = transform * path;
        let bounds = shape.bounding_box();
        let area = bounds.intersect(self.clip());
        let (opacity, white) = solid(paint).unwrap_or((0.0, false));
        if opacity >= UNSEEN && !white {
            self.inks.push(area);
        }
        let is_box = shape.area().abs() >= bounds.area() * BOX_SHARE && bounds.area() > 0.0;
        let filled = matches!(mode, PathDrawMode::Fill(_));
        if filled && is_box && opacity >= OPAQUE && self.hides() {
            self.cover(area);
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.step(1);
        self.clips.push(self.clip().intersect(clip.path.bounding_box()));
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        mode: BlendMode,
    ) {
        self.step(1);
        self.faded.push(opacity < OPAQUE || mask.is_some() || mode != BlendMode::Normal);
    }

    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'a>,
        transform: Affine,
        glyph_transform: Affine,
        paint: &Paint<'a>,
        mode: &GlyphDrawMode,
    ) {
        self.step(1);
        let width = match glyph {
            Glyph::Outline(outline) => outline.advance_width().map_or(500.0, f64::from),
            Glyph::Type3(_) => 500.0,
        };
        let em = Rect::new(0.0, -200.0, width.clamp(1.0, 4000.0), 850.0);
        let set = transform * glyph_transform;
        let area = set.transform_rect_bbox(em);
        let (start, end) = (set * Point::ZERO, set * Point::new(em.x1, 0.0));
        let size = (set * Point::new(0.0, 1000.0) - start).hypot();
        let text = glyph.as_unicode().map(|text| match text {
            BfString::Char(c) => c.to_string(),
            BfString::String(text) => text,
        });
        let (opacity, white) = solid(paint).unwrap_or((1.0, false));
        let middle = area.center();
        let unseen = matches!(mode, GlyphDrawMode::Invisible)
            || opacity < UNSEEN
            || !self.clip().contains(middle);
        self.step(self.inks.len() / 16 * usize::from(white));
        let seen = if unseen {
            Seen::Not
        } else if white && !self.inks.iter().any(|ink| ink.contains(middle)) {
            Seen::WhiteOnWhite
        } else {
            Seen::Plainly
        };
        // A glyph that is filled and then outlined comes twice.
        let again = self
            .page
            .glyphs
            .last()
            .is_some_and(|last| last.text == text && (last.start - start).hypot() < 0.01);
        if !again {
            self.page.glyphs.push(Placed { text, area, start, end, size, seen });
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, transform: Affine) {
        self.step(1);
        // Pictures are placed by their dots.
        let dots = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let area = transform.transform_rect_bbox(dots);
        let area = area.intersect(self.clip());
        self.inks.push(area);
        let Image::Raster(raster) = image else { return };
        let dict = raster.stream().dict();
        let shows_through = dict.contains_key(b"SMask") || dict.contains_key(b"Mask");
        if self.hides() && !shows_through {
            self.cover(area);
        }
    }

    fn pop_clip_path(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn pop_transparency_group(&mut self) {
        self.faded.pop();
    }
}

impl PageText {
    /// The glyphs that `wanted` takes as a text: a new line where the line changes, a space where there
    /// is a gap.
    #[must_use]
    pub fn text(&self, wanted: impl Fn(Seen) -> bool) -> String {
        let mut text = String::new();
        let mut last: Option<&Placed> = None;
        for glyph in self.glyphs.iter().filter(|glyph| wanted(glyph.seen)) {
            if let Some(last) = last {
                text.push_str(between(last, glyph));
            }
            text.push_str(glyph.text.as_deref().unwrap_or_default());
            last = Some(glyph);
        }
        text
    }

    /// Glyphs of which the file does not say what they mean.
    #[must_use]
    pub fn unreadable(&self) -> usize {
        self.glyphs.iter().filter(|glyph| glyph.text.is_none()).count()
    }
}

impl Placed {
    /// Whether the glyph goes on with the line of the one before.
    #[must_use]
    pub fn follows(&self, last: &Self) -> bool {
        between(last, self) != "\n"
    }
}

/// Names of encodings that the file uses and does not bring: texts in them can be neither read nor drawn.
#[must_use]
pub fn unread_encodings(pdf: &Pdf) -> Vec<String> {
    let mut names = Vec::new();
    for object in pdf.objects() {
        let Object::Dict(dict) = object else { continue };
        let composite =
            dict.get::<Name<'_>>(b"Subtype").is_some_and(|kind| kind.as_ref() == b"Type0");
        let encoding = dict.get::<Name<'_>>(b"Encoding").filter(|_| composite);
        if let Some(encoding) = encoding.filter(|name| !name.as_str().starts_with("Identity")) {
            let name = encoding.as_str().to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// What stands between two glyphs: nothing, a space, or the end of a line, measured along the line the
/// first stands on.
fn between(last: &Placed, next: &Placed) -> &'static str {
    let (line, gap) = (last.end - last.start, next.start - last.end);
    let length = line.hypot();
    let size = last.size.max(0.1);
    if length <= 0.0 {
        return "\n";
    }
    let (along, aside) = (line.dot(gap) / length, line.cross(gap).abs() / length);
    if aside > size * 0.5 || along.abs() > size * 2.0 {
        "\n"
    } else if along.abs() > size * 0.25 {
        " "
    } else {
        ""
    }
}
