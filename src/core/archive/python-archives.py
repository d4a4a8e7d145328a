"""Lists archives as Python sees them: the paths come as JSON on standard input, the listings leave as JSON."""

import hashlib
import json
import sys
import tarfile
import zipfile

FLAVOURS = {"gzip": "r:gz", "bzip2": "r:bz2", "xz": "r:xz", "none": "r:"}
KINDS = {b"1": "hardlink", b"2": "symlink", b"5": "directory", b"0": "file", b"\0": "file", b"7": "file", b"S": "file"}


def digest(read):
    try:
        return hashlib.sha256(read()).hexdigest()
    except Exception:
        return None


def list_zip(path):
    with zipfile.ZipFile(path) as archive:
        listing = []
        for info in archive.infolist():
            is_folder = info.filename.endswith("/")
            member = {"path": info.filename, "kind": "directory" if is_folder else "file", "size": info.file_size}
            if not is_folder:
                member["sha256"] = digest(lambda: archive.open(info).read())
            listing.append(member)
        return listing


def list_tar(path, flavour):
    # As pip opens an sdist.
    with tarfile.open(path, FLAVOURS[flavour], encoding="utf-8") as archive:
        listing = []
        for info in archive.getmembers():
            kind = KINDS.get(info.type, "other")
            member = {"path": info.name, "kind": kind, "size": info.size if kind == "file" else 0}
            if kind == "file":
                member["sha256"] = digest(lambda: archive.extractfile(info).read())
            if kind in ("symlink", "hardlink"):
                member["linkTarget"] = info.linkname
            listing.append(member)
        return listing


def listing_of(path, flavour):
    try:
        return list_zip(path) if flavour == "zip" else list_tar(path, flavour)
    except Exception as error:
        return {"error": type(error).__name__}


def main():
    asked = json.load(sys.stdin)
    answer = {
        "version": list(sys.version_info[:2]),
        "listings": [listing_of(path, flavour) for path, flavour in asked],
    }
    json.dump(answer, sys.stdout)


main()
