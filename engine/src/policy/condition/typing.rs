//! A walk over a parsed condition: every name is known, every operator gets what it can work on.
//!
//! The interpreter has no such check: a misspelt name or a list compared with a text would be found only while a
//! change waits, or never.

use super::Flaw;
use super::facts::no_facts;
use crate::policy::schema::{Kind, Schema};
use crate::spelling;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, ListExpr, LiteralValue, SelectExpr, operators};
use cel::{IdedExpr, Program, Value};
use std::collections::BTreeSet;

/// Operators within operators. The interpreter recurses along them; a debug build needs about 40 KiB of stack for each.
pub const MAX_DEPTH: usize = 24;
/// Loops (`exists`, `all`, `map`, …) within loops.
pub const MAX_LOOPS: usize = 2;

const MATCHES: &str = "matches";
const TEXT_FUNCTIONS: [&str; 4] = ["startsWith", "endsWith", "contains", MATCHES];
const CONVERSIONS: [(&str, Kind); 3] = [("int", Kind::Whole), ("double", Kind::Fraction), ("string", Kind::Text)];
const MACROS: [&str; 6] = ["has", "exists", "exists_one", "all", "map", "filter"];
const SIZE: &str = "size";

/// The names that a condition asks about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub names: BTreeSet<String>,
    /// Names within `has(…)`.
    pub tested: BTreeSet<String>,
    /// Lists of the policy, which are no question: they are what the policy says.
    pub lists: BTreeSet<String>,
}

/// All flaws of a condition, in the order in which they stand; or what it asks about.
pub fn check(program: &Program, schema: &Schema) -> Result<Asked, Vec<Flaw>> {
    let mut walk = Walk { program, schema, variables: Vec::new(), depth: 0, loops: 0, asked: Asked::default(), flaws: Vec::new() };
    let root = program.expression();
    let kind = walk.kind_of(root);
    if !kind.is_like(Kind::Flag) {
        walk.flaw(root, format!("a condition is true or false, this one is {}", kind.word()));
    }
    if walk.flaws.is_empty() { Ok(walk.asked) } else { Err(walk.flaws) }
}

/// `change.size` for a name that is written out, without brackets or calls in it.
pub fn full_name(expression: &IdedExpr) -> Option<String> {
    match &expression.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => full_name(&select.operand).map(|operand| format!("{operand}.{}", select.field)),
        Expr::Select(_)
        | Expr::Call(_)
        | Expr::Comprehension(_)
        | Expr::List(_)
        | Expr::Literal(_)
        | Expr::Map(_)
        | Expr::Struct(_)
        | Expr::Unspecified => None,
    }
}

struct Walk<'p> {
    program: &'p Program,
    schema: &'p Schema,
    /// The variables of the loops around, innermost last.
    variables: Vec<(String, Kind)>,
    depth: usize,
    loops: usize,
    asked: Asked,
    flaws: Vec<Flaw>,
}

