//! Books that are right by construction, and ways to break them.

use std::collections::BTreeMap;

use crate::tier::RiskTier;
use crate::treatment::{Action, ActionBook, ActionRow, Allowed, Axis, AxisOf, Interval};

/// SplitMix64 (S. Vigna), for reproducible books.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub(super) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { from.get(self.below(from.len())) }
    }
}

pub(super) fn axis(kind: usize, name: String) -> Axis {
    let levels = ["current", "1-30", "31-90", "90+"].map(String::from).to_vec();
    let of = match kind {
        0 => AxisOf::Tier {},
        1 => AxisOf::Flag { when: "contactable".into() },
        2 => AxisOf::Number { value: "utilisation".into(), whole: false },
        3 => AxisOf::Category { value: "stage".into(), levels },
        4 => AxisOf::Number { value: "days_past_due".into(), whole: true },
        _ => AxisOf::Category { value: "product".into(), levels: vec!["card".into(), "loan".into()] },
    };
    Axis { name, of }
}

pub(super) fn row(code: usize, when: BTreeMap<String, Vec<Allowed>>) -> ActionRow {
    ActionRow {
        code: code.to_string(),
        when,
        actions: vec![Action { code: "watch".into(), channel: None, every_days: None }],
        waiver_cap: 0.0,
        offers: Vec::new(),
        review_days: 30,
        reason: "r".into(),
    }
}

/// Between numbers: before `at`, or right after it. None is the end.
type Edge = Option<(f64, bool)>;

#[derive(Clone, PartialEq)]
enum Part {
    Listed(Vec<Allowed>),
    Numbers { spans: Vec<(Edge, Edge)>, missing: bool, whole: bool },
}

fn whole_axis(of: &AxisOf) -> Part {
    let mut all: Vec<Allowed> = match of {
        AxisOf::Tier {} => {
            return Part::Listed(RiskTier::ALL.map(|tier| Allowed::Level(tier.to_string())).to_vec());
        }
        AxisOf::Flag { .. } => vec![Allowed::Flag(true), Allowed::Flag(false)],
        AxisOf::Category { levels, .. } => levels.iter().cloned().map(Allowed::Level).chain([Allowed::Other]).collect(),
        AxisOf::Number { whole, .. } => {
            return Part::Numbers { spans: vec![(None, None)], missing: true, whole: *whole };
        }
    };
    all.push(Allowed::Missing);
    Part::Listed(all)
}

impl Part {
    fn split(&self, random: &mut Random) -> Option<(Part, Part)> {
        match self {
            Part::Listed(parts) => {
                let mut sides = [Vec::new(), Vec::new()];
                parts.iter().for_each(|part| sides[random.below(2)].push(part.clone()));
                let [a, b] = sides;
                (!a.is_empty() && !b.is_empty()).then_some((Part::Listed(a), Part::Listed(b)))
            }
            Part::Numbers { spans, missing, whole } => {
                let numbers = |spans: &[(Edge, Edge)], missing| Part::Numbers { spans: spans.to_vec(), missing, whole: *whole };
                if *missing && random.one_in(4) {
                    return (!spans.is_empty()).then(|| (numbers(spans, false), numbers(&[], true)));
                }
                let at = random.below(spans.len().max(1));
                let (low, high) = *spans.get(at)?;
                let steps = random.below(13) as f64;
                let cut = if *whole { (steps * 10.0, false) } else { (steps / 10.0, random.one_in(2)) };
                let rises = |a: (f64, bool), b: (f64, bool)| a.0 < b.0 || a.0 == b.0 && !a.1 && b.1;
                if !low.is_none_or(|low| rises(low, cut)) || !high.is_none_or(|high| rises(cut, high)) {
                    return None;
                }
                let (mut left, mut right) = (spans[..at].to_vec(), spans[at + 1..].to_vec());
                left.push((low, Some(cut)));
                right.insert(0, (Some(cut), high));
                let side = random.one_in(2);
                Some((numbers(&left, *missing && side), numbers(&right, *missing && !side)))
            }
        }
    }

