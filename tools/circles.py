"""A contract on imports for import-linter: no module imports itself by way of others.

import-linter's own contract compares packages side by side. Two packages may well use each other's modules without any
module waiting for itself, and a module that goes through its own package is not seen there.
"""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.application import contract_utils


class NoCircles(Contract):
    """Fails with one circle at a time; ``ignore_imports`` names imports that may close one."""

    type_name = "no_circles"

    ignore_imports = fields.SetField(subfield=fields.ImportExpressionField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        ignored = contract_utils.remove_ignored_imports_and_report(
            graph,
            self.ignore_imports,  # type: ignore[arg-type]  # the field's value, which its declaration hides
            contract_utils.AlertLevel.ERROR,
        )
        circle: list[str] = []
        try:
            TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()
        except CycleError as error:
            circle = error.args[1][::-1]  # there, each one is imported by the next
        return ContractCheck(
            kept=not circle,
            warnings=list(ignored.warnings),
            ignored_import_count=ignored.ignored_import_count,
            metadata={"circle": circle},
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        output.print_error("Each of these modules imports the next:", bold=False)
        for name in check.metadata["circle"]:
            output.indent_cursor()
            output.print_error(name, bold=False)
