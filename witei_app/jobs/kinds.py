"""Every kind of long work by its name in `Job.kind`, with the function that does a step of it."""

from witei_app.conversations.bunch import BUNCH, bunch_step
from witei_app.crm import erase, importing
from witei_app.jobs.run import Step

KINDS: dict[str, Step] = {importing.KIND: importing.import_some, BUNCH: bunch_step, erase.KIND: erase.erase_some}
