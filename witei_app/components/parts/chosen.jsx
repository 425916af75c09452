// What somebody chooses stands there at once. The server's word for it comes later, and only then would React show it.
import { useEffect, useState } from "react";

const TAKEN_WITHIN = 4000;

function useChosen(taken) {
  const [chosen, choose] = useState(null);
  useEffect(() => {
    if (chosen === null) return;
    if (chosen === taken) {
      choose(null);
      return;
    }
    const timer = setTimeout(() => choose(null), TAKEN_WITHIN); // it was refused
    return () => clearTimeout(timer);
  }, [chosen, taken]);
  return [chosen ?? taken, choose];
}

export function Choice({ value, onChange, ...others }) {
  const [chosen, choose] = useChosen(value);
  const change = (event) => {
    choose(event.target.value);
    onChange?.(event);
  };
  return <select {...others} value={chosen} onChange={change} />;
}

export function Switch({ checked, onChange, ...others }) {
  const [isOn, turn] = useChosen(checked);
  const change = (event) => {
    turn(event.target.checked);
    onChange?.(event);
  };
  return <input {...others} type="checkbox" role="switch" className="toggle" checked={isOn} onChange={change} />;
}
