/* Returns on capital, break-even rates and hurdles. */

import type { Decimal, Numeric } from './common.js'

export interface ReturnCalculations {
  /** What one year of a loan earns, and its break-even rate in closed form. */
  raroc: { input: RarocInput; answer: RarocAnswer }
  /** The rate at which a loan earns the hurdle over its life. */
  lifetime_price: { input: LifetimePriceInput; answer: LifetimePriceAnswer }
  /** What a loan earns over its life at a rate, and month by month. */
  lifetime_return: { input: LifetimeReturnInput; answer: LifetimeReturnAnswer }
  /** The funding rate of a term. */
  transfer_price: { input: TransferPriceInput; answer: TransferPriceAnswer }
  /** The hurdle of the capital asset pricing model. */
  capm_hurdle: { input: CapmInput; answer: HurdleAnswer }
  /** The hurdle of common and preferred equity. */
  weighted_hurdle: { input: WeightedHurdleInput; answer: HurdleAnswer }
}

/** A year of a loan, and what its capital must earn. */
export interface RarocInput {
  /** The loan. */
  loan: SinglePeriod
  /** RAROC after tax that it must reach, a fraction per year. */
  hurdle: Numeric
}

/** One loan over one year. Every figure is a fraction per year of the exposure, except `tax` and `capital_benefit`. */
export interface SinglePeriod {
  /** Nominal rate that the borrower pays, in [-0.5, 10]. */
  rate: Numeric
  /** Fee income, in [0, 10]. */
  fees: Numeric
  /** Funding rate (transfer price), in [-0.5, 1]. */
  funding: Numeric
  /** What the funding rate is paid on. */
  funding_base: FundingBase
  /** Operating cost, in [0, 10]. */
  opex: Numeric
  /** PD times LGD, in [0, 10]. */
  expected_loss: Numeric
  /** Economic or regulatory capital, in (0, 10]. */
  capital: Numeric
  /** What the capital itself earns, a fraction per year of it, in [-0.5, 1]; 0 when the funding base leaves the capital out. */
  capital_benefit: Numeric
  /** Tax on income, a fraction in [0, 1). */
  tax: Numeric
}

/** The whole exposure, or the exposure less the capital, which funds its own part. */
export type FundingBase = 'ead' | 'ead_less_capital'

/** What one year earns, per unit of the exposure. */
export interface RarocAnswer {
  /** Income after tax. */
  net_income: Decimal
  /** Return on risk-adjusted capital, a fraction per year. */
  raroc: Decimal
  /** Economic value added: income after tax less the hurdle on the capital. */
  eva: Decimal
  /** The rate whose RAROC is the hurdle, a fraction per year. */
  break_even_rate: Decimal
  /** What that rate is made of. */
  waterfall: Waterfall
}

/** The parts of a break-even rate, each a fraction per year of the balance that pays interest; they add up to it. */
export interface Waterfall {
  /** Funding at the transfer price. */
  funding: Decimal
  /** Running cost of operation. */
  opex: Decimal
  /** Cost of origination, spread over the life. */
  origination: Decimal
  /** Expected loss. */
  expected_loss: Decimal
  /** What the capital must earn before tax, less what it earns itself. */
  capital_charge: Decimal
  /** Fees that the borrower pays, at most 0. */
  fees: Decimal
}

/** A loan over its life, and what its capital must earn. */
export interface LifetimePriceInput {
  /** The loan. */
  terms: LifetimeTerms
  /** RAROC after tax that it must reach, a fraction per year. */
  hurdle: Numeric
}

/** A loan over its life, per unit of its principal. Rates and shares are fractions, rates per year; 0 where nothing is said. */
export interface LifetimeTerms {
  /** Term in months, 1 to 1,200. */
  months: number
  /** How the balance falls. */
  balance: BalancePath
  /** When it may default. */
  pd: PdPath
  /** Share of the balance that is paid before it is due (CPR), in [0, 1). */
  prepayment?: Numeric
  /** Loss given default, in [0, 1]. */
  lgd: Numeric
  /** Funding rate (transfer price), paid on the whole balance. */
  funding: Numeric
  /** Running cost of operation, a share of the balance. */
  opex?: Numeric
  /** Cost of origination, a share of the principal. */
  origination?: Numeric
  /** Fees at the start, a share of the principal. */
  upfront_fee?: Numeric
  /** Fees that run, a share of the balance. */
  running_fee?: Numeric
  /** Capital that the balance binds, a share of it in (0, 1]. */
  capital: Numeric
  /** What the capital itself earns. */
  capital_benefit?: Numeric
  /** Tax on income, in [0, 1). */
  tax?: Numeric
}

