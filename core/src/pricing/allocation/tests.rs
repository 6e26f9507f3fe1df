//! Brute force, published knapsacks, laws of duality, and the question of a bank.

use std::collections::BTreeMap;

use super::super::demand::{PriceRung, TakeUp};
use super::super::money::Money;
use super::super::raroc::{FundingBase, SinglePeriod};
use super::*;
use crate::error::ErrorCode;
use crate::math::Random;

fn money(whole: i64) -> Money {
    Money::new(whole * 100, 2).unwrap()
}

fn rung(rate: f64, share: f64, value: f64) -> PriceRung {
    PriceRung { rate, share, value, expected: share * value }
}

fn groups(pairs: &[(&str, String)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, group)| ((*key).to_owned(), group.clone())).collect()
}

/// Candidates with menus of `prices` rates; all amounts the same from smallest to largest when `fixed`.
fn candidates(random: &mut Random, count: usize, prices: usize, fixed: bool) -> Vec<Candidate> {
    let one = |_| {
        let smallest = 10_000 + random.below(400_000) as i64;
        let largest = if fixed { smallest } else { smallest + random.below(900_000) as i64 };
        let (cost, slope) = (0.02 + 0.06 * random.unit(), 15.0 + 40.0 * random.unit());
        let rungs = (0..prices).map(|at| {
            let rate = cost + 0.1 * (at as f64 + random.unit()) / prices as f64;
            rung(rate, 1.0 / (1.0 + (slope * (rate - cost) - 1.5)), rate - cost)
        });
        let rungs = rungs.map(|one| PriceRung { share: one.share.clamp(0.0, 1.0), ..one }).collect();
        let capital = 0.02 + 0.12 * random.unit();
        let groups = groups(&[
            ("industry", ["retail", "metal", "farms"][random.below(3)].to_owned()),
            ("tier", ["A", "B", "C"][random.below(3)].to_owned()),
        ]);
        Candidate { smallest: money(smallest), largest: money(largest), menu: OfferMenu::Rungs { rungs, capital }, groups }
    };
    (0..count).map(one).collect()
}

/// A budget for a part of what could be lent, capital for a part of that, and two caps whose groups are there.
fn terms(random: &mut Random, candidates: &[Candidate], volume: VolumeBasis) -> AllocationTerms {
    let all: i64 = candidates.iter().map(|one| one.largest.minor()).sum();
    let mut terms = AllocationTerms::of(Money::new((all as f64 * (0.1 + 0.4 * random.unit())) as i64, 2).unwrap(), volume);
    let part = |random: &mut Random, of: f64, low: f64| (of * (low + 0.4 * random.unit())) as i64;
    terms.capital_budget = Money::new(part(random, terms.budget.minor() as f64, 0.02) / 4, 2);
    let first = &candidates[0].groups;
    let amount = Money::new(part(random, terms.budget.minor() as f64, 0.2), 2).unwrap();
    terms.caps = vec![
        GroupCap {
            key: "tier".into(),
            group: first["tier"].clone(),
            limit: GroupLimit::Share { share: 0.2 + 0.3 * random.unit() },
        },
        GroupCap { key: "industry".into(), group: first["industry"].clone(), limit: GroupLimit::Amount { amount } },
    ];
    terms
}

/// What a choice of prices uses per unit of each amount (a row a limit) and earns per unit, straight from the inputs.
struct Linear {
    uses: Vec<Vec<f64>>,
    earns: Vec<f64>,
    limits: Vec<f64>,
}

fn linear(terms: &AllocationTerms, candidates: &[Candidate], chosen: &[usize]) -> Linear {
    let budget = terms.budget.minor() as f64;
    let mut limits = vec![budget, terms.capital_budget.map_or(f64::INFINITY, |capital| capital.minor() as f64)];
    limits.extend(terms.caps.iter().map(|cap| match cap.limit {
        GroupLimit::Share { share } => share * budget,
        GroupLimit::Amount { amount } => amount.minor() as f64,
    }));
    let (mut uses, mut earns) = (vec![Vec::new(); limits.len()], Vec::new());
    for (candidate, &at) in candidates.iter().zip(chosen) {
        let OfferMenu::Rungs { rungs, capital } = &candidate.menu else { panic!() };
        let (share, value) = if at == 0 { (0.0, 0.0) } else { (rungs[at - 1].share, rungs[at - 1].value) };
        let volume = if at == 0 || terms.volume == VolumeBasis::ExpectedDrawn { share } else { 1.0 };
        earns.push(share * value);
        uses[0].push(volume);
        uses[1].push(volume * capital);
        for (row, cap) in terms.caps.iter().enumerate() {
            uses[2 + row].push(if candidate.groups.get(&cap.key) == Some(&cap.group) { volume } else { 0.0 });
        }
    }
    Linear { uses, earns, limits }
}

