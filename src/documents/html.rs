//! Writes notices as HTML for the screen: the text of the PDF in the same order, read aloud and
//! enlarged as a reader likes.
//!
//! One file that fetches nothing and runs nothing: its one stylesheet stands inside, so that whoever
//! sends it can allow that alone (`Content-Security-Policy`). Every text is escaped.

mod form;
mod parts;
mod receipt;

use std::fmt::Write as _;

use super::error::RenderError;
use super::notice::{Layout, Notice, chinese_date};
use parts::{Markup, body, escaped};

/// The one stylesheet inside every file.
pub const STYLE: &str = include_str!("../../assets/html/notice.css");

/// Returns the notice as a page of HTML. The same notice always gives the same text.
///
/// # Errors
///
/// [`RenderError::TrackUrlTooLong`] if an address does not fit a QR code.
pub fn html(notice: &Notice) -> Result<String, RenderError> {
    let notice = notice.cleaned();
    let (kind, inner) = match notice.layout {
        Layout::Official => ("official", letter(&notice)?),
        Layout::Letter => ("letter", letter(&notice)?),
        Layout::Receipt => ("receipt", receipt::both_copies(&notice)?),
        Layout::Form => ("form", form::form(&notice)),
    };
    let title = escaped(&notice.title);
    let mut page = String::with_capacity(inner.len() + STYLE.len() + 512);
    // Writing into a String cannot fail.
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"format-detection\" content=\"telephone=no\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main class=\"{kind}\">\n{inner}</main>\n</body>\n</html>\n"
    );
    Ok(page)
}

/// 公文 and 信函格式: head, number, title, text, signature.
fn letter(notice: &Notice) -> Result<String, RenderError> {
    let mut out = Markup::new();
    out.open("header", "");
    out.line("p", "head", &notice.head);
    out.some("p", "number", notice.number.as_deref());
    out.close("header");
    out.line("h1", "", &notice.title);
    out.line("p", "addressee", &format!("{}：", notice.addressee));
    body(&mut out, &notice.blocks);
    let many = notice.attachments.len() > 1;
    if !notice.attachments.is_empty() {
        out.open("ul", "attachments");
        for (n, name) in (1..).zip(&notice.attachments) {
            let label = if n == 1 { "附件：" } else { "" };
            let count = if many { format!("{n}.") } else { String::new() };
            out.line("li", "", &format!("{label}{count}{name}"));
        }
        out.close("ul");
    }
    out.open("footer", "");
    signature(&mut out, notice);
    out.some("p", "contact", notice.contact.as_ref().map(|c| format!("（{c}）")).as_deref());
    if let Some(address) = notice.pay_url.as_ref().filter(|_| notice.layout == Layout::Letter) {
        out.open("div", "codes");
        parts::codes(&mut out, &format!("缴费或者查询的二维码：{address}"), address, notice)?;
        out.line("p", "", &format!("扫描二维码缴费或者查询：{address}"));
        out.close("div");
    }
    if !notice.copies_to.is_empty() {
        out.line("p", "copies", &format!("抄送：{}。", notice.copies_to.join("，")));
        if notice.layout == Layout::Official {
            let printed = format!("{} {}印发", notice.signatory, chinese_date(notice.date));
            out.line("p", "printed", &printed);
        }
    }
    out.close("footer");
    Ok(out.done())
}

/// 署名 and 成文日期.
fn signature(out: &mut Markup, notice: &Notice) {
    out.line("p", "signatory", &notice.signatory);
    out.date(notice.date);
}
