//! The notices, read back with programs that share no code with ours.
//!
//! `pdftotext`, `pdfinfo`, `pdffonts` come from poppler-utils, `qpdf`, `docx2txt` and `zbarimg`
//! (zbar-tools) from the Debian packages of those names. The fonts come from `scripts/fonts.sh`.

mod catalogue;
mod docx;
mod hostile;
mod html;
mod layout;
mod office;
mod pdf;
mod print;
mod reader;
mod wording;

use std::path::PathBuf;
use std::sync::LazyLock;

use gongkai::documents::{Engine, Notice, Wording};
use serde_json::{Map, Value, json};

/// The typesetter of this test process.
pub static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::start(&font_folders()).unwrap());
static WORDING: LazyLock<Wording> = LazyLock::new(|| Wording::load().unwrap());

/// The templates that the county needs.
const CODES: [&str; 53] = [
    "receipt",
    "correction",
    "reasons",
    "deferral",
    "extension",
    "reply_g1",
    "reply_g2",
    "reply_p1",
    "reply_n1",
    "reply_n2",
    "reply_n3",
    "reply_n4",
    "reply_n5",
    "reply_n6",
    "reply_n7",
    "reply_n8",
    "reply_u1",
    "reply_u2",
    "reply_u3",
    "reply_u4",
    "reply_x1",
    "reply_x2",
    "reply_x3",
    "reply_x4",
    "reply_x5",
    "reply_o3",
    "reply_items",
    "secrecy_referral",
    "third_party_letter",
    "agency_letter",
    "consultation_told",
    "override_told",
    "fee_notice",
    "not_handled_correction",
    "not_handled_fee",
    "service_slip",
    "record_answer",
    "record_forwarding",
    "evidence_list",
    "volume_list",
    "volume_note",
    "application_form",
    "register_sheet",
    "third_party_slip",
    "agency_slip",
    "internal_task",
    "supply_list",
    "withdrawal_confirmation",
    "power_of_attorney",
    "handling_sheet",
    "secrecy_sheet",
    "extension_sheet",
    "defence_answer",
];

fn font_folders() -> Vec<PathBuf> {
    let ours = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/fonts");
    vec![ours, PathBuf::from("/usr/share/fonts")]
}

/// The sample values of a template, to be changed by a test.
fn sample(code: &str) -> Map<String, Value> {
    WORDING.template(code).unwrap().sample.clone()
}

/// A notice filled with its template's sample, the way a use case would put it together.
fn given_notice(code: &str) -> Notice {
    WORDING.specimen(code).unwrap()
}

fn given_notice_with(code: &str, values: &Map<String, Value>) -> Notice {
    WORDING.specimen_with(code, values).unwrap()
}

#[test]
fn a_notice_frozen_before_the_optional_parts_existed_can_still_be_read() {
    let old = json!({
        "template": { "code": "correction", "version": 1 }, "layout": "letter", "head": "某局",
        "title": "告知书", "addressee": "王喆", "signatory": "某局", "date": "2026-03-09",
        "blocks": [{ "kind": "paragraph", "text": "正文" }, { "kind": "heading", "level": 1, "text": "一、" },
                   { "kind": "list", "items": ["甲", "乙"] }],
    });
    let notice: Notice = serde_json::from_value(old).unwrap();
    assert_eq!((notice.number.as_ref(), notice.rows.len()), (None, 0));
    assert_eq!(notice.blocks.len(), 3);

    // And what is frozen today reads the same tomorrow
    let today = given_notice("receipt");
    let frozen = serde_json::to_string(&today).unwrap();
    assert_eq!(serde_json::from_str::<Notice>(&frozen).unwrap(), today);
}