impl Linear {
    fn value(&self, amounts: &[f64]) -> f64 {
        self.earns.iter().zip(amounts).map(|(earns, amount)| earns * amount).sum()
    }

    fn feasible(&self, amounts: &[f64]) -> bool {
        self.uses
            .iter()
            .zip(&self.limits)
            .all(|(row, limit)| row.iter().zip(amounts).map(|(uses, amount)| uses * amount).sum::<f64>() <= limit * (1.0 + 1e-12))
    }

    /// The best amounts of all corners: some amounts lie between their bounds, and as many limits are used up.
    fn best_corner(&self, bounds: &[(f64, f64)]) -> f64 {
        let (count, rows) = (bounds.len(), self.limits.len());
        let mut best = f64::NEG_INFINITY;
        for between in 0..1_usize << count {
            for tight in (0..1_usize << rows).filter(|tight| tight.count_ones() == between.count_ones()) {
                let members = |mask: usize, size: usize| (0..size).filter(move |at| mask >> at & 1 == 1).collect::<Vec<_>>();
                let (inner, rows, outer) = (members(between, count), members(tight, rows), members(!between, count));
                for ends in 0..1_usize << outer.len() {
                    let mut amounts = vec![0.0; count];
                    for (place, &at) in outer.iter().enumerate() {
                        amounts[at] = if ends >> place & 1 == 1 { bounds[at].1 } else { bounds[at].0 };
                    }
                    let system = rows.iter().map(|&row| {
                        let rest: f64 = self.uses[row].iter().zip(&amounts).map(|(uses, amount)| uses * amount).sum();
                        inner.iter().map(|&at| self.uses[row][at]).chain([self.limits[row] - rest]).collect()
                    });
                    let Some(solved) = solve(system.collect()) else { continue };
                    inner.iter().zip(solved).for_each(|(&at, amount)| amounts[at] = amount);
                    let inside =
                        amounts.iter().zip(bounds).all(|(amount, (low, high))| (low - 1e-6..=high + 1e-6).contains(amount));
                    if inside && self.feasible(&amounts) {
                        best = best.max(self.value(&amounts));
                    }
                }
            }
        }
        best
    }
}

/// Gauss with pivots, of rows that end with the right-hand side.
fn solve(mut rows: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let size = rows.len();
    for column in 0..size {
        let pivot = (column..size).max_by(|&a, &b| rows[a][column].abs().total_cmp(&rows[b][column].abs()))?;
        rows.swap(column, pivot);
        if rows[column][column].abs() < 1e-12 || !rows[column][size].is_finite() {
            return None;
        }
        for row in 0..size {
            let factor = if row == column { 0.0 } else { rows[row][column] / rows[column][column] };
            let above = rows[column].clone();
            rows[row].iter_mut().zip(above).for_each(|(value, above)| *value -= factor * above);
        }
    }
    Some((0..size).map(|at| rows[at][size] / rows[at][at]).collect())
}

/// The optimum over every choice of prices, in the currency.
fn brute_force(terms: &AllocationTerms, candidates: &[Candidate]) -> f64 {
    let sizes: Vec<usize> =
        candidates.iter().map(|one| if let OfferMenu::Rungs { rungs, .. } = &one.menu { rungs.len() } else { 0 }).collect();
    let mut chosen = vec![0; candidates.len()];
    let mut best = 0.0_f64;
    loop {
        let problem = linear(terms, candidates, &chosen);
        let bounds: Vec<(f64, f64)> = (candidates.iter().zip(&chosen))
            .map(|(one, &at)| if at == 0 { (0.0, 0.0) } else { (one.smallest.minor() as f64, one.largest.minor() as f64) })
            .collect();
        let least: Vec<f64> = bounds.iter().map(|bound| bound.0).collect();
        if problem.feasible(&least) {
            let fixed = bounds.iter().all(|(low, high)| low == high);
            best = best.max(if fixed { problem.value(&least) } else { problem.best_corner(&bounds) });
        }
        let Some(next) = (0..chosen.len()).find(|&at| chosen[at] < sizes[at]) else { return best / 100.0 };
        chosen[..next].fill(0);
        chosen[next] += 1;
    }
}

