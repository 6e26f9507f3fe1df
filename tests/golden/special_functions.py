"""Makes special_functions.json with mpmath at 40 digits, each value rounded once.

    python tests/golden/special_functions.py > tests/golden/special_functions.json
"""

import json

import mpmath
from mpmath import mp, mpf

mp.dps = 40


def lower_beta(x, a, b):
    return mpmath.betainc(a, b, 0, x, regularized=True)


def upper_beta(x, a, b):
    return mpmath.betainc(b, a, 0, 1 - mpf(x), regularized=True)


def beta_quantile(p, a, b):
    """The root in the log-odds of x, from a bisection with few digits: independent of any formula of ours."""

    def miss(u):
        return lower_beta(1 / (1 + mpmath.exp(-u)), a, b) / p - 1

    low, high = mpf(-200), mpf(200)
    with mpmath.workdps(15):
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if miss(middle) < 0 else (low, middle)
    return 1 / (1 + mpmath.exp(-mpmath.findroot(miss, (low, high), solver="secant")))


def lower_gamma(a, x):
    return mpmath.gammainc(a, 0, x, regularized=True)


def upper_gamma(a, x):
    return mpmath.gammainc(a, x, regularized=True)


BETA = [
    (0.5, 2.0, 3.0), (0.1034, 55.5, 351.5), (0.0367, 2.5, 4.5), (0.01, 0.5, 0.5), (0.99, 0.5, 0.5), (1e-9, 0.5, 40.5),
    (0.3, 0.001, 2.0), (0.7, 3.0, 0.01), (0.02, 101.0, 4900.0), (0.03, 101.0, 4900.0), (0.0005, 1.0, 10000.0),
    (0.5, 5000.0, 5000.0), (0.48, 5000.0, 5000.0), (0.02, 1e3, 49e3), (0.021, 1e3, 49e3), (0.019, 1e3, 49e3),
    (0.9, 12.5, 3.25), (1e-5, 4.0, 797.0), (0.999, 400.0, 1.5), (0.2, 30.0, 40.0), (0.6, 30.0, 40.0),
]
BETA_INV = [
    (0.9, 1.0, 800.0), (0.5, 1.0, 300.0), (0.999, 2.0, 299.0), (0.75, 4.0, 797.0), (0.025, 0.5, 100.5), (0.975, 0.5, 100.5),
    (0.05, 55.5, 351.5), (0.95, 101.0, 4900.0), (0.5, 0.5, 0.5), (0.01, 0.1, 5.0), (1e-6, 3.0, 7.0), (0.999999, 3.0, 7.0),
    (0.3, 500.0, 700.0), (0.975, 300.0, 9e3), (0.1, 2.0, 0.3), (0.9, 0.05, 0.08),
]
GAMMA = [
    (0.5, 0.1), (0.5, 1.9), (0.5, 8.0), (1.0, 2.0), (3.0, 0.01), (3.0, 12.0), (4.0, 1.1344), (10.0, 3.0), (10.0, 30.0),
    (25.5, 20.0), (100.0, 80.0), (100.0, 150.0), (1000.0, 1000.0), (1000.0, 1100.0), (1e5, 99500.0), (1e6, 1.003e6),
]
CHI2 = [
    (3.841458820694124, 1), (0.0001, 1), (80.0, 1), (5.991464547107979, 2), (4.5227, 8), (7.4866, 8), (9.0, 10), (150.0, 100),
    (60.0, 100), (1050.0, 1000), (400.0, 9),
]
LN_GAMMA = [1e-8, 0.1, 0.5, 0.99, 1.25, 1.75, 2.5, 3.0, 7.3, 10.0, 40.5, 123.456, 1e4, 1e6 + 0.5, 1e9]

mpfs = lambda row: [mpf(x) for x in row]
families = {
    "ln_gamma": (((x,) for x in LN_GAMMA), mpmath.loggamma),
    "beta_cdf": (BETA, lower_beta),
    "beta_sf": (BETA, upper_beta),
    "beta_inv": (BETA_INV, beta_quantile),
    "gamma_p": (GAMMA, lower_gamma),
    "gamma_q": (GAMMA, upper_gamma),
    "chi2_sf": (CHI2, lambda x, df: upper_gamma(df / 2, x / 2)),
}
cases = {
    name: [{"x": [float(x) for x in row], "value": float(function(*mpfs(row)))} for row in rows]
    for name, (rows, function) in families.items()
}
print(json.dumps({"source": f"mpmath {mpmath.__version__}, 40 digits", "cases": cases}, indent=1))
