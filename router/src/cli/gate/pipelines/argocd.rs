//! Argo CD's build environment, as a hook's Job is given it (argo-cd.readthedocs.io/user-guide/build-environment).

use super::{System, text};

pub const SYSTEM: System = System {
    name: "argocd",
    signs: &["ARGOCD_APP_NAME"],
    service: &[text("$ARGOCD_APP_NAME")],
    environment: &[],
    tier: &[],
    sha: &[text("$ARGOCD_APP_REVISION")],
    git_ref: &[text("$ARGOCD_APP_SOURCE_TARGET_REVISION")],
    version: &[],
    title: &[],
    url: &[],
    initiator: &[],
    // A sync that is retried creates its hooks again; the revision is what is asked about.
    identity: &[text("$ARGOCD_APP_NAME:$ARGOCD_APP_REVISION")],
};

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    #[test]
    fn a_sync_is_read() {
        let variables =
            [("ARGOCD_APP_NAME", "checkout-api"), ("ARGOCD_APP_REVISION", "9f2c41ab"), ("ARGOCD_APP_SOURCE_TARGET_REVISION", "main")];
        assert_eq!(told(&variables), ["argocd", "service checkout-api", "sha 9f2c41ab", "ref main", "identity checkout-api:9f2c41ab"]);
    }
}
