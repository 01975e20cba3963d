import { Badge } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLoad } from '../api/hooks';
import { useCan, useTenant } from '../shell/tenant';
import { Panel } from '../ui/panel';
import { ErrorState, LoadingRows } from '../ui/states';
import { Decisions } from './decisions';
import type { Answer, Explanation, Question } from './types';
import classes from './why.module.css';

/**
 * Why a token request was refused: the decisions of the token endpoint in order, run again with what is granted now, and a button that
 * mends the one that failed. Nothing without the scope.
 */
export function WhyRefused({ question }: { question: Question }) {
  return useCan('create:writ_explanations') ? <Why question={question} /> : null;
}

function Why({ question }: { question: Question }) {
  const { api } = useTenant();
  const [mended, setMended] = useState('');
  const body = JSON.stringify(question); // as text, it stays the same from one rendering to the next
  const load = useCallback(
    (signal: AbortSignal) => api.call<Explanation>('writ/explain', { method: 'POST', body: JSON.parse(body), signal }),
    [api, body],
  );
  const { data, error, reload } = useLoad(load);
  const outcome = useRef<HTMLSpanElement>(null);
  // The button that mended is gone with what it mended.
  useEffect(() => {
    if (mended && data && document.activeElement === document.body) {
      outcome.current?.focus();
    }
  }, [mended, data]);
  if (error && !data) {
    return (
      <Panel title="Why was this refused?">
        <ErrorState error={error} retry={reload} />
      </Panel>
    );
  }
  const done = (label: string) => {
    setMended(label);
    reload();
  };
  return (
    <Panel
      flush
      title="Why was this refused?"
      description={
        <span ref={outcome} tabIndex={-1}>
          {data ? verdict(data, mended) : 'The decisions of the token endpoint, in order.'}
        </span>
      }
      action={data && <Badge color={data.refused ? 'red' : 'green'}>{data.refused ? 'Would be refused now' : 'Would be issued now'}</Badge>}
    >
      {data ? (
        <>
          <Told answer={data.recorded ?? data.answer} />
          <Decisions key={JSON.stringify(data)} explanation={data} onMended={done} />
        </>
      ) : (
        <LoadingRows rows={10} height={41} />
      )}
    </Panel>
  );
}

function verdict(e: Explanation, mended: string): string {
  const failed = e.decisions.find((d) => d.outcome === 'failed');
  if (!failed) {
    return mended ? 'Mended: the same request gets a token now.' : 'The same request gets a token now: what was in its way is gone.';
  }
  if (failed.name === 'authentication' && e.recorded) {
    return mended
      ? 'The secret is another one now; give it to the application. A record keeps no secret, so this request cannot be tried again.'
      : 'A record keeps no secret, so that this part of the request cannot be tried again.';
  }
  return 'The decisions of the token endpoint, in order, with what is granted now.';
}

/** The words that the caller got: Auth0's, and not always plain. */
function Told({ answer }: { answer: Answer }) {
  if (!answer.error) {
    return null;
  }
  return (
    <p className={classes.told}>
      The caller was told{' '}
      <code>
        {answer.status} {answer.error}
      </code>{' '}
      “{answer.error_description}”
    </p>
  );
}
