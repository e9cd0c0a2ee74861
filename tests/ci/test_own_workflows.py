"""The project's own workflows, templates and hooks: they can be read, are pinned, and what they run is there."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

import pulumi_voice_routing

ROOT = Path(__file__).parents[2]
OWN = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FOR_USERS = [ROOT / "docs" / "ci" / name for name in ("voice-routing.yml", "drift.yml")]
TARGETS = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
BUILD = "Build, and try what was built"
CHANGES_NOTHING = {"contents": "read"}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def named(path: Path) -> str:
    return path.name


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in read(path)["jobs"].values():
        yield from job.get("steps", [])


@pytest.mark.parametrize("path", [*OWN, *FOR_USERS], ids=named)
def test_actions_are_pinned_by_their_digests(path: Path) -> None:
    used = re.findall(r"uses: (\S+)(.*)", path.read_text(encoding="utf-8"))
    assert used
    for action, remark in used:
        if not action.startswith("./"):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", remark), f"{action}: which version is it?"


def test_an_action_has_one_version_everywhere() -> None:
    used = {use for path in [*OWN, *FOR_USERS] for use in re.findall(r"uses: (\S+@\S+)", path.read_text("utf-8"))}
    assert len({use.partition("@")[0] for use in used}) == len(used)


@pytest.mark.parametrize("path", [*OWN, *FOR_USERS], ids=named)
def test_nothing_may_be_written_unless_a_job_says_so(path: Path) -> None:
    assert read(path)["permissions"] == CHANGES_NOTHING


def test_what_the_jobs_of_a_release_may() -> None:
    jobs = read(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    assert {name: job["permissions"] for name, job in jobs.items() if "permissions" in job} == {
        "provenance": {"contents": "read", "id-token": "write", "attestations": "write"},
        "publish": {"contents": "read", "id-token": "write"},
        "page": {"contents": "write"},
    }
    assert "secrets." not in (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")


def test_the_site_that_is_built_is_the_one_that_is_published() -> None:
    jobs = read(ROOT / ".github" / "workflows" / "site.yml")["jobs"]
    permissions = {name: job.get("permissions") for name, job in jobs.items()}
    assert permissions == {"build": None, "publish": {"pages": "write", "id-token": "write"}}
    *_, build, upload = jobs["build"]["steps"]
    assert (build["run"], upload["with"]["path"]) == ("make site", "build/site")
    assert jobs["publish"]["needs"] == "build"


@pytest.mark.parametrize("path", OWN, ids=named)
def test_every_job_ends(path: Path) -> None:
    assert [
        name for name, job in read(path)["jobs"].items() if "uses" not in job and "timeout-minutes" not in job
    ] == []


@pytest.mark.parametrize("path", [*OWN, *FOR_USERS], ids=named)
def test_no_expression_is_pasted_into_a_shell(path: Path) -> None:
    assert [step["name"] for step in steps(path) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("path", [*OWN, *FOR_USERS], ids=named)
def test_commands_are_shell(path: Path) -> None:
    for step in steps(path):
        if "run" in step:
            subprocess.run(["bash", "-n", "-c", step["run"]], check=True)


@pytest.mark.parametrize("path", OWN, ids=named)
def test_commands_are_there(path: Path) -> None:
    commands = "\n".join(step["run"] for step in steps(path) if "run" in step)
    assert set(re.findall(r"make (\S+)", commands)) <= TARGETS
    for program in re.findall(r"\.venv/\S+?(?=[\s)\"])", commands):
        assert (ROOT / program).exists(), program
    for file in re.findall(r"[\w./-]+\.py\b", commands):
        assert (ROOT / file).exists(), file


def test_ci_runs_what_a_contributor_runs_on_every_python_that_the_package_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = [one.rpartition(" ")[2] for one in project["classifiers"] if re.search(r"Python :: 3\.\d+$", one)]
    jobs = read(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    assert f">={versions[0]}" == project["requires-python"]
    for name, command in (("quick", "make check quick"), ("test", "make test")):
        assert jobs[name]["strategy"]["matrix"]["python"] == versions
        assert command in [step.get("run") for step in jobs[name]["steps"]]
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def build_steps(checkout: Path, tag: str, *, without: str = "") -> list[str]:
    """Run the commands that make a release, and name those that fail; the first failure ends them."""
    jobs = read(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    for step in jobs["build"]["steps"]:
        if "run" in step and step["name"] != without:
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=checkout,
                env={"PATH": "/usr/bin:/bin", "HOME": str(checkout), "GITHUB_REF_NAME": tag},
                capture_output=True,
                text=True,
            )
            if done.returncode:
                return [step["name"]]
    return []


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a release is built from, and what is built from it."""
    tmp_path = tmp_path_factory.mktemp("checkout")
    for name in ("provider", "README.md", "CHANGELOG.md", "LICENSE", "Makefile", "pyproject.toml", "requirements.lock"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, tmp_path / name)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    assert build_steps(tmp_path, f"v{pulumi_voice_routing.__version__}") == []
    return tmp_path


