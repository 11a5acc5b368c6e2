//! The policy’s own lists: where a condition names one, its entries are put in its place.
//!
//! So a condition needs nothing but the facts when it is asked, and a list that is edited later changes no answer of before.

use crate::policy::schema::Schema;
use cel::IdedExpr;
use cel::common::ast::{Expr, ListExpr, LiteralValue};

/// Rewrites a condition that was found to be sound, in which no loop’s variable has the name of a list.
pub fn expand(expression: &mut IdedExpr, schema: &Schema) {
    match &mut expression.expr {
        Expr::Ident(name) => {
            if let Some(entries) = schema.lists.get(name) {
                expression.expr = Expr::List(literal(expression.id, entries));
            }
        }
        Expr::Call(call) => {
            let operands = call.args.iter_mut().chain(call.target.as_deref_mut());
            operands.for_each(|operand| expand(operand, schema));
        }
        Expr::Comprehension(comprehension) => {
            for part in
                [&mut comprehension.iter_range, &mut comprehension.accu_init, &mut comprehension.loop_cond, &mut comprehension.result]
            {
                expand(part, schema);
            }
            expand(&mut comprehension.loop_step, schema);
        }
        Expr::List(list) => list.elements.iter_mut().for_each(|element| expand(element, schema)),
        // A list has no fields, and conditions have no tables.
        Expr::Literal(_) | Expr::Map(_) | Expr::Select(_) | Expr::Struct(_) | Expr::Unspecified => {}
    }
}

fn literal(id: u64, entries: &[String]) -> ListExpr {
    let text = |entry: &String| IdedExpr { id, expr: Expr::Literal(LiteralValue::String(entry.clone().into())) };
    ListExpr { elements: entries.iter().map(text).collect(), optional_indices: Vec::new() }
}
