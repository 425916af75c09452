// A short sound when an answer comes and nobody looks, in one of several tabs; made here, nothing is loaded.

const quietKey = `${prefix}quiet`;
let audio = null;

function ring() {
  if (stored(quietKey) || !audio || (host.open && !document.hidden && document.hasFocus())) return;
  if (!navigator.locks) return play();
  navigator.locks.request(`${prefix}ring`, { ifAvailable: true }, (lock) => lock && (play(), new Promise((done) => setTimeout(done, 1000))))
    .catch(play);
}

function play() {
  for (const [after, pitch] of [[0, 660], [0.12, 880]]) {
    const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
    const at = audio.currentTime + after;
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.08, at);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.25);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.25);
  }
}

// Browsers allow it only after a hand has done something here.
addEventListener("pointerdown", () => (audio ??= new AudioContext()), { once: true });
addEventListener("keydown", () => (audio ??= new AudioContext()), { once: true });
