//! The variables that Jenkins sets for a build, those of its Git plugin and of the plugin "build user vars" included.

use super::{System, text};

pub const SYSTEM: System = System {
    name: "jenkins",
    // The first is set only where somebody has configured the address of the controller.
    signs: &["JENKINS_URL", "JENKINS_HOME", "BUILD_TAG"],
    service: &[text("$JOB_NAME")],
    environment: &[],
    tier: &[],
    sha: &[text("$GIT_COMMIT")],
    git_ref: &[text("$BRANCH_NAME"), text("$GIT_BRANCH")],
    version: &[text("$TAG_NAME")],
    title: &[],
    url: &[text("$BUILD_URL")],
    initiator: &[text("$BUILD_USER_EMAIL")],
    identity: &[text("$BUILD_TAG"), text("$BUILD_URL")],
};

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    #[test]
    fn a_build_is_read() {
        let variables = [
            ("JOB_NAME", "checkout-api"),
            ("BUILD_TAG", "jenkins-checkout-api-42"),
            ("BUILD_URL", "https://jenkins.example.com/job/checkout-api/42/"),
            ("GIT_COMMIT", "9f2c41ab"),
            ("GIT_BRANCH", "origin/main"),
            ("BUILD_USER_EMAIL", "requester-1@example.com"),
        ];
        let expected = [
            "jenkins",
            "service checkout-api",
            "sha 9f2c41ab",
            "ref origin/main",
            "url https://jenkins.example.com/job/checkout-api/42/",
            "initiator requester-1@example.com",
            "identity jenkins-checkout-api-42",
        ];
        assert_eq!(told(&variables), expected);
    }
}
