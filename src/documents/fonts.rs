//! Finds the fonts and decides which family plays which role.
//!
//! The agency's own fonts come first, free ones after; behind every role stand the fonts with the
//! widest coverage, so that rare characters in personal names are drawn.

mod signs;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use hayro::hayro_interpret::font::FontData;
use serde::Serialize;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

use super::error::EngineError;
use super::font_file;
use signs::Signs;

/// A part that a font plays on the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// 仿宋, the body.
    Body,
    /// 小标宋, title and red head.
    Title,
    /// 黑体, headings of the first level.
    Heading,
    /// 楷体, headings of the second level.
    Subheading,
    /// 宋体, page numbers.
    PageNumber,
    /// Western letters and digits.
    Western,
    /// Tick boxes.
    Symbols,
    /// Everything the others lack.
    Fallback,
}

/// Role, name in Chinese, whether printing is impossible without it, and the families that can
/// play it, best first. A trailing `*` stands for any ending.
const CAST: [(Role, &str, bool, &[&str]); 8] = [
    (
        Role::Body,
        "仿宋",
        true,
        &[
            "仿宋_GB2312",
            "FangSong_GB2312",
            "方正仿宋_GBK",
            "FZFangSong-Z02",
            "仿宋",
            "FangSong",
            "LXGW Zhuque Fangsong*",
            "Zhuque Fangsong*",
            "朱雀仿宋*",
            "FandolFang*",
        ],
    ),
    (
        Role::Title,
        "小标宋",
        true,
        &[
            "方正小标宋简体",
            "方正小标宋_GBK",
            "FZXiaoBiaoSong-B05S",
            "FZXiaoBiaoSong-B05",
            "Noto Serif CJK SC",
            "Source Han Serif SC",
            "FandolSong*",
        ],
    ),
    (
        Role::Heading,
        "黑体",
        true,
        &["黑体", "SimHei", "Noto Sans CJK SC", "Source Han Sans SC", "FandolHei*"],
    ),
    (
        Role::Subheading,
        "楷体",
        false,
        &["楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "LXGW WenKai*", "FandolKai*"],
    ),
    (
        Role::PageNumber,
        "宋体",
        false,
        &["宋体", "SimSun", "Noto Serif CJK SC", "Source Han Serif SC"],
    ),
    (Role::Western, "西文", false, &["Times New Roman", "Liberation Serif", "Tinos"]),
    (Role::Symbols, "符号", false, &["Segoe UI Symbol", "DejaVu Sans"]),
    (
        Role::Fallback,
        "生僻字",
        false,
        &["Noto Serif CJK SC", "Source Han Serif SC", "BabelStone Han", "HanaMinA", "HanaMinB"],
    ),
];

/// The fonts in use, by role.
pub struct FontSet {
    /// What Typst chooses from. Holds only fonts that play a role, so that the look of a notice
    /// does not depend on whatever else is installed.
    pub(super) book: LazyHash<FontBook>,
    slots: Vec<Slot>,
    chosen: Vec<(Role, Vec<String>)>,
    /// What can be drawn in each role, with the help of others and without.
    drawn: Vec<(Role, Drawn)>,
}

/// What can be drawn in a role.
struct Drawn {
    /// By some font of its chain.
    helped: Signs,
    /// By its own fonts and the Western ones.
    alone: Signs,
}

struct Slot {
    path: Arc<Path>,
    index: u32,
    font: OnceLock<Option<Font>>,
}

/// One role and the families that fill it, for the log and the health page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Filled {
    /// Name of the role in Chinese.
    pub role: &'static str,
    /// Families in the order of use; empty if none was found.
    pub families: Vec<String>,
}

impl FontSet {
    /// Looks through `folders` with all their subfolders; the first folder that has a font wins.
    ///
    /// # Errors
    ///
    /// [`EngineError::FontsMissing`] if 仿宋, 小标宋 or 黑体 cannot be filled.
    pub fn find(folders: &[PathBuf]) -> Result<Self, EngineError> {
        let mut book = FontBook::new();
        let mut slots = Vec::new();
        for file in folders.iter().flat_map(|folder| font_files(folder)) {
            // A file that cannot be read or parsed is no font; the check below says what is missing.
            let Ok(data) = font_file::map(&file) else { continue };
            let path: Arc<Path> = file.into();
            for (info, index) in FontInfo::iter(&data).zip(0..) {
                if plays_a_role(&info.family) && !already_in(&book, &info) {
                    book.push(info);
                    slots.push(Slot { path: Arc::clone(&path), index, font: OnceLock::new() });
                }
            }
        }
        let chosen: Vec<_> =
            CAST.iter().map(|(role, .., wanted)| (*role, pick(&book, wanted))).collect();
        let missing: Vec<String> = CAST
            .iter()
            .zip(&chosen)
            .filter(|((_, _, needed, _), (_, found))| *needed && found.is_empty())
            .map(|((_, name, _, wanted), _)| format!("{name}（{}）", wanted.join("、")))
            .collect();
        if !missing.is_empty() {
            return Err(EngineError::FontsMissing { roles: missing, folders: folders.to_vec() });
        }
        let (book, drawn) = (LazyHash::new(book), Vec::new());
        let mut set = Self { book, slots, chosen, drawn };
        set.drawn = CAST.iter().map(|(role, ..)| (*role, set.drawn_in(*role))).collect();
        Ok(set)
    }

