//! Why a call brought no answer, sorted by what to do next. No variant ever holds a token.

use super::guard::Forbidden;
use crate::sources::Verb;
use std::error::Error;

/// A client that can't be made at all.
#[derive(Debug, thiserror::Error)]
pub enum ClientFault {
    #[error("TLS can't be set up")]
    Tls(#[source] rustls::Error),
    #[error("the HTTP client can't be made")]
    Http(#[source] reqwest::Error),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The other side can't be reached or is out of order. Try again.
    #[error("not reachable: {0}")]
    Away(String),
    /// It asks to be left alone for so long.
    #[error("asked to wait {seconds} s")]
    RetryAfter { seconds: u64 },
    /// The call may have arrived and done its work. Find out before it is made again.
    #[error("no answer, the call may have arrived: {0}")]
    Ambiguous(String),
    /// The guard, or a call that can't be written. Trying again helps only after a change of the configuration.
    #[error("not called: {0}")]
    Forbidden(String),
    #[error("the answer is larger than {limit} bytes")]
    TooLarge { limit: usize },
}

impl TransportError {
    pub(super) fn of(error: reqwest::Error, verb: Verb) -> Self {
        // Neither the URL nor headers: only what happened.
        let error = error.without_url();
        if let Some(forbidden) = forbidden(&error) {
            return Self::Forbidden(forbidden.to_string());
        }
        if error.is_builder() {
            return Self::Forbidden(root(&error));
        }
        match verb {
            Verb::Post if !error.is_connect() => Self::Ambiguous(root(&error)),
            Verb::Post | Verb::Get => Self::Away(root(&error)),
        }
    }
}

type Cause<'a> = &'a (dyn Error + 'static);

fn chain(error: Cause<'_>) -> impl Iterator<Item = Cause<'_>> {
    std::iter::successors(Some(error), |error: &Cause<'_>| (*error).source())
}

fn forbidden(error: Cause<'_>) -> Option<&Forbidden> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// The innermost cause says what happened; the outer ones only say that something did.
pub(super) fn root(error: Cause<'_>) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}
