"""check_lines.py [--complete] SCHEMA FILE: every line of FILE is JSON that SCHEMA describes, with each key once.

Nothing may be there that the schema doesn't name. --complete: what readers may miss, but the runtime always writes, is
there too.
"""
import json
import sys

import jsonschema
from closed_schema import closed

ALWAYS = {
    "": "goes_on time headline action place explanation event pc sp thread",
    "properties/block": "state data_begin data_end",
    "properties/damage": "bytes",
    "$defs/process": "parent executable",
    "$defs/thread": "id",
    "$defs/trace": "thread",
    "$defs/trace/properties/folded": "functions complete",
}


def demand_all(schema):
    for path, names in ALWAYS.items():
        place = schema
        for step in path.split("/") if path else []:
            place = place[step]
        unknown = set(names.split()) - set(place["properties"])
        if unknown:
            raise ValueError("the schema describes no %s of %s" % (unknown, path))
        place["required"] = place.get("required", []) + names.split()


def unique(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("a key is there twice: %s" % keys)
    return dict(pairs)


def main(arguments):
    complete = arguments[0] == "--complete"
    schema_path, path = arguments[1:] if complete else arguments
    with open(schema_path, encoding="utf-8") as file:
        schema = closed(json.load(file))
    if complete:
        demand_all(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    bad = count = 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            count += 1
            for error in validator.iter_errors(json.loads(line, object_pairs_hook=unique)):
                bad += 1
                print("line %d: %s: %s" % (count, list(error.absolute_path), error.message[:300]))
    print("%d lines" % count)
    return 1 if bad or count == 0 else 0


sys.exit(main(sys.argv[1:]))
