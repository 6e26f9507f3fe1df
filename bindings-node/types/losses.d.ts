/* PD over time, loss given default, exposure at default, losses shared. */

import type { Amount, Decimal, MigrationMatrix, Numeric } from './common.js'

export interface LossCalculations {
  /** A term structure of PD: by year, marginal and survival. */
  pd_curve: { input: PdCurveInput; answer: PdCurveAnswer }
  /** Loss given default from collateral, recoveries and costs. */
  lgd: { input: Recovery; answer: Lgd }
  /** An exposure split into its guaranteed parts. */
  guaranteed: { input: GuaranteedInput; answer: GuaranteedAnswer }
  /** Exposure at default of a line. */
  exposure_at_default: { input: ExposureAtDefaultInput; answer: ExposureAtDefaultAnswer }
  /** Conversion factors of defaulted lines. */
  drawdown_factors: { input: DrawdownFactorsInput; answer: DrawdownFactorsAnswer }
  /** A loss divided among first-loss pieces, partners and insurance. */
  shared_loss: { input: SharedLossInput; answer: SharedLossAnswer }
}

/** What a term structure is made from; PDs in [0, 1], 1 to 100 years, grades from 0 for the best. */
export type PdCurveInput =
  /** The same PD in every year. */
  | { type: 'constant'; pd: Numeric; years: number }
  /** PDs of each year among those who survived until then. */
  | { type: 'conditional'; pds: readonly Numeric[] }
  /** PDs of each year as seen today. */
  | { type: 'marginal'; pds: readonly Numeric[] }
  /** Rows of migration rates: from a grade to each grade, best first, default last. */
  | { type: 'transitions'; rows: readonly (readonly Numeric[])[]; grade: number; years: number }
  /** Counted migrations. */
  | { type: 'migration'; matrix: MigrationMatrix; grade: number; years: number }

/** A term structure of PD, one entry a year; fractions. */
export interface PdCurveAnswer {
  /** Chance to default in the year, as seen today. */
  marginals: Decimal[]
  /** Chance to survive until the end of the year. */
  survivals: Decimal[]
  /** PD of the first year. */
  twelve_month: Decimal
  /** PD of all years. */
  lifetime: Decimal
}

/** How a claim is recovered. */
export interface Recovery {
  /** Exposure at default, above 0. */
  ead: Numeric
  /** What secures it, in the order in which it pays. */
  collateral?: readonly Collateral[]
  /** Rank of what the collateral leaves; `senior` without it. */
  seniority?: 'senior' | 'subordinated'
  /** What the rest brings. */
  unsecured: UnsecuredRecovery
  /** Rate per year at which recoveries are discounted to the day of default, at least 0. */
  discount_rate?: Numeric
  /** Cost of the workout that does not depend on what comes, an amount on the day of default. */
  fixed_cost?: Numeric
  /** Least LGD, in [0, 1]. */
  floor?: Numeric
  /** Declares that a loss of more than the exposure is meant. */
  lgd_above_one?: boolean
}

/** One piece of collateral. */
export interface Collateral {
  /** Its value today, in the currency of the exposure. */
  value: Numeric
  /** Share that is taken off for falling prices and a forced sale, in [0, 1]. */
  haircut: Numeric
  /** Claims of others that are paid from it first. */
  prior_claims?: Numeric
  /** Cost of the sale, a share of what it brings, in [0, 1]. */
  cost_rate?: Numeric
  /** Months from default to payment, in [0, 1200]; 0 without it. */
  months?: Numeric
}

/** What a claim without collateral brings. */
export interface UnsecuredRecovery {
  /** Share of a senior claim, in [0, 1]. */
  senior: Numeric
  /** Share of a subordinated claim, in [0, 1]. */
  subordinated: Numeric
  /** Months from default to payment, in [0, 1200]; 0 without it. */
  months?: Numeric
}

/**
 * A loss given default with what it is made of, as fractions of the exposure: `lgd` = 1 - `collateral` - `unsecured` +
 * `fixed_cost`, raised to the floor.
 */
export interface Lgd {
  /** Loss given default. */
  lgd: Decimal
  /** Discounted recovery from collateral after its costs. */
  collateral: Decimal
  /** Discounted recovery of the rest. */
  unsecured: Decimal
  /** Fixed cost. */
  fixed_cost: Decimal
  /** Whether the floor was above what came out. */
  floored: boolean
}

/** An obligor and the guarantees of the exposure. */
export interface GuaranteedInput {
  /** PD of the obligor, in [0, 1]. */
  pd: Numeric
  /** LGD of a claim on the obligor, in [0, 1]. */
  lgd: Numeric
  /** The guarantees; together at most the whole exposure. */
  guarantees: readonly Guarantee[]
}

