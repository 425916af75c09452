// One file, chosen or dropped, on its way to an endpoint: XMLHttpRequest, because fetch does not tell how far it is.
import { useState } from "react";

function post(url, file, fields, onProgress) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields ?? {})) form.append(name, value);
    form.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-Requested-With", "witei");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? Math.floor((loaded / total) * 100) : 0);
    request.onload = () => resolve(request.response ?? {});
    request.onerror = reject;
    request.send(form);
  });
}

export function FilePost({ url, fields, accept, label, hint, failedLabel, sendingLabel, onDone }) {
  const [percent, setPercent] = useState(null);
  const [fault, setFault] = useState("");
  const [isOver, setOver] = useState(false);
  const take = async (file) => {
    if (!file || percent !== null) return;
    setFault("");
    setPercent(0);
    try {
      const { href, error } = await post(url, file, fields, setPercent);
      if (href) onDone?.(href);
      else setFault(error ?? failedLabel);
    } catch {
      setFault(failedLabel);
    }
    setPercent(null);
  };
  const onChange = (event) => {
    take(event.target.files[0]);
    event.target.value = "";
  };
  const onDrop = (event) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const onDragOver = (event) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <div>
      <div className={`file-post ${isOver ? "over" : ""}`} onDragOver={onDragOver} onDragLeave={() => setOver(false)}
        onDrop={onDrop}>
        <svg className="icon" aria-hidden="true"><use href="/icons.svg#file" /></svg>
        <b>{label}</b>
        <small>{hint}</small>
        <input type="file" accept={accept} aria-label={label} disabled={percent !== null} onChange={onChange} />
        {percent !== null && <progress className="progress" value={percent} max={100} aria-label={sendingLabel} />}
      </div>
      {fault && <p role="alert" className="fault">{fault}</p>}
    </div>
  );
}
