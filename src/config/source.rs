//! Where the text of each setting comes from: default, settings file, environment, in that order of
//! growing weight. Unknown names in the file or among `GONGKAI_*` variables are problems.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use super::error::Problem;
use super::settings::{SETTINGS, Setting};
use super::value::Value;

/// Names the settings file.
pub(super) const CONFIG_VARIABLE: &str = "GONGKAI_CONFIG";
const PREFIX: &str = "GONGKAI_";
/// Variables for the test suite, which hands its own environment down to the programs it starts.
const TEST_PREFIX: &str = "GONGKAI_TEST_";
/// Settings a default may refer to, see [`Values::default_text`].
const REFERENCES: [&str; 2] = ["data_dir", "listen"];

/// Where a value was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    Default,
    File(PathBuf),
    Environment(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("默认设置 default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment(name) => f.write_str(name),
        }
    }
}

/// The texts that were given, by key.
#[derive(Debug, Default)]
pub(super) struct Values {
    given: BTreeMap<&'static str, (Origin, String)>,
}

impl Values {
    /// Collects what file and environment give. The variables weigh more.
    pub(super) fn gather(
        file: Option<&Path>,
        env: impl IntoIterator<Item = (String, String)>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut values = Self::default();
        let mut variables: BTreeMap<String, String> =
            env.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
        let named = variables.remove(CONFIG_VARIABLE).filter(|path| !path.is_empty());
        if let Some(path) = file.map(Path::to_path_buf).or(named.map(PathBuf::from)) {
            values.add_file(&path, problems);
        }
        values.add_variables(variables, problems);
        values
    }

    fn add_file(&mut self, path: &Path, problems: &mut Vec<Problem>) {
        let shown = path.display();
        let table = match fs::read_to_string(path) {
            Ok(text) => text.parse::<toml::Table>(),
            Err(why) => {
                problems.push(Problem::in_file(shown, format!("无法读取 (cannot be read): {why}")));
                return;
            }
        };
        let table = match table {
            Ok(table) => table,
            Err(why) => {
                problems.push(Problem::in_file(shown, format!("不是 TOML (not TOML): {why}")));
                return;
            }
        };
        for (name, value) in table {
            match (find(&name), plain_text(&value)) {
                (Some(setting), Some(text)) => {
                    self.given.insert(setting.key, (Origin::File(path.to_path_buf()), text));
                }
                (Some(setting), None) => problems.push(Problem::in_file(
                    setting.key,
                    format!("{shown} 中应为单个值或文字列表 (must be a plain value or a list)"),
                )),
                (None, _) => {
                    problems.push(Problem::unknown(&name, &name, &shown.to_string()));
                }
            }
        }
    }

    fn add_variables(&mut self, variables: BTreeMap<String, String>, problems: &mut Vec<Problem>) {
        for (name, text) in variables {
            let key = name.strip_prefix(PREFIX).unwrap_or(&name).to_ascii_lowercase();
            match find(&key) {
                Some(_) if text.is_empty() => {}
                Some(setting) => {
                    self.given.insert(setting.key, (Origin::Environment(name), text));
                }
                None if name.starts_with(TEST_PREFIX) => {}
                None => problems.push(Problem::unknown(&name, &key, "环境变量 environment")),
            }
        }
    }

    /// The value of one setting; `None` and one more problem if its text is not of its form.
    pub(super) fn parse<T: Value>(&self, key: &str, problems: &mut Vec<Problem>) -> Option<T> {
        let setting = find(key)?;
        let (origin, text) = match self.given.get(key) {
            Some((origin, text)) => (origin.clone(), text.clone()),
            None => (Origin::Default, self.default_text(setting)),
        };
        let value = T::parse(text.trim());
        if value.is_none() {
            problems.push(Problem::bad_value(setting, &origin, &text));
        }
        value
    }

    fn default_text(&self, setting: &Setting) -> String {
        let mut text = setting.default.to_owned();
        for key in REFERENCES {
            let place = format!("{{{key}}}");
            if text.contains(&place) {
                let given = self.given.get(key).map(|(_, text)| text.as_str());
                let standard = find(key).map_or("", |setting| setting.default);
                text = text.replace(&place, given.unwrap_or(standard));
            }
        }
        text
    }
}

fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// A TOML value as the text a variable would hold; lists are joined by commas.
fn plain_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(switch) => Some(switch.to_string()),
        toml::Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}
