//! Which form a control opens.

use crate::card::Verb;
use crate::form::{Form, form};
use crate::override_form;
use crate::requester_form;
use crate::view::View;
use engine::event::Choice;

/// The form that a control opens for whoever may use it; `None` for what needs no form.
pub fn form_for(view: &View<'_>, verb: Verb) -> Option<Form> {
    match verb {
        Verb::Approve => Some(form(view, Choice::Approve)),
        Verb::Reject => Some(form(view, Choice::Reject)),
        Verb::RequestChanges => Some(form(view, Choice::RequestChanges)),
        Verb::Abstain => Some(form(view, Choice::Abstain)),
        Verb::FillIn => Some(requester_form::fill_in(view)),
        Verb::AskAgain => Some(requester_form::ask_again(view)),
        Verb::Withdraw => Some(requester_form::withdraw(view)),
        Verb::Override => Some(override_form::overriding(view)),
        Verb::WithdrawVote | Verb::Replace | Verb::Queue | Verb::Waive | Verb::Details => None,
    }
}
