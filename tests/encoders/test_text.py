"""Protects what text encoders learn from the training fold alone, clean-up that keeps negations, words of any script,
and reading models from folders and hubs."""

from __future__ import annotations

import http.server
import json
import shutil
import threading

import numpy as np
import pytest
import torch

from mmcore.base.errors import BadInput, Unavailable
from mmcore.base.progress import Step
from mmcore.base.values import InputSpec, Kind, Span, Tokens
from mmcore.encoders import encoders, make
from mmcore.encoders.text import cleaning, hub, transformer_windows, tuned_vectors
from mmcore.encoders.text.word2vec import WordVectors
from mmcore.encoders.text.words import words

SPEC = InputSpec(name="note", kind=Kind.TEXT, columns=("note",))
HEART = ["chest pain and sweating", "sweating with chest pain", "pain in the chest"]
GARDEN = ["roses and tulips bloom", "tulips bloom with roses", "bloom of the roses"]
TOPICS = ("chest pain sweating nausea breath".split(), "roses tulips garden bloom bees".split())  # noqa: SIM905
CHINESE = ("胸痛 出汗 恶心 心悸 水肿".split(), "花园 玫瑰 蜜蜂 春天 阳光".split())  # noqa: SIM905


def written(topics: tuple[list[str], list[str]], between: str = " ") -> list[str]:
    """Texts of one topic or the other, four of its words in any order."""
    random = np.random.default_rng(0)
    return [between.join(random.permutation(topics[i % 2])[:4]) for i in range(60)]


class Said:
    """Features of some texts, in memory."""

    def __init__(self, encoder, texts: list[str]) -> None:
        self.all, self.dims = encoder.prepare(texts), encoder.dims
        self.counts = self.all.mask.sum(1).numpy()

    def tokens(self, rows=None) -> Tokens:
        rows = torch.as_tensor(np.asarray(rows))
        return Tokens(self.all.values[rows], self.all.mask[rows])


def learnt(encoder, texts: list[str], rows=None):
    return encoder.fit(Said(encoder, texts), np.arange(len(texts)) if rows is None else np.asarray(rows), None)


def cosine(a: torch.Tensor, b: torch.Tensor) -> float:
    return float(torch.nn.functional.cosine_similarity(a, b, dim=-1))


def vector(encoder, part: WordVectors, word: str) -> torch.Tensor:
    return part(encoder.prepare([word])).values[0, 0]


@pytest.mark.parametrize(("topics", "between"), [(TOPICS, " "), (CHINESE, "，")], ids=["English", "Chinese"])
def test_words_of_one_topic_come_together(topics, between):
    if topics is CHINESE:
        pytest.importorskip("jieba")
    encoder = make("word2vec", SPEC, width=4, clean=True)
    part = learnt(encoder, written(topics, between))
    pain, sweat, rose = (vector(encoder, part, word) for word in (*topics[0][:2], topics[1][0]))
    assert cosine(pain, sweat) > cosine(pain, rose) + 0.5
    near = part.neighbours(topics[0][0].upper(), 3)
    assert {word for word, _cosine in near} <= {*topics[0]} and near[0][1] >= near[1][1] >= near[2][1]
    assert part.neighbours("quinine", 2) == []


def test_word_vectors_are_the_factors_of_shared_information():
    """All dimensions kept, contexts unsmoothed: the vectors' products are those of the PPMI matrix's own factors."""
    from scipy.sparse import csr_array

    from mmcore.encoders.text.word2vec import _factors, _neighbours, _ppmi

    position, owner = np.array([0, 1, 2, 0, 1, 3]), np.array([0, 0, 0, 1, 1, 1])
    counts = _neighbours(position, owner, 4, 1).toarray()
    assert counts.tolist() == [[0, 2, 0, 0], [2, 0, 1, 1], [0, 1, 0, 0], [0, 1, 0, 0]], "texts do not run together"
    ppmi = _ppmi(csr_array(counts)).toarray()
    context = counts.sum(0) ** 0.75
    assert ppmi[0, 1] == pytest.approx(np.log(2 / (2 * context[1] / context.sum())))
    vectors = _factors(csr_array(ppmi), 4)
    left, strength, _right = np.linalg.svd(ppmi)
    assert np.allclose(vectors @ vectors.T, left * strength @ left.T, atol=1e-6)


