"""JSON Schemas that allow nothing that they don't name, so that a field that nobody described is found."""

# Conditions speak of a part of an object.
CONDITIONS = ("if", "then", "else", "not", "allOf", "anyOf")


def closed(schema):
    """The same schema, with nothing allowed that it doesn't name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: value if key in CONDITIONS else closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict):
        result.setdefault("additionalProperties", False)
    return result
