/* Schedules, and what they cost a year. */

import type { Amount, Day, Decimal, Numeric } from './common.js'
import type { AnnualisedRate, EuRate } from './rates.js'

export interface ScheduleCalculations {
  /** A repayment schedule, exact to the minor unit. */
  schedule: { input: ScheduleTerms; answer: Schedule }
  /** What a schedule costs a year: IRR simple and compound, EU APR, US Regulation Z APR, XIRR. */
  schedule_rates: { input: ScheduleRatesInput; answer: ScheduleRatesAnswer }
  /** Days and years between two days under a day count. */
  day_count: { input: DayCountInput; answer: DayCountAnswer }
}

/**
 * How a loan is drawn and repaid. Periods are counted from 1; amounts have the decimals of `principal`; rates and shares are
 * fractions and count to twelve decimals.
 */
export interface ScheduleTerms {
  /** What is drawn at the start, above 0. */
  principal: Amount
  /** Nominal rate, a fraction per year in [0, 10]. */
  rate: Numeric
  /** Number of payments, 1 to 1,200. */
  periods: number
  /** Payments per year: 12 (as without it), 6, 4, 3, 2 or 1 by months, 52, 26 or 13 by weeks. */
  frequency?: number
  /** How the principal comes back. */
  repayment: Repayment
  /** Periods without repayment at the beginning. */
  grace?: Grace | null
  /** What is drawn later. */
  drawdowns?: readonly Drawdown[]
  /** What is charged beside interest. */
  fees?: readonly Fee[]
  /** What is taken off rates and fees. */
  promotions?: readonly Promotion[]
  /** The days; without it a schedule has numbers only. */
  calendar?: Calendar | null
  /** How amounts become whole minor units. */
  rounding?: ScheduleRounding
}

/** How the principal comes back. Whatever is left is due with the last payment, which clears the balance. */
export type Repayment =
  /** Equal instalments (等额本息), set anew when the rate changes or more is drawn. */
  | { type: 'equal_instalment' }
  /** Equal parts of the principal (等额本金), set anew when more is drawn. */
  | { type: 'equal_principal' }
  /** Interest only; the principal is due at the end (先息后本). */
  | { type: 'interest_only' }
  /** Equal instalments that leave an amount, due with the last payment. */
  | { type: 'balloon'; amount: Amount }
  /** Instalments that change by `share`, in (-1, 10], after every `every` payments. */
  | { type: 'step'; share: Numeric; every: number }
  /** Instalments as they are, together as many as the periods after grace. */
  | { type: 'given'; segments: readonly Segment[] }

/** Instalments of one amount. */
export interface Segment {
  /** How many. */
  periods: number
  /** Principal and interest of each. */
  payment: Amount
}

/** Periods without repayment at the beginning. */
export interface Grace {
  /** How many, at least 1 and fewer than all. */
  periods: number
  /** Whether their interest is paid when due or added to the balance. */
  interest: 'paid' | 'capitalised'
}

/** What is drawn later: on the due day of a payment, after it. */
export interface Drawdown {
  /** The payment after which it is drawn, from 1 and below the number of periods. */
  after: number
  /** How much, above 0. */
  amount: Amount
}

/** What is charged beside interest. */
export interface Fee {
  /** Its name, for waivers. */
  name: string
  /** How much. */
  charge: Charge
  /** When: kept back from what is paid out at the start, paid apart at the start, or with every payment. */
  timing: 'deducted' | 'upfront' | 'each_period'
}

/** How much a fee is. */
export type Charge =
  /** An amount. */
  | { type: 'fixed'; amount: Amount }
  /** A share, in (0, 1], of what is drawn at the start. */
  | { type: 'share_of_principal'; share: Numeric }
  /** A share, in (0, 1], of the balance on which the period bears interest; at the start, of what is drawn. */
  | { type: 'share_of_balance'; share: Numeric }

/** What is taken off rates and fees. */
export type Promotion =
  /** The first periods bear no interest. */
  | { type: 'interest_free'; periods: number }
  /** A lower rate from the first period to the last one; `discount` is a fraction per year, at most the rate. */
  | { type: 'rate_discount'; from: number; to: number; discount: Numeric }
  /** A share, in (0, 1], of the fee of this name is not charged for so many periods, or for all. */
  | { type: 'fee_waiver'; fee: string; share: Numeric; periods?: number | null }

