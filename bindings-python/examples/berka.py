"""66 features over the dated transactions of each loan applicant, as of the loan date, and a card that says how little
30 bads can tell.

The data are those of the Czech bank of the PKDD'99 Discovery Challenge (P. Berka, M. Sochorova): for 354 loans granted
in 1997 and 1998 the transactions of the account up to the day of the loan.

    SCORELINE_DATA=… python bindings-python/examples/berka.py
"""

import dataclasses
import os
import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import scoreline as sl
from scoreline import events as ev
from scoreline import small_bank

FILTERS = {
    "all": None,
    "in": "type = 'credit'",
    "out": "type <> 'credit'",
    "cash_out": "operation = 'withdrawal in cash'",
    "remitted": "operation = 'remittance to another bank'",
    "household": "k_symbol = 'household'",
}


def features():
    """The features, in the order of their results."""
    found = []

    def add(name, aggregate, window, who, **more):
        found.append(ev.Feature(name, "transactions", aggregate, window, filter=FILTERS[who], **more))

    # The day of the loan itself is left out: its payout is on the account by then.
    spans = {"30d": ev.days(30, lag=1), "90d": ev.days(90, lag=1), "180d": ev.days(180, lag=1)}
    for who in FILTERS:
        for span, window in spans.items():
            add(f"count_{who}_{span}", ev.count(), window, who)
            add(f"sum_{who}_{span}", ev.sum("amount"), window, who, unit="CZK")
        add(f"recency_{who}", ev.recency(), ev.all_events(), who, unit="days")
    for who in ("in", "out"):
        add(f"mean_{who}_180d", ev.mean("amount"), spans["180d"], who, unit="CZK")
        add(f"deviation_{who}_180d", ev.standard_deviation("amount"), spans["180d"], who, unit="CZK")
        add(f"median_{who}_180d", ev.quantile("amount", 0.5), spans["180d"], who, unit="CZK")
        add(f"largest_{who}_180d", ev.max("amount"), spans["180d"], who, unit="CZK")
        add(f"trend_{who}_6m", ev.trend("amount"), ev.months(6), who, unit="CZK a month")
        add(f"volatility_{who}_6m", ev.volatility("amount"), ev.months(6), who)
        add(f"months_without_{who}_12m", ev.months_without(), ev.months(12), who, unit="months")
    add("balance_min_90d", ev.min("balance"), spans["90d"], "all", unit="CZK")
    add("balance_min_180d", ev.min("balance"), spans["180d"], "all", unit="CZK")
    add("balance_mean_90d", ev.mean("balance"), spans["90d"], "all", unit="CZK")
    add("balance_mean_last_20", ev.mean("balance"), ev.last_events(20), "all", unit="CZK")
    add("overdrawn_180d", ev.share("amount", "balance < 0"), spans["180d"], "all")
    add("partners_180d", ev.distinct("partner_bank"), spans["180d"], "all")
    add("top_partner_180d", ev.top_share("amount", "partner_bank", 1), spans["180d"], "remitted")
    add("partner_hhi_180d", ev.herfindahl("amount", "partner_bank"), spans["180d"], "remitted")
    add("history", ev.age(), ev.all_events(), "all", unit="days")
    add("longest_streak_in_12m", ev.longest_streak(), ev.months(12), "in", unit="months")
    return found


def windows():
    fields = [sl.Field("amount", "number", unit="CZK"), sl.Field("balance", "number", unit="CZK")]
    fields += [sl.Field(name, "category") for name in ("type", "operation", "k_symbol", "partner_bank")]
    source = ev.Source("transactions", date="date", id="trans_id", duplicates="refuse", decimals=2, fields=fields)
    return ev.Windows([source], features())


def read(folder):
    """Loans with their transactions before them, as tables of pyarrow."""
    folder = pathlib.Path(folder) / "berka"
    loans, paid = (_dated(pq.read_table(folder / f"{name}.parquet"), "date") for name in ("loan", "trans_preloan"))
    return loans.filter(pc.is_in(loans["account_id"], pc.unique(paid["account_id"]))), paid


