"""Lets Schemathesis get past 404: what it sends is aimed, most of the time, at tickets that exist and are in a state that takes it.

The samples come from main.ts, by operation: members of the path, the query and the body that replace what was generated, names that are left out,
and "$uuid" for a fresh id. A request that is meant to be refused stays as it is.

At the end it writes what was answered and found, by operation.
"""

import atexit
import json
import os
import random
import uuid

import schemathesis

with open(os.environ["PAIDAN_FUZZ_SAMPLES"], encoding="utf-8") as file:
    SAMPLES = json.load(file)

TALLY = {}
EXAMPLES = {}

CHANCE = random.Random(20261122)
AIMED = 0.8


def _filled(value):
    if value == "$uuid":
        return str(uuid.UUID(int=CHANCE.getrandbits(128), version=4))
    return value


def _aim(case, sample):
    for name, value in sample.get("path", {}).items():
        case.path_parameters[name] = value
    if "query" in sample:
        case.query = {**(case.query or {}), **sample["query"]}
    if "body" in sample and isinstance(case.body, dict):
        without = sample.get("without", [])
        body = {name: value for name, value in case.body.items() if name not in without}
        case.body = {**body, **{name: _filled(value) for name, value in sample["body"].items()}}


@schemathesis.hook
def before_call(context, case, kwargs):
    # Wrong query codes are counted by address: each request is another household's, or all would be refused after ten.
    if case.headers is not None:
        case.headers["X-Forwarded-For"] = f"10.{CHANCE.randrange(256)}.{CHANCE.randrange(256)}.{CHANCE.randrange(1, 255)}"
    samples = SAMPLES.get(case.operation.label)
    positive = case.meta is not None and case.meta.generation.mode.is_positive
    if samples and positive and CHANCE.random() < AIMED:
        _aim(case, CHANCE.choice(samples))


def _of(case):
    return TALLY.setdefault(case.operation.label, {"answers": {}, "findings": {}})


def _count(counts, name):
    counts[name] = counts.get(name, 0) + 1


@schemathesis.hook
def after_call(context, case, response):
    _count(_of(case)["answers"], str(response.status_code))


@schemathesis.hook
def filter_failure(context, failure, case, response):
    name = type(failure).__name__
    _count(_of(case)["findings"], name)
    key = (case.operation.label, name, response.status_code)
    if key not in EXAMPLES:
        # No headers: they have the token.
        sent = json.dumps(case.body, ensure_ascii=False, default=lambda _: None)[:1000]
        got = response.content.decode("utf-8", "replace")[:1000]
        EXAMPLES[key] = f"{name}: {case.method} {case.formatted_path} {case.query or ''}\n  sent {sent}\n  got {response.status_code} {got}\n  {failure.message}"
    return True


@atexit.register
def _write():
    operations = [{"operation": label, **tally} for label, tally in sorted(TALLY.items())]
    with open(os.environ["PAIDAN_FUZZ_TALLY"], "w", encoding="utf-8") as file:
        json.dump({"operations": operations, "examples": list(EXAMPLES.values())}, file, ensure_ascii=False)
