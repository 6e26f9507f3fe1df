"""A million loans of 36 months priced to the hurdle over their life: beside the same model in numpy, month by month and loan by
loan vectorised, solved by the secant method."""

import sys

import numpy as np
import scoreline as sl
from common import race, row, save

HURDLE, MONTHS = 0.12, 36
FIXED = {"funding": 0.032, "opex": 0.015, "origination": 0.003, "prepayment": 0.1, "capital_benefit": 0.025, "tax": 0.25}


def book(count):
    rng = np.random.default_rng(20261122)
    return {"pd": rng.beta(1.2, 30, count).clip(0.0005, 0.4), "lgd": rng.uniform(0.2, 0.8, count), "capital": rng.uniform(0.03, 0.12, count)}


def ours(loans, threads):
    loan = sl.pricing.Lifetime(months=MONTHS, pd=0.03, lgd=0.6, capital=0.08, **FIXED)
    return lambda: loan.price(loans, HURDLE, threads=threads)


def in_numpy(loans):
    pd, lgd, capital = loans["pd"], loans["lgd"], loans["capital"]
    hazard = -np.expm1(np.log1p(-pd) / 12)
    kept = (1 - hazard) * (1 - FIXED["prepayment"]) ** (1 / 12) * (1 + HURDLE) ** (-1 / 12)
    per_balance = (FIXED["funding"] + FIXED["opex"] - capital * FIXED["capital_benefit"] + capital * HURDLE / (1 - FIXED["tax"])) / 12
    cost = per_balance + lgd * hazard

    def excess(rate):
        i = rate / 12
        payment = i / -np.expm1(-MONTHS * np.log1p(i))
        balance, weight = np.ones_like(rate), np.full_like(rate, (1 + HURDLE) ** (-1 / 12))
        total = np.full_like(rate, -FIXED["origination"])
        for _ in range(MONTHS):
            total += weight * balance * ((1 - hazard) * i - cost)
            weight *= kept
            balance *= 1 + i
            balance -= payment
        return total

    def run():
        before, rate = np.full_like(pd, 0.05), np.full_like(pd, 0.15)
        at_before, at = excess(before), excess(rate)
        for _ in range(20):
            with np.errstate(invalid="ignore", divide="ignore"):
                step = at * (rate - before) / (at - at_before)
            step = np.where(np.isfinite(step), step, 0.0)
            before, at_before = rate, at
            rate = rate - step
            if np.abs(step).max() < 1e-13:
                return rate
            at = excess(rate)
        return rate

    return run


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    loans = book(size)
    runners = {"scoreline": ours(loans, 1), "numpy": in_numpy(loans)}
    timed = race(runners, runs=3)
    found, expected = np.asarray(timed["scoreline"]["value"]["rate"]), timed["numpy"]["value"]
    assert np.abs(found - expected).max() < 1e-10, np.abs(found - expected).max()
    assert np.abs(np.asarray(timed["scoreline"]["value"]["raroc"]) - HURDLE).max() < 1e-10
    lines = []
    for who, one in timed.items():
        lines.append(row("price to the hurdle, 36 months", who, one, rows=size, per_row=one["cpu"] / size))
        print(f"{who:12} {one['cpu']:8.3f} s for {size:,}: {one['cpu'] / size * 1e9:9.0f} ns a loan")
    save("lifetime", lines)
