//! Slack's answers of failure, sorted by what is to be done about them.

use crate::platform::SendError;
use slack_morphism::errors::SlackClientError;

/// Seconds to wait where a limit is reported without a time.
const PAUSE_SECONDS: u64 = 30;
/// The longest pause that is believed.
const PAUSE_MAX_SECONDS: u64 = 3_600;

/// Whether a call that may have happened can simply be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Twice is once: an edit, opening a conversation.
    Harmless,
    /// Twice is two messages.
    Doubles,
}

/// A table of error codes and the sort they are.
type Sort = (&'static [&'static str], fn(String) -> SendError);

/// The message can't be edited; a fresh card takes its place.
const GONE: &[&str] =
    &["message_not_found", "cant_update_message", "edit_window_closed", "is_inactive", "block_mismatch", "cant_broadcast_message"];
/// Somebody has to change a setting: the channel, the user, the app or its access.
const UNREACHABLE: &[&str] = &[
    "access_denied",
    "account_inactive",
    "as_user_not_supported",
    "cannot_dm_bot",
    "channel_is_limited_access",
    "channel_not_found",
    "channel_type_not_supported",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "invalid_auth",
    "is_archived",
    "messages_tab_disabled",
    "method_not_supported_for_channel_type",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "not_authed",
    "not_in_channel",
    "org_login_required",
    "posting_to_channel_denied",
    "restricted_action",
    "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel",
    "restricted_action_thread_locked",
    "restricted_action_thread_only_channel",
    "slack_connect_blocked_file_type",
    "slack_connect_canvas_sharing_blocked",
    "slack_connect_file_link_sharing_blocked",
    "team_access_not_granted",
    "team_not_found",
    "token_expired",
    "token_revoked",
    "two_factor_setup_required",
    "user_disabled",
    "user_not_found",
    "user_not_in_channel",
    "user_not_visible",
    "users_not_found",
];
/// Nothing happened; later it may.
const AWAY: &[&str] = &["accesslimited", "ratelimited_by_team", "service_unavailable", "team_added_to_org", "update_failed"];
/// A limit without a time.
const PAUSE: &[&str] = &["message_limit_exceeded", "rate_limited", "ratelimited"];
/// “Some aspect of the operation may have succeeded” (docs.slack.dev).
const UNKNOWN: &[&str] = &["fatal_error", "internal_error", "request_timeout"];
/// The layout, not the message, is at fault: the same card goes out as text.
const LAYOUT: &[&str] =
    &["attachment_payload_limit_exceeded", "invalid_blocks", "invalid_blocks_format", "metadata_too_large", "msg_blocks_too_long"];

const SORTS: &[Sort] = &[(GONE, SendError::Gone), (UNREACHABLE, SendError::Unreachable), (AWAY, SendError::Away)];

/// What to do about a failed call.
pub fn classify(error: &SlackClientError, repeat: Repeat) -> SendError {
    match error {
        SlackClientError::RateLimitError(limit) => pause(limit.retry_after.map(|wait| wait.as_secs())),
        SlackClientError::ApiError(api) => by_code(&api.code, repeat),
        SlackClientError::HttpError(http) if http.status_code.is_server_error() => unknown(http.status_code.to_string(), repeat),
        SlackClientError::HttpError(http) => SendError::Refused(http.status_code.to_string()),
        SlackClientError::HttpProtocolError(protocol) => connection(protocol.cause.as_deref(), repeat),
        SlackClientError::SystemError(system) => connection(system.cause.as_deref(), repeat),
        // An answer that is no answer: a proxy's page, a cut connection.
        SlackClientError::ProtocolError(_) | SlackClientError::EndOfStream(_) | SlackClientError::SocketModeProtocolError(_) => {
            unknown("the answer could not be read".to_owned(), repeat)
        }
    }
}

/// A call that took longer than it may.
pub fn timed_out(repeat: Repeat) -> SendError {
    unknown("no answer in time".to_owned(), repeat)
}

/// Whether the card itself is welcome and only its layout was refused.
pub fn is_layout(error: &SlackClientError) -> bool {
    matches!(error, SlackClientError::ApiError(api) if LAYOUT.contains(&api.code.as_str()))
}

fn by_code(code: &str, repeat: Repeat) -> SendError {
    if PAUSE.contains(&code) {
        return pause(None);
    }
    if UNKNOWN.contains(&code) {
        return unknown(code.to_owned(), repeat);
    }
    let sort = SORTS.iter().find(|(codes, _)| codes.contains(&code)).map(|(_, sort)| *sort);
    sort.unwrap_or(SendError::Refused)(code.to_owned())
}

fn pause(seconds: Option<u64>) -> SendError {
    SendError::RetryAfter { seconds: seconds.unwrap_or(PAUSE_SECONDS).clamp(1, PAUSE_MAX_SECONDS) }
}

fn unknown(what: String, repeat: Repeat) -> SendError {
    match repeat {
        Repeat::Harmless => SendError::Away(what),
        Repeat::Doubles => SendError::Ambiguous(what),
    }
}

/// Only a connection that was never made is known to have done nothing.
fn connection(cause: Option<&(dyn std::error::Error + Send + Sync + 'static)>, repeat: Repeat) -> SendError {
    let client = cause.and_then(|cause| cause.downcast_ref::<hyper_util::client::legacy::Error>());
    if client.is_some_and(hyper_util::client::legacy::Error::is_connect) {
        return SendError::Away("no connection".to_owned());
    }
    unknown("the connection broke".to_owned(), repeat)
}

#[cfg(test)]
mod tests {
    use super::*;
    use slack_morphism::errors::{SlackClientApiError, SlackRateLimitError};

    fn api(code: &str) -> SlackClientError {
        SlackClientError::ApiError(SlackClientApiError::new(code.to_owned()))
    }

    #[test]
    fn each_code_has_one_sort() {
        let lists = [GONE, UNREACHABLE, AWAY, PAUSE, UNKNOWN, LAYOUT];
        let mut all: Vec<&str> = lists.concat();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn codes_say_what_to_do() {
        let doubles = |code: &str| classify(&api(code), Repeat::Doubles);
        assert_eq!(doubles("message_not_found"), SendError::Gone("message_not_found".into()));
        assert_eq!(doubles("not_in_channel"), SendError::Unreachable("not_in_channel".into()));
        assert_eq!(doubles("internal_error"), SendError::Ambiguous("internal_error".into()));
        assert_eq!(classify(&api("internal_error"), Repeat::Harmless), SendError::Away("internal_error".into()));
        assert_eq!(doubles("ratelimited"), SendError::RetryAfter { seconds: PAUSE_SECONDS });
        assert_eq!(doubles("a code of next year"), SendError::Refused("a code of next year".into()));
        assert!(is_layout(&api("invalid_blocks")) && !is_layout(&api("channel_not_found")));
    }

    #[test]
    fn the_time_of_a_limit_is_kept_within_reason() {
        let limit = |seconds| SlackRateLimitError::new().with_retry_after(std::time::Duration::from_secs(seconds));
        let classified = |seconds| classify(&SlackClientError::RateLimitError(limit(seconds)), Repeat::Doubles);
        assert_eq!(classified(7), SendError::RetryAfter { seconds: 7 });
        assert_eq!(classified(0), SendError::RetryAfter { seconds: 1 });
        assert_eq!(classified(u64::MAX), SendError::RetryAfter { seconds: PAUSE_MAX_SECONDS });
    }
}
