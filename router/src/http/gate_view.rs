//! The gates of a change as the API shows them.

use engine::Timestamp;
use engine::change::Change;
use engine::gate::{self, Ageing, GateRule, GateState, Trouble};
use engine::ids::{FactName, GateName};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// One gate, as it stands now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Gate)]
pub struct GateView {
    #[schema(value_type = String)]
    name: GateName,
    /// The kind of fact that it goes by.
    #[schema(value_type = String)]
    fact: FactName,
    /// The condition on the fact.
    needs: String,
    /// Whether it stands in the way of nothing: it passes, or is waived.
    passes: bool,
    /// Why it does not pass, in words.
    why: Option<String>,
    /// The newest fact that it was judged by, if one came.
    #[schema(value_type = Option<Object>)]
    judged: Option<Value>,
    /// The exception in force, if somebody made one.
    #[schema(value_type = Option<Object>)]
    waiver: Option<Value>,
}

/// As they stand at `now`, in the order of the environment.
pub fn gates(change: &Change, now: Timestamp) -> Vec<GateView> {
    let ageing = change.ageing().unwrap_or(Ageing::OfRechecked);
    let view = |rule: &GateRule| {
        let why = match gate::state(rule, &change.evidence, ageing, now) {
            GateState::Passes { .. } | GateState::Waived { .. } => None,
            GateState::Stopped(trouble) => Some(trouble.sentence()),
        };
        GateView {
            name: rule.name.clone(),
            fact: rule.fact.clone(),
            needs: rule.pass.clone(),
            passes: why.is_none(),
            why,
            judged: change.evidence.judged(&rule.name).map(|judged| json!(judged)),
            waiver: change.evidence.waiver(&rule.name, now).map(|waiver| json!(waiver)),
        }
    };
    change.rules.iter().flat_map(|rules| &rules.gates.rules).map(view).collect()
}

/// The gates that nothing has come for.
pub fn awaited(change: &Change) -> Option<String> {
    let gates = &change.rules.as_ref()?.gates;
    let missing = gate::troubles(gates, &change.evidence, Ageing::OfAll, change.last_at);
    (!missing.is_empty()).then(|| missing.iter().map(Trouble::sentence).collect::<Vec<_>>().join(" "))
}
