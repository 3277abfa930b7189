//! The case in a bundle: chain, replay, clock, and what the ledger says of notices and files.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Archive, BundleReport, shown};
use crate::app::AppError;
use crate::app::bundle::format::{self, Line, Manifest};
use crate::app::ledger::{self, GENESIS};
use crate::db::events::EventRow;
use crate::domain::calendar::Calendar;
use crate::domain::case::Case;
use crate::domain::chronicle::Act;
use crate::domain::clock::{self, ClockInput};
use crate::domain::event::{Entry, Event};
use crate::keys::Keys;

/// The answer of `gongkai clock` to a question.
///
/// # Errors
///
/// [`AppError::Broken`] when the question is none.
pub fn clock_answer(calendar: &Calendar, question: &Value) -> Result<Value, AppError> {
    let input = ClockInput::from_json(&question.to_string())
        .map_err(|refusal| AppError::broken(io_error(&format!("{refusal:?}"))))?;
    // A case with its first entry has a last day on record, so that today is never asked for.
    let as_of = input.as_of.unwrap_or_default();
    let answer = clock::answer(calendar, &input, as_of)
        .map_err(|refusal| AppError::broken(io_error(&format!("{refusal:?}"))))?;
    serde_json::to_value(answer).map_err(AppError::broken)
}

fn io_error(why: &str) -> std::io::Error {
    std::io::Error::other(why.to_owned())
}

/// Checks everything that follows from the ledger.
pub(super) fn check(
    archive: &Archive,
    manifest: &Manifest,
    keys: Option<&Keys>,
    report: &mut BundleReport,
) {
    let rows = match rows(archive) {
        Ok(rows) => rows,
        Err(fault) => return report.faults.push(fault),
    };
    report.entries = rows.len();
    chain(&rows, manifest, keys, &mut report.faults);
    let entries: Vec<Entry> = rows.iter().filter_map(|row| ledger::entry(row).ok()).collect();
    if entries.len() != rows.len() {
        report.faults.push("台账中有本程序无法识别的记录".to_owned());
        return;
    }
    let calendar = match calendar(archive, manifest) {
        Ok(calendar) => calendar,
        Err(fault) => return report.faults.push(fault),
    };
    if let Some(case) = replay(archive, &calendar, &entries, report) {
        report.faults.extend(shown::page(archive, manifest, (&case, &calendar)).err());
    }
    chronology(archive, &entries, &mut report.faults);
    shown::evidence(archive, &entries, &mut report.faults);
    shown::deliveries(archive, &entries, &mut report.faults);
    for entry in &entries {
        spoken_of(archive, manifest, entry, &mut report.faults);
    }
}

fn rows(archive: &Archive) -> Result<Vec<EventRow>, String> {
    let text = archive.text(format::LEDGER)?;
    let read = |(n, line): (usize, &str)| {
        serde_json::from_str::<Line>(line)
            .map(EventRow::from)
            .map_err(|error| format!("{}第{n}行无法读取：{error}", format::LEDGER))
    };
    (1..).zip(text.lines()).map(read).collect()
}

/// Checks that each entry says what it said, and follows the one before.
fn chain(rows: &[EventRow], manifest: &Manifest, keys: Option<&Keys>, faults: &mut Vec<String>) {
    let mut prev = GENESIS;
    for (n, row) in (1..).zip(rows) {
        if row.seq != n {
            faults.push(format!("台账第{n}行应当是第{n}条记录，实际是第{}条：顺序被改动", row.seq));
        }
        if row.request_id != manifest.request {
            faults.push(format!("台账第{}条记录属于另一件申请", row.seq));
        }
        if row.prev_hash != prev {
            faults.push(format!("台账第{}条记录与前一条不衔接", row.seq));
        }
        if ledger::hash(row) != row.hash {
            faults.push(format!("台账第{}条记录已被改动", row.seq));
        }
        if keys.is_some_and(|keys| ledger::seal_with(keys, &row.hash) != row.seal) {
            faults.push(format!("台账第{}条记录的封印不是本系统所加", row.seq));
        }
        prev = &row.hash;
    }
    if rows.len() != manifest.entries || prev != manifest.last_hash {
        let (found, stated) = (rows.len(), manifest.entries);
        faults.push(format!("清单写明台账有{stated}条记录，实有{found}条，或者末条不同"));
    }
}

