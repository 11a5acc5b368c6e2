//! The whole system, driven from outside: databases, fakes and the words of its stories.

pub mod bench;
pub mod chance;
pub mod fakes;
pub mod postgres;
pub mod process;
pub mod sqlite;
pub mod world;
