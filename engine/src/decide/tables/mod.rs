//! What each input does, as tables and short stories.

mod boards;
mod duty;
mod freezes;
mod gates;
mod holds;
mod locks;
mod opening;
mod overrides;
mod promotion;
mod rounds;
mod signing;
mod time;
mod tool;
mod voting;
mod waivers;
mod who;
pub(super) mod windows;

use crate::decide::fixtures::{Story, origin, person, rules};
use crate::event::ToolDecision;
use crate::input::Act;
use crate::request::{Again, Initiator};

const TWO: &str = "review: peer devs*2";
const PEOPLE: &str = "devs: a b c requester-1 author-1, ops: o p, security: s, leads: l, owners: w";

fn approved() -> Story {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.approve("a").approve("b");
    story
}

fn answered(attempt: u32) -> Act {
    Act::Answered { decision: ToolDecision::Approve, attempt, note: "GitLab holds the approval".to_owned() }
}

fn again(run: &str, who: &str) -> Act {
    let initiator = Initiator::Person(person(who));
    Act::Retarget(Again { origin: origin(run), sequence: Some(43), initiator, co_initiators: Vec::new(), subject: None, authors: None })
}
