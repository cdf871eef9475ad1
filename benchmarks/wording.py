"""Finding a text, beside a plain dictionary that is asked for the same texts in the same order."""

from benchmarks.figures import Figure, at_most, best, middle
from bot.content.loader import load_content
from bot.core.effects import Text
from bot.wording.load import load_wording

TIMES = 2
LANG = "ur"


def measure(rounds: int) -> list[Figure]:
    content = load_content()
    wording = load_wording(content.texts, content.place_names)
    plain = dict(wording.texts[LANG])
    ids = [id for id, text in plain.items() if "{" not in text]
    texts = [Text(id) for id in ids]

    def ours() -> None:
        say, lang = wording.say, LANG
        for text in texts * TIMES:
            say(lang, text)

    def theirs() -> None:
        get = plain.__getitem__
        for id in ids * TIMES:
            get(id)

    pairs = [(best(ours, len(texts) * TIMES), best(theirs, len(ids) * TIMES)) for _ in range(rounds)]
    return [
        Figure("wording lookup", middle([a for a, _ in pairs]) * 1e9, "ns"),
        Figure("plain dictionary lookup", middle([b for _, b in pairs]) * 1e9, "ns"),
        Figure("wording lookup beside a dictionary", middle([a / b for a, b in pairs]), "×", at_most(3), "dict"),
    ]
