"""Our tokenizer gives the tokens and characters of the library `tokenizers`, whose vocabulary takes 290 MB."""

from pathlib import Path

import pytest
import tokenizers
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import normalizers, pre_tokenizers
from tokenizers.models import Unigram

from index.embedding import bundled_model
from index.embedding.tokens import pieces as stored
from index.embedding.tokens.tokenizer import Tokenizer, open_tokenizer
from tests.support.counts import count
from tests.support.programs.serving import Served

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
# Ways of equal probability, a piece whose beginnings are none, and one that ends a text; 龘 is in no piece.
PIECES = {"▁": -2.0, "a": -1.5, "aa": -3.0, "aaa": -4.5, "b": -2.5, "bcde": -3.0, "涪": -2.0, "涪陵": -3.0, "陵": -4.0}
LONG = "涪陵区人民政府关于印发《办事指南》的通知（2024年第3号），自2024年5月1日起施行；fees: 3,500.00元～～" * 40
ODD = [
    "",
    " \n",
    "\0a\0",
    "～Ａ１　㈱ﷺ",
    "é é 각",
    "👨‍👩‍👧 🇨🇳",
    "<s> a</s>b<mask>",
    "＜unk＞龘靐齉\ue000",
    "▁▁ a▁",
    "\u200b\ufeff",
    "哈" * 99,
]


def of_library(folder: Path, *, punctuation_apart: bool) -> tokenizers.Tokenizer:
    library = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    if punctuation_apart:
        parts = [library.pre_tokenizer, pre_tokenizers.Punctuation("isolated")]
        library.pre_tokenizer = pre_tokenizers.Sequence(parts)
    return library


def compare(ours: Tokenizer, library: tokenizers.Tokenizer, text: str) -> None:
    expected, tokens = library.encode(text, add_special_tokens=False), ours.encode(text)
    assert (tokens.ids, tokens.offsets) == (expected.ids, expected.offsets)
    assert ours.enclosed(text, 10**6) == library.encode(text).ids


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tokenizer of few pieces, as the library stores it."""
    made = tmp_path_factory.mktemp("small")
    vocabulary = [(name, 0.0) for name in SPECIAL] + list(PIECES.items())
    tokenizer = tokenizers.Tokenizer(Unigram(vocabulary, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.save(str(made / "tokenizer.json"))
    return made


@pytest.mark.parametrize("apart", [False, True])
def test_few_pieces_cut_any_text_as_the_library_does(folder: Path, apart: bool) -> None:
    ours, library = open_tokenizer(folder, punctuation_apart=apart), of_library(folder, punctuation_apart=apart)

    @settings(max_examples=count(100, whole=2000), deadline=None)
    @example("aaaaa")
    @example("龘龘a龘")
    @example("bcd bcde")
    @example("a<s>b ＜unk＞")
    @given(st.text(alphabet="abcde涪陵龘 ，▁ﷺ<>s/unk\n", max_size=60) | st.sampled_from(SPECIAL))
    def compared(text: str) -> None:
        compare(ours, library, text)

    compared()


@pytest.mark.parametrize("apart", [False, True])
def test_the_encoders_own_pieces_cut_texts_as_the_library_does(served: Served, apart: bool) -> None:
    unpacked = bundled_model.unpack(served.home)
    ours, library = open_tokenizer(unpacked, punctuation_apart=apart), of_library(unpacked, punctuation_apart=apart)
    texts = [LONG, *ODD, *("涪" + chr(code) + " " + chr(code) for code in range(1, 0xD800, count(61, whole=1)))]
    assert len({tuple(ours.encode(text).ids) for text in texts}) > 100
    for text in texts:
        compare(ours, library, text)
    assert len(ours.enclosed(LONG, 512)) == 512


def test_the_trie_is_made_once_and_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = stored.stored_pieces(folder)
    assert sorted(path.name for path in made.iterdir()) == ["nodes.npy", "settings.json"]
    assert not list(folder.glob(".*"))
    monkeypatch.setattr(stored, "build", None)
    assert stored.stored_pieces(folder) == made


def test_a_trie_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr("os.fsync", full)
        stored.stored_pieces(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["tokenizer.json"]
    assert stored.open_nodes(stored.stored_pieces(tmp_path)).size > len(PIECES)


@pytest.mark.parametrize("name", [stored.NODES, stored.SETTINGS])
@pytest.mark.parametrize("left", [0, 40])
def test_a_damaged_trie_is_made_again(tmp_path: Path, folder: Path, name: str, left: int) -> None:
    (tmp_path / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    damaged = stored.stored_pieces(tmp_path) / name
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:left])
    compare(open_tokenizer(tmp_path), of_library(folder, punctuation_apart=False), LONG)
    assert damaged.read_bytes() == whole