@pytest.mark.whole_run
def test_a_release_is_built_and_its_notes_are_cut_out(checkout: Path) -> None:
    version = pulumi_voice_routing.__version__
    assert {path.name for path in (checkout / "dist").iterdir()} == {
        f"pulumi_voice_routing-{version}-py3-none-any.whl",
        f"pulumi_voice_routing-{version}.tar.gz",
    }
    notes = (checkout / "notes.md").read_text(encoding="utf-8")
    assert "### Added" in notes
    assert "## [" not in notes.replace("### [", "")


@pytest.mark.whole_run
def test_the_readme_on_the_package_index_has_no_link_that_leads_nowhere(checkout: Path) -> None:
    (wheel,) = (checkout / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith("/METADATA"))
        shown = message_from_bytes(archive.read(name)).get_payload()
    assert isinstance(shown, str)

    links = re.findall(r"\]\(([^)\s]+)\)", shown)
    ours = [link for link in links if "pulumi-voice-routing/pulumi-voice-routing/" in link]
    assert len(ours) > 10
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    for link in ours:
        path = re.sub(r"https://.*?/v[\d.]+/", "", link).partition("#")[0]
        assert (ROOT / path).exists(), link


@pytest.mark.whole_run
def test_a_tag_that_is_not_the_version_is_not_released(checkout: Path) -> None:
    assert build_steps(checkout, "v99.0.0", without=BUILD) == ["The tag is the version"]


@pytest.mark.whole_run
@pytest.mark.parametrize(
    "changelog", ["# Changelog\n\n## [0.0.9]\n\nOld.\n", "# Changelog\n\n## [{}]\n\n## [0.0.9]\n\nOld.\n"]
)
def test_a_version_that_the_changelog_does_not_have_is_not_released(
    checkout: Path, tmp_path: Path, changelog: str
) -> None:
    version = pulumi_voice_routing.__version__
    shutil.copytree(checkout, tmp_path / "other", symlinks=True, ignore=shutil.ignore_patterns("build", "dist"))
    (tmp_path / "other" / "CHANGELOG.md").write_text(changelog.format(version))
    assert build_steps(tmp_path / "other", f"v{version}", without=BUILD) == ["The changelog has it"]


def test_dependabot_looks_where_there_is_something() -> None:
    files = {"github-actions": "*.yml", "pip": "pyproject.toml", "gomod": "go.mod"}
    for update in read(ROOT / ".github" / "dependabot.yml")["updates"]:
        for directory in update.get("directories", [update.get("directory")]):
            folder = ROOT / directory.strip("/")
            if update["package-ecosystem"] == "github-actions" and folder == ROOT:
                folder = ROOT / ".github" / "workflows"
            assert list(folder.glob(files[update["package-ecosystem"]])), directory


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")), ids=named)
def test_issue_forms(path: Path) -> None:
    form = read(path)
    if path.name == "config.yml":
        assert form["contact_links"][0]["url"].endswith("/security/advisories/new")
        return
    assert {"name", "description", "body"} <= form.keys()
    fields = [one for one in form["body"] if one["type"] != "markdown"]
    assert len({one["id"] for one in fields}) == len(fields)
    assert all(one["attributes"]["label"] for one in fields)


def test_hooks_run_what_is_installed() -> None:
    (local,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for hook in local["hooks"]:
        program, *_ = hook["entry"].split()
        assert (ROOT / program).exists(), program
        assert program.removeprefix(".venv/bin/") in makefile
