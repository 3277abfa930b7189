//! The picture of an agency's seal: who may upload it, who switches it on, and what bears it then.

use std::process::Command;

use hayro::vello_cpu::Pixmap;
use reqwest::Method;
use serde_json::json;

use crate::support::cases::{By, Case, g1, sha256};
use crate::support::client::{Client, Reply};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_seal_picture_is_printed_once_a_second_administrator_has_switched_it_on,
    a_picture_that_is_no_seal_is_refused_with_what_is_wrong_with_it,
    a_picture_that_got_lost_or_was_exchanged_is_not_replaced_by_another,
);

/// A red ring of so many points, on a ground that lets through or does not.
fn ring(width: u16, height: u16, ground: [u8; 4]) -> Vec<u8> {
    let mut picture = Pixmap::new(width, height);
    let (middle_x, middle_y) = (i64::from(width) / 2, i64::from(height) / 2);
    let outer = middle_x.min(middle_y) - 2;
    let inner = outer - outer / 6;
    let across = i64::from(width);
    for (at, point) in (0..).zip(picture.data_as_u8_slice_mut().chunks_exact_mut(4)) {
        let (x, y) = (at % across - middle_x, at / across - middle_y);
        let from_middle = x * x + y * y;
        let inked = (inner * inner..outer * outer).contains(&from_middle);
        point.copy_from_slice(if inked { &[230, 0, 18, 255] } else { &ground });
    }
    picture.recompute_may_have_transparency();
    picture.into_png().unwrap()
}

const CLEAR: [u8; 4] = [0; 4];

async fn uploaded(who: &Client, path: &str, version: i32, bytes: Vec<u8>) -> Reply {
    let request = who.request(Method::PUT, path).header("If-Match", format!("\"{version}\""));
    who.send(request.header("Content-Type", "image/png").body(bytes)).await
}

/// A picture for the agency, not in use.
pub async fn of_world(app: &TestApp) {
    let path = format!("/api/v1/agencies/{}/seal-picture", app.agency);
    uploaded(&app.admin().await, &path, 0, ring(420, 420, CLEAR)).await.expect(200);
}

/// The pictures on the pages of a PDF: one word `width×height` each.
fn pictures(pdf: &[u8]) -> Vec<(u32, u32)> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, pdf).unwrap();
    let output = Command::new("pdfimages").arg("-list").arg(file.path()).output().unwrap();
    let list = String::from_utf8(output.stdout).unwrap();
    let side = |line: &str, n: usize| line.split_whitespace().nth(n).unwrap().parse().unwrap();
    let images =
        list.lines().skip(2).filter(|line| line.split_whitespace().nth(2) == Some("image"));
    images.map(|line| (side(line, 3), side(line, 4))).collect()
}

async fn a_seal_picture_is_printed_once_a_second_administrator_has_switched_it_on(app: TestApp) {
    let path = format!("/api/v1/agencies/{}/seal-picture", app.agency);
    let switch = format!("{path}/use");
    let (on, off) = (json!({ "in_use": true }), json!({ "in_use": false }));
    let admin = app.admin().await;
    let second = app.signed_in("second", &["administrator"], None).await;

    // Nothing is there before, and nothing can be switched on
    let none = admin.get(&path).await.expect(200);
    assert_eq!(
        (none.json["version"].as_i64(), none.json["in_use"].as_bool()),
        (Some(0), Some(false))
    );
    assert_eq!(admin.put(&switch, 0, &on).await.refusal(), (404, "not_found"));
    assert_eq!(admin.get(&format!("{path}/image")).await.refusal(), (404, "not_found"));

    // Uploaded: not in use, and the answer says what a picture is worth
    let taken = uploaded(&admin, &path, 0, ring(420, 420, CLEAR)).await.expect(200).json;
    assert_eq!((&taken["in_use"], &taken["version"]), (&json!(false), &json!(1)));
    assert!(taken["statement"].as_str().unwrap().contains("不具有法律效力"), "{taken}");
    let again = uploaded(&admin, &path, 0, ring(420, 420, CLEAR)).await;
    assert_eq!(again.refusal(), (409, "changed"));
    let image = admin.get(&format!("{path}/image")).await.expect(200);
    assert_eq!(image.headers["content-type"], "image/png");
    assert_eq!(sha256(&image.bytes), taken["sha256"].as_str().unwrap());
    let case = Case::in_processing(&app).await;
    let plain = case.issued(&g1()).await;

    // Switched on by another administrator, and by nobody else
    assert_eq!(admin.put(&switch, 1, &on).await.refusal(), (409, "second_person_needed"));
    assert_eq!(second.put(&switch, 7, &on).await.refusal(), (409, "changed"));
    let used = second.put(&switch, 1, &on).await.expect(200).json;
    assert_eq!((&used["in_use"], &used["version"]), (&json!(true), &json!(2)));

    // A draft does not bear it; what is issued does, in the PDF and on the picture of its page
    let case = Case::in_processing(&app).await;
    let officer = app.officer().await;
    let draft = case.approved(&g1()).await;
    let below = |below: &str| format!("/api/v1/notices/{draft}/{below}");
    let preview = officer.get(&below("preview")).await.expect(200).bytes;
    assert_eq!(pictures(&preview), []);
    let page_before = officer.get(&below("pages/2")).await.expect(200).bytes;
    case.step(By::Head, &draft, json!({ "step": "issue" })).await.expect(200);
    let sealed = officer.get(&below("pdf")).await.expect(200).bytes;
    assert_eq!(pictures(&sealed), [(420, 420)]);
    assert!(
        red(&officer.get(&below("pages/2")).await.expect(200).bytes) > red(&page_before) + 2_000
    );
    // What was issued before does not, and texts to work with bear none
    let before = format!("/api/v1/notices/{}/pdf", plain["id"].as_str().unwrap());
    assert_eq!(pictures(&officer.get(&before).await.expect(200).bytes), []);
    let word = officer.get(&below("docx")).await.expect(200).bytes;
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(word)).unwrap();
    assert!((0..parts.len()).all(|n| !parts.by_index(n).unwrap().name().contains("media")));

    // Replaced: not in use before it is switched on anew; the issued notice keeps its picture
    let other = uploaded(&second, &path, 2, ring(300, 300, CLEAR)).await.expect(200).json;
    assert_eq!((&other["in_use"], &other["version"]), (&json!(false), &json!(3)));
    assert_eq!(officer.get(&below("pdf")).await.expect(200).bytes, sealed);
    assert!(
        red(&officer.get(&below("pages/2")).await.expect(200).bytes) > red(&page_before) + 2_000
    );
    // Off it goes at once, by anybody who keeps the agencies
    admin.put(&switch, 3, &on).await.expect(200);
    admin.put(&switch, 4, &off).await.expect(200);
    let case = Case::in_processing(&app).await;
    let last = case.issued(&g1()).await;
    let last = format!("/api/v1/notices/{}/pdf", last["id"].as_str().unwrap());
    assert_eq!(pictures(&officer.get(&last).await.expect(200).bytes), []);

    // Who did what is in the audit log
    let log = app.app.store.read(|conn| {
        let object_kind = Some("seal_picture".to_owned());
        let filter = gongkai::db::audit::AuditFilter { object_kind, ..Default::default() };
        gongkai::db::audit::page(conn, &filter, None, 100)
    });
    let mut done: Vec<String> = log.await.unwrap().into_iter().map(|note| note.action).collect();
    done.sort();
    assert_eq!(done, ["switch_off", "switch_on", "switch_on", "upload", "upload"]);
}

