//! Discord's answers of failure, sorted by what is to be done about them.
//!
//! Source of the codes: docs.discord.com, "Opcodes and status codes: JSON error codes".

use crate::platform::SendError;
use http::StatusCode;
use serde::Deserialize;

/// Seconds to wait where a limit is reported without a time.
const PAUSE_SECONDS: u64 = 30;
/// The longest pause that is believed.
const PAUSE_MAX_SECONDS: u64 = 3_600;

/// The channel is not there; a thread that was not begun yet looks so, too.
pub const UNKNOWN_CHANNEL: u64 = 10_003;
/// The thread of this message was begun already.
pub const THREAD_EXISTS: u64 = 160_004;
/// The form of a body is refused: the same card goes out as text.
const INVALID_FORM: u64 = 50_035;

/// The message can't be edited: deleted, another's, edited too often since it is old, or in an archived thread.
const GONE: &[u64] = &[10_008, 30_046, 50_005, 50_021, 50_083];
/// Somebody has to change a setting: the channel, the user, the application or its permissions.
const UNREACHABLE: &[u64] = &[
    10_002,
    UNKNOWN_CHANNEL,
    10_004,
    10_013,
    20_009,
    40_001,
    40_002,
    50_001,
    50_007,
    50_008,
    50_009,
    50_013,
    50_014,
    50_019,
    50_024,
    50_025,
    50_278,
    160_002,
    160_005,
    160_006,
];
/// A limit without a time.
const PAUSE: &[u64] = &[20_016, 20_022, 20_028, 20_029, 30_007, 40_062];
/// Nothing happened; later it may.
const AWAY: &[u64] = &[130_000];

type Sort = (&'static [u64], fn(String) -> SendError);

const SORTS: &[Sort] = &[(GONE, SendError::Gone), (UNREACHABLE, SendError::Unreachable), (AWAY, SendError::Away)];

/// Whether a call that may have happened can simply be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Twice is once: an edit, opening a conversation.
    Harmless,
    /// Twice is two messages, unless Discord still remembers the nonce.
    Doubles,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    pub sort: SendError,
    /// Discord's own code for it; 0 where there is none.
    pub code: u64,
}

impl Failed {
    /// The content is welcome, its layout was refused.
    pub fn is_layout(&self) -> bool {
        self.code == INVALID_FORM
    }
}

impl From<Failed> for SendError {
    fn from(failed: Failed) -> Self {
        failed.sort
    }
}

/// What Discord says of a failure. Its message is not kept: it quotes what was sent.
#[derive(Default, Deserialize)]
struct Answer {
    #[serde(default)]
    code: u64,
    /// Seconds, with a fraction.
    retry_after: Option<f64>,
}

/// What to do about an answer that is no success. `retry_after` is the header's seconds.
pub fn classify(status: StatusCode, retry_after: Option<u64>, body: &[u8], repeat: Repeat) -> Failed {
    let answer: Answer = serde_json::from_slice(body).unwrap_or_default();
    let wait = answer.retry_after.filter(|seconds| seconds.is_finite() && *seconds >= 0.0).map(|seconds| seconds.ceil() as u64);
    Failed { sort: sort(status, answer.code, wait.or(retry_after), repeat), code: answer.code }
}

fn sort(status: StatusCode, code: u64, wait: Option<u64>, repeat: Repeat) -> SendError {
    if status == StatusCode::TOO_MANY_REQUESTS || PAUSE.contains(&code) {
        return SendError::RetryAfter { seconds: wait.unwrap_or(PAUSE_SECONDS).clamp(1, PAUSE_MAX_SECONDS) };
    }
    let what = if code == 0 { status.to_string() } else { format!("{status}, code {code}") };
    if let Some((_, sort)) = SORTS.iter().find(|(codes, _)| codes.contains(&code)) {
        return sort(what);
    }
    if status.is_server_error() {
        return unknown(what, repeat);
    }
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => SendError::Unreachable(what),
        _ => SendError::Refused(what),
    }
}

/// A call of which nobody knows whether it happened.
pub fn unknown(what: String, repeat: Repeat) -> SendError {
    match repeat {
        Repeat::Harmless => SendError::Away(what),
        Repeat::Doubles => SendError::Ambiguous(what),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str, repeat: Repeat) -> SendError {
        classify(StatusCode::from_u16(status).unwrap(), Some(9), body.as_bytes(), repeat).sort
    }

    #[test]
    fn each_code_has_one_sort() {
        let mut all: Vec<u64> = [GONE, UNREACHABLE, PAUSE, AWAY, &[INVALID_FORM, THREAD_EXISTS]].concat();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn answers_say_what_to_do() {
        let doubles = |status, body| of(status, body, Repeat::Doubles);
        assert!(matches!(doubles(404, r#"{"code":10008,"message":"Unknown Message"}"#), SendError::Gone(_)));
        assert!(matches!(doubles(400, r#"{"code":30046}"#), SendError::Gone(_)));
        assert!(matches!(doubles(403, r#"{"code":50007}"#), SendError::Unreachable(_)));
        assert!(matches!(doubles(401, "{}"), SendError::Unreachable(_)));
        assert!(matches!(doubles(400, r#"{"code":50035,"errors":{}}"#), SendError::Refused(_)));
        assert!(matches!(doubles(502, "<html>"), SendError::Ambiguous(_)));
        assert!(matches!(of(502, "", Repeat::Harmless), SendError::Away(_)));
    }

    #[test]
    fn the_time_of_a_limit_is_kept_within_reason() {
        let wait = |body| of(429, body, Repeat::Doubles);
        assert_eq!(wait(r#"{"retry_after":1.2,"global":false}"#), SendError::RetryAfter { seconds: 2 });
        assert_eq!(wait("{}"), SendError::RetryAfter { seconds: 9 });
        assert_eq!(wait(r#"{"retry_after":1e12}"#), SendError::RetryAfter { seconds: PAUSE_MAX_SECONDS });
        assert_eq!(wait(r#"{"retry_after":0.0}"#), SendError::RetryAfter { seconds: 1 });
        assert_eq!(of(400, r#"{"code":20028}"#, Repeat::Doubles), SendError::RetryAfter { seconds: 9 });
    }
}
