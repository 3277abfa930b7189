//! `make bench-documents`: the same reply, set by us, by WeasyPrint, and by docxtpl with LibreOffice,
//! in one run; and our memory over 5,000 documents.
//!
//! The peers make plain PDFs, we make PDF/A-2a with tags. WeasyPrint gets the same words as HTML with the
//! measures of the layout, LibreOffice the DOCX that we write, with two placeholders.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use gongkai::documents::notice::Block;
use gongkai::documents::{Engine, Notice, Wording, docx};
use serde_json::Value;

use super::documents::{folders, notice, pdfs};
use super::{row, table};

/// Documents over which memory must stay flat.
const MANY: usize = 5_000;
/// How the page is set: GB/T 9704 measures, 22 lines of 28 characters.
const STYLE: &str = "@page { size: A4; margin: 37mm 26mm 35mm 28mm }
    body { font: 16pt/28.95pt Fang; margin: 0 } p { margin: 0; text-indent: 2em; text-align: justify }
    h1 { font: 22pt/32pt Fang; text-align: center } h2 { font: 16pt/28.95pt Fang; margin: 0 }";

pub fn measure() {
    let Ok(python) = std::env::var("MEASURE_PEERS") else {
        return println!("The peers are not installed: make bench-documents.");
    };
    let wording = Arc::new(Wording::load().unwrap());
    let engine = Arc::new(Engine::start(&folders()).unwrap());
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/peers");
    let template = Notice {
        number: Some("清自然资依复〔2026〕{{ number }}".into()),
        addressee: "{{ addressee }}".into(),
        ..notice(&wording, 0)
    };
    let (page, word) = (folder.join("reply.html"), folder.join("reply.docx"));
    fs::write(&page, html(&template)).unwrap();
    fs::write(&word, docx(&template).unwrap()).unwrap();
    let pages = engine.pages(&notice(&wording, 1)).unwrap();
    pdfs(&engine, &wording, 1, 20);

    let before = [pdfs(&engine, &wording, 1, 300), pdfs(&engine, &wording, 2, 300)];
    let peer = |script: &str, file: &Path, rest: &[&str]| run(&python, script, file, rest);
    let weasy = ["1", "2"].map(|workers| peer("weasy.py", &page, &["40", workers]));
    let single = ["1", "2"].map(|workers| peer("office.py", &word, &["8", "1", workers]));
    let batch = ["1", "2"].map(|workers| peer("office.py", &word, &["40", "20", workers]));
    let after = [pdfs(&engine, &wording, 1, 300), pdfs(&engine, &wording, 2, 300)];
    let own = [0, 1].map(|n| f64::midpoint(before[n], after[n]));

    table(
        "One reply after another, each different",
        &[
            "made by",
            "pages",
            "a second, one worker",
            "two workers",
            "we are faster by",
            "memory of one",
        ],
    );
    let memory = resident("VmHWM");
    row(&[
        "Gongkai (Typst), PDF/A-2a + UA-1".into(),
        pages.to_string(),
        format!("{:.0} ({:.0} before the peers, {:.0} after)", own[0], before[0], after[0]),
        format!("{:.0}", own[1]),
        String::new(),
        format!("{memory:.0} MB"),
    ]);
    for (name, measured) in [
        ("WeasyPrint 70.0, in process, plain PDF", &weasy),
        ("docxtpl 0.20.2 + LibreOffice, a start for each", &single),
        ("docxtpl 0.20.2 + LibreOffice, 20 for each start", &batch),
    ] {
        let rate = |n: usize| measured[n]["per_second"].as_f64().unwrap();
        row(&[
            name.into(),
            measured[0]["pages"].to_string(),
            format!("{:.2}", rate(0)),
            format!("{:.2}", rate(1)),
            format!("{:.0} and {:.0} times", own[0] / rate(0), own[1] / rate(1)),
            format!("{:.0} MB", measured[0]["memory_mb"].as_f64().unwrap()),
        ]);
    }
    flat(&engine, &wording);
}

/// Our memory while one thread makes many documents, each different.
fn flat(engine: &Engine, wording: &Wording) {
    table("Memory over 5,000 different replies, one thread", &["after", "resident"]);
    for n in 1..=MANY {
        engine.pdf(&notice(wording, 10_000 + n)).unwrap();
        if n == 100 || n % 1_000 == 0 {
            row(&[n.to_string(), format!("{:.1} MB", resident("VmRSS"))]);
        }
    }
}

/// A line of `/proc/self/status` in MB.
fn resident(line: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let found = status.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':'));
    let kilobytes: f64 = found.unwrap().trim().trim_end_matches(" kB").parse().unwrap();
    kilobytes / 1024.0
}

fn run(python: &str, script: &str, file: &Path, rest: &[&str]) -> Value {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/peers").join(script);
    let output = Command::new(python).arg(script).arg(file).args(rest).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The words of the reply for a setter of HTML.
fn html(notice: &Notice) -> String {
    let mut page = String::from("<!DOCTYPE html><meta charset=\"utf-8\"><style>\n");
    let font = folders()[0].join("FandolFang-Regular.otf");
    let _ =
        writeln!(page, "@font-face {{ font-family: Fang; src: url('file://{}') }}", font.display());
    let number = notice.number.as_deref().unwrap_or_default();
    let _ = write!(
        page,
        "{STYLE}</style><h1>{}文件</h1><p>{number}</p><h1>{}</h1><p>{}：</p>",
        notice.head, notice.title, notice.addressee
    );
    for block in &notice.blocks {
        let lines = match block {
            Block::Heading { text, .. } => vec![format!("<h2>{text}</h2>")],
            Block::Paragraph { text } => vec![format!("<p>{text}</p>")],
            Block::List { items } => items.iter().map(|item| format!("<p>{item}</p>")).collect(),
            Block::Rows { .. } | Block::Grid { .. } => Vec::new(),
        };
        page += &lines.concat();
    }
    let _ = write!(page, "<p>{}</p><p>{}</p>", notice.signatory, notice.date);
    page
}
