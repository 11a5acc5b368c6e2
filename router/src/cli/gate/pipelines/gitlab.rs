//! GitLab CI's predefined variables (docs.gitlab.com/ci/variables/predefined_variables).

use super::{System, text};

pub const SYSTEM: System = System {
    name: "gitlab",
    signs: &["GITLAB_CI"],
    service: &[text("$CI_PROJECT_PATH")],
    environment: &[text("$CI_ENVIRONMENT_NAME")],
    tier: &[text("$CI_ENVIRONMENT_TIER")],
    sha: &[text("$CI_COMMIT_SHA")],
    git_ref: &[text("$CI_COMMIT_REF_NAME")],
    version: &[text("$CI_COMMIT_TAG")],
    title: &[text("$CI_COMMIT_TITLE")],
    url: &[text("$CI_JOB_URL"), text("$CI_PIPELINE_URL")],
    initiator: &[text("gitlab:$GITLAB_USER_ID")],
    // A job that is retried is another job, and asks anew.
    identity: &[text("$CI_SERVER_HOST:$CI_JOB_ID"), text("$CI_JOB_ID"), text("$CI_PIPELINE_ID")],
};

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    #[test]
    fn a_job_is_read() {
        let variables = [
            ("GITLAB_CI", "true"),
            ("CI_PROJECT_PATH", "payments/checkout-api"),
            ("CI_ENVIRONMENT_NAME", "production"),
            ("CI_ENVIRONMENT_TIER", "production"),
            ("CI_COMMIT_SHA", "9f2c41ab"),
            ("CI_COMMIT_REF_NAME", "main"),
            ("CI_COMMIT_TITLE", "Validate cards faster"),
            ("CI_JOB_URL", "https://gitlab.example.com/payments/checkout-api/-/jobs/7"),
            ("CI_SERVER_HOST", "gitlab.example.com"),
            ("CI_JOB_ID", "7"),
            ("GITLAB_USER_ID", "11"),
        ];
        let expected = [
            "gitlab",
            "service payments/checkout-api",
            "environment production",
            "tier production",
            "sha 9f2c41ab",
            "ref main",
            "title Validate cards faster",
            "url https://gitlab.example.com/payments/checkout-api/-/jobs/7",
            "initiator gitlab:11",
            "identity gitlab.example.com:7",
        ];
        assert_eq!(told(&variables), expected);
    }
}
