"""A real headless Chromium, driven by its own driver, which goes nowhere but to this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

__all__ = ["Phone", "open_phone"]

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=390,844",
)
_LIMIT_S = 20


class Phone:
    """A page on a phone."""

    def __init__(self, chrome: Chrome) -> None:
        self._chrome = chrome

    def open(self, address: str) -> None:
        self._chrome.get(address)

    @property
    def text(self) -> str:
        """What a person reads on the page now; nothing between two pages."""
        try:
            return self._chrome.find_element(By.TAG_NAME, "body").text
        except (NoSuchElementException, StaleElementReferenceException):
            return ""

    def follow(self, link: str) -> None:
        """Touch a link by its words."""
        self._chrome.find_element(By.LINK_TEXT, link).click()

    def touch_the_button(self) -> None:
        """Touch the first one on the page."""
        self._chrome.find_element(By.TAG_NAME, "button").click()

    def refuse_scripts(self) -> None:
        self._chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})

    def was_reloaded(self) -> bool:
        """Whether the page was loaded more than once since `mark`."""
        return not self._chrome.execute_script("return window.marked === true")

    def mark(self) -> None:
        self._chrome.execute_script("window.marked = true")


@contextmanager
def open_phone(folder: Path) -> Iterator[Phone]:
    """
    Args:
        folder: of the browser's profile; a new one.
    """
    options = ChromeOptions()
    options.binary_location = _program("chromium")
    for flag in (*_FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    chrome = Chrome(options, Service(_program("chromedriver")))
    try:
        chrome.set_page_load_timeout(_LIMIT_S)
        yield Phone(chrome)
    finally:
        chrome.quit()


def _program(name: str) -> str:
    found = shutil.which(name, path="/usr/bin:/usr/local/bin")
    assert found, f"{name} is missing: run the tests with make test, which installs it"
    return found
