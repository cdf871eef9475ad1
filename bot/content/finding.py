"""One thing that is wrong with the content, said so that whoever reads it can put it right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`where`: file and line, or the id concerned.  `kind`: a short name of the rule that is broken."""

    where: str
    kind: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.remedy}"
