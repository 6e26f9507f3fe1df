//! What leaves before any coefficient is estimated: forced out, information value, correlation, variance inflation.

use super::{Finding, Stage, closest, forced, short};
use crate::error::{Error, Problem, Result};
use crate::model::config::{Action, MAX_VARIABLES, ModelConfig, SelectionConfig};
use crate::model::quadratic::Quadratic;

/// What a screening leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Screening {
    /// Positions of the variables that stay.
    pub kept: Vec<usize>,
    /// Those that leave, in the order they left.
    pub left: Vec<Finding>,
    /// Remarks on variables that stay.
    pub flagged: Vec<Finding>,
}

/// Screens candidates by information value. What stays is ordered by falling information value (equal ones in the order
/// given) and numbers at most [`MAX_VARIABLES`].
///
/// ```
/// use scoreline::model::{ModelConfig, screen_iv};
/// let names = ["age", "income", "hair"].map(String::from);
/// let screening = screen_iv(&names, &[0.10, 0.25, 0.001], &ModelConfig::default())?;
/// assert_eq!(screening.kept, [1, 0]);
/// assert_eq!(screening.left[0].reason, "has information value 0.001 below model.min_iv (0.02)");
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when a name in `forced_in` or `forced_out` is none of the
/// candidates.
pub fn screen_iv(names: &[String], iv: &[f64], config: &ModelConfig) -> Result<Screening> {
    let selection = &config.selection;
    for (list, field) in [(&selection.forced_in, "forced_in"), (&selection.forced_out, "forced_out")] {
        if let Some(unknown) = list.iter().find(|name| !names.contains(name)) {
            let what = format!("'{unknown}' is none of the candidates");
            return Err(Error::config(Problem::new(what, "name a candidate").field(format!("model.selection.{field}"))));
        }
    }
    let mut screening = Screening { kept: Vec::new(), left: Vec::new(), flagged: Vec::new() };
    for (j, (name, &iv)) in names.iter().zip(iv).enumerate() {
        let keep = selection.forced_in.contains(name);
        if selection.forced_out.contains(name) {
            let reason = "is listed in model.selection.forced_out".to_owned();
            screening.left.push(Finding::new(name, Stage::ForcedOut, f64::NAN, reason));
            continue;
        }
        let found = |reason| Finding::new(name, Stage::Iv, iv, reason);
        // What says nothing has the same weight of evidence in every row, which no model can use.
        if iv < config.min_iv || iv <= 0.0 {
            let reason = format!("has information value {} below model.min_iv ({})", short(iv), config.min_iv);
            if !keep {
                screening.left.push(found(reason));
                continue;
            }
            screening.flagged.push(found(format!("{reason}; forced in")));
        }
        if let Some(most) = selection.max_iv.filter(|&most| iv > most) {
            let value = short(iv);
            let reason =
                format!("has information value {value} above model.selection.max_iv ({most}); known only after the outcome?");
            if selection.suspicious == Action::Drop && !keep {
                screening.left.push(found(reason));
                continue;
            }
            screening.flagged.push(found(reason));
        }
        screening.kept.push(j);
    }
    let free = |j: usize| !selection.forced_in.contains(&names[j]);
    screening.kept.sort_by(|&a, &b| free(a).cmp(&free(b)).then(iv[b].total_cmp(&iv[a])));
    for j in screening.kept.split_off(MAX_VARIABLES.min(screening.kept.len())) {
        let reason = format!("has a lower information value than {MAX_VARIABLES} other candidates");
        screening.left.push(Finding::new(&names[j], Stage::Candidates, iv[j], reason));
    }
    screening.kept.sort_by(|&a, &b| iv[b].total_cmp(&iv[a]).then(a.cmp(&b)));
    Ok(screening)
}

