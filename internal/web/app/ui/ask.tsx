import { Button, Group, Modal, Text } from '@mantine/core';
import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { useAddress } from '../router';
import { useKeysFirst } from './keysfirst';

export interface Question {
  title: string;
  text: React.ReactNode;
  /** What the button does, as a verb: "Leave". */
  yes: string;
  no?: string;
  danger?: boolean;
}

/** over, if given, ends the question unanswered, which is no. */
type Ask = (question: Question, over?: AbortSignal) => Promise<boolean>;

const AskContext = createContext<Ask>(() => Promise.resolve(false));

/** Asks a question in a dialog; resolves to the answer. Escape is no. */
export function useAsk(): Ask {
  return useContext(AskContext);
}

export function AskProvider({ children }: { children: React.ReactNode }) {
  const [asked, setAsked] = useState<{ question: Question; answer: (yes: boolean) => void } | null>(null);
  const [opened, setOpened] = useState(false);
  const ask = useCallback<Ask>(
    (question, over) =>
      new Promise((resolve) => {
        const answer = (yes: boolean) => {
          over?.removeEventListener('abort', no);
          setOpened(false);
          resolve(yes);
        };
        const no = () => answer(false);
        over?.addEventListener('abort', no);
        setAsked({ question, answer });
        setOpened(true);
      }),
    [],
  );
  const answer = (yes: boolean) => asked?.answer(yes);

  // A question is about the page that it was asked on.
  const present = useRef(asked);
  present.current = asked;
  const { pathname } = useAddress();
  // biome-ignore lint/correctness/useExhaustiveDependencies: it ends with the page
  useEffect(() => () => present.current?.answer(false), [pathname]);

  useKeysFirst((event) => {
    const no = opened && event.key === 'Escape' && !event.isComposing;
    if (no) {
      answer(false);
    }
    return no;
  });
  return (
    <AskContext.Provider value={ask}>
      {children}
      <Modal
        opened={opened}
        onClose={() => answer(false)}
        title={asked?.question.title}
        withCloseButton={false}
        closeOnEscape={false} // it is heard above
        zIndex={900} // above the dialog that may be what is left
      >
        <Text size="md" component="div">
          {asked?.question.text}
        </Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => answer(false)} data-autofocus>
            {asked?.question.no ?? 'Cancel'}
          </Button>
          <Button color={asked?.question.danger ? 'red' : undefined} onClick={() => answer(true)}>
            {asked?.question.yes}
          </Button>
        </Group>
      </Modal>
    </AskContext.Provider>
  );
}
