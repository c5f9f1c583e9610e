#!/usr/bin/env python3
"""Tests of Scripts/check-api, on small graphs made here."""

import importlib.machinery
import importlib.util
import json
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "Scripts/check-api"
loader = importlib.machinery.SourceFileLoader("check_api", str(SCRIPT))
check_api = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_api", loader))
loader.exec_module(check_api)


def symbol(path, declaration, access="public", **more):
    parts = check_api.split_path(path)
    return {
        "identifier": {"precise": "s:" + path + declaration},
        "pathComponents": parts,
        "accessLevel": access,
        "declarationFragments": [{"kind": "text", "spelling": declaration}],
        **more,
    }


def relation(kind, source, target, fallback=None):
    return {"kind": kind, "source": source["identifier"]["precise"], "target": target, "targetFallback": fallback}


BOX = symbol("Box", "struct Box")
OPEN = symbol("Box.open(_:)", "func open(_ key: Key) -> Bool")
SIZE = symbol("Box.size", "var size: Int { get }")
LID = symbol("Lid", "protocol Lid")
CLOSE = symbol("Lid.close()", "func close()")
BASE = [BOX, OPEN, SIZE, LID, CLOSE]


class CheckAPITests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        root = Path(self.folder.name)
        self.graphs, self.baselines, self.log = root / "graphs", root / "API", root / "CHANGELOG.md"
        self.graphs.mkdir()
        self.out = []
        self.emit(BASE)
        self.tell("", release="0.1.0")
        self.assertEqual(self.release("0.1.0"), 0)

    def emit(self, symbols, relations=()):
        defaults = {r["source"] for r in relations if r["kind"] == "defaultImplementationOf"}
        members = [s for s in symbols if s["pathComponents"][0] == "Lid" and len(s["pathComponents"]) > 1]
        requirement = [
            relation("requirementOf", s, "s:Lid") for s in members if s["identifier"]["precise"] not in defaults
        ]
        for module in check_api.MODULES:
            own = symbols if module == "LLMKit" else []
            graph = {"metadata": {"generator": "Swift 6"}, "symbols": own, "relationships": list(relations) + requirement}
            (self.graphs / f"{module}.symbols.json").write_text(json.dumps(graph))

    def tell(self, unreleased, release="0.1.0"):
        self.log.write_text(f"# Changelog\n\n## Unreleased\n\n{unreleased}\n\n## {release} – today\n\n- `Box.open(_:)`, `size`\n")

    def release(self, version):
        return check_api.write_release(version, self.graphs, self.baselines, self.log, self.out.append)

    def check(self):
        self.out = []
        return check_api.check(self.graphs, self.baselines, self.log, self.out.append)

    def test_nothing_changed_needs_no_word(self):
        self.assertEqual(self.check(), 0)

    def test_a_removed_member_must_be_named_itself(self):
        self.emit([BOX, SIZE, LID, CLOSE])
        self.assertEqual(self.check(), 1)
        self.assertIn("- LLMKit Box.open(_:)", "\n".join(self.out))
        self.tell("`Box` is smaller.")
        self.assertEqual(self.check(), 1)
        self.tell("Open is gone.")
        self.assertEqual(self.check(), 1)
        for words in ("`Box.open(_:)` is gone", "`open` is gone", "`open(_:)` is gone", "`box.open(key)` is gone"):
            self.tell(words)
            self.assertEqual(self.check(), 0, words)

    def test_what_an_earlier_release_told_does_not_count(self):
        self.emit([BOX, OPEN, LID, CLOSE])
        self.assertEqual(self.check(), 1)

    def test_a_changed_declaration_is_shown_before_and_after(self):
        self.emit([BOX, OPEN, symbol("Box.size", "var size: Int64 { get }"), LID, CLOSE])
        self.assertEqual(self.check(), 1)
        text = "\n".join(self.out)
        self.assertIn("~ LLMKit Box.size", text)
        self.assertIn("was  var size: Int { get }", text)
        self.assertIn("is   var size: Int64 { get }", text)
        self.tell("`Box.size` counts further.")
        self.assertEqual(self.check(), 0)

    def test_an_added_member_may_be_told_by_its_type(self):
        self.emit(BASE + [symbol("Box.weight", "var weight: Int")])
        self.assertEqual(self.check(), 1)
        for words in ("`Box` knows its weight.", "`weight`", "`Box.weight`"):
            self.tell(words)
            self.assertEqual(self.check(), 0, words)

    def test_labels_tell_functions_apart(self):
        self.emit(BASE + [symbol("Box.open(with:)", "func open(with: Key)")])
        self.tell("`open(by:)` is new.")
        self.assertEqual(self.check(), 1)
        self.tell("`open(with:)` is new.")
        self.assertEqual(self.check(), 0)

    def test_a_new_type_is_one_change(self):
        crate = symbol("Crate", "struct Crate")
        self.emit(BASE + [crate, symbol("Crate.nails", "var nails: Int")], [relation("conformsTo", crate, "s:H", "Swift.Hashable")])
        self.assertEqual(self.check(), 1)
        self.assertIn("1 changed since 0.1.0", self.out[0])
        self.tell("`Crate`, which is nailed.")
        self.assertEqual(self.check(), 0)

    def test_a_new_requirement_breaks_conformers_unless_it_has_a_default(self):
        lock = symbol("Lid.lock()", "func lock()")
        self.emit(BASE + [lock])
        self.tell("`Lid` has more.")
        self.assertEqual(self.check(), 1)
        default = symbol("Lid.lock()", "func lock() ")
        self.emit(BASE + [lock, default], [relation("defaultImplementationOf", default, lock["identifier"]["precise"])])
        self.assertEqual(self.check(), 0)

    def test_a_conformance_that_is_gone_is_told(self):
        self.emit(BASE, [relation("conformsTo", BOX, "s:H", "Swift.Hashable"), relation("conformsTo", BOX, "s:C", "Swift.Copyable")])
        self.tell("`Box` is hashable.")
        self.assertEqual(self.check(), 0)
        self.tell("", release="0.2.0")
        self.release("0.2.0")
        self.emit(BASE)
        self.assertEqual(self.check(), 1)
        self.assertIn("was  conforms to Hashable", "\n".join(self.out))
        self.assertNotIn("Copyable", "\n".join(self.out))

    def test_samples_of_code_tell_nothing(self):
        self.emit(BASE + [symbol("Box.weight", "var weight: Int")])
        self.tell("```swift\nlet x = `Box`\n```")
        self.assertEqual(self.check(), 1)

    def test_deprecation_and_constraints_are_changes(self):
        self.emit([BOX, symbol("Box.open(_:)", "func open(_ key: Key) -> Bool", availability=[{"isUnconditionallyDeprecated": True}]), SIZE, LID, CLOSE])
        self.assertEqual(self.check(), 1)
        self.emit([BOX, symbol("Box.open(_:)", "func open(_ key: Key) -> Bool", swiftExtension={"constraints": [{"kind": "sameType", "lhs": "T", "rhs": "Int"}]}), SIZE, LID, CLOSE])
        self.assertEqual(self.check(), 1)

    def test_what_is_not_public_is_no_api(self):
        self.emit(BASE + [symbol("Box.secret", "var secret: Int", access="internal")])
        self.assertEqual(self.check(), 0)

    def test_a_release_needs_its_section_and_an_empty_unreleased(self):
        with self.assertRaises(check_api.Problem):
            self.release("0.3.0")
        self.tell("`Box`", release="0.2.0")
        with self.assertRaises(check_api.Problem):
            self.release("0.2.0")
        with self.assertRaises(check_api.Problem):
            self.release("next")
        self.tell("", release="0.2.0")
        self.assertEqual(self.release("0.2.0"), 0)
        self.assertEqual([path.name for path in self.baselines.iterdir()], ["0.2.0.txt"])

    def test_the_latest_release_is_found_by_its_number(self):
        (self.baselines / "0.10.0.txt").write_text("")
        (self.baselines / "0.9.0.txt").write_text("")
        self.assertEqual(check_api.last_release(self.baselines).stem, "0.10.0")

    def test_missing_graphs_are_an_error_of_their_own(self):
        (self.graphs / "SimulatedVendors.symbols.json").unlink()
        with self.assertRaisesRegex(check_api.Problem, "make docs"):
            self.check()

    def test_operators_and_initializers(self):
        self.assertEqual(check_api.split_path("Money.+(_:_:)"), ["Money", "+(_:_:)"])
        self.assertEqual(check_api.split_path("Box.Side.init(_:)"), ["Box", "Side", "init(_:)"])
        self.emit(BASE + [symbol("Box.init(hex:)", "init(hex: String)"), symbol("Box.+(_:_:)", "static func + (a: Box, b: Box)")])
        self.tell("`Box(hex:)` and sums of them.")
        self.assertEqual(self.check(), 0)


if __name__ == "__main__":
    unittest.main()
