/** The roles of members, as the console's own interface names them. */
export const roles = [
  { value: 'owner', label: 'Owner' },
  { value: 'admin', label: 'Admin' },
  { value: 'editor_key_management', label: 'Editor: key management' },
  { value: 'editor_organizations', label: 'Editor: organizations' },
  { value: 'viewer_config', label: 'Viewer: configuration settings' },
];

export function roleLabel(role: string): string {
  return roles.find((r) => r.value === role)?.label ?? role;
}

/** Whether a role may invite and remove people. The server decides; this only hides what it would refuse. */
export function managesMembers(role: string): boolean {
  return role === 'owner' || role === 'admin';
}

/** Whether a role may give other to somebody, or take it away: owners every role, admins all but that of owner. */
export function governs(role: string, other: string): boolean {
  return role === 'owner' || (role === 'admin' && other !== 'owner');
}
