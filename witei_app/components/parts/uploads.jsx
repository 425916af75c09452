// Files on their way into a message: chosen, dropped or pasted, each with its progress.
import { useEffect, useRef, useState } from "react";
import { pastedPictures } from "./pasted_pictures.jsx";
import { hasWords } from "./safe_html.jsx";
import { Sign } from "./toolbar.jsx";

// XMLHttpRequest, because fetch does not tell how much is on its way.
function post(url, form, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-Requested-With", "witei");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? Math.floor((loaded / total) * 100) : 0);
    request.onload = () => resolve({ ok: request.status < 300, result: request.response ?? {} });
    request.onerror = reject;
    request.send(form);
  });
}

// Files may be dropped anywhere on the thread, or in the dialog, that the text is written in.
function useDrops(place, heard) {
  const latest = useRef(heard);
  latest.current = heard;
  useEffect(() => {
    const pane = place.current.closest(".thread, dialog") ?? place.current;
    const hear = (event) => latest.current[event.type](event);
    const names = Object.keys(latest.current);
    names.forEach((name) => pane.addEventListener(name, hear));
    return () => names.forEach((name) => pane.removeEventListener(name, hear));
  }, []);
}

// `id` is the conversation that is shown: files are of the one that they were meant for, whatever is opened meanwhile.
export function useUploads({ place, id, url, mostMb, labels, onAttached }) {
  const [all, setAll] = useState([]);
  const [faults, setFaults] = useState([]);
  const [isOver, setOver] = useState(false);

  const tooLarge = (file) => labels.tooLarge.replace("{most}", mostMb).replace("{name}", () => file.name);
  const failed = (file) => labels.uploadFailed.replace("{name}", () => file.name);
  const uploadOne = async (file) => {
    const fail = (words) => setFaults((others) => [...others, { id, words }]);
    if (mostMb && file.size > mostMb * 1024 * 1024) return fail(tooLarge(file));
    const turn = {};
    const show = (percent) =>
      setAll((others) => [...others.filter((one) => one.turn !== turn), { turn, id, name: file.name, percent }]);
    show(0);
    try {
      const form = new FormData();
      form.append("conversation", id ?? "");
      form.append("file", file);
      const { ok, result } = await post(url, form, show);
      if (ok) onAttached?.(result.id);
      else fail(result.error ?? failed(file));
    } catch {
      fail(failed(file));
    }
    setAll((others) => others.filter((one) => one.turn !== turn));
  };

  const forget = () => setFaults((others) => others.filter((one) => one.id !== id));
  const upload = async (files) => {
    forget();
    for (const file of files) await uploadOne(file);
  };

  const onDrag = (event) => {
    if (!url || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(event.type === "dragover" || event.currentTarget.contains(event.relatedTarget));
  };

  const onDrop = (event) => {
    setOver(false);
    if (!url || !event.dataTransfer.files.length) return;
    event.preventDefault();
    upload([...event.dataTransfer.files]);
  };
  useDrops(place, { dragover: onDrag, dragleave: onDrag, drop: onDrop });

  // Whether it was files that were pasted: a text's picture of itself is none. A picture that was copied from a page comes
  // with HTML, too, which only names it.
  const tookFiles = (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length || !url || hasWords(event.clipboardData.getData("text/html"))) return false;
    event.preventDefault();
    event.stopPropagation();
    upload(files);
    return true;
  };

  // Pictures inside of what is pasted: those that came along become files, of the others it is said.
  const tookPictures = ({ clipboardData }) => {
    const { files, others } = pastedPictures(clipboardData, labels.picture);
    const alone = hasWords(clipboardData.getData("text/html")) ? 0 : clipboardData.files.length; // a text's picture of itself is none
    const left = others + (url ? 0 : files.length + alone);
    forget();
    if (url && files.length) upload(files);
    if (left) setFaults((known) => [...known, { id, words: url ? labels.picturesElsewhere : labels.noPictures }]);
  };

  const ofThis = (others) => others.filter((one) => one.id === id);
  return { upload, tookFiles, tookPictures, forget, isOver, onTheirWay: ofThis(all), faults: ofThis(faults) };
}

export function Uploads({ onTheirWay, faults, labels }) {
  return (
    <>
      {onTheirWay.length > 0 && (
        <div className="files" role="status">
          {onTheirWay.map(({ name, percent }, place) => (
            <span className="file" key={place}>
              <Sign name="clip" /><span className="cut">{labels.uploading} {name}</span>
              <progress max="100" value={percent} aria-label={name} />
            </span>
          ))}
        </div>
      )}
      {faults.length > 0 && (
        <div className="files" role="alert">
          {faults.map(({ words }, place) => <span className="chip failed" key={place}>{words}</span>)}
        </div>
      )}
    </>
  );
}
