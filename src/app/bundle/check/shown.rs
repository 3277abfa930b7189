//! What a reader of a bundle sees first – the page, the list of evidence, the records of service – is
//! compared with the ledger: whoever changed it and adapted the manifest is still found out.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::Archive;
use crate::app::bundle::format::{self, Manifest};
use crate::app::bundle::story::{self, Story};
use crate::domain::calendar::Calendar;
use crate::domain::case::Case;
use crate::domain::chronicle::Act;
use crate::domain::event::{Entry, Event, ServiceMethod};
use crate::domain::evidence::Exhibit;
use crate::domain::ids::NoticeId;
use crate::domain::request::Application;

/// Checks the page, made anew from the parts it tells of.
pub(super) fn page(
    archive: &Archive,
    manifest: &Manifest,
    (case, calendar): (&Case, &Calendar),
) -> Result<(), String> {
    let acts: Vec<Act> = archive.json(format::CHRONOLOGY)?;
    let exhibits: Vec<Exhibit> = archive.json(format::EVIDENCE)?;
    let application: Application = archive.json(format::APPLICATION)?;
    let anew = story::page(&Story {
        number: &manifest.number,
        agency: &manifest.agency,
        case,
        calendar,
        application: &application,
        acts: &acts,
        exhibits: &exhibits,
    });
    let stated = archive.text(format::STORY)?;
    let other = stated.lines().zip(anew.lines()).find(|(stated, anew)| stated != anew);
    match other {
        Some((stated, anew)) => Err(format!(
            "{} 与台账和申请表不符：写的是“{}”，应为“{}”",
            format::STORY,
            plain(stated),
            plain(anew)
        )),
        None if stated != anew => Err(format!("{} 与台账和申请表不符", format::STORY)),
        None => Ok(()),
    }
}

/// A line of the page without its tags.
fn plain(line: &str) -> String {
    let mut inside = false;
    let text = line.chars().filter(|c| {
        let tag = inside || *c == '<';
        inside = tag && *c != '>';
        !tag
    });
    text.take(120).collect()
}

/// Checks days, names and numbers in the list of evidence.
pub(super) fn evidence(archive: &Archive, entries: &[Entry], faults: &mut Vec<String>) {
    let exhibits: Vec<Exhibit> = match archive.json(format::EVIDENCE) {
        Ok(exhibits) => exhibits,
        Err(fault) => return faults.push(fault),
    };
    for exhibit in &exhibits {
        // The form itself and what is named as lost rest on no entry.
        let Some(seq) = exhibit.seq else { continue };
        let entry = entries.iter().find(|entry| entry.seq == seq);
        let agrees = entry.is_some_and(|entry| {
            let said = match &entry.event {
                Event::FileAdded { name, .. } => *name == exhibit.title,
                Event::Issued { number, .. } | Event::NoticeIssued { number, .. } => {
                    exhibit.number.as_deref().is_none_or(|stated| stated == number.as_str())
                }
                _ => false,
            };
            said && entry.on == exhibit.on
        });
        if !agrees {
            let (file, no) = (format::EVIDENCE, exhibit.no);
            faults.push(format!("{file} 第{no}项的日期、名称或者文号与台账第{seq}条记录不符"));
        }
    }
    let noted = |kind: &dyn Fn(&Event) -> bool| entries.iter().filter(|e| kind(&e.event)).count();
    let files = noted(&|event| matches!(event, Event::FileAdded { .. }));
    let listed = |exhibit: &&Exhibit| {
        let entry = exhibit.seq.and_then(|seq| entries.iter().find(|entry| entry.seq == seq));
        entry.is_some_and(|entry| matches!(entry.event, Event::FileAdded { .. }))
    };
    if exhibits.iter().filter(listed).count() != files {
        faults.push(format!("{} 没有列全台账记载的材料", format::EVIDENCE));
    }
}

/// What the ledger can prove of a record of service.
#[derive(Deserialize)]
struct Delivery {
    notice: NoticeId,
    method: ServiceMethod,
    sent_on: NaiveDate,
    served_on: Option<NaiveDate>,
    returned_on: Option<NaiveDate>,
}

/// What the ledger says of the way of one notice.
#[derive(Default)]
struct Way {
    sent: Vec<(NaiveDate, ServiceMethod)>,
    served: Vec<NaiveDate>,
    returned: Vec<NaiveDate>,
}

/// Checks days and methods of every record of service.
pub(super) fn deliveries(archive: &Archive, entries: &[Entry], faults: &mut Vec<String>) {
    let stated: Vec<Delivery> = match archive.json(format::DELIVERIES) {
        Ok(stated) => stated,
        Err(fault) => return faults.push(fault),
    };
    let mut ways: BTreeMap<NoticeId, Way> = BTreeMap::new();
    for entry in entries {
        let on = entry.on;
        match &entry.event {
            Event::Dispatched { notice, method, .. }
            | Event::NoticeDispatched { notice, method, .. } => {
                ways.entry(*notice).or_default().sent.push((on, *method));
            }
            Event::Served { notice, .. } | Event::NoticeServed { notice, .. } => {
                ways.entry(*notice).or_default().served.push(on);
            }
            Event::ServiceFailed { notice, .. } | Event::NoticeReturned { notice, .. } => {
                ways.entry(*notice).or_default().returned.push(on);
            }
            _ => {}
        }
    }
    let mut records: BTreeMap<NoticeId, usize> = BTreeMap::new();
    for (n, one) in (1..).zip(&stated) {
        *records.entry(one.notice).or_default() += 1;
        let agrees = ways.get(&one.notice).is_some_and(|way| {
            way.sent.contains(&(one.sent_on, one.method))
                && one.served_on.is_none_or(|on| way.served.contains(&on))
                && one.returned_on.is_none_or(|on| way.returned.contains(&on))
        });
        if !agrees {
            let file = format::DELIVERIES;
            faults.push(format!("{file} 第{n}项的发出、送达或者退回日期与台账不符"));
        }
    }
    // A reply to several requests has its records with one of them.
    let short = |(notice, count): (&NoticeId, &usize)| {
        ways.get(notice).is_some_and(|way| way.sent.len() != *count)
    };
    if records.iter().any(short) {
        faults.push(format!("{} 没有列全台账记载的送达", format::DELIVERIES));
    }
}
