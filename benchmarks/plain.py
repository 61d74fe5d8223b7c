"""The yardstick of a screen's program: opens SDL's dummy screen, shows one line, says when, and waits for a touch."""

from __future__ import annotations

import os
import time

os.environ.update(SDL_VIDEODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")

import pygame

__all__ = ["main"]

_SIZE_PX = (1280, 800)
_LETTERS_PX = 48
_WAIT_MS = 500


def main() -> None:
    """Say the monotonic second of the first frame, then be at rest as pygame's own documentation does it."""
    pygame.display.init()
    pygame.font.init()
    surface = pygame.display.set_mode(_SIZE_PX)
    line = pygame.font.Font(None, _LETTERS_PX).render("Bonjour", True, (255, 255, 255))
    surface.blit(line, line.get_rect(center=surface.get_rect().center))
    pygame.display.flip()
    print(time.monotonic(), flush=True)
    while pygame.event.wait(_WAIT_MS).type != pygame.QUIT:
        pass


if __name__ == "__main__":
    main()
