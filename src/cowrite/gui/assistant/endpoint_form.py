"""EndpointForm: a model that runs elsewhere, with what that means said plainly.

Runs on the GUI thread.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QFrame, QLineEdit, QVBoxLayout, QWidget

from cowrite.gui.assistant.values import Endpoint
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.theme import LOOSE, SPACING, set_look
from cowrite.gui.widgets.dialog_parts import Message, add_row, note, plain_label

MEANING = (
    "For teams that run a model on a machine of their own (llama-server, vLLM or another server that speaks as "
    "OpenAI’s does). While this is off, nothing is sent anywhere."
)


class EndpointForm(QFrame):
    """`changed(Endpoint)` when the person has changed it and left the field."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._endpoint = Endpoint()
        set_look(self, surface="card")
        heading = plain_label("A model that runs elsewhere")
        set_look(heading, role="heading")
        self._is_on = QCheckBox("Ask the model at this address")
        called(self._is_on, "Ask the model at this address", "Text goes there as long as this is on")
        self._url = _field("Address of the model", "http://HOST:8080/v1")
        self._model = _field("Name of the model there", "as the server calls it; may be empty")
        self._key = _field("Key for the model", "only if the server wants one")
        self._key.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self._warning = Message("Where the text goes")
        self._problem = Message("What went wrong")
        self._fields = QWidget()
        fields = QFormLayout(self._fields)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(SPACING)
        fields.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for words, field in (("Address", self._url), ("Model", self._model), ("Key", self._key)):
            add_row(fields, words, field)
            field.editingFinished.connect(self._tell)
        self._is_on.clicked.connect(lambda _on: self._tell())
        self._url.textChanged.connect(lambda _text: self._show_warning())
        column = QVBoxLayout(self)
        column.setContentsMargins(LOOSE, LOOSE, LOOSE, LOOSE)
        column.setSpacing(SPACING)
        for part in (heading, note(MEANING), self._fields, self._is_on, self._warning, self._problem):
            column.addWidget(part)
        self.show_endpoint(Endpoint())

    def show_endpoint(self, endpoint: Endpoint) -> None:
        """Shows it, and no problem any more; emits nothing."""
        self._endpoint = endpoint
        for field, text in ((self._url, endpoint.url), (self._model, endpoint.model), (self._key, endpoint.key)):
            if field.text() != text:
                field.setText(text)
        self._is_on.setChecked(endpoint.is_on)
        self._problem.show_sentence("", "problem")
        self._show_warning()

    def _tell(self) -> None:
        url = self._url.text().strip()
        endpoint = Endpoint(url, self._model.text().strip(), self._key.text().strip(), self._is_on.isChecked())
        if endpoint.is_on and not host_of(url):
            self._is_on.setChecked(False)
            self._problem.show_sentence("An address begins with http:// or https:// and names a host.", "problem")
            endpoint = Endpoint(endpoint.url, endpoint.model, endpoint.key)
        elif endpoint != self._endpoint:
            self._problem.show_sentence("", "problem")
        self._show_warning()
        if endpoint != self._endpoint:
            self._endpoint = endpoint
            self.changed.emit(endpoint)

    def _show_warning(self) -> None:
        host = host_of(self._url.text().strip())
        self._is_on.setEnabled(bool(host) or self._is_on.isChecked())
        if not host:
            self._warning.show_sentence("", "offline")
            return
        verb = "goes" if self._is_on.isChecked() else "would go"
        self._warning.show_sentence(
            f"What you ask, and the text around it, {verb} to {host}. Whoever runs it can read it.", "offline"
        )


def host_of(url: str) -> str:
    """The host that an address names; empty where it is none that could be asked."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _field(name: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    called(field, name)
    field.setPlaceholderText(hint)
    return field
