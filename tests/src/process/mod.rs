//! The program as it ships, run as its user runs it: files in a folder, commands, signals, HTTP. Nothing is called inside it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends at the first surprise")]

pub mod binary;
pub mod cast;
pub mod click;
pub mod crash;
pub mod forge;
pub mod gate;
pub mod installation;
pub mod judges;
pub mod member;
pub mod patience;
pub mod reader;
pub mod release;
pub mod service;
pub mod tokens;
pub mod workspace;
