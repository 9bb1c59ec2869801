"""Train the network (pipeline/match/network.py) on labelled stretches of reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import joblib  # comes with scikit-learn
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from pipeline.match.encoder import EmbeddedEncoder, Pieces
from pipeline.match.glossary import Glossary
from pipeline.match.levels import OUTCOMES
from pipeline.match.network import AROUND, CLIP, LONGEST, LONGEST_TITLE, WIDTH, Network
from pipeline.train.labelled import LabelledReport

DIMENSIONS, LAYERS, EPOCHS, SEED = 64, 3, 7, 20261121
RATE, DECAY = 3e-3, 0.02
STRETCH, BATCH = 24, 72  # passages read as neighbours; passages a step
HIDDEN, ALONE = 0.1, 0.15  # shares of pieces hidden, and of stretches read passage by passage
DROPOUT = 0.2, 0.3  # of pieces, and of what passages become
DEPTH = 0.3  # weight of level and flags beside topics
FOLDS = 5
_GLOSSARY = -1  # fold of our own sentences, which no fold leaves out


@dataclass(frozen=True)
class Lessons:
    """Passages to learn from, stretch after stretch.

    Attributes:
        classes: See `Network.classes`.
        texts, titles: Pieces of each passage and of its heading.
        wanted: Labels, (passages, K).
        trust: Weight of each label, 0 where nobody was asked, (passages, K).
        units: Number of the stretch of each passage, ascending, (passages,).
        folds: Fold of each passage; the passages of one report share it, (passages,).
    """

    classes: tuple[tuple[str, str], ...]
    texts: list[np.ndarray]
    titles: list[np.ndarray]
    wanted: np.ndarray
    trust: np.ndarray
    units: np.ndarray
    folds: np.ndarray


def train_network(
    reports: Sequence[LabelledReport], glossaries: Sequence[Glossary], encoder: EmbeddedEncoder
) -> tuple[Network, np.ndarray]:
    """The network, and its log odds of each passage by a network that did not see the report.

    Args:
        reports: Labelled reports.
        glossaries: Of the frameworks to learn, whose own sentences are lessons too.
        encoder: Its pieces and vectors are what the network begins with.

    Returns:
        The network and (passages, K), the passages of all reports one after another.
    """
    lessons = _lessons(reports, glossaries, encoder)
    folds = [*range(FOLDS), None]
    start = encoder.start(DIMENSIONS)
    jobs = (joblib.delayed(fit)(lessons, start, fold, EPOCHS) for fold in folds)
    *others, network = joblib.Parallel(n_jobs=joblib.cpu_count())(jobs)
    found = [
        others[fold].log_odds(*_pieces(report, encoder))
        for report, fold in zip(reports, _folds(reports), strict=True)
    ]
    return network, np.vstack(found)


def _pieces(report: LabelledReport, encoder: EmbeddedEncoder) -> tuple[Pieces, Pieces, np.ndarray]:
    texts, headings = report.normal_texts()
    return encoder.pieces(texts), encoder.pieces(headings), np.arange(len(texts))


def _folds(reports: Sequence[LabelledReport]) -> np.ndarray:
    return np.unique([report.source for report in reports], return_inverse=True)[1] % FOLDS


def _lessons(
    reports: Sequence[LabelledReport], glossaries: Sequence[Glossary], encoder: EmbeddedEncoder
) -> Lessons:
    """The reports' passages, then our own sentences, each a stretch of its own."""
    own = [[(g.framework.id, i.code) for i in g.framework.indicators] for g in glossaries]
    classes = [*chain(*own), *(("", outcome) for outcome in OUTCOMES)]
    said = list(chain(*(g.texts for g in glossaries)))
    firsts = np.cumsum([0, *map(len, own)])
    owners = np.concatenate([f + g.owners for f, g in zip(firsts, glossaries, strict=False)])
    parts = zip(*(report.normal_texts() for report in reports), strict=True)
    texts, headings = (list(chain(*part)) for part in parts)
    sizes = [len(report.passages) for report in reports]
    labels = [_wanted(report, own) for report in reports]
    trust = [np.full(part.shape, r.trust) for r, part in zip(reports, labels, strict=True)]
    about = np.array([name for name, _ in classes])
    alone = np.arange(len(said)) + len(reports)
    return Lessons(
        classes=tuple(classes),
        texts=_cut([*texts, *said], LONGEST, encoder),
        titles=_cut([*headings, *("" for _ in said)], LONGEST_TITLE, encoder),
        wanted=np.vstack([*labels, np.eye(len(classes), dtype=np.float32)[owners]]),
        trust=np.vstack([*trust, about[owners][:, None] == about]).astype(np.float32),
        units=np.append(np.repeat(np.arange(len(reports)), sizes), alone),
        folds=np.append(np.repeat(_folds(reports), sizes), np.full(len(said), _GLOSSARY)),
    )


