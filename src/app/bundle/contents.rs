//! What goes into the bundle of a case: read in one state of the database, before any file is
//! opened.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::format::{self, Line};
use crate::app::deliveries::DeliveryView;
use crate::app::ledger::{self, Loaded};
use crate::app::{App, AppError, agencies, personal};
use crate::db::notices::NoticeRow;
use crate::db::{Conn, agencies as agency_rows, applications, deliveries, events, files, notices};
use crate::domain::agency::Agency;
use crate::domain::archiving::Retention;
use crate::domain::chronicle::{self, Act};
use crate::domain::decide::secrecy::release;
use crate::domain::event::Event;
use crate::domain::evidence::{self, BundleForm, Exhibit, proved_by_file, proved_by_notice};
use crate::domain::ids::{FileId, NoticeId, RequestId};
use crate::domain::notice::{NoticeKind, NoticeStatus};
use crate::domain::personal::{PersonalField, masked};
use crate::domain::request::Application;
use crate::storage::clean_file_name;

/// A case, ready to be packed.
pub(super) struct Contents {
    pub(super) form: BundleForm,
    pub(super) loaded: Loaded,
    pub(super) agency: Agency,
    pub(super) acts: Vec<Act>,
    /// 案卷号 and 保管期限, once it is archived.
    pub(super) archived: Option<(String, Option<Retention>)>,
    pub(super) application: Application,
    pub(super) pieces: Vec<Piece>,
    /// Small files whose text is known: path and bytes.
    pub(super) texts: Vec<(String, Vec<u8>)>,
    /// The last day on record: sheets bear it, so that they stay the same.
    pub(super) as_of: NaiveDate,
}

/// A piece of evidence and the stored files it consists of.
pub(super) struct Piece {
    pub(super) exhibit: Exhibit,
    pub(super) stored: Vec<StoredFile>,
}

/// A file in the store and its place in the bundle.
pub(super) struct StoredFile {
    pub(super) path: String,
    pub(super) key: Option<String>,
    pub(super) sha256: String,
    /// Why it must not be taken along.
    pub(super) held_back: Option<&'static str>,
}

/// What of the application the caller may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// All of it; every field counts as opened.
    Complete,
    /// Masked, as supervisors see every application.
    Masked,
}

/// The personal data that a bundle opens: every field the form holds.
pub(super) fn opened(form: &Application) -> Vec<PersonalField> {
    PersonalField::ALL.iter().copied().filter(|field| field.of(form).is_some()).collect()
}

/// The notices of the ledger, as issued, in order.
pub(super) fn issued(conn: &mut Conn, id: RequestId) -> Result<Vec<NoticeId>, AppError> {
    let mut found = Vec::new();
    for row in events::of_request(conn, id.0)? {
        match ledger::entry(&row)?.event {
            Event::Issued { notice, .. } | Event::NoticeIssued { notice, .. } => found.push(notice),
            _ => {}
        }
    }
    Ok(found)
}

impl Contents {
    /// Gathers the case as of now.
    pub(super) fn gather(
        conn: &mut Conn,
        app: &App,
        id: RequestId,
        (form, sight): (BundleForm, Sight),
    ) -> Result<Self, AppError> {
        let loaded = ledger::load_as_stored(conn, app, id.0)?;
        let rows = events::of_request(conn, id.0)?;
        let entries = rows.iter().map(ledger::entry).collect::<Result<Vec<_>, _>>()?;
        let agency = agencies::agency(agency_rows::get(conn, loaded.row.agency_id)?)?;
        let complete = personal::complete(app, &applications::get(conn, id.0)?)?;
        let application = match sight {
            Sight::Complete => complete,
            Sight::Masked => masked(&complete),
        };
        let deliveries: Vec<DeliveryView> =
            deliveries::of_request(conn, id.0)?.into_iter().map(DeliveryView::from).collect();
        let calendar = &loaded.calendar;
        let question = format::clock_question(&loaded.case);
        let mut texts = vec![
            (format::LEDGER.to_owned(), lines(rows)?),
            json_file(format::PROJECTION, &format::projection(&loaded.case, calendar))?,
            json_file(format::ANSWER, &super::check::clock_answer(calendar, &question)?)?,
            json_file(format::CLOCK, &question)?,
            (format::CALENDAR.to_owned(), calendar.to_csv().into_bytes()),
            json_file(format::APPLICATION, &application)?,
            json_file(format::DELIVERIES, &deliveries)?,
        ];
        let as_of = loaded.case.last_on.unwrap_or(loaded.row.arrived_on);
        let mut pieces = vec![form_piece(&loaded, deliveries.is_empty())];
        let file_rows = files::of_request(conn, id.0)?;
        let mut told = BTreeSet::new();
        for entry in &entries {
            match &entry.event {
                Event::Issued { notice, .. } | Event::NoticeIssued { notice, .. } => {
                    if !told.insert(notice.0) {
                        continue;
                    }
                    match notices::find(conn, notice.0)? {
                        Some(row) => {
                            texts.push(json_file(&format!("texts/{notice}.json"), &row.content)?);
                            pieces.push(of_notice(row, entry.seq, entry.on));
                        }
                        None => pieces.push(lost_notice(entry.seq, entry.on)),
                    }
                }
                Event::FileAdded { file, name, sha256, purpose, .. } => {
                    let row = file_rows.iter().find(|row| row.id == file.0);
                    let purpose = purpose.parse().ok();
                    let supplied = loaded.case.supplied_file(FileId(file.0));
                    let released = supplied.map(|supplied| release(&loaded.case, supplied));
                    let held_back = evidence::held_back(form, released);
                    let source = if entry.actor.id.is_some() {
                        agency.profile.name.as_str()
                    } else {
                        "申请人"
                    };
                    pieces.push(Piece {
                        exhibit: Exhibit {
                            title: name.clone(),
                            proves: proved_by_file(purpose).to_owned(),
                            source: source.to_owned(),
                            seq: Some(entry.seq),
                            ..blank(entry.on)
                        },
                        stored: vec![StoredFile {
                            path: ending_of(name),
                            key: row.map(|row| row.storage_key.clone()),
                            sha256: sha256.clone(),
                            held_back,
                        }],
                    });
                }
                _ => {}
            }
        }
        for (no, piece) in (1..).zip(&mut pieces) {
            piece.exhibit.no = no;
            for stored in &mut piece.stored {
                stored.path = format!("evidence/{no:03}{}", stored.path);
            }
        }
        let archived = entries.iter().rev().find_map(|entry| match &entry.event {
            Event::Archived { volume, retention, .. } => Some((volume.clone(), *retention)),
            _ => None,
        });
        let acts = chronicle::acts(&entries);
        Ok(Self { form, loaded, agency, acts, archived, application, pieces, texts, as_of })
    }
}

