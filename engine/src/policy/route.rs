//! What the policy asks of one change: its environment, service, class, requirements and stages.
//!
//! Whatever is missing or unknown blocks the change or asks more of it, never less.

use super::Policy;
use super::blocks::environments::Environment;
use super::blocks::escalations::Escalation;
use super::blocks::fields::Of;
use super::blocks::flows::Together;
use super::blocks::requirements::{Approve, Asks, Conditional};
use super::blocks::services::Service;
use super::condition::Truth;
use super::inquiry::Inquiry;
use super::schema::About;
use super::supposed::Supposed;
use crate::directory::Directory;
use crate::evaluation::{Asker, Evaluation};
use crate::event::BlockReason;
use crate::fields::FieldRule;
use crate::freeze::Freeze;
use crate::gate::{GateRule, Gates};
use crate::hold::LetThrough;
use crate::ids::{ClassName, EnvironmentName, GroupName, RequirementName, StageName};
use crate::incident::Incident;
use crate::input::Routed;
use crate::quorum::{MAX_ELECTORATE, Quorum};
use crate::request::Request;
use crate::rules::{Group, Requirement, Rules, Stage, Step, StepAct};
use crate::sentence::listed;
use crate::time::{Span, Timestamp};
use std::collections::BTreeMap;

/// What is routed, by which people, and when.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub request: &'a Request,
    pub directory: &'a Directory,
    /// Those that are known.
    pub incidents: &'a [Incident],
    pub now: Timestamp,
    /// `None`: a real change.
    pub supposed: Option<&'a Supposed>,
}

/// What lets a change out all the same, and names groups.
struct Exceptions<'a> {
    gates: &'a Gates,
    freezes: &'a [Freeze],
}

impl Policy {
    /// As `route_amid`, where no incident is known.
    pub fn route(&self, request: &Request, directory: &Directory, now: Timestamp) -> Routed {
        self.route_amid(request, directory, &[], now)
    }

    /// The rules for this request, which opens now, or why there are none.
    pub fn route_amid(&self, request: &Request, directory: &Directory, incidents: &[Incident], now: Timestamp) -> Routed {
        let known = self.service_of(request);
        self.routed(Asked { request, directory, incidents, now, supposed: None }, known)
    }

    /// As `route`, where the service is found already, or is not known.
    pub(crate) fn routed(&self, asked: Asked<'_>, known: Option<&Service>) -> Routed {
        let service = known.map_or_else(|| asked.request.service.path.clone(), |service| service.name.clone());
        let mut evaluation = Evaluation::default();
        let rules = self.rules(&asked, known, &mut evaluation);
        Routed { service, expire_after_s: self.defaults.expire_after_s, rules, evaluation }
    }

    /// The environment that a source means: by its own name, then by the patterns in their order, then by a tier that
    /// only one environment has.
    pub fn environment_for(&self, name: &str, tier: Option<&str>) -> Option<&EnvironmentName> {
        self.environment(name, tier).map(|environment| &environment.name)
    }

    fn environment(&self, name: &str, tier: Option<&str>) -> Option<&Environment> {
        let mut all = self.environments.iter();
        let own = all.find(|environment| environment.name.as_str() == name);
        let by_pattern = || self.environments.iter().find(|environment| environment.patterns.iter().any(|glob| glob.matches(name)));
        own.or_else(by_pattern).or_else(|| self.environment_of_tier(tier?))
    }

    fn environment_of_tier(&self, tier: &str) -> Option<&Environment> {
        let mut of_tier = self.environments.iter().filter(|environment| environment.tier.as_deref() == Some(tier));
        let first = of_tier.next()?;
        // Two would be a guess, and they may ask for different people.
        if of_tier.next().is_some() { None } else { Some(first) }
    }

    fn service_of(&self, request: &Request) -> Option<&Service> {
        self.services.iter().find(|service| service.patterns.iter().any(|pattern| pattern.matches(&request.service)))
    }

