"""What an export calls things, in whatever letters people have named them."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.commands.export.account import Found
from pulumi_voice_routing.commands.export.code import WIDTH, width
from pulumi_voice_routing.commands.export.names import name_all, plain_slug, slug, variable

NAMES = {
    "Österreich & Süd": "osterreich-sud",
    "e\u0301te\u0301": "ete",
    "Straße 1": "strasse-1",
    "東京 Support": "東京-support",
    "Привет, мир": "привет-мир",
    "हिन्दी": "हिन्दी",
    "が": "が",
    "📞📞": "unnamed",
    "\ufe0f☎\ufe0fx": "x",
    "": "unnamed",
    "\x00\n": "unnamed",
    "../../etc": "etc",
    "①": "1",
}


@pytest.mark.parametrize(("label", "name"), NAMES.items())
def test_a_name_keeps_its_letters(label: str, name: str) -> None:
    assert slug(label) == name
    assert plain_slug(label).isascii()


@pytest.mark.parametrize("kind", ["Profile", "TrackingScheduleOverride"])
@pytest.mark.parametrize("label", ["y" * 300, "漢" * 300, "word " * 60, "9" * 300, "class"])
def test_a_long_name_fits_into_a_line_and_a_file(label: str, kind: str) -> None:
    objects = [Found(f"ringcx:{kind}", f"1/2/{number}", None, {"name": label}, ()) for number in range(3)]
    name_all(objects)
    assert len({one.name for one in objects}) == 3
    for one in objects:
        assert len(f"{one.name}.csv".encode()) < 255
        assert variable(one).isidentifier()
        assert width(f"{variable(one)}_2 = ringcx.{kind}(") <= WIDTH
