//! The sheet, measured: GB/T 9704-2012 and the two copies of a receipt.

use gongkai::documents::Block;
use serde_json::json;

use super::reader::{Saved, pdf_text, run, squeezed};
use super::{ENGINE, given_notice, given_notice_with, sample};

const MM: f64 = 72.0 / 25.4;

/// One line on a page: its box in millimetres and its text.
#[derive(Debug)]
pub struct Line {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub text: String,
}

/// The lines of one page, top to bottom, as `pdftotext -bbox-layout` sees them.
pub fn lines(pdf: &[u8], page: usize) -> Vec<Line> {
    let file = Saved::new(pdf, "n.pdf");
    let page = page.to_string();
    let xml = run("pdftotext", &["-bbox-layout", "-f", &page, "-l", &page, file.path(), "-"]);
    let number = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!("{name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.parse::<f64>().unwrap() / MM
    };
    let mut lines: Vec<Line> = xml
        .split("<line ")
        .skip(1)
        .map(|line| {
            let (tag, rest) = line.split_once('>').unwrap();
            let words = rest.split("</line>").next().unwrap().split("<word ").skip(1);
            let word =
                |w: &str| w.split_once('>').unwrap().1.split("</word>").next().unwrap().to_owned();
            Line {
                left: number(tag, "xMin"),
                top: number(tag, "yMin"),
                right: number(tag, "xMax"),
                text: words.map(word).collect(),
            }
        })
        .collect();
    lines.sort_by(|a, b| a.top.total_cmp(&b.top));
    lines
}

#[test]
fn a_page_holds_22_lines_of_28_characters_within_the_type_area() {
    let mut notice = given_notice("reply_u1");
    notice.blocks = vec![Block::paragraph("永".repeat(28 * 60))];
    let page = lines(&ENGINE.pdf(&notice).unwrap(), 2);
    let text: Vec<&Line> = page.iter().filter(|line| line.text.starts_with('永')).collect();
    assert_eq!(text.len(), 22, "{text:?}");
    for line in &text {
        assert_eq!(line.text.chars().count(), 28, "{line:?}");
        assert!((line.left - 28.0).abs() < 0.5, "left edge at 28 mm: {line:?}");
        assert!((line.right - 184.0).abs() < 0.5, "right edge at 184 mm: {line:?}");
    }
    let pitch = (text[21].top - text[0].top) / 21.0;
    assert!((pitch - 225.0 / 22.0).abs() < 0.05, "22 lines in 225 mm, not {pitch}");

    // And the page number stands outside, left on an even page
    let number = page.iter().find(|line| squeezed(&line.text) == "—2—").unwrap();
    assert!(number.left > 28.0 && number.left < 40.0, "{number:?}");
}

#[test]
fn the_head_of_an_official_notice_begins_35_mm_below_the_type_area() {
    let page = lines(&ENGINE.pdf(&given_notice("reply_u1")).unwrap(), 1);
    let head = page.iter().find(|line| line.text == "宁乡市行政审批服务局").unwrap();
    assert!((head.top - 72.0).abs() < 4.0, "{head:?}");
    assert!((head.left + head.right - 212.0).abs() < 2.0, "centred on the type area: {head:?}");
}

#[test]
fn a_long_name_of_an_agency_stays_in_one_line() {
    for code in ["reply_u1", "correction"] {
        let mut notice = given_notice(code);
        notice.head = "宁乡市政务公开政务服务工作领导小组办公室和市行政审批服务局".into();
        let page = lines(&ENGINE.pdf(&notice).unwrap(), 1);
        let head = page.iter().find(|line| line.text == notice.head).unwrap();
        assert!(head.left > 27.5 && head.right < 184.5, "{head:?}");
    }
}

#[test]
fn a_letter_shows_no_page_number_on_its_first_page() {
    let pdf = ENGINE.pdf(&given_notice("correction")).unwrap();
    let numbered = |page| lines(&pdf, page).iter().any(|l| squeezed(&l.text).starts_with('—'));
    assert!(!numbered(1));
    assert!(numbered(2));
}

#[test]
fn no_page_ever_carries_only_the_signature() {
    for code in ["reply_u1", "extension"] {
        for length in (20..1100).step_by(28) {
            let mut notice = given_notice(code);
            let last = format!("末段{}。", "文".repeat(60));
            notice.blocks = vec![Block::paragraph("永".repeat(length)), Block::paragraph(&last)];
            let pages = ENGINE.pages(&notice).unwrap();
            let text = lines(&ENGINE.pdf(&notice).unwrap(), pages);
            let body = text.iter().any(|l| l.text.contains('文'));
            assert!(body, "{code}: {length} characters, page {pages}: {text:?}");
        }
    }
}

#[test]
fn both_copies_of_a_receipt_stand_on_one_sheet() {
    let notice = given_notice("receipt");
    assert_eq!(ENGINE.pages(&notice).unwrap(), 1);
    let text = pdf_text(&ENGINE.pdf(&notice).unwrap());
    for part in [
        "政府信息公开申请接受回执",
        "申请人签名：",
        "K7QM-4T2X",
        "20个工作日内",
        "1份政府信息公开申请",
    ] {
        assert_eq!(text.matches(part).count(), 2, "{part}: {text}");
    }
    for part in ["第一联申请人留存", "第二联行政机关存档"] {
        assert_eq!(text.matches(part).count(), 1, "{part}: {text}");
    }
}

#[test]
fn a_long_receipt_gets_a_sheet_for_each_copy_and_loses_nothing() {
    let mut values = sample("receipt");
    let items: Vec<String> =
        (1..=12).map(|n| format!("第{n}项{}", "很长的申请内容".repeat(6))).collect();
    values.insert("申请内容".into(), json!(items));
    let notice = given_notice_with("receipt", &values);
    assert_eq!(ENGINE.pages(&notice).unwrap(), 2);
    let text = pdf_text(&ENGINE.pdf(&notice).unwrap());
    assert_eq!(text.matches("第12项").count(), 2, "{text}");
}

#[test]
fn a_web_address_stays_inside_the_margin_and_can_be_copied() {
    let address =
        format!("https://www.example.gov.cn/zwgk/{}/index.html", "t20260312_1234567/".repeat(4));
    let mut values = sample("reply_g1");
    values.insert("获取途径".into(), json!([format!("县政府门户网站：{address}")]));
    let pdf = ENGINE.pdf(&given_notice_with("reply_g1", &values)).unwrap();
    assert!(pdf_text(&pdf).contains(&address));
    for line in lines(&pdf, 2) {
        assert!(line.right < 184.5, "{line:?}");
    }
}
