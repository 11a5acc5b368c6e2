//! The sandbox: a whole Countersign in one process, with sample people, a pretend GitLab and a clock that can be moved.
//! It needs nothing beside the binary and leaves nothing behind.

pub mod gitlab;
pub mod script;
pub mod stage;

mod visitor;

pub use stage::Stage;