def _wanted(report: LabelledReport, own: Sequence[Sequence[tuple[str, str]]]) -> np.ndarray:
    topics = [report.wanted(pairs[0][0], [code for _, code in pairs]) for pairs in own]
    return np.hstack([*topics, report.outcomes()])


def _cut(texts: Sequence[str], longest: int, encoder: EmbeddedEncoder) -> list[np.ndarray]:
    pieces = encoder.pieces(texts).first(longest)
    return np.split(pieces.flat + 1, pieces.ends[1:-1])


def fit(lessons: Lessons, start: np.ndarray, held: int | None, epochs: int) -> Network:
    """Train one network, deterministically.

    Args:
        lessons: What to learn.
        start: Vectors of the pieces to begin with, (V, d).
        held: Fold to leave out.
        epochs: How often each passage is read.
    """
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    net = _Net(start, len(lessons.classes)).train()
    table = net.table.weight
    rest = [parameter for parameter in net.parameters() if parameter is not table]
    optimisers = torch.optim.AdamW(rest, weight_decay=DECAY), torch.optim.SparseAdam([table])
    kept = _stretches(lessons, held)
    steps = [rows for _ in range(epochs) for rows in _batches(kept, rng)]
    for number, stretches in enumerate(steps):
        loss = _loss(net, lessons, stretches, rng)
        for optimiser, share in zip(optimisers, (1.0, 0.5), strict=True):
            optimiser.param_groups[0]["lr"] = share * RATE * _warm(number, len(steps))
            optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(rest, 2.0)
        for optimiser in optimisers:
            optimiser.step()
    return Network(lessons.classes, net.arrays())


