"""Makes logistic_south_german.json with statsmodels.

The bins (groups and cuts) come from a pipeline fitted on all rows; counts, weights of evidence, coefficients and
standard errors are computed here, from the CSV file alone.

    jq 'del(.split)' tests/data/south_german_credit.config.json > /tmp/all.json
    cargo run --profile quick -p scoreline --example south_german -- fit /tmp/all.json tests/data/south_german_credit.csv /tmp/model.json
    python tests/golden/logistic_south_german.py /tmp/model.json > tests/golden/logistic_south_german.json
"""

import csv
import json
import math
import sys
from bisect import bisect_right

import numpy
import statsmodels
import statsmodels.api

INCOME_SHARE = {"1": 0.40, "2": 0.30, "3": 0.225, "4": 0.15}

with open(sys.argv[1], encoding="utf-8") as file:
    bins = json.load(file)["pipeline"]["bins"]
with open("tests/data/south_german_credit.csv", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
target = numpy.array([int(row["target"]) for row in rows])


def value(row, feature):
    if feature == "monthly_principal":
        return float(row["amount"]) / float(row["duration"])
    if feature == "disposable_income":
        return value(row, "monthly_principal") / INCOME_SHARE[row["installment_rate"]]
    return row[feature]


def bin_of(row, feature, split):
    if split["type"] == "numeric":
        return bisect_right(split["cuts"], float(value(row, feature)))
    return next(i for i, group in enumerate(split["groups"]) if value(row, feature) in group)


variables, columns = [], []
for feature in bins:
    name, split = feature["feature"], feature["split"]
    codes = numpy.array([bin_of(row, name, split) for row in rows])
    woe = []
    for code in range(codes.max() + 1):
        events = int(target[codes == code].sum())
        others = int((codes == code).sum()) - events
        # Half a row is added to both classes of a bin; the totals stay as they are.
        woe.append(math.log(((others + 0.5) / (target == 0).sum()) / ((events + 0.5) / (target == 1).sum())))
    variables.append({"feature": name, "split": split, "woe": woe})
    columns.append(numpy.array(woe)[codes])

design = statsmodels.api.add_constant(numpy.column_stack(columns))
fit = statsmodels.api.Logit(target, design).fit(method="newton", tol=1e-14, maxiter=100, disp=False)
json.dump(
    {
        "meta": {
            "topic": "logistic regression on the weights of evidence of South German Credit, all 1,000 rows",
            "source": f"statsmodels {statsmodels.__version__} Logit, Newton; made by logistic_south_german.py",
        },
        "variables": variables,
        "coefficients": fit.params.tolist(),
        "standard_errors": fit.bse.tolist(),
        "log_likelihood": fit.llf,
        "null_log_likelihood": fit.llnull,
        "z": fit.tvalues.tolist(),
        "p_values": fit.pvalues.tolist(),
        "intervals_95": fit.conf_int(0.05).tolist(),
        "likelihood_ratio": {"chi2": fit.llr, "degrees": int(fit.df_model), "p": fit.llr_pvalue},
        "aic": fit.aic,
        "bic": fit.bic,
        "mcfadden": fit.prsquared,
    },
    sys.stdout,
    indent=1,
)
print()