@pytest.mark.parametrize("name", ["word2vec", "tfidf_svd"])
def test_what_stands_in_test_rows_alone_is_not_learnt(name):
    encoder = make(name, SPEC)
    texts = [*HEART * 4, *["quinine tulips quinine"] * 5]
    part, other = (learnt(encoder, some, range(12)) for some in (texts, [*HEART * 4, *["roses"] * 5]))
    assert all(torch.equal(a, b) for a, b in zip(part.state().values(), other.state().values(), strict=True))
    out = part(encoder.prepare(["quinine chest"]))
    assert out.mask.all() and out.values[0, -1].any()
    if name == "word2vec":
        assert not out.values[0, 0].any(), "a token without a vector, not a missing one"


def test_topics_of_texts_come_apart():
    encoder = make("tfidf_svd", SPEC, components=4)
    part = learnt(encoder, written(TOPICS))
    pain, sweat, rose = part(encoder.prepare(["chest pain", "nausea sweating", "tulips bloom"])).values[:, 0]
    assert cosine(pain, sweat) > cosine(pain, rose) + 0.5


def test_weights_of_words_in_closed_form():
    """As scikit-learn's TfidfTransformer and TruncatedSVD say."""
    from sklearn.feature_extraction.text import TfidfTransformer

    encoder = make("tfidf_svd", SPEC, components=6)
    said = Said(encoder, [*HEART, *GARDEN])
    part = encoder.fit(said, np.arange(6), None)
    counts = said.all.values[:, 0].numpy()
    weighed = TfidfTransformer(sublinear_tf=True).fit_transform(counts).toarray()
    axes = np.linalg.svd(weighed, full_matrices=False)[2][:6]
    expected, out = weighed @ axes.T, part(said.all).values[:, 0].numpy()
    assert np.allclose(out @ out.T, expected @ expected.T, atol=1e-4)


def test_no_texts_to_learn_from_give_zeros_of_the_same_width():
    for name in ("word2vec", "tfidf_svd"):
        encoder = make(name, SPEC)
        part = learnt(encoder, ["", " "])
        out = part(encoder.prepare(["chest pain"]))
        width = encoder.options()["components" if name == "tfidf_svd" else "width"]
        assert part.dims == width and out.mask.all() and not out.values.any()


def spelt(text: str, spots) -> list[str]:
    return [text[start:end] for start, end in spots]


def test_words_of_any_script():
    text = "He doesn’t smoke; follow-up x-ray: 3.5 cm 🙂👍🏽"
    said = spelt(text, words(text))
    assert said[:9] == ["He", "does", "n’t", "smoke", ";", "follow-up", "x-ray", ":", "3.5"] and said[10] == "🙂"
    pytest.importorskip("jieba")
    text = "🙂患者否认高血压病史，CT无异常。"
    said = spelt(text, words(text))
    assert {"否认", "高血压", "CT", "异常"} <= set(said) and "".join(said) == text
    places = make("word2vec", SPEC).places(text)
    assert [text[place.start : place.end] for place in places] == said


def test_chinese_needs_its_segmenter_and_says_so(monkeypatch):
    import mmcore.encoders.text.words as module

    monkeypatch.setattr(module, "missing_packages", lambda *names: "pip install jieba")
    monkeypatch.setattr(module, "segmenter", module.segmenter.__wrapped__)
    with pytest.raises(Unavailable, match="jieba"):
        module.segmenter()
    assert make("word2vec", SPEC).prepare(["chest pain"]).mask.all(), "English does without"


def kept(text: str) -> str:
    return " ".join(word.text for word in cleaning.cleaned(text) if word.kept)


def test_clean_up_keeps_negations():
    assert kept("Denies chest pain, and he is without fever.") == "Denies chest pain without fever"
    assert kept("Patient doesn't smoke; MI was ruled out.") == "Patient n't smoke MI ruled out"
    told = {word.text: word for word in cleaning.cleaned("No pain at the back. Free of fever.")}
    assert told["No"].negation and told["of"].negation and told["of"].kept and not told["pain"].negation
    assert told["the"].stop and not told["the"].kept and told["back"].kept
    assert kept("to be or") == "to be or", "something remains"
    assert cleaning.cleaned("  ") == []


