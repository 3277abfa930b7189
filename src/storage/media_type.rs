//! The kinds of files that are accepted.

/// Kind of an accepted file, told from its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// PDF.
    Pdf,
    /// Word since 2007, also by WPS.
    Docx,
    /// Excel since 2007, also by WPS.
    Xlsx,
    /// Word up to 2003, also by WPS.
    Doc,
    /// Excel up to 2003, also by WPS.
    Xls,
    /// 版式文档, GB/T 33190.
    Ofd,
    /// PNG image.
    Png,
    /// JPEG image.
    Jpeg,
    /// TIFF image, as scanners make them.
    Tiff,
    /// Plain text, in UTF-8, UTF-16 or GB 18030.
    Text,
}

impl MediaType {
    /// As it stands in the database and in `Content-Type`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Doc => "application/msword",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ofd => "application/ofd",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Tiff => "image/tiff",
            Self::Text => "text/plain",
        }
    }

    /// The kind that stands in the database under this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let all = [
            Self::Pdf,
            Self::Docx,
            Self::Xlsx,
            Self::Doc,
            Self::Xls,
            Self::Ofd,
            Self::Png,
            Self::Jpeg,
            Self::Tiff,
            Self::Text,
        ];
        all.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What people call it, in Chinese.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF 文件",
            Self::Docx | Self::Doc => "Word 文档",
            Self::Xlsx | Self::Xls => "Excel 表格",
            Self::Ofd => "OFD 版式文件",
            Self::Png | Self::Jpeg | Self::Tiff => "图片",
            Self::Text => "纯文本",
        }
    }

    /// Endings a file of this kind may have. Generous where programs open each other's files and
    /// people rename them: the old and new Office formats, and images among each other.
    #[must_use]
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Docx | Self::Doc => &["docx", "doc", "wps"],
            Self::Xlsx | Self::Xls => &["xlsx", "xls", "et"],
            Self::Ofd => &["ofd"],
            Self::Png | Self::Jpeg | Self::Tiff => &["png", "jpg", "jpeg", "jpe", "tif", "tiff"],
            Self::Text => &["txt", "csv"],
        }
    }
}
