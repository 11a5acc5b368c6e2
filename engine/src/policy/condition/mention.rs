//! Names that are text and also stand for whether there is any: `service.criticality == 'tier-0' || change.fixes_incident`.
//!
//! The expression language has no such values, so where true or false is needed, the name becomes `name != ''`.

use super::typing::full_name;
use crate::policy::schema::{Kind, Schema};
use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};

/// Rewrites a condition that was found to be sound.
pub fn expand(expression: &mut IdedExpr, schema: &Schema) {
    if full_name(expression).and_then(|name| schema.kind(&name)) == Some(Kind::Mention) {
        compare_with_nothing(expression);
    } else {
        expand_within(expression, schema);
    }
}

/// The parts of an expression that is itself not a name.
fn expand_within(expression: &mut IdedExpr, schema: &Schema) {
    match &mut expression.expr {
        Expr::Call(call) => expand_call(call, schema),
        Expr::Comprehension(comprehension) => {
            for part in
                [&mut comprehension.iter_range, &mut comprehension.accu_init, &mut comprehension.loop_cond, &mut comprehension.result]
            {
                expand_within(part, schema);
            }
            expand_within(&mut comprehension.loop_step, schema);
        }
        Expr::List(list) => list.elements.iter_mut().for_each(|element| expand_within(element, schema)),
        // Conditions have no tables; names and literals have no parts.
        Expr::Ident(_) | Expr::Literal(_) | Expr::Map(_) | Expr::Select(_) | Expr::Struct(_) | Expr::Unspecified => {}
    }
}

fn expand_call(call: &mut CallExpr, schema: &Schema) {
    let flags = match call.func_name.as_str() {
        operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT | operators::NOT_STRICTLY_FALSE => call.args.len(),
        operators::CONDITIONAL => 1,
        _ => 0,
    };
    for (n, operand) in call.args.iter_mut().enumerate() {
        if n < flags { expand(operand, schema) } else { expand_within(operand, schema) }
    }
    if let Some(target) = &mut call.target {
        expand_within(target, schema);
    }
}

fn compare_with_nothing(name: &mut IdedExpr) {
    let id = name.id;
    let nothing = IdedExpr { id, expr: Expr::Literal(LiteralValue::String(String::new().into())) };
    let args = vec![std::mem::take(name), nothing];
    *name = IdedExpr { id, expr: Expr::Call(CallExpr { func_name: operators::NOT_EQUALS.to_owned(), target: None, args }) };
}
