//! What the benchmarks share: seeded data and pipelines over it.

use scoreline::{Batch, Column, Field, Kind, PipelineConfig, Schema};

/// Columns of the generated matrix.
pub const COLUMNS: usize = 20;

/// A seeded matrix of independent numbers with an event that depends on all of them.
pub struct Matrix {
    /// The columns, each of the same length.
    pub columns: Vec<Vec<f64>>,
    /// 1 for the event, else 0.
    pub event: Vec<f64>,
}

impl Matrix {
    /// The same numbers for the same number of rows, on every machine.
    #[must_use]
    pub fn new(rows: usize) -> Self {
        let mut state = 42u64;
        let mut uniform = move || {
            // SplitMix64 (Steele, Lea and Flood, 2014).
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0
        };
        let columns: Vec<Vec<f64>> = (0..COLUMNS).map(|_| (0..rows).map(|_| uniform()).collect()).collect();
        let event = (0..rows)
            .map(|row| {
                let risk: f64 = columns.iter().enumerate().map(|(j, column)| (column[row] - 0.5) * (0.4 + 0.05 * j as f64)).sum();
                f64::from(u8::from(uniform() < scoreline::math::logistic(risk - 2.2)))
            })
            .collect();
        Matrix { columns, event }
    }

    /// The columns as a borrowed batch, with the target.
    ///
    /// # Errors
    /// None for a matrix of [`Matrix::new`].
    pub fn batch(&self) -> scoreline::Result<Batch<'_>> {
        let mut batch = Batch::new(self.event.len()).with("target", Column::numbers(&self.event[..]))?;
        for (j, column) in self.columns.iter().enumerate() {
            batch = batch.with(name(j), Column::numbers(&column[..]))?;
        }
        Ok(batch)
    }

    /// The plain pass that everything is compared with: the sum of all numbers, as fast as memory gives them.
    #[must_use]
    pub fn sum(&self) -> f64 {
        let column = |column: &Vec<f64>| {
            let (chunks, rest) = column.as_chunks::<16>();
            let mut lanes = [0.0; 16];
            for chunk in chunks {
                for (lane, x) in lanes.iter_mut().zip(chunk) {
                    *lane += x;
                }
            }
            lanes.iter().sum::<f64>() + rest.iter().sum::<f64>()
        };
        self.columns.iter().map(column).sum()
    }

    /// One row, in the order of the schema.
    #[must_use]
    pub fn row(&self, row: usize) -> Vec<scoreline::Value<'static>> {
        self.columns.iter().map(|column| scoreline::Value::Number(column[row])).collect()
    }
}

fn name(column: usize) -> String {
    format!("x{column:02}")
}

/// A card over the matrix with tier cuts; nothing else.
#[must_use]
pub fn card() -> PipelineConfig {
    let schema = Schema { fields: (0..COLUMNS).map(|j| Field::new(name(j), Kind::Number)).collect() };
    let mut config = PipelineConfig::new(schema, "target");
    config.model.min_iv = 0.0;
    config.tier = Some(scoreline::tier::TierPolicy::from_cuts([0.05, 0.1, 0.2]));
    config
}

/// The card with limits, prices and outcomes.
///
/// # Errors
/// None: the text is part of this file.
pub fn full() -> scoreline::Result<PipelineConfig> {
    let text = r#"{
        "schema": {"fields": [{"name": "x00", "kind": "number"}]}, "target": "target",
        "tier": {"direction": "a_is_best", "cuts": [0.05, 0.1, 0.2],
            "strong": [{"code": "S", "when": "x00 > 0.999", "effect": {"type": "floor", "tier": "D"}, "on_missing": "refer", "reason": "strong"}],
            "weak": [{"code": "W", "when": "x01 > 0.9 AND x02 > 0.5", "points": 1, "reason": "weak"}]},
        "limit": {"step": 100, "minimum": 500, "candidates": [
            {"name": "capacity", "rule": {"type": "debt_service", "income": "2000 + 4000 * x03", "debt": "500 * x04", "share": 0.4, "stressed_rate": 0.12}},
            {"name": "tier", "rule": {"type": "by_tier", "A": 50000, "B": 30000, "C": 15000, "D": 5000}}]},
        "pricing": {"currency": "EUR", "decimals": 2, "amount": "1000 + 20000 * x05", "term_months": "36",
            "funding_rate": 0.03, "funding_base": "ead", "opex_rate": 0.01, "fixed_cost": 40, "fees_rate": 0, "lgd": 0.45,
            "capital": {"type": "irb_other_retail", "confidence": 0.999, "pd_floor": 0.0005, "lgd_floor": 0.3},
            "capital_benefit_rate": 0.02, "tax": 0.25, "hurdle": 0.12, "floor_rate": 0.04, "rate_step": 0.0001},
        "decision": {"by_tier": {"A": "approve", "B": "approve", "C": "refer", "D": "decline"}}
    }"#;
    let policies = PipelineConfig::from_json(text)?;
    Ok(PipelineConfig {
        tier: policies.tier,
        limit: policies.limit,
        pricing: policies.pricing,
        decision: policies.decision,
        ..card()
    })
}
