//! Refusals of files that are to go out: hidden data in them, and masks painted over them.

use crate::domain::finding::{Found, listed};
use crate::domain::redaction::RedactionState;

/// Why a file may not go out, or a mask not be painted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingRefusal {
    /// Nobody has looked for hidden data.
    #[error("拟提供的文件“{0}”尚未作隐藏信息检查，请检查后再办理")]
    Uninspected(String),
    /// Hidden data is neither removed nor confirmed.
    #[error(
        "文件“{name}”中发现{}，请清除后重新上传并撤下原文件，或者由审查人员核实并说明理由后确认保留",
        listed(.found)
    )]
    FindingsOpen {
        /// Name of the file.
        name: String,
        /// What was found.
        found: Vec<Found>,
    },
    /// Whoever added the file or wrote the reply confirms that the findings may stay.
    #[error("隐藏信息检查的结果不能由添加文件的人或者拟稿人确认，请由其他人员核实后确认")]
    OwnFindings,
    /// There is nothing to confirm.
    #[error("这个文件没有需要确认的检查结果")]
    NoFindings,
    /// Nothing is to be masked.
    #[error("请至少标出一处需要遮盖的区域或者文字")]
    NoMasks,
    /// More than one copy bears, or words too short or too long to look for.
    #[error("一份文件最多遮盖{masks}处区域、{words}组文字，每组文字{least}至{most}个字")]
    TooManyMasks {
        /// Most boxes.
        masks: usize,
        /// Most words.
        words: usize,
        /// Shortest word.
        least: usize,
        /// Longest word.
        most: usize,
    },
    /// A mask beside the pages.
    #[error("第{0}处遮盖不在文件的页面上，或者过小")]
    MaskOutside(usize),
    /// Words that stand nowhere in the file.
    #[error("文件中没有找到“{0}”；扫描件、图片中的文字请按区域遮盖")]
    WordsNotFound(String),
    /// Nothing can be masked on it.
    #[error("这个文件不能在线遮盖：{0}")]
    NotMaskable(String),
    /// The copy was decided on already.
    #[error("该遮盖稿{}，不能再处理", .0.label())]
    WrongRedactionState(RedactionState),
    /// A role that does not confirm.
    #[error("遮盖稿由承办人、负责人或者保密审查人员复核")]
    NotConfirmer,
    /// Whoever made the copy confirms it.
    #[error("遮盖稿由您制作，请由其他人员逐页核对后确认")]
    OwnRedaction,
}

impl OutgoingRefusal {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Uninspected(_) => "hidden_data_unchecked",
            Self::FindingsOpen { .. } => "hidden_data_unconfirmed",
            Self::OwnFindings => "own_findings",
            Self::NoFindings => "no_findings",
            Self::NoMasks => "no_masks",
            Self::TooManyMasks { .. } => "too_many_masks",
            Self::MaskOutside(_) => "mask_outside_page",
            Self::WordsNotFound(_) => "words_not_found",
            Self::NotMaskable(_) => "file_not_maskable",
            Self::WrongRedactionState(_) => "wrong_state",
            Self::NotConfirmer => "not_redaction_confirmer",
            Self::OwnRedaction => "own_redaction",
        }
    }

    /// The article that forbids it, where it is one.
    #[must_use]
    pub const fn article(&self) -> Option<&'static str> {
        match self {
            Self::FindingsOpen { .. } | Self::Uninspected(_) => {
                Some("《政府信息公开条例》第十五条、第三十七条")
            }
            _ => None,
        }
    }

    /// The field at fault, where it is one.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::NoFindings => Some("file"),
            Self::NoMasks | Self::TooManyMasks { .. } | Self::MaskOutside(_) => Some("masks"),
            Self::WordsNotFound(_) => Some("words"),
            _ => None,
        }
    }
}
