//! One text of a form – body, header, footer, notes – taken apart: what is written as it is, what is
//! filled, which rows are repeated.

use std::ops::Range;

use super::braces::{self, Found};
use super::fields::Fields;
use super::nearest::nearest;
use super::place::Places;
use super::xml::{Tag, Token, walk};
use crate::documents::text::clean;
use crate::domain::own_form::{Fault, Placeholder, RowList};

/// Most placeholders of a form; the longest forms have some fifty.
pub(super) const MOST_USES: usize = 500;

/// A placeholder of a form, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// As it is written, without the braces.
    pub text: String,
    /// Where, in words.
    pub place: String,
    /// What it is; `None` for one that is not in the catalogue.
    pub placeholder: Option<Placeholder>,
}

/// A piece of the text as it is written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// As it stands.
    Raw(Range<usize>),
    /// As it stands, but in the first of repeated rows only: names of places are unique.
    Once(Range<usize>),
    /// Text of a run, by its number.
    Text(usize),
    /// A row for each line of a list.
    Rows(RowList, Vec<Piece>),
}

/// What a filled run says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Span {
    /// Text of the form.
    Plain(String),
    /// What the case says.
    Value(Placeholder),
}

/// The text of a run.
#[derive(Debug)]
pub(super) struct RunText {
    /// The whole element.
    pub(super) range: Range<usize>,
    text: String,
    /// How it is filled; `None` if it stays as it is.
    pub(super) spans: Option<Vec<Span>>,
}

/// A text taken apart.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) pieces: Vec<Piece>,
    pub(super) texts: Vec<RunText>,
    pub(super) uses: Vec<Use>,
    pub(super) faults: Vec<Fault>,
}

/// A piece of a paragraph: the text of a run, or what is no text.
enum Bit {
    Text(usize),
    Break,
}

/// A row that is open; the first stands for the whole text.
#[derive(Default)]
struct Frame {
    pieces: Vec<Piece>,
    list: Option<RowList>,
    /// Whether a row within it is repeated.
    repeats_within: bool,
}

#[derive(Default)]
struct Reading {
    story: Story,
    frames: Vec<Frame>,
    paragraphs: Vec<(usize, Vec<Bit>)>,
    run_text: Option<(usize, String)>,
    places: Places,
    fields: Fields,
    /// Text that no run of a paragraph holds: formulas, field codes.
    stray: String,
}

impl Story {
    /// Takes a text apart.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be read; what else is wrong stands in [`Story::faults`].
    pub(super) fn read(label: &str, xml: &str) -> Result<Self, Fault> {
        let mut reading = Reading { places: Places::of(label), ..Reading::default() };
        reading.frames.push(Frame::default());
        walk(label, xml, |range, token| reading.token(range, token))?;
        let Reading { mut story, mut frames, stray, .. } = reading;
        if braces::has_some(&stray) {
            story.faults.push(Fault::not_fillable(label));
        }
        story.pieces = frames.pop().map(|frame| frame.pieces).unwrap_or_default();
        Ok(story)
    }
}

impl Reading {
    fn token(&mut self, range: Range<usize>, token: Token<'_>) {
        match token {
            Token::Open { name, tag, empty } => self.open(range, name, tag, empty),
            Token::Close(name) => self.close(range, name),
            Token::Text(text) => match &mut self.run_text {
                Some((_, run)) => run.push_str(text),
                None => {
                    self.fields.text(text);
                    self.stray.push_str(text);
                    self.raw(range);
                }
            },
            Token::Other => self.raw(range),
        }
    }

    fn raw(&mut self, range: Range<usize>) {
        // Whatever stands between the tags of a run's text belongs to it.
        if self.run_text.is_some() {
            return;
        }
        let Some(frame) = self.frames.last_mut() else { return };
        match frame.pieces.last_mut() {
            Some(Piece::Raw(last)) if last.end == range.start => last.end = range.end,
            _ => frame.pieces.push(Piece::Raw(range)),
        }
    }

    fn piece(&mut self, piece: Piece) {
        if let Some(frame) = self.frames.last_mut() {
            frame.pieces.push(piece);
        }
    }

    fn open(&mut self, range: Range<usize>, name: &str, tag: &Tag<'_>, empty: bool) {
        self.story.faults.extend(self.fields.open(name, tag));
        self.places.open(name);
        match name {
            "w:t" if !empty && !self.paragraphs.is_empty() && self.run_text.is_none() => {
                self.run_text = Some((range.start, String::new()));
                return;
            }
            // It would put the text of a part beside the document over what was filled in.
            "w:dataBinding" => return,
            "w:bookmarkStart" | "w:bookmarkEnd" => return self.piece(Piece::Once(range)),
            "w:p" if !empty => self.paragraphs.push((self.places.paragraph(), Vec::new())),
            "w:tr" if !empty => self.frames.push(Frame::default()),
            "w:tab" | "w:br" | "w:cr" => {
                if let Some((_, bits)) = self.paragraphs.last_mut() {
                    bits.push(Bit::Break);
                }
            }
            _ => {}
        }
        self.raw(range);
    }

