//! `countersign openapi` and `countersign schema`: the API's document and the shape of a change, as the server serves them.

use crate::http::document::{document, published};
use std::process::ExitCode;

pub fn openapi() -> ExitCode {
    println!("{:#}", document());
    ExitCode::SUCCESS
}

pub fn schema() -> ExitCode {
    println!("{:#}", published::schema());
    ExitCode::SUCCESS
}
