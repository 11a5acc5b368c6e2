//! GitHub Actions' default variables (docs.github.com/actions/reference/workflows-and-actions/variables).

use super::{System, text, text_if};

pub const SYSTEM: System = System {
    name: "github",
    signs: &["GITHUB_ACTIONS"],
    service: &[text("$GITHUB_REPOSITORY")],
    // No variable names the job's environment.
    environment: &[],
    tier: &[],
    sha: &[text("$GITHUB_SHA")],
    git_ref: &[text("$GITHUB_REF_NAME")],
    version: &[text_if("GITHUB_REF_TYPE", "tag", "$GITHUB_REF_NAME")],
    title: &[],
    url: &[text("$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID")],
    initiator: &[text("github:$GITHUB_ACTOR_ID")],
    // A run that is started again counts its attempts.
    identity: &[text("$GITHUB_REPOSITORY:$GITHUB_RUN_ID:$GITHUB_RUN_ATTEMPT:$GITHUB_JOB"), text("$GITHUB_RUN_ID")],
};

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    const RUN: [(&str, &str); 9] = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_REPOSITORY", "payments/checkout-api"),
        ("GITHUB_SHA", "9f2c41ab"),
        ("GITHUB_REF_NAME", "v2.31.0"),
        ("GITHUB_SERVER_URL", "https://github.example.com"),
        ("GITHUB_RUN_ID", "9"),
        ("GITHUB_RUN_ATTEMPT", "2"),
        ("GITHUB_JOB", "gate"),
        ("GITHUB_ACTOR_ID", "583231"),
    ];

    #[test]
    fn a_run_is_read() {
        let expected = [
            "github",
            "service payments/checkout-api",
            "sha 9f2c41ab",
            "ref v2.31.0",
            "url https://github.example.com/payments/checkout-api/actions/runs/9",
            "initiator github:583231",
            "identity payments/checkout-api:9:2:gate",
        ];
        assert_eq!(told(&RUN), expected);
    }

    #[test]
    fn only_a_tag_is_a_version() {
        let of_a = |kind: &'static str| told(&[&RUN[..], &[("GITHUB_REF_TYPE", kind)]].concat());
        assert!(of_a("tag").contains(&"version v2.31.0".to_owned()));
        assert!(!of_a("branch").contains(&"version v2.31.0".to_owned()));
    }
}