    fn close(&mut self, range: Range<usize>, name: &str) {
        match name {
            "w:t" => {
                let Some((start, text)) = self.run_text.take() else { return self.raw(range) };
                self.fields.text(&text);
                let n = self.story.texts.len();
                self.story.texts.push(RunText { range: start..range.end, text, spans: None });
                self.piece(Piece::Text(n));
                if let Some((_, bits)) = self.paragraphs.last_mut() {
                    bits.push(Bit::Text(n));
                }
                return;
            }
            "w:dataBinding" => return,
            "w:bookmarkStart" | "w:bookmarkEnd" => return self.piece(Piece::Once(range)),
            _ => {}
        }
        self.raw(range);
        match name {
            "w:p" => {
                if let Some((n, bits)) = self.paragraphs.pop() {
                    self.paragraph(n, &bits);
                }
            }
            "w:tr" => self.row(),
            _ => {}
        }
        self.places.close(name);
    }

    /// The end of a row: it is repeated if a placeholder of a list stands in it.
    fn row(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let Some(parent) = self.frames.last_mut() else { return };
        parent.repeats_within |= frame.repeats_within || frame.list.is_some();
        match frame.list {
            None => parent.pieces.extend(frame.pieces),
            Some(list) => {
                if frame.repeats_within {
                    self.story.faults.push(Fault::mixed(&self.places.here(None)));
                }
                parent.pieces.push(Piece::Rows(list, frame.pieces));
            }
        }
    }

    /// The end of a paragraph: its text is whole, and what it asks for is known.
    fn paragraph(&mut self, n: usize, bits: &[Bit]) {
        let mut text = Vec::new();
        for bit in bits {
            match bit {
                Bit::Break => text.push(('\n', None)),
                Bit::Text(run) => {
                    let said = self.story.texts.get(*run).map_or("", |run| &run.text);
                    text.extend(said.chars().map(|c| (c, Some(*run))));
                }
            }
        }
        let chars: Vec<char> = text.iter().map(|(c, _)| *c).collect();
        let mut fills: Vec<(Range<usize>, Placeholder)> = Vec::new();
        for Found { range, name } in braces::find(&chars) {
            // It is refused already; looking for what was meant by each takes its time.
            if self.story.uses.len().max(self.story.faults.len()) > MOST_USES {
                return;
            }
            let place = self.places.here(Some(n));
            let Some(name) = name else {
                let told: String = chars.iter().skip(range.start).take(20).collect();
                self.story.faults.push(Fault::malformed(&place, &clean(&told)));
                continue;
            };
            let placeholder = Placeholder::named(&name);
            let text = clean(&name);
            if let Some(placeholder) = placeholder {
                self.list(placeholder, &place);
                fills.push((range, placeholder));
            } else {
                self.story.faults.push(Fault::unknown(&place, &text, nearest(&text)));
            }
            self.story.uses.push(Use { text, place, placeholder });
        }
        self.fill(&text, &fills);
    }

    /// A placeholder of a list repeats the row it stands in.
    fn list(&mut self, placeholder: Placeholder, place: &str) {
        let Some(list) = placeholder.list() else { return };
        let within = self.frames.len() > 1;
        let Some(frame) = self.frames.last_mut().filter(|_| within) else {
            return self.story.faults.push(Fault::outside_table(place, placeholder, list));
        };
        if *frame.list.get_or_insert(list) != list {
            self.story.faults.push(Fault::mixed(place));
        }
    }

    /// Shares the text of a paragraph out among its runs again, a placeholder to the run in which it
    /// begins.
    fn fill(&mut self, text: &[(char, Option<usize>)], fills: &[(Range<usize>, Placeholder)]) {
        for (fill, _) in fills {
            for (_, run) in text.get(fill.clone()).unwrap_or_default() {
                if let Some(run) = run.and_then(|run| self.story.texts.get_mut(run)) {
                    run.spans = Some(Vec::new());
                }
            }
        }
        let mut fills = fills.iter().peekable();
        for (at, (c, run)) in text.iter().enumerate() {
            while fills.next_if(|(range, _)| range.end <= at).is_some() {}
            let Some(run) = run.and_then(|run| self.story.texts.get_mut(run)) else { continue };
            let Some(spans) = &mut run.spans else { continue };
            match fills.peek().filter(|(range, _)| range.contains(&at)) {
                Some((range, placeholder)) if range.start == at => {
                    spans.push(Span::Value(*placeholder));
                }
                Some(_) => {}
                None => match spans.last_mut() {
                    Some(Span::Plain(plain)) => plain.push(*c),
                    _ => spans.push(Span::Plain(c.to_string())),
                },
            }
        }
    }
}