    fn rules(&self, asked: &Asked<'_>, known: Option<&Service>, evaluation: &mut Evaluation) -> Result<Rules, BlockReason> {
        let Asked { request, directory, incidents, now, supposed } = *asked;
        let environment = self
            .environment(&request.environment, request.tier.as_deref())
            .ok_or_else(|| BlockReason::UnknownEnvironment { environment: request.environment.clone() })?;
        let service = self.service_or_default(request, known)?;
        let inquiry = Inquiry::about(About {
            request,
            service: &service,
            environment: &environment.name,
            class: None,
            attributes: &self.attributes,
            supposed,
            incident: None,
        })
        .amid(incidents);
        let class = self.class(&inquiry, evaluation)?;
        let inquiry = inquiry.with_class(class);
        let matched = self.matched(&inquiry, evaluation);
        let flow = self.flow(class, &inquiry, evaluation)?;
        let stages = stages(class, &matched, flow)?;
        let requirements = self.requirements_now(&matched, directory)?;
        let (escalation, clock) =
            self.escalation(&inquiry, evaluation).map(|one| (one.steps.clone(), one.clock.clone())).unwrap_or_default();
        let freezes = self.freezes(&inquiry, now, evaluation);
        let gates = match supposed {
            // Tests take it for granted that gates pass.
            Some(_) => Gates::default(),
            None => self.gates(environment, &inquiry, evaluation)?,
        };
        Ok(Rules {
            policy: self.reference.clone(),
            owners: self.owners.clone(),
            environment: environment.name.clone(),
            class: class.clone(),
            stages,
            groups: self.groups_named(&requirements, &escalation, Exceptions { gates: &gates, freezes: &freezes }),
            requirements,
            rationale: self.defaults.rationale.clone(),
            separation: self.separation.clone(),
            expire_after_s: self.defaults.expire_after_s,
            escalation,
            clock,
            when_newer_arrives: environment.when_newer_arrives,
            superseded: environment.superseded,
            channels: self.notifications.channels_for(&environment.name),
            tell_requester: self.notifications.tell_requester.clone(),
            fields: self.asked_fields(&inquiry, evaluation),
            freezes,
            window: environment.window.clone(),
            promotion: environment.promotion.clone(),
            lock: environment.lock,
            gates,
        })
    }

    /// What its requester has to write.
    fn asked_fields(&self, inquiry: &Inquiry<'_>, evaluation: &mut Evaluation) -> Vec<FieldRule> {
        let is_emergency = inquiry.class().map(ClassName::as_str) == Some(LetThrough::Emergency.class());
        let asked = self.fields.iter().filter(|field| is_emergency || field.of == Of::All);
        let each = asked.map(|field| {
            let required_when = field.required_when.as_ref().map(|when| {
                inquiry.ask(Asker::Field(field.name.clone()), Some(when), evaluation);
                inquiry.defer(when, &self.lists)
            });
            FieldRule { name: field.name.clone(), kind: field.kind.clone(), required_when }
        });
        each.collect()
    }

    /// The freezes of this change until it expires. One whose condition is unknown covers it.
    fn freezes(&self, inquiry: &Inquiry<'_>, now: Timestamp, evaluation: &mut Evaluation) -> Vec<Freeze> {
        let open = Span { from: now, to: now.plus_seconds(self.defaults.expire_after_s) };
        let class = inquiry.class().map(ClassName::as_str);
        let covering = self.freezes.iter().filter(|freeze| {
            let is_let_through = freeze.lets_through.iter().any(|through| Some(through.class()) == class);
            !is_let_through && binds(&inquiry.ask(Asker::Freeze(freeze.name.clone()), freeze.covers.as_ref(), evaluation))
        });
        let pinned = covering.map(|freeze| Freeze {
            name: freeze.name.clone(),
            lets_through: freeze.lets_through.clone(),
            spans: freeze.season.within(&open),
            overridden_by: freeze.overridden_by.clone(),
        });
        pinned.filter(|freeze| !freeze.spans.is_empty()).collect()
    }

