"""Which plugins a language host tells the engine to fetch. All tests hold for the official host as well.

The engine downloads what is named here from a public place, and runs it. A package that has no plugin has to say so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import language_pb2 as messages
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeStub

from .conftest import HOST

ROOT = Path(__file__).parents[2]

INSTALLED: dict[tuple[str, str], Any] = {
    ("pulumi-silent", "1.2.3"): None,
    ("pulumi-without", "1.2.3"): {"resource": False},
    ("pulumi-empty", "1.2.3"): {},
    ("pulumi-other-version", "1.2.3"): {"resource": True, "version": "v4.5.6"},
    ("named", "1.2.3"): {"resource": True, "name": "plugin", "server": "https://plugins.test"},
    ("unnamed", "1.2.3"): {"resource": True},
    ("stranger", "1.2.3"): None,
    ("Pulumi_Spelt.Otherwise", "1.2.3"): None,
    ("pulumi-policy", "1.2.3"): None,
    ("pulumi-esc-sdk", "1.2.3"): {"resource": True},
    ("pulumi-alpha", "1.2.3a4"): None,
    ("pulumi-beta", "1.2b4"): None,
    ("pulumi-candidate", "1.2.3rc4"): None,
    ("pulumi-post", "1.2.3.post4"): None,
    ("pulumi-dev", "1.2.3.dev5"): None,
    ("pulumi-both", "1.2.3.post4.dev5"): None,
    ("pulumi-short", "2"): None,
    ("pulumi-long", "1.2.3.4"): None,
    ("pulumi-epoch", "1!2.3.4"): None,
    ("pulumi-local", "1.2.3+here"): None,
    ("pulumi-parameters", "1.2.3"): {
        "resource": True,
        "name": "base",
        "version": "3.0.0",
        "parameterization": {"name": "given", "version": "4.0.0", "value": "eHl6"},
    },
}

NEEDED = {
    "silent": "v1.2.3",
    "other-version": "v4.5.6",
    "plugin": "v1.2.3",
    "unnamed": "v1.2.3",
    "spelt-otherwise": "v1.2.3",
    "alpha": "v1.2.3-alpha.4",
    "beta": "v1.2.0-beta.4",
    "candidate": "v1.2.3-rc.4",
    "post": "v1.2.3+post4",
    "dev": "v1.2.3+dev5",
    "both": "v1.2.3+post4dev5",
    "short": "v2.0.0",
    "long": "v1.2.3.4",
    "base": "v3.0.0",
}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with a package for each case."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(folder, with_pip=True)
    for (name, version), plugin in INSTALLED.items():
        install(folder, name, version, None if plugin is None else json.dumps(plugin))
    return folder


def install(environment: Path, name: str, version: str, plugin: str | None) -> None:
    (site,) = (environment / "lib").glob("python*/site-packages")
    spelt = name.replace("-", "_")
    facts = site / f"{spelt}-{version}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (site / spelt).mkdir()
    (site / spelt / "__init__.py").touch()
    if plugin is not None:
        (site / spelt / "pulumi-plugin.json").write_text(plugin)


@contextmanager
def asked(engine: Path) -> Iterator[LanguageRuntimeStub]:
    """The language host of an engine, without the engine."""
    with subprocess.Popen([engine / HOST], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port = int(process.stdout.readline())
        try:
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield LanguageRuntimeStub(channel)
        finally:
            process.terminate()


def program_in(environment: Path) -> messages.ProgramInfo:
    options = struct_pb2.Struct()
    options.update({"virtualenv": str(environment)})
    folder = str(environment.parent)
    return messages.ProgramInfo(root_directory=folder, program_directory=folder, entry_point=".", options=options)


def needed(engine: Path, environment: Path) -> list[Any]:
    with asked(engine) as host:
        answer = host.GetRequiredPackages(messages.GetRequiredPackagesRequest(info=program_in(environment)))
    return list(answer.packages)


@pytest.mark.apart
def test_what_packages_need(engine: Path, environment: Path) -> None:
    packages = needed(engine, environment)

    assert {one.name: one.version for one in packages} == NEEDED
    assert len(packages) == len(NEEDED)
    assert {one.kind for one in packages} == {"resource"}
    by_name = {one.name: one for one in packages}
    assert by_name["plugin"].server == "https://plugins.test"
    assert by_name["silent"].server == ""
    given = by_name["base"].parameterization
    assert (given.name, given.version, given.value) == ("given", "4.0.0", b"xyz")
    assert not by_name["silent"].HasField("parameterization")


@pytest.mark.apart
def test_a_plugin_file_that_is_broken(engine: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    install(tmp_path / "venv", "pulumi-broken", "1.2.3", "{")

    with pytest.raises(grpc.RpcError) as refused:
        needed(engine, tmp_path / "venv")

    assert "pulumi-plugin.json" in refused.value.details()
    assert "pulumi-broken" in refused.value.details()


@pytest.mark.apart
def test_this_project_where_it_is_installed_to_be_edited_needs_nothing(engine: Path) -> None:
    assert needed(engine, Path(sys.prefix)) == []


@pytest.mark.apart
def test_the_built_package_needs_nothing(engine: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    (site,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)

    assert json.loads((site / "pulumi_voice_routing" / "pulumi-plugin.json").read_text()) == {"resource": False}
    assert needed(engine, tmp_path / "venv") == []


@pytest.mark.apart
def test_what_a_program_depends_on(engine: Path) -> None:
    with asked(engine) as host:
        given = {
            transitive: host.GetProgramDependencies(
                messages.GetProgramDependenciesRequest(
                    info=program_in(Path(sys.prefix)), transitiveDependencies=transitive
                )
            ).dependencies
            for transitive in (True, False)
        }

    everything, chosen = ({one.name: one.version for one in given[transitive]} for transitive in (True, False))
    assert everything["pulumi-voice-routing"] == chosen["pulumi-voice-routing"] == "0.1.0"
    assert "pulumi" in everything
    assert "pulumi" not in chosen
