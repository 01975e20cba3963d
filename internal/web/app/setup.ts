// The one script of the pages without scripts: says while somebody types whether the tenant's name may be had. The form works without
// it, and says the same when it is sent.

/** After the last key, in milliseconds. */
const pause = 250;

interface Availability {
  available: boolean;
  reason?: string;
}

const field = document.querySelector<HTMLInputElement>('#tenant');
const code = document.querySelector<HTMLInputElement>('#code');
const says = document.querySelector<HTMLElement>('#tenant-live');
if (field && code && says) {
  watch(field, code, says);
}

function watch(field: HTMLInputElement, code: HTMLInputElement, says: HTMLElement) {
  let timer = 0;
  let question: AbortController | undefined;

  const tell = (text: string, fault: boolean) => {
    says.textContent = text;
    says.className = fault ? 'wrong' : 'hint';
    if (fault) {
      field.setAttribute('aria-invalid', 'true');
    } else {
      field.removeAttribute('aria-invalid');
    }
  };
  const ask = async () => {
    const name = field.value;
    if (name === '') {
      tell('', false);
      return;
    }
    question = new AbortController();
    const answer = await fetch('/manage/setup/available', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code: code.value, name }),
      signal: question.signal,
    });
    if (!answer.ok) {
      tell('', false); // the code is not good, say: the form tells when it is sent
      return;
    }
    const { available, reason }: Availability = await answer.json();
    tell(reason ?? (available ? `${name} is free.` : 'This name is taken.'), !available);
  };
  field.addEventListener('input', () => {
    question?.abort();
    clearTimeout(timer);
    // What the server said of another name is past.
    document.getElementById('tenant-fault')?.remove();
    tell('', false);
    timer = window.setTimeout(() => void ask().catch(() => {}), pause);
  });
}
