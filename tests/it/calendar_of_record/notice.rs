//! The text of the General Office: real notices are read as the tables have them, and what is not
//! understood is refused by its sentence.

use chrono::Datelike;
use gongkai::domain::calendar::{Calendar, Notice, NoticeFault, TableFault};

use super::NOTICE_2027;
use crate::support::day;

/// The paragraphs of real notices.
const REAL: [(i32, &str); 5] = [
    (
        2026,
        "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。",
    ),
    (
        2025,
        "一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。",
    ),
    (
        2024,
        "一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。",
    ),
    (
        2023,
        "一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。",
    ),
    (
        2018,
        "一、元旦：1月1日放假，与周末连休。
二、春节：2月15日至21日放假调休，共7天。2月11日（星期日）、2月24日（星期六）上班。
三、清明节：4月5日至7日放假调休，共3天。4月8日（星期日）上班。
四、劳动节：4月29日至5月1日放假调休，共3天。4月28日（星期六）上班。
五、端午节：6月18日放假，与周末连休。
六、中秋节：9月24日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期六）、9月30日（星期日）上班。",
    ),
];

fn whole(year: i32, paragraphs: &str) -> String {
    format!("国务院办公厅关于{year}年\n部分节假日安排的通知\n{paragraphs}\n")
        .replace("年\n部分", "年部分")
}

#[test]
fn real_notices_give_the_days_that_the_tables_have() {
    let known = Calendar::built_in();
    for (year, paragraphs) in REAL {
        let read = Notice::parse(&whole(year, paragraphs)).unwrap();
        assert_eq!(read.table.year, year);
        let alone = known.without_year(year).with_exceptions(read.table.days);
        let first = day(&format!("{}-12-01", year - 1));
        let mut days = first.iter_days().take_while(|date| date.year() <= year);
        let differs = days.find(|date| {
            alone.day_kind(*date).unwrap().is_worked() != known.day_kind(*date).unwrap().is_worked()
        });
        assert_eq!(differs, None, "{year}");
    }
}

#[test]
fn number_and_date_are_read_from_the_text() {
    let read = Notice::parse(NOTICE_2027).unwrap();
    assert_eq!(read.document.as_deref(), Some("国办发明电〔2026〕9号"));
    assert_eq!(read.document_on, Some(day("2026-11-03")));
    assert_eq!(read.table.days.len(), 31);
}

/// [`NOTICE_2027`] with one thing changed.
fn changed(from: &str, to: &str) -> NoticeFault {
    assert!(NOTICE_2027.contains(from), "{from}");
    Notice::parse(&NOTICE_2027.replace(from, to)).unwrap_err()
}

#[test]
fn what_is_not_understood_is_refused_by_its_sentence() {
    let unread = [
        ("5月8日（周六）上班", "5月8日（周六）照常办公"),
        ("5月8日（周六）上班", "5月8日（周六）或者5月9日（周日）上班"),
        ("6月9日（周三）放假1天，不调休", "6月9日（周三）下午放假半天"),
        ("6月9日（周三）放假1天，不调休", "端午当日放假"),
        ("共7天。2月20日", "共7天。2月12日放假。2月20日"),
        ("2月20日（周六）上班", "2月20日（周六，元宵节）上班"),
        ("节假日期间，", "4月30日（周五）下午起放假。节假日期间，"),
    ];
    for (from, to) in unread {
        let fault = changed(from, to);
        assert!(matches!(fault, NoticeFault::Sentence(_)), "{to}: {fault:?}");
        // The sentence is named, so that somebody can look it up.
        assert!(fault.to_string().contains('“'), "{fault}");
    }
}

#[test]
fn dates_that_do_not_agree_with_each_other_are_refused() {
    let weekday = changed("5月8日（周六）上班", "5月9日（周六）上班");
    assert!(matches!(weekday, NoticeFault::Weekday { .. }), "{weekday:?}");
    assert!(weekday.to_string().contains("5月9日（周日）"), "{weekday}");
    let count = changed("共5天", "共6天");
    assert!(matches!(count, NoticeFault::Count { found: 5, said: 6, .. }), "{count:?}");
    let none = changed("6月9日（周三）放假", "6月31日放假");
    assert!(matches!(none, NoticeFault::Date(_)), "{none:?}");
    let twice = changed("5月8日（周六）上班", "5月3日（周一）上班");
    assert!(matches!(twice, NoticeFault::Twice(_)), "{twice:?}");
    let missing = changed("五、端午节：6月9日（周三）放假1天，不调休。", "");
    assert_eq!(missing, NoticeFault::Missing("端午节"));
    let unknown = changed("五、端午节", "五、元宵节");
    assert!(matches!(unknown, NoticeFault::Festival(_)), "{unknown:?}");
    let weekday = changed("5月8日（周六）上班", "5月7日上班");
    let wanted = NoticeFault::Table(TableFault::MakeUpOnWeekday(day("2027-05-07"), "周五"));
    assert_eq!(weekday, wanted);
    assert_eq!(changed("2027年部分", "次年部分"), NoticeFault::Title);
    let long = changed("5月1日（周六）至5日（周三）", "5月1日（周六）至12月5日（周日）");
    assert!(matches!(long, NoticeFault::Sentence(_)), "{long:?}");
}

/// The built-in table is no different from what people may import: it passes the same checks.
#[test]
fn every_year_of_the_built_in_table_could_be_imported() {
    use gongkai::domain::calendar::YearTable;
    let known = Calendar::built_in();
    for year in known.years() {
        let table = known.year_csv(year).unwrap();
        // In 2020 a notice listed ordinary weekdays as worked; an import leaves them out.
        if known.redundant_working_days().any(|date| date.year() == year) {
            continue;
        }
        let table = YearTable::from_csv(&table).unwrap_or_else(|error| panic!("{year}: {error}"));
        let (again, notes) = table.onto(&known.without_year(year)).unwrap();
        assert_eq!(again.version(), known.version(), "{year}");
        assert_eq!(notes, Vec::<String>::new(), "{year}");
    }
}
