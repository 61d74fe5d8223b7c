"""Words made sound: clips from the disk, made once at build or recorded by a person, and espeak-ng for the rest.

What is read is looked for whole. Without such a clip espeak-ng reads it (10 ms for five seconds of speech, measured).
Where there is no espeak-ng it is put together from clips of its pieces: words between two numbers, numbers, single
letters. That is understood, but the voice falls at each piece.

A clip lies at `{language}/{hash of pace and text}.wav`, 16 bits, mono, 22050 Hz, which is espeak-ng's own form.

Rule: samples are little-endian 16-bit integers, `RATE` of them in a second.
"""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import subprocess
import sys
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from core.edge.language import Language
from firmware.drivers.errors import SpeechAbsent
from firmware.drivers.sound.port import Words

__all__ = ["CLIPS", "ESPEAK", "RATE", "Speech", "clip_path", "pieces", "synthesized"]

_log = logging.getLogger(__name__)

RATE = 22_050
CLIPS = Path(sys.prefix, "share", "borne", "clips")
"""Beside the program, where `make clips` and the image put them."""
ESPEAK = "espeak-ng"

_VOICES: dict[Language, str] = {"fr": "fr-fr", "en": "en-gb", "es": "es", "ar": "ar"}
_WORDS_PER_MINUTE = {False: 150, True: 110}
"""By whether it is slow; espeak-ng's own 175 is too fast for old ears."""
_SYNTHESIS_S = 5.0
_HEADER = 44
"""Bytes before the samples in what espeak-ng writes to a pipe; the lengths in it are not true."""
_LETTER = r"(?<![\w’'-])[A-Z](?![\w’'-])"
_PIECE = re.compile(rf"\d+|{_LETTER}|(?:(?!{_LETTER})[^\d.,;:!?¿¡…«»“”()،؛؟])+")


def clip_path(folder: Path, words: Words) -> Path:
    """Where the clip of these words lies, if there is one."""
    key = hashlib.sha256(f"{_WORDS_PER_MINUTE[words.is_slow]} {words.text}".encode()).hexdigest()
    return folder / words.language / f"{key[:16]}.wav"


def pieces(words: Words) -> list[Words]:
    """Numbers, single letters, and what stands between them, without signs of punctuation."""
    found = (piece.strip() for piece in _PIECE.findall(words.text))
    return [replace(words, text=piece) for piece in found if re.search(r"\w", piece)]


def synthesized(words: Words) -> bytes:
    """What espeak-ng makes of them.

    Raises:
        SpeechAbsent: it is not there, fails, or takes too long.
    """
    pace = str(_WORDS_PER_MINUTE[words.is_slow])
    how = ["-z", "-b", "1", "-s", pace, "-v", _VOICES[words.language]]
    try:
        made = subprocess.run(
            [ESPEAK, *how, "--stdin", "--stdout"],
            input=words.text.encode(),
            capture_output=True,
            timeout=_SYNTHESIS_S,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise SpeechAbsent(f"espeak-ng cannot read {words.text!r} ({error}); install espeak-ng") from error
    return made[_HEADER : len(made) // 2 * 2]  # half a sample at the end (seen once) would make noise of what follows


class Speech:
    """The voice of one loudspeaker."""

    def __init__(self, clips: Path = CLIPS) -> None:
        self._clips = clips
        self._has_espeak = shutil.which(ESPEAK) is not None

    @property
    def fault(self) -> SpeechAbsent | None:
        """That nothing can be said at all."""
        if self._has_espeak or any(self._clips.glob("*/*.wav")):
            return None
        return SpeechAbsent(f"neither espeak-ng nor clips in {self._clips}: install espeak-ng")

    def samples(self, words: Words) -> Iterator[bytes]:
        """What is heard of them, in parts.

        Raises:
            SpeechAbsent: there is neither a clip of each piece nor espeak-ng.
        """
        whole = self._clip(words)
        if whole is not None:
            yield whole
        elif self._has_espeak:
            yield synthesized(words)
        else:
            for piece in pieces(words):
                clip = self._clip(piece)
                if clip is None:
                    raise SpeechAbsent(f"no clip says {piece.text!r} ({piece.language}): install espeak-ng")
                yield clip

    def _clip(self, words: Words) -> bytes | None:
        path = clip_path(self._clips, words)
        try:
            with wave.open(str(path)) as clip:
                if (clip.getnchannels(), clip.getsampwidth(), clip.getframerate()) == (1, 2, RATE):
                    samples: bytes = clip.readframes(clip.getnframes())
                    return samples
        except FileNotFoundError:
            return None
        except (OSError, EOFError, wave.Error) as error:
            _log.warning("%s: cannot be read (%s)", path, error)
            return None
        _log.warning("%s: is not mono with 16 bits at %d Hz", path, RATE)
        return None