/// The ledger, an entry a line.
fn lines(rows: Vec<events::EventRow>) -> Result<Vec<u8>, AppError> {
    let mut text = String::new();
    for row in rows {
        text += &serde_json::to_string(&Line::from(row)).map_err(AppError::broken)?;
        text.push('\n');
    }
    Ok(text.into_bytes())
}

/// A file of JSON in the form in which the ledger digests it.
pub(super) fn json_file(
    path: &str,
    value: &impl serde::Serialize,
) -> Result<(String, Vec<u8>), AppError> {
    let value: Value = serde_json::to_value(value).map_err(AppError::broken)?;
    Ok((path.to_owned(), ledger::canonical_json(&value).into_bytes()))
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn blank(on: NaiveDate) -> Exhibit {
    Exhibit {
        no: 0,
        title: String::new(),
        number: None,
        on,
        source: String::new(),
        proves: String::new(),
        pages: None,
        seq: None,
        files: Vec::new(),
        missing: None,
    }
}

/// The application and what the register says of service: facts of the database, not files.
fn form_piece(loaded: &Loaded, undelivered: bool) -> Piece {
    let mut files = vec![format::APPLICATION.to_owned()];
    if !undelivered {
        files.push(format::DELIVERIES.to_owned());
    }
    let exhibit = Exhibit {
        title: "政府信息公开申请表和送达登记".to_owned(),
        number: Some(loaded.row.number.clone()),
        source: "申请人提交，本机关登记".to_owned(),
        proves:
            "申请人申请公开的内容、提交的日期，各文书送达的方式和日期（条例第二十九条、第三十一条）"
                .to_owned(),
        files,
        ..blank(loaded.row.arrived_on)
    };
    Piece { exhibit, stored: Vec::new() }
}

fn of_notice(row: NoticeRow, seq: i32, on: NaiveDate) -> Piece {
    let voided = if row.status == NoticeStatus::Voided { "（文号已作废）" } else { "" };
    let file = |ending: &str, key: Option<String>, sha256: Option<String>| StoredFile {
        path: format!(".{ending}"),
        key,
        sha256: sha256.unwrap_or_default(),
        held_back: None,
    };
    let author = match row.kind {
        NoticeKind::Receipt => "本机关（系统自动生成）",
        _ => "本机关制发",
    };
    Piece {
        exhibit: Exhibit {
            title: format!("{}{voided}", row.title),
            number: row.number,
            source: author.to_owned(),
            proves: proved_by_notice(row.kind).to_owned(),
            seq: Some(seq),
            files: vec![format!("texts/{}.json", row.id)],
            ..blank(on)
        },
        stored: vec![
            file("pdf", row.pdf_key, row.pdf_sha256),
            file("docx", row.docx_key, row.docx_sha256),
        ],
    }
}

fn lost_notice(seq: i32, on: NaiveDate) -> Piece {
    let exhibit = Exhibit {
        title: "文书".to_owned(),
        source: "本机关制发".to_owned(),
        seq: Some(seq),
        missing: Some("文书的登记不见了".to_owned()),
        ..blank(on)
    };
    Piece { exhibit, stored: Vec::new() }
}

/// The ending of a file name as the bundle writes it: plain ASCII, or none.
fn ending_of(name: &str) -> String {
    let name = clean_file_name(name);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let plain =
        |e: &String| (1..=8).contains(&e.len()) && e.chars().all(|c| c.is_ascii_alphanumeric());
    ending.filter(plain).map_or_else(String::new, |ending| format!(".{ending}"))
}
