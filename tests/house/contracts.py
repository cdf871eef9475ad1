"""An import contract of our own for import-linter: a package may import only what it names.

The linter's own kinds list what is forbidden; ours states what is allowed, so that a new neighbour
or a new dependency is refused without anybody having to think of it.
"""

import sys
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class ImportsOnly(Contract):
    """Of ours, `packages` import only themselves and `allowed`; of others, anything or nothing."""

    # import-linter turns these fields into plain values when it reads the contract.
    packages: Any = fields.ListField(subfield=fields.StringField())
    allowed: Any = fields.ListField(subfield=fields.StringField(), required=False)
    standard_library_only: Any = fields.BooleanField(required=False, default=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = [
            f"{importer} imports {imported}"
            for package in self.packages
            for importer in sorted({package, *graph.find_descendants(package)})
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not self._may(package, imported)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(line)

    def _may(self, package: str, imported: str) -> bool:
        ours = (package, *(self.allowed or ()))
        if any(imported == name or imported.startswith(f"{name}.") for name in ours):
            return True
        roots = self.session_options["root_packages"]
        top = imported.split(".")[0]
        if top in roots:
            return imported in roots  # a root's own __init__.py is empty
        return top in sys.stdlib_module_names or not self.standard_library_only