def test_clean_up_of_chinese():
    pytest.importorskip("jieba")
    told = {
        word.text: word
        for word in cleaning.cleaned("患者的胸痛无缓解，否认发热，未见异常，未来随访，不伴呕吐，胸闷不适。")
    }
    assert told["无"].negation and told["否认"].negation and told["未见异常"].negation and told["不伴"].negation
    assert not told["不适"].negation and told["不适"].kept and not told["未来"].negation
    assert not told["的"].kept and not told["，"].kept
    assert told["胸痛"].part_of_speech == "NOUN" and told["否认"].part_of_speech == "VERB"


def test_parts_of_speech():
    pytest.importorskip("textblob")
    told = cleaning.cleaned("The enlarged heart was not seen. Father died at 48!")
    assert [word.part_of_speech for word in told] == (
        ["DET", "VERB", "NOUN", "AUX", "ADV", "VERB", "PUNCT", "NOUN", "VERB", "ADP", "NUM", "PUNCT"]
    )


@pytest.mark.parametrize("name", ["glove_6b_50d", "word2vec", "tfidf_svd", "bigru", "lstm_text"])
def test_cleaned_before_encoding(name):
    try:
        plain, clean = make(name, SPEC), make(name, SPEC, clean=True)
    except Unavailable as error:
        pytest.skip(str(error))
    text = "There was no pain in the chest."
    assert plain.identity() != clean.identity()
    assert torch.equal(clean.prepare([text]).values, plain.prepare(["no pain chest"]).values)
    if name != "tfidf_svd":
        assert spelt(text, [(p.start, p.end) for p in clean.places(text)]) == ["no", "pain", "chest"]
    assert [word.text for word in clean.cleaned(text) if word.kept] == ["no", "pain", "chest"]
    assert clean.prepare(["the", ""]).mask.sum(1).tolist() == [1, 1]


@pytest.mark.parametrize("name", ["bigru", "lstm_text"])
def test_recurrent_readers_show_their_states(name):
    encoder = make(name, SPEC, hidden=6)
    torch.manual_seed(0)
    module = encoder.module()
    tokens = encoder.prepare(["chest pain since monday", "pain"])
    states = module.states(tokens.values[0])
    assert states.shape == (4, module.dims) and module.dims == (12 if name == "bigru" else 6)
    torch.testing.assert_close(states, module(tokens).values[0])


def test_long_texts_keep_both_ends():
    encoder = make("bigru", SPEC)
    text = " ".join(f"w{i}" for i in range(300))
    places = encoder.places(text)
    assert len(places) == 128 and encoder.prepare([text]).mask.sum() == 128
    assert spelt(text, [(p.start, p.end) for p in (places[63], places[64], places[-1])]) == ["w63", "w236", "w299"]


def test_words_glove_puts_beside_each_other():
    try:
        encoder = make("glove_6b_50d", SPEC)
    except Unavailable as error:
        pytest.skip(str(error))
    near = encoder.neighbours("Doctor", 4)
    assert len(near) == 4 and "physician" in dict(near) and "doctor" not in dict(near)
    assert [cosine for _word, cosine in near] == sorted(dict(near).values(), reverse=True)
    assert encoder.neighbours("qwzxkk") == []