    fn write(&self, random: &mut Random) -> Vec<Allowed> {
        match self {
            Part::Listed(parts) => parts.clone(),
            Part::Numbers { spans, missing, whole } => {
                let mut parts: Vec<Allowed> =
                    spans.iter().map(|span| Allowed::Numbers(interval(*span, *whole, random))).collect();
                parts.extend(missing.then_some(Allowed::Missing));
                parts
            }
        }
    }
}

fn interval((low, high): (Edge, Edge), whole: bool, random: &mut Random) -> Interval {
    let mut interval = Interval::default();
    match low {
        Some((at, _)) if whole && random.one_in(2) => interval.above = Some(at - 1.0),
        Some((at, true)) => interval.above = Some(at),
        Some((at, false)) => interval.from = Some(at),
        None => {}
    }
    match high {
        Some((at, _)) if whole && random.one_in(2) => interval.to = Some(at - 1.0),
        Some((at, true)) => interval.to = Some(at),
        Some((at, false)) => interval.below = Some(at),
        None => {}
    }
    interval
}

/// A book in which every state has exactly one answer: all states, split again and again.
pub(super) fn sound(kinds: &[usize], rows: usize, random: &mut Random) -> ActionBook {
    let axes: Vec<Axis> = kinds.iter().enumerate().map(|(i, kind)| axis(*kind, format!("axis_{i}"))).collect();
    let full: Vec<Part> = axes.iter().map(|axis| whole_axis(&axis.of)).collect();
    let mut boxes = vec![full.clone()];
    for _ in 0..rows * 50 {
        let (at, axis) = (random.below(boxes.len()), random.below(axes.len()));
        if boxes.len() < rows
            && let Some((left, right)) = boxes[at][axis].split(random)
        {
            let mut other = boxes[at].clone();
            boxes[at][axis] = left;
            other[axis] = right;
            boxes.push(other);
        }
    }
    let mut write = |(code, parts): (usize, Vec<Part>)| {
        let named = axes.iter().zip(&full).zip(&parts).filter(|((_, full), part)| full != part);
        row(code, named.map(|((axis, _), part)| (axis.name.clone(), part.write(random))).collect())
    };
    let rows = boxes.into_iter().enumerate().map(&mut write).collect();
    ActionBook { axes, rows }
}

/// A way to break a book, with what it must lead to: gaps, overlaps, rows that never answer alone. None where other faults
/// may follow.
pub(super) const FAULTS: [(&str, [Option<bool>; 3]); 11] = [
    ("a row is taken out", [Some(true), Some(false), Some(false)]),
    ("an interval is cut short", [Some(true), Some(false), Some(false)]),
    ("a bound is taken away", [Some(false), Some(true), None]),
    ("a part is taken away", [Some(true), Some(false), Some(false)]),
    ("a part is added", [Some(false), Some(true), None]),
    ("a row stands twice", [Some(false), Some(true), Some(true)]),
    ("an interval is empty", [Some(true), Some(false), Some(true)]),
    ("an axis is forgotten", [Some(false), Some(true), None]),
    ("a bound is left out", [Some(true), Some(false), None]),
    ("a bound is taken in", [Some(false), Some(true), None]),
    ("nothing is allowed", [Some(true), Some(false), Some(true)]),
];

