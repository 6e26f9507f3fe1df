/* Rates of flows. */

import type { Day, Decimal, Numeric } from './common.js'

export interface RateCalculations {
  /** Every rate at which flows are worth nothing. */
  internal_rates: { input: FlowsInput; answer: Roots }
  /** The same of dated flows, per year of 365 days. */
  xirr: { input: DatedFlowsInput; answer: Roots }
  /** The annualised rate of amounts one period apart, simple and compound. */
  annualised_irr: { input: AnnualisedIrrInput; answer: AnnualisedRate }
  /** The annual percentage rate of charge of the EU directives; flows in years. */
  eu_apr: { input: FlowsInput; answer: EuRate }
  /** The annual percentage rate of US Regulation Z. */
  reg_z_apr: { input: RegZInput; answer: RegZAnswer }
}

/** Flows in any order. */
export interface FlowsInput {
  /** The flows. */
  flows: readonly Flow[]
}

/** Money at a time. */
export interface Flow {
  /** Years or periods since any beginning. */
  time: Numeric
  /** Negative for an advance, positive for a payment. */
  amount: Numeric
}

/** Flows with their days, in any order. */
export interface DatedFlowsInput {
  /** The flows. */
  flows: readonly DatedFlow[]
}

/** Money on a day. */
export interface DatedFlow {
  /** The day. */
  date: Day
  /** Negative for an advance, positive for a payment. */
  amount: Numeric
}

/** How many rates there are, and which; fractions per unit of time. */
export type Roots =
  /** No rate above -1 makes the flows worth nothing, as when all have the same sign. */
  | { type: 'none' }
  /** The only one. */
  | { type: 'one'; rate: Decimal }
  /** Every one, rising; none of them is the rate. */
  | { type: 'several'; rates: Decimal[] }

/** Amounts one period apart. */
export interface AnnualisedIrrInput {
  /** Negative for an advance, positive for a payment. */
  amounts: readonly Numeric[]
  /** Periods per year, 1 to 366. */
  frequency: number
}

/** The annualised rate of a loan as disclosed in China (PBoC Announcement No. 3 of 2021). */
export interface AnnualisedRate {
  /** Internal rate of return per period. */
  periodic: Decimal
  /** Simple: `periodic` times the periods per year (单利). */
  simple: Decimal
  /** Compound: (1 + `periodic`) to the power of the periods per year, less 1 (复利). */
  compound: Decimal
}

/** An annual percentage rate of charge. */
export interface EuRate {
  /** The rate, a fraction per year. */
  rate: Decimal
  /** What is disclosed: percent to one decimal, halves up. */
  percent: Decimal
}

/** Flows in unit-periods (12 CFR 1026, appendix J). */
export interface RegZInput {
  /** The interval between advances or payments that occurs most often. */
  unit: UnitPeriod
  /** The flows. */
  flows: readonly UnitFlow[]
}

/** A unit of time; `count` is at least 1. */
export type UnitPeriod = { type: 'semi_month' } | { type: 'months' | 'weeks' | 'days'; count: number }

/** Money after full unit-periods and a fraction of one. */
export interface UnitFlow {
  /** Full unit-periods since the first advance, at most 100,000. */
  units: number
  /** Fraction of a unit-period, in [0, 1]. */
  fraction: Numeric
  /** Negative for an advance, positive for a payment. */
  amount: Numeric
}

/** The rate, a fraction per year. */
export interface RegZAnswer {
  /** The rate. */
  rate: Decimal
}
