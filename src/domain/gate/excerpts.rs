//! What stands in a text that people typed: blanks, days, articles that are cited.

use chrono::NaiveDate;

/// Words that stand in a form until somebody replaces them.
const BLANKS: &[&str] =
    &["____", "＿＿", "【】", "（    ）", "待填写", "待补充", "{{", "}}", "此处填写"];

/// The blanks of a form that were left in a text, each once.
pub(super) fn blanks(text: &str) -> impl Iterator<Item = String> + '_ {
    BLANKS.iter().filter(|blank| text.contains(*blank)).map(|blank| (*blank).to_owned())
}

/// The days a text names in the form 2026年9月14日.
pub(super) fn days(text: &str) -> impl Iterator<Item = NaiveDate> + '_ {
    text.match_indices('年').filter_map(|(at, year_sign)| {
        let (before, after) = (text.get(..at)?, text.get(at + year_sign.len()..)?);
        let digits = before.chars().rev().take_while(char::is_ascii_digit).count();
        let year = before.get(before.len().checked_sub(digits)?..)?.parse().ok()?;
        let (month, rest) = after.split_once('月')?;
        let (day, _) = rest.split_once('日')?;
        NaiveDate::from_ymd_opt(year, month.trim().parse().ok()?, day.trim().parse().ok()?)
    })
}

/// The articles of the Regulation that a text cites by name, such as 第十五条, each once.
pub(super) fn articles_of_the_regulation(text: &str) -> Vec<String> {
    const NAMES: &[&str] = &["信息公开条例》", "《条例》", "信息公开条例", "本条例"];
    let mut cited: Vec<String> = Vec::new();
    for name in NAMES {
        for (at, _) in text.match_indices(name) {
            let rest = text.get(at + name.len()..).unwrap_or_default();
            let mut rest = rest.trim_start_matches('》');
            // One name may bear several articles: 第十四条、第三十六条第三项.
            while let Some((article, after)) = article(rest) {
                if !cited.contains(&article) {
                    cited.push(article);
                }
                rest = further(after);
            }
        }
    }
    cited
}

/// The articles that a text cites, of whichever act, in Chinese numerals or digits, each once.
pub(super) fn articles_of_any_act(text: &str) -> Vec<String> {
    let mut cited: Vec<String> = Vec::new();
    for (at, _) in text.match_indices('第') {
        let Some((number, _)) =
            text.get(at..).and_then(|rest| rest.strip_prefix('第')?.split_once('条'))
        else {
            continue;
        };
        let counts = |c: char| "一二三四五六七八九十百零〇两".contains(c) || c.is_numeric();
        let article = format!("第{number}条");
        if !number.is_empty() && number.chars().all(counts) && !cited.contains(&article) {
            cited.push(article);
        }
    }
    cited
}

/// The article at the beginning of a text, and what follows.
fn article(text: &str) -> Option<(String, &str)> {
    let number = text.strip_prefix('第')?;
    let (number, after) = number.split_once('条')?;
    let chinese = |c: char| "一二三四五六七八九十百零〇".contains(c);
    (!number.is_empty() && number.chars().all(chinese)).then(|| (format!("第{number}条"), after))
}

/// What follows the paragraph and item of an article and the sign between two articles.
fn further(text: &str) -> &str {
    let part = |c: char| "第一二三四五六七八九十款项（）(),，、和以及及".contains(c);
    match text.find(|c: char| !part(c)) {
        Some(end) => {
            let skipped = text.get(..end).unwrap_or_default();
            // An article that follows begins with its own 第.
            let next = skipped
                .rfind('第')
                .filter(|_| text.get(end..).is_some_and(|t| t.starts_with('条')));
            next.and_then(|at| text.get(at..)).unwrap_or_default()
        }
        None => "",
    }
}
