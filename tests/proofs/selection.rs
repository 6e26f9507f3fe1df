//! The choice of variables on real data, against models that are fitted anew for every step.

use scoreline::binning::{FeatureBins, Lookup};
use scoreline::data::WEIGHT_ONE;
use scoreline::model::{
    Action, Criterion, Direction, Information, Logistic, Method, ModelConfig, Newton, Progress, Quadratic, SelectionConfig,
    select,
};
use scoreline::stats::Counts;
use scoreline::{Pipeline, Threads};
use scoreline_tests::GERMAN;

/// Bin codes of South German Credit in every field that has bins.
struct German {
    bins: Vec<FeatureBins>,
    codes: Vec<Vec<u8>>,
    event: Vec<bool>,
    counts: Counts,
}

impl German {
    fn new() -> Self {
        let mut config = GERMAN.config();
        config.split = None;
        config.model = ModelConfig { min_iv: 0.0, max_variables: 128, ..ModelConfig::default() };
        config.model.selection.signs = Action::Flag;
        let frame = GERMAN.frame();
        let batch = frame.batch();
        let pipeline: Pipeline = scoreline::fit(std::slice::from_ref(&batch), config, Threads::One).unwrap();
        let fields = |bins: &FeatureBins| batch.column(&bins.feature).is_ok() && bins.iv > 0.0;
        let bins: Vec<FeatureBins> = pipeline.bins.into_iter().filter(fields).collect();
        let codes = bins
            .iter()
            .map(|bins| {
                let (lookup, column) = (Lookup::new(bins, &[]), batch.column(&bins.feature).unwrap());
                (0..batch.rows()).map(|row| lookup.code(column.value(row)).0).collect()
            })
            .collect();
        let event: Vec<bool> = frame.numbers("target").iter().map(|target| *target == 1.0).collect();
        let mut counts = Counts::default();
        event.iter().for_each(|event| counts.add_row(*event, WEIGHT_ONE));
        German { bins, codes, event, counts }
    }

    fn fit(&self, set: &[usize]) -> (Logistic, Quadratic) {
        let names = set.iter().map(|&j| self.bins[j].feature.clone()).collect();
        let mut newton = Newton::new(names, self.counts, ModelConfig::default());
        let weight = vec![WEIGHT_ONE; self.event.len()];
        loop {
            let woe = set.iter().map(|&j| self.bins[j].bins.iter().map(|bin| bin.woe).collect()).collect();
            let codes: Vec<&[u8]> = set.iter().map(|&j| &self.codes[j][..]).collect();
            let mut information = Information::new(woe, newton.beta().to_vec());
            let input = scoreline::model::BlockInput { codes: &codes, event: &self.event, weight: &weight, offset: &[] };
            if let Progress::Fitted(fitted) = newton.advance(&information.sums(input)).unwrap() {
                return *fitted;
            }
        }
    }

    /// Stepwise search that fits every neighbouring set.
    fn exact(&self, direction: Direction, price: f64) -> Vec<usize> {
        let all = 0..self.bins.len();
        let mut set: Vec<usize> = if direction == Direction::Backward { all.clone().collect() } else { Vec::new() };
        let cost = |set: &[usize]| price * set.len() as f64 - 2.0 * self.fit(set).0.log_likelihood;
        let mut best = cost(&set);
        loop {
            let mut neighbours: Vec<Vec<usize>> = Vec::new();
            if direction != Direction::Forward {
                neighbours.extend(set.iter().map(|j| set.iter().copied().filter(|k| k != j).collect()));
            }
            if direction != Direction::Backward {
                neighbours.extend(all.clone().filter(|j| !set.contains(j)).map(|j| [&set[..], &[j]].concat()));
            }
            let costs = neighbours.into_iter().map(|set| (cost(&set), set));
            match costs.reduce(|a, b| if b.0 < a.0 { b } else { a }) {
                Some((lower, next)) if lower < best => (best, set) = (lower, next),
                _ => break,
            }
        }
        set.sort_unstable();
        set
    }
}

/// The quadratic approximation chooses the very variables that refitting chooses, ties apart.
#[test]
fn the_approximation_chooses_what_refitting_chooses() {
    let german = German::new();
    let all: Vec<usize> = (0..german.bins.len()).collect();
    assert!(all.len() >= 12, "{}", all.len());
    let full = german.fit(&all).1;
    for (direction, criterion) in [
        (Direction::Forward, Criterion::Aic),
        (Direction::Backward, Criterion::Aic),
        (Direction::Both, Criterion::Aic),
        (Direction::Forward, Criterion::Bic),
        (Direction::Backward, Criterion::Bic),
    ] {
        let method = Method::Stepwise { direction, criterion };
        let selection = SelectionConfig { method, signs: Action::Flag, ..SelectionConfig::default() };
        let config = ModelConfig { max_variables: 128, selection, ..ModelConfig::default() };
        let selected = select(None, &full, &[], &config).unwrap();
        let price = if criterion == Criterion::Aic { 2.0 } else { scoreline::math::ln(1_000.0) };
        let exact = german.exact(direction, price);
        let cost = |set: &[usize]| price * set.len() as f64 - 2.0 * german.fit(set).0.log_likelihood;
        if (direction, criterion) == (Direction::Forward, Criterion::Bic) {
            // The last step is a tie within the error of the approximation: one variable more lowers BIC by 0.03.
            assert!((cost(&selected.kept) - cost(&exact)).abs() < 0.1, "{:?} {exact:?}", selected.kept);
        } else {
            assert_eq!(selected.kept, exact, "{direction:?} {criterion:?}");
        }
        // The approximation of the chosen model lies near the model itself.
        let refitted = german.fit(&selected.kept).0;
        for (start, value) in selected.start.iter().zip(refitted.beta()) {
            assert!((start - value).abs() < 0.1, "{start} {value}");
        }
    }
}
