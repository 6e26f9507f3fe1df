/* Demand: who accepts a price, the best legal price, and what a budget is lent to. */

import type { Allocation, AllocationInput } from './allocation.js'
import type { Decimal, Numeric } from './common.js'
import type { LifetimeTerms, SinglePeriod } from './returns.js'

export interface DemandCalculations {
  /** The share of offers accepted at a rate, and its elasticity. */
  take_up: { input: TakeUpInput; answer: TakeUpAnswer }
  /** Prices in equal steps with what each earns. */
  price_ladder: { input: PriceLadderInput; answer: PriceLadderAnswer }
  /** The legal price at which an offer is expected to earn most. */
  best_price: { input: BestPriceInput; answer: BestPrice }
  /** Prices by segment that earn most for the volume they bring. */
  efficient_frontier: { input: EfficientFrontierInput; answer: EfficientFrontierAnswer }
  /** What a lending budget is lent to, with prices of its limits and a bound on the optimum. */
  allocation: { input: AllocationInput; answer: Allocation }
}

/** A curve and a rate. */
export interface TakeUpInput {
  /** The curve. */
  curve: TakeUp
  /** A fraction per year. */
  rate: Numeric
}

/** How the share of accepted offers falls with the rate. */
export type TakeUp =
  /** 1 / (1 + exp(-(intercept + slope · rate))), the slope at most 0. */
  | { type: 'logit'; intercept: Numeric; slope: Numeric }
  /** Observed shares by rising rate, which do not rise; linear between them. */
  | { type: 'table'; points: readonly TakeUpPoint[] }

/** An observed share. */
export interface TakeUpPoint {
  /** A fraction per year. */
  rate: Numeric
  /** Share of offers accepted, in [0, 1]. */
  share: Numeric
}

/** Demand at a rate. */
export interface TakeUpAnswer {
  /** Share of offers accepted, in [0, 1]. */
  share: Decimal
  /** By how many per cent the share changes when the rate rises by one per cent of itself. */
  elasticity: Decimal
}

/** What an accepted offer earns: its economic value added, per unit of the loan, in one year or over its life. */
export type Earnings = { type: 'single_period'; loan: SinglePeriod } | { type: 'lifetime'; terms: LifetimeTerms }

/** Prices to be tried; rates are fractions per year. */
export interface PriceLadderInput {
  /** Who accepts. */
  curve: TakeUp
  /** What an accepted offer earns. */
  earns: Earnings
  /** RAROC after tax that must be reached, a fraction per year. */
  hurdle: Numeric
  /** The lowest rate. */
  low: Numeric
  /** The highest rate. */
  high: Numeric
  /** Steps between them, 1 to 100,000. */
  steps: number
}

/** Prices with what each earns. */
export interface PriceLadderAnswer {
  /** By rising rate, one more than steps. */
  rungs: PriceRung[]
}

/** One price; values are in the unit of what an accepted offer earns. The rungs of an answer can be part of an input. */
export interface PriceRung<N extends Numeric = Decimal> {
  /** A fraction per year. */
  rate: N
  /** Share of offers accepted, in [0, 1]. */
  share: N
  /** What an accepted offer earns. */
  value: N
  /** What an offer earns: share times value. */
  expected: N
}

/** A price to be found between what the hurdle needs and the cap. */
export interface BestPriceInput {
  /** Who accepts. */
  curve: TakeUp
  /** What an accepted offer earns. */
  earns: Earnings
  /** RAROC after tax that must be reached, a fraction per year. */
  hurdle: Numeric
  /** The cap, a fraction per year. */
  cap: Numeric
  /** Steps in which it is looked for, 1 to 100,000; 200 without it. */
  steps?: number
}

/** The price that earns most per offer, or why there is none: what the hurdle needs lies above the cap. */
export type BestPrice =
  /** `at_bound` tells whether it lies at an end of what is allowed. */
  | { type: 'quote'; rung: PriceRung; at_bound: boolean }
  | { type: 'no_legal_price'; needed: Decimal; cap: Decimal }

/** Segments with their prices. */
export interface EfficientFrontierInput {
  /** The segments. */
  segments: readonly SegmentLadder[]
}

/** A segment with the prices that are allowed for it. */
export interface SegmentLadder {
  /** Its name. */
  segment: string
  /** Offers, at least 0. */
  offers: Numeric
  /** Amount of an offer, above 0. */
  amount: Numeric
  /** Its prices, at least one. */
  rungs: readonly PriceRung<Numeric>[]
}

/** The frontier. */
export interface EfficientFrontierAnswer {
  /** By rising volume. */
  points: FrontierPoint[]
}

/** A choice of prices: no other earns as much with as much volume. */
export interface FrontierPoint {
  /** Amount of all accepted offers. */
  volume: Decimal
  /** What they earn. */
  profit: Decimal
  /** The rate of each segment, in the order given; fractions per year. */
  rates: Decimal[]
}