/// What holds of every answer.
fn sound(terms: &AllocationTerms, candidates: &[Candidate], found: &Allocation) {
    assert_eq!(found.choices.len(), candidates.len());
    let (mut offered, mut profit, mut volume) = (0, 0.0, 0.0);
    for (candidate, choice) in candidates.iter().zip(&found.choices) {
        if let Choice::Offer { amount, volume: one, profit: earned, share, .. } = choice {
            assert!((candidate.smallest.minor()..=candidate.largest.minor()).contains(&amount.minor()));
            let counted = if terms.volume == VolumeBasis::Committed { 1.0 } else { *share };
            assert!((one - counted * amount.minor() as f64 / 100.0).abs() < 1e-6);
            offered += amount.minor();
            profit += earned;
            volume += one;
        }
    }
    assert_eq!(offered, found.offered.minor());
    assert!((profit - found.profit).abs() <= 1e-9 * profit && (volume - found.volume).abs() <= 1e-9 * volume);
    assert!(found.constraints.iter().all(|one| one.used <= one.limit && one.price >= 0.0 && one.price.is_finite()));
    assert!(found.profit <= found.bound && found.bound <= found.relaxed * (1.0 + 1e-12) && found.gap >= 0.0);
}

#[test]
fn the_optimum_is_that_of_brute_force() {
    let mut random = Random::new(1);
    let mut proved = 0;
    for case in 0..240 {
        let fixed = case % 2 == 0;
        let (count, prices) = if fixed { (2 + random.below(6), 3) } else { (2 + random.below(3), 3) };
        let candidates = candidates(&mut random, count, prices, fixed);
        let basis = [VolumeBasis::ExpectedDrawn, VolumeBasis::Committed][case / 2 % 2];
        let terms = terms(&mut random, &candidates, basis);
        let found = terms.allocate(&candidates).unwrap();
        sound(&terms, &candidates, &found);
        let best = brute_force(&terms, &candidates);
        // A minor unit for each candidate, since amounts are whole.
        let near = 1e-7 * best + 0.01;
        assert!(found.bound >= best - 1e-9 * best, "case {case}: the bound {} is below the optimum {best}", found.bound);
        assert!(found.profit <= best + near, "case {case}: {} is above the optimum {best}", found.profit);
        if found.proved {
            proved += 1;
            assert!(found.profit >= best - near, "case {case}: {} is below the optimum {best}", found.profit);
        }
    }
    assert_eq!(proved, 240);
}

#[test]
fn a_published_knapsack() {
    // Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, section on greedy knapsacks: weights 10, 20, 30 with values
    // 60, 100, 120 and room for 50: 220 at best, 160 by the greedy rule, 240 in parts.
    let item = |weight: i64, value: f64| Candidate {
        smallest: money(weight),
        largest: money(weight),
        menu: OfferMenu::Rungs { rungs: vec![rung(0.1, 1.0, value / weight as f64)], capital: 0.0 },
        groups: BTreeMap::new(),
    };
    let terms = AllocationTerms::of(money(50), VolumeBasis::Committed);
    let found = terms.allocate(&[item(10, 60.0), item(20, 100.0), item(30, 120.0)]).unwrap();
    assert!((found.profit - 220.0).abs() < 1e-9 && (found.relaxed - 240.0).abs() < 1e-6 && found.proved);
    assert!((found.constraints[0].price - 4.0).abs() < 1e-6);
    assert_eq!(found.choices[0], Choice::Nothing { reason: NoOffer::Outbid });
}

#[test]
fn many_candidates_come_near_the_optimum() {
    let mut random = Random::new(2);
    for basis in [VolumeBasis::ExpectedDrawn, VolumeBasis::Committed] {
        let candidates = candidates(&mut random, 2000, 12, false);
        let terms = terms(&mut random, &candidates, basis);
        let found = terms.allocate(&candidates).unwrap();
        sound(&terms, &candidates, &found);
        assert!(found.relative_gap() < 1e-4, "{}", found.relative_gap());
    }
}

