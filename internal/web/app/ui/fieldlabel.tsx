import { Text } from '@mantine/core';

/** The label of what is no field of the library's, in the looks of those that are. gap is what keeps it off what it names, in pixels. */
export function FieldLabel({ id, gap, children }: { id?: string; gap?: number; children: React.ReactNode }) {
  return (
    <Text size="sm" fw={600} mb={gap} id={id}>
      {children}
    </Text>
  );
}

/** What a form shows among its fields and does not take. */
export function FixedField({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <FieldLabel>{label}</FieldLabel>
      <Text size="sm" c="dimmed">
        {children}
      </Text>
    </div>
  );
}
