//! First centres by k-means++, Lloyd's steps, and the best of several starts.

use super::KMeansConfig;
use super::points::{Points, nearest, squared};
use crate::error::{Convergence, Error, Problem, Result};
use crate::math::Random;
use crate::parallel::Threads;

/// Steps of Lloyd, which as a rule ends after some dozens.
const MAX_STEPS: u32 = 1_000;

/// Centres in their order, the cluster of each row, and the inertia.
pub(in crate::segment) type Clusters = (Vec<Vec<f64>>, Vec<usize>, f64);

/// The best clusters of several starts; of equally good ones those of the first start.
pub(in crate::segment) fn cluster(points: &Points, config: &KMeansConfig, threads: Threads) -> Result<Clusters> {
    let mut seeds = Random::new(config.seed);
    let seeds: Vec<u64> = (0..config.starts).map(|_| seeds.bits()).collect();
    let found = threads.map(seeds, |seed| {
        let centres = first_centres(points, config.clusters, &mut Random::new(seed))?;
        lloyd(points, centres)
    })?;
    let best = found.into_iter().reduce(|best, one| if one.2 < best.2 { one } else { best });
    best.map(in_order).ok_or_else(|| Error::internal("k-means without a start"))
}

/// k-means++: the first centre is any row, each further one a row with a chance in proportion to its squared distance from those
/// chosen before (Arthur and Vassilvitskii 2007).
fn first_centres(points: &Points, clusters: usize, random: &mut Random) -> Result<Vec<Vec<f64>>> {
    let mut centres = vec![points.row(random.below(points.len())).to_vec()];
    let mut distances = vec![f64::INFINITY; points.len()];
    while centres.len() < clusters {
        let newest = centres.last().map_or(&[][..], Vec::as_slice);
        for (distance, point) in distances.iter_mut().zip(points.rows()) {
            *distance = distance.min(squared(newest, point));
        }
        let total: f64 = distances.iter().sum();
        if total <= 0.0 {
            let what = format!("there are fewer different rows than the {clusters} clusters");
            return Err(Error::insufficient(Problem::new(what, "ask for fewer clusters").field("kmeans.clusters")));
        }
        let mut left = random.unit() * total;
        // Rounding may leave a little beyond the last row: then the last one that is no centre yet.
        let mut chosen = 0;
        for (row, distance) in distances.iter().enumerate().filter(|(_, distance)| **distance > 0.0) {
            chosen = row;
            left -= distance;
            if left < 0.0 {
                break;
            }
        }
        centres.push(points.row(chosen).to_vec());
    }
    Ok(centres)
}

/// Lloyd's steps: each row to its nearest centre, each centre to the mean of its rows, until no row moves.
fn lloyd(points: &Points, mut centres: Vec<Vec<f64>>) -> Result<Clusters> {
    let mut labels = vec![usize::MAX; points.len()];
    let mut shift = f64::INFINITY;
    for _ in 0..MAX_STEPS {
        let mut inertia = 0.0;
        let mut moved = false;
        let mut farthest = (0, -1.0);
        let mut counts = vec![0usize; centres.len()];
        let mut sums = vec![vec![0.0; points.width()]; centres.len()];
        for (row, (label, point)) in labels.iter_mut().zip(points.rows()).enumerate() {
            let (at, distance) = nearest(&centres, point);
            moved |= *label != at;
            *label = at;
            inertia += distance;
            if distance > farthest.1 {
                farthest = (row, distance);
            }
            counts[at] += 1;
            sums[at].iter_mut().zip(point).for_each(|(sum, value)| *sum += value);
        }
        // A centre that lost all its rows starts again at the row that lies worst.
        if let Some(empty) = counts.iter().position(|count| *count == 0) {
            centres[empty] = points.row(farthest.0).to_vec();
            continue;
        }
        if !moved {
            return Ok((centres, labels, inertia));
        }
        for (sum, count) in sums.iter_mut().zip(&counts) {
            sum.iter_mut().for_each(|sum| *sum /= *count as f64);
        }
        shift = centres.iter().zip(&sums).map(|(before, after)| squared(before, after)).fold(0.0, f64::max).sqrt();
        centres = sums;
    }
    let problem =
        Problem::new("rows still move between clusters", "ask for fewer clusters, or leave out fields that only add noise");
    Err(Error::not_converged(Convergence { iterations: MAX_STEPS, gradient: shift }, problem))
}

/// The same clusters in the order of their centres.
fn in_order((centres, labels, inertia): Clusters) -> Clusters {
    let mut order: Vec<usize> = (0..centres.len()).collect();
    order.sort_by(|&a, &b| {
        let compared = centres[a].iter().zip(&centres[b]).map(|(a, b)| a.total_cmp(b));
        compared.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    });
    let mut place = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new;
    }
    let labels = labels.into_iter().map(|label| place[label]).collect();
    (order.into_iter().map(|old| centres[old].clone()).collect(), labels, inertia)
}
