"""A program of its own, run by :mod:`.speech`: text from standard input becomes an MP3 file, by eSpeak NG.

The engine is not safe among threads and may take its time on a long text, so it gets a process with a low priority, an
end to its CPU time, and nothing of the application in it.
"""

import ctypes
import os
import resource
import sys
from typing import Any

#: What a reading depends on besides its text; part of the name a reading is kept under.
VOICE, WORDS_A_MINUTE, BITS = "cmn", 150, 24
CPU_SECONDS = 90

_SYNCHRONOUS, _UTF8, _RATE = 2, 1, 1
_Heard = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


def main() -> int:
    """``speak.py FILE``: write the reading of standard input to FILE; 1 when the engine refuses."""
    import espeakng_loader
    import lameenc

    os.nice(15)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    engine = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = engine.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    if rate <= 0 or engine.espeak_SetVoiceByName(VOICE.encode()) != 0:
        return 1
    engine.espeak_SetParameter(_RATE, WORDS_A_MINUTE, 0)
    encoder = lameenc.Encoder()
    encoder.set_in_sample_rate(rate)
    encoder.set_channels(1)
    encoder.set_bit_rate(BITS)
    encoder.set_quality(7)
    with open(sys.argv[1], "wb") as file:

        def heard(samples: Any, count: int, events: Any) -> int:
            if samples and count > 0:
                file.write(encoder.encode(ctypes.string_at(samples, 2 * count)))
            return 0

        callback = _Heard(heard)
        engine.espeak_SetSynthCallback(callback)
        text = sys.stdin.buffer.read()
        refused: int = engine.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8, None, None)
        file.write(encoder.flush())
    return int(refused != 0)


if __name__ == "__main__":
    sys.exit(main())
