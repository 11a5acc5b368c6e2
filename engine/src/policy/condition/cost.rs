//! How many steps a condition could take at most on given facts; the interpreter can't be stopped once it runs.

use super::facts::Facts;
use super::scan::MAX_TOKENS;
use super::typing::full_name;
use cel::IdedExpr;
use cel::common::ast::{ComprehensionExpr, EntryExpr, Expr, operators};

/// About a tenth of a second; a step is one part of the expression, looked at once.
pub const MAX_STEPS: usize = 1_000_000;
/// A pattern is compiled each time it is asked.
const STEPS_OF_A_PATTERN: usize = 50;

/// An upper bound, never less than one.
pub fn steps(expression: &IdedExpr, facts: &Facts) -> usize {
    let within = match &expression.expr {
        Expr::Call(call) => {
            let operands = || call.target.as_deref().into_iter().chain(&call.args);
            let own = match call.func_name.as_str() {
                operators::IN | operators::EQUALS | operators::NOT_EQUALS | operators::ADD => {
                    operands().map(|operand| length(operand, facts)).fold(0, usize::saturating_add)
                }
                "matches" => STEPS_OF_A_PATTERN,
                _ => 0,
            };
            operands().map(|operand| steps(operand, facts)).fold(own, usize::saturating_add)
        }
        Expr::Comprehension(comprehension) => comprehension_steps(comprehension, facts),
        Expr::List(list) => list.elements.iter().map(|element| steps(element, facts)).fold(0, usize::saturating_add),
        Expr::Select(select) => steps(&select.operand, facts),
        Expr::Map(map) => map.entries.iter().map(|entry| entry_steps(&entry.expr, facts)).fold(0, usize::saturating_add),
        Expr::Struct(record) => record.entries.iter().map(|entry| entry_steps(&entry.expr, facts)).fold(0, usize::saturating_add),
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => 0,
    };
    within.saturating_add(1)
}

fn comprehension_steps(comprehension: &ComprehensionExpr, facts: &Facts) -> usize {
    let each = steps(&comprehension.loop_cond, facts).saturating_add(steps(&comprehension.loop_step, facts));
    let rounds = each.saturating_mul(length(&comprehension.iter_range, facts));
    let around = [&comprehension.iter_range, &comprehension.accu_init, &comprehension.result];
    around.into_iter().map(|part| steps(part, facts)).fold(rounds, usize::saturating_add)
}

fn entry_steps(entry: &EntryExpr, facts: &Facts) -> usize {
    match entry {
        EntryExpr::StructField(field) => steps(&field.value, facts),
        EntryExpr::MapEntry(entry) => steps(&entry.key, facts).saturating_add(steps(&entry.value, facts)),
    }
}

/// How many entries a list can have at most; what isn't a list of the facts was written out in the condition.
fn length(list: &IdedExpr, facts: &Facts) -> usize {
    match &list.expr {
        Expr::List(list) => list.elements.len(),
        Expr::Comprehension(comprehension) => length(&comprehension.iter_range, facts),
        Expr::Call(call) => call.args.iter().map(|argument| length(argument, facts)).fold(0, usize::saturating_add),
        Expr::Select(_) => full_name(list).map_or(MAX_TOKENS, |name| facts.length(&name)),
        // A loop variable: one text, or a list that was written out within another.
        Expr::Ident(_) => 1,
        Expr::Literal(_) | Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => 0,
    }
}