class TestTunedGlove:
    """Protects fine-tuning of word vectors: it starts as published, moves what was trained on, and stays small."""

    TEXTS = ("No chest pain, qwzxkk.", "Chest pain and fever", "", "fever " * 2000)

    @pytest.fixture
    def tuned(self):
        try:
            return make("glove_6b_50d", SPEC, tune=True)
        except Unavailable as error:
            pytest.skip(str(error))

    def test_starts_where_the_published_vectors_stand(self, tuned):
        assert tuned.trains_in_run and tuned.fits_on_fold and tuned.raw and tuned.dims == 1 and tuned.dtype == "float32"
        frozen, texts = make("glove_6b_50d", SPEC), list(self.TEXTS[:3])
        held = Said(tuned, texts)
        out = tuned.module()(tuned.fit(held, np.arange(2))(held.all))
        torch.testing.assert_close(out.values, frozen.prepare(texts).values)
        assert frozen.module() is None and frozen.fit(Said(frozen, texts), np.arange(2)) is None
        assert held.counts.tolist() == [len(tuned.places(text)) for text in texts]
        assert tuned.prepare([self.TEXTS[3]]).mask.sum() == 1024 == len(tuned.places(self.TEXTS[3]))
        assert tuned.identity() != frozen.identity()

    def test_only_words_of_the_training_fold_move(self, tuned):
        held = Said(tuned, list(self.TEXTS[:3]))
        part, module = tuned.fit(held, np.arange(1)), tuned.module()
        tokens = part(held.all)
        before = module(tokens).values.detach()
        module(tokens).values.sum().backward()
        with torch.no_grad():
            module.moves.weight -= module.moves.weight.grad
        moves = (module(tokens).values != before).any(-1)
        assert moves[0].tolist() == [True] * 4 + [False, True], "a word without a vector stays"
        assert moves[1].tolist()[:4] == [True, True, False, False] and not moves[2].any()
        again = type(part).restore(part.state())
        assert torch.equal(again(held.all).values, tokens.values)

    def test_padding_and_missing_cases_change_nothing(self, tuned):
        held = Said(tuned, list(self.TEXTS[:3]))
        held.all.mask[1] = False
        part, module = tuned.fit(held, np.array([0, 2])), tuned.module()
        out = module(part(held.all)).values
        assert not out[1].any()
        longer = [torch.nn.functional.pad(held.all.values, (0, 0, 0, 5), value=7.0)]
        longer += [torch.nn.functional.pad(held.all.mask, (0, 5))]
        assert torch.equal(module(part(Tokens(*longer))).values[:, : out.shape[1]], out)

    def test_is_small_and_keeps_to_the_most_frequent_words(self, tuned, monkeypatch):
        module = tuned.module()
        assert all(value.numel() < 500_000 for value in module.state_dict().values()), "no table of all words is kept"
        monkeypatch.setattr(tuned_vectors, "WORDS", 1)
        held = Said(tuned, ["fever fever pain", "pain fever chest"])
        part = tuned.fit(held, np.arange(2))
        assert (part(held.all).values[..., 0] > 0).tolist() == [[True, True, False], [False, True, False]]


def test_doubts_about_a_text():
    encoder = make("word2vec", SPEC)
    assert encoder.suits("No chest pain") is None and "empty" in encoder.suits(" ")
    assert "spaces" in encoder.suits("เจ็บหน้าอก") and encoder.suits("胸痛三天") is None


# --- transformers -----------------------------------------------------------------------------------------------------


def test_windows_overlap_and_join():
    spans = transformer_windows.windows(25, 10, 4)
    assert spans == [(0, 10), (6, 16), (12, 22), (18, 25)] and transformer_windows.windows(0, 10) == [(0, 0)]
    assert transformer_windows.windows(20, 10) == [(0, 10), (10, 20)] and transformer_windows.windows(10, 10, 4) == [
        (0, 10)
    ]
    rows = torch.arange(25.0)[:, None]
    assert torch.equal(transformer_windows.joined([rows[a:b] for a, b in spans], 4), rows)


def test_a_model_in_a_folder_reads_as_transformers_does(text_model):
    from transformers import AutoModel, AutoTokenizer

    encoder = make("transformer", SPEC, model=str(text_model))
    text = "chest pain , breathless"
    tokenizer, network = AutoTokenizer.from_pretrained(text_model), AutoModel.from_pretrained(text_model).eval()
    with torch.no_grad():
        expected = network(**tokenizer(text, return_tensors="pt")).last_hidden_state[0, 1:-1]
    torch.testing.assert_close(encoder.prepare([text]).values[0], expected)
    assert encoder.dims == 16 and spelt(text, _spots(encoder, text))[-2:] == ["breath", "less"]
    weights = sum(p.numel() for name, p in network.named_parameters() if not name.startswith("pooler"))
    assert encoder.parameter_count() == weights


def _spots(encoder, text: str) -> list[tuple[int, int]]:
    return [(place.start, place.end) for place in encoder.places(text)]


def test_places_in_chinese_and_beside_emoji(text_model):
    encoder = make("transformer", SPEC, model=str(text_model))
    text = "🙂 胸痛 👍🏽 pain，无"
    assert spelt(text, _spots(encoder, text)) == ["🙂", "胸", "痛", "👍🏽", "pain", "，", "无"]
    assert encoder.suits("胸痛三天") is None and "unknown" in encoder.suits("Brustschmerz seit drei Tagen")


