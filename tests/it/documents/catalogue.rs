//! The catalogue of documents (rulebook 5.3): nothing in it without wording, nothing without a golden
//! text, and docs/documents.md says what is there.

use std::collections::BTreeMap;
use std::path::Path;

use super::{CODES, ENGINE, WORDING, given_notice};

/// Numbers the catalogue leaves free.
const FREE: [u8; 3] = [34, 35, 36];

#[test]
fn every_document_of_the_catalogue_has_wording_and_a_golden_text() {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for template in WORDING.templates() {
        assert!(CODES.contains(&template.code.as_str()), "{} is not tried", template.code);
        assert!(!template.guide.is_empty() && !template.basis.is_empty(), "{}", template.code);
        let golden =
            format!("tests/it/documents/snapshots/it__documents__pdf__{}.snap", template.code);
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(&golden).exists(), "{golden}");
        if let Some(number) = &template.catalogue {
            found.entry(number).or_default().push(&template.code);
        }
    }
    for n in (1..=46).filter(|n| !FREE.contains(n)) {
        assert!(found.contains_key(format!("F{n:02}").as_str()), "F{n:02} has no wording");
    }
}

#[test]
fn the_inventory_names_every_wording_with_its_number() {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/documents.md"))
            .unwrap();
    for template in WORDING.templates() {
        let number = template.catalogue.as_deref().unwrap_or("–");
        let row = format!("| {number} | {} | `{}` |", template.label, template.code);
        assert!(page.contains(&row), "docs/documents.md lacks: {row}");
    }
}

#[test]
fn each_form_can_be_drawn_and_its_required_fields_alone_as_well() {
    for template in WORDING.templates() {
        let mut values = template.sample.clone();
        values.retain(|name, _| template.fields.iter().any(|f| f.name == *name && f.required));
        let notice = super::given_notice_with(&template.code, &values);
        assert!(ENGINE.pages(&notice).unwrap() >= 1, "{}", template.code);
        assert!(ENGINE.pages(&given_notice(&template.code)).unwrap() <= 4, "{}", template.code);
    }
}
