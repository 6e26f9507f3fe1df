//! An expert card for corporate clients: makes the pipeline from its configuration, explains three clients, and says how
//! far their order depends on the weights.
//!
//! ```text
//! corporate_card tests/data/corporate.config.json
//! ```

use std::error::Error;
use std::fs;

use scoreline::{Artefact, Batch, Column, Pipeline, PipelineConfig};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "tests/data/corporate.config.json".to_owned());
    let pipeline = Pipeline::expert_only(&PipelineConfig::from_json(&fs::read_to_string(path)?)?)?;
    let artefact = Artefact::new(&pipeline)?;
    println!("{}, {} known answers, hash {}\n", pipeline.name, artefact.checks().len(), artefact.hash());

    let scorer = artefact.scorer()?;
    let clients = Batch::new(3)
        .with("sales", Column::numbers(vec![420.0, 55.0, 4.0]))?
        .with("sales_before", Column::numbers(vec![390.0, 61.0, f64::NAN]))?
        .with("position", Column::text([Some("leader"), Some("middle"), Some("lower")]))?
        .with("days_past_due", Column::numbers(vec![0.0, 12.0, 45.0]))?
        .with("relationship_years", Column::numbers(vec![9.0, 2.0, 0.0]))?
        .with("debt", Column::numbers(vec![120.0, 30.0, 5.0]))?
        .with("assets", Column::numbers(vec![300.0, 42.0, 6.0]))?;
    for client in 0..clients.rows() {
        let mut record = scorer.record();
        for (name, column) in clients.columns() {
            record[scorer.field(name)?] = column.value(client);
        }
        let explained = scorer.explain_expert(&record)?;
        print!("{:5.1} points =", explained.score.unwrap_or(f64::NAN));
        for factor in &explained.factors {
            match factor.points {
                Some(_) => print!("  {} {:.1}", factor.name, factor.contribution),
                None => print!("  {} unknown", factor.name),
            }
        }
        println!();
    }
    println!("\nfive points more of a weight, or less: order kept, clients in another class");
    for change in scorer.expert_sensitivity(&[clients], 5.0)?.changes {
        println!(
            "{:>20} {:3.0}: {:4.0} % {:4.0} %",
            change.factor,
            change.weight,
            100.0 * change.order_kept,
            100.0 * change.regraded
        );
    }
    Ok(())
}
