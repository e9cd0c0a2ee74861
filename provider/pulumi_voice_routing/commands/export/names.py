"""What the program calls the objects: by their own names, and by those of what contains them where these come twice."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from ...lifecycle import references
from .account import Found, natural
from .code import WIDTH, width

_OTHERS = {"config", "pulumi", "ringcx", "ringex", "portsip", *dir(builtins)}
"""Names that an exported program has another use for."""
_MOST_BYTES = 75
_A_COUNT = "00"
"""What may come behind a variable's name to make it another one."""


def name_all(objects: Iterable[Found], taken: Mapping[str, set[str]] = MappingProxyType({})) -> None:
    """Give every object without a name one that is unique in its type, and the same whatever order they come in.

    ``taken`` are names of other objects, by type.
    """
    by_depth: defaultdict[int, defaultdict[str, list[Found]]] = defaultdict(lambda: defaultdict(list))
    for one in objects:
        by_depth[_depth(one)][one.token].append(one)
    for depth in sorted(by_depth):
        for of_a_type in by_depth[depth].values():
            _name(of_a_type, {*taken.get(of_a_type[0].token, ()), *(one.name for one in of_a_type if one.name)})


def _depth(one: Found) -> int:
    return 0 if one.home is None else 1 + _depth(one.home)


def _name(objects: Sequence[Found], taken: set[str]) -> None:
    """More and more of what contains them, until all are told apart; a number is the last resort."""
    left = sorted((one for one in objects if not one.name), key=lambda one: natural(one.id))
    for way in _WAYS:
        by_name: defaultdict[str, list[Found]] = defaultdict(list)
        for one in left:
            by_name[way(one)].append(one)
        left = []
        for name, same in by_name.items():
            if len(same) == 1 and name not in taken:
                same[0].name = name
            else:
                left += same
        taken |= {name for name, same in by_name.items() if len(same) == 1}
    for one in left:
        name = _by_homes(one) if one.home is not None else _plain(one)
        one.name = next(free for count in range(1, len(taken) + 2) if (free := _numbered(name, count)) not in taken)
        taken.add(one.name)


def _numbered(name: str, count: int) -> str:
    return name if count == 1 else f"{name}-{count}"


def _plain(one: Found) -> str:
    return slug(one.label) if one.label else _home(one)


def _home(one: Found) -> str:
    if one.home is not None:
        return one.home.name or _plain(one.home)
    return slug(references.last(references.parent(one.id)))


def _by_home(one: Found) -> str:
    return f"{_home(one)}-{_plain(one)}" if one.label else _home(one)


def _by_homes(one: Found) -> str:
    homes = [_by_home(one)]
    above = one.home.home if one.home is not None else None
    while above is not None:
        homes.insert(0, above.name)
        above = above.home
    return "-".join(homes)


def _by_key(one: Found) -> str:
    key = one.roles.key
    said = one.args.get(key) if key is not None else None
    return f"{_by_homes(one)}-{slug(str(said))}" if said else _by_homes(one)


_WAYS: Sequence[Callable[[Found], str]] = (_plain, _by_home, _by_homes, _by_key)


def slug(label: str) -> str:
    """A name in small letters and digits, of any script; accents are left out."""
    said = ""
    for one in unicodedata.normalize("NFC", label.replace("ß", "ss")):
        plain = unicodedata.normalize("NFKD", one).encode("ascii", "ignore").decode()
        if plain:
            said += re.sub(r"[^A-Za-z0-9]+", "-", plain)
        elif one.isalnum():
            said += unicodedata.normalize("NFKC", one)
        elif unicodedata.category(one)[0] == "M":  # a vowel of a letter that is not Latin; else an accent
            said += "" if said[-1:].isascii() else one
        else:
            said += "-"
    return _cut(re.sub("-+", "-", said.lower())).strip("-") or "unnamed"


def _fitting(name: str, room: int) -> str:
    """As much of a name as fits into a line, in whole words where there are several."""
    if width(name) <= room:
        return name
    while width(name) > room:
        name = name[:-1]
    return name.rpartition("_")[0] or name


def plain_slug(label: str) -> str:
    """The same in the letters and digits that any tool takes, such as a project's name."""
    return re.sub(r"[^a-z0-9]+", "-", slug(label)).strip("-") or "unnamed"


def _cut(name: str) -> str:
    """Not longer than what a file may be called together with what contains it."""
    return name.encode()[:_MOST_BYTES].decode(errors="ignore")


def camel(name: str) -> str:
    """A name as a key in a stack's configuration: ``crmApiKey``."""
    first, *rest = [one for one in re.split(r"[^A-Za-z0-9]+", name) if one] or ["unnamed"]
    return first + "".join(word.capitalize() for word in rest)


def snake(kind: str) -> str:
    """A type's name as a variable has it: ``route_group``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", kind).lower()


def short(one: Found) -> str:
    """What a variable is called where no other type has an object of the name; empty where that cannot be."""
    name = one.name.replace("-", "_")
    return name if name.isidentifier() and not keyword.iskeyword(name) and name not in _OTHERS else ""


def variable(one: Found) -> str:
    """What a variable that holds the resource is called; two of different types have different names."""
    kind = snake(one.kind)
    name = _fitting(one.name.replace("-", "_"), WIDTH - width(f"_{kind}_{_A_COUNT} = {one.vendor}.{one.kind}("))
    if not name.isidentifier():
        return f"{kind}_{name}"
    said = name if name == kind or name.endswith(f"_{kind}") else f"{name}_{kind}"
    return f"{said}_" if keyword.iskeyword(said) else said
