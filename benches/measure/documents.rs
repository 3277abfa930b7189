//! Notices: cold start of the engine, one PDF after another on one thread and on two.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use gongkai::documents::{Engine, Layout, Notice, Wording, docx};

use super::{human, row, table};

/// As `GET …/pages/{n}` draws it.
const PREVIEW_DPI: u16 = 108;

pub fn folders() -> Vec<PathBuf> {
    vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/fonts"), "/usr/share/fonts".into()]
}

/// A reply of two pages, different for every `n`, from the template's own sample.
pub fn notice(wording: &Wording, n: usize) -> Notice {
    let template = wording.template("reply_u1").unwrap();
    let blocks = wording.blocks("reply_u1", &template.sample).unwrap();
    Notice {
        template: wording.reference("reply_u1").unwrap(),
        layout: Layout::Official,
        head: "清溪县自然资源局".into(),
        number: Some(format!("清自然资依复〔2026〕第{n}号")),
        title: template.title.clone(),
        addressee: format!("张喆{n}"),
        blocks,
        attachments: Vec::new(),
        signatory: "清溪县自然资源局".into(),
        date: "2026-09-14".parse().unwrap(),
        contact: Some("联系部门：政务公开办，联系电话：0700-1234567".into()),
        copies_to: Vec::new(),
        rows: Vec::new(),
        query_code: None,
        case_number: None,
        track_url: None,
        pay_url: None,
        seal: None,
    }
}

pub fn measure() {
    let wording = Arc::new(Wording::load().unwrap());
    let begun = Instant::now();
    let engine = Arc::new(Engine::start(&folders()).unwrap());
    let started = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    engine.pdf(&notice(&wording, 0)).unwrap();
    let first = begun.elapsed().as_secs_f64();
    table("Notices (reply U1, PDF/A-2a + UA-1)", &["what", "figure", "goal"]);
    row(&["engine start".into(), human(started), String::new()]);
    row(&["first PDF (cold)".into(), human(first), String::new()]);
    let one = pdfs(&engine, &wording, 1, 300);
    row(&["PDFs a second, one thread, warm".into(), format!("{one:.0}"), "≥ 100".into()]);
    let two = pdfs(&engine, &wording, 2, 300);
    row(&["PDFs a second, two threads".into(), format!("{two:.0}"), String::new()]);
    engine.png(&notice(&wording, 0), 1, PREVIEW_DPI).unwrap();
    let begun = Instant::now();
    for n in 0..100 {
        engine.png(&notice(&wording, n), 1, PREVIEW_DPI).unwrap();
    }
    let preview = human(begun.elapsed().as_secs_f64() / 100.0);
    row(&["picture of a page (PNG, 108 dpi), warm".into(), preview, "≤ 50 ms".into()]);
    let begun = Instant::now();
    for n in 0..500 {
        docx(&notice(&wording, n)).unwrap();
    }
    let word = 500.0 / begun.elapsed().as_secs_f64();
    row(&["DOCX a second, one thread".into(), format!("{word:.0}"), String::new()]);
}

pub fn pdfs(engine: &Arc<Engine>, wording: &Arc<Wording>, threads: usize, each: usize) -> f64 {
    let begun = Instant::now();
    let workers: Vec<_> = (0..threads)
        .map(|t| {
            let (engine, wording) = (Arc::clone(engine), Arc::clone(wording));
            std::thread::spawn(move || {
                for n in 0..each {
                    engine.pdf(&notice(&wording, t * each + n + 1)).unwrap();
                }
            })
        })
        .collect();
    workers.into_iter().for_each(|worker| worker.join().unwrap());
    (threads * each) as f64 / begun.elapsed().as_secs_f64()
}
