//! The post is printed: list, letters, envelopes, labels; and a notice in several copies (一式两份).

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::app::audit::{self, Note};
use crate::app::notices::formats::{Document, Format};
use crate::app::{App, AppError, Principal};
use crate::db::requests;
use crate::documents::pdf::Unread;
use crate::documents::print::bound::{Bound, Letter, Line, PostingList};
use crate::documents::print::envelope::Envelopes;
use crate::documents::print::label::Labels;
use crate::documents::print::{Ends, PrintError};
use crate::documents::{Engine, RenderError};
use crate::domain::agency::Agency;
use crate::domain::ids::{AgencyId, NoticeId, RequestId};
use crate::domain::notice::NoticeStatus;
use crate::domain::post::{Copy, PostWay};
use crate::domain::request::FieldFault;

use super::letters::{self, Item};
use super::order::{PostOrder, PostPrint, copies_of};
use super::{PART, may_post, sender};

/// The action under which a printing stands in the audit log.
const PRINTED: &str = "post.print";

/// Most bytes of all letters of one printing.
const MOST_BYTES: usize = 128 * 1024 * 1024;

/// The letters of one printing, with their running numbers.
struct Batch {
    agency: Agency,
    on: chrono::NaiveDate,
    /// Running number of the first.
    from: usize,
    items: Vec<Item>,
}

impl App {
    /// Prints the post of a day, or the letters that are named.
    ///
    /// # Errors
    ///
    /// Those of [`App::post_of_day`]; [`AppError::Invalid`] names every letter that has no address or does
    /// not fit; `post_incomplete` names every letter whose file is not there; `nothing_to_print`.
    pub async fn print_post(
        &self,
        principal: Principal,
        agency: AgencyId,
        order: PostOrder,
    ) -> Result<Document, AppError> {
        let on = self.post_day(&principal, agency, order.on)?;
        order.check()?;
        let PostOrder { print, letters: wanted, part, .. } = order;
        let app = self.clone();
        let batch = self.store.read(move |conn| {
            let items = match wanted.as_slice() {
                [] => letters::of_day(conn, &app, agency, on)?.0,
                named => letters::named(conn, &app, agency, named)?,
            };
            let (from, items) = part_of(items, part)?;
            Ok::<_, AppError>(Batch { agency: sender(conn, agency)?, on, from, items })
        });
        let batch = batch.await?;
        let (kind, opens) = (print.name(), print.opens_addresses());
        let set = match print {
            PostPrint::List => {
                let list = self.list(&batch);
                self.typeset("交寄清单", on, move |engine| Ok(engine.posting_list(&list)?)).await
            }
            PostPrint::Letters { copies, duplex } => {
                let letters = self.files_of(&batch.items, copies).await?;
                let title = format!("{}交寄文书", batch.agency.profile.name);
                let list = Some(self.list(&batch));
                let bound = Bound { title, date: on, list, letters, duplex };
                self.typeset("交寄文书", on, move |engine| engine.bind_letters(bound)).await
            }
            PostPrint::Envelopes { size, preprinted } => {
                let ends = self.ends(&batch)?;
                let kind = Envelopes { size, preprinted, date: on };
                self.typeset("信封", on, move |engine| engine.envelopes(kind, &ends)).await
            }
            PostPrint::Labels { sheet, first } => {
                let ends = self.ends(&batch)?;
                let kind = Labels { sheet, used: first.saturating_sub(1), date: on };
                self.typeset("地址标签", on, move |engine| engine.labels(kind, &ends)).await
            }
        };
        let number = |nth: usize| batch.items.get(nth).map_or("", Item::number).to_owned();
        let document = set.map_err(|error| told(error, number))?;
        self.note_printing(principal, batch, (kind, opens)).await?;
        Ok(document)
    }

