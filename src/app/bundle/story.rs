//! The page a reader opens first: what the case is about, who did what when, what lies in the
//! bundle, and how to check all of it without the program's operator.

use std::fmt::Write;

use super::contents::Contents;
use super::format;
use crate::domain::calendar::Calendar;
use crate::domain::case::Case;
use crate::domain::chronicle::Act;
use crate::domain::evidence::Exhibit;
use crate::domain::request::Application;

const STYLE: &str = "body{font-family:serif;max-width:60em;margin:2em auto;line-height:1.6}\
    table{border-collapse:collapse;width:100%}td,th{border:1px solid #888;padding:.3em .5em;\
    vertical-align:top;text-align:left}td.n{white-space:nowrap}.m{color:#a00}";

/// What the page tells. All of it stands in the bundle as well, so that the page can be made anew.
pub(super) struct Story<'a> {
    pub(super) number: &'a str,
    /// By name.
    pub(super) agency: &'a str,
    pub(super) case: &'a Case,
    pub(super) calendar: &'a Calendar,
    pub(super) application: &'a Application,
    pub(super) acts: &'a [Act],
    pub(super) exhibits: &'a [Exhibit],
}

/// The chronology as a page: no script, no picture, nothing from elsewhere. Bundles lie in courts'
/// files for years and their page is made anew when they are checked: who words it otherwise raises
/// [`format::FORMAT`] and keeps the old page.
pub(super) fn page(story: &Story<'_>) -> String {
    let Story { number, agency, case, calendar, application, acts, exhibits } = *story;
    let p = case.projection(calendar);
    let day = |day: Option<chrono::NaiveDate>| day.map_or("—".to_owned(), |day| day.to_string());
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <title>{0} 办理经过</title><style>{STYLE}</style></head><body>\n<h1>政府信息公开申请办理经过</h1>\n",
        escaped(number)
    );
    let mut facts = vec![
        ("受理编号", number.to_owned()),
        ("受理机关", agency.to_owned()),
        ("申请人", application.applicant.name.clone()),
        ("申请公开的信息", application.title.clone()),
        ("特征描述", application.description.clone()),
        ("提交渠道", case.channel.map_or("—", |channel| channel.label()).to_owned()),
        ("收到申请之日", day(p.received_on)),
        ("期限起算日（当日不计）", day(p.anchor_on)),
        ("答复期限届满日", day(p.due_on)),
        ("完成答复之日", day(p.completed_on)),
        ("送达申请人之日", day(p.served_on)),
        ("办理结果", p.outcome.map_or("—", |outcome| outcome.label()).to_owned()),
        ("目前状态", p.state.label().to_owned()),
    ];
    if p.provisional {
        facts.push(("说明", "届满日所需年份的放假安排尚未公布，日期暂定".to_owned()));
    }
    if !p.defects.is_empty() {
        facts.push(("记录在案的程序瑕疵（代码）", p.defects.join("、")));
    }
    html += "<table>\n";
    for (label, fact) in facts {
        let _ = writeln!(html, "<tr><th>{label}</th><td>{}</td></tr>", escaped(&fact));
    }
    html += "</table>\n<h2>办理经过</h2>\n<table>\n<tr><th>序号</th><th>日期</th><th>事项</th><th>办理人</th><th>记载</th></tr>\n";
    for act in acts {
        let says: Vec<String> = act.says.iter().map(|text| escaped(text)).collect();
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            act.seq,
            act.on,
            escaped(&act.act),
            escaped(&act.who),
            says.join("<br>")
        );
    }
    html += "</table>\n<h2>证据目录</h2>\n<table>\n<tr><th>编号</th><th>证据名称</th><th>页数</th><th>来源</th><th>证明目的</th><th>文件</th></tr>\n";
    for exhibit in exhibits {
        let pages = exhibit.pages.map_or("—".to_owned(), |pages| pages.to_string());
        let missing = exhibit.missing.as_ref().map_or_else(String::new, |why| {
            format!("<br><span class=\"m\">未收入：{}</span>", escaped(why))
        });
        let number = exhibit.number.as_ref().map_or_else(String::new, |n| format!("（{n}）"));
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td>{}{}<br>{}</td><td>{pages}</td><td>{}</td><td>{}</td><td>{}{missing}</td></tr>",
            exhibit.no,
            escaped(&exhibit.title),
            escaped(&number),
            exhibit.on,
            escaped(&exhibit.source),
            escaped(&exhibit.proves),
            exhibit.files.join("<br>"),
        );
    }
    html += "</table>\n<h2>怎样核对</h2>\n<pre>";
    html += &escaped(&how());
    html += "</pre>\n</body></html>\n";
    html
}

/// How a stranger checks the bundle.
fn how() -> String {
    format!(
        "一、期限：gongkai clock --calendar {} < {}\n　　结果应与 {} 相同，其中 due_on 为答复期限届满日。\n\
         二、完整性：gongkai verify --bundle 本文件.zip\n　　不需要数据库和网络，核对每个文件的摘要、台账的先后衔接、\
         台账推演的结果，有改动的逐项指出。\n\
         三、不用本系统也可以核对：{} 列出每个文件的 SHA-256；{} 每行一条记录，hash 是前一条的 hash、申请标识、序号、\
         类别、日期、登记时刻、办理人标识、办理人、内容（键按序排列的 JSON）各占一行（以换行结尾）的 SHA-256。\n\
         四、封印（seal）由受理机关的密钥生成，受理机关用 gongkai verify --bundle 本文件.zip --seals 核对。\n",
        format::CALENDAR,
        format::CLOCK,
        format::ANSWER,
        format::MANIFEST,
        format::LEDGER,
    )
}

/// The text that lies beside the page, for who opens files one by one.
pub(super) fn readme(contents: &Contents) -> String {
    format!(
        "{}　{}\n受理编号：{}　受理机关：{}\n\n先看 {}（办理经过、证据目录），证据在 evidence/ 文件夹，目录见 {}。\n\n{}",
        contents.form.label(),
        contents.as_of,
        contents.loaded.row.number,
        contents.agency.profile.name,
        format::STORY,
        format::CATALOGUE,
        how()
    )
}

/// Text as it stands in a page.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}
