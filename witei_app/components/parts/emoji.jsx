// The emoji picker and its names, bundled: nothing is fetched from elsewhere, and nothing before somebody asks.
import { Database, Picker } from "emoji-picker-element";
import spanish from "emoji-picker-element/i18n/es.js";
import english from "emoji-picker-element/i18n/en.js";
import spanishNames from "emoji-picker-element-data/es/cldr/data.json?url";
import englishNames from "emoji-picker-element-data/en/emojibase/data.json?url";

const SOURCES = { en: [english, englishNames], es: [spanish, spanishNames] };

export function openPicker(panel, language, onPick) {
  const [i18n, dataSource] = SOURCES[language] ?? SOURCES.en;
  const picker = new Picker({ i18n, dataSource, locale: language in SOURCES ? language : "en" });
  picker.classList.add(document.documentElement.classList.contains("dark") ? "dark" : "light");
  picker.addEventListener("emoji-click", (event) => onPick(event.detail.unicode));
  panel.replaceChildren(picker);
  const input = () => picker.shadowRoot?.querySelector("input");
  requestAnimationFrame(() => input()?.focus());
}

const searches = new Map(); // language -> what searches its names, kept by the browser

const searchOf = (language) => {
  if (!searches.has(language)) searches.set(language, new Database({ dataSource: SOURCES[language][1], locale: language }));
  return searches.get(language);
};

// In the reader's language, else in English: who knows ":smile" writes it everywhere.
export async function findEmoji(query, language) {
  const known = language in SOURCES ? language : "en";
  const found = await searchOf(known).getEmojiBySearchQuery(query);
  return found.length || known === "en" ? found : searchOf("en").getEmojiBySearchQuery(query);
}
