//! The wording of the notices: one file per notice in `assets/notices`, facts filled in.
//!
//! A file opens with a head in TOML between two `+++` lines (code, title, legal basis, fields, a
//! sample) and goes on with the text. In the text a line is a paragraph, `# ` opens a heading,
//! `## ` one of the second level, `- ` an item of a list; empty lines mean nothing. Lines that begin
//! with `|` are tables of a form, see `blocks`. `{{ … }}` puts a
//! field, `{% if … %}` chooses. All files are checked when the program starts, so that a slip of
//! the pen never waits for the day the notice is needed.

mod blocks;
mod check;
mod error;
mod fields;
mod filters;
mod source;
mod specimen;

use std::borrow::Cow;
use std::collections::BTreeMap;

use minijinja::Environment;
use rust_embed::RustEmbed;
use serde_json::{Map, Value};

pub use error::{FieldProblem, WordingError};
pub use source::{Field, FieldType, RemedyMark, Template};

use super::notice::{Block, Row, TemplateRef};
use source::Source;

/// What a date says while the holiday table it depends on is not published: a legal date is never
/// guessed. Source: rulebook C11.
pub const PROVISIONAL_DATE: &str = "（节假日安排公布后另行告知）";

/// Flag among the values: dates given as null are not yet certain.
pub const PROVISIONAL_FLAG: &str = "暂定";

#[derive(RustEmbed)]
#[folder = "assets/notices/"]
struct Files;

/// All wording templates, checked.
pub struct Wording {
    sources: BTreeMap<String, Source>,
    environment: Environment<'static>,
}

impl Wording {
    /// Loads the built-in templates.
    ///
    /// # Errors
    ///
    /// Every fault of every file, with file, part and line.
    pub fn load() -> Result<Self, Vec<WordingError>> {
        let mut files = Vec::new();
        for path in Files::iter() {
            let bytes = Files::get(&path).map_or(Cow::Borrowed(&[][..]), |file| file.data);
            files.push((path.into_owned(), String::from_utf8_lossy(&bytes).into_owned()));
        }
        Self::parse(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
    }

    /// Checks the templates given as path and text.
    ///
    /// # Errors
    ///
    /// Every fault of every file, with file, part and line.
    pub fn parse<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<WordingError>> {
        let mut wording = Self { sources: BTreeMap::new(), environment: filters::environment() };
        let mut errors = Vec::new();
        for (path, text) in files {
            match source::parse(path, text) {
                Ok(source) => errors.extend(wording.admit(source)),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(wording) } else { Err(errors) }
    }

    fn admit(&mut self, source: Source) -> Vec<WordingError> {
        let code = source.template.code.clone();
        if self.sources.contains_key(&code) {
            return vec![source.fault("文件头", None, format!("代码“{code}”重复"))];
        }
        let errors = check::add(&mut self.environment, &source);
        self.sources.insert(code, source);
        errors
    }

    /// Returns all templates, ordered by code.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        self.sources.values().map(|source| &source.template)
    }

    /// Returns the template with this code.
    ///
    /// # Errors
    ///
    /// [`WordingError::UnknownTemplate`].
    pub fn template(&self, code: &str) -> Result<&Template, WordingError> {
        Ok(&self.source(code)?.template)
    }

    /// Returns the body of notice `code`, filled with `values` (field name to value).
    ///
    /// No value can open a heading, a paragraph or an item: it is text within its line, always.
    ///
    /// # Errors
    ///
    /// [`WordingError::Fields`] names every field that is missing, unknown or of the wrong type.
    pub fn blocks(
        &self,
        code: &str,
        values: &Map<String, Value>,
    ) -> Result<Vec<Block>, WordingError> {
        let source = self.source(code)?;
        let context = fields::context(&source.template, values)?;
        let text = check::render(&self.environment, source, &source.body_name(), "正文", &context)?;
        Ok(blocks::split(&text))
    }

    /// Returns the table of notice `code`, filled with `values`. Rows without a value are left out.
    ///
    /// # Errors
    ///
    /// Those of [`Wording::blocks`].
    pub fn rows(&self, code: &str, values: &Map<String, Value>) -> Result<Vec<Row>, WordingError> {
        let source = self.source(code)?;
        let context = fields::context(&source.template, values)?;
        let mut rows = Vec::new();
        for (index, row) in source.template.rows.iter().enumerate() {
            let part = format!("表格“{}”", row.label);
            let name = source.row_name(index);
            let value = check::render(&self.environment, source, &name, &part, &context)?;
            let value = value.trim();
            if !value.is_empty() {
                rows.push(Row {
                    label: row.label.clone(),
                    value: value.into(),
                    wide: row.wide,
                    signed: None,
                });
            }
        }
        Ok(rows)
    }

    /// Returns the reference that a notice of template `code` keeps.
    ///
    /// # Errors
    ///
    /// [`WordingError::UnknownTemplate`].
    pub fn reference(&self, code: &str) -> Result<TemplateRef, WordingError> {
        let template = self.template(code)?;
        let (code, version) = (template.code.clone(), template.version);
        Ok(TemplateRef { code, version, edition: template.edition })
    }

    /// Returns the text of a template, without its head.
    ///
    /// # Errors
    ///
    /// [`WordingError::UnknownTemplate`].
    pub fn body(&self, code: &str) -> Result<&str, WordingError> {
        Ok(self.source(code)?.body.trim_matches('\n'))
    }

    /// Returns template `code` alone with another text, checked as the built-in ones are: it uses all
    /// fields and no others, shows them, and can be filled with the sample, with the required fields alone and with
    /// uncertain dates. Lines are counted from the first of the text.
    ///
    /// # Errors
    ///
    /// Every fault of the text.
    pub fn edited(&self, code: &str, edition: u32, body: &str) -> Result<Self, Vec<WordingError>> {
        let builtin = self.source(code).map_err(|error| vec![error])?;
        let template = Template { edition: Some(edition), ..builtin.template.clone() };
        let body = body.replace("\r\n", "\n");
        let source = Source { file: template.label.clone(), template, body };
        source.check_head().map_err(|error| vec![error])?;
        let mut edited = Self { sources: BTreeMap::new(), environment: filters::environment() };
        let mut errors = edited.admit(source);
        if let Some(source) = edited.sources.get(code).filter(|_| errors.is_empty()) {
            let known = check::unshown(&self.environment, builtin);
            let hidden = check::unshown(&edited.environment, source).into_iter();
            errors.extend(hidden.filter(|field| !known.contains(field)).map(|field| {
                let detail = format!("字段“{field}”写在了不会显示的地方，文书中看不到它");
                source.fault("正文", None, detail)
            }));
        }
        if errors.is_empty() { Ok(edited) } else { Err(errors) }
    }

    fn source(&self, code: &str) -> Result<&Source, WordingError> {
        self.sources.get(code).ok_or_else(|| WordingError::UnknownTemplate(code.to_owned()))
    }
}
