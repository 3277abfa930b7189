//! The one table of settings. Each row is key, type, default and meaning (Chinese, English); from it
//! come the struct [`Config`], its parsing, `gongkai config list` and `docs/settings.md`.
//!
//! The variable of a key is `GONGKAI_` and the key in capitals. A default may name `{data_dir}` or
//! `{listen}`: it then follows that setting. An empty default means "not set".

use std::net::SocketAddr;
use std::path::PathBuf;

use url::Url;

use super::addresses::{DatabaseUrl, MailAddress, Network, SmtpUrl, StorageUrl};
use super::error::Problem;
use super::number::{Bytes, Count};
use super::secret::{Secret, SecretKey};
use super::source::Values;
use super::value::{
    AgencyClockSetting, KeepFor, LogFilter, LogFormat, Program, ReasonClock, RemindAt,
    SqliteSynchronous, Value,
};

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Heading under which it is listed.
    pub group: &'static str,
    /// Key in the settings file.
    pub key: &'static str,
    /// Default as it would be written in the file; empty if there is none.
    pub default: &'static str,
    /// The form a value must have, in words.
    pub form: fn() -> String,
    /// Whether the value must never be shown.
    pub secret: bool,
    /// Meaning in Chinese.
    pub zh: &'static str,
    /// Meaning in English.
    pub en: &'static str,
}

impl Setting {
    /// Name of the environment variable that overrides the file.
    pub fn env(&self) -> String {
        format!("GONGKAI_{}", self.key.to_ascii_uppercase())
    }
}

