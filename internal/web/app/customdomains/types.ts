/** The wire form of a custom domain. */
export interface CustomDomain {
  custom_domain_id: string;
  domain: string;
  is_default: boolean;
  status: string;
  type: 'auth0_managed_certs' | 'self_managed_certs';
  verification: {
    /** The DNS record to set: its type, its text, its name. */
    methods: { name: string; record: string; domain: string }[];
    status?: string;
    error_msg?: string;
    last_verified_at?: string;
  };
  /** null = none; absent on managed certificates. */
  custom_client_ip_header?: string | null;
  tls_policy?: string;
  domain_metadata?: Record<string, string>;
  certificate?: { status: string; error_msg?: string; certificate_authority?: string; renews_before?: string };
  created_at: string;
}

/** Who sees to the certificate, in words; type on the wire. */
export const kinds = [
  {
    value: 'auth0_managed_certs',
    label: 'Managed certificate',
    text: 'The domain leads straight to this server, by a CNAME record; the server gets and renews the certificate.',
  },
  {
    value: 'self_managed_certs',
    label: 'Self-managed certificate',
    text: 'Your own reverse proxy answers on the domain with your certificate; a TXT record proves that the domain is yours.',
  },
] as const;

export function kindLabel(domain: CustomDomain): string {
  return kinds.find((k) => k.value === domain.type)?.label ?? domain.type;
}
