//! Made-up pipelines for tests: fields that enter directly, features of one and of two fields, special codes.

use super::config::{PipelineConfig, VariableReason};
use super::fitted::Pipeline;
use crate::data::{Batch, Code, Column, Field, Kind, Schema, Special, Value};
use crate::features::Feature;
use crate::math::logistic;
use crate::parallel::Threads;

/// Rows of the data.
pub(super) const ROWS: usize = 3_000;

/// Numbers that look random: a linear congruential generator (Knuth, MMIX).
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    /// The next one, below `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Columns of made-up applications; NaN and the empty text are missing.
pub(super) struct Applications {
    pub(super) age: Vec<f64>,
    pub(super) income: Vec<f64>,
    pub(super) debt: Vec<f64>,
    pub(super) enquiries: Vec<f64>,
    pub(super) job: Vec<&'static str>,
    bad: Vec<f64>,
}

pub(super) const JOBS: [&str; 5] = ["manager", "clerk", "worker", "none", ""];

pub(super) fn applications() -> Applications {
    let mut random = Numbers(7);
    let mut all = Applications { age: vec![], income: vec![], debt: vec![], enquiries: vec![], job: vec![], bad: vec![] };
    for _ in 0..ROWS {
        let (age, income) = (18 + random.below(50), 5 + random.below(55));
        let (debt, enquiries) = (random.below(60), random.below(7));
        let job = random.below(5) as usize;
        let eta = 1.2 - 0.05 * age as f64 - 0.04 * income as f64
            + 0.6 * (debt as f64 / income as f64).min(4.0)
            + 0.3 * enquiries as f64
            + 0.25 * job as f64
            - 0.6;
        all.bad.push(f64::from(u8::from((random.below(10_000) as f64) < 10_000.0 * logistic(eta))));
        all.age.push(age as f64);
        all.income.push(if random.below(20) == 0 { f64::NAN } else { income as f64 });
        all.debt.push(debt as f64);
        all.enquiries.push(if random.below(15) == 0 { -9.0 } else { enquiries as f64 });
        all.job.push(JOBS[job]);
    }
    all
}

impl Applications {
    pub(super) fn batch(&self) -> Batch<'_> {
        let job = Column::text(self.job.iter().map(|job| Some(*job).filter(|job| !job.is_empty())));
        let numbers = |values: &Vec<f64>| Column::numbers(values.clone());
        let batch = Batch::new(ROWS).with("age", numbers(&self.age)).unwrap().with("income", numbers(&self.income)).unwrap();
        let batch = batch.with("debt", numbers(&self.debt)).unwrap().with("enquiries", numbers(&self.enquiries)).unwrap();
        batch.with("job", job).unwrap().with("bad", numbers(&self.bad)).unwrap()
    }

    pub(super) fn row(&self, i: usize) -> [Value<'static>; 5] {
        let job = if self.job[i].is_empty() { Value::Missing } else { Value::Category(self.job[i]) };
        [self.age[i], self.income[i], self.debt[i], self.enquiries[i]]
            .map(Value::Number)
            .into_iter()
            .chain([job])
            .collect::<Vec<_>>()
            .try_into()
            .unwrap()
    }
}

/// Settings over age, income, debt, enquiries (special code −9) and job. Age and job share a reason.
pub(super) fn config() -> PipelineConfig {
    let mut enquiries = Field::new("enquiries", Kind::Number);
    enquiries.special = vec![Special { code: Code::Number(-9.0), name: "no file".into() }];
    let number = |name: &str| Field::new(name, Kind::Number);
    let fields = vec![number("age"), number("income"), number("debt"), enquiries, Field::new("job", Kind::Category)];
    let reason = |feature: &str, code: &str| VariableReason { feature: feature.into(), code: code.into(), text: code.into() };
    let mut config = PipelineConfig::new(Schema { fields }, "bad");
    config.model.min_iv = 0.0;
    config.reasons = vec![reason("age", "PERSON"), reason("job", "PERSON"), reason("enquiries", "INQ")];
    config
}

/// A card of the fields as they are.
pub(super) fn direct(change: impl FnOnce(&mut PipelineConfig)) -> Pipeline {
    let mut config = config();
    change(&mut config);
    super::fit(&[applications().batch()], config, Threads::One).unwrap()
}

/// A card of features too: burden depends on debt and income, prime on age alone.
pub(super) fn derived(change: impl FnOnce(&mut PipelineConfig)) -> Pipeline {
    direct(|config| {
        config.features =
            vec![Feature::new("burden", "debt / income"), Feature::new("prime", "CASE WHEN age > 45 THEN 90 - age ELSE age END")];
        config.candidates = Some(["burden", "prime", "enquiries", "job"].map(str::to_owned).to_vec());
        change(config);
    })
}
