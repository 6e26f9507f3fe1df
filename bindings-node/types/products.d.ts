/* Products, and one loan quoted in one call. */

import type { CapitalModel } from './book.js'
import type {
  MatchProductsInput,
  MatchedProducts,
  NextProductsAnswer,
  NextProductsInput,
  UnreachableProductsAnswer,
  UnreachableProductsInput,
} from './catalogue.js'
import type { Amount, Day, Decimal, Numeric } from './common.js'
import type { TakeUp } from './demand.js'
import type { CapOnDay, CountryPack, GuardBound, PastPrice, PriceGuard, RateBasis } from './law.js'
import type { FtpCurve, PdPath, Waterfall } from './returns.js'
import type {
  Charge,
  DayCount,
  Fee,
  Promotion,
  Repayment,
  ScheduleRounding,
  ScheduleTerms,
  ScheduleTotals,
} from './schedules.js'

export interface ProductCalculations {
  /** A loan priced to the hurdle under the law of the day, or why it has no legal price. */
  quote: { input: QuoteInput; answer: Quoted }
  /** Offers for a need, the best first, and why the other products are none. */
  match_products: { input: MatchProductsInput; answer: MatchedProducts }
  /** The products that a customer may have next. */
  next_products: { input: NextProductsInput; answer: NextProductsAnswer }
  /** The products of a catalogue that can never be offered on a day. */
  unreachable_products: { input: UnreachableProductsInput; answer: UnreachableProductsAnswer }
}

/** A product, and what is asked of it. Whether the customer is eligible is not looked at. */
export interface QuoteInput {
  /** The product. */
  product: Product
  /** What is asked. */
  request: QuoteRequest
}

/** A loan product with monthly payments. Rates and shares are fractions, rates per year. */
export interface Product {
  /** Its name, unique in a catalogue. */
  name: string
  /** Currency of every amount, an ISO 4217 code such as `CNY`. */
  currency: string
  /** Decimals of the currency, 0 to 6; every amount has as many. */
  decimals: number
  /** What it is for, as tags; for anything without them. */
  purposes?: readonly string[]
  /** Who may have it: a condition over the fields of the applicant; `true` for everyone. */
  eligibility: string
  /** What it lends. */
  amount: AmountRange
  /** The terms on offer, in months of 1 to 1,200, rising. */
  months: readonly number[]
  /** How it may be repaid, each way once; the first is what a borrower gets who does not choose. */
  repayments: readonly RepaymentKind[]
  /** Nominal rates on offer. */
  rates: RateRange
  /** Rates are multiples of this; 1 must be a whole number of steps, at most 1,000,000. To twelve decimals without it. */
  rate_step?: Numeric | null
  /** Interest by days; without it a twelfth of the rate in each month. */
  day_count?: DayCount | null
  /** How amounts become whole minor units. */
  rounding?: ScheduleRounding
  /** What is charged beside interest. */
  fees?: readonly Fee[]
  /** What is taken off rates and fees. */
  promotions?: readonly Promotion[]
  /** Largest amount as a share of the value of the collateral, in (0, 10]; a loan without collateral without it. */
  max_ltv?: Numeric | null
  /** The law that caps what it may cost; an empty list declares that nothing caps it. */
  laws: readonly ProductLaw[]
  /** What it costs the lender. */
  costs: ProductCosts
  /** Lifetime RAROC after tax that a price must reach, in [0, 10] and at least the funding rate. */
  hurdle: Numeric
  /** Who accepts a rate; without it the price is that of the hurdle. */
  take_up?: TakeUp | null
  /** Limits on changes of a customer's price. */
  guard?: PriceGuard | null
}

/** Amounts, both included. */
export interface AmountRange {
  /** The least, above 0. */
  low: Amount
  /** The most. */
  high: Amount
}

/** Rates, both included; fractions per year. */
export interface RateRange {
  /** The least, at least 0: no price is lower. */
  low: Numeric
  /** The most, at most 10. */
  high: Numeric
}

/** A way to repay, without its figures. */
export type RepaymentKind = Repayment['type']

/** Where the caps of a product stand. */
export interface ProductLaw {
  /** Letters of the jurisdiction, as in its pack. */
  jurisdiction: string
  /** The name of the product within that pack. */
  product: string
}

/** What a product costs the lender. Rates and shares are fractions, rates per year; 0 where nothing is said. */
export interface ProductCosts {
  /** Transfer prices by term. */
  funding: FtpCurve
  /** Running cost of operation, a share of the balance, in [0, 1]. */
  opex?: Numeric
  /** Cost of making a loan, an amount or a share of it. */
  origination?: Charge | null
  /** Loss given default, in [0, 1]. */
  lgd: Numeric
  /** Capital that the balance binds. */
  capital: CapitalModel
  /** What the capital itself earns, in [0, 1]. */
  capital_benefit?: Numeric
  /** Tax on income, in [0, 1). */
  tax?: Numeric
  /** Share of the balance that is paid before it is due (CPR), in [0, 1). */
  prepayment?: Numeric
}

