//! How much a ranking depends on the weights: each weight a few points up and down, the others in proportion.

use serde::{Deserialize, Serialize};

use super::card::ExpertCard;
use super::table::{Gap, Sums};
use crate::error::{Error, Problem, Result};

/// What a change of weights does to a set of clients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sensitivity {
    /// Points by which each weight was moved.
    pub by: f64,
    /// Clients with a score.
    pub rows: usize,
    /// Every factor up, then down, in the order of the card; a factor that is the whole card cannot move.
    pub changes: Vec<WeightChange>,
}

/// One weight moved, the others scaled so that all add up to 100.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightChange {
    /// Name of the factor.
    pub factor: String,
    /// Its weight after the change, 0 to 100.
    pub weight: f64,
    /// Kendall's τ-b between the scores before and after, −1 to 1; `None` when either has no order.
    pub tau: Option<f64>,
    /// Share of the pairs of clients that had an order and still have the same.
    pub order_kept: f64,
    /// Share of the clients that change their grade.
    pub regraded: f64,
    /// Largest change of a score, in points.
    pub largest: f64,
}

impl ExpertCard {
    /// Moves each weight by `by` points up and down and compares scores, order and grades. `clients` hold the points of
    /// each factor, `None` where missing ([`ExpertTable::explain`](super::ExpertTable::explain) gives them); `borders`
    /// are the scores from which a better grade is given.
    ///
    /// ```
    /// use scoreline::model::{Curve, CurvePoint, ExpertCard, Factor, MissingFactor};
    /// let line = || Curve::Linear { points: [0.0, 100.0].map(|x| CurvePoint { x, score: x }).to_vec() };
    /// let factors = vec![Factor::new("size", "size", 60.0, line()), Factor::new("growth", "growth", 40.0, line())];
    /// let card = ExpertCard { factors, missing: MissingFactor::Renormalise };
    /// let clients = [[80.0, 20.0], [50.0, 70.0], [30.0, 30.0]].map(|points| points.map(Some).to_vec());
    /// let found = card.sensitivity(&clients, 5.0, &[80.0, 60.0])?;
    /// assert_eq!(found.changes[0].weight, 65.0); // size up: 59, 57, 30 instead of 56, 58, 30
    /// assert!((found.changes[0].order_kept - 2.0 / 3.0).abs() < 1e-12);
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) for a card that does not hold or a step outside 0 to 100;
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for a client with another number of factors or points outside 0 to
    /// 100.
    pub fn sensitivity(&self, clients: &[Vec<Option<f64>>], by: f64, borders: &[f64]) -> Result<Sensitivity> {
        self.validate()?;
        if !(by > 0.0 && by <= 100.0) {
            return Err(Error::config(Problem::new("the step must be above 0 and at most 100 points", "use 5").field("by")));
        }
        let known = |points: &Option<f64>| points.is_none_or(|points| (0.0..=100.0).contains(&points));
        let bad = |client: &Vec<Option<f64>>| client.len() != self.factors.len() || !client.iter().all(known);
        if let Some(row) = clients.iter().position(bad) {
            let what = "points of 0 to 100 were expected, one entry a factor";
            return Err(Error::data(Problem::new(what, "pass the points that the curves give").field("clients").row(row)));
        }
        let gaps: Vec<Gap> = self.factors.iter().map(|factor| Gap::of(factor, self.missing)).collect();
        let weights: Vec<f64> = self.factors.iter().map(|factor| factor.weight).collect();
        let scores = |weights: &[f64]| -> Vec<f64> {
            let score = |client: &Vec<Option<f64>>| {
                let mut sums = Sums::default();
                for ((&weight, &gap), &points) in weights.iter().zip(&gaps).zip(client) {
                    sums.add(weight, gap, points);
                }
                sums.score()
            };
            clients.iter().map(score).collect()
        };
        let before = scores(&weights);
        let mut changes = Vec::new();
        for (i, factor) in self.factors.iter().enumerate().filter(|(_, factor)| factor.weight < 100.0) {
            for step in [by, -by] {
                let weight = (factor.weight + step).clamp(0.0, 100.0);
                let scale = (100.0 - weight) / (100.0 - factor.weight);
                let mut moved: Vec<f64> = weights.iter().map(|other| other * scale).collect();
                moved[i] = weight;
                changes.push(compare(&factor.name, weight, &before, &scores(&moved), borders));
            }
        }
        Ok(Sensitivity { by, rows: before.iter().filter(|score| !score.is_nan()).count(), changes })
    }
}

