/* Caps as dated law, limits on changes, consistency. */

import type { Day, Decimal, Numeric } from './common.js'

export interface LawCalculations {
  /** The caps of a product on a day, with their sources. */
  caps: { input: CapsInput; answer: CapsAnswer }
  /** The caps that a deal exceeds, by its all-in rates. */
  cap_breaches: { input: CapBreachesInput; answer: CapBreachesAnswer }
  /** The price nearest to a target within cap, hurdle, floor and limits on changes. */
  guarded_price: { input: GuardedPriceInput; answer: Guarded }
  /** Deals on the same terms that have different prices. */
  inconsistencies: { input: InconsistenciesInput; answer: InconsistenciesAnswer }
}

/** A product on a day. */
export interface CapsInput {
  /** A pack that comes with the library, by its jurisdiction (`CN`, `EU`, `UK`, `US`), or one's own. */
  pack: string | CountryPack
  /** The product, as the pack names it. */
  product: string
  /** The day of the contract. */
  day: Day
}

/** The caps of a jurisdiction. What the library ships is a sample with the source of every value, not legal advice. */
export interface CountryPack {
  /** Letters of the jurisdiction. */
  jurisdiction: string
  /** What a reader must know. */
  notice: string
  /** Currency of the loans that the caps are for, an ISO 4217 code; any without it. */
  currency?: string | null
  /** Published rates that caps refer to. */
  indices?: readonly RateIndex[]
  /** The caps. */
  caps: readonly CapRule[]
}

/** A published rate over time. */
export interface RateIndex {
  /** Its name. */
  name: string
  /** Its values, by rising first day; the last one holds until `until`. */
  values: readonly IndexValue[]
  /** The last day for which the values are known. */
  until: Day
  /** Who publishes it. */
  source: string
}

/** A value of a published rate. */
export interface IndexValue {
  /** First day. */
  from: Day
  /** A fraction per year. */
  rate: Numeric
}

/** One cap. */
export interface CapRule {
  /** Its name. */
  name: string
  /** The products that it is for. */
  products: readonly string[]
  /** How high. */
  limit: CapLimit
  /** What it is measured on. */
  basis: RateBasis
  /** First day in force. */
  from: Day
  /** Last day in force; none while no end is known. */
  until?: Day | null
  /** Law, clause and where it was read. */
  source: string
}

/** How high a cap is, above 0. */
export type CapLimit =
  /** As a number, a fraction. */
  | { type: 'fixed'; limit: Numeric }
  /** As a multiple of the published rate of this name. */
  | { type: 'multiple'; index: string; times: Numeric }

/**
 * What a cap is measured on: the internal rate of return of all costs, simple or compounded to a year; the rate of 32 CFR 232.4;
 * interest and fees per day, or altogether, as a share of the amount.
 */
export type RateBasis = 'simple' | 'compound' | 'military' | 'daily' | 'total_cost'

/** Caps in force. */
export interface CapsAnswer {
  /** The caps. */
  caps: CapOnDay[]
  /** What a reader must know. */
  notice: string
}

/** A cap as it stands on a day. */
export interface CapOnDay {
  /** Its name. */
  name: string
  /** How high, a fraction. */
  limit: Decimal
  /** What it is measured on. */
  basis: RateBasis
  /** Law, clause and where it was read. */
  source: string
}

/** A deal on a day. */
export interface CapBreachesInput extends CapsInput {
  /** All-in rates of the deal, fractions, by what they are measured on. */
  rates: { readonly [basis in RateBasis]?: Numeric }
}

/** What a deal exceeds. */
export interface CapBreachesAnswer {
  /** The caps; none when the deal is within all of them. */
  breaches: CapBreach[]
}

/** A cap that a deal exceeds. */
export interface CapBreach {
  /** The cap. */
  cap: CapOnDay
  /** By how much the deal exceeds it, a fraction. */
  excess: Decimal
}

/** A price to be set; rates are fractions per year. */
export interface GuardedPriceInput {
  /** The limits. */
  guard: PriceGuard
  /** The price asked for. */
  target: Numeric
  /** The least rate that reaches the hurdle. */
  needed: Numeric
  /** The cap, if there is one. */
  cap?: Numeric | null
  /** Prices that the customer had, by rising first day. */
  past?: readonly PastPrice[]
  /** The day of the price. */
  today: Day
}

/** Limits on the price of a customer between two decisions; fractions per year. */
export interface PriceGuard {
  /** Largest difference to the price before, above 0. */
  max_step?: Numeric | null
  /** Largest difference to any price of the 365 days before, above 0. */
  max_yearly?: Numeric | null
  /** Least rate; 0 without it. */
  floor?: Numeric
}

/** A price that a customer had. */
export interface PastPrice {
  /** First day of it. */
  from: Day
  /** A fraction per year. */
  rate: Numeric
}

/** A price within the limits, or why there is none: what the hurdle or the floor needs lies above the cap. */
export type Guarded =
  | { type: 'quote'; rate: Decimal; bound: GuardBound }
  | { type: 'no_legal_price'; needed: Decimal; cap: Decimal }

/** What set a price: the one asked for, the largest change at once or within a year, floor, hurdle or cap. */
export type GuardBound = 'target' | 'step' | 'yearly' | 'floor' | 'hurdle' | 'cap'

/** Deals to be compared. */
export interface InconsistenciesInput {
  /** The deals. */
  deals: readonly PricedDeal[]
  /** Differences of rates up to this count as none, at least 0; 0 without it. */
  tolerance?: Numeric
}

/** A deal with its price. */
export interface PricedDeal {
  /** The terms as a text that is the same for equal ones. */
  terms: string
  /** A fraction per year. */
  rate: Numeric
  /** The declared reason for a price of its own. */
  reason?: string | null
}

/** Deals that differ. */
export interface InconsistenciesAnswer {
  /** One entry for each terms and reason. */
  unequal: Unequal[]
}

/** Deals on the same terms and for the same reason that have different prices. */
export interface Unequal {
  /** What is the same. */
  terms: string
  /** The declared reason. */
  reason: string | null
  /** The lowest rate, a fraction per year. */
  lowest: Decimal
  /** The highest rate, a fraction per year. */
  highest: Decimal
  /** The deals, by their place from 0. */
  deals: number[]
}
