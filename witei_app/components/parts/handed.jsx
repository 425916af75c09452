// Secrets that are shown once: the page's state has only a ticket, which is redeemed here and kept nowhere else.
import { useEffect, useState } from "react";
import { CopyButton } from "./copy.jsx";

function useHanded(ticket, kind) {
  const [given, setGiven] = useState({});
  useEffect(() => {
    let isCurrent = true;
    setGiven({});
    fetch("/handed", {
      method: "POST",
      headers: { "X-Requested-With": "witei" },
      body: new URLSearchParams({ ticket, as: kind }),
    })
      .then((answer) => answer.json())
      .catch(() => ({}))
      .then((said) => isCurrent && setGiven(said));
    return () => {
      isCurrent = false;
    };
  }, [ticket, kind]);
  return given;
}

export function HandedLine({ ticket, label, word, doneWord }) {
  const { secrets, error } = useHanded(ticket, "text");
  if (error) return <p role="alert" className="fault">{error}</p>;
  return (
    <div className="copy-line handed">
      {secrets && <code>{secrets[0]}</code>}
      {secrets && <CopyButton text={secrets[0]} label={label} word={word} doneWord={doneWord} className="button" />}
    </div>
  );
}

export function HandedList({ ticket, label }) {
  const { secrets, error } = useHanded(ticket, "text");
  if (error) return <p role="alert" className="fault">{error}</p>;
  return <ul className="codes" aria-label={label}>{secrets?.map((one) => <li key={one}>{one}</li>)}</ul>;
}

export function HandedPicture({ ticket, label }) {
  const { picture } = useHanded(ticket, "picture");
  // The picture is drawn by our own server from the secret alone.
  return <div className="qr" role="img" aria-label={label} dangerouslySetInnerHTML={{ __html: picture ?? "" }} />;
}
