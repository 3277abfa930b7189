//! Samples of the commands around service, hand-over and help.

use chrono::NaiveDate;
use gongkai::domain::agency::Succession;
use gongkai::domain::command::{Command, Dispatch};
use gongkai::domain::event::ServiceMethod;
use gongkai::domain::ids::AgencyId;
use gongkai::domain::notice::NoticeKind;
use gongkai::domain::policy::Action;

use super::words;
use crate::story::{notice, slip};

pub fn command(action: Action, on: NaiveDate) -> Command {
    match action {
        Action::RecordNoticeDispatch => Command::RecordNoticeDispatch {
            notice: notice(2),
            notice_kind: NoticeKind::Correction,
            dispatch: Dispatch {
                on,
                method: ServiceMethod::Registered,
                tracking: words("XA1"),
                slip: slip(),
                photo: false,
            },
        },
        Action::RecordNoticeReturn => Command::RecordNoticeReturn {
            on,
            notice: notice(2),
            notice_kind: NoticeKind::Correction,
            reason: words("查无此人"),
        },
        Action::HandOver => Command::HandOver {
            on,
            from_unit: words("政务服务中心窗口"),
            giver: words("张华"),
            receiver: words("李明"),
            what: words("申请表原件1份、身份证复印件1份"),
        },
        Action::Succeed => Command::Succeed { on, succession: Box::new(succession()) },
        Action::RecordAssistance => Command::RecordAssistance {
            on,
            need: words("视力障碍"),
            help: words("代为填写申请表并逐项朗读"),
        },
        other => unreachable!("{other} has its sample elsewhere"),
    }
}

/// An agency taken over by another.
pub fn succession() -> Succession {
    Succession {
        from: AgencyId(uuid::Uuid::from_u128(81)),
        from_name: words("青云县国土局"),
        into: AgencyId(uuid::Uuid::from_u128(82)),
        into_name: words("青云县自然资源局"),
        document: words("青编〔2026〕3号"),
    }
}
