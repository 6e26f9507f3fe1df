//! Prices a made-up book to a hurdle over the life of its loans, in one batch and loan by loan, and prints the hash of the rates:
//! the same on every machine.
//!
//! ```text
//! cargo run --release --example prices
//! ```

use std::fmt::Write;

use scoreline::pricing::{BalancePath, Lifetime, LifetimeTerms, PdPath};
use scoreline::{Batch, Column, Result, Threads};
use sha2::{Digest, Sha256};

const LOANS: u32 = 20_011;
const HURDLE: f64 = 0.12;

/// A fraction from `low` to `high` that looks random (Weyl's sequence).
fn spread(at: u32, step: f64, low: f64, high: f64) -> f64 {
    let turns = f64::from(at) * step;
    low + (high - low) * (turns - turns.floor())
}

fn hash(rates: &[f64]) -> String {
    let mut digest = Sha256::new();
    rates.iter().for_each(|rate| digest.update(rate.to_bits().to_be_bytes()));
    digest.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn main() -> Result<()> {
    let loan = LifetimeTerms {
        months: 36,
        balance: BalancePath::EqualInstalment {},
        pd: PdPath::Yearly { pd: 0.03 },
        prepayment: 0.1,
        lgd: 0.6,
        funding: 0.032,
        opex: 0.015,
        origination: 0.003,
        upfront_fee: 0.0,
        running_fee: 0.0,
        capital: 0.08,
        capital_benefit: 0.025,
        tax: 0.25,
    };
    let months: Vec<f64> = (0..LOANS).map(|at| spread(at, 0.236_067, 1.0, 121.0).floor()).collect();
    let pd: Vec<f64> = (0..LOANS).map(|at| spread(at, 0.618_034, 0.0005, 0.7)).collect();
    let lgd: Vec<f64> = (0..LOANS).map(|at| spread(at, 0.414_214, 0.05, 0.95)).collect();
    let book = Batch::new(LOANS as usize)
        .with("months", Column::numbers(months.as_slice()))?
        .with("pd", Column::numbers(pd.as_slice()))?
        .with("lgd", Column::numbers(lgd.as_slice()))?;
    let batch = loan.price_batch(&book, HURDLE, Threads::All)?;

    let mut single = Vec::with_capacity(LOANS as usize);
    for ((months, pd), lgd) in months.iter().zip(&pd).zip(&lgd) {
        let terms = LifetimeTerms { months: *months as u32, pd: PdPath::Yearly { pd: *pd }, lgd: *lgd, ..loan.clone() };
        single.push(Lifetime::new(&terms, HURDLE)?.break_even_rate()?.rate().unwrap_or(f64::NAN));
    }
    println!("rates of {LOANS} loans, one batch    {}", hash(&batch.rate));
    println!("rates of {LOANS} loans, one by one   {}", hash(&single));
    Ok(())
}
