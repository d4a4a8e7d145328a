"""Reads requirements files with the pip of this machine, for requirements.difftest.test.ts. One JSON answer per path."""

import json
import logging
import sys

from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements

logging.disable(logging.CRITICAL)
session = PipSession()


def is_pin(made):
    """One clause that names one version; pip's own `is_pinned` takes `==1.*` too."""
    if not made.req or made.link is not None or not made.is_pinned:
        return False
    clause = next(iter(made.req.specifier))
    return clause.operator == "===" or not clause.version.endswith(".*")


def read(path):
    items = []
    try:
        for item in parse_requirements(path, session=session):
            options = item.options or {}
            hashes = {f"{name}:{value}" for name, values in options.get("hashes", {}).items() for value in values}
            words = item.comes_from.split(" ")
            answer = {
                "line": int(words[words.index("(line") + 1].rstrip(")")),
                "requirement": item.requirement.strip(),
                "isEditable": item.is_editable,
                "isConstraint": item.constraint,
                "hashes": sorted(hashes),
            }
            try:
                made = install_req_from_parsed_requirement(item)
                answer["name"] = made.req.name if made.req else None
                answer["pinned"] = is_pin(made)
            except Exception:
                answer["refused"] = True
            items.append(answer)
    except BaseException as error:
        return {"items": items, "error": type(error).__name__}
    return {"items": items}


json.dump([read(path) for path in json.load(sys.stdin)], sys.stdout)
