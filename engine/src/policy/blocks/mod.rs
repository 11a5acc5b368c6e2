//! The blocks of a policy that this build enforces: what each is made of, and what is wrong with it.

pub mod calendars;
pub mod classes;
pub mod defaults;
pub mod duty;
pub mod environments;
pub mod escalations;
pub mod fields;
pub mod flows;
pub mod freezes;
pub mod groups;
pub mod incidents;
pub mod notifications;
pub mod requirements;
pub mod separation;
pub mod services;
