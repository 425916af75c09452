// New messages, told where nobody looks at them: over another page of the app, by the system when the tab is hidden,
// and by a short sound. Nothing is asked of the browser before a click on the switch.
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

const SECONDS = 8;
const SOUND = "sound";

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
const permission = () => ("Notification" in window ? Notification.permission : "denied");

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

function tellBySystem(title, text, href, onClick) {
  // One tag for a conversation: several tabs, or several messages, are one notification.
  const note = new Notification(title, { body: text, tag: href, icon: "/favicon.svg" });
  note.onclick = () => {
    window.focus();
    onClick();
    note.close();
  };
}

export function Notifier({ number, title, text, href, openLabel }) {
  const navigate = useNavigate();
  const seen = useRef(number);
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    if (number === seen.current) return;
    seen.current = number;
    if (hasSound()) chime();
    if (document.hidden && permission() === "granted") tellBySystem(title, text, href, () => navigate(href));
    if (location.pathname.startsWith("/conversations")) return;
    setIsShown(true);
    const timer = setTimeout(() => setIsShown(false), SECONDS * 1000);
    return () => clearTimeout(timer);
  }, [number]);
  useEffect(() => {
    // The first touch of the page lets it make sounds later.
    const touched = () => hasSound() && (speaker ??= new AudioContext()).resume();
    addEventListener("pointerdown", touched, { once: true });
    return () => removeEventListener("pointerdown", touched);
  }, []);
  return (
    <div className="alerts" role="status">
      {isShown && (
        <a className="alert" href={href} onClick={(event) => { event.preventDefault(); setIsShown(false); navigate(href); }}>
          <span className="dot" aria-hidden="true" />
          <span><b className="cut">{title}</b><span className="cut">{text}</span></span>
          <span className="open">{openLabel}</span>
        </a>
      )}
    </div>
  );
}

export function NotifySwitches({ notifyLabel, soundLabel, blockedLabel, testTitle, testText }) {
  const [allowed, setAllowed] = useState("default");
  const [isLoud, setIsLoud] = useState(true);
  useEffect(() => {
    setAllowed(permission());
    setIsLoud(hasSound());
  }, []);
  const ask = async () => {
    if (!("Notification" in window)) return;
    const answer = await Notification.requestPermission();
    setAllowed(answer);
    if (answer === "granted") tellBySystem(testTitle, testText, "test", () => {});
  };
  const switchSound = () => {
    keep(SOUND, isLoud ? "off" : "on");
    setIsLoud(!isLoud);
    if (!isLoud) chime();
  };
  return (
    <>
      <button type="button" className="item" role="menuitemcheckbox" aria-checked={allowed === "granted"}
        disabled={allowed === "denied"} title={allowed === "denied" ? blockedLabel : undefined} onClick={ask}>
        {notifyLabel}
      </button>
      <button type="button" className="item" role="menuitemcheckbox" aria-checked={isLoud} onClick={switchSound}>
        {soundLabel}
      </button>
    </>
  );
}
