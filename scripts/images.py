"""Draws docs/images anew from the running demo: `python -m scripts.images`.

workbench.png   the workbench with two doctors on duty, each with a patient, seen in headless Chromium
slip.png        the paper that the last patient holds

Before that every page of the kiosk: see `scripts.kiosk_images`.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from pathlib import Path

import uvicorn
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from borne.demo.mosquitto import find_mosquitto
from borne.demo.ports import HOST, free_port
from borne.demo.stage import Pace, Stage, build, children
from borne.demo.supervisor import Supervisor
from borne.demo.visitor import Visitor
from borne.demo.workbench import make_app
from borne.demo.workbench.bench import draw_slip
from core.room.ids import ServiceId
from firmware.drivers.control import ControlClient
from scripts.kiosk_images import draw_kiosk

_ROOT = Path(__file__).resolve().parents[1]
_IMAGES = _ROOT / "docs" / "images"
_SIZE_PX = (1600, 1190)
_PATIENTS = 4
_START_MS = 1_768_239_000_000
"""Monday, 12 January 2026, 18:30 in Paris."""
_OPEN_S = 60.0
_SETTLED_S = 2.5
"""The lamp's answer is over, the last frame is there."""
_FORECAST_S = 3.0
"""The forecast knows of those who came on duty, and the kiosk says so."""


def main() -> None:
    """Draw the kiosk's pages, play a short scene and take its pictures."""
    _IMAGES.mkdir(parents=True, exist_ok=True)
    draw_kiosk(_IMAGES)
    port = free_port()
    now_ms = time.time_ns() // 1_000_000
    pace = Pace(origin_ms=now_ms, start_ms=_START_MS)
    with tempfile.TemporaryDirectory() as folder:
        url = f"http://{HOST}:{port}"
        stage = build(Path(folder), pace, is_equipped=True, public_url=url, opened_ms=_START_MS - 5_400_000)
        with Supervisor(children(stage, find_mosquitto(_ROOT / ".tools")), stage.logs):
            server = uvicorn.Server(uvicorn.Config(make_app(stage), host=HOST, port=port, log_level="warning"))
            threading.Thread(target=server.run, name="workbench", daemon=True).start()
            visitor = _visitor(stage)
            _press_in_every_room(stage)
            time.sleep(_FORECAST_S)
            for _ in range(_PATIENTS):
                visitor.take_ticket(ServiceId(stage.site.services[0].id))
            _photograph(f"{url}/bench", stage)
            draw_slip(stage.slips / f"{_PATIENTS:04}.bin").save(_IMAGES / "slip.png", optimize=True)
            server.should_exit = True


def _visitor(stage: Stage) -> Visitor:
    """Somebody before the kiosk, once it is open."""
    visitor = Visitor(stage.site, ControlClient(stage.control("kiosk")), size_px=stage.kiosk_px)
    deadline_s = time.monotonic() + _OPEN_S
    while not visitor.is_open() and time.monotonic() < deadline_s:
        time.sleep(0.1)
    return visitor


def _press_in_every_room(stage: Stage) -> None:
    for room in stage.rooms:
        ControlClient(stage.control(room)).call("gpio", "tap")
    time.sleep(_SETTLED_S)


def _photograph(address: str, stage: Stage) -> None:
    browser = _browser()
    try:
        browser.get(address)
        slips = (By.CSS_SELECTOR, "#slips button")
        WebDriverWait(browser, 10).until(lambda seen: len(seen.find_elements(*slips)) > 2)
        browser.find_elements(*slips)[2].click()  # the second patient, soon called
        _press_in_every_room(stage)
        browser.save_screenshot(str(_IMAGES / "workbench.png"))
    finally:
        browser.quit()


def _browser() -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    # The sandbox needs user namespaces, which containers often lack; only our own pages are opened.
    for argument in ("--headless=new", "--no-sandbox", "--hide-scrollbars"):
        options.add_argument(argument)
    # Named, so that Selenium does not look for one on the internet.
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    browser = webdriver.Chrome(options=options, service=service)
    # Not by the size of the window, which headless Chromium takes on some time later.
    size = {"width": _SIZE_PX[0], "height": _SIZE_PX[1], "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    return browser


if __name__ == "__main__":
    main()
