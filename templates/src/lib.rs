//! What people see: cards, forms, notices and pages, built from committed state alone.
//!
//! Pure: no IO, no clock, no platform. Chat platforms lower [`Card`], [`Form`], [`Details`], [`Notice`] and [`Rich`] to
//! their own JSON; [`html`] and [`text`] render the same models, so every surface says the same words in the same order.

mod blind;
pub mod card;
pub mod cards;
pub mod details;
pub mod field;
pub mod foreseen;
pub mod form;
pub mod forms;
pub mod html;
pub mod line;
pub mod notice;
pub mod override_form;
pub mod requester_form;
pub mod rich;
pub mod samples;
pub mod sentences;
pub mod text;
pub mod thread;
pub mod timeline;
pub mod view;
pub mod words;

pub use card::{Action, Banner, Card, Fact, Mark, Place, Quorum, Role, Tone, Verb, VoteLine};
pub use cards::card;
pub use details::{Details, Section, details};
pub use field::{Field, FieldInput};
pub use form::{Form, RationaleField, form};
pub use forms::form_for;
pub use line::Line;
pub use notice::{Notice, owners_notice, requester_notice, step_notice, unapproved_notice};
pub use rich::{Mention, PersonRef, Rich, Span, WhenStyle};
pub use text::{card_text, notice_text, rich_text};
pub use thread::thread_line;
pub use view::{Controls, Note, View};
