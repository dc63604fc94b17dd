"""DocumentWindow: one draft with everything around it.

Runs on the GUI thread. Puts page, toolbar, people, notices, finding and status together. What commands do with the
page is `WindowCommands`; all others are signals of `actions`, which the application answers.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QVBoxLayout, QWidget

from cowrite.bridge.single_shot import single_shot
from cowrite.core.text.word_count import Length
from cowrite.gui.assistant.marks import AssistMarks
from cowrite.gui.assistant.offer import Offer
from cowrite.gui.commands.actions import Actions
from cowrite.gui.keyboard.menu_key import MenuKey
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.theme import Theme
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.find_bar import FindBar
from cowrite.gui.page.finding import Finding
from cowrite.gui.page.images import PageImages
from cowrite.gui.page.links import PageLinks
from cowrite.gui.page.menu import PageMenu
from cowrite.gui.page.reading import PageReading
from cowrite.gui.people.people_panel import PeoplePanel
from cowrite.gui.widgets.dialog_parts import resize_on_screen
from cowrite.gui.window.copying_looks import CopyingLooks
from cowrite.gui.window.inserting import Inserting
from cowrite.gui.window.notice_bar import NoticeBar
from cowrite.gui.window.side_panels import SidePanels
from cowrite.gui.window.sides import Sides
from cowrite.gui.window.status_strip import StatusStrip
from cowrite.gui.window.toolbar import FormatToolbar
from cowrite.gui.window.views import DRAFT, Views
from cowrite.gui.window.window_commands import WindowCommands
from cowrite.gui.window.window_parts import WindowParts
from cowrite.gui.window.word_count import WordCount

STATE_DELAY = 30  # milliseconds until toolbar and menus follow the caret

ZOOMS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)

SUGGESTING = "What you write is suggested: others see it marked, and accept or reject it"


class DocumentWindow(QMainWindow):
    """The window of one document.

    Args:
        editor: the page.
        theme: how it looks.
        store_image: keeps an image's bytes and gives its name.
    """

    closing = Signal()
    """The person closes the window; the answer to `may_close` decides."""
    theme_changed = Signal(object)
    """Theme: it has taken another look."""
    image_wanted = Signal(str, str)
    """See `PageImages.save_wanted`."""
    activated = Signal(bool)
    """The window has become the one in use, or is it no longer."""

    def __init__(self, editor: Editor, theme: Theme, store_image: Callable[[bytes, str], str]) -> None:
        super().__init__()
        self._theme = theme
        self._zoom = ZOOMS.index(1.0)
        self._read_only = ""  # why the person may not write on the page; empty where they may
        self._may_comment = True
        self._rights = ""  # why they may not change everything
        self._suggests = False
        self.may_close: Callable[[], bool] = lambda: True
        self._is_closed = False
        self.editor = editor
        self.actions_ = Actions(self)
        self.toolbar = FormatToolbar(self.actions_, theme)
        self.notices = NoticeBar()
        self.notices.left.connect(self._leave_notices)
        self.find_bar = FindBar()
        finding = Finding(editor, self.find_bar)
        inserting = Inserting(editor, self.notices, store_image)
        self.views = Views(editor)
        self.people = PeoplePanel()
        self.status = StatusStrip()
        self.assist_marks = AssistMarks(editor)
        self.assist_marks.said.connect(self.status.show_assist)
        self._links = PageLinks(editor)
        self._images = PageImages(editor, theme)
        self._images.save_wanted.connect(self.image_wanted)
        self.page_menu = PageMenu(editor, self.actions_, self._links, self._images)
        self.reading = PageReading(editor)
        self.reading.sources.append(self.assist_marks.at_caret)
        self.reading.standing = self.status.told
        self._lay_out()
        self.panels = SidePanels(editor, self.views, self._sides, self.actions_, theme, self)
        self._fill_menus()
        self._state_timer = single_shot(self, self.refresh_state, STATE_DELAY)
        self.words = WordCount(editor, self)
        self.words.counted.connect(self._on_counted)
        self.words.changed.connect(self._show_length)
        self._commands = WindowCommands(self.actions_, editor, self.views, finding, self.reading, self.refresh_state)
        self.looks = CopyingLooks(editor, self.notices, self.actions_)
        parts = WindowParts(self, self._parts)
        self._commands.connect_parts(inserting, self._links, self.looks, self.toolbar, parts)
        self.actions_.font_menu_opening.connect(self._fill_fonts)
        self._connect_page()
        self.views.draft_comes.connect(self.panels.follow_view)
        self.views.shown.connect(self._on_view)
        self.views.state_changed.connect(self.refresh_state)
        self._connect_view()
        self._connect_status()
        self.refresh_state()
        self.words.begin()
        resize_on_screen(self, QSize(1180, 860))
        self.editor.setFocus()

    @property
    def theme(self) -> Theme:
        """How it looks."""
        return self._theme

    @property
    def zoom(self) -> float:
        """Factor on the writing size."""
        return ZOOMS[self._zoom]

    def show_title(self, title: str) -> None:
        """Names the window."""
        self.views.title.show_title(title)
        self.setWindowTitle(f"{title} — cowrite")

    def show_read_only(self, reason: str, *, suggests: bool = False, comments: bool = False) -> None:
        """Lets the person read only, and says why in a sentence; an empty one lets them write.

        Args:
            reason: the sentence.
            suggests: whether they may write on the page all the same, where all that they write is suggested.
            comments: whether they may comment.
        """
        on = bool(reason) and not suggests
        if on and self.isActiveWindow():  # the input method is at work there alone
            QGuiApplication.inputMethod().reset()  # what is being composed would otherwise still arrive
            QCoreApplication.sendEvent(self.editor, QInputMethodEvent())  # some input methods leave it in sight
        self.editor.footnotes.show_read_only(on)
        self.editor.setReadOnly(on)
        self.editor.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
            if on
            else Qt.TextInteractionFlag.TextEditorInteraction
        )
        self._rights = reason
        self._read_only = reason if on else ""
        self._may_comment = comments
        self._show_badge()
        self.actions_.show_read_only(self._read_only)
        self.toolbar.show_read_only(self._read_only)
        self.views.show_read_only(reason)
        self.panels.show_read_only(self._read_only, reason)
        self._images.follow()
        self.refresh_state()

    def show_suggesting(self, on: bool) -> None:
        """Shows whether what the person writes is suggested."""
        self._suggests = on
        self._show_badge()

    def _show_badge(self) -> None:
        if self._read_only:
            self.status.show_badge("Comment only" if self._may_comment else "View only", self._read_only)
        elif self._suggests:
            self.status.show_badge("Suggesting", self._rights or SUGGESTING)
        else:
            self.status.show_badge("", "")

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        self._theme = theme
        for part in (self.toolbar, self.views, self.panels, self._images):
            part.show_theme(theme)
        self._show_page()
        self.theme_changed.emit(theme)

    def refresh_state(self) -> None:
        """Brings toolbar and menus up to what holds at the caret, or in the view that is shown."""
        view = self.views.current
        if view is not None:
            self.actions_.show_view_state(view.can_undo(), view.can_redo(), read_only=view.read_only)
            self.assist_marks.refresh()
            return
        card = self.editor.footnotes.field
        state = self.editor.formatting.state() if card is None else card.words.state()
        self.actions_.show_state(state)
        self.toolbar.show_state(state)
        self.assist_marks.refresh()

    def _show_length(self, length: Length, selected: Length) -> None:
        self.status.show_length(length, selected, leaves_footnotes=self.editor.footnotes.are_shown)

    def _leave_notices(self) -> None:
        self.views.take_keyboard()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks the application whether the window may close."""
        if self._is_closed:  # the system tells of every press of its button, also of those while it was closing
            return
        if not self.may_close():
            event.ignore()
            return
        self._is_closed = True
        self.closing.emit()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, where nothing else takes it, shows everything again, then leaves the whole screen; any other key is
        known by its place."""
        alone = next((id for id in ("focus_mode", "full_screen") if self.actions_[id].isChecked()), "")
        if event.key() == Qt.Key.Key_Escape and alone:
            self.actions_[alone].trigger()
        elif (action := self.actions_.by_place(event)) is not None:
            action.trigger()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, Qt's names
        """Goes from part to part, and within each as one reads."""
        from cowrite.gui.keyboard.reading_order import ReadingOrder

        for column in self.findChildren(ReadingOrder):
            column.put_in_order()
        return super().focusNextPrevChild(next)

    def changeEvent(self, event: QEvent) -> None:
        """Tells when the window comes into use or goes out of it."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self.activated.emit(self.isActiveWindow())

    def _lay_out(self) -> None:
        whole = QWidget()
        self.setCentralWidget(whole)  # while it is empty: what goes into another is dressed anew with all that it holds
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.views.head, self.toolbar, self.notices, self.find_bar):
            column.addWidget(part)
        self._sides = Sides(self.views, self.people, whole)
        self._sides.left.connect(self.views.take_keyboard)
        self.people.left.connect(self.views.take_keyboard)
        column.addWidget(self._sides, 1)
        column.addWidget(self.status)
        self.offer = Offer(column, self.views.take_keyboard)
        self.actions_["show_assistant"].toggled.connect(self.offer.show_panel)

    def _fill_menus(self) -> None:
        MenuKey(self, self.menuBar())
        # The window's own: `setMenuBar` has PySide make another one before, which is empty and stays for good.
        self.actions_.fill(self.menuBar())
        self.addActions(self.actions_.all())
        # On the page alone: fields and cards have a Ctrl+Enter of their own.
        self.actions_["page_break"].setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.editor.addAction(self.actions_["page_break"])
        for name in ("show_toolbar", "show_people", "show_assists"):
            self.actions_[name].setChecked(True)
        self.actions_["assistant_stop"].setEnabled(False)

    def _parts(self) -> list[QWidget]:
        """All that takes the keyboard, as one reads."""
        around = (self.views.head, self.toolbar, self.find_bar, self.notices, self.views)
        offer = [] if self.offer.question is None else [self.offer.question]
        return [*around, *self._sides.all(), *offer, self.status]

    def _fill_fonts(self, menu: QMenu) -> None:
        from cowrite.gui.window.font_menu import fill  # needed by this menu only

        fill(menu, self.editor, self.actions_, self._theme.typography)

    def _connect_page(self) -> None:
        editor, formatting = self.editor, self.editor.formatting
        self.toolbar.colour_chosen.connect(lambda colour: formatting.set_inline("color", colour))
        self.toolbar.highlight_chosen.connect(lambda colour: formatting.set_inline("background", colour))
        self.toolbar.table_chosen.connect(editor.tables.insert)
        self.toolbar.left.connect(editor.setFocus)
        editor.caret_moved.connect(self._state_timer.start)
        editor.footnotes.card_changed.connect(self._follow_card)
        editor.customContextMenuRequested.connect(self.page_menu.show_at)

    def _follow_card(self) -> None:
        """The card of a footnote has been opened or closed."""
        card = self.editor.footnotes.field
        if card is not None:
            card.words.cursorPositionChanged.connect(self._state_timer.start)
            card.words.currentCharFormatChanged.connect(lambda _format: self._state_timer.start())
        self.refresh_state()

    def _on_view(self, name: str) -> None:
        self.actions_.show_view(name)
        self._show_toolbar()
        self.panels.follow_view()
        if self.find_bar.isVisible():
            self.find_bar.close_bar()
        self.refresh_state()

    def _show_toolbar(self) -> None:
        wanted = self.actions_["show_toolbar"].isChecked() and not self.actions_["focus_mode"].isChecked()
        self.toolbar.setVisible(wanted and self.views.name == DRAFT)

    def _connect_view(self) -> None:
        self.actions_["show_toolbar"].toggled.connect(lambda _on: self._show_toolbar())
        self.actions_["show_people"].toggled.connect(self._sides.show_people)
        self.actions_["show_assists"].toggled.connect(self._show_assists)
        self.actions_["focus_mode"].toggled.connect(self._set_focus_mode)
        self.actions_["full_screen"].toggled.connect(self._fill_screen)
        self.actions_["typewriter"].toggled.connect(self.editor.typewriter.switch)
        self.editor.zoom_wanted.connect(lambda steps: self.set_zoom(self._zoom + steps))
        self._commands.on("zoom_in", lambda: self.set_zoom(self._zoom + 1))
        self._commands.on("zoom_out", lambda: self.set_zoom(self._zoom - 1))
        self._commands.on("zoom_reset", lambda: self.set_zoom(ZOOMS.index(1.0)))

    def _connect_status(self) -> None:
        stop = self.actions_["assistant_stop"]
        self.status.place_activated.connect(self.actions_["models"].trigger)
        self.status.stop_requested.connect(stop.trigger)
        self.status.whole_requested.connect(self.actions_["focus_mode"].trigger)
        self.status.goals_requested.connect(self.actions_["word_goals"].trigger)
        stop.enabledChanged.connect(self.status.show_running)

    def _show_assists(self, on: bool) -> None:
        self.editor.formats.shows_assists = on
        if self.editor.formats.has_marks:
            self._show_page()
            self.assist_marks.refresh()

    def _fill_screen(self, on: bool) -> None:
        """Uses the whole screen, or is again as large as before; Qt's `showNormal` forgets that it was maximised."""
        state, full = self.windowState(), Qt.WindowState.WindowFullScreen
        self.setWindowState(state | full if on else state & ~full)

    def _set_focus_mode(self, on: bool) -> None:
        self._show_toolbar()
        self.views.head.setVisible(not on)
        self._sides.show_focus(on)
        self.offer.show_focus(on)
        self.menuBar().setVisible(not on)
        self.status.show_focus(on)

    def set_zoom(self, place: int) -> None:
        """Shows the text as large as a place in ZOOMS says."""
        place = max(0, min(place, len(ZOOMS) - 1))
        if place != self._zoom:
            self._zoom = place
            self._show_page()
            say(self.editor, f"{round(100 * self.zoom)} %")

    def _show_page(self) -> None:
        self.editor.show_theme(self._theme, self.zoom)
        self.views.show_zoom(self.zoom)

    def _on_counted(self) -> None:
        self.assist_marks.refresh()
        self._links.refresh()
        self._images.refresh()
