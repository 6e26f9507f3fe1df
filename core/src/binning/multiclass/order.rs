//! The order of levels along the direction in which their class shares differ most.

use crate::stats::{ClassCounts, Tally};

/// Steps of the power iteration: each divides what is not of the largest eigenvalue by the ratio of the first two.
const STEPS: usize = 200;

/// The place of each level on the first principal component of the class shares, the levels weighted by their rows.
pub(super) fn places(levels: &[&ClassCounts], classes: usize) -> Vec<f64> {
    let total: f64 = levels.iter().map(|level| level.weight() as f64).sum();
    let whole: Vec<f64> =
        (0..classes).map(|class| levels.iter().map(|level| level.of(class) as f64).sum::<f64>() / total).collect();
    let away: Vec<(f64, Vec<f64>)> = levels
        .iter()
        .map(|level| {
            let weight = level.weight() as f64;
            let away = whole.iter().enumerate().map(|(class, share)| level.of(class) as f64 / weight - share).collect();
            (weight / total, away)
        })
        .collect();
    let mut matrix = vec![vec![0.0; classes]; classes];
    for (share, away) in &away {
        for (row, a) in matrix.iter_mut().zip(away) {
            row.iter_mut().zip(away).for_each(|(entry, b)| *entry += share * a * b);
        }
    }
    let direction = principal(&matrix);
    away.iter().map(|(_, away)| away.iter().zip(&direction).map(|(a, b)| a * b).sum()).collect()
}

/// The first eigenvector of a symmetric matrix without negative eigenvalues, its largest component positive.
fn principal(matrix: &[Vec<f64>]) -> Vec<f64> {
    let largest = (0..matrix.len()).rev().max_by(|&a, &b| matrix[a][a].total_cmp(&matrix[b][b])).unwrap_or(0);
    let mut vector = matrix.get(largest).cloned().unwrap_or_default();
    for _ in 0..STEPS {
        let next: Vec<f64> = matrix.iter().map(|row| row.iter().zip(&vector).map(|(a, b)| a * b).sum()).collect();
        let length = next.iter().map(|x| x * x).sum::<f64>().sqrt();
        if !(length > 0.0) {
            break;
        }
        vector = next.iter().map(|x| x / length).collect();
    }
    let sign = vector.iter().rev().max_by(|a, b| a.abs().total_cmp(&b.abs())).copied().unwrap_or(1.0);
    if sign < 0.0 { vector.iter().map(|x| -x).collect() } else { vector }
}