/** A need, with everything that a price of it rests on. */
export interface QuoteRequest {
  /** What is asked for. */
  need: Need
  /** The risk of who asks. */
  risk: CreditRisk
  /**
   * The caps, one pack for each jurisdiction that a product names: one that comes with the library, by its jurisdiction
   * (`CN`, `EU`, `UK`, `US`), or one's own.
   */
  packs: readonly (string | CountryPack)[]
  /** The day of the contract and of the drawdown. */
  day: Day
  /** The prices that the customer had, by product, each list by rising first day. */
  past?: { readonly [product: string]: readonly PastPrice[] }
}

/** What a borrower asks for. */
export interface Need {
  /** What it is for, a tag of products; for anything without it. */
  purpose?: string | null
  /** How much, above 0. */
  amount: Amount
  /** Currency of the amounts, an ISO 4217 code. */
  currency: string
  /** For how many months, 1 to 1,200. */
  months: number
  /** How it is to be repaid; the first way of each product without it. */
  repayment?: Repayment | null
  /** Value of the collateral on offer, above 0. */
  collateral?: Amount | null
}

/** When the borrower may default, and what the rate does to it. */
export interface CreditRisk {
  /** The PD, per year, or month by month for at least the term. */
  pd: PdPath
  /** How it rises with the rate: adverse selection, and the burden of the payments. */
  response?: PdResponse | null
}

/** The log-odds of default, of a month where the PD is monthly, rise by `slope` per unit of rate above `at`, and fall below it. */
export interface PdResponse {
  /** The rate for which the PD was estimated, a fraction per year in [0, 10]. */
  at: Numeric
  /** Change of the log-odds per unit of rate, in [0, 100]. */
  slope: Numeric
}

/** A price, or why there is none. */
export type Quoted = ({ type: 'quote' } & Quote) | NoPrice

/** Why there is no price; rates are nominal, fractions per year. `needed` is the lowest that earns the hurdle. */
export type NoPrice =
  /** `needed` costs more than the law allows: `all_in`, as the cap measures it. */
  | { type: 'no_legal_price'; needed: Decimal; all_in: Decimal; cap: CapOnDay }
  /** `needed` lies above the highest rate of the product. */
  | { type: 'above_range'; needed: Decimal; highest: Decimal }
  /** No rate up to 10 earns the hurdle: the one that comes nearest, and the value that is missing there per unit of the amount. */
  | { type: 'no_price'; nearest: Decimal; shortfall: Decimal }

/** A price that is legal and earns the hurdle. */
export interface Quote {
  /** Name of the product. */
  product: string
  /** Nominal rate, a fraction per year. */
  rate: Decimal
  /** What set it; `cap` stands for the highest rate of the product too. */
  bound: GuardBound
  /** The cap that set it; `null` when none did. */
  cap: CapOnDay | null
  /** The lowest rate that earns the hurdle and is not below the floor, a fraction per year. */
  needed: Decimal
  /** Lifetime return on risk-adjusted capital, a fraction per year, at least the hurdle. */
  raroc: Decimal
  /** Economic value added as a present value at the hurdle, per unit of the amount, at least 0. */
  eva: Decimal
  /** Share of such offers that is accepted, in [0, 1]; `null` without a curve of demand. */
  take_up: Decimal | null
  /** What the offer is expected to add, in the currency: amount · `eva` · share accepted. */
  expected_profit: Decimal
  /** What the borrower pays altogether. */
  all_in: AllInRates
  /** The caps of the day, all of them kept. */
  caps: CapOnDay[]
  /** What the rate is made of. */
  parts: PriceParts
  /** The first payment. */
  first_payment: Amount
  /** The last payment. */
  last_payment: Amount
  /** Sums over the schedule. */
  totals: ScheduleTotals
  /** The terms, of which `schedule` makes the payments; their fractions are decimal texts. */
  terms: ScheduleTerms
}

/** What a loan costs, fractions by how it is measured: beside these two what the caps ask for. */
export interface AllInRates extends Partial<Record<RateBasis, Decimal>> {
  /** Internal rate of return, times the periods of a year. */
  simple: Decimal
  /** Internal rate of return, compounded to a year: the annual percentage rate of the EU. */
  compound: Decimal
}

/** What a rate is made of, fractions per year; the parts of `needed`, the promotions and the margin add up to it. */
export interface PriceParts {
  /** What the hurdle needs, at the balances of this loan. */
  needed: Waterfall
  /** What promotions take from the rate, less what a day count adds to it. */
  promotions: Decimal
  /** What the rate earns beyond the hurdle, before tax. */
  margin: Decimal
}