fn calendar(archive: &Archive, manifest: &Manifest) -> Result<Calendar, String> {
    let calendar = Calendar::from_csv(archive.text(format::CALENDAR)?)
        .map_err(|error| format!("{} 无法读取：{error}", format::CALENDAR))?;
    if calendar.version() != manifest.calendar {
        return Err(format!(
            "{} 的版本是{}，清单写明的是{}",
            format::CALENDAR,
            calendar.version(),
            manifest.calendar
        ));
    }
    Ok(calendar)
}

/// Replays the ledger and compares what follows with what the bundle states.
fn replay(
    archive: &Archive,
    calendar: &Calendar,
    entries: &[Entry],
    report: &mut BundleReport,
) -> Option<Case> {
    let case = match Case::replay(calendar, entries) {
        Ok(case) => case,
        Err(error) => {
            report.faults.push(format!("台账无法重演：{error}"));
            return None;
        }
    };
    let projection = format::projection(&case, calendar);
    report.due_on = case.projection(calendar).due_on;
    let question = format::clock_question(&case);
    let answer = clock_answer(calendar, &question).unwrap_or_default();
    for (name, expected) in
        [(format::PROJECTION, projection), (format::CLOCK, question), (format::ANSWER, answer)]
    {
        match archive.value(name) {
            Err(fault) => report.faults.push(fault),
            Ok(stated) => differences(name, &stated, &expected, &mut report.faults),
        }
    }
    Some(case)
}

/// Names each field in which what is stated differs from what follows.
fn differences(name: &str, stated: &Value, expected: &Value, faults: &mut Vec<String>) {
    let (Some(said), Some(is)) = (stated.as_object(), expected.as_object()) else {
        if stated != expected {
            faults.push(format!("{name} 与台账推演的结果不符"));
        }
        return;
    };
    let fields: BTreeSet<&String> = said.keys().chain(is.keys()).collect();
    let null = Value::Null;
    for field in fields {
        let (said, is) = (said.get(field).unwrap_or(&null), is.get(field).unwrap_or(&null));
        if said != is && (said.is_array() || said.is_object()) {
            faults.push(format!("{name} 的 {field} 与台账推演的结果不符"));
        } else if said != is {
            faults.push(format!("{name} 的 {field} 写的是{said}，由台账推演应为{is}"));
        }
    }
}

/// Compares the chronology with the ledger in what does not depend on wording.
fn chronology(archive: &Archive, entries: &[Entry], faults: &mut Vec<String>) {
    let acts: Vec<Act> = match archive.json(format::CHRONOLOGY) {
        Ok(acts) => acts,
        Err(fault) => return faults.push(fault),
    };
    let agrees = |(act, entry): (&Act, &Entry)| {
        act.seq == entry.seq
            && act.on == entry.on
            && act.kind == entry.event.kind()
            && act.who == entry.actor.label
    };
    if acts.len() != entries.len() || !acts.iter().zip(entries).all(agrees) {
        faults.push(format!("{} 与台账不符", format::CHRONOLOGY));
    }
}

/// Checks that a notice or file that the ledger speaks of is there, or named as missing.
fn spoken_of(archive: &Archive, manifest: &Manifest, entry: &Entry, faults: &mut Vec<String>) {
    let seq = entry.seq;
    let there = |sha256: &str| {
        archive.found.values().any(|found| found.sha256 == sha256)
            || manifest.missing.iter().any(|missing| missing.sha256 == sha256)
    };
    let mut want = |what: &str, sha256: &str| {
        if !there(sha256) {
            faults.push(format!("台账第{seq}条记录的{what}不在包内，也没有列为缺件"));
        }
    };
    match &entry.event {
        Event::Issued { notice, content_sha256, .. }
        | Event::NoticeIssued { notice, content_sha256, .. } => {
            let path = format!("texts/{notice}.json");
            match archive.found.get(&path) {
                Some(found) if found.sha256 == *content_sha256 => {}
                Some(_) => faults.push(format!("“{path}”与台账第{seq}条记录签发的内容不符")),
                None => faults.push(format!("台账第{seq}条记录签发的文书“{path}”不在包内")),
            }
        }
        Event::Rendered { pdf_sha256, docx_sha256, .. } => {
            want("PDF 文书", pdf_sha256);
            want("DOCX 文书", docx_sha256);
        }
        Event::FileAdded { name, sha256, .. } => want(&format!("材料“{name}”"), sha256),
        _ => {}
    }
}
