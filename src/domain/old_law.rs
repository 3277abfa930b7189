//! Rules that have passed away, found in texts that people or templates write: much of what is copied
//! from the web still shows the Regulation of 2007.
//!
//! Source: rulebook section 0, "Old-law contamination"; 条例 (2019) art. 27, 33, 42; 行政复议法 (2023)
//! art. 24; 行政诉讼法 art. 46; 法释〔2025〕8号 (repeals 法释〔2011〕17号).

/// A rule that has passed away, as a text states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldRule {
    /// The sentence in which it stands.
    pub excerpt: String,
    /// What the law says now, in one sentence.
    pub now: &'static str,
    /// Where it says so.
    pub article: &'static str,
}

/// How a rule that has passed away is recognised within one sentence.
struct Mark {
    /// The sentence has one of each of these.
    all: &'static [&'static [&'static str]],
    /// And none of these.
    none: &'static [&'static str],
    now: &'static str,
    article: &'static str,
}

/// Whose answer within 15 working days is still the law.
const CONSULTED: &[&str] = &[
    "第三方",
    "征求意见",
    "被征求",
    "反馈",
    "书面答复意见",
    "提出意见",
    "征询",
    "其他机关",
    "其他行政机关",
];

const FIFTEEN: &[&str] = &["15个工作日", "十五个工作日", "15工作日", "十五日内", "15日内"];

const MARKS: &[Mark] = &[
    Mark {
        all: &[FIFTEEN, &["答复"]],
        none: &[
            "第三方",
            "征求意见",
            "被征求",
            "反馈",
            "提出意见",
            "征询",
            "其他机关",
            "延长",
            "延期",
        ],
        now: "答复期限现为20个工作日",
        article: "《政府信息公开条例》第三十三条第二款",
    },
    Mark {
        all: &[FIFTEEN, &["延长", "延期"]],
        none: CONSULTED,
        now: "延长的期限现为最长20个工作日",
        article: "《政府信息公开条例》第三十三条第二款",
    },
    Mark {
        all: &[&["特殊需要"], &["生产、生活", "生产生活", "科研"]],
        none: &[],
        now: "2019年起申请不再以自身生产、生活、科研等特殊需要为条件",
        article: "《政府信息公开条例》第二十七条",
    },
    Mark {
        all: &[&["3个月内", "三个月内", "3个月之内"], &["起诉", "诉讼", "人民法院"]],
        none: &[],
        now: "直接起诉的期限现为6个月",
        article: "《行政诉讼法》第四十六条",
    },
    Mark {
        all: &[&["检索费", "复制费", "邮寄费", "成本费", "工本费"]],
        none: &["不收取", "不得收取", "免收"],
        now: "提供政府信息不再收取检索、复制、邮寄等成本费用",
        article: "《政府信息公开条例》第四十二条",
    },
    Mark {
        all: &[&["监察机关"], &["举报", "投诉"]],
        none: &[],
        now: "申请人现可以向上一级行政机关或者政府信息公开工作主管部门投诉、举报",
        article: "《政府信息公开条例》第五十一条",
    },
    Mark {
        all: &[&["上一级主管部门", "上级主管部门"], &["复议"]],
        none: &["海关", "金融", "外汇", "税务", "国家安全"],
        now: "2024年起县级以上地方人民政府工作部门的复议机关是本级人民政府",
        article: "《行政复议法》第二十四条",
    },
    Mark {
        all: &[&["法释〔2011〕17号", "法释[2011]17号", "法释(2011)17号", "法释（2011）17号"]],
        none: &[],
        now: "该司法解释已废止，现行的是法释〔2025〕8号",
        article: "法释〔2025〕8号",
    },
    Mark {
        all: &[&["条例》第十三条", "条例第十三条"], &["需要", "申请获取"]],
        none: &[],
        now: "依申请公开的依据现为第二十七条",
        article: "《政府信息公开条例》第二十七条",
    },
    Mark {
        all: &[&["条例》第十七条", "条例第十七条"], &["制作", "保存"]],
        none: &["审查"],
        now: "公开主体的规定现为第十条，第十七条规定的是公开审查",
        article: "《政府信息公开条例》第十条",
    },
    Mark {
        all: &[
            &["条例》第二十一条", "条例第二十一条"],
            &["答复", "不予公开", "不存在", "不属于", "告知"],
        ],
        none: &[],
        now: "答复的种类现由第三十六条规定",
        article: "《政府信息公开条例》第三十六条",
    },
    Mark {
        all: &[&["条例》第二十二条", "条例第二十二条"], &["区分", "部分"]],
        none: &[],
        now: "区分处理现由第三十七条规定",
        article: "《政府信息公开条例》第三十七条",
    },
    Mark {
        all: &[&["条例》第二十三条", "条例第二十三条"], &["第三方", "商业秘密", "个人隐私"]],
        none: &[],
        now: "征求第三方意见现由第三十二条规定",
        article: "《政府信息公开条例》第三十二条",
    },
    Mark {
        all: &[&["条例》第二十四条", "条例第二十四条"], &["答复", "期限", "工作日", "延长"]],
        none: &[],
        now: "答复期限现由第三十三条规定",
        article: "《政府信息公开条例》第三十三条",
    },
];

/// The rules in `text` that have passed away, in the order in which they stand.
///
/// The fifteen working days that a third party or a consulted agency has are the law, and no finding.
#[must_use]
pub fn found(text: &str) -> Vec<OldRule> {
    let mut rules = Vec::new();
    for sentence in text.split(['。', '；', ';', '\n']) {
        let plain = plain(sentence);
        let says = |words: &&[&str]| words.iter().any(|word| plain.contains(word));
        let marks = MARKS.iter().filter(|mark| mark.all.iter().all(says) && !says(&mark.none));
        rules.extend(marks.map(|mark| OldRule {
            excerpt: sentence.trim().to_owned(),
            now: mark.now,
            article: mark.article,
        }));
    }
    rules
}

/// The sentence without blanks, its digits and brackets as the marks spell them.
fn plain(sentence: &str) -> String {
    let sign = |c: char| match c {
        '０'..='９' => {
            char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c)
        }
        '【' | '［' => '[',
        '】' | '］' => ']',
        other => other,
    };
    sentence.chars().filter(|c| !c.is_whitespace()).map(sign).collect()
}