fn compare(factor: &str, weight: f64, before: &[f64], after: &[f64], borders: &[f64]) -> WeightChange {
    let scored = || before.iter().zip(after).filter(|(a, b)| !a.is_nan() && !b.is_nan());
    // A billionth of a point is rounding, not order.
    let rank = |score: f64| (score * 1e9).round() as i64;
    let mut pairs: Vec<(i64, i64)> = scored().map(|(&a, &b)| (rank(a), rank(b))).collect();
    let grade = |score: f64| borders.iter().filter(|&&border| rank(score) >= rank(border)).count();
    let regraded = scored().filter(|(a, b)| grade(**a) != grade(**b)).count();
    let pairs_kept = Pairs::count(&mut pairs);
    let share = |part: u64, whole: u64| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
    WeightChange {
        factor: factor.to_owned(),
        weight,
        tau: pairs_kept.tau(),
        order_kept: share(pairs_kept.concordant, pairs_kept.ordered_before),
        regraded: if pairs.is_empty() { 0.0 } else { regraded as f64 / pairs.len() as f64 },
        largest: scored().map(|(a, b)| (a - b).abs()).fold(0.0, f64::max),
    }
}

/// Pairs of clients by what became of their order.
struct Pairs {
    ordered_before: u64,
    ordered_after: u64,
    concordant: u64,
    discordant: u64,
}

impl Pairs {
    /// Counts by sorting, in n log n (W. R. Knight, "A computer method for calculating Kendall's tau with ungrouped
    /// data", JASA 61, 1966).
    fn count(pairs: &mut [(i64, i64)]) -> Self {
        pairs.sort_unstable();
        let all = triangle(pairs.len());
        let tied_before = runs(pairs.chunk_by(|a, b| a.0 == b.0));
        let tied_both = runs(pairs.chunk_by(|a, b| a == b));
        let mut after: Vec<i64> = pairs.iter().map(|pair| pair.1).collect();
        let discordant = sort_counting(&mut after);
        let tied_after = runs(after.chunk_by(|a, b| a == b));
        Pairs {
            ordered_before: all - tied_before,
            ordered_after: all - tied_after,
            concordant: all - tied_before - tied_after + tied_both - discordant,
            discordant,
        }
    }

    fn tau(&self) -> Option<f64> {
        let scale = (self.ordered_before as f64).sqrt() * (self.ordered_after as f64).sqrt();
        (scale > 0.0).then(|| (self.concordant as f64 - self.discordant as f64) / scale)
    }
}

fn triangle(n: usize) -> u64 {
    let n = n as u64;
    n * n.saturating_sub(1) / 2
}

fn runs<'a, T: 'a>(runs: impl Iterator<Item = &'a [T]>) -> u64 {
    runs.map(|run| triangle(run.len())).sum()
}

/// Sorts and returns the number of pairs that stood in the wrong order.
fn sort_counting(values: &mut [i64]) -> u64 {
    let half = values.len() / 2;
    if half == 0 {
        return 0;
    }
    let (left, right) = values.split_at_mut(half);
    let mut count = sort_counting(left) + sort_counting(right);
    let mut merged = Vec::with_capacity(values.len());
    let (mut l, mut r) = (0, half);
    while l < half && r < values.len() {
        if values[l] <= values[r] {
            merged.push(values[l]);
            l += 1;
        } else {
            count += (half - l) as u64;
            merged.push(values[r]);
            r += 1;
        }
    }
    merged.extend_from_slice(&values[l..half]);
    merged.extend_from_slice(&values[r..]);
    values.copy_from_slice(&merged);
    count
}