def test_tuning_starts_where_the_frozen_model_stands(text_model):
    frozen, tuned = (make("transformer", SPEC, model=str(text_model), tune=tune) for tune in (False, True))
    assert (
        tuned.trains_in_run
        and tuned.raw
        and tuned.dims == 1
        and tuned.learning_rate_scale < 1
        and frozen.module() is None
    )
    texts = ["chest pain", "no pain ok . no breath", "pain " * 50]
    codes, module = tuned.prepare(texts), tuned.module()
    assert codes.mask.sum(1).tolist() == [2, 6, 22] == [len(tuned.places(text)) for text in texts]
    out = module(codes)
    torch.testing.assert_close(out.values[:2, :6], frozen.prepare(texts[:2]).values)
    out.values.square().sum().backward()
    module.train()
    assert not module.network.training and module.network.embeddings.word_embeddings.weight.grad.any()
    assert not frozen.prepare(texts).values.requires_grad, "the shared network stays as it is"
    padded = Tokens(torch.nn.functional.pad(codes.values, (0, 0, 0, 30)), torch.nn.functional.pad(codes.mask, (0, 30)))
    torch.testing.assert_close(module(padded).values[:, :22], out.values)


def test_a_tuned_minilm_starts_where_the_frozen_one_stands():
    try:
        frozen, tuned = (make("minilm_l6", SPEC, tune=tune) for tune in (False, True))
    except Unavailable as error:
        pytest.skip(str(error))
    texts = ["No chest pain.", "Breathless"]
    torch.testing.assert_close(tuned.module()(tuned.prepare(texts)).values, frozen.prepare(texts).values)
    assert tuned.dtype == "float32" and frozen.dtype == "float16" and tuned.identity() != frozen.identity()


def test_another_model_in_the_folder_is_another_encoder(text_model, tmp_path):
    shutil.copytree(text_model, tmp_path / "copy")
    before = make("transformer", SPEC, model=str(tmp_path / "copy")).identity()
    config = json.loads((tmp_path / "copy" / "config.json").read_text())
    (tmp_path / "copy" / "config.json").write_text(json.dumps(config | {"layer_norm_eps": 1e-3}))
    assert make("transformer", SPEC, model=str(tmp_path / "copy")).identity() != before


def test_folders_that_hold_no_usable_model(text_model, tmp_path):
    with pytest.raises(BadInput, match=r"config\.json"):
        make("transformer", SPEC, model=str(tmp_path))
    shutil.copytree(text_model, tmp_path / "pickled")
    (tmp_path / "pickled" / "model.safetensors").rename(tmp_path / "pickled" / "pytorch_model.bin")
    with pytest.raises(BadInput, match="safetensors"):
        make("transformer", SPEC, model=str(tmp_path / "pickled"))
    shutil.copytree(text_model, tmp_path / "code")
    own = {"model_type": "my_own", "auto_map": {"AutoConfig": "evil.Config", "AutoModel": "evil.Model"}}
    (tmp_path / "code" / "config.json").write_text(json.dumps(own))
    (tmp_path / "code" / "evil.py").write_text("raise SystemExit('ran')")
    with pytest.raises(BadInput, match="cannot be read"):
        make("transformer", SPEC, model=str(tmp_path / "code"))
    shutil.copytree(text_model, tmp_path / "broken")
    (tmp_path / "broken" / "model.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(BadInput, match="weights"):
        make("transformer", SPEC, model=str(tmp_path / "broken")).prepare(["pain"])
    shutil.copytree(text_model, tmp_path / "other")
    config = json.loads((text_model / "config.json").read_text())
    (tmp_path / "other" / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}))
    with pytest.raises(BadInput, match="missing"):
        make("transformer", SPEC, model=str(tmp_path / "other")).prepare(["pain"])
    with pytest.raises(BadInput, match="no folder"):
        make("transformer", SPEC, model="/no/such/folder")


def test_a_model_of_sentence_transformers_lies_one_folder_deeper(text_model, tmp_path):
    shutil.copytree(text_model, tmp_path / "0_Transformer")
    (tmp_path / "modules.json").write_text(json.dumps([{"idx": 0, "path": "0_Transformer"}, {"path": "1_Pooling"}]))
    (tmp_path / "0_Transformer" / "sentence_bert_config.json").write_text('{"max_seq_length": 8}')
    encoder = make("transformer", SPEC, model=str(tmp_path))
    assert encoder.prepare(["chest pain " * 20]).mask.sum() == 40, "in windows of eight pieces"


