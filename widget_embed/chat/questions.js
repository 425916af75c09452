// What is asked of the visitor: first what the agency wants to know, later an address to answer to.

const asking = $("ask");
let asked = ""; // what stands there: "", "form" or one of the texts that ask for an address
let isKnown = false; // we have an address
let isAway = false;
let isRatingAsked = false;
let isRated = false; // here, and the server has not said yet that it knows

function field(name, type, autocomplete, isRequired) {
  const label = element("label", "", texts[`ask_${name}`] + (isRequired ? "" : ` (${texts.optional})`));
  const input = label.appendChild(element("input"));
  Object.assign(input, { name, type, autocomplete, required: isRequired, maxLength: 120, dir: "auto" });
  input.setAttribute("form", "write");
  return label;
}

const TYPES = { name: ["text", "name"], email: ["email", "email"], phone: ["tel", "tel"] };

function formFields() {
  const wanted = Object.keys(TYPES).filter((name) => config.form[name]);
  const fields = wanted.map((name) => field(name, ...TYPES[name], config.form[name] === "required"));
  if (config.form.consent) {
    const label = element("label", "agree");
    const box = Object.assign(element("input"), { name: "consent", type: "checkbox", required: true });
    box.setAttribute("form", "write");
    label.append(box, texts.agree, " ", config.form.privacy_url ? link(config.form.privacy_url, texts.privacy) : "");
    fields.push(label);
  }
  return fields;
}

function addressField(why) {
  const line = element("div", "line");
  const label = field("email", ...TYPES.email, false);
  label.firstChild.remove();
  label.lastChild.placeholder = texts.ask_email;
  label.lastChild.setAttribute("aria-label", texts.ask_email);
  label.style.flex = 1;
  line.append(label, button(texts.leave, leaveAddress));
  return why ? [element("p", "", why), line] : [line];
}

function leaveAddress() {
  const about = answers();
  if (!form.reportValidity() || !about.email) return;
  if (isBegun()) ask({ t: "about", about });
  else box.focus(); // it goes with the first message
}

function answers() {
  const about = {};
  for (const input of asking.querySelectorAll("input")) {
    if (input.type === "radio") continue;
    if (input.type === "checkbox") about.consent = input.checked;
    else if (input.value.trim()) about[input.name] = input.value.trim();
  }
  return about;
}

const STARS = [1, 2, 3, 4, 5];

function ratingFields() {
  const box = element("fieldset", "rate");
  box.append(element("legend", "", texts.rate));
  const stars = box.appendChild(element("div", "stars"));
  const more = Object.assign(element("textarea"), { maxLength: 1000, rows: 2, placeholder: texts.rate_more });
  more.setAttribute("aria-label", texts.rate_more);
  const send = button(texts.send, () => {
    const chosen = Number(stars.querySelector(":checked").value);
    ask({ t: "rate", stars: chosen, text: more.value.trim() });
    isRated = true;
  });
  more.hidden = send.hidden = true;
  for (const n of STARS) {
    const star = Object.assign(element("input"), { type: "radio", name: "stars", value: n });
    star.setAttribute("aria-label", texts.rate_stars.replace("{n}", n));
    star.addEventListener("change", () => {
      more.hidden = send.hidden = false;
      [...stars.children].forEach((one, at) => one.classList.toggle("on", at < n));
      if (follows) toEnd();
    });
    stars.append(star);
  }
  box.append(more, send);
  return [box];
}

const isBegun = () => Boolean(thread || byNumber.size);

function wanted() {
  const last = entries.at(-1);
  if (isForgetting) return "forget";
  if (config.form && !isBegun()) return "form";
  if (isRatingAsked) return "rate";
  if (isKnown) return "";
  if (isAway) return "away";
  const isWaiting = last?.by === "visitor" && last.n && now() - new Date(last.at) > config.slow * 1000;
  return isWaiting || asked === "slow" ? "slow" : "";
}

// The agency's own questions, for whoever does not know how to begin.
for (const text of config.replies ?? []) {
  const one = button(text, () => {
    const draft = box.value;
    box.value = text;
    $("send").click();
    box.value = draft || box.value;
    box.dispatchEvent(new Event("input"));
  });
  one.dir = "auto";
  $("replies").append(one);
}

function arrangeAsking() {
  const next = wanted();
  $("replies").hidden = !config.replies || isBegun() || entries.some((entry) => entry.by === "visitor");
  if (next === asked) return;
  asked = next;
  // The focus goes on from what is answered. On a phone that brings no keyboard.
  if (asking.contains(document.activeElement)) (host.full ? log : box).focus();
  asking.hidden = !next;
  asking.replaceChildren(...fieldsFor(next));
  if (follows) toEnd();
}

function fieldsFor(what) {
  if (what === "form") return formFields();
  if (what === "rate") return ratingFields();
  if (what === "forget") return forgettingFields();
  return what ? addressField(what === "slow" && texts.slow) : [];
}

let absence = {}; // whether nobody is there, and until when

function showAbsence({ away, back } = absence) {
  absence = { away, back };
  $("usual").hidden = isAway = Boolean(away);
  if (!isAway) return announce((standing = ""));
  // A weekday alone is the next one of that name.
  const day = Date.parse(back) - now() > 6 * 86_400_000 ? dates.day : "{EEEE}";
  const again = back ? " " + texts.back.replace("{when}", spell(day + ", " + dates.time, back)) : "";
  announce((standing = (isKnown ? texts.away_known : texts.away) + again));
}
