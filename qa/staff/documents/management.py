"""文档: the files behind the answers, which staff upload, describe, view, withdraw and delete."""

from qa.staff.documents.describing import DocumentFields
from qa.staff.documents.files import DocumentFiles
from qa.staff.documents.leaving_out import DocumentsLeftOut
from qa.staff.documents.reading import DocumentTexts
from qa.staff.documents.withdrawing import DocumentWithdrawals


class Documents(DocumentFiles, DocumentFields, DocumentTexts, DocumentWithdrawals, DocumentsLeftOut):
    """The folder of documents, as one member of staff may change it."""
