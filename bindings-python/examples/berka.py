"""66 features over the dated transactions of each loan applicant, as of the loan date.

The data are those of the Czech bank of the PKDD'99 Discovery Challenge (P. Berka, M. Sochorova): for 354 loans granted
in 1997 and 1998 the transactions of the account up to the day of the loan.

    SCORELINE_DATA=… python bindings-python/examples/berka.py
"""

import os
import pathlib

import pyarrow.parquet as pq

import scoreline as sl
from scoreline import events as ev

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
    loans, paid = (pq.read_table(folder / f"{name}.parquet") for name in ("loan", "trans_preloan"))

    def dated(table):
        at = table.column_names.index("date")
        return table.set_column(at, "date", table["date"].cast("date32"))

    import pyarrow.compute as pc

    loans, paid = dated(loans), dated(paid)
    return loans.filter(pc.is_in(loans["account_id"], pc.unique(paid["account_id"]))), paid


def main():
    loans, paid = read(os.environ["SCORELINE_DATA"])
    found = windows().evaluate(
        {"transactions": (paid, "account_id")}, entities=loans["account_id"], as_of=loans["date"]
    )
    print(f"{len(found)} features of {loans.num_rows} loans from {paid.num_rows} transactions")
    columns = {name: numbers.to_numpy() for name, numbers in found.items()}
    table = {**columns, "bad": loans["target"].to_pylist()}
    config = sl.Config(target="bad", small_bank=sl.SmallBank(), model=sl.Model(max_variables=4))
    pipeline = sl.fit(table, config)
    print(pipeline)


if __name__ == "__main__":
    main()
