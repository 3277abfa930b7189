//! Whoever changes a bundle is found out, and what they changed is named.

use std::io::{Cursor, Read, Write};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::{exported, report, served};
use crate::support::cases::assert_says;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    every_change_of_a_bundle_is_found_and_named,
    who_rewrites_the_lists_is_found_by_the_ledger
);

/// The files of a bundle in order.
type Members = Vec<(String, Vec<u8>)>;

fn members(bundle: &[u8]) -> Members {
    let mut archive = ZipArchive::new(Cursor::new(bundle)).unwrap();
    (0..archive.len())
        .map(|n| {
            let mut file = archive.by_index(n).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().to_owned(), bytes)
        })
        .collect()
}

fn packed(members: &Members) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    for (name, bytes) in members {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn at<'m>(members: &'m mut Members, name: &str) -> &'m mut Vec<u8> {
    &mut members.iter_mut().find(|(n, _)| n == name).unwrap().1
}

fn changed(bundle: &[u8], change: impl FnOnce(&mut Members)) -> String {
    let mut members = members(bundle);
    change(&mut members);
    report(&packed(&members)).faults.join("\n")
}

/// The manifest as it would be after the change: what a careful forger makes.
fn relisted(members: &mut Members) {
    let mut manifest: Value = serde_json::from_slice(at(members, "manifest.json")).unwrap();
    let known = members.clone();
    for file in manifest["files"].as_array_mut().unwrap() {
        let (_, bytes) = known.iter().find(|(name, _)| file["path"] == name.as_str()).unwrap();
        file["sha256"] = json!(hex::encode(Sha256::digest(bytes)));
        file["bytes"] = json!(bytes.len());
    }
    *at(members, "manifest.json") = serde_json::to_vec(&manifest).unwrap();
}

fn lines(members: &mut Members, change: impl FnOnce(&mut Vec<String>)) {
    let ledger = at(members, "ledger.jsonl");
    let text = String::from_utf8(ledger.clone()).unwrap();
    let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
    change(&mut lines);
    *ledger = (lines.join("\n") + "\n").into_bytes();
}

async fn every_change_of_a_bundle_is_found_and_named(app: TestApp) {
    let bundle = exported(&served(&app).await).await;
    assert_eq!(report(&bundle).faults, Vec::<String>::new());
    let all = members(&bundle);
    assert_eq!(changed(&bundle, |_| {}), "", "packing anew changes nothing");

    // One byte of any file
    for (name, _) in
        all.iter().filter(|(name, _)| name != "manifest.json" && name != "manifest.seal")
    {
        let faults = changed(&bundle, |members| {
            let bytes = at(members, name);
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        });
        assert_says(&faults, &[&format!("“{name}”的内容已被改动")]);
    }
    // A file taken out, whichever
    for (name, _) in &all {
        let faults = changed(&bundle, |members| members.retain(|(n, _)| n != name));
        assert!(faults.contains(name.as_str()), "{name}: {faults}");
    }
    // A file put in
    let faults = changed(&bundle, |members| members.push(("evidence/099.pdf".into(), vec![1])));
    assert_eq!(faults, "“evidence/099.pdf”不在清单中，是后来加入的");
    // An unreadable list
    let faults = changed(&bundle, |members| *at(members, "manifest.json") = b"{".to_vec());
    assert_says(&faults, &["manifest.json 无法读取"]);
}

