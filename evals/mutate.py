"""Rewrites Python source so that it looks different and does the same: what an attacker does to a known sample.

Child process of mutate.ts. Reads one line of JSON per question, {"source": text, "mutation": name, "foreign": words of the
package's other files}, and answers with one line, {"source": text} or {"error": why}. Source is parsed with `ast` and never run; the same question has the same answer.
"""

import ast
import base64
import binascii
import builtins
import codecs
import gzip
import json
import random
import sys
import zlib

# Names that the interpreter, setuptools or a caller looks up by their text.
FIXED = set(dir(builtins)) | {
    "self", "cls", "run", "main", "setup", "initialize_options", "finalize_options", "user_options", "description", "cmdclass",
}


class Rename(ast.NodeTransformer):
    """Functions, classes, variables, parameters and imported names that nothing refers to by text get names without meaning."""

    def __init__(self, tree, foreign):
        nodes = list(ast.walk(tree))
        by_text = set(foreign)
        by_text |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        by_text |= {each.arg for node in nodes if isinstance(node, ast.Call) for each in node.keywords if each.arg}
        by_text |= {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        own = set()
        for node in nodes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                own.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
                own.add(node.id)
            elif isinstance(node, ast.arg):
                own.add(node.arg)
            elif isinstance(node, ast.ExceptHandler) and node.name:
                own.add(node.name)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    if alias.asname or "." not in alias.name:
                        own.add(alias.asname or alias.name)
                    else:
                        by_text.add(alias.name.split(".")[0])
        free = sorted(name for name in own - FIXED - by_text - {"*"} if not name.startswith("__"))
        self.names = {name: f"_{'lIO'[at % 3]}{(at + 1) * 7919 % 100003}" for at, name in enumerate(free)}

    def renamed(self, name):
        return self.names.get(name, name)

    def visit_Name(self, node):
        node.id = self.renamed(node.id)
        return node

    def visit_arg(self, node):
        self.generic_visit(node)
        node.arg = self.renamed(node.arg)
        return node

    def visit_definition(self, node):
        self.generic_visit(node)
        if node.name:
            node.name = self.renamed(node.name)
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_ExceptHandler = visit_definition

    def visit_scope(self, node):
        node.names = [self.renamed(name) for name in node.names]
        return node

    visit_Global = visit_Nonlocal = visit_scope

    def visit_import(self, node):
        for alias in node.names:
            name = alias.asname or alias.name
            if getattr(node, "module", None) != "__future__" and self.renamed(name) != name:
                alias.asname = self.renamed(name)
        return node

    visit_Import = visit_ImportFrom = visit_import


def pieces(text):
    found = []
    while text:
        length = random.randint(1, 5)
        found.append(text[:length])
        text = text[length:]
    return found


def encoded(text):
    return text.encode("utf-8", "surrogatepass")


# How a literal is written so that its text stands nowhere in the file.
SPELLINGS = {
    "sum": lambda text: f"({'+'.join(map(repr, pieces(text)))})",
    "join": lambda text: f"''.join({pieces(text)!r})",
    "chr": lambda text: f"''.join(map(chr, {[ord(char) for char in text]!r}))",
    "reversed": lambda text: f"{text[::-1]!r}[::-1]",
    "percent": lambda text: f"{'%s' * len(parts := pieces(text))!r} % ({','.join(map(repr, parts))},)",
    "format": lambda text: f"{'{}' * len(parts := pieces(text))!r}.format({','.join(map(repr, parts))})",
    "replace": lambda text: f"{chr(0x416).join(text)!r}.replace({chr(0x416)!r}, '')",
    "every second": lambda text: f"{''.join('x' + char for char in text)!r}[1::2]",
    "base64": lambda text: f"__import__('base64').b64decode({base64.b64encode(encoded(text))!r}).decode()",
    "hex": lambda text: f"bytes.fromhex({encoded(text).hex()!r}).decode('utf-8')",
    "bytes": lambda text: f"bytes({list(encoded(text))!r}).decode()",
}


class Spell(ast.NodeTransformer):
    """Each string literal is spelled otherwise; docstrings, patterns and format specifications stay as they are."""

    def __init__(self, spelling):
        self.spelling = spelling

    def visit_JoinedStr(self, node):
        if any(isinstance(each, ast.FormattedValue) and (each.format_spec or each.conversion != -1) for each in node.values):
            return node
        parts = [
            self.visit(each)
            if isinstance(each, ast.Constant)
            else ast.Call(ast.Name("str", ast.Load()), [self.visit(each.value)], [])
            for each in node.values
        ]
        return ast.Call(ast.Attribute(ast.Constant(""), "join", ast.Load()), [ast.List(parts, ast.Load())], [])

    def visit_Expr(self, node):
        return node if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_match_case(self, node):
        node.body = [self.visit(each) for each in node.body]
        return node

    def visit_Constant(self, node):
        if not isinstance(node.value, str) or not 3 <= len(node.value) < 5000:
            return node
        spelling = random.choice(sorted(SPELLINGS)) if self.spelling == "any" else self.spelling
        return ast.parse(SPELLINGS[spelling](node.value), mode="eval").body


class CallIndirectly(ast.NodeTransformer):
    """Methods are called through getattr, exec and its kin through the dictionary of builtins."""

    def visit_Call(self, node):
        self.generic_visit(node)
        called = node.func
        if isinstance(called, ast.Attribute) and isinstance(called.value, (ast.Name, ast.Attribute)):
            if not called.attr.startswith("__"):
                node.func = ast.Call(ast.Name("getattr", ast.Load()), [called.value, ast.Constant(called.attr)], [])
        elif isinstance(called, ast.Name) and called.id in ("exec", "eval", "open", "compile", "__import__"):
            node.func = ast.parse(f"__import__('builtins').__dict__[{called.id!r}]", mode="eval").body
        return node


class ImportByName(ast.NodeTransformer):
    """Imports become calls of importlib."""

    def assignment(self, name, expression):
        return ast.Assign([ast.Name(name, ast.Store())], ast.parse(expression, mode="eval").body)

    def visit_Import(self, node):
        return [
            ast.Import([alias])
            if "." in alias.name and not alias.asname
            else self.assignment(alias.asname or alias.name, f"__import__('importlib').import_module({alias.name!r})")
            for alias in node.names
        ]

    def visit_ImportFrom(self, node):
        if node.module in (None, "__future__") or node.level or any(alias.name == "*" for alias in node.names):
            return node
        return [
            self.assignment(
                alias.asname or alias.name,
                f"getattr(__import__('importlib').import_module({node.module!r}), {alias.name!r})",
            )
            for alias in node.names
        ]


KEY = b"sEcret"


def xored(code, key=KEY):
    return bytes(each ^ key[at % len(key)] for at, each in enumerate(code))


def packed(code):
    return base64.b64encode(zlib.compress(code)).decode()


def in_layers(code):
    for _ in range(4):
        code = b"import base64, zlib\nexec(zlib.decompress(base64.b64decode(%r)))\n" % packed(code).encode()
    return code.decode()


def in_lines(text):
    return "[\n" + "".join(f"    {text[at:at + 60]!r},\n" for at in range(0, len(text), 60)) + "]"


def substituted(code):
    text = code.decode("utf-8", "surrogatepass")
    plain = "".join(dict.fromkeys(char for char in text if char.isascii() and char.isalnum()))
    mixed = "".join(random.sample(plain, len(plain)))
    return f"exec({text.translate(str.maketrans(plain, mixed))!r}.translate(str.maketrans({mixed!r}, {plain!r})))\n"


# The whole file, encoded, and what decodes and runs it.
WRAPPINGS = {
    "base64": lambda code: f"exec(__import__('base64').b64decode({base64.b64encode(code)!r}).decode('utf-8'))\n",
    "base64, compiled": lambda code: (
        f"import base64 as b\nd = {base64.b64encode(code).decode()!r}\nexec(compile(b.b64decode(d), '<string>', 'exec'))\n"
    ),
    "base85": lambda code: f"import base64\nexec(base64.b85decode({base64.b85encode(code).decode()!r}))\n",
    "hex": lambda code: f"import binascii\nfrom builtins import exec as e\ne(binascii.unhexlify({binascii.hexlify(code).decode()!r}))\n",
    "zlib, in pieces": lambda code: (
        f"import zlib, base64\np = {in_lines(packed(code))}\nexec(zlib.decompress(base64.b64decode(''.join(p))))\n"
    ),
    "zlib, reversed, through a lambda": lambda code: (
        f"_ = lambda __: __import__('zlib').decompress(__import__('base64').b64decode(__[::-1]));exec((_)({packed(code)[::-1]!r}))\n"
    ),
    "zlib, four layers": in_layers,
    "gzip as a file": lambda code: (
        f"import gzip, io, base64\nwith gzip.GzipFile(fileobj=io.BytesIO(base64.b64decode({base64.b64encode(gzip.compress(code, mtime=0))!r}))) as f:\n"
        "    exec(f.read())\n"
    ),
    "XOR with one byte, in a class": lambda code: (
        f"class L:\n    def __init__(self):\n        self.k = 90\n        self.d = {xored(code, b'Z')!r}\n"
        "    def go(self):\n        exec(self.read(), globals())\n"
        "    def read(self):\n        return ''.join([chr(c ^ self.k) for c in self.d])\nL().go()\n"
    ),
    "XOR with a cycled key": lambda code: (
        f"from itertools import cycle\nk = {KEY!r}\nd = {xored(code)!r}\nexec(bytes(a ^ b for a, b in zip(d, cycle(k))).decode())\n"
    ),
    "XOR in a loop": lambda code: (
        f"import base64\nk = {KEY.decode()!r}\nd = base64.b64decode({base64.b64encode(xored(code))!r})\no = ''\n"
        "for i in range(len(d)):\n    o += chr(d[i] ^ ord(k[i % len(k)]))\nexec(o)\n"
    ),
    "XOR in a function": lambda code: (
        "def d(x, k):\n    r = bytearray()\n    for i, c in enumerate(x):\n        r.append(c ^ k[i % len(k)])\n    return bytes(r)\n"
        f"exec(d(bytes.fromhex({xored(code).hex()!r}), {KEY!r}).decode())\n"
    ),
    "numbers": lambda code: (
        f"exec(''.join(chr(i) for i in {[ord(char) for char in code.decode('utf-8', 'surrogatepass')]!r}))\n"
    ),
    "one number": lambda code: (
        f"n = {hex(int.from_bytes(code, 'big'))}\nexec(n.to_bytes((n.bit_length() + 7) // 8, 'big').decode())\n"
    ),
    "shifted bytes": lambda code: (
        f"exec(bytes([(c - 13) % 256 for c in {bytes((each + 13) % 256 for each in code)!r}]).decode())\n"
    ),
    "rot13 of base64": lambda code: (
        f"import codecs, base64\nm = {codecs.encode(base64.b64encode(code).decode(), 'rot13')!r}\nexec(base64.b64decode(codecs.decode(m, 'rot13')))\n"
    ),
    "substituted letters": substituted,
}

# Rewrites of the tree, done one after the other.
REWRITES = {
    "renamed": [Rename],
    **{f"strings: {name}": [lambda _tree, _foreign, name=name: Spell(name)] for name in SPELLINGS},
    "calls through getattr": [lambda _tree, _foreign: CallIndirectly()],
    "imports by name": [lambda _tree, _foreign: ImportByName()],
    "all of these": [Rename, lambda _tree, _foreign: Spell("any"), lambda _tree, _foreign: CallIndirectly(), lambda _tree, _foreign: ImportByName()],
}


def mutate(source, mutation, foreign):
    random.seed(1)
    tree = ast.parse(source)
    if mutation in WRAPPINGS:
        return WRAPPINGS[mutation](encoded(source))
    for step in REWRITES[mutation]:
        tree = ast.fix_missing_locations(step(tree, foreign).visit(tree))
    return ast.unparse(tree)


def answer(question):
    try:
        return {"source": mutate(**question)}
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main():
    """Says first which mutations there are, then answers until nobody asks any more."""
    print(json.dumps({"rewrites": list(REWRITES), "wrappings": list(WRAPPINGS)}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
