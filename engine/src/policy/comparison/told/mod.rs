//! What one part of a policy says, in sentences made from the compiled policy: those that cards use wherever there are any.

mod asked;
mod held;
mod named;

use super::parts::Part;
use super::spelled::shortened;
use crate::policy::Policy;
use crate::policy::condition::Condition;

/// `None`: nothing better is known to say of it than what stands in the file.
pub fn told(policy: &Policy, part: &Part) -> Option<String> {
    let name = part.name.as_str();
    let told = match part.block.as_str() {
        "requirements" => asked::requirement(policy, name),
        "classes" => asked::class(policy, name),
        "flows" => asked::flow(policy, name),
        "flow_choice" => asked::choices(policy),
        "escalations" => asked::escalation(policy, name),
        "separation_of_duties" => asked::separation(policy, name),
        "a_rejection" => Some(asked::rejection(policy.a_rejection).to_owned()),
        "defaults" => asked::default(policy, name),
        "fields" => asked::field(policy, name),
        "calendars" => policy.calendars.get(name).map(held::calendar),
        "windows" => held::window(policy, name),
        "freezes" => held::freeze(policy, part),
        "gates" => held::gate(policy, name),
        "incidents" => held::stop_the_line(policy, name),
        "environments" => named::environment(policy, name),
        "groups" | "duty" => named::group(policy, name),
        "owners" => Some(named::owners(policy)),
        "tests" => Some("A test in the file.".to_owned()),
        _ => None,
    };
    told.map(|told| shortened(&told))
}

/// ` It applies where change.has_migration.`; empty where it always does.
fn applies(when: Option<&Condition>) -> String {
    when.filter(|when| !when.is_always_true()).map(|when| format!(" It applies where {}.", when.source())).unwrap_or_default()
}
