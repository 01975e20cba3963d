import { Badge } from '@mantine/core';
import { CodeBlock } from '../../ui/code';
import { Panel } from '../../ui/panel';
import classes from './explorer.module.css';

/** What came back. */
export interface Answered {
  status: number;
  /** HTTP/2 has none. */
  phrase: string;
  headers: [string, string][];
  body: string;
}

/** The headers that say something here. */
const telling = [
  'content-type',
  'link',
  'retry-after',
  'x-auth0-requestid',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
];

export async function readAnswer(answer: Response): Promise<Answered> {
  const text = await answer.text();
  const headers = telling.flatMap((name): [string, string][] => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return { status: answer.status, phrase: answer.statusText, headers, body: pretty(text) };
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // no JSON: as it came
  }
}

export function Answer({ answered: { status, phrase, headers, body } }: { answered: Answered }) {
  const color = status < 300 ? 'green' : status < 500 ? 'yellow' : 'red';
  return (
    <Panel
      title="The answer"
      action={
        <Badge color={color} size="lg" role="status">
          {status} {phrase}
        </Badge>
      }
    >
      <dl className={classes.headers}>
        {headers.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {body && <CodeBlock label="Body" code={body} />}
    </Panel>
  );
}
