"""check_lines.py <schema> <file>: every line of the file is JSON that the schema accepts, and each key is there once."""
import json
import sys

import jsonschema


def unique(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("a key is there twice: %s" % keys)
    return dict(pairs)


with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
bad = count = 0
with open(sys.argv[2], encoding="utf-8") as lines:
    for line in lines:
        count += 1
        for error in validator.iter_errors(json.loads(line, object_pairs_hook=unique)):
            bad += 1
            print("line %d: %s: %s" % (count, list(error.absolute_path), error.message[:300]))
print("%d lines" % count)
sys.exit(bad != 0 or count == 0)
