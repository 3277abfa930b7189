//! A request examined item by item: listed, reviewed, searched for, decided, cleared.

use crate::app::{AppError, Principal};
use crate::domain::command::Command;
use crate::domain::event::SecrecyFinding;
use crate::domain::item::{ItemText, RightsCheck};
use crate::domain::reply::ReplyContent;

use super::book::Item;
use super::course::{Deed, Part};
use super::scene::Scene;

impl Scene<'_> {
    /// Takes a step on every item it concerns.
    pub(super) async fn items(&self, part: Part, deed: &Deed) -> Result<(), AppError> {
        let who = self.player(part)?;
        for command in self.item_commands(who, deed)? {
            self.act(part, command).await?;
        }
        Ok(())
    }

    fn item_commands(&self, who: &Principal, deed: &Deed) -> Result<Vec<Command>, AppError> {
        let numbered = || (1_u16..).zip(&self.request.items);
        let content = |item: &Item| self.content(who, Some(&item.reply));
        Ok(match deed {
            Deed::ListItems => {
                let text = |item: &Item| ItemText {
                    title: item.title.clone(),
                    description: String::new(),
                };
                vec![Command::ListItems { items: self.request.items.iter().map(text).collect() }]
            }
            Deed::ReviewItems => numbered()
                .flat_map(|(n, item)| item.answers.iter().map(move |given| (n, *given)))
                .map(|(item, (question, answer))| Command::AnswerReview {
                    item,
                    question,
                    answer,
                    note: String::new(),
                })
                .collect(),
            Deed::SearchItems => {
                let mut searches = Vec::new();
                for (n, item) in numbered() {
                    if let Some(search) = content(item)?.search {
                        searches.push(Command::RecordSearch { item: Some(n), search });
                    }
                }
                searches
            }
            Deed::DecideItems => {
                let decide = |(item, decided): (u16, &Item)| {
                    let content: Box<ReplyContent> = Box::new(content(decided)?);
                    Ok(Command::DecideItem { item, content })
                };
                numbered().map(decide).collect::<Result<_, AppError>>()?
            }
            Deed::ClearItems { opinion } => {
                let releases = |item: &Item| item.reply.outcome.rule().releases;
                let released = numbered().filter(|(_, item)| releases(item));
                vec![Command::ReviewRelease {
                    items: released.map(|(n, _)| n).collect(),
                    finding: SecrecyFinding::Releasable,
                    opinion: self.fill(opinion),
                    third_party: RightsCheck::NotConcerned,
                    personal_data: RightsCheck::Redacted,
                }]
            }
            other => return Err(self.untold(&format!("items for {other:?}"))),
        })
    }
}
