"""Fills the templates of our own: the same texts at every run."""

import random
import re

import own_attacks
import own_harmful
import own_harmless

SLOT = re.compile(r"\{(\w+)\}")


def fill(template, slots, choose):
    """The template with every slot filled, those within slots too."""
    while SLOT.search(template):
        template = SLOT.sub(lambda match: choose.choice(slots[match.group(1)]), template)
    return template[:1].upper() + template[1:] if choose.random() < 0.7 else template


def texts_of(templates, slots, each, seed):
    """Up to `each` different texts of each template, as pairs of the template's number and a text."""
    choose = random.Random(seed)
    rows = []
    for number, template in enumerate(templates):
        texts = {fill(template, slots, choose) for _ in range(each if SLOT.search(template) else 2)}
        rows += [(number, text) for text in sorted(texts)]
    return rows


def attacks():
    slots = own_attacks.SLOTS
    return {
        "PROMPT_LEAKAGE": texts_of(own_attacks.LEAKS, slots, 60, 1),
        "PROMPT_INJECTION": texts_of(own_attacks.INJECTIONS, slots, 40, 2),
        "JAILBREAK": texts_of(own_attacks.JAILBREAKS, slots, 30, 3),
    }


def harmful():
    slots = own_harmful.SLOTS
    return {
        "VIOLENCE": texts_of(own_harmful.VIOLENCE, slots, 60, 4),
        "INSULTS": texts_of(own_harmful.INSULTS, slots, 50, 5),
        "MISCONDUCT": texts_of(own_harmful.MISCONDUCT, slots, 120, 6),
    }


def triggers():
    templates = own_harmless.TRIGGERS + own_harmless.MORE_TRIGGERS
    return texts_of(templates, own_harmless.SLOTS, 8, 7)


def mild():
    return texts_of(own_harmless.MILD, own_harmless.SLOTS, 8, 8)