async fn who_rewrites_the_lists_is_found_by_the_ledger(app: TestApp) {
    let bundle = exported(&served(&app).await).await;
    let forged = |change: &dyn Fn(&mut Members)| {
        changed(&bundle, |members| {
            change(members);
            relisted(members);
        })
    };
    assert_eq!(forged(&|_| {}), "");

    // Reordered
    let faults = forged(&|m| lines(m, |lines| lines.swap(2, 3)));
    assert_says(&faults, &["台账第3行应当是第3条记录，实际是第4条：顺序被改动", "不衔接"]);
    // Changed
    let faults = forged(&|m| {
        lines(m, |lines| lines[1] = lines[1].replace("2026-09-14", "2026-09-15"));
    });
    assert_says(&faults, &["台账第2条记录已被改动"]);
    // Cut off at the end
    let faults = forged(&|m| lines(m, |lines| drop(lines.pop())));
    assert_says(&faults, &["条记录，实有"]);
    // Statements that do not follow
    let faults = forged(&|m| {
        let mut stated: Value = serde_json::from_slice(at(m, "projection.json")).unwrap();
        stated["due_on"] = json!("2026-12-31");
        *at(m, "projection.json") = serde_json::to_vec(&stated).unwrap();
    });
    assert_says(
        &faults,
        &["projection.json 的 due_on 写的是\"2026-12-31\"，由台账推演应为\"2026-"],
    );
    let faults = forged(&|m| {
        let mut question: Value = serde_json::from_slice(at(m, "clock.json")).unwrap();
        question["events"].as_array_mut().unwrap().remove(1);
        *at(m, "clock.json") = serde_json::to_vec(&question).unwrap();
    });
    assert_says(&faults, &["clock.json 的 events 与台账推演的结果不符"]);
    let faults = forged(&|m| {
        let mut acts: Value = serde_json::from_slice(at(m, "chronology.json")).unwrap();
        acts[0]["who"] = json!("别人");
        *at(m, "chronology.json") = serde_json::to_vec(&acts).unwrap();
    });
    assert_says(&faults, &["chronology.json 与台账不符"]);
    // What a reader sees first: the page, the list of evidence, the records of service
    let swapped = |name: &'static str, from: &'static str, to: &'static str| {
        forged(&|m| {
            let text = String::from_utf8(at(m, name).clone()).unwrap();
            assert!(text.contains(from), "{name}: {text}");
            *at(m, name) = text.replace(from, to).into_bytes();
        })
    };
    let faults = swapped("index.html", "2026-09-30", "2026-09-03");
    assert_says(&faults, &["index.html 与台账和申请表不符：写的是", "2026-09-03", "2026-09-30"]);
    let faults = swapped("index.html", "</body>", "<p>补充</p></body>");
    assert_says(&faults, &["index.html 与台账和申请表不符"]);
    let faults = swapped("application.json", "王小明", "王大明");
    assert_says(&faults, &["index.html 与台账和申请表不符"]);
    let faults = swapped("evidence.json", "受理现场.jpg", "其他.jpg");
    assert_says(&faults, &["evidence.json 第", "index.html"]);
    let faults = swapped("evidence.json", "2026-09-28", "2026-09-08");
    assert_says(&faults, &["evidence.json 第"]);
    for (from, to) in [("2026-09-28", "2026-09-18"), ("2026-09-30", "2026-09-29")] {
        let faults = swapped("deliveries.json", from, to);
        assert_says(&faults, &["deliveries.json 第", "日期与台账不符"]);
    }
    let faults = forged(&|m| {
        let mut all: Value = serde_json::from_slice(at(m, "deliveries.json")).unwrap();
        let twice = all[0].clone();
        all.as_array_mut().unwrap().push(twice);
        *at(m, "deliveries.json") = serde_json::to_vec(&all).unwrap();
    });
    assert_says(&faults, &["deliveries.json 没有列全"]);
    // Another calendar
    let faults = forged(&|m| {
        let text = String::from_utf8(at(m, "calendar.csv").clone()).unwrap();
        *at(m, "calendar.csv") = text.replace("2026-10-01,off", "2026-10-01,work").into_bytes();
    });
    assert_says(&faults, &["calendar.csv 的版本是"]);
    // Another document than the one on record
    let pdf = members(&bundle)
        .into_iter()
        .map(|(n, _)| n)
        .find(|n| n.ends_with(".pdf") && n.starts_with("evidence/"))
        .unwrap();
    let faults = forged(&|m| at(m, &pdf).extend(b"\n% amended"));
    assert_says(&faults, &["的PDF 文书不在包内，也没有列为缺件"]);
    let picture =
        members(&bundle).into_iter().map(|(n, _)| n).find(|n| n.ends_with(".jpg")).unwrap();
    let faults = forged(&|m| at(m, &picture).push(0));
    assert_says(&faults, &["材料“受理现场.jpg”不在包内"]);
    let text =
        members(&bundle).into_iter().map(|(n, _)| n).find(|n| n.starts_with("texts/")).unwrap();
    let faults = forged(&|m| at(m, &text).push(b' '));
    assert_says(&faults, &["签发的内容不符"]);
}
