//! PDs and migrations in a state of the economy: one systematic factor, good when positive.

use crate::error::{Error, Problem, Result};
use crate::math::{golden_section, norm_cdf, norm_inv};
use crate::tier::MigrationMatrix;

fn share(field: &str, value: f64) -> Result<f64> {
    if value > 0.0 && value < 1.0 {
        return Ok(value);
    }
    Err(Error::data(Problem::new("must lie in (0, 1)", "pass a fraction, not percent").field(field)))
}

fn state(z: f64) -> Result<f64> {
    if z.is_finite() && z.abs() <= 40.0 {
        return Ok(z);
    }
    Err(Error::data(Problem::new("a state from -40 to 40 was expected", "pass standard deviations; bad is negative").field("z")))
}

/// The PD in a state of the economy (O. Vasicek, "The distribution of loan portfolio value", 2002):
/// Φ((Φ⁻¹(PD) − √ρ·z) / √(1 − ρ)). Below 0, z is bad. At z = 0 it is not the PD but less: the PD is its mean over all states.
///
/// ```
/// use scoreline::portfolio::conditional_pd;
/// assert!((conditional_pd(0.02, 0.15, -1.5)? - 0.0550796636).abs() < 1e-10);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) when PD or correlation lies outside (0, 1) or the state is not finite.
pub fn conditional_pd(pd: f64, rho: f64, z: f64) -> Result<f64> {
    let (pd, rho) = (share("pd", pd)?, share("rho", rho)?);
    Ok(shifted(norm_inv(pd), rho, state(z)?))
}

fn shifted(threshold: f64, rho: f64, z: f64) -> f64 {
    norm_cdf((threshold - rho.sqrt() * z) / (1.0 - rho).sqrt())
}

/// The state of the economy in which a grade with this PD has the default rate: the inverse of [`conditional_pd`].
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) when a figure lies outside (0, 1).
pub fn state_of(pd: f64, rho: f64, default_rate: f64) -> Result<f64> {
    let (pd, rho, rate) = (share("pd", pd)?, share("rho", rho)?, share("default_rate", default_rate)?);
    Ok((norm_inv(pd) - (1.0 - rho).sqrt() * norm_inv(rate)) / rho.sqrt())
}

/// The migration matrix in a state of the economy (B. Belkin, S. Suchower and L. Forest, "A one-parameter representation of credit
/// risk and transition matrices", CreditMetrics Monitor, third quarter 1998): each row as bins of a normal variable, whose
/// borders move by √ρ·z. Rows go from a grade to each grade, best first, default last; each adds up to 1. A row that stays for sure
/// stays as it is.
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) with the row that is not a distribution or not as long as the first, and for a
/// correlation outside (0, 1).
pub fn conditional_matrix(average: &[Vec<f64>], rho: f64, z: f64) -> Result<Vec<Vec<f64>>> {
    let (rho, z) = (share("rho", rho)?, state(z)?);
    let width = average.first().map_or(0, Vec::len);
    let row = |(at, row): (usize, &Vec<f64>)| {
        let total: f64 = row.iter().sum();
        let usable =
            row.len() == width && width >= 2 && row.iter().all(|p| (0.0..=1.0).contains(p)) && (total - 1.0).abs() < 1e-6;
        if !usable {
            let problem =
                Problem::new("a distribution over all grades was expected", "let every row add up to 1").field("matrix");
            return Err(Error::data(problem).at_row(at));
        }
        if row.contains(&1.0) {
            return Ok(row.clone());
        }
        // Of being in this grade or a worse one, worst first.
        let mut worse = Vec::with_capacity(width);
        let mut sum = 0.0;
        for p in row.iter().rev() {
            sum += p;
            worse.push(if sum >= 1.0 { 1.0 } else { shifted(norm_inv(sum), rho, z) });
        }
        if let Some(all) = worse.last_mut() {
            *all = 1.0;
        }
        let mut before = 0.0;
        let mut found: Vec<f64> = worse
            .iter()
            .map(|&cumulated| {
                let p = cumulated - before;
                before = cumulated;
                p
            })
            .collect();
        found.reverse();
        Ok(found)
    };
    average.iter().enumerate().map(row).collect()
}

/// The state that a year of migrations speaks for.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct FittedState {
    /// The state; bad is negative.
    pub z: f64,
    /// Weighted sum of squared differences that is left.
    pub distance: f64,
}

/// The state in which the matrix is nearest to the migrations of a year: least squares over all cells, each weighted with the
/// cases of its row over the variance p·(1 − p) that chance gives it (Belkin, Suchower and Forest 1998). Looked for between −5 and 5
/// by golden section from the best of a grid. `observed` are the migrations of the year; withdrawn cases do not count.
///
/// # Errors
/// As [`conditional_matrix`]; [`InsufficientData`](crate::ErrorCode::InsufficientData) without a migration,
/// [`InvalidData`](crate::ErrorCode::InvalidData) when the number of grades differs.
pub fn fit_state(average: &[Vec<f64>], observed: &MigrationMatrix, rho: f64) -> Result<FittedState> {
    use crate::tier::After;
    let grades = observed.grades();
    if average.len() < grades || average.first().map_or(0, Vec::len) != grades + 1 {
        let what = format!("rows of {} probabilities were expected, default last", grades + 1);
        return Err(Error::data(Problem::new(what, "use the grades of the observed migrations").field("matrix")));
    }
    let rows: Vec<(f64, Vec<f64>)> = (0..grades)
        .map(|before| {
            let ends = (0..grades).map(|grade| After::Grade { grade }).chain([After::Defaulted {}]);
            let counts: Vec<u64> = ends.map(|after| observed.count(before, after)).collect();
            let cases = counts.iter().sum::<u64>() as f64;
            (cases, counts.iter().map(|count| *count as f64 / cases.max(1.0)).collect())
        })
        .collect();
    if rows.iter().all(|(cases, _)| *cases == 0.0) {
        let problem = Problem::new("no migration was observed", "pass a year with cases").field("observed");
        return Err(Error::insufficient(problem));
    }
    let distance = |z: f64| -> Result<f64> {
        let expected = conditional_matrix(average, rho, z)?;
        let cell = |cases: f64, p: f64, share: f64| {
            let variance = p * (1.0 - p);
            // A cell that cannot be reached says nothing.
            if variance > 0.0 { cases * (share - p) * (share - p) / variance } else { 0.0 }
        };
        let row = |((cases, shares), expected): (&(f64, Vec<f64>), &Vec<f64>)| -> f64 {
            shares.iter().zip(expected).map(|(share, p)| cell(*cases, *p, *share)).sum()
        };
        Ok(rows.iter().zip(&expected).map(row).sum())
    };
    let mut best = (0.0, distance(0.0)?);
    for step in -50..=50 {
        let z = f64::from(step) / 10.0;
        let at = distance(z)?;
        if at < best.1 {
            best = (z, at);
        }
    }
    let [low, high] = golden_section([best.0 - 0.1, best.0 + 0.1], 50, distance)?;
    let z = low + (high - low) / 2.0;
    Ok(FittedState { z, distance: distance(z)? })
}
