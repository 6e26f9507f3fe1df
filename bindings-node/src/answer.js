// What makes the plain object of a decision from its parts. Absent numbers come as NaN, absent indices as 255, absent
// money as null. Decisions share their reasons, which are therefore frozen.
;(tiers, classes, outcomes, limits, bounds, reasons) => {
  reasons.forEach(Object.freeze)
  const name = (names, index) => (index < names.length ? names[index] : null)
  const number = (x) => (x === x ? x : null)
  return (score, pd, tier, outcome, limit, binding, amount, instalment, rate, bound, raroc, needed, cap, a, b, c, d, unseen, expert, klass) => {
    const why = []
    for (const reason of [a, b, c, d]) if (reason < reasons.length) why.push(reasons[reason])
    return {
      score,
      pd,
      tier: name(tiers, tier),
      outcome: name(outcomes, outcome),
      limit,
      limitBinding: name(limits, binding),
      amount,
      instalment,
      rate: number(rate),
      rateBound: name(bounds, bound),
      raroc: number(raroc),
      rateNeeded: number(needed),
      rateCap: number(cap),
      reasons: why,
      unseen,
      expertScore: number(expert),
      clientClass: name(classes, klass),
    }
  }
}
