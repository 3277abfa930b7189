//! `gongkai specimens`: every document of the program with made-up values, for those who approve the
//! wording and for the contact sheet of the documentation.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::failure::Failure;
use super::service::load;
use crate::assembly::font_folders;
use crate::documents::{Engine, Notice, Wording, docx};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 写入此目录（没有则建立）；同名文件被替换
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// 只生成样张总览（contact-sheet-1.png …）
    #[arg(long)]
    contact_sheet: bool,
}

pub(super) fn run(
    args: &Args,
    settings: Option<&Path>,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    let engine = Engine::start(&font_folders(&load(settings)?)).map_err(Failure::start)?;
    let wording = Wording::load().map_err(|errors| Failure::start(lines(&errors)))?;
    let mut specimens: Vec<(String, String, Notice)> = Vec::new();
    for template in wording.templates() {
        let number = template.catalogue.as_deref().unwrap_or("–");
        let name = format!("{number} {}", template.label);
        let notice = wording.specimen(&template.code).map_err(Failure::start)?;
        specimens.push((name, template.code.clone(), notice));
    }
    specimens.sort_by(|a, b| a.0.cmp(&b.0));
    fs::create_dir_all(&args.to)?;
    if args.contact_sheet {
        let named: Vec<_> = specimens.into_iter().map(|(name, _, notice)| (name, notice)).collect();
        let sheets = engine.contact_sheets(&named).map_err(Failure::start)?;
        for (n, png) in (1..).zip(&sheets) {
            fs::write(args.to.join(format!("contact-sheet-{n}.png")), png)?;
        }
        writeln!(out, "样张总览{}张：{}", sheets.len(), args.to.display())?;
        return Ok(ExitCode::SUCCESS);
    }
    for (_, code, notice) in &specimens {
        let pdf = engine.pdf(notice).map_err(Failure::start)?;
        fs::write(args.to.join(format!("{code}.pdf")), pdf)?;
        let file = docx(notice).map_err(Failure::start)?;
        fs::write(args.to.join(format!("{code}.docx")), file)?;
    }
    writeln!(out, "{}种文书的样张（PDF、DOCX）：{}", specimens.len(), args.to.display())?;
    Ok(ExitCode::SUCCESS)
}

fn lines(errors: &[crate::documents::WordingError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
