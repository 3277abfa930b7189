//! Looking up what is related to a request – the same people, the same wish in other words – among
//! many, by the use case itself.

use std::time::Instant;

use gongkai::app::{App, Principal};
use gongkai::db::{StoreError, applications, requests};
use gongkai::domain::ids::{AgencyId, RequestId, UserId};
use gongkai::domain::policy::Role;
use serde_json::json;
use uuid::Uuid;

use super::service::{Backend, QUEUE, body, close, open, prepare};
use super::{human, percentile, row, table};

/// Rows entered in one transaction, and requests indexed in one.
const BATCH: usize = 500;
/// How often is looked.
const LOOKS: usize = 500;

const PLACES: [&str; 12] = [
    "云岭镇",
    "城关镇",
    "石桥乡",
    "柳河镇",
    "青山乡",
    "东湖街道",
    "南溪镇",
    "北坪乡",
    "白沙镇",
    "红旗村",
    "新民社区",
    "长塘镇",
];
const SUBJECTS: [&str; 24] = [
    "农村公路养护资金",
    "老旧小区改造补助",
    "征地补偿安置方案",
    "宅基地确权登记",
    "高标准农田建设",
    "污水处理厂环评批复",
    "学校招生计划",
    "医保基金支出",
    "公租房分配名单",
    "河道采砂许可",
    "林权流转合同",
    "低保对象审核",
    "塘坝除险加固",
    "校车运营补贴",
    "食品抽检结果",
    "工程招标文件",
    "拆迁评估报告",
    "三公经费决算",
    "殡葬服务收费",
    "供水管网改造",
    "停车场规划",
    "扶贫项目验收",
    "环卫外包合同",
    "信访事项处理",
];
const KINDS: [&str; 8] = [
    "分配表",
    "审批文件",
    "会议纪要",
    "验收报告",
    "公示材料",
    "合同及附件",
    "实施方案",
    "统计数据",
];

/// What the n-th request asks for: few words in many combinations, as in a county.
fn wish(n: usize) -> (String, String) {
    let pick = |from: &[&'static str], by: usize| from[(n / by) % from.len()];
    let (place, subject, kind) = (pick(&PLACES, 7), pick(&SUBJECTS, 1), pick(&KINDS, 3));
    let year = 2005 + n % 21;
    let title = format!("{year}年{place}{subject}{kind}");
    let detail =
        format!("请提供{place}{year}年度{subject}的依据、{kind}和第{n}号档案中的相关记录。");
    (title, detail)
}

pub fn measure(backend: Backend) {
    let name = if backend == Backend::Sqlite { "SQLite" } else { "PostgreSQL" };
    let Some(prepared) = prepare(backend) else {
        println!(
            "\n## Related requests ({name})\n\nNot measured: MEASURE_POSTGRES names no database.\n"
        );
        return;
    };
    let app = open(&prepared.folder, &prepared.url);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ids = runtime.block_on(fill(&app, prepared.agency));
    let begun = Instant::now();
    runtime.block_on(async { while app.index_due(BATCH).await.unwrap() > 0 {} });
    let indexed = begun.elapsed().as_secs_f64() / QUEUE as f64;
    let who = Principal {
        user: UserId(Uuid::now_v7()),
        name: "测量员".to_owned(),
        agency: Some(AgencyId(prepared.agency)),
        roles: vec![Role::Officer],
        deputyships: Vec::new(),
        branch: Vec::new(),
    };
    let mut found = 0;
    let mut times: Vec<_> = (0..LOOKS)
        .map(|n| {
            let id = ids[n * 7919 % ids.len()];
            let begun = Instant::now();
            let view = runtime.block_on(app.related(who.clone(), RequestId(id))).unwrap();
            found += view.similar.len();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    table(
        &format!("Related requests ({name}, {QUEUE} requests to one agency)"),
        &["what", "figure", "goal"],
    );
    let at = |share| human(percentile(&times, share).as_secs_f64());
    row(&["one look-up, p50".into(), at(0.5), "≤ 100 ms".into()]);
    row(&["one look-up, p99".into(), at(0.99), "≤ 100 ms".into()]);
    row(&[
        "similar requests found, on average".into(),
        format!("{:.1}", found as f64 / LOOKS as f64),
        String::new(),
    ]);
    row(&["indexing one request, by the worker".into(), human(indexed), String::new()]);
    close(&app);
}

/// Enters requests past the use case: copies of one that was filed, each with its own wish; every
/// fiftieth by the same applicant.
async fn fill(app: &App, agency: Uuid) -> Vec<Uuid> {
    let first = app.file(None, serde_json::from_value(body(agency, 0)).unwrap()).await.unwrap();
    let (row, form) = app
        .store
        .read(move |conn| {
            Ok::<_, StoreError>((
                requests::get(conn, first.id.0)?,
                applications::get(conn, first.id.0)?,
            ))
        })
        .await
        .unwrap();
    let mut ids = vec![row.id];
    let numbers: Vec<usize> = (1..QUEUE).collect();
    for batch in numbers.chunks(BATCH) {
        let (row, form, app_keys, batch) =
            (row.clone(), form.clone(), app.keys.clone(), batch.to_vec());
        let entered = app
            .store
            .write(move |conn| {
                let mut entered = Vec::new();
                for n in batch {
                    let (title, description) = wish(n);
                    let id = Uuid::now_v7();
                    let mut row = row.clone();
                    (row.id, row.title, row.number) = (id, title.clone(), format!("bench{n}"));
                    let mut form = form.clone();
                    form.request_id = id;
                    form.form["title"] = json!(title);
                    form.form["description"] = json!(description);
                    let key = |label: &str| app_keys.digest(label, &(n / 50).to_string());
                    form.applicant_key = key("applicant");
                    form.phone_digest = Some(key("phone"));
                    form.address_digest = Some(key("address"));
                    form.indexed = false;
                    requests::insert(conn, row)?;
                    applications::insert(conn, form)?;
                    entered.push(id);
                }
                Ok::<_, StoreError>(entered)
            })
            .await
            .unwrap();
        ids.extend(entered);
    }
    ids
}
