//! A form: its number, its title, its tables and the text between them.

use super::super::notice::Notice;
use super::parts::{Markup, body};

/// The whole form.
pub(super) fn form(notice: &Notice) -> String {
    let mut out = Markup::new();
    let case = notice.case_number.as_ref().map(|n| format!("受理编号：{n}"));
    let number = notice.number.as_ref().map(|n| format!("文号：{n}"));
    out.open("header", "top");
    for fact in case.iter().chain(&number).chain([&notice.signatory]) {
        out.line("span", "", fact);
    }
    out.close("header");
    out.line("h1", "", &notice.title);
    if !notice.addressee.is_empty() {
        out.line("p", "addressee", &format!("{}：", notice.addressee));
    }
    body(&mut out, &notice.blocks);
    out.open("footer", "top");
    out.some("span", "", notice.contact.as_deref());
    out.date(notice.date);
    out.close("footer");
    out.done()
}
