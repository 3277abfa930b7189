//! Notices and forms on the screen: as a page and as pictures of their pages, for those who may have
//! the PDF.

use serde_json::json;

use crate::support::cases::{By, Case, assert_says, g1, pdf_text};
use crate::support::client::Reply;
use crate::support::html::Page;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_reply_is_read_on_the_screen_before_and_after_it_is_issued,
    the_query_code_is_on_no_screen_of_those_who_hand_out_no_receipts,
    a_form_is_read_on_the_screen_and_that_is_on_record,
);

/// The text of a page that a browser may show, and only that.
fn page_text(reply: &Reply) -> String {
    let header = |name: &str| reply.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    let policy = header("content-security-policy");
    let page = std::str::from_utf8(&reply.bytes).unwrap();
    let style = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    use base64::Engine as _;
    use sha2::Digest as _;
    let digest = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(style));
    let parts: Vec<&str> = policy.split("; ").collect();
    assert!(parts.contains(&"default-src 'none'"), "{policy}");
    assert!(parts.contains(&format!("style-src 'sha256-{digest}'").as_str()), "{policy}");
    assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{policy}");
    Page::read(page).main().split_whitespace().collect()
}

/// Width and height a PNG says it has.
fn size_of_png(bytes: &[u8]) -> (u32, u32) {
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
    let at = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (at(16), at(20))
}

async fn a_reply_is_read_on_the_screen_before_and_after_it_is_issued(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let id = case.drafted(&g1()).await;
    let officer = app.officer().await;
    let path = |below: &str| format!("/api/v1/notices/{id}/{below}");

    // As a draft: the page says what the PDF says, without a number
    let page = page_text(&officer.get(&path("preview?format=html")).await.expect(200));
    let pdf = pdf_text(&officer.get(&path("preview")).await.expect(200).bytes);
    assert_says(&page, &["政府信息公开申请答复书", "王小明："]);
    assert_eq!(sorted(&page), sorted(&without_page_numbers(&pdf)));
    let word = officer.get(&path("preview?format=docx")).await.expect(200);
    assert!(word.bytes.starts_with(b"PK"));
    let picture = officer.get(&path("pages/1")).await.expect(200);
    assert_eq!(picture.headers["content-type"], "image/png");
    // A4 at 108 dots to the inch
    assert_eq!(size_of_png(&picture.bytes), (893, 1263));
    for n in ["0", "99"] {
        assert_eq!(officer.get(&path(&format!("pages/{n}"))).await.refusal(), (404, "not_found"));
    }
    assert_eq!(officer.get(&path("preview?format=exe")).await.status, 400);
    // Nothing is issued yet
    assert_eq!(officer.get(&path("html")).await.refusal(), (404, "not_found"));

    // Issued, with its number
    let other = Case::in_processing(&app).await;
    let issued = other.issued(&g1()).await;
    let (id, number) = (issued["id"].as_str().unwrap(), issued["number"].as_str().unwrap());
    let page = officer.get(&format!("/api/v1/notices/{id}/html")).await.expect(200);
    assert_says(&page_text(&page), &[number, "王小明："]);
    assert!(
        officer.get(&format!("/api/v1/notices/{id}/pages/1")).await.expect(200).bytes.len() > 9_000
    );
}

async fn the_query_code_is_on_no_screen_of_those_who_hand_out_no_receipts(app: TestApp) {
    let case = Case::filed(&app).await;
    let receipt = case.notice("receipt").await["id"].as_str().unwrap().to_owned();
    let path = |below: &str| format!("/api/v1/notices/{receipt}/{below}");
    let clerk = page_text(&app.clerk().await.get(&path("html")).await.expect(200));
    assert_says(&clerk, &[&case.code, &case.number]);
    let supervisor = app.supervisor().await;
    for screen in ["html", "preview?format=html"] {
        let text = page_text(&supervisor.get(&path(screen)).await.expect(200));
        assert_says(&text, &[&case.number]);
        assert!(!text.contains(&case.code), "{screen}: {text}");
    }
    let preview = pdf_text(&supervisor.get(&path("preview")).await.expect(200).bytes);
    assert!(!preview.contains(&case.code), "{preview}");
}

async fn a_form_is_read_on_the_screen_and_that_is_on_record(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let items = json!({ "action": "list_items", "items": [{ "title": "<b>补助资金</b>分配表" }] });
    case.does(By::Officer, items).await;
    let officer = app.officer().await;
    let path = |below: &str| case.path(&format!("/forms/{below}"));
    let page = page_text(&officer.get(&path("handling_sheet?format=html")).await.expect(200));
    assert_says(&page, &["政府信息公开申请办理单", "<b>补助资金</b>分配表", "王*明"]);
    let picture = officer.get(&path("handling_sheet/pages/1")).await.expect(200);
    assert_eq!(size_of_png(&picture.bytes), (893, 1263));
    assert_eq!(officer.get(&path("handling_sheet/pages/9")).await.refusal(), (404, "not_found"));
    let log = app.app.store.read(|conn| {
        let filter = gongkai::db::audit::AuditFilter::default();
        gongkai::db::audit::page(conn, &filter, None, 100)
    });
    let printed = log.await.unwrap().into_iter().filter(|note| note.action == "form.print");
    assert_eq!(printed.count(), 3);
    // The empty ones are open to all
    let blank = format!("/api/v1/agencies/{}/forms/application_form?format=html", app.agency);
    assert_says(&page_text(&app.anon().get(&blank).await.expect(200)), &["青云县财政局"]);
}

/// The characters of a text in order of their numbers: readers of PDF walk tables and lines their own way.
fn sorted(text: &str) -> String {
    let mut all: Vec<char> = text.chars().collect();
    all.sort_unstable();
    all.into_iter().collect()
}

fn without_page_numbers(text: &str) -> String {
    (1..9).fold(text.to_owned(), |text, n| text.replace(&format!("—{n}—"), ""))
}
