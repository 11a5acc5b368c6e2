//! A chat platform or a CI system is known to its own files and to the lines that register it, and to nothing else.

use super::hold;
use super::sources::rust;

const NAMES: [&str; 6] = ["argocd", "discord", "github", "gitlab", "jenkins", "slack"];

/// Where a name may stand in code, and why. A path that ends in `/` stands for all that lies below.
const ALLOWED: [(&str, &str, &str); 16] = [
    ("slack", "bot/src/slack/", "its own files"),
    ("slack", "bot/src/lib.rs", "its registration"),
    ("slack", "router/src/http/slack.rs", "its own door"),
    ("slack", "router/src/http/mod.rs", "the registration of its door"),
    ("slack", "router/src/start.rs", "its registration"),
    ("slack", "router/src/settings/", "its section of the configuration"),
    ("slack", "router/src/cli/init.rs", "the manifest that init writes for it"),
    ("slack", "router/src/telemetry.rs", "how much its library logs"),
    ("slack", "engine/src/policy/blocks/notifications.rs", "a key of the policy language"),
    ("discord", "engine/src/policy/blocks/notifications.rs", "a key of the policy language"),
    ("gitlab", "router/src/sources/gitlab/", "its own files"),
    ("gitlab", "router/src/sources/", "its registration"),
    ("github", "router/src/sources/", "its own file and its registration"),
    ("argocd", "router/src/sources/registry.rs", "a kind that is named and not built"),
    ("jenkins", "router/src/sources/registry.rs", "a kind that is named and not built"),
    ("gitlab", "router/src/demo/", "the demo's pretend GitLab"),
];
