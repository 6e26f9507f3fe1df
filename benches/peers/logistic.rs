//! The logistic regression of `logistic.py`: reads the codes that binning left, fits on one thread to a score below 1e-6 with
//! standard errors, and prints coefficients and seconds as JSON.
//!
//!     peers_logistic FOLDER RUNS

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use scoreline::data::WEIGHT_ONE;
use scoreline::model::{BLOCK, BlockInput, Information, Logistic, ModelConfig, Newton, Progress};
use scoreline::stats::{Counts, ExactSums};

struct Design {
    /// Weight of evidence of each code of each variable.
    woe: Vec<Vec<f64>>,
    codes: Vec<Vec<u8>>,
    event: Vec<bool>,
}

impl Design {
    fn read(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let woe: Vec<Vec<f64>> = serde_json::from_str(&fs::read_to_string(folder.join("woe.json"))?)?;
        let event: Vec<bool> = fs::read(folder.join("event"))?.into_iter().map(|event| event == 1).collect();
        let codes = fs::read(folder.join("codes"))?.chunks(event.len().max(1)).map(<[u8]>::to_vec).collect();
        Ok(Design { woe, codes, event })
    }

    fn fit(&self) -> scoreline::Result<Logistic> {
        let weight = vec![WEIGHT_ONE; self.event.len()];
        let mut counts = Counts::default();
        self.event.iter().for_each(|event| counts.add_row(*event, WEIGHT_ONE));
        let names = (0..self.woe.len()).map(|j| format!("x{j:02}")).collect();
        let mut newton = Newton::new(names, counts, ModelConfig::default());
        loop {
            let mut information = Information::new(self.woe.clone(), newton.beta().to_vec());
            let mut sums = ExactSums::new(Information::width(self.woe.len()));
            for start in (0..self.event.len()).step_by(BLOCK * newton.stride()) {
                let rows = start..(start + BLOCK).min(self.event.len());
                let codes: Vec<&[u8]> = self.codes.iter().map(|codes| &codes[rows.clone()]).collect();
                let (event, weight) = (&self.event[rows.clone()], &weight[rows]);
                sums.add_all(&information.sums(BlockInput { codes: &codes, event, weight, offset: &[] }))?;
            }
            if let Progress::Fitted(fitted) = newton.advance(&sums.values())? {
                return Ok(fitted.0);
            }
        }
    }
}

/// CPU time of this process in seconds where the system tells it, else the wall clock.
fn seconds(since: Instant) -> f64 {
    let told = fs::read_to_string("/proc/self/schedstat").ok();
    let cpu = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    cpu.map_or_else(|| since.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, runs] = &arguments[..] else { return Err("peers_logistic FOLDER RUNS".into()) };
    let design = Design::read(Path::new(folder))?;
    let start = Instant::now();
    let mut fitted = design.fit()?;
    let mut times = Vec::new();
    for _ in 0..runs.parse::<u32>()? {
        let before = seconds(start);
        fitted = design.fit()?;
        times.push(seconds(start) - before);
    }
    let all = || [&fitted.intercept].into_iter().chain(&fitted.coefficients);
    let beta: Vec<f64> = all().map(|coefficient| coefficient.value).collect();
    let errors: Vec<f64> = all().map(|coefficient| coefficient.standard_error).collect();
    println!("{}", serde_json::json!({ "seconds": times, "beta": beta, "errors": errors, "iterations": fitted.iterations }));
    Ok(())
}
