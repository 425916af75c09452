// Inside of a form about what colleagues change too: fields that nobody touched here follow, what was typed stays. With
// the form goes what each field was shown last, so that the server sees what somebody has not seen ("overtaken").
import { useEffect, useRef } from "react";

const holds = (field, value) => field.type !== "select-one" || [...field.options].some((one) => one.value === value);

// `values` is what there is now, by the fields' names; `turn` changes when the form that was sent is kept.
export function FormFollower({ values, turn }) {
  const sent = useRef(null);
  const shown = useRef(values);
  const submitted = useRef({});
  const latest = useRef(null);

  const put = (isToFollow) => {
    const { form } = sent.current;
    for (const [name, value] of Object.entries(values)) {
      const field = form.elements[name];
      if (!field || !holds(field, value)) continue;
      if (field.value !== value && isToFollow(field, name)) field.value = value;
      if (field.value === value) shown.current = { ...shown.current, [name]: value };
    }
    sent.current.value = JSON.stringify(shown.current);
  };
  latest.current = () => put((field, name) => field !== document.activeElement && field.value === shown.current[name]);

  useEffect(() => latest.current(), [values]);
  useEffect(() => {
    // What was kept may be written in another way now: a phone with its country.
    put((field, name) => field.value === submitted.current[name]);
    if (Object.keys(submitted.current).length) shown.current = { ...values };
    submitted.current = {};
    sent.current.value = JSON.stringify(shown.current);
  }, [turn]);
  useEffect(() => {
    const { form } = sent.current;
    const onSubmit = () => { submitted.current = Object.fromEntries(new FormData(form)); };
    const onLeave = () => setTimeout(() => sent.current && latest.current());
    form.addEventListener("submit", onSubmit, true);
    form.addEventListener("focusout", onLeave);
    return () => {
      form.removeEventListener("submit", onSubmit, true);
      form.removeEventListener("focusout", onLeave);
    };
  }, []);
  return <input ref={sent} type="hidden" name="shown" />;
}

// What cannot follow field by field, lines that come and go, is read anew as a whole, unless somebody is writing there.
export function FormRenewer({ turn, onUntouched }) {
  const place = useRef(null);
  const last = useRef(turn);
  useEffect(() => {
    if (turn === last.current) return;
    last.current = turn;
    const fields = [...place.current.form.elements].filter((one) => one.type !== "submit" && one.type !== "button");
    const isBusy = (one) => one === document.activeElement || one.value !== one.defaultValue;
    if (!fields.some(isBusy)) onUntouched?.();
  }, [turn]);
  return <input ref={place} type="hidden" />;
}
