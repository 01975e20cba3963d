import { Alert, Button, Group, Modal, Tabs } from '@mantine/core';
import { CodeBlock } from '../ui/code';
import { download } from '../ui/download';
import { IconDownload } from '../ui/icons';
import { asJSON, asMermaid, type Inventory } from './export';

interface ExportMapProps {
  opened: boolean;
  onClose: () => void;
  inventory: Inventory;
  complete: boolean;
}

/** The map to be copied or kept: Mermaid for documents, JSON for programs. */
export function ExportMap({ opened, onClose, inventory, complete }: ExportMapProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Export the map" size="xl">
      {!complete && (
        <Alert color="yellow" mb="md">
          Not all was read yet. What is missing on the map is missing here, too.
        </Alert>
      )}
      <Tabs defaultValue="mermaid" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="mermaid">Mermaid</Tabs.Tab>
          <Tabs.Tab value="json">JSON</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="mermaid">
          <Exported label="Mermaid" text={asMermaid(inventory)} file={`${inventory.tenant}-map.mmd`} type="text/plain" />
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <Exported label="JSON" text={asJSON(inventory)} file={`${inventory.tenant}-map.json`} type="application/json" />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  );
}

function Exported({ label, text, file, type }: { label: string; text: string; file: string; type: string }) {
  return (
    <>
      <CodeBlock label={label} code={text} />
      <Group justify="flex-end" mt="md">
        <Button leftSection={<IconDownload size={16} />} onClick={() => download(text, file, type)}>
          Download {file}
        </Button>
      </Group>
    </>
  );
}
