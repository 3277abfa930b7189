//! The receipt: both copies, with the codes of the paper.

use super::super::error::RenderError;
use super::super::notice::Notice;
use super::parts::{Markup, body, codes, group_of_rows};
use super::signature;

/// 一式两份.
pub(super) fn both_copies(notice: &Notice) -> Result<String, RenderError> {
    let mut out = Markup::new();
    copy(&mut out, notice, "第一联 申请人留存", "h1")?;
    copy(&mut out, notice, "第二联 行政机关存档", "h2")?;
    Ok(out.done())
}

fn copy(out: &mut Markup, notice: &Notice, label: &str, title: &str) -> Result<(), RenderError> {
    out.open("section", "copy");
    out.open("div", "top");
    out.line("span", "", label);
    let number = notice.number.as_ref().map(|number| format!("编号：{number}"));
    out.some("span", "", number.as_deref());
    out.close("div");
    out.line(title, "title", &notice.title);
    out.line("p", "addressee", &format!("{}：", notice.addressee));
    body(out, &notice.blocks);
    if !notice.rows.is_empty() {
        out.open("table", "facts");
        group_of_rows(out, None, &notice.rows);
        out.close("table");
    }
    out.open("div", "codes");
    let (alt, address) = match &notice.track_url {
        Some(address) => (format!("查询办理进度的二维码：{address}"), address.as_str()),
        None => (String::new(), ""),
    };
    codes(out, &alt, address, notice)?;
    out.some("p", "", enquiry(notice).as_deref());
    out.close("div");
    out.sign_here("申请人签名：");
    signature(out, notice);
    out.close("section");
    Ok(())
}

/// How the applicant follows the case.
fn enquiry(notice: &Notice) -> Option<String> {
    let code = notice.query_code.as_ref().map(|code| format!("和查询码 {code} "));
    match &notice.track_url {
        Some(address) => Some(format!(
            "扫描二维码，或者凭登记编号{}在下列网址查询办理进度：{address}",
            code.unwrap_or_default()
        )),
        None => code.map(|code| format!("凭登记编号{code}查询办理进度")),
    }
}
