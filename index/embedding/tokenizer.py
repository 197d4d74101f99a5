"""The encoder's tokenizer: its vocabulary takes 290 MB, which all that tokenise share."""

from functools import lru_cache
from pathlib import Path

from tokenizers import Tokenizer

_FILE = "tokenizer.json"


def open_tokenizer(folder: Path) -> Tokenizer:
    """Return a tokenizer of the encoder unpacked in `folder` whose settings are the caller's own."""
    whole = _whole(folder)
    shared = Tokenizer(whole.model)
    shared.normalizer, shared.pre_tokenizer = whole.normalizer, whole.pre_tokenizer
    shared.post_processor, shared.decoder = whole.post_processor, whole.decoder
    shared.add_special_tokens([token for _, token in sorted(whole.get_added_tokens_decoder().items())])
    return shared


@lru_cache(maxsize=4)
def _whole(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / _FILE))
