/* What a lending budget is lent to. */

import type { Amount, Decimal, Numeric } from './common.js'
import type { PriceRung, TakeUp } from './demand.js'
import type { SinglePeriod } from './returns.js'

/** Budgets, caps and demand, and who may get an offer. Amounts are in one currency. */
export interface AllocationInput {
  /** Budgets, caps and demand. */
  terms: AllocationTerms
  /** Those who may get an offer, at least one. */
  candidates: readonly Candidate[]
}

/** Budgets, caps and demand. */
export interface AllocationTerms {
  /** The most that may be lent. */
  budget: Amount
  /** What of an offer counts: what is expected to be drawn, held on average, or its amount, never exceeded. */
  volume: 'expected_drawn' | 'committed'
  /** The most capital that may be bound; any without it. */
  capital_budget?: Amount | null
  /** Caps on groups. */
  caps?: readonly GroupCap[]
  /** The share of acceptance by segment, for menus that are priced here. */
  take_up?: { readonly [segment: string]: TakeUp }
  /** Steps of the ladder of rates between the least and the cap, 1 to 1,000; 30 without it. */
  steps?: number
  /** Nodes of the search for the optimum among at most 64 candidates, 0 for none; 500 without it. */
  nodes?: number
}

/** A cap on what goes to a group. */
export interface GroupCap {
  /** Key of the group, for example `industry`. */
  key: string
  /** The group, for example `retail`. */
  group: string
  /** The cap. */
  limit: GroupLimit
}

/** How a cap on a group is stated. */
export type GroupLimit =
  /** A share, in (0, 1], of the lending budget, whether or not all of it is lent. */
  | { type: 'share'; share: Numeric }
  /** An amount, at least 0. */
  | { type: 'amount'; amount: Amount }

/** One who may get an offer. */
export interface Candidate {
  /** Smallest amount that may be offered, above 0. */
  smallest: Amount
  /** Largest amount that may be offered. */
  largest: Amount
  /** The prices that may be offered, and what they earn. */
  menu: OfferMenu
  /** What caps tell apart, by key, for example `industry`. */
  groups?: { readonly [key: string]: string }
}

/** The prices that a candidate may be offered. */
export type OfferMenu =
  /** None: the candidate was declined for this reason. */
  | { type: 'declined'; reason: string }
  | PricedMenu
  /** Prices with what they earn per year and unit of the amount, and capital per unit of the amount, at least 0. */
  | { type: 'rungs'; rungs: readonly PriceRung<Numeric>[]; capital: Numeric }

/** Rates from what the hurdle needs to the cap, in the steps of the terms; a loan earns its economic value added. */
export interface PricedMenu {
  type: 'priced'
  /** The loan; its `rate` is not used. */
  loan: SinglePeriod
  /** RAROC after tax that a price must reach, a fraction per year in [-1, 10]. */
  hurdle: Numeric
  /** Least rate that may be offered whatever the hurdle needs, a fraction per year in [-0.5, 10]. */
  lowest: Numeric
  /** Highest legal rate, a fraction per year in [-0.5, 10]. */
  cap: Numeric
  /** Whose take-up curve holds. */
  segment: string
}

/** An allocation. Figures are in the currency of the budget, profits per year. */
export interface Allocation {
  /** What each candidate gets, in the order given. */
  choices: Choice[]
  /** Sum of the amounts offered. */
  offered: Amount
  /** Sum of what counts towards the budget. */
  volume: Decimal
  /** Capital that the offers bind. */
  capital: Decimal
  /** Expected profit of all offers. */
  profit: Decimal
  /** Use and price of each limit: budget, capital, caps in the order given. */
  constraints: ConstraintUse[]
  /** The relaxed optimum, as if an offer could be made in part. */
  relaxed: Decimal
  /** No allocation to the same menus earns more. */
  bound: Decimal
  /** Bound less profit: the most by which another allocation could be better. */
  gap: Decimal
  /** Whether the search ended: nothing better is left but rounding. */
  proved: boolean
}

/** What a candidate gets. */
export type Choice = Offer | { type: 'nothing'; reason: NoOffer }

/** An offer. */
export interface Offer {
  type: 'offer'
  /** The amount. */
  amount: Amount
  /** A fraction per year. */
  rate: Decimal
  /** Share of such offers that is accepted, in [0, 1]. */
  share: Decimal
  /** What counts towards budget and caps. */
  volume: Decimal
  /** Capital that it binds. */
  capital: Decimal
  /** Expected profit per year. */
  profit: Decimal
}

/** Why a candidate gets no offer. */
export type NoOffer =
  /** It was declined before, for this reason. */
  | { type: 'declined'; reason: string }
  /** What the hurdle or the least rate needs lies above the cap; fractions per year. */
  | { type: 'no_legal_price'; needed: Decimal; cap: Decimal }
  /** No price earns anything. */
  | { type: 'no_profit' }
  /** Others earn more with what the budgets and caps leave. */
  | { type: 'outbid' }

/** A budget or cap, how much of it is used, and what more of it would earn. */
export interface ConstraintUse {
  /** Which. */
  constraint: Constraint
  /** The limit. */
  limit: Decimal
  /** What the offers use of it, at most the limit. */
  used: Decimal
  /** By how much the relaxed optimum rises per unit of the limit; 0 when some of it is left over there. */
  price: Decimal
}

/** What limits an allocation: the lending budget, the budget of capital, or a cap on a group. */
export type Constraint = { type: 'budget' } | { type: 'capital' } | { type: 'group'; key: string; group: string }
