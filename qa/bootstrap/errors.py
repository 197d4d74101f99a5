"""Errors that are no fault of the program; the message is for the person who started it."""

from corpus.files.scan import DocumentsMissing
from index.embedding.base import ModelMissing
from index.embedding.bundled_model import BundledModelMissing
from index.embedding.weight_file import WeightsError
from index.files.objects import ObjectsUnfit
from index.search.milvus import MilvusUnfit
from index.snapshots.errors import StoreError
from index.snapshots.snapshot import SnapshotDamaged, SnapshotForeign
from qa.answering.query_rewriting import SynonymsError
from qa.evaluation.squad import QuestionFileError
from qa.runtime.errors import StaffRefused
from qa.runtime.settings import SettingsError
from qa.runtime.worker import AsideEnded
from qa.storage.audit import AuditBusy, AuditNotWhole
from qa.storage.database import DatabaseLocked, DatabaseNewer, DatabaseUnfit
from qa.storage.database.copying import CopyDiffers

# These mean that something was refused or not found; the others mean wrong use.
REFUSALS: tuple[type[Exception], ...] = (
    SnapshotDamaged,
    SnapshotForeign,
    StoreError,
    StaffRefused,
    AuditBusy,
    AuditNotWhole,
    CopyDiffers,
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
    DatabaseUnfit,
    ObjectsUnfit,
    MilvusUnfit,
    DatabaseLocked,
    AsideEnded,
)
