"""The use cases of the work inside a case, together: what the console's doors to it need."""

from dataclasses import dataclass

from bot.services.officers.admitting import Admitting
from bot.services.officers.company import Company
from bot.services.officers.epochs import Epochs
from bot.services.officers.exporting import Exporting
from bot.services.officers.matching import Matching
from bot.services.officers.notes import Notes
from bot.services.officers.prepared import Prepared
from bot.services.officers.saved import SavedViews
from bot.services.officers.sharing import Sharing


@dataclass(frozen=True, slots=True)
class Work:
    """Built once, in the composition root."""

    notes: Notes
    prepared: Prepared
    sharing: Sharing
    matching: Matching
    exporting: Exporting
    epochs: Epochs
    admitting: Admitting
    company: Company
    saved: SavedViews
