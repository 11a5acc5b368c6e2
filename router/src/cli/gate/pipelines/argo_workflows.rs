//! What Argo Workflows sets in a step's container. It knows its node; what is deployed is for the template to say.

use super::{System, text};

pub const SYSTEM: System = System {
    name: "argo-workflows",
    signs: &["ARGO_NODE_ID", "ARGO_WORKFLOW_NAME"],
    service: &[],
    environment: &[],
    tier: &[],
    sha: &[],
    git_ref: &[],
    version: &[],
    title: &[],
    url: &[],
    initiator: &[],
    identity: &[text("$ARGO_NODE_ID"), text("$ARGO_WORKFLOW_NAME")],
};

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    #[test]
    fn a_step_knows_its_node() {
        assert_eq!(told(&[("ARGO_NODE_ID", "checkout-api-x7k2q-1")]), ["argo-workflows", "identity checkout-api-x7k2q-1"]);
    }
}
