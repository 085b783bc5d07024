"""What is trained on: rows of text with what is known of their labels."""

import dataclasses
import random
import zlib

import data
import own_texts

ATTACK = ("JAILBREAK", "PROMPT_INJECTION", "PROMPT_LEAKAGE")
CONTENT = ("SEXUAL", "VIOLENCE", "HATE", "INSULTS", "MISCONDUCT")
LABEL_OF_KIND = {"jailbreak": "JAILBREAK", "injection": "PROMPT_INJECTION", "indirect": "PROMPT_INJECTION", "leak": "PROMPT_LEAKAGE"}
LABEL_OF_CATEGORY = {
    "sexual anatomy / sexual acts": "SEXUAL",
    "racial / ethnic slurs": "HATE",
    "sexual orientation / gender": "HATE",
    "religious offense": "HATE",
    "other / general insult": "INSULTS",
    "mental disability": "INSULTS",
}
# Of BIPIA's payloads, those that any user may ask for: they are an attack only where they stand.
ORDINARY = {"Information Retrieval", "Content Creation", "Learning and Tutoring", "Language Translation", "Programming Help"}


@dataclasses.dataclass
class Row:
    text: str
    # 1 or 0 by label; a label that is not there is not known.
    labels: dict
    # How much the row counts against others.
    weight: float
    # Rows of one group are in one fold, so that a template is never measured on its own texts.
    group: str
    # Harmless texts by kind, for the thresholds; empty for all others.
    harmless: str = ""


def harmless(text, group, kind, labels, weight=1.0):
    return Row(text, {label: 0 for label in labels}, weight, group, kind)


def attack_rows(folder):
    rows = []
    for record in data.read(folder, "train/prompt-attack.jsonl.gz"):
        text, source = record["text"], record["source"]
        if record["label"] == "benign":
            rows.append(harmless(text, text, kind_of(source), ATTACK))
        elif not record.get("roleplay") and record.get("category") not in ORDINARY:
            weight = 0.3 if record.get("weak") else 2.0
            rows.append(Row(text, of_one(LABEL_OF_KIND[record["kind"]]), weight, text))
    for label, texts in own_texts.attacks().items():
        rows += [Row(text, of_one(label), 0.6, f"{label} {number}") for number, text in texts]
    rows += [harmless(text, f"trigger {number}", "trigger", ATTACK, 2.0) for number, text in own_texts.triggers()]
    rows += [harmless(text, f"mild {number}", "other", ATTACK) for number, text in own_texts.mild()]
    rows += embedded(folder, rows)
    for record in data.read(folder, "train/moderation.jsonl.gz"):
        # What is asked for may be harmful; to ask for it is no attack on the prompt.
        if "MISCONDUCT" in record["labels"] or record["source"].startswith("openai"):
            rows.append(harmless(record["text"], record["text"], "harmful", ATTACK))
    return rows + everyday(folder, ATTACK)


def of_one(label):
    """An attack of one kind may be one of another as well: that nobody judged."""
    return {label: 1}


def embedded(folder, rows):
    """Texts into which an attack was put, each beside the same text without it."""
    documents = [record["text"].split(". ") for record in data.read(folder, "train/indirect-contexts.jsonl")]
    sentences = [row.text for row in everyday(folder, ATTACK)]
    choose = random.Random(11)
    made = []
    for row in rows:
        if row.labels.get("PROMPT_INJECTION") != 1 or len(row.text) > 400:
            continue
        source = choose.choice(documents) if choose.random() < 0.3 else choose.sample(sentences, 3)
        place = choose.randint(0, len(source))
        before, after = source[max(0, place - 1):place], source[place:place + 1]
        made.append(Row(". ".join([*before, row.text, *after]), row.labels, 0.5, row.group))
        made.append(harmless(". ".join([*before, *after]), row.group, "document", ATTACK))
    return made + [harmless(". ".join(source), "".join(source), "document", ATTACK, 2.0) for source in documents]


def content_rows(folder):
    rows = []
    for record in data.read(folder, "train/moderation.jsonl.gz"):
        text, source = record["text"], record["source"]
        labels = {label: int(label in record["labels"]) for label in CONTENT if label not in record["unknown"]}
        kind = "" if record["labels"] or source.startswith("HatemojiBuild") else kind_of(source)
        rows.append(Row(text, labels, 0.5 if record.get("weak") else 1.0, text, kind))
    for label, texts in own_texts.harmful().items():
        rows += [Row(text, {label: 1}, 0.5, f"{label} {number}") for number, text in texts]
    for record in data.read(folder, "wordlists/profanity.jsonl"):
        label = LABEL_OF_CATEGORY.get(record.get("category"))
        if label is not None and len(record["text"]) > 3:
            rows.append(Row(record["text"], {label: 1}, 0.15, record.get("canonical", record["text"])))
    rows += [harmless(text, f"trigger {number}", "trigger", CONTENT) for number, text in own_texts.triggers()]
    rows += [harmless(text, f"mild {number}", "trigger", CONTENT, 2.0) for number, text in own_texts.mild()]
    for record in data.read(folder, "train/prompt-attack.jsonl.gz"):
        if record["label"] == "benign" and kind_of(record["source"]) in ("wildguard", "role", "other"):
            rows.append(harmless(record["text"], record["text"], kind_of(record["source"]), CONTENT))
    return rows + everyday(folder, CONTENT)


def everyday(folder, labels):
    """Sentences about the world: some of those in which personal data is marked."""
    records = data.read(folder, "train/pii.jsonl.gz")
    chosen = random.Random(12).sample(records, 8000)
    return [harmless(record["text"], record["text"], "everyday", labels, 0.7) for record in chosen]


def kind_of(source):
    kinds = {"leolee99": "wildguard", "f/awesome": "role", "PolyAI": "banking", "clinc": "banking", "openai": "posts",
             "t-davidson": "posts"}
    return next((kind for start, kind in kinds.items() if source.startswith(start)), "other")


def fold_of(row, folds):
    """The same for a group at every run, and for all its rows."""
    return zlib.crc32(row.group.encode("utf-8")) % folds
