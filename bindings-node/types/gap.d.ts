/* The repricing gap of a book. */

import type { Amount, Decimal, Numeric } from './common.js'
import type { FtpCurve } from './returns.js'

/** Assets and liabilities whose rates are next set at about the same time. */
export interface RepricingBucket {
  /** Months until then, 0 to 1,200, rising from bucket to bucket. */
  months: Numeric
  /** Assets that are repriced, at least 0. */
  assets: Amount
  /** Liabilities that are repriced, at least 0. */
  liabilities: Amount
}

/** How rates per year move, at once and to stay; each shift in [-1, 1]. */
export type RateShift =
  | { type: 'parallel'; shift: Numeric }
  | { type: 'buckets'; shifts: readonly Numeric[] }
  | { type: 'curves'; before: FtpCurve; after: FtpCurve }

export interface RepricingGapInput {
  buckets: readonly RepricingBucket[]
  shift: RateShift
  /** Months, 1 to 1,200. */
  horizon: number
}

/** A bucket with its gap. */
export interface GapRow {
  months: Decimal
  assets: Amount
  liabilities: Amount
  /** Assets less liabilities. */
  gap: Amount
  /** The gaps up to this one. */
  cumulative: Amount
  /** What is added to its rates. */
  shift: Decimal
  /** What that adds to net interest income within the horizon. */
  change: Amount
}

export interface RepricingGapAnswer {
  rows: GapRow[]
  assets: Amount
  liabilities: Amount
  gap: Amount
  change: Amount
  /** The change per year as a share of the assets; `null` without assets. */
  margin_change: Decimal | null
}
