//! The API's document as a page.

use super::pages::Chrome;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct ApiPage<'a> {
    pub chrome: Chrome<'a>,
    pub version: &'a str,
    pub groups: &'a [ApiGroup],
    pub shapes: &'a [ApiShape],
}

#[derive(Debug, Serialize)]
pub struct ApiGroup {
    pub name: &'static str,
    pub operations: Vec<ApiOperation>,
}

#[derive(Debug, Serialize)]
pub struct ApiOperation {
    /// `GET`
    pub method: String,
    pub path: String,
    pub summary: &'static str,
    /// Who may, in words.
    pub access: String,
    pub parameters: Vec<ApiParameter>,
    /// The shape of its body.
    pub body: Option<String>,
    pub answers: Vec<ApiAnswer>,
}

#[derive(Debug, Serialize)]
pub struct ApiParameter {
    pub name: &'static str,
    /// `path`, `query` or `header`
    pub place: &'static str,
    /// `required` or `optional`
    pub need: &'static str,
    pub meaning: &'static str,
}

#[derive(Debug, Serialize)]
pub struct ApiAnswer {
    pub status: u16,
    pub meaning: String,
    pub shape: Option<String>,
}

/// A named shape and its JSON Schema.
#[derive(Debug, Serialize)]
pub struct ApiShape {
    pub name: String,
    pub schema: String,
}