    fn drawn_in(&self, role: Role) -> Drawn {
        let of = |families: &[String]| {
            let mut signs = Signs::none();
            for family in families.iter().map(|family| family.to_lowercase()) {
                let faces = self.book.select_family(&family).filter_map(|i| self.book.info(i));
                faces.for_each(|info| signs.add(info.coverage.iter()));
            }
            signs
        };
        let western = of(self.families(Role::Western));
        let (mut helped, mut alone) = (of(&self.chain(role)), of(self.families(role)));
        helped.join(&western);
        alone.join(&western);
        Drawn { helped, alone }
    }

    fn drawn(&self, role: Role) -> Option<&Drawn> {
        self.drawn.iter().find(|(of, _)| *of == role).map(|(_, drawn)| drawn)
    }

    /// Returns which families fill which role.
    pub fn filled(&self) -> Vec<Filled> {
        let pairs = CAST.iter().zip(&self.chosen);
        pairs
            .map(|((_, role, ..), (_, families))| Filled { role, families: families.clone() })
            .collect()
    }

    /// Returns the families to try for `role`, in order. Western fonts are not among them.
    pub(super) fn chain(&self, role: Role) -> Vec<String> {
        let own = if role == Role::Subheading && self.families(role).is_empty() {
            Role::Body
        } else {
            role
        };
        let mut chain = Vec::new();
        for family in [own, Role::Fallback, Role::Symbols].iter().flat_map(|r| self.families(*r)) {
            if !chain.contains(family) {
                chain.push(family.clone());
            }
        }
        chain
    }

    /// Returns the families that play `role`, best first.
    pub(super) fn families(&self, role: Role) -> &[String] {
        self.chosen.iter().find(|(r, _)| *r == role).map_or(&[], |(_, families)| families)
    }

    /// Returns whether some font in the chain of `role` can draw `c`.
    pub(super) fn covers(&self, role: Role, c: char) -> bool {
        self.drawn(role).is_some_and(|drawn| drawn.helped.contains(c))
    }

    /// Returns whether `c` needs no help from fonts of other roles.
    pub(super) fn draws_alone(&self, role: Role, c: char) -> bool {
        self.drawn(role).is_some_and(|drawn| drawn.alone.contains(c))
    }

    /// Returns the bytes of the first font that plays `role`, and its place in the file.
    pub(super) fn file(&self, role: Role) -> Option<(FontData, u32)> {
        let family = self.families(role).first()?.to_lowercase();
        let font = self.font(self.book.select_family(&family).next()?)?;
        Some((Arc::new(font.data().clone()), font.index()))
    }

    /// Returns the font at `index` of the book, opening its file on first use.
    pub(super) fn font(&self, index: usize) -> Option<Font> {
        let slot = self.slots.get(index)?;
        let open = || Font::new(font_file::map(&slot.path).ok()?, slot.index);
        slot.font.get_or_init(open).clone()
    }
}

/// Returns the font files below `folder` in a stable order; an absent folder has none.
fn font_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() && !path.is_symlink() {
            files.extend(font_files(&path));
        } else if is_font(&path) {
            files.push(path);
        }
    }
    files
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    ["ttf", "otf", "ttc", "otc"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

fn matches(family: &str, wanted: &str) -> bool {
    let (family, wanted) = (family.to_lowercase(), wanted.to_lowercase());
    wanted.strip_suffix('*').map_or(family == wanted, |stem| family.starts_with(stem))
}

fn plays_a_role(family: &str) -> bool {
    CAST.iter().any(|(.., wanted)| wanted.iter().any(|w| matches(family, w)))
}

fn already_in(book: &FontBook, info: &FontInfo) -> bool {
    let mut same = book.select_family(&info.family.to_lowercase());
    same.any(|i| book.info(i).is_some_and(|known| known.variant == info.variant))
}

fn pick(book: &FontBook, wanted: &[&str]) -> Vec<String> {
    let named = |w: &&str| {
        let all = book.families().map(|(name, _)| name).filter(|name| matches(name, w));
        all.map(str::to_owned).collect::<Vec<_>>()
    };
    wanted.iter().flat_map(named).collect()
}