#[test]
fn a_shadow_price_is_what_one_more_unit_earns() {
    let mut random = Random::new(3);
    let mut binding = 0;
    for _ in 0..20 {
        let candidates = candidates(&mut random, 40, 6, false);
        let terms = AllocationTerms { nodes: 0, ..terms(&mut random, &candidates, VolumeBasis::ExpectedDrawn) };
        let found = terms.allocate(&candidates).unwrap();
        let relaxed = |step: i64, row: usize| {
            let moved = |amount: Money| Money::new(amount.minor() + 100 * step, 2).unwrap();
            let mut other = terms.clone();
            match row {
                0 => {
                    // A share of the budget must stay the amount that it is.
                    let GroupLimit::Share { share } = terms.caps[0].limit else { panic!() };
                    other.budget = moved(terms.budget);
                    let kept = share * terms.budget.minor() as f64 / other.budget.minor() as f64;
                    other.caps[0].limit = GroupLimit::Share { share: kept };
                }
                1 => other.capital_budget = terms.capital_budget.map(moved),
                _ => {
                    let GroupLimit::Amount { amount } = terms.caps[1].limit else { panic!() };
                    other.caps[1].limit = GroupLimit::Amount { amount: moved(amount) };
                }
            }
            other.allocate(&candidates).unwrap().relaxed
        };
        for (row, at) in [(0, 0), (1, 1), (3, 3)] {
            let price = found.constraints[at].price;
            // The relaxed optimum is concave in a limit: the price lies between what a step up earns and a step down costs.
            let (up, down) = (relaxed(10, row) - found.relaxed, found.relaxed - relaxed(-10, row));
            let near = 1e-8 * found.relaxed;
            assert!(up <= 10.0 * price + near && 10.0 * price <= down + near, "{up} {price} {down}");
            binding += usize::from(price > 0.0);
            if found.constraints[at].used < 0.8 * found.constraints[at].limit {
                assert_eq!(price, 0.0);
            }
        }
    }
    assert!(binding > 20, "{binding}");
}

#[test]
fn neither_order_nor_threads_change_the_choice() {
    let mut random = Random::new(4);
    for count in [6, 12, 20, 80, 150, 400] {
        let candidates = candidates(&mut random, count, 8, false);
        let terms = terms(&mut random, &candidates, VolumeBasis::ExpectedDrawn);
        let found = terms.allocate(&candidates).unwrap();
        let mut order: Vec<usize> = (0..count).collect();
        for at in (1..count).rev() {
            order.swap(at, random.below(at + 1));
        }
        let shuffled: Vec<Candidate> = order.iter().map(|&at| candidates[at].clone()).collect();
        let runs: Vec<Allocation> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..3).map(|_| scope.spawn(|| terms.allocate(&shuffled).unwrap())).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        for run in runs {
            let again: Vec<Choice> =
                (0..count).map(|at| run.choices[order.iter().position(|&o| o == at).unwrap()].clone()).collect();
            assert_eq!(again, found.choices);
            assert_eq!(
                [run.profit, run.bound, run.relaxed].map(f64::to_bits),
                [found.profit, found.bound, found.relaxed].map(f64::to_bits)
            );
            assert_eq!(run.constraints, found.constraints);
        }
    }
}

/// 100 million to companies in four tiers that get 100,000 to 1,000,000 each at 4 % to 15 %; D gets nothing.
fn bank(random: &mut Random, count: usize) -> (AllocationTerms, Vec<Candidate>) {
    let tiers = [("A", 0.008, -45.0), ("B", 0.02, -35.0), ("C", 0.05, -25.0), ("D", 0.25, -15.0)];
    let candidates = (0..count).map(|_| {
        let (tier, pd, _) = tiers[random.below(4)];
        let pd = pd * (0.7 + 0.6 * random.unit());
        let menu = if tier == "D" {
            OfferMenu::Declined { reason: "tier D".into() }
        } else {
            let loan = SinglePeriod {
                rate: 0.0,
                fees: 0.0,
                funding: 0.025,
                funding_base: FundingBase::Ead,
                opex: 0.005,
                expected_loss: 0.45 * pd,
                capital: 0.04 + pd,
                capital_benefit: 0.0,
                tax: 0.25,
            };
            // Some cannot carry the hurdle under a cap of their own.
            let cap = if random.below(20) == 0 { 0.041 } else { 0.15 };
            OfferMenu::Priced { loan, hurdle: 0.12, lowest: 0.04, cap, segment: tier.into() }
        };
        let industry = ["retail", "metal", "farms", "software"][random.below(4)];
        let groups = groups(&[("tier", tier.to_owned()), ("industry", industry.to_owned())]);
        Candidate { smallest: money(100_000), largest: money(1_000_000), menu, groups }
    });
    let candidates = candidates.collect();
    let mut terms = AllocationTerms::of(money(100_000_000), VolumeBasis::ExpectedDrawn);
    for (tier, _, slope) in &tiers[..3] {
        terms.take_up.insert((*tier).to_owned(), TakeUp::Logit { intercept: 3.0, slope: *slope });
    }
    terms.capital_budget = Some(money(6_500_000));
    terms.caps = [("tier", "C", 0.2), ("industry", "retail", 0.2), ("industry", "metal", 0.35)]
        .map(|(key, group, share)| GroupCap { key: key.into(), group: group.into(), limit: GroupLimit::Share { share } })
        .into();
    (terms, candidates)
}

