"""Answers the questions that packaging.difftest.test.ts asks on stdin as JSON: with the `packaging` that pip vendors,
and about header fields with the email parser through which pip reads metadata."""
import email
import json
import re
import sys

questions = json.load(sys.stdin)
if len(sys.argv) > 1:
    sys.path.insert(0, sys.argv[1])
try:
    from pip._vendor import packaging
    from pip._vendor.packaging import markers, requirements, specifiers, tags, utils, version
except (ImportError, SyntaxError) as error:
    json.dump({"missing": str(error)}, sys.stdout)
    sys.exit()

number = getattr(packaging, "__version__", None)
if number is None:
    from pip._vendor.packaging import __about__

    number = __about__.__version__

if int(number.split(".")[0]) < 21:
    json.dump({"missing": "pip vendors packaging " + number + ", from before 21"}, sys.stdout)
    sys.exit()

WRONG = (
    version.InvalidVersion,
    specifiers.InvalidSpecifier,
    markers.InvalidMarker,
    requirements.InvalidRequirement,
    utils.InvalidWheelFilename,
    utils.InvalidSdistFilename,
)


def answer(ask, *args):
    try:
        return ask(*args)
    except WRONG:
        return "invalid"
    except markers.UndefinedComparison:
        return "undefined"
    except Exception as error:  # a crash is an answer too: the test must explain it
        return "crash: " + type(error).__name__


def parsed(raw):
    found = version.Version(raw)
    return [str(found), found.public, found.is_prerelease]


def compared(left, right):
    a, b = version.Version(left), version.Version(right)
    return (a > b) - (a < b)


def strict(raw):
    # Up to packaging 21 a set takes what PEP 440 does not, as "legacy" specifiers.
    for part in raw.split(","):
        if part.strip():
            specifiers.Specifier(part)
    return specifiers.SpecifierSet(raw)


def contained(raw, text, prereleases):
    return strict(raw).contains(version.Version(text), prereleases=prereleases)


def selected(raw, texts, prereleases):
    return [str(v) for v in strict(raw).filter(map(version.Version, texts), prereleases=prereleases)]


def evaluated(raw, environment):
    return markers.Marker(raw).evaluate(environment)


def clause(specifier):
    text = specifier.version
    if specifier.operator != "===":
        text = str(version.Version(text[:-2])) + ".*" if text.endswith(".*") else str(version.Version(text))
    return specifier.operator + text


def required(raw, environments):
    found = requirements.Requirement(raw)
    strict(str(found.specifier))
    return [
        utils.canonicalize_name(found.name),
        sorted({utils.canonicalize_name(extra) for extra in found.extras}),
        sorted({clause(specifier) for specifier in found.specifier}),
        found.url or None,
        [answer(found.marker.evaluate, e) if found.marker else True for e in environments],
    ]


def wheel(filename):
    name, found, build, found_tags = utils.parse_wheel_filename(filename)
    return [name, str(found), "".join(map(str, build)), sorted(map(str, found_tags))]


def sdist(filename):
    name, found = utils.parse_sdist_filename(filename)
    return [name, str(found)]


def named(raw):
    if not re.compile("[a-z0-9]|[a-z0-9][a-z0-9._-]*[a-z0-9]", re.I | re.A).fullmatch(raw):
        return "invalid"
    return utils.canonicalize_name(raw)


def supported(python, abi, platforms):
    interpreter = "cp%d%d" % tuple(python)
    native = tags.cpython_tags(tuple(python), [abi], platforms)
    return [str(tag) for tag in [*native, *tags.compatible_tags(tuple(python), interpreter, platforms)]]


def mac(major, machine):
    return list(tags.mac_platforms((major, 0), machine))


def headers(text):
    message = email.message_from_string(text)
    fields = [[name, re.sub(r"[ \t\r\n|]", "", value)] for name, value in message.raw_items()]
    return [fields, message.get_payload()]


ASK = dict(
    versions=parsed,
    pairs=compared,
    specifiers=contained,
    selections=selected,
    markers=evaluated,
    requirements=required,
    wheels=wheel,
    sdists=sdist,
    names=named,
    supported=supported,
    macs=mac,
    headers=headers,
)
answers = {area: [answer(ASK[area], *args) for args in asked] for area, asked in questions.items()}
json.dump({"version": number, "answers": answers}, sys.stdout)