/** The days of a loan. */
export interface Calendar {
  /** The day of the first drawdown. */
  start: Day
  /** The days on which payments fall due; without it a period after the start, and so on. */
  due?: DueDays
  /** Interest by days between due days; without it every period bears the rate over the payments per year. */
  day_count?: DayCount | null
}

/** The days on which payments fall due. */
export type DueDays =
  /**
   * Every period after the first, which falls a period after the start if none is given. With `end_of_month` on the last day of
   * each month when the first does.
   */
  | { type: 'roll'; first?: Day | null; end_of_month?: boolean }
  /** Days as they are: one for each payment, rising, all after the start. */
  | { type: 'dates'; days: readonly Day[] }

/** How the time between two days becomes a fraction of a year (2006 ISDA Definitions, section 4.16). */
export type DayCount = '30_360' | '30_360_us' | '30e_360' | 'act_365f' | 'act_360' | 'act_act_isda'

/** How amounts become whole minor units, by place; `half_up` where nothing is said. */
export interface ScheduleRounding {
  /** Instalments, and the equal parts of a principal. */
  payment?: Rounding
  /** The interest of each period. */
  interest?: Rounding
  /** Fees. */
  fee?: Rounding
}

/** To the nearest with halves away from zero or to the even one, towards zero, or away from zero. */
export type Rounding = 'half_up' | 'half_even' | 'down' | 'up'

/** A schedule of payments. */
export interface Schedule {
  /** The day of the first drawdown; `null` without a calendar. */
  start: Day | null
  /** Payments per year. */
  frequency: number
  /** Fees kept back from what is paid out at the start. */
  deducted: Amount
  /** Fees paid apart at the start. */
  upfront: Amount
  /** One row for each payment. */
  rows: ScheduleRow[]
  /** Sums. */
  totals: ScheduleTotals
}

/**
 * One period of a schedule. `closing` = `opening` + `drawn` + `capitalised` - `principal`, and `payment` = `principal` +
 * `interest` - `capitalised` + `fee`, to the minor unit.
 */
export interface ScheduleRow {
  /** From 1. */
  number: number
  /** The day on which the payment falls due; `null` without a calendar. */
  due: Day | null
  /** Balance before the period; in the first, what is drawn at the start. */
  opening: Amount
  /** What is drawn at the beginning of the period, beside the principal at the start. */
  drawn: Amount
  /** Interest of the period. */
  interest: Amount
  /** The part of the interest that is added to the balance. */
  capitalised: Amount
  /** What is repaid. */
  principal: Amount
  /** What is charged with the payment. */
  fee: Amount
  /** What the borrower pays. */
  payment: Amount
  /** Balance after the payment. */
  closing: Amount
}

/** Sums over a schedule. `principal` = `drawn` + `capitalised`, to the minor unit. */
export interface ScheduleTotals {
  /** All that is drawn. */
  drawn: Amount
  /** All interest. */
  interest: Amount
  /** Interest that was added to the balance. */
  capitalised: Amount
  /** All that is repaid. */
  principal: Amount
  /** All fees, with those at the start. */
  fees: Amount
  /** All that the borrower pays on due days. */
  payments: Amount
}

/** A schedule, and how time is measured in the rate of the EU. */
export interface ScheduleRatesInput {
  /** The loan. */
  terms: ScheduleTerms
  /** How days become years in the rate of the EU; `equal_months` without it. */
  base?: TimeBase
}

/**
 * Days over 365 or 366, weeks over 52, or whole months over 12 and the days left over 365 (Directive 2008/48/EC Annex I, remark
 * (c)).
 */
export type TimeBase = 'days365' | 'days366' | 'weeks52' | 'equal_months'

/** The rates of a schedule, fractions per year. */
export interface ScheduleRatesAnswer {
  /** Internal rate of return, simple and compound. */
  annualised: AnnualisedRate
  /** Annual percentage rate of charge of the EU. */
  eu_apr: EuRate
  /** Annual percentage rate of US Regulation Z. */
  reg_z_apr: Decimal
  /** Rate by days, per year of 365 days; `null` without a calendar. */
  xirr: Decimal | null
}

/** Two days and how to count. */
export interface DayCountInput {
  /** How to count. */
  day_count: DayCount
  /** First day. */
  from: Day
  /** Last day, not before the first. */
  to: Day
}

/** The time between two days. */
export interface DayCountAnswer {
  /** Days as the day count has them. */
  days: number
  /** Years. */
  years: Decimal
}