#[test]
fn the_question_of_a_bank() {
    let (terms, candidates) = bank(&mut Random::new(5), 425);
    let found = terms.allocate(&candidates).unwrap();
    sound(&terms, &candidates, &found);
    assert!(found.relative_gap() < 1e-4, "{}", found.relative_gap());
    let dear: Vec<&ConstraintUse> = found.constraints.iter().filter(|one| one.price > 0.0).collect();
    assert!(dear.len() >= 2 && dear.iter().all(|one| one.used > 0.99 * one.limit), "{dear:?}");
    let mut refused = [0; 3];
    for (candidate, choice) in candidates.iter().zip(&found.choices) {
        match (&candidate.menu, choice) {
            (OfferMenu::Declined { .. }, Choice::Nothing { reason: NoOffer::Declined { reason } }) if reason == "tier D" => {
                refused[0] += 1
            }
            (OfferMenu::Declined { .. }, other) => panic!("{other:?}"),
            (OfferMenu::Priced { loan, cap, .. }, Choice::Offer { rate, .. }) => {
                assert!((0.04..=*cap).contains(rate) && *rate >= loan.break_even_rate(0.12));
            }
            (_, Choice::Nothing { reason: NoOffer::NoLegalPrice { needed, cap } }) => {
                assert!(needed > cap);
                refused[1] += 1;
            }
            (_, Choice::Nothing { reason: NoOffer::Outbid }) => refused[2] += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(refused.iter().all(|&count| count > 0), "{refused:?}");
}

#[test]
fn every_problem_is_named_at_once() {
    let (mut terms, mut candidates) = bank(&mut Random::new(6), 40);
    terms.budget = Money::new(-1, 2).unwrap();
    terms.capital_budget = Money::new(5, 0);
    terms.steps = 0;
    terms.caps[0].limit = GroupLimit::Share { share: 0.0 };
    terms.caps[1].group = "banks".into();
    candidates[0].smallest = money(2_000_000);
    candidates[1].largest = Money::new(1_000_000, 0).unwrap();
    candidates[2].menu = OfferMenu::Rungs { rungs: vec![rung(f64::NAN, 2.0, 1.0)], capital: -1.0 };
    let error = terms.allocate(&candidates).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidConfig);
    let places: Vec<(&str, Option<u64>)> =
        error.problems().iter().map(|one| (one.field.as_deref().unwrap_or(""), one.row)).collect();
    for wanted in [
        ("budget", None),
        ("capital_budget", None),
        ("steps", None),
        ("caps[0].limit", None),
        ("caps[1]", None),
        ("largest", Some(0)),
        ("smallest", Some(1)),
        ("rungs", Some(2)),
        ("capital", Some(2)),
    ] {
        assert!(places.contains(&wanted), "{wanted:?} in {places:?}");
    }
    let error = AllocationTerms::of(money(1), VolumeBasis::Committed).allocate(&[]).unwrap_err();
    assert_eq!((error.code(), error.problems().len()), (ErrorCode::InvalidData, 1));
}

#[test]
fn nothing_to_lend_and_more_than_enough() {
    let mut random = Random::new(7);
    let candidates = candidates(&mut random, 30, 5, false);
    let declined = OfferMenu::Declined { reason: "tier D".into() };
    let nobody = [Candidate { menu: declined, ..candidates[0].clone() }];
    let nobody = AllocationTerms::of(money(1), VolumeBasis::ExpectedDrawn).allocate(&nobody).unwrap();
    assert!(nobody.proved && [nobody.profit, nobody.bound, nobody.gap, nobody.relative_gap()] == [0.0; 4]);
    let none = AllocationTerms::of(money(0), VolumeBasis::ExpectedDrawn).allocate(&candidates).unwrap();
    assert_eq!((none.profit, none.offered.minor(), none.constraints[0].used), (0.0, 0, 0.0));
    let plenty = AllocationTerms::of(money(1_000_000_000), VolumeBasis::ExpectedDrawn).allocate(&candidates).unwrap();
    assert!(plenty.proved && plenty.constraints[0].price == 0.0);
    // Everyone gets the largest amount at the rate that earns most.
    for (candidate, choice) in candidates.iter().zip(&plenty.choices) {
        let OfferMenu::Rungs { rungs, .. } = &candidate.menu else { panic!() };
        let most = rungs.iter().map(|rung| rung.share * rung.value).fold(0.0, f64::max);
        let Choice::Offer { amount, profit, .. } = choice else { panic!() };
        assert!(*amount == candidate.largest && (profit - most * amount.minor() as f64 / 100.0).abs() < 1e-6);
    }
}
