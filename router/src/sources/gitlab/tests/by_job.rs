//! The decision about a job whose deployment is looked for first.

use super::{answered, gitlab};
use crate::sources::gitlab::BY_JOB;
use crate::sources::{Ask, Call, Exchange, Occasion, Source, Turn};
use engine::event::ToolDecision;
use engine::request::Callback;
use serde_json::{Value, json};

fn callback() -> Callback {
    let params = [("project_id", "30"), ("job_id", "990017"), ("environment", "production/eu west")];
    let params = params.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Callback { integration: "gitlab-main".into(), kind: BY_JOB.to_owned(), params }
}

fn next(so_far: &[Exchange]) -> Turn {
    gitlab().converse(
        &Ask::Decision { callback: &callback(), decision: ToolDecision::Approve, comment: "CHG-1042", occasion: &Occasion::first() },
        so_far,
    )
}

fn look() -> Call {
    Call::get("/projects/30/deployments?environment=production%2Feu+west&order_by=id&sort=desc&per_page=50".to_owned())
}

fn found(body: Value) -> Exchange {
    answered(look(), 200, body)
}

#[test]
fn its_deployment_is_looked_for_and_then_approved() {
    assert_eq!(next(&[]), Turn::Call(look()));
    let newest = json!([{ "id": 4712, "deployable": { "id": 990018 } }, { "id": 4713 }, { "id": 4711, "deployable": { "id": 990017 } }]);
    let Turn::Call(approval) = next(&[found(newest.clone())]) else { panic!() };
    assert_eq!(approval.path_and_query, "/projects/30/deployments/4711/approval");
    let refused = answered(approval, 400, json!({ "message": "This environment is not protected." }));
    assert_eq!(next(&[found(newest), refused]), Turn::Call(Call::get("/projects/30/jobs/990017".to_owned())));
}

#[test]
fn without_one_nothing_is_started() {
    for body in [json!([]), json!([{ "id": 4711 }]), json!(["nonsense"])] {
        assert!(matches!(next(&[found(body)]), Turn::Wait { .. }));
    }
    assert!(matches!(next(&[answered(look(), 403, Value::Null)]), Turn::Failed { .. }));
    assert!(matches!(next(&[found(Value::Null)]), Turn::Failed { .. }));
}