/// The book with the fault, where it can have it.
pub(super) fn plant(book: &ActionBook, fault: usize, random: &mut Random) -> Option<ActionBook> {
    let mut book = book.clone();
    let at = random.below(book.rows.len());
    let named: Vec<String> = book.rows[at].when.keys().cloned().collect();
    let name = random.pick(&named)?.clone();
    let of = book.axes.iter().find(|axis| axis.name == name)?.of.clone();
    let whole = matches!(of, AxisOf::Number { whole: true, .. });
    let code = book.rows.len();
    let parts = book.rows[at].when.get_mut(&name)?;
    let which = random.below(parts.len());
    let interval = if let Allowed::Numbers(interval) = &mut parts[which] { Some(interval) } else { None };
    match fault {
        0 => {
            book.rows.remove(at);
            // Rows are called by their index.
            book.rows.iter_mut().enumerate().for_each(|(i, row)| row.code = i.to_string());
        }
        1 => {
            let interval = interval?;
            let low = interval.from.or(interval.above).unwrap_or(-100.0);
            let high = interval.to.or(interval.below).unwrap_or(200.0);
            let middle = (low / 2.0 + high / 2.0).floor();
            let inside = if whole { low + 2.0 < middle && middle < high - 2.0 } else { low < middle && middle < high };
            (*interval = Interval { below: Some(middle), to: None, ..*interval });
            inside.then_some(())?;
        }
        2 => {
            let interval = interval?;
            let lower = random.one_in(2);
            let bounded = if lower { interval.from.or(interval.above) } else { interval.to.or(interval.below) };
            bounded?;
            *interval = match lower {
                true => Interval { from: None, above: None, ..*interval },
                false => Interval { to: None, below: None, ..*interval },
            };
        }
        3 => {
            (parts.len() > 1).then_some(())?;
            parts.remove(which);
        }
        4 => {
            let Part::Listed(all) = whole_axis(&of) else { return None };
            let absent: Vec<Allowed> = all.into_iter().filter(|part| !parts.contains(part)).collect();
            let new = random.pick(&absent)?.clone();
            parts.push(new);
        }
        5 => {
            let twin = ActionRow { code: code.to_string(), ..book.rows[at].clone() };
            book.rows.push(twin);
        }
        6 => {
            let empty = [(Some(3.0), Some(3.0)), (Some(0.5), Some(0.25))][random.below(2)];
            interval?;
            *parts = vec![Allowed::Numbers(Interval { from: empty.0, below: empty.1, ..Interval::default() })];
        }
        7 => {
            book.rows[at].when.remove(&name);
        }
        8 => {
            let interval = interval?;
            (!whole).then_some(())?;
            interval.above = Some(interval.from.take()?);
        }
        9 => {
            let interval = interval?;
            (!whole).then_some(())?;
            interval.to = Some(interval.below.take()?);
        }
        _ => parts.clear(),
    }
    Some(book)
}

/// A book of rows that know nothing of each other.
pub(super) fn careless(kinds: &[usize], rows: usize, random: &mut Random) -> ActionBook {
    let axes: Vec<Axis> = kinds.iter().enumerate().map(|(i, kind)| axis(*kind, format!("axis_{i}"))).collect();
    let bounds = [-1.0, -0.0, 0.0, 5e-324, 0.3, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 30.0, f64::MAX, -f64::MAX];
    let write = |code: usize, random: &mut Random| {
        let mut when = BTreeMap::new();
        for axis in &axes {
            let of = &axis.of;
            if random.one_in(3) {
                continue;
            }
            let mut parts: Vec<Allowed> = match whole_axis(of) {
                Part::Listed(all) => all.into_iter().filter(|_| random.one_in(2)).collect(),
                Part::Numbers { whole, .. } => {
                    let usable = &bounds[..if whole { bounds.len() - 2 } else { bounds.len() }];
                    let bound = |random: &mut Random| if random.one_in(4) { None } else { random.pick(usable).copied() };
                    let mut parts = Vec::new();
                    for _ in 0..=random.below(2) {
                        let (low, high) = (bound(random), bound(random));
                        let (a, b) = (random.one_in(2), random.one_in(2));
                        let pick = |on: bool, x: Option<f64>| if on { x } else { None };
                        parts.push(Allowed::Numbers(Interval {
                            from: pick(a, low),
                            above: pick(!a, low),
                            to: pick(b, high),
                            below: pick(!b, high),
                        }));
                    }
                    parts.extend(random.one_in(2).then_some(Allowed::Missing));
                    parts
                }
            };
            if !random.one_in(12) && parts.is_empty() {
                parts.extend(if let Part::Listed(all) = whole_axis(of) { all } else { vec![Allowed::Missing] });
            }
            when.insert(axis.name.clone(), parts);
        }
        row(code, when)
    };
    let rows = (0..rows).map(|code| write(code, random)).collect();
    ActionBook { axes, rows }
}
