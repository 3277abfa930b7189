//! What can go wrong between a notice and its file, worded for the people who must act on it.

use std::path::PathBuf;

/// The engine cannot start: whoever installs the program must act.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No font fills one or more roles.
    #[error(
        "缺少排版字体：{}。请运行 scripts/fonts.sh，或者把字体文件（ttf、otf、ttc）放进 GONGKAI_FONT_DIR \
         指定的目录、assets/fonts 或 /usr/share/fonts。已查找的目录：{}。生成 DOCX 不需要字体。",
        roles.join("；"),
        searched(folders)
    )]
    FontsMissing {
        /// Role and the families that would fill it, one text each.
        roles: Vec<String>,
        /// The folders looked through.
        folders: Vec<PathBuf>,
    },
}

fn searched(folders: &[PathBuf]) -> String {
    folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join("、")
}

/// A notice cannot be turned into a file.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// No installed font has these characters. The officer rewrites them or a font is added.
    #[error("字库中没有下列文字，无法印制：{}", listed(missing))]
    MissingGlyphs {
        /// Each character once per field.
        missing: Vec<MissingGlyph>,
    },
    /// There is no such page to show.
    #[error("文书没有第{page}页，共{count}页")]
    NoSuchPage {
        /// The page asked for, counted from 1.
        page: usize,
        /// How many there are.
        count: usize,
    },
    /// The code for the applicant's telephone does not fit: the address is too long.
    #[error("查询网址过长，无法生成二维码")]
    TrackUrlTooLong,
    /// The picture of the seal is not there, or is another than the notice was issued with.
    #[error("印章图片缺失或者已被更换")]
    SealMissing,
    /// The layout program refused. A fault of this program, not of the notice.
    #[error("排版失败：{0}")]
    Typesetting(String),
    /// The file could not be put together. A fault of this program, not of the notice.
    #[error("生成文件失败：{0}")]
    Packaging(String),
}

/// A character nobody can print, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingGlyph {
    /// Part of the notice in Chinese, for example `主送`.
    pub field: &'static str,
    /// The character.
    pub character: char,
}

fn listed(missing: &[MissingGlyph]) -> String {
    let one = |m: &MissingGlyph| {
        format!("{}中的「{}」 U+{:04X}", m.field, m.character, u32::from(m.character))
    };
    missing.iter().map(one).collect::<Vec<_>>().join("；")
}
