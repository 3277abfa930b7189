//! Document numbers (文号) and request numbers (受理编号): rulebook 5.2.

use super::notice::Series;

/// The pattern agencies start with: the county specimens' own, `×依告〔2026〕第3号`.
pub const DEFAULT_PATTERN: &str = "{代字}{系列}〔{年}〕第{号}号";

/// A checked pattern for document numbers, with the places `{代字}{系列}{年}{号}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

/// A pattern that could print the same number twice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A place that makes numbers unique is missing.
    #[error("文号格式缺少{0}")]
    Missing(&'static str),
    /// Braces around something unknown.
    #[error("文号格式中有不认识的部分：{0}")]
    Unknown(String),
}

/// A document number as allotted: unique per agency, series and year, never reused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentNumber {
    /// Which running series.
    pub series: Series,
    /// Year of issue (Asia/Shanghai).
    pub year: i32,
    /// Running number, from 1 without gap.
    pub n: i64,
}

impl Pattern {
    /// Checks a pattern.
    ///
    /// # Errors
    ///
    /// [`PatternError`] when the year, the series or the running number is missing: two notices
    /// could then bear the same number.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        for place in ["{代字}", "{系列}", "{年}", "{号}"] {
            if !text.contains(place) {
                return Err(PatternError::Missing(place));
            }
        }
        let rest = ["{代字}", "{系列}", "{年}", "{号}"]
            .iter()
            .fold(text.to_owned(), |rest, place| rest.replace(place, ""));
        if rest.contains(['{', '}']) {
            return Err(PatternError::Unknown(rest));
        }
        Ok(Self(text.to_owned()))
    }

    /// Prints a number: year in full, running number without leading zeros (GB/T 9704).
    #[must_use]
    pub fn print(&self, code_word: &str, number: &DocumentNumber) -> String {
        self.0
            .replace("{代字}", code_word)
            .replace("{系列}", number.series.code_word())
            .replace("{年}", &number.year.to_string())
            .replace("{号}", &number.n.to_string())
    }
}

impl Pattern {
    /// The number that a 文号 of this agency states, if it is spelt as the pattern prints it.
    #[must_use]
    pub fn read(&self, code_word: &str, text: &str) -> Option<DocumentNumber> {
        let read = |series: &Series| {
            let shape = self.0.replace("{代字}", code_word).replace("{系列}", series.code_word());
            let (year, n) = places(&shape, text)?;
            let number = DocumentNumber { series: *series, year, n };
            (self.print(code_word, &number) == text).then_some(number)
        };
        Series::ALL.iter().find_map(read)
    }
}

/// Year and running number that stand in `text` at their places of `shape`.
fn places(shape: &str, text: &str) -> Option<(i32, i64)> {
    let (mut shape, mut text) = (shape, text);
    let (mut year, mut n) = (None, None);
    while let Some((before, after)) = shape.split_once('{') {
        let (place, after) = after.split_once('}')?;
        text = text.strip_prefix(before)?;
        let end = text.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(text.len());
        let (digits, rest) = text.split_at(end);
        match place {
            "年" => year = digits.parse().ok(),
            _ => n = digits.parse().ok(),
        }
        (shape, text) = (after, rest);
    }
    year.zip(n).filter(|_| shape == text)
}

/// The number under which a request is registered and tracked: year, agency, running number.
///
/// Twelve digits, so that it can be read out over the telephone and printed as a bar code.
#[must_use]
pub fn request_number(year: i32, agency_serial: u16, n: i64) -> String {
    format!("{year:04}{agency_serial:03}{n:05}")
}

/// Year, agency serial and running number of a request number; `None` for anything else.
#[must_use]
pub fn request_number_parts(number: &str) -> Option<(i32, u16, i64)> {
    if number.len() < 12 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| number.get(from..to);
    Some((
        part(0, 4)?.parse().ok()?,
        part(4, 7)?.parse().ok()?,
        part(7, number.len())?.parse().ok()?,
    ))
}