def _stretches(lessons: Lessons, held: int | None) -> list[np.ndarray]:
    """Rows that are read as neighbours, at most `STRETCH` at once."""
    kept = np.flatnonzero(lessons.folds != (held if held is not None else FOLDS))
    cuts = np.flatnonzero(np.diff(lessons.units[kept])) + 1
    whole = np.split(kept, cuts)
    return [part for rows in whole for part in np.array_split(rows, -(-len(rows) // STRETCH))]


def _batches(stretches: list[np.ndarray], rng: np.random.Generator) -> Iterator[list[np.ndarray]]:
    batch: list[np.ndarray] = []
    for n in rng.permutation(len(stretches)):
        batch.append(stretches[n])
        if sum(map(len, batch)) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _warm(step: int, steps: int) -> float:
    """Share of the full rate: up over the first tenth, then down to nothing (half a cosine)."""
    up = steps / 10
    down = max(0.0, step - up) / (steps - up)
    return min((step + 1) / up, 0.5 + 0.5 * float(np.cos(np.pi * down)))


def _loss(
    net: _Net, lessons: Lessons, stretches: list[np.ndarray], rng: np.random.Generator
) -> torch.Tensor:
    rows = np.concatenate(stretches)
    if alone := rng.random() < ALONE:
        stretches = [row[None] for row in rows]
    texts = _flat([lessons.texts[row] for row in rows], rng)
    titles = _flat([lessons.titles[row][: 0 if alone else None] for row in rows], rng)
    said = net(texts, titles, [len(part) for part in stretches])
    wanted, trust = torch.from_numpy(lessons.wanted[rows]), torch.from_numpy(lessons.trust[rows])
    each = trust * functional.binary_cross_entropy_with_logits(said, wanted, reduction="none")
    depth = torch.tensor([1.0 if name else DEPTH for name, _ in lessons.classes])
    return (each * depth).sum() / len(rows)


Flat = tuple[torch.Tensor, torch.Tensor, torch.Tensor, int]  # pieces, places, owners, texts


def _flat(texts: Sequence[np.ndarray], rng: np.random.Generator) -> Flat:
    """Pieces with gaps between the texts; where each piece stands and which text's it is."""
    sizes = np.array([len(text) for text in texts])
    owners = np.repeat(np.arange(len(texts)), sizes)
    places = np.arange(len(owners)) + 1 + owners
    row = np.zeros(len(owners) + len(texts) + 1, np.int64)
    row[places] = np.concatenate(texts)
    row[places[rng.random(len(places)) < HIDDEN]] = 1
    return torch.from_numpy(row), torch.from_numpy(places), torch.from_numpy(owners), len(texts)


class _Net(nn.Module):
    """The network as torch learns it; `arrays` gives `Network.weights`."""

    def __init__(self, start: np.ndarray, classes: int):
        super().__init__()
        d = start.shape[1]
        table = torch.from_numpy(np.vstack([np.zeros((1, d), np.float32), start]))
        self.table = nn.Embedding.from_pretrained(table, freeze=False, padding_idx=0, sparse=True)
        self.layers = nn.ModuleList(nn.Linear(WIDTH * d, 2 * d) for _ in range(LAYERS))
        self.norms = nn.ModuleList(nn.LayerNorm(d) for _ in range(LAYERS))
        self.title, self.mix = nn.Linear(d, d), nn.Linear(3 * d, d)
        self.around, self.norm_around = nn.Linear(AROUND * d, 2 * d), nn.LayerNorm(d)
        self.ask, self.tell = nn.Linear(d, classes), nn.Linear(d, classes)
        self.out = nn.Linear(2 * d, classes)
        self.pieces, self.passages = map(nn.Dropout, DROPOUT)
        nn.init.constant_(self.out.bias, -3)  # most passages tell of few classes

    def forward(self, texts: Flat, titles: Flat, stretches: list[int]) -> torch.Tensor:
        h, title = self._in_order(texts), self.title(_mean(self._in_order(titles), titles))
        seen = torch.cat([_greatest(h, texts), _mean(h, texts), title], 1)
        f = functional.relu(self.mix(self.passages(seen)))
        near = torch.cat([_windows(part, AROUND) for part in self.passages(f).split(stretches)])
        near = self.norm_around(f + functional.glu(self.around(near), 1))
        asked = self.ask(h).clamp(-CLIP, CLIP).exp()
        told = _sum(asked * self.tell(self.passages(h)), texts) / _sum(asked, texts).clamp(min=1e-6)
        return self.out(self.passages(torch.cat([f, near], 1))) + told

    def _in_order(self, flat: Flat) -> torch.Tensor:
        row, places, _, _ = flat
        there = (row > 0)[:, None]
        h = self.pieces(self.table(row))
        for layer, norm in zip(self.layers, self.norms, strict=True):
            seen = functional.glu(layer(_windows(h * there, WIDTH)), 1)
            h = norm(h + self.pieces(seen))
        return h[places]

    def arrays(self) -> dict[str, np.ndarray]:
        """Weights by the names of `Network`."""
        found = {"pieces": self.table.weight.detach().numpy().copy()}
        for name, module in self.named_modules():
            if isinstance(module, nn.Linear | nn.LayerNorm):
                found[name.replace("layers.", "layer").replace("norms.", "norm")] = _stacked(module)
        return found


def _stacked(module: nn.Linear | nn.LayerNorm) -> np.ndarray:
    """Weights above their bias."""
    weight, bias = module.weight.detach().numpy(), module.bias.detach().numpy()
    return np.vstack([weight.T if weight.ndim > 1 else weight[None], bias[None]])


def _windows(x: torch.Tensor, width: int) -> torch.Tensor:
    padded = functional.pad(x, (0, 0, width // 2, width // 2))
    return torch.cat([padded[n : n + len(x)] for n in range(width)], 1)


def _sum(h: torch.Tensor, flat: Flat) -> torch.Tensor:
    return torch.zeros(flat[3], h.shape[1]).index_add(0, flat[2], h)


def _mean(h: torch.Tensor, flat: Flat) -> torch.Tensor:
    return _sum(h, flat) / _sum(torch.ones(len(h), 1), flat).clamp(min=1)


def _greatest(h: torch.Tensor, flat: Flat) -> torch.Tensor:
    owners = flat[2][:, None].expand(-1, h.shape[1])
    return torch.zeros(flat[3], h.shape[1]).scatter_reduce(0, owners, h, "amax", include_self=False)
