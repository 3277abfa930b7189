//! Archives that are no bundles, or want to do harm: refused with a sentence, never unpacked.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::report;
use crate::support::cases::assert_says;

fn packed(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn stored(files: &[(&str, &[u8])]) -> Vec<u8> {
    packed(files, CompressionMethod::Stored)
}

fn faults(bytes: &[u8]) -> String {
    report(bytes).faults.join("\n")
}

/// Every place where `needle` stands, replaced by as many bytes.
fn replaced(mut bytes: Vec<u8>, needle: &[u8], by: &[u8]) -> Vec<u8> {
    assert_eq!(needle.len(), by.len());
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(needle.len()).position(|w| w == needle) {
        bytes[at + found..at + found + needle.len()].copy_from_slice(by);
        at += found + needle.len();
    }
    bytes
}

#[test]
fn what_is_no_archive_is_told_so() {
    for bytes in [&b""[..], b"PK", b"%PDF-1.7 no archive at all", &[0; 5000]] {
        assert_says(&faults(bytes), &["压缩包在“开头”之后无法读取"]);
    }
}

#[test]
fn names_that_lead_out_of_the_bundle_are_refused() {
    let good = stored(&[("aaaaaaaaaaaa", b"x")]);
    for name in [
        "../../etc/pw",
        "/etc/passwd0",
        "..\\..\\etc\\pw",
        "a/./b/c/d/e/",
        ".bashrcfile0",
        "evil\0name000",
    ] {
        let faults = faults(&replaced(good.clone(), b"aaaaaaaaaaaa", name.as_bytes()));
        assert_says(&faults, &["不安全（指向包外或含有特殊字符）"]);
    }
}

#[test]
fn a_bomb_is_never_inflated() {
    let zeros = vec![0; 200 * 1024 * 1024];
    let bomb = packed(&[("manifest.json", &zeros)], CompressionMethod::Deflated);
    assert!(bomb.len() < 1024 * 1024);
    let begun = std::time::Instant::now();
    assert_says(&faults(&bomb), &["压缩包内“manifest.json”经过压缩"]);
    assert!(begun.elapsed().as_secs() < 5);
}

#[test]
fn a_name_that_occurs_twice_is_refused() {
    let two = stored(&[("manifest.json", b"{}"), ("manifest.jsoz", b"[]")]);
    let twice = replaced(two, b"manifest.jsoz", b"manifest.json");
    assert_says(&faults(&twice), &["压缩包内“manifest.json”出现两次", "目录与实际内容不一致"]);
}

#[test]
fn an_encrypted_member_is_told_so() {
    let mut bytes = stored(&[("manifest.json", b"{}")]);
    // The flag stands six bytes into the head of the member, eight into its line of the directory.
    bytes[6] |= 1;
    let directory = bytes.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    bytes[directory + 8] |= 1;
    assert_says(&faults(&bytes), &["压缩包内“manifest.json”已加密，无法核对"]);
}

#[test]
fn a_member_hidden_from_the_directory_is_found() {
    let shown = stored(&[("manifest.json", b"{}")]);
    let hidden = stored(&[("evidence.pdf", b"hidden")]);
    let end = hidden.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    let mut both = hidden[..end].to_vec();
    both.extend(&shown);
    assert_says(&faults(&both), &["压缩包的目录与实际内容不一致"]);
}

#[test]
fn what_is_cut_short_or_added_behind_is_found() {
    let whole = stored(&[("manifest.json", &[b' '; 4000])]);
    assert_says(&faults(&whole[..2000]), &["压缩包不完整：“manifest.json”只有一部分"]);
    assert_says(&faults(&whole[..whole.len() - 5]), &["末尾不完整，或者附加了其他内容"]);
    let mut longer = whole;
    longer.extend(b"and more");
    assert_says(&faults(&longer), &["末尾不完整，或者附加了其他内容"]);
}

#[test]
fn a_member_without_its_length_in_front_is_refused() {
    let mut zip = ZipWriter::new_stream(Vec::new());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("manifest.json", options).unwrap();
    zip.write_all(b"{}").unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    assert_says(&faults(&bytes), &["文件长度没有写在前面"]);
}
