//! Balances about to fall below zero.

use super::super::month::squares;
use super::history::History;
use super::settings::CashGapSettings;
use super::{Judged, MonthFigure, Need, NeedEvidence, NeedFigures, NeedKind, NeedWindow, NotJudgedWhy, enough};
use crate::math::norm_cdf;

/// A year to forecast from, and one before it to see how that errs.
const NEEDED: usize = 24;

/// The balance moves as in the same months a year earlier; what is left of the current month as after that day of the month.
/// Errors of single months are taken as independent, so that of *n* months together grows with √n.
pub(super) fn judge(history: &History<'_>, balance: Option<f64>, settings: &CashGapSettings) -> Judged {
    let opening_balance = balance.ok_or(NotJudgedWhy::NoBalance)?;
    enough(history.months, NEEDED)?;
    let net = history.net();
    let (before, last) = net.get(history.months - NEEDED..).unwrap_or_default().split_at(12);
    let misses: Vec<f64> = last.iter().zip(before).map(|(seen, said)| seen - said).collect();
    let error = (squares(&misses, 0.0) / 12.0).sqrt();
    let mut at = opening_balance + history.rest_of_month_a_year_earlier();
    let mut balances = vec![MonthFigure { month: history.current(), amount: at }];
    for (ahead, flow) in last.iter().enumerate().skip(1).take(settings.horizon_months as usize) {
        at += flow;
        balances.push(MonthFigure { month: history.current().after(ahead as i32), amount: at });
    }
    let below = |figure: &&MonthFigure| figure.amount < 0.0;
    let deepest =
        balances.iter().enumerate().filter(|(_, figure)| below(figure)).min_by(|a, b| a.1.amount.total_cmp(&b.1.amount));
    let (Some((months, deepest)), Some(first)) = (deepest, balances.iter().find(below)) else { return Ok(None) };
    let spread = error * ((months + 1) as f64).sqrt();
    let shortfall = -deepest.amount;
    let confidence = if spread > 0.0 { norm_cdf(shortfall / spread) } else { 1.0 };
    if confidence < settings.min_confidence {
        return Ok(None);
    }
    let last_below = balances.iter().rev().find(below).unwrap_or(first);
    let said: Vec<String> = balances.iter().map(|figure| format!("{}: {:.2}", figure.month, figure.amount)).collect();
    let text = format!(
        "a balance of {opening_balance:.2} and the net flows of {} to {} give {}; such a forecast erred by {error:.2} a month in \
         the last year",
        history.current().after(-12),
        deepest.month.after(-12),
        said.join(", "),
    );
    Ok(Some(Need {
        kind: NeedKind::CashGap,
        amount: shortfall,
        window: NeedWindow { from: first.month.first_day().max(history.as_of), to: last_below.month.last_day() },
        confidence,
        evidence: NeedEvidence { text, figures: NeedFigures::CashGap { opening_balance, balances: balances.clone(), error } },
    }))
}
