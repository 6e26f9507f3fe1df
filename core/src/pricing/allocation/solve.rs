//! The whole way: menus, shadow prices, offers, and the search for few candidates.

use super::super::money::Money;
use super::answer::{Allocation, Choice, ConstraintUse};
use super::choose::{Offers, profit, rounded, volume, within};
use super::exact::{allowance, search};
use super::menu::Book;
use super::prices::{best_prices, whole};
use super::terms::{AllocationTerms, Candidate, MAX_SEARCHED};
use crate::error::{Error, Result};
use crate::stats::ExactSum;

impl AllocationTerms {
    /// Decides for each candidate: nothing, or an amount and a rate of its menu, so that the expected profit is largest within
    /// every limit. `volume` says whether the limits hold on average or whatever is accepted.
    ///
    /// The offers are feasible, and near the optimum: `gap` says how far they can be from it at most. Among at most
    /// [`MAX_SEARCHED`](super::MAX_SEARCHED) candidates the optimum itself is searched for, and `proved` says whether that came
    /// to its end. The order of the candidates matters only between equal ones.
    ///
    /// The question of a bank: 100 million, to companies that get 100,000 to 1,000,000 each at 4 % to 15 %, by tier; D gets nothing.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use scoreline::pricing::{
    ///     AllocationTerms, Candidate, Choice, FundingBase, GroupCap, GroupLimit, Money, NoOffer, OfferMenu,
    ///     SinglePeriod, TakeUp, VolumeBasis, expected_loss,
    /// };
    /// let yuan = |amount: i64| Money::new(100 * amount, 2).unwrap();
    /// let candidates: Vec<Candidate> = (0..425).map(|number| {
    ///     let (tier, pd) = [("A", 0.01), ("B", 0.025), ("C", 0.05), ("D", 0.3)][number % 4];
    ///     let menu = if tier == "D" { OfferMenu::Declined { reason: "tier D".into() } } else {
    ///         let loan = SinglePeriod {
    ///             rate: 0.0, fees: 0.0, funding: 0.025, funding_base: FundingBase::Ead, opex: 0.005,
    ///             expected_loss: expected_loss(pd, 0.45), capital: 0.08, capital_benefit: 0.0, tax: 0.25,
    ///         };
    ///         OfferMenu::Priced { loan, hurdle: 0.12, lowest: 0.04, cap: 0.15, segment: tier.into() }
    ///     };
    ///     let groups = BTreeMap::from([("tier".into(), tier.into())]);
    ///     Candidate { smallest: yuan(100_000), largest: yuan(1_000_000), menu, groups }
    /// }).collect();
    /// let mut terms = AllocationTerms::of(yuan(100_000_000), VolumeBasis::ExpectedDrawn);
    /// for (tier, slope) in [("A", -45.0), ("B", -35.0), ("C", -25.0)] {
    ///     terms.take_up.insert(tier.into(), TakeUp::Logit { intercept: 3.0, slope });
    /// }
    /// terms.caps = vec![GroupCap { key: "tier".into(), group: "C".into(), limit: GroupLimit::Share { share: 0.3 } }];
    /// let found = terms.allocate(&candidates)?;
    /// assert!(found.volume <= 1e8 && found.relative_gap() < 1e-4);
    /// assert!(found.constraints[0].price > 0.0); // one more unit of the budget earns this much a year
    /// assert!(matches!(&found.choices[3], Choice::Nothing { reason: NoOffer::Declined { reason } } if reason == "tier D"));
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`AllocationTerms::validate`].
    pub fn allocate(&self, candidates: &[Candidate]) -> Result<Allocation> {
        self.validate(candidates)?;
        let book = Book::new(self, candidates)?;
        let spans = whole(&book);
        let (priced, answers) = best_prices(&book, &spans, &vec![0.0; book.limits.len()], f64::NEG_INFINITY);
        let (prices, relaxed) = (priced.prices.clone(), priced.bound);
        let from_prices = rounded(&book, &spans, &prices);
        let from_mixture = answers.mixture(&book).map(|volumes| within(&book, &volumes, &prices));
        let mut offers = Offers::none(&book);
        for mut other in [Some(from_prices), from_mixture].into_iter().flatten() {
            other.fill(&prices);
            other.improve(&prices, true);
            offers = if other.profit() > offers.profit() { other } else { offers };
        }
        let mut bound = relaxed;
        if self.nodes > 0 && book.items.len() <= MAX_SEARCHED {
            (offers, bound) = search(&book, spans, priced, offers, self.nodes);
        }
        let earned = offers.profit();
        let bound = bound.max(earned);
        let proved = bound - earned <= allowance(&book, earned);

        let decimals = self.budget.decimals();
        let unit = (0..decimals).fold(1.0, |unit, _| unit * 10.0);
        let mut choices: Vec<Choice> = book.refused.iter().map(|reason| Choice::Nothing { reason: reason.clone() }).collect();
        let (mut offered, mut drawn, mut bound_capital) = (0_i64, ExactSum::default(), ExactSum::default());
        for (item, &offer) in book.items.iter().zip(&offers.offers) {
            let Some(price) = offer.place.checked_sub(1).and_then(|at| item.menu.get(at)) else { continue };
            let counted = volume(item, offer);
            let choice = Choice::Offer {
                amount: money(offer.amount as i64, decimals)?,
                rate: price.rate,
                share: price.share,
                volume: counted / unit,
                capital: item.capital * counted / unit,
                profit: profit(item, offer) / unit,
            };
            choices.get_mut(item.place).map(|place| *place = choice).ok_or_else(|| Error::internal("a lost candidate"))?;
            offered = offered.saturating_add(offer.amount as i64);
            drawn.add(counted);
            bound_capital.add(item.capital * counted);
        }
        let constraints = book.constraints.iter().zip(&book.limits).zip(offers.used()).zip(&prices);
        Ok(Allocation {
            choices,
            offered: money(offered, decimals)?,
            volume: drawn.value() / unit,
            capital: bound_capital.value() / unit,
            profit: earned / unit,
            constraints: constraints
                .map(|(((constraint, limit), used), &price)| ConstraintUse {
                    constraint: constraint.clone(),
                    limit: limit / unit,
                    used: used / unit,
                    price,
                })
                .collect(),
            relaxed: relaxed / unit,
            bound: bound / unit,
            gap: (bound - earned) / unit,
            proved,
        })
    }
}

fn money(minor: i64, decimals: u32) -> Result<Money> {
    Money::new(minor, decimals).ok_or_else(|| Error::internal("an amount with too many decimals"))
}
