"""What can go wrong through no fault of the program; the message is for whoever started it."""

from corpus.scan import DocumentsMissing
from index.bundled import BundledModelMissing
from index.embedder import ModelMissing
from index.snapshot import SnapshotDamaged, SnapshotForeign
from index.store import StoreError
from index.weight_file import WeightsError
from qa.aside import AsideEnded
from qa.audit import AuditBusy, AuditNotWhole
from qa.database import DatabaseNewer
from qa.origin import QuotationMissing
from qa.repair import SynonymsError
from qa.roles import StaffRefused
from qa.settings import SettingsError
from qa.squad import QuestionFileError

# Of these, something was refused or not found; the others are wrong use.
REFUSALS: tuple[type[Exception], ...] = (
    SnapshotDamaged,
    SnapshotForeign,
    StoreError,
    QuotationMissing,
    StaffRefused,
    AuditBusy,
    AuditNotWhole,
)

EXPECTED: tuple[type[Exception], ...] = (
    *REFUSALS,
    SettingsError,
    BundledModelMissing,
    ModelMissing,
    WeightsError,
    DocumentsMissing,
    QuestionFileError,
    SynonymsError,
    DatabaseNewer,
    AsideEnded,
)
