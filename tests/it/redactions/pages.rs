//! What the pages of a masked copy look like, dot by dot.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gongkai::documents::redact::{Masked, RedactError, Source};
use gongkai::domain::redaction::{Ground, Mask, RedactionForm, Words};
use hayro::vello_cpu::Pixmap;

use super::SECRET;
use crate::documents::ENGINE;
use crate::support::day;
use crate::support::made_files::{Around, drawn, text_at};

/// A grey JPEG of 40 by 20 dots: dark up to the 16th column, then white.
const JPEG: &str = "/9j/2wBDAAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI\
    CAgICAgICAj/wAALCAAUACgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAFBABAAAA\
    AAAAAAAAAAAAAAAAAP/aAAgBAQAAPwCuH0OA+eA+hwHzwH0OA//Z";

fn redact(source: Source, bytes: &[u8], form: &RedactionForm) -> Result<Masked, RedactError> {
    ENGINE.redact((source, bytes), form, ("名单", day("2026-09-14")))
}

fn words(text: &str) -> RedactionForm {
    let words = vec![Words { text: text.to_owned(), ground: Ground::Privacy }];
    RedactionForm { masks: Vec::new(), words, name: String::new() }
}

fn mask(x: f64, y: f64, width: f64, height: f64) -> RedactionForm {
    let masks = vec![Mask { page: 1, x, y, width, height, ground: Ground::Internal }];
    RedactionForm { masks, words: Vec::new(), name: String::new() }
}

/// A page of a copy as it is shown, one and a half dots to the point.
struct Shown(Pixmap);

impl Shown {
    fn page(copy: &Masked, n: usize) -> Self {
        let png = ENGINE.page_picture(&copy.pdf, n).unwrap().unwrap();
        Self(Pixmap::from_png(Cursor::new(png)).unwrap())
    }

    /// How bright it is at a point of the page, 0 being black.
    fn at(&self, x: f64, y: f64) -> u8 {
        let (x, y) = ((x * 1.5) as usize, (y * 1.5) as usize);
        self.0.data_as_u8_slice()[(y * usize::from(self.0.width()) + x) * 4]
    }

    /// Dots that are not white and lie outside these masks.
    fn dark_beside(&self, masks: &[Mask]) -> usize {
        let width = usize::from(self.0.width());
        let dots = self.0.data_as_u8_slice().chunks_exact(4).enumerate();
        let dark = dots.filter(|(_, dot)| dot[0] < 250).map(|(n, _)| (n % width, n / width));
        let beside = |(x, y): &(usize, usize)| {
            let (x, y) = (*x as f64 / 1.5, *y as f64 / 1.5);
            !masks.iter().any(|m| {
                x > m.x - 2.0
                    && x < m.x + m.width + 2.0
                    && y > m.y - 2.0
                    && y < m.y + m.height + 2.0
            })
        };
        dark.filter(beside).count()
    }
}

#[test]
fn a_masked_box_is_black_and_the_rest_is_still_shown() {
    let page = [text_at(20, 150, "Shown"), text_at(20, 50, SECRET)].concat();
    let copy =
        redact(Source::Pdf, &drawn(&[&page], &Around::default()), &mask(15.0, 135.0, 200.0, 20.0));
    let copy = copy.unwrap();
    let shown = Shown::page(&copy, 1);
    // its corners and its middle line beside the number
    for (x, y) in [(16.5, 136.5), (213.0, 136.5), (16.5, 153.0), (213.0, 153.0), (60.0, 145.0)] {
        assert_eq!(shown.at(x, y), 0, "{x} {y}");
    }
    assert_eq!(shown.at(10.0, 130.0), 255);
    assert!(shown.dark_beside(&copy.masks) > 50, "the other line is there");
    assert_eq!(copy.pages, 2);
}

#[test]
fn words_are_covered_wholly_on_every_page_however_it_is_turned() {
    let line = text_at(40, 100, SECRET);
    for turn in [
        "",
        "/Rotate 90",
        "/Rotate 180",
        "/Rotate 270",
        "/MediaBox [50 50 350 250] /CropBox [60 60 340 240]",
    ] {
        let file = drawn(&[&line, &line], &Around { page: turn, ..Around::default() });
        let copy = redact(Source::Pdf, &file, &words("1101 0519491231 002X")).unwrap();
        assert_eq!(copy.masks.len(), 2, "{turn}");
        for page in 1..=2 {
            let masks: Vec<Mask> = copy.masks.iter().filter(|m| m.page == page).cloned().collect();
            let shown = Shown::page(&copy, page);
            assert_eq!(shown.dark_beside(&masks), 0, "{turn} page {page}: {masks:?}");
            let Mask { x, y, width, height, .. } = masks[0];
            assert_eq!(shown.at(x + 2.0, y + 2.0), 0, "{turn}");
            assert_eq!(shown.at(x + width - 2.0, y + height - 2.0), 0, "{turn}");
        }
    }
}

#[test]
fn words_over_two_lines_get_a_box_on_each_and_what_is_invisible_is_found_as_well() {
    let two = [text_at(200, 100, "Zhang"), text_at(20, 80, "San")].concat();
    let copy =
        redact(Source::Pdf, &drawn(&[&two], &Around::default()), &words("Zhang San")).unwrap();
    assert_eq!(copy.masks.len(), 2);
    assert_eq!(Shown::page(&copy, 1).dark_beside(&copy.masks), 0);
    let invisible = format!("BT 3 Tr /F1 12 Tf 20 100 Td ({SECRET}) Tj ET");
    let copy =
        redact(Source::Pdf, &drawn(&[&invisible], &Around::default()), &words(SECRET)).unwrap();
    assert_eq!(copy.masks.len(), 1);
}

#[test]
fn pictures_are_masked_by_their_dots() {
    let jpeg = STANDARD.decode(JPEG).unwrap();
    let copy = redact(Source::Jpeg, &jpeg, &mask(20.0, 5.0, 10.0, 10.0)).unwrap();
    let shown = Shown::page(&copy, 1);
    assert!((100..140).contains(&shown.at(5.0, 10.0)), "{}", shown.at(5.0, 10.0));
    assert_eq!((shown.at(21.5, 6.5), shown.at(35.0, 10.0)), (0, 255));
    // a PNG, transparent where it is not black: paper shows through
    let mut picture = Pixmap::new(60, 30);
    for (n, dot) in picture.data_as_u8_slice_mut().chunks_exact_mut(4).enumerate() {
        if n % 60 < 10 {
            dot.copy_from_slice(&[100, 100, 100, 255]);
        }
    }
    picture.recompute_may_have_transparency();
    let png = picture.into_png().unwrap();
    let copy = redact(Source::Png, &png, &mask(30.0, 10.0, 20.0, 10.0)).unwrap();
    let shown = Shown::page(&copy, 1);
    assert_eq!([5.0, 20.0, 32.0, 55.0].map(|x| shown.at(x, 12.0)), [100, 255, 0, 255]);
    // no words are read off a picture
    let refused = redact(Source::Png, &png, &words("王小明")).unwrap_err();
    assert!(refused.to_string().contains("按区域遮盖"), "{refused}");
}

#[test]
fn the_same_masks_give_the_same_bytes() {
    let file = drawn(&[&text_at(20, 100, SECRET)], &Around::default());
    let once = redact(Source::Pdf, &file, &words(SECRET)).unwrap();
    assert_eq!(once.pdf, redact(Source::Pdf, &file, &words(SECRET)).unwrap().pdf);
}
