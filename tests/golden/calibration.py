"""Makes calibration.json with scipy: Platt's line, a weighted isotonic curve and the EM prior on fixed cells.

    python tests/golden/calibration.py > tests/golden/calibration.json
"""

import json

import numpy
import scipy
from scipy.optimize import isotonic_regression, minimize
from scipy.special import expit

# Log-odds of the event, non-events, events.
cells = [
    (-4.1, 310, 2), (-3.3, 280, 9), (-2.75, 240, 5), (-2.2, 190, 21), (-1.6, 150, 19), (-1.05, 90, 31), (-0.4, 55, 40),
    (0.2, 31, 29), (0.9, 12, 30), (1.7, 3, 17),
]
x, good, bad = (numpy.array(column, float) for column in zip(*cells))

high, low = (bad.sum() + 1) / (bad.sum() + 2), 1 / (good.sum() + 2)


def loss(line):
    eta = line[0] * x + line[1]
    return numpy.sum((bad + good) * numpy.logaddexp(0, eta) - (bad * high + good * low) * eta)


def slope(line):
    miss = (bad + good) * expit(line[0] * x + line[1]) - (bad * high + good * low)
    return numpy.array([numpy.sum(miss * x), numpy.sum(miss)])


def curvature(line):
    p = expit(line[0] * x + line[1])
    w = (bad + good) * p * (1 - p)
    return numpy.array([[numpy.sum(w * x * x), numpy.sum(w * x)], [numpy.sum(w * x), numpy.sum(w)]])


platt = minimize(loss, [1.0, 0.0], jac=slope, hess=curvature, method="trust-exact", options={"gtol": 1e-11}).x

prior, trained = 0.1, 0.08
for _ in range(200_000):
    p = expit(x)
    one, zero = prior / trained * p, (1 - prior) / (1 - trained) * (1 - p)
    prior = numpy.sum((good + bad) * one / (one + zero)) / numpy.sum(good + bad)

print(json.dumps({
    "source": f"scipy {scipy.__version__}",
    "cells": cells,
    "platt": {"slope": platt[0], "intercept": platt[1]},
    "isotonic": list(isotonic_regression(bad / (good + bad), weights=good + bad).x),
    "em": {"trained": trained, "prior": prior},
}, indent=1))
