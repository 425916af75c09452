// The pictures of a thread, large: attached ones and those inside of mails. Only what came from this server is shown.
import { useEffect, useRef, useState } from "react";

const OPEN_PICTURE = "open-picture"; // a mail's frame tells of a click on a picture in it
const SHOWN = ".log a.picture img, .log .prose img";
const SMALLEST = 32; // a smaller one is a sign or a spacer

const isOurs = (picture) => new URL(picture.src, location.href).origin === location.origin;
const isLarge = (picture) => !picture.naturalWidth || picture.naturalWidth >= SMALLEST;

function all() {
  const places = [...document.querySelectorAll(`${SHOWN}, .log iframe.frame`)];
  const found = places.flatMap((place) =>
    place.tagName === "IFRAME" ? [...(place.contentDocument?.querySelectorAll("img") ?? [])] : [place],
  );
  return found.filter((picture) => picture.src && isOurs(picture) && isLarge(picture));
}

export function PictureViewer({ labels }) {
  const dialog = useRef(null);
  const [pictures, setPictures] = useState([]);
  const [at, setAt] = useState(0);
  const [failed, setFailed] = useState("");
  const opener = useRef(null);

  useEffect(() => {
    const show = (picture) => {
      const found = all();
      const place = found.indexOf(picture);
      if (place < 0) return false;
      setPictures(found.map(({ src, alt }) => ({ src, alt })));
      setAt(place);
      opener.current = picture.closest("a") ?? picture;
      dialog.current.showModal();
      return true;
    };
    const onClick = (event) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
      const link = event.target.closest?.(".log a.picture");
      const picture = link ? link.querySelector("img") : event.target.closest?.(".log .prose img");
      if (picture && show(picture)) event.preventDefault();
    };
    const onTold = (event) => show(event.detail);
    document.addEventListener("click", onClick);
    window.addEventListener(OPEN_PICTURE, onTold);
    return () => {
      document.removeEventListener("click", onClick);
      window.removeEventListener(OPEN_PICTURE, onTold);
    };
  }, []);

  const picture = pictures[at];
  const go = (by) => setAt((at + by + pictures.length) % pictures.length);
  const onKeyDown = (event) => {
    if (event.key === "ArrowRight") go(1);
    else if (event.key === "ArrowLeft") go(-1);
    else return;
    event.preventDefault();
  };
  const onMouseDown = (event) => ["DIALOG", "FIGURE"].includes(event.target.tagName) && dialog.current.close();
  const onClose = () => { // a picture inside of a mail is out of the browser's own reach
    opener.current?.ownerDocument.defaultView?.focus();
    opener.current?.focus({ preventScroll: true });
    setPictures([]);
  };
  const sign = (name) => <svg className="icon" aria-hidden="true"><use href={`/icons.svg#${name}`} /></svg>;
  const button = (label, name, onClick) => (
    <button type="button" className="button quiet square" aria-label={label} title={label} onClick={onClick}>{sign(name)}</button>
  );
  return (
    <dialog ref={dialog} className="viewer" aria-label={labels.viewer} onKeyDown={onKeyDown} onMouseDown={onMouseDown}
      onClose={onClose}>
      {picture && (
        <>
          <header>
            <span className="cut" role="status">{picture.alt} {pictures.length > 1 && `(${at + 1}/${pictures.length})`}</span>
            <span className="push" />
            {pictures.length > 1 && button(labels.before, "back", () => go(-1))}
            {pictures.length > 1 && button(labels.after, "forward", () => go(1))}
            <a className="button quiet square" href={picture.src} download={picture.alt || true} aria-label={labels.download} title={labels.download}>{sign("download")}</a>
            {button(labels.close, "close", () => dialog.current.close())}
          </header>
          <figure>
            {failed === picture.src
              ? <p>{labels.broken}</p>
              : <img src={picture.src} alt={picture.alt} onError={() => setFailed(picture.src)} />}
          </figure>
        </>
      )}
    </dialog>
  );
}
