// Files: each goes up by itself, with progress; those of one choice are one message.

const uploads = $("uploads");
const { most, mb } = config.files ?? { most: 0 };

async function sendFiles(list) {
  const files = most ? [...list] : [];
  while (files.length) {
    const taken = [];
    for (const file of files.splice(0, most)) taken.push(...(await sendFile(file)));
    const about = answers();
    if (taken.length) say("", Object.keys(about).length ? about : undefined, taken);
  }
}

// What could not be sent stays there, to be tried again.
async function sendFile(file) {
  const line = uploads.appendChild(element("div"));
  const name = line.appendChild(element("span", "", texts.sending_file.replace("{name}", file.name)));
  const bar = line.appendChild(Object.assign(element("progress"), { max: 1, value: 0 }));
  const no = line.appendChild(button("×", () => leave(line)));
  no.setAttribute("aria-label", texts.cancel);
  uploads.hidden = false;
  try {
    if (file.size > mb * 1024 * 1024) throw new Error(texts.file_too_large.replace("{most}", mb));
    const taken = await upload(file, (part) => (bar.value = part), no);
    leave(line);
    return [taken];
  } catch (fault) {
    name.textContent = `${file.name}: ${fault.message || texts.file_failed}`;
    bar.replaceWith(button(texts.retry, () => (leave(line), sendFiles([file]))));
    return [];
  }
}

function leave(line) {
  line.remove();
  uploads.hidden = !uploads.childElementCount;
}

// XMLHttpRequest, because fetch does not tell how far it is.
function upload(file, onPart, no) {
  return new Promise((resolve, reject) => {
    const body = new FormData();
    body.append("token", stored(tokenKey) ?? "");
    body.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", `/embed/upload?key=${encodeURIComponent(key)}&lang=${lang}`);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onPart(total ? loaded / total : 0);
    request.onload = () => (request.response?.id ? resolve(request.response) : reject(new Error(request.response?.error)));
    request.onerror = request.onabort = () => reject(new Error());
    no.addEventListener("click", () => request.abort());
    request.send(body);
  });
}