/** How the balance of a loan falls over its months. */
export type BalancePath =
  /** Equal instalments (等额本息), equal principal (等额本金), or interest only with the principal at the end (先息后本). */
  | { type: 'equal_instalment' | 'equal_principal' | 'bullet' }
  /** Balance before the payment of each month, a share of the principal, at least 0, the first above 0. */
  | { type: 'given'; opening: readonly Numeric[] }

/** When a loan may default. */
export type PdPath =
  /** The same PD, in (0, 1), in every year, spread evenly over its months. */
  | { type: 'yearly'; pd: Numeric }
  /** Share of those alive that default in each month, in [0, 1). */
  | { type: 'monthly'; hazards: readonly Numeric[] }

/** The break-even rates, and what the lowest earns and is made of. */
export interface LifetimePriceAnswer {
  /** The rates. */
  solution: RateSolution
  /** What the loan earns at the lowest; `null` when there is none. */
  at: LifetimeReturn | null
  /** What the lowest is made of; `null` when there is none. */
  waterfall: Waterfall | null
}

/** The rates, fractions per year, at which something breaks even. */
export type RateSolution =
  /** One rate does. */
  | { type: 'unique'; rate: Decimal }
  /** Several do, `count` of them. */
  | { type: 'several'; lowest: Decimal; highest: Decimal; count: number }
  /** None does: the rate that comes nearest and what is missing there, negative when every rate more than breaks even. */
  | { type: 'none'; nearest: Decimal; shortfall: Decimal }

/** What a loan earns at a rate; amounts are present values at the hurdle, per unit of the principal. */
export interface LifetimeReturn {
  /** Rate per year that the borrower pays. */
  rate: Decimal
  /** Lifetime return on risk-adjusted capital, per year. */
  raroc: Decimal
  /** Economic value added: income after tax less the hurdle on the capital. */
  eva: Decimal
  /** Income after tax, less the cost of origination and with the fees at the start. */
  net_income: Decimal
  /** Capital, times the years for which it is bound. */
  capital_years: Decimal
}

/** A loan over its life at a rate. */
export interface LifetimeReturnInput extends LifetimePriceInput {
  /** Rate that the borrower pays, a fraction per year in [-0.5, 10]. */
  rate: Numeric
}

/** What a loan earns at a rate, and its expected figures month by month. */
export interface LifetimeReturnAnswer {
  /** Over its life. */
  at: LifetimeReturn
  /** Month by month. */
  months: LifetimeMonth[]
}

/** Expected figures of one month, per unit of the principal, undiscounted. */
export interface LifetimeMonth {
  /** Share of loans alive at its start. */
  alive: Decimal
  /** Balance before the payment of a loan that is alive. */
  balance: Decimal
  /** Interest received. */
  interest: Decimal
  /** Running fees received. */
  fees: Decimal
  /** Funding paid. */
  funding: Decimal
  /** Running cost. */
  opex: Decimal
  /** Expected loss. */
  expected_loss: Decimal
  /** Capital bound. */
  capital: Decimal
  /** Income after tax. */
  net_income: Decimal
}

/** A curve and a term. */
export interface TransferPriceInput {
  /** The curve. */
  curve: FtpCurve
  /** The term in months. */
  months: number
}

/** A curve of transfer prices by term: linear between points, flat before the first and after the last. */
export interface FtpCurve {
  /** The points, by rising term. */
  points: readonly FtpPoint[]
}

/** A point of a curve of transfer prices. */
export interface FtpPoint {
  /** Term in months. */
  months: number
  /** Transfer price, a fraction per year. */
  rate: Numeric
}

/** The transfer price of the term. */
export interface TransferPriceAnswer {
  /** A fraction per year. */
  rate: Decimal
}

/** The capital asset pricing model. */
export interface CapmInput {
  /** Rate without risk, a fraction per year. */
  risk_free: Numeric
  /** Sensitivity of the share to the market. */
  beta: Numeric
  /** What the market earns above the rate without risk, a fraction per year. */
  premium: Numeric
}

/** What common and preferred equity must earn. */
export interface WeightedHurdleInput {
  /** Common equity. */
  common: Equity
  /** Preferred equity. */
  preferred: Equity
}

/** A kind of equity. */
export interface Equity {
  /** How much, at least 0. */
  amount: Numeric
  /** What it must earn, a fraction per year. */
  rate: Numeric
}

/** A hurdle. */
export interface HurdleAnswer {
  /** A fraction per year. */
  hurdle: Decimal
}