def applications(folder, loans):
    """What is asked for, the account, its owner and the district, in the order of ``loans``. Standing orders are left out:
    nobody knows when they were given, and some pay back the very loan."""
    tables = {name: pq.read_table(pathlib.Path(folder) / "berka" / f"{name}.parquet") for name in ("account", "disp", "client", "district")}
    accounts = _dated(tables["account"], "date").rename_columns({"date": "opened"})
    owners = tables["disp"].filter(pc.equal(tables["disp"]["type"], "OWNER")).select(["account_id", "client_id"])
    clients = _dated(tables["client"], "birth_date").select(["client_id", "birth_date", "sex"])
    joined = loans.join(accounts, "account_id").join(owners, "account_id").join(clients, "client_id")
    joined = joined.join(tables["district"].select(["district_id", "avg_salary", "unemp_1995"]), "district_id")
    joined = joined.take(pc.index_in(loans["loan_id"], joined["loan_id"]))
    days = {name: joined[name].cast("int32").to_numpy() for name in ("date", "opened", "birth_date")}
    return {
        "loan": joined["amount"], "months": joined["duration"], "payment": joined["payments"], "frequency": joined["frequency"],
        "salary": joined["avg_salary"], "unemployment": joined["unemp_1995"], "sex": joined["sex"],
        "account_days": (days["date"] - days["opened"]).astype(float), "age": (days["date"] - days["birth_date"]) / 365.25,
    }  # fmt: skip


def _dated(table, name):
    return table.set_column(table.column_names.index(name), name, table[name].cast("date32"))


def card(windows, columns):
    """A card of at most four variables for very few bads. Sex and age are looked at, never scored."""
    config = sl.Config("bad", events=windows, small_bank=sl.SmallBank(), model=sl.Model(max_variables=4))
    config = config.with_schema_of(columns)
    protected = {"sex": "sex", "age": "age"}
    fields = [
        dataclasses.replace(field, sensitivity={"type": "protected", "basis": protected[field.name]}) if field.name in protected else field
        for field in config.schema.fields
    ]
    return dataclasses.replace(config, schema=sl.Schema(fields))


def main():
    folder = os.environ["SCORELINE_DATA"]
    loans, paid = read(folder)
    found = windows().evaluate({"transactions": (paid, "account_id")}, entities=loans["account_id"], as_of=loans["date"])
    print(f"{len(found)} features of {loans.num_rows} loans from {paid.num_rows:,} transactions\n")
    bad = loans["target"].to_numpy().astype(float)
    columns = {**applications(folder, loans), **{name: numbers.to_numpy() for name, numbers in found.items()}, "bad": bad}
    config = card(windows(), columns)
    pipeline = sl.fit(columns, config)
    print(pipeline.coefficients(), "\n")

    # Every loan is scored by a card that never saw it.
    table = pa.table(columns)
    log_odds = np.empty(len(bad))
    for fold in range(5):
        held = np.arange(len(bad)) % 5 == fold
        scored = sl.fit(table.filter(~held), config).scorer().score(table.filter(held))
        pd = np.array(scored["pd"])
        log_odds[held] = np.log(pd / (1 - pd))
    auc = small_bank.auc_interval(log_odds, bad, 0.9)
    print(f"{bad.sum():.0f} bads of {len(bad)}: {small_bank.sample_size(len(bad) - bad.sum(), bad.sum()).advice}")
    print(f"AUC of loans that the card did not see: {auc.estimate:.3f}, 90 % between {auc.low:.3f} and {auc.high:.3f}\n")

    # One applicant at the counter: the file knows how its features are computed.
    scorer = sl.Pipeline.from_json(pipeline.to_json()).scorer()
    events = paid.filter(pc.equal(paid["account_id"], loans["account_id"][0])).to_pylist()
    record = {name: values[0] for name, values in table.select(list(applications(folder, loans))).to_pydict().items()}
    record |= scorer.windows.of_events({"transactions": events}, loans["date"][0].as_py())
    print("First applicant, from the events:", scorer.decide_one(record))
    assert scorer.decide_one(record).score == scorer.score(table)["score"][0]


if __name__ == "__main__":
    main()
