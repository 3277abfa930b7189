//! The settings table in words: for `gongkai config list` and for `docs/settings.md`.

use super::settings::{SETTINGS, Setting};

/// Every setting for reading on a terminal: key, variable, form, default, meaning.
pub fn list() -> String {
    let mut out = String::new();
    let mut group = "";
    for setting in SETTINGS {
        if setting.group != group {
            group = setting.group;
            out += &format!("[{group}]\n");
        }
        out += &format!(
            "{} ({})\n    {}\n    {}\n    格式 form: {}\n    默认 default: {}\n",
            setting.key,
            setting.env(),
            setting.zh,
            setting.en,
            (setting.form)(),
            default(setting),
        );
    }
    out
}

/// `docs/settings.md`, complete.
pub fn markdown() -> String {
    let mut out = INTRODUCTION.to_owned();
    let mut group = "";
    for setting in SETTINGS {
        if setting.group != group {
            group = setting.group;
            out += &format!("\n## {group}\n\n{TABLE_HEAD}");
        }
        out += &format!(
            "| `{}`<br>`{}` | {}<br>{} | {} | {} |\n",
            setting.key,
            setting.env(),
            setting.zh,
            setting.en,
            (setting.form)().replace('<', "&lt;"),
            default_cell(setting),
        );
    }
    out
}

const INTRODUCTION: &str = "\
<!-- Made from src/config/settings.rs. A test compares; `make settings` writes it anew. -->
# 设置 Settings

设置写在 TOML 文件里（当前目录的 `gongkai.toml`，或用 `--config 文件`、`GONGKAI_CONFIG` 指定），\
环境变量 `GONGKAI_*` 优先。键名大写加前缀即变量名。写错的键名、不合格式的值都会在启动时一次列出，\
程序不会带着它们运行。

Settings stand in a TOML file (`gongkai.toml` in the current folder, or the one named by `--config` or
`GONGKAI_CONFIG`); `GONGKAI_*` variables override it. The variable is the key in capitals behind the
prefix; an empty variable counts as not set. Lists are TOML arrays of strings, or text separated by
commas. Unknown keys and bad values are all reported at start, and the program does not run with them.

```toml
listen = \"0.0.0.0:8080\"
public_url = \"https://ysq.example.gov.cn\"
trusted_proxies = [\"10.0.0.0/8\"]
```
";

const TABLE_HEAD: &str = "\
| 键 key<br>变量 variable | 含义 meaning | 格式 form | 默认 default |
|---|---|---|---|
";

fn default(setting: &Setting) -> &'static str {
    if setting.default.is_empty() { "（空 not set）" } else { setting.default }
}

fn default_cell(setting: &Setting) -> String {
    if setting.default.is_empty() { "–".to_owned() } else { format!("`{}`", setting.default) }
}