/// Points of a picture that are red.
fn red(png: &[u8]) -> usize {
    let picture = Pixmap::from_png(std::io::Cursor::new(png)).unwrap();
    let points = picture.data_as_u8_slice().chunks_exact(4);
    points.filter(|point| point[0] > 200 && point[1] < 90 && point[2] < 90).count()
}

async fn a_picture_that_is_no_seal_is_refused_with_what_is_wrong_with_it(app: TestApp) {
    let path = format!("/api/v1/agencies/{}/seal-picture", app.agency);
    let admin = app.admin().await;
    let mut cut = ring(420, 420, CLEAR);
    cut.truncate(cut.len() / 2);
    // A picture that claims to be huge is refused by its claim
    let mut huge = ring(420, 420, CLEAR);
    huge[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    let wrong = [
        (b"GIF89a".to_vec(), "PNG"),
        (Vec::new(), "PNG"),
        (cut, "PNG"),
        (huge, "60000×420"),
        (ring(199, 420, CLEAR), "199×420"),
        (ring(420, 600, CLEAR), "大致相等"),
        (ring(420, 420, [255; 4]), "透明"),
        (vec![0; 1_100_000], "1MB"),
        (Pixmap::new(420, 420).into_png().unwrap(), "空白"),
    ];
    for (bytes, says) in wrong {
        let refused = uploaded(&admin, &path, 0, bytes).await;
        assert_eq!(refused.fault(), (422, "invalid_input", "seal_picture"), "{says}");
        assert!(refused.json.to_string().contains(says), "{says}: {}", refused.json);
    }
    assert_eq!(admin.get(&path).await.expect(200).json["version"], 0);
    // What does not show is not kept
    let mut noted = ring(420, 420, CLEAR);
    noted.extend_from_slice(b"author: somebody");
    uploaded(&admin, &path, 0, noted).await.expect(200);
    let kept = admin.get(&format!("{path}/image")).await.expect(200).bytes;
    assert!(!kept.windows(6).any(|bytes| bytes == b"author"));
}

async fn a_picture_that_got_lost_or_was_exchanged_is_not_replaced_by_another(app: TestApp) {
    let path = format!("/api/v1/agencies/{}/seal-picture", app.agency);
    let second = app.signed_in("second", &["administrator"], None).await;
    let taken = uploaded(&app.admin().await, &path, 0, ring(420, 420, CLEAR)).await.expect(200);
    second.put(&format!("{path}/use"), 1, &json!({ "in_use": true })).await.expect(200);
    let case = Case::in_processing(&app).await;
    let issued = case.issued(&g1()).await;
    let key = format!("seals/{}.png", taken.json["sha256"].as_str().unwrap());
    let file = app.folder.path().join("files").join(key);
    assert!(file.exists());
    std::fs::write(file, ring(300, 300, CLEAR)).unwrap();
    let page = format!("/api/v1/notices/{}/pages/1", issued["id"].as_str().unwrap());
    let refused = app.officer().await.get(&page).await;
    assert_eq!(refused.refusal(), (422, "unprintable"));
}
