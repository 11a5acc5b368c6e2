//! What stands around every page, and the small pages: signing in, and what went wrong.

use serde::Serialize;

/// What stands around every page.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Chrome<'a> {
    /// A remark beside the name: `Sandbox`.
    pub badge: Option<&'a str>,
    /// The page that the reader is on, by its address, for the bar at the top.
    pub here: &'a str,
    pub account: Option<Account<'a>>,
}

/// The signed-in person and the way out.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Account<'a> {
    pub name: &'a str,
    /// Where the sign-out form is posted.
    pub sign_out: &'a str,
    pub csrf: &'a str,
}

/// An answer to what the reader has just done.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Message<'a> {
    /// `good` or `bad`; see [`crate::card::Tone::word`].
    pub tone: &'a str,
    pub text: &'a str,
}

/// How a page is kept current.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Live<'a> {
    /// Where its events come from.
    pub events: &'a str,
    /// What the page shows already; the first event is about something newer.
    pub seen: &'a str,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct PersonChoice<'a> {
    pub id: &'a str,
    pub name: &'a str,
    /// What they are, in a few words: their groups.
    pub note: &'a str,
    /// `selected` or nothing.
    pub chosen: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct SignInPage<'a> {
    pub chrome: Chrome<'a>,
    pub people: &'a [PersonChoice<'a>],
    /// Where the form is posted; it sends `person` and `then`.
    pub action: &'a str,
    /// The page to come back to.
    pub then: &'a str,
    pub problem: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct TokenPage<'a> {
    pub chrome: Chrome<'a>,
    /// Where the form is posted; it sends `token` and `then`.
    pub action: &'a str,
    /// The page to come back to.
    pub then: &'a str,
    pub problem: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct ErrorPage<'a> {
    pub chrome: Chrome<'a>,
    pub status: u16,
    /// What happened.
    pub title: &'a str,
    /// What to do.
    pub detail: &'a str,
}
