//! Settings of plain form: how text becomes a value, and what the form is called in words.

use std::net::SocketAddr;
use std::path::PathBuf;

use url::Url;

/// A type a setting can have.
pub trait Value: Sized {
    /// Whether values must never be shown.
    const SECRET: bool = false;

    /// The form in words, Chinese first, to stand behind "must be".
    fn form() -> String;

    /// The value of `text` (without surrounding blanks), if it has the form.
    fn parse(text: &str) -> Option<Self>;
}

impl<T: Value> Value for Option<T> {
    const SECRET: bool = T::SECRET;

    fn form() -> String {
        T::form()
    }

    fn parse(text: &str) -> Option<Self> {
        if text.is_empty() { Some(None) } else { T::parse(text).map(Some) }
    }
}

impl<T: Value> Value for Vec<T> {
    const SECRET: bool = T::SECRET;

    fn form() -> String {
        format!("{}；多个用逗号分隔 (comma-separated)", T::form())
    }

    fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::new());
        }
        text.split(',').map(|item| T::parse(item.trim())).collect()
    }
}

impl Value for SocketAddr {
    fn form() -> String {
        "IP 地址:端口，如 127.0.0.1:8080 (address:port)".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Value for bool {
    fn form() -> String {
        "true / false".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Value for String {
    fn form() -> String {
        "文字 (text)".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| text.to_owned())
    }
}

impl Value for PathBuf {
    fn form() -> String {
        "目录 (folder)".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::from(text))
    }
}

/// A program that is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program(pub PathBuf);

impl Value for Program {
    fn form() -> String {
        "程序文件的完整路径 (absolute path of a program)".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        let path = PathBuf::from(text);
        path.is_absolute().then_some(Self(path))
    }
}

impl Value for Url {
    fn form() -> String {
        "网址 http://… 或 https://… (web address)".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        let url: Self = text.parse().ok()?;
        (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
    }
}

/// A choice among fixed words.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl Value for $name {
            fn form() -> String {
                [$($word),*].join(" / ")
            }

            fn parse(text: &str) -> Option<Self> {
                match text {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

choice! {
    /// How log lines look.
    LogFormat {
        /// One JSON object a line, for collecting.
        Json = "json",
        /// For reading on a terminal.
        Text = "text",
    }
}

choice! {
    /// SQLite's `PRAGMA synchronous`.
    SqliteSynchronous {
        /// Nothing that was acknowledged is lost, even when the power fails.
        Full = "full",
        /// The last commits may be lost when the power fails; the file stays sound.
        Normal = "normal",
    }
}

choice! {
    /// What the limit does while reasons of a high volume are awaited. Source: 条例 art. 35.
    ReasonClock {
        /// It runs on.
        Runs = "runs",
        /// It waits, and begins anew when the reasons come.
        AsCorrection = "as_correction",
    }
}

choice! {
    /// What the limit does while an agency is asked that did not make the information. Source: 条例
    /// art. 33 ¶3, 34.
    AgencyClockSetting {
        /// It runs on; the time is taken off once a written answer is on file.
        WrittenAnswer = "written_answer",
        /// It is suspended as while those are asked who made it jointly.
        AsJoint = "as_joint",
    }
}

choice! {
    /// How long files are kept. Source: 国家档案局令第8号 art. 6.
    KeepFor {
        /// 10 年.
        Years10 = "10",
        /// 30 年.
        Years30 = "30",
        /// 永久.
        Permanent = "permanent",
    }
}

choice! {
    /// A stage at which people are reminded of a limit.
    RemindAt {
        /// Up to five working days before.
        Five = "5",
        /// Up to two.
        Two = "2",
        /// On the last day.
        LastDay = "0",
        /// Once it has passed.
        Overdue = "overdue",
    }
}

/// Which log lines are kept: a level, or a level per module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFilter(String);

impl LogFilter {
    /// The directives, as `tracing_subscriber`'s `EnvFilter` reads them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for LogFilter {
    fn form() -> String {
        "off / error / warn / info / debug / trace，或 模块=级别 (module=level)，用逗号分隔"
            .to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        let level =
            |word: &str| matches!(word, "off" | "error" | "warn" | "info" | "debug" | "trace");
        // A bare word that is no level would silently be taken for a module at full detail.
        let good = |directive: &str| match directive.split_once('=') {
            Some((module, word)) => {
                !module.is_empty()
                    && module.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'))
                    && level(word)
            }
            None => level(directive),
        };
        text.split(',').all(|part| good(part.trim())).then(|| Self(text.replace(' ', "")))
    }
}