    /// The gates of the environment that are for this change. One whose condition is unknown is.
    fn gates(&self, environment: &Environment, inquiry: &Inquiry<'_>, evaluation: &mut Evaluation) -> Result<Gates, BlockReason> {
        let mut gates = Gates::default();
        for name in &environment.promote_when {
            let Some(gate) = self.gates.iter().find(|gate| &gate.name == name) else { continue };
            if !binds(&inquiry.ask(Asker::Gate(name.to_string()), gate.when.as_ref(), evaluation)) {
                continue;
            }
            let test = gate.test.as_ref().ok_or_else(|| BlockReason::UnknownCondition {
                place: format!("gate {name}"),
                why: "this build does not ask what it goes by".to_owned(),
            })?;
            let named = test.pass.lists().filter_map(|list| Some((list.to_owned(), self.lists.get(list)?.clone())));
            gates.lists.extend(named);
            gates.rules.push(GateRule {
                name: name.clone(),
                fact: test.fact.clone(),
                pass: test.pass.source().to_owned(),
                max_age_s: test.max_age_s,
                recheck: test.recheck,
                waiver: test.waiver.clone(),
            });
        }
        Ok(gates)
    }

    fn service_or_default(&self, request: &Request, known: Option<&Service>) -> Result<Service, BlockReason> {
        let path = &request.service.path;
        let default = || self.defaults.service.as_ref().map(|default| Service { name: path.clone(), ..default.clone() });
        known.cloned().or_else(default).ok_or_else(|| BlockReason::UnknownService { service: path.clone() })
    }

    fn class(&self, inquiry: &Inquiry<'_>, evaluation: &mut Evaluation) -> Result<&ClassName, BlockReason> {
        for class in &self.classes {
            let answer = inquiry.ask(Asker::Class(class.name.to_string()), Some(&class.when), evaluation);
            if holds(answer, || format!("class {}", class.name))? {
                return Ok(&class.name);
            }
        }
        Err(BlockReason::NoClass)
    }

    /// The requirements that apply. An unknown condition applies its requirement.
    fn matched(&self, inquiry: &Inquiry<'_>, evaluation: &mut Evaluation) -> Vec<&Conditional> {
        let mut applies = |requirement: &Conditional| {
            let of = Asker::Requirement(requirement.name.to_string());
            binds(&inquiry.ask(of, requirement.when.as_ref(), evaluation))
        };
        self.requirements.iter().filter(|requirement| applies(requirement)).collect()
    }

    /// The stages of the chosen flow; `None` if the policy has no flows at all.
    fn flow(&self, class: &ClassName, inquiry: &Inquiry<'_>, evaluation: &mut Evaluation) -> Result<Option<&[Together]>, BlockReason> {
        let chosen = match &self.choices {
            Some(_) => self.chosen_flow(inquiry, evaluation)?,
            None if self.flows.is_empty() => return Ok(None),
            None => Some(class.as_str()),
        };
        let flow = self.flows.iter().find(|flow| Some(flow.name.as_str()) == chosen);
        let flow = flow.ok_or_else(|| BlockReason::NoFlow { class: class.to_string() })?;
        Ok(Some(&flow.steps))
    }

    fn chosen_flow(&self, inquiry: &Inquiry<'_>, evaluation: &mut Evaluation) -> Result<Option<&str>, BlockReason> {
        for (n, choice) in self.choices.iter().flatten().enumerate() {
            let answer = inquiry.ask(Asker::Flow(choice.flow.clone()), Some(&choice.when), evaluation);
            if holds(answer, || format!("flow_choice[{n}]"))? {
                return Ok(Some(&choice.flow));
            }
        }
        Ok(None)
    }

    /// The first escalation that holds; if none does, the first that is unknown, so that silence never wins.
    fn escalation(&self, inquiry: &Inquiry<'_>, evaluation: &mut Evaluation) -> Option<&Escalation> {
        let mut unknown: Option<&Escalation> = None;
        for escalation in &self.escalations {
            match inquiry.ask(Asker::Escalation(escalation.name.clone()), escalation.when.as_ref(), evaluation) {
                Truth::True => return Some(escalation),
                Truth::Unknown(_) => unknown = unknown.or(Some(escalation)),
                Truth::False => {}
            }
        }
        unknown
    }

    fn requirements_now(&self, matched: &[&Conditional], directory: &Directory) -> Result<Vec<Requirement>, BlockReason> {
        matched.iter().map(|requirement| self.compile(requirement, directory)).collect()
    }