macro_rules! settings {
    ($($group:literal {
        $($key:ident: $type:ty = $default:literal, $zh:literal, $en:literal;)*
    })*) => {
        /// All settings, parsed and checked. `Debug` shows no secret.
        #[derive(Debug, Clone)]
        pub struct Config {
            $($(#[doc = $en] pub $key: $type,)*)*
        }

        /// Every setting, in the order in which it is documented.
        pub const SETTINGS: &[Setting] = &[
            $($(Setting {
                group: $group,
                key: stringify!($key),
                default: $default,
                form: <$type as Value>::form,
                secret: <$type as Value>::SECRET,
                zh: $zh,
                en: $en,
            },)*)*
        ];

        impl Config {
            /// Parses every setting; `None` if one has a bad value, which is then in `problems`.
            pub(super) fn from_values(
                values: &Values,
                problems: &mut Vec<Problem>,
            ) -> Option<Self> {
                $($(let $key = values.parse::<$type>(stringify!($key), problems);)*)*
                Some(Self { $($($key: $key?,)*)* })
            }
        }
    };
}

settings! {
    "服务 Serving" {
        listen: SocketAddr = "127.0.0.1:8080",
            "监听的地址和端口",
            "Address and port to listen on";
        public_url: Url = "http://{listen}",
            "公众访问本系统的网址，用于回执、邮件中的链接",
            "Address under which people reach this system; used in links in receipts and mails";
        trusted_proxies: Vec<Network> = "",
            "可信反向代理的地址或网段，多个用逗号分隔；只有来自它们的 X-Forwarded-For 才被采信",
            "Reverse proxies whose X-Forwarded-For is believed, separated by commas";
        rate_limits: bool = "true",
            "是否限制同一地址登录、查询、提交和读取公开内容的频率；只在前面已有限流或压力测试时设为 false",
            "Whether sign-ins, look-ups, filings and readings of what is open to all from one address \
             are limited; false only for measurements or behind something that limits already";
        upload_max_bytes: Bytes<{ 1 << 10 }, { 1 << 30 }> = "20 MiB",
            "一个附件的最大长度",
            "Longest attachment";
        upload_seconds: Count<1, 86_400> = "600",
            "一个附件最多可以传多少秒，超过则停止接收",
            "Seconds a file may take to come in; then it is taken no further";
        applicant_files: Count<1, 1_000> = "30",
            "申请人对一件申请最多可以在线提交几个附件",
            "Files an applicant may add to one request online; more come by post or over the counter";
        worker_in_serve: bool = "true",
            "gongkai serve 是否兼做后台任务（发邮件、期限巡查）；另开 gongkai work 时设为 false",
            "Whether `gongkai serve` also does the background work; false beside `gongkai work`";
    }
    "数据 Data" {
        data_dir: PathBuf = "data",
            "数据目录：内置数据库、附件、密钥、未发出的邮件",
            "Folder for the embedded database, attachments, the key and unsent mail";
        database_url: DatabaseUrl = "sqlite:{data_dir}/gongkai.db",
            "数据库：内置 SQLite 或 PostgreSQL",
            "Database: the embedded SQLite or PostgreSQL";
        sqlite_synchronous: SqliteSynchronous = "full",
            "SQLite 落盘方式：full 断电也不丢已确认的记录，normal 较快但断电可能丢失最后几笔",
            "SQLite durability: full loses nothing acknowledged, normal may lose the last commits \
             on power loss";
        db_pool_size: Count<1, 200> = "8",
            "数据库连接数（SQLite 为读连接数，写连接另有且只有一个）",
            "Database connections (SQLite: readers, beside its single writer)";
        db_wait_seconds: Count<1, 120> = "5",
            "等候空闲数据库连接的最长秒数",
            "Longest wait for a free database connection, in seconds";
        storage: StorageUrl = "{data_dir}/files",
            "附件和已发文书的存放处：本机目录或 S3 兼容存储",
            "Where attachments and issued documents are kept: a folder or an S3-compatible store";
        orphan_days: Count<1, 3_650> = "30",
            "没有任何登记指向的附件（如上传中断、进程被终止）保留的天数，之后由后台任务清除",
            "Days that a stored attachment nothing refers to (an upload cut off, a killed process) \
             is kept before the worker removes it";
        s3_endpoint: Option<Url> = "",
            "S3 兼容存储的地址；留空为 AWS",
            "Address of the S3-compatible store; AWS if empty";
        s3_region: String = "us-east-1",
            "S3 区域",
            "S3 region";
        s3_access_key: Option<Secret> = "",
            "S3 访问密钥编号",
            "S3 access key id";
        s3_secret_key: Option<Secret> = "",
            "S3 访问密钥",
            "S3 secret access key";
        font_dir: Option<PathBuf> = "",
            "本单位字体目录（仿宋_GB2312、方正小标宋简体、黑体、楷体_GB2312），优先于 assets/fonts",
            "The office's own fonts, looked at before assets/fonts";
        sign_program: Option<Program> = "",
            "签名程序：从标准输入读取已发文书的 PDF，向标准输出写出分离式 CMS 签名（DER）；留空则不签名",
            "Signing program: reads the PDF of an issued notice on standard input, writes a detached CMS \
             signature (DER) on standard output; nothing is signed if empty";
    }
    "程序规则 Procedure" {
        volume_period_days: Count<1, 3_660> = "365",
            "统计同一申请人、电话、地址、代理人申请件数的天数",
            "Days over which requests of the same applicant, telephone, address and agent are counted";
        retention: KeepFor = "10",
            "一般案卷的保管期限（年）：10、30 或者 permanent（永久），按本单位经批准的保管期限表填写",
            "Years an ordinary case is kept (10, 30 or permanent), by the office's approved retention table";
        retention_fee: KeepFor = "30",
            "收过信息处理费的案卷的保管期限（年）",
            "Years a case is kept for which money was taken: its vouchers are accounting files";
        retention_remedy: KeepFor = "30",
            "经过行政复议、行政诉讼的案卷的保管期限（年）",
            "Years a case is kept that went to reconsideration or court";
        reason_request_clock: ReasonClock = "runs",
            "要求说明理由期间答复期限：runs 继续计算，as_correction 比照补正、收到说明之日重新起算",
            "The limit while reasons of a high volume are awaited: runs, or as_correction (waits and \
             begins anew when they come)";
        longest_deferral_days: Count<1, 730> = "180",
            "申请数量、频次超过合理范围而延迟答复的，最迟可以延迟到告知之日后多少天",
            "Days after it is told by which a deferred reply to a high volume must be due at the latest";
        agency_consultation_clock: AgencyClockSetting = "written_answer",
            "征求非联合制作机关意见的时间是否扣除：written_answer 收到书面答复（附回函）后才扣除，as_joint 比照联合制作机关、未答复也扣除",
            "Whether asking an agency that did not make the information stops the limit: written_answer \
             (only once a written answer is on file) or as_joint (silence too)";
        correction_period_wd: Count<1, 60> = "15",
            "补正期限的建议长度（工作日）；每件可另定，补正告知书印绝对日期",
            "Proposed length of the time to correct, in working days; each notice may set another";
        rating_fix_wd: Count<1, 60> = "15",
            "差评整改并反馈的期限（工作日），自评价次日起算",
            "Working days to put a bad rating right and tell the applicant, from the day after it";
        remind_handler: Vec<RemindAt> = "5,2,0,overdue",
            "何时提醒承办人：期限前5个、2个工作日，当天，逾期后；留空则不提醒",
            "When whoever handles a case is reminded: up to five and two working days before the limit, on \
             the last day, once overdue; nobody if empty";
        remind_head: Vec<RemindAt> = "2,0,overdue",
            "何时提醒公开工作机构负责人",
            "When the heads of the disclosure office are reminded";
        remind_supervisor: Vec<RemindAt> = "overdue",
            "何时提醒监督员",
            "When supervisors are reminded";
        reassess_months: Count<1, 60> = "12",
            "不予公开信息定期评估的间隔（月），自答复之日或者上次评估之日起算",
            "Months after which what was withheld is assessed again, from the reply or the last assessment";
        publish_from_applicants: Count<2, 100> = "3",
            "多少个不同的申请人申请相同信息且已公开的，提示纳入主动公开（法规只说“多个”）",
            "How many different applicants make released information a candidate for publication; the law \
             says only \"several\"";
        fee_count_unhandled: bool = "false",
            "撤回的和逾期视为放弃的申请是否计入当月件数（法规未明确，默认不计，有利于申请人）",
            "Whether withdrawn and lapsed requests count in the month of the processing fee; the law \
             does not say, and not counting favours the applicant";
    }
    "登录 Sign-in" {
        secret_key: Option<SecretKey> = "",
            "签发令牌、加密数据的密钥；留空则自动生成并存入 data_dir/secret.key",
            "Key for tokens and encryption; if empty, made once and kept in data_dir/secret.key";
        field_keys: Vec<SecretKey> = "",
            "加密个人信息的后续密钥，先旧后新，最后一把生效；留空则用 data_dir/field.keys（gongkai keys rotate 生成）",
            "Further keys for encrypted personal data, oldest first, the last is active; if empty, those of \
             data_dir/field.keys, which `gongkai keys rotate` writes";
        access_token_minutes: Count<1, 1_440> = "15",
            "访问令牌的有效分钟数",
            "Life of an access token, in minutes";
        refresh_token_days: Count<1, 365> = "14",
            "续签令牌的有效天数",
            "Life of a refresh token, in days";
        login_lock_attempts: Count<1, 100> = "5",
            "连续输错几次密码后锁定账号",
            "Wrong passwords in a row after which an account is locked";
        login_lock_minutes: Count<1, 1_440> = "15",
            "锁定的分钟数",
            "How long the lock lasts, in minutes";
    }
    "邮件 Mail" {
        smtp_url: Option<SmtpUrl> = "",
            "发信服务器；留空则邮件存为 data_dir/mail 中的 .eml 文件",
            "Mail server; if empty, messages land as .eml files in data_dir/mail";
        mail_from: MailAddress = "政府信息公开 <noreply@localhost>",
            "发件人",
            "Sender of mail";
    }
    "日志 Logs" {
        log_format: LogFormat = "json",
            "日志格式",
            "Format of the log";
        log_level: LogFilter = "info",
            "日志详细程度，可按模块分别设置，如 info,gongkai::jobs=debug",
            "How much is logged; may differ by module, as in info,gongkai::jobs=debug";
    }
}