    /// A notice in several copies for the printer, each page marked outside of the text with which copy
    /// it is; the file on record stays as it is.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's; [`AppError::Forbidden`] for others than those who
    /// record how notices leave; `notice_not_issued`; [`AppError::Invalid`] for a number of copies that
    /// nobody needs.
    pub async fn notice_copies(
        &self,
        principal: Principal,
        id: NoticeId,
        copies: u8,
        duplex: bool,
    ) -> Result<Document, AppError> {
        let view = self.notice(&principal, id).await?;
        let request: RequestId = view.request;
        let row = self.store.read(move |conn| requests::get(conn, request.0)).await?;
        may_post(&principal, AgencyId(row.agency_id))?;
        if let Some(fault) = copies_of(copies) {
            return Err(AppError::Invalid(vec![fault]));
        }
        if view.status != NoticeStatus::Issued {
            let message = "文书尚未签发，不能打印交付用的份数".to_owned();
            return Err(AppError::Conflict { code: "notice_not_issued", message });
        }
        let whole = self.document(&principal, id, Format::Pdf).await?;
        let marks = Copy::of(copies, view.kind.is_to_applicant());
        let marks = marks.map(|copy| copy.map(Copy::mark)).collect();
        let date = view.issued_on.unwrap_or_else(|| self.today());
        let bound = Bound {
            title: whole.name.trim_end_matches(".pdf").to_owned(),
            date,
            list: None,
            letters: vec![Letter { pdf: whole.bytes, marks }],
            duplex,
        };
        let number = view.number.unwrap_or(row.number);
        let name = format!("{}_{number}_{copies}份", view.title);
        let set = self.typeset(&name, date, move |engine| engine.bind_letters(bound)).await;
        let document = set.map_err(|error| told(error, |_| number))?;
        let app = self.clone();
        self.store
            .write(move |conn| {
                let detail = json!({ "print": "copies", "copies": copies });
                let note = Note { detail, ..Note::done(PRINTED, "notice", id.0) };
                audit::note(conn, &app, Some(&principal), note)
            })
            .await?;
        Ok(Document { name: format!("{name}.pdf"), ..document })
    }

    /// Sets something on a thread of its own.
    async fn typeset(
        &self,
        name: &str,
        on: chrono::NaiveDate,
        set: impl FnOnce(&Engine) -> Result<Vec<u8>, PrintError> + Send + 'static,
    ) -> Result<Document, PrintError> {
        let engine = self.engine.clone();
        let broken = |error: tokio::task::JoinError| RenderError::Packaging(error.to_string());
        let bytes = tokio::task::spawn_blocking(move || set(&engine)).await.map_err(broken)??;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let (name, media_type) = (format!("{name}_{on}.pdf"), Format::Pdf.media_type());
        Ok(Document { name, media_type, sha256, bytes })
    }

    /// The list of a batch; signs that no font draws are spelled.
    fn list(&self, batch: &Batch) -> PostingList {
        let spell = |text: &str| self.engine.spell(text);
        let line = |(n, item): (usize, &Item)| Line {
            n,
            number: spell(item.number()),
            to: spell(&item.masked_name()),
            place: spell(&item.masked_place()),
            way: item.way.label().to_owned(),
            tracking: spell(&item.tracking),
        };
        let ways = PostWay::ALL
            .iter()
            .map(|way| (way, batch.items.iter().filter(|item| item.way == *way).count()));
        let ways = ways.filter(|(_, count)| *count > 0);
        let ways: Vec<String> =
            ways.map(|(way, count)| format!("{}{count}件", way.label())).collect();
        PostingList {
            agency: spell(&batch.agency.profile.name),
            date: batch.on,
            lines: (batch.from..).zip(&batch.items).map(line).collect(),
            totals: format!("共{}件：{}。", batch.items.len(), ways.join("，")),
        }
    }

    /// Both ends of each letter, or everything that keeps them from being printed.
    fn ends(&self, batch: &Batch) -> Result<Vec<Ends>, AppError> {
        let faults: Vec<FieldFault> =
            batch.items.iter().flat_map(|item| item.faults(self)).collect();
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        let profile = &batch.agency.profile;
        let sender = match profile.office_name.starts_with(&profile.name) {
            true => profile.office_name.clone(),
            false => format!("{}{}", profile.name, profile.office_name),
        };
        for (field, text) in [("agency.name", &sender), ("agency.address", &profile.address)] {
            if !self.engine.undrawn(text).is_empty() {
                let message = "本机关名称或者地址中有字库没有的字，请系统管理员核对机关资料";
                return Err(AppError::field(field, "no_glyph", message));
            }
        }
        let ends = |item: &Item| Ends {
            name: item.to.name.clone(),
            attention: item.to.attention.clone(),
            address: item.to.address.clone(),
            postcode: item.to.postcode.clone(),
            sender: sender.clone(),
            sender_address: profile.address.clone(),
            sender_postcode: profile.postcode.clone(),
            number: item.number().to_owned(),
            way: item.way.label().to_owned(),
            tracking: item.tracking.clone(),
        };
        Ok(batch.items.iter().map(ends).collect())
    }

