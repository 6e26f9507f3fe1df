//! The best row of neighbouring bins over given candidates, for any rule between neighbours.
//!
//! The state is the last bin and the number of bins; each predecessor is tried. What a bin allows behind it depends on
//! the step that led to it: a step must not be higher than the one before. So a state keeps every way to reach it that
//! no other one beats in value and step. Cost: O(K m³) predecessors for m candidates.

/// A problem whose answer is a row of neighbouring bins.
pub(crate) trait Row {
    /// What is known of one bin.
    type Bin: Copy;

    /// The highest step there is.
    const HIGHEST: f64;

    /// The bin from border `from` to border `to` and its value; `None` when it must not be.
    fn bin(&self, from: usize, to: usize) -> Option<(Self::Bin, f64)>;

    /// The step from a bin to its right neighbour; `None` when they must not be neighbours. Along a row the steps
    /// must not rise.
    fn step(&self, left: &Self::Bin, right: &Self::Bin) -> Option<f64>;
}

/// One way to a last bin: the value up to there, the step to it, and the way before.
#[derive(Debug, Clone, Copy)]
struct Way {
    value: f64,
    step: f64,
    from: usize,
    before: usize,
}

/// A bin between two candidates, with its ways for each number of bins as ranges of the list of all ways.
struct State<B> {
    bin: B,
    ways: Vec<std::ops::Range<usize>>,
}

/// The best cuts among the inner `candidates` (rising borders with both ends) and their value, for a number of bins in
/// `bins`; `None` when the rule allows none. Of equal ones the one with fewest bins, then with the leftmost cuts.
pub(crate) fn best_cuts<R: Row>(row: &R, candidates: &[usize], bins: (usize, usize)) -> Option<(Vec<usize>, f64)> {
    let last = candidates.len().checked_sub(1)?;
    let mut all: Vec<Way> = Vec::new();
    let mut ending: Vec<Vec<State<R::Bin>>> = (0..=last).map(|_| Vec::new()).collect();
    let mut fronts: Vec<Vec<Way>> = vec![Vec::new(); bins.1];
    for start in 0..last {
        let sources = std::mem::take(&mut ending[start]);
        if start > 0 && sources.is_empty() {
            continue;
        }
        for end in start + 1..=last {
            let Some((bin, value)) = row.bin(candidates[start], candidates[end]) else { continue };
            fronts.iter_mut().for_each(Vec::clear);
            if start == 0 {
                fronts[0].push(Way { value, step: R::HIGHEST, from: 0, before: usize::MAX });
            }
            for source in &sources {
                extend(row, source, (start, &bin, value), &all, &mut fronts);
            }
            if fronts.iter().any(|front| !front.is_empty()) {
                let ways = fronts.iter().map(|front| {
                    let from = all.len();
                    all.extend_from_slice(front);
                    from..all.len()
                });
                ending[end].push(State { bin, ways: ways.collect() });
            }
        }
    }
    let mut best: Option<Way> = None;
    for count in bins.0.max(1) - 1..bins.1 {
        for way in ending[last].iter().flat_map(|state| &all[state.ways[count].clone()]) {
            if best.is_none_or(|best| way.value > best.value) {
                best = Some(*way);
            }
        }
    }
    let best = best?;
    let (mut cuts, mut way) = (Vec::new(), best);
    while let Some(before) = all.get(way.before) {
        cuts.push(candidates[way.from]);
        way = *before;
    }
    cuts.reverse();
    Some((cuts, best.value))
}

/// Adds the ways through `source` to the ones that lead to `bin`.
fn extend<R: Row>(
    row: &R,
    source: &State<R::Bin>,
    (from, bin, value): (usize, &R::Bin, f64),
    all: &[Way],
    fronts: &mut [Vec<Way>],
) {
    let beaten = |count: usize, front: &[Way]| {
        // Ways are kept by falling value: the first is the best.
        all[source.ways[count].clone()].first().is_none_or(|first| beats(front, first.value + value, R::HIGHEST))
    };
    if (1..fronts.len()).all(|count| beaten(count - 1, &fronts[count])) {
        return;
    }
    let Some(step) = row.step(&source.bin, bin) else { return };
    for (count, front) in fronts.iter_mut().enumerate().skip(1) {
        let range = source.ways[count - 1].clone();
        let Some(place) = all[range.clone()].iter().position(|way| way.step >= step) else { continue };
        let before = range.start + place;
        let reached = all[before].value + value;
        if !beats(front, reached, step) {
            front.retain(|way| way.value > reached || way.step > step);
            let place = front.partition_point(|way| way.value > reached);
            front.insert(place, Way { value: reached, step, from, before });
        }
    }
}

/// Whether a way of at least this value and step is there.
fn beats(front: &[Way], value: f64, step: f64) -> bool {
    front.iter().take_while(|way| way.value >= value).any(|way| way.step >= step)
}