/// Screens variables by what they repeat of one another, at the null model: first correlation, then variance inflation.
/// Of two that correlate, the one that comes first stays, so order the variables by falling information value (as
/// [`screen_iv`] does). Positions stay in order.
///
/// ```
/// use scoreline::model::{ModelConfig, Quadratic, SelectionConfig, screen_redundant};
/// let names = ["age", "tenure"].map(String::from).to_vec();
/// // 100 rows at a PD of one half: curvature 25; both variables have mean 0, variance 1 and correlate 0.9.
/// let sums = [100.0, -69.3, 0.0, 1.0, 2.0, 25.0, 0.0, 0.0, 25.0, 22.5, 25.0];
/// let null = Quadratic::new(names, vec![0.0; 3], &sums)?;
/// let selection = SelectionConfig { max_correlation: Some(0.7), ..SelectionConfig::default() };
/// let screening = screen_redundant(&null, &selection);
/// assert_eq!(screening.kept, [0]);
/// assert_eq!(screening.left[0].reason, "correlates 0.90 with `age`, more than model.selection.max_correlation (0.7)");
/// # Ok::<(), scoreline::Error>(())
/// ```
#[must_use]
pub fn screen_redundant(null: &Quadratic, config: &SelectionConfig) -> Screening {
    let correlation = null.correlation();
    let names = &null.variables;
    let keep = forced(null, &config.forced_in);
    let mut screening = Screening { kept: Vec::new(), left: Vec::new(), flagged: Vec::new() };
    // Whoever is forced in comes first, so that the others give way.
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|&j| !keep[j]);
    let centred = null.centred();
    for j in order {
        if !keep[j] && !null.varies(j, &centred) {
            let reason = "has the same weight of evidence in every row".to_owned();
            screening.left.push(Finding::new(&names[j], Stage::Vif, f64::INFINITY, reason));
            continue;
        }
        let found = closest(&correlation, j, &screening.kept);
        if let (Some((k, r)), Some(most)) = (found, config.max_correlation)
            && r.abs() > most
        {
            let reason = format!("correlates {r:.2} with `{}`, more than model.selection.max_correlation ({most})", names[k]);
            let finding = Finding::new(&names[j], Stage::Correlation, r, reason).with(Some(&names[k]));
            if !keep[j] {
                screening.left.push(finding);
                continue;
            }
            screening.flagged.push(finding);
        }
        screening.kept.push(j);
    }
    screening.kept.sort_unstable();
    // Without a limit, only what the others give exactly leaves: no model could use both.
    let most = config.max_vif.unwrap_or(f64::INFINITY);
    while let Some((j, vif)) = most_inflated(null, &screening.kept, most, &keep) {
        screening.kept.retain(|&k| k != j);
        let with = closest(&correlation, j, &screening.kept);
        let share = if vif.is_finite() {
            format!("has variance inflation {vif:.1} above model.selection.max_vif ({most})")
        } else {
            "is given exactly by the others".to_owned()
        };
        let whom = with.map_or_else(String::new, |(k, r)| format!("; correlates {r:.2} with `{}`", names[k]));
        let finding = Finding::new(&names[j], Stage::Vif, vif, share + &whom);
        screening.left.push(finding.with(with.map(|(k, _)| names[k].as_str())));
    }
    screening
}

/// The variable to drop next: the one of the largest factor above the limit that is not forced in. Of variables that
/// give one another exactly it is the last.
fn most_inflated(null: &Quadratic, kept: &[usize], limit: f64, keep: &[bool]) -> Option<(usize, f64)> {
    match null.vif_or(kept) {
        Ok(factors) => {
            let mut worst: Option<(usize, f64)> = None;
            for (&j, vif) in kept.iter().zip(factors).filter(|(j, vif)| *vif > limit && !keep[**j]) {
                if worst.is_none_or(|(_, most)| vif >= most) {
                    worst = Some((j, vif));
                }
            }
            worst
        }
        Err(found) => {
            let part = |k: &usize| *k == found.column || found.weights.get(*k).is_some_and(|w| w.abs() > 1e-6);
            let last = (0..=found.column.min(kept.len().saturating_sub(1))).rev().filter(part).find(|&k| !keep[kept[k]])?;
            Some((kept[last], f64::INFINITY))
        }
    }
}
