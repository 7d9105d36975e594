"""Validates CycloneDX files strictly: FILE..."""

import json
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

failed = False
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    bom = json.loads(text)
    version = SchemaVersion.from_version(bom["specVersion"])
    error = JsonStrictValidator(version).validate_str(text)
    references = {component["bom-ref"] for component in bom["components"]}
    if len(references) != len(bom["components"]) or not references:
        error = error or "components without a reference of their own"
    failed = failed or error is not None
    print(f"{path.rsplit('/', 1)[-1]}: {error or 'valid'}, {len(references)} components")
sys.exit(failed)