    /// The files of the letters as they are on record. What is not there is named, all of it.
    async fn files_of(&self, items: &[Item], copies: u8) -> Result<Vec<Letter>, AppError> {
        let (mut letters, mut missing, mut size) = (Vec::new(), Vec::new(), 0_usize);
        for item in items {
            match self.document_of(NoticeId(item.notice.id), None, Format::Pdf).await {
                Ok(file) => {
                    size = size.saturating_add(file.bytes.len());
                    if size > MOST_BYTES {
                        return Err(too_large());
                    }
                    let marks = Copy::of(copies, item.notice.kind.is_to_applicant());
                    let marks = marks.map(|copy| copy.map(Copy::mark)).collect();
                    letters.push(Letter { pdf: file.bytes, marks });
                }
                Err(error @ (AppError::Unprintable(_) | AppError::NotFound(_))) => {
                    missing.push(format!("{}（{error}）", item.number()));
                }
                Err(AppError::FileLost(_)) => {
                    missing.push(format!("{}（文件丢失或者损坏）", item.number()));
                }
                Err(error) => return Err(error),
            }
        }
        if missing.is_empty() { Ok(letters) } else { Err(incomplete(&missing.join("；"))) }
    }

    async fn note_printing(
        &self,
        principal: Principal,
        batch: Batch,
        (kind, opens): (&'static str, bool),
    ) -> Result<(), AppError> {
        let app = self.clone();
        self.store
            .write(move |conn| {
                for item in &batch.items {
                    let mut detail = json!({ "print": kind });
                    if let Some(detail) = detail.as_object_mut().filter(|_| opens) {
                        detail.insert(
                            "address".to_owned(),
                            json!(match item.typed {
                                true => "entered",
                                false => "on_record",
                            }),
                        );
                        detail.insert("receiver".to_owned(), json!(item.receiver));
                    }
                    let note = Note { detail, ..Note::done(PRINTED, "notice", item.notice.id) };
                    audit::note(conn, &app, Some(&principal), note)?;
                }
                Ok::<_, AppError>(())
            })
            .await
    }
}

/// The part that is wanted, and the running number of its first letter.
fn part_of(items: Vec<Item>, part: Option<usize>) -> Result<(usize, Vec<Item>), AppError> {
    let parts = items.len().div_ceil(PART);
    if items.is_empty() {
        let message = "当日没有要邮寄的文书".to_owned();
        return Err(AppError::Conflict { code: "nothing_to_print", message });
    }
    match part {
        None if parts > 1 => {
            let message = format!(
                "当日共{}件，一次最多打印{PART}件，请用 part 指定第1至{parts}批，分批打印",
                items.len()
            );
            Err(AppError::Conflict { code: "post_too_large", message })
        }
        None => Ok((1, items)),
        Some(part) if (1..=parts).contains(&part) => {
            let skipped = (part - 1) * PART;
            Ok((skipped + 1, items.into_iter().skip(skipped).take(PART).collect()))
        }
        Some(_) => Err(AppError::field(
            "part",
            "out_of_range",
            format!("共{parts}批，part 应在1至{parts}之间"),
        )),
    }
}

fn too_large() -> AppError {
    let message = "要打印的文书页数或者字节过多，请用 letters 指定较少的文书，分批打印";
    AppError::Conflict { code: "post_too_large", message: message.to_owned() }
}

fn incomplete(which: &str) -> AppError {
    let message =
        format!("下列文书没有可以打印的文件：{which}。请先处理，或者用 letters 指定其余文书打印");
    AppError::Conflict { code: "post_incomplete", message }
}

/// A printing that failed, with the number of the letter at fault.
fn told(error: PrintError, number: impl FnOnce(usize) -> String) -> AppError {
    match error {
        PrintError::TooLong { nth, what } => AppError::field(
            "letters",
            "does_not_fit",
            format!(
                "{}：{what}过长，印不下。请改用更大的信封或者标签，或者在 letters 中填写简短的 to.address",
                number(nth)
            ),
        ),
        PrintError::Unread { why: Unread::TooLarge, .. } => too_large(),
        PrintError::Unread { nth, why } => incomplete(&format!("{}（{why}）", number(nth))),
        PrintError::Rendering(error) => error.into(),
    }
}

impl From<RenderError> for AppError {
    fn from(error: RenderError) -> Self {
        match error {
            RenderError::MissingGlyphs { .. } => Self::Unprintable(error.to_string()),
            error => Self::broken(error),
        }
    }
}
