import { NativeSelect, Text, TextInput, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useResource } from '../../api/hooks';
import type { ResourceServer } from '../../api/types';
import { useQuery } from '../../router';
import { IconSearch } from '../../ui/icons';
import { EmptyState, ErrorState, LoadingRows } from '../../ui/states';
import { type OpenAPI, type Operation, operationsOf, search } from './document';
import classes from './explorer.module.css';
import { Method } from './method';
import { OperationView } from './operation';
import { TestApplication } from './testapplication';

/** The Management API, operation by operation, to be tried with one's own token. It is what its OpenAPI document says. */
export default function Explorer({ rs }: { rs: ResourceServer }) {
  const { data, error, reload } = useResource<OpenAPI>('openapi.json');
  const operations = useMemo(() => data && operationsOf(data), [data]);
  if (error && !operations) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!operations) {
    return <LoadingRows rows={10} />;
  }
  return (
    <>
      <TestApplication rs={rs} />
      <Operations operations={operations} />
    </>
  );
}

function Operations({ operations }: { operations: Operation[] }) {
  const [id, setID] = useQuery('operation', operations[0]?.id ?? '');
  const [text, setText] = useState('');
  const found = useMemo(() => search(operations, text), [operations, text]);
  const chosen = operations.find((o) => o.id === id);
  const choices = operations.filter((o) => o === chosen || found.includes(o));
  return (
    <div className={classes.explorer}>
      <div className={classes.side}>
        <TextInput
          placeholder="Search operations"
          aria-label="Search operations"
          leftSection={<IconSearch size={15} />}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
        />
        <NativeSelect
          className={classes.select}
          aria-label="Operation"
          value={id}
          onChange={(e) => setID(e.currentTarget.value)}
          data={tagsOf(choices).map((tag) => ({
            group: tag,
            items: choices.filter((o) => o.tag === tag).map((o) => ({ value: o.id, label: `${o.method} ${o.path}` })),
          }))}
        />
        <OperationList operations={found} chosen={id} choose={setID} />
      </div>
      <div className={classes.main}>
        {chosen ? (
          <OperationView key={chosen.id} operation={chosen} />
        ) : (
          <EmptyState title="There is no such operation">Choose one in the list.</EmptyState>
        )}
      </div>
    </div>
  );
}

interface OperationListProps {
  operations: Operation[];
  chosen: string;
  choose: (id: string) => void;
}

function OperationList({ operations, chosen, choose }: OperationListProps) {
  return (
    <nav className={classes.list} aria-label="Operations">
      {tagsOf(operations).map((tag) => (
        <section key={tag}>
          <Title order={3} className={classes.tag}>
            {tag}
          </Title>
          {operations
            .filter((o) => o.tag === tag)
            .map((o) => (
              <button
                key={o.id}
                type="button"
                className={classes.item}
                aria-current={o.id === chosen ? 'true' : undefined}
                onClick={() => choose(o.id)}
              >
                <Method name={o.method} />
                <span>{o.summary}</span>
              </button>
            ))}
        </section>
      ))}
      {operations.length === 0 && (
        <Text size="sm" c="dimmed" p="xs">
          No operation has these words.
        </Text>
      )}
    </nav>
  );
}

function tagsOf(operations: Operation[]): string[] {
  return [...new Set(operations.map((o) => o.tag))];
}
