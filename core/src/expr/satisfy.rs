//! Whether any record can fulfil a condition.

use super::op::{List, Op};
use super::program::Instruction;
use super::{Expr, Program};
use crate::data::{Date, Kind, Value};

/// The most records that are tried.
const MOST: usize = 20_000;

/// What stands on the stack, as far as it matters which values a slot is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    /// A fixed value.
    Literal,
    /// A slot as it is.
    Slot,
    /// A flag that changes only where a slot passes one of the literals.
    Truth,
}

impl Expr {
    /// Whether some record fulfils the condition: true where one was found, false where there is none, nothing where that cannot be
    /// told. It can for conditions made of comparisons of slots with fixed values, as long as they have few slots and values: the
    /// answer of such a condition changes only at those values, so one record at each and one between any two stand for all.
    pub(crate) fn is_satisfiable(&self) -> Option<bool> {
        let program = self.program();
        if !program.is_piecewise() {
            return None;
        }
        let kinds = program.kinds(self.reads());
        let axes: Vec<Vec<Value<'_>>> = kinds.into_iter().map(|kind| program.points(kind)).collect();
        let records = axes.iter().try_fold(1usize, |records, axis| records.checked_mul(axis.len()))?;
        let fulfils = |number: usize| {
            // The digits of the number of a record, each to the base of its axis, are its cells.
            let mut rest = number;
            let mut record = Vec::with_capacity(axes.len());
            for axis in &axes {
                record.push(axis.get(rest % axis.len().max(1)).copied().unwrap_or_default());
                rest /= axis.len().max(1);
            }
            let cell = |slot: usize| self.reads().binary_search(&slot).ok().and_then(|at| record.get(at)).copied();
            program.eval(|slot| cell(slot).unwrap_or_default()).as_flag() == Some(true)
        };
        (records <= MOST).then(|| (0..records).any(fulfils))
    }
}

impl Program {
    /// Whether nothing is done with slots but to compare them with fixed values.
    fn is_piecewise(&self) -> bool {
        let mut stack: Vec<Part> = Vec::new();
        for instruction in &self.instructions {
            let part = match instruction {
                Instruction::Missing(_) | Instruction::Number(_) | Instruction::Date(_) => Part::Literal,
                Instruction::Flag(_) | Instruction::Category(_) => Part::Literal,
                Instruction::Load(_, Kind::Flag) | Instruction::Compare(..) => Part::Truth,
                Instruction::Load(..) => Part::Slot,
                Instruction::In(_) => {
                    stack.pop();
                    Part::Truth
                }
                Instruction::Apply(op) => {
                    let operands = stack.split_off(stack.len().saturating_sub(op.operands()));
                    let slots = operands.iter().filter(|part| **part == Part::Slot).count();
                    let truths = operands.contains(&Part::Truth);
                    match op {
                        Op::Not | Op::And | Op::Or | Op::IsTrue | Op::IsFalse | Op::IsMissing => {}
                        Op::Equal | Op::Unequal | Op::Less | Op::AtMost | Op::Greater | Op::AtLeast | Op::Between
                            if slots <= 1 && !(truths && slots > 0) => {}
                        _ => return false,
                    }
                    Part::Truth
                }
            };
            stack.push(part);
        }
        true
    }

    /// The kinds of slots.
    fn kinds(&self, slots: &[usize]) -> Vec<Kind> {
        let kind = |slot: usize| {
            self.instructions.iter().find_map(|instruction| match instruction {
                Instruction::Load(of, kind) if *of == slot => Some(*kind),
                _ => None,
            })
        };
        // A slot that is not loaded is compared as a number.
        slots.iter().map(|slot| kind(*slot).unwrap_or(Kind::Number)).collect()
    }

    /// Values of a kind that stand for all: missing, every literal, and one between any two neighbours and beyond the ends.
    fn points(&self, kind: Kind) -> Vec<Value<'_>> {
        let mut points = vec![Value::Missing];
        match kind {
            Kind::Flag => points.extend([Value::Flag(false), Value::Flag(true)]),
            Kind::Category => {
                let mut levels: Vec<&str> = Vec::new();
                for instruction in &self.instructions {
                    match instruction {
                        Instruction::Category(level) => levels.push(level),
                        Instruction::In(List::Levels(list)) => levels.extend(list.iter().map(String::as_str)),
                        _ => {}
                    }
                }
                levels.sort_unstable();
                levels.dedup();
                points.extend(levels.into_iter().map(Value::Category));
                // No name is as this one: it holds a control character.
                points.push(Value::Category("\u{1}other"));
            }
            Kind::Number | Kind::Date => {
                let mut numbers: Vec<f64> = Vec::new();
                for instruction in &self.instructions {
                    match instruction {
                        Instruction::Number(x) | Instruction::Compare(_, _, x) if kind == Kind::Number => numbers.push(*x),
                        Instruction::In(List::Numbers(list)) if kind == Kind::Number => numbers.extend(list),
                        Instruction::Date(day) if kind == Kind::Date => numbers.push(f64::from(day.days())),
                        Instruction::In(List::Days(list)) if kind == Kind::Date => {
                            numbers.extend(list.iter().map(|day| f64::from(*day)));
                        }
                        _ => {}
                    }
                }
                let around: Vec<f64> = if kind == Kind::Date {
                    numbers.iter().flat_map(|day| [day - 1.0, *day, day + 1.0]).chain([0.0]).collect()
                } else {
                    numbers.iter().flat_map(|x| [x.next_down(), *x, x.next_up()]).chain([0.0]).collect()
                };
                let mut around: Vec<f64> = around.into_iter().filter(|x| x.is_finite()).collect();
                around.sort_by(f64::total_cmp);
                around.dedup();
                let value = |x: f64| if kind == Kind::Date { Value::Date(Date::from_days(x as i32)) } else { Value::Number(x) };
                points.extend(around.into_iter().map(value));
            }
        }
        points
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Field, Schema};
    use crate::expr::Scope;

    #[test]
    fn contradictions_are_seen_and_nothing_else() {
        let field = |name: &str, kind| Field::new(name, kind);
        let schema = Schema {
            fields: vec![
                field("age", Kind::Number),
                field("job", Kind::Category),
                field("owner", Kind::Flag),
                field("since", Kind::Date),
                field("debt", Kind::Number),
            ],
        };
        let scope = Scope::of(&schema);
        for (text, want) in [
            ("1 > 2", Some(false)),
            ("true", Some(true)),
            ("age < 18 AND age > 60", Some(false)),
            ("age > 18 AND age < 19", Some(true)),
            ("age >= 18 AND age <= 18", Some(true)),
            ("age > 18 AND age <= 18", Some(false)),
            ("age BETWEEN 60 AND 18", Some(false)),
            ("age IN (1, 2) AND age > 2", Some(false)),
            ("job = 'cook' AND job = 'baker'", Some(false)),
            ("job IN ('cook', 'baker') AND job <> 'cook'", Some(true)),
            ("NOT job IN ('cook')", Some(true)),
            ("owner AND NOT owner", Some(false)),
            ("age IS NULL AND age > 3", Some(false)),
            ("age IS NULL", Some(true)),
            ("since > DATE '2020-01-01' AND since < DATE '2020-01-02'", Some(false)),
            ("since > DATE '2020-01-01' AND since < DATE '2020-01-03'", Some(true)),
            ("(age > 5) = owner AND age < 3 AND owner", Some(false)),
            ("age > debt AND age < debt", None),
            ("age / debt > 2", None),
        ] {
            assert_eq!(Expr::parse(text, &scope).unwrap().is_satisfiable(), want, "{text}");
        }
    }
}
