// What is new, told where nobody looks at it: over another page of the app, by the system when the tab is hidden, by a
// short sound. Nothing is asked of the browser before a click.
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

const SECONDS = 8;
const SOUND = "sound";
const USED_EVERY = 120_000; // how often it is said that somebody is here

const kept = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // storage is switched off: then the choice lasts as long as the page
  }
};
const keep = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {
    // as above
  }
};
const hasSound = () => kept(SOUND) !== "off";
const permission = () => ("Notification" in window ? Notification.permission : "unsupported");

let speaker = null;
function chime() {
  speaker ??= new AudioContext();
  if (speaker.state === "suspended") return; // browsers stay silent until the page was touched
  const start = speaker.currentTime;
  for (const [pitch, delay] of [[660, 0], [880, 0.09]]) {
    const tone = speaker.createOscillator();
    const volume = speaker.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.05, start + delay);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + delay + 0.25);
    tone.connect(volume).connect(speaker.destination);
    tone.start(start + delay);
    tone.stop(start + delay + 0.26);
  }
}

// Several tabs hear of the same thing: the first one sounds, and the others leave it at that for a moment.
function chimeOnce() {
  if (!navigator.locks) return chime(); // without TLS
  navigator.locks.request("chime", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    chime();
    await new Promise((done) => setTimeout(done, 1500));
  });
}

// Whoever has a tab of ours before their eyes is told there: no other tab, hidden or not, tells it again by the system.
const isLookedAt = () => document.visibilityState === "visible" && document.hasFocus();
const FRONT = "looked at";
let isFront = false;
let leave = () => {};
function keepFront() {
  if (!navigator.locks || isFront === isLookedAt()) return; // without TLS the system's notifications are none either
  isFront = !isFront;
  if (!isFront) return leave();
  navigator.locks.request(FRONT, { mode: "shared" }, () => new Promise((done) => {
    leave = done;
    if (!isFront) done(); // left again at once
  }));
}
const isAnyLookedAt = async () => (await navigator.locks.query()).held.some((lock) => lock.name === FRONT);

function tellBySystem(title, text, href, onClick) {
  // One tag for a conversation: several tabs, or several messages, are one notification.
  const note = new Notification(title, { body: text, tag: href, icon: "/favicon.svg" });
  note.onclick = () => {
    window.focus();
    onClick();
    note.close();
  };
}

export function Notifier({ number, title, text, href, ways, openLabel, isConnected, onArrive, onHere }) {
  const navigate = useNavigate();
  const seen = useRef(number);
  const wasConnected = useRef(isConnected);
  const [shown, setShown] = useState(null); // what is told over the page; something newer may be told in other ways only
  const timer = useRef(0);
  useEffect(() => {
    // What the page shows when it is loaded anew was told before.
    const isNews = wasConnected.current && number > seen.current; // a server that has begun anew counts from 0
    seen.current = number;
    if (!isNews) return;
    const chosen = ways.split(" ");
    if (chosen.includes("by_sound") && hasSound()) chimeOnce();
    if (chosen.includes("by_browser") && !isLookedAt() && permission() === "granted")
      isAnyLookedAt().then((isTold) => isTold || tellBySystem(title, text, href, () => navigate(href)));
    if (!chosen.includes("in_app") || location.pathname.startsWith("/conversations")) return;
    setShown({ title, text, href });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(null), SECONDS * 1000);
  }, [number]);

  // A page was opened, or the connection is back after a while: what was told meanwhile is read anew.
  useEffect(() => {
    wasConnected.current = isConnected;
    if (isConnected) onArrive?.();
  }, [isConnected]);

  useEffect(() => {
    // Focus that goes to a frame of the page leaves and comes back: what counts is where it is then.
    const onChange = () => setTimeout(keepFront);
    const changes = [[document, "visibilitychange"], [window, "focus"], [window, "blur"]];
    onChange();
    changes.forEach(([target, name]) => target.addEventListener(name, onChange));
    return () => changes.forEach(([target, name]) => target.removeEventListener(name, onChange));
  }, []);

  const tellHere = useRef(onHere);
  tellHere.current = onHere;
  useEffect(() => {
    let toldAt = -USED_EVERY;
    const used = () => {
      if (performance.now() - toldAt < USED_EVERY) return;
      toldAt = performance.now();
      tellHere.current?.();
    };
    // The first touch of the page lets it make sounds later.
    const touched = () => hasSound() && (speaker ??= new AudioContext()).resume();
    const uses = ["pointerdown", "keydown", "wheel", "touchstart"];
    uses.forEach((name) => addEventListener(name, used, { passive: true, capture: true }));
    addEventListener("pointerdown", touched, { once: true });
    return () => {
      uses.forEach((name) => removeEventListener(name, used, { capture: true }));
      removeEventListener("pointerdown", touched);
    };
  }, []);
  return (
    <div className="alerts" role="status">
      {shown && (
        <a className="alert" href={shown.href} onClick={(event) => { event.preventDefault(); setShown(null); navigate(shown.href); }}>
          <span className="dot" aria-hidden="true" />
          <span><b className="cut">{shown.title}</b><span className="cut">{shown.text}</span></span>
          <span className="open">{openLabel}</span>
        </a>
      )}
    </div>
  );
}

// Quiet on this computer, whatever the profile says: it concerns whoever sits in front of it.
export function MuteSwitch({ label, className }) {
  const [isLoud, setIsLoud] = useState(true);
  useEffect(() => {
    const read = () => setIsLoud(hasSound());
    read();
    addEventListener("storage", read); // switched in another tab
    return () => removeEventListener("storage", read);
  }, []);
  const change = () => {
    keep(SOUND, isLoud ? "off" : "on");
    setIsLoud(!isLoud);
    if (!isLoud) chime();
  };
  return (
    <label className={className}>
      <input type="checkbox" role="switch" className="toggle" checked={isLoud} onChange={change} />
      <span>{label}</span>
    </label>
  );
}

export function BrowserNoticeTest({ label, allowedText, askText, deniedText, unsupportedText, testTitle, testText }) {
  const [allowed, setAllowed] = useState("default");
  useEffect(() => setAllowed(permission()), []);
  const test = async () => {
    const answer = await Notification.requestPermission(); // asked on this click alone
    setAllowed(answer);
    if (answer === "granted") tellBySystem(testTitle, testText, "test", () => {});
  };
  const isPossible = allowed === "default" || allowed === "granted";
  const words = { granted: allowedText, default: askText, denied: deniedText, unsupported: unsupportedText }[allowed];
  return (
    <div className="notice-test">
      <button type="button" className="button" disabled={!isPossible} onClick={test}>{label}</button>
      <span className="quiet-line" role="status">{words}</span>
    </div>
  );
}