def test_offline_says_what_to_do(monkeypatch):
    monkeypatch.setenv("MMCORE_OFFLINE", "1")
    with pytest.raises(Unavailable, match=r"not on this machine.*folder"):
        make("transformer", SPEC, model="nobody/no-such-model")


def test_offline_it_is_listed_as_in_need_of_a_folder_and_works_with_one(text_model, monkeypatch):
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *_names, **_more: None)
    reason = encoders["transformer"].unavailable()
    assert "Needs a local folder" in reason and "network" in reason and "model.safetensors" in reason
    with pytest.raises(Unavailable, match="local folder"):
        make("transformer", SPEC)
    assert make("transformer", SPEC, model=str(text_model)).prepare(["pain"]).mask.any()
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *_names, **_more: "/kept/model.safetensors")
    assert encoders["transformer"].unavailable() is None


@pytest.fixture
def local_hub(text_model, monkeypatch):
    """A model hub on this machine that holds one model, nobody/tiny: what it is asked for, and the folder it shows."""
    asked, shown = [], [text_model]

    class Hub(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(False)

        def do_GET(self) -> None:
            asked.append(self.path)
            self._answer(True)

        def _answer(self, whole: bool) -> None:
            file = shown[0] / self.path.split("?")[0].rsplit("/", 1)[-1]
            here = "/nobody/tiny/resolve/" in self.path and file.is_file()
            body = file.read_bytes() if here else b""
            self.send_response(200 if here or self.path == "/" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{file.name}"')
            self.send_header("X-Repo-Commit", "0123456789" * 4)
            if not here:
                known = "/nobody/tiny/" in self.path
                self.send_header("X-Error-Code", "EntryNotFound" if known else "RepoNotFound")
            self.end_headers()
            if whole:
                self.wfile.write(body)

        def log_message(self, *words) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.delenv("MMCORE_OFFLINE", raising=False)
    yield asked, shown
    server.shutdown()
    server.server_close()


def test_a_model_is_downloaded_once(local_hub, text_model, home, monkeypatch):
    asked, _shown = local_hub
    encoder = make("transformer", SPEC, model="nobody/tiny")
    before = encoder.identity()
    assert not any(path.endswith(".safetensors") for path in asked), "weights come when they are needed"
    told: list[Step] = []
    encoder.ready(told.append)
    size = (text_model / "model.safetensors").stat().st_size
    assert told[-1].done == told[-1].total == size and "nobody/tiny" in told[-1].label
    here = make("transformer", SPEC, model=str(text_model))
    assert torch.equal(encoder.prepare(["chest pain"]).values, here.prepare(["chest pain"]).values)
    count = len(asked)
    monkeypatch.setenv("MMCORE_OFFLINE", "1")
    again = make("transformer", SPEC, model="nobody/tiny")
    again.ready()
    assert again.identity() == before and len(asked) == count
    assert hub.folder_of("nobody/tiny").is_relative_to(home)


def test_a_model_in_several_files_is_downloaded_whole(local_hub, text_model, tmp_path):
    from transformers import AutoModel

    shutil.copytree(text_model, tmp_path / "split", ignore=shutil.ignore_patterns("*.safetensors"))
    AutoModel.from_pretrained(text_model).save_pretrained(tmp_path / "split", max_shard_size="10KB")
    assert not (tmp_path / "split" / hub.WHOLE).exists()
    local_hub[1][:] = [tmp_path / "split"]
    encoder, here = (make("transformer", SPEC, model=model) for model in ("nobody/tiny", str(text_model)))
    assert torch.equal(encoder.prepare(["chest pain"]).values, here.prepare(["chest pain"]).values)


def test_a_hub_that_has_no_such_model(local_hub):
    with pytest.raises(Unavailable, match="no model"):
        make("transformer", SPEC, model="nobody/nothing")


def test_spans_are_never_empty(text_model):
    encoder = make("transformer", SPEC, model=str(text_model))
    for text in ("\u200d", "a\u0301", "\ufeffpain", "\n ok"):
        for place in encoder.places(text):
            assert not isinstance(place, Span) or 0 <= place.start < place.end <= len(text)
