//! The weights of evidence that a card is built on, for other models and for analysis.

use super::blocks::BlockReader;
use super::pass::blocks;
use super::scorer::Scorer;
use crate::data::Batch;
use crate::error::Result;
use crate::model::BLOCK;
use crate::parallel::Threads;

/// Rows of one task.
const TASK: usize = 16 * BLOCK;

impl Scorer {
    /// Name and weights of evidence of each variable of the card that serves the rows of no segment, in the order of the
    /// card, one weight for each row of `batch`. The result does not depend on `threads`.
    ///
    /// ```
    /// # use scoreline::{Batch, Column, Field, Kind, PipelineConfig, Schema, Scorer, Threads};
    /// # let income: Vec<f64> = (0..400).map(|i| f64::from(i % 97)).collect();
    /// # let bad: Vec<f64> = (0..400).map(|i| f64::from(u8::from(i % 97 < 40 && i % 3 != 0))).collect();
    /// # let loans = Batch::new(400).with("income", Column::numbers(income))?.with("bad", Column::numbers(bad))?;
    /// # let schema = Schema { fields: vec![Field::new("income", Kind::Number)] };
    /// # let pipeline = scoreline::fit(&[loans.clone()], PipelineConfig::new(schema, "bad"), Threads::All)?;
    /// let scorer = Scorer::new(&pipeline)?;
    /// let woe = scorer.woe_batch(&loans, Threads::All)?;
    /// assert_eq!((woe[0].0.as_str(), woe[0].1[0]), ("income", pipeline.bins[0].bins[0].woe));
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a column is missing or of the wrong kind, and naming the row
    /// where a value is not what its field allows.
    pub fn woe_batch(&self, batch: &Batch<'_>, threads: Threads) -> Result<Vec<(String, Vec<f64>)>> {
        let (card, explained) = (self.card(), &self.explainers[self.cards.rest()].variables);
        let reader = BlockReader::new(&self.plan, &card.slots, &[], batch)?;
        let woes = |bins: &crate::binning::FeatureBins| bins.bins.iter().map(|bin| bin.woe).collect::<Vec<f64>>();
        let tables: Vec<Vec<f64>> = explained.iter().map(|variable| woes(&variable.bins)).collect();
        let mut columns: Vec<Vec<f64>> = vec![vec![0.0; batch.rows()]; tables.len()];
        let mut parts: Vec<_> = columns.iter_mut().map(|column| column.chunks_mut(TASK)).collect();
        let tasks: Vec<_> = (0..batch.rows())
            .step_by(TASK)
            .map(|start| {
                let rows = start..(start + TASK).min(batch.rows());
                (rows, parts.iter_mut().filter_map(Iterator::next).collect::<Vec<&mut [f64]>>())
            })
            .collect();
        threads.map(tasks, |(rows, mut parts)| {
            let mut cells = reader.blocks();
            let mut codes = [0; BLOCK];
            for block in blocks(&rows) {
                cells.read(block.clone());
                let within = block.start - rows.start..block.end - rows.start;
                let codes = &mut codes[..block.len()];
                let variables = card.lookups.iter().zip(&card.slots).zip(&tables);
                for (((lookup, &slot), table), part) in variables.zip(&mut parts) {
                    cells.code(slot, lookup, codes, &mut []);
                    for (value, &code) in part[within.clone()].iter_mut().zip(&*codes) {
                        *value = table.get(usize::from(code)).copied().unwrap_or(0.0);
                    }
                }
                cells.refuse_errors()?;
            }
            Ok(())
        })?;
        Ok(explained.iter().map(|variable| variable.bins.feature.clone()).zip(columns).collect())
    }
}