impl Walk<'_> {
    fn flaw(&mut self, at: &IdedExpr, message: String) {
        self.flaw_like(at, message, None);
    }

    fn flaw_like(&mut self, at: &IdedExpr, message: String, suggestion: Option<String>) {
        let offset = self.program.source_info().offset_for(beginning(at).id).map_or(0, |(start, _)| start as usize);
        self.flaws.push(Flaw { offset, message, suggestion });
    }

    /// `Any` after a flaw, so that one mistake is told once.
    fn kind_of(&mut self, expression: &IdedExpr) -> Kind {
        if self.depth == MAX_DEPTH {
            self.flaw(expression, format!("operators stand more than {MAX_DEPTH} deep"));
            return Kind::Any;
        }
        self.depth += 1;
        let kind = self.kind_within(expression);
        self.depth -= 1;
        kind
    }

    fn kind_within(&mut self, expression: &IdedExpr) -> Kind {
        match &expression.expr {
            Expr::Call(call) => self.call(expression, call),
            Expr::Comprehension(comprehension) => self.comprehension(expression, comprehension),
            Expr::Ident(_) => self.name(expression),
            Expr::Select(select) if select.test => self.presence(expression, select),
            Expr::Select(_) => self.name(expression),
            Expr::List(list) => self.list(expression, list),
            Expr::Literal(literal) => self.literal(expression, literal),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                self.flaw(expression, "conditions have no tables".to_owned());
                Kind::Any
            }
        }
    }

    fn literal(&mut self, at: &IdedExpr, literal: &LiteralValue) -> Kind {
        match literal {
            LiteralValue::Boolean(_) => Kind::Flag,
            LiteralValue::Int(_) | LiteralValue::UInt(_) => Kind::Whole,
            LiteralValue::Double(_) => Kind::Fraction,
            LiteralValue::String(_) => Kind::Text,
            LiteralValue::Bytes(_) | LiteralValue::Null => {
                self.flaw(at, "no name is ever null or bytes".to_owned());
                Kind::Any
            }
        }
    }

    fn list(&mut self, at: &IdedExpr, list: &ListExpr) -> Kind {
        let mut kinds = list.elements.iter().map(|element| self.kind_of(element).compared()).collect::<Vec<_>>().into_iter();
        let Some(first) = kinds.next() else { return Kind::Any.list() };
        if !list.optional_indices.is_empty() || kinds.any(|kind| !kind.is_like(first)) {
            self.flaw(at, "the entries of a list are all of one kind".to_owned());
        }
        first.list()
    }

    fn variable(&self, name: &str) -> Option<Kind> {
        self.variables.iter().rev().find(|(variable, _)| variable == name).map(|(_, kind)| *kind)
    }

    /// A loop variable, or a name of the schema.
    fn name(&mut self, expression: &IdedExpr) -> Kind {
        let Some(name) = full_name(expression) else {
            if let Expr::Select(select) = &expression.expr {
                self.kind_of(&select.operand);
            }
            self.flaw(expression, "only names have fields".to_owned());
            return Kind::Any;
        };
        let root = name.split('.').next().unwrap_or_default();
        if let Some(kind) = self.variable(root) {
            if root.len() < name.len() {
                self.flaw(expression, format!("{root} is {} and has no fields", kind.word()));
            }
            return kind;
        }
        self.schema_name(expression, name)
    }

    fn schema_name(&mut self, at: &IdedExpr, name: String) -> Kind {
        if let Some(kind) = self.schema.kind(&name) {
            let named = if self.schema.lists.contains_key(&name) { &mut self.asked.lists } else { &mut self.asked.names };
            named.insert(name);
            return kind;
        }
        if self.schema.is_prefix(&name) {
            self.flaw(at, format!("{name} has fields; name one of them"));
        } else {
            let suggestion = self.schema.nearest(&name);
            self.flaw_like(at, format!("there is no name {name}"), suggestion);
        }
        Kind::Any
    }

    /// `has(change.size)`
    fn presence(&mut self, at: &IdedExpr, select: &SelectExpr) -> Kind {
        match full_name(&select.operand) {
            Some(operand) => {
                let name = format!("{operand}.{}", select.field);
                self.schema_name(at, name.clone());
                self.asked.tested.insert(name);
            }
            None => self.flaw(at, "only names have fields".to_owned()),
        }
        Kind::Flag
    }

    fn comprehension(&mut self, at: &IdedExpr, comprehension: &ComprehensionExpr) -> Kind {
        let element = match self.kind_of(&comprehension.iter_range) {
            Kind::List(element) => *element,
            Kind::Any => Kind::Any,
            other @ (Kind::Flag | Kind::Whole | Kind::Fraction | Kind::Text | Kind::Mention) => {
                self.flaw(at, format!("only a list can be gone through, this is {}", other.word()));
                Kind::Any
            }
        };
        if self.schema.lists.contains_key(&comprehension.iter_var) {
            self.flaw(at, format!("{} is a list of the policy; call the loop’s variable something else", comprehension.iter_var));
        }
        self.loops += 1;
        if self.loops > MAX_LOOPS {
            self.flaw(at, format!("loops stand more than {MAX_LOOPS} deep"));
        }
        let outside = self.variables.len();
        let sum = self.kind_of(&comprehension.accu_init);
        self.variables.push((comprehension.iter_var.clone(), element));
        self.variables.push((comprehension.accu_var.clone(), sum));
        self.kind_of(&comprehension.loop_cond);
        let sum = self.kind_of(&comprehension.loop_step);
        self.variables.push((comprehension.accu_var.clone(), sum));
        let result = self.kind_of(&comprehension.result);
        self.variables.truncate(outside);
        self.loops -= 1;
        result
    }

    fn call(&mut self, at: &IdedExpr, call: &CallExpr) -> Kind {
        let operands: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
        let kinds: Vec<Kind> = operands.iter().map(|operand| self.kind_of(operand)).collect();
        match (call.func_name.as_str(), kinds.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT | operators::NOT_STRICTLY_FALSE, _) => {
                self.all_flags(&operands, &kinds)
            }
            (operators::EQUALS | operators::NOT_EQUALS, [left, right]) => self.equal(at, &operands, (*left, *right)),
            (operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS, [left, right]) => {
                self.ordered(at, *left, *right)
            }
            (operators::IN, [one, many]) => self.within(at, &operands, (*one, *many)),
            (operators::CONDITIONAL, [flag, yes, no]) => {
                self.all_flags(&operands[..1], &[*flag]);
                self.alike(at, *yes, *no)
            }
            (operators::INDEX, [Kind::List(element), index]) if index.is_number() => **element,
            (operators::ADD, [Kind::Text, Kind::Text]) => Kind::Text,
            (operators::ADD, [left @ Kind::List(_), right @ Kind::List(_)]) => self.alike(at, *left, *right),
            (operators::NEGATE, [number]) if number.is_number() => *number,
            (operators::ADD | operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE | operators::MODULO, [left, right])
                if left.is_number() && right.is_number() =>
            {
                self.calculated(at, *left, *right)
            }
            (SIZE, [Kind::Text | Kind::Mention | Kind::List(_) | Kind::Any]) => Kind::Whole,
            (function, [Kind::Text | Kind::Mention | Kind::Any, Kind::Text | Kind::Mention | Kind::Any])
                if TEXT_FUNCTIONS.contains(&function) && call.target.is_some() =>
            {
                self.pattern(function, &call.args);
                Kind::Flag
            }
            (function, [Kind::Text | Kind::Whole | Kind::Fraction | Kind::Any]) if conversion(function).is_some() => {
                conversion(function).unwrap_or(Kind::Any)
            }
            (function, _) => self.no_such_call(at, function, &kinds),
        }
    }

    fn all_flags(&mut self, operands: &[&IdedExpr], kinds: &[Kind]) -> Kind {
        for (operand, kind) in operands.iter().zip(kinds) {
            if !kind.is_like(Kind::Flag) {
                self.flaw(operand, format!("this is {}, where true or false is needed", kind.word()));
            }
        }
        Kind::Flag
    }

    /// One kind, the more exact of the two; `2` and `2.0` are different in the language, but not to people.
    fn alike(&mut self, at: &IdedExpr, left: Kind, right: Kind) -> Kind {
        let (left, right) = (left.compared(), right.compared());
        if !left.is_like(right) {
            self.flaw(at, format!("{} and {} don’t go together", left.word(), right.word()));
        }
        if matches!(left, Kind::Any | Kind::List(Kind::Any)) { right } else { left }
    }

    /// The interpreter compares whole numbers with fractions, but does not calculate with both: it would be unknown each time.
    fn calculated(&mut self, at: &IdedExpr, left: Kind, right: Kind) -> Kind {
        if matches!((left, right), (Kind::Whole, Kind::Fraction) | (Kind::Fraction, Kind::Whole)) {
            self.flaw(at, "a whole number and a fraction can’t be calculated with each other; write 2.0 for 2, or double(…)".to_owned());
            return Kind::Fraction;
        }
        self.alike(at, left, right)
    }

    fn equal(&mut self, at: &IdedExpr, operands: &[&IdedExpr], (left, right): (Kind, Kind)) -> Kind {
        if let [one, other] = operands {
            self.listed_value(one, other);
            self.listed_value(other, one);
        }
        self.alike(at, left, right);
        Kind::Flag
    }

    fn ordered(&mut self, at: &IdedExpr, left: Kind, right: Kind) -> Kind {
        let has_order = |kind: Kind| kind.is_number() || kind == Kind::Text;
        if has_order(left) && has_order(right) {
            self.alike(at, left, right);
        } else {
            self.flaw(at, format!("{} and {} have no order", left.word(), right.word()));
        }
        Kind::Flag
    }

    fn within(&mut self, at: &IdedExpr, operands: &[&IdedExpr], (one, many): (Kind, Kind)) -> Kind {
        if let [one, IdedExpr { expr: Expr::List(list), .. }] = operands {
            for entry in &list.elements {
                self.listed_value(one, entry);
            }
        }
        match many {
            Kind::List(element) => {
                self.alike(at, one, *element);
            }
            Kind::Any => {}
            other @ (Kind::Flag | Kind::Whole | Kind::Fraction | Kind::Text | Kind::Mention) => {
                self.flaw(at, format!("“in” needs a list on its right, this is {}", other.word()))
            }
        }
        Kind::Flag
    }

    /// A pattern that is written out is tried once, so that a slip in it does not wait for a change.
    fn pattern(&mut self, function: &str, arguments: &[IdedExpr]) {
        let [pattern @ IdedExpr { expr: Expr::Literal(LiteralValue::String(_)), .. }] = arguments else { return };
        if function != MATCHES {
            return;
        }
        let nothing = IdedExpr { id: pattern.id, expr: Expr::Literal(LiteralValue::String(String::new().into())) };
        let trial = CallExpr { func_name: MATCHES.to_owned(), target: Some(Box::new(nothing)), args: vec![pattern.clone()] };
        let trial = IdedExpr { id: pattern.id, expr: Expr::Call(trial) };
        if Value::resolve(&trial, &no_facts()).is_err() {
            self.flaw(pattern, "this is no regular expression".to_owned());
        }
    }

    /// A text that `name` is compared with, and can never be, is a slip of the pen: the rule would never apply.
    fn listed_value(&mut self, name: &IdedExpr, value: &IdedExpr) {
        let Expr::Literal(LiteralValue::String(text)) = &value.expr else { return };
        let Some(name) = full_name(name).filter(|name| self.variable(name).is_none()) else { return };
        let Some(values) = self.schema.values.get(name.as_str()) else { return };
        if !values.iter().any(|known| known == text.inner()) {
            let suggestion = spelling::nearest(text.inner(), values.iter().map(String::as_str));
            self.flaw_like(value, format!("{name} is never “{}” in this policy", text.inner()), suggestion);
        }
    }

    fn no_such_call(&mut self, at: &IdedExpr, function: &str, kinds: &[Kind]) -> Kind {
        if kinds.contains(&Kind::Any) && is_known(function) {
            return Kind::Any;
        }
        let on: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
        let name = function.trim_matches(['_', '@']);
        let words = TEXT_FUNCTIONS.iter().chain(&MACROS).copied().chain([SIZE]);
        let suggestion = if is_known(function) { None } else { spelling::nearest(name, words) };
        self.flaw_like(at, format!("“{name}” can’t be used on ({})", on.join(", ")), suggestion);
        Kind::Any
    }
}

/// The library places a field at its dot; people look for the name's first letter.
fn beginning(expression: &IdedExpr) -> &IdedExpr {
    match &expression.expr {
        Expr::Select(select) if !select.test => beginning(&select.operand),
        Expr::Select(_)
        | Expr::Ident(_)
        | Expr::Call(_)
        | Expr::Comprehension(_)
        | Expr::List(_)
        | Expr::Literal(_)
        | Expr::Map(_)
        | Expr::Struct(_)
        | Expr::Unspecified => expression,
    }
}

fn conversion(function: &str) -> Option<Kind> {
    CONVERSIONS.iter().find(|(name, _)| *name == function).map(|(_, kind)| *kind)
}

/// Operators are `_+_`, `!_`, `@in`; they are all known.
fn is_known(function: &str) -> bool {
    let operator = function.contains('_') && !MACROS.contains(&function) && !function.contains('?');
    operator || function == SIZE || TEXT_FUNCTIONS.contains(&function) || conversion(function).is_some()
}
