//! Season: the index of each calendar month, and the forecast that repeats the last year.

use serde::{Deserialize, Serialize};

use super::super::month::{MAX_MONTHS, Month, MonthlySeries, check_amounts, mean, total};
use crate::error::{Error, Problem, Result};

/// Months that a season needs: two of each.
pub const SEASON_MONTHS: usize = 24;

/// Months of a year.
const YEAR: usize = 12;

/// What each calendar month is to the mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seasonality {
    /// Mean of the calendar month over the mean of all: 1 is an ordinary month, 2 one of twice the mean. January first; their
    /// mean is 1.
    pub index: [f64; YEAR],
    /// Mean month, in the currency of the caller.
    pub mean: f64,
    /// Number of years used: the latest whole ones.
    pub years: u32,
    /// First month used.
    pub from: Month,
}

/// One month of a forecast.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForecastPoint {
    /// The month.
    pub month: Month,
    /// The forecast, in the currency of the caller.
    pub value: f64,
    /// `value` less the mean absolute error.
    pub low: f64,
    /// `value` plus the mean absolute error.
    pub high: f64,
}

/// A seasonal-naive forecast, and how it did in a year that was held out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forecast {
    /// The months ahead: each is what the same month of the last year was.
    pub points: Vec<ForecastPoint>,
    /// Mean absolute error in the last year of the series, forecast from the year before: the half width of the band.
    pub mean_absolute_error: f64,
    /// The same error of the naive forecast: the mean of all months before that year.
    pub naive_error: f64,
    /// Whether the season forecast that year better than the mean. If not, use the mean.
    pub beats_naive: bool,
}

/// The season of a series, from its latest whole years.
///
/// # Errors
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) for fewer than 24 months, or when their mean is not above 0;
/// [`InvalidData`](crate::ErrorCode::InvalidData) for an amount that is missing or beyond 10¹⁵.
///
/// ```
/// use scoreline::features::{Month, MonthlySeries, stability::seasonality};
/// let mut values = vec![100.0; 24];
/// (values[11], values[23]) = (500.0, 500.0);
/// let season = seasonality(&MonthlySeries::new(Month::parse("2024-01")?, values)?)?;
/// assert_eq!(season.index[11], 3.75);
/// assert_eq!(season.index[0], 0.75);
/// # Ok::<(), scoreline::Error>(())
/// ```
pub fn seasonality(series: &MonthlySeries) -> Result<Seasonality> {
    check(series)?;
    let skipped = series.values.len() % YEAR;
    let values = &series.values[skipped..];
    let from = series.month(skipped);
    let centre = mean(values);
    if centre <= 0.0 {
        let problem = Problem::new("the mean of the months must be above 0", "pass inflows or outflows, not their difference");
        return Err(Error::insufficient(problem.field("values")));
    }
    let whole = total(values.iter().copied());
    let mut index = [0.0; YEAR];
    for at in 0..YEAR {
        let month = from.after(at as i32).calendar() as usize - 1;
        index[month] = YEAR as f64 * total(values.iter().skip(at).step_by(YEAR).copied()) / whole;
    }
    Ok(Seasonality { index, mean: centre, years: (values.len() / YEAR) as u32, from })
}

/// The `months` after the end of a series by the seasonal-naive method (Hyndman & Athanasopoulos, *Forecasting: Principles
/// and Practice*, 3rd ed., 5.2): the value of the same month of the last year.
///
/// # Errors
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) for fewer than 24 months,
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when `months` is not 1 to 1,200,
/// [`InvalidData`](crate::ErrorCode::InvalidData) for an amount that is missing or beyond 10¹⁵.
///
/// ```
/// use scoreline::features::{Month, MonthlySeries, stability::seasonal_forecast};
/// let values = (0..36).map(|month| f64::from(month % 12) * 10.0).collect();
/// let forecast = seasonal_forecast(&MonthlySeries::new(Month::parse("2023-01")?, values)?, 3)?;
/// assert_eq!(forecast.points[2].value, 20.0);
/// assert!(forecast.beats_naive && forecast.mean_absolute_error == 0.0);
/// # Ok::<(), scoreline::Error>(())
/// ```
pub fn seasonal_forecast(series: &MonthlySeries, months: usize) -> Result<Forecast> {
    check(series)?;
    if !(1..=MAX_MONTHS).contains(&months) {
        let problem = Problem::new("a horizon of 1 to 1,200 months was expected", "choose one of these");
        return Err(Error::config(problem.field("months")));
    }
    let (earlier, held_out) = series.values.split_at(series.values.len() - YEAR);
    let last_but_one = &earlier[earlier.len() - YEAR..];
    let naive = mean(earlier);
    let mae = total(held_out.iter().zip(last_but_one).map(|(seen, said)| (seen - said).abs())) / YEAR as f64;
    let naive_error = total(held_out.iter().map(|seen| (seen - naive).abs())) / YEAR as f64;
    let point = |(at, &value): (usize, &f64)| ForecastPoint {
        month: series.month(series.values.len() + at),
        value,
        low: value - mae,
        high: value + mae,
    };
    let points = held_out.iter().cycle().take(months).enumerate().map(point).collect();
    Ok(Forecast { points, mean_absolute_error: mae, naive_error, beats_naive: mae < naive_error })
}

fn check(series: &MonthlySeries) -> Result<()> {
    check_amounts("values", series.values.iter().copied())?;
    if series.values.len() < SEASON_MONTHS {
        let problem = Problem::new("a season needs at least 24 months", "pass a longer series");
        return Err(Error::insufficient(problem.field("values")));
    }
    Ok(())
}
