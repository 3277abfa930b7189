//! The register as a sheet, and for a spreadsheet.

use gongkai::documents::print::register::{COLUMNS, Register};

use super::super::ENGINE;
use super::super::layout::lines;
use super::super::reader::pdf_text;
use super::{is_about, is_sound, page_sizes, page_text};
use crate::support::day;

#[test]
fn a_register_repeats_its_head_and_counts_its_pages() {
    let line = |n: usize| -> [String; COLUMNS] {
        let title = match n % 5 {
            0 => format!("关于{}的信息", "老旧小区改造补助资金".repeat(18)),
            1 => "=HYPERLINK(\"http://x\")，😀\u{323B5}，<b>&\",;".to_owned(),
            2 => "abcdefghijklmnopqrstuvwxyz0123456789".repeat(4),
            _ => "2025年度老旧小区改造补助资金分配表".to_owned(),
        };
        [
            n.to_string(),
            format!("QY2026{n:08}"),
            "王*明".into(),
            "社会公益组织".into(),
            title,
            "当面提交".into(),
            "2026-09-14".into(),
            "2026-09-14".into(),
            "2026-10-16（暂定）".into(),
            "征求其他机关意见".into(),
            "不予公开：法律、行政法规禁止公开".into(),
            "2026-10-16".into(),
        ]
    };
    let register = Register {
        agency: "宁乡市行政审批服务局".into(),
        date: day("2026-09-14"),
        period: "收件日期：2026年1月1日至2026年9月14日".into(),
        filters: "筛选：未办结".into(),
        lines: (1..=80).map(line).collect(),
        totals: vec!["共80件，其中未办结80件（已逾期0件），已办结0件。".into()],
    };
    let pdf = ENGINE.register(&register).unwrap();
    is_sound(&pdf, "register");
    let sizes = page_sizes(&pdf);
    assert!(sizes.len() > 3 && sizes.iter().all(|page| is_about(*page, (297.0, 210.0))));
    for page in 1..=sizes.len() {
        let (all, read) = (lines(&pdf, page), page_text(&pdf, page));
        assert!(read.contains("登记编号"), "{read}");
        assert!(read.contains(&format!("第{page}页共{}页", sizes.len())), "{read}");
        assert!(all.iter().all(|line| line.right < 287.0), "{all:?}");
    }
    let text = pdf_text(&pdf);
    for n in 1..=80 {
        assert!(text.contains(&format!("QY2026{n:08}")), "{n}");
    }
    assert!(text.contains("〔U+323B5〕") && text.contains("共80件"));
    assert!(pdf == ENGINE.register(&register).unwrap());

    // For a spreadsheet: a line each, no formula among them
    let csv = String::from_utf8(register.csv().unwrap()).unwrap();
    assert!(csv.starts_with("\u{FEFF}序号,登记编号,"));
    assert_eq!(csv.matches("\r\n").count(), 81);
    assert!(csv.contains("\"'=HYPERLINK(\"\"http://x\"\")"), "{}", &csv[..900]);
}
