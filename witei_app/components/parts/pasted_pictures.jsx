// The pictures in what is pasted. Some come along in the text itself; most are only named, on another site or on the disk
// of whoever copied them, where the page must not, or cannot, go.

const INLINE = /^data:image\/(png|jpeg|gif|webp);base64,(.*)$/s;
const SIGN = /^\p{Extended_Pictographic}/u; // Gmail and others write signs as pictures
const SPACER = 3; // pixels

const isSpacer = (picture) => ["width", "height"].some((side) => {
  const said = parseInt(picture.getAttribute(side) ?? picture.style[side], 10);
  return said < SPACER; // nothing said is no number
});

function asFile(picture, place, name) {
  const [, kind, content] = INLINE.exec(picture.getAttribute("src") ?? "") ?? [];
  if (!kind) return null;
  try {
    const bytes = Uint8Array.from(atob(content.replace(/\s/g, "")), (sign) => sign.charCodeAt(0));
    return new File([bytes], `${name} ${place + 1}.${kind === "jpeg" ? "jpg" : kind}`, { type: `image/${kind}` });
  } catch {
    return null; // damaged
  }
}

// `files`, named after `name`, and how many `others` there are.
export function pastedPictures(clipboard, name) {
  const page = new DOMParser().parseFromString(clipboard.getData("text/html"), "text/html");
  const pictures = [...page.images].filter((picture) => !SIGN.test(picture.alt) && !isSpacer(picture));
  const files = pictures.map((picture, place) => asFile(picture, place, name)).filter(Boolean);
  return { files, others: pictures.length - files.length };
}
