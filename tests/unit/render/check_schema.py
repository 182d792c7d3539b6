"""check_schema.py [--strict] SCHEMA FILE...: every FILE, or every line of a .jsonl or .json one, is valid.

--strict: objects hold nothing that the schema doesn't name, so that a field that nobody described is found. The other way
round is tried too: with each required field taken away, and each constant changed, no file is valid any more.
"""

import copy
import json
import pathlib
import sys

import jsonschema

sys.path.append(str(pathlib.Path(__file__).parents[2] / "support"))
from closed_schema import closed


def documents(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if path.endswith((".jsonl", ".json")):
        return [json.loads(line) for line in text.splitlines()]
    return [json.loads(text)]


def damaged(document, schema):
    """Documents that must not be valid."""
    for name in schema["required"]:
        without = copy.deepcopy(document)
        del without[name]
        yield f"without {name}", without
    for name, rule in schema["properties"].items():
        if "const" in rule:
            yield f"another {name}", {**document, name: "damaged"}
    yield "with a field too many", {**document, "nobody described this": 1}


def check(path, document, schema, validator):
    errors = [f"{path}: {error.json_path}: {error.message}" for error in validator.iter_errors(document)]
    errors += [f"{path}: valid {how}" for how, wrong in damaged(document, schema) if validator.is_valid(wrong)]
    return errors


def main(arguments):
    strict = arguments[0] == "--strict"
    schema_path, *paths = arguments[1:] if strict else arguments
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    if strict:
        schema = closed(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    errors, count = [], 0
    for path in paths:
        for document in documents(path):
            count += 1
            errors += check(path, document, schema, validator)
    print("\n".join(errors) or f"{count} documents are valid")
    return 1 if errors or count == 0 else 0


sys.exit(main(sys.argv[1:]))
