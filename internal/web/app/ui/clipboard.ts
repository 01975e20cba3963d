import { useEffect, useRef, useState } from 'react';

/** A text, or what gets it when somebody wants it. */
export type Wanted = string | (() => Promise<string>);

export type CopyState = 'idle' | 'copied' | 'failed';

/** How long the outcome is shown, in milliseconds. */
const shownFor = 1600;

/** Puts a text into the clipboard, and tells for a moment how that went. */
export function useClipboard(wanted: Wanted): { state: CopyState; copy: () => void } {
  const [state, setState] = useState<CopyState>('idle');
  const timer = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const tell = (outcome: CopyState) => {
    window.clearTimeout(timer.current);
    setState(outcome);
    timer.current = window.setTimeout(() => setState('idle'), shownFor);
  };
  const copy = () => {
    write(wanted).then(
      () => tell('copied'),
      () => tell('failed'),
    );
  };
  return { state, copy };
}

/** The clipboard takes only what it is given while a key or button is pressed, so that a text still to come is handed over as a promise. */
async function write(wanted: Wanted): Promise<void> {
  if (typeof wanted === 'string') {
    return navigator.clipboard.writeText(wanted);
  }
  const text = wanted().then((plain) => new Blob([plain], { type: 'text/plain' }));
  return navigator.clipboard.write([new ClipboardItem({ 'text/plain': text })]);
}
