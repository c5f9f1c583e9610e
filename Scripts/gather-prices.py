#!/usr/bin/env python3
"""Reads the rates of Scripts/prices.csv anew from litellm's price file.

Usage: Scripts/gather-prices.py model_prices_and_context_window_backup.json   (from the root; Python 3.9, no packages)

The file is in every release of the PyPI package litellm; DATE and SOURCE in Scripts/generate-prices.py name the one used.
prices.csv says which models there are, and has what the file lacks: editions, hours, the shortest prompt that is cached, and
rates from a vendor's own page (`source` begins with `page:`). This script writes the other rates, one row for each service
and length of prompt that has a price: nothing is derived, what the file does not say stays unknown. Exceptions:
- SLIPS are not taken;
- Anthropic's page says that all usage in a batch is half the price, and that fast mode is one factor on everything: so are
  the one-hour writes in batches, and the section `fast`;
- the factor of a region of Bedrock's is taken if it turns every rate of the plain id into that of the region's id;
- a section without input or output is left out: no call could be priced by it.
"""
import csv
import json
import re
import sys
from decimal import Decimal
from pathlib import Path

TABLE = Path(__file__).resolve().parent / "prices.csv"
CLASSES = {
    "input": "input_cost_per_token", "output": "output_cost_per_token", "cached_read": "cache_read_input_token_cost",
    "cache_write_5m": "cache_creation_input_token_cost", "cache_write_1h": "cache_creation_input_token_cost_above_1hr",
    "reasoning_output": "output_cost_per_reasoning_token",
}
SERVICES = {"": "", "batch": "_batches", "flex": "_flex", "priority": "_priority", "ultrafast": "_ultrafast"}
# Sections and classes that the file has, and no vendor charges.
SLIPS = {
    ("openai", "gpt-5-nano"): {"priority"},  # 2.50 for input that costs 0.05: fifty times as much
    ("azure", "us/gpt-4o"): {"cache_write_5m"},  # below the price of input; Azure's gpt-4o charges no writes
}
# xAI's page: "Requests whose prompt reaches 200k tokens are billed at the higher rate".
REACHES = {"xai"}
BEDROCK_REGIONS = ["us", "eu", "apac", "au", "jp", "global"]


def dollars(value):
    """A rate per token as text, in dollars per million tokens."""
    million = Decimal(repr(value) if isinstance(value, float) else str(value)) * 10**6
    million = million.quantize(Decimal(10) ** -9).normalize()
    if million != round(million, 6):
        raise ValueError(f"{value} is finer than a picodollar per token")
    return f"{million:f}"


def sections(entry):
    """Rates by section, such as `` or `batch.above200000`."""
    found = {}
    for service, ending in SERVICES.items():
        for name, column in CLASSES.items():
            if isinstance(entry.get(column + ending), (int, float)):
                found.setdefault((service, 0), {})[name] = dollars(entry[column + ending])
            for member, value in entry.items():
                match = re.fullmatch(rf"{column}_above_(\d+)(k?)_tokens{ending}", member)
                if match and isinstance(value, (int, float)):
                    limit = int(match[1]) * (1000 if match[2] else 1)
                    found.setdefault((service, limit), {})[name] = dollars(value)
    for tier in entry.get("tiered_pricing") or []:
        found[("", int(tier["range"][0]))] = {n: dollars(tier[c]) for n, c in CLASSES.items() if c in tier}
    for rates in found.values():
        if rates.get("reasoning_output") == rates.get("output"):
            rates.pop("reasoning_output", None)
    return {k: r for k, r in sorted(found.items(), key=lambda item: (list(SERVICES).index(item[0][0]), item[0][1]))
            if "input" in r and ("output" in r or entry.get("mode") == "embedding")}


def add_anthropic(found, entry):
    for service, limit in list(found):
        if service == "batch" and "cache_write_1h" in found.get(("", limit), {}):
            found[(service, limit)]["cache_write_1h"] = times(found[("", limit)]["cache_write_1h"], 0.5)
    fast = (entry.get("provider_specific_entry") or {}).get("fast")
    if fast:
        found[("fast", 0)] = {name: times(rate, fast) for name, rate in found[("", 0)].items()}


def times(rate, number):
    return f"{(Decimal(rate) * Decimal(repr(number))).normalize():f}"


def off_peak(entry):
    """The entry with the rates of the hours at which the vendor is not busy."""
    return {**entry, **{c: v for c, v in entry["off_peak_pricing"].items() if c in CLASSES.values()}}


def factor(plain, special):
    """What turns every rate of one entry into that of another, or None."""
    names = [c for c in plain if "cost_per_token" in c or "token_cost" in c]
    factors = {Decimal(repr(special[c])) / Decimal(repr(plain[c])) for c in names if c in special and plain[c]}
    exact = {f.quantize(Decimal("0.001")) for f in factors}
    return exact.pop() if len(exact) == 1 and all(c in special for c in names) else None


def regions(row, entry, prices):
    factors = {}
    if row["provider"] == "aws.bedrock":
        for region in BEDROCK_REGIONS:
            special = prices.get(f"{region}.{row['source']}")
            if special:
                found = factor(entry, special)
                if found is None:
                    print(f"{region}.{row['model']}: no one factor, left out", file=sys.stderr)
                else:
                    factors[region] = found.normalize()
    for name, value in (entry.get("provider_specific_entry") or {}).items():
        if name in ("us", "eu"):
            factors[name] = Decimal(repr(value)).normalize()
    for name in ("eu", "us"):
        value = entry.get(f"regional_processing_uplift_multiplier_{name}")
        if value:
            factors[name] = Decimal(repr(value)).normalize()
    return ";".join(f"{name}={value:f}" for name, value in sorted(factors.items()))


def rows_of(row, prices):
    entry = prices[row["source"]]
    if not row["hours"] and "off_peak_pricing" in entry:
        entry = off_peak(entry)
    slips = SLIPS.get((row["provider"], row["model"]), set())
    found = sections(entry)
    if row["provider"] == "anthropic":
        add_anthropic(found, entry)
    for (service, limit), rates in found.items():
        if service in slips:
            continue
        long = f"{'atleast' if row['provider'] in REACHES else 'above'}{limit}" if limit else ""
        result = {name: "" for name in row}
        if not service and not limit:
            result.update(row)
            result.update({name: "" for name in CLASSES})
            result["regions"] = regions(row, entry, prices)
            result["context_window"] = entry.get("max_input_tokens", "")
            result["max_output"] = entry.get("max_output_tokens", "") if row["kind"] != "embedding" else ""
            result["retirement_date"] = entry.get("deprecation_date", "")
        result.update(provider=row["provider"], model=row["model"], section=".".join(filter(None, [service, long])))
        result.update({name: rate for name, rate in rates.items() if name not in slips})
        yield result


def main():
    prices = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with open(TABLE, newline="") as file:
        reader = csv.DictReader(file)
        columns, old = reader.fieldnames, list(reader)
    result = []
    for row in old:
        if row["source"].startswith("page:"):
            result.append(row)
        elif not row["section"]:
            result += rows_of(row, prices)
            for edition in filter(None, row["editions"].split(";")):
                dated = prices.get(f"{row['source']}-{edition}") or prices.get(f"{row['source']}@{edition}")
                if dated and sections(dated) != sections(prices[row["source"]]):
                    print(f"{row['provider']} {row['model']} {edition}: has other rates", file=sys.stderr)
    with open(TABLE, "w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(result)
    print(f"{sum(not row['section'] for row in result)} prices in {len(result)} rows")


if __name__ == "__main__":
    main()
