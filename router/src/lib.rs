//! The process: webhooks in, decisions, callbacks out, API, console, schedule; and the command line around it.

pub mod app;
pub mod attempts;
pub mod backoff;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod dispatch;
pub mod http;
pub mod net;
pub mod people_file;
pub mod sandbox;
pub mod schedule;
pub mod secret;
pub mod serve;
pub mod settings;
pub mod sources;
pub mod start;
pub mod telemetry;
pub mod work;
