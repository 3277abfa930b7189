//! Text made printable: what old systems export and people paste.

use std::collections::HashSet;

use gongkai::documents::text::{breakable, clean};

#[test]
fn the_private_use_characters_of_old_gbk_data_become_real_ones() {
    assert_eq!(clean("龚\u{E863}"), "龚䶮");
    assert_eq!(clean("\u{E815}\u{E864}"), "⺁龻");
    // Each row of the table has its character, and no two have the same
    for row in [0xE815..=0xE864, 0xE78D..=0xE796] {
        let code_points: Vec<char> = row.map(|code| char::from_u32(code).unwrap()).collect();
        let real: HashSet<String> = code_points.iter().map(|c| clean(&c.to_string())).collect();
        assert_eq!(real.len(), code_points.len());
        let private = |text: &String| text.chars().any(|c| ('\u{E000}'..='\u{F8FF}').contains(&c));
        assert!(!real.iter().any(|text| text.is_empty() || private(text)), "{real:?}");
    }
}

#[test]
fn what_nobody_can_see_is_taken_out_and_a_line_break_becomes_a_blank() {
    assert_eq!(clean("\u{FEFF} 王\u{200B}\u{0}喆\r\n玥\u{FE00} "), "王喆  玥");
}

#[test]
fn long_runs_of_ascii_may_break_but_telephone_numbers_and_web_addresses_stay_whole() {
    for whole in ["电话0731-88881234转", "见https://www.example.gov.cn/zwgk/content_1234.html。"]
    {
        assert_eq!(breakable(whole), whole);
    }
    let run = "a".repeat(30);
    assert_eq!(breakable(&format!("甲{run}乙")).matches('\u{200B}').count(), 2);
}
