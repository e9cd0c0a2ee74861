"""Running the shell commands of a GitLab pipeline as its runner would, with GitLab itself played by the test."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml  # type: ignore[import-untyped]

TOKEN = "of-gitlab"
PROJECT = "/api/v4/projects/42"
NOTES = f"{PROJECT}/merge_requests/7/notes"


@dataclass
class GitLab:
    """One project with one merge request."""

    notes: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    reviewed: str | None = None
    """The file that the last successful review kept."""
    refused: list[str] = field(default_factory=list)
    """What was asked for in vain."""

    def answer(self, method: str, address: str, body: dict[str, list[str]]) -> Any:
        """The JSON or the text of an answer; nothing for a 404."""
        path, query = urlsplit(address).path, parse_qs(urlsplit(address).query)
        if (method, path) == ("GET", NOTES):
            return self.notes
        if (method, path) == ("POST", NOTES):
            self.notes.append({"id": 900 + len(self.notes), "system": False, "body": body["body"][0]})
            return self.notes[-1]
        if method == "PUT" and path.startswith(f"{NOTES}/"):
            (old,) = [one for one in self.notes if path == f"{NOTES}/{one['id']}"]
            old["body"] = body["body"][0]
            return old
        if (method, path) == ("GET", f"{PROJECT}/repository/commits/the-merge/merge_requests"):
            return [{"iid": 8, "state": "closed"}, {"iid": 7, "state": "merged"}]
        if path.startswith(f"{PROJECT}/issues"):
            return self._issue(method, path, query, {name: values[0] for name, values in body.items()})
        kept = f"{PROJECT}/jobs/artifacts/refs%2Fmerge-requests%2F7%2Fhead/raw/plan.hash"
        if (method, path, query) == ("GET", kept, {"job": ["review"]}):
            return self.reviewed
        return None

    def _issue(self, method: str, path: str, query: dict[str, list[str]], fields: dict[str, str]) -> Any:
        if method == "GET":
            (label,) = query["labels"]
            return [one for one in self.issues if one["state"] == "opened" and label in one["labels"]]
        if method == "POST":
            self.issues.append({"iid": 11 + len(self.issues), "state": "opened"})
        old = (
            self.issues[-1] if method == "POST" else next(one for one in self.issues if path.endswith(str(one["iid"])))
        )
        if fields.pop("state_event", "") == "close":
            old["state"] = "closed"
        old.update(fields)
        return old


@contextmanager
def served(gitlab: GitLab) -> Iterator[str]:
    """The project's API on the loopback interface."""

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
            known = self.headers.get("PRIVATE-TOKEN") == TOKEN
            answer = gitlab.answer(self.command, self.path, body) if known else None
            if answer is None:
                gitlab.refused.append(f"{self.command} {self.path}")
            text = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
            self.send_response(404 if answer is None else 200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = _serve

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api/v4"
        finally:
            server.shutdown()


class Pipeline:
    """A pipeline file, and a repository in which its jobs run."""

    def __init__(self, file: Path, repository: Path, gitlab: GitLab, env: Mapping[str, str]) -> None:
        self._document: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        self._repository, self._gitlab, self._env = repository, gitlab, env

    def run(self, job: str, **values: str) -> tuple[bool, str]:
        """Whether a job succeeds, and all that it says. ``values`` take the place of the file's own variables."""
        facts = self._document[job]
        with served(self._gitlab) as address:
            of_gitlab = {
                "CI_API_V4_URL": address,
                "CI_PROJECT_ID": "42",
                "CI_MERGE_REQUEST_IID": "7",
                "CI_COMMIT_SHA": "the-merge",
                "COMMENT_TOKEN": TOKEN,
                "NO_PROXY": "127.0.0.1",
            }
            variables = {**self._document.get("variables", {}), **facts.get("variables", {})}
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", "\n".join(facts["script"])],
                cwd=self._repository,
                env={**os.environ, **variables, **values, **of_gitlab, **self._env},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        if done.returncode == 0:
            kept = facts.get("artifacts", {}).get("paths", [])
            assert all((self._repository / path).is_file() for path in kept), kept
            for path in {"plan.hash"}.intersection(kept):
                self._gitlab.reviewed = (self._repository / path).read_text(encoding="utf-8")
        return done.returncode == 0, done.stdout
