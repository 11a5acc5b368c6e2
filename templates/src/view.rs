//! What a card is made from: a folded change, the directory for names, and the little that the router alone knows.

use engine::Change;
use engine::directory::Directory;
use engine::ids::ChangeNumber;

#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub change: &'a Change,
    /// Names, accounts and memberships, as of now.
    pub directory: &'a Directory,
    /// Where the console is, without a slash at its end.
    pub public_url: &'a str,
    /// What people call the system that asked and is answered: “GitLab”, “the pipeline”.
    pub tool: &'a str,
    pub controls: Controls,
    /// What the change's own events can't tell.
    pub notes: &'a [Note],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Controls {
    /// The buttons that work in this state.
    Vote,
    /// None: a page that has its own forms, a text, a mail.
    ReadOnly,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The decision can't be sent where it was asked for; `why` as in “gitlab-main has no token”.
    CannotAnswer { why: String },
}

impl View<'_> {
    /// The change on the web.
    pub fn web(&self) -> String {
        self.web_of(self.change.number)
    }

    /// Another change on the web.
    pub fn web_of(&self, number: ChangeNumber) -> String {
        format!("{}/changes/{number}", self.public_url.trim_end_matches('/'))
    }
}