    /// With the people of a board as they are now: they stay those of the change.
    fn compile(&self, requirement: &Conditional, directory: &Directory) -> Result<Requirement, BlockReason> {
        let name = requirement.name.clone();
        match &requirement.asks {
            Asks::Approve(Approve { from, count, blind, step_up }) => {
                let plain = Requirement::of(name, from.clone(), *count);
                Ok(Requirement { a_rejection: self.a_rejection, blind: *blind, step_up: *step_up, ..plain })
            }
            Asks::Quorum(board) => {
                let quorum = board_in_size(&name, board.of_today(&self.groups, directory))?;
                let a_rejection = board.a_rejection.unwrap_or(self.a_rejection);
                Ok(Requirement { quorum: Some(quorum), a_rejection, ..Requirement::of(name, vec![board.of.clone()], board.turnout) })
            }
        }
    }

    /// Every group that the rules name, the owners' groups among them.
    fn groups_named(&self, requirements: &[Requirement], escalation: &[Step], exceptions: Exceptions<'_>) -> BTreeMap<GroupName, Group> {
        let asked = requirements.iter().flat_map(|requirement| &requirement.from);
        let reached = escalation.iter().filter_map(|step| match &step.act {
            StepAct::Remind(group) | StepAct::Add(group) | StepAct::Reassign(group) | StepAct::Tell(group) => Some(group),
            StepAct::RemindWaitingOn => None,
        });
        let chairs = requirements.iter().filter_map(|requirement| requirement.quorum.as_ref()?.chair.as_ref()).map(|chair| &chair.group);
        let waiving = exceptions.gates.rules.iter().flat_map(|gate| &gate.waiver).flat_map(|waiver| &waiver.by);
        let overriding = exceptions.freezes.iter().filter_map(|freeze| Some(&freeze.overridden_by.as_ref()?.by));
        let named = asked.chain(chairs).chain(reached).chain(waiving).chain(overriding).chain(&self.owners);
        named.filter_map(|name| self.groups.get(name).map(|group| (name.clone(), group.clone()))).collect()
    }
}

/// What binds a change binds it as well where nobody knows.
fn binds(answer: &Truth) -> bool {
    match answer {
        Truth::True | Truth::Unknown(_) => true,
        Truth::False => false,
    }
}

/// Where a change can't go on without an answer, an unknown condition blocks it.
fn holds(answer: Truth, place: impl FnOnce() -> String) -> Result<bool, BlockReason> {
    match answer {
        Truth::True => Ok(true),
        Truth::False => Ok(false),
        Truth::Unknown(why) => Err(BlockReason::UnknownCondition { place: place(), why }),
    }
}

/// The flow's stages that have requirements; `None` stands for a policy without flows.
fn stages(class: &ClassName, matched: &[&Conditional], flow: Option<&[Together]>) -> Result<Vec<Stage>, BlockReason> {
    let nobody_is_asked = flow.is_some_and(<[Together]>::is_empty);
    if matched.is_empty() && !nobody_is_asked {
        return Err(BlockReason::NoRequirement { class: class.to_string() });
    }
    let mut order: Vec<Together> = flow.unwrap_or_default().to_vec();
    // A stage that the flow leaves out comes last; its requirements are never dropped.
    for requirement in matched {
        if !order.iter().flatten().any(|stage| stage == &requirement.stage) {
            order.push(vec![requirement.stage.clone()]);
        }
    }
    let stages = order.iter().map(|together| stage(together, matched));
    Ok(stages.filter(|stage| !stage.requirements.is_empty()).collect())
}

/// One stage of the change: the requirements of all stages that are open together, by the names of those that have any.
fn stage(together: &Together, matched: &[&Conditional]) -> Stage {
    let (mut names, mut requirements) = (Vec::new(), Vec::new());
    for stage in together {
        let of_stage = matched.iter().filter(|requirement| &requirement.stage == stage);
        let before = requirements.len();
        requirements.extend(of_stage.map(|requirement| requirement.name.clone()));
        if requirements.len() > before {
            names.push(stage.as_str());
        }
    }
    Stage { name: StageName::new(listed(&names, "and")), requirements }
}

fn board_in_size(requirement: &RequirementName, quorum: Quorum) -> Result<Quorum, BlockReason> {
    let people = quorum.electorate.len();
    if people > MAX_ELECTORATE { Err(BlockReason::BoardTooLarge { requirement: requirement.clone(), people }) } else { Ok(quorum) }
}
