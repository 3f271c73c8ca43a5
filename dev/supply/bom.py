"""The bill of materials in CycloneDX 1.6, of what runs and of what only development needs.

The same bytes for the same pins: no date, and a serial number that follows from the content.
"""

import json
import uuid
from typing import Any

from dev.supply.licences import licence_of
from dev.supply.pins import Pin, canonical, declared, installed, needed, our_pins, run_time
from educonnect_admin import __version__

_NAMESPACE = uuid.UUID("5a0ecc0c-9b5f-5b0e-8f0f-2f0a6f6d7b1e")
_PRODUCT = f"pkg:pypi/educonnect-admin@{__version__}"


def bill(known: dict[str, Any]) -> str:
    """Return the document.

    Args:
        known: the last one, for packages that this Python does not install.
    """
    with_us = run_time()
    versions = dict(our_pins())
    components = [_component(pin, known, with_us) for pin in our_pins()]
    graph = [
        {"ref": _PRODUCT, "dependsOn": _refs({canonical(one.name) for one in declared()}, versions)}
    ]
    graph += [_asks(pin, known, versions) for pin in our_pins()]
    content = {"components": components, "dependencies": graph}
    serial = uuid.uuid5(_NAMESPACE, json.dumps([_PRODUCT, content], sort_keys=True))
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": _ourselves()},
        **content,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _ourselves() -> dict[str, Any]:
    return {
        "type": "application",
        "bom-ref": _PRODUCT,
        "name": "educonnect-admin",
        "version": __version__,
        "licenses": [{"expression": "MIT"}],
        "purl": _PRODUCT,
    }


def _component(pin: Pin, known: dict[str, Any], with_us: dict[str, Any]) -> dict[str, Any]:
    package = installed(pin.name)
    if package is None or package.version != pin.version:
        return _of(known, "components", "bom-ref", _purl(pin))
    return {
        "type": "library",
        "bom-ref": _purl(pin),
        "name": pin.name,
        "version": pin.version,
        "scope": "required" if pin.name in with_us else "excluded",
        "licenses": [{"expression": licence_of(package)}],
        "purl": _purl(pin),
    }


def _asks(pin: Pin, known: dict[str, Any], versions: dict[str, str]) -> dict[str, Any]:
    if installed(pin.name) is None:
        return _of(known, "dependencies", "ref", _purl(pin))
    names = {canonical(one.name) for one in needed(pin.name)}
    return {"ref": _purl(pin), "dependsOn": _refs(names, versions)}


def _refs(names: set[str], versions: dict[str, str]) -> list[str]:
    return sorted(_purl(Pin(name, versions[name])) for name in names & versions.keys())


def _of(known: dict[str, Any], part: str, key: str, ref: str) -> dict[str, Any]:
    (found,) = (dict(one) for one in known[part] if one[key] == ref)
    return found


def _purl(pin: Pin) -> str:
    return f"pkg:pypi/{pin.name}@{pin.version}"
