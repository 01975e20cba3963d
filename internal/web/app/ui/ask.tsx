import { Button, Group, Modal, Text } from '@mantine/core';
import { createContext, useCallback, useContext, useState } from 'react';

export interface Question {
  title: string;
  text: React.ReactNode;
  /** What the button does, as a verb: "Leave". */
  yes: string;
  no?: string;
  danger?: boolean;
}

type Ask = (question: Question) => Promise<boolean>;

const AskContext = createContext<Ask>(() => Promise.resolve(false));

/** Asks a question in a dialog; resolves to the answer. Escape is no. */
export function useAsk(): Ask {
  return useContext(AskContext);
}

export function AskProvider({ children }: { children: React.ReactNode }) {
  const [asked, setAsked] = useState<{ question: Question; answer: (yes: boolean) => void } | null>(null);
  const [opened, setOpened] = useState(false);
  const ask = useCallback<Ask>((question) => {
    setOpened(true);
    return new Promise((answer) => setAsked({ question, answer }));
  }, []);
  const answer = (yes: boolean) => {
    setOpened(false);
    asked?.answer(yes);
  };
  return (
    <AskContext.Provider value={ask}>
      {children}
      <Modal
        opened={opened}
        onClose={() => answer(false)}
        title={asked?.question.title}
        withCloseButton={false}
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
