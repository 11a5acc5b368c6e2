//! What is offered while somebody fills a command in: what fits, of what they may see. Choosing it permits nothing.

use crate::app::in_time::ANSWER_WITHIN;
use crate::app::waiting::{LOOKS_AT, Open, Waiting};
use crate::app::{App, Failure};
use crate::clock::pause;
use bot::command::{Built, VERBS};
use bot::{Offer, Typing, Wanted};
use engine::hold::{Hold, Scope};
use engine::ids::{EnvironmentName, PersonId};
use engine::policy::Policy;
use entities::{ChangeFilter, Openness, Summary};
use templates::{Line, words};

/// More than any platform shows at once.
const OFFERS: usize = 25;

impl App {
    /// Nothing where it takes too long: people go on typing.
    pub async fn offers(&self, platform: &str, typing: &Typing) -> Vec<Offer> {
        tokio::select! {
            offered = self.offered(platform, typing) => offered.unwrap_or_else(|failure| {
                tracing::error!(%failure, platform, "nothing could be offered to somebody who types");
                Vec::new()
            }),
            () = pause(ANSWER_WITHIN) => Vec::new(),
        }
    }

    /// People of other workspaces are offered nothing.
    async fn offered(&self, platform: &str, typing: &Typing) -> Result<Vec<Offer>, Failure> {
        let directory = self.laws.directory_now(&self.store).await?;
        let Some(person) = directory.by_account(platform, &typing.account) else { return Ok(Vec::new()) };
        let all = match typing.wanted {
            Wanted::Change => self.changes_for(&typing.verb, person).await?.iter().map(change).collect(),
            Wanted::Scope if typing.verb == "resume" => paused(&self.pauses().await?),
            Wanted::Scope => scopes(&*self.laws.policy(&self.store).await?, typing.typed.contains('/')),
            Wanted::Environment => environments(&*self.laws.policy(&self.store).await?),
            Wanted::Verb => VERBS.iter().filter(|verb| verb.built == Built::Yes).map(|verb| plain(verb.word)).collect(),
            Wanted::Else => Vec::new(),
        };
        Ok(fitting(all, &typing.typed))
    }

    /// For a decision what waits for this person, to withdraw what they asked for, else what is open, newest first.
    async fn changes_for(&self, verb: &str, person: &PersonId) -> Result<Vec<Summary>, Failure> {
        if !matches!(verb, "approve" | "reject" | "abstain" | "withdraw") {
            let open = ChangeFilter { openness: Some(Openness::Open), ..ChangeFilter::default() };
            return Ok(self.store.list_changes(&open, None, LOOKS_AT as u64).await?);
        }
        let Waiting { on_them, asked_by_them, .. } = self.waiting(&ChangeFilter::default(), Some(person)).await?;
        let is_meant = |open: &Open| if verb == "withdraw" { open.change.asked_for_it(person) } else { !open.waits_for_answers() };
        let asked = if verb == "withdraw" { asked_by_them } else { Vec::new() };
        Ok(on_them.into_iter().chain(asked).filter(is_meant).map(|open| open.summary).collect())
    }
}

fn change(summary: &Summary) -> Offer {
    let title = Line::new(&summary.title).cut(words::TITLE_MAX);
    Offer { label: format!("{} {title}", summary.number), value: summary.number.to_string() }
}

fn plain(word: &str) -> Offer {
    Offer { label: word.to_owned(), value: word.to_owned() }
}

fn environments(policy: &Policy) -> Vec<Offer> {
    policy.environments().map(EnvironmentName::as_str).map(plain).collect()
}

/// Services only once somebody has come to the slash: there are many of them in every environment.
fn scopes(policy: &Policy, with_services: bool) -> Vec<Offer> {
    if !with_services {
        return std::iter::once(plain("all")).chain(environments(policy)).collect();
    }
    let of = |environment: &str| policy.services().map(|service| plain(&format!("{environment}/{service}"))).collect::<Vec<_>>();
    policy.environments().flat_map(|environment| of(environment.as_str())).collect()
}

/// What can be resumed, as it is typed.
fn paused(holds: &[Hold]) -> Vec<Offer> {
    let typed = |scope: &Scope| match (&scope.environment, &scope.service) {
        (None, None) => Some("all".to_owned()),
        (Some(environment), None) => Some(environment.clone()),
        (Some(environment), Some(service)) => Some(format!("{environment}/{service}")),
        // There is no way to type it.
        (None, Some(_)) => None,
    };
    holds.iter().filter_map(Hold::pause).filter_map(|pause| typed(&pause.scope)).map(|scope| plain(&scope)).collect()
}

/// Whose words contain what was typed so far, whatever the case of letters; those that begin with it first.
fn fitting(all: Vec<Offer>, typed: &str) -> Vec<Offer> {
    let typed = typed.trim().to_lowercase();
    let mut fit: Vec<Offer> = all.into_iter().filter(|offer| offer.label.to_lowercase().contains(&typed)).collect();
    fit.sort_by_key(|offer| !offer.label.to_lowercase().starts_with(&typed));
    fit.truncate(OFFERS);
    fit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_so_goes_first_and_what_does_not_fit_is_left_out() {
        let all = || ["staging", "Production", "pre-production", "production-eu"].map(plain).to_vec();
        let labels = |typed: &str| fitting(all(), typed).into_iter().map(|offer| offer.label).collect::<Vec<_>>();
        assert_eq!(labels(" PROD"), ["Production", "production-eu", "pre-production"]);
        assert_eq!((labels("").len(), labels("nowhere").len()), (4, 0));
        assert_eq!(fitting(vec![plain("x"); 40], "").len(), OFFERS);
    }
}
