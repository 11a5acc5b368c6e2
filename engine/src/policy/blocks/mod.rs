//! The blocks of a policy that this build enforces: what each is made of, and what is wrong with it.

pub mod attributes;
pub mod calendars;
pub mod classes;
pub mod defaults;
pub mod duty;
pub mod environments;
pub mod escalations;
pub mod fields;
pub mod flows;
pub mod freezes;
pub mod gates;
pub mod groups;
pub mod incidents;
pub mod lists;
pub mod notifications;
pub mod overrides;
pub mod promotion;
pub mod quorums;
pub mod requirements;
pub mod separation;
pub mod services;
pub mod together;
pub mod trials;
pub mod waivers;
pub mod windows;