/** A guarantee of part of an exposure. */
export interface Guarantee {
  /** Share of the exposure that is covered, in (0, 1]. */
  share: Numeric
  /** PD of the guarantor, in [0, 1]. */
  pd: Numeric
  /** LGD of a claim on the guarantor, in [0, 1]. */
  lgd: Numeric
}

/** The parts of an exposure. */
export interface GuaranteedAnswer {
  /** The parts; their shares add up to 1. */
  parts: ProtectedPart[]
}

/** A part of an exposure with the PD and LGD that count for it; fractions. */
export interface ProtectedPart {
  /** Share of the exposure. */
  share: Decimal
  /** PD that counts. */
  pd: Decimal
  /** LGD that counts. */
  lgd: Decimal
  /** The guarantee, by its place from 0; `null` for what stays with the obligor. */
  guarantee: number | null
}

/** A line, and its conversion factor, the kind of commitment, or both; amounts in one currency. */
export type ExposureAtDefaultInput = {
  /** What is drawn, at least 0. */
  drawn: Numeric
  /** The limit, at least 0. */
  limit: Numeric
} & (
  | {
      /** Conversion factor of what is not drawn, a fraction. */
      ccf: Numeric
      kind?: CommitmentKind | null
    }
  | {
      ccf?: Numeric | null
      /** The kind of commitment, which has a factor and a floor for own estimates. */
      kind: CommitmentKind
    }
)

/** Off-balance-sheet items of the standardised approach (CRE20.94 to 20.101), with factors of 10, 20, 40, 50, 50 and 100 %. */
export type CommitmentKind =
  | 'unconditionally_cancellable'
  | 'short_term_trade'
  | 'commitment'
  | 'note_issuance'
  | 'transaction_related'
  | 'direct_credit_substitute'

/** Exposure at default; amounts. */
export interface ExposureAtDefaultAnswer {
  /** Exposure at default. */
  ead: Decimal
  /** The least that own estimates may give; `null` where the kind of commitment is not known. */
  floor: Decimal | null
}

/** Defaulted lines. */
export interface DrawdownFactorsInput {
  /** The factor: (EAD - drawn) / (limit - drawn) as it is, the same within [0, 1], or EAD / limit. */
  kind: 'ccf' | 'leq' | 'eadf'
  /** The lines. */
  lines: readonly DefaultedLine[]
}

/** A line that defaulted; amounts of at least 0. */
export interface DefaultedLine {
  /** Drawn on the reference day, usually a year before default. */
  drawn: Numeric
  /** Limit on the reference day. */
  limit: Numeric
  /** Owed at default. */
  ead: Numeric
}

/** A factor, or why there is none: nothing was left to draw, or the line had no limit. */
export type DrawdownFactor =
  | { type: 'value'; value: Decimal }
  | { type: 'undefined'; reason: 'fully_drawn' | 'no_limit' }

/** Factors of defaulted lines. */
export interface DrawdownFactorsAnswer {
  /** The factor of each line. */
  factors: DrawdownFactor[]
  /** All of them together. */
  pool: DrawdownPool
}

/** Factors of many defaulted lines; fractions. */
export interface DrawdownPool {
  /** Mean over the lines that have a factor; `null` when none has. */
  mean: Decimal | null
  /** Sum of the numerators over sum of the denominators of these lines. */
  pooled: Decimal | null
  /** Lines with a factor. */
  defined: number
  /** Lines drawn to the limit or beyond. */
  fully_drawn: number
  /** Lines without limit. */
  no_limit: number
}

/** A loss, and who bears it. */
export interface SharedLossInput {
  /** The exposure, above 0. */
  exposure: Amount
  /** The loss, with the decimals of the exposure and at most as large. */
  loss: Amount
  /** Who bears part of it. */
  legs: readonly LossLeg[]
}

/** Somebody who bears part of a loss, for a fee: `share` of what lies between `from` and `to` of the exposure. */
export interface LossLeg {
  /** Who. */
  name: string
  /** Share of the layer, in (0, 1]. */
  share: Numeric
  /** Where the layer begins, a fraction of the exposure, in [0, 1). */
  from: Numeric
  /** Where it ends, a fraction of the exposure, in (0, 1]. */
  to: Numeric
  /** Fee per year, a fraction of what is covered, in [0, 1]; 0 without it. */
  fee_rate?: Numeric
}

/** A divided loss. */
export interface SharedLossAnswer {
  /** What the lender keeps. */
  kept: Amount
  /** What the others bear. */
  legs: SharedLeg[]
}

/** What one bears. */
export interface SharedLeg {
  /** Who. */
  name: string
  /** Part of the loss. */
  loss: Amount
  /** Fee per year. */
  fee: Amount
}
