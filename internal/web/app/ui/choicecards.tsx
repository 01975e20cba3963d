import { Group, Radio, Text } from '@mantine/core';
import classes from './choicecards.module.css';

interface ChoiceCardsProps {
  label: string;
  choices: readonly { value: string; label: string; text: string }[];
  value: string;
  onChange: (value: string) => void;
  disabled?: boolean;
}

/** One of a few kinds, each with a sentence on what it is. */
export function ChoiceCards({ label, choices, value, onChange, disabled }: ChoiceCardsProps) {
  return (
    <Radio.Group label={label} value={value} onChange={onChange}>
      <div className={classes.cards}>
        {choices.map((choice) => (
          <Radio.Card key={choice.value} value={choice.value} className={classes.card} disabled={disabled}>
            <Group gap="sm" wrap="nowrap" align="flex-start">
              <Radio.Indicator size="xs" mt={3} />
              <div>
                <Text fw={550}>{choice.label}</Text>
                <Text size="sm" c="dimmed">
                  {choice.text}
                </Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}
