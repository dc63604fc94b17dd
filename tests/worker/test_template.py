"""Chat templates of models."""

from __future__ import annotations

import pytest

from cowrite.worker.template import Rendered, Template
from cowrite.worker.work import Failure
from helpers.tiny_models import CHATML

NO_SYSTEM = (
    "{{ bos_token }}{% for m in messages %}"
    "{% if m.role == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
    "<{{ m.role }}>{{ m.content | trim }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}<model>{% endif %}"
)
ALTERNATE = (
    "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('roles must alternate user/assistant') }}{% endif %}<{{ m.role }}>{{ m.content }}{% endfor %}"
)


def rendered(source: str, *roles: str) -> Rendered:
    return Template(source, "<s>", "</s>").render(roles)


def test_a_conversation_is_set_around_its_words() -> None:
    assert rendered(CHATML, "system", "user") == Rendered(
        (
            "<|im_start|>system\n",
            "<|im_end|>\n<|im_start|>user\n",
            "<|im_end|>\n<|im_start|>assistant\n",
        ),
        (0, 1),
    )


def test_without_a_role_for_the_system_its_words_go_to_the_head_of_the_first_turn() -> None:
    assert rendered(NO_SYSTEM, "system", "user", "assistant", "user") == Rendered(
        ("<s><user>", "\n\n", "</s><assistant>", "</s><user>", "</s><model>"), (0, 1, 2, 3)
    )


def test_a_template_that_drops_the_system_gets_its_words_otherwise() -> None:
    drops = "{% for m in messages if m.role != 'system' %}<{{ m.role }}>{{ m.content }}{% endfor %}"
    assert rendered(drops, "system", "user").order == (0, 1)


def test_roles_that_do_not_alternate_are_refused_with_the_templates_words() -> None:
    with pytest.raises(Failure, match="roles must alternate"):
        rendered(ALTERNATE, "user", "user")
    assert rendered(ALTERNATE, "user", "assistant", "user").order == (0, 1, 2)


def test_what_a_template_says_is_shown_short_and_in_one_line() -> None:
    with pytest.raises(Failure, match=r"refuses this conversation:  \[31m x+\.$") as refused:
        Template("{{ raise_exception('\x1b[31m\n' ~ 'x' * 1000) }}", "", "")
    assert len(str(refused.value)) < 300


def test_the_date_in_a_template_stays_the_same() -> None:
    dated = "{{ strftime_now('%d %B %Y') }}{% for m in messages %}{{ m.content }}{% endfor %}"
    assert rendered(dated, "user").texts[0] == "26 July 2024"


@pytest.mark.parametrize(
    "source",
    [
        "{% for m in messages %}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}{% for m in messages %}{{ m.content }}{% endfor %}",
        "{{ messages.append(1) }}{% for m in messages %}{{ m.content }}{% endfor %}",
        "{{ messages[0].content / 2 }}",
        "Hello",
    ],
)
def test_a_template_that_is_none_or_reaches_further_is_refused(source: str) -> None:
    with pytest.raises(Failure, match="chat template of this model"):
        Template(source, "", "")


def test_a_template_that_asks_whether_to_think_is_told_not_to() -> None:
    asks = CHATML + "{% if enable_thinking is defined and not enable_thinking %}<think></think>{% endif %}"
    assert rendered(asks, "user").texts[-1].endswith("<think></think>")


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [
        ("<｜Assistant｜><think>\\n", "<think>\n\n</think>\n\n"),
        ("<|im_start|>assistant\\n<think>", "<think>\n\n</think>\n\n"),
        ("<|start|>assistant", "assistant<|channel|>final<|message|>"),
    ],
)
def test_a_model_that_is_to_think_first_answers_at_once(begins: str, goes_on: str) -> None:
    thinks = f"{{% for m in messages %}}{{{{ m.content }}}}<think>{{% endfor %}}{{{{ '{begins}' }}}}"
    before, after = rendered(thinks, "user").texts
    assert before == ""
    assert after.endswith(goes_on)
    assert after.count("</think>") == goes_on.count("</think>"), "what stands before the answer stays"


def test_what_a_template_marks_for_training_stands_as_it_is() -> None:
    marked = CHATML.replace("{{ message['content'] }}", "{% generation %}{{ message['content'] }}{% endgeneration %}")
    assert marked != CHATML
    assert rendered(marked, "user", "assistant", "user") == rendered(CHATML, "user", "assistant", "user")
