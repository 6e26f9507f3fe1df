/* What inputs and answers of calculations are made of. */

import type { ErrorCode } from '../index.js'

/** A fraction or figure of an answer: decimal text without an exponent, the shortest that reads back as the same double. */
export type Decimal = string

/** A fraction or figure of an input: a number, or a plain decimal as text, for example `0.0715` or `'0.0715'`. */
export type Numeric = number | string

/** An exact amount of money: decimal text, for example `'8884.88'`. */
export type Amount = string

/** A calendar day, `YYYY-MM-DD`. */
export type Day = string

/** Why an input is refused. It never contains what stands there. */
export interface Refusal {
  /** The number of the kind of error: 2 is `invalid_data`. */
  code: number
  /** The kind of error. */
  name: ErrorCode
  /** Everything that is wrong. */
  problems: RefusalProblem[]
}

/** One thing that is wrong with an input. */
export interface RefusalProblem {
  /** The member that is concerned, by its place, for example `flows[1].date`. */
  field: string | null
  /** Zero-based row of the list that is concerned. */
  row: number | null
  /** What is wrong, in terms of what was expected. */
  what: string
  /** What the caller can do about it. */
  remedy: string
}

/** Cases by the grade where they began, best first. */
export interface MigrationMatrix {
  /** Row by row: cases that ended in each grade, best first. */
  readonly counts: readonly (readonly number[])[]
  /** Cases that are not rated any more. */
  readonly withdrawn: readonly number[]
  /** Cases in default. */
  readonly defaulted: readonly number[]
}
