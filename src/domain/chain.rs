//! The approval chain (审批链): who looks at a draft reply, one after another, before it is issued.
//!
//! The chain is set per agency and outcome. A draft keeps the chain it was submitted under: a later
//! change of the setting does not move a draft that is already on its way.
//!
//! Source: 条例 art. 45 (审核); rulebook 1.1 state 60 (the chain itself is local).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ids::UserId;
use super::outcome::Outcome;
use super::policy::Role;
use super::request::FieldFault;
use super::text_enum::text_enum;

text_enum!(
    /// A step of the approval chain.
    Stage {
        /// The head of the disclosure office.
        Office = "office", "公开工作机构审核";
        /// The legal reviewer.
        Legal = "legal", "法制审核";
        /// The leader responsible for the field.
        Leader = "leader", "分管领导审批";
        /// The signer: signing fixes number, date and text. Only as the last step.
        Sign = "sign", "签发";
    }
);

impl Stage {
    /// The role that takes the step.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Office => Role::Head,
            Self::Legal => Role::LegalReviewer,
            Self::Leader => Role::Leader,
            Self::Sign => Role::Signer,
        }
    }

    /// Whether the step must have a person of its own, whatever the agency's setting says: a legal
    /// review by somebody who also decides reviews nothing.
    ///
    /// Source: 国办发〔2018〕118号 part 4 (法制审核), by analogy (U).
    #[must_use]
    pub const fn wants_own_person(self) -> bool {
        matches!(self, Self::Legal)
    }
}

/// The chain a draft goes through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// The steps in order.
    pub stages: Vec<Stage>,
    /// Whether one person may take several steps.
    #[serde(default)]
    pub one_person_may_hold_several: bool,
}

impl Default for Chain {
    /// The head approves, and issues.
    fn default() -> Self {
        Self { stages: vec![Stage::Office], one_person_may_hold_several: false }
    }
}

impl Chain {
    /// The same chain with a legal review: before the leader and the signer, after the office.
    #[must_use]
    pub fn with_legal(mut self) -> Self {
        if !self.stages.contains(&Stage::Legal) {
            let office = self.stages.iter().position(|stage| *stage == Stage::Office);
            self.stages.insert(office.map_or(0, |at| at + 1), Stage::Legal);
        }
        self
    }

    /// The steps before the one that fixes the number.
    pub fn approvals(&self) -> impl Iterator<Item = Stage> + '_ {
        self.stages.iter().copied().filter(|stage| *stage != Stage::Sign)
    }

    /// Who fixes number, date and text: the signer if the chain has one, else the head.
    #[must_use]
    pub fn issuer(&self) -> Role {
        if self.stages.contains(&Stage::Sign) { Role::Signer } else { Role::Head }
    }
}

/// A chain for some outcomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChainRule {
    /// The outcomes it is for.
    pub outcomes: Vec<Outcome>,
    /// The steps in order.
    pub stages: Vec<Stage>,
}

/// The chains of an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalChains {
    /// The steps where no rule names the outcome.
    pub stages: Vec<Stage>,
    /// Other steps for some outcomes.
    #[serde(default)]
    pub rules: Vec<ChainRule>,
    /// Whether one person may take several steps. The author approves nothing in any case, and
    /// legal review always has a person of its own.
    #[serde(default)]
    pub one_person_may_hold_several: bool,
}

impl Default for ApprovalChains {
    fn default() -> Self {
        let Chain { stages, one_person_may_hold_several } = Chain::default();
        Self { stages, rules: Vec::new(), one_person_may_hold_several }
    }
}

impl ApprovalChains {
    /// The chain for a reply of this outcome.
    #[must_use]
    pub fn chain(&self, outcome: Outcome) -> Chain {
        let rule = self.rules.iter().find(|rule| rule.outcomes.contains(&outcome));
        let stages = rule.map_or(&self.stages, |rule| &rule.stages).clone();
        Chain { stages, one_person_may_hold_several: self.one_person_may_hold_several }
    }

    /// Everything that keeps these chains from being used, all at once.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let mut add = |field, message: &str| {
            faults.push(FieldFault { field, code: "invalid", message: message.to_owned() });
        };
        if let Some(message) = stage_fault(&self.stages) {
            add("stages", message);
        }
        let mut named = Vec::new();
        for rule in &self.rules {
            if let Some(message) = stage_fault(&rule.stages) {
                add("rules.stages", message);
            }
            if rule.outcomes.is_empty() {
                add("rules.outcomes", "请至少选择一种答复类型");
            }
            for outcome in &rule.outcomes {
                if !outcome.is_reply() {
                    add("rules.outcomes", "审批链只用于以答复书作出的类型");
                }
                if named.contains(outcome) {
                    add("rules.outcomes", "同一种答复类型只能有一条审批链");
                }
                named.push(*outcome);
            }
        }
        faults
    }
}

fn stage_fault(stages: &[Stage]) -> Option<&'static str> {
    let last = stages.len().saturating_sub(1);
    if !stages.iter().any(|stage| *stage != Stage::Sign) {
        return Some("审批链至少要有一个签发之前的审批环节");
    }
    if stages.iter().enumerate().any(|(n, stage)| stages.iter().take(n).any(|s| s == stage)) {
        return Some("审批链中的环节不能重复");
    }
    if stages.iter().enumerate().any(|(n, stage)| *stage == Stage::Sign && n != last) {
        return Some("签发应当是审批链的最后一个环节");
    }
    None
}

/// A step of the chain that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Which.
    pub stage: Stage,
    /// By whom.
    pub by: Option<UserId>,
    /// In whose place, if a deputy took it.
    pub on_behalf_of: Option<UserId>,
    /// When.
    pub on: NaiveDate,
}

/// Somebody acts for an absent colleague today (代理).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deputyship {
    /// Who is absent.
    pub absent: UserId,
    /// Their name.
    pub name: String,
    /// What the deputy may do in their place.
    pub roles: Vec<Role>,
}

/// Whose turns a person may take today: by roles of their own, and in the place of absent colleagues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turns {
    /// The person.
    pub person: UserId,
    /// Each role with the colleague who lends it; none for an own role.
    pub roles: Vec<(Role, Option<UserId>)>,
}

impl Turns {
    /// The turns of a person whose `roles` hold those lent. Of several who lend the same role the
    /// first counts, as when the step is taken.
    #[must_use]
    pub fn new(person: UserId, roles: &[Role], deputyships: &[Deputyship]) -> Self {
        let lender = |role: Role| {
            deputyships.iter().find(|lent| lent.roles.contains(&role)).map(|lent| lent.absent)
        };
        let deciding = roles.iter().copied().filter(|role| role.decides());
        Self { person, roles: deciding.map(|role| (role, lender(role))).collect() }
    }

    /// The turns by an own role.
    #[must_use]
    pub fn own(&self) -> Vec<Role> {
        self.roles.iter().filter(|(_, lender)| lender.is_none()).map(|(role, _)| *role).collect()
    }

    /// Who lends the role.
    #[must_use]
    pub fn lender(&self, role: Role) -> Option<UserId> {
        self.roles.iter().find(|(lent, _)| *lent == role).and_then(|(_, lender)| *lender)
    }
}

/// What a decision about a draft knows beside the case: the chain in force for its outcome, and in
/// whose place the person may act today.
#[derive(Debug, Clone, Copy, Default)]
pub struct Approvals<'a> {
    /// The agency's chains; today's default where nothing was set.
    pub chains: Option<&'a ApprovalChains>,
    /// Deputyships of whoever acts.
    pub deputyships: &'a [Deputyship],
}
