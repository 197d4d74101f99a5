"""A BERT of random weights, small enough for tests."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import BertModel


def small_bert(**shape: Any) -> "BertModel":
    """Return a new one; `shape` are fields of `BertConfig`."""
    # Takes seconds to import, in every process that reads the tests.
    from transformers import BertConfig, BertModel

    return BertModel(BertConfig(**shape), add_pooling_layer=False)
