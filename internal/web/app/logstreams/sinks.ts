/** One property of a sink, as a form shows it. */
export interface SinkField {
  name: string;
  label: string;
  description?: string;
  placeholder?: string;
  kind: 'text' | 'secret' | 'switch' | 'select' | 'headers' | 'given';
  /** What it has to be: see worded. */
  rule?: string;
  choices?: { value: string; label: string }[];
  optional?: boolean;
}

/** One of the eight kinds of log streams. */
export interface SinkType {
  /** type on the wire. */
  value: string;
  label: string;
  text: string;
  fields: SinkField[];
  /** Its sink cannot be changed. */
  fixed?: boolean;
}

function choices(...values: string[]) {
  return values.map((value) => ({ value, label: value.toUpperCase() }));
}

const webhook: SinkType = {
  value: 'http',
  label: 'Custom webhook',
  text: 'Your own endpoint, by HTTPS.',
  fields: [
    {
      name: 'httpEndpoint',
      label: 'Payload URL',
      kind: 'text',
      placeholder: 'https://logs.example.com/writ',
      rule: 'an address that begins with https://',
    },
    {
      name: 'httpAuthorization',
      label: 'Authorization',
      kind: 'secret',
      optional: true,
      rule: 'a single line',
      description: 'The value of the Authorization header, as it is: Bearer …',
    },
    { name: 'httpContentType', label: 'Content type', kind: 'text', optional: true, placeholder: 'application/json' },
    {
      name: 'httpContentFormat',
      label: 'Content format',
      kind: 'select',
      optional: true,
      choices: [
        { value: 'JSONLINES', label: 'JSON lines: one event in each line' },
        { value: 'JSONARRAY', label: 'JSON array: several events in one array' },
        { value: 'JSONOBJECT', label: 'JSON object: one event in each request' },
      ],
    },
    {
      name: 'httpCustomHeaders',
      label: 'Custom headers',
      kind: 'headers',
      optional: true,
      rule: 'the name of a header has letters, digits and hyphens, and no spaces',
    },
  ],
};

const eventBridge: SinkType = {
  value: 'eventbridge',
  label: 'Amazon EventBridge',
  text: 'An event bus of your AWS account.',
  fixed: true,
  fields: [
    { name: 'awsAccountId', label: 'AWS account ID', kind: 'text', placeholder: '123456789012', rule: '12 digits' },
    { name: 'awsRegion', label: 'AWS region', kind: 'text', placeholder: 'eu-central-1', rule: 'a region of AWS, such as eu-central-1' },
    { name: 'awsPartnerEventSource', label: 'Partner event source', kind: 'given' },
  ],
};

const eventGrid: SinkType = {
  value: 'eventgrid',
  label: 'Azure Event Grid',
  text: 'A topic of your Azure subscription.',
  fixed: true,
  fields: [
    { name: 'azureSubscriptionId', label: 'Subscription ID', kind: 'text', rule: 'a UUID, as the Azure portal shows it' },
    { name: 'azureRegion', label: 'Region', kind: 'text', placeholder: 'westeurope', rule: 'a region of Azure, such as westeurope' },
    { name: 'azureResourceGroup', label: 'Resource group', kind: 'text' },
    { name: 'azurePartnerTopic', label: 'Partner topic', kind: 'given' },
  ],
};

const datadog: SinkType = {
  value: 'datadog',
  label: 'Datadog',
  text: 'The logs of your Datadog organization.',
  fields: [
    { name: 'datadogApiKey', label: 'API key', kind: 'secret' },
    { name: 'datadogRegion', label: 'Region', kind: 'select', choices: choices('us', 'eu', 'us3', 'us5') },
  ],
};

const splunk: SinkType = {
  value: 'splunk',
  label: 'Splunk',
  text: 'The HTTP Event Collector of Splunk.',
  fields: [
    { name: 'splunkDomain', label: 'Domain', kind: 'text', placeholder: 'splunk.example.com' },
    { name: 'splunkPort', label: 'Port', kind: 'text', placeholder: '8088', rule: 'digits only' },
    { name: 'splunkToken', label: 'Event Collector token', kind: 'secret' },
    {
      name: 'splunkSecure',
      label: 'Verify its certificate',
      kind: 'switch',
      description: 'Off only for a collector with a certificate of its own.',
    },
  ],
};

const sumo: SinkType = {
  value: 'sumo',
  label: 'Sumo Logic',
  text: 'An HTTP source of Sumo Logic.',
  fields: [
    {
      name: 'sumoSourceAddress',
      label: 'HTTP source address',
      kind: 'secret',
      description: 'Whoever knows it can write to the source.',
    },
  ],
};

const segment: SinkType = {
  value: 'segment',
  label: 'Segment',
  text: 'An HTTP source of Segment.',
  fields: [{ name: 'segmentWriteKey', label: 'Write key', kind: 'secret' }],
};

const mixpanel: SinkType = {
  value: 'mixpanel',
  label: 'Mixpanel',
  text: 'A project of Mixpanel.',
  fields: [
    { name: 'mixpanelRegion', label: 'Region', kind: 'select', choices: choices('us', 'eu') },
    { name: 'mixpanelProjectId', label: 'Project ID', kind: 'text', rule: 'digits only' },
    { name: 'mixpanelServiceAccountUsername', label: 'Service account username', kind: 'text', rule: 'without a colon' },
    { name: 'mixpanelServiceAccountPassword', label: 'Service account password', kind: 'secret', rule: 'without a colon' },
  ],
};

export const sinkTypes: SinkType[] = [webhook, eventBridge, eventGrid, datadog, splunk, sumo, segment, mixpanel];

export function sinkType(value: string): SinkType | undefined {
  return sinkTypes.find((t) => t.value === value);
}
