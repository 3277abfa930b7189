//! HTML: the text of the PDF in the same order, as a page that fetches and runs nothing.

use gongkai::documents::{Block, Layout, html};

use super::reader::{pdf_text, squeezed};
use super::{CODES, ENGINE, given_notice};
use crate::support::html::Page;

/// What is wrong with a page. A notice is one file: its stylesheet and its pictures stand inside, and
/// head and foot belong to its text.
fn faults(page: &Page) -> Vec<String> {
    let mut faults = page.faults();
    let own = ["<style>: must not be here", "<img>: src leads to \"data:image/"];
    faults.retain(|fault| !own.iter().any(|own| fault.starts_with(own)));
    faults.retain(|fault| !fault.ends_with(" <header>") && !fault.ends_with(" <footer>"));
    faults
}

#[test]
fn each_page_reads_as_its_pdf_and_is_sound() {
    for code in CODES {
        let notice = given_notice(code);
        let text = html(&notice).unwrap();
        let page = Page::read(&text);
        assert_eq!(squeezed(&page.main()), pdf_text(&ENGINE.pdf(&notice).unwrap()), "{code}");
        assert_eq!(faults(&page), Vec::<String>::new(), "{code}");
        assert_eq!(page.all("title")[0].text, notice.title, "{code}");
        // And the same notice gives the same page
        assert_eq!(html(&notice).unwrap(), text, "{code}");
    }
}

#[test]
fn tables_are_tables_whose_heads_say_what_they_are_about() {
    for code in CODES {
        let notice = given_notice(code);
        let page = Page::read(&html(&notice).unwrap());
        let (mut rows, mut lines, mut columns) = (0, 0, 0);
        for block in &notice.blocks {
            match block {
                Block::Rows { rows: more, .. } => rows += more.len(),
                Block::Grid { columns: heads, lines: more } => {
                    (lines, columns) = (lines + more.len() + 1, columns + heads.len());
                }
                _ => {}
            }
        }
        let copies = if notice.layout == Layout::Receipt { 2 } else { 1 };
        let facts = copies * (rows + notice.rows.len());
        assert_eq!(page.all("tr").len(), facts + lines, "{code}");
        let scoped =
            |scope| page.all("th").iter().filter(|th| th.get("scope") == Some(scope)).count();
        assert_eq!(scoped("col"), columns, "{code}");
        assert!(scoped("row") + scoped("rowgroup") >= facts, "{code}");
    }
}

#[test]
fn mark_up_in_a_text_stays_text() {
    let evil =
        "</p></main><script>alert(1)</script><img src=x onerror=\"y\"> &lt; 'a' \"b\" {{ 7*7 }}";
    for code in CODES {
        let mut notice = given_notice(code);
        notice.title = evil.into();
        notice.addressee = evil.into();
        notice.contact = Some(evil.into());
        notice.track_url = Some(format!("https://x.example/?{evil}"));
        notice.pay_url = notice.pay_url.map(|_| format!("https://pay.example/?{evil}"));
        notice.blocks.push(Block::paragraph(evil));
        notice.blocks.push(Block::List { items: vec![evil.into()] });
        let page = Page::read(&html(&notice).unwrap());
        assert_eq!(faults(&page), Vec::<String>::new(), "{code}");
        let text = squeezed(&page.main());
        assert!(text.matches(&squeezed(evil)).count() >= 4, "{code}: {text}");
        let pictures = page.all("img");
        let codes = match code {
            "receipt" => 4,
            "fee_notice" => 2,
            _ => 0,
        };
        assert_eq!(pictures.len(), codes, "{code}");
        assert!(
            pictures.iter().all(|img| !img.get("alt").unwrap_or_default().is_empty()),
            "{code}"
        );
    }
}
